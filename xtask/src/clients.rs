//! The official clients against the endpoint, each with its language's own test runner. Each test file
//! starts an endpoint for itself.

use crate::process::overheard;
use crate::project::Project;
use crate::tally::Tally;
use crate::test::with_exit;
use crate::{endpoint, node, python};
use std::process::Command;

/// Builds the endpoint and lets both languages talk to it. One that cannot is no reason to leave the other
/// out.
pub fn run(project: &Project) -> Result<Tally, String> {
    let endpoint = endpoint::build(project)?;
    let mut tally = Tally::default();
    for (commands, reads) in [
        (javascript(project), Tally::from_node as fn(&str) -> _),
        (python(project), Tally::from_words),
    ] {
        tally += commands
            .and_then(|mut command| {
                command.env(endpoint::VARIABLE, &endpoint);
                counted(command, reads)
            })
            .unwrap_or_else(|problem| {
                println!("{problem}");
                Tally::FAILED
            });
    }
    Ok(tally)
}

fn javascript(project: &Project) -> Result<Command, String> {
    node::packages(project)?;
    let mut node = project.command("node");
    node.args(["--test", "--test-reporter=spec"])
        .args(["clients/wire.test.mjs", "clients/openai.test.mjs"])
        .current_dir(project.root.join("tests"))
        // Colours would stand between the words that are counted.
        .env_remove("FORCE_COLOR")
        .env("NO_COLOR", "1");
    Ok(node)
}

fn python(project: &Project) -> Result<Command, String> {
    let mut python = project.command(python::ready(project)?);
    python
        .arg("clients/openai_test.py")
        .current_dir(project.root.join("tests"))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(python)
}

fn counted(command: Command, reads: fn(&str) -> Option<Tally>) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let well = overheard(command, |line| {
        if let Some(counts) = reads(line) {
            tally += counts;
        }
    })?;
    Ok(with_exit(tally, well))
}
