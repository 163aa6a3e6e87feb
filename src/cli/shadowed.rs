//! Values that are given in vain, as flows have their own by the same names.

use super::given::Valued;
use super::useless::{of_request, of_text};
use crate::config::Config;
use crate::contract::{Contract, ContractId};
use crate::replay::flow::{Action, Flow, Step};
use crate::suite::Suite;
use std::collections::BTreeSet;

/// A line each of the values that no request takes: wherever such a name is asked for, a flow has captured it before.
pub(super) fn shadowed(given: &[Valued], config: &Config, suite: &Suite) -> Vec<String> {
    let steps = config.flows.iter().flat_map(Flow::all_steps);
    let captured: BTreeSet<&str> = steps.flat_map(Step::captured).collect();
    let (mut told, mut known) = (Vec::new(), BTreeSet::new());
    for name in captured {
        let given = given.iter().filter(|given| given.is_of(name) && known.insert(given.said.as_str()));
        let given: Vec<&Valued> = given.collect();
        if given.is_empty() {
            continue;
        }
        let Some(flow) = captures_first(name, config, suite) else { continue };
        told.extend(given.into_iter().map(|Valued { said, .. }| {
            format!(
                "{said} fills nothing: flow {flow} captures {name} before it is asked for; take it out, or give \
                 one of them another name"
            )
        }));
    }
    told
}

/// The last flow that asks for a name, where all that ask for it come behind what captures it.
fn captures_first<'c>(name: &str, config: &'c Config, suite: &Suite) -> Option<&'c str> {
    let asks = |contract: &Contract| {
        let mut names = BTreeSet::new();
        of_request(contract, &mut names);
        let replaced = config.replace.iter().filter(|replacement| replacement.applies(contract));
        replaced.for_each(|replacement| of_text(replacement.with.text(), &mut names));
        names.contains(name)
    };
    let (mut last, mut in_flows) = (None, BTreeSet::<&ContractId>::new());
    for flow in &config.flows {
        let mut captured = false;
        for step in flow.all_steps() {
            let asked = match &step.action {
                Action::Request(contract) => asks(contract),
                Action::Contract(id) => {
                    in_flows.insert(id);
                    suite.get(id).is_some_and(asks)
                }
            };
            match (asked, captured) {
                (true, true) => last = Some(flow.name.as_str()),
                (true, false) => return None,
                (false, _) => {}
            }
            captured |= step.captured().any(|one| one == name);
        }
    }
    let alone = |contract: &Contract| !in_flows.contains(&contract.id) && asks(contract);
    if suite.contracts().any(alone) { None } else { last }
}
