#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

const PAGE: &str = "http://127.0.0.1:8080";

fn call(typed: &str) -> String {
    BaseUrl::parse(typed, PAGE).unwrap().chat_completions()
}

#[test]
fn every_usual_spelling_leads_to_the_call() {
    for (typed, url) in [
        (
            "https://api.openai.com/v1",
            "https://api.openai.com/v1/chat/completions",
        ),
        (
            "https://api.openai.com/v1/",
            "https://api.openai.com/v1/chat/completions",
        ),
        (
            "https://api.openai.com/v1//",
            "https://api.openai.com/v1/chat/completions",
        ),
        (
            "https://api.openai.com",
            "https://api.openai.com/v1/chat/completions",
        ),
        (
            "api.openai.com",
            "https://api.openai.com/v1/chat/completions",
        ),
        (
            "  HTTPS://API.OpenAI.com/v1 ",
            "https://api.openai.com/v1/chat/completions",
        ),
        ("http://h:80/v1", "http://h/v1/chat/completions"),
        (
            "localhost:8000",
            "http://localhost:8000/v1/chat/completions",
        ),
        (
            "127.0.0.1:8000/v1/chat/completions/",
            "http://127.0.0.1:8000/v1/chat/completions",
        ),
        ("gpu-box:8000/v1", "http://gpu-box:8000/v1/chat/completions"),
        ("[::1]:8000/v1", "http://[::1]:8000/v1/chat/completions"),
        ("http://h/chat/completions", "http://h/chat/completions"),
        (
            "http://h/openai/deployments/x/chat/completions?api-version=1",
            "http://h/openai/deployments/x/chat/completions",
        ),
        ("/proxy", "http://127.0.0.1:8080/proxy/chat/completions"),
        ("//h.example/v1", "https://h.example/v1/chat/completions"),
    ] {
        assert_eq!(call(typed), url, "typed {typed:?}");
    }
}

#[test]
fn every_correction_is_reported() {
    let base = BaseUrl::parse("localhost:8000/v1/chat/completions?x=1", PAGE).unwrap();
    assert_eq!(
        base.corrections(),
        [
            Correction::Scheme("http"),
            Correction::Query,
            Correction::CallPath
        ]
    );
    assert!(
        BaseUrl::parse("http://h/v1", PAGE)
            .unwrap()
            .corrections()
            .is_empty()
    );
}

#[test]
fn what_cannot_be_used_is_refused_with_the_reason() {
    for (typed, error) in [
        ("", BaseUrlError::Empty),
        ("ftp://h/v1", BaseUrlError::Scheme("ftp".into())),
        ("mailto:me", BaseUrlError::Scheme("mailto".into())),
        ("http:///v1", BaseUrlError::NoHost),
        ("http://h:99999/v1", BaseUrlError::Port("99999".into())),
        ("http://h:+80/v1", BaseUrlError::Port("+80".into())),
        ("http://me:secret@h/v1", BaseUrlError::Credentials),
        ("http://h /v1", BaseUrlError::Space),
        ("http://::1/v1", BaseUrlError::Host(":".into())),
        ("http://[::x]/v1", BaseUrlError::Host("[::x]".into())),
    ] {
        assert_eq!(
            BaseUrl::parse(typed, PAGE).unwrap_err(),
            error,
            "typed {typed:?}"
        );
    }
}

#[test]
fn the_origin_is_what_a_browser_would_call_it() {
    let origin = |typed| {
        BaseUrl::parse(typed, PAGE)
            .unwrap()
            .origin()
            .unwrap()
            .to_owned()
    };
    assert_eq!(origin("https://H.example:443/v1"), "https://h.example");
    assert_eq!(origin("http://h.example:443/v1"), "http://h.example:443");
    assert_eq!(origin("/proxy"), PAGE);
}

#[test]
fn the_built_in_endpoint_is_a_place_of_its_own() {
    for typed in ["builtin", " Builtin/ ", "builtin/chat/completions"] {
        let base = BaseUrl::parse(typed, PAGE).unwrap();
        assert!(base.is_builtin(), "typed {typed:?}");
        assert_eq!(base.origin(), None);
        assert_eq!(base.base(), "builtin");
        assert_eq!(base.corrections(), []);
        let outside = base.for_programs();
        assert_eq!(outside.base(), "http://127.0.0.1:8000/v1");
        assert_eq!(outside, BaseUrl::parse(&outside.base(), PAGE).unwrap());
    }
    for typed in ["http://builtin/v1", "builtin:8000", "builtin.example"] {
        let base = BaseUrl::parse(typed, PAGE).unwrap();
        assert!(!base.is_builtin(), "typed {typed:?}");
        assert_eq!(base.for_programs(), base);
    }
}

#[test]
fn what_an_endpoint_tells_of_itself_has_its_place() {
    let base = |typed| BaseUrl::parse(typed, "http://localhost").unwrap();
    let vllm = base("http://localhost:8000/v1/");
    assert_eq!(vllm.models(), "http://localhost:8000/v1/models");
    assert_eq!(vllm.version(), "http://localhost:8000/version");
    let behind = base("https://a.example/llm/v1");
    assert_eq!(behind.version(), "https://a.example/llm/version");
    assert_eq!(
        base("https://a.example/x").version(),
        "https://a.example/x/version"
    );
}

#[test]
fn reach_is_told_from_the_host() {
    let reach = |typed| BaseUrl::parse(typed, PAGE).unwrap().reach();
    assert_eq!(reach("http://localhost:1"), Reach::Loopback);
    assert_eq!(reach("http://127.9.9.9"), Reach::Loopback);
    assert_eq!(reach("http://192.168.1.2"), Reach::Private);
    assert_eq!(reach("http://[fd00::1]"), Reach::Private);
    assert_eq!(reach("http://box.local"), Reach::Private);
    assert_eq!(reach("http://8.8.8.8"), Reach::Public);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_and_reading_is_stable(typed in "\\PC{0,40}|(https?://)?[a-z.:@/\\[\\]0-9?#]{0,40}") {
        if let Ok(base) = BaseUrl::parse(&typed, PAGE) {
            let again = BaseUrl::parse(&base.chat_completions(), PAGE);
            prop_assert_eq!(again.map(|b| b.chat_completions()), Ok(base.chat_completions()));
        }
    }
}
