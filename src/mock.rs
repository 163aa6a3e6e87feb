//! Servers that answer from contracts: which contract answers is decided once, in [`route`].

pub mod route;
pub mod stub;
