//! A request body with all that its parameters say, in types; read after the checks found no fault in it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::builtin::sampler::Sampling;
use crate::builtin::vocabulary::Token;

/// How the answer is found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Search {
    /// Token by token.
    Sample,
    /// Several texts at once; the likeliest whole ones are taken.
    Beam {
        /// To which power a text's length divides its log probability.
        length_penalty: f64,
    },
}

/// How tools are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tools {
    /// Not at all.
    None,
    /// When the model likes to.
    Auto,
    /// This one, always.
    Named(String),
    /// Some tool, always.
    Required,
}

/// Which usage a stream tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// None.
    Off,
    /// One chunk at the end.
    AtEnd,
    /// In every chunk, and at the end.
    Always,
}

/// When an answer ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Ending {
    /// Texts that end it.
    pub stop: Vec<String>,
    /// Tokens that end it.
    pub stop_tokens: BTreeSet<Token>,
    /// Whether what ended it stays in the text.
    pub include_stop: bool,
    /// Whether the end token is a token like any other.
    pub ignore_end: bool,
    /// Nothing ends it before it has so many tokens.
    pub least: usize,
    /// So many tokens end it.
    pub most: Option<usize>,
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// How many answers come back.
    pub n: usize,
    /// How many answers are made.
    pub best_of: usize,
    /// How they are found.
    pub search: Search,
    /// How each token is drawn.
    pub sampling: Sampling,
    /// Where chance begins; none for somewhere else each time.
    pub seed: Option<u64>,
    /// When they end.
    pub ending: Ending,
    /// How many likeliest tokens are told beside each token; none to tell nothing.
    pub logprobs: Option<usize>,
    /// The same for the tokens of the prompt.
    pub prompt_logprobs: Option<usize>,
    /// Whether the last message is put before the answer.
    pub echo: bool,
    /// Whether special tokens are left out of the text.
    pub skip_special: bool,
    /// Whether special tokens that are not left out have a space around them.
    pub spaces: bool,
    /// Whether the prompt begins with the first token of all.
    pub add_special: bool,
    /// How many tokens at the end of the prompt are kept; none for all.
    pub truncate: Option<usize>,
    /// Whether the model reasons first.
    pub reasoning: bool,
    /// How tools are used.
    pub tools: Tools,
    /// Whether more than one tool may be called.
    pub parallel: bool,
    /// Whether the answer is sent while it is made.
    pub stream: bool,
    /// Which usage the stream tells.
    pub usage: Usage,
    /// Which requests go first; there are no priorities here, so only 0 is taken.
    pub priority: i64,
    /// The role that answers.
    pub role: String,
}

/// A body whose values are read as vLLM's request class reads them: numbers and switches may be texts.
struct Lax<'a>(&'a Map<String, Value>);

impl Lax<'_> {
    fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    fn number(&self, key: &str) -> Option<f64> {
        self.get(key).and_then(number)
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "probabilities are held as f32"
    )]
    fn float(&self, key: &str, absent: f32) -> f32 {
        self.number(key).map_or(absent, |number| number as f32)
    }

    fn count(&self, key: &str) -> Option<usize> {
        self.get(key)
            .and_then(whole)
            .and_then(|number| usize::try_from(number).ok())
    }

    fn switch(&self, key: &str, absent: bool) -> bool {
        self.get(key).and_then(switch).unwrap_or(absent)
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Bool(on) => Some(f64::from(u8::from(*on))),
        other => other.as_f64(),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a value past 64 bits was refused before"
)]
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other
            .as_i64()
            .or_else(|| number(other).map(|number| number as i64)),
    }
}

fn switch(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(on) => Some(*on),
        Value::String(text) => match text.to_lowercase().as_str() {
            "true" | "1" | "yes" | "on" | "y" | "t" => Some(true),
            _ => Some(false),
        },
        other => number(other).map(|number| number > 0.0),
    }
}

impl Wanted {
    /// Reads a body that the checks let pass.
    pub fn read(body: &Map<String, Value>) -> Self {
        let body = Lax(body);
        let n = body.count("n").unwrap_or(1).max(1);
        let beam = body.switch("use_beam_search", false);
        let logprobs = body
            .switch("logprobs", false)
            .then(|| match body.0.get("top_logprobs") {
                // An explicit null switches the log probabilities off, an absent key does not.
                Some(Value::Null) => None,
                _ => Some(body.count("top_logprobs").unwrap_or(0)),
            })
            .flatten();
        let echo = body.switch("echo", false);
        let told = body.count("top_logprobs").unwrap_or(0);
        let role = if body.switch("add_generation_prompt", true) {
            None
        } else {
            let messages = body.get("messages").and_then(Value::as_array);
            messages.and_then(|all| all.last()?.get("role")?.as_str())
        };
        Self {
            n,
            best_of: if beam {
                n
            } else {
                body.count("best_of").unwrap_or(n).max(n)
            },
            search: if beam {
                Search::Beam {
                    length_penalty: body.number("length_penalty").unwrap_or(1.0),
                }
            } else {
                Search::Sample
            },
            sampling: sampling(&body),
            // -1 is no seed to vLLM.
            seed: body
                .get("seed")
                .and_then(whole)
                .filter(|seed| *seed != -1)
                .map(i64::cast_unsigned),
            ending: ending(&body),
            logprobs,
            prompt_logprobs: body
                .count("prompt_logprobs")
                .or_else(|| echo.then_some(told)),
            echo,
            skip_special: body.switch("skip_special_tokens", true),
            spaces: body.switch("spaces_between_special_tokens", true),
            add_special: body.switch("add_special_tokens", false),
            truncate: body.count("truncate_prompt_tokens"),
            reasoning: body.switch("reasoning_content", false),
            tools: tools(&body),
            parallel: body.switch("parallel_tool_calls", true),
            stream: body.switch("stream", false),
            usage: usage(&body),
            priority: body.get("priority").and_then(whole).unwrap_or(0),
            role: role.unwrap_or("assistant").to_owned(),
        }
    }
}

fn sampling(body: &Lax) -> Sampling {
    let bias: BTreeMap<Token, f32> = body
        .get("logit_bias")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(token, bias)| {
            #[expect(clippy::cast_possible_truncation, reason = "a bias is at most 100")]
            let bias = number(bias)? as f32;
            Some((token.trim().parse().ok()?, bias))
        })
        .collect();
    Sampling {
        temperature: body.float("temperature", 0.7),
        top_p: body.float("top_p", 1.0),
        top_k: body.count("top_k").filter(|k| *k > 0),
        min_p: body.float("min_p", 0.0),
        repetition_penalty: body.float("repetition_penalty", 1.0),
        frequency_penalty: body.float("frequency_penalty", 0.0),
        presence_penalty: body.float("presence_penalty", 0.0),
        logit_bias: bias,
    }
}

fn ending(body: &Lax) -> Ending {
    let stop = match body.get("stop") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(all)) => all
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    };
    let stop_tokens = body.get("stop_token_ids").and_then(Value::as_array);
    let most = |key| body.count(key).filter(|most| *most > 0);
    Ending {
        stop,
        stop_tokens: stop_tokens
            .into_iter()
            .flatten()
            .filter_map(|token| Token::try_from(whole(token)?).ok())
            .collect(),
        include_stop: body.switch("include_stop_str_in_output", false),
        ignore_end: body.switch("ignore_eos", false),
        least: body.count("min_tokens").unwrap_or(0),
        most: most("max_completion_tokens").or_else(|| most("max_tokens")),
    }
}

fn tools(body: &Lax) -> Tools {
    let given = body.get("tools").and_then(Value::as_array);
    if given.is_none_or(Vec::is_empty) {
        return Tools::None;
    }
    match body.get("tool_choice") {
        None => Tools::Auto,
        Some(Value::String(word)) => match word.as_str() {
            "auto" => Tools::Auto,
            "required" => Tools::Required,
            _ => Tools::None,
        },
        Some(named) => {
            let name = named.pointer("/function/name").and_then(Value::as_str);
            name.map_or(Tools::None, |name| Tools::Named(name.to_owned()))
        }
    }
}

fn usage(body: &Lax) -> Usage {
    let Some(Value::Object(options)) = body.get("stream_options") else {
        return Usage::Off;
    };
    let options = Lax(options);
    // Given at all, the options ask for usage.
    if !options.switch("include_usage", true) {
        return Usage::Off;
    }
    if options.switch("continuous_usage_stats", false) {
        Usage::Always
    } else {
        Usage::AtEnd
    }
}

/// The id that the request gives itself.
pub fn request_id(body: &Map<String, Value>) -> Option<&str> {
    body.get("request_id")?.as_str()
}
