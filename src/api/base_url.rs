//! The base URL of an endpoint: read with care from what a person typed, and corrected in the open.
//!
//! People paste what they have: the full path of the call, a trailing slash (which vLLM answers
//! with a 307 that a browser may not follow across origins), no scheme, no `/v1`. Every change made
//! is reported, and the final URL is always shown.

use thiserror::Error;

/// The path under the page's own origin that `cargo xtask serve --proxy` forwards.
pub const PROXY_PATH: &str = "/proxy";

/// The base URL of the endpoint inside the page: a word, because it has no host.
pub const BUILTIN: &str = "builtin";

/// The path of the call below every base.
const CALL_PATH: &str = "/chat/completions";

/// Where `cargo xtask endpoint` serves the built-in endpoint over HTTP: host and origin.
const BUILTIN_OVER_HTTP: (&str, &str) = ("127.0.0.1", "http://127.0.0.1:8000");

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
pub struct BaseUrl(Place);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// Inside the page: the built-in endpoint.
    Page,
    Server(Server),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Server {
    origin: String,
    host: String,
    path: String,
    corrections: Vec<Correction>,
}

impl BaseUrl {
    /// Reads what a person typed or a link brought. A text that begins with `/` is a path of the
    /// page's own origin, for example [`PROXY_PATH`]; [`BUILTIN`] is the endpoint inside the page.
    ///
    /// # Errors
    /// Says what is missing or cannot be used.
    pub fn parse(typed: &str, page_origin: &str) -> Result<Self, BaseUrlError> {
        if names_builtin(typed) {
            return Ok(Self(Place::Page));
        }
        Server::parse(typed, page_origin).map(|server| Self(Place::Server(server)))
    }

    /// Whether it is the built-in endpoint, which is asked inside the page and by no request.
    pub fn is_builtin(&self) -> bool {
        self.0 == Place::Page
    }

    /// The base URL for programs outside the page. That is the same, but for the built-in endpoint, which
    /// they can reach only where `cargo xtask endpoint` serves it.
    #[must_use]
    pub fn for_programs(&self) -> Self {
        match &self.0 {
            Place::Server(_) => self.clone(),
            Place::Page => {
                let (host, origin) = BUILTIN_OVER_HTTP;
                Self(Place::Server(Server {
                    origin: origin.into(),
                    host: host.into(),
                    path: "/v1".into(),
                    corrections: Vec::new(),
                }))
            }
        }
    }

    fn server(&self) -> Option<&Server> {
        match &self.0 {
            Place::Page => None,
            Place::Server(server) => Some(server),
        }
    }

    /// `scheme://host[:port]`, in lower case and without the scheme's own port. A key belongs to this.
    /// `None` for the built-in endpoint, which takes no key.
    pub fn origin(&self) -> Option<&str> {
        Some(&self.server()?.origin)
    }

    /// The host without its port; IPv6 addresses keep their brackets. `None` for the built-in endpoint.
    pub fn host(&self) -> Option<&str> {
        Some(&self.server()?.host)
    }

    /// Whether a request goes over plain HTTP, which a page served by HTTPS may not use.
    pub fn is_plain_http(&self) -> bool {
        self.origin()
            .is_some_and(|origin| origin.starts_with("http://"))
    }

    /// What was changed to make the text a base URL, in the order it was done.
    pub fn corrections(&self) -> &[Correction] {
        self.server().map_or(&[], |server| &server.corrections)
    }

    /// The base itself, without a slash at its end.
    pub fn base(&self) -> String {
        match &self.0 {
            Place::Page => BUILTIN.to_owned(),
            Place::Server(server) => format!("{}{}", server.origin, server.path),
        }
    }

    /// The URL that the request is sent to.
    pub fn chat_completions(&self) -> String {
        format!("{}{CALL_PATH}", self.base())
    }

    /// The URL that lists the endpoint's models.
    pub fn models(&self) -> String {
        format!("{}/models", self.base())
    }

    /// The URL where vLLM tells its version: beside `/v1`, not below it.
    pub fn version(&self) -> String {
        let base = self.base();
        let root = base.strip_suffix("/v1").unwrap_or(&base);
        format!("{root}/version")
    }

    /// Where the host is, as far as its name tells. The built-in endpoint is on this machine.
    pub fn reach(&self) -> Reach {
        self.host().map_or(Reach::Loopback, reach_of)
    }
}

/// Whether a typed base URL is that of the built-in endpoint.
pub fn names_builtin(typed: &str) -> bool {
    let typed = typed.trim().trim_end_matches('/');
    typed
        .strip_suffix(CALL_PATH)
        .unwrap_or(typed)
        .eq_ignore_ascii_case(BUILTIN)
}

impl Server {
    fn parse(typed: &str, page_origin: &str) -> Result<Self, BaseUrlError> {
        let text = typed.trim();
        if text.is_empty() {
            return Err(BaseUrlError::Empty);
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(BaseUrlError::Space);
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
    for call in [CALL_PATH, "/chat"] {
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
mod tests;
