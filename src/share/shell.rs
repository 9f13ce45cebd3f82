//! Words for a POSIX shell, quoted so that it reads back exactly what was written.

/// Puts a text in single quotes; a single quote inside becomes `'\''`. A text that needs no quotes
/// gets none.
pub fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A command that shows what a browser hides: the status and the headers with which a server
/// answers a page at `page_origin`. The key stands in it as `$API_KEY`, never as itself.
pub fn check_command(models_url: &str, page_origin: &str, with_key: bool) -> String {
    let mut command = format!("curl -i {}", quote(models_url));
    if !page_origin.is_empty() {
        command.push_str(&format!(
            " \\\n  -H {}",
            quote(&format!("Origin: {page_origin}"))
        ));
    }
    if with_key {
        command.push_str(" \\\n  -H \"Authorization: Bearer $API_KEY\"");
    }
    command
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::process::Command;

    fn read_back(word: &str) -> String {
        let output = Command::new("sh")
            .args(["-c", &format!("printf %s {word}")])
            .output()
            .unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_shell_reads_back_what_was_quoted(text in "[a-z'\"\\\\$`!\n\t é🦀*?~#;&|<>(){}]{0,30}") {
            prop_assert_eq!(read_back(&quote(&text)), text);
        }
    }

    #[test]
    fn the_check_command_names_the_page_and_never_a_key() {
        assert_eq!(
            check_command("http://h:8000/v1/models", "http://p", true),
            "curl -i http://h:8000/v1/models \\\n  -H 'Origin: http://p' \\\n  -H \"Authorization: Bearer $API_KEY\""
        );
    }
}
