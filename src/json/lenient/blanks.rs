//! What stands between tokens: blanks of all kinds, comments, and the ellipses that say "and more of these".

use super::RepairRule;
use super::reader::{Reader, Within};

/// Words that make a comment say that something was left out, as its first or its last.
const ELISIONS: [&str; 16] = [
    "more",
    "etc",
    "etc.",
    "other",
    "others",
    "additional",
    "remaining",
    "rest",
    "omitted",
    "truncated",
    "shortened",
    "removed",
    "snip",
    "snipped",
    "elided",
    "abbreviated",
];

impl Reader<'_> {
    /// Reads on to the next token, and says whether a line ended before it.
    pub(super) fn blanks(&mut self, within: Within) -> bool {
        let mut broken = false;
        loop {
            match self.byte(self.at) {
                Some(b'\n' | b'\r') => {
                    broken = true;
                    self.at += 1;
                }
                Some(b' ' | b'\t') => self.at += 1,
                Some(_) if self.odd_blank(self.at) > 0 => self.odd_blanks(),
                Some(_) if self.comment_end(self.at).is_some() => self.comment(within),
                Some(b'.' | 0xE2) if within == Within::Container && self.ellipsis_end(self.at).is_some() => {
                    let end = self.ellipsis_end(self.at).unwrap_or(self.at + 1);
                    self.repair(RepairRule::Ellipsis, self.at);
                    self.elide();
                    self.edits.push(self.at, end, "");
                    self.at = end;
                }
                _ => return broken,
            }
        }
    }

    /// The innermost container has more in it than is shown.
    pub(super) fn elide(&mut self) {
        self.ellipsis = true;
        self.elided.extend(self.open.last().map(|open| open.start));
    }

    fn odd_blanks(&mut self) {
        let start = self.at;
        while self.odd_blank(self.at) > 0 {
            self.at += self.odd_blank(self.at);
        }
        self.repair(RepairRule::OddBlank, start);
        self.edits.push(start, self.at, " ");
    }

    /// How many bytes a blank has that JSON does not know; 0 where there is none.
    pub(super) fn odd_blank(&self, at: usize) -> usize {
        match self.byte(at) {
            Some(0x0B | 0x0C) => 1,
            Some(0xC2..=0xEF) => match self.text.get(at..).and_then(|rest| rest.chars().next()) {
                Some(character) if is_odd_blank(character) => character.len_utf8(),
                _ => 0,
            },
            _ => 0,
        }
    }

    /// From `at` on past blanks of any kind; and whether a line ended among them.
    pub(super) fn past_blanks(&self, at: usize) -> (usize, bool) {
        let (mut at, mut broken) = (at, false);
        loop {
            match self.byte(at) {
                Some(b'\n' | b'\r') => {
                    broken = true;
                    at += 1;
                }
                Some(b' ' | b'\t') => at += 1,
                Some(_) if self.odd_blank(at) > 0 => at += self.odd_blank(at),
                _ => return (at, broken),
            }
        }
    }

    fn comment(&mut self, within: Within) {
        let (start, end) = (self.at, self.comment_end(self.at).unwrap_or(self.at + 1));
        let words = self.text.get(start..end).unwrap_or_default();
        if within == Within::Container && says_more(words) {
            self.repair(RepairRule::Ellipsis, start);
            self.elide();
        } else {
            self.repair(RepairRule::Comment, start);
        }
        self.edits.push(start, end, "");
        self.at = end;
    }

    /// Whether a comment begins here.
    pub(super) fn is_comment(&self, at: usize) -> bool {
        match self.byte(at) {
            Some(b'/') => matches!(self.byte(at + 1), Some(b'/' | b'*')),
            // `#` alone: `#ffffff` and `#user` are values that lack their quotes.
            Some(b'#') => matches!(self.byte(at + 1), None | Some(b' ' | b'\t' | b'\n' | b'\r' | b'#')),
            Some(b'<') => self.starts_with(at, "<!--"),
            _ => false,
        }
    }

    /// Where a comment ends that begins here. One that is never closed runs to the end of the text.
    fn comment_end(&self, at: usize) -> Option<usize> {
        if !self.is_comment(at) {
            return None;
        }
        let closing = match self.byte(at + 1) {
            Some(b'*') => "*/",
            Some(b'!') => "-->",
            _ => "",
        };
        let mut end = at + 2;
        loop {
            match self.byte(end) {
                None => return Some(self.text.len()),
                Some(b'\n' | b'\r') if closing.is_empty() => return Some(end),
                Some(_) if !closing.is_empty() && self.starts_with(end, closing) => {
                    return Some(end + closing.len());
                }
                Some(_) => end += 1,
            }
        }
    }

    /// Where an ellipsis ends that begins here, with the words that belong to it: `... more items ...`.
    pub(super) fn ellipsis_end(&self, at: usize) -> Option<usize> {
        let end = self.dots_end(at)?;
        if self.byte(self.past_blanks(end).0).is_some_and(|byte| byte.is_ascii_digit() || byte == b'-') {
            return Some(end);
        }
        let mut words = end;
        loop {
            match self.byte(words) {
                None | Some(b',' | b';' | b'}' | b']' | b'\n' | b'\r') => return Some(words),
                Some(b':' | b'"' | b'\'' | b'{' | b'[') => return Some(end),
                // The next ellipsis ends the search: if not for this one, it is looked for again from there.
                Some(b'.' | 0xE2) if let Some(closing) = self.dots_end(words) => {
                    let (behind, broken) = self.past_blanks(closing);
                    let ended = broken || matches!(self.byte(behind), None | Some(b',' | b';' | b'}' | b']'));
                    return Some(if ended { closing } else { end });
                }
                Some(_) => words += 1,
            }
        }
    }

    /// Where three dots or more end that begin here, or `…`.
    fn dots_end(&self, at: usize) -> Option<usize> {
        let mut end = at;
        while self.byte(end) == Some(b'.') || self.starts_with(end, "…") {
            end += if self.byte(end) == Some(b'.') { 1 } else { "…".len() };
        }
        (end - at >= "…".len()).then_some(end)
    }
}

fn is_odd_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

/// Whether a comment stands for elements or members that were left out.
pub(super) fn says_more(comment: &str) -> bool {
    let frame: &[char] = &['/', '*', '#', '<', '!', '-', '>', ' ', '\t', '\r', '\n', '(', ')', '[', ']'];
    let words = comment.trim_matches(frame);
    let dots = |text: &str| text.starts_with("...") || text.starts_with('…');
    if dots(words) || words.ends_with("...") || words.ends_with('…') {
        return true;
    }
    let elision = |word: Option<&str>| {
        word.is_some_and(|word| ELISIONS.iter().any(|elision| word.eq_ignore_ascii_case(elision)))
    };
    elision(words.split_whitespace().next()) || elision(words.split_whitespace().last())
}
