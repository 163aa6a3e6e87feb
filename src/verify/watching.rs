//! What a run tells beside its report: how far it is, and what went over the wire.

use super::Verifier;
use super::known::Known;
use crate::verdict::{Day, KnownFailure};
use std::fmt;
use std::sync::Arc;

/// Whether exchanges are kept in the report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Exchanges {
    /// Bodies are dropped as soon as they were judged.
    #[default]
    Dropped,
    /// They are kept, to be looked at.
    Kept,
}

/// Told how many contracts have a verdict, and out of how many.
#[derive(Clone)]
pub(super) struct Watcher(Arc<dyn Fn(usize, usize) + Send + Sync>);

impl Watcher {
    pub(super) fn tell(&self, done: usize, all: usize) {
        (self.0)(done, all);
    }
}

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watcher")
    }
}

impl Verifier {
    /// Keeps exchanges in the report, or drops them.
    #[must_use]
    pub fn exchanges(mut self, exchanges: Exchanges) -> Verifier {
        self.exchanges = exchanges;
        self
    }

    /// Calls this as the run goes on, with how many contracts have a verdict and how many there are.
    #[must_use]
    pub fn watch(mut self, watcher: impl Fn(usize, usize) + Send + Sync + 'static) -> Verifier {
        self.watcher = Some(Watcher(Arc::new(watcher)));
        self
    }

    /// Failures that people know of, which fail no run up to their day; and the day that it is.
    #[must_use]
    pub fn known(mut self, failures: Vec<KnownFailure>, today: Day) -> Verifier {
        self.known = Known { failures, today: Some(today) };
        self
    }
}
