//! A prompt cut into plain text and special tokens.
//!
//! No tokenizer is at hand, so a special token is told by its looks: the spellings that the known
//! families of models use. One that a user types into a message counts as well, because a server's
//! tokenizer makes no difference either.

use serde::{Deserialize, Serialize};

/// A piece of a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Segment {
    /// Text that the tokenizer cuts up as it likes.
    Text(String),
    /// One token with a meaning of its own, such as `<|im_end|>`.
    Special(String),
}

impl Segment {
    /// What it says.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text(text) | Self::Special(text) => text,
        }
    }
}

/// Spellings that follow no pattern, by family: Llama 2 and Mistral, Gemma, GLM, and the common ones.
const KNOWN: [&str; 33] = [
    "<s>",
    "</s>",
    "[INST]",
    "[/INST]",
    "<<SYS>>",
    "<</SYS>>",
    "[SYSTEM_PROMPT]",
    "[/SYSTEM_PROMPT]",
    "[AVAILABLE_TOOLS]",
    "[/AVAILABLE_TOOLS]",
    "[TOOL_CALLS]",
    "[TOOL_RESULTS]",
    "[/TOOL_RESULTS]",
    "[TOOL_CONTENT]",
    "[ARGS]",
    "[THINK]",
    "[/THINK]",
    "[IMG]",
    "[BEGIN_AUDIO]",
    "<bos>",
    "<eos>",
    "<pad>",
    "<unk>",
    "<mask>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<start_of_image>",
    "<end_of_image>",
    "[gMASK]",
    "<sop>",
    "<eop>",
    "[CLS]",
    "[SEP]",
];

/// The longest name between `<|` and `|>`, in bytes.
const LONGEST_NAME: usize = 64;

/// Cuts a prompt up. The pieces put together are the prompt again; no two texts follow each other.
pub fn segments(prompt: &str) -> Vec<Segment> {
    let mut found = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    while let Some(offset) = prompt.get(at..).and_then(|rest| rest.find(['<', '['])) {
        let start = at + offset;
        let rest = prompt.get(start..).unwrap_or_default();
        match special(rest) {
            Some(length) => {
                push_text(&mut found, prompt.get(plain..start));
                let token = rest.get(..length).unwrap_or_default();
                found.push(Segment::Special(token.to_owned()));
                plain = start + length;
                at = plain;
            }
            None => at = start + 1,
        }
    }
    push_text(&mut found, prompt.get(plain..));
    found
}

fn push_text(found: &mut Vec<Segment>, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        found.push(Segment::Text(text.to_owned()));
    }
}

/// How many bytes a special token at the start of the text takes.
fn special(rest: &str) -> Option<usize> {
    // DeepSeek writes its bars and spaces with characters of their own.
    let barred = ["<|", "<｜"].into_iter().find_map(|opening| {
        let bar = opening.strip_prefix('<')?;
        let inner = rest.strip_prefix(opening)?;
        let name = inner.find(bar)?;
        let named = inner.get(..name)?;
        let plain = |c: char| !c.is_whitespace() && !matches!(c, '<' | '>' | '|');
        let closed = inner.get(name + bar.len()..)?.starts_with('>');
        (closed && (1..=LONGEST_NAME).contains(&name) && named.chars().all(plain))
            .then_some(opening.len() + name + bar.len() + 1)
    });
    barred.or_else(|| {
        let known = KNOWN.iter().find(|known| rest.starts_with(**known))?;
        Some(known.len())
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(prompt: &str) -> Vec<String> {
        let is_special = |segment| match segment {
            Segment::Special(token) => Some(token),
            Segment::Text(_) => None,
        };
        segments(prompt)
            .into_iter()
            .filter_map(is_special)
            .collect()
    }

    #[test]
    fn tokens_of_all_families_are_found() {
        assert_eq!(
            segments("<|im_start|>user\nHi<|im_end|>\n"),
            [
                Segment::Special("<|im_start|>".into()),
                Segment::Text("user\nHi".into()),
                Segment::Special("<|im_end|>".into()),
                Segment::Text("\n".into()),
            ]
        );
        assert_eq!(
            marked("<s>[INST] a[/INST] b</s>"),
            ["<s>", "[INST]", "[/INST]", "</s>"]
        );
        assert_eq!(
            marked("<｜begin▁of▁sentence｜>x"),
            ["<｜begin▁of▁sentence｜>"]
        );
        assert_eq!(marked("<bos><start_of_turn>"), ["<bos>", "<start_of_turn>"]);
    }

    #[test]
    fn text_that_only_looks_a_little_like_it_is_text() {
        for text in [
            "a <b> [1] <| no |> <||> <|a",
            "<|a b|>",
            "1 < 2 || 3 > 2",
            "[inst]",
            "<s",
            "<|<|x|",
        ] {
            assert_eq!(segments(text), [Segment::Text(text.into())], "{text}");
        }
        assert_eq!(marked("<|<|x|>"), ["<|x|>"]);
        assert_eq!(segments(""), []);
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_prompt(prompt in "(<\\||\\|>|<s>|[\\[<>|｜é a/]){0,20}") {
            let whole: String = segments(&prompt).iter().map(Segment::as_str).collect();
            prop_assert_eq!(whole, prompt);
        }
    }
}
