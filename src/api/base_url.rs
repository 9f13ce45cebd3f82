//! The base URL of an endpoint: read with care from what a person typed, and corrected in the open.
//!
//! People paste what they have: the full path of the call, a trailing slash (which vLLM answers
//! with a 307 that a browser may not follow across origins), no scheme, no `/v1`. Every change made
//! is reported, and the final URL is always shown.

use thiserror::Error;

/// The path under the page's own origin that `cargo xtask serve --proxy` forwards.
pub const PROXY_PATH: &str = "/proxy";

/// Why a text is no base URL.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BaseUrlError {
    /// Nothing was typed.
    #[error("Type the base URL of an endpoint, for example http://localhost:8000/v1.")]
    Empty,
    /// A scheme that a browser cannot send a request with.
    #[error("“{0}:” cannot be used here. A base URL begins with https:// or http://.")]
    Scheme(String),
    /// No host between the scheme and the path.
    #[error("There is no host in this URL. After https:// comes a name like api.example.com.")]
    NoHost,
    /// A host with characters that no host name has.
    #[error("“{0}” is no host name.")]
    Host(String),
    /// A port that is no number from 1 to 65535.
    #[error("“{0}” is no port. A port is a number from 1 to 65535.")]
    Port(String),
    /// User name or password in the URL: it would be shared with every link.
    #[error(
        "Take the user name and password out of the URL; a browser refuses to send it. A key goes into the API key field."
    )]
    Credentials,
    /// The word for an endpoint inside the page, which needs no URL.
    #[error("This page has no endpoint of its own. Type the base URL of a server.")]
    Builtin,
    /// White space or a control character inside.
    #[error("There is a space or a line break in the URL.")]
    Space,
}

/// Something that was changed to make the text a base URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Correction {
    /// A scheme was put in front.
    Scheme(&'static str),
    /// `/chat/completions` was cut off, because the call adds it.
    CallPath,
    /// `/v1` was added, because the URL had no path at all.
    Version,
    /// A query or fragment was cut off.
    Query,
}

impl Correction {
    /// What was done, as a sentence for the person who typed the URL.
    pub fn sentence(&self) -> String {
        match self {
            Self::Scheme(scheme) => format!("{scheme}:// was added."),
            Self::CallPath => "/chat/completions was taken off; it is added to every call.".into(),
            Self::Version => "/v1 was added; write a path of your own to leave it out.".into(),
            Self::Query => "The part after ? or # was taken off.".into(),
        }
    }
}

/// Where a host is, as far as its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// This machine: `localhost`, `127.0.0.0/8`, `::1`.
    Loopback,
    /// A private network: RFC 1918 addresses, link-local ones, `.local`, names without a dot.
    Private,
    /// Anything else.
    Public,
}

/// A base URL that a request can be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    origin: String,
    host: String,
    path: String,
    corrections: Vec<Correction>,
}

impl BaseUrl {
    /// Reads what a person typed or a link brought. A text that begins with `/` is a path of the
    /// page's own origin, for example [`PROXY_PATH`].
    ///
    /// # Errors
    /// Says what is missing or cannot be used.
    pub fn parse(typed: &str, page_origin: &str) -> Result<Self, BaseUrlError> {
        let text = typed.trim();
        if text.is_empty() {
            return Err(BaseUrlError::Empty);
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(BaseUrlError::Space);
        }
        if text == "builtin" {
            return Err(BaseUrlError::Builtin);
        }
        let mut corrections = Vec::new();
        let (scheme, rest) = if text.starts_with('/') && !text.starts_with("//") {
            let (scheme, host) = page_origin.split_once("://").unwrap_or(("http", ""));
            (scheme.to_owned(), format!("{host}{text}"))
        } else {
            split_scheme(text, &mut corrections)?
        };
        let (rest, query) = match rest.find(['?', '#']) {
            Some(at) => (&rest[..at], true),
            None => (rest.as_str(), false),
        };
        if query {
            corrections.push(Correction::Query);
        }
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        if authority.contains('@') {
            return Err(BaseUrlError::Credentials);
        }
        let (host, port) = split_port(authority)?;
        if host.is_empty() {
            return Err(BaseUrlError::NoHost);
        }
        if !is_host(&host) {
            return Err(BaseUrlError::Host(host));
        }
        let default_port = if scheme == "https" { 443 } else { 80 };
        let origin = match port {
            Some(port) if port != default_port => format!("{scheme}://{host}:{port}"),
            _ => format!("{scheme}://{host}"),
        };
        Ok(Self {
            path: tidy_path(path, &mut corrections),
            origin,
            host,
            corrections,
        })
    }

    /// `scheme://host[:port]`, in lower case and without the scheme's own port. A key belongs to this.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The host without its port; IPv6 addresses keep their brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether a request goes over plain HTTP, which a page served by HTTPS may not use.
    pub fn is_plain_http(&self) -> bool {
        self.origin.starts_with("http://")
    }

    /// What was changed to make the text a base URL, in the order it was done.
    pub fn corrections(&self) -> &[Correction] {
        &self.corrections
    }

    /// The base itself, without a slash at its end.
    pub fn base(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }

    /// The URL that the request is sent to.
    pub fn chat_completions(&self) -> String {
        format!("{}{}/chat/completions", self.origin, self.path)
    }

    /// The URL that lists the endpoint's models.
    pub fn models(&self) -> String {
        format!("{}{}/models", self.origin, self.path)
    }

    /// The URL where vLLM tells its version: beside `/v1`, not below it.
    pub fn version(&self) -> String {
        let root = self.path.strip_suffix("/v1").unwrap_or(&self.path);
        format!("{}{root}/version", self.origin)
    }

    /// Where the host is, as far as its name tells.
    pub fn reach(&self) -> Reach {
        reach_of(&self.host)
    }
}

fn split_scheme(
    text: &str,
    corrections: &mut Vec<Correction>,
) -> Result<(String, String), BaseUrlError> {
    if let Some((scheme, rest)) = text.split_once("://") {
        let scheme = scheme.to_ascii_lowercase();
        return match scheme.as_str() {
            "http" | "https" => Ok((scheme, rest.to_owned())),
            _ => Err(BaseUrlError::Scheme(scheme)),
        };
    }
    let rest = text.trim_start_matches('/').to_owned();
    // `mailto:x` and `file:/x` have a scheme; `localhost:8000` has a port.
    if let Some((before, after)) = rest.split_once(':')
        && !before.contains(['/', '.', '['])
        && before != "localhost"
        && !after.starts_with(|c: char| c.is_ascii_digit())
    {
        return Err(BaseUrlError::Scheme(before.to_ascii_lowercase()));
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, _) = split_port(&rest[..end])?;
    // A local server seldom has a certificate, a public one seldom lacks it.
    let scheme = match reach_of(&host) {
        Reach::Public => "https",
        Reach::Loopback | Reach::Private => "http",
    };
    corrections.push(Correction::Scheme(scheme));
    Ok((scheme.to_owned(), rest))
}

fn split_port(authority: &str) -> Result<(String, Option<u16>), BaseUrlError> {
    let after_brackets = authority.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = match authority[after_brackets..].rfind(':') {
        Some(at) => (
            &authority[..after_brackets + at],
            Some(&authority[after_brackets + at + 1..]),
        ),
        None => (authority, None),
    };
    let port = match port {
        None | Some("") => None,
        Some(digits) => match digits.parse::<u16>() {
            Ok(number) if number > 0 && digits.bytes().all(|b| b.is_ascii_digit()) => Some(number),
            _ => return Err(BaseUrlError::Port(digits.to_owned())),
        },
    };
    Ok((host.to_ascii_lowercase(), port))
}

/// An IPv6 address in brackets, or anything without the characters that the URL standard forbids in
/// a host. Whether it exists is the network's to say.
fn is_host(host: &str) -> bool {
    if let Some(address) = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    !host.contains(['[', ']', ':', '<', '>', '^', '|', '%', '\\', '"'])
}

fn tidy_path(path: &str, corrections: &mut Vec<Correction>) -> String {
    let mut path = path.trim_end_matches('/').to_owned();
    for call in ["/chat/completions", "/chat"] {
        if let Some(shorter) = path.strip_suffix(call) {
            path = shorter.trim_end_matches('/').to_owned();
            corrections.push(Correction::CallPath);
            break;
        }
    }
    if path.is_empty() && !corrections.contains(&Correction::CallPath) {
        path.push_str("/v1");
        corrections.push(Correction::Version);
    }
    path
}

fn reach_of(host: &str) -> Reach {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if bare == "localhost" || bare.ends_with(".localhost") || bare == "::1" {
        return Reach::Loopback;
    }
    if let Ok(address) = bare.parse::<std::net::Ipv4Addr>() {
        return if address.is_loopback() || address.is_unspecified() {
            Reach::Loopback
        } else if address.is_private() || address.is_link_local() {
            Reach::Private
        } else {
            Reach::Public
        };
    }
    if let Ok(address) = bare.parse::<std::net::Ipv6Addr>() {
        let first = address.segments()[0];
        return if first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80 {
            Reach::Private
        } else {
            Reach::Public
        };
    }
    if bare.ends_with(".local") || bare.ends_with(".internal") || !bare.contains('.') {
        return Reach::Private;
    }
    Reach::Public
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
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
            ("builtin", BaseUrlError::Builtin),
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
        let origin = |typed| BaseUrl::parse(typed, PAGE).unwrap().origin().to_owned();
        assert_eq!(origin("https://H.example:443/v1"), "https://h.example");
        assert_eq!(origin("http://h.example:443/v1"), "http://h.example:443");
        assert_eq!(origin("/proxy"), PAGE);
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
}
