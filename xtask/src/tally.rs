//! Counts of passed and failed tests, read from what test runners print.

use std::ops::AddAssign;

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u32,
    /// Tests that failed, and suites that broke.
    pub failed: u32,
}

impl Tally {
    /// One check that passed.
    pub const PASSED: Self = Self {
        passed: 1,
        failed: 0,
    };
    /// One check that failed.
    pub const FAILED: Self = Self {
        passed: 0,
        failed: 1,
    };

    /// How many tests ran.
    pub fn ran(self) -> u32 {
        self.passed + self.failed
    }

    /// Reads a line such as `test result: ok. 3 passed; 1 failed; 0 ignored`, which libtest and
    /// wasm-bindgen's runner print for each test program; `None` for any other line.
    pub fn from_cargo(line: &str) -> Option<Self> {
        let (_, counts) = line.split_once("test result: ")?;
        Some(Self {
            passed: number_before(counts, " passed")?,
            failed: number_before(counts, " failed")?,
        })
    }

    /// Reads a line such as `ℹ pass 3` of the end of what Node's test runner prints; `None` for any other line.
    pub fn from_node(line: &str) -> Option<Self> {
        let (_, counts) = line.split_once("ℹ ")?;
        let (what, count) = counts.split_once(' ')?;
        let count = count.parse().ok()?;
        match what {
            "pass" => Some(Self {
                passed: count,
                failed: 0,
            }),
            "fail" | "cancelled" => Some(Self {
                passed: 0,
                failed: count,
            }),
            _ => None,
        }
    }

    /// Reads a line such as `3 passed, 1 failed`, as the tests in Python end; `None` for any other line.
    pub fn from_words(line: &str) -> Option<Self> {
        let (passed, failed) = line.strip_suffix(" failed")?.split_once(" passed, ")?;
        Some(Self {
            passed: passed.parse().ok()?,
            failed: failed.parse().ok()?,
        })
    }

    /// Reads the `stats` of Playwright's JSON report. A flaky test failed once and
    /// passed when it was tried again, and Playwright names it; a skipped one did not run.
    pub fn from_playwright(report: &str) -> Option<Self> {
        let (_, stats) = report.rsplit_once("\"stats\"")?;
        let count = |name: &str| {
            let (_, rest) = stats.split_once(&format!("\"{name}\":"))?;
            let rest = rest.trim_start();
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            rest[..end].parse::<u32>().ok()
        };
        Some(Self {
            passed: count("expected")? + count("flaky")?,
            failed: count("unexpected")?,
        })
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

fn number_before(text: &str, word: &str) -> Option<u32> {
    let (before, _) = text.split_once(word)?;
    before
        .rsplit(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_test_programs_are_counted() {
        let native = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(
            Tally::from_cargo(native),
            Some(Tally {
                passed: 12,
                failed: 3
            })
        );
        let browser =
            "test result: \u{1b}[32mok\u{1b}[0m. 1 passed; 0 failed; 0 ignored; 0 filtered out";
        assert_eq!(Tally::from_cargo(browser), Some(Tally::PASSED));
        assert_eq!(Tally::from_cargo("test api::decoder ... ok"), None);
        assert_eq!(Tally::from_cargo("test result: nonsense"), None);
    }

    #[test]
    fn the_lines_of_the_clients_tests_are_counted() {
        let lines = [
            "✔ it answers (3ms)",
            "ℹ tests 9",
            "ℹ pass 7",
            "ℹ fail 1",
            "ℹ cancelled 1",
        ];
        let mut tally = Tally::default();
        for counts in lines.iter().filter_map(|line| Tally::from_node(line)) {
            tally += counts;
        }
        let all = Tally {
            passed: 7,
            failed: 2,
        };
        assert_eq!(tally, all);
        assert_eq!(Tally::from_words("7 passed, 2 failed"), Some(all));
        assert_eq!(Tally::from_words("Ran 9 tests: 7 passed, 2 failed"), None);
        assert_eq!(Tally::from_words("ok"), None);
    }

    #[test]
    fn the_report_of_playwright_is_counted() {
        let report = r#"{"suites": [{"title": "\"stats\""}], "errors": [],
            "stats": {"startTime": "2026", "duration": 2.5, "expected": 7, "skipped": 1, "unexpected": 2, "flaky": 1}}"#;
        assert_eq!(
            Tally::from_playwright(report),
            Some(Tally {
                passed: 8,
                failed: 2
            })
        );
        assert_eq!(Tally::from_playwright("{}"), None);
    }
}
