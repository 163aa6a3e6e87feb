//! Pages of our own, each for one thing that a page may do: what is read of them, and what is said about them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
#[path = "../fuzz/checks.rs"]
mod checks;
mod hostile;
mod lint;
mod outcome;
mod pages;
mod properties;
