//! The first look at a page: most pages of a reference hold no message, and to find that out must cost next to nothing.

use super::http_text::{NEAR, Start, may_be_hidden, start_of};
use memchr::memmem::Finder;
use std::sync::LazyLock;

static BACKTICKS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("```"));
static TILDES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("~~~"));
static HTTP: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("HTTP/"));
static BLOCK_TYPE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("blockType"));

/// Whether a page may hold a request or a response: it has an annotation that speaks of either, be it of no fence, or
/// a fence that begins with either or may hide one. False only where a thorough look would find nothing.
pub(super) fn may_hold_messages(text: &str) -> bool {
    let bytes = text.as_bytes();
    if BLOCK_TYPE.find_iter(bytes).any(|at| !is_apart(text.get(at + 9..).unwrap_or_default())) {
        return true;
    }
    [&BACKTICKS, &TILDES].into_iter().any(|finder| {
        finder.find(bytes).is_some() && (HTTP.find(bytes).is_some() || begins_a_message(text, finder))
    })
}

/// Whether what stands behind `blockType` names a block that is no half of a pair.
fn is_apart(behind: &str) -> bool {
    let value = behind.trim_start_matches(['"', ':', ' ', '\t']);
    ["ignored\"", "resource\"", "example\"", "samples\"", "simulatedResponse\""]
        .iter()
        .any(|name| value.starts_with(name))
}

/// Whether the first line of text behind a mark's line is the first one of a message, or one near it looks like one.
fn begins_a_message(text: &str, mark: &Finder) -> bool {
    let mut rest = text;
    while let Some(found) = mark.find(rest.as_bytes()) {
        let marked = rest.get(found..).unwrap_or_default();
        let Some((_, fenced)) = marked.split_once(['\n', '\r']) else { return false };
        let lines = fenced
            .split(['\n', '\r'])
            .map(|line| line.trim_start_matches(|c: char| c.is_whitespace() || c == '>'));
        let mut near = lines.filter(|line| !line.is_empty()).take(NEAR);
        if near.any(|line| start_of(line) != Start::Other || may_be_hidden(line)) {
            return true;
        }
        rest = fenced;
    }
    false
}
