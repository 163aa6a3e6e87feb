//! Known failures: which verdicts they excuse, and what is to be said of the entries themselves.

use super::Verifier;
use crate::contract::ContractId;
use crate::suite::{Extent, Suite};
use crate::verdict::{
    Day, KnownFailure, KnownNote, KnownState, Mismatch, Outcome, Rule, Severity, SkipReason, Verdict,
};

/// The known failures of a run, and the day that it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) failures: Vec<KnownFailure>,
    /// None where nobody said: then nothing is over.
    pub(super) today: Option<Day>,
}

impl Known {
    fn excuses(&self, known: &KnownFailure) -> bool {
        self.today.is_none_or(|today| !known.is_expired(today))
    }

    /// Marks the mismatches that are known.
    pub(super) fn mark(&self, id: &ContractId, mismatches: &mut [Mismatch]) {
        for mismatch in mismatches.iter_mut().filter(|mismatch| mismatch.severity == Severity::Fail) {
            let known = self.failures.iter().find(|known| self.excuses(known) && known.is(id, mismatch));
            mismatch.known = known.cloned().map(Box::new);
        }
    }

    /// The ids that entries may be for. What cannot be read is there as well.
    pub(super) fn ids(&self, suite: &Suite) -> Vec<ContractId> {
        if self.failures.is_empty() {
            return Vec::new();
        }
        let broken = suite.broken().iter().map(|broken| &broken.id);
        suite.contracts().map(|contract| &contract.id).chain(broken).cloned().collect()
    }

    /// What is to be said of the entries, in their order. What was not judged tells nothing of them.
    pub(super) fn notes(
        &self,
        ids: &[ContractId],
        extent: Extent,
        answers: Answers,
        verdicts: &[Verdict],
    ) -> Vec<KnownNote> {
        let notes = self.failures.iter().filter_map(|known| {
            let mut concerned = ids.iter().filter(|id| known.contract.is_for(id)).peekable();
            let state = if !self.excuses(known) {
                KnownState::Expired
            } else if concerned.peek().is_none() {
                (extent == Extent::Whole && !ids.is_empty()).then_some(KnownState::Unused(None))?
            } else if answers == Answers::Stub {
                return None;
            } else {
                // Of a glob over contracts that may be elsewhere as well these tell half.
                let all = extent == Extent::Whole || !is_glob(known);
                let judged: Vec<&Verdict> =
                    verdicts.iter().filter(|verdict| is_judged(known, verdict)).collect();
                state(known, &judged, all.then(|| concerned.collect()))?
            };
            Some(KnownNote { known: known.clone(), state })
        });
        notes.collect()
    }
}

impl Verifier {
    /// What is to be said of known failures before anything is sent: which are over, and which are for no contract.
    pub fn known_before(&self, suite: &Suite) -> Vec<KnownNote> {
        self.known.notes(&self.known.ids(suite), suite.extent, Answers::Stub, &[])
    }
}

/// Whose answers a run is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answers {
    /// The embedded stub's, which answers as documented: of what a service does it can tell nothing.
    Stub,
    /// A service's.
    Service,
}

fn is_glob(known: &KnownFailure) -> bool {
    known.contract.to_string().contains(['*', '?', '[', '{', '\\'])
}

fn is_judged(known: &KnownFailure, verdict: &Verdict) -> bool {
    let judged =
        matches!(verdict.outcome, Outcome::Passed | Outcome::Failed | Outcome::Skipped(SkipReason::Known, _));
    judged && known.contract.is_for(&verdict.id)
}

/// What is the matter with an entry that no judged contract failed by. `concerned` are all contracts that it is for, where
/// all are known.
fn state(
    known: &KnownFailure,
    judged: &[&Verdict],
    concerned: Option<Vec<&ContractId>>,
) -> Option<KnownState> {
    // Of what was counted and not kept nothing is known.
    let happened = |verdict: &&Verdict| {
        verdict.more > 0 || verdict.mismatches.iter().any(|mismatch| known.is(&verdict.id, mismatch))
    };
    if judged.iter().any(happened) {
        return None;
    }
    let fails_there = |verdict: &&&Verdict| {
        verdict.mismatches.iter().any(|mismatch| {
            mismatch.severity == Severity::Fail
                && mismatch.known.is_none()
                && known.is_there(&verdict.id, mismatch)
        })
    };
    if let Some(verdict) = judged.iter().find(fails_there) {
        let there = verdict.mismatches.iter().filter(|mismatch| known.is_there(&verdict.id, mismatch));
        let mut came = there.filter_map(|mismatch| mismatch.actual.as_ref());
        return came.find(|came| !known.is_of(came)).cloned().map(KnownState::AnotherValue);
    }
    if let Some(place) = elsewhere(known, judged) {
        return Some(KnownState::Elsewhere(place));
    }
    let compared =
        |id: &&ContractId| judged.iter().any(|verdict| verdict.id == **id && is_compared(known, verdict));
    concerned.is_some_and(|concerned| concerned.iter().all(compared)).then_some(KnownState::Mended)
}

/// Whether the place of an entry was held against an answer.
fn is_compared(known: &KnownFailure, verdict: &Verdict) -> bool {
    !verdict.mismatches.iter().any(|mismatch| hides(mismatch, known))
}

/// Whether nothing can be said of an entry's place since something above it broke, or another message came.
fn hides(mismatch: &Mismatch, known: &KnownFailure) -> bool {
    let at = known.at.as_deref().unwrap_or_default();
    match mismatch.rule {
        Rule::Status | Rule::ContentType => known.rule != mismatch.rule,
        _ if at.starts_with('$') => match mismatch.at.as_str() {
            "" => true,
            above => at.strip_prefix(above).is_some_and(|below| below.starts_with(['.', '['])),
        },
        _ => false,
    }
}

/// The place where a contract breaks the rule of an entry that is for another place: of several the one that was most
/// likely meant.
fn elsewhere(known: &KnownFailure, judged: &[&Verdict]) -> Option<String> {
    let failures = judged.iter().flat_map(|verdict| &verdict.mismatches);
    let same = failures.filter(|mismatch| {
        mismatch.severity == Severity::Fail
            && mismatch.rule == known.rule
            && mismatch.known.is_none()
            && !hides(mismatch, known)
    });
    let meant = known.at.as_deref().unwrap_or_default();
    let likeness = |at: &str| meant.bytes().zip(at.bytes()).take_while(|(one, two)| one == two).count();
    let places = same.map(|mismatch| mismatch.at.as_str());
    places.max_by_key(|at| likeness(at)).map(ToOwned::to_owned)
}

/// What comes of a judged contract: known failures alone are no failure, and no pass either.
pub(super) fn outcome(mismatches: &[Mismatch], more: usize) -> Outcome {
    let failures = || mismatches.iter().filter(|mismatch| mismatch.severity == Severity::Fail);
    let Some(first) = failures().next() else { return Outcome::Passed };
    match &first.known {
        // What was counted and not kept may be another failure.
        Some(known) if more == 0 && failures().all(|mismatch| mismatch.known.is_some()) => {
            let text = format!("{} knows of it until {}: {}", known.owner, known.expires, known.reason);
            Outcome::Skipped(SkipReason::Known, text)
        }
        _ => Outcome::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::select::Pattern;
    use crate::verdict::{Site, Why, Written};
    use rstest::rstest;

    fn known(contract: &str, rule: Rule, at: Option<&str>, expires: &str) -> KnownFailure {
        KnownFailure {
            contract: Pattern::new(contract).unwrap(),
            rule,
            at: at.map(str::to_owned),
            actual: None,
            owner: "ann".into(),
            reason: "later".into(),
            expires: expires.parse().unwrap(),
            written: Written::Flag,
        }
    }

    fn mismatch(rule: Rule, at: &str) -> Mismatch {
        Mismatch {
            severity: Severity::Fail,
            rule,
            at: at.into(),
            site: Site::Status,
            location: None,
            expected: None,
            actual: None,
            elements: None,
            why: Why::Shown,
            accept: None,
            known: None,
        }
    }

    fn run(known: KnownFailure, mismatches: Vec<Mismatch>, today: &str) -> (Verdict, Vec<KnownNote>) {
        let known = Known { failures: vec![known], today: Some(today.parse().unwrap()) };
        let (id, mut mismatches) = (ContractId::new("users/get"), mismatches);
        known.mark(&id, &mut mismatches);
        let outcome = outcome(&mismatches, 0);
        let verdict = Verdict { mismatches, ..Verdict::unsent(id.clone(), outcome) };
        let notes = known.notes(&[id], Extent::Whole, Answers::Service, std::slice::from_ref(&verdict));
        (verdict, notes)
    }

    #[rstest]
    #[case::the_very_place(Rule::Type, Some("$.a"), "$.a", "skipped")]
    #[case::another_place(Rule::Type, Some("$.a"), "$.b", "failed")]
    #[case::another_rule(Rule::Null, Some("$.a"), "$.a", "failed")]
    #[case::no_place(Rule::Type, None, "$.a", "failed")]
    #[case::the_answer_as_a_whole(Rule::Type, None, "", "skipped")]
    #[case::a_header(Rule::Type, Some("etag"), "ETag", "skipped")]
    fn it_stands_for_one_rule_at_one_place(
        #[case] rule: Rule,
        #[case] at: Option<&str>,
        #[case] found: &str,
        #[case] outcome: &str,
    ) {
        let failures = vec![mismatch(Rule::Type, found)];
        let (verdict, notes) = run(known("users/*", rule, at, "2026-12-31"), failures, "2026-12-31");
        assert_eq!(verdict.outcome.name(), outcome);
        assert_eq!(notes.is_empty(), outcome == "skipped");
    }

    #[test]
    fn whatever_else_breaks_fails_as_ever() {
        let failures = vec![mismatch(Rule::Type, "$.a"), mismatch(Rule::Type, "$.b")];
        let (verdict, notes) =
            run(known("**", Rule::Type, Some("$.a"), "2026-12-31"), failures, "2026-01-01");
        assert_eq!(verdict.outcome, Outcome::Failed);
        assert!(verdict.mismatches[0].known.is_some() && verdict.mismatches[1].known.is_none());
        assert_eq!(notes, []);
    }

    #[test]
    fn what_was_not_kept_may_be_another_failure() {
        let mut found = [mismatch(Rule::Type, "$.a")];
        found[0].known = Some(Box::new(known("**", Rule::Type, Some("$.a"), "2026-12-31")));
        assert_eq!(outcome(&found, 0).name(), "skipped");
        assert_eq!(outcome(&found, 1), Outcome::Failed);
    }

    #[rstest]
    #[case::its_last_day("users/*", vec![mismatch(Rule::Type, "$.a")], "2026-12-31", "skipped", None)]
    #[case::the_day_after("users/*", vec![mismatch(Rule::Type, "$.a")], "2027-01-01", "failed", Some(KnownState::Expired))]
    #[case::mended("users/*", vec![], "2026-12-31", "passed", Some(KnownState::Mended))]
    #[case::elsewhere(
        "users/*",
        vec![mismatch(Rule::Type, "$.c.d"), mismatch(Rule::Null, "$.a"), mismatch(Rule::Type, "$.aa")],
        "2026-12-31",
        "failed",
        Some(KnownState::Elsewhere("$.aa".into()))
    )]
    #[case::for_nothing("teams/*", vec![], "2026-12-31", "passed", Some(KnownState::Unused(None)))]
    fn an_entry_that_has_had_its_day_is_told_of(
        #[case] contract: &str,
        #[case] found: Vec<Mismatch>,
        #[case] today: &str,
        #[case] outcome: &str,
        #[case] state: Option<KnownState>,
    ) {
        let (verdict, notes) = run(known(contract, Rule::Type, Some("$.a"), "2026-12-31"), found, today);
        assert_eq!(verdict.outcome.name(), outcome);
        assert_eq!(notes.first().map(|note| note.state.clone()), state);
    }
}
