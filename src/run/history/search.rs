//! What is looked for among the runs: words, and conditions on parameters and figures.
//!
//! `weather temperature=0.2 "a b"` finds runs that have both words (the second with its space) in the
//! request's messages, the answer, the model, the base URL, the name or what a sweep changed, and were asked
//! with a temperature of 0.2. Conditions are `=`, `!=`, `<`, `>`, `<=` and `>=`; a name may have dots for what is inside a
//! parameter, and `name=` alone asks that it is set: `sweep=` finds the runs of sweeps, `sweep!=` all
//! others. Case never matters.

use serde_json::Value;

use super::Entry;

/// How a condition compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compare {
    Is,
    IsNot,
    Below,
    Above,
    AtMost,
    AtLeast,
}

impl Compare {
    /// The longer signs first, since the others begin like them.
    const SIGNS: [(&'static str, Self); 6] = [
        ("!=", Self::IsNot),
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("=", Self::Is),
        ("<", Self::Below),
        (">", Self::Above),
    ];
}

/// One condition.
#[derive(Debug, Clone, PartialEq)]
struct Condition {
    name: String,
    compare: Compare,
    /// In lower case; empty asks whether there is any.
    value: String,
}

/// A search as it was typed, understood.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// In lower case.
    words: Vec<String>,
    conditions: Vec<Condition>,
}

/// What an entry alone tells about a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It fits.
    Fits,
    /// It does not.
    Misses,
    /// The text of the run must be looked at.
    AskText,
}

impl Query {
    /// Reads what was typed. Everything is a search; what is no condition is a word.
    pub fn read(typed: &str) -> Self {
        let mut query = Self::default();
        for (term, quoted) in terms(typed) {
            match condition(&term) {
                Some(condition) if !quoted => query.conditions.push(condition),
                _ => query.words.push(term.to_lowercase()),
            }
        }
        query
    }

    /// Whether everything fits.
    pub fn is_open(&self) -> bool {
        self.words.is_empty() && self.conditions.is_empty()
    }

    /// What can be said without the text of the run.
    pub fn judge(&self, entry: &Entry) -> Verdict {
        if !self.conditions.iter().all(|it| it.holds(entry)) {
            return Verdict::Misses;
        }
        let known = known(entry);
        match self.words.iter().all(|word| known.contains(word)) {
            true => Verdict::Fits,
            false => Verdict::AskText,
        }
    }

    /// Whether a run fits whose text is known.
    pub fn fits(&self, entry: &Entry, text: &str) -> bool {
        self.judge(entry) != Verdict::Misses && {
            let (known, text) = (known(entry), text.to_lowercase());
            let has = |word: &String| known.contains(word) || text.contains(word);
            self.words.iter().all(has)
        }
    }
}

/// What the words of a search are looked for in, beside the text.
fn known(entry: &Entry) -> String {
    let Entry {
        base,
        prompt,
        answer,
        ..
    } = entry;
    let model = entry.model.as_deref().unwrap_or("");
    let name = entry.name.as_deref().unwrap_or("");
    let cell = entry.sweep.as_ref().map_or("", |sweep| &sweep.cell);
    format!("{model}\n{base}\n{name}\n{cell}\n{prompt}\n{answer}").to_lowercase()
}

/// The terms of a search: divided by white space, except within double quotes.
fn terms(typed: &str) -> Vec<(String, bool)> {
    let mut terms = Vec::new();
    let (mut term, mut quoted, mut inside) = (String::new(), false, false);
    for c in typed.chars().chain([' ']) {
        match c {
            '"' if inside || term.is_empty() => {
                inside = !inside;
                quoted = true;
            }
            c if c.is_whitespace() && !inside => {
                if !term.is_empty() {
                    terms.push((std::mem::take(&mut term), quoted));
                }
                quoted = false;
            }
            c => term.push(c),
        }
    }
    // A quote that was not closed yet: somebody is typing.
    let rest = term.trim_end();
    if !rest.is_empty() {
        terms.push((rest.to_owned(), true));
    }
    terms
}

fn condition(term: &str) -> Option<Condition> {
    let at = term.find(['=', '!', '<', '>'])?;
    let (name, rest) = term.split_at(at);
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    if name.is_empty() || !name.chars().all(named) {
        return None;
    }
    let (sign, compare) = Compare::SIGNS
        .into_iter()
        .find(|(sign, _)| rest.starts_with(sign))?;
    Some(Condition {
        name: name.to_ascii_lowercase(),
        compare,
        value: rest[sign.len()..].to_lowercase(),
    })
}

impl Condition {
    fn holds(&self, entry: &Entry) -> bool {
        let Some(there) = self.value_of(entry) else {
            return self.compare == Compare::IsNot;
        };
        if self.value.is_empty() {
            return self.compare != Compare::IsNot;
        }
        let numbers = there
            .parse::<f64>()
            .ok()
            .zip(self.value.parse::<f64>().ok());
        let alike = match numbers {
            Some((there, asked)) => there == asked,
            None if matches!(self.name.as_str(), "model" | "base" | "sweep") => {
                there.contains(&self.value)
            }
            None => there == self.value,
        };
        let ordered =
            |holds: fn(f64, f64) -> bool| numbers.is_some_and(|(there, asked)| holds(there, asked));
        match self.compare {
            Compare::Is => alike,
            Compare::IsNot => !alike,
            Compare::Below => ordered(|there, asked| there < asked),
            Compare::Above => ordered(|there, asked| there > asked),
            Compare::AtMost => ordered(|there, asked| there <= asked),
            Compare::AtLeast => ordered(|there, asked| there >= asked),
        }
    }

    /// What stands in the entry under the condition's name, in lower case.
    fn value_of(&self, entry: &Entry) -> Option<String> {
        let number = |value: Option<u64>| value.map(|value| value.to_string());
        let value = match self.name.as_str() {
            "model" => entry.model.clone(),
            "base" => Some(entry.base.clone()),
            "name" => entry.name.clone(),
            "sweep" => entry.sweep.as_ref().map(|sweep| sweep.name.clone()),
            "finish" | "finish_reason" => Some(entry.ending()),
            "status" => number(entry.status.map(u64::from)),
            "tokens" | "completion_tokens" => number(entry.tokens),
            "prompt_tokens" => number(entry.prompt_tokens),
            path => parameter(entry, path),
        };
        value.map(|value| value.to_lowercase())
    }
}

/// The value of a parameter, or of what is inside one: text as it is, anything else as JSON.
fn parameter(entry: &Entry, path: &str) -> Option<String> {
    let mut steps = path.split('.');
    let mut value = entry.parameters.get(steps.next()?)?;
    for step in steps {
        value = match value {
            Value::Array(list) => list.get(step.parse::<usize>().ok()?)?,
            value => value.get(step)?,
        };
    }
    Some(match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn entry() -> Entry {
        let Value::Object(parameters) = json!({"temperature": 0.2, "stream": true, "stop": ["a"], "user": "Ann",
            "stream_options": {"include_usage": true}})
        else {
            return Entry::default();
        };
        Entry {
            base: "http://localhost:8000/v1".into(),
            model: Some("meta/Llama-70B".into()),
            prompt: "What is a hat?".into(),
            answer: "It keeps you dry.".into(),
            finish: Some("length".into()),
            stage: super::super::entry::Stage::Done,
            tokens: Some(64),
            parameters,
            ..Entry::default()
        }
    }

    fn verdict(typed: &str) -> Verdict {
        Query::read(typed).judge(&entry())
    }

    #[test]
    fn conditions_decide_by_the_entry_alone() {
        for fits in [
            "temperature=0.2",
            "temperature=0.20",
            "temperature<0.5",
            "temperature>=0.2",
            "temperature!=1",
            "top_p!=1",
            "stream=true",
            "STREAM=True",
            "stream_options.include_usage=true",
            "stop.0=a",
            "user=ann",
            "user=",
            "temperature=",
            "model=llama",
            "base=localhost",
            "finish=length",
            "tokens>60",
            "temperature<1 hat dry",
            "\"is a hat\"",
            "\"is a",
            "",
            "  ",
        ] {
            assert_eq!(verdict(fits), Verdict::Fits, "{fits}");
        }
        for misses in [
            "temperature=0.3",
            "top_p=",
            "temperature!=0.2",
            "user!=",
            "user<b",
            "tokens>64",
            "finish=stop hat",
        ] {
            assert_eq!(verdict(misses), Verdict::Misses, "{misses}");
        }
    }

    #[test]
    fn a_run_is_found_by_its_sweep() {
        assert_eq!(verdict("sweep="), Verdict::Misses);
        assert_eq!(verdict("sweep!="), Verdict::Fits);
        let entry = Entry {
            sweep: Some(super::super::entry::OfSweep {
                id: "1".into(),
                name: "temperature by seed".into(),
                cell: "temperature 0.5 · seed 1".into(),
            }),
            ..entry()
        };
        for fits in [
            "sweep=",
            "sweep=seed",
            "\"temperature 0.5\" sweep=temperature",
            "seed",
        ] {
            assert_eq!(Query::read(fits).judge(&entry), Verdict::Fits, "{fits}");
        }
        assert_eq!(Query::read("sweep!=").judge(&entry), Verdict::Misses);
    }

    #[test]
    fn words_may_need_the_text() {
        assert_eq!(verdict("hat umbrella"), Verdict::AskText);
        let query = Query::read("hat UMBRELLA temperature=0.2");
        assert!(query.fits(&entry(), "an Umbrella"));
        assert!(!query.fits(&entry(), "a coat"));
        assert!(!Query::read("umbrella temperature=1").fits(&entry(), "umbrella"));
        // What is quoted, and what is no name, is text.
        assert_eq!(verdict("\"temperature=1\""), Verdict::AskText);
        assert!(Query::read("x+y=z").fits(&entry(), "x+y=z"));
        assert!(Query::read(" ").is_open());
    }

    proptest! {
        #[test]
        fn anything_can_be_typed(typed in "[\\PC ]{0,30}", text in "\\PC{0,20}") {
            let query = Query::read(&typed);
            match query.judge(&entry()) {
                Verdict::Fits => prop_assert!(query.fits(&entry(), &text)),
                Verdict::Misses => prop_assert!(!query.fits(&entry(), &text)),
                Verdict::AskText => {}
            }
        }
    }
}
