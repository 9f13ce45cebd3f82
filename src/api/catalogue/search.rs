//! Finding a parameter by name, by meaning and by group: `less repetitive` finds the penalties.

use super::{ALL, Parameter};

/// Words that say nothing about which parameter is meant.
const NOISE: &[&str] = &[
    "a", "an", "the", "to", "of", "it", "is", "be", "in", "on", "for", "and", "or", "with", "my",
    "me", "i", "do", "how", "what", "make", "want", "please", "model", "answer", "output", "more",
    "less", "only", "not",
];

/// The parameters that fit a text, best first; all of them, in documented order, for an empty text.
pub fn search(text: &str) -> Vec<&'static Parameter> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return ALL.iter().collect();
    }
    let all_words = words(&text);
    let mut telling: Vec<&str> = all_words
        .iter()
        .copied()
        .filter(|word| !NOISE.contains(word))
        .collect();
    if telling.is_empty() {
        telling = all_words;
    }
    let mut found: Vec<(u32, &'static Parameter)> = ALL
        .iter()
        .map(|row| (score(row, &text, &telling), row))
        .filter(|(score, _)| *score > 0)
        .collect();
    // A stable sort keeps the documented order among equals.
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, row)| row).collect()
}

fn score(row: &Parameter, text: &str, telling: &[&str]) -> u32 {
    let name = if row.name == text {
        1000
    } else if row.name.starts_with(text) {
        400
    } else if row.name.contains(&text.replace(' ', "_")) {
        300
    } else {
        0
    };
    let keywords = super::words(row).keywords;
    let phrase = keywords
        .iter()
        .filter(|keyword| text.contains(*keyword) || keyword.contains(text))
        .count()
        .min(1) as u32
        * 200;
    let keywords = keywords.join(" ");
    let parts: [(u32, &str); 4] = [
        (60, row.name),
        (50, &keywords),
        (20, row.short),
        (10, row.group.title()),
    ];
    let each: u32 = telling
        .iter()
        .map(|word| {
            parts
                .iter()
                .filter(|(_, part)| has_word(part, word))
                .map(|(worth, _)| *worth)
                .max()
                .unwrap_or(0)
        })
        .sum();
    name + phrase + each
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect()
}

fn has_word(part: &str, word: &str) -> bool {
    let part = part.to_lowercase();
    words(&part).iter().any(|other| same_word(other, word))
}

/// Whether two words are the same but for their endings: `repetitive` and `repetition`.
fn same_word(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let common = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    let longest = a.chars().count().max(b.chars().count());
    // What is still being typed counts from three letters on; other endings may differ by a few.
    (common >= 3 && common == b.chars().count()) || (common >= 5 && longest - common <= 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, take: usize) -> Vec<&'static str> {
        search(text).iter().take(take).map(|row| row.name).collect()
    }

    #[test]
    fn finds_by_name() {
        assert_eq!(names("temperature", 1), ["temperature"]);
        assert_eq!(names("top_p", 1), ["top_p"]);
        assert_eq!(names("n", 1), ["n"]);
        assert_eq!(names("max tok", 1), ["max_tokens"]);
    }

    #[test]
    fn finds_by_meaning() {
        let repetitive = names("make it less repetitive", 3);
        for penalty in [
            "frequency_penalty",
            "presence_penalty",
            "repetition_penalty",
        ] {
            assert!(repetitive.contains(&penalty), "{repetitive:?}");
        }
        for (text, name) in [
            ("more creative", "temperature"),
            ("reproducible", "seed"),
            ("longer answer", "max_tokens"),
            ("prefill", "continue_final_message"),
            ("function calling", "tools"),
            ("valid json", "response_format"),
            ("confidence", "logprobs"),
            ("ban a word", "logit_bias"),
            ("thinking", "chat_template_kwargs"),
            ("rag", "documents"),
            ("pick one of several options", "guided_choice"),
            ("token count while streaming", "stream_options"),
        ] {
            assert!(
                names(text, 3).contains(&name),
                "{text}: {:?}",
                names(text, 5)
            );
        }
    }

    #[test]
    fn an_empty_text_lists_all_and_nonsense_nothing() {
        assert_eq!(search("  ").len(), ALL.len());
        assert!(search("zzqqxx").is_empty());
    }
}
