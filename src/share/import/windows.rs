//! The words of a command as the command prompt of Windows and the C runtime of a program read them.

/// The arguments of a line of cmd.
///
/// cmd takes a caret away outside of quotes and keeps what follows it; at the end of a line it joins the next
/// one. What is left is split by the C runtime's rules: a backslash counts only before a double quote.
pub(super) fn words(text: &str) -> Vec<String> {
    // Chromium doubles every backslash and puts a caret before each: then none counts for two.
    let doubled = text.contains("^\\^\"");
    split(&after_cmd(text), doubled)
}

fn after_cmd(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut after = String::with_capacity(text.len());
    let mut quoted = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '^' if !quoted => match chars.next() {
                // The caret takes the line break with it, and keeps whatever begins the next line.
                Some('\n') => after.extend(chars.next()),
                Some(c) => after.push(c),
                None => {}
            },
            '"' => {
                quoted = !quoted;
                after.push(c);
            }
            // What follows is another command.
            '\n' | '&' | '|' if !quoted => break,
            c => after.push(c),
        }
    }
    after
}

fn split(line: &str, doubled: bool) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut begun, mut inside) = (String::new(), false, false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let mut count = 1;
                while chars.next_if_eq(&'\\').is_some() {
                    count += 1;
                }
                begun = true;
                if chars.peek() == Some(&'"') {
                    word.push_str(&"\\".repeat(count / 2));
                    if count % 2 == 1 {
                        chars.next();
                        word.push('"');
                    }
                } else {
                    word.push_str(&"\\".repeat(if doubled { count.div_ceil(2) } else { count }));
                }
            }
            '"' if inside && chars.peek() == Some(&'"') => {
                chars.next();
                word.push('"');
            }
            '"' => {
                inside = !inside;
                begun = true;
            }
            ' ' | '\t' | '\n' if !inside => {
                if std::mem::take(&mut begun) {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => {
                begun = true;
                word.push(c);
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}

/// What a program of Windows is given for an argument with `\"` in it.
pub(super) fn unescaped(argument: &str) -> String {
    split(&format!("\"{argument}\""), false).concat()
}
