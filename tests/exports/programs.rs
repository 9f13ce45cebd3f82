//! Python, JavaScript and Rust: every program is run, and prints the answer that came.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use playground::api::body::Body;
use playground::share::code::{Language, Layout};
use serde_json::Value;

use crate::arrives::{Asked, Near};
use crate::bodies;
use crate::listener::{ANSWER, Arrived, Listener};
use crate::tools::{self, folder, in_project};

/// A program to run, and what it has to send.
struct Program {
    asked: Asked,
    near: Near,
    what: String,
    file: PathBuf,
}

/// Between what one program prints and the next.
const BETWEEN: &str = "\n----------\n";

/// Writes a program for each body and layout, in the order in which they run.
fn programs(
    language: Language,
    near: fn(Layout) -> Near,
    listener: &Listener,
    folder: &Path,
) -> Vec<Program> {
    let mut programs = Vec::new();
    let name = language.name();
    let extension = language.file_name().rsplit('.').next().unwrap_or_default();
    let mut add = |asked: Asked, layout: Layout, what: &str| {
        let file = folder.join(format!("{name}-{}.{extension}", programs.len()));
        std::fs::write(&file, asked.file(language)).unwrap();
        programs.push(Program {
            asked,
            near: near(layout),
            what: format!("{name}, {what}, {layout:?}"),
            file,
        });
    };
    for (what, body) in bodies::all() {
        for layout in [Layout::Pretty, Layout::Compact] {
            add(Asked::new(&listener.base, &body, layout), layout, what);
        }
    }
    let itself = Asked::new(&listener.base, &Body::default(), Layout::Pretty);
    add(itself.with_key_itself(), Layout::Pretty, "the key itself");
    programs
}

/// Fails unless each program sent its request and printed the answer.
fn expect(programs: &[Program], listener: &Listener, output: &Output) {
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let printed = String::from_utf8(output.stdout.clone()).unwrap();
    let mut printed = printed.split(BETWEEN);
    for Program {
        asked, near, what, ..
    } in programs
    {
        let arrived = listener.next();
        let arrived = arrived.unwrap_or_else(|| panic!("{what}: nothing arrived. {errors}"));
        asked.expect(&arrived, *near, what);
        let printed = printed.next().unwrap_or_default().trim_end_matches('\n');
        match prints_whole(&arrived) {
            true => assert!(prints_all(printed), "{what}: {printed} {errors}"),
            false => assert_eq!(printed, ANSWER, "{what}: {errors}"),
        }
    }
    assert!(output.status.success(), "{errors}");
}

/// Whether more than a text may come for a request, so that the program prints all of it.
fn prints_whole(arrived: &Arrived) -> bool {
    let body: Value = serde_json::from_slice(&arrived.body).unwrap();
    !body["tools"].is_null()
}

/// Whether every character of the answer was printed, be it in an event of its own.
fn prints_all(printed: &str) -> bool {
    let escaped = Value::from(ANSWER).to_string();
    ANSWER
        .chars()
        .chain(escaped.chars())
        .all(|c| printed.contains(c))
}

#[test]
fn python_sends_the_request_and_reads_the_answer() {
    let Some(python) = tools::python() else {
        return;
    };
    let (listener, folder) = (Listener::start(), folder("python"));
    let mut all = programs(Language::PythonOpenAi, |_| Near::Values, &listener, &folder);
    all.extend(programs(
        Language::PythonHttpx,
        |_| Near::Bytes,
        &listener,
        &folder,
    ));
    // One process for all: what takes the time is importing the client.
    let driver = folder.join("all.py");
    let text = format!(
        "import runpy, sys\nsys.stdout.reconfigure(encoding='utf-8')\nfor file in sys.argv[1:]:\n    runpy.run_path(file, run_name='__main__')\n    print({BETWEEN:?}, end='', flush=True)\n"
    );
    std::fs::write(&driver, text).unwrap();
    let mut command = Command::new(python);
    command
        .arg(driver)
        .args(all.iter().map(|program| &program.file));
    expect(&all, &listener, &tools::run(&mut command));
}

#[test]
fn javascript_sends_the_request_and_reads_the_answer() {
    let Some(node) = tools::node() else {
        return;
    };
    let listener = Listener::start();
    // Where Node finds the package: it looks in the folders above a file.
    let folder = in_project("tests/results/exports");
    std::fs::create_dir_all(&folder).unwrap();
    // A literal is written without white space by the client.
    let mut all = programs(
        Language::JavaScriptOpenAi,
        |_| Near::Json,
        &listener,
        &folder,
    );
    all.extend(programs(
        Language::JavaScriptFetch,
        |_| Near::Bytes,
        &listener,
        &folder,
    ));
    let driver = folder.join("all.mjs");
    let text = format!(
        "for (const file of process.argv.slice(2)) {{\n  await import(file);\n  process.stdout.write({BETWEEN:?});\n}}\n"
    );
    std::fs::write(&driver, text).unwrap();
    let mut command = Command::new(node);
    command
        .arg(driver)
        .args(all.iter().map(|program| &program.file));
    expect(&all, &listener, &tools::run(&mut command));
}

#[test]
fn rust_compiles_sends_the_request_and_reads_the_answer() {
    let (listener, folder) = (Listener::start(), folder("rust"));
    let source = folder.join("src/bin");
    std::fs::create_dir_all(&source).unwrap();
    for file in ["Cargo.toml", "Cargo.lock"] {
        let fixture = in_project("tests/exports/rust").join(file);
        std::fs::copy(fixture, folder.join(file)).unwrap();
    }
    // One program for each way of reading and for what is hardest to quote: each has to be linked.
    let chosen = [
        "a first request, P",
        "a whole answer, C",
        "hard texts, P",
        "hard texts, streamed, C",
        "tools, printed whole, P",
        "the key itself",
    ];
    let all = programs(Language::Rust, |_| Near::Bytes, &listener, &source);
    let (all, others): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|program| chosen.iter().any(|name| program.what.contains(name)));
    for program in others {
        std::fs::remove_file(program.file).unwrap();
    }
    assert_eq!(all.len(), chosen.len());
    let target = folder.join("target");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["build", "--quiet", "--locked"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", &target)
        .env_remove("RUSTFLAGS");
    let built = tools::run(&mut cargo);
    let errors = String::from_utf8_lossy(&built.stderr).into_owned();
    assert!(built.status.success(), "{errors}");
    for program in &all {
        let name = program.file.file_stem().unwrap();
        let output = tools::run(&mut Command::new(target.join("debug").join(name)));
        expect(std::slice::from_ref(program), &listener, &output);
    }
}
