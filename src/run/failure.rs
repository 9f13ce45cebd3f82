//! Why a run failed, and what a person can do about it.
//!
//! A browser tells a page very little about a failed request: a wrong host, a server that is down,
//! missing CORS headers and a wrong key (vLLM's 401 carries no CORS headers) all look alike. What
//! is known for certain is said as such; the rest is a list of causes, the likeliest first.

use crate::api::base_url::{BaseUrl, Reach};
use crate::api::error_body::{ErrorShape, ServerError};

/// How a run failed.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The server answered with an error status and a body that could be read.
    Http {
        /// The status code, 400 to 599 as a rule.
        status: u16,
        /// What the body says.
        error: ServerError,
    },
    /// The browser reports a network error before any answer. It does not say which.
    Network,
    /// The server answered with a redirect. It is not followed, so that neither key nor request
    /// goes to an origin that the user did not name.
    Redirect,
    /// Nothing arrived in the time that the user set.
    FirstByteTimeout {
        /// The limit, in seconds.
        seconds: f64,
    },
    /// The stream stopped before `[DONE]`.
    Cut {
        /// Whether the connection broke; otherwise the server closed it in good order.
        broken: bool,
        /// Whether every choice had its `finish_reason` by then.
        finished: bool,
    },
    /// A whole answer broke off before its end.
    CutAnswer,
    /// The server sent an error inside a stream that had begun with status 200.
    ErrorEvent(ServerError),
    /// The built-in endpoint could not go on: the page's worker did not start, or broke.
    Builtin {
        /// Why, in a sentence.
        reason: String,
        /// Whether the answer had begun.
        begun: bool,
    },
    /// Status 200, but what came is no chat completion.
    NotJson {
        /// What the parser says, with the place.
        reason: String,
        /// The event it stood in, for a stream.
        event: Option<usize>,
    },
}

/// What is known about page and request when a failure is explained.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// Where the request went.
    pub base: BaseUrl,
    /// The origin of the page itself, as the server sees it in the `Origin` header.
    pub page_origin: String,
    /// Whether a key was sent.
    pub key_given: bool,
    /// What the browser says about being online; `true` means little, `false` is certain.
    pub online: bool,
}

/// A possible cause and its remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// What may be wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

/// A failure in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What happened, in one sentence.
    pub headline: String,
    /// What it means, where more is known.
    pub detail: Option<String>,
    /// Causes in order of likelihood; one alone is certain.
    pub causes: Vec<Cause>,
    /// Whether a command in a terminal would tell more than the browser does.
    pub check_with_curl: bool,
}

impl Failure {
    /// The short name that tests hold on to: the HTTP status, `network`, `stream` or `parse`.
    pub fn code(&self) -> String {
        match self {
            Self::Http { status, .. } => status.to_string(),
            Self::Network | Self::Redirect | Self::FirstByteTimeout { .. } => "network".into(),
            Self::Builtin { begun: false, .. } => "network".into(),
            Self::Cut { .. } | Self::CutAnswer | Self::ErrorEvent(_) | Self::Builtin { .. } => {
                "stream".into()
            }
            Self::NotJson { .. } => "parse".into(),
        }
    }

    /// What the server itself said about the failure.
    pub fn server_error(&self) -> Option<&ServerError> {
        match self {
            Self::Http { error, .. } | Self::ErrorEvent(error) => Some(error),
            _ => None,
        }
    }

    /// The failure in one line, for a table: what the server said, where it said anything.
    pub fn in_short(&self) -> String {
        let said = match self {
            Self::Http { status, error } => {
                return format!("{}: {}", status_text(*status), error.headline());
            }
            Self::ErrorEvent(error) => return error.headline(),
            Self::Network => "No answer: network, CORS, or a wrong key.",
            Self::Redirect => "The server answered with a redirect.",
            Self::FirstByteTimeout { .. } => "No byte arrived in time.",
            Self::Cut { .. } | Self::CutAnswer => {
                "The connection ended before the answer was whole."
            }
            Self::Builtin { .. } => "The page's worker did not start, or broke.",
            Self::NotJson { .. } => "What came is no chat completion.",
        };
        said.to_owned()
    }

    /// The failure in words that help.
    pub fn explain(&self, at: &Circumstances) -> Explanation {
        match self {
            Self::Http { status, error } => Explanation {
                headline: format!("The server answered {}.", status_text(*status)),
                detail: http_advice(*status, error, at.key_given),
                causes: Vec::new(),
                check_with_curl: false,
            },
            Self::Network => explain_network(at),
            Self::Redirect => Explanation {
                headline: "The server answered with a redirect, and it was not followed.".into(),
                detail: Some(
                    "A browser does not tell where it leads, and your key goes only to the origin \
                     that you named."
                        .into(),
                ),
                causes: vec![cause(
                    "The base URL is not quite the server's own.",
                    if at.base.is_plain_http() {
                        "Try https:// instead of http://, and compare the path with the server's documentation."
                    } else {
                        "Compare host and path with the server's documentation; a missing or extra path segment is usual."
                    },
                )],
                check_with_curl: true,
            },
            Self::FirstByteTimeout { seconds } => Explanation {
                headline: format!("No byte arrived within {seconds} s, so the request was given up."),
                detail: Some(
                    "The limit is the one set under Connection. The server may still be busy with \
                     earlier requests or with a long prompt."
                        .into(),
                ),
                causes: vec![cause(
                    "The server is slower than the limit.",
                    "Raise the first byte timeout, or leave it empty to wait as long as it takes.",
                )],
                check_with_curl: false,
            },
            Self::Cut { broken, finished } => explain_cut(*broken, *finished),
            Self::CutAnswer => Explanation {
                headline: "The connection broke before the answer was whole.".into(),
                detail: Some("What arrived is kept under Events.".into()),
                causes: vec![cut_cause()],
                check_with_curl: false,
            },
            Self::ErrorEvent(error) => Explanation {
                headline: "The server sent an error inside the stream.".into(),
                detail: Some(match error.shape {
                    ErrorShape::Empty => "It gave no message. What came before it stays.".into(),
                    _ => "The status was 200, so the error came after the answer had begun. What came before it stays.".to_owned(),
                }),
                causes: Vec::new(),
                check_with_curl: false,
            },
            Self::Builtin { reason, begun } => Explanation {
                headline: if *begun {
                    "The built-in model broke off."
                } else {
                    "The built-in model could not answer."
                }
                .into(),
                detail: Some(reason.clone()),
                causes: vec![cause(
                    "It runs in a worker of this page, and only the built-in model and the preview of chat_template need that.",
                    "Endpoints over HTTP work as before: put the base URL of one into the field at the top.",
                )],
                check_with_curl: false,
            },
            Self::NotJson { reason, event } => Explanation {
                headline: match event {
                    Some(index) => format!("Event {index} of the stream is no chat completion chunk."),
                    None => "The answer is no chat completion.".into(),
                },
                detail: Some(reason.clone()),
                causes: vec![cause(
                    "Something other than the endpoint answered: a web page, a proxy's notice, or another API.",
                    "Look at what came under Events, and check the path of the base URL.",
                )],
                check_with_curl: event.is_none(),
            },
        }
    }
}

fn cause(what: impl Into<String>, remedy: impl Into<String>) -> Cause {
    Cause {
        what: what.into(),
        remedy: remedy.into(),
    }
}

fn cut_cause() -> Cause {
    cause(
        "The server process ended, or a proxy between here and there closed the connection.",
        "Look at the server's log; raise the proxy's read timeout if the cut comes after a round number of seconds.",
    )
}

fn explain_cut(broken: bool, finished: bool) -> Explanation {
    let headline = if broken {
        "The connection broke before the stream ended."
    } else {
        "The stream stopped without [DONE]."
    };
    let detail = if finished {
        "Every choice had its finish_reason, so the answer is probably whole; usage may be missing."
    } else {
        "The answer is probably not whole. What arrived stays."
    };
    Explanation {
        headline: headline.into(),
        detail: Some(detail.into()),
        causes: vec![cut_cause()],
        check_with_curl: false,
    }
}

/// Causes of an opaque network error in order of likelihood for this URL.
fn explain_network(at: &Circumstances) -> Explanation {
    let base = &at.base;
    let (Some(host), Some(server)) = (base.host(), base.origin()) else {
        // Nothing went over a network; only a saved run can say so.
        return explain_cut(true, false);
    };
    let origin = &at.page_origin;
    let same_origin = server == origin;
    let mixed =
        origin.starts_with("https://") && base.is_plain_http() && base.reach() != Reach::Loopback;

    let offline = cause(
        "This browser is offline.",
        "Connect it, then send again. Nothing typed here is lost.",
    );
    let mixed_content = cause(
        "Mixed content: this page came over https://, and a browser refuses http:// from such a page.",
        "Give the endpoint a certificate, or serve the playground itself over http:// on your machine with cargo xtask serve.",
    );
    let cors = cause(
        format!("CORS: the server does not allow pages from {origin}."),
        format!(
            "vLLM: start it with --allowed-origins '[\"{origin}\"]'. Ollama: OLLAMA_ORIGINS={origin}. \
             Any other server: run cargo xtask serve --proxy {} and use /proxy as the base URL.",
            base.base()
        ),
    );
    let wrong_key = if at.key_given {
        cause(
            "A wrong API key: many servers, vLLM among them, answer 401 without CORS headers, and then a browser hides the answer.",
            "Type the key again and mind that it belongs to this host. The curl command below shows the status.",
        )
    } else {
        cause(
            "A missing API key: many servers, vLLM among them, answer 401 without CORS headers, and then a browser hides the answer.",
            "Type the key that belongs to this host. The curl command below shows the status.",
        )
    };
    let down = match base.reach() {
        Reach::Public => cause(
            format!("The URL is wrong, or nothing answers at {host}."),
            "Compare host, port and path with the provider's documentation.",
        ),
        Reach::Loopback | Reach::Private => cause(
            format!("No server is listening at {server}."),
            "Start it, or correct the port. vLLM uses 8000, llama.cpp 8080, Ollama 11434, SGLang 30000.",
        ),
    };
    let local_access = cause(
        "The browser blocks pages of the public web from reaching a local address.",
        "Allow this site local network access when the browser asks, or serve the playground on your machine with cargo xtask serve.",
    );
    let blocker = cause(
        "An extension or a company proxy blocked the request, or the server's certificate is not trusted.",
        "Open the URL in a tab of its own and see what the browser says.",
    );

    let public_page = !origin.contains("://localhost") && !origin.contains("://127.");
    let mut causes = Vec::new();
    if !at.online && base.reach() != Reach::Loopback {
        causes.push(offline);
    }
    if mixed {
        causes.push(mixed_content);
    }
    match base.reach() {
        _ if same_origin => causes.push(cause(
            "The playground's own server is gone, or the endpoint behind /proxy is.",
            "Look at the terminal that runs cargo xtask serve.",
        )),
        Reach::Loopback | Reach::Private => {
            causes.push(down);
            causes.extend([wrong_key, cors]);
            if public_page {
                causes.push(local_access);
            }
        }
        Reach::Public => {
            causes.extend([wrong_key, cors, down, blocker]);
        }
    }
    Explanation {
        headline: format!("No answer could be read from {server}."),
        detail: Some(
            if mixed || !at.online {
                "The browser did not send the request."
            } else {
                "The browser does not tell a page why. These are the usual causes, the likeliest first."
            }
            .into(),
        ),
        causes,
        check_with_curl: true,
    }
}

/// `404 Not Found`: the code and its standard name, where it has one (RFC 9110, RFC 6585).
pub fn status_text(status: u16) -> String {
    let name = match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => return status.to_string(),
    };
    format!("{status} {name}")
}

fn http_advice(status: u16, error: &ServerError, key_given: bool) -> Option<String> {
    let advice = match status {
        400 | 422 if error.shape == ErrorShape::Empty || error.message.is_empty() => {
            "The server gave no message. With vLLM this is what a chat_template that cannot render, an empty \
             messages list, or continue_final_message without add_generation_prompt: false come to."
        }
        400 | 422 => {
            "The request was understood but refused. Change what the message names, then send again."
        }
        401 | 403 if !key_given => "No API key was sent. Type the key that belongs to this host.",
        401 | 403 => {
            "The key was refused. Type it again, and mind that it belongs to this host and to this model."
        }
        402 => "The account behind the key has no credit left.",
        404 if matches!(
            error.shape,
            ErrorShape::Detail | ErrorShape::Html | ErrorShape::Empty | ErrorShape::Plain
        ) =>
        {
            "There is no such path on this server. Check the path of the base URL: most servers want /v1 at its end."
        }
        404 => {
            "As a rule the model's name is wrong. GET /models under the base URL lists what the endpoint offers."
        }
        405 => "The path is there, but takes no POST. Check the path of the base URL.",
        413 => "The request is larger than the server takes. Shorten the messages.",
        415 => "The server wants another content type; as a rule a proxy between changed it.",
        429 => "Too many requests, or a quota is used up. Wait, then send again.",
        500 if error.shape == ErrorShape::Empty => {
            "The server failed without a word. With vLLM an unknown tool_choice, tools with tool_choice null, or messages \
             that are no objects come to this; an invalid guided_regex even ends the process. Its log tells more."
        }
        500 => "The server failed. Its log tells more than the answer does.",
        502..=504 => {
            "A gateway answered in place of the endpoint. The model may be loading or overloaded; try again in a moment."
        }
        _ => return None,
    };
    Some(advice.into())
}
