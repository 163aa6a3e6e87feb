//! How fast requests follow each other, and how many may be repeated.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// The turns of a run: none comes sooner than so long behind the one before, and none while the target asked to be
/// left alone.
#[derive(Debug)]
pub(super) struct Pace {
    spacing: Duration,
    next: Mutex<Instant>,
    /// How many more requests may be sent again: a service in trouble is not helped by many of them.
    repeats: AtomicUsize,
}

impl Pace {
    pub(super) fn new(spacing: Option<Duration>) -> Pace {
        let next = Mutex::new(Instant::now());
        Pace { spacing: spacing.unwrap_or_default(), next, repeats: AtomicUsize::new(usize::MAX) }
    }

    /// Of so many requests some may be sent again: a tenth of them, and ten.
    pub(super) fn for_requests(&self, count: usize) {
        self.repeats.store(count / 10 + 10, Ordering::Relaxed);
    }

    /// Whether one more may be sent again; counts it.
    pub(super) fn repeat(&self) -> bool {
        self.repeats.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }

    /// Waits until it is the next request's turn.
    pub(super) async fn turn(&self) {
        let now = Instant::now();
        let at = self.take(now);
        // A timer costs more than to see that there is nothing to wait for.
        if at > now {
            sleep_until(at).await;
        }
    }

    /// Nothing is sent for so long.
    pub(super) fn hold(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        *next = (*next).max(until);
    }

    /// When the next turn is; the one behind it comes later.
    fn take(&self, now: Instant) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let at = (*next).max(now);
        *next = at + self.spacing;
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_evenly_apart_and_what_was_not_used_is_not_saved_up() {
        let pace = Pace::new(Some(Duration::from_millis(100)));
        let start = Instant::now() + Duration::from_secs(1);
        let after = |at: Instant| at.duration_since(start).as_millis();
        assert_eq!([0, 0, 0].map(|_| after(pace.take(start))), [0, 100, 200]);
        let later = start + Duration::from_secs(7);
        assert_eq!([0, 0].map(|_| after(pace.take(later))), [7000, 7100]);
    }

    #[test]
    fn a_pause_holds_for_all() {
        let pace = Pace::new(None);
        pace.hold(Duration::from_secs(50));
        let now = Instant::now();
        assert!([0, 0].iter().all(|_| pace.take(now) > now + Duration::from_secs(40)));
    }

    #[test]
    fn a_tenth_and_ten_may_be_repeated() {
        let pace = Pace::new(None);
        pace.for_requests(25);
        assert_eq!((0..100).filter(|_| pace.repeat()).count(), 12);
    }
}
