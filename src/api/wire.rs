//! How JSON from an endpoint becomes a typed object without losing anything.
//!
//! [`wire_object!`] declares a struct and generates its reader: known keys go straight into typed
//! fields, unknown keys into [`Extra`]. Reading is strict first, with a [`Cursor`], because that is fast
//! and what nearly every event needs. When that fails the same text is read again leniently, by serde_json:
//! each member is taken as raw text, and one that has an unexpected type is kept in `extra` under its own
//! name instead of failing the event. What is no JSON object at all fails both ways. What is read strictly
//! is what would be read leniently: `tests/wire_properties.rs` holds them equal.
//!
//! Serde's `flatten` is no help here: it buffers every value, and it breaks numbers under
//! `arbitrary_precision`.

use std::borrow::Cow;
use std::fmt;

pub use playground_wire::Extra;
pub(super) use playground_wire::{Cursor, Fit};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// A struct declared by [`wire_object!`].
pub(super) trait Object: Default {
    /// Whether a null in a list of these is one that says nothing. Of others a null is not expected.
    const OR_NULL: bool = false;

    /// Stands in a list of these for something that is none of them; `None` where the list then is none.
    fn standing_for(_other: Value) -> Option<Self> {
        None
    }

    /// Whether [`Object::note_null`] does anything.
    const NOTES_NULLS: bool = false;

    /// The names of its members, in their order.
    const KEYS: &'static [&'static str];

    /// A known member came as null.
    fn note_null(&mut self, _key: &str) {}

    /// Reads the value of one member, which has the type it is expected to have.
    fn strict_member(&mut self, key: &str, cursor: &mut Cursor<'_>) -> Fit<()>;

    /// Reads one member from the text of its value, which is known to be well-formed JSON: into its
    /// field, or into `extra` when it does not fit.
    fn lenient_member(&mut self, key: &str, text: &str);

    /// Called once all members are read leniently: the place to make sense of odd types in `extra`.
    fn settle(&mut self) {}
}

/// A type that a field of an [`Object`] may have. JSON's null reads as the type's empty value.
pub(super) trait Field: Sized {
    /// Reads the value in place; a value of another type is an error.
    fn strict(cursor: &mut Cursor<'_>) -> Fit<Self>;

    /// Reads the value from its text, which is known to be well-formed JSON.
    fn lenient(text: &str) -> Option<Self>;
}

/// Puts a member into its field, or into `extra` when it does not fit.
pub(super) fn put_leniently<F: Field>(text: &str, field: &mut F, key: &str, extra: &mut Extra) {
    match F::lenient(text) {
        Some(value) => *field = value,
        None => extra.insert(key, any_value(text)),
    }
}

/// The value of well-formed JSON text. Text that serde_json cannot hold (nested deeper than its
/// limit of 128, or with half a surrogate pair in an escape) is kept as a string.
pub(super) fn any_value(text: &str) -> Value {
    serde_json::from_str(text)
        .ok()
        .or_else(|| lossy_string(text).map(Value::String))
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

/// Reads a JSON string in which an escape may be half a surrogate pair; that half becomes U+FFFD.
///
/// Servers written in Python can emit them, and a browser's own JSON reader accepts them.
fn lossy_string(text: &str) -> Option<String> {
    struct Bytes;
    impl Visitor<'_> for Bytes {
        type Value = String;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }
        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<String, E> {
            // Half a pair arrives as three bytes of which none is valid: one mark is enough.
            Ok(String::from_utf8_lossy(bytes).replace("\u{fffd}\u{fffd}\u{fffd}", "\u{fffd}"))
        }
    }
    if !text.starts_with('"') {
        return None;
    }
    serde_json::Deserializer::from_str(text)
        .deserialize_bytes(Bytes)
        .ok()
}

/// Reads a whole text as one object: strictly, and if that fails leniently.
pub(super) fn read_object<T: Object>(text: &str) -> Result<T, serde_json::Error> {
    let mut cursor = Cursor::new(text);
    let read = strict(&mut cursor).and_then(|object| cursor.end().map(|()| object));
    read.or_else(|_| lenient(text))
}

fn strict<T: Object>(cursor: &mut Cursor<'_>) -> Fit<T> {
    let mut object = T::default();
    let mut inside = cursor.object()?;
    while let Some(key) = cursor.member(&mut inside)? {
        object.strict_member(&key, cursor)?;
    }
    Ok(object)
}

fn lenient<T: Object>(text: &str) -> Result<T, serde_json::Error> {
    let Members(members) = serde_json::from_str(text)?;
    let mut object = T::default();
    for (key, value) in members {
        object.lenient_member(&key, value.get());
    }
    object.settle();
    Ok(object)
}

/// The members of an object, each with the text of its value.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((Key(key), value)) = map.next_entry()? {
                    members.push((key, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

/// The name of a member, borrowed unless it has escapes.
struct Key<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member name")
            }
            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(name)))
            }
            fn visit_str<E>(self, name: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

impl<T: Object> Field for Option<T> {
    fn strict(cursor: &mut Cursor<'_>) -> Fit<Self> {
        match cursor.null() {
            true => Ok(None),
            false => strict(cursor).map(Some),
        }
    }
    fn lenient(text: &str) -> Option<Self> {
        if text == "null" {
            return Some(None);
        }
        lenient(text).ok().map(Some)
    }
}

impl<T: Object> Field for Vec<T> {
    fn strict(cursor: &mut Cursor<'_>) -> Fit<Self> {
        let mut list = Vec::new();
        if cursor.null() {
            return Ok(list);
        }
        let mut inside = cursor.array()?;
        while cursor.element(&mut inside)? {
            list.push(match T::OR_NULL && cursor.null() {
                true => T::default(),
                false => strict(cursor)?,
            });
        }
        Ok(list)
    }
    fn lenient(text: &str) -> Option<Self> {
        let items: Option<Vec<&RawValue>> = serde_json::from_str(text).ok()?;
        let read = |item: &RawValue| match item.get() {
            "null" if T::OR_NULL => Some(T::default()),
            text => match lenient(text) {
                Ok(object) => Some(object),
                Err(_) => T::standing_for(any_value(text)),
            },
        };
        items.unwrap_or_default().into_iter().map(read).collect()
    }
}

impl Field for Option<String> {
    fn strict(cursor: &mut Cursor<'_>) -> Fit<Self> {
        match cursor.null() {
            true => Ok(None),
            false => Ok(Some(cursor.string()?.into_owned())),
        }
    }
    fn lenient(text: &str) -> Option<Self> {
        serde_json::from_str(text)
            .ok()
            .or_else(|| lossy_string(text).map(Some))
    }
}

impl Field for String {
    fn strict(cursor: &mut Cursor<'_>) -> Fit<Self> {
        Option::strict(cursor).map(Option::unwrap_or_default)
    }
    fn lenient(text: &str) -> Option<Self> {
        <Option<Self> as Field>::lenient(text).map(Option::unwrap_or_default)
    }
}

impl Field for Option<u64> {
    fn strict(cursor: &mut Cursor<'_>) -> Fit<Self> {
        match cursor.null() {
            true => Ok(None),
            false => cursor.unsigned().map(Some),
        }
    }
    fn lenient(text: &str) -> Option<Self> {
        match text {
            "null" => Some(None),
            _ => whole(text).map(Some),
        }
    }
}

/// Beyond this not every whole number is a float.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The whole number that a number of JSON is, also where it is written as a float, as `5.0` or `1e2`.
pub(super) fn whole(text: &str) -> Option<u64> {
    let float = || {
        let number: f64 = text.parse().ok()?;
        let exact = number.fract() == 0.0 && (0.0..EXACT).contains(&number);
        exact.then_some(number as u64)
    };
    text.parse().ok().or_else(float)
}

impl Field for Option<i64> {
    fn strict(cursor: &mut Cursor<'_>) -> Fit<Self> {
        match cursor.null() {
            true => Ok(None),
            false => cursor.signed().map(Some),
        }
    }
    fn lenient(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl Field for Option<f64> {
    fn strict(cursor: &mut Cursor<'_>) -> Fit<Self> {
        match cursor.null() {
            true => Ok(None),
            false => cursor.float().map(Some),
        }
    }
    fn lenient(text: &str) -> Option<Self> {
        match text {
            "null" => Some(None),
            _ => text.parse().ok().map(Some),
        }
    }
}

impl Field for Option<Vec<u8>> {
    fn strict(cursor: &mut Cursor<'_>) -> Fit<Self> {
        if cursor.null() {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(16);
        cursor.append_bytes(&mut bytes)?;
        Ok(Some(bytes))
    }
    fn lenient(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl Field for Option<Value> {
    fn strict(cursor: &mut Cursor<'_>) -> Fit<Self> {
        let value = any_value(cursor.value()?);
        Ok(Some(value).filter(|value| !value.is_null()))
    }
    fn lenient(text: &str) -> Option<Self> {
        Some(Some(any_value(text)).filter(|value| !value.is_null()))
    }
}

/// Which of an object's known members came as null, where that is told apart from what did not come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nulls(u32);

impl Nulls {
    /// Adds a member by its name.
    pub(super) fn note(&mut self, key: &str, keys: &[&str]) {
        let place = keys.iter().position(|each| *each == key);
        self.0 |= place.map_or(0, |place| 1 << place);
    }

    /// The names of those that came as null.
    pub(super) fn of(self, keys: &[&'static str]) -> impl Iterator<Item = &'static str> {
        let places = keys.iter().enumerate();
        places.filter_map(move |(place, key)| (self.0 >> place & 1 == 1).then_some(*key))
    }

    /// Those of both.
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Declares a struct for an object of the wire and generates its reader.
///
/// After each field stands the key it has in JSON. `or null` says that null may stand for one in a list,
/// `or anything in NAME` that anything may, and that a field of this name keeps what is neither, and `notes NAME`
/// that a field of this name keeps which members came as null. Every struct gets a field `extra`.
macro_rules! wire_object {
    (
        $(#[$about:meta])*
        pub struct $name:ident {
            $(
                $(#[$field_about:meta])*
                pub $field:ident: $kind:ty = $key:literal,
            )*
        }
        $(or $null:tt $(in $other:ident)?;)?
        $(notes $nulls:ident;)?
        $(settle $settle:expr;)?
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $($(#[$field_about])* pub $field: $kind,)*
            /// Members that this object is not known to have, and those of an unexpected type.
            pub extra: $crate::api::wire::Extra,
            $($(
                /// What stands in a list in the place of one, where that is neither an object nor null.
                pub $other: Option<Box<serde_json::Value>>,
            )?)?
            $(
                /// Which known members came as null.
                pub $nulls: $crate::api::wire::Nulls,
            )?
        }

        $(
            impl $name {
                /// The names of known members that came as null.
                pub fn nulls(&self) -> impl Iterator<Item = &'static str> {
                    self.$nulls.of(<Self as $crate::api::wire::Object>::KEYS)
                }
            }
        )?

        impl $crate::api::wire::Object for $name {
            const KEYS: &'static [&'static str] = &[$($key),*];
            $($crate::api::wire::wire_object!(@or $null $($other)?);)?
            $(
                const NOTES_NULLS: bool = true;
                fn note_null(&mut self, key: &str) {
                    self.$nulls.note(key, Self::KEYS);
                }
            )?
            fn strict_member(
                &mut self,
                key: &str,
                cursor: &mut $crate::api::wire::Cursor<'_>,
            ) -> $crate::api::wire::Fit<()> {
                use $crate::api::wire::{Field, any_value};
                match key {
                    $($key => match Self::NOTES_NULLS && cursor.null() {
                        true => {
                            self.$field = Default::default();
                            self.note_null(key);
                        }
                        false => self.$field = Field::strict(cursor)?,
                    })*
                    _ => self.extra.insert(key, any_value(cursor.value()?)),
                }
                Ok(())
            }
            fn lenient_member(&mut self, key: &str, text: &str) {
                use $crate::api::wire::{any_value, put_leniently};
                match key {
                    $($key => {
                        if Self::NOTES_NULLS && text == "null" {
                            self.note_null(key);
                        }
                        put_leniently(text, &mut self.$field, key, &mut self.extra);
                    })*
                    _ => self.extra.insert(key, any_value(text)),
                }
            }
            $(fn settle(&mut self) { $settle(self) })?
        }
    };
    (@or null) => { const OR_NULL: bool = true; };
    (@or anything $other:ident) => {
        $crate::api::wire::wire_object!(@or null);
        fn standing_for(other: serde_json::Value) -> Option<Self> {
            Some(Self {
                $other: Some(Box::new(other)),
                ..Self::default()
            })
        }
    };
}
pub(super) use wire_object;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
