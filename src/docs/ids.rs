//! Ids: what contracts are called, over all pages that are read together.

use super::Documented;
use crate::contract::{ContractId, numbered};
use std::collections::{BTreeMap, BTreeSet};

/// What a request without a name is called: after its method and its path, as in `get-users-id-messages`.
pub(super) fn nameless(method: &str, url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path =
        path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    numbered(&format!("{method} {path}"), "")
}

/// Gives a number to each contract whose id another one before it has, in the order given: nothing is overwritten.
///
/// The first keeps the id; ids that only one contract has are never touched by a number.
pub(super) fn number(documented: Vec<&mut Documented>) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut last: BTreeMap<String, u32> = BTreeMap::new();
    let mut clashing = Vec::new();
    for pair in documented {
        if !taken.insert(pair.contract.id.as_str().to_owned()) {
            clashing.push(pair);
        }
    }
    for pair in clashing {
        let id = pair.contract.id.as_str().to_owned();
        let (folder, name) = id.rsplit_once('/').unwrap_or(("", &id));
        let figure = last.entry(id.clone()).or_insert(1);
        loop {
            *figure += 1;
            let slug = numbered(name, &format!("-{figure}"));
            let id = if folder.is_empty() { slug } else { format!("{folder}/{slug}") };
            if taken.insert(id.clone()) {
                pair.contract.id = ContractId::new(id);
                break;
            }
        }
    }
}
