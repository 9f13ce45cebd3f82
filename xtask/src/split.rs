//! Takes the compiled program apart: what stands under `#[wasm_split]` goes into wasm files of its
//! own, which the page fetches when it needs them.
//!
//! That must happen after the compiler and before `wasm-bindgen`. trunk leaves no gap between the
//! two, so this program stands in for `wasm-bindgen` on trunk's `PATH`, and calls the real one.

use crate::html::{Tag, tags};
use crate::process::{quiet, shown};
use crate::project::Project;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program that this one stands in for.
pub const NAME: &str = "wasm-bindgen";

/// The program that is taken apart; others (the worker) stay whole.
const PAGE: &str = "playground";

/// What the wasm files are fetched by. `wasm-split-cli` gives it its name.
pub const LINK: &str = "__wasm_split.js";

/// trunk copies this folder of `wasm-bindgen`'s into the page as it is.
pub const SNIPPETS: &str = "snippets";

/// As in index.html, where trunk has them from for the main file.
const OPTIMISED: [&str; 7] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The folder of the stand-in, to come before that of the real one.
pub fn folder(tools: &Path) -> PathBuf {
    tools.join("front")
}

/// Puts the stand-in there: this very program under another name.
pub fn ready(project: &Project) -> Result<(), String> {
    let folder = folder(&project.tools());
    let place = folder
        .join(NAME)
        .with_extension(std::env::consts::EXE_EXTENSION);
    let put = || {
        let own = std::env::current_exe()?;
        fs::create_dir_all(&folder)?;
        match fs::remove_file(&place) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        link(&own, &place)
    };
    put().map_err(|error| format!("Cannot make {}: {error}.", place.display()))
}

#[cfg(unix)]
fn link(own: &Path, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(own, place)
}

#[cfg(not(unix))]
fn link(own: &Path, place: &Path) -> io::Result<()> {
    fs::copy(own, place).map(|_| ())
}

/// Whether this program was started under the other's name.
pub fn is_asked_for() -> bool {
    std::env::args_os()
        .next()
        .is_some_and(|name| Path::new(&name).file_stem() == Some(NAME.as_ref()))
}

/// Does what `wasm-bindgen` was asked to do, with the program taken apart first.
pub fn run(words: &[String]) -> Result<(), String> {
    let project = Project::find()?;
    let real = project.tools().join("bin").join(NAME);
    let mut bindgen = Command::new(real);
    let Some(order) = Order::read(words) else {
        bindgen.args(words);
        return shown(bindgen);
    };
    let problem = |error: io::Error| format!("Cannot take the program apart: {error}.");
    let parts = order.out.join("parts");
    for old in [&parts, &order.out.join(SNIPPETS)] {
        match fs::remove_dir_all(old) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(problem(error)),
            _ => {}
        }
    }
    fs::create_dir_all(&parts).map_err(problem)?;

    let mut split = project.command("wasm-split-cli");
    split
        .args(["--target", "web", "--out-name", order.name, order.program])
        .arg(&parts);
    quiet(split)?;
    let main = parts.join(order.name).with_extension("wasm");
    bindgen
        .args(words.iter().filter(|word| *word != order.program))
        // The parts share the main file's table of functions.
        .arg("--keep-lld-exports")
        .arg(&main);
    shown(bindgen)?;
    fs::remove_file(main).map_err(problem)?;
    if order.program.contains("/release/") {
        optimise(&project, &parts)?;
    }
    deliver(&order, &parts).map_err(problem)
}

/// What trunk asks of `wasm-bindgen`.
struct Order<'a> {
    out: PathBuf,
    name: &'a str,
    program: &'a str,
}

impl<'a> Order<'a> {
    /// `None` for a question such as `--version`, and for a program that stays whole.
    fn read(words: &'a [String]) -> Option<Self> {
        let value = |option| words.iter().find_map(|word| word.strip_prefix(option));
        let program = words.iter().find(|word| word.ends_with(".wasm"))?;
        if Path::new(program).file_stem() != Some(PAGE.as_ref()) {
            return None;
        }
        Some(Self {
            out: value("--out-dir=")?.into(),
            name: value("--out-name=")?,
            program,
        })
    }
}

/// trunk does it for the main file alone.
fn optimise(project: &Project, parts: &Path) -> Result<(), String> {
    let unread = |error| format!("Cannot read {}: {error}.", parts.display());
    for entry in fs::read_dir(parts).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        if path.extension() == Some("wasm".as_ref()) {
            optimise_file(project, &path)?;
        }
    }
    Ok(())
}

/// Optimises a wasm file in its place, as the page is optimised.
pub fn optimise_file(project: &Project, path: &Path) -> Result<(), String> {
    let mut wasm_opt = project.command("wasm-opt");
    wasm_opt.args(OPTIMISED).arg(path).arg("-o").arg(path);
    quiet(wasm_opt)
}

/// Lays the parts where trunk takes them along, in a folder named after the program that they
/// belong to: no cache may pair them with another.
fn deliver(order: &Order<'_>, parts: &Path) -> io::Result<()> {
    let folder = format!(
        "parts-{:016x}",
        crate::seal::fnv1a(&fs::read(order.program)?)
    );
    let snippets = order.out.join(SNIPPETS);
    fs::create_dir_all(&snippets)?;
    fs::rename(parts, snippets.join(&folder))?;
    let glue = order.out.join(order.name).with_extension("js");
    let text = fs::read_to_string(&glue)?;
    // The name stands in the program's own list of imports too, which stays as it is.
    let import = |path: &str| format!(" from \"./{path}\"");
    let moved = text.replace(
        &import(LINK),
        &import(&format!("{SNIPPETS}/{folder}/{LINK}")),
    );
    fs::write(glue, moved)
}

/// Tells the parts in trunk's `staging` folder the name that trunk gave to the main file.
pub fn seal(staging: &Path) -> Result<(), String> {
    let problem = |error: io::Error| format!("Cannot join the parts of the program: {error}.");
    let Ok(folders) = fs::read_dir(staging.join(SNIPPETS)) else {
        return Ok(());
    };
    let main = fs::read_dir(staging)
        .map_err(problem)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with(PAGE))
        .find_map(|name| name.strip_suffix("_bg.wasm").map(str::to_owned))
        .ok_or("The page holds no program.")?;
    for folder in folders {
        let link = folder.map_err(problem)?.path().join(LINK);
        if link.is_file() {
            let text = fs::read_to_string(&link).map_err(problem)?;
            fs::write(&link, joined(&text, &main)?).map_err(problem)?;
        }
    }
    Ok(())
}

/// The page without trunk's wish to fetch each part as a script, and at once.
pub fn without_preloads(html: &str) -> String {
    let of_a_part = |tag: &Tag<'_>| {
        tag.name == "link"
            && tag.attribute("rel") == Some("modulepreload")
            && tag
                .attribute("href")
                .is_some_and(|href| href.ends_with(".wasm"))
    };
    let mut kept = html.to_owned();
    for tag in tags(html).iter().rev().filter(|tag| of_a_part(tag)) {
        kept.replace_range(tag.start..tag.end, "");
    }
    kept
}

/// How the link file makes a part of what it fetches, and how it does so whatever type of file the
/// server says it is: the main file's glue is as patient.
const STREAMED: &str = "WebAssembly.instantiateStreaming(src, imports)";
const WHOLE: &str = "WebAssembly.instantiate(await (await src).arrayBuffer(), imports)";

/// The link file for this main file, whose glue it imports in its first line.
fn joined(link: &str, main: &str) -> Result<String, String> {
    match link.split_once('\n') {
        Some((first, rest))
            if first.starts_with("import { initSync } from ") && rest.contains(STREAMED) =>
        {
            let rest = rest.replace(STREAMED, WHOLE);
            Ok(format!(
                "import {{ initSync }} from \"../../{main}.js\";\n{rest}"
            ))
        }
        _ => Err(format!(
            "{LINK} is not written as wasm-split-cli 0.2.3 writes it."
        )),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn parts_are_optimised_like_the_main_file() {
        let page = include_str!("../../index.html");
        assert!(page.contains("data-wasm-opt=\"z\""));
        assert!(page.contains(&format!("\"{}\"", OPTIMISED[1..].join(" "))));
    }

    #[test]
    fn trunks_order_is_read_and_a_question_is_none() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let order = words(
            "--target=web --out-dir=/o --out-name=p-1 /t/release/playground.wasm --no-typescript",
        );
        let order = Order::read(&order).unwrap();
        assert_eq!(
            (order.name, order.program),
            ("p-1", "/t/release/playground.wasm")
        );
        let worker = words("--target=no-modules --out-dir=/o --out-name=worker /t/worker.wasm");
        assert!(Order::read(&worker).is_none());
        assert!(Order::read(&words("--version")).is_none());
    }

    #[test]
    fn no_part_is_fetched_before_it_is_needed() {
        let page = "<link rel=\"modulepreload\" href=\"/s/a.js\"><link rel=\"modulepreload\" href=\"/s/a.wasm\"><p>";
        let kept = "<link rel=\"modulepreload\" href=\"/s/a.js\"><p>";
        assert_eq!(without_preloads(page), kept);
    }

    #[test]
    fn the_link_file_learns_the_name_of_the_main_file() {
        let link = "import { initSync } from \"./p.js\";\n\nWebAssembly.instantiateStreaming(src, imports)\n";
        assert_eq!(
            joined(link, "p-1").unwrap(),
            format!("import {{ initSync }} from \"../../p-1.js\";\n\n{WHOLE}\n")
        );
        assert!(joined("let a;\n", "p-1").is_err());
        assert!(joined("import { initSync } from \"./p.js\";\nlet a;\n", "p-1").is_err());
    }
}
