//! Where containers end: at their closer, at a wrong one, at one that belongs further out, or with the text.

use super::RepairRule;
use super::reader::{Reader, Shape, Step, Within};

impl Shape {
    fn closer(self) -> (u8, &'static str) {
        match self {
            Self::Array => (b']', "]"),
            Self::Object => (b'}', "}"),
        }
    }
}

impl Reader<'_> {
    /// The innermost container ends here.
    fn leave(&mut self) -> Step {
        let left = self.open.pop();
        self.objects -= usize::from(left.is_some_and(|open| open.shape == Shape::Object));
        self.finish()
    }

    /// A closer, right or wrong.
    pub(super) fn close(&mut self, closer: u8) -> Step {
        let Some(shape) = self.open.last().map(|open| open.shape) else { return Step::Done };
        let (right, with) = shape.closer();
        self.drop_comma();
        if closer == right {
            self.at += 1;
            return self.leave();
        }
        // Both a wrong and a missing closer look like this. As many closers as are needed from here on, were this
        // one counted as the wrong one: then it is. Else one is missing, if what this one closes is open at all.
        let enough = self.balance.behind(self.text, self.at + 1) + 1 >= self.open.len();
        let arrays = self.open.len() - self.objects;
        let elsewhere = if closer == b'}' { self.objects > 0 } else { arrays > 0 };
        if enough || !elsewhere {
            self.edits.push(self.at, self.at + 1, with);
            self.repair(RepairRule::WrongCloser, self.at);
            self.at += 1;
        } else {
            self.edits.push(self.at, self.at, with);
            self.repair(RepairRule::MissingCloser, self.at);
        }
        self.leave()
    }

    /// Takes out the comma that nothing followed.
    fn drop_comma(&mut self) {
        if let Some(comma) = self.comma.take() {
            self.edits.insert(comma, 1, "");
            if !self.ellipsis {
                self.repair(RepairRule::TrailingComma, comma.at());
            }
        }
    }

    /// The text ends, containers do not.
    pub(super) fn end_early(&mut self) -> Step {
        self.drop_comma();
        if let Some(open) = self.open.last() {
            self.edits.push(self.at, self.at, open.shape.closer().1);
            self.repair(RepairRule::MissingCloser, self.at);
        }
        self.leave()
    }

    /// What follows the outermost container.
    pub(super) fn rest(&mut self) {
        self.blanks(Within::Tokens);
        if self.at < self.text.len() {
            self.repair(RepairRule::TrailingText, self.at);
            self.edits.push(self.at, self.text.len(), "");
            self.at = self.text.len();
        }
    }
}

/// How many closers more than openers a text has from some place on, strings and all: an estimate.
#[derive(Default)]
pub(super) struct Balance {
    counted: Option<(usize, isize)>,
}

impl Balance {
    /// Counts on from where it was asked last, so that all askings together read the text twice at most.
    fn behind(&mut self, text: &str, at: usize) -> usize {
        let weigh = |piece: &str| {
            let weight = |byte: u8| match byte {
                b'}' | b']' => 1,
                b'{' | b'[' => -1,
                _ => 0,
            };
            piece.bytes().map(weight).sum::<isize>()
        };
        let (from, rest) = self.counted.unwrap_or_else(|| (0, weigh(text)));
        let rest = rest - weigh(text.get(from..at).unwrap_or_default());
        self.counted = Some((at, rest));
        usize::try_from(rest).unwrap_or_default()
    }
}
