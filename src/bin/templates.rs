//! The worker of the Web Worker: makes prompts of chat templates. The host build has nobody to answer.

fn main() {
    #[cfg(target_arch = "wasm32")]
    templates::start();
}

#[cfg(target_arch = "wasm32")]
mod templates {
    use playground::builtin::templates;
    use playground::exchange::local_time;
    use wasm_bindgen::prelude::*;
    use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

    /// Listens for questions for as long as the worker keeps it, and says that it does by an empty text.
    pub fn start() {
        let listen = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
            let message = event.data().as_string().unwrap_or_default();
            say(&templates::answer(&message, local_time()));
        });
        scope().set_onmessage(Some(listen.into_js_value().unchecked_ref()));
        say("");
    }

    fn scope() -> DedicatedWorkerGlobalScope {
        js_sys::global().unchecked_into()
    }

    fn say(message: &str) {
        // A text can always be posted, and if not there is nobody to tell.
        let _ = scope().post_message(&JsValue::from_str(message));
    }
}
