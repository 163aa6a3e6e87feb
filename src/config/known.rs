//! `[[known]]`: failures that people know of.

use super::rules::json;
use crate::config::nearest;
use crate::contract::select::{Pattern, PatternError};
use crate::json::Json;
use crate::verdict::{KnownFailure, Rule, Written};
use serde::Deserialize;

/// `[[known]]`, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KnownEntry {
    contract: String,
    rule: String,
    at: Option<String>,
    actual: Option<toml::Value>,
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
        let actual = self.actual.as_ref().map(json).transpose();
        let actual = actual.and_then(|actual| checked(rule, actual));
        let actual = actual.map_err(|error| format!("actual: {error}"))?;
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
        Ok(KnownFailure { contract, rule, at, actual, owner, reason, expires, written })
    }
}

/// What is known to come; what is wrong with it where it can excuse nothing, or everything.
fn checked(rule: Rule, actual: Option<Json>) -> Result<Option<Json>, String> {
    let is_status = |json: &Json| json.text().parse().is_ok_and(|status: u16| (100..=999).contains(&status));
    match (rule, &actual) {
        (Rule::Status, None) => {
            Err("without it an entry for the status excuses an outage too; add the line \
             `actual = 500`, or whichever is known to come instead of the documented one"
                .to_owned())
        }
        (Rule::Status, Some(json)) if !is_status(json) => {
            Err("give the status as a number, such as 500".to_owned())
        }
        (Rule::MemberMissing | Rule::HeaderMissing | Rule::BodyMissing, Some(_)) => {
            Err(format!("nothing comes where rule = \"{}\"; leave it out", rule.name()))
        }
        _ => Ok(actual),
    }
}
