//! curl in a POSIX shell: one flag a line, the body in single quotes, byte for byte.

use super::curl_flags::curl_flags;
use super::{Code, Request};
use crate::share::shell::quote;

/// The longest body, in bytes, that goes on the command line. Linux takes 128 KiB an argument.
const LONGEST_ARGUMENT: usize = 100_000;

pub(super) fn write(request: &Request) -> Code {
    let body = quote(&request.body_text());
    let mut command = format!("curl {}", quote(&request.address.url()));
    let mut flag = |text: &str| command.push_str(&format!(" \\\n  {text}"));
    for text in curl_flags(request, quote, |name| format!("${name}")) {
        flag(&text);
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
