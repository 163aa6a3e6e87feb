//! Whether a target keeps its connections. A request that may act shares one only where that was seen: one that the
//! target closes without a word, just when it is used again, leaves open whether the request arrived.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

/// So many connections are told apart: more than are open at a time in most runs, and few enough that the system gives
/// none of their ports away again.
const REMEMBERED: usize = 64;

/// What is known of it.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    state: AtomicU8,
    /// Our ends of the connections that brought the last answers, while nothing else is known.
    seen: Mutex<VecDeque<SocketAddr>>,
}

const UNKNOWN: u8 = 0;
const KEEPS: u8 = 1;
const BREAKS: u8 = 2;

impl Keeping {
    /// Whether an answer came on a connection that had brought another, and none broke since that was shared.
    pub(super) fn is_seen(&self) -> bool {
        self.state.load(Ordering::Relaxed) == KEEPS
    }

    /// Notes on which connection an answer came: our end of it tells it from others.
    pub(super) fn answered(&self, end: SocketAddr) {
        if self.state.load(Ordering::Relaxed) == UNKNOWN && self.is_known(end) {
            // What broke meanwhile stays broken.
            let _ = self.state.compare_exchange(UNKNOWN, KEEPS, Ordering::Relaxed, Ordering::Relaxed);
        }
    }

    /// Notes that one broke under a request that may have acted: from now on each of them has a connection of its own.
    pub(super) fn broke(&self) {
        self.state.store(BREAKS, Ordering::Relaxed);
    }

    fn is_known(&self, end: SocketAddr) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.contains(&end) {
            return true;
        }
        if seen.len() == REMEMBERED {
            seen.pop_front();
        }
        seen.push_back(end);
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_known_while_it_is_among_the_last() {
        let keeping = Keeping::default();
        let end = |port: usize| SocketAddr::from(([127, 0, 0, 1], u16::try_from(port).unwrap()));
        assert!((1..=REMEMBERED).all(|port| !keeping.is_known(end(port))));
        assert!(keeping.is_known(end(1)) && !keeping.is_known(end(REMEMBERED + 1)));
        assert!(!keeping.is_known(end(1)), "it was the oldest");
    }
}
