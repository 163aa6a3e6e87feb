//! What a flow holds: what it captured, and what it was to capture.

use super::flows::PlannedStep;
use crate::replay::gate::missing;
use crate::replay::variables::{Named, Variables};
use crate::replay::{Departure, is_safe};
use std::collections::{BTreeMap, BTreeSet};

/// What the steps of a flow have made known to the ones behind them.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// What was captured.
    pub(super) captured: Named,
    /// What steps before were to capture: it comes from them or from nowhere.
    promised: BTreeSet<String>,
    /// What was not captured though its step may have made something.
    unsure: BTreeSet<String>,
    /// What is held of an earlier step alone, for the one that was to capture it again did not; and which that was.
    outdated: BTreeMap<String, String>,
    /// What the step that has its turn captured.
    taken: BTreeSet<String>,
}

impl Held {
    /// The step that has its turn captured this.
    pub(super) fn takes(&mut self, name: &str, value: String) {
        self.captured.insert(name.to_owned(), value);
        self.taken.insert(name.to_owned());
    }

    /// A step has had its turn, whatever came of it.
    pub(super) fn passes(&mut self, step: &PlannedStep, departure: &Departure, status: Option<u16>) {
        let names: Vec<String> = step.step.captured().map(ToOwned::to_owned).collect();
        let taken = std::mem::take(&mut self.taken);
        // What is refused makes nothing.
        let refused = status.is_some_and(|status| (400..500).contains(&status));
        if departure.has_left() && !refused {
            let (again, lost): (Vec<&String>, Vec<&String>) = names
                .iter()
                .filter(|name| !taken.contains(*name))
                .partition(|name| self.captured.contains_key(*name));
            self.unsure.extend(lost.into_iter().cloned());
            if !is_safe(&step.contract.request.method) {
                self.outdated.extend(again.into_iter().map(|name| (name.clone(), step.label.clone())));
            }
        }
        self.promised.extend(names);
    }

    /// What a step needs of an earlier step than the one that was to capture it, and which that was.
    pub(super) fn outdated_of(&self, step: &PlannedStep, variables: &Variables) -> Option<(String, &str)> {
        self.outdated.iter().find_map(|(name, of)| {
            let mut without = self.captured.clone();
            without.remove(name);
            let lacks = missing(&step.contract, &variables.with_captured(&without).promised(&self.promised));
            lacks.first().map(|lack| (lack.shown(), of.as_str()))
        })
    }

    /// The variables, as the next step has them.
    pub(super) fn variables(&self, variables: &Variables) -> Variables {
        variables.with_captured(&self.captured).promised(&self.promised)
    }

    /// The same for people: what was not captured, or not again, stands there by its name.
    pub(super) fn named(&self, variables: &Variables) -> Variables {
        let lost = |name: &&String| self.outdated.contains_key(*name) || !self.captured.contains_key(*name);
        let names = self.promised.iter().filter(lost).map(|name| (name.clone(), format!("{{{name}}}")));
        let mut all = self.captured.clone();
        all.extend(names);
        variables.with_captured(&all).promised(&self.promised)
    }

    /// The same if all had been captured that may have been made.
    pub(super) fn supposed(&self, variables: &Variables) -> Variables {
        let supposed = self.unsure.iter().map(|name| (name.clone(), "x".to_owned()));
        let all = supposed.chain(self.captured.clone()).collect();
        variables.with_captured(&all).promised(&self.promised)
    }
}
