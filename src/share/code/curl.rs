//! curl in a POSIX shell: one flag a line, the body in single quotes, byte for byte.

use super::{Code, Key, Request};
use crate::share::shell::quote;

/// The longest body, in bytes, that goes on the command line. Linux takes 128 KiB an argument.
const LONGEST_ARGUMENT: usize = 100_000;

pub(super) fn write(request: &Request) -> Code {
    let body = quote(&request.body_text());
    let mut command = format!("curl {}", quote(&request.address.url()));
    let mut flag = |text: &str| command.push_str(&format!(" \\\n  {text}"));
    // curl takes brackets for a range of URLs.
    if request.address.url().contains('[') {
        flag("--globoff");
    }
    if request.body.streams() {
        flag("--no-buffer");
    }
    flag("-H 'Content-Type: application/json'");
    match request.key {
        Key::Variable(name) => flag(&format!("-H \"Authorization: Bearer ${name}\"")),
        Key::Itself(key) => flag(&format!(
            "-H {}",
            quote(&format!("Authorization: Bearer {key}"))
        )),
        Key::None => {}
    }
    if body.len() > LONGEST_ARGUMENT {
        // printf is the shell's own: what it is given passes no limit of the system.
        flag("--data-binary @-");
        return Code::around(
            "printf '%s' ".to_owned(),
            &body,
            &format!(" |\n  {command}"),
        );
    }
    flag("--data-raw ");
    Code::around(command, &body, "")
}
