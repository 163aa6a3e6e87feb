//! Rules by hand that no place of a whole run matched: mostly of contracts or members that have another name today.

use crate::contract::ContractId;
use crate::judge::rules::Rules;
use crate::suite::Extent;
use crate::verdict::{Outcome, UnmatchedRule, Verdict};
use std::collections::BTreeSet;

/// The rules that are of no use, in their order. What was not judged tells nothing of them; and where single files
/// were named, rules that are for others are none of this run's business.
pub(super) fn unmatched(
    rules: &Rules,
    ids: &[ContractId],
    extent: Extent,
    verdicts: &[Verdict],
) -> Vec<UnmatchedRule> {
    let (mut selected, mut judged) = (vec![0_usize; rules.len()], vec![0_usize; rules.len()]);
    let count = |counts: &mut [usize], id: &ContractId| {
        for order in rules.selecting(id) {
            counts.get_mut(order).into_iter().for_each(|count| *count += 1);
        }
    };
    if rules.is_empty() || ids.is_empty() {
        return Vec::new();
    }
    for id in ids {
        count(&mut selected, id);
    }
    let mut matched: BTreeSet<usize> = BTreeSet::new();
    for verdict in verdicts {
        if matches!(verdict.outcome, Outcome::Passed | Outcome::Failed) {
            count(&mut judged, &verdict.id);
            matched.extend(&verdict.matched);
        }
    }
    let counts = selected.into_iter().zip(judged);
    let unmatched = rules.iter().enumerate().zip(counts).filter_map(|((order, rule), (selected, judged))| {
        let useless = judged > 0 || selected == 0 && extent == Extent::Whole;
        (useless && !matched.contains(&order)).then(|| UnmatchedRule { rule: rule.clone(), judged })
    });
    unmatched.collect()
}
