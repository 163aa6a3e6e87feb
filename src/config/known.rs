//! `[[known]]`: failures that people know of.

use crate::config::nearest;
use crate::contract::select::{Pattern, PatternError};
use crate::verdict::{KnownFailure, Rule, Written};
use serde::Deserialize;

/// `[[known]]`, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KnownEntry {
    contract: String,
    rule: String,
    at: Option<String>,
    owner: String,
    reason: String,
    expires: toml::Value,
}

impl KnownEntry {
    /// The failure, or what is wrong with the entry.
    pub(super) fn known(self, written: Written) -> Result<KnownFailure, String> {
        let wrong = |error: PatternError| format!("contract: {error}");
        let contract = Pattern::new(&self.contract).map_err(wrong)?;
        let rule = Rule::named(&self.rule).ok_or_else(|| {
            let meant = nearest(&self.rule, Rule::ALL.iter().map(|rule| rule.name()));
            let meant =
                meant.map_or_else(|| "see the guide".to_owned(), |meant| format!("did you mean {meant}?"));
            format!("rule: no rule is called {}; {meant}", self.rule)
        })?;
        for (name, text) in [("owner", &self.owner), ("reason", &self.reason)] {
            if text.trim().is_empty() {
                return Err(format!("{name}: say who looks after it and why it stands"));
            }
        }
        let day = match &self.expires {
            toml::Value::String(day) => day.clone(),
            toml::Value::Datetime(day) => day.to_string(),
            _ => String::new(),
        };
        let expires = day.parse().map_err(|error| format!("expires: {error}"))?;
        let KnownEntry { at, owner, reason, .. } = self;
        Ok(KnownFailure { contract, rule, at, owner, reason, expires, written })
    }
}
