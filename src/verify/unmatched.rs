//! Rules by hand that no place of a whole run matched: mostly of contracts or members that have another name today.

use crate::contract::Contract;
use crate::judge::compile_with_rules;
use crate::judge::rules::Rules;
use crate::suite::Extent;
use crate::verdict::{Effect, Outcome, Profile, RuleByHand, SkipReason, UnmatchedRule, Verdict, Written};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What rules by hand could be for.
pub(super) struct Concerned {
    /// The contracts of the run.
    contracts: Vec<Arc<Contract>>,
    /// Those that are not selected.
    bystanders: Vec<Arc<Contract>>,
    extent: Extent,
    profile: Profile,
}

/// How much is known of the contracts that a rule is for.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    selected: usize,
    judged: usize,
    bystanders: usize,
}

impl Concerned {
    /// Where there are rules at all; else nothing is kept.
    pub(super) fn by(
        rules: &Rules,
        profile: Profile,
        extent: Extent,
        contracts: &[Arc<Contract>],
        bystanders: &[Arc<Contract>],
    ) -> Concerned {
        let kept = |all: &[Arc<Contract>]| if rules.is_empty() { Vec::new() } else { all.to_vec() };
        Concerned { contracts: kept(contracts), bystanders: kept(bystanders), extent, profile }
    }

    /// The rules that are of no use, in their order. What was not judged shows what its page does, and no more; what is not
    /// selected is for another run to tell. Where single files were named, rules that may be for others are none of
    /// this run's business.
    pub(super) fn unmatched(&self, rules: &Rules, verdicts: &[Verdict]) -> Vec<UnmatchedRule> {
        if rules.is_empty() || self.contracts.is_empty() {
            return Vec::new();
        }
        let judged: BTreeMap<_, _> = verdicts
            .iter()
            .filter(|verdict| is_judged(verdict))
            .map(|verdict| (&verdict.id, verdict))
            .collect();
        let mut tallies = vec![Tally::default(); rules.len()];
        let mut matched: BTreeSet<usize> = BTreeSet::new();
        for contract in &self.contracts {
            let verdict = judged.get(&contract.id);
            for order in rules.selecting(&contract.id) {
                if let Some(tally) = tallies.get_mut(order) {
                    tally.selected += 1;
                    tally.judged += usize::from(verdict.is_some());
                }
            }
            match verdict {
                Some(verdict) => matched.extend(&verdict.matched),
                None => matched.extend(compile_with_rules(contract, self.profile, rules).documented()),
            }
        }
        for contract in &self.bystanders {
            for order in rules.selecting(&contract.id) {
                tallies.get_mut(order).into_iter().for_each(|tally| tally.bystanders += 1);
            }
        }
        let unmatched = rules.iter().zip(tallies).enumerate().filter_map(|(order, (rule, tally))| {
            let Tally { selected, judged, bystanders } = tally;
            // What may come beside what is shown only answers can show.
            let all = judged == selected || rule.effect != Effect::Extra;
            let whole = self.extent == Extent::Whole || names_its_contract(rule);
            let useless = judged > 0 && all && whole || selected == 0 && self.extent == Extent::Whole;
            let unmatched = useless && bystanders == 0 && !matched.contains(&order);
            unmatched.then(|| UnmatchedRule { rule: rule.clone(), judged })
        });
        unmatched.collect()
    }
}

/// Whether a rule is for what was given, whatever else there is: it names one contract, or came with the run.
fn names_its_contract(rule: &RuleByHand) -> bool {
    let literal = |glob: &String| !glob.contains(['*', '?', '[', '{']);
    rule.written == Written::Flag || rule.contract.as_ref().is_some_and(literal)
}

fn is_judged(verdict: &Verdict) -> bool {
    matches!(verdict.outcome, Outcome::Passed | Outcome::Failed | Outcome::Skipped(SkipReason::Known, _))
}
