//! Token counts, as `usage` has them.

use serde_json::{Map, Value};

use super::wire::{read_object, whole, wire_object};

wire_object! {
    /// `usage` of an answer, or of a chunk when `stream_options` asked for it. In a chunk with
    /// choices it counts that chunk's choice only; in one without it is the sum of all.
    pub struct Usage {
        /// Tokens of the prompt, the chat template's included, counted once however many choices.
        pub prompt_tokens: Option<u64> = "prompt_tokens",
        /// Tokens generated, the end token and those of a stop string included.
        pub completion_tokens: Option<u64> = "completion_tokens",
        /// Sum of both.
        pub total_tokens: Option<u64> = "total_tokens",
        /// What the prompt's tokens were. vLLM needs `--enable-prompt-tokens-details` for it.
        pub prompt_tokens_details: Option<PromptTokensDetails> = "prompt_tokens_details",
        /// What the generated tokens were.
        pub completion_tokens_details: Option<CompletionTokensDetails> = "completion_tokens_details",
    }
    notes null_members;
}

wire_object! {
    /// `usage.prompt_tokens_details`.
    pub struct PromptTokensDetails {
        /// Tokens found in the server's prefix cache.
        pub cached_tokens: Option<u64> = "cached_tokens",
        /// Tokens of audio in the prompt.
        pub audio_tokens: Option<u64> = "audio_tokens",
    }
    notes null_members;
}

wire_object! {
    /// `usage.completion_tokens_details`.
    pub struct CompletionTokensDetails {
        /// Tokens of reasoning.
        pub reasoning_tokens: Option<u64> = "reasoning_tokens",
        /// Tokens of audio.
        pub audio_tokens: Option<u64> = "audio_tokens",
        /// Tokens of the request's `prediction` that came out as predicted.
        pub accepted_prediction_tokens: Option<u64> = "accepted_prediction_tokens",
        /// Tokens of the request's `prediction` that did not.
        pub rejected_prediction_tokens: Option<u64> = "rejected_prediction_tokens",
    }
    notes null_members;
}

impl Usage {
    /// Every count as a flat list: the documented ones in the order of the documentation, then
    /// whole numbers among the unknown members, however they are written. A nested one has its path joined with dots, such
    /// as `prompt_tokens_details.cached_tokens`.
    pub fn fields(&self) -> Vec<(String, u64)> {
        let mut list = Vec::new();
        let mut push = |name: &str, count: Option<u64>| {
            list.extend(count.map(|count| (name.to_owned(), count)));
        };
        push("prompt_tokens", self.prompt_tokens);
        push("completion_tokens", self.completion_tokens);
        push("total_tokens", self.total_tokens);
        if let Some(details) = &self.prompt_tokens_details {
            let path = "prompt_tokens_details";
            push(&format!("{path}.cached_tokens"), details.cached_tokens);
            push(&format!("{path}.audio_tokens"), details.audio_tokens);
            push_unknown(&mut push, path, &details.extra);
        }
        if let Some(details) = &self.completion_tokens_details {
            let path = "completion_tokens_details";
            for (name, count) in [
                ("reasoning_tokens", details.reasoning_tokens),
                ("audio_tokens", details.audio_tokens),
                (
                    "accepted_prediction_tokens",
                    details.accepted_prediction_tokens,
                ),
                (
                    "rejected_prediction_tokens",
                    details.rejected_prediction_tokens,
                ),
            ] {
                push(&format!("{path}.{name}"), count);
            }
            push_unknown(&mut push, path, &details.extra);
        }
        push_unknown(&mut push, "", &self.extra);
        list
    }
}

impl Usage {
    /// The one that Groq sends at the end of every stream, asked for or not, among fields of its own.
    pub(super) fn of_groq(extra: &Map<String, Value>) -> Option<Self> {
        let usage = extra.get("x_groq")?.get("usage")?;
        read_object(&usage.to_string()).ok()
    }

    /// With what an earlier one of the same answer told and this one does not: some servers count the prompt
    /// at the beginning of a stream, and what was generated at its end.
    pub fn after(mut self, earlier: Self) -> Self {
        self.prompt_tokens = self.prompt_tokens.or(earlier.prompt_tokens);
        self.completion_tokens = self.completion_tokens.or(earlier.completion_tokens);
        self.total_tokens = self.total_tokens.or(earlier.total_tokens);
        self.prompt_tokens_details = self.prompt_tokens_details.or(earlier.prompt_tokens_details);
        let details = self.completion_tokens_details;
        self.completion_tokens_details = details.or(earlier.completion_tokens_details);
        let mut extra = earlier.extra;
        extra.merge(self.extra);
        Self {
            extra,
            null_members: self.null_members.and(earlier.null_members),
            ..self
        }
    }

    /// What [`Usage::fields`] leaves out: members of any type but whole numbers, each with its path and
    /// its JSON. Null is among them, unless the member had a value at another time.
    pub fn others(&self) -> Vec<(String, String)> {
        let mut list = Vec::new();
        push_others(&mut list, "", &self.extra);
        let mut nulls: Vec<String> = self.nulls().map(str::to_owned).collect();
        if let Some(details) = &self.prompt_tokens_details {
            let path = "prompt_tokens_details";
            push_others(&mut list, path, &details.extra);
            nulls.extend(details.nulls().map(|name| format!("{path}.{name}")));
        }
        if let Some(details) = &self.completion_tokens_details {
            let path = "completion_tokens_details";
            push_others(&mut list, path, &details.extra);
            nulls.extend(details.nulls().map(|name| format!("{path}.{name}")));
        }
        let fields = self.fields();
        let has = |name: &str, null: &str| {
            let rest = name.strip_prefix(null);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        nulls.retain(|null| !fields.iter().any(|(name, _)| has(name, null)));
        list.extend(nulls.into_iter().map(|name| (name, "null".to_owned())));
        list
    }
}

/// Adds what is no whole number in an object and in the objects in it.
fn push_others(list: &mut Vec<(String, String)>, path: &str, members: &Map<String, Value>) {
    for (key, value) in members {
        let name = match path {
            "" => key.clone(),
            path => format!("{path}.{key}"),
        };
        match value {
            Value::Number(number) if whole(number.as_str()).is_some() => {}
            Value::Object(inner) if !inner.is_empty() => push_others(list, &name, inner),
            other => list.push((name, other.to_string())),
        }
    }
}

/// Adds the whole numbers of an object and of the objects in it. Its depth is bounded, since
/// serde_json reads no value nested deeper than 128.
fn push_unknown(
    push: &mut impl FnMut(&str, Option<u64>),
    path: &str,
    members: &Map<String, Value>,
) {
    for (key, value) in members {
        let name = if path.is_empty() {
            key.clone()
        } else {
            format!("{path}.{key}")
        };
        match value {
            Value::Number(number) => push(&name, whole(number.as_str())),
            Value::Object(inner) => push_unknown(push, &name, inner),
            _ => {}
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<(String, u64)> {
        read_object::<Usage>(text).unwrap().fields()
    }

    #[test]
    fn fields_are_flat_and_in_order() {
        let list = fields(
            r#"{"queue":{"deep":{"n":7}},"total_tokens":9,"prompt_tokens":5,"completion_tokens":4,
            "completion_tokens_details":{"reasoning_tokens":2,"thoughts":1},"cost":0.5,"note":"x",
            "prompt_tokens_details":{"cached_tokens":3},"prompt_cache_hit_tokens":1}"#,
        );
        let list: Vec<_> = list.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        assert_eq!(
            list,
            [
                ("prompt_tokens", 5),
                ("completion_tokens", 4),
                ("total_tokens", 9),
                ("prompt_tokens_details.cached_tokens", 3),
                ("completion_tokens_details.reasoning_tokens", 2),
                ("completion_tokens_details.thoughts", 1),
                ("queue.deep.n", 7),
                ("prompt_cache_hit_tokens", 1),
            ]
        );
    }

    fn borrowed(list: &[(String, String)]) -> Vec<(&str, &str)> {
        let pairs = list.iter();
        pairs
            .map(|(name, json)| (name.as_str(), json.as_str()))
            .collect()
    }

    #[test]
    fn what_is_no_whole_number_is_told_too() {
        let usage: Usage = read_object(
            r#"{"prompt_tokens":5,"completion_tokens":"4","cost":0.00051,"note":"x","queue":{"ms":1.5,"n":2,"none":{}},
            "prompt_tokens_details":{"cached_tokens":3,"by":["a"]}}"#,
        )
        .unwrap();
        let others = usage.others();
        let others = borrowed(&others);
        assert_eq!(
            others,
            [
                ("completion_tokens", "\"4\""),
                ("cost", "0.00051"),
                ("note", "\"x\""),
                ("queue.ms", "1.5"),
                ("queue.none", "{}"),
                ("prompt_tokens_details.by", "[\"a\"]"),
            ]
        );
    }

    #[test]
    fn a_whole_number_counts_however_it_is_written() {
        let usage: Usage = read_object(
            r#"{"prompt_tokens":5.0,"completion_tokens":1e2,"total_tokens":1.5,"hits":7.0,"cost":0.5,"below":-1.0,
            "vast":1e300,"prompt_tokens_details":{"cached_tokens":4.0E0}}"#,
        )
        .unwrap();
        let list = usage.fields();
        let list: Vec<_> = list.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        assert_eq!(
            list,
            [
                ("prompt_tokens", 5),
                ("completion_tokens", 100),
                ("prompt_tokens_details.cached_tokens", 4),
                ("hits", 7),
            ]
        );
        let others = usage.others();
        let others = borrowed(&others);
        assert_eq!(
            others,
            [
                ("total_tokens", "1.5"),
                ("cost", "0.5"),
                ("below", "-1.0"),
                ("vast", "1e+300"),
            ]
        );
    }

    #[test]
    fn null_is_told_apart_from_what_did_not_come() {
        let read = |text: &str| read_object::<Usage>(text).unwrap();
        let first = read(
            r#"{"prompt_tokens":5,"completion_tokens":null,"completion_tokens_details":null,
            "prompt_tokens_details":{"audio_tokens":null,"cached_tokens":1}}"#,
        );
        let others = |usage: &Usage| -> Vec<String> {
            let others = usage.others().into_iter();
            others
                .map(|(name, json)| format!("{name} {json}"))
                .collect()
        };
        assert_eq!(
            others(&first),
            [
                "completion_tokens null",
                "completion_tokens_details null",
                "prompt_tokens_details.audio_tokens null"
            ]
        );
        // The patient way notes them as well.
        let patient = read(r#"{"total_tokens":"9","completion_tokens":null}"#);
        assert_eq!(
            others(&patient),
            ["total_tokens \"9\"", "completion_tokens null"]
        );
        let later =
            read(r#"{"completion_tokens":4,"completion_tokens_details":{"reasoning_tokens":2}}"#);
        assert_eq!(
            others(&later.after(first)),
            ["prompt_tokens_details.audio_tokens null"]
        );
        assert_eq!(others(&Usage::default()), [""; 0]);
    }

    #[test]
    fn a_count_of_another_type_is_kept_as_extra() {
        let usage: Usage = read_object(
            r#"{"prompt_tokens":"5","completion_tokens":null,"prompt_tokens_details":3}"#,
        )
        .unwrap();
        assert_eq!(usage.prompt_tokens, None);
        assert_eq!(usage.extra["prompt_tokens"], "5");
        assert_eq!(usage.prompt_tokens_details, None);
        assert_eq!(usage.fields(), [("prompt_tokens_details".to_owned(), 3)]);
    }
}
