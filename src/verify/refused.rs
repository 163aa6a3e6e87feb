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
    origins: BTreeMap<String, (usize, String)>,
}

impl Refused {
    /// What came of a request or of a flow.
    pub(super) fn note(&mut self, url: &str, done: &Ended) {
        let refusal = done.verdicts.iter().find_map(|verdict| match &verdict.outcome {
            Outcome::Errored(trouble, message) if is_unreached(*trouble) => Some(message),
            _ => None,
        });
        let (in_a_row, last) = self.origins.entry(origin(url)).or_default();
        if let Some(message) = refusal.or(done.unreached.as_ref()) {
            *in_a_row += 1;
            last.clone_from(message);
        } else {
            *in_a_row = 0;
            self.answered = true;
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
        let (in_a_row, last) = self.origins.get(&origin(url))?;
        (*in_a_row >= DOWN_AFTER).then_some(last.as_str())
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
