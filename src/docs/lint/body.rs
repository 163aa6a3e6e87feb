//! A body where none can come: by the status, or by what the annotation says.

use crate::contract::Status;
use crate::docs::Documented;
use crate::docs::notes::Notes;
use crate::finding::Code;

/// Informational answers, 204, 205 and 304 have no content (RFC 9110, 15.2, 15.3.5, 15.3.6 and 15.4.5).
pub(super) fn check(pairs: &[Documented], notes: &mut Notes) {
    let mut last = None;
    for Documented { contract, written } in pairs {
        let Some(line) = written.response_body_line else { continue };
        let why = match contract.response.status {
            Status::Code(code @ (100..=199 | 204 | 205 | 304)) => code.to_string(),
            _ if contract.response.is_empty == Some(true) => "isEmpty".to_owned(),
            _ => continue,
        };
        if last.replace(line) != Some(line) {
            notes.add(Code::UnexpectedBody, line, why);
        }
    }
}
