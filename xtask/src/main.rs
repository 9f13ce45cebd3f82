//! `cargo xtask`: sets up what the playground needs, builds it, serves it and tests it.
//!
//! One file a step. Each step says what it does, skips what is there, and puts what it installs
//! into `target/tools`, so that nothing of the user's own set-up changes (Debian's packages, which
//! only a machine without a wasm32 toolchain gets, are the exception).

mod apt;
mod bench;
mod browser;
mod build;
mod clients;
mod css;
mod debian;
mod endpoint;
mod html;
mod lint;
mod node;
mod options;
mod process;
mod project;
mod python;
mod seal;
mod serve;
mod sizes;
mod speech;
mod split;
mod suites;
mod tally;
mod test;
mod toolchain;
mod tools;

use options::Task;
use project::Project;
use std::process::ExitCode;

fn main() -> ExitCode {
    if split::is_asked_for() {
        let words: Vec<String> = std::env::args().skip(1).collect();
        return ended(split::run(&words).map(|()| ExitCode::SUCCESS));
    }
    let task = match options::parse(std::env::args().skip(1)) {
        Ok(task) => task,
        Err(problem) => {
            eprintln!("{problem}\n\n{}", options::HELP);
            return ExitCode::from(2);
        }
    };
    ended(run(task))
}

fn ended(outcome: Result<ExitCode, String>) -> ExitCode {
    match outcome {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("\n{problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode, String> {
    match task {
        Task::Help => println!("{}", options::HELP),
        Task::Seal => seal::run()?,
        Task::Build => build::run(&set_up()?)?,
        Task::Serve(options) => {
            // Before the minutes of set-up, not after them.
            serve::port_is_free(options.port, "serve")?;
            serve::run(&set_up()?, &options)?;
        }
        Task::Endpoint(options) => {
            serve::port_is_free(options.port, "endpoint")?;
            endpoint::run(&toolchain()?, &options)?;
        }
        Task::Bench => bench::run(&set_up()?)?,
        Task::Test(chosen) => return Ok(test::run(set_up(), &chosen)),
        Task::Lint => return Ok(test::run(toolchain(), &suites::LINTS)),
        Task::Ci => return Ok(test::run(set_up(), &suites::all())),
    }
    Ok(ExitCode::SUCCESS)
}

/// Brings the toolchain, which is all that the lints and the endpoint need; returns at once when it is there.
fn toolchain() -> Result<Project, String> {
    toolchain::ready(Project::find()?)
}

/// Brings toolchain and tools.
fn set_up() -> Result<Project, String> {
    let project = toolchain()?;
    node::check_version(&project)?;
    tools::ready(&project)?;
    split::ready(&project)?;
    Ok(project)
}
