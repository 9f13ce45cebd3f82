//! Which events of a run a reader wants to see.

use super::record::{Event, EventKind};

/// What kind of events is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kinds {
    /// All of them.
    #[default]
    All,
    /// Those that brought text.
    Text,
    /// Chunks and whole answers that brought none: roles, finish reasons, usage.
    NoText,
    /// Errors, and what cannot be read.
    Problems,
}

impl Kinds {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::All, Self::Text, Self::NoText, Self::Problems];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::All => "All events",
            Self::Text => "With text",
            Self::NoText => "Without text",
            Self::Problems => "Problems",
        }
    }

    fn has(self, event: &Event) -> bool {
        match self {
            Self::All => true,
            Self::Text => event.brought.any(),
            Self::NoText => !event.brought.any() && !event.kind.is_problem(),
            Self::Problems => event.kind.is_problem(),
        }
    }
}

impl EventKind {
    /// Whether it tells of something wrong.
    pub fn is_problem(&self) -> bool {
        match self {
            Self::Chunk | Self::Done | Self::Whole | Self::Empty | Self::Alive | Self::Rest => {
                false
            }
            Self::Error | Self::ErrorBody | Self::Unreadable(_) | Self::Incomplete => true,
        }
    }

    /// What it is, in a word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Chunk => "chunk",
            Self::Done => "end",
            Self::Whole => "answer",
            Self::Empty => "empty",
            Self::Alive => "no JSON",
            Self::Error | Self::ErrorBody => "error",
            Self::Unreadable(_) => "unreadable",
            Self::Incomplete => "cut off",
            Self::Rest => "rest",
        }
    }
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventFilter {
    /// The kind.
    pub kinds: Kinds,
    /// A part of what the log shows of an event, the case of ASCII letters aside; empty fits all.
    pub text: String,
}

impl EventFilter {
    /// Whether it lets all events through.
    pub fn is_open(&self) -> bool {
        self.kinds == Kinds::All && self.text.is_empty()
    }

    /// What is said where it lets no event through.
    pub fn nothing_words(&self) -> String {
        let text = &self.text;
        match (self.kinds, text.is_empty()) {
            (Kinds::All, true) => "No event came.".into(),
            (Kinds::Text, true) => "No event brought text.".into(),
            (Kinds::NoText, true) => "Every event brought text or tells of a problem.".into(),
            (Kinds::Problems, true) => "No event tells of a problem.".into(),
            (Kinds::All, false) => format!("No event has “{text}” in its data or its other lines."),
            (kinds, false) => format!(
                "No event has “{text}” in its data or its other lines among “{}”.",
                kinds.label()
            ),
        }
    }

    /// Whether it lets an event through.
    pub fn fits(&self, event: &Event) -> bool {
        let has = |text: &str| contains(text, &self.text);
        self.kinds.has(event)
            && (has(&event.data)
                || event.fields().any(|line| has(&line))
                || event.skipped().iter().any(|line| has(line))
                // Where the data has escapes it tells the letters. Last, because it reads the event again.
                || has(&event.summary()))
    }
}

/// Whether a text contains another, the case of ASCII letters aside. Built for many short texts: it
/// allocates nothing.
fn contains(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let Some((first, rest)) = part.split_first() else {
        return true;
    };
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    let mut from = 0;
    while let Some(tail) = text.get(from..)
        && let Some(at) = tail
            .iter()
            .position(|byte| *byte == lower || *byte == upper)
    {
        let after = from + at + 1;
        match text.get(after..after + rest.len()) {
            Some(found) if found.eq_ignore_ascii_case(rest) => return true,
            Some(_) => from = after,
            None => return false,
        }
    }
    false
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::answer::Grew;
    use crate::run::event::Aside;
    use proptest::prelude::*;

    fn event(data: &str, kind: EventKind, brought_text: bool) -> Event {
        Event {
            at_ms: 0.0,
            data: data.to_owned().into(),
            name: None,
            id: None,
            aside: None,
            kind,
            brought: match brought_text {
                true => Grew::One(0),
                false => Grew::None,
            },
        }
    }

    #[test]
    fn kinds_part_the_events() {
        let events = [
            event("a", EventKind::Chunk, true),
            event("b", EventKind::Chunk, false),
            event("[DONE]", EventKind::Done, false),
            event("c", EventKind::Error, false),
            event("d", EventKind::Unreadable("why".into()), false),
            event("e", EventKind::Incomplete, false),
        ];
        let shown = |kinds| {
            let filter = EventFilter {
                kinds,
                text: String::new(),
            };
            events.iter().filter(|event| filter.fits(event)).count()
        };
        assert_eq!(Kinds::ALL.map(shown), [6, 1, 2, 3]);
    }

    fn for_text(text: &str) -> EventFilter {
        EventFilter {
            kinds: Kinds::All,
            text: text.into(),
        }
    }

    #[test]
    fn text_is_found_in_every_line_that_the_log_shows() {
        let data = r#"{"choices":[{"delta":{"content":"\u65e5\u672c"}}]}"#;
        let mut event = event(data, EventKind::Chunk, true);
        event.name = Some("message".into());
        event.id = Some("17".into());
        let skipped = vec![": ping 42".into(), "event: beat".into()];
        event.aside = Aside::of(Some(2500), skipped);
        for (text, fits) in [
            (": PING", true),
            ("ping 42", true),
            ("event: beat", true),
            ("event: message", true),
            ("id: 17", true),
            ("retry: 2500", true),
            ("\\u65e5", true),
            ("日本", true),
            ("after 2 lines without data", true),
            ("pong", false),
            ("id: 42", false),
        ] {
            let filter = for_text(text);
            assert_eq!(filter.fits(&event), fits, "{text}");
        }
    }

    #[test]
    fn text_is_found_in_data_and_name_whatever_its_case() {
        let mut named = event("{\"Content\": \"Größe\"}", EventKind::Chunk, true);
        named.name = Some("Ping".into());
        for (text, fits) in [
            ("", true),
            ("content", true),
            ("größe", true),
            ("GRÖßE", false),
            ("ping", true),
            ("pong", false),
            ("\"}x", false),
        ] {
            let filter = for_text(text);
            assert_eq!(filter.fits(&named), fits, "{text}");
            assert_eq!(filter.is_open(), text.is_empty());
        }
    }

    #[test]
    fn nothing_found_says_what_was_looked_for() {
        let words = |kinds, text: &str| {
            let text = text.into();
            EventFilter { kinds, text }.nothing_words()
        };
        let both = words(Kinds::Problems, "xyz");
        assert!(
            both.contains("“xyz”") && both.contains("“Problems”"),
            "{both}"
        );
        let text = words(Kinds::All, "xyz");
        assert!(text.contains("“xyz”") && !text.contains("among"), "{text}");
        assert_eq!(words(Kinds::Problems, ""), "No event tells of a problem.");
    }

    proptest! {
        #[test]
        fn it_finds_what_a_plain_search_finds(text in "[aAbBé]{0,30}", part in "[aAbBé]{0,4}") {
            let plain = text.to_ascii_lowercase().contains(&part.to_ascii_lowercase());
            prop_assert_eq!(contains(&text, &part), plain);
        }
    }
}
