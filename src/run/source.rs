//! Where the bytes of a run come from, how they came, and how they ended: what a playback repeats.

/// Some bytes of the body, as they were read at once: cut anywhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// When they arrived, in milliseconds since the request was sent.
    pub at_ms: f64,
    /// The bytes.
    pub bytes: Box<[u8]>,
}

/// How the connection ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ending {
    /// The server closed the body in good order.
    Closed,
    /// The connection broke.
    Broken,
    /// The server sent the request elsewhere, which is not followed.
    Redirected,
    /// Nothing came in the time that the user set, in seconds.
    TimedOut(f64),
    /// The user stopped the run.
    Stopped,
}

/// Where the bytes of a run come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// From the endpoint, now.
    #[default]
    Endpoint,
    /// From an earlier run that is played back; nothing is sent.
    Playback,
    /// From an earlier run that was opened in the history; nothing is sent.
    History,
}
