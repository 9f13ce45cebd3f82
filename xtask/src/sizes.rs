//! Step 5: what a first visit downloads, raw and brotli, held against the budget.

use crate::process::answer;
use crate::project::Project;
use crate::speech::{grouped, step};
use crate::split::LINK;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Bytes, brotli at its best, that a first visit may download before anything is asked of the page.
pub const BUDGET: u64 = 300_000;

/// Bytes, brotli at its best, of a Web Worker, each of which is loaded when it is first needed.
pub const WORKER_BUDGET: u64 = 300_000;

/// The Web Workers: the built-in endpoint, and the template engine that it seldom needs.
const WORKERS: [&str; 2] = ["worker", "templates"];

/// A file of the built page.
struct File {
    /// Below the page's folder.
    path: PathBuf,
    raw: u64,
    brotli: u64,
}

/// Prints each file's size. The error says by how much page or worker are over their budget.
pub fn run(project: &Project, page: &Path) -> Result<(), String> {
    let first = first_visit(page)?;
    let later: Vec<PathBuf> = everything(page)?
        .into_iter()
        .filter(|path| !first.contains(path))
        .collect();
    let first = measured(project, page, first.into_iter().collect())?;
    let later = measured(project, page, later)?;

    step("What a first visit downloads");
    println!("    {:>11} {:>11}", "raw", "brotli");
    for file in &first {
        println!(
            "{}",
            row(file.raw, file.brotli, &file.path.to_string_lossy())
        );
    }
    let raw = first.iter().map(|file| file.raw).sum();
    let total: u64 = first.iter().map(|file| file.brotli).sum();
    println!("{}", row(raw, total, "in all"));
    if !later.is_empty() {
        println!("    and only when it is asked for");
        for file in &later {
            println!(
                "{}",
                row(file.raw, file.brotli, &file.path.to_string_lossy())
            );
        }
    }
    within("page", total, BUDGET)?;
    for worker in WORKERS {
        let files = later.iter().filter(|file| belongs(worker, &file.path));
        within(worker, files.map(|file| file.brotli).sum(), WORKER_BUDGET)?;
    }
    Ok(())
}

/// Whether a file belongs to a Web Worker.
fn belongs(worker: &str, path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| {
        name.strip_prefix("start-")
            .unwrap_or(name)
            .starts_with(worker)
    })
}

/// Says how much of its budget something uses, or by how much it is over it.
fn within(what: &str, used: u64, budget: u64) -> Result<(), String> {
    let line = format!("{} bytes of {}", grouped(used), grouped(budget));
    if used > budget {
        let over = grouped(used - budget);
        return Err(format!(
            "The {what} is over its budget: {line}, {over} too many."
        ));
    }
    println!("    the {what} uses {line} of its budget");
    Ok(())
}

fn row(raw: u64, brotli: u64, name: &str) -> String {
    format!("    {:>11} {:>11}  {name}", grouped(raw), grouped(brotli))
}

/// `index.html` and every file that it, or a text file among them, names between quotes or brackets.
fn first_visit(page: &Path) -> Result<BTreeSet<PathBuf>, String> {
    let mut found = BTreeSet::new();
    let mut unread = vec![PathBuf::from("index.html")];
    while let Some(path) = unread.pop() {
        let full = page.join(&path);
        let bytes =
            fs::read(&full).map_err(|error| format!("Cannot read {}: {error}.", full.display()))?;
        if let Some(text) = is_text(&path).then(|| String::from_utf8_lossy(&bytes)) {
            let folder = path.parent().unwrap_or(Path::new(""));
            for reference in references(&text) {
                let Some(target) = resolved(folder, reference) else {
                    continue;
                };
                // What it names is fetched only when it is asked for.
                if path.ends_with(LINK) && target.extension() == Some("wasm".as_ref()) {
                    continue;
                }
                if page.join(&target).is_file() && !found.contains(&target) {
                    unread.push(target);
                }
            }
        }
        found.insert(path);
    }
    Ok(found)
}

fn is_text(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| {
            matches!(
                extension,
                "html" | "css" | "js" | "mjs" | "svg" | "webmanifest" | "json"
            )
        })
}

/// All that stands between two delimiters without a space in between: attribute values, module
/// names, `url(…)`. Whether it names a file is for the caller to see.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | ')' | '='))
        .filter(|part| part.contains('.') && part.len() < 300)
}

/// A reference as a path below the page's folder; `None` if it leads out of it.
fn resolved(folder: &Path, reference: &str) -> Option<PathBuf> {
    let reference = reference.split(['?', '#']).next().unwrap_or_default();
    let joined = match reference.strip_prefix('/') {
        Some(absolute) => PathBuf::from(absolute),
        None => folder.join(reference),
    };
    let mut path = PathBuf::new();
    for part in joined.components() {
        match part {
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            Component::ParentDir if path.pop() => {}
            _ => return None,
        }
    }
    (!path.as_os_str().is_empty()).then_some(path)
}

/// Every file below the page's folder.
fn everything(page: &Path) -> Result<BTreeSet<PathBuf>, String> {
    let mut files = BTreeSet::new();
    let mut folders = vec![page.to_owned()];
    while let Some(folder) = folders.pop() {
        let unread = |error| format!("Cannot read {}: {error}.", folder.display());
        for entry in fs::read_dir(&folder).map_err(unread)? {
            let path = entry.map_err(unread)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(below) = path.strip_prefix(page) {
                files.insert(below.to_owned());
            }
        }
    }
    Ok(files)
}

/// Compresses each file with the brotli that Node brings along.
fn measured(project: &Project, page: &Path, paths: Vec<PathBuf>) -> Result<Vec<File>, String> {
    let script = "const zlib = require('zlib'), fs = require('fs');\
        for (const path of process.argv.slice(1)) {\
            const bytes = fs.readFileSync(path);\
            console.log(bytes.length, zlib.brotliCompressSync(bytes).length);\
        }";
    let mut node = project.command("node");
    // Node's own default is brotli's best, quality 11.
    node.current_dir(page)
        .args(["-e", script, "--"])
        .args(&paths);
    let answer = answer(node).ok_or("Node could not compress the files of the page.")?;
    let sizes = answer.lines().filter_map(|line| {
        let (raw, brotli) = line.split_once(' ')?;
        Some((raw.parse().ok()?, brotli.parse().ok()?))
    });
    let files: Vec<File> = paths
        .iter()
        .zip(sizes)
        .map(|(path, (raw, brotli))| File {
            path: path.clone(),
            raw,
            brotli,
        })
        .collect();
    if files.len() == paths.len() {
        Ok(files)
    } else {
        Err("Node did not give a size for each file of the page.".into())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_first_visit_is_what_the_page_refers_to() {
        let page = std::env::temp_dir().join(format!("xtask-sizes-{}", std::process::id()));
        fs::create_dir_all(page.join("fonts")).unwrap();
        for (name, text) in [
            (
                "index.html",
                "<link href=\"/a.css?v=1\"><script src='./boot.js'></script><a href=/../../etc/passwd>",
            ),
            ("a.css", "@font-face { src: url(fonts/b.woff2) }"),
            ("boot.js", "import init from '/c.js'; // later.wasmx"),
            ("c.js", "fetch(`/c_bg.wasm`); import '/boot.js'"),
            ("c_bg.wasm", "\0asm /later.wasm"),
            ("fonts/b.woff2", ""),
            ("later.wasm", ""),
        ] {
            fs::write(page.join(name), text).unwrap();
        }
        let found = first_visit(&page).unwrap();
        let all = everything(&page).unwrap();
        fs::remove_dir_all(&page).unwrap();
        let later: Vec<_> = all.difference(&found).collect();
        assert_eq!(all.len(), 7);
        assert_eq!(later, [Path::new("later.wasm")]);
    }

    #[test]
    fn each_worker_has_a_budget_of_its_own() {
        for name in ["start-worker.js", "worker.js", "worker_bg.wasm"] {
            assert!(belongs("worker", Path::new(name)), "{name}");
            assert!(!belongs("templates", Path::new(name)), "{name}");
        }
        assert!(!belongs("worker", Path::new("playground-1_bg.wasm")));
        assert_eq!(within("worker", 5, 5), Ok(()));
        assert!(within("worker", 1_006, 5).is_err_and(|words| words.contains("1,001 too many")));
    }

    #[test]
    fn references_stay_below_the_page() {
        assert_eq!(
            resolved(Path::new("css"), "../a.png#x"),
            Some("a.png".into())
        );
        assert_eq!(resolved(Path::new(""), "../a.png"), None);
        assert_eq!(resolved(Path::new("css"), "/a.png"), Some("a.png".into()));
        assert_eq!(resolved(Path::new("css"), "#only"), Some("css".into()));
    }
}
