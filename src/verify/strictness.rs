//! What weighs more or less in a run than the table of the profile has it.

use crate::verdict::{Mismatch, Rule, Severity};
use std::collections::BTreeSet;

/// Which mismatches fail a contract, and which do not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Strictness {
    denied: BTreeSet<Deny>,
    allowed: BTreeSet<Rule>,
}

/// Mismatches that fail a contract, whatever the profile makes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deny {
    /// All that are warnings.
    Warnings,
    /// All that a rule judged, notes too.
    Rule(Rule),
}

impl Strictness {
    pub(super) fn deny(&mut self, deny: Deny) {
        self.denied.insert(deny);
    }

    pub(super) fn allow(&mut self, rule: Rule) {
        self.allowed.insert(rule);
    }

    /// Weighs mismatches. What is allowed by its name is not denied as a warning.
    pub(super) fn weigh(&self, mismatches: &mut [Mismatch]) {
        for mismatch in mismatches {
            let warning = mismatch.severity == Severity::Warn && self.denied.contains(&Deny::Warnings);
            if self.denied.contains(&Deny::Rule(mismatch.rule)) {
                mismatch.severity = Severity::Fail;
            } else if self.allowed.contains(&mismatch.rule) {
                mismatch.severity = Severity::Note;
            } else if warning {
                mismatch.severity = Severity::Fail;
            }
        }
    }
}
