//! The Web Worker: holds the room `builtin` and answers the page's questions by messages. The host
//! build has no page to answer.

fn main() {
    #[cfg(target_arch = "wasm32")]
    worker::start();
}

#[cfg(target_arch = "wasm32")]
mod worker {
    use playground::builtin::{LocalTime, service};
    use wasm_bindgen::prelude::*;
    use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

    /// Listens for questions for as long as the page keeps the worker, and says that it does.
    pub fn start() {
        std::panic::set_hook(Box::new(|panic| say(&service::broke(panic.to_string()))));
        let listen = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
            let message = event.data().as_string().unwrap_or_default();
            say(&service::answer(&message, now()));
        });
        scope().set_onmessage(Some(listen.into_js_value().unchecked_ref()));
        say(&service::ready());
    }

    fn scope() -> DedicatedWorkerGlobalScope {
        js_sys::global().unchecked_into()
    }

    fn say(message: &str) {
        // A text can always be posted, and if not there is nobody to tell.
        let _ = scope().post_message(&JsValue::from_str(message));
    }

    /// The moment on the clock that the user's browser shows.
    fn now() -> LocalTime {
        let date = js_sys::Date::new_0();
        LocalTime {
            year: date.get_full_year(),
            month: date.get_month() + 1,
            day: date.get_date(),
            weekday: date.get_day(),
            hour: date.get_hours(),
            minute: date.get_minutes(),
            second: date.get_seconds(),
        }
    }
}
