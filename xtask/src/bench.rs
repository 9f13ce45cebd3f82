//! `cargo xtask bench`: what the release page costs, measured in Chromium, written to BENCHMARKS.md.

use crate::process::{quiet, shown};
use crate::project::Project;
use crate::speech::step;
use crate::split::optimise_file;
use crate::toolchain::TARGET;
use crate::{browser, build, node};
use std::path::PathBuf;

/// The example that reads a stream with what the page reads it with.
const DECODE: &str = "decode";

/// Builds the page and the decoder, and measures both.
pub fn run(project: &Project) -> Result<(), String> {
    let browser = browser::ready(project)?;
    node::packages(project)?;
    build::run(project)?;
    let decode = decoder(project)?;
    step("Measuring in Chromium (a quarter of an hour; the fewer other programs run, the better)");
    let mut bench = project.command("node");
    bench
        .arg("tests/bench/main.mjs")
        .env("CHROMIUM", &browser.chromium)
        .env("DECODE", decode);
    shown(bench)
}

/// Builds the decoder as the page is built, and says where it lies.
fn decoder(project: &Project) -> Result<PathBuf, String> {
    step("Building the decoder by itself");
    let mut cargo = project.command("cargo");
    cargo
        .args(["build", "--quiet", "--release", "--locked", "--target"])
        .args([TARGET, "--features", "bench", "--example", DECODE]);
    shown(cargo)?;
    let out = project.root.join("target/bench");
    let program = project
        .root
        .join("target")
        .join(TARGET)
        .join("release/examples")
        .join(DECODE)
        .with_extension("wasm");
    // Not the stand-in, which takes the page apart: this program has no later part.
    let mut bindgen = project.command(project.tools().join("bin/wasm-bindgen"));
    bindgen
        .args(["--target", "web", "--no-typescript", "--out-dir"])
        .arg(&out)
        .arg(program);
    quiet(bindgen)?;
    optimise_file(project, &out.join("decode_bg.wasm"))?;
    Ok(out)
}
