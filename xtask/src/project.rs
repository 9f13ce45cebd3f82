//! Where things are, and how other programs are started so that they find them.

use crate::split;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The checkout, and the environment in which its tools run.
#[derive(Clone)]
pub struct Project {
    /// The folder of the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// Folders before the user's own on `PATH`: the project's tools, the toolchain in use.
    path: Vec<PathBuf>,
    /// Whether Debian's toolchain is in use; rustup's variables are then kept from it.
    debian: bool,
}

impl Project {
    /// The checkout that this program belongs to.
    pub fn find() -> Result<Self, String> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .parent()
            .filter(|root| root.join("Trunk.toml").is_file())
            .ok_or(
                "Cannot find the project's folder: start this with `cargo xtask`, in the project.",
            )?
            .to_owned();
        let tools = root.join("target/tools");
        let mut path = vec![
            split::folder(&tools),
            tools.join("bin"),
            tools.join("node/node_modules/.bin"),
        ];
        // Trunk's hook calls `xtask seal`.
        if let Some(own) = std::env::current_exe()
            .ok()
            .as_deref()
            .and_then(Path::parent)
        {
            path.push(own.to_owned());
        }
        Ok(Self {
            root,
            path,
            debian: false,
        })
    }

    /// The same project with Debian's toolchain, whose programs are linked in `bin`.
    pub fn with_debian(&self, bin: PathBuf) -> Self {
        let mut project = self.clone();
        project.path.insert(0, bin);
        project.debian = true;
        project
    }

    /// The same project with the toolchain that started this program. It need not know wasm32, and
    /// rustup's is quicker than Debian's: the tools are built with it.
    pub fn with_users_own(&self) -> Result<Self, String> {
        if self.debian {
            Self::find()
        } else {
            Ok(self.clone())
        }
    }

    /// The folder of everything that set-up installs.
    pub fn tools(&self) -> PathBuf {
        self.root.join("target/tools")
    }

    /// A program that runs in the project's folder and finds the project's tools.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .env("PATH", self.search_path());
        for (name, _) in std::env::vars_os() {
            if name
                .to_str()
                .is_some_and(|name| is_left_over(name, self.debian))
            {
                command.env_remove(name);
            }
        }
        // Cargo adds its own libraries here; another toolchain must not load them.
        if let Some(libraries) = std::env::var_os("LD_LIBRARY_PATH") {
            let kept: Vec<_> = std::env::split_paths(&libraries)
                .filter(|folder| !folder.starts_with(&self.root) && !is_toolchain(folder))
                .collect();
            match std::env::join_paths(kept) {
                Ok(kept) if !kept.is_empty() => command.env("LD_LIBRARY_PATH", kept),
                _ => command.env_remove("LD_LIBRARY_PATH"),
            };
        }
        command
    }

    /// Where a program would be started from, if it is there at all.
    pub fn which(&self, program: &str) -> Option<PathBuf> {
        std::env::split_paths(&self.search_path())
            .map(|folder| folder.join(program))
            .find(|path| path.is_file())
    }

    fn search_path(&self) -> OsString {
        let own = std::env::var_os("PATH").unwrap_or_default();
        let all = self.path.iter().cloned().chain(std::env::split_paths(&own));
        // Only a folder with a colon in its name cannot be joined; the user's PATH has none.
        std::env::join_paths(all).unwrap_or(own)
    }
}

/// Variables that `cargo run` and rustup set for this program, and that would misguide another cargo.
fn is_left_over(name: &str, debian: bool) -> bool {
    matches!(name, "CARGO" | "OUT_DIR" | "RUST_RECURSION_COUNT")
        || [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
        ]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        || debian && matches!(name, "RUSTUP_TOOLCHAIN" | "RUSTC" | "RUSTDOC" | "RUSTFMT")
}

fn is_toolchain(folder: &Path) -> bool {
    folder
        .iter()
        .any(|part| part == "rustlib" || part == "toolchains")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cargo_and_rustup_set_is_dropped() {
        for name in ["CARGO", "CARGO_PKG_NAME", "CARGO_MANIFEST_DIR"] {
            assert!(is_left_over(name, false), "{name}");
        }
        for name in ["CARGO_HOME", "CARGO_TARGET_DIR", "HOME", "RUSTUP_TOOLCHAIN"] {
            assert!(!is_left_over(name, false), "{name}");
        }
        assert!(is_left_over("RUSTUP_TOOLCHAIN", true));
        assert!(!is_left_over("RUSTUP_HOME", true));
    }
}
