//! HTTP archives, as the network panels of browsers save and copy them.

use serde_json::Value;

use super::http::Http;
use super::{Import, ImportError, What};

/// Reads an archive, or one entry or request of it; `None` where the value is none.
pub(super) fn read(value: &Value, page_origin: &str) -> Option<Result<Import, ImportError>> {
    if let Some(entries) = value.pointer("/log/entries").and_then(Value::as_array) {
        // The last request with messages is the one that somebody just made.
        let calls = entries
            .iter()
            .filter_map(|entry| request(entry.get("request")?));
        let calls: Vec<Http> = calls.filter(has_messages).collect();
        let others = calls.len().saturating_sub(1);
        return Some(match calls.into_iter().next_back() {
            None => Err(ImportError::Archive),
            Some(call) => call.import(What::Har, page_origin).map(|mut import| {
                if others > 0 {
                    import.aside.push(format!(
                        "{others} earlier requests with messages; the last one was taken."
                    ));
                }
                import
            }),
        });
    }
    let entry = value.get("request").unwrap_or(value);
    Some(request(entry)?.import(What::Har, page_origin))
}

fn has_messages(call: &Http) -> bool {
    let body = call.body.as_deref().unwrap_or_default();
    serde_json::from_str::<Value>(body).is_ok_and(|body| body.get("messages").is_some())
}

/// A request as an archive writes it.
fn request(request: &Value) -> Option<Http> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let url = text(request.get("url"))?;
    let method = text(request.get("method"))?;
    let headers = request.get("headers").and_then(Value::as_array);
    let headers = headers.into_iter().flatten().filter_map(|header| {
        let name = header.get("name")?.as_str()?;
        // HTTP/2 writes method and path as headers that begin with a colon.
        (!name.starts_with(':')).then(|| Some((name.to_owned(), text(header.get("value"))?)))?
    });
    Some(Http {
        url: Some(url),
        method: Some(method),
        headers: headers.collect(),
        body: text(request.pointer("/postData/text")),
        no_body: "The archive holds no text for it.".to_owned(),
        ..Http::default()
    })
}
