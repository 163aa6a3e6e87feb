//! What stands without quotes where JSON wants them: names, dates, figures, words and placeholders.

use super::reader::{Reader, Step};
use super::string::Role;
use super::{RepairRule, literal};

impl Reader<'_> {
    /// Where the name ends that stands here without its quotes, or without the first of them.
    pub(super) fn key(&self, at: usize) -> Option<usize> {
        let mut end = at;
        while self.byte(end).is_some_and(in_key) && self.quote(end).is_none() && self.odd_blank(end) == 0 {
            end += 1;
        }
        let behind = end + self.quote(end).map_or(0, char::len_utf8);
        (end > at && self.byte(self.past_blanks(behind).0) == Some(b':')).then_some(end)
    }

    pub(super) fn unquoted_key(&mut self, end: usize) {
        let start = self.at;
        let plain =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'@' | b'.' | b'-');
        let rule = match self.text.get(start..end) {
            _ if self.quote(end).is_some() => RepairRule::UnclosedQuote,
            Some(name) if name.bytes().all(plain) => RepairRule::UnquotedKey,
            _ => RepairRule::BareWord,
        };
        self.wrap(end, rule);
        if let Some(quote) = self.quote(end) {
            self.edits.push(end, end + quote.len_utf8(), "");
            self.at += quote.len_utf8();
        }
    }

    /// Puts quotes around what stands here.
    pub(super) fn wrap(&mut self, end: usize, rule: RepairRule) {
        self.repair(rule, self.at);
        self.edits.push(self.at, self.at, "\"");
        self.contents(self.at, end, '\0');
        self.edits.push(end, end, "\"");
        self.at = end;
    }

    /// A value that no quote, brace or bracket begins.
    pub(super) fn bare(&mut self) {
        let start = self.at;
        let end = self.token_end(start);
        let token = self.text.get(start..end).unwrap_or_default();
        if matches!(token, "true" | "false" | "null") {
            self.at = end;
        } else if let Some(number) = literal::Number::of(token)
            && (number.is_json() || !self.groups_digits(start))
        {
            self.number(&number, end);
        } else if let Some(end) = self.time_end(token, end) {
            self.wrap(end, RepairRule::BareLiteral);
        } else {
            self.words();
        }
    }

    /// Whether what stands here may be the end of a figure such as `1,000`.
    fn groups_digits(&self, start: usize) -> bool {
        let before = |back: usize| start.checked_sub(back).and_then(|at| self.byte(at));
        before(1) == Some(b',') && before(2).is_some_and(|byte| byte.is_ascii_digit())
    }

    fn number(&mut self, number: &literal::Number, end: usize) {
        let start = self.at;
        if !number.is_json() {
            self.repair(RepairRule::BareLiteral, start);
            number
                .edits()
                .for_each(|(at, length, with)| self.edits.push(start + at, start + at + length, with));
        }
        self.at = end;
    }

    /// Where a date or a time ends whose first part is this token.
    fn time_end(&self, token: &str, end: usize) -> Option<usize> {
        if literal::is_date(token) && self.byte(end) == Some(b' ') {
            let behind = self.token_end(end + 1);
            if self.text.get(end + 1..behind).is_some_and(literal::is_time) {
                return Some(behind);
            }
        }
        (literal::is_date(token) || literal::is_time(token) || literal::is_date_time(token)).then_some(end)
    }

    /// The end of what holds together without a blank. An ellipsis behind an element is not part of it; behind a
    /// member's value it is: `12...` is hardly 12, and then more members.
    fn token_end(&self, start: usize) -> usize {
        let mut end = start;
        while let Some(byte) = self.byte(end) {
            let over = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b';' | b'{' | b'}' | b'[' | b']')
                || self.odd_blank(end) > 0
                || self.quote(end).is_some()
                || byte == b'/' && self.is_comment(end);
            if over {
                break;
            }
            end += 1;
        }
        if self.in_object() {
            return end;
        }
        let token = self.text.get(start..end).unwrap_or_default();
        let bare =
            if token.ends_with("...") { token.trim_end_matches('.') } else { token.trim_end_matches('…') };
        if bare.is_empty() { end } else { start + bare.len() }
    }

    /// Words, up to what ends a value on this line.
    fn words(&mut self) {
        let start = self.at;
        let mut end = start;
        loop {
            match self.byte(end) {
                None | Some(b',' | b';' | b'}' | b'[' | b']' | b'\n' | b'\r') => break,
                Some(b'{') => match self.placeholder(end) {
                    Some(behind) => end = behind,
                    None => break,
                },
                Some(b' ' | b'\t') if self.is_comment(end + 1) || self.ellipsis_end(end + 1).is_some() => {
                    break;
                }
                Some(b'\'') => end += 1,
                Some(_) if end > start && self.quote(end).is_some() => break,
                Some(_) => end += 1,
            }
        }
        let closing = self.quote(end).map_or(0, char::len_utf8);
        if closing > 0 && self.likely_ends(end + closing, Role::Value) {
            self.wrap(end, RepairRule::UnclosedQuote);
            self.edits.push(end, end + closing, "");
            self.at = end + closing;
            return;
        }
        let end = self.without_blanks(start, end).max(start + 1);
        let words = self.text.get(start..end).unwrap_or_default();
        if let Some(meant) = literal::meant(words) {
            self.repair(RepairRule::BareWord, start);
            self.edits.push(start, end, meant);
            self.at = end;
        } else if words.starts_with('<') && words.ends_with('>') {
            self.wrap(end, RepairRule::Placeholder);
        } else {
            self.wrap(end, RepairRule::BareWord);
        }
    }

    /// Where a placeholder such as `{id}`, `{{id}}` or `{the user's id}` ends that begins here.
    pub(super) fn placeholder(&self, at: usize) -> Option<usize> {
        let braces = if self.byte(at + 1) == Some(b'{') { 2 } else { 1 };
        let inside = at + braces;
        let mut end = inside;
        while let Some(byte) = self.byte(end) {
            match byte {
                b'}' => break,
                b'{' | b'[' | b']' | b'"' | b':' | b',' | b'\n' | b'\r' => return None,
                _ => end += 1,
            }
        }
        let words = self.text.get(inside..end)?.trim();
        let quoted = self.quote(self.past_blanks(inside).0).is_some();
        let marked =
            words.starts_with(['.', '…', '/', '#']) || !words.contains(char::is_alphanumeric) || quoted;
        (!marked && self.starts_with(end, ["}", "}}"].get(braces - 1)?)).then_some(end + braces)
    }

    /// Words where no words are: taken out, up to where JSON may go on.
    pub(super) fn prose(&mut self, rule: RepairRule) -> Step {
        let start = self.at;
        let first = self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        let end = if rule == RepairRule::ProseBeforeKey {
            self.prose_before_key(start, start + first)
        } else {
            self.prose_after_value(start + first)
        };
        let words = self.text.get(start..end).unwrap_or_default().trim_end();
        if rule == RepairRule::ProseBeforeKey && (words.ends_with("...") || words.ends_with('…')) {
            self.repair(RepairRule::Ellipsis, start);
            self.elide();
        } else {
            self.repair(rule, start);
        }
        self.edits.push(start, end, "");
        self.at = end;
        Step::Next
    }

    /// Up to a quote or a bracket on this line, or to the word before a colon.
    fn prose_before_key(&self, start: usize, from: usize) -> usize {
        let (mut end, mut word) = (from, start);
        loop {
            match self.byte(end) {
                None | Some(b'{' | b'}' | b'[' | b']' | b'\n' | b'\r') => return end,
                Some(b':') => return if word > start { word } else { end },
                Some(b' ' | b'\t') if self.is_comment(end + 1) => return end,
                Some(b' ' | b'\t') => {
                    end += 1;
                    if !matches!(self.byte(end), Some(b' ' | b'\t' | b':')) {
                        word = end;
                    }
                }
                Some(b'\'') => end += 1,
                Some(_) if self.quote(end).is_some() => return end,
                Some(_) => end += 1,
            }
        }
    }

    /// Up to the comma or the closer, or the end of the line; in an array also to the next string.
    fn prose_after_value(&self, from: usize) -> usize {
        let mut end = from;
        loop {
            match self.byte(end) {
                None | Some(b',' | b';' | b'}' | b']' | b'\n' | b'\r') => return end,
                Some(b' ' | b'\t') if self.is_comment(end + 1) => return end,
                Some(_) if !self.in_object() && self.quote(end).is_some() => return end,
                Some(_) => end += 1,
            }
        }
    }
}

/// What a name without quotes may hold.
fn in_key(byte: u8) -> bool {
    byte > b' ' && !matches!(byte, b',' | b':' | b'{' | b'}' | b'[' | b']' | b';' | 0x7F)
}
