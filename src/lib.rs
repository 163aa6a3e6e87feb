//! placeholder
pub mod contract;
pub mod finding;
pub mod json;
pub mod message;
pub mod source;
pub mod verdict;
