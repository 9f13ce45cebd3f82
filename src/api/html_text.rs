//! The words of an HTML page, for the error pages that proxies send in place of an answer.

use super::error_body::shorten;

/// Elements that stand inside a word or a sentence; the tags of all others separate words.
const INLINE: [&str; 7] = ["a", "b", "i", "em", "strong", "span", "code"];

/// Whether a body is a page, whatever its content type says.
pub(super) fn looks_like_html(body: &str) -> bool {
    let start: String = body.trim_start().chars().take(14).collect();
    let start = start.to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|tag| start.starts_with(tag))
}

/// The page's title and then its text, tags stripped, at most `limit` characters. "" for a page
/// without text.
pub(super) fn summary(html: &str, limit: usize) -> String {
    let mut title = String::new();
    let mut words = Words::default();
    let mut rest = html;
    while let Some((text, tag_on)) = rest.split_once('<') {
        words.add(text);
        if let Some(comment) = tag_on.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some((tag, after)) = tag_on.split_once('>') else {
            rest = "";
            break;
        };
        rest = after;
        let (is_end, tag) = tag
            .strip_prefix('/')
            .map_or((false, tag), |tag| (true, tag));
        let name = tag
            .split(|char: char| char.is_whitespace() || char == '/')
            .next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        match (name.as_str(), is_end) {
            ("script" | "style", false) => rest = skip_element(rest, &name),
            ("title", true) => title = std::mem::take(&mut words).text,
            (name, _) if INLINE.contains(&name) => {}
            _ => words.pending_space = true,
        }
    }
    words.add(rest);
    let text = words.text;
    // Pages of errors like to say their title again.
    let whole = match (title.is_empty(), text.strip_prefix(&title)) {
        (true, _) => text,
        (false, Some("")) => title,
        (false, Some(more)) => format!("{title}: {}", more.trim_start()),
        (false, None) if text.is_empty() => title,
        (false, None) => format!("{title}: {text}"),
    };
    shorten(&whole, limit)
}

/// What follows the start of the end tag of an element whose content is no text.
fn skip_element<'a>(rest: &'a str, name: &str) -> &'a str {
    rest.match_indices("</")
        .find(|&(at, _)| {
            let found = rest.get(at + 2..at + 2 + name.len());
            found.is_some_and(|found| found.eq_ignore_ascii_case(name))
        })
        .map_or("", |(at, _)| &rest[at..])
}

/// Text with its white space collapsed.
#[derive(Default)]
struct Words {
    text: String,
    pending_space: bool,
}

impl Words {
    fn add(&mut self, text: &str) {
        for char in decode_entities(text).chars() {
            if char.is_whitespace() {
                self.pending_space = true;
                continue;
            }
            if std::mem::take(&mut self.pending_space) && !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push(char);
        }
    }
}

/// Decodes the entities that error pages have. Others stay as they are.
fn decode_entities(text: &str) -> String {
    let pairs = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    pairs.iter().fold(text.to_owned(), |text, (entity, char)| {
        text.replace(entity, char)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_said_twice_is_kept_once() {
        let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center>\
            <h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.25</center></body></html>";
        assert_eq!(summary(page, 300), "502 Bad Gateway: nginx/1.25");
        assert_eq!(summary("<title>Down</title><h1>Down</h1>", 300), "Down");
        assert_eq!(summary("<title>Down</title>", 300), "Down");
    }

    #[test]
    fn scripts_styles_and_comments_are_no_text() {
        let page = "<style>p{}</STYLE><script>if (a<b) x()</script><!-- <p>no</p> --><p>Not <b>\
            a</b>llowed &amp; b<br>so there<p";
        assert_eq!(summary(page, 300), "Not allowed & b so there");
        assert_eq!(summary("<script>never ends", 300), "");
    }

    #[test]
    fn a_long_page_is_cut() {
        let text = summary(&format!("<p>{}</p>", "é".repeat(500)), 300);
        assert_eq!(text.chars().count(), 300);
        assert!(text.ends_with("é…"));
    }
}
