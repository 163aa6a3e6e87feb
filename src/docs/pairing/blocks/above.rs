//! What the text before a block names: the request that it may belong to.

use super::Collector;
use crate::docs::inline;
use crate::docs::markdown::Fence;
use crate::docs::shell;
use std::ops::Range;
use std::rc::Rc;

/// The headings that a place stands below, each with where its section begins, as long as that shows no request.
#[derive(Default)]
pub(super) struct Above(Vec<(u8, Option<usize>)>);

impl Above {
    /// A heading of this level stands here.
    pub(super) fn heading(&mut self, level: u8, start: usize) {
        while self.0.pop_if(|(own, _)| *own >= level).is_some() {}
        self.0.push((level, Some(start)));
    }

    /// A request is shown: what stands behind it is its answer, if anybody's.
    pub(super) fn shows_request(&mut self) {
        for (_, start) in &mut self.0 {
            *start = None;
        }
    }

    /// Where the section begins that the last heading stands in.
    fn start(&mut self) -> Option<&mut Option<usize>> {
        let parent = self.0.len().checked_sub(2)?;
        self.0.get_mut(parent).map(|(_, start)| start)
    }
}

impl<'a> Collector<'a, '_, '_> {
    /// Takes down the request line in the text before a block.
    pub(super) fn name(&mut self, before: Range<usize>) {
        if let Some(said) = self.page.get(before).and_then(inline::request_said) {
            self.named = Some(Rc::from(said)).filter(|_| !self.templates.are_here());
        }
    }

    /// The request that the text above the heading of what is said to be its answer names, once.
    pub(super) fn said_above(&mut self, title: &str, paragraph: &str, fence: &Fence<'a>) -> Option<String> {
        let is_said = !title.is_empty()
            && [title, paragraph].iter().any(|label| shell::says_answer(label) || shell::says_sent(label));
        let start = self.above.start().filter(|_| is_said)?;
        let here = fence.place(self.page)?.start;
        let said = inline::request_said(self.page.get((*start)?..here)?);
        // Nothing is looked at twice: many answers in one section must not cost their square.
        *start = said.is_none().then_some(here);
        said
    }
}
