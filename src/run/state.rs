//! Where a run stands.

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RunState {
    /// Nothing was sent yet.
    #[default]
    Idle,
    /// The request is under way and nothing came back.
    Sending,
    /// The answer is arriving.
    Streaming,
    /// The answer is whole.
    Done,
    /// The user stopped it.
    Stopped,
    /// It failed; what arrived before is kept.
    Failed,
}

impl RunState {
    /// The name that tests hold on to.
    pub fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Sending => "sending",
            Self::Streaming => "streaming",
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }

    /// Whether a request is under way.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Sending | Self::Streaming)
    }
}
