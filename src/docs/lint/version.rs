//! The version of the API in an example's URL against that of its page.

use crate::contract::url::DocumentedUrl;
use crate::docs::Documented;
use crate::docs::notes::Notes;
use crate::finding::Code;
use std::collections::BTreeSet;

pub(super) fn check(root: &str, file: &str, pairs: &[Documented], notes: &mut Notes) {
    let mut folders = file.split('/').rev().skip(1).chain([root]);
    let Some(page) = folders.find(|folder| is_version(folder)) else { return };
    let mut seen = BTreeSet::new();
    for Documented { contract, written } in pairs {
        let path = DocumentedUrl::new(&contract.request.url).path;
        let Some(first) = path.split('/').find(|segment| !segment.is_empty()) else { continue };
        if is_version(first) && !first.eq_ignore_ascii_case(page) && seen.insert(written.request_line) {
            let detail = format!("{first}, and the page is of {page}");
            notes.add(Code::VersionMismatch, written.request_line, detail);
        }
    }
}

/// `v1`, `v1.0`, `V2`, `beta`.
pub(super) fn is_version(segment: &str) -> bool {
    let figure = segment.strip_prefix(['v', 'V']).unwrap_or_default();
    segment.eq_ignore_ascii_case("beta")
        || (figure.starts_with(|c: char| c.is_ascii_digit())
            && figure.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}
