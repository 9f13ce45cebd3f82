//! Numbers in attributes, which scripts read back. The browser writes them, in the text and in the table alike.

use js_sys::{Function, Number, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// Gives elements attributes that are numbers. The browser writes the number, and the name is handed over once
/// and not for each of thousands of tokens.
pub(super) struct Numbers {
    set_attribute: Function,
    token: JsValue,
    logprob: JsValue,
}

impl Numbers {
    /// `None` where a browser has no way to set an attribute.
    pub(super) fn new() -> Option<Self> {
        let element = document().create_element("span").ok()?;
        let set_attribute = Reflect::get(&element, &"setAttribute".into()).ok()?;
        Some(Self {
            set_attribute: set_attribute.dyn_into().ok()?,
            token: "data-token".into(),
            logprob: "data-logprob".into(),
        })
    }

    pub(super) fn describe(
        &self,
        span: &web_sys::Element,
        place: usize,
        logprob: Option<f64>,
    ) -> Result<(), JsValue> {
        let set = &self.set_attribute;
        set.call2(span, &self.token, &JsValue::from_f64(place as f64))?;
        if let Some(logprob) = logprob {
            set.call2(span, &self.logprob, &JsValue::from_f64(logprob))?;
        }
        Ok(())
    }
}

/// What [`Numbers`] writes, as a text.
pub(super) fn as_script_writes(number: f64) -> String {
    Number::from(number)
        .to_string_with_radix(10)
        .map(String::from)
        .unwrap_or_default()
}
