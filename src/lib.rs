//! placeholder
pub mod json;
pub mod source;
