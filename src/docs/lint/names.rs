//! Names of requests that are told apart by what a file's name cannot keep.

use crate::contract::slug;
use crate::docs::Documented;
use crate::docs::notes::Notes;
use crate::finding::Code;
use std::collections::BTreeMap;

pub(super) fn check(pairs: &[Documented], notes: &mut Notes) {
    if pairs.len() < 2 {
        return;
    }
    let mut known: BTreeMap<String, &str> = BTreeMap::new();
    for Documented { contract, written } in pairs {
        let name = contract.name.as_str();
        let first = *known.entry(slug(name)).or_insert(name);
        // The same name twice is a finding of its own. One that is cut short is no slip of the pen.
        if first != name && name.len() <= 80 {
            notes.add(Code::ClashingName, written.request_line, format!("{name:?} and {first:?}"));
        }
    }
}
