//! Where links and images lead, and which of them may be followed.
//!
//! A model's text is not to be trusted: `javascript:` runs code, and an address that looks like one of
//! the page's own leads elsewhere than the reader thinks. Only three schemes are let through.

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// To an address with `http`, `https` or `mailto`.
    Open(String),
    /// Elsewhere: told, not followed.
    Closed(String),
}

/// Where an image is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageTarget {
    /// At an address with `http` or `https`.
    Remote {
        /// The address.
        url: String,
        /// Who would be asked for it: host and port.
        host: String,
    },
    /// Anywhere else: told, not loaded.
    Closed(String),
}

impl LinkTarget {
    /// Judges an address.
    pub fn of(url: &str) -> Self {
        match scheme(url).as_deref() {
            Some("http" | "https") if host(url).is_some() => Self::Open(url.to_owned()),
            Some("mailto") => Self::Open(url.to_owned()),
            _ => Self::Closed(url.to_owned()),
        }
    }
}

impl ImageTarget {
    /// Judges an address.
    pub fn of(url: &str) -> Self {
        match (scheme(url).as_deref(), host(url)) {
            (Some("http" | "https"), Some(host)) => Self::Remote {
                url: url.to_owned(),
                host: host.to_owned(),
            },
            _ => Self::Closed(url.to_owned()),
        }
    }
}

/// The scheme in lower case. Browsers drop tabs and line ends inside an address and spaces before it,
/// so an address with any of them has none.
fn scheme(url: &str) -> Option<String> {
    if url.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return None;
    }
    let (scheme, _) = url.split_once(':')?;
    scheme
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
        .then(|| scheme.to_ascii_lowercase())
}

/// Host and port of an address with two slashes.
fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_three_schemes_are_open() {
        for open in [
            "http://a.test",
            "HTTPS://a.test/b?c=javascript:1",
            "mailto:a@b.test",
        ] {
            assert_eq!(LinkTarget::of(open), LinkTarget::Open(open.to_owned()));
        }
        for closed in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\tscript:alert(1)",
            " javascript:alert(1)",
            "\u{1}javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:http://a.test/1",
            "//a.test",
            "/path",
            "#place",
            "a.test",
            "http:",
            "http:///a",
            "",
        ] {
            assert_eq!(
                LinkTarget::of(closed),
                LinkTarget::Closed(closed.to_owned()),
                "{closed:?}"
            );
        }
    }

    #[test]
    fn images_name_the_host_that_would_be_asked() {
        let host = |url: &str| match ImageTarget::of(url) {
            ImageTarget::Remote { host, .. } => Some(host),
            ImageTarget::Closed(_) => None,
        };
        assert_eq!(
            host("https://good.test@evil.test:81/a.png?b"),
            Some("evil.test:81".to_owned())
        );
        assert_eq!(
            host("https://evil.test\\@good.test/"),
            Some("evil.test".to_owned())
        );
        assert_eq!(host("data:image/png;base64,AA"), None);
        assert_eq!(host("mailto:a@b.test"), None);
        assert_eq!(host("a.png"), None);
    }
}
