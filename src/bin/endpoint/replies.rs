//! Answers that are there at once, in the shapes of vLLM and of the web framework that it stands on.

use http_body_util::{Either, Full};
use hyper::body::Bytes;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, ALLOW, CONTENT_TYPE, COOKIE, HeaderMap,
    HeaderValue, LOCATION, ORIGIN, VARY,
};
use hyper::{Response, StatusCode};
use serde_json::json;

use super::making::Streamed;

/// An answer over HTTP.
pub type Reply = Response<Either<Full<Bytes>, Streamed>>;

/// An answer of a status, with a body of a type; the type is empty where there is no body.
pub fn whole(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(Either::Left(Full::new(body.into())));
    *reply.status_mut() = status;
    if !content_type.is_empty() {
        let kind = HeaderValue::from_static(content_type);
        reply.headers_mut().insert(CONTENT_TYPE, kind);
    }
    reply
}

/// A JSON text.
pub fn json_text(body: String) -> Reply {
    whole(StatusCode::OK, "application/json", body)
}

/// Nothing but that all is well.
pub fn empty() -> Reply {
    whole(StatusCode::OK, "", Bytes::new())
}

/// A refusal by the routes rather than by the model.
pub fn detail(status: StatusCode, words: &str) -> Reply {
    let body = json!({"detail": words}).to_string();
    whole(status, "application/json", body)
}

/// The path is there, but not for this method.
pub fn not_allowed(method: &'static str) -> Reply {
    let mut reply = detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    let allowed = HeaderValue::from_static(method);
    reply.headers_mut().insert(ALLOW, allowed);
    reply
}

/// The same is to be asked at another URL.
pub fn redirect(location: &str) -> Reply {
    let Ok(location) = HeaderValue::from_str(location) else {
        return detail(StatusCode::NOT_FOUND, "Not Found");
    };
    let mut reply = whole(StatusCode::TEMPORARY_REDIRECT, "", Bytes::new());
    reply.headers_mut().insert(LOCATION, location);
    reply
}

/// The key is missing, or another. It has no CORS headers: to a page it looks like no network at all.
pub fn unauthorized() -> Reply {
    let body = json!({"error": "Unauthorized"}).to_string();
    whole(StatusCode::UNAUTHORIZED, "application/json", body)
}

/// The answer to a browser that asks whether a page may send a request with such headers.
pub fn preflight(request: &HeaderMap) -> Reply {
    let mut reply = whole(StatusCode::OK, "text/plain; charset=utf-8", "OK");
    let methods = HeaderValue::from_static("DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
    let headers = reply.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    if let Some(wanted) = request.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    allow_origin(request, headers);
    reply
}

/// Lets the page that asked read the answer. A request that says of no page that it comes from it needs no
/// such leave.
pub fn allow_origin(request: &HeaderMap, reply: &mut HeaderMap) {
    let Some(origin) = request.get(ORIGIN) else {
        return;
    };
    let any = HeaderValue::from_static("*");
    if request.contains_key(COOKIE) {
        // With a cookie a browser does not take the star for an answer.
        reply.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        reply.insert(VARY, HeaderValue::from_static("Origin"));
    } else {
        reply.insert(ACCESS_CONTROL_ALLOW_ORIGIN, any);
    }
}
