//! Server families and what each makes of the documented parameters.
//!
//! The documentation describes one server; people point the page at many. A dialect names the family
//! that answers, so that the form can mark a parameter as ignored or refused and the checks can say
//! what this server, not some server, will do. Which values are right belongs in `catalogue`, which
//! combinations are in `checks`.
//!
//! Sources: the request classes of vLLM 0.6.4, 0.7.2, 0.8.5 and 0.12.0 and of SGLang 0.5.5, the
//! request schema of llama.cpp's server (`tools/server/server-schema.cpp`), and OpenAI's reference.

mod table;

use std::fmt;
use std::str::FromStr;

use super::base_url::names_builtin;

/// A family of servers that read a chat completion request in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    /// vLLM up to 0.6.5: the documented schema, which refuses every field that it does not know.
    Vllm06,
    /// vLLM 0.6.6 to 0.7: unknown fields are ignored without a word.
    Vllm07,
    /// vLLM 0.8 to 0.11.
    Vllm08,
    /// vLLM 0.12 and later: `guided_*` is gone, `structured_outputs` does it.
    Vllm012,
    /// OpenAI's own API.
    OpenAi,
    /// `llama-server` of llama.cpp.
    LlamaCpp,
    /// SGLang.
    SgLang,
    /// A server of which nothing is known: only the types of values are checked.
    Unknown,
}

/// What a server does with a parameter that is sent to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// It reads and uses it.
    Yes,
    /// It accepts the request and does nothing with the parameter.
    Ignored {
        /// Why, in a sentence for people.
        reason: &'static str,
    },
    /// It refuses the whole request.
    Refused {
        /// Why, in a sentence for people.
        reason: &'static str,
    },
    /// It has the function under another name; the documented name has no effect or is refused.
    Renamed {
        /// The name (or path with a dot) in this dialect.
        name: &'static str,
        /// What happens to the documented name, in a sentence for people.
        reason: &'static str,
    },
}

/// What a guess goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clue {
    /// `owned_by` in the list of models.
    Models,
    /// The answer to `GET /version`.
    Version,
    /// The host of the base URL.
    Url,
    /// Nothing: the server is unknown.
    None,
}

/// The text is not the name of a dialect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is no dialect; use vllm-0.6, vllm-0.7, vllm-0.8, vllm-0.12, openai, llama.cpp, sglang or unknown"
)]
pub struct UnknownDialect(pub String);

impl Dialect {
    /// Every dialect, in the order in which a list of them is shown.
    pub const ALL: [Self; 8] = [
        Self::Vllm06,
        Self::Vllm07,
        Self::Vllm08,
        Self::Vllm012,
        Self::OpenAi,
        Self::LlamaCpp,
        Self::SgLang,
        Self::Unknown,
    ];

    /// The name used in links and attributes, such as `vllm-0.6`; [`FromStr`] reads it back.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vllm06 => "vllm-0.6",
            Self::Vllm07 => "vllm-0.7",
            Self::Vllm08 => "vllm-0.8",
            Self::Vllm012 => "vllm-0.12",
            Self::OpenAi => "openai",
            Self::LlamaCpp => "llama.cpp",
            Self::SgLang => "sglang",
            Self::Unknown => "unknown",
        }
    }

    /// The name shown to people, such as `vLLM 0.6 (as documented)`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Vllm06 => "vLLM 0.6 (as documented)",
            Self::Vllm07 => "vLLM 0.7",
            Self::Vllm08 => "vLLM 0.8",
            Self::Vllm012 => "vLLM 0.12 and later",
            Self::OpenAi => "OpenAI",
            Self::LlamaCpp => "llama.cpp",
            Self::SgLang => "SGLang",
            Self::Unknown => "Unknown server",
        }
    }

    /// The server as the subject of a sentence, such as `vLLM 0.6`.
    pub const fn server(self) -> &'static str {
        match self {
            Self::Vllm06 => "vLLM 0.6",
            Self::Vllm012 => "vLLM 0.12",
            Self::Unknown => "The server",
            _ => self.label(),
        }
    }

    /// Whether this is one of the vLLM generations.
    pub const fn is_vllm(self) -> bool {
        matches!(
            self,
            Self::Vllm06 | Self::Vllm07 | Self::Vllm08 | Self::Vllm012
        )
    }

    /// Whether the server converts values as pydantic's lax mode does: `"5"` and `5.0` are taken for 5.
    pub const fn converts(self) -> bool {
        self.is_vllm() || matches!(self, Self::SgLang)
    }

    /// What this server does with a documented parameter. A name that is not documented gives
    /// [`Takes::Yes`]: about those a dialect says nothing.
    pub fn takes(self, parameter: &str) -> Takes {
        table::takes(self, parameter)
    }

    /// The likely dialect of an endpoint, from what it shows of itself, and what tells.
    ///
    /// - `models_owned_by`: `owned_by` of a model that `GET {base}/models` lists;
    /// - `version`: what vLLM's `GET /version` answers, such as `0.8.5.post2`;
    /// - `base_url`: the base URL, or `builtin` for the built-in endpoint.
    ///
    /// io.net's hosts and the built-in endpoint are taken for [`Dialect::Vllm06`], the documented one.
    pub fn guess(
        models_owned_by: Option<&str>,
        version: Option<&str>,
        base_url: &str,
    ) -> (Self, Clue) {
        let owner = models_owned_by.unwrap_or_default().to_ascii_lowercase();
        if owner.contains("llamacpp") || owner.contains("llama.cpp") {
            return (Self::LlamaCpp, Clue::Models);
        }
        if owner.contains("sglang") {
            return (Self::SgLang, Clue::Models);
        }
        if let Some(dialect) = version.and_then(vllm_generation) {
            return (dialect, Clue::Version);
        }
        let host = host(base_url);
        if names_builtin(base_url) || is_host(&host, "io.solutions") || is_host(&host, "io.net") {
            return (Self::Vllm06, Clue::Url);
        }
        if is_host(&host, "openai.com") {
            return (Self::OpenAi, Clue::Url);
        }
        match owner.as_str() {
            // `/version` could not be read, so the newest generation is the likely one.
            "vllm" => (Self::Vllm012, Clue::Models),
            // The built-in endpoint, served over HTTP.
            "playground" => (Self::Vllm06, Clue::Models),
            "openai" | "openai-internal" | "system" => (Self::OpenAi, Clue::Models),
            _ => (Self::Unknown, Clue::None),
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|dialect| dialect.name() == text)
            .ok_or_else(|| UnknownDialect(text.to_owned()))
    }
}

/// The generation of a vLLM version text, if it starts with two numbers.
fn vllm_generation(version: &str) -> Option<Dialect> {
    let mut numbers = version
        .trim()
        .trim_start_matches('v')
        .split(|c: char| !c.is_ascii_digit())
        .map(str::parse::<u32>);
    let major = numbers.next()?.ok()?;
    let minor = numbers.next()?.ok()?;
    let patch = numbers.next().and_then(Result::ok).unwrap_or(0);
    Some(match (major, minor, patch) {
        // 0.6.6 was the first to let unknown fields pass.
        (0, 0..=5, _) | (0, 6, 0..=5) => Dialect::Vllm06,
        (0, 6 | 7, _) => Dialect::Vllm07,
        (0, 8..=11, _) => Dialect::Vllm08,
        _ => Dialect::Vllm012,
    })
}

/// The host of a URL in lower case, without user, port and path; empty if there is none.
fn host(base_url: &str) -> String {
    let rest = base_url.trim();
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
}

/// Whether `host` is `domain` or below it.
fn is_host(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for dialect in Dialect::ALL {
            assert_eq!(dialect.to_string().parse::<Dialect>().unwrap(), dialect);
        }
        assert!("vLLM".parse::<Dialect>().is_err());
    }

    #[test]
    fn guesses_from_what_an_endpoint_shows() {
        let guess = |owner, version, base: &str| Dialect::guess(owner, version, base).0;
        let io = "https://api.intelligence.io.solutions/api/v1";
        assert_eq!(guess(None, None, io), Dialect::Vllm06);
        assert_eq!(
            guess(Some("vllm"), Some("0.8.5.post2"), io),
            Dialect::Vllm08
        );
        assert_eq!(guess(Some("io-intelligence"), None, io), Dialect::Vllm06);
        assert_eq!(guess(None, None, "builtin"), Dialect::Vllm06);
        let local = "http://127.0.0.1:8000/v1";
        assert_eq!(guess(Some("vllm"), Some("0.6.4"), local), Dialect::Vllm06);
        assert_eq!(guess(Some("vllm"), Some("0.6.6"), local), Dialect::Vllm07);
        assert_eq!(guess(Some("vllm"), Some("0.7.2"), local), Dialect::Vllm07);
        assert_eq!(guess(Some("vllm"), Some("0.11.0"), local), Dialect::Vllm08);
        assert_eq!(guess(Some("vllm"), Some("0.12.0"), local), Dialect::Vllm012);
        assert_eq!(guess(Some("vllm"), Some("1.0"), local), Dialect::Vllm012);
        assert_eq!(guess(Some("vllm"), None, local), Dialect::Vllm012);
        assert_eq!(guess(Some("llamacpp"), None, local), Dialect::LlamaCpp);
        assert_eq!(guess(Some("sglang"), None, local), Dialect::SgLang);
        assert_eq!(guess(None, None, local), Dialect::Unknown);
        assert_eq!(guess(None, Some("nightly"), local), Dialect::Unknown);
        let openai = "https://API.openai.com:443/v1";
        assert_eq!(guess(None, None, openai), Dialect::OpenAi);
        // A host that only ends in the same letters is another one.
        assert_eq!(
            guess(None, None, "https://notopenai.com/v1"),
            Dialect::Unknown
        );
        assert_eq!(
            guess(None, None, "https://x.io.net@evil.example/"),
            Dialect::Unknown
        );
    }

    #[test]
    fn a_guess_says_what_it_goes_by() {
        let clue = |owner, version, base: &str| Dialect::guess(owner, version, base).1;
        let local = "http://127.0.0.1:8000/v1";
        assert_eq!(clue(Some("vllm"), Some("0.12.0"), local), Clue::Version);
        assert_eq!(clue(Some("vllm"), Some("dev"), local), Clue::Models);
        assert_eq!(clue(Some("llamacpp"), None, local), Clue::Models);
        assert_eq!(
            clue(Some("x"), None, "https://api.openai.com/v1"),
            Clue::Url
        );
        assert_eq!(clue(Some("x"), None, local), Clue::None);
    }
}
