//! Why a constraint cannot be compiled, and how large one may be.

/// Why a constraint cannot be compiled. The message says what is wrong and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrammarError {
    /// A construct that this engine does not enforce.
    #[error("{construct} is not supported ({place})")]
    Unsupported {
        /// The construct, named as its author wrote it.
        construct: String,
        /// Where it stands: a position, a line or a path.
        place: String,
    },
    /// The constraint itself is malformed.
    #[error("{problem} ({place})")]
    Malformed {
        /// What is wrong.
        problem: String,
        /// Where: a position, a line or a path.
        place: String,
    },
    /// The constraint is larger than this engine takes.
    #[error("{what} is too large: the limit is {limit}")]
    TooLarge {
        /// What is too large.
        what: String,
        /// The largest size that is taken.
        limit: usize,
    },
    /// No finite text satisfies the constraint.
    #[error("no text can satisfy {what}")]
    Empty {
        /// What kind of constraint it is.
        what: &'static str,
    },
}

impl GrammarError {
    pub(super) fn unsupported(construct: impl Into<String>, place: impl Into<String>) -> Self {
        Self::Unsupported {
            construct: construct.into(),
            place: place.into(),
        }
    }

    pub(super) fn malformed(problem: impl Into<String>, place: impl Into<String>) -> Self {
        Self::Malformed {
            problem: problem.into(),
            place: place.into(),
        }
    }

    /// The same, found in a part that stands somewhere.
    pub(super) fn within(self, outer: &str) -> Self {
        let inside = |place: String| format!("{outer}, {place}");
        match self {
            Self::Unsupported { construct, place } => Self::unsupported(construct, inside(place)),
            Self::Malformed { problem, place } => Self::malformed(problem, inside(place)),
            other => other,
        }
    }

    pub(super) fn too_large(what: impl Into<String>, limit: usize) -> Self {
        Self::TooLarge {
            what: what.into(),
            limit,
        }
    }
}

/// How deep brackets, groups and schemas may be nested: the parsers recurse that deep.
pub(super) const DEPTH: usize = 64;
/// The largest number in a counted repetition, and the largest `maxLength`.
pub(super) const REPEAT: usize = 20_000;
/// The largest product of nested counted repetitions in one regular expression: an ambiguous one
/// keeps as many positions in play.
pub(super) const NESTED_REPEAT: usize = 100_000;
/// How many states the automata of one grammar may have.
pub(super) const STATES: usize = 400_000;
/// How many transitions the automata of one grammar may have.
pub(super) const TRANSITIONS: usize = 2_000_000;
/// How long the text of a constraint may be, in bytes.
pub(super) const TEXT: usize = 1_000_000;
