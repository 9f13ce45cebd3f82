//! What the page reads a stream with, for `cargo xtask bench`: takes bytes, keeps the record of a run as
//! the page does, and says what came to stand in it.
//!
//! The page's `decode.js` calls it as `fold`.

#[cfg(target_arch = "wasm32")]
fn main() {
    use js_sys::{Array, Reflect, Uint8Array, global};
    use wasm_bindgen::JsValue;
    use wasm_bindgen::prelude::Closure;

    let fold = Closure::<dyn Fn(Uint8Array, usize) -> JsValue>::new(|bytes: Uint8Array, piece| {
        let counts = read::counts(&bytes.to_vec(), piece);
        counts
            .into_iter()
            .map(JsValue::from)
            .collect::<Array>()
            .into()
    });
    let set = Reflect::set(&global(), &"fold".into(), &fold.into_js_value());
    assert_eq!(set, Ok(true), "a window takes a new member");
}

#[cfg(target_arch = "wasm32")]
mod read {
    use playground::api::base_url::BaseUrl;
    use playground::api::body::Body;
    use playground::run::Run;
    use playground::run::record::{Head, SentRequest};

    /// How long the text is, in UTF-16 units, and how many tokens have log probabilities.
    pub fn counts(bytes: &[u8], piece: usize) -> [u32; 2] {
        let Ok(base) = BaseUrl::parse("http://127.0.0.1/v1", "http://127.0.0.1") else {
            return [0; 2];
        };
        let mut run = Run::new(SentRequest {
            base,
            body: Body::default(),
            body_text: String::new(),
            key_given: false,
            sent_at: 0.0,
            dialect: None,
            lineage: Default::default(),
        });
        let headers = [("content-type", "text/event-stream")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        run.receive_head(
            Head {
                status: 200,
                headers: headers.into(),
            },
            0.0,
        );
        for piece in bytes.chunks(piece) {
            run.receive(piece, 1.0);
        }
        run.end(2.0);
        let choices = run.answer.choices.first();
        choices.map_or([0; 2], |choice| {
            let entries = choice.logprobs.as_ref().map_or(0, |all| all.content.len());
            [choice.content.encode_utf16().count() as u32, entries as u32]
        })
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
