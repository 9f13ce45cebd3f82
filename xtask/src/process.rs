//! Running other programs: quietly with signs of progress, or in full view, and what their ends mean.

use crate::speech::spent;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Runs a long step: its output goes to `log`, and its last line is shown with the time passed
/// every 15 seconds (every second at a terminal). The error holds the end of the log.
pub fn watched(command: Command, log: &Path) -> Result<(), String> {
    Running::start(command, log)?.watch()
}

/// A program that runs beside this one and writes to a log. It ends with this value: nothing goes
/// on compiling after a step has failed.
pub struct Running {
    program: String,
    child: Child,
    log: PathBuf,
    start: Instant,
}

impl Running {
    /// Starts a program; its output goes to `log`.
    pub fn start(mut command: Command, log: &Path) -> Result<Self, String> {
        let program = command.get_program().to_string_lossy().into_owned();
        let broken = |error: std::io::Error| format!("Cannot write {}: {error}.", log.display());
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder).map_err(broken)?;
        }
        let output = File::create(log).map_err(broken)?;
        let errors = output.try_clone().map_err(broken)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .map_err(|error| not_started(&program, &error))?;
        Ok(Self {
            program,
            child,
            log: log.to_owned(),
            start: Instant::now(),
        })
    }

    /// Waits for its end, showing how far it is; the error holds the end of the log.
    pub fn watch(mut self) -> Result<(), String> {
        let terminal = std::io::stdout().is_terminal();
        let every = Duration::from_secs(if terminal { 1 } else { 15 });
        let mut next = self.start.elapsed() + every;
        let status = loop {
            if let Some(status) = self
                .child
                .try_wait()
                .map_err(|error| format!("Lost sight of {}: {error}.", self.program))?
            {
                break status;
            }
            if self.start.elapsed() >= next {
                next += every;
                show_progress(&last_line(&self.log), self.start.elapsed(), terminal);
            }
            std::thread::sleep(Duration::from_millis(100));
        };
        if terminal {
            print!("\r\x1b[K");
            flush();
        }
        if status.success() {
            println!("    done in {}", spent(self.start.elapsed()));
            return Ok(());
        }
        Err(format!(
            "{}\n\n{} ended with {status}; the lines above are the end of {}.",
            tail(&self.log, 40),
            self.program,
            self.log.display()
        ))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It fails for a program that has ended, which is as it should be.
        let _ = self.child.kill();
    }
}

/// Runs a program in full view. The error says how it ended.
pub fn shown(mut command: Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .map_err(|error| not_started(&program, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{program} ended with {status}."))
    }
}

/// Puts a program in this one's place, so that whoever ends this ends it.
#[cfg(unix)]
pub fn instead(mut command: Command) -> Result<(), String> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(not_started(
        &command.get_program().to_string_lossy(),
        &error,
    ))
}

/// Runs a program in this one's place.
#[cfg(not(unix))]
pub fn instead(command: Command) -> Result<(), String> {
    shown(command)
}

/// Runs a short program. The error holds what it printed.
pub fn quiet(mut command: Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| not_started(&program, &error))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{said}\n\n{program} ended with {}.", output.status))
}

/// Runs a program in full view and hands each line of its standard output to `line` besides.
/// Whether it ended well.
pub fn overheard(mut command: Command, mut line: impl FnMut(&str)) -> Result<bool, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(&program, &error))?;
    if let Some(output) = child.stdout.take() {
        let mut output = BufReader::new(output);
        let mut bytes = Vec::new();
        // A test may print anything, valid UTF-8 or not.
        while output
            .read_until(b'\n', &mut bytes)
            .is_ok_and(|length| length > 0)
        {
            let text = String::from_utf8_lossy(&bytes);
            print!("{text}");
            flush();
            line(text.trim_end());
            bytes.clear();
        }
    }
    child
        .wait()
        .map(|status| status.success())
        .map_err(|error| format!("Lost sight of {program}: {error}."))
}

/// What a short program prints, without the line end; `None` if it is not there or fails.
pub fn answer(mut command: Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim_end().to_owned())
}

fn not_started(program: &str, error: &std::io::Error) -> String {
    if error.kind() == std::io::ErrorKind::NotFound {
        format!("Cannot find the program `{program}`. Is it installed and on the PATH?")
    } else {
        format!("Cannot start `{program}`: {error}.")
    }
}

fn show_progress(line: &str, passed: Duration, terminal: bool) {
    let line: String = line.chars().filter(|c| !c.is_control()).take(90).collect();
    if terminal {
        print!("\r\x1b[K    {}  {line}", spent(passed));
        flush();
    } else {
        println!("    {}  {line}", spent(passed));
    }
}

fn flush() {
    // Progress that cannot be shown is no reason to stop the work.
    let _ = std::io::stdout().flush();
}

fn last_line(log: &Path) -> String {
    tail(log, 1).trim().to_owned()
}

/// The last `count` lines of a log that are not blank.
fn tail(log: &Path, count: usize) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_failed_step_shows_the_end_of_its_log() {
        let log = std::env::temp_dir().join(format!("xtask-process-{}.log", std::process::id()));
        let message = watched(shell("echo early; echo; echo late >&2; exit 3"), &log).unwrap_err();
        fs::remove_file(&log).unwrap();
        assert!(message.starts_with("early\nlate\n"), "{message}");
        assert!(message.contains("exit status: 3"), "{message}");
    }

    #[test]
    fn lines_are_heard_whatever_their_bytes() {
        let mut heard = Vec::new();
        let well = overheard(shell("printf 'a\\n\\377b'; exit 1"), |line| {
            heard.push(line.to_owned())
        });
        assert_eq!(well, Ok(false));
        assert_eq!(heard, ["a", "\u{fffd}b"]);
    }

    #[test]
    fn a_missing_program_is_named() {
        let message = shown(Command::new("no-such-program-here")).unwrap_err();
        assert!(message.contains("`no-such-program-here`"), "{message}");
        assert_eq!(answer(Command::new("no-such-program-here")), None);
    }
}
