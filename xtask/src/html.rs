//! The start tags of an HTML document, for questions about its attributes. No tree, no
//! corrections: it reads what trunk writes, and takes nothing for a tag that a browser would not.

/// A start tag.
#[derive(Debug, PartialEq)]
pub struct Tag<'a> {
    /// In lower case.
    pub name: String,
    /// Names in lower case, values as written (empty where there is none).
    pub attributes: Vec<(String, &'a str)>,
    /// Where its `<` is.
    pub start: usize,
    /// Where what follows its `>` begins.
    pub end: usize,
}

impl Tag<'_> {
    /// The value of an attribute, if the tag has it.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| *value)
    }
}

/// All start tags in order. What is inside a comment, a script or a style is none.
pub fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(start) = html[at..].find('<').map(|offset| at + offset) {
        let rest = &html[start..];
        if rest.starts_with("<!--") {
            at = rest.find("-->").map_or(html.len(), |end| start + end + 3);
        } else if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            let tag = tag(html, start);
            at = if matches!(tag.name.as_str(), "script" | "style") {
                content_end(html, &tag)
            } else {
                tag.end
            };
            tags.push(tag);
        } else {
            at = start + 1;
        }
    }
    tags
}

/// Where the content of an element that holds only text (a script, a style) ends: at its end tag.
pub fn content_end(html: &str, tag: &Tag<'_>) -> usize {
    let wanted = format!("</{}", tag.name);
    html[tag.end..]
        .to_ascii_lowercase()
        .find(&wanted)
        .map_or(html.len(), |offset| tag.end + offset)
}

fn tag(html: &str, start: usize) -> Tag<'_> {
    let name_end = html[start + 1..]
        .find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'))
        .map_or(html.len(), |length| start + 1 + length);
    let mut attributes = Vec::new();
    let mut rest = &html[name_end..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() || rest.starts_with('>') {
            break;
        }
        // A name that begins with `=` keeps it, as in browsers; so every turn consumes something.
        let length = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/'))
            .map_or(rest.len(), |(index, _)| index);
        let (name, after) = rest.split_at(length);
        rest = after;
        let mut value = "";
        if let Some(after) = rest.trim_start().strip_prefix('=') {
            (value, rest) = attribute_value(after.trim_start());
        }
        attributes.push((name.to_ascii_lowercase(), value));
    }
    let end = html.len() - rest.len() + usize::from(rest.starts_with('>'));
    Tag {
        name: html[start + 1..name_end].to_ascii_lowercase(),
        attributes,
        start,
        end,
    }
}

/// The value at the start of `text`, quoted or bare, and what follows it.
fn attribute_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    let length = text
        .find(|c: char| c.is_ascii_whitespace() || c == '>')
        .unwrap_or(text.len());
    text.split_at(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(html: &str) -> Vec<String> {
        tags(html).into_iter().map(|tag| tag.name).collect()
    }

    #[test]
    fn tags_are_found_where_a_browser_sees_them() {
        let html =
            "<!doctype html><HTML><!-- <a> --><script>if (a <b) '<p>'</SCRIPT><br/>1 < 2</html>";
        assert_eq!(names(html), ["html", "script", "br"]);
        assert_eq!(names("<a <b"), ["a"]);
        assert_eq!(names("<"), Vec::<String>::new());
        assert_eq!(names("<script>never closed <p>"), ["script"]);
    }

    #[test]
    fn attributes_are_read_however_they_are_quoted() {
        let html = "<p A='>1' b = \"2\" c=/x d e=\"\">rest";
        let tags = tags(html);
        let attributes: Vec<_> = tags[0]
            .attributes
            .iter()
            .map(|(name, value)| (name.as_str(), *value))
            .collect();
        assert_eq!(
            attributes,
            [("a", ">1"), ("b", "2"), ("c", "/x"), ("d", ""), ("e", "")]
        );
        assert_eq!(&html[tags[0].end..], "rest");
        assert_eq!(tags[0].attribute("d"), Some(""));
        assert_eq!(tags[0].attribute("f"), None);
    }
}
