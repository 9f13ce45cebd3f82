//! Paths into a body, such as `messages[2].tool_call_id`, for telling where a problem is.

use serde_json::{Map, Value};

/// What stands at a path, if anything does. Keys with dots or brackets in them cannot be told from
/// steps; such a path finds nothing, which costs a message its quotation and no more.
pub(super) fn get<'a>(body: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let (first, rest) = split(path)?;
    let mut value = body.get(first)?;
    let mut rest = rest;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (index, after) = inner.split_once(']')?;
            value = value.get(index.parse::<usize>().ok()?)?;
            rest = after;
        } else {
            let (key, after) = split(rest.strip_prefix('.')?)?;
            value = value.get(key)?;
            rest = after;
        }
    }
    Some(value)
}

/// Writes `new` at a path that exists; false if it does not.
pub(super) fn set(body: &mut Map<String, Value>, path: &str, new: Value) -> bool {
    let Some((first, mut rest)) = split(path) else {
        return false;
    };
    let Some(mut value) = body.get_mut(first) else {
        return false;
    };
    while !rest.is_empty() {
        let next = if let Some(inner) = rest.strip_prefix('[') {
            let Some((index, after)) = inner.split_once(']') else {
                return false;
            };
            rest = after;
            index
                .parse::<usize>()
                .ok()
                .and_then(|index| value.get_mut(index))
        } else {
            let Some((key, after)) = rest.strip_prefix('.').and_then(split) else {
                return false;
            };
            rest = after;
            value.get_mut(key)
        };
        match next {
            Some(next) => value = next,
            None => return false,
        }
    }
    *value = new;
    true
}

fn split(path: &str) -> Option<(&str, &str)> {
    let end = path.find(['.', '[']).unwrap_or(path.len());
    path.split_at_checked(end)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_lead_to_values() {
        let Value::Object(mut body) = json!({"messages": [{"role": "user"}, {"role": "tool"}]})
        else {
            unreachable!()
        };
        assert_eq!(get(&body, "messages[1].role"), Some(&json!("tool")));
        assert_eq!(get(&body, "messages[2].role"), None);
        assert_eq!(get(&body, "messages[x].role"), None);
        assert_eq!(get(&body, ""), None);
        assert!(set(&mut body, "messages[1].role", json!("user")));
        assert_eq!(get(&body, "messages[1].role"), Some(&json!("user")));
        assert!(!set(&mut body, "messages[1].name", json!("x")));
    }
}
