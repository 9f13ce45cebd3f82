//! A place in JSON text that moves from value to value.

use std::borrow::Cow;

/// What stands at the cursor is not what was asked for, or is no JSON. Where the cursor stands then is not
/// told: whoever wants to know what is wrong reads the text again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misfit;

/// What was asked for, or that it is not there.
pub type Fit<T> = Result<T, Misfit>;

/// How deeply values may be nested where they are passed over.
const DEEPEST: u32 = 100;

/// A place in JSON text (RFC 8259).
///
/// It takes nothing for JSON that is none, though it does not take all that is JSON: half a surrogate pair in
/// an escape and values nested a hundred deep are for others to read.
pub struct Cursor<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// A cursor at the beginning of a text.
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
        }
    }

    /// Passes over the end of the text.
    ///
    /// # Errors
    /// When anything but white space is left.
    pub fn end(&mut self) -> Fit<()> {
        self.space();
        (self.at == self.bytes.len()).then_some(()).ok_or(Misfit)
    }

    /// Steps into an object.
    ///
    /// # Errors
    /// When there is none.
    pub fn object(&mut self) -> Fit<Inside> {
        self.space();
        self.take(b'{')?;
        Ok(Inside { first: true })
    }

    /// The name of the next member, with the cursor at its value; `None` behind the end of the object.
    ///
    /// # Errors
    /// When there is neither.
    #[inline]
    pub fn member(&mut self, inside: &mut Inside) -> Fit<Option<Cow<'a, str>>> {
        if !self.next(inside, b'}')? {
            return Ok(None);
        }
        let name = self.string()?;
        self.space();
        self.take(b':')?;
        self.space();
        Ok(Some(name))
    }

    /// Steps into an array.
    ///
    /// # Errors
    /// When there is none.
    pub fn array(&mut self) -> Fit<Inside> {
        self.space();
        self.take(b'[')?;
        Ok(Inside { first: true })
    }

    /// Whether there is another element, with the cursor at it; false behind the end of the array.
    ///
    /// # Errors
    /// When there is neither.
    pub fn element(&mut self, inside: &mut Inside) -> Fit<bool> {
        self.next(inside, b']')
    }

    /// Passes over a text that is exactly this, if it stands here.
    #[inline]
    pub fn passes(&mut self, exactly: &[u8]) -> bool {
        let there = self.rest().starts_with(exactly);
        if there {
            self.at += exactly.len();
        }
        there
    }

    /// Passes over `null`, if it stands here.
    pub fn null(&mut self) -> bool {
        self.space();
        self.passes(b"null")
    }

    /// Reads a string.
    ///
    /// # Errors
    /// When there is none.
    #[inline]
    pub fn string(&mut self) -> Fit<Cow<'a, str>> {
        self.space();
        self.take(b'"')?;
        let plain = self.plain()?;
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(plain));
        }
        let mut text = String::with_capacity(plain.len() + 32);
        text.push_str(plain);
        self.escaped(&mut text)?;
        Ok(Cow::Owned(text))
    }

    /// Reads a string onto the end of a text.
    ///
    /// # Errors
    /// When there is none.
    #[inline]
    pub fn append_string(&mut self, text: &mut String) -> Fit<()> {
        self.space();
        self.take(b'"')?;
        text.push_str(self.plain()?);
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(());
        }
        self.escaped(text)
    }

    /// Reads a number, as near as 64 bits come to it.
    ///
    /// # Errors
    /// When there is none.
    #[inline]
    pub fn float(&mut self) -> Fit<f64> {
        self.space();
        self.number()?.parse().map_err(|_| Misfit)
    }

    /// Reads a whole number that is written as one.
    ///
    /// # Errors
    /// When there is none, or none of 64 bits.
    pub fn unsigned(&mut self) -> Fit<u64> {
        self.space();
        // `parse` would take a plus sign, which `number` does not.
        self.number()?.parse().map_err(|_| Misfit)
    }

    /// Reads a whole number that is written as one.
    ///
    /// # Errors
    /// When there is none, or none of 64 bits.
    pub fn signed(&mut self) -> Fit<i64> {
        self.space();
        match self.number()? {
            "-0" => Err(Misfit),
            number => number.parse().map_err(|_| Misfit),
        }
    }

    /// Reads an array of whole numbers from 0 to 255 onto the end of a list.
    ///
    /// # Errors
    /// When there is none.
    #[inline]
    pub fn append_bytes(&mut self, list: &mut Vec<u8>) -> Fit<()> {
        self.space();
        self.take(b'[')?;
        self.space();
        if self.passes(b"]") {
            return Ok(());
        }
        loop {
            self.space();
            list.push(self.byte()?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(Misfit),
            }
        }
    }

    /// Passes over a value of any kind; gives its text.
    ///
    /// # Errors
    /// When there is none, or it is nested too deeply.
    pub fn value(&mut self) -> Fit<&'a str> {
        self.space();
        let from = self.at;
        self.pass(0)?;
        self.text.get(from..self.at).ok_or(Misfit)
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn take(&mut self, byte: u8) -> Fit<()> {
        if self.peek() != Some(byte) {
            return Err(Misfit);
        }
        self.at += 1;
        Ok(())
    }

    #[inline]
    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Whether another member or element follows, with the cursor at it.
    #[inline]
    fn next(&mut self, inside: &mut Inside, end: u8) -> Fit<bool> {
        self.space();
        if self.peek() == Some(end) {
            // A comma before it is no JSON, and was passed over with the last.
            self.at += 1;
            return Ok(false);
        }
        if !std::mem::take(&mut inside.first) {
            self.take(b',')?;
            self.space();
            if self.peek() == Some(end) {
                return Err(Misfit);
            }
        }
        Ok(true)
    }

    /// Passes over what of a string stands for itself: to the quotation mark or the backslash that ends it.
    #[inline]
    fn plain(&mut self) -> Fit<&'a str> {
        let from = self.at;
        let rest = self.rest();
        let ends = |byte: u8| byte == b'"' || byte == b'\\' || byte < 0x20;
        // Most strings are a word: a few bytes are looked at one by one before words of them are.
        let mut length = 0;
        while length < 16 {
            match rest.get(length) {
                Some(byte) if !ends(*byte) => length += 1,
                _ => return self.plain_to(from, length),
            }
        }
        let (words, _) = rest.get(length..).unwrap_or_default().as_chunks::<8>();
        length += 8 * words.iter().take_while(|word| !has_end(**word)).count();
        let more = rest.get(length..).unwrap_or_default();
        length += more.iter().position(|byte| ends(*byte)).ok_or(Misfit)?;
        self.plain_to(from, length)
    }

    #[inline]
    fn plain_to(&mut self, from: usize, length: usize) -> Fit<&'a str> {
        self.at = from + length;
        match self.peek() {
            Some(b'"' | b'\\') => self.text.get(from..self.at).ok_or(Misfit),
            _ => Err(Misfit),
        }
    }

    /// Reads the rest of a string, from the first backslash on.
    fn escaped(&mut self, text: &mut String) -> Fit<()> {
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.push(self.escape()?);
                    text.push_str(self.plain()?);
                }
                _ => return Err(Misfit),
            }
        }
    }

    /// Reads what stands behind a backslash.
    fn escape(&mut self) -> Fit<char> {
        let kind = self.peek().ok_or(Misfit)?;
        self.at += 1;
        Ok(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.unit()?;
                match first {
                    0xd800..0xdc00 => {
                        if !self.passes(b"\\u") {
                            return Err(Misfit);
                        }
                        let pair = [first, self.unit()?];
                        let mut read = char::decode_utf16(pair);
                        read.next().and_then(Result::ok).ok_or(Misfit)?
                    }
                    _ => char::from_u32(first.into()).ok_or(Misfit)?,
                }
            }
            _ => return Err(Misfit),
        })
    }

    /// Reads four hexadecimal digits.
    fn unit(&mut self) -> Fit<u16> {
        let digits = self.rest().first_chunk::<4>().ok_or(Misfit)?;
        let mut unit = 0;
        for digit in digits {
            let digit = char::from(*digit).to_digit(16).ok_or(Misfit)?;
            unit = unit * 16 + digit;
        }
        self.at += 4;
        u16::try_from(unit).map_err(|_| Misfit)
    }

    /// Reads a whole number from 0 to 255, without a zero before it.
    #[inline]
    fn byte(&mut self) -> Fit<u8> {
        let from = self.at;
        let mut number = 0_u32;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            if self.at - from == 3 {
                return Err(Misfit);
            }
            number = number * 10 + u32::from(digit - b'0');
            self.at += 1;
        }
        let digits = self.at - from;
        let padded = digits > 1 && self.bytes.get(from) == Some(&b'0');
        if digits == 0 || padded {
            return Err(Misfit);
        }
        u8::try_from(number).map_err(|_| Misfit)
    }

    /// Passes over a number; gives its text.
    #[inline]
    fn number(&mut self) -> Fit<&'a str> {
        let from = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        self.text.get(from..self.at).ok_or(Misfit)
    }

    #[inline]
    fn digits(&mut self) -> Fit<()> {
        let from = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == from { Err(Misfit) } else { Ok(()) }
    }

    /// Passes over a value that stands right here.
    fn pass(&mut self, depth: u32) -> Fit<()> {
        if depth > DEEPEST {
            return Err(Misfit);
        }
        match self.peek().ok_or(Misfit)? {
            b'"' => self.string().map(|_| ()),
            b'{' => {
                let mut inside = self.object()?;
                while self.member(&mut inside)?.is_some() {
                    self.pass(depth + 1)?;
                }
                Ok(())
            }
            b'[' => {
                let mut inside = self.array()?;
                while self.element(&mut inside)? {
                    self.pass(depth + 1)?;
                }
                Ok(())
            }
            b't' if self.passes(b"true") => Ok(()),
            b'f' if self.passes(b"false") => Ok(()),
            b'n' if self.passes(b"null") => Ok(()),
            _ => self.number().map(|_| ()),
        }
    }
}

/// An object or an array that the cursor is in.
pub struct Inside {
    first: bool,
}

/// Whether a quotation mark, a backslash or a control character is among eight bytes.
#[inline]
fn has_end(bytes: [u8; 8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    let word = u64::from_ne_bytes(bytes);
    // The high bit of each byte that is less; one above such a byte can be marked too, which changes nothing.
    let less = |word: u64, than: u8| word.wrapping_sub(ONES * u64::from(than)) & !word & HIGH;
    let is = |byte: u8| less(word ^ (ONES * u64::from(byte)), 1);
    less(word, 0x20) | is(b'"') | is(b'\\') != 0
}
