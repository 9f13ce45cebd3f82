//! A look at regular expressions, grammars and schemas: mistakes that every library trips over.
//!
//! Not parsers: a pattern that passes here may still be wrong, one that fails here is wrong anywhere.

use serde_json::Value;

/// Whether a regular expression is at least balanced; else why not, as part of a sentence.
pub(super) fn regex(pattern: &str) -> Result<(), String> {
    let mut open = Vec::new();
    let mut chars = pattern.char_indices().peekable();
    let mut quantifiable = false;
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                if chars.next().is_none() {
                    return Err("it ends in a backslash".to_owned());
                }
                quantifiable = true;
            }
            '[' => {
                // A bracket that comes first, or first after ^, stands for itself.
                if matches!(chars.peek(), Some((_, '^'))) {
                    chars.next();
                }
                if matches!(chars.peek(), Some((_, ']'))) {
                    chars.next();
                }
                loop {
                    match chars.next() {
                        Some((_, '\\')) => {
                            chars.next();
                        }
                        Some((_, ']')) => break,
                        Some(_) => {}
                        None => return Err(format!("the [ at position {at} is never closed")),
                    }
                }
                quantifiable = true;
            }
            '(' => {
                open.push(at);
                quantifiable = false;
                // The ? of (?:…) is no quantifier.
                if matches!(chars.peek(), Some((_, '?'))) {
                    chars.next();
                }
            }
            ')' => {
                if open.pop().is_none() {
                    return Err(format!("the ) at position {at} was never opened"));
                }
                quantifiable = true;
            }
            '*' | '+' | '?' if !quantifiable => {
                return Err(format!("the {c} at position {at} has nothing to repeat"));
            }
            '|' => quantifiable = false,
            _ => quantifiable = true,
        }
    }
    match open.pop() {
        Some(at) => Err(format!("the ( at position {at} is never closed")),
        None => Ok(()),
    }
}

/// Whether a grammar, GBNF or Lark, is at least balanced and has a rule; else why not.
pub(super) fn grammar(text: &str) -> Result<(), String> {
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut has_rule = false;
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '#' => break,
                '/' if chars.peek() == Some(&'/') => break,
                // Lark's patterns stand between slashes.
                '"' | '\'' | '/' => close(&mut chars, c, number)?,
                // A class in GBNF, an optional part in Lark.
                '[' | '(' => open.push((c, number)),
                '\\' => {
                    chars.next();
                }
                ')' | ']' => {
                    let opener = if c == ')' { '(' } else { '[' };
                    if open.pop().is_none_or(|(last, _)| last != opener) {
                        return Err(format!("line {number} closes a {c} that was not opened"));
                    }
                }
                ':' => has_rule = true,
                _ => {}
            }
            // What stands in a class of GBNF stands for itself.
            if c == '[' && text.contains("::=") {
                class(&mut chars, number)?;
                open.pop();
            }
        }
    }
    if let Some((c, number)) = open.pop() {
        return Err(format!("the {c} in line {number} is never closed"));
    }
    if !has_rule {
        return Err("it has no rule, such as root ::= \"yes\" | \"no\"".to_owned());
    }
    Ok(())
}

fn close(chars: &mut impl Iterator<Item = char>, quote: char, line: usize) -> Result<(), String> {
    while let Some(c) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == quote {
            return Ok(());
        }
    }
    Err(format!("the {quote} in line {line} is never closed"))
}

fn class(chars: &mut impl Iterator<Item = char>, line: usize) -> Result<(), String> {
    while let Some(c) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == ']' {
            return Ok(());
        }
    }
    Err(format!("the [ in line {line} is never closed"))
}

const TYPES: &[&str] = &[
    "string", "number", "integer", "boolean", "object", "array", "null",
];

/// Deeper schemas are not looked at: they may come from anywhere, and a stack is finite.
const DEEPEST: usize = 40;

/// The first `type` of a schema that is none, with its path.
pub(super) fn unknown_type(schema: &Value, path: &str) -> Option<(String, String)> {
    search(schema, path, DEEPEST)
}

fn search(schema: &Value, path: &str, depth: usize) -> Option<(String, String)> {
    let schema = schema.as_object()?;
    let depth = depth.checked_sub(1)?;
    if let Some(kind) = schema.get("type").and_then(Value::as_str)
        && !TYPES.contains(&kind)
    {
        return Some((format!("{path}.type"), kind.to_owned()));
    }
    if let Some(Value::Object(properties)) = schema.get("properties") {
        for (key, inner) in properties {
            let found = search(inner, &format!("{path}.properties.{key}"), depth);
            if found.is_some() {
                return found;
            }
        }
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        if let Some(Value::Array(all)) = schema.get(key) {
            for (index, inner) in all.iter().enumerate() {
                let found = search(inner, &format!("{path}.{key}[{index}]"), depth);
                if found.is_some() {
                    return found;
                }
            }
        }
    }
    search(schema.get("items")?, &format!("{path}.items"), depth)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn regexes() {
        for good in [
            "",
            "a+",
            r"\d{3}-\d{4}",
            "[]a]+",
            "[^]]*",
            r"[\]]",
            "(?:a|b)*?",
            "(?i)x",
            "^a|b$",
            "a{2,}",
            r"\(",
            "(a*)+",
            "x?+",
            "|a",
        ] {
            assert_eq!(regex(good), Ok(()), "{good}");
        }
        for bad in ["(unclosed", "a)", "[a", r"a\", "*a", "(+)", "a|*"] {
            assert!(regex(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn grammars() {
        for good in [
            "root ::= \"yes\" | \"no\"",
            "root ::= (\"a\" | [b-z(]+) # a comment (",
            "start: \"a\" [\"b\"]\nNAME: /[a-z(]+/",
            "?start: sum // (\nsum: \"x\"",
            "root ::= [^\"\\\\] [']",
        ] {
            assert_eq!(grammar(good), Ok(()), "{good}");
        }
        for bad in [
            "root ::= (",
            "",
            "yes or no",
            "root ::= \"a",
            "root ::= [a",
            "root ::= )",
        ] {
            assert!(grammar(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn schema_types() {
        let schema =
            json!({"type": "object", "properties": {"a": {"anyOf": [{"type": "banana"}]}}});
        assert_eq!(
            unknown_type(&schema, "guided_json").unwrap().0,
            "guided_json.properties.a.anyOf[0].type"
        );
        assert_eq!(
            unknown_type(&json!({"type": ["string", "null"]}), "x"),
            None
        );
        assert_eq!(unknown_type(&json!(true), "x"), None);
    }
}
