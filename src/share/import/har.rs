//! HTTP archives, as the network panels of browsers save and copy them.

use serde_json::Value;

use crate::share::link::compact::LIMIT;
use crate::share::link::{base64, deflate};

use super::choose::{First, choose, has_messages};
use super::http::Http;
use super::{Import, ImportError, What};

/// Reads an archive, or one entry or request of it; `None` where the value is none.
pub(super) fn read(
    value: &Value,
    pick: Option<usize>,
    page_origin: &str,
) -> Option<Result<Import, ImportError>> {
    if let Some(entries) = value.pointer("/log/entries").and_then(Value::as_array) {
        let calls = entries
            .iter()
            .filter_map(|entry| request(entry.get("request")?));
        let calls: Vec<Http> = calls.filter(has_messages).collect();
        return Some(match calls.is_empty() {
            true => Err(ImportError::Archive),
            false => choose(calls, First::Last, pick, What::Har, page_origin),
        });
    }
    let entry = value.get("request").unwrap_or(value);
    Some(request(entry)?.import(What::Har, page_origin))
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
        body: request.get("postData").and_then(body),
        no_body: "The archive holds no text for it: the browser may have saved it without content."
            .to_owned(),
        ..Http::default()
    })
}

/// What was sent: its text, which some tools write in base64, compressed as it went over the wire.
fn body(data: &Value) -> Option<String> {
    let text = data.get("text")?.as_str()?;
    let encoding = data.get("encoding").or_else(|| data.get("_encoding"));
    if encoding.and_then(Value::as_str) != Some("base64") {
        return Some(text.to_owned());
    }
    let letters: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '=')
        .map(|c| match c {
            '+' => '-',
            '/' => '_',
            c => c,
        })
        .collect();
    let bytes = base64::read(&letters)?;
    let bytes = gunzipped(&bytes).unwrap_or(bytes);
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// What was compressed by gzip (RFC 1952); `None` where it was not.
fn gunzipped(bytes: &[u8]) -> Option<Vec<u8>> {
    let (&[0x1f, 0x8b, 8, flags, ..], mut rest) = (bytes, bytes.get(10..)?) else {
        return None;
    };
    if flags & 4 != 0 {
        let (&[low, high], after) = rest.split_first_chunk()?;
        rest = after.get(usize::from(u16::from_le_bytes([low, high]))..)?;
    }
    // A name and a remark, each with a zero at its end.
    for flag in [8, 16] {
        if flags & flag != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = &rest[end + 1..];
        }
    }
    if flags & 2 != 0 {
        rest = rest.get(2..)?;
    }
    // Eight bytes at the end are a checksum and the length.
    let deflated = rest.get(..rest.len().checked_sub(8)?)?;
    deflate::inflate(&[], deflated, LIMIT).ok()
}
