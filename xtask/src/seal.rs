//! Step 4, trunk's `post_build` hook: makes the built page fit its own Content-Security-Policy.
//!
//! trunk starts the program with a script inside the page. The policy allows no such scripts, so
//! this one moves into a file of its own. Anything else in the page that the policy would block
//! stops the build here, rather than the page at a user's. The files of the Web Workers and `start.js` keep
//! their names from build to build, so they are asked for with a version, which the page is told.

use crate::css;
use crate::html::{Tag, content_end, tags};
use crate::serve::PROXY_VARIABLE;
use crate::split;
use std::fs;
use std::path::{Path, PathBuf};

/// Seals the page in the folder that trunk names in the environment.
pub fn run() -> Result<(), String> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR")
        .map(PathBuf::from)
        .ok_or("`seal` is a step of trunk's build: run `cargo xtask build` instead.")?;
    let root = std::env::var("TRUNK_PUBLIC_URL").unwrap_or_else(|_| "/".into());
    let proxy = std::env::var(PROXY_VARIABLE).ok();
    let version = version(&staging)?;

    split::seal(&staging)?;
    trim_styles(&staging)?;
    let page = staging.join("index.html");
    let html = fs::read_to_string(&page)
        .map_err(|error| format!("Cannot read {}: {error}.", page.display()))?;
    let mut told = vec![("playground-worker", version.as_str())];
    told.extend(proxy.as_deref().map(|target| ("playground-proxy", target)));
    let sealed = seal(&html, &root, &version, &told)?;
    for (path, text) in [
        (page, &sealed.html),
        (staging.join(&sealed.boot_name), &sealed.boot),
    ] {
        fs::write(&path, text)
            .map_err(|error| format!("Cannot write {}: {error}.", path.display()))?;
    }
    Ok(())
}

/// Takes out of the style sheets what browsers pass over: a first visit downloads all of them.
fn trim_styles(staging: &Path) -> Result<(), String> {
    let unread = |error| format!("Cannot read {}: {error}.", staging.display());
    for entry in fs::read_dir(staging).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        if path.extension().is_some_and(|ending| ending == "css") {
            let css = fs::read_to_string(&path).map_err(unread)?;
            fs::write(&path, css::lean(&css))
                .map_err(|error| format!("Cannot write {}: {error}.", path.display()))?;
        }
    }
    Ok(())
}

/// The file that the page names itself and that keeps its name.
const START: &str = "/start.js";

/// A name for the content of all files that keep their names.
fn version(staging: &Path) -> Result<String, String> {
    let mut all = Vec::new();
    for name in [
        &START[1..],
        "start-worker.js",
        "worker.js",
        "worker_bg.wasm",
        "start-templates.js",
        "templates.js",
        "templates_bg.wasm",
        "match-patterns.js",
    ] {
        let path = staging.join(name);
        let bytes =
            fs::read(&path).map_err(|error| format!("Cannot read {}: {error}.", path.display()))?;
        all.extend(bytes);
    }
    Ok(format!("{:016x}", fnv1a(&all)))
}

/// A page without a script inside, and the file that the script went to.
#[derive(Debug)]
struct Sealed {
    html: String,
    boot_name: String,
    boot: String,
}

/// Moves the one inline module script of `html` to a file, referred to below the URL path `root`, and asks for
/// [`START`] with a version; names and values in `told` are told to the page as `<meta>`.
fn seal(html: &str, root: &str, version: &str, told: &[(&str, &str)]) -> Result<Sealed, String> {
    let html = &split::without_preloads(html);
    let start = format!("src=\"{START}\"");
    if html.matches(&start).count() != 1 {
        return Err(format!("The page should have {start} once."));
    }
    let html = &html.replace(&start, &format!("src=\"{START}?{version}\""));
    let found = tags(html);
    if let Some(blocked) = found.iter().find_map(what_is_blocked) {
        return Err(format!(
            "The page's Content-Security-Policy would block {blocked}. Move it into a file."
        ));
    }
    if html.contains(".well-known/trunk/ws") {
        return Err("The page holds trunk's reload script: build it with --no-autoreload.".into());
    }
    let mut inline = found.iter().filter(|tag| is_inline_script(tag));
    let (Some(script), None) = (inline.next(), inline.next()) else {
        return Err(
            "The page should hold exactly one script of trunk's that starts the program.".into(),
        );
    };
    let end = content_end(html, script);
    let boot = format!("{}\n", html[script.end..end].trim());
    let boot_name = format!("boot-{:016x}.js", fnv1a(boot.as_bytes()));

    let slash = if root.ends_with('/') { "" } else { "/" };
    let mut html = format!(
        "{}<script type=\"module\" src=\"{root}{slash}{boot_name}\">{}",
        &html[..script.start],
        &html[end..]
    );
    for (name, value) in told {
        let head = html.find("</head>").ok_or("The page has no </head>.")?;
        let value = escaped(value);
        html.insert_str(
            head,
            &format!("<meta name=\"{name}\" content=\"{value}\" />\n"),
        );
    }
    Ok(Sealed {
        html,
        boot_name,
        boot,
    })
}

fn is_inline_script(tag: &Tag<'_>) -> bool {
    tag.name == "script" && tag.attribute("src").is_none()
}

/// What in a tag `script-src 'self'; style-src 'self'` forbids, in words.
fn what_is_blocked(tag: &Tag<'_>) -> Option<String> {
    let name = &tag.name;
    if name == "style" {
        return Some("the <style> in it".into());
    }
    if is_inline_script(tag) && tag.attribute("type") != Some("module") {
        return Some("a <script> without a src in it".into());
    }
    tag.attributes.iter().find_map(|(attribute, value)| {
        let scripted = attribute.starts_with("on")
            || matches!(attribute.as_str(), "href" | "src" | "action")
                && value
                    .trim_start()
                    .to_ascii_lowercase()
                    .starts_with("javascript:");
        (scripted || attribute == "style")
            .then(|| format!("the attribute `{attribute}` of a <{name}> in it"))
    })
}

/// The text as the value of a quoted attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}

/// FNV-1a, 64 bits: names a file after its content, so that no cache keeps an older one.
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// trunk puts its script in the place of the `<link>` that asks for the program, in the head.
    const PAGE: &str = "<html><head><script src=\"/start.js\"></script>\n\
        <script type=\"module\">\nimport init from '/p.js';\nawait init();\n</script></head><body></body></html>";

    #[test]
    fn the_inline_script_moves_to_a_file_named_after_it() {
        let sealed = seal(PAGE, "/", "0f", &[]).unwrap();
        assert_eq!(sealed.boot, "import init from '/p.js';\nawait init();\n");
        let reference = format!(
            "<script type=\"module\" src=\"/{}\"></script></head><body></body></html>",
            sealed.boot_name
        );
        assert!(sealed.html.ends_with(&reference), "{}", sealed.html);
        assert!(!sealed.html.contains("import"));

        let other = seal(&PAGE.replace("/p.js", "/q.js"), "/", "0f", &[]).unwrap();
        assert_ne!(sealed.boot_name, other.boot_name);
        assert_eq!(
            sealed.boot_name,
            seal(PAGE, "/", "0f", &[]).unwrap().boot_name
        );
    }

    #[test]
    fn the_file_is_sought_below_the_public_url() {
        for root in ["/tools/playground", "/tools/playground/"] {
            assert!(
                seal(PAGE, root, "0f", &[])
                    .unwrap()
                    .html
                    .contains("src=\"/tools/playground/boot-")
            );
        }
    }

    #[test]
    fn a_file_that_keeps_its_name_is_asked_for_with_a_version() {
        let html = seal(PAGE, "/", "0f", &[]).unwrap().html;
        assert!(html.contains("<script src=\"/start.js?0f\"></script>"));
        let without = PAGE.replace("/start.js", "/begin.js");
        let message = seal(&without, "/", "0f", &[]).unwrap_err();
        assert!(message.contains("/start.js"), "{message}");
    }

    #[test]
    fn what_is_told_to_the_page_cannot_break_out() {
        let told = [
            ("playground-proxy", "http://h/\"><script>"),
            ("playground-worker", "0f"),
        ];
        let html = seal(PAGE, "/", "0f", &told).unwrap().html;
        assert!(html.contains(
            "<meta name=\"playground-proxy\" content=\"http://h/&quot;>&lt;script>\" />\n<meta name=\"playground-worker\" content=\"0f\" />\n</head>"
        ));
        assert!(
            !seal(PAGE, "/", "0f", &[])
                .unwrap()
                .html
                .contains("playground-proxy")
        );
    }

    #[test]
    fn what_the_policy_would_block_stops_the_build() {
        for (bad, word) in [
            ("<script>alert(1)</script>", "<script>"),
            ("<style>p {}</style>", "<style>"),
            ("<p style=\"color: red\">", "`style`"),
            ("<p onclick=go()>", "`onclick`"),
            ("<a href=' JavaScript:go()'>", "`href`"),
            ("<p>/.well-known/trunk/ws</p>", "--no-autoreload"),
            ("<script type=\"module\">1</script>", "exactly one"),
        ] {
            let message = seal(
                &PAGE.replace("<body>", &format!("<body>{bad}")),
                "/",
                "0f",
                &[],
            )
            .unwrap_err();
            assert!(message.contains(word), "{bad}: {message}");
        }
        let without = PAGE
            .replace("<script type=\"module\">", "<!--")
            .replace("</script></head>", "--></head>");
        assert!(
            seal(&without, "/", "0f", &[])
                .unwrap_err()
                .contains("exactly one")
        );
    }
}
