//! Where code sends a request.

use crate::api::base_url::{BaseUrl, BaseUrlError};

/// Where code sends a request: absolute, and encoded as a browser would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    origin: String,
    base_path: String,
    stand_in: bool,
}

impl Address {
    /// Reads what stands in the box for the base URL. The endpoint inside the page is not to be had
    /// elsewhere: what serves the same model outside of it takes its place.
    ///
    /// # Errors
    /// Says what is missing or cannot be used.
    pub fn read(typed: &str, page_origin: &str) -> Result<Self, BaseUrlError> {
        let typed = BaseUrl::parse(typed, page_origin)?;
        let stand_in = typed.is_builtin();
        let base = typed.for_programs();
        let origin = base.origin().unwrap_or_default().to_owned();
        let whole = base.base();
        let path = whole.strip_prefix(&origin).unwrap_or_default();
        Ok(Self {
            base_path: encoded(path),
            origin,
            stand_in,
        })
    }

    /// The base URL, without a slash at its end.
    pub fn base(&self) -> String {
        format!("{}{}", self.origin, self.base_path)
    }

    /// The URL of the call.
    pub fn url(&self) -> String {
        format!("{}{}", self.origin, self.path())
    }

    /// The path of the call.
    pub fn path(&self) -> String {
        format!("{}/chat/completions", self.base_path)
    }

    /// The host with its port, where it is not the scheme's own.
    pub fn host(&self) -> &str {
        let host = self.origin.split_once("://");
        host.map_or(self.origin.as_str(), |(_, host)| host)
    }

    /// Whether this stands for the endpoint inside the page.
    pub fn is_stand_in(&self) -> bool {
        self.stand_in
    }
}

/// A path as a browser sends it: what the URL standard's set for paths names is percent-encoded, and a
/// backslash is a slash.
fn encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '\\' => encoded.push('/'),
            '"' | '<' | '>' | '^' | '`' | '{' | '}' | ' ' => percent(c, &mut encoded),
            c if c.is_ascii_graphic() => encoded.push(c),
            c => percent(c, &mut encoded),
        }
    }
    encoded
}

fn percent(c: char, to: &mut String) {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        to.push_str(&format!("%{byte:02X}"));
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_call_is_where_the_page_sends_it() {
        let read = |typed| Address::read(typed, "http://page:8080").unwrap();
        assert_eq!(
            read("localhost:8000").url(),
            "http://localhost:8000/v1/chat/completions"
        );
        assert_eq!(read("/proxy").base(), "http://page:8080/proxy");
        let odd = read("https://h.example/ü{x}'s\\v1");
        assert_eq!(odd.path(), "/%C3%BC%7Bx%7D's/v1/chat/completions");
        assert_eq!(odd.host(), "h.example");
        assert!(Address::read("ftp://h", "").is_err());
    }

    #[test]
    fn the_endpoint_inside_the_page_has_a_stand_in() {
        let address = Address::read(" builtin", "http://page").unwrap();
        assert_eq!(address.base(), "http://127.0.0.1:8000/v1");
        assert!(address.is_stand_in());
        assert!(!Address::read(&address.base(), "").unwrap().is_stand_in());
    }
}
