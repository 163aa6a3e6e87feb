//! Strings: single, curly, unescaped and missing quotes, and what a string may not hold raw.
//!
//! A quote ends a string where what follows it is what follows a string. Where it is not, the end is looked for
//! on the same line alone, as one bad quote must not swallow the lines below it.

use super::RepairRule;
use super::reader::Reader;

/// What a string is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Name,
    Value,
}

/// Where a string ends.
struct End {
    at: usize,
    /// How long its closing quote is; 0 where there is none.
    quote: usize,
    guess: Option<RepairRule>,
}

/// What a search for the closing quote of a string that begins at `from`, or later, finds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ahead {
    from: usize,
    at: Option<usize>,
    /// Where the last line begins before it.
    line: usize,
}

impl Default for Ahead {
    fn default() -> Ahead {
        Ahead { from: usize::MAX, at: None, line: 0 }
    }
}

impl Reader<'_> {
    /// The quote that stands here, of whatever kind.
    pub(super) fn quote(&self, at: usize) -> Option<char> {
        match self.byte(at)? {
            quote @ (b'"' | b'\'' | b'`') => Some(char::from(quote)),
            0xC2 | 0xE2 => {
                let quote = self.text.get(at..)?.chars().next()?;
                is_curly(quote).then_some(quote)
            }
            _ => None,
        }
    }

    /// Reads the string that begins here.
    pub(super) fn string(&mut self, role: Role) {
        let start = self.at;
        let Some(opening) = self.quote(start) else { return };
        let inside = start + opening.len_utf8();
        let end = self.string_end(inside, opening, role);
        self.solid = true;
        if opening != '"' {
            let quotes = if opening == '\'' { RepairRule::SingleQuotes } else { RepairRule::SmartQuotes };
            self.repair(quotes, start);
            self.edits.push(start, inside, "\"");
        }
        if let Some(rule) = end.guess {
            self.repair(rule, start);
        }
        self.contents(inside, end.at, opening);
        self.at = end.at + end.quote;
        if self.text.get(end.at..self.at) != Some("\"") {
            self.edits.push(end.at, self.at, "\"");
        }
    }

    /// Where the string ends that begins `inside`: at the first quote that what follows fits, else at the likeliest
    /// place on its line.
    fn string_end(&mut self, inside: usize, opening: char, role: Role) -> End {
        let proper = self.first_quote(inside, opening);
        if let Some((at, broken)) = proper {
            let behind = at + self.quote(at).map_or(1, char::len_utf8);
            let fits = if broken {
                role == Role::Value && self.ends_for_certain(behind)
            } else {
                self.ends(behind, role)
            };
            if fits {
                return End { at, quote: behind - at, guess: None };
            }
        }
        if let Some(at) = self.likely_end(inside, role) {
            let closing = self.quote(at).unwrap_or('"');
            let guess = match closing {
                _ if is_curly(closing) => RepairRule::SmartQuotes,
                // The quotes inside are noted one by one, where they are escaped.
                '"' if closing == opening => return End { at, quote: 1, guess: None },
                _ if closing == opening => RepairRule::UnescapedQuote,
                _ => RepairRule::UnclosedQuote,
            };
            return End { at, quote: closing.len_utf8(), guess: Some(guess) };
        }
        if role == Role::Name
            && let Some(at) = self.name_end(inside)
        {
            return End { at, quote: 0, guess: Some(RepairRule::UnclosedQuote) };
        }
        match proper {
            Some((at, false)) => {
                let quote = self.quote(at).map_or(1, char::len_utf8);
                // What else follows is prose, and noted as such.
                let unsure = self.begins_anew(self.past_blanks(at + quote).0);
                End { at, quote, guess: unsure.then_some(RepairRule::UnescapedQuote) }
            }
            _ => End { at: self.line_end(inside), quote: 0, guess: Some(RepairRule::UnclosedQuote) },
        }
    }

    /// The first quote that could close a string, and whether a line ends before it.
    ///
    /// The outcome holds for all that begin between: a quote that was passed over as escaped may begin a string
    /// once the one before it turned out to end on its own line.
    fn first_quote(&mut self, inside: usize, opening: char) -> Option<(usize, bool)> {
        let kind = usize::from(opening == '\'') + 2 * usize::from(is_curly(opening));
        let known = self.quotes.get(kind).copied().unwrap_or_default();
        let ahead = if known.from <= inside && inside <= known.at.unwrap_or(usize::MAX) {
            known
        } else {
            self.look_for_quote(inside, opening)
        };
        if let Some(known) = self.quotes.get_mut(kind) {
            *known = ahead;
        }
        ahead.at.map(|at| (at, ahead.line > inside))
    }

    fn look_for_quote(&self, inside: usize, opening: char) -> Ahead {
        let (mut at, mut line) = (inside, 0);
        loop {
            match self.byte(at) {
                None => return Ahead { from: inside, at: None, line },
                Some(b'\\') if self.byte(at + 1).is_some_and(|byte| byte.is_ascii() && byte >= b' ') => {
                    at += 1;
                }
                Some(b'\n' | b'\r') => line = at + 1,
                Some(_) if self.quote(at).is_some_and(|quote| closes(opening, quote)) => {
                    return Ahead { from: inside, at: Some(at), line };
                }
                Some(_) => {}
            }
            at += 1;
        }
    }

    /// Whether what stands here may follow a string that ended on its own line.
    fn ends(&mut self, behind: usize, role: Role) -> bool {
        let (at, broken) = self.past_blanks(behind);
        let apart = at > behind;
        match self.byte(at) {
            _ if broken => true,
            None | Some(b',' | b';' | b'}' | b']') => true,
            Some(b':' | b'=') => role == Role::Name,
            Some(b'.' | 0xE2) if self.ellipsis_end(at).is_some() => true,
            Some(_) if self.is_comment(at) => true,
            Some(b'{' | b'[') => role == Role::Name || !self.in_object(),
            Some(b'0'..=b'9' | b'-') => role == Role::Name && apart,
            Some(_) if apart && self.quote(at).is_some() => {
                role == Role::Name || !self.in_object() || self.names(at)
            }
            _ => false,
        }
    }

    /// Whether what stands here can only follow a string: one that a line end broke might also be unclosed.
    fn ends_for_certain(&self, behind: usize) -> bool {
        matches!(self.byte(self.past_blanks(behind).0), None | Some(b',' | b'}' | b']'))
    }

    /// Whether the quote here begins a member's name.
    fn names(&mut self, at: usize) -> bool {
        let Some(opening) = self.quote(at) else { return false };
        match self.first_quote(at + opening.len_utf8(), opening) {
            Some((end, false)) => {
                let behind = end + self.quote(end).map_or(1, char::len_utf8);
                self.byte(self.past_blanks(behind).0) == Some(b':')
            }
            _ => false,
        }
    }

    /// The first quote on this line, of any kind, before what follows a string of this role for certain.
    fn likely_end(&mut self, inside: usize, role: Role) -> Option<usize> {
        let known = usize::from(role == Role::Value);
        // A search that came to nothing holds for all that begin later on the line.
        if self.barren.get(known).is_some_and(|barren| inside < *barren) {
            return None;
        }
        let mut at = inside;
        loop {
            match self.byte(at) {
                None | Some(b'\n' | b'\r') => break,
                Some(b'\\') if self.byte(at + 1).is_some_and(|byte| byte.is_ascii() && byte >= b' ') => {
                    at += 2;
                }
                Some(_) => match self.quote(at) {
                    Some(quote) if self.likely_ends(at + quote.len_utf8(), role) => return Some(at),
                    Some(quote) => at += quote.len_utf8(),
                    None => at += 1,
                },
            }
        }
        if let Some(barren) = self.barren.get_mut(known) {
            *barren = at;
        }
        None
    }

    pub(super) fn likely_ends(&self, behind: usize, role: Role) -> bool {
        let (mut at, mut broken) = self.past_blanks(behind);
        if role == Role::Name {
            return self.byte(at) == Some(b':');
        }
        while !broken && matches!(self.byte(at), Some(b'}' | b']')) {
            (at, broken) = self.past_blanks(at + 1);
        }
        match self.byte(at) {
            _ if broken => true,
            None => true,
            Some(b',') => self.goes_on(at + 1),
            Some(_) => self.is_comment(at),
        }
    }

    /// Whether a comma before here is one between members or elements, not one between words.
    fn goes_on(&self, behind: usize) -> bool {
        let (at, broken) = self.past_blanks(behind);
        match self.byte(at) {
            _ if broken => true,
            None | Some(b'}' | b']') => true,
            Some(_) if self.quote(at).is_some() || self.is_comment(at) => true,
            Some(_) if self.in_object() => self.key(at).is_some(),
            Some(byte) => matches!(byte, b'{' | b'[' | b'-' | b'0'..=b'9'),
        }
    }

    /// Where a name ends whose closing quote is missing: before its colon.
    fn name_end(&self, inside: usize) -> Option<usize> {
        let mut at = inside;
        loop {
            match self.byte(at)? {
                b':' if at > inside => return Some(self.without_blanks(inside, at)),
                b':' | b',' | b'{' | b'}' | b'[' | b']' | b'\n' | b'\r' => return None,
                _ if self.quote(at).is_some() => return None,
                _ => at += 1,
            }
        }
    }

    /// Where the line ends, without the comma and the closers that stand there.
    fn line_end(&self, inside: usize) -> usize {
        let (mut end, mut opened) = (inside, false);
        while let Some(byte) = self.byte(end).filter(|byte| !matches!(byte, b'\n' | b'\r')) {
            opened |= matches!(byte, b'{' | b'[');
            end += 1;
        }
        end = self.without_blanks(inside, end);
        loop {
            let last = if end > inside { self.byte(end - 1) } else { None };
            match last {
                Some(b',' | b';') => end = self.without_blanks(inside, end - 1),
                Some(b'}' | b']') if !opened => end = self.without_blanks(inside, end - 1),
                _ => return end,
            }
        }
    }

    /// `end`, drawn back over the blanks before it.
    pub(super) fn without_blanks(&self, start: usize, end: usize) -> usize {
        let mut end = end;
        while end > start && matches!(self.byte(end - 1), Some(b' ' | b'\t')) {
            end -= 1;
        }
        end
    }

    /// Escapes what stands between two quotes where JSON wants it escaped.
    pub(super) fn contents(&mut self, start: usize, end: usize, opening: char) {
        let mut at = start;
        let mut noted = [false; 4];
        while at < end {
            let Some(byte) = self.byte(at) else { return };
            let (length, rule) = match byte {
                b'\\' => self.escape(at, end, opening),
                b'"' => {
                    self.edits.push(at, at, "\\");
                    (1, (opening == '"').then_some(RepairRule::UnescapedQuote))
                }
                b'\r' | b'\n' => {
                    let length = if byte == b'\r' && self.byte(at + 1) == Some(b'\n') { 2 } else { 1 };
                    self.edits.push(at, at + length, "\\n");
                    (length, Some(RepairRule::RawNewline))
                }
                0..0x20 => {
                    self.edits.push(at, at + 1, CONTROLS.get(usize::from(byte)).copied().unwrap_or_default());
                    (1, Some(RepairRule::RawControl))
                }
                _ => (1, None),
            };
            if let Some(rule) = rule {
                self.note_once(rule, at, &mut noted);
            }
            at += length;
        }
    }

    /// A string in which the same is wrong twice is one finding.
    fn note_once(&mut self, rule: RepairRule, at: usize, noted: &mut [bool; 4]) {
        let index = match rule {
            RepairRule::UnescapedQuote => 0,
            RepairRule::RawNewline => 1,
            RepairRule::RawControl => 2,
            _ => 3,
        };
        if let Some(noted) = noted.get_mut(index).filter(|noted| !**noted) {
            *noted = true;
            self.repair(rule, at);
        }
    }

    /// One escape, mended where it is none: how long it is, and what was wrong with it.
    fn escape(&mut self, at: usize, end: usize, opening: char) -> (usize, Option<RepairRule>) {
        let unknown = Some(RepairRule::UnknownEscape);
        match self.byte(at + 1).filter(|_| at + 1 < end) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => (2, None),
            Some(b'u') => match (self.unit(at, end), self.unit(at + 6, end)) {
                (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (12, None),
                (Some(0xD800..=0xDFFF), _) => {
                    self.edits.push(at, at + 6, "\\ufffd");
                    (6, unknown)
                }
                (Some(_), _) => (6, None),
                (None, _) => {
                    self.edits.push(at, at, "\\");
                    (2, unknown)
                }
            },
            Some(b'\'') => {
                self.edits.push(at, at + 1, "");
                (2, unknown.filter(|_| opening != '\''))
            }
            _ => {
                self.edits.push(at, at, "\\");
                (1, unknown)
            }
        }
    }

    /// The UTF-16 unit of the `\uXXXX` that stands here.
    fn unit(&self, at: usize, end: usize) -> Option<u32> {
        if at + 6 > end || self.byte(at) != Some(b'\\') || self.byte(at + 1) != Some(b'u') {
            return None;
        }
        (at + 2..at + 6).try_fold(0, |sum, at| Some(sum * 16 + char::from(self.byte(at)?).to_digit(16)?))
    }
}

fn is_curly(quote: char) -> bool {
    matches!(quote, '\u{201c}'..='\u{201f}' | '\u{2018}'..='\u{201b}' | '«' | '»' | '´' | '`')
}

/// Whether a quote closes what such a quote opened.
fn closes(opening: char, quote: char) -> bool {
    if is_curly(opening) { quote != '\'' } else { quote == opening }
}

/// How JSON writes the control characters.
const CONTROLS: [&str; 32] = [
    "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007", "\\b", "\\t",
    "\\n", "\\u000b", "\\f", "\\r", "\\u000e", "\\u000f", "\\u0010", "\\u0011", "\\u0012", "\\u0013",
    "\\u0014", "\\u0015", "\\u0016", "\\u0017", "\\u0018", "\\u0019", "\\u001a", "\\u001b", "\\u001c",
    "\\u001d", "\\u001e", "\\u001f",
];
