//! Step 1: a Rust toolchain that compiles for wasm32-unknown-unknown.
//!
//! In this order: the user's own, if it can; Debian's, if an earlier run prepared it; the user's
//! own after `rustup target add`; Debian's, prepared now. `PLAYGROUND_TOOLCHAIN=debian` goes
//! straight to Debian's.

use crate::process::{answer, watched};
use crate::project::Project;
use crate::speech::step;
use crate::{apt, debian};
use std::fs;

/// The target of the page.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The project with a toolchain that has the wasm32 standard library. The error says what to do.
pub fn ready(project: Project) -> Result<Project, String> {
    match std::env::var("PLAYGROUND_TOOLCHAIN").as_deref() {
        Ok("debian") => return debian::ready(&project),
        Err(_) | Ok("") => {}
        Ok(other) => {
            return Err(format!(
                "PLAYGROUND_TOOLCHAIN is `{other}`, which means nothing here. Set it to `debian`, or unset it."
            ));
        }
    }
    if compiles(&project) {
        return Ok(project);
    }
    if let Some(ready) = debian::prepared(&project) {
        return Ok(ready);
    }
    let refused = match add_target(&project) {
        Ok(()) if compiles(&project) => return Ok(project),
        Ok(()) => "the compiler on the PATH still cannot use it (is it rustup's?)".to_owned(),
        Err(problem) => problem,
    };
    if !apt::is_there(&project) {
        return Err(format!(
            "The standard library for {TARGET} is missing, and rustup could not add it:\n{refused}\n\n\
             Run `rustup target add {TARGET}` with a connection to Rust's download server, or run this on \
             Debian 12 as root, where the packaged toolchain serves as well."
        ));
    }
    println!(
        "    rustup cannot add it ({}); Debian's packages can",
        gist(&refused)
    );
    debian::ready(&project)
}

/// Whether the project's compiler makes and links a wasm32 library that uses `std`.
pub fn compiles(project: &Project) -> bool {
    let folder = project.tools().join("probe");
    let source = folder.join("probe.rs");
    let code = "#[unsafe(no_mangle)]\npub extern \"C\" fn probe() -> usize { String::from(\"probe\").len() }\n";
    if fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&source, code))
        .is_err()
    {
        return false;
    }
    let mut rustc = project.command("rustc");
    rustc
        .args([
            "--edition=2024",
            "--crate-type=cdylib",
            "--target",
            TARGET,
            "-o",
        ])
        .arg(folder.join("probe.wasm"))
        .arg(&source);
    answer(rustc).is_some()
}

fn add_target(project: &Project) -> Result<(), String> {
    step("Adding the wasm32 standard library to the Rust toolchain (rustup downloads about 20 MB)");
    let mut rustup = project.command("rustup");
    rustup
        .args(["target", "add", TARGET])
        // Without a connection there is another way: fail at once, and in words.
        .env("RUSTUP_MAX_RETRIES", "0")
        .env("RUST_BACKTRACE", "0");
    watched(rustup, &project.tools().join("log/rustup.log"))
}

/// The gist of what rustup answers: its last error, without what that was caused by.
fn gist(problem: &str) -> &str {
    problem
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("error: "))
        .and_then(|error| error.split(": ").next())
        .unwrap_or("it gives no reason")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gist_is_the_last_error() {
        let log = "info: syncing\nerror: could not download: no route to host\nCaused by:\n\nrustup ended with 1.";
        assert_eq!(gist(log), "could not download");
        assert_eq!(gist(""), "it gives no reason");
    }
}
