//! Headings: a line that is marked as one, or underlined.

/// Level and text of an ATX heading.
pub(super) fn heading(body: &str) -> Option<(u8, &str)> {
    let text = body.trim_start_matches('#');
    let level = u8::try_from(body.len() - text.len()).ok().filter(|level| (1..=6).contains(level))?;
    if !text.is_empty() && !text.starts_with([' ', '\t']) {
        return None;
    }
    let text = text.trim();
    let bare = text.trim_end_matches('#');
    let closed = bare.is_empty() || bare.ends_with([' ', '\t']);
    Some((level, if closed { bare.trim_end() } else { text }))
}

/// The level of a heading whose underline this is.
pub(super) fn underline(body: &str) -> Option<u8> {
    let body = body.trim_end();
    let all = |mark: u8| !body.is_empty() && body.bytes().all(|byte| byte == mark);
    if all(b'=') { Some(1) } else { all(b'-').then_some(2) }
}

/// Whether a heading is a tab of a tab group: `# [HTTP](#tab/http)`, with an anchor before it on pages that were
/// translated.
pub(in crate::docs) fn is_tab(heading: &str) -> bool {
    let names_tab = |at: usize| {
        heading
            .split_at_checked(at)
            .is_some_and(|(before, behind)| before.ends_with("](") && behind.starts_with("#tab/"))
    };
    heading.starts_with(['[', '<']) && memchr::memchr_iter(b'#', heading.as_bytes()).any(names_tab)
}
