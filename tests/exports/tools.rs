//! The programs that run exported code.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The variable that holds the key.
pub const NAME: &str = "MY_KEY";

/// The key: what a header can carry and a shell would trip over.
pub const KEY: &str = "sk-$HOME`id`'\"\\!%x%";

/// Set where every tool has to be there: `cargo xtask test` brings them.
const ALL_TOOLS: &str = "PLAYGROUND_ALL_TOOLS";

/// A folder for code, of its own for each test.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("exports")
        .join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A file of the project.
pub fn in_project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What was looked for, or `None` with a word.
fn found(what: &str, path: Option<PathBuf>) -> Option<PathBuf> {
    if path.is_none() {
        assert!(std::env::var_os(ALL_TOOLS).is_none(), "{what} is missing");
        eprintln!("skipped: {what} is not to be had here");
    }
    path
}

/// A program on the PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let file = std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file());
    found(name, file)
}

/// The Python with both packages.
pub fn python() -> Option<PathBuf> {
    let python = in_project("target/tools/python/bin/python");
    let file = Some(python).filter(|file| file.is_file());
    found("target/tools/python", file)
}

/// Node, where the package `openai` is there for it.
pub fn node() -> Option<PathBuf> {
    let package = in_project("tests/node_modules/openai");
    let folder = Some(package).filter(|folder| folder.is_dir());
    found("the npm package openai", folder)?;
    on_path("node")
}

/// Runs a program with the key in its environment, and nothing of a proxy.
pub fn run(command: &mut Command) -> Output {
    for proxy in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(proxy);
    }
    command
        .env(NAME, KEY)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}
