//! Fences without a language, of which one was never closed: by the letter every end behind it is an opening, and every
//! opening an end, so that what was code is text as far as the page goes.

use super::Lines;
use super::container::unindented;
use super::fence::{Opening, opening};
use crate::docs::http_text::{Start, start_of};

/// Whether a page leaves a fence open; looked up once, and only where a line is met that may be either.
#[derive(Debug, Default)]
pub(super) struct Balance(Option<bool>);

impl Balance {
    /// Whether a line that ends a fence rather opens one: a message stands right behind it, and of the fences of the
    /// page one is left open if it is an end, and none if it is an opening. Of a page in which all are closed nothing is
    /// read otherwise.
    pub(super) fn is_rather_an_opening<'t>(
        &mut self,
        text: &'t str,
        behind: &Lines<'t>,
        open: &Opening<'t>,
        body: &'t str,
    ) -> bool {
        let next = next(text, &mut behind.clone()).unwrap_or_default();
        if !(next.starts_with('{') || start_of(next) != Start::Other) {
            return false;
        }
        let is = *self.0.get_or_insert_with(|| {
            let leaves_open = |mut state: Option<Opening<'t>>| {
                let mut lines = behind.clone();
                while let Some(body) = self::next(text, &mut lines) {
                    let Some(found) = opening(body) else { continue };
                    state = match state {
                        Some(open) if found.mark != open.mark => Some(open),
                        Some(open) if found.has_language() => {
                            Some(if found.length >= open.length { found } else { open })
                        }
                        Some(open) => (!open.is_ended_by(body)).then_some(open),
                        None => Some(found),
                    };
                }
                state.is_some()
            };
            leaves_open(None) && !leaves_open(opening(body).or(Some(*open)))
        });
        if is {
            self.0 = Some(false);
        }
        is
    }
}

/// The next line, without the blanks before its text.
fn next<'t>(text: &'t str, lines: &mut Lines<'t>) -> Option<&'t str> {
    lines.next().and_then(|line| text.get(line)).map(unindented)
}
