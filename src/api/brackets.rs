//! Which bracket of a JSON text belongs to the one at the caret.
//!
//! The text need not be valid: it is looked at while somebody types it. Brackets inside strings are
//! text like any other; a string that is still open ends with its line, as JSON has none of two lines.

use std::fmt;

/// Where a bracket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The bracket, one of `{`, `}`, `[` and `]`.
    pub bracket: char,
    /// Its offset in bytes.
    pub byte: usize,
    /// Its offset in UTF-16 units, as a text area counts.
    pub unit: usize,
    /// Its line, from 1.
    pub line: usize,
    /// Its column in characters, from 1.
    pub column: usize,
}

/// What belongs to a bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partner {
    /// The bracket that closes or opens it.
    At(Place),
    /// A bracket of the other kind, where its own should be.
    Crossed(Place),
    /// None: it is never closed, or closes nothing.
    Missing,
}

/// The bracket at the caret, and what belongs to it. As text it is a sentence for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// The bracket at the caret.
    pub here: Place,
    /// Its partner.
    pub partner: Partner,
}

/// The bracket before the caret, or else the one after it, and its partner. `caret` counts UTF-16
/// units. `None` where there is no bracket, or one inside a string.
///
/// A caret put after the partner leads back: the bracket before the caret goes first.
pub fn matching_bracket(text: &str, caret: usize) -> Option<Match> {
    let after = unit_to_byte(text, caret)?;
    let is_bracket =
        |at: &usize| matches!(text.as_bytes().get(*at), Some(b'{' | b'}' | b'[' | b']'));
    let before = after.checked_sub(1).filter(is_bracket);
    let pair = |here: usize| partner(text, here);
    before
        .and_then(pair)
        .or_else(|| Some(after).filter(is_bracket).and_then(pair))
}

/// The offset in bytes of an offset in UTF-16 units; `None` inside a character or behind the end.
fn unit_to_byte(text: &str, unit: usize) -> Option<usize> {
    let mut units = 0;
    let ends = text.char_indices().map(|(at, c)| {
        units += c.len_utf16();
        (at + c.len_utf8(), units)
    });
    let mut ends = std::iter::once((0, 0)).chain(ends);
    ends.find_map(|(byte, units)| (units == unit).then_some(byte))
}

fn partner(text: &str, here: usize) -> Option<Match> {
    let mut open: Vec<Place> = Vec::new();
    let (mut unit, mut line, mut column) = (0, 1, 1);
    let (mut in_string, mut escaped) = (false, false);
    let mut found = None;
    for (byte, c) in text.char_indices() {
        let place = Place {
            bracket: c,
            byte,
            unit,
            line,
            column,
        };
        match c {
            '\n' => in_string = false,
            _ if escaped => {}
            '"' => in_string = !in_string,
            _ if in_string => {}
            '{' | '[' => {
                open.push(place);
                if byte == here {
                    found = Some(place);
                }
            }
            '}' | ']' => {
                let opener = open.pop();
                let concerned = byte == here || opener.is_some_and(|opener| opener.byte == here);
                if concerned {
                    let Some(opener) = opener else {
                        let partner = Partner::Missing;
                        return Some(Match {
                            here: place,
                            partner,
                        });
                    };
                    let (here, other) = match byte == here {
                        true => (place, opener),
                        false => (opener, place),
                    };
                    let fits = matches!((opener.bracket, c), ('{', '}') | ('[', ']'));
                    let partner = if fits { Partner::At } else { Partner::Crossed }(other);
                    return Some(Match { here, partner });
                }
            }
            _ => {}
        }
        // A bracket in a string has no partner, and none is looked for.
        if byte >= here && found.is_none() {
            return None;
        }
        escaped = in_string && c == '\\' && !escaped;
        unit += c.len_utf16();
        (line, column) = if c == '\n' {
            (line + 1, 1)
        } else {
            (line, column + 1)
        };
    }
    found.map(|here| Match {
        here,
        partner: Partner::Missing,
    })
}

impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bracket = self.here.bracket;
        let opens = matches!(bracket, '{' | '[');
        match self.partner {
            Partner::At(Place { line, column, .. }) => {
                let does = if opens { "closes" } else { "opens" };
                write!(f, "{bracket} {does} at line {line}, column {column}")
            }
            Partner::Crossed(Place {
                bracket: other,
                line,
                column,
                ..
            }) => write!(f, "{bracket} meets {other} at line {line}, column {column}"),
            Partner::Missing if opens => write!(f, "{bracket} is never closed"),
            Partner::Missing => write!(f, "{bracket} closes nothing"),
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn told(text: &str, caret: usize) -> String {
        matching_bracket(text, caret).map_or_else(String::new, |found| found.to_string())
    }

    #[test]
    fn pairs_are_found_from_both_ends() {
        let text = "{\n \"a\": [1, {}]\n}";
        assert_eq!(told(text, 0), "{ closes at line 3, column 1");
        assert_eq!(told(text, 1), "{ closes at line 3, column 1");
        assert_eq!(told(text, 8), "[ closes at line 2, column 13");
        assert_eq!(told(text, text.len()), "} opens at line 1, column 1");
        assert_eq!(told(text, 4), "");
        assert_eq!(told(text, 99), "");
        // Between two brackets the one before the caret goes first.
        assert_eq!(matching_bracket("[{}]", 3).unwrap().here.byte, 2);
    }

    #[test]
    fn brackets_in_strings_are_text() {
        let text = r#"["}", "\"]", "\\"]"#;
        assert_eq!(told(text, 1), "[ closes at line 1, column 18");
        assert_eq!(told(text, 3), "");
        assert_eq!(told(text, 10), "");
        // A string that nobody closed yet ends with its line.
        assert_eq!(told("[\"a]\n]", 0), "[ closes at line 2, column 1");
    }

    #[test]
    fn what_has_no_partner_says_so() {
        assert_eq!(told("{\n[]", 0), "{ is never closed");
        assert_eq!(told("[]\n]", 4), "] closes nothing");
        assert_eq!(told("[1}", 1), "[ meets } at line 1, column 3");
        assert_eq!(told("[1}", 3), "} meets [ at line 1, column 1");
    }

    #[test]
    fn offsets_are_those_of_a_text_area() {
        let found = matching_bracket("{\"😀é\": []}", 0).unwrap();
        let Partner::At(there) = found.partner else {
            panic!("{found}");
        };
        assert_eq!((there.unit, there.column, there.byte), (10, 10, 13));
        // Inside a surrogate pair there is no caret.
        assert_eq!(matching_bracket("😀{", 1), None);
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i32>().prop_map(Value::from),
            "[\\[\\]{}\"\\\\a\n😀]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("[\\[\\]{}\"\\\\é]{0,4}", inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// What stands between a bracket of valid JSON and its partner is a JSON value by itself, and the
        /// way back leads to the first.
        #[test]
        fn a_pair_holds_one_value(value in values(), caret in 0_usize..400) {
            let text = serde_json::to_string_pretty(&value).unwrap();
            if let Some(Match { here, partner }) = matching_bracket(&text, caret) {
                let Partner::At(there) = partner else {
                    return Err(TestCaseError::fail(format!("no partner in {text}")));
                };
                let (from, to) = (here.byte.min(there.byte), here.byte.max(there.byte));
                prop_assert!(serde_json::from_str::<Value>(&text[from..=to]).is_ok());
                let back = matching_bracket(&text, there.unit + 1).unwrap();
                prop_assert_eq!(back, Match { here: there, partner: Partner::At(here) });
                let line = text[..there.byte].matches('\n').count() + 1;
                prop_assert_eq!(there.line, line);
            }
        }

        /// In valid JSON every bracket outside of strings has a partner.
        #[test]
        fn no_bracket_is_missed(value in values()) {
            let text = serde_json::to_string(&value).unwrap();
            let found = (0..=text.encode_utf16().count())
                .filter_map(|caret| matching_bracket(&text, caret))
                .map(|found| found.here.byte)
                .collect::<std::collections::BTreeSet<_>>();
            prop_assert_eq!(found.len(), brackets_of(&value));
        }

        #[test]
        fn no_text_is_too_odd(text in "[\\[\\]{}\"\\\\a\n😀]{0,30}", caret in 0_usize..40) {
            if let Some(found) = matching_bracket(&text, caret) {
                prop_assert!(text[found.here.byte..].starts_with(found.here.bracket));
            }
        }
    }

    fn brackets_of(value: &Value) -> usize {
        match value {
            Value::Array(items) => 2 + items.iter().map(brackets_of).sum::<usize>(),
            Value::Object(members) => 2 + members.values().map(brackets_of).sum::<usize>(),
            _ => 0,
        }
    }
}
