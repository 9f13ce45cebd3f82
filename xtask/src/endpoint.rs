//! The built-in endpoint over HTTP: a program of its own, which is built when it is asked for.

use crate::build;
use crate::options::EndpointOptions;
use crate::process::{instead, watched};
use crate::project::Project;
use crate::speech::step;
use std::path::PathBuf;

/// The program, and the feature that brings its web server.
const NAME: &str = "endpoint";

/// Says to cargo that the endpoint is wanted too, where the whole workspace is meant.
pub const FEATURE: [&str; 2] = ["--features", "playground/endpoint"];

/// Tells tests where the program is.
pub const VARIABLE: &str = "ENDPOINT";

/// Builds the program and says where it is.
pub fn build(project: &Project) -> Result<PathBuf, String> {
    build::fetch(project)?;
    step("Building the endpoint (about a minute the first time)");
    let mut cargo = project.command("cargo");
    cargo
        .args(["build", "--locked", "--bin", NAME])
        .args(FEATURE)
        // As the tests that need no browser build it, so that it is compiled once for all.
        .args(["--profile", "test"]);
    watched(cargo, &project.tools().join("log/endpoint.log"))?;
    let folder = project.root.join("target/debug");
    Ok(folder
        .join(NAME)
        .with_extension(std::env::consts::EXE_EXTENSION))
}

/// Builds it and serves until it is stopped.
pub fn run(project: &Project, options: &EndpointOptions) -> Result<(), String> {
    let mut endpoint = project.command(build(project)?);
    endpoint.args(["--port", &options.port.to_string()]);
    for (name, value) in [("--key", &options.key), ("--pace", &options.pace)] {
        if let Some(value) = value {
            endpoint.args([name, value]);
        }
    }
    instead(endpoint)
}
