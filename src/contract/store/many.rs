//! Work on many files, on all processors, as if it were done one after another.

use std::sync::{Mutex, PoisonError};
use std::thread;

/// So many are given to a processor at a time; fewer are not worth a second one.
const AT_A_TIME: usize = 128;

/// More read no faster than the disk.
const MOST: usize = 8;

/// What is made of the items, a few at a time, in their order.
pub(super) fn in_order<T: Send, R: Send>(items: Vec<T>, make: impl Fn(Vec<T>) -> R + Sync) -> Vec<R> {
    let count = items.len().div_ceil(AT_A_TIME);
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST).min(count);
    if threads < 2 {
        return vec![make(items)];
    }
    let mut items = items.into_iter();
    let portions: Vec<Vec<T>> = (0..count).map(|_| items.by_ref().take(AT_A_TIME).collect()).collect();
    let waiting = Mutex::new(portions.into_iter().enumerate());
    let done = Mutex::new(Vec::with_capacity(count));
    let work = || {
        loop {
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((order, portion)) = next else { break };
            let part = make(portion);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((order, part));
        }
    };
    // A panic in one of them is one here.
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(order, _)| *order);
    done.into_iter().map(|(_, part)| part).collect()
}

#[cfg(test)]
mod tests {
    use super::{AT_A_TIME, in_order};

    #[test]
    fn parts_come_in_order_and_none_is_lost() {
        for count in [0, 1, AT_A_TIME, 3 * AT_A_TIME + 1, 40 * AT_A_TIME] {
            let parts = in_order((0..count).collect(), |portion: Vec<usize>| portion);
            assert_eq!(parts.concat(), (0..count).collect::<Vec<_>>());
        }
    }
}
