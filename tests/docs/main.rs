//! Pages of our own, each for one thing that a page may do: what is read of them, and what is said about them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
mod hostile;
mod lint;
mod outcome;
mod pages;
mod properties;
