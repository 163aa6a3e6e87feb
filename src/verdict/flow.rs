//! What a run lacked, and what it left behind. Data only.

use super::RequestLine;
use crate::contract::ContractId;

/// A placeholder without a value, for which contracts were held back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingVariable {
    /// What faithful.toml calls it: `id`, or `users.id` where `id` alone would say too little.
    pub key: String,
    /// What the docs call it: `{id}`, `{id | name}`.
    pub placeholder: String,
    /// The first contract that needs it.
    pub first: ContractId,
    /// How many contracts need it.
    pub contracts: usize,
}

/// What the clean-up of a flow could not undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftBehind {
    /// Which step: `cleanup 1 of flow users`.
    pub label: String,
    /// Its request as it was sent; as it is written where it was not.
    pub request: RequestLine,
    /// What went wrong with it.
    pub problem: String,
}

impl MissingVariable {
    /// The line of faithful.toml that would supply it, below `[variables]`.
    pub fn line(&self) -> String {
        let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if !self.key.is_empty() && self.key.chars().all(bare) {
            format!("{} = \"…\"", self.key)
        } else {
            format!("{} = \"…\"", super::by_hand::quoted(&self.key))
        }
    }
}
