//! What may go wrong between the documented request and the verdict, with the binary as it is run: a target that
//! breaks off, lies or never ends, pages and contract files that want more than they may have, outputs that close.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod accounts;
mod bodies;
mod by_hand;
mod care;
mod contracts;
mod credentials;
mod elsewhere;
mod ends;
mod exits;
mod http2;
mod mismatches;
mod network;
mod origin;
mod placeholders;
mod proxies;
mod redirects;
mod renewals;
mod retries;
mod safety;
mod stuck;
mod tls;
mod tokens;
mod untrusted;
mod without_login;

#[path = "../support/frames.rs"]
mod frames;
#[path = "../support/hostile.rs"]
mod hostile;
#[path = "../support/run.rs"]
mod run;
#[path = "../support/secure.rs"]
mod secure;
