//! What a flow holds: what it captured, and what it was to capture.

use super::flows::PlannedStep;
use crate::replay::Departure;
use crate::replay::variables::{Named, Variables};
use std::collections::BTreeSet;

/// What the steps of a flow have made known to the ones behind them.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// What was captured.
    pub(super) captured: Named,
    /// What steps before were to capture: it comes from them or from nowhere.
    promised: BTreeSet<String>,
    /// What was not captured though its step may have made something.
    unsure: BTreeSet<String>,
}

impl Held {
    /// A step has had its turn, whatever came of it.
    pub(super) fn passes(&mut self, step: &PlannedStep, departure: &Departure, status: Option<u16>) {
        let names: Vec<String> = step.step.captured().map(ToOwned::to_owned).collect();
        // What is refused makes nothing.
        let refused = status.is_some_and(|status| (400..500).contains(&status));
        if departure.has_left() && !refused {
            let lost = names.iter().filter(|name| !self.captured.contains_key(*name));
            self.unsure.extend(lost.cloned());
        }
        self.promised.extend(names);
    }

    /// The variables, as the next step has them.
    pub(super) fn variables(&self, variables: &Variables) -> Variables {
        variables.with_captured(&self.captured).promised(&self.promised)
    }

    /// The same if all had been captured that may have been made.
    pub(super) fn supposed(&self, variables: &Variables) -> Variables {
        let supposed = self.unsure.iter().map(|name| (name.clone(), "x".to_owned()));
        let all = supposed.chain(self.captured.clone()).collect();
        variables.with_captured(&all).promised(&self.promised)
    }
}
