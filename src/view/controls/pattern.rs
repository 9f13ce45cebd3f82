//! Patterns, with the browser's own engine.

use js_sys::RegExp;
use wasm_bindgen::JsCast;

/// The `RegExp` of a pattern, or the browser's words against it.
///
/// # Errors
/// What the browser says of a pattern that it cannot read. The constructor throws then, which
/// `js_sys`'s own does not catch.
pub fn compile(pattern: &str) -> Result<RegExp, String> {
    let arguments = js_sys::Array::of2(&pattern.into(), &"us".into());
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

/// Whether a pattern is found in a text; `None` where the browser cannot tell.
pub fn matches(pattern: &str, text: &str) -> Option<bool> {
    let pattern = compile(pattern).ok()?;
    // Through the method rather than the binding: a text that is too much for the engine throws.
    let test = js_sys::Reflect::get(&pattern, &"test".into()).ok()?;
    let test: js_sys::Function = test.dyn_into().ok()?;
    test.call1(&pattern, &text.into()).ok()?.as_bool()
}
