//! Node's part: the version needed, and the packages of `tests/` (browser tests, style lint).

use crate::process::{answer, watched};
use crate::project::Project;
use crate::speech::step;
use std::fs;

/// The oldest Node that everything here runs on.
const MAJOR: u32 = 20;

/// Whether Node and npm are there and new enough. The error says what to install.
pub fn check_version(project: &Project) -> Result<(), String> {
    let advice = format!("Install Node {MAJOR} or newer, with npm, and try again.");
    let mut node = project.command("node");
    node.arg("--version");
    let version = answer(node).ok_or_else(|| format!("Cannot find Node. {advice}"))?;
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < MAJOR) {
        return Err(format!(
            "Node here is {version}, which is too old. {advice}"
        ));
    }
    if project.which("npm").is_none() {
        return Err(format!("Cannot find npm. {advice}"));
    }
    Ok(())
}

/// Installs the packages that `tests/package-lock.json` names, unless they are there.
pub fn packages(project: &Project) -> Result<(), String> {
    check_version(project)?;
    let tests = project.root.join("tests");
    let lock = tests.join("package-lock.json");
    let wanted =
        fs::read(&lock).map_err(|error| format!("Cannot read {}: {error}.", lock.display()))?;
    let stamp = tests.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    step(
        "Installing Playwright, axe-core, stylelint and the official client from npm into tests/ (some seconds)",
    );
    let mut npm = project.command("npm");
    npm.args(["ci", "--no-fund", "--no-audit"])
        .current_dir(&tests)
        // The tests run in the Chromium that is installed.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    watched(npm, &project.tools().join("log/npm.log"))?;
    fs::write(&stamp, wanted).map_err(|error| format!("Cannot write {}: {error}.", stamp.display()))
}
