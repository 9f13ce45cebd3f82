//! The Web Worker: holds the room `builtin` and answers the page's orders by messages. What takes the
//! template engine it has done by a worker of its own (`templates.rs`), which it starts when it first needs
//! it. The host build has no page to answer.

fn main() {
    #[cfg(target_arch = "wasm32")]
    worker::start();
}

#[cfg(target_arch = "wasm32")]
mod worker {
    use std::cell::{Cell, RefCell};

    use js_sys::{Array, Function, Uint8Array};
    use playground::builtin::completion::Moment;
    use playground::builtin::running::Next;
    use playground::builtin::service::{self, Message, Service};
    use playground::exchange::local_time;
    use wasm_bindgen::prelude::*;
    use web_sys::{
        DedicatedWorkerGlobalScope, Event, MessageChannel, MessageEvent, MessagePort, Worker,
    };

    thread_local! {
        static SERVICE: RefCell<Service> = RefCell::default();
        /// Brings a turn of work after the messages that wait.
        static TURN: RefCell<Option<MessagePort>> = const { RefCell::new(None) };
        /// Whether such a turn is on its way.
        static TURN_COMES: Cell<bool> = const { Cell::new(false) };
        /// Brings a turn of work after a time: the timer's number, and what it calls.
        static TIMER: Cell<Option<i32>> = const { Cell::new(None) };
        static TEMPLATES: RefCell<Templates> = RefCell::default();
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

    /// The worker that makes prompts of templates.
    #[derive(Default)]
    struct Templates {
        worker: Option<Worker>,
        ready: bool,
        /// Questions from before it was ready.
        waiting: Vec<String>,
    }

    impl Templates {
        fn ask(&mut self, question: String) -> Result<(), JsValue> {
            if self.worker.is_none() {
                self.worker = Some(templates()?);
            }
            match &self.worker {
                Some(worker) if self.ready => worker.post_message(&JsValue::from_str(&question)),
                _ => {
                    self.waiting.push(question);
                    Ok(())
                }
            }
        }
    }

    /// Starts that worker, of the same build as this one.
    fn templates() -> Result<Worker, JsValue> {
        let version = scope().location().search();
        let worker = Worker::new(&format!("start-templates.js{version}"))?;
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
            let message = event.data().as_string().unwrap_or_default();
            if message.is_empty() {
                return templates_are_ready();
            }
            let reply = SERVICE
                .with_borrow_mut(|service| service.hear_templates(&message, moment(), clock()));
            reply.into_iter().for_each(say);
            go_on();
        });
        let failed = Closure::<dyn FnMut(Event)>::new(|event: Event| {
            event.prevent_default();
            let words = js_sys::Reflect::get(&event, &"message".into()).ok();
            let words = words.and_then(|words| words.as_string());
            templates_failed(&words.unwrap_or_else(|| "its file could not be loaded".to_owned()));
        });
        worker.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
        worker.set_onerror(Some(failed.into_js_value().unchecked_ref()));
        Ok(worker)
    }

    fn templates_are_ready() {
        TEMPLATES.with_borrow_mut(|templates| {
            templates.ready = true;
            for question in std::mem::take(&mut templates.waiting) {
                // What cannot be asked is told when the page loses its patience.
                let _ = templates.ask(question);
            }
        });
    }

    /// Lets go of that worker, so that the next question starts another.
    fn templates_failed(why: &str) {
        if let Some(worker) = TEMPLATES.take().worker {
            worker.terminate();
        }
        let told =
            SERVICE.with_borrow_mut(|service| service.templates_failed(why, moment(), clock()));
        told.into_iter().for_each(say);
        go_on();
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
            Message::ForTemplates(question) => {
                let asked = TEMPLATES.with_borrow_mut(|templates| templates.ask(question));
                if let Err(error) = asked {
                    templates_failed(&format!("{error:?}"));
                }
                Ok(())
            }
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
            local: local_time(),
            chance: (js_sys::Math::random() * 2_f64.powi(53)) as u64,
        }
    }
}
