//! Step 7: runs suites one after the other, whatever becomes of each, and sums what they count.

use crate::process::overheard;
use crate::project::Project;
use crate::speech::{spent, step};
use crate::suites::Suite;
use crate::tally::Tally;
use crate::toolchain::TARGET;
use crate::{browser, build, endpoint, node, python};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// Runs the suites in what set-up made. The last line printed is `N passed, N failed`, also when
/// set-up broke; the exit code is a failure if a test failed, a suite broke, or a suite ran fewer
/// tests than it has.
pub fn run(project: Result<Project, String>, suites: &[Suite]) -> ExitCode {
    let project = match project {
        Ok(project) => project,
        Err(problem) => {
            println!("\n{problem}\n\nNothing could be tested.");
            return last_line(Tally::FAILED);
        }
    };
    let outcomes: Vec<_> = suites
        .iter()
        .map(|suite| {
            step(suite.about());
            let start = Instant::now();
            let tally = judged(*suite, suite.run(&project));
            (*suite, tally, start.elapsed())
        })
        .collect();
    summed(&outcomes)
}

/// What a suite's outcome counts for: one that broke, or ran too few tests, has failed besides.
fn judged(suite: Suite, outcome: Result<Tally, String>) -> Tally {
    match outcome {
        Err(problem) => {
            println!("{problem}");
            Tally::FAILED
        }
        Ok(mut tally) => {
            if tally.ran() < suite.minimum() {
                println!(
                    "The suite `{}` ran {} tests; it has at least {}. Something kept the others from running.",
                    suite.name(),
                    tally.ran(),
                    suite.minimum()
                );
                tally += Tally::FAILED;
            }
            tally
        }
    }
}

fn summed(outcomes: &[(Suite, Tally, Duration)]) -> ExitCode {
    let mut total = Tally::default();
    println!("\n{:<12} {:>7} {:>7}  time", "suite", "passed", "failed");
    for (suite, tally, time) in outcomes {
        println!(
            "{:<12} {:>7} {:>7}  {}",
            suite.name(),
            tally.passed,
            tally.failed,
            spent(*time)
        );
        total += *tally;
    }
    last_line(total)
}

fn last_line(total: Tally) -> ExitCode {
    println!("\n{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The tests of all crates that run on this machine.
pub fn host(project: &Project) -> Result<Tally, String> {
    let mut cargo = project.command("cargo");
    cargo
        .args(["test", "--workspace", "--locked", "--no-fail-fast"])
        // A commit that passed passes again: other seeds are tried by hand.
        .env("PROPTEST_RNG_SEED", property_seed())
        // Needed by suites that come later, and built along here.
        .args(endpoint::FEATURE);
    // What exported code is run by. Where it is not to be had, those tests are skipped with a word.
    let tools = node::packages(project).and_then(|()| python::ready(project));
    match tools {
        Ok(_) => {
            cargo.env("PLAYGROUND_ALL_TOOLS", "1");
        }
        Err(problem) => println!("{problem}\nExported code that needs this is not run."),
    }
    cargo_tests(cargo)
}

/// What property tests draw their cases from: the variable of that name, if it is set.
fn property_seed() -> OsString {
    env::var_os("PROPTEST_RNG_SEED").unwrap_or_else(|| "51".into())
}

/// `tests/browser.rs` in headless Chromium.
pub fn browser(project: &Project) -> Result<Tally, String> {
    let browser = browser::ready(project)?;
    let runner = project
        .which("wasm-bindgen-test-runner")
        .ok_or("wasm-bindgen-test-runner is missing from target/tools/bin.")?;
    let mut cargo = project.command("cargo");
    cargo
        .args(["test", "--locked", "--target", TARGET, "--test", "browser"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("CHROMEDRIVER", &browser.driver)
        .env(
            "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
            browser.capabilities(project)?,
        )
        // Seconds; the default of 20 is short where the machine is busy.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "60");
    cargo_tests(cargo)
}

/// The release build, which fails over its budget.
pub fn page(project: &Project) -> Result<Tally, String> {
    // The next suite must not test a page that an earlier run left.
    let dist = project.root.join("dist");
    match fs::remove_dir_all(&dist) {
        Err(error) if dist.exists() => {
            return Err(format!("Cannot empty {}: {error}.", dist.display()));
        }
        _ => {}
    }
    build::run(project).map(|()| Tally::PASSED)
}

/// Playwright's tests against `dist/`.
pub fn e2e(project: &Project) -> Result<Tally, String> {
    if !project.root.join("dist/index.html").is_file() {
        return Err("There is no page in dist/ to test: `cargo xtask build` makes one.".into());
    }
    let browser = browser::ready(project)?;
    node::packages(project)?;
    let endpoint = endpoint::build(project)?;
    let tests = project.root.join("tests");
    let report = tests.join("results/e2e.json");
    // A run that breaks off must not be counted as the one before it. It may not be there at all.
    let _ = fs::remove_file(&report);
    let mut playwright = project.command(tests.join("node_modules/.bin/playwright"));
    playwright
        .arg("test")
        .current_dir(&tests)
        .env("CHROMIUM", &browser.chromium)
        .env(endpoint::VARIABLE, endpoint)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    let well = overheard(playwright, |_| ())?;
    let tally = fs::read_to_string(&report)
        .ok()
        .and_then(|text| Tally::from_playwright(&text))
        .ok_or_else(|| format!("Playwright left no report in {}.", report.display()))?;
    Ok(with_exit(tally, well))
}

fn cargo_tests(command: Command) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let well = overheard(command, |line| {
        if let Some(counts) = Tally::from_cargo(line) {
            tally += counts;
        }
    })?;
    Ok(with_exit(tally, well))
}

/// A runner that fails without a failed test has one more that failed: it did not compile, or died.
pub fn with_exit(mut tally: Tally, well: bool) -> Tally {
    if !well && tally.failed == 0 {
        tally += Tally::FAILED;
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_tests_and_broken_suites_count_as_failures() {
        let enough = Tally {
            passed: Suite::Host.minimum(),
            failed: 0,
        };
        assert_eq!(judged(Suite::Host, Ok(enough)), enough);
        let none = Tally::default();
        assert_eq!(judged(Suite::Host, Ok(none)), Tally::FAILED);
        assert_eq!(judged(Suite::E2e, Err("broken".into())), Tally::FAILED);
        assert_eq!(with_exit(enough, false).failed, 1);
        assert_eq!(with_exit(Tally::FAILED, false), Tally::FAILED);
        assert_eq!(with_exit(enough, true), enough);
    }
}
