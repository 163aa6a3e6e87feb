//! What looks like a live secret, anywhere on a page: the same is told of whoever reads it, and for whatever.

use super::notes::Notes;
use crate::finding::Code;
use crate::secret;
use crate::source::line_column;

/// A finding for each line that holds one.
pub(super) fn check(text: &str, notes: &mut Notes) {
    let (mut told, mut line, mut line_start, mut counted) = (0, 1, 0, 0);
    for found in secret::find(text) {
        // Counted on from the secret before, and once a line: a page of secrets must not cost its square.
        let between = text.get(counted..found.start).unwrap_or_default();
        if let Some(end) = memchr::memrchr(b'\n', between.as_bytes()) {
            line_start = counted + end + 1;
            line += line_column(between, between.len()).0 - 1;
        }
        counted = counted.max(found.start);
        if line > told {
            let before = text.get(line_start..found.start).unwrap_or_default();
            notes.add_at(Code::SecretLike, line, line_column(before, before.len()).1, "");
            told = line;
        }
    }
}
