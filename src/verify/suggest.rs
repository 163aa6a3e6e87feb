//! Flows that would supply what contracts lack, as lines for faithful.toml: each makes a thing, goes through the contracts
//! that need it, and takes it away in the end.

use super::supply::{Need, needs, supplies, template};
use crate::contract::url::DocumentedUrl;
use crate::contract::{Contract, ContractId};
use crate::json::quote;
use crate::replay::variables::Missing;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A contract that lacks values which others make.
struct Lacking<'c> {
    contract: &'c Contract,
    needs: Vec<Need>,
}

/// A thing that a contract makes.
struct Maker<'c> {
    contract: &'c Contract,
    at: String,
    /// What the maker itself lacks.
    needs: Vec<Need>,
}

/// The flows that can be made of contracts: of those that lack something, `contracts` are all that may be sent.
pub(super) fn suggest(contracts: &[&Contract], missing: &BTreeMap<&ContractId, &[Missing]>) -> Vec<String> {
    let lacks = |contract: &Contract| missing.get(&contract.id).copied().unwrap_or_default();
    let mut lacking: Vec<Lacking<'_>> = Vec::new();
    let mut makers: BTreeMap<String, Option<Maker<'_>>> = BTreeMap::new();
    for contract in contracts.iter().copied().filter(|contract| !lacks(contract).is_empty()) {
        let Some(needs) = needs(contract, lacks(contract)) else { continue };
        for need in &needs {
            makers.entry(need.thing.clone()).or_insert_with(|| maker(need, contracts, &lacks));
        }
        lacking.push(Lacking { contract, needs });
    }
    let made = |need: &Need| makers.get(&need.thing).and_then(Option::as_ref);
    // One after the other below each other, each made by a contract of which all that it needs is made before it.
    let sound = |lacking: &&Lacking<'_>| {
        let chain = lacking.needs.windows(2).all(|pair| match pair {
            [outer, inner] => inner.thing.starts_with(&outer.thing),
            _ => true,
        });
        let before = |index: usize, need: &Need| {
            let known = lacking.needs.get(..index).unwrap_or_default();
            made(need).is_some_and(|maker| {
                maker.needs.iter().all(|one| known.iter().any(|outer| outer.thing == one.thing))
            })
        };
        chain && lacking.needs.iter().enumerate().all(|(index, need)| before(index, need))
    };
    let lacking: Vec<&Lacking<'_>> = lacking.iter().filter(sound).collect();
    let roots: BTreeSet<&str> =
        lacking.iter().filter_map(|one| one.needs.first()).map(|need| need.thing.as_str()).collect();
    let flows = roots.into_iter().map(|root| {
        let mut flow =
            Flow { lacking: &lacking, makers: &makers, steps: String::new(), clean_up: Vec::new() };
        flow.thing(root);
        let name = root.trim_end_matches("{}").trim_matches(['/', '\'', '(', ')']).to_owned();
        let mut text = format!("[[flow]]\nname = {}\n{}", quoted(&name), flow.steps);
        for id in flow.clean_up.iter().rev() {
            let _ = write!(text, "\n[[flow.cleanup]]\ncontract = {}\n", quoted(id.as_str()));
        }
        text
    });
    flows.collect()
}

/// The contract that makes a thing; of several the one with the first id.
fn maker<'c>(
    need: &Need,
    contracts: &[&'c Contract],
    lacks: &impl Fn(&Contract) -> &'c [Missing],
) -> Option<Maker<'c>> {
    let supplies = supplies(need, contracts.iter().copied());
    let made = supplies.into_iter().filter(|supply| supply.by.request.method == "POST");
    made.min_by(|one, two| one.by.id.cmp(&two.by.id)).and_then(|supply| {
        Some(Maker { contract: supply.by, at: supply.at, needs: needs(supply.by, lacks(supply.by))? })
    })
}

struct Flow<'f, 'c> {
    lacking: &'f [&'f Lacking<'c>],
    makers: &'f BTreeMap<String, Option<Maker<'c>>>,
    steps: String,
    clean_up: Vec<ContractId>,
}

impl Flow<'_, '_> {
    /// Makes a thing, looks at it, changes it, goes on to what is below it; it is taken away in the end.
    fn thing(&mut self, thing: &str) {
        let Some(Some(maker)) = self.makers.get(thing) else { return };
        let mut here: Vec<&Lacking<'_>> = self
            .lacking
            .iter()
            .copied()
            .filter(|one| one.needs.last().is_some_and(|need| need.thing == thing))
            .collect();
        let Some(need) = here.iter().find_map(|one| one.needs.last()).or_else(|| {
            let mut all = self.lacking.iter().flat_map(|one| &one.needs);
            all.find(|need| need.thing == thing)
        }) else {
            return;
        };
        let key = self.key(need);
        let id = quoted(maker.contract.id.as_str());
        let _ = write!(
            self.steps,
            "\n[[flow.step]]\ncontract = {id}\ncapture = {{ {} = {} }}\n",
            quoted_key(&key),
            quoted(&maker.at)
        );
        let is_maker = |one: &Lacking<'_>| {
            self.makers.values().flatten().any(|maker| maker.contract.id == one.contract.id)
        };
        here.retain(|one| !is_maker(one));
        let deletes = |one: &&Lacking<'_>| {
            let path = DocumentedUrl::new(&one.contract.request.url).path;
            one.contract.request.method == "DELETE" && template(path) == thing
        };
        let (away, mut stays): (Vec<_>, Vec<_>) = here.into_iter().partition(deletes);
        stays.sort_by_key(|one| (order(&one.contract.request.method), &one.contract.id));
        for one in stays {
            let id = quoted(one.contract.id.as_str());
            let _ = write!(self.steps, "\n[[flow.step]]\ncontract = {id}\n");
        }
        self.clean_up.extend(away.into_iter().map(|one| one.contract.id.clone()).min());
        let below: BTreeSet<String> = self
            .lacking
            .iter()
            .filter_map(|one| {
                let at = one.needs.iter().position(|need| need.thing == thing)?;
                Some(one.needs.get(at + 1)?.thing.clone())
            })
            .collect();
        for thing in below {
            self.thing(&thing);
        }
    }

    /// What a captured value is called: `users.id` where `id` alone would say too little.
    fn key(&self, need: &Need) -> String {
        let name = need.names.first().cloned().unwrap_or_default();
        let other = |one: &Need| one.names.first() == Some(&name) && one.thing != need.thing;
        let several = self.lacking.iter().flat_map(|one| &one.needs).any(other);
        match &need.segment {
            Some(segment) if several || name.eq_ignore_ascii_case("id") => format!("{segment}.{name}"),
            _ => name,
        }
    }
}

/// What looks, what changes, what does anything else, what takes away.
fn order(method: &str) -> u8 {
    match method {
        "GET" | "HEAD" | "OPTIONS" => 0,
        "PUT" | "PATCH" => 1,
        "DELETE" => 3,
        _ => 2,
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    quote(text, &mut quoted);
    quoted.replace('\u{7f}', "\\u007f")
}

fn quoted_key(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if key.chars().all(bare) { key.to_owned() } else { quoted(key) }
}
