//! A request by the browser's fetch, its answer read piece by piece.

use std::cell::Cell;
use std::rc::Rc;

use gloo_net::http::{Method, RequestBuilder, Response};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, MessageChannel, ReadableStreamDefaultReader,
    ReadableStreamReadResult, ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect,
    ResponseType,
};

use super::{Progress, now};
use crate::run::echo::KeyMask;
use crate::run::failure::Failure;
use crate::run::record::Head;

/// What goes over the wire.
pub struct HttpRequest {
    /// The URL of the call.
    pub url: String,
    /// The text of the body.
    pub body: String,
    /// The API key, without `Bearer`.
    pub key: Option<String>,
    /// Give up when no byte of the body came in this time.
    pub first_byte_timeout_seconds: Option<f64>,
}

/// Aborts the request when dropped, and with it the socket.
pub struct AbortGuard(AbortController);

impl Drop for AbortGuard {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A request that can be aborted before and while it runs.
pub struct Exchange {
    request: HttpRequest,
    controller: AbortController,
}

impl Exchange {
    /// Prepares a request. It ends when the guard is dropped. `None` where the browser has no
    /// `AbortController`, which none that runs WebAssembly lacks.
    pub fn new(request: HttpRequest) -> Option<(Self, AbortGuard)> {
        let controller = AbortController::new().ok()?;
        let guard = AbortGuard(controller.clone());
        Some((
            Self {
                request,
                controller,
            },
            guard,
        ))
    }

    /// Sends the request and tells `progress` what comes back, until the end.
    ///
    /// After an abort nothing more is told.
    pub async fn run(self, mut progress: impl FnMut(Progress<'_>)) {
        let controller = self.controller.clone();
        let timer = FirstByteTimer::start(self.request.first_byte_timeout_seconds, move |_| {
            controller.abort();
        });
        let outcome = self.read(&timer, &mut progress).await;
        if let Some(seconds) = timer.expired() {
            return progress(Progress::Failed(Failure::FirstByteTimeout { seconds }));
        }
        if self.controller.signal().aborted() {
            return;
        }
        progress(match outcome {
            Ok(()) => Progress::End,
            Err(failure) => Progress::Failed(failure),
        });
    }

    async fn read(
        &self,
        timer: &FirstByteTimer,
        progress: &mut impl FnMut(Progress<'_>),
    ) -> Result<(), Failure> {
        let response = self.send().await?;
        if response.type_() == ResponseType::Opaqueredirect {
            return Err(Failure::Redirect);
        }
        let mut mask = KeyMask::new(self.request.key.as_deref(), response.ok());
        let headers = response.headers().entries();
        progress(Progress::Head(Head {
            status: response.status(),
            headers: headers
                .map(|(name, value)| (name, mask.text(value)))
                .collect(),
        }));
        let outcome = self.read_body(&response, timer, &mut mask, progress).await;
        let rest = mask.rest();
        if !rest.is_empty() && !self.controller.signal().aborted() {
            progress(Progress::Bytes(&rest));
        }
        outcome
    }

    async fn read_body(
        &self,
        response: &Response,
        timer: &FirstByteTimer,
        mask: &mut KeyMask,
        progress: &mut impl FnMut(Progress<'_>),
    ) -> Result<(), Failure> {
        let Some(body) = response.body() else {
            return Ok(());
        };
        let reader = body
            .get_reader()
            .dyn_into::<ReadableStreamDefaultReader>()
            .map_err(|_| Failure::Network)?;
        let mut slice = Slice::begin();
        loop {
            let asked = now();
            let result = JsFuture::from(reader.read())
                .await
                .map_err(|_| Failure::Network)?
                .unchecked_into::<ReadableStreamReadResult>();
            slice.note_wait(asked);
            if result.get_done().unwrap_or(true) {
                return Ok(());
            }
            let bytes = result.get_value().unchecked_into::<Uint8Array>().to_vec();
            for piece in bytes.chunks(PIECE) {
                timer.clear();
                progress(Progress::Bytes(&mask.pass(piece)));
                slice.pause_if_used_up().await;
            }
        }
    }

    async fn send(&self) -> Result<Response, Failure> {
        let HttpRequest { url, key, body, .. } = &self.request;
        prepared(url, Method::POST, key.as_deref(), &self.controller.signal())
            .header("Content-Type", "application/json")
            .body(body.as_str())
            .map_err(|_| Failure::Network)?
            .send()
            .await
            .map_err(|_| Failure::Network)
    }
}

/// What every request has in common. `Authorization` and the `Content-Type` of a body are the only
/// headers set: every other one breaks some server's preflight. Cookies stay at home, nothing comes
/// from a cache, and a redirect is not followed, so that the key goes to no other origin.
pub(super) fn prepared(
    url: &str,
    method: Method,
    key: Option<&str>,
    signal: &AbortSignal,
) -> RequestBuilder {
    let builder = RequestBuilder::new(url)
        .method(method)
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        .redirect(RequestRedirect::Manual)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .abort_signal(Some(signal));
    match key {
        Some(key) => builder.header("Authorization", &format!("Bearer {key}")),
        None => builder,
    }
}

/// How long bytes are handed over before the page gets a turn, in milliseconds. Bytes that are
/// already there are read without a pause, so a fast stream would otherwise hold up the next frame.
const SLICE_MS: f64 = 6.0;

/// Whoever waited longer than this did not read bytes that were already there, in milliseconds.
const TURN_MS: f64 = 1.0;

/// The most bytes handed over at once. A browser gives out everything that has come so far, and
/// after a pause that can be half a megabyte.
pub(super) const PIECE: usize = 16 * 1024;

/// A stretch of work on the main thread.
pub(super) struct Slice {
    began: f64,
    /// Messages to oneself.
    channel: Option<MessageChannel>,
}

impl Slice {
    pub(super) fn begin() -> Self {
        Self {
            began: now(),
            channel: None,
        }
    }

    /// Somebody was waited for since then: if that took a while, the page had its turn.
    fn note_wait(&mut self, since: f64) {
        if now() - since > TURN_MS {
            self.began = now();
        }
    }

    pub(super) async fn pause_if_used_up(&mut self) {
        if now() - self.began < SLICE_MS {
            return;
        }
        // A message to oneself comes after whatever waits, and unlike a timer it is not slowed
        // down in a hidden tab.
        if self.channel.is_none() {
            self.channel = MessageChannel::new().ok();
        }
        if let Some(channel) = &self.channel {
            let turn = js_sys::Promise::new(&mut |resolve, _| {
                channel.port1().set_onmessage(Some(&resolve));
                let _ = channel.port2().post_message(&JsValue::NULL);
            });
            let _ = JsFuture::from(turn).await;
        }
        self.began = now();
    }
}

impl Drop for Slice {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.port1().close();
        }
    }
}

/// Does something when no byte came in time, and remembers that it did.
pub(super) struct FirstByteTimer {
    seconds: Option<f64>,
    handle: Cell<Option<leptos::prelude::TimeoutHandle>>,
    fired: Rc<Cell<bool>>,
}

impl FirstByteTimer {
    pub(super) fn start(seconds: Option<f64>, late: impl FnOnce(f64) + 'static) -> Self {
        let fired = Rc::new(Cell::new(false));
        let flag = fired.clone();
        let handle = seconds.and_then(|seconds| {
            leptos::prelude::set_timeout_with_handle(
                move || {
                    flag.set(true);
                    late(seconds);
                },
                std::time::Duration::from_secs_f64(seconds.clamp(0.001, 86_400.0)),
            )
            .ok()
        });
        Self {
            seconds,
            handle: Cell::new(handle),
            fired,
        }
    }

    pub(super) fn clear(&self) {
        if let Some(handle) = self.handle.take() {
            handle.clear();
        }
    }

    fn expired(&self) -> Option<f64> {
        self.clear();
        self.seconds.filter(|_| self.fired.get())
    }
}
