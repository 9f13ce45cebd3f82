//! Which path answers what, for whom: as vLLM's server does it.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt, Either, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName,
    HeaderValue, ORIGIN, SERVER,
};
use hyper::{Method, Request, Response, StatusCode, Uri};
use playground::api::body::Body;
use playground::builtin::LocalTime;
use playground::builtin::completion::{Head, Moment, begin, models};
use serde_json::Value;

use super::making::{Making, Streamed};
use super::metrics::Metrics;
use super::options::Options;
use super::replies::{
    Reply, allow_origin, detail, empty, json_text, not_allowed, preflight, redirect, unauthorized,
    whole,
};

/// The release of vLLM whose verdicts the endpoint shares.
const VERSION: &str = "{\"version\":\"0.6.4\"}";

/// Bytes that a body may have. The longest prompt has room in a hundredth of it; images have not.
const LONGEST_BODY: usize = 64 << 20;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What all requests have in common.
#[derive(Debug)]
pub struct Server {
    key: Option<HeaderValue>,
    gap: Option<Duration>,
    metrics: Rc<Metrics>,
    /// When it started, in seconds since 1970.
    started: u64,
}

impl Server {
    /// Serves from now on.
    pub fn new(options: Options) -> Self {
        let key = options.key.map(|key| format!("Bearer {key}"));
        Self {
            // A key that no header can hold would let everybody in: it lets nobody in instead.
            key: key.map(|key| {
                HeaderValue::from_str(&key).unwrap_or_else(|_| HeaderValue::from_static(""))
            }),
            gap: options.gap,
            metrics: Rc::default(),
            started: moment().unix,
        }
    }

    /// Whether the headers hold the key. vLLM asks for it below `/v1` alone.
    fn lets_in(&self, path: &str, headers: &HeaderMap) -> bool {
        !path.starts_with("/v1")
            || match &self.key {
                Some(key) => headers.get(AUTHORIZATION) == Some(key),
                None => true,
            }
    }
}

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    Health,
    Ping,
    Version,
    Metrics,
    Models,
    Completions,
}

impl Route {
    fn find(path: &str) -> Option<Self> {
        Some(match path {
            "/health" => Self::Health,
            "/ping" => Self::Ping,
            "/version" => Self::Version,
            "/metrics" => Self::Metrics,
            "/v1/models" => Self::Models,
            "/v1/chat/completions" => Self::Completions,
            _ => return None,
        })
    }

    /// The method that it is asked with.
    const fn method(self) -> Method {
        match self {
            Self::Completions => Method::POST,
            _ => Method::GET,
        }
    }

    fn takes(self, method: &Method) -> bool {
        *method == self.method() || (self == Self::Ping && *method == Method::POST)
    }
}

/// Answers a request.
pub async fn answer(server: &Server, request: Request<Incoming>) -> Reply {
    let (head, body) = request.into_parts();
    let headers = &head.headers;
    let mut reply = if head.method == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
    {
        preflight(headers)
    } else if head.method != Method::OPTIONS && !server.lets_in(head.uri.path(), headers) {
        unauthorized()
    } else {
        let mut reply = routed(server, &head.method, &head.uri, headers, body).await;
        if !is_uncaught(&reply) {
            allow_origin(headers, reply.headers_mut());
        }
        reply
    };
    let name = HeaderValue::from_static("playground");
    reply.headers_mut().insert(SERVER, name);
    reply
}

/// A failure that vLLM itself does not handle: what is around it answers, which knows no CORS.
fn is_uncaught(reply: &Reply) -> bool {
    let kind = reply.headers().get(CONTENT_TYPE);
    reply.status() == StatusCode::INTERNAL_SERVER_ERROR
        && kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

async fn routed(
    server: &Server,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: Incoming,
) -> Reply {
    let path = uri.path();
    let Some(route) = Route::find(path) else {
        return match elsewhere(uri, headers) {
            Some(location) => redirect(&location),
            None => detail(StatusCode::NOT_FOUND, "Not Found"),
        };
    };
    if !route.takes(method) {
        return not_allowed(match route {
            Route::Completions => "POST",
            _ => "GET",
        });
    }
    match route {
        Route::Health | Route::Ping => empty(),
        Route::Version => json_text(VERSION.to_owned()),
        Route::Metrics => whole(
            StatusCode::OK,
            "text/plain; version=0.0.4; charset=utf-8",
            server.metrics.text(),
        ),
        Route::Models => json_text(models(server.started)),
        Route::Completions => completion(server, headers, body).await,
    }
}

/// Where a path with slashes too many at its end is answered.
fn elsewhere(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let path = uri.path().strip_suffix('/')?.trim_end_matches('/');
    Route::find(path)?;
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let origin = host.map_or_else(String::new, |host| format!("http://{host}"));
    let query = uri
        .query()
        .map_or_else(String::new, |query| format!("?{query}"));
    Some(format!("{origin}{path}{query}"))
}

async fn completion(server: &Server, headers: &HeaderMap, body: Incoming) -> Reply {
    if !is_json(headers) {
        return detail(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Unsupported Media Type: Only 'application/json' is allowed",
        );
    }
    let bytes = match Limited::new(body, LONGEST_BODY).collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            return detail(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
        }
        // The client is gone.
        Err(_) => return empty(),
    };
    let Some(text) = text(&bytes, headers) else {
        return detail(
            StatusCode::BAD_REQUEST,
            "There was an error parsing the body",
        );
    };
    let (head, completion) = begin(&text, moment());
    let making = Making::new(completion, server.gap, &server.metrics);
    let status = StatusCode::from_u16(head.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if !is_stream(head) {
        return whole(status, head.content_type, making.whole().await);
    }
    let mut reply = Response::new(Either::Right(Streamed::from(making)));
    *reply.status_mut() = status;
    let kind = HeaderValue::from_static(head.content_type);
    reply.headers_mut().insert(CONTENT_TYPE, kind);
    reply
}

/// Whether an answer is sent while it is made.
fn is_stream(head: Head) -> bool {
    head.content_type.starts_with("text/event-stream")
}

/// Whether the body is said to be JSON, which vLLM insists on.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next());
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"))
}

/// The body's text, with the id that the headers give the request: it goes before the body's own. None if it
/// is no text.
fn text(bytes: &Bytes, headers: &HeaderMap) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    if let Some(id) = id
        && let Ok(mut body) = Body::parse(text)
    {
        body.set("request_id", Value::from(id));
        return Some(body.to_compact());
    }
    Some(text.to_owned())
}

/// Now, on a clock that shows UTC, with a number that nobody foresees.
fn moment() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let unix = since.unwrap_or_default().as_secs();
    Moment {
        unix,
        local: LocalTime::utc(unix),
        // The standard library's own chance, which it keeps against chosen keys.
        chance: RandomState::new().build_hasher().finish(),
    }
}
