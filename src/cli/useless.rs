//! What of flags and faithful.toml is of no use in a run, mostly since it is misspelled.

use super::given::Given;
use super::missing::of_pages;
use crate::config::{Config, FILE, Skip, Value, nearest};
use crate::contract::Contract;
use crate::contract::select::Pattern;
use crate::contract::url::{placeholders, segment_before};
use crate::message::{Body, Headers};
use crate::replay::flow::{Action, Flow};
use crate::replay::replace::{Place, Replacement};
use crate::suite::Suite;
use crate::verdict::{KnownFailure, Written};
use std::collections::BTreeSet;

/// What a run is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// All that was read.
    Everything,
    /// Some of it: what is for the rest is none of its business.
    Some,
}

/// A line each.
pub(super) fn useless(given: &Given, config: &Config, suite: &Suite, about: About) -> Vec<String> {
    let known = Known(names(config, suite));
    let flags = given.variable.iter().filter(|(name, _)| !known.holds(name));
    let mut useless: Vec<String> =
        flags.map(|(name, _)| known.fills_nothing(&format!("--variable {name}"), name)).collect();
    if let Some(docs) = config.docs_path().filter(|docs| !docs.exists()) {
        useless.push(of_pages(&format!("{}: [docs] path:", config.place("docs.path")), &docs));
    }
    if about == About::Everything && suite.is_whole() && !suite.is_empty() {
        useless.extend(variables(config, &known, suite));
        useless.extend(captures(&config.flows, &known));
        useless.extend(replacements(config, suite));
        useless.extend(skips(&config.skip, suite));
    }
    useless
}

/// What placeholders may be called.
struct Known(BTreeSet<String>);

impl Known {
    fn holds(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    fn fills_nothing(&self, what: &str, name: &str) -> String {
        match nearest(name, self.0.iter().map(String::as_str)) {
            Some(meant) => format!("{what} fills no placeholder; did you mean {meant}?"),
            None if self.0.is_empty() => format!("{what} fills no placeholder; there is none"),
            None => format!("{what} fills no placeholder"),
        }
    }
}

/// `[variables]`
fn variables(config: &Config, known: &Known, suite: &Suite) -> Vec<String> {
    let mut useless = Vec::new();
    for (name, value) in &config.variables {
        let place = config.place(&format!("variables.{name}"));
        match value {
            Value::Scope(values) => {
                let contracts = Pattern::new(name).ok();
                let is_for = |id: &Contract| contracts.as_ref().is_some_and(|glob| glob.is_for(&id.id));
                // What cannot be read has an id as well.
                let of_broken = suite
                    .broken()
                    .iter()
                    .any(|broken| contracts.as_ref().is_some_and(|glob| glob.is_for(&broken.id)));
                if !of_broken && !suite.contracts().any(is_for) {
                    useless.push(format!("{place}: [variables.{name:?}]: no contract is called so"));
                    continue;
                }
                let unknown =
                    values.iter().filter(|(name, value)| !known.holds(name) && !may_name_a_host(value));
                useless.extend(unknown.map(|(inner, _)| {
                    let place = config.place(&format!("variables.{name}.{inner}"));
                    known.fills_nothing(&format!("{place}: [variables.{name:?}] {inner}"), inner)
                }));
            }
            value if !known.holds(name) && !may_name_a_host(value) => {
                useless.push(known.fills_nothing(&format!("{place}: [variables] {name}"), name));
            }
            _ => {}
        }
    }
    useless
}

/// A value may be there for its host alone: what a page names as well is then meant to be sent.
pub(super) fn may_name_a_host(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.contains(['.', ':']))
}

/// What flows capture.
fn captures(flows: &[Flow], known: &Known) -> Vec<String> {
    let mut useless = Vec::new();
    for step in flows.iter().flat_map(Flow::all_steps) {
        let unused = step.captured().filter(|name| !known.holds(name));
        useless
            .extend(unused.map(|name| {
                known.fills_nothing(&format!("{FILE}:{}: the captured {name}", step.line), name)
            }));
    }
    useless
}

/// `[[replace]]`
fn replacements(config: &Config, suite: &Suite) -> Vec<String> {
    let mut used = vec![false; config.replace.len()];
    for contract in suite.contracts() {
        let applies = config.replace.iter().map(|one| one.applies(contract));
        used.iter_mut().zip(applies).for_each(|(used, applies)| *used |= applies);
    }
    let unused = config.replace.iter().zip(used).filter(|(_, used)| !used);
    unused
        .map(|(one, _)| {
            let (what, of) = (what(one), one.contract.as_ref());
            let of = of.map(|of| format!(" of {of}")).unwrap_or_default();
            format!("{}: [[replace]] {what}{of}: nothing is there to be replaced", one.written)
        })
        .collect()
}

/// `segment = "b-17"`, `header = "x-tenant", literal = "acme"`
fn what(replacement: &Replacement) -> String {
    let literal = replacement.literal.as_deref().unwrap_or_default();
    let place = match &replacement.place {
        Place::Path => return format!("path = {literal:?}"),
        Place::Segment => return format!("segment = {literal:?}"),
        Place::Query(name) => format!("query = {name:?}"),
        Place::Header(name) => format!("header = {name:?}"),
        Place::Body(path) => format!("at = \"{path}\""),
    };
    if replacement.literal.is_some() { format!("{place}, literal = {literal:?}") } else { place }
}

/// `[[skip]]`, but for those that name methods alone: they are for what may come.
fn skips(skips: &[Skip], suite: &Suite) -> Vec<String> {
    let mut useless = Vec::new();
    // What cannot be read may be what is meant.
    for Skip { these, line, .. } in skips.iter().filter(|_| suite.broken().is_empty()) {
        let globs = [("contract", &these.contract), ("path", &these.path)];
        let named: Vec<String> = globs
            .into_iter()
            .filter_map(|(key, glob)| Some(format!("{key} = \"{}\"", glob.as_ref()?)))
            .collect();
        if named.is_empty() || suite.contracts().any(|contract| these.selects(contract)) {
            continue;
        }
        let id = these.contract.as_ref().map(ToString::to_string).unwrap_or_default();
        let meant = nearest(&id, suite.ids()).map(|meant| format!("; did you mean {meant}?"));
        useless.push(format!(
            "{FILE}:{line}: [[skip]] {}: there is no such contract{}",
            named.join(", "),
            meant.unwrap_or_default()
        ));
    }
    useless
}

/// Of known failures that are for no contract the one that was most likely meant.
pub(super) fn meant(known: &[KnownFailure], suite: &Suite) -> Vec<(Written, String)> {
    // Of a part of the contracts nobody says that an entry is for none.
    if !suite.is_whole() {
        return Vec::new();
    }
    let ids = || {
        let broken = suite.broken().iter().map(|broken| &broken.id);
        suite.contracts().map(|contract| &contract.id).chain(broken)
    };
    let unused = known.iter().filter(|known| !ids().any(|id| known.contract.is_for(id)));
    let meant = unused.filter_map(|known| {
        let meant = nearest(&known.contract.to_string(), suite.ids())?;
        Some((known.written.clone(), meant.to_owned()))
    });
    meant.collect()
}

/// All that a placeholder of the contracts, of flows and of replacements may be called.
fn names(config: &Config, suite: &Suite) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    suite.contracts().for_each(|contract| of_request(contract, &mut names));
    for step in config.flows.iter().flat_map(Flow::all_steps) {
        if let Action::Request(contract) = &step.action {
            of_request(contract, &mut names);
        }
    }
    config.replace.iter().for_each(|replacement| of_text(replacement.with.text(), &mut names));
    names
}

pub(super) fn of_request(contract: &Contract, names: &mut BTreeSet<String>) {
    let request = &contract.request;
    for placeholder in placeholders(&request.url) {
        let segment = segment_before(request.url.get(..placeholder.span.start).unwrap_or_default());
        for name in placeholder.names {
            names.extend(segment.map(|segment| format!("{segment}.{name}")));
            names.insert(name.to_owned());
        }
    }
    let fields: &Headers = &request.headers;
    fields.iter().for_each(|(_, value)| of_text(value, names));
    match &request.body {
        Body::Json(json) => of_text(json.text(), names),
        Body::Text(text) => of_text(text, names),
        Body::None | Body::Base64(_) => {}
    }
}

pub(super) fn of_text(text: &str, names: &mut BTreeSet<String>) {
    let found = placeholders(text).into_iter().flat_map(|placeholder| placeholder.names);
    names.extend(found.map(ToOwned::to_owned));
}
