//! Python's part: an environment of its own in `target/tools/python`, with the packages that the tests
//! use the endpoint by.

use crate::apt;
use crate::process::{answer, watched};
use crate::project::Project;
use crate::speech::step;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// Debian's, which nothing stands before on the PATH that is not known here.
const DEBIAN: &str = "/usr/bin/python3";

/// The Python of the environment, which is made where it is not there or has other packages.
pub fn ready(project: &Project) -> Result<PathBuf, String> {
    let folder = project.tools().join("python");
    let python = folder.join("bin/python");
    let list = project.root.join("tests/clients/requirements.txt");
    let wanted =
        fs::read(&list).map_err(|error| format!("Cannot read {}: {error}.", list.display()))?;
    let stamp = folder.join("installed.txt");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    let base = base(project)?;
    step("Installing the official Python client from PyPI into target/tools/python (some seconds)");
    let log = project.tools().join("log/python.log");
    let mut venv = project.command(&base);
    venv.args(["-m", "venv", "--clear"]).arg(&folder);
    watched(venv, &log)?;
    let mut pip = project.command(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--no-input"])
        .args(["--disable-pip-version-check", "--requirement"])
        .arg(&list);
    watched(pip, &log)?;
    fs::write(&stamp, wanted)
        .map_err(|error| format!("Cannot write {}: {error}.", stamp.display()))?;
    Ok(python)
}

/// A Python that can make an environment: the user's own, or Debian's, which is installed where needed.
fn base(project: &Project) -> Result<PathBuf, String> {
    if let Some(own) = project.which("python3")
        && serves(project, &own)
    {
        return Ok(own);
    }
    apt::install(project, "Debian's Python", &["python3", "python3-venv"]).map_err(|problem| {
        format!("{problem}\nAny Python from 3.11 on with the modules venv and ensurepip will do.")
    })?;
    let debian = Path::new(DEBIAN);
    if serves(project, debian) {
        Ok(debian.to_owned())
    } else {
        Err(format!(
            "{DEBIAN} cannot make an environment, though its packages are installed."
        ))
    }
}

fn serves(project: &Project, python: impl AsRef<OsStr>) -> bool {
    let mut probe = project.command(python);
    probe.args([
        "-c",
        "import ensurepip, sys, venv; assert sys.version_info >= (3, 11)",
    ]);
    answer(probe).is_some()
}
