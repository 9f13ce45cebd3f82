//! Lists of validation errors, made readable.
//!
//! vLLM and other servers built on FastAPI and Pydantic tell of them in three ways: a JSON list
//! under `detail`, the same list as Python writes it inside a message (with all of the input
//! repeated), and Pydantic's own text of many lines. Each becomes one line for a problem: where it
//! is, a colon, and what.

use serde_json::Value;

use super::python_literal;

/// The problems that a message lists, or none if it is no such list.
pub(super) fn read_message(message: &str) -> Vec<String> {
    let message = message.trim();
    if message.starts_with("[{") {
        return read_items(&python_literal::read_list(message));
    }
    read_pydantic_text(message)
}

/// The problems of a JSON list of them.
pub(super) fn read_list(list: &Value) -> Vec<String> {
    list.as_array()
        .map(|items| read_items(items))
        .unwrap_or_default()
}

fn read_items(items: &[Value]) -> Vec<String> {
    let mut lines = Vec::new();
    for line in items.iter().filter_map(read_item) {
        // A union of types reports the same problem once for each of its branches.
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

fn read_item(item: &Value) -> Option<String> {
    let what = item.get("msg")?.as_str()?;
    let what = what.strip_prefix("Value error, ").unwrap_or(what);
    let place = item.get("loc").and_then(Value::as_array);
    let place = place.map(Vec::as_slice).unwrap_or_default();
    let place = match place {
        [Value::String(first), rest @ ..] if first == "body" => rest,
        all => all,
    };
    if item.get("type").is_some_and(|kind| kind == "json_invalid") {
        // Here the place is not a member of the body but a position in its text.
        let at = place.first().map(|at| format!(" at character {at}"));
        let why = item.pointer("/ctx/error").and_then(Value::as_str);
        let why = why.map(|why| format!(": {why}"));
        return Some(format!(
            "{what}{}{}",
            at.unwrap_or_default(),
            why.unwrap_or_default()
        ));
    }
    let place: Vec<String> = place.iter().filter_map(place_name).collect();
    Some(line(&place.join("."), what))
}

/// One step of a place, unless it names a wrapper or a type inside the server, such as
/// `function-wrap[__log_extra_fields__()]`.
fn place_name(step: &Value) -> Option<String> {
    match step {
        Value::String(name) if name.contains('[') => None,
        Value::String(name) => Some(name.clone()),
        other => Some(other.to_string()),
    }
}

fn line(place: &str, what: &str) -> String {
    if place.is_empty() {
        what.to_owned()
    } else {
        format!("{place}: {what}")
    }
}

/// Reads "2 validation errors for Name", then for each a line with the place and an indented one
/// with the problem.
fn read_pydantic_text(text: &str) -> Vec<String> {
    let mut source = text.lines();
    let heading = source.next().unwrap_or_default();
    let Some((count, rest)) = heading.split_once(' ') else {
        return Vec::new();
    };
    let is_heading =
        rest.starts_with("validation error for ") || rest.starts_with("validation errors for ");
    if !is_heading || count.parse::<u32>().is_err() {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let mut place = "";
    for row in source {
        match row.strip_prefix("  ") {
            None => place = row.trim(),
            Some(link) if link.starts_with("  ") => {}
            Some(what) => {
                let what = what.rsplit_once(" [type=").map_or(what, |(what, _)| what);
                let line = line(place, what);
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_python_list_becomes_lines_without_the_input() {
        let message = "[{'type': 'string_type', 'loc': ('body', 'documents', 0, 'text'), 'msg': \
             'Input should be a valid string', 'input': 5}, {'type': 'value_error', 'loc': \
             ('body',), 'msg': \"Value error, don't\", 'input': {'a': [None, True, -1.5]}, 'ctx': \
             {'error': ValueError('don\\'t')}}]";
        assert_eq!(
            read_message(message),
            ["documents.0.text: Input should be a valid string", "don't"]
        );
    }

    #[test]
    fn a_list_that_was_cut_gives_what_is_whole() {
        let message = "[{'loc': ('body', 'n'), 'msg': 'bad'}, {'loc': ('body', 'messa";
        assert_eq!(read_message(message), ["n: bad"]);
    }

    #[test]
    fn a_position_in_bad_json_is_no_member() {
        let list = json!([{"type": "json_invalid", "loc": ["body", 31], "msg": "JSON decode error",
            "ctx": {"error": "Expecting value"}}]);
        assert_eq!(
            read_list(&list),
            ["JSON decode error at character 31: Expecting value"]
        );
    }

    #[test]
    fn wrappers_are_left_out_and_repeats_told_once() {
        let item = json!({"loc": ["body", "response_format", "function-wrap[x()]", "type"],
            "msg": "Field required"});
        assert_eq!(
            read_list(&json!([item, item])),
            ["response_format.type: Field required"]
        );
    }

    #[test]
    fn pydantic_text_becomes_lines() {
        let text = "2 validation errors for Parts\n0.Text.type\n  Input should be 'text' \
            [type=literal_error, input_value='x', input_type=str]\n    For further information \
            visit https://errors.pydantic.dev\n0.File.file\n  Field required [type=missing]";
        assert_eq!(
            read_message(text),
            [
                "0.Text.type: Input should be 'text'",
                "0.File.file: Field required"
            ]
        );
        let text = "1 validation error for list[x]\n  Invalid JSON [type=json_invalid, y]";
        assert_eq!(read_message(text), ["Invalid JSON"]);
    }

    #[test]
    fn other_messages_are_no_list() {
        for text in [
            "",
            "[",
            "[{",
            "[11:42:05] failed",
            "3 validation",
            "n must be 1",
            "[{}]",
        ] {
            assert_eq!(read_message(text), Vec::<String>::new(), "{text}");
        }
    }
}
