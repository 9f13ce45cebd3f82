//! Texts to begin with, for parameters that are written in a language of their own.
//!
//! The chat templates follow what the models' publishers give out with them, in as few lines as it
//! takes: ChatML as Qwen 2.5 has it (tools after Hermes), Llama 3 without tools, Mistral 7B v0.3,
//! Gemma 3. They spell the first token out rather than write `bos_token`, so that they say the same
//! with every tokenizer. `tests/templates.rs` holds them to the exact prompts.

use super::catalogue::Language;

/// ChatML; also what a preview shows where no template is set.
pub const CHATML: &str = include_str!("starters/chatml.jinja").trim_ascii_end();
const LLAMA_3: &str = include_str!("starters/llama3.jinja").trim_ascii_end();
const MISTRAL: &str = include_str!("starters/mistral.jinja").trim_ascii_end();
const GEMMA: &str = include_str!("starters/gemma.jinja").trim_ascii_end();
const GBNF: &str =
    "root ::= \"{\" ws \"\\\"answer\\\":\" ws (\"true\" | \"false\") ws \"}\"\nws ::= [ \\t\\n]*";
const LARK: &str = "start: \"yes\" | \"no\" | number\nnumber: /[0-9]+/";

/// The texts of a language, each with its name.
pub fn starters(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::Jinja => &[
            ("ChatML", CHATML),
            ("Llama 3", LLAMA_3),
            ("Mistral", MISTRAL),
            ("Gemma", GEMMA),
        ],
        Language::Grammar => &[("GBNF", GBNF), ("Lark", LARK)],
        Language::Regex => &[
            ("Date", r"\d{4}-\d{2}-\d{2}"),
            ("Yes or no", "(yes|no)"),
            ("Phone", r"\+?[0-9]{1,3}( [0-9]{2,4}){2,4}"),
        ],
    }
}
