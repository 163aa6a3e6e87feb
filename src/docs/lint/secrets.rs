//! What looks like a live secret, anywhere on a page.

use crate::docs::notes::Notes;
use crate::finding::Code;
use crate::secret;
use crate::source::line_column;

pub(super) fn check(text: &str, notes: &mut Notes) {
    let mut told = notes.lines(Code::SecretLike);
    let (mut line_number, mut line_start) = (1, 0);
    for found in secret::find(text) {
        // Counted on from the secret before: a page of secrets must not cost its square.
        let before = text.get(line_start..found.start).unwrap_or_default();
        let (lines, column) = line_column(before, before.len());
        line_number += lines - 1;
        line_start += before.rfind('\n').map_or(0, |end| end + 1);
        if told.insert(line_number) {
            notes.add_at(Code::SecretLike, line_number, column, "");
        }
    }
}
