//! What the text before a block names: the request that it may belong to.

use super::{Block, Collector, Role};
use crate::docs::http_text::Kind;
use crate::docs::inline;
use crate::docs::markdown::Fence;
use crate::docs::shell;
use std::ops::Range;
use std::rc::Rc;

/// The headings that a place stands below.
#[derive(Default)]
pub(super) struct Above<'a>(Vec<Heading<'a>>);

struct Heading<'a> {
    level: u8,
    title: &'a str,
    /// Where its section begins, as long as that shows no request.
    start: Option<usize>,
}

impl<'a> Above<'a> {
    /// A heading of this level stands here.
    pub(super) fn heading(&mut self, level: u8, title: &'a str, start: usize) {
        while self.0.pop_if(|heading| heading.level >= level).is_some() {}
        self.0.push(Heading { level, title, start: Some(start) });
    }

    /// A request is shown: what stands behind it is its answer, if anybody's.
    pub(super) fn shows_request(&mut self) {
        for heading in &mut self.0 {
            heading.start = None;
        }
    }

    /// Where the section begins that the last heading stands in, others of answers left out.
    fn start(&mut self) -> Option<&mut Option<usize>> {
        let mut around = self.0.iter_mut().rev().skip(1);
        around.find(|heading| !is_of_answer(heading.title)).map(|heading| &mut heading.start)
    }
}

/// Whether a heading says that an answer follows, be it by its status alone.
fn is_of_answer(title: &str) -> bool {
    shell::says_answer(title) || shell::status(title).is_some()
}

impl<'a> Collector<'a, '_, '_> {
    /// Takes down the request line in the text before a block.
    pub(super) fn name(&mut self, before: Range<usize>) {
        if let Some(said) = self.page.get(before).and_then(inline::request_said) {
            self.named = Some(Rc::from(said)).filter(|_| !self.templates.are_here());
        }
    }

    /// Whether the operation is told of whose URL ends here: that of a tag of a template is where the page shows requests in
    /// another way, too.
    pub(super) fn is_told_of(&self) -> bool {
        let before = self.page.get(..self.behind).unwrap_or_default();
        let is_tag = before.rsplit('\n').next().is_some_and(|row| row.starts_with("{%"));
        let is_request = |block: &Block| matches!(block.role, Role::Message(Kind::Request) | Role::Session);
        !is_tag || self.blocks.iter().any(is_request)
    }

    /// The request that the text above the heading of what is said to be its answer names, once.
    pub(super) fn said_above(&mut self, title: &str, paragraph: &str, fence: &Fence<'a>) -> Option<String> {
        let is_said = !title.is_empty()
            && [title, paragraph].iter().any(|label| is_of_answer(label) || shell::says_sent(label));
        let start = is_said.then(|| self.above.start())??;
        let here = fence.place(self.page)?.start;
        let said = inline::request_said(self.page.get((*start)?..here)?);
        // Nothing is looked at twice: many answers in one section must not cost their square.
        *start = said.is_none().then_some(here);
        said
    }
}
