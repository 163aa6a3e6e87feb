//! The values for want of which contracts were held back, each once, under the name that says enough.

use crate::contract::ContractId;
use crate::replay::variables::Missing;
use crate::verdict::MissingVariable;
use std::collections::{BTreeMap, BTreeSet};

/// Joins what contracts lack. A name that is missing behind several segments is qualified by each of them; so is `id`,
/// which names everything.
pub(super) fn lacking(missing: Vec<(ContractId, Vec<Missing>)>) -> Vec<MissingVariable> {
    joined(missing).into_iter().map(|(one, _)| one).collect()
}

/// The same, each with the contracts that lack it, ordered by their ids.
pub(super) fn joined(
    missing: Vec<(ContractId, Vec<Missing>)>,
) -> Vec<(MissingVariable, BTreeSet<(ContractId, Missing)>)> {
    let mut segments: BTreeMap<String, BTreeSet<Option<String>>> = BTreeMap::new();
    for one in missing.iter().flat_map(|(_, missing)| missing) {
        segments.entry(name(one)).or_default().insert(one.segment.clone());
    }
    let mut joined: BTreeMap<String, (String, BTreeSet<(ContractId, Missing)>)> = BTreeMap::new();
    for (id, lacks) in missing {
        for one in lacks {
            let name = name(&one);
            let several = segments.get(&name).is_some_and(|segments| segments.iter().flatten().count() > 1);
            let key = match &one.segment {
                Some(segment) if several || name.eq_ignore_ascii_case("id") => format!("{segment}.{name}"),
                _ => name,
            };
            joined.entry(key).or_insert_with(|| (one.shown(), BTreeSet::new())).1.insert((id.clone(), one));
        }
    }
    let told = joined.into_iter().filter_map(|(key, (placeholder, lacking))| {
        let ids: BTreeSet<&ContractId> = lacking.iter().map(|(id, _)| id).collect();
        let (first, contracts) = (ids.first().copied()?.clone(), ids.len());
        Some((MissingVariable { key, placeholder, first, contracts }, lacking))
    });
    told.collect()
}

fn name(missing: &Missing) -> String {
    missing.names.first().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_told_once_under_the_name_that_says_enough() {
        let one = |name: &str, segment: Option<&str>| Missing {
            names: vec![name.into(), "other".into()],
            segment: segment.map(Into::into),
        };
        let missing = vec![
            (ContractId::new("b"), vec![one("id", Some("users")), one("callId", Some("calls"))]),
            (ContractId::new("a"), vec![one("id", Some("users")), one("key", Some("x"))]),
            (ContractId::new("c"), vec![one("key", Some("y")), one("key", None)]),
        ];
        let told: Vec<String> = lacking(missing)
            .into_iter()
            .map(|one| format!("{} {} {} {}", one.line(), one.placeholder, one.first, one.contracts))
            .collect();
        assert_eq!(
            told,
            [
                "callId = \"…\" {callId | other} b 1",
                "key = \"…\" {key | other} c 1",
                "\"users.id\" = \"…\" {id | other} a 2",
                "\"x.key\" = \"…\" {key | other} a 1",
                "\"y.key\" = \"…\" {key | other} c 1",
            ]
        );
    }
}
