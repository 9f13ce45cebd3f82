//! A JSON text as a tree that can be folded, in the spelling that it came in.
//!
//! Reading it into values and writing those out again would change how numbers and escapes are
//! written and drop all but one of two members with one name. What came is shown as it came, so the
//! tree holds pieces of the text itself; only the white space between them is not kept.

use crate::api::body::parse_json;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Anything without members, as it is written: an empty object and an empty list too.
    Leaf(Kind, String),
    /// An object or a list with members.
    Branch(Shape, Vec<Member>),
}

/// What a leaf is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Word,
    /// `{}` or `[]`.
    Empty,
}

/// What a branch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// An object.
    Object,
    /// A list.
    List,
}

impl Shape {
    /// The brackets around it.
    pub fn brackets(self) -> (&'static str, &'static str) {
        match self {
            Self::Object => ("{", "}"),
            Self::List => ("[", "]"),
        }
    }
}

/// A member of an object or an item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name with its quotes; `None` in a list.
    pub name: Option<String>,
    /// Its value.
    pub value: Node,
}

/// Reads an object or a list; `None` for text that is no JSON, and for a value that has nothing to
/// fold.
pub fn read(text: &str) -> Option<Node> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    // This also bounds how deep it is nested.
    parse_json(text).ok()?;
    let mut reader = Reader { rest: text };
    let node = reader.value()?;
    matches!(node, Node::Branch(..)).then_some(node)
}

/// Whether text that is still arriving will most likely be an object or a list in JSON, rather than
/// running text that begins with a bracket.
pub fn begins(text: &str) -> bool {
    let text = text.trim_start();
    let Some(first) = text.chars().next().filter(|c| matches!(c, '{' | '[')) else {
        return false;
    };
    let inside = text[1..].trim_start().chars().next();
    match (first, inside) {
        ('{', inside) => matches!(inside, Some('"' | '}')),
        (_, Some('{' | '"')) => true,
        (_, Some(']')) => text[1..].trim_start()[1..].trim().is_empty(),
        _ => false,
    }
}

/// Members as indented text, as they stand between the brackets; `more` says that others follow.
pub fn written(members: &[Member], more: bool) -> String {
    let mut text = String::new();
    write_members(members, 0, &mut text);
    if more {
        text.push(',');
    }
    text
}

/// Reads what [`written`] gives, and whether others follow.
pub fn read_members(shape: Shape, text: &str) -> (Vec<Member>, bool) {
    let (open, close) = shape.brackets();
    let whole = format!("{open}{text}{close}");
    let members = match (Reader { rest: &whole }).branch(shape) {
        Some(Node::Branch(_, members)) => members,
        _ => Vec::new(),
    };
    (members, text.ends_with(','))
}

fn write(node: &Node, depth: usize, text: &mut String) {
    let (shape, members) = match node {
        Node::Leaf(_, written) => return text.push_str(written),
        Node::Branch(shape, members) => (shape, members),
    };
    let (open, close) = shape.brackets();
    text.push_str(open);
    new_line(depth + 1, text);
    write_members(members, depth + 1, text);
    new_line(depth, text);
    text.push_str(close);
}

fn write_members(members: &[Member], depth: usize, text: &mut String) {
    for (at, member) in members.iter().enumerate() {
        if at > 0 {
            text.push(',');
            new_line(depth, text);
        }
        if let Some(name) = &member.name {
            text.push_str(name);
            text.push_str(": ");
        }
        write(&member.value, depth, text);
    }
}

fn new_line(depth: usize, text: &mut String) {
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
}

/// How many values there are.
pub fn size(node: &Node) -> usize {
    match node {
        Node::Leaf(..) => 1,
        Node::Branch(_, members) => {
            1 + members
                .iter()
                .map(|member| size(&member.value))
                .sum::<usize>()
        }
    }
}

/// Walks over text that is known to be JSON.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self) -> Option<Node> {
        self.skip_space();
        match self.rest.chars().next()? {
            '{' => self.branch(Shape::Object),
            '[' => self.branch(Shape::List),
            '"' => Some(Node::Leaf(Kind::Text, self.text()?)),
            first => {
                let end = self
                    .rest
                    .find(|c: char| matches!(c, ',' | ']' | '}') || c.is_ascii_whitespace());
                let written = self.take(end.unwrap_or(self.rest.len()));
                let kind = match first {
                    't' | 'f' | 'n' => Kind::Word,
                    _ => Kind::Number,
                };
                Some(Node::Leaf(kind, written))
            }
        }
    }

    fn branch(&mut self, shape: Shape) -> Option<Node> {
        let (open, close) = shape.brackets();
        self.take(1);
        let mut members = Vec::new();
        loop {
            self.skip_space();
            match self.rest.chars().next()? {
                ',' => {
                    self.take(1);
                }
                '}' | ']' => {
                    self.take(1);
                    return Some(match members.is_empty() {
                        true => Node::Leaf(Kind::Empty, format!("{open}{close}")),
                        false => Node::Branch(shape, members),
                    });
                }
                _ => members.push(self.member(shape)?),
            }
        }
    }

    fn member(&mut self, shape: Shape) -> Option<Member> {
        let name = match shape {
            Shape::List => None,
            Shape::Object => {
                let name = self.text()?;
                self.skip_space();
                // The colon.
                self.take(1);
                Some(name)
            }
        };
        let value = self.value()?;
        Some(Member { name, value })
    }

    /// A string with its quotes.
    fn text(&mut self) -> Option<String> {
        let mut escaped = false;
        let end = self.rest.bytes().skip(1).position(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        })?;
        Some(self.take(end + 2))
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, bytes: usize) -> String {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken.to_owned()
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    /// The tree as text again, without white space.
    fn compact(node: &Node) -> String {
        match node {
            Node::Leaf(_, text) => text.clone(),
            Node::Branch(shape, members) => {
                let (open, close) = shape.brackets();
                let members: Vec<String> = members
                    .iter()
                    .map(|member| {
                        let name = member.name.as_ref().map(|name| format!("{name}:"));
                        name.unwrap_or_default() + &compact(&member.value)
                    })
                    .collect();
                format!("{open}{}{close}", members.join(","))
            }
        }
    }

    #[test]
    fn spelling_and_doubles_stay() {
        let text = r#"{"a":1.0,"a":1e3,"\u00e9\"\\":[true,null,{},[ ],"x\"}"]}"#;
        let node = read(text).unwrap();
        assert_eq!(compact(&node), text.replace("[ ]", "[]"));
        assert_eq!(size(&node), 9);
    }

    #[test]
    fn what_cannot_be_folded_is_no_tree() {
        for text in [
            "", "1", "\"a\"", "{}", " [] ", "{", "[1", "{a:1}", "[1] x", "text",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(read(&deep), None);
    }

    #[test]
    fn the_beginning_tells() {
        for (text, expected) in [
            ("{", false),
            (" {\n \"a", true),
            ("{}", true),
            ("[{", true),
            ("[ \"a", true),
            ("[]", true),
            ("[](http://a.test)", false),
            ("[a](b)", false),
            ("[1]: x", false),
            ("{a}", false),
            ("text", false),
            ("", false),
        ] {
            assert_eq!(begins(text), expected, "{text}");
        }
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_tree_says_what_the_text_says(value in json()) {
            let text = value.to_string();
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            let tree = read(&pretty);
            if let Some(tree) = &tree {
                prop_assert_eq!(compact(tree), text.clone());
                if !pretty.contains("[]") && !pretty.contains("{}") {
                    let mut indented = String::new();
                    write(tree, 0, &mut indented);
                    prop_assert_eq!(indented, pretty);
                }
            } else {
                let folds = text.starts_with(['{', '[']) && text.len() > 2;
                prop_assert!(!folds);
            }
            prop_assert_eq!(tree, read(&text));
        }

        #[test]
        fn what_is_written_of_members_is_read_back(value in json(), more: bool) {
            if let Some(Node::Branch(shape, members)) = read(&value.to_string()) {
                let text = written(&members, more);
                prop_assert_eq!(read_members(shape, &text), (members, more));
            }
        }

        #[test]
        fn no_text_is_too_odd(text in any::<String>()) {
            read(&text);
            begins(&text);
        }
    }
}
