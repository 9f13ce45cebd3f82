//! The Web Worker: holds the room `builtin` and answers the page's orders by messages. The host
//! build has no page to answer.

fn main() {
    #[cfg(target_arch = "wasm32")]
    worker::start();
}

#[cfg(target_arch = "wasm32")]
mod worker {
    use std::cell::{Cell, RefCell};

    use js_sys::{Array, Function, Uint8Array};
    use playground::builtin::LocalTime;
    use playground::builtin::completion::Moment;
    use playground::builtin::running::Next;
    use playground::builtin::service::{self, Message, Service};
    use wasm_bindgen::prelude::*;
    use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

    thread_local! {
        static SERVICE: RefCell<Service> = RefCell::default();
        /// Brings a turn of work after the messages that wait.
        static TURN: RefCell<Option<MessagePort>> = const { RefCell::new(None) };
        /// Whether such a turn is on its way.
        static TURN_COMES: Cell<bool> = const { Cell::new(false) };
        /// Brings a turn of work after a time: the timer's number, and what it calls.
        static TIMER: Cell<Option<i32>> = const { Cell::new(None) };
        static WORK: Function = Closure::<dyn FnMut()>::new(work).into_js_value().unchecked_into();
    }

    /// Listens for orders for as long as the page keeps the worker, and says that it does.
    pub fn start() {
        std::panic::set_hook(Box::new(|panic| say(service::broke(panic.to_string()))));
        let Ok(channel) = MessageChannel::new() else {
            return say(service::broke("it has no MessageChannel".to_owned()));
        };
        let turn = Closure::<dyn FnMut()>::new(|| {
            TURN_COMES.set(false);
            work();
        });
        channel
            .port1()
            .set_onmessage(Some(turn.into_js_value().unchecked_ref()));
        TURN.set(Some(channel.port2()));
        let listen = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
            let message = event.data().as_string().unwrap_or_default();
            let reply =
                SERVICE.with_borrow_mut(|service| service.hear(&message, moment(), clock()));
            if let Some(reply) = reply {
                say(reply);
            }
            go_on();
        });
        scope().set_onmessage(Some(listen.into_js_value().unchecked_ref()));
        say(service::ready());
    }

    /// Does a slice of work.
    fn work() {
        let made = SERVICE.with_borrow_mut(|service| service.work(clock));
        for message in made {
            say(message);
        }
        go_on();
    }

    /// Sees to it that work goes on when there is some.
    fn go_on() {
        if let Some(timer) = TIMER.take() {
            scope().clear_timeout_with_handle(timer);
        }
        match SERVICE.with_borrow(|service| service.next(clock())) {
            Next::Idle => {}
            Next::Soon if TURN_COMES.replace(true) => {}
            Next::Soon => TURN.with_borrow(|turn| {
                // A port of one's own takes any message.
                let _ = turn.as_ref().map(|turn| turn.post_message(&JsValue::NULL));
            }),
            Next::After(ms) => {
                let ms = ms.ceil() as i32;
                let timer = WORK.with(|work| {
                    scope().set_timeout_with_callback_and_timeout_and_arguments_0(work, ms)
                });
                TIMER.set(timer.ok());
            }
        }
    }

    fn scope() -> DedicatedWorkerGlobalScope {
        js_sys::global().unchecked_into()
    }

    /// Says something to the page. If it cannot be posted there is nobody to tell.
    fn say(message: Message) {
        let _ = match message {
            Message::Text(text) => scope().post_message(&JsValue::from_str(&text)),
            Message::Bytes(id, bytes) => {
                let bytes = Uint8Array::from(bytes.as_slice());
                let buffer = bytes.buffer();
                let message = Array::of2(&JsValue::from(id), &bytes);
                // Handed over, not copied.
                scope().post_message_with_transfer(&message, &Array::of1(&buffer))
            }
        };
    }

    /// Milliseconds on a clock that never goes back.
    fn clock() -> f64 {
        scope().performance().map_or(0.0, |clock| clock.now())
    }

    /// This moment, on the clock that the user's browser shows.
    fn moment() -> Moment {
        let date = js_sys::Date::new_0();
        Moment {
            unix: (date.get_time() / 1000.0) as u64,
            local: LocalTime {
                year: date.get_full_year(),
                month: date.get_month() + 1,
                day: date.get_date(),
                weekday: date.get_day(),
                hour: date.get_hours(),
                minute: date.get_minutes(),
                second: date.get_seconds(),
            },
            chance: (js_sys::Math::random() * 2_f64.powi(53)) as u64,
        }
    }
}
