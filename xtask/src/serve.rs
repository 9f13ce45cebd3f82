//! Step 6: serves the release page at 127.0.0.1 with trunk, which builds it again after each change.
//!
//! The page is built into a folder of its own, because with `--proxy` it differs from the one in
//! `dist/`: it says where `/proxy` leads, so that the page can offer it.

use crate::build;
use crate::options::ServeOptions;
use crate::process::instead;
use crate::project::Project;
use crate::speech::step;
use std::net::TcpListener;
use std::process::Command;

/// Tells the [`seal`](crate::seal) step inside trunk's build where `/proxy` leads.
pub const PROXY_VARIABLE: &str = "PLAYGROUND_PROXY";

/// Fails with words if something else listens at the port that a task is to serve at.
pub fn port_is_free(port: u16, task: &str) -> Result<(), String> {
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!(
            "Cannot serve at 127.0.0.1:{port}: {error}. Perhaps something is served there already; \
             `cargo xtask {task} --port N` takes another port."
        )),
    }
}

/// Builds and serves until it is stopped.
pub fn run(project: &Project, options: &ServeOptions) -> Result<(), String> {
    build::fetch(project)?;
    let port = options.port;
    step(
        "Building the release page, then serving it (3 minutes the first time: all of it is optimised for size)",
    );
    println!(
        "    Open http://127.0.0.1:{port}/ when trunk says \"server listening\". Ctrl+C ends it."
    );
    if let Some(target) = &options.proxy {
        println!("    /proxy stands for {target}: the page offers it as a base URL.");
    }
    instead(server(project, options))
}

fn server(project: &Project, options: &ServeOptions) -> Command {
    let mut trunk = build::trunk(project);
    trunk
        .args([
            "serve",
            "--release",
            "--dist",
            "target/page",
            "--address",
            "127.0.0.1",
        ])
        .args(["--port", &options.port.to_string()])
        // The policy of the page forbids the script that would reload it.
        .arg("--no-autoreload")
        .args([
            "--no-error-reporting",
            "--no-spa",
            "--disable-address-lookup",
        ]);
    match &options.proxy {
        Some(target) => trunk
            .args(["--proxy-backend", target, "--proxy-rewrite", "/proxy"])
            // A redirect is the page's to tell.
            .arg("--proxy-no-redirect")
            .env(PROXY_VARIABLE, target),
        None => trunk.env_remove(PROXY_VARIABLE),
    };
    trunk
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_taken_port_is_told() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let message = port_is_free(port, "endpoint").unwrap_err();
        assert!(
            message.contains(&port.to_string()) && message.contains("endpoint --port"),
            "{message}"
        );
        drop(taken);
        assert_eq!(port_is_free(port, "serve"), Ok(()));
    }
}
