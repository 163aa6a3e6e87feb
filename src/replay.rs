//! placeholder
pub mod target;
pub mod variables;
