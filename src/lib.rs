//! placeholder
pub mod contract;
pub mod docs;
pub mod finding;
pub mod json;
pub mod message;
pub mod source;
