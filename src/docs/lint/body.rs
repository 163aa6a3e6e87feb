//! A body with a status that has none.

use crate::contract::Status;
use crate::docs::Documented;
use crate::docs::notes::Notes;
use crate::finding::Code;

/// Informational answers, 204, 205 and 304 have no content (RFC 9110, 15.2, 15.3.5, 15.3.6 and 15.4.5).
pub(super) fn check(pairs: &[Documented], notes: &mut Notes) {
    let mut last = None;
    for Documented { contract, written } in pairs {
        let Status::Code(code) = contract.response.status else { continue };
        let Some(line) = written.response_body_line else { continue };
        if matches!(code, 100..=199 | 204 | 205 | 304) && last.replace(line) != Some(line) {
            notes.add(Code::UnexpectedBody, line, code.to_string());
        }
    }
}
