//! Notices a target that is down: contracts in a row that did not reach it, by origin.

use super::flow::Ended;
use crate::contract::url::DocumentedUrl;
use crate::verdict::{Outcome, Trouble};
use std::collections::BTreeMap;

/// After so many in a row the target is taken to be down.
const DOWN_AFTER: usize = 5;

/// What did not reach its target, by origin.
#[derive(Debug, Default)]
pub(super) struct Refused {
    /// Whether anybody answered.
    pub(super) answered: bool,
    /// Nobody did in all the time that was waited.
    pub(super) absent: Option<String>,
    origins: BTreeMap<String, Origin>,
}

#[derive(Debug, Default)]
struct Origin {
    /// It answered in this run: whatever takes too long now is a hiccup, for all that anybody knows.
    answered: bool,
    /// How many did not reach it since it last answered.
    in_a_row: usize,
    /// What the last of them was told.
    last: String,
}

impl Refused {
    /// What came of a request or of a flow.
    pub(super) fn note(&mut self, url: &str, done: &Ended) {
        let unreached = done.verdicts.iter().find_map(|verdict| match &verdict.outcome {
            Outcome::Errored(trouble, message) if is_unreached(*trouble) => Some((*trouble, message)),
            _ => None,
        });
        let origin = self.origins.entry(origin(url)).or_default();
        let is_refused = matches!(unreached, Some((Trouble::NetRefused, _)));
        match unreached.map(|(_, message)| message).or(done.unreached.as_ref()) {
            // Several that wait at once end at once: of one that has answered that says nothing.
            Some(_) if origin.answered && !is_refused => {}
            Some(message) => {
                origin.in_a_row += 1;
                origin.last.clone_from(message);
            }
            None => {
                (origin.answered, origin.in_a_row) = (true, 0);
                self.answered = true;
            }
        }
    }

    /// What is said of what is not sent then.
    pub(super) fn trouble(&self) -> Trouble {
        if self.absent.is_some() { Trouble::NetTargetAbsent } else { Trouble::NetTargetDown }
    }

    pub(super) fn down(&self, url: &str) -> Option<&str> {
        if let Some(absent) = &self.absent {
            return Some(absent);
        }
        let origin = self.origins.get(&origin(url))?;
        (origin.in_a_row >= DOWN_AFTER).then_some(origin.last.as_str())
    }
}

/// Nobody was there at all: each of these costs its time, and the next would be no better.
pub(super) fn is_unreached(trouble: Trouble) -> bool {
    matches!(
        trouble,
        Trouble::NetRefused | Trouble::NetDns | Trouble::NetDnsTimeout | Trouble::NetConnectTimeout
    )
}

fn origin(url: &str) -> String {
    DocumentedUrl::new(url).origin.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::ContractId;
    use crate::verdict::Verdict;

    fn ended(outcome: Outcome) -> Ended {
        Ended { verdicts: vec![Verdict::unsent(ContractId::new("a"), outcome)], ..Ended::default() }
    }

    fn errored(trouble: Trouble) -> Ended {
        ended(Outcome::Errored(trouble, String::from("why")))
    }

    #[test]
    fn who_answered_is_given_up_for_refusals_alone() {
        let url = "http://h.example/a";
        for trouble in [Trouble::NetConnectTimeout, Trouble::NetDnsTimeout, Trouble::NetDns] {
            let mut refused = Refused::default();
            (0..8).for_each(|_| refused.note(url, &errored(trouble)));
            assert_eq!(refused.down(url), Some("why"), "it never answered");
            let mut refused = Refused::default();
            refused.note(url, &ended(Outcome::Failed));
            (0..20).for_each(|_| refused.note(url, &errored(trouble)));
            assert_eq!(refused.down(url), None);
            (0..5).for_each(|_| refused.note(url, &errored(Trouble::NetRefused)));
            assert_eq!(refused.down(url), Some("why"));
        }
    }
}
