//! Step 3: the release page, by trunk. It leaves `dist/`, ready for any static web server.

use crate::process::{Running, answer, shown, watched};
use crate::project::Project;
use crate::sizes;
use crate::speech::step;
use crate::toolchain::TARGET;
use std::process::Command;

/// Builds the page into `dist/`, and holds what a first visit downloads against the budget.
pub fn run(project: &Project) -> Result<(), String> {
    fetch(project)?;
    step(
        "Building the release page into dist/ (3 minutes the first time: all of it is optimised for size)",
    );
    let mut build = trunk(project);
    build.args(["build", "--release"]);
    shown(build)?;
    sizes::run(project, &project.root.join("dist"))
}

/// Starts compiling the page, just as trunk will ask for it later, so that trunk finds it done.
pub fn begin(project: &Project) -> Result<Running, String> {
    fetch(project)?;
    step("Compiling the page beside what follows (its log is target/tools/log/page.log)");
    let mut cargo = project.command("cargo");
    cargo.args([
        "build",
        "--bins",
        "--release",
        "--locked",
        "--target",
        TARGET,
    ]);
    Running::start(cargo, &project.tools().join("log/page.log"))
}

/// trunk, kept from downloading anything of its own: its tools are here already.
pub fn trunk(project: &Project) -> Command {
    let mut trunk = project.command("trunk");
    trunk
        .env("TRUNK_OFFLINE", "true")
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // Its errors say enough without a hundred lines of its own inside.
        .env("RUST_BACKTRACE", "0")
        // trunk 0.21 takes NO_COLOR=1 for a mistake in its command line.
        .env_remove("NO_COLOR");
    trunk
}

/// Downloads the crates of Cargo.lock that are not there yet: trunk will not.
pub fn fetch(project: &Project) -> Result<(), String> {
    let mut here = project.command("cargo");
    here.args(["fetch", "--locked", "--offline"]);
    if answer(here).is_some() {
        return Ok(());
    }
    step("Downloading the crates that the page is made of (some seconds)");
    let mut fetch = project.command("cargo");
    fetch.args(["fetch", "--locked"]);
    watched(fetch, &project.tools().join("log/fetch.log"))
}
