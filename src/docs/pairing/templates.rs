//! Sections of URL templates, and what headings say of what is below them.

use crate::docs::markdown::is_tab;

/// The words of a heading, without the marks around them.
pub(in crate::docs) fn title(heading: &str) -> &str {
    if let [first, .., last] = heading.as_bytes()
        && first.is_ascii_alphanumeric()
        && last.is_ascii_alphanumeric()
    {
        return heading;
    }
    heading.trim_matches(|c: char| !c.is_alphanumeric())
}

/// The name of the anchor that a heading begins with, as in `<a name="http-request"></a>HTTP-Anforderung`: on pages that
/// were translated it is made of the words that stood there before.
fn anchor(heading: &str) -> Option<&str> {
    heading.strip_prefix("<a name=\"")?.split('"').next()
}

/// Whether a heading speaks of an example.
pub(in crate::docs) fn announces_example(title: &str) -> bool {
    const WORD: &[u8] = b"example";
    // The second letter is the rarest.
    memchr::memchr2_iter(b'x', b'X', title.as_bytes()).any(|at| {
        let word = at.checked_sub(1).and_then(|start| title.as_bytes().get(start..start + WORD.len()));
        word.is_some_and(|word| word.eq_ignore_ascii_case(WORD))
    })
}

/// A section "HTTP request" holds URL templates, not examples. It ends with a heading that is not below its own, or that
/// announces an example.
#[derive(Default)]
pub(in crate::docs) struct Templates {
    /// The level of the section's heading, while we are in one.
    level: Option<u8>,
}

impl Templates {
    /// Takes notice of a heading.
    pub(in crate::docs) fn heading(&mut self, level: u8, text: &str) {
        if is_tab(text) {
            return;
        }
        let name = anchor(text).unwrap_or_default();
        let title = title(text);
        let is_example = announces_example(title) || title.eq_ignore_ascii_case("request");
        let is_template = title.get(..12).is_some_and(|start| start.eq_ignore_ascii_case("http request"))
            || name.starts_with("http-request");
        if is_template && !is_example {
            self.level = Some(level);
        } else if is_example || self.level.is_some_and(|above| level <= above) {
            self.level = None;
        }
    }

    /// Whether we are in such a section.
    pub(in crate::docs) fn are_here(&self) -> bool {
        self.level.is_some()
    }
}
