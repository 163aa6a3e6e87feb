//! What looks like a live secret, anywhere on a page: the same is told of whoever reads it, and for whatever.

use super::notes::Notes;
use crate::finding::Code;
use crate::secret;
use crate::source::line_column;

/// A finding for each line that holds one.
pub(super) fn check(text: &str, notes: &mut Notes) {
    let mut last = 0;
    let (mut line_number, mut line_start) = (1, 0);
    for found in secret::find(text) {
        // Counted on from the secret before: a page of secrets must not cost its square.
        let before = text.get(line_start..found.start).unwrap_or_default();
        let (lines, column) = line_column(before, before.len());
        line_number += lines - 1;
        line_start += before.rfind('\n').map_or(0, |end| end + 1);
        if line_number > last {
            notes.add_at(Code::SecretLike, line_number, column, "");
            last = line_number;
        }
    }
}
