//! Step 1, the other way: Debian's packaged toolchain, for machines that cannot reach Rust's own
//! download server.
//!
//! Debian keeps a current compiler (`rustc-web`) to build browsers with. It carries no wasm32
//! standard library, but all of the source, so that the library is built here, once, with
//! `-Zbuild-std`, and put into that compiler's own folder. The project itself then builds with it
//! like with any other toolchain. rustup is left as it is: the compiler is called by links in
//! `target/tools/debian/bin`.

use crate::apt;
use crate::process::{answer, watched};
use crate::project::Project;
use crate::speech::step;
use crate::toolchain::{TARGET, compiles};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const PACKAGES: [&str; 6] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-clippy",
    "rustfmt-web",
    LINKER,
];

/// Package and program of the wasm linker.
const LINKER: &str = "lld-22";

const PROGRAMS: [&str; 7] = [
    "cargo",
    "cargo-clippy",
    "cargo-fmt",
    "clippy-driver",
    "rustc",
    "rustdoc",
    "rustfmt",
];

/// The project with Debian's toolchain, if an earlier run prepared it.
pub fn prepared(project: &Project) -> Option<Project> {
    let bin = bin(project);
    bin.is_dir()
        .then(|| project.with_debian(bin))
        .filter(compiles)
}

/// The project with Debian's toolchain, which is installed and completed first where needed.
pub fn ready(project: &Project) -> Result<Project, String> {
    apt::install(project, "Debian's Rust toolchain", &PACKAGES)?;
    let bin = bin(project);
    link_programs(&bin)
        .map_err(|error| format!("Cannot link the toolchain into {}: {error}.", bin.display()))?;
    let project = project.with_debian(bin);
    if compiles(&project) {
        return Ok(project);
    }
    build_std(&project)?;
    if compiles(&project) {
        Ok(project)
    } else {
        Err(format!(
            "Debian's Rust toolchain still cannot compile for {TARGET}. Its packages may be of \
             different versions: run `apt-get update && apt-get upgrade`, then try again."
        ))
    }
}

fn bin(project: &Project) -> PathBuf {
    project.tools().join("debian/bin")
}

fn link_programs(bin: &Path) -> io::Result<()> {
    fs::create_dir_all(bin)?;
    for program in PROGRAMS {
        link(&Path::new("/usr/bin").join(program), &bin.join(program))?;
    }
    Ok(())
}

/// Builds the standard library in an empty crate and copies it to where the compiler looks for it.
fn build_std(project: &Project) -> Result<(), String> {
    let mut ask = project.command("rustc");
    ask.args(["--print", "sysroot", "--print", "host-tuple"]);
    let answer = answer(ask).ok_or("Debian's rustc does not say where its libraries are.")?;
    let (sysroot, host) = answer
        .split_once('\n')
        .ok_or("Debian's rustc does not say what machine it runs on.")?;
    let rustlib = Path::new(sysroot).join("lib/rustlib");

    step("Building the wasm32 standard library, once (1 to 2 minutes)");
    let folder = project.tools().join("std");
    let unwritten = |error: io::Error| format!("Cannot write to {}: {error}.", folder.display());
    // Libraries of two builds side by side would break the toolchain.
    remove(&folder).map_err(unwritten)?;
    fs::create_dir_all(folder.join("src")).map_err(unwritten)?;
    fs::write(folder.join("Cargo.toml"), EMPTY_CRATE).map_err(unwritten)?;
    fs::write(folder.join("src/lib.rs"), "").map_err(unwritten)?;
    let mut cargo = project.command("cargo");
    cargo
        .current_dir(&folder)
        .args(["build", "--release", "--target", TARGET])
        // `test` for wasm-bindgen-test, `panic_abort` for the page.
        .arg("-Zbuild-std=std,panic_abort,test")
        .env("RUSTC_BOOTSTRAP", "1")
        // Fat link-time optimisation needs it.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", folder.join("target"));
    watched(cargo, &project.tools().join("log/std.log"))?;

    let built = folder.join("target").join(TARGET).join("release/deps");
    let wanted = rustlib.join(TARGET).join("lib");
    let linker = rustlib.join(host).join("bin/rust-lld");
    install_std(&built, &wanted)
        .and_then(|()| link(&Path::new("/usr/bin").join(LINKER), &linker))
        .and_then(|()| remove(&folder))
        .map_err(|error| {
            format!(
                "Cannot put the standard library into {}: {error}. Run this once as root.",
                rustlib.display()
            )
        })
}

const EMPTY_CRATE: &str = r#"[package]
name = "empty"
version = "0.0.0"
edition = "2024"

[workspace]

[profile.release]
opt-level = "s"
codegen-units = 1
"#;

/// Replaces the libraries in `wanted` by those in `built`.
fn install_std(built: &Path, wanted: &Path) -> io::Result<()> {
    remove(wanted)?;
    fs::create_dir_all(wanted)?;
    for entry in fs::read_dir(built)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if name.ends_with(".rlib") && !name.starts_with("libempty-") {
            fs::copy(&path, wanted.join(name))?;
        }
    }
    Ok(())
}

fn link(target: &Path, link: &Path) -> io::Result<()> {
    if let Some(folder) = link.parent() {
        fs::create_dir_all(folder)?;
    }
    if fs::symlink_metadata(link).is_ok() {
        fs::remove_file(link)?;
    }
    symlink(target, link)
}

#[cfg(unix)]
fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(not(unix))]
fn symlink(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Removes a folder that may not be there.
fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_library_of_an_older_build_does_not_stay() {
        let folder = std::env::temp_dir().join(format!("xtask-debian-{}", std::process::id()));
        let (built, wanted) = (folder.join("built"), folder.join("wanted"));
        fs::create_dir_all(&built).unwrap();
        fs::create_dir_all(&wanted).unwrap();
        for name in ["libstd-2.rlib", "libempty-1.rlib", "libstd-2.rmeta"] {
            fs::write(built.join(name), name).unwrap();
        }
        fs::write(wanted.join("libstd-1.rlib"), "older").unwrap();
        install_std(&built, &wanted).unwrap();
        let names: Vec<_> = fs::read_dir(&wanted)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(names, ["libstd-2.rlib"]);
    }
}
