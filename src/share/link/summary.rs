//! What a link brings, in words.

use super::Link;
use crate::api::catalogue;
use crate::api::entry::counted;
use crate::share::visible::visible;

/// How many names are listed before the rest is only counted.
const NAMED: usize = 6;

/// How much of a name is shown, in characters.
const LONGEST: usize = 40;

impl Link {
    /// The sweep that it brings, in a sentence.
    pub fn sweep_words(&self) -> Option<String> {
        let plan = self.sweep.as_deref()?;
        let requests = counted(plan.requests(), "request");
        let name = plan.name();
        Some(format!("It brings a sweep of {name}: {requests}."))
    }

    /// What it brings, as the end of a sentence: `2 messages and 3 other parameters (model, seed, stream)`.
    /// Nothing where it has no body.
    pub fn brings(&self) -> Option<String> {
        let body = self.body.as_ref()?;
        let messages = body.messages().map(Vec::len);
        let others = body.as_map().keys();
        let others: Vec<&String> = others
            .filter(|name| messages.is_none() || *name != "messages")
            .collect();
        let unknown = others.iter().filter(|name| catalogue::find(name).is_none());
        let unknown = match unknown.count() {
            0 => String::new(),
            count => format!(", of which {count} unknown to this page"),
        };
        let named: Vec<String> = others
            .iter()
            .take(NAMED)
            .map(|name| visible(name, LONGEST))
            .collect();
        let more = match others.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let list = match named.is_empty() {
            true => String::new(),
            false => format!(" ({}{more}{unknown})", named.join(", ")),
        };
        let others = match (messages, others.len()) {
            (Some(_), 0) => return messages.map(|count| counted(count, "message")),
            (Some(_), count) => counted(count, "other parameter"),
            (None, count) => counted(count, "parameter"),
        };
        let messages = messages.map_or("no messages".to_owned(), |count| counted(count, "message"));
        Some(format!("{messages} and {others}{list}"))
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::body::Body;
    use crate::run::sweep::Plan;

    #[test]
    fn names_the_sweep_that_it_brings() {
        let plan = Plan::read(Body::default(), ("n", "1..3"), Some(("seed", "1, 2")), 2, 1);
        let link = Link {
            sweep: plan.ok().map(Box::new),
            ..Link::default()
        };
        let words = link.sweep_words();
        assert_eq!(
            words.as_deref(),
            Some("It brings a sweep of n by seed: 12 requests.")
        );
        assert_eq!(Link::default().sweep_words(), None);
    }

    #[test]
    fn counts_and_names_what_it_brings() {
        let brings = |body: &str| {
            let body = Body::parse(body).ok();
            Link {
                body,
                ..Link::default()
            }
            .brings()
        };
        assert_eq!(brings(r#"{"messages":[{},{}]}"#).unwrap(), "2 messages");
        assert_eq!(
            brings(r#"{"model":"m","messages":[{}],"seed":1}"#).unwrap(),
            "1 message and 2 other parameters (model, seed)"
        );
        assert_eq!(
            brings(r#"{"messages":"x","a":1}"#).unwrap(),
            "no messages and 2 parameters (messages, a, of which 1 unknown to this page)"
        );
        assert_eq!(brings("{}").unwrap(), "no messages and 0 parameters");
        let many = r#"{"model":1,"n":1,"seed":1,"stop":1,"user":1,"echo":1,"tools":1,"top_p":1}"#;
        assert!(
            brings(many)
                .unwrap()
                .ends_with("stop, user, echo and 2 more)")
        );
        assert_eq!(Link::default().brings(), None);
    }
}
