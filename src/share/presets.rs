//! Requests to begin with: built-in ones, each of which teaches something, and the user's own.
//!
//! A preset is a body. Applied, it leaves alone what it does not speak of where that makes sense
//! everywhere: the model, the messages, and whether the answer streams.

use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::api::body::{Body, BodyError, parse_json};

/// A built-in preset.
#[derive(Debug)]
pub struct Preset {
    /// What it is called.
    pub name: &'static str,
    /// What it shows, in a sentence.
    pub teaches: &'static str,
    /// Its body, as JSON.
    pub body: &'static str,
}

/// A preset that the user saved.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnPreset {
    /// What it is called; never blank.
    pub name: String,
    /// Its body.
    pub body: Body,
}

/// Why a text holds no presets.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PresetError {
    /// The text is no JSON.
    #[error("These are no presets. {0}")]
    NotJson(#[from] BodyError),
    /// It is JSON, but no list of presets.
    #[error(
        "Presets are a list like [{{\"name\": \"…\", \"body\": {{…}}}}]; item {0} of this is none."
    )]
    NotAPreset(usize),
    /// It is JSON, but no list.
    #[error("Presets are a list like [{{\"name\": \"…\", \"body\": {{…}}}}].")]
    NotAList,
}

/// The built-in presets, in the order in which they are shown.
pub static BUILT_IN: [Preset; 8] = [
    Preset {
        name: "Deterministic",
        teaches: "Temperature 0 always takes the likeliest token; the seed settles what is left to chance.",
        body: r#"{"temperature":0,"seed":42,"max_tokens":300}"#,
    },
    Preset {
        name: "Creative",
        teaches: "A high temperature with min_p: free choice among the likely, nothing from the tail.",
        body: r#"{"temperature":1.2,"min_p":0.05,"presence_penalty":0.3,"max_tokens":500}"#,
    },
    Preset {
        name: "JSON extraction",
        teaches: "A schema in response_format turns prose into data; every token that would break it is forbidden.",
        body: r#"{"messages":[{"role":"system","content":"Extract the event as JSON."},{"role":"user","content":"Ada and Grace meet on Friday at ten in Room 4 to plan the launch."}],"temperature":0,"max_tokens":200,"response_format":{"type":"json_schema","json_schema":{"name":"event","schema":{"type":"object","properties":{"people":{"type":"array","items":{"type":"string"}},"day":{"type":"string"},"place":{"type":"string"}},"required":["people","day","place"],"additionalProperties":false}}}}"#,
    },
    Preset {
        name: "Logprob inspection",
        teaches: "How sure was the model of each token, and what did it nearly say instead?",
        body: r#"{"messages":[{"role":"user","content":"Name a colour. Answer with one word."}],"temperature":1,"max_tokens":20,"logprobs":true,"top_logprobs":5}"#,
    },
    Preset {
        name: "Tool call",
        teaches: "The model answers with a function's name and arguments; calling it is up to you.",
        body: r#"{"messages":[{"role":"user","content":"Do I need an umbrella in Oslo today?"}],"max_tokens":300,"tools":[{"type":"function","function":{"name":"get_weather","description":"The weather in a city, now.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}],"tool_choice":"auto"}"#,
    },
    Preset {
        name: "Beam search",
        teaches: "The likeliest whole answers instead of likely tokens; n is the width of the beam.",
        body: r#"{"messages":[{"role":"user","content":"Translate into French: The early bird catches the worm."}],"stream":false,"temperature":1,"n":3,"max_tokens":40,"use_beam_search":true,"length_penalty":1.0}"#,
    },
    Preset {
        name: "Prefill",
        teaches: "Put words into the model's mouth and see how it goes on.",
        body: r#"{"messages":[{"role":"user","content":"Is a tomato a fruit?"},{"role":"assistant","content":"Botanically speaking, a tomato is"}],"max_tokens":60,"add_generation_prompt":false,"continue_final_message":true}"#,
    },
    Preset {
        name: "RAG with documents",
        teaches: "Texts handed to the chat template; models made for it answer from them.",
        body: r#"{"messages":[{"role":"user","content":"When does the museum close on Sundays?"}],"temperature":0,"max_tokens":200,"documents":[{"title":"Opening hours","text":"The museum is open from 10 to 18 on weekdays and from 11 to 16 on Sundays."},{"title":"Tickets","text":"Tickets cost 12 euros; children enter free."}]}"#,
    },
];

impl Preset {
    /// The preset as a body.
    pub fn body(&self) -> Body {
        Body::parse(self.body).unwrap_or_default()
    }
}

/// The request that a preset makes of the present one: model, messages and streaming stay where the
/// preset does not speak of them, everything else is the preset's.
pub fn apply(preset: &Body, present: &Body) -> Body {
    let mut applied = Map::new();
    let stays = |key: &str| match key {
        "model" | "messages" | "stream" => true,
        "stream_options" => preset
            .get("stream")
            .is_none_or(|stream| *stream == Value::Bool(true)),
        _ => false,
    };
    for (key, value) in present.as_map() {
        if stays(key) {
            applied.insert(key.clone(), value.clone());
        }
    }
    for (key, value) in preset.as_map() {
        applied.insert(key.clone(), value.clone());
    }
    Body::from(applied)
}

/// Reads presets that were kept or exported.
///
/// # Errors
/// Says where the text stops being a list of presets.
pub fn read(text: &str) -> Result<Vec<OwnPreset>, PresetError> {
    let Value::Array(items) = parse_json(text)? else {
        return Err(PresetError::NotAList);
    };
    let read_one = |item: Value| {
        let name = item.get("name")?.as_str()?.trim().to_owned();
        let body = item.get("body")?.as_object()?.clone();
        let body = Body::from(body);
        (!name.is_empty()).then_some(OwnPreset { name, body })
    };
    items
        .into_iter()
        .enumerate()
        .map(|(index, item)| read_one(item).ok_or(PresetError::NotAPreset(index + 1)))
        .collect()
}

/// Writes presets so that [`read`] reads them back.
pub fn write(presets: &[OwnPreset]) -> String {
    let items = presets
        .iter()
        .map(|preset| json!({"name": preset.name, "body": preset.body.as_map()}));
    serde_json::to_string_pretty(&items.collect::<Vec<_>>()).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::checks::{Severity, check};
    use crate::api::dialect::Dialect;

    fn present() -> Body {
        let text = r#"{"top_k":5,"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true}}"#;
        Body::parse(text).unwrap()
    }

    #[test]
    fn every_built_in_passes_the_checks() {
        for preset in &BUILT_IN {
            assert!(!preset.body().as_map().is_empty(), "{}", preset.name);
            let applied = apply(&preset.body(), &present());
            let errors: Vec<_> = check(applied.as_map(), Dialect::Vllm08)
                .into_iter()
                .filter(|problem| problem.severity == Severity::Error)
                .collect();
            assert!(errors.is_empty(), "{}: {errors:?}", preset.name);
        }
    }

    #[test]
    fn model_messages_and_streaming_stay_unless_the_preset_has_them() {
        let preset = Body::parse(r#"{"temperature":0}"#).unwrap();
        assert_eq!(
            apply(&preset, &present()).to_compact(),
            r#"{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true},"temperature":0}"#
        );
        let preset = Body::parse(r#"{"stream":false,"messages":[]}"#).unwrap();
        assert_eq!(
            apply(&preset, &present()).to_compact(),
            r#"{"model":"m","messages":[],"stream":false}"#
        );
    }

    #[test]
    fn own_presets_come_back_as_they_were() {
        let body = Body::parse(r#"{"seed":9007199254740993,"t":1.0}"#).unwrap();
        let own = vec![OwnPreset {
            name: "mine".into(),
            body,
        }];
        assert_eq!(read(&write(&own)).unwrap(), own);
        assert_eq!(read("[]").unwrap(), []);
    }

    #[test]
    fn what_is_no_list_of_presets_says_so() {
        assert_eq!(read("{}").unwrap_err(), PresetError::NotAList);
        let one_bad = r#"[{"name":"a","body":{}},{"name":" ","body":{}}]"#;
        assert_eq!(read(one_bad).unwrap_err(), PresetError::NotAPreset(2));
        assert!(read("[").unwrap_err().to_string().contains("Line 1"));
    }
}
