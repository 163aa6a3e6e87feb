//! What people run in CI, with the binary as it is run: a part of the contracts, reports for other programs, failures
//! that are known, and no credential in any of it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![allow(dead_code, reason = "servers and runs are shared with other tests")]

mod by_hand;
mod canaries;
mod inert;
mod known;
mod learned;
mod messages;
mod reports;
mod selection;
mod summary;
mod warnings;

#[path = "../support/hostile.rs"]
mod hostile;
#[path = "../support/run.rs"]
mod run;
