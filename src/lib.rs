//! placeholder
#[cfg(feature = "cli")]
pub mod cli;
pub mod contract;
pub mod docs;
pub mod finding;
pub mod json;
pub mod judge;
pub mod message;
pub mod mock;
pub mod replay;
pub mod report;
pub mod secret;
pub mod source;
pub mod verdict;
pub mod verify;
