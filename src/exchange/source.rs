//! Where the bytes of an answer come from: a server over HTTP, or the built-in endpoint. Whoever sends
//! need not know which.

use super::http::{AbortGuard, HttpRequest};
use super::{Progress, builtin, http};

/// A request that can be ended before and while it runs.
pub enum Source {
    /// A server.
    Http(http::Exchange),
    /// The page's own worker.
    Builtin(builtin::Exchange),
}

/// Ends the request when dropped.
#[allow(dead_code, reason = "what is in it acts when it is dropped")]
pub enum Guard {
    /// Aborts the fetch, and with it the socket.
    Http(AbortGuard),
    /// Has the worker stop.
    Builtin(builtin::CancelGuard),
}

impl Source {
    /// Prepares a request, for the built-in endpoint if there is something to steer it by. `None` where
    /// the browser cannot send.
    pub fn open(request: HttpRequest, steered_by: Option<builtin::Dial>) -> Option<(Self, Guard)> {
        Some(match steered_by {
            Some(dial) => {
                let timeout = request.first_byte_timeout_seconds;
                let (exchange, guard) = builtin::Exchange::new(request.body, dial, timeout);
                (Self::Builtin(exchange), Guard::Builtin(guard))
            }
            None => {
                let (exchange, guard) = http::Exchange::new(request)?;
                (Self::Http(exchange), Guard::Http(guard))
            }
        })
    }

    /// Tells `progress` what comes back, until the end. After the guard was dropped nothing more is told.
    pub async fn run(self, progress: impl FnMut(Progress<'_>)) {
        match self {
            Self::Http(exchange) => exchange.run(progress).await,
            Self::Builtin(exchange) => exchange.run(progress).await,
        }
    }
}
