//! The list of models that `GET {base}/models` answers, in the shapes that servers have for it.
//!
//! vLLM, OpenAI and most others: `{"object": "list", "data": [{"id": …}]}`. Together: a bare array.
//! llama.cpp: `data` and, for Ollama's clients, `models` with `name`. How long a model's context is has a
//! name of its own almost everywhere, and OpenAI does not tell.

use serde_json::Value;
use thiserror::Error;

use super::body::{BodyError, kind_of, parse_json};

/// A model that an endpoint offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// What goes into `model`.
    pub id: String,
    /// The longest prompt and answer together, in tokens, where the server tells.
    pub context: Option<u64>,
}

/// What an endpoint tells of its models.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelList {
    /// The models, each once, in the server's order.
    pub models: Vec<Model>,
    /// `owned_by` of the first model that has one; it often names the server's software.
    pub owned_by: Option<String>,
}

/// Why an answer lists no models.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ModelListError {
    /// The answer is no JSON.
    #[error("The answer is not JSON. {0}")]
    NotJson(#[from] BodyError),
    /// The answer is JSON without a list of models.
    #[error("The answer is {0} without a list of models.")]
    NoList(&'static str),
}

/// Where servers tell the length of the context, the one in force before the one trained for: vLLM and
/// SGLang; llama.cpp; OpenRouter, Together and DeepInfra; Groq; LM Studio and Mistral; llama.cpp again.
const CONTEXT: [&str; 9] = [
    "/max_model_len",
    "/meta/n_ctx",
    "/context_length",
    "/context_window",
    "/loaded_context_length",
    "/max_context_length",
    "/max_input_tokens",
    "/top_provider/context_length",
    "/meta/n_ctx_train",
];

/// Reads the answer to `GET {base}/models`. Unknown fields, and items without a name, are passed over.
///
/// # Errors
/// Says where the text stops being JSON, or that it has no list.
pub fn read(text: &str) -> Result<ModelList, ModelListError> {
    let answer = parse_json(text)?;
    let list = |key: &str| answer.get(key).and_then(Value::as_array);
    let items = answer
        .as_array()
        .or_else(|| list("data"))
        .or_else(|| list("models"))
        .ok_or_else(|| ModelListError::NoList(kind_of(&answer)))?;
    let mut found = ModelList::default();
    for item in items {
        let text = |key: &str| item.get(key).and_then(Value::as_str);
        let id = item.as_str().or_else(|| text("id"));
        let id = id.or_else(|| text("name")).or_else(|| text("model"));
        let Some(id) = id.filter(|id| !id.is_empty()) else {
            continue;
        };
        if found.owned_by.is_none() {
            found.owned_by = text("owned_by").map(str::to_owned);
        }
        if found.models.iter().all(|model| model.id != id) {
            let tokens = |place: &&str| item.pointer(place)?.as_u64().filter(|tokens| *tokens > 0);
            found.models.push(Model {
                id: id.to_owned(),
                context: CONTEXT.iter().find_map(tokens),
            });
        }
    }
    Ok(found)
}

/// The version in the answer to vLLM's `GET /version`, such as `0.8.5.post2`.
pub fn read_version(text: &str) -> Option<String> {
    parse_json(text)
        .ok()?
        .get("version")?
        .as_str()
        .map(str::to_owned)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn told(text: &str) -> (Vec<(String, Option<u64>)>, Option<String>) {
        let list = read(text).unwrap();
        let models = list.models.into_iter();
        let models = models.map(|model| (model.id, model.context)).collect();
        (models, list.owned_by)
    }

    #[test]
    fn a_recorded_answer_of_vllm() {
        let text = include_str!("../../tests/recordings/get_models.body");
        let expected = (
            vec![("tiny".to_owned(), Some(2048))],
            Some("vllm".to_owned()),
        );
        assert_eq!(told(text), expected);
    }

    #[test]
    fn the_shapes_of_other_servers() {
        let one = |id: &str, context, owner: Option<&str>| {
            (vec![(id.to_owned(), context)], owner.map(str::to_owned))
        };
        for (text, expected) in [
            (
                r#"{"object":"list","data":[{"id":"gpt-4o","object":"model","created":1,"owned_by":"system"}]}"#,
                one("gpt-4o", None, Some("system")),
            ),
            (
                r#"{"models":[{"name":"m.gguf","model":"m.gguf"}],"object":"list","data":[{"id":"m.gguf","owned_by":"llamacpp","meta":{"vocab_type":1,"n_ctx_train":131072}}]}"#,
                one("m.gguf", Some(131_072), Some("llamacpp")),
            ),
            (
                r#"{"models":[{"name":"llama3:8b","size":5}]}"#,
                one("llama3:8b", None, None),
            ),
            (
                r#"[{"id":"a/b","type":"chat","context_length":8192,"organization":"A"}]"#,
                one("a/b", Some(8192), None),
            ),
            (
                r#"{"data":[{"id":"g","owned_by":"Meta","active":true,"context_window":131072}]}"#,
                one("g", Some(131_072), Some("Meta")),
            ),
            (
                r#"{"data":[{"id":"s","max_model_len":0,"max_context_length":4096}]}"#,
                one("s", Some(4096), None),
            ),
            (r#"["plain"]"#, one("plain", None, None)),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn odd_items_are_passed_over() {
        let text = r#"{"data":[null,5,{"id":""},{"id":7},{"id":"a","owned_by":3,"max_model_len":"9"},{"id":"a"},{"id":"b","owned_by":"x"}]}"#;
        let models = vec![("a".to_owned(), None), ("b".to_owned(), None)];
        assert_eq!(told(text), (models, Some("x".to_owned())));
        assert_eq!(told(r#"{"data":[]}"#), (Vec::new(), None));
    }

    #[test]
    fn what_is_no_list_says_so() {
        let words = |text: &str| read(text).unwrap_err().to_string();
        assert!(words("<html>").starts_with("The answer is not JSON. Line 1, column 1"));
        assert_eq!(
            words(r#"{"data":{}}"#),
            "The answer is an object without a list of models."
        );
        assert_eq!(
            words("7"),
            "The answer is a number without a list of models."
        );
    }

    #[test]
    fn versions() {
        assert_eq!(
            read_version(r#"{"version":"0.8.5"}"#).as_deref(),
            Some("0.8.5")
        );
        for text in ["0.8.5", "{}", r#"{"version":8}"#, "<p>"] {
            assert_eq!(read_version(text), None);
        }
    }
}
