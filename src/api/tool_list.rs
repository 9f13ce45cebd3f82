//! Tools as people have them at hand: an array for `tools`, one tool, or the functions of the older
//! `functions` parameter, which had no `type` around them. A whole request is taken for what it holds.

use serde_json::{Value, json};
use thiserror::Error;

use super::body::{BodyError, kind_of, parse_json};

/// Why a text holds no tools.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ToolListError {
    /// The text is no JSON.
    #[error("Not valid JSON. {0}")]
    NotJson(#[from] BodyError),
    /// A list without items.
    #[error("The list is empty.")]
    Empty,
    /// An item that is no object.
    #[error("Tool {at} is {found}; a tool is an object.")]
    NotAnObject {
        /// Its place in the list, from 1.
        at: usize,
        /// What it is, with its article.
        found: &'static str,
    },
    /// An object that has neither a function nor the name of one.
    #[error(
        "Tool {0} has no function with a name. A tool is {{\"type\": \"function\", \"function\": {{\"name\": \"…\"}}}}, or just the function."
    )]
    NoName(usize),
    /// The name of a function is no text.
    #[error("The name of tool {at} is {found}; a name is a string.")]
    Name {
        /// Its place in the list, from 1.
        at: usize,
        /// What it is, with its article.
        found: &'static str,
    },
}

/// Reads tools, each as `tools` has it: bare functions get their `type`. Other keys stay as they are.
///
/// # Errors
/// Says which item is no tool, and why.
pub fn read(text: &str) -> Result<Vec<Value>, ToolListError> {
    let given = parse_json(text)?;
    let items = match given {
        Value::Array(items) => items,
        Value::Object(mut request) if !request.contains_key("name") => {
            let list = ["tools", "functions"]
                .into_iter()
                .find_map(|key| request.get(key)?.is_array().then(|| request.remove(key)));
            match list.flatten() {
                Some(Value::Array(items)) => items,
                _ => vec![Value::Object(request)],
            }
        }
        one => vec![one],
    };
    if items.is_empty() {
        return Err(ToolListError::Empty);
    }
    let numbered = items.into_iter().enumerate();
    numbered.map(|(at, item)| tool(item, at + 1)).collect()
}

fn tool(item: Value, at: usize) -> Result<Value, ToolListError> {
    if !item.is_object() {
        let found = kind_of(&item);
        return Err(ToolListError::NotAnObject { at, found });
    }
    let inside = item.get("function").is_some();
    let function = item.get("function").unwrap_or(&item);
    match function.get("name") {
        None => Err(ToolListError::NoName(at)),
        Some(Value::String(_)) if inside => Ok(item),
        Some(Value::String(_)) => Ok(bare(item)),
        Some(other) => Err(ToolListError::Name {
            at,
            found: kind_of(other),
        }),
    }
}

/// A function without its tool around it. OpenAI's Responses API writes `type` beside the name.
fn bare(mut function: Value) -> Value {
    if let Value::Object(members) = &mut function
        && members.get("type").and_then(Value::as_str) == Some("function")
    {
        members.shift_remove("type");
    }
    json!({"type": "function", "function": function})
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_of_tools_becomes_a_list() {
        let tool = json!({"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}});
        let function = tool["function"].clone();
        for given in [
            json!([tool]),
            tool.clone(),
            json!([function]),
            function.clone(),
            json!({"tools": [tool], "model": "m"}),
            json!({"functions": [function]}),
            json!({"type": "function", "name": "f", "parameters": {"type": "object"}}),
        ] {
            assert_eq!(
                read(&given.to_string()).unwrap(),
                std::slice::from_ref(&tool),
                "{given}"
            );
        }
        // A function may be called anything, and have any key.
        let named = json!({"name": "tools", "tools": [1]});
        assert_eq!(read(&named.to_string()).unwrap()[0]["function"], named);
        let spelled = r#"[{"name":"f","parameters":{"maximum":1.50}}]"#;
        assert!(read(spelled).unwrap()[0].to_string().contains("1.50"));
    }

    #[test]
    fn what_is_no_tool_says_which_and_why() {
        for (text, words) in [
            ("[", "Line 1, column 1"),
            ("", "Line 1"),
            ("[]", "The list is empty."),
            ("[{\"name\":\"a\"}, 5]", "Tool 2 is a number"),
            ("\"get_weather\"", "Tool 1 is a string"),
            ("{}", "Tool 1 has no function with a name"),
            (
                "[{\"type\":\"function\",\"function\":{}}]",
                "Tool 1 has no function",
            ),
            ("[{\"name\":7}]", "The name of tool 1 is a number"),
        ] {
            let told = read(text).unwrap_err().to_string();
            assert!(told.contains(words), "{text}: {told}");
        }
    }
}
