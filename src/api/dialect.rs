//! The server families that requests are checked against.

use std::fmt;
use std::str::FromStr;

/// A server family, named in links as `dialect=<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// vLLM 0.6, whose schema the endpoint's documentation shows.
    Vllm06,
    /// vLLM 0.7.
    Vllm07,
    /// vLLM 0.8.
    Vllm08,
    /// vLLM 0.12 and later.
    Vllm012,
    /// OpenAI itself.
    OpenAi,
    /// llama.cpp's server.
    LlamaCpp,
    /// SGLang.
    SgLang,
    /// Not told.
    #[default]
    Unknown,
}

impl Dialect {
    /// Every dialect.
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

    /// The name in links.
    pub fn name(self) -> &'static str {
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
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no dialect's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such dialect")]
pub struct UnknownDialect;

impl FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|dialect| dialect.name() == name)
            .ok_or(UnknownDialect)
    }
}
