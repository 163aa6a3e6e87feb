//! The structure: containers, members, commas, colons and closers, and what is missing or too much of them.
//!
//! It walks the text once and notes edits; whether they make JSON of it is for the strict reader to say. Every
//! look ahead is bounded by what is then consumed, or its outcome is remembered, so that the work is linear in
//! the text whatever the text is.

use super::closers::Balance;
use super::edits::{Edits, Mark};
use super::string::{Ahead, Role};
use super::{Budget, JsonError, JsonErrorKind, Repair, RepairRule};

/// What the reader found.
pub(super) struct Mended {
    pub(super) edits: Edits,
    pub(super) repairs: Vec<Repair>,
    /// Where the containers begin that hold an ellipsis, in order.
    pub(super) elided: Vec<usize>,
}

/// Reads an array or an object and notes what would make it JSON. None where it is not JSON at all.
pub(super) fn mend(text: &str, budget: &Budget) -> Result<Option<Mended>, JsonError> {
    let mut reader = Reader::new(text, budget);
    reader.blanks(Within::Tokens);
    if !matches!(reader.byte(reader.at), Some(b'{' | b'[')) {
        return Ok(None);
    }
    reader.read()?;
    Ok(reader.into_mended())
}

/// What comes next: of a container, or of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// An element or a member, a comma, or the closer.
    Next,
    /// A value, whose name is read or whose place in an array is.
    Value,
    /// Nothing: the outermost container is closed.
    Done,
}

/// Between which tokens blanks and comments are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// Around elements or members, where an ellipsis stands for more of them.
    Container,
    /// Elsewhere.
    Tokens,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Array,
    Object,
}

/// A container that is not closed yet.
#[derive(Clone, Copy)]
pub(super) struct Open {
    pub(super) start: usize,
    pub(super) shape: Shape,
    /// Whether it has an element or a member already.
    filled: bool,
}

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) edits: Edits,
    pub(super) open: Vec<Open>,
    pub(super) elided: Vec<usize>,
    /// How far a search for the likely end of a string is known to find none, by what the string is read as.
    pub(super) barren: [usize; 2],
    /// What the last search for a closing quote found, by the kind of quote.
    pub(super) quotes: [Ahead; 3],
    /// Whether an ellipsis was read since the last comma, value or opener: it has its comma with it.
    pub(super) ellipsis: bool,
    /// Whether anything was read that only JSON has: a string, or a member's name.
    pub(super) solid: bool,
    repairs: Vec<Repair>,
    /// How many elements and members were read.
    begun: usize,
    budget: &'a Budget,
    /// Where the last value ended.
    end: Mark,
    /// A comma that is kept if something follows it in its container.
    pub(super) comma: Option<Mark>,
    /// How many of the open containers are objects.
    pub(super) objects: usize,
    pub(super) balance: Balance,
    #[cfg(test)]
    pub(super) steps: std::cell::Cell<usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, budget: &'a Budget) -> Reader<'a> {
        Reader {
            text,
            at: 0,
            edits: Edits::new(budget.nodes),
            open: Vec::new(),
            elided: Vec::new(),
            barren: [0; 2],
            quotes: Default::default(),
            ellipsis: false,
            solid: false,
            repairs: Vec::new(),
            begun: 0,
            budget,
            end: Mark::default(),
            comma: None,
            objects: 0,
            balance: Balance::default(),
            #[cfg(test)]
            steps: std::cell::Cell::new(0),
        }
    }

    /// From the first bracket to the end of the text.
    pub(super) fn read(&mut self) -> Result<(), JsonError> {
        let mut step = Step::Value;
        while step != Step::Done {
            step = match step {
                Step::Value => self.value()?,
                _ => self.next(),
            };
            if self.edits.are_too_many() {
                return Err(JsonError { kind: JsonErrorKind::TooManyRepairs, at: self.at });
            }
        }
        self.rest();
        Ok(())
    }

    /// None for what is text in brackets (`[raw data goes here]`), and for code, which is more guessed at than read.
    fn into_mended(mut self) -> Option<Mended> {
        let foreign = self.repairs.iter().filter(|repair| is_foreign(repair.rule)).count();
        if foreign > self.begun || foreign > 0 && !self.solid {
            return None;
        }
        self.repairs.sort_by_key(|repair| repair.at);
        self.elided.sort_unstable();
        self.elided.dedup();
        Some(Mended { edits: self.edits, repairs: self.repairs, elided: self.elided })
    }

    /// Every look at the text goes through here, so that the tests can count them.
    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        #[cfg(test)]
        self.steps.set(self.steps.get() + 1);
        self.text.as_bytes().get(at).copied()
    }

    pub(super) fn starts_with(&self, at: usize, what: &str) -> bool {
        self.text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(what.as_bytes()))
    }

    /// Notes what was wrong. It goes with edits, and their limit limits it.
    pub(super) fn repair(&mut self, rule: RepairRule, at: usize) {
        if !self.edits.are_too_many() {
            self.repairs.push(Repair { rule, at });
        }
    }

    pub(super) fn in_object(&self) -> bool {
        self.open.last().is_some_and(|open| open.shape == Shape::Object)
    }

    /// An element or a member, a comma, or the closer.
    fn next(&mut self) -> Step {
        let broken = self.blanks(Within::Container);
        match self.byte(self.at) {
            None => self.end_early(),
            Some(closer @ (b']' | b'}')) => self.close(closer),
            Some(separator @ (b',' | b';')) => self.separator(separator),
            Some(_) if self.after_value() && !broken && !self.begins_anew(self.at) => {
                self.prose(RepairRule::ProseAfterValue)
            }
            Some(_) if self.in_object() => self.member(),
            Some(_) => {
                self.begin();
                Step::Value
            }
        }
    }

    /// Whether the last value is still without its comma.
    fn after_value(&self) -> bool {
        self.comma.is_none() && self.open.last().is_some_and(|open| open.filled)
    }

    /// Whether what stands there, on the line of the last value, can only be another element or member whose comma is
    /// missing. Figures are not: `1 000` may be one.
    pub(super) fn begins_anew(&self, at: usize) -> bool {
        let quoted = self.quote(at).is_some();
        if self.in_object() {
            quoted || self.key(at).is_some()
        } else {
            quoted || matches!(self.byte(at), Some(b'{' | b'['))
        }
    }

    /// An element or a member begins here.
    fn begin(&mut self) {
        if self.after_value() {
            self.edits.insert(self.end, 0, ",");
            self.repair(RepairRule::MissingComma, self.end.at());
        }
        if let Some(comma) = self.comma.take()
            && self.byte(comma.at()) == Some(b';')
        {
            self.edits.insert(comma, 1, ",");
        }
        self.ellipsis = false;
        self.begun += 1;
        if let Some(open) = self.open.last_mut() {
            open.filled = true;
        }
    }

    /// A value ended here.
    pub(super) fn finish(&mut self) -> Step {
        self.end = self.edits.mark(self.at);
        self.comma = None;
        self.ellipsis = false;
        if self.open.is_empty() { Step::Done } else { Step::Next }
    }

    fn separator(&mut self, separator: u8) -> Step {
        if separator == b';' {
            self.repair(RepairRule::Semicolon, self.at);
        }
        if self.after_value() {
            self.comma = Some(self.edits.mark(self.at));
            self.ellipsis = false;
        } else {
            self.edits.push(self.at, self.at + 1, "");
            if !self.ellipsis {
                self.repair(RepairRule::ExtraComma, self.at);
            }
        }
        self.at += 1;
        Step::Next
    }

    fn member(&mut self) -> Step {
        if self.quote(self.at).is_some() {
            self.begin();
            self.string(Role::Name);
            return self.colon();
        }
        if let Some(end) = self.key(self.at) {
            self.begin();
            self.unquoted_key(end);
            return self.colon();
        }
        match self.byte(self.at) {
            Some(b'{' | b'[') => {
                self.begin();
                self.edits.push(self.at, self.at, "\"\":");
                self.repair(RepairRule::ValueWithoutKey, self.at);
                Step::Value
            }
            Some(b':') => {
                self.begin();
                self.edits.push(self.at, self.at, "\"\"");
                self.repair(RepairRule::ValueWithoutKey, self.at);
                self.colon()
            }
            _ => self.prose(RepairRule::ProseBeforeKey),
        }
    }

    /// From a member's name to its value.
    fn colon(&mut self) -> Step {
        let name = self.edits.mark(self.at);
        let broken = self.blanks(Within::Tokens);
        match self.byte(self.at) {
            Some(b':') => {
                self.solid = true;
                self.at += 1;
                Step::Value
            }
            Some(b'=') => {
                let length = if self.byte(self.at + 1) == Some(b'>') { 2 } else { 1 };
                self.edits.push(self.at, self.at + length, ":");
                self.repair(RepairRule::WrongColon, self.at);
                self.at += length;
                Step::Value
            }
            None | Some(b',' | b';' | b'}' | b']') => self.valueless(name),
            Some(next) if broken && !matches!(next, b'{' | b'[') => self.valueless(name),
            Some(_) => {
                self.edits.insert(name, 0, ":");
                self.repair(RepairRule::WrongColon, name.at());
                Step::Value
            }
        }
    }

    fn valueless(&mut self, name: Mark) -> Step {
        self.edits.insert(name, 0, ":null");
        self.repair(RepairRule::MemberWithoutValue, name.at());
        self.finish()
    }

    fn value(&mut self) -> Result<Step, JsonError> {
        self.blanks(Within::Tokens);
        let start = self.at;
        if self.quote(start).is_some() {
            self.string(Role::Value);
            return Ok(self.finish());
        }
        match self.byte(start) {
            Some(b'{') => match self.placeholder(start) {
                Some(end) if !self.open.is_empty() => self.wrap(end, RepairRule::Placeholder),
                _ => return self.enter(Shape::Object),
            },
            Some(b'[') => return self.enter(Shape::Array),
            Some(b':') => {
                self.edits.push(start, start + 1, "");
                self.repair(RepairRule::WrongColon, start);
                self.at += 1;
                return Ok(Step::Value);
            }
            None | Some(b',' | b';' | b'}' | b']') => {
                self.edits.push(start, start, "null");
                self.repair(RepairRule::MemberWithoutValue, start);
            }
            Some(_) => match self.ellipsis_end(start) {
                Some(end) => {
                    self.edits.push(start, end, "null");
                    self.repair(RepairRule::MemberWithoutValue, start);
                    self.at = end;
                }
                None => self.bare(),
            },
        }
        Ok(self.finish())
    }

    fn enter(&mut self, shape: Shape) -> Result<Step, JsonError> {
        if self.open.len() + 1 >= self.budget.depth {
            return Err(JsonError { kind: JsonErrorKind::TooDeep, at: self.at });
        }
        self.open.push(Open { start: self.at, shape, filled: false });
        self.objects += usize::from(shape == Shape::Object);
        self.at += 1;
        self.comma = None;
        self.ellipsis = false;
        Ok(Step::Next)
    }
}

/// Whether it takes something for JSON that may be another language altogether.
fn is_foreign(rule: RepairRule) -> bool {
    matches!(
        rule,
        RepairRule::BareWord
            | RepairRule::Placeholder
            | RepairRule::ProseBeforeKey
            | RepairRule::ProseAfterValue
            | RepairRule::ValueWithoutKey
            | RepairRule::MemberWithoutValue
    )
}
