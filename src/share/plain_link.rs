//! The plain form of a link: `#base=<URL-encoded base URL>&body=<URL-encoded JSON object>`, with
//! `&dialect=<name>` where the server family is told, and `&sweep=<URL-encoded plan>` where the body is to be
//! swept ([`crate::run::sweep::Plan::to_json`]). Pages from before there were sweeps refuse that part by name.
//!
//! People type it by hand and scripts make it, so it must always work. Opening one never sends
//! anything, and a key is never in it.

use thiserror::Error;

use super::link::Link;
use super::link::sweep::{self, SweepError};
use crate::api::body::{Body, BodyError};

/// Why a link cannot be opened. The page stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LinkError {
    /// A `%` that no two hexadecimal digits follow, or bytes that are no UTF-8.
    #[error("the part “{0}” is damaged: its percent-encoding does not decode to text")]
    Encoding(String),
    /// The body is no JSON object.
    #[error("its body cannot be read. {0}")]
    Body(#[from] BodyError),
    /// A server family that this page does not know.
    #[error(
        "it names the dialect “{0}”, which is unknown here. Known are vllm-0.6, vllm-0.7, vllm-0.8, vllm-0.12, openai, llama.cpp, sglang and unknown"
    )]
    Dialect(String),
    /// A part that the plain form does not have.
    #[error("it has a part “{0}” that this page does not know")]
    UnknownPart(String),
}

/// Why a link cannot be opened that may have a sweep.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WholeError {
    /// Its request cannot.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// Its sweep cannot.
    #[error(transparent)]
    Sweep(#[from] SweepError),
}

/// The beginning of the part with a sweep.
const SWEEP: &str = "sweep=";

/// Reads the fragment of a URL, with or without its `#`, as [`read`] does, and its sweep.
///
/// # Errors
/// Says which part is damaged.
pub fn read_whole(fragment: &str) -> Option<Result<Link, WholeError>> {
    let with_sweep = |mut link: Link| {
        if let Some(encoded) = sweep_part(fragment) {
            let text = decode(encoded).ok_or_else(|| LinkError::Encoding("sweep".to_owned()))?;
            link.sweep = Some(sweep::read(&text, link.body.as_ref())?);
        }
        Ok(link)
    };
    Some(read(fragment)?.map_err(Into::into).and_then(with_sweep))
}

/// Whether a fragment has a part with a sweep.
pub fn brings_sweep(fragment: &str) -> bool {
    sweep_part(fragment).is_some()
}

fn sweep_part(fragment: &str) -> Option<&str> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let mut parts = fragment.split('&');
    parts.find_map(|part| part.strip_prefix(SWEEP))
}

/// Reads the fragment of a URL, with or without its `#`. `None` where it is no link of this form. A sweep in
/// it is left aside: [`read_whole`] reads that too.
///
/// # Errors
/// Says which part is damaged.
pub fn read(fragment: &str) -> Option<Result<Link, LinkError>> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let known = ["base=", "body=", "dialect=", SWEEP];
    let is_link = fragment
        .split('&')
        .any(|part| known.iter().any(|name| part.starts_with(name)));
    is_link.then(|| read_parts(fragment))
}

fn read_parts(fragment: &str) -> Result<Link, LinkError> {
    let mut link = Link::default();
    for part in fragment.split('&').filter(|part| !part.is_empty()) {
        let (name, encoded) = part.split_once('=').unwrap_or((part, ""));
        let text = decode(encoded).ok_or_else(|| LinkError::Encoding(name.to_owned()))?;
        match name {
            "base" => link.base = Some(text),
            "body" => link.body = Some(Body::parse(&text)?),
            "dialect" => {
                link.dialect = Some(text.parse().map_err(|_| LinkError::Dialect(text))?);
            }
            "sweep" => {}
            _ => return Err(LinkError::UnknownPart(name.to_owned())),
        }
    }
    Ok(link)
}

/// Writes a link as a person would, without its `#`.
pub fn write(link: &Link) -> String {
    let dialect = link.dialect.map(|dialect| dialect.name().to_owned());
    let parts = [
        ("base", link.base.clone()),
        ("body", link.body.as_ref().map(Body::to_compact)),
        ("dialect", dialect),
        (
            "sweep",
            link.sweep.as_deref().map(|plan| plan.to_json().to_string()),
        ),
    ];
    let parts = parts
        .into_iter()
        .filter_map(|(name, text)| Some(format!("{name}={}", encode(&text?))));
    parts.collect::<Vec<_>>().join("&")
}

/// Percent-encoding that leaves readable what a chat tool does not cut a link at.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~:/,".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let digit = |bits: u8| char::from(b"0123456789ABCDEF"[usize::from(bits & 15)]);
            encoded.extend(['%', digit(byte >> 4), digit(byte)]);
        }
    }
    encoded
}

/// Percent-decoding after RFC 3986. `+` stays a plus: this is no form encoding.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |b: Option<u8>| char::from(b?).to_digit(16);
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::dialect::Dialect;
    use crate::run::sweep::any_plan;
    use proptest::prelude::*;

    #[test]
    fn reads_what_a_person_or_a_script_writes() {
        let link = read("#base=http%3A%2F%2Flocalhost%3A8000%2Fv1&body=%7B%22n%22%3A1.0,\"s\":\"a+b\"}&dialect=vllm-0.8")
            .unwrap()
            .unwrap();
        assert_eq!(link.base.as_deref(), Some("http://localhost:8000/v1"));
        assert_eq!(link.body.unwrap().to_compact(), r#"{"n":1.0,"s":"a+b"}"#);
        assert_eq!(link.dialect, Some(Dialect::Vllm08));
    }

    #[test]
    fn a_sweep_is_written_by_hand_and_refused_where_it_is_none() {
        let axes = "%7B%22axes%22%3A%5B%7B%22parameter%22%3A%22seed%22%2C%22values%22%3A%221..3%22%7D%5D%7D";
        let fragment = format!("#body={{\"n\":1}}&sweep={axes}");
        assert!(brings_sweep(&fragment) && !brings_sweep("#body={\"a\":\"sweep=\"}"));
        let link = read_whole(&fragment).unwrap().unwrap();
        assert_eq!(link.sweep.as_ref().unwrap().requests(), 3);
        assert_eq!(read(&fragment).unwrap().unwrap().sweep, None);
        let error = |fragment| read_whole(fragment).unwrap().unwrap_err().to_string();
        assert_eq!(
            error("#sweep={}"),
            "it has a sweep, but no body that could be swept"
        );
        assert!(error("#body={}&sweep=%zz").contains("sweep"));
        assert!(error("#body={}&sweep={").starts_with("the sweep in it cannot be read"));
        assert!(error("#body={}&sweep={\"axes\":[]}").contains("neither one axis nor two"));
        assert!(error("#body=[]&sweep={}").starts_with("its body"));
    }

    #[test]
    fn other_fragments_are_no_links() {
        assert_eq!(read(""), None);
        assert_eq!(read("#messages"), None);
    }

    #[test]
    fn says_what_is_damaged() {
        let error = |fragment| read(fragment).unwrap().unwrap_err();
        assert_eq!(error("#base=%zz"), LinkError::Encoding("base".into()));
        assert_eq!(error("#body=%ff"), LinkError::Encoding("body".into()));
        assert_eq!(
            error("#body=[1]"),
            LinkError::Body(BodyError::NotAnObject { found: "an array" })
        );
        assert_eq!(
            error("#dialect=gpt&body={}"),
            LinkError::Dialect("gpt".into())
        );
        assert_eq!(
            error("#body={}&key=sk"),
            LinkError::UnknownPart("key".into())
        );
    }

    proptest! {
        #[test]
        fn any_fragment_is_read_or_refused(fragment in "\\PC{0,40}|(base|body|dialect|sweep)=[%0-9a-f{}\":,&=]{0,40}") {
            let _ = read_whole(&fragment);
        }

        #[test]
        fn a_sweep_is_read_back(plan in any_plan(Body::parse(r#"{"messages":[{"role":"user","content":"a"}]}"#).unwrap())) {
            let link = Link { body: Some(plan.body.clone()), sweep: Some(Box::new(plan)), ..Link::default() };
            prop_assert_eq!(read_whole(&write(&link)).unwrap().unwrap(), link);
        }

        #[test]
        fn what_is_written_is_read_back(base in "\\PC{0,40}", text in "\\PC{0,40}") {
            let mut body = Body::default();
            body.set("a", text.into());
            let link = Link { base: Some(base), body: Some(body), dialect: Some(Dialect::LlamaCpp), sweep: None };
            let fragment = write(&link);
            prop_assert!(fragment.is_ascii() && !fragment.contains(['\'', '"', ' ', '<', '(', ')']));
            prop_assert_eq!(read(&fragment).unwrap().unwrap(), link);
        }

        #[test]
        fn what_encode_uri_component_writes_is_read_back(text in "\\PC{0,40}") {
            let encoded: String = text.bytes().map(|b| format!("%{b:02X}")).collect();
            let link = read(&format!("#base={encoded}")).unwrap().unwrap();
            prop_assert_eq!(link.base, Some(text));
        }
    }
}
