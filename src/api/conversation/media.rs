//! Pictures and sounds inside a message: data URLs (RFC 2397) and base64 texts, and how big they are.

/// Longer URLs are told, not shown: a box with a picture's base64 in it helps nobody.
const LONGEST_SHOWN: usize = 2000;

/// A URL that holds its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataUrl<'a> {
    /// The media type without its parameters; empty where the URL names none.
    pub media_type: &'a str,
    /// The size of the data, in bytes.
    pub bytes: usize,
}

impl<'a> DataUrl<'a> {
    /// Reads a `data:` URL; `None` for other URLs and for one without a comma, which holds nothing.
    pub fn read(url: &'a str) -> Option<Self> {
        let scheme = url.get(..5)?;
        let rest = scheme.eq_ignore_ascii_case("data:").then(|| &url[5..])?;
        let (head, data) = rest.split_once(',')?;
        let escapes = data.bytes().filter(|byte| *byte == b'%').count();
        let bytes = match head.to_ascii_lowercase().ends_with(";base64") {
            true => base64_bytes(data),
            false => data.len().saturating_sub(2 * escapes),
        };
        Some(Self {
            media_type: head.split(';').next().unwrap_or(""),
            bytes,
        })
    }

    /// Whether a page can show it as a picture.
    pub fn is_image(self) -> bool {
        self.media_type.starts_with("image/") && self.bytes > 0
    }
}

/// How many bytes a base64 text holds.
pub fn base64_bytes(text: &str) -> usize {
    let digits = text
        .bytes()
        .filter(|b| !b.is_ascii_whitespace() && *b != b'=');
    digits.count() * 3 / 4
}

/// A size for people: `512 bytes`, `12.3 kB`, `4.56 MB`.
pub fn size(bytes: usize) -> String {
    match bytes {
        0..1000 => format!("{bytes} bytes"),
        1000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.2} MB", bytes as f64 / 1e6),
    }
}

/// What is to be said of a picture's URL.
pub fn told(url: &str) -> String {
    match DataUrl::read(url) {
        Some(data) => format!("{}, {}", data.media_type, size(data.bytes)),
        None if url.is_empty() => "A URL goes here, or a file.".to_owned(),
        None => "The server fetches this. It is not loaded here.".to_owned(),
    }
}

/// A URL as a box shows it: nothing of one that is too long to read.
pub fn shown(url: &str) -> &str {
    if url.len() > LONGEST_SHOWN { "" } else { url }
}

/// The `format` of an audio file, from its name and media type; servers know `wav` and `mp3`.
pub fn audio_format(name: &str, media_type: &str) -> String {
    let extension = name
        .rsplit_once('.')
        .map(|(_, end)| end.to_ascii_lowercase());
    match (media_type, extension) {
        ("audio/mpeg" | "audio/mp3", _) => "mp3".to_owned(),
        ("audio/wav" | "audio/x-wav" | "audio/wave" | "audio/vnd.wave", _) => "wav".to_owned(),
        (_, Some(extension)) if !extension.is_empty() => extension,
        _ => "wav".to_owned(),
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn data_urls_tell_type_and_size() {
        let read = |url| DataUrl::read(url).map(|url| (url.media_type, url.bytes));
        assert_eq!(read("data:image/png;base64,AAAA"), Some(("image/png", 3)));
        assert_eq!(read("DATA:image/png;BASE64,AA=="), Some(("image/png", 1)));
        assert_eq!(
            read("data:text/plain;charset=utf-8,a%20b"),
            Some(("text/plain", 3))
        );
        assert_eq!(read("data:,x"), Some(("", 1)));
        assert_eq!(read("data:image/png"), None);
        assert_eq!(read("https://a/b.png"), None);
        assert_eq!(read("é"), None);
    }

    #[test]
    fn sizes_are_for_people() {
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(12_340), "12.3 kB");
        assert_eq!(size(4_560_000), "4.56 MB");
        assert_eq!(told("data:image/png;base64,AAAA"), "image/png, 3 bytes");
    }

    #[test]
    fn audio_formats_come_from_the_file() {
        assert_eq!(audio_format("a.bin", "audio/mpeg"), "mp3");
        assert_eq!(audio_format("a.WAV", ""), "wav");
        assert_eq!(audio_format("a.ogg", "audio/ogg"), "ogg");
        assert_eq!(audio_format("a", ""), "wav");
    }

    proptest! {
        #[test]
        fn no_url_is_too_odd(url in "(data:)?[a-z/;,%=é0-9]{0,30}") {
            let _ = told(&url);
        }
    }
}
