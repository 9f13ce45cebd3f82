//! Debian's packages: what is missing is installed, as root, and nothing is removed for it.

use crate::process::{answer, watched};
use crate::project::Project;
use crate::speech::step;

/// Whether this machine has Debian's package manager.
pub fn is_there(project: &Project) -> bool {
    project.which("apt-get").is_some()
}

/// Installs those of `packages` that are missing. `what` names them for people: "Debian's Chromium".
pub fn install(project: &Project, what: &str, packages: &[&str]) -> Result<(), String> {
    let missing: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|package| !is_installed(project, package))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !is_there(project) {
        return Err(format!(
            "{what} is missing, and there is no apt-get here to install it with."
        ));
    }
    if !is_root(project) {
        return Err(format!(
            "{what} is missing, and only root can install it. Run this, then try again:\n\n    sudo apt-get install {list}"
        ));
    }
    step(&format!("Installing {what}: {list} (about half a minute)"));
    if install_now(project, &missing).is_ok() {
        return Ok(());
    }
    println!("    not with the package lists that are here: fetching new ones");
    let mut update = apt_get(project);
    update.args(["update", "-q"]);
    watched(update, &project.tools().join("log/apt-update.log"))?;
    install_now(project, &missing)
}

fn install_now(project: &Project, packages: &[&str]) -> Result<(), String> {
    let mut install = apt_get(project);
    install
        .args([
            "install",
            "-q",
            "-y",
            "--no-install-recommends",
            "--no-remove",
        ])
        .args(packages);
    watched(install, &project.tools().join("log/apt-install.log"))
}

fn apt_get(project: &Project) -> std::process::Command {
    let mut command = project.command("apt-get");
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["-o", "DPkg::Lock::Timeout=120"]);
    command
}

fn is_installed(project: &Project, package: &str) -> bool {
    let mut query = project.command("dpkg-query");
    query.args(["--show", "--showformat=${db:Status-Status}", package]);
    answer(query).is_some_and(|status| status == "installed")
}

/// Whether this runs as root.
pub fn is_root(project: &Project) -> bool {
    let mut id = project.command("id");
    id.arg("-u");
    answer(id).is_some_and(|user| user == "0")
}
