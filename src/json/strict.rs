//! The strict reader: accepts and yields what `serde_json` accepts and yields, and `1e999` besides.
//!
//! One loop over the bytes with a stack of open containers, so that nesting costs a `u32` and no recursion.

use super::{Budget, JsonError, JsonErrorKind as Wrong, Node, Tag};

/// Reads one value and nothing after it.
pub(super) fn read(text: &str, budget: &Budget) -> Result<Vec<Node>, JsonError> {
    if u32::try_from(text.len()).is_err() {
        return Err(JsonError { kind: Wrong::TooLong, at: 0 });
    }
    let mut reader = Reader { bytes: text.as_bytes(), at: 0, budget, nodes: Vec::new(), open: Vec::new() };
    // One value in sixteen bytes is what documented bodies have; a hostile one is held by its budget, not by this.
    reader.nodes.reserve((text.len() / 16 + 1).min(budget.nodes).min(4096));
    loop {
        reader.value()?;
        if reader.next_place()? == Place::End {
            return Ok(reader.nodes);
        }
    }
}

/// What may come after a value.
#[derive(PartialEq, Eq)]
enum Place {
    Value,
    End,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    budget: &'a Budget,
    nodes: Vec<Node>,
    open: Vec<u32>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn wrong(&self, kind: Wrong) -> JsonError {
        JsonError { kind, at: self.at }
    }

    /// Something else than `what` stands here, or nothing at all.
    fn expected(&self, what: &'static str) -> JsonError {
        self.wrong(if self.peek().is_none() { Wrong::Ended } else { Wrong::Expected(what) })
    }

    fn push(&mut self, start: usize, tag: Tag) -> Result<(), JsonError> {
        if self.nodes.len() >= self.budget.nodes {
            return Err(JsonError { kind: Wrong::TooManyNodes, at: start });
        }
        let after = narrow(self.nodes.len() + 1);
        self.nodes.push(Node { start: narrow(start), end: narrow(self.at), after, tag });
        Ok(())
    }

    /// A scalar as a whole; of a container its opening, then on to the first value inside.
    fn value(&mut self) -> Result<(), JsonError> {
        loop {
            self.blanks();
            let start = self.at;
            match self.peek() {
                Some(b'"') => {
                    let tag = self.string()?;
                    return self.push(start, tag);
                }
                Some(b'-' | b'0'..=b'9') => {
                    let tag = self.number()?;
                    return self.push(start, tag);
                }
                Some(b'{') => {
                    self.enter(Tag::Object)?;
                    self.blanks();
                    if self.peek() == Some(b'}') {
                        self.leave();
                        return Ok(());
                    }
                    self.name()?;
                }
                Some(b'[') => {
                    self.enter(Tag::Array)?;
                    self.blanks();
                    if self.peek() == Some(b']') {
                        self.leave();
                        return Ok(());
                    }
                }
                Some(b't') => return self.word(b"true", Tag::True),
                Some(b'f') => return self.word(b"false", Tag::False),
                Some(b'n') => return self.word(b"null", Tag::Null),
                _ => return Err(self.expected("a value")),
            }
        }
    }

    /// Closes what ends here, up to the comma that announces another value.
    fn next_place(&mut self) -> Result<Place, JsonError> {
        loop {
            self.blanks();
            let Some(container) = self.open.last() else {
                return if self.at == self.bytes.len() {
                    Ok(Place::End)
                } else {
                    Err(self.wrong(Wrong::Trailing))
                };
            };
            let in_object = self.nodes.get(*container as usize).is_some_and(|node| node.tag == Tag::Object);
            match (self.peek(), in_object) {
                (Some(b','), true) => {
                    self.at += 1;
                    self.blanks();
                    self.name()?;
                    return Ok(Place::Value);
                }
                (Some(b','), false) => {
                    self.at += 1;
                    return Ok(Place::Value);
                }
                (Some(b'}'), true) | (Some(b']'), false) => self.leave(),
                (_, true) => return Err(self.expected("`,` or `}`")),
                (_, false) => return Err(self.expected("`,` or `]`")),
            }
        }
    }

    fn enter(&mut self, tag: Tag) -> Result<(), JsonError> {
        if self.open.len() + 1 >= self.budget.depth {
            return Err(self.wrong(Wrong::TooDeep));
        }
        let container = narrow(self.nodes.len());
        self.at += 1;
        self.push(self.at - 1, tag)?;
        self.open.push(container);
        Ok(())
    }

    fn leave(&mut self) {
        self.at += 1;
        let (end, after) = (narrow(self.at), narrow(self.nodes.len()));
        if let Some(node) = self.open.pop().and_then(|container| self.nodes.get_mut(container as usize)) {
            node.end = end;
            node.after = after;
        }
    }

    /// A member's name and its colon.
    fn name(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.expected("a member name in double quotes"));
        }
        let tag = self.string()?;
        self.push(start, tag)?;
        self.blanks();
        if self.peek() != Some(b':') {
            return Err(self.expected("`:`"));
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &[u8], tag: Tag) -> Result<(), JsonError> {
        let start = self.at;
        if !self.bytes.get(start..).is_some_and(|rest| rest.starts_with(word)) {
            return Err(self.expected("a value"));
        }
        self.at += word.len();
        self.push(start, tag)
    }

    fn number(&mut self) -> Result<Tag, JsonError> {
        let mut tag = Tag::Integer;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if let Some(b'0'..=b'9') = self.peek() {
            return Err(self.wrong(Wrong::Expected("a number without leading zeros")));
        }
        if self.peek() == Some(b'.') {
            tag = Tag::Number;
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            tag = Tag::Number;
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(tag)
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { Err(self.expected("a digit")) } else { Ok(()) }
    }

    /// From quote to quote, every escape checked.
    fn string(&mut self) -> Result<Tag, JsonError> {
        let start = self.at;
        let mut tag = Tag::Plain;
        self.at += 1;
        loop {
            self.at += plain_run(self.bytes.get(self.at..).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    let long = self.at - start - 2 > self.budget.string;
                    return if long { Err(JsonError { kind: Wrong::TooLong, at: start }) } else { Ok(tag) };
                }
                Some(b'\\') => {
                    tag = Tag::Escaped;
                    self.escape()?;
                }
                Some(_) => return Err(self.wrong(Wrong::ControlCharacter)),
                None => return Err(self.wrong(Wrong::Ended)),
            }
        }
    }

    fn escape(&mut self) -> Result<(), JsonError> {
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                let lone = self.wrong(Wrong::LoneSurrogate);
                match self.hex()? {
                    0xDC00..=0xDFFF => return Err(lone),
                    0xD800..=0xDBFF => {
                        if !self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(b"\\u")) {
                            return Err(lone);
                        }
                        if !(0xDC00..=0xDFFF).contains(&self.hex()?) {
                            return Err(lone);
                        }
                    }
                    _ => {}
                }
            }
            Some(_) => return Err(self.wrong(Wrong::BadEscape)),
            None => return Err(JsonError { kind: Wrong::Ended, at: self.bytes.len() }),
        }
        Ok(())
    }

    /// The four digits after `\u`.
    fn hex(&mut self) -> Result<u32, JsonError> {
        let digits = self.bytes.get(self.at + 2..).unwrap_or_default().iter().take(4);
        let value =
            digits.clone().try_fold(0, |sum, digit| Some(sum * 16 + char::from(*digit).to_digit(16)?));
        match value {
            Some(_) if digits.len() < 4 => Err(JsonError { kind: Wrong::Ended, at: self.bytes.len() }),
            Some(value) => {
                self.at += 6;
                Ok(value)
            }
            None => Err(self.wrong(Wrong::BadEscape)),
        }
    }
}

/// How many bytes stand before the first that a string cannot simply hold: a quote, a backslash, a control
/// character. Eight are looked at together; which of them it was is told by the lowest set bit, as only bits
/// above a true one can be set by the subtraction's borrow.
fn plain_run(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const TOPS: u64 = u64::from_ne_bytes([0x80; 8]);
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word & TOPS;
    let mut run = 0;
    let mut rest = bytes;
    while let Some((eight, behind)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*eight);
        let found = below(word, 0x20)
            | below(word ^ (ONES * u64::from(b'"')), 1)
            | below(word ^ (ONES * u64::from(b'\\')), 1);
        if found != 0 {
            return run + found.trailing_zeros() as usize / 8;
        }
        run += 8;
        rest = behind;
    }
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    run + rest.iter().position(special).unwrap_or(rest.len())
}

/// The text is shorter than 4 GiB, and has no more values than bytes.
fn narrow(figure: usize) -> u32 {
    u32::try_from(figure).unwrap_or(u32::MAX)
}

/// What stands between the quotes of a string that was read, its escapes resolved.
pub(super) fn unescape(inside: &str) -> String {
    let mut text = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let (character, length) = match escape.bytes().next() {
            Some(b'b') => ('\u{8}', 1),
            Some(b'f') => ('\u{c}', 1),
            Some(b'n') => ('\n', 1),
            Some(b'r') => ('\r', 1),
            Some(b't') => ('\t', 1),
            Some(b'u') => unescape_unicode(escape),
            _ => (escape.chars().next().unwrap_or('\\'), 1),
        };
        text.push(character);
        rest = escape.get(length..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// The character of `uXXXX` or of the pair `uXXXX\uXXXX`, and how many bytes it took.
fn unescape_unicode(escape: &str) -> (char, usize) {
    let unit = |from: usize| escape.get(from..from + 4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    match (unit(1), unit(7)) {
        (Some(high @ 0xD800..=0xDBFF), Some(low @ 0xDC00..=0xDFFF)) => {
            let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 11)
        }
        (Some(code), _) => (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 5),
        (None, _) => (char::REPLACEMENT_CHARACTER, 5),
    }
}
