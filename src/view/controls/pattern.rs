//! Patterns, with the browser's own engine.

use js_sys::RegExp;
use wasm_bindgen::JsCast;

/// What patterns mean: letters are those of Unicode, and a dot is a line end too.
pub const FLAGS: &str = "us";

/// Reads a pattern, without trying it on anything.
///
/// # Errors
/// What the browser says of a pattern that it cannot read. The constructor throws then, which
/// `js_sys`'s own does not catch.
pub fn read(pattern: &str) -> Result<RegExp, String> {
    let arguments = js_sys::Array::of2(&pattern.into(), &FLAGS.into());
    let constructor = js_sys::Reflect::get(&js_sys::global(), &"RegExp".into())
        .ok()
        .and_then(|found| found.dyn_into::<js_sys::Function>().ok())
        .ok_or_else(|| "This browser has no regular expressions.".to_owned())?;
    match js_sys::Reflect::construct(&constructor, &arguments) {
        Ok(made) => Ok(made.unchecked_into()),
        Err(error) => Err(error
            .dyn_ref::<js_sys::Error>()
            .map_or_else(String::new, |error| String::from(error.message()))),
    }
}
