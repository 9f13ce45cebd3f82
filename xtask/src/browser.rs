//! Chromium and its driver, for the tests that need a real browser.

use crate::apt;
use crate::project::Project;
use std::fs;
use std::path::PathBuf;

/// A browser and the WebDriver program that steers it.
pub struct Browser {
    /// Chromium or Chrome.
    pub chromium: PathBuf,
    /// Its chromedriver.
    pub driver: PathBuf,
}

/// Flags that let Chromium run as root, without a screen, and without traffic of its own.
const FLAGS: [&str; 8] = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

const CHROMIUM: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// Finds Chromium and chromedriver, and installs Debian's if one is missing.
pub fn ready(project: &Project) -> Result<Browser, String> {
    if let Some(browser) = find(project)? {
        return Ok(browser);
    }
    apt::install(project, "Debian's Chromium", &["chromium", "chromium-driver"]).map_err(|problem| {
        format!("{problem}\nOr set CHROMIUM and CHROMEDRIVER to where a Chromium and its chromedriver are.")
    })?;
    find(project)?.ok_or_else(|| {
        "Chromium is installed, but cannot be found: set CHROMIUM and CHROMEDRIVER.".into()
    })
}

fn find(project: &Project) -> Result<Option<Browser>, String> {
    let chromium = match named("CHROMIUM")? {
        Some(path) => Some(path),
        None => CHROMIUM.iter().find_map(|name| project.which(name)),
    };
    let driver = match named("CHROMEDRIVER")? {
        Some(path) => Some(path),
        None => project.which("chromedriver"),
    };
    Ok(chromium
        .zip(driver)
        .map(|(chromium, driver)| Browser { chromium, driver }))
}

/// The file that an environment variable names, if it is set.
fn named(variable: &str) -> Result<Option<PathBuf>, String> {
    match std::env::var_os(variable).map(PathBuf::from) {
        Some(path) if !path.is_file() => Err(format!(
            "{variable} names {}, which is no file. Correct it, or unset it.",
            path.display()
        )),
        path => Ok(path),
    }
}

impl Browser {
    /// Writes the capabilities that wasm-bindgen's test runner asks the driver for. It looks for
    /// such a file in the project's top folder too; this one lies among the build's other products.
    pub fn capabilities(&self, project: &Project) -> Result<PathBuf, String> {
        let path = project.tools().join("webdriver.json");
        let flags = FLAGS.map(quoted).join(", ");
        let binary = quoted(&self.chromium.to_string_lossy());
        let text =
            format!("{{\"goog:chromeOptions\": {{\"binary\": {binary}, \"args\": [{flags}]}}}}\n");
        fs::write(&path, text)
            .map_err(|error| format!("Cannot write {}: {error}.", path.display()))?;
        Ok(path)
    }
}

/// A JSON string. Paths and flags hold no control characters.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_json_string() {
        assert_eq!(quoted(r#"C:\a "b""#), r#""C:\\a \"b\"""#);
    }
}
