//! Which contracts of a suite are run: by id, method, path, tag, by what failed last, by shard.

use super::select::Pattern;
use super::url::DocumentedUrl;
use super::{Contract, ContractId};
use crate::message::{normal_body, normal_url};
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

/// The contracts of a run: those that are of one of the ids, one of the methods, one of the paths and one of the tags,
/// where any are given, that failed last, where that is asked, and that lie in the shard, where there is one.
///
/// ```
/// use faithful::contract::selection::{Selection, Shard};
///
/// let selection = Selection { shard: Some("2/5".parse::<Shard>()?), ..Selection::default() };
/// assert!(!selection.is_open());
/// assert!("6/5".parse::<Shard>().is_err());
/// # Ok::<(), faithful::contract::selection::ShardError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Over ids.
    pub only: Vec<Pattern>,
    /// Over methods.
    pub methods: Vec<Pattern>,
    /// Over documented paths: without origin and query.
    pub paths: Vec<Pattern>,
    /// Tags of the annotation.
    pub tags: Vec<String>,
    /// Those that failed last.
    pub failed: Option<BTreeSet<ContractId>>,
    /// One part of all.
    pub shard: Option<Shard>,
    /// Contracts that are in one shard, as they are run together, such as the steps of a flow, by its name.
    pub together: BTreeMap<String, BTreeSet<ContractId>>,
}

impl Selection {
    /// Whether every contract is selected.
    pub fn is_open(&self) -> bool {
        Selection { together: BTreeMap::new(), ..self.clone() } == Selection::default()
    }

    /// The selected ones. Of what is run together one may be, in the shard of all; the others then only prepare.
    pub fn choose<'c>(&self, contracts: impl Iterator<Item = &'c Contract>) -> BTreeSet<ContractId> {
        let groups = self.groups();
        let grouped: BTreeMap<&ContractId, &str> =
            groups.iter().flat_map(|(name, group)| group.iter().map(|id| (id, *name))).collect();
        let selected = contracts.filter(|contract| match grouped.get(&contract.id) {
            Some(name) => self.fits(contract) && self.shard.is_none_or(|shard| shard.holds_key(name)),
            None => self.selects(contract),
        });
        selected.map(|contract| contract.id.clone()).collect()
    }

    /// What is run together, by the first name: groups that share a contract are one.
    fn groups(&self) -> Vec<(&str, BTreeSet<ContractId>)> {
        let mut groups: Vec<(&str, BTreeSet<ContractId>)> = Vec::new();
        for (name, group) in &self.together {
            let (mut name, mut group) = (name.as_str(), group.clone());
            let (joined, apart) = groups.into_iter().partition(|(_, other)| !other.is_disjoint(&group));
            let joined: Vec<(&str, BTreeSet<ContractId>)> = joined;
            for (first, other) in joined {
                name = name.min(first);
                group.extend(other);
            }
            groups = apart;
            groups.push((name, group));
        }
        groups
    }

    /// Whether a contract is selected that is run on its own.
    pub fn selects(&self, contract: &Contract) -> bool {
        self.fits(contract) && self.shard.is_none_or(|shard| shard.holds(contract))
    }

    /// Whether it is what was asked for, in whatever shard.
    fn fits(&self, contract: &Contract) -> bool {
        let request = &contract.request;
        let path = DocumentedUrl::new(&request.url).path;
        self.selects_id(&contract.id)
            && any(&self.methods, |method| method.matches(&request.method))
            && any(&self.paths, |pattern| pattern.matches(path))
            && any(&self.tags, |tag| request.tags.iter().any(|carried| carried.eq_ignore_ascii_case(tag)))
    }

    /// Whether one is that cannot be read. It may have any method, path or tag, so these rule out nothing.
    pub fn selects_broken(&self, id: &ContractId) -> bool {
        self.selects_id(id) && self.shard.is_none_or(|shard| shard.holds_key(id.as_str()))
    }

    fn selects_id(&self, id: &ContractId) -> bool {
        any(&self.only, |pattern| pattern.is_for(id))
            && self.failed.as_ref().is_none_or(|failed| failed.contains(id))
    }
}

fn any<T>(given: &[T], fits: impl Fn(&T) -> bool) -> bool {
    given.is_empty() || given.iter().any(fits)
}

/// One of several parts of a suite, which together are the whole, each contract in one of them. Adding a contract moves
/// no other.
///
/// What decides is what a contract sends, not its id: contracts that document several answers to one request stay
/// together, as only one of them can be judged by the answer that comes. The request is sent once, however many shards
/// there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    part: NonZeroU32,
    parts: NonZeroU32,
}

/// Why a text is no shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("give PART/PARTS, such as 2/5: the second of five")]
pub struct ShardError;

impl Shard {
    fn holds(self, contract: &Contract) -> bool {
        let request = &contract.request;
        let url = DocumentedUrl::new(&request.url);
        let below = request.url.get(url.origin.map_or(0, str::len)..).unwrap_or_default();
        let slash = if below.starts_with('/') { "" } else { "/" };
        // However two pages spell it: what is equal when it is sent is equal here. What must be escaped is by then.
        let url = normal_url(&format!("{slash}{below}"));
        let url: Vec<u8> = percent_decode_str(&url).collect();
        let key = [request.method.as_bytes(), &url, &normal_body(&request.body)];
        self.holds_key(key.join(&0))
    }

    fn holds_key(self, key: impl AsRef<[u8]>) -> bool {
        let digest = Sha256::digest(key);
        let hash = digest.iter().take(8).fold(0_u64, |hash, octet| hash << 8 | u64::from(*octet));
        hash % u64::from(self.parts.get()) == u64::from(self.part.get() - 1)
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Shard, ShardError> {
        let (part, parts) = text.split_once('/').ok_or(ShardError)?;
        let read = |figure: &str| figure.trim().parse::<NonZeroU32>().map_err(|_| ShardError);
        let shard = Shard { part: read(part)?, parts: read(parts)? };
        if shard.part <= shard.parts { Ok(shard) } else { Err(ShardError) }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Confidence, DocumentedRequest, DocumentedResponse, Provenance, Status};
    use crate::json::Json;
    use crate::message::Body;
    use proptest::prelude::*;
    use rstest::rstest;

    fn contract(id: &str, method: &str, url: &str) -> Contract {
        let request = DocumentedRequest {
            method: method.into(),
            url: url.into(),
            tags: vec!["Slow".into(), "admin".into()],
            ..DocumentedRequest::default()
        };
        let source = Provenance { confidence: Confidence::Sure, ..Provenance::default() };
        let response = DocumentedResponse::of_status(Status::Code(200));
        Contract { id: ContractId::new(id), name: id.into(), source, request, response }
    }

    fn selection(only: &[&str], methods: &[&str], paths: &[&str], tags: &[&str]) -> Selection {
        let read = |globs: &[&str]| globs.iter().map(|glob| Pattern::new(glob).unwrap()).collect();
        Selection {
            only: read(only),
            methods: read(methods),
            paths: read(paths),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            ..Selection::default()
        }
    }

    #[rstest]
    #[case(&[], &[], &[], &[], true)]
    #[case(&["users/*"], &[], &[], &[], true)]
    #[case(&["teams/*", "users/get"], &["GET"], &["/users/{id}"], &["slow"], true)]
    #[case(&["users"], &[], &[], &[], false)]
    #[case(&["users/get"], &["POST"], &[], &[], false)]
    #[case(&[], &["POST", "GET"], &["/users/*"], &[], true)]
    #[case(&[], &[], &["/users"], &[], false)]
    #[case(&[], &[], &[], &["fast"], false)]
    fn what_is_given_narrows(
        #[case] only: &[&str],
        #[case] methods: &[&str],
        #[case] paths: &[&str],
        #[case] tags: &[&str],
        #[case] selected: bool,
    ) {
        let contract = contract("users/get", "GET", "https://h.example/users/{id}?a=1");
        assert_eq!(selection(only, methods, paths, tags).selects(&contract), selected);
    }

    #[test]
    fn what_is_run_together_is_in_one_shard_and_no_more_of_it_is_selected() {
        let contracts = ["a", "b", "c", "d"].map(|id| contract(id, "GET", &format!("/{id}")));
        let group = BTreeSet::from(["a", "b", "c"].map(ContractId::new));
        let together = BTreeMap::from([("flow".to_owned(), group.clone())]);
        let chosen = |selection: Selection| {
            let selection = Selection { together: together.clone(), ..selection };
            selection.choose(contracts.iter())
        };
        assert_eq!(chosen(selection(&["b"], &[], &[], &[])), BTreeSet::from([ContractId::new("b")]));
        let of_part = |part: &str| {
            let shard = Some(part.parse().unwrap());
            chosen(Selection { shard, ..selection(&["b"], &[], &[], &[]) }).len()
        };
        assert_eq!(of_part("1/3") + of_part("2/3") + of_part("3/3"), 1);
        assert_eq!(chosen(selection(&["d"], &[], &[], &[])), BTreeSet::from([ContractId::new("d")]));
        let parts = ["1/3", "2/3", "3/3"]
            .map(|part| chosen(Selection { shard: Some(part.parse().unwrap()), ..Selection::default() }));
        assert_eq!(parts.iter().filter(|part| group.is_subset(part)).count(), 1);
        assert_eq!(parts.iter().map(BTreeSet::len).sum::<usize>(), 4);
        // What two of them share is in one shard all the same.
        let other = BTreeSet::from(["c", "d"].map(ContractId::new));
        let together = BTreeMap::from([("flow".to_owned(), group), ("other".to_owned(), other)]);
        let parts = ["1/3", "2/3", "3/3"].map(|part| {
            let shard = Some(part.parse().unwrap());
            Selection { shard, together: together.clone(), ..Selection::default() }.choose(contracts.iter())
        });
        assert_eq!(parts.map(|part| part.len()).iter().filter(|held| **held > 0).collect::<Vec<_>>(), [&4]);
    }

    #[test]
    fn a_file_that_cannot_be_read_may_have_any_method() {
        let broken = ContractId::new("users/get");
        assert!(selection(&[], &["POST"], &["/teams"], &["x"]).selects_broken(&broken));
        assert!(!selection(&["teams/*"], &[], &[], &[]).selects_broken(&broken));
    }

    #[rstest]
    #[case("0/5")]
    #[case("6/5")]
    #[case("1/0")]
    #[case("1")]
    #[case("a/b")]
    #[case("-1/5")]
    fn no_shards(#[case] text: &str) {
        assert_eq!(text.parse::<Shard>(), Err(ShardError));
    }

    proptest! {
        #[test]
        fn every_contract_is_in_one_shard(id in "[a-z/]{1,20}", url in "\\PC{0,20}", parts in 1_u32..9) {
            let contract = contract(&id, "GET", &url);
            let shards = (1..=parts).map(|part| format!("{part}/{parts}").parse::<Shard>().unwrap());
            let held: Vec<Shard> = shards.filter(|shard| shard.holds(&contract)).collect();
            prop_assert_eq!(held.len(), 1);
            let twin = contract_like(&contract);
            prop_assert!(held.iter().all(|shard| shard.holds(&twin)), "equal requests stay together");
        }
    }

    fn contract_like(contract: &Contract) -> Contract {
        let mut twin = contract.clone();
        twin.id = ContractId::new("another/id");
        twin.request.url = format!("https://h.example{}", contract.request.url);
        if DocumentedUrl::new(&contract.request.url).origin.is_some()
            || !contract.request.url.starts_with('/')
        {
            twin.request.url.clone_from(&contract.request.url);
        }
        twin
    }

    #[rstest]
    #[case("/x/%41b?a=1&", "/x/Ab?a=1", "{\"a\": 1, \"b\": 2}", "{\"b\": 2.0, \"a\": 1}")]
    #[case("https://h.example/a b", "a%20b", "[]", "[ ]")]
    fn equal_requests_share_a_shard_however_they_are_spelled(
        #[case] url: &str,
        #[case] other_url: &str,
        #[case] body: &str,
        #[case] other_body: &str,
    ) {
        let of = |url: &str, body: &str| {
            let mut contract = contract("x", "POST", url);
            contract.request.body = Body::Json(Json::parse(body).unwrap());
            contract
        };
        let (one, two) = (of(url, body), of(other_url, other_body));
        let shards = (1..=64).map(|part| format!("{part}/64").parse::<Shard>().unwrap());
        let held: Vec<bool> = shards.map(|shard| shard.holds(&one) && shard.holds(&two)).collect();
        assert_eq!(held.iter().filter(|held| **held).count(), 1);
    }

    #[test]
    fn shards_are_of_about_the_same_size() {
        let shard: Shard = "2/5".parse().unwrap();
        let held = (0..1000).filter(|n| shard.holds(&contract("a", "GET", &format!("/users/{n}")))).count();
        assert!((140..260).contains(&held), "{held}");
    }
}
