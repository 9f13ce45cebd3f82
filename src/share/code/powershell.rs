//! curl in PowerShell, old and new, byte for byte.
//!
//! Windows PowerShell loses double quotes inside arguments of programs, and both it and its successor
//! add a line break to what is piped into one. So the body goes through a file.

use super::curl_flags::curl_flags;
use super::{Code, Request};

pub(super) fn write(request: &Request) -> Code {
    // A literal here-string ends at a line that begins with '@. No line of JSON begins with a quote of
    // that kind: line breaks stand between its tokens alone.
    let body = format!("@'\n{}\n'@", request.body_text());
    let mut command = format!("curl.exe {}", literal(&request.address.url()));
    let mut flag = |text: &str| command.push_str(&format!(" `\n  {text}"));
    for text in curl_flags(request, literal, |name| format!("$env:{name}")) {
        flag(&text);
    }
    flag("--data-binary \"@$file\"");
    let after = format!(
        "\n$file = [System.IO.Path]::GetTempFileName()\n[System.IO.File]::WriteAllText($file, $body)\n{command}\nRemove-Item $file"
    );
    Code::around("$body = ".to_owned(), &body, &after)
}

/// A literal string: quotes are doubled, the curly ones too, which PowerShell takes for the same.
fn literal(text: &str) -> String {
    let mut literal = String::from("'");
    for c in text.chars() {
        if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
            literal.push(c);
        }
        literal.push(c);
    }
    literal + "'"
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(
            literal("it's \u{2019}x\u{2019} $y"),
            "'it''s \u{2019}\u{2019}x\u{2019}\u{2019} $y'"
        );
    }
}
