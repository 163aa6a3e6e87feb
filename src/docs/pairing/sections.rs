//! Sections: which headings part an answer from the request above them.

use super::message::Message;
use super::{Pairing, Part};
use crate::docs::markdown::is_tab;
use crate::docs::shell::{announces, says_class, says_error, speaks_of_errors, speaks_of_requests, status};

/// Where on a page we are, and where its last request stands.
///
/// Below the heading of a request, and in a section next to it that is called after answers, stands what answers it.
/// In other sections of that level, and in those above, stands what answers somebody else.
#[derive(Default)]
pub(super) struct Sections {
    here: Heading,
    request: Heading,
    reach: Reach,
    /// The first request behind the last heading that announces no answer.
    first_group: usize,
}

/// A heading; without a level where there is none.
#[derive(Default, Clone, Copy)]
struct Heading {
    level: u8,
    /// It is one of the parts of an exchange, and not of what the service can do.
    is_of_request: bool,
}

/// Where we are, seen from the last request.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// In its section, or in that of its answer.
    #[default]
    Own,
    /// In a section beside it.
    Beside,
    /// Where it is done with.
    Left,
}

impl Sections {
    /// Takes notice of a request.
    pub(super) fn request(&mut self) {
        self.request = self.here;
        self.reach = Reach::Own;
    }

    /// Whether what stands here answers no request above.
    pub(super) fn are_others(&self) -> bool {
        self.reach != Reach::Own
    }

    /// Whether what stands here is in a section beside that of the last request.
    pub(super) fn is_beside(&self) -> bool {
        self.reach == Reach::Beside
    }

    /// Whether a heading of this level ends what belongs to the last request.
    pub(super) fn end_at(&self, level: u8) -> bool {
        let Heading { level: above, is_of_request } = self.request;
        level < above || (level == above && !is_of_request)
    }

    /// The first request that what stands here may answer, where that is not the last one.
    pub(super) fn first_group(&self) -> usize {
        self.first_group
    }

    fn heading(&mut self, level: u8, title: &str, groups: usize) {
        if !speaks_of_answers(title) {
            self.first_group = groups;
        }
        self.here = Heading { level, is_of_request: speaks_of_requests(title) };
        let Heading { level: above, is_of_request } = self.request;
        if self.reach == Reach::Left || level > above {
            return;
        }
        let is_answer = if speaks_of_errors(title) { is_of_request } else { announces(title) };
        let is_answer = is_answer || is_status(title);
        self.reach = match (level == above, is_answer) {
            (true, true) => Reach::Own,
            (true, false) => Reach::Beside,
            (false, _) => Reach::Left,
        };
    }
}

/// Whether a heading says that what is below it was answered.
fn speaks_of_answers(title: &str) -> bool {
    announces(title) || says_error(title) || says_class(title) || status(title).is_some()
}

/// Whether a heading is a status, as in `200`, `404 Not Found` and `Status 201`.
fn is_status(title: &str) -> bool {
    let mut words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_code = |word: &str| word.len() == 3 && word.parse().is_ok_and(|code| (100..600).contains(&code));
    words.next().is_some_and(is_code) || says_class(title) || status(title).is_some()
}

/// Whether a heading says that what a request sends follows, and nothing else, as `Request body` does.
fn is_body(title: &str) -> bool {
    const WORDS: [&str; 7] = ["request", "body", "payload", "example", "sample", "json", "the"];
    let is = |word: &str, known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    let mut words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.clone().any(|word| is(word, &["body", "payload"])) && words.all(|word| is(word, &WORDS))
}

impl Pairing<'_> {
    /// A heading.
    pub(super) fn heading(&mut self, level: u8, title: &str) {
        if is_tab(title) {
            // The tabs of a group are one example.
            return self.part();
        }
        if self.lacks_body() && is_body(title) {
            return;
        }
        if !speaks_of_requests(title) {
            self.ahead = None;
        }
        self.sections.heading(level, title, self.exchanges.groups.len());
        if !speaks_of_answers(title) || self.sections.are_others() {
            self.section();
        }
    }

    /// Takes down the heading that parts an answer from the request of the section beside it; not one of errors, which may
    /// be those of anything.
    pub(super) fn is_parted(&mut self, part: Part<'_>) {
        let title = part.block.title;
        let last = self.exchanges.groups.last().filter(|group| group.answers.is_empty());
        let request = last.and_then(|group| group.requests.first());
        let parts = self.sections.is_beside() && !title.is_empty() && !speaks_of_errors(title);
        if let Some(request) = request.filter(|_| parts) {
            let why = format!(
                "; the heading \u{201c}{title}\u{201d} parts it from {}: if it is the answer to that, call the heading Response",
                request.title()
            );
            self.exchanges.parted.insert(part.message.line(), why);
        }
    }

    /// What stands behind a heading answers no command before it.
    pub(super) fn section(&mut self) {
        self.part();
        let last = self.exchanges.groups.last().and_then(|group| group.requests.first());
        self.behind_barrier |= matches!(last, Some(Message::Command(..)));
    }

    /// Data behind the end of a part is nobody's answer, unless it says so by its status line.
    fn part(&mut self) {
        self.waiting.clear();
        self.is_answered = false;
        self.is_told = false;
        self.unsaid = None;
    }
}
