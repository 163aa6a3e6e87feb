//! Whether a request has left, and whether it still may: a run that is to end sends nothing more but what cleans up.

use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::watch;

/// Whether a run is to end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// It goes on.
    #[default]
    NotYet,
    /// Enough has failed: what cleans up has its time.
    Enough,
    /// A signal said so: what cleans up waits for nobody.
    Now,
}

/// Whether a request was handed to a connection, which it was not while it only waited for its turn.
#[derive(Debug, Default)]
pub struct Departure {
    left: AtomicBool,
    end: Option<watch::Receiver<Ending>>,
    cleans_up: bool,
}

impl Departure {
    /// Of a request that leaves no more once the run is to end.
    pub(crate) fn until(end: &watch::Receiver<Ending>) -> Departure {
        Departure { end: Some(end.clone()), ..Departure::default() }
    }

    /// Of one that leaves all the same.
    pub(crate) fn of_clean_up(end: &watch::Receiver<Ending>) -> Departure {
        Departure { cleans_up: true, ..Departure::until(end) }
    }

    /// Of another request for the same end.
    pub(crate) fn another(&self) -> Departure {
        Departure { left: AtomicBool::new(false), end: self.end.clone(), cleans_up: self.cleans_up }
    }

    /// It is handed over.
    pub(super) fn leaves(&self) {
        self.left.store(true, Ordering::Relaxed);
    }

    /// The connection did not take it after all.
    pub(super) fn stayed(&self) {
        self.left.store(false, Ordering::Relaxed);
    }

    /// Whether it may have arrived.
    pub fn has_left(&self) -> bool {
        self.left.load(Ordering::Relaxed)
    }

    pub(super) fn cleans_up(&self) -> bool {
        self.cleans_up
    }

    /// Waits for something before it is sent; none where it is not to be sent any more.
    pub(crate) async fn waits<T>(&self, waiting: impl Future<Output = T>) -> Option<T> {
        if self.cleans_up {
            return Some(waiting.await);
        }
        tokio::select! {
            biased;
            () = self.is_to_end(Ending::Enough) => None,
            done = waiting => Some(done),
        }
    }

    /// Waits until others let it be sent; what cleans up behind a signal has no time for them.
    pub(super) async fn waits_for_its_turn(&self, turn: impl Future<Output = ()>) -> Option<()> {
        if !self.cleans_up {
            return self.waits(turn).await;
        }
        tokio::select! {
            biased;
            () = self.is_to_end(Ending::Now) => {}
            () = turn => {}
        }
        Some(())
    }

    /// Completes once the run is to end like this.
    async fn is_to_end(&self, like: Ending) {
        let Some(mut end) = self.end.clone() else { return pending().await };
        if end.wait_for(|end| *end >= like).await.is_err() {
            pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready;

    #[tokio::test]
    async fn what_waits_is_let_go_where_the_run_ends_and_what_cleans_up_is_not() {
        let (end, ends) = watch::channel(Ending::NotYet);
        let (one, clean_up) = (Departure::until(&ends), Departure::of_clean_up(&ends));
        assert_eq!(one.waits(ready(1)).await, Some(1));
        end.send(Ending::Enough).unwrap();
        assert_eq!((one.waits(ready(1)).await, one.another().waits(ready(1)).await), (None, None));
        assert_eq!(one.waits_for_its_turn(pending()).await, None);
        assert_eq!(clean_up.waits(ready(1)).await, Some(1));
        let turn = clean_up.waits_for_its_turn(pending());
        assert!(tokio::time::timeout(std::time::Duration::from_millis(20), turn).await.is_err());
        end.send(Ending::Now).unwrap();
        assert_eq!(clean_up.waits_for_its_turn(pending()).await, Some(()));
        assert_eq!(Departure::default().waits(ready(1)).await, Some(1));
    }
}
