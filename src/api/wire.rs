//! How JSON from an endpoint becomes a typed object without losing anything.
//!
//! [`wire_object!`] declares a struct and generates its reader: known keys go straight into typed
//! fields, unknown keys into [`Extra`]. Reading is strict first, because that is fast and what
//! nearly every event needs. When that fails the same text is read again leniently: each member is
//! taken as raw text, and one that has an unexpected type is kept in `extra` under its own name
//! instead of failing the event. What is no JSON object at all fails both ways.
//!
//! Serde's `flatten` is no help here: it buffers every value, and it breaks numbers under
//! `arbitrary_precision`.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::OnceLock;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// The members of an object that this crate has no field for, in the order they came.
///
/// Reads like a [`Map`]; nothing is allocated while it is empty, since an answer can hold hundreds
/// of thousands of objects that never have any.
#[derive(Clone, Default, PartialEq)]
pub struct Extra(Option<Box<Map<String, Value>>>);

impl Extra {
    /// No member.
    pub(super) const NONE: Self = Self(None);

    /// Sets a member, replacing one of the same name.
    pub fn insert(&mut self, key: impl Into<String>, value: Value) {
        self.0.get_or_insert_default().insert(key.into(), value);
    }

    /// Takes every member of another, replacing those of the same name.
    pub fn merge(&mut self, newer: Self) {
        if let Some(newer) = newer.0 {
            self.0.get_or_insert_default().extend(*newer);
        }
    }

    /// Moves every member into a map, replacing those of the same name.
    pub fn pour(self, into: &mut Map<String, Value>) {
        if let Some(map) = self.0 {
            into.extend(*map);
        }
    }

    /// Moves every member out.
    pub fn into_map(self) -> Map<String, Value> {
        self.0.map(|map| *map).unwrap_or_default()
    }
}

impl Deref for Extra {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        static NONE: OnceLock<Map<String, Value>> = OnceLock::new();
        match &self.0 {
            Some(map) => map,
            None => NONE.get_or_init(Map::new),
        }
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Whether a member of an unexpected type fails the object or goes to its `extra`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// It fails the object.
    Strict,
    /// It goes to `extra`.
    Lenient,
}

/// A struct declared by [`wire_object!`].
pub(super) trait Object: Default {
    /// Reads the value of one member.
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        map: &mut A,
        mode: Mode,
    ) -> Result<(), A::Error>;

    /// Called once all members are read leniently: the place to make sense of odd types in `extra`.
    fn settle(&mut self) {}
}

/// A type that a field of an [`Object`] may have. JSON's null reads as the type's empty value.
pub(super) trait Field: Sized {
    /// Reads the value in place; a value of another type is an error.
    fn strict<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error>;

    /// Reads the value from its text, which is known to be well-formed JSON.
    fn lenient(text: &str) -> Option<Self>;
}

/// Reads one member into its field, or into `extra` when it does not fit and that is allowed.
pub(super) fn read_field<'de, A: MapAccess<'de>, F: Field>(
    map: &mut A,
    mode: Mode,
    key: &str,
    field: &mut F,
    extra: &mut Extra,
) -> Result<(), A::Error> {
    match mode {
        Mode::Strict => *field = F::strict(map)?,
        Mode::Lenient => {
            let text = map.next_value::<&RawValue>()?.get();
            match F::lenient(text) {
                Some(value) => *field = value,
                None => extra.insert(key, any_value(text)),
            }
        }
    }
    Ok(())
}

/// Reads one member that there is no field for.
pub(super) fn read_extra<'de, A: MapAccess<'de>>(
    map: &mut A,
    mode: Mode,
    key: &str,
    extra: &mut Extra,
) -> Result<(), A::Error> {
    let value = match mode {
        Mode::Strict => map.next_value()?,
        Mode::Lenient => any_value(map.next_value::<&RawValue>()?.get()),
    };
    extra.insert(key, value);
    Ok(())
}

/// The value of well-formed JSON text. Text that serde_json cannot hold (nested deeper than its
/// limit of 128, or with half a surrogate pair in an escape) is kept as a string.
fn any_value(text: &str) -> Value {
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
    object(text, Mode::Strict).or_else(|_| object(text, Mode::Lenient))
}

fn object<T: Object>(text: &str, mode: Mode) -> Result<T, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = ObjectSeed::new(mode).deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// The name of a member, borrowed unless it has escapes.
pub(super) struct Key<'de>(pub(super) Cow<'de, str>);

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

struct ObjectSeed<T>(Mode, PhantomData<T>);

impl<T> ObjectSeed<T> {
    fn new(mode: Mode) -> Self {
        Self(mode, PhantomData)
    }
}

impl<'de, T: Object> DeserializeSeed<'de> for ObjectSeed<T> {
    type Value = T;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Object> Visitor<'de> for ObjectSeed<T> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut object = T::default();
        while let Some(Key(key)) = map.next_key()? {
            object.member(&key, &mut map, self.0)?;
        }
        if self.0 == Mode::Lenient {
            object.settle();
        }
        Ok(object)
    }
}

/// An object or null, read strictly.
struct OptionSeed<T>(PhantomData<T>);

impl<'de, T: Object> DeserializeSeed<'de> for OptionSeed<T> {
    type Value = Option<T>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Object> Visitor<'de> for OptionSeed<T> {
    type Value = Option<T>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or null")
    }
    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }
    fn visit_none<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        ObjectSeed::new(Mode::Strict)
            .deserialize(deserializer)
            .map(Some)
    }
}

/// An array of objects or null, read strictly.
struct ListSeed<T>(PhantomData<T>);

impl<'de, T: Object> DeserializeSeed<'de> for ListSeed<T> {
    type Value = Vec<T>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Object> Visitor<'de> for ListSeed<T> {
    type Value = Vec<T>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects or null")
    }
    fn visit_unit<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }
    fn visit_none<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = seq.next_element_seed(ObjectSeed::new(Mode::Strict))? {
            list.push(item);
        }
        Ok(list)
    }
}

impl<T: Object> Field for Option<T> {
    fn strict<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value_seed(OptionSeed(PhantomData))
    }
    fn lenient(text: &str) -> Option<Self> {
        if text == "null" {
            return Some(None);
        }
        object(text, Mode::Lenient).ok().map(Some)
    }
}

impl<T: Object> Field for Vec<T> {
    fn strict<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value_seed(ListSeed(PhantomData))
    }
    fn lenient(text: &str) -> Option<Self> {
        let items: Option<Vec<&RawValue>> = serde_json::from_str(text).ok()?;
        let items = items.unwrap_or_default().into_iter();
        items
            .map(|item| object(item.get(), Mode::Lenient).ok())
            .collect()
    }
}

impl Field for Option<String> {
    fn strict<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value()
    }
    fn lenient(text: &str) -> Option<Self> {
        serde_json::from_str(text)
            .ok()
            .or_else(|| lossy_string(text).map(Some))
    }
}

impl Field for String {
    fn strict<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        Option::strict(map).map(Option::unwrap_or_default)
    }
    fn lenient(text: &str) -> Option<Self> {
        <Option<Self> as Field>::lenient(text).map(Option::unwrap_or_default)
    }
}

impl Field for Option<u64> {
    fn strict<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value()
    }
    fn lenient(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl Field for Option<i64> {
    fn strict<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value()
    }
    fn lenient(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// Null reads as negative infinity: JSON has no other way to write it, and writers of JSON that
/// meet it write null.
impl Field for f64 {
    fn strict<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        // Parsed from the text, because serde_json's own reader can be off in the last digit.
        let text = map.next_value::<&RawValue>()?.get();
        Self::lenient(text).ok_or_else(|| serde::de::Error::custom("expected a number"))
    }
    fn lenient(text: &str) -> Option<Self> {
        match text {
            "null" => Some(Self::NEG_INFINITY),
            _ => text.parse().ok(),
        }
    }
}

impl Field for Option<Vec<u8>> {
    fn strict<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value()
    }
    fn lenient(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl Field for Option<Value> {
    fn strict<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value()
    }
    fn lenient(text: &str) -> Option<Self> {
        Some(Some(any_value(text)).filter(|value| !value.is_null()))
    }
}

/// Declares a struct for an object of the wire and generates its reader.
///
/// After each field stands the key it has in JSON, and where the field's empty value is not its
/// type's default, `or` and that value. Every struct gets a field `extra`.
macro_rules! wire_object {
    (
        $(#[$about:meta])*
        pub struct $name:ident {
            $(
                $(#[$field_about:meta])*
                pub $field:ident: $kind:ty = $key:literal $(or $empty:expr)?,
            )*
        }
        $(settle $settle:expr;)?
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $($(#[$field_about])* pub $field: $kind,)*
            /// Members that this object is not known to have, and those of an unexpected type.
            pub extra: $crate::api::wire::Extra,
        }

        impl Default for $name {
            fn default() -> Self {
                Self {
                    $($field: $crate::api::wire::wire_object!(@empty $($empty)?),)*
                    extra: Default::default(),
                }
            }
        }

        impl $crate::api::wire::Object for $name {
            fn member<'de, A: serde::de::MapAccess<'de>>(
                &mut self,
                key: &str,
                map: &mut A,
                mode: $crate::api::wire::Mode,
            ) -> Result<(), A::Error> {
                match key {
                    $($key => $crate::api::wire::read_field(
                        map, mode, key, &mut self.$field, &mut self.extra,
                    ),)*
                    _ => $crate::api::wire::read_extra(map, mode, key, &mut self.extra),
                }
            }
            $(fn settle(&mut self) { $settle(self) })?
        }
    };
    (@empty) => { Default::default() };
    (@empty $empty:expr) => { $empty };
}
pub(super) use wire_object;
