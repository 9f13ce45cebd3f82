//! The words of a command as a POSIX shell reads them, and what it is given as its input.
//!
//! Not a shell: quotes, escapes, `$'…'`, continuation lines, here-documents and pipes are read; a variable is
//! replaced where the text itself assigns it, `$(…)` where it is known what it prints, and both stay as they are
//! written elsewhere.

use super::ImportError;
use super::script::{self, Known};

/// How deep `$(…)` may be nested.
const DEPTH: usize = 12;

/// A command, taken apart.
#[derive(Debug, Default)]
pub(super) struct Command {
    /// Its words, its name first.
    pub words: Vec<String>,
    /// What it reads from its input, where the text tells.
    pub input: Option<String>,
    /// The file that its output goes to.
    pub to_file: Option<String>,
    /// What stands behind it on its line.
    pub followed_by: Option<char>,
    /// Variables and commands in it, as they are written, whose text is not known.
    pub unknown: Vec<String>,
}

/// Reads the commands of a pipe, up to the end of its line, and how many characters that took.
///
/// # Errors
/// Says in which line a quote or a here-document has no end.
pub(super) fn pipe(text: &str, known: &Known) -> Result<(Vec<Command>, usize), ImportError> {
    let mut reader = Reader::new(text.chars().collect(), known);
    let mut commands = Vec::new();
    loop {
        let command = reader.command()?;
        let piped = command.followed_by == Some('|');
        if !command.words.is_empty() {
            commands.push(command);
        }
        if !piped {
            return Ok((commands, reader.at + reader.removed));
        }
    }
}

struct Reader<'k> {
    chars: Vec<char>,
    at: usize,
    /// Characters before this place that were read and taken out.
    removed: usize,
    known: &'k Known,
    unknown: Vec<String>,
    depth: usize,
}

/// A here-document that begins at the next line.
struct Here {
    end: String,
    quoted: bool,
    tabs: bool,
}

impl<'k> Reader<'k> {
    fn new(chars: Vec<char>, known: &'k Known) -> Self {
        Self {
            chars,
            at: 0,
            removed: 0,
            known,
            unknown: Vec::new(),
            depth: 0,
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek(0)?;
        self.at += 1;
        Some(next)
    }

    fn fault<T>(&self, from: usize, reason: &'static str) -> Result<T, ImportError> {
        let before = &self.chars[..from.min(self.chars.len())];
        let line = before.iter().filter(|c| **c == '\n').count() + 1;
        Err(ImportError::Command { line, reason })
    }

    fn command(&mut self) -> Result<Command, ImportError> {
        let mut command = Command::default();
        let mut here: Option<Here> = None;
        while let Some(c) = self.peek(0) {
            match c {
                ' ' | '\t' | '\r' | '\u{a0}' => self.at += 1,
                '\\' if self.continues() => {}
                '\n' => {
                    self.at += 1;
                    if let Some(here) = here.take() {
                        command.input = Some(self.here_document(&here)?);
                        break;
                    }
                    if !command.words.is_empty() {
                        break;
                    }
                }
                '#' => {
                    while self.peek(0).is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                '<' => {
                    self.at += 1;
                    here = self.input(&mut command)?.or(here);
                }
                '>' => {
                    self.at += 1;
                    while matches!(self.peek(0), Some('>' | '&' | '|')) {
                        self.at += 1;
                    }
                    self.spaces();
                    command.to_file = Some(self.word()?);
                }
                '&' if self.peek(1) == Some('>') => self.at += 1,
                '|' | ';' | '&' | ')' => {
                    self.at += 1;
                    let twice = self.peek(0) == Some(c) && c != ')';
                    command.followed_by = Some(if twice { '&' } else { c });
                    if let Some(here) = here.take() {
                        // The document begins behind this line, which goes on.
                        command.input = Some(self.document_behind_line(&here)?);
                    }
                    break;
                }
                _ => {
                    let start = self.at;
                    let word = self.word()?;
                    // `2>file`: the number belongs to the redirection.
                    let number =
                        self.peek(0) == Some('>') && word.chars().all(|c| c.is_ascii_digit());
                    if self.at == start {
                        self.at += 1;
                    } else if !number {
                        command.words.push(word);
                    }
                }
            }
        }
        if let Some(here) = here {
            command.input = Some(self.here_document(&here)?);
        }
        command.unknown = std::mem::take(&mut self.unknown);
        Ok(command)
    }

    /// Passes over a backslash at the end of a line, spaces behind it included, which copies add.
    fn continues(&mut self) -> bool {
        let mut ahead = 1;
        while matches!(self.peek(ahead), Some(' ' | '\t' | '\r')) {
            ahead += 1;
        }
        let continues = matches!(self.peek(ahead), Some('\n') | None);
        if continues {
            self.at += ahead + 1;
        }
        continues
    }

    fn spaces(&mut self) {
        while matches!(self.peek(0), Some(' ' | '\t')) {
            self.at += 1;
        }
    }

    /// Reads what follows a `<`.
    fn input(&mut self, command: &mut Command) -> Result<Option<Here>, ImportError> {
        if self.peek(0) != Some('<') {
            self.spaces();
            let file = self.word()?;
            command.input = self.known.files.get(&file).cloned();
            return Ok(None);
        }
        self.at += 1;
        if self.peek(0) == Some('<') {
            self.at += 1;
            self.spaces();
            command.input = Some(self.word()?);
            return Ok(None);
        }
        let tabs = self.peek(0) == Some('-');
        self.at += usize::from(tabs);
        self.spaces();
        let start = self.at;
        let end = self.word()?;
        let quoted = self.chars[start..self.at]
            .iter()
            .any(|c| "'\"\\".contains(*c));
        Ok(Some(Here { end, quoted, tabs }))
    }

    /// A here-document whose first line is not the next, but behind the one that is being read.
    fn document_behind_line(&mut self, here: &Here) -> Result<String, ImportError> {
        let at = self.at;
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.at += 1;
        }
        let line_end = self.at;
        self.at += 1;
        let document = self.here_document(here)?;
        // The rest of the line is a command of its own: what follows it is the end of the document.
        let document_end = self.at.min(self.chars.len());
        self.chars.drain(line_end..document_end);
        self.removed += document_end - line_end;
        self.at = at;
        Ok(document)
    }

    fn here_document(&mut self, here: &Here) -> Result<String, ImportError> {
        let start = self.at;
        let mut document = String::new();
        loop {
            if self.at >= self.chars.len() {
                return self.fault(start, "this here-document has no end");
            }
            let mut line = String::new();
            while let Some(c) = self.next() {
                if c == '\n' {
                    break;
                }
                line.push(c);
            }
            let line = line.trim_end_matches('\r');
            let line = if here.tabs {
                line.trim_start_matches('\t')
            } else {
                line
            };
            if line == here.end {
                break;
            }
            document.push_str(line);
            document.push('\n');
        }
        if here.quoted {
            return Ok(document);
        }
        let mut inner = Reader::new(document.chars().collect(), self.known);
        inner.depth = self.depth;
        let mut expanded = Vec::new();
        inner.expanded(&mut expanded, None, "$`\\")?;
        self.unknown.append(&mut inner.unknown);
        Ok(text_of(expanded))
    }

    /// One word: pieces in and out of quotes, side by side.
    fn word(&mut self) -> Result<String, ImportError> {
        let mut word = Vec::new();
        while let Some(c) = self.peek(0) {
            match c {
                ' ' | '\t' | '\r' | '\n' | '\u{a0}' | '|' | ';' | '&' | '<' | '>' | ')' => break,
                '\\' if self.continues() => break,
                '\\' => {
                    self.at += 1;
                    if let Some(c) = self.next() {
                        push(&mut word, c);
                    }
                }
                '\'' => {
                    let start = self.at;
                    self.at += 1;
                    loop {
                        match self.next() {
                            Some('\'') => break,
                            Some(c) => push(&mut word, c),
                            None => return self.fault(start, "this single quote is never closed"),
                        }
                    }
                }
                '"' => {
                    let start = self.at;
                    self.at += 1;
                    if !self.expanded(&mut word, Some('"'), "$`\"\\")? {
                        return self.fault(start, "this double quote is never closed");
                    }
                }
                '$' if self.peek(1) == Some('\'') => {
                    let start = self.at;
                    self.at += 2;
                    if !self.escaped(&mut word) {
                        return self.fault(start, "this $' is never closed");
                    }
                }
                '$' if self.peek(1) == Some('"') => self.at += 1,
                '$' | '`' => self.expansion(&mut word),
                _ => {
                    self.at += 1;
                    push(&mut word, c);
                }
            }
        }
        Ok(text_of(word))
    }

    /// Text in which variables count and a backslash counts before `special`. False where it has no end.
    fn expanded(
        &mut self,
        word: &mut Vec<u8>,
        end: Option<char>,
        special: &str,
    ) -> Result<bool, ImportError> {
        while let Some(c) = self.peek(0) {
            if Some(c) == end {
                self.at += 1;
                return Ok(true);
            }
            match c {
                '\\' => {
                    self.at += 1;
                    match self.next() {
                        Some('\n') => {}
                        Some(c) if special.contains(c) => push(word, c),
                        Some(c) => {
                            push(word, '\\');
                            push(word, c);
                        }
                        None => push(word, '\\'),
                    }
                }
                '$' | '`' => self.expansion(word),
                _ => {
                    self.at += 1;
                    push(word, c);
                }
            }
        }
        Ok(end.is_none())
    }

    /// A variable or a command in its place. What has no value here stays as it is written.
    fn expansion(&mut self, word: &mut Vec<u8>) {
        let start = self.at;
        let opened = self.next();
        let close = match (opened, self.peek(0)) {
            (Some('`'), _) => Some('`'),
            (_, Some('{')) => Some('}'),
            (_, Some('(')) => Some(')'),
            _ => None,
        };
        if close == Some(')')
            && let Some(printed) = self.printed()
        {
            word.extend_from_slice(printed.as_bytes());
            return;
        }
        if let Some(close) = close {
            while self.next().is_some_and(|c| c != close) {}
        } else {
            while self
                .peek(0)
                .is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
            {
                self.at += 1;
            }
        }
        let written: String = self.chars[start..self.at].iter().collect();
        let name = written.trim_matches(['$', '{', '}']);
        match self.known.variables.get(name) {
            Some(text) => word.extend_from_slice(text.as_bytes()),
            None => {
                word.extend_from_slice(written.as_bytes());
                if written.len() > 1 {
                    self.unknown.push(written);
                }
            }
        }
    }

    /// What the commands in `(…)` print. Where that is not known, the place is as it was.
    fn printed(&mut self) -> Option<String> {
        let start = self.at;
        if self.depth == DEPTH {
            return None;
        }
        self.depth += 1;
        self.at += 1;
        let before = std::mem::take(&mut self.unknown);
        let mut pipe = Vec::new();
        let mut printed = None;
        while let Ok(command) = self.command() {
            let ends = command.followed_by == Some(')');
            if !command.words.is_empty() {
                pipe.push(command);
            }
            if ends {
                printed = script::output(&pipe, self.known);
                break;
            }
            if self.at >= self.chars.len() {
                break;
            }
        }
        self.depth -= 1;
        self.unknown = before;
        let Some(printed) = printed else {
            self.at = start;
            return None;
        };
        self.unknown
            .extend(pipe.into_iter().flat_map(|command| command.unknown));
        Some(printed.trim_end_matches('\n').to_owned())
    }

    /// What stands in `$'…'`, with C's escapes. False where it has no end.
    fn escaped(&mut self, word: &mut Vec<u8>) -> bool {
        while let Some(c) = self.next() {
            match c {
                '\'' => return true,
                '\\' => self.escape(word),
                c => push(word, c),
            }
        }
        false
    }

    fn escape(&mut self, word: &mut Vec<u8>) {
        let Some(c) = self.next() else { return };
        let control = match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            'e' | 'E' => '\u{1b}',
            'x' => {
                let code = self.digits(16, 2);
                word.push(u8::try_from(code).unwrap_or_default());
                return;
            }
            '0'..='7' => {
                self.at -= 1;
                let code = self.digits(8, 3);
                word.push(u8::try_from(code & 255).unwrap_or_default());
                return;
            }
            'u' => self.utf16(),
            'U' => char::from_u32(self.digits(16, 8)).unwrap_or('\u{fffd}'),
            '\\' | '\'' | '"' | '?' => c,
            other => {
                push(word, '\\');
                other
            }
        };
        push(word, control);
    }

    /// `\u` of a browser counts as JavaScript does: what is beyond 16 bits is written in two halves.
    fn utf16(&mut self) -> char {
        let code = self.digits(16, 4);
        if (0xd800..0xdc00).contains(&code)
            && self.peek(0) == Some('\\')
            && self.peek(1) == Some('u')
        {
            self.at += 2;
            let low = self.digits(16, 4) & 0x3ff;
            return char::from_u32(0x1_0000 + ((code & 0x3ff) << 10) + low).unwrap_or('\u{fffd}');
        }
        char::from_u32(code).unwrap_or('\u{fffd}')
    }

    fn digits(&mut self, radix: u32, most: usize) -> u32 {
        let mut code = 0_u32;
        for _ in 0..most {
            let Some(digit) = self.peek(0).and_then(|c| c.to_digit(radix)) else {
                break;
            };
            code = code.wrapping_mul(radix).wrapping_add(digit);
            self.at += 1;
        }
        code
    }
}

fn push(word: &mut Vec<u8>, c: char) {
    word.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
