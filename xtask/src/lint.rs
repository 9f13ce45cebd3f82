//! Step 8: formatting, Clippy's lints for both targets, stylelint's rules. Each counts as one test.

use crate::endpoint;
use crate::node;
use crate::process::shown;
use crate::project::Project;
use crate::tally::Tally;
use crate::toolchain::TARGET;
use std::process::Command;

/// rustfmt finds nothing to change.
pub fn format(project: &Project) -> Result<Tally, String> {
    let mut cargo = project.command("cargo");
    cargo.args(["fmt", "--all", "--check"]);
    passes(cargo)
}

/// Clippy finds nothing in what is built for this machine.
pub fn clippy(project: &Project) -> Result<Tally, String> {
    let everything = ["--workspace", "--all-targets"];
    clippy_for(project, &[everything, endpoint::FEATURE].concat())
}

/// Clippy finds nothing in what is built for the page.
pub fn clippy_wasm(project: &Project) -> Result<Tally, String> {
    let everything = ["--lib", "--bins", "--tests", "--examples"];
    let of_page = ["--target", TARGET, "--features", "bench"];
    clippy_for(project, &[of_page, everything].concat())
}

fn clippy_for(project: &Project, what: &[&str]) -> Result<Tally, String> {
    let mut cargo = project.command("cargo");
    cargo
        .args(["clippy", "--quiet", "--locked"])
        .args(what)
        .args(["--", "-D", "warnings"]);
    passes(cargo)
}

/// stylelint finds nothing in the style sheets.
pub fn styles(project: &Project) -> Result<Tally, String> {
    node::packages(project)?;
    let mut npm = project.command("npm");
    npm.args(["run", "--silent", "stylelint"])
        .current_dir(project.root.join("tests"));
    passes(npm)
}

fn passes(command: Command) -> Result<Tally, String> {
    shown(command).map(|()| Tally::PASSED)
}
