//! Every suite: its name, the fewest tests it must run, and how it runs.

use crate::project::Project;
use crate::tally::Tally;
use crate::{clients, lint, test};

/// A group of checks that one program runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Suite {
    /// rustfmt.
    Format,
    /// Clippy, for this machine.
    Clippy,
    /// Clippy, for the page.
    ClippyWasm,
    /// stylelint.
    Styles,
    /// Rust tests that need no browser.
    Host,
    /// Rust tests that need a DOM, in Chromium.
    Browser,
    /// The official clients against the endpoint.
    Clients,
    /// The release build and its size.
    Page,
    /// The built page in Chromium, against scripted endpoints and the built-in one.
    E2e,
}

/// What `cargo xtask lint` runs.
pub const LINTS: [Suite; 4] = [
    Suite::Format,
    Suite::Clippy,
    Suite::ClippyWasm,
    Suite::Styles,
];

/// What `cargo xtask test` runs. `Page` comes before `E2e`, which needs what it builds.
pub const TESTS: [Suite; 5] = [
    Suite::Host,
    Suite::Browser,
    Suite::Clients,
    Suite::Page,
    Suite::E2e,
];

/// All suites, in the order in which they run.
pub fn all() -> Vec<Suite> {
    [&LINTS[..], &TESTS[..]].concat()
}

impl Suite {
    /// The word for it on the command line.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The fewest tests it must run: a runner that finds none may well call that a success.
    /// Raise it with the suite.
    pub fn minimum(self) -> u32 {
        self.row().1
    }

    /// What it checks, for people.
    pub fn about(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> (&'static str, u32, &'static str) {
        match self {
            Self::Format => ("format", 1, "Checking the formatting"),
            Self::Clippy => ("clippy", 1, "Running Clippy for this machine"),
            Self::ClippyWasm => ("clippy-wasm", 1, "Running Clippy for the page"),
            Self::Styles => ("styles", 1, "Checking the style sheets"),
            Self::Host => (
                "host",
                690,
                "Running the tests that need no browser (a minute to compile the first time)",
            ),
            Self::Browser => (
                "browser",
                11,
                "Running the tests that need a DOM, in Chromium (2 minutes to compile the first time)",
            ),
            Self::Clients => (
                "clients",
                75,
                "Using the endpoint with the official Python and JavaScript clients",
            ),
            Self::Page => (
                "page",
                1,
                "Building the release page and holding it against its budget",
            ),
            Self::E2e => (
                "e2e",
                402,
                "Using the built page in Chromium, against scripted endpoints and the built-in one",
            ),
        }
    }

    /// Runs it in full view.
    pub fn run(self, project: &Project) -> Result<Tally, String> {
        match self {
            Self::Format => lint::format(project),
            Self::Clippy => lint::clippy(project),
            Self::ClippyWasm => lint::clippy_wasm(project),
            Self::Styles => lint::styles(project),
            Self::Host => test::host(project),
            Self::Browser => test::browser(project),
            Self::Clients => clients::run(project),
            Self::Page => test::page(project),
            Self::E2e => test::e2e(project),
        }
    }
}
