//! Whether a request has left, for whoever must say so when a run ends before its answer came.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a request was handed to a connection, which it was not while it only waited for its turn.
#[derive(Debug, Default)]
pub struct Departure(AtomicBool);

impl Departure {
    /// It is handed over.
    pub(super) fn leaves(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// The connection did not take it after all.
    pub(super) fn stayed(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// Whether it may have arrived.
    pub fn has_left(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
