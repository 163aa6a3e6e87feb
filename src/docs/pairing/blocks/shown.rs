//! What of a block is shown: without what stands before a message or an answer.

use crate::docs::shell::{self, Shown};
use std::borrow::Cow;

/// The comment that code begins with which stands at this place of a page, where it says which answer it is.
pub(super) fn comment(page: &str, start: usize) -> Option<&str> {
    let lines = page.get(start..)?.lines().map(|line| line.trim_start_matches(['>', ' ', '\t']));
    let first = lines.take(2).find(|line| !line.is_empty())?;
    let is_comment = ["//", "#", "<!--"].iter().any(|mark| first.starts_with(mark));
    (is_comment && (shell::status(first).is_some() || shell::says_further(first))).then_some(first)
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
    let (answer, above) = shell::as_answer(&text)?;
    Some(Shown::Output { text: answer, line: line + above })
}
