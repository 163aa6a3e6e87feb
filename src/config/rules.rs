//! `[[rules]]` and `[[skip]]`: what people say of contracts, entry by entry.

use super::Skip;
use crate::contract::select::{LetterCase, Pattern, PatternError, Selector};
use crate::json::{Budget, Json, quote};
use crate::verdict::{Effect, Level, RuleByHand, Written};
use serde::Deserialize;
use std::fmt::Write as _;

/// `[[rules]]`, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleEntry {
    contract: Option<String>,
    at: String,
    level: Option<LevelName>,
    format: Option<String>,
    null: Option<Lawful>,
    absent: Option<Lawful>,
    extra: Option<Lawful>,
    keys: Option<Keys>,
    equals: Option<toml::Value>,
    matches: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LevelName {
    Exact,
    Type,
    Shape,
    Ignore,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Lawful {
    Ok,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Keys {
    Any,
}

impl RuleEntry {
    /// The rule, or what is wrong with the entry.
    pub(super) fn rule(self, written: Written) -> Result<RuleByHand, String> {
        let level = self.level.map(|name| match name {
            LevelName::Exact => Level::Exact,
            LevelName::Type => Level::Type,
            LevelName::Shape => Level::Shape,
            LevelName::Ignore => Level::Ignore,
        });
        let equals =
            self.equals.as_ref().map(json).transpose().map_err(|wrong| format!("equals: {wrong}"))?;
        let lawful = |lawful: Option<Lawful>, effect| lawful.map(|Lawful::Ok| effect);
        let said = [
            ("level", level.map(Effect::Level)),
            ("format", self.format.map(Effect::Format)),
            ("null", lawful(self.null, Effect::Null)),
            ("absent", lawful(self.absent, Effect::Absent)),
            ("extra", lawful(self.extra, Effect::Extra)),
            ("keys", self.keys.map(|Keys::Any| Effect::Keys)),
            ("equals", equals.map(Effect::Equals)),
            ("matches", self.matches.map(Effect::Matches)),
        ];
        let names: Vec<&str> =
            said.iter().filter(|(_, effect)| effect.is_some()).map(|(name, _)| *name).collect();
        let known = said.each_ref().map(|(name, _)| *name).join(", ");
        let several = match names.as_slice() {
            [] => return Err(format!("this rule says nothing; give one of {known}")),
            [_] => None,
            names => Some(names.join(" and ")),
        };
        if let Some(several) = several {
            return Err(format!("this rule says {several}; give each a [[rules]] of its own"));
        }
        let effect = said.into_iter().find_map(|(_, effect)| effect).ok_or("this rule says nothing")?;
        Ok(RuleByHand { contract: self.contract, at: self.at, effect, written })
    }
}

/// A value of TOML as JSON; a date is the text that it is written as.
pub(super) fn json(value: &toml::Value) -> Result<Json, String> {
    let mut text = String::new();
    write_json(value, &mut text)?;
    Json::parse_within(text, &Budget::UNLIMITED).map_err(|error| error.to_string())
}

fn write_json(value: &toml::Value, text: &mut String) -> Result<(), String> {
    match value {
        toml::Value::String(string) => quote(string, text),
        toml::Value::Integer(figure) => {
            let _ = write!(text, "{figure}");
        }
        toml::Value::Float(figure) if figure.is_finite() => {
            let _ = write!(text, "{figure:?}");
        }
        toml::Value::Float(figure) => return Err(format!("JSON has no {figure}")),
        toml::Value::Boolean(value) => {
            let _ = write!(text, "{value}");
        }
        toml::Value::Datetime(date) => quote(&date.to_string(), text),
        toml::Value::Array(elements) => {
            text.push('[');
            for (index, element) in elements.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                write_json(element, text)?;
            }
            text.push(']');
        }
        toml::Value::Table(members) => {
            text.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                quote(name, text);
                text.push(':');
                write_json(member, text)?;
            }
            text.push('}');
        }
    }
    Ok(())
}

/// `[[skip]]`, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SkipEntry {
    contract: Option<String>,
    method: Option<String>,
    path: Option<String>,
    reason: String,
}

impl SkipEntry {
    /// Which contracts are not to be sent, and why; or what is wrong with the entry.
    pub(super) fn skip(self, line: u32) -> Result<Skip, String> {
        let read = |name: &str, glob: Option<String>, case| {
            let wrong = |error: PatternError| format!("{name}: {error}");
            glob.map(|glob| Pattern::read(&glob, case).map_err(wrong)).transpose()
        };
        let these = Selector {
            contract: read("contract", self.contract, LetterCase::Counts)?,
            method: read("method", self.method, LetterCase::SaysNothing)?,
            path: read("path", self.path, LetterCase::Counts)?,
        };
        if these.is_open() {
            return Err("this entry skips everything; give a contract, a method or a path".to_owned());
        }
        if self.reason.trim().is_empty() {
            return Err("reason: say why, so that it can be taken back one day".to_owned());
        }
        Ok(Skip { these, reason: self.reason, line })
    }
}
