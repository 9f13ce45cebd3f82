//! Step 2: the programs that make a web page of a Rust program, in exactly these versions, in
//! `target/tools`.

use crate::build;
use crate::process::{answer, watched};
use crate::project::Project;
use crate::speech::step;
use std::fs;
use std::path::Path;

/// A program from crates.io, built without optimisation, which saves minutes here and costs a
/// second or two for each build of the page.
struct Tool {
    package: &'static str,
    version: &'static str,
    /// All that must answer with the version.
    programs: &'static [&'static str],
    features: &'static [&'static str],
    /// What it is for, and how long it takes on two cores.
    about: &'static str,
}

const TOOLS: [Tool; 4] = [
    Tool {
        package: "wasm-bindgen-cli",
        // The same version as the crate `wasm-bindgen` in Cargo.toml.
        version: "0.2.130",
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        features: &[],
        about: "joins wasm and JavaScript; about 2 minutes",
    },
    Tool {
        package: "stylance-cli",
        version: "0.8.4",
        programs: &["stylance"],
        features: &[],
        about: "scopes the style sheets; about half a minute",
    },
    Tool {
        // The same version as the crate `wasm_split_helpers` in Cargo.lock.
        package: "wasm_split_cli_support",
        version: "0.2.3",
        programs: &["wasm-split-cli"],
        features: &["--features", "build-binary"],
        about: "takes the page's program apart; about 1 minute",
    },
    Tool {
        package: "trunk",
        version: "0.21.14",
        programs: &["trunk"],
        features: &["--no-default-features", "--features", "rustls"],
        about: "builds and serves the page; about 3 minutes",
    },
];

/// The npm package with `wasm-opt`; Debian's own is too old for what today's compiler writes.
const BINARYEN: &str = "132.0.0";

/// Installs what is missing or has another version.
pub fn ready(project: &Project) -> Result<(), String> {
    binaryen(project)?;
    let missing: Vec<&Tool> = TOOLS
        .iter()
        .filter(|tool| !tool.is_there(project))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    // A cargo alone leaves a core idle much of the time: it waits for one crate after the other.
    let page = build::begin(project)?;
    let own = project.with_users_own()?;
    for tool in missing {
        step(&format!(
            "Building {} {} ({})",
            tool.package, tool.version, tool.about
        ));
        tool.install(&own)?;
    }
    // More than a gigabyte that nothing needs again.
    let _ = fs::remove_dir_all(project.tools().join("build"));
    step("Waiting for the page's crates, which were compiled meanwhile");
    page.watch()
}

impl Tool {
    /// cargo keeps a list of what it installed; not every program tells its own version.
    fn is_there(&self, project: &Project) -> bool {
        let list = fs::read_to_string(project.tools().join(".crates.toml")).unwrap_or_default();
        let entry = format!("\n\"{} {} (", self.package, self.version);
        list.contains(&entry)
            && self.programs.iter().all(|program| {
                let mut command = project.command(project.tools().join("bin").join(program));
                command.env_remove("NO_COLOR").arg("--help");
                answer(command).is_some()
            })
    }

    /// With the versions its authors locked; if one of them is not to be had here (a registry's
    /// mirror can lag behind), with the newest that fit.
    fn install(&self, project: &Project) -> Result<(), String> {
        match self.install_with(project, &["--locked"]) {
            Err(problem) if misses_a_version(&problem) => {
                println!(
                    "    a version it locks is not to be had here: taking the newest that fit"
                );
                self.install_with(project, &[])
            }
            outcome => outcome,
        }
    }

    fn install_with(&self, project: &Project, options: &[&str]) -> Result<(), String> {
        let mut cargo = project.command("cargo");
        cargo
            .args([
                "install",
                "--debug",
                "--force",
                self.package,
                "--version",
                self.version,
                "--root",
            ])
            .arg(project.tools())
            .args(self.features)
            .args(options)
            .env("CARGO_TARGET_DIR", project.tools().join("build"))
            // One folder and one profile for all: what they share is compiled once.
            .env("CARGO_PROFILE_DEV_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_PROFILE_DEV_DEBUG_ASSERTIONS", "false")
            .env("CARGO_PROFILE_DEV_OVERFLOW_CHECKS", "false");
        watched(cargo, &log(project, self.package))
    }
}

/// Whether cargo could not find a version, rather than not build it.
fn misses_a_version(problem: &str) -> bool {
    problem.contains("failed to select a version") || problem.contains("no matching package")
}

fn binaryen(project: &Project) -> Result<(), String> {
    let folder = project.tools().join("node");
    if version_of(&folder.join("node_modules/binaryen")).as_deref() == Some(BINARYEN) {
        return Ok(());
    }
    step(&format!(
        "Installing binaryen {BINARYEN} from npm (shrinks wasm; 100 MB, some seconds)"
    ));
    fs::create_dir_all(&folder)
        .map_err(|error| format!("Cannot make {}: {error}.", folder.display()))?;
    let mut npm = project.command("npm");
    npm.args(["install", "--no-fund", "--no-audit", "--prefix"])
        .arg(&folder)
        .arg(format!("binaryen@{BINARYEN}"));
    watched(npm, &log(project, "binaryen"))
}

/// The version in an installed npm package's own description.
fn version_of(package: &Path) -> Option<String> {
    let text = fs::read_to_string(package.join("package.json")).ok()?;
    let (_, rest) = text.split_once("\"version\":")?;
    rest.split('"').nth(1).map(str::to_owned)
}

fn log(project: &Project, name: &str) -> std::path::PathBuf {
    project.tools().join("log").join(name).with_extension("log")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// trunk refuses to build when the two differ, and says so only after minutes.
    #[test]
    fn versions_are_those_of_the_project() {
        let manifest = include_str!("../../Cargo.toml");
        let trunk = include_str!("../../Trunk.toml");
        let version = |package| {
            TOOLS
                .iter()
                .find(|tool| tool.package == package)
                .map_or("", |tool| tool.version)
        };
        let bindgen = version("wasm-bindgen-cli");
        assert!(manifest.contains(&format!("wasm-bindgen = \"={bindgen}\"")));
        assert!(trunk.contains(&format!("wasm_bindgen = \"{bindgen}\"")));
        assert!(manifest.contains(&format!("stylance = \"={}\"", version("stylance-cli"))));
        assert!(trunk.contains(&format!("trunk-version = \"^{}\"", version("trunk"))));
        let wasm_opt = BINARYEN.split('.').next().unwrap_or_default();
        assert!(trunk.contains(&format!("wasm_opt = \"version_{wasm_opt}\"")));
    }

    #[test]
    fn only_a_missing_version_is_tried_again_unlocked() {
        assert!(misses_a_version(
            "error: failed to select a version for the requirement `walrus = \"^9\"`"
        ));
        assert!(!misses_a_version("error: could not compile `ring`"));
    }
}
