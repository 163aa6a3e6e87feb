//! What looks like a live secret, anywhere on a page.

use crate::docs::notes::Notes;
use crate::finding::Code;
use crate::secret;
use crate::source::line_column;

pub(super) fn check(text: &str, notes: &mut Notes) {
    for found in secret::find(text) {
        let (line, column) = line_column(text, found.start);
        if !notes.has(Code::SecretLike, line) {
            notes.add_at(Code::SecretLike, line, column, "");
        }
    }
}
