//! What of a block is shown: without what stands before a message or an answer.

use crate::docs::inline;
use crate::docs::markdown::place;
use crate::docs::shell::{self, Shown};
use std::borrow::Cow;
use std::ops::Range;

/// The comment that code begins with which stands at this place of a page, where it says which answer it is.
pub(super) fn comment(page: &str, start: usize) -> Option<&str> {
    let lines = page.get(start..)?.lines().map(|line| line.trim_start_matches(['>', ' ', '\t']));
    let first = lines.take(2).find(|line| !line.is_empty())?;
    let is_comment = ["//", "#", "<!--"].iter().any(|mark| first.starts_with(mark));
    (is_comment && (shell::status(first).is_some() || shell::says_further(first))).then_some(first)
}

/// The request line that a comment above an answer consists of; so many lines stand above the answer.
pub(super) fn commented_request(text: &str, above: u32) -> Option<String> {
    let lines = text.lines().take(usize::try_from(above).unwrap_or(usize::MAX)).map(str::trim);
    let mut said = lines.filter_map(|line| line.strip_prefix("//").or_else(|| line.strip_prefix('#')));
    said.find_map(inline::request_alone)
}

/// The text before an answer that says but that its body follows, with the paragraph before it where that names its
/// status: `Response code: 404`.
pub(super) fn with_status<'a>(page: &'a str, before: Range<usize>, paragraph: &'a str) -> &'a str {
    /// Words of a paragraph that but names a status.
    const FEW: usize = 8;
    let joined = || {
        let end = place(paragraph, page)?;
        let above = page.get(before.start..end.start)?.trim_end();
        let start = before.start + above.rfind("\n\n").map_or(0, |at| at + 2);
        let last = page.get(start..end.start)?;
        let is_status = !last.trim_start().starts_with(['`', '~'])
            && last.split_whitespace().count() <= FEW
            && shell::status(last).is_some();
        is_status.then(|| page.get(start..end.end))?
    };
    let is_body = shell::names_body(paragraph, None) && shell::status(paragraph).is_none();
    is_body.then(joined).flatten().unwrap_or(paragraph)
}

/// What a tab is called that a paragraph ends with, as in `<TabItem value="404" label="Not Found (404)">`; else the
/// paragraph.
pub(super) fn label_of_tab(paragraph: &str) -> &str {
    let Some(tag) = paragraph.trim_end().strip_suffix('>').and_then(|text| text.rsplit('<').next()) else {
        return paragraph;
    };
    let is_tab = tag
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .is_some_and(|name| name.starts_with(|c: char| c.is_ascii_uppercase()) && name.contains("Tab"));
    let value = |key: &str| tag.split_once(key)?.1.split('"').next();
    let label = || value(" label=\"").or_else(|| value(" title=\"")).or_else(|| value(" value=\""));
    if is_tab { label().unwrap_or(paragraph) } else { paragraph }
}

/// The text behind so many bytes.
pub(super) fn behind(text: Cow<'_, str>, passed: usize) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(passed..).unwrap_or_default()),
        Cow::Owned(text) => Cow::Owned(text.get(passed..).unwrap_or_default().to_owned()),
    }
}

/// What a command shows, without what is no part of the answer.
pub(super) fn cleaned(shown: Shown) -> Option<Shown> {
    let Shown::Output { text, line } = shown else { return Some(shown) };
    let (answer, above) = shell::as_shown(&text)?;
    Some(Shown::Output { text: answer, line: line + above })
}
