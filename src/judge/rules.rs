//! Rules by hand, compiled: which contracts each is for, which places it matches, and what it says of them.

use super::format::Format;
use crate::contract::ContractId;
use crate::contract::select::Pattern;
use crate::json::Json;
use crate::verdict::{Effect, Level, RuleByHand};
use jsonpath_rust::parser::errors::JsonPathError;
use jsonpath_rust::parser::model::JpQuery;
use jsonpath_rust::parser::parse_json_path;
use regex::{Regex, RegexBuilder};
use std::sync::Arc;

/// Rules by hand, in the order in which they were written: of those that match a place the last one counts.
///
/// ```
/// use faithful::judge::rules::Rules;
/// use faithful::verdict::{Effect, Level, RuleByHand, Written};
///
/// let rule = |at: &str| RuleByHand {
///     contract: Some("users/*".into()),
///     at: at.into(),
///     effect: Effect::Level(Level::Ignore),
///     written: Written::Nowhere,
/// };
/// assert!(Rules::new([rule("$.value[*].lastLogin")]).is_ok());
/// assert!(Rules::new([rule("value.lastLogin")]).is_err());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Rules(Vec<Arc<Compiled>>);

/// Why a rule by hand cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {problem}", .rule.written)]
pub struct RuleError {
    /// The rule.
    pub rule: Box<RuleByHand>,
    /// What is wrong with it.
    pub problem: String,
}

/// A rule that can be asked.
#[derive(Debug, Clone)]
pub(super) struct Compiled {
    /// Its position among the rules.
    pub(super) order: usize,
    pub(super) rule: RuleByHand,
    contract: Option<Pattern>,
    pub(super) query: JpQuery,
    pub(super) says: Says,
}

/// What a rule says of a place.
#[derive(Debug, Clone)]
pub(super) enum Says {
    Level(Level),
    Format(Format),
    Null,
    Absent,
    Extra,
    Keys,
    Equals(Json),
    Matches(Regex),
}

/// How large a compiled regular expression may get, in bytes.
const REGEX_SIZE: usize = 1 << 20;

impl Rules {
    /// Compiles rules.
    pub fn new(rules: impl IntoIterator<Item = RuleByHand>) -> Result<Rules, RuleError> {
        let compiled = rules.into_iter().enumerate().map(|(order, rule)| compile(order, rule).map(Arc::new));
        compiled.collect::<Result<_, _>>().map(Rules)
    }

    /// The rules, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &RuleByHand> {
        self.0.iter().map(|compiled| &compiled.rule)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The positions of the rules that are for a contract.
    pub fn selecting<'r>(&'r self, id: &'r ContractId) -> impl Iterator<Item = usize> + 'r {
        self.of(id).map(|compiled| compiled.order)
    }

    pub(super) fn of<'r>(&'r self, id: &'r ContractId) -> impl Iterator<Item = &'r Arc<Compiled>> {
        self.0.iter().filter(|rule| rule.contract.as_ref().is_none_or(|pattern| pattern.is_for(id)))
    }
}

fn compile(order: usize, rule: RuleByHand) -> Result<Compiled, RuleError> {
    match read(&rule) {
        Ok((contract, query, says)) => Ok(Compiled { order, rule, contract, query, says }),
        Err(problem) => Err(RuleError { rule: Box::new(rule), problem }),
    }
}

fn read(rule: &RuleByHand) -> Result<(Option<Pattern>, JpQuery, Says), String> {
    let contract = rule.contract.as_deref().map(Pattern::new).transpose();
    let contract = contract.map_err(|error| format!("contract: {error}"))?;
    let query = parse_json_path(&rule.at)
        .map_err(|error| format!("at: {:?} is not a JSONPath, such as $.id: {}", rule.at, shortly(&error)))?;
    let says = match &rule.effect {
        Effect::Level(level) => Says::Level(*level),
        Effect::Null => Says::Null,
        Effect::Absent => Says::Absent,
        Effect::Extra => Says::Extra,
        Effect::Keys => Says::Keys,
        Effect::Equals(json) => Says::Equals(json.clone()),
        Effect::Format(name) => {
            let names = Format::ALL.map(Format::name);
            let unknown = || format!("format: {name:?} is none of {}", names.join(", "));
            Says::Format(Format::named(name).ok_or_else(unknown)?)
        }
        Effect::Matches(pattern) => {
            let compiled = RegexBuilder::new(pattern).size_limit(REGEX_SIZE).build();
            Says::Matches(compiled.map_err(|error| format!("matches: {}", one_line(&error.to_string())))?)
        }
    };
    Ok((contract, query, says))
}

/// What is wrong with a path, in a line: the parser draws a picture.
fn shortly(error: &JsonPathError) -> String {
    let text = error.to_string();
    let column = text.split("--> 1:").nth(1).and_then(|rest| rest.split('\n').next());
    let said = text.rsplit("= ").next().unwrap_or_default().replace('_', " ");
    match column {
        Some(column) => format!("column {}: {}", column.trim(), one_line(&said)),
        None => one_line(&text),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Written;
    use rstest::rstest;

    fn rule(contract: &str, at: &str, effect: Effect) -> RuleByHand {
        let written = Written::File { file: "faithful.toml".into(), line: 7 };
        RuleByHand { contract: Some(contract.to_owned()), at: at.to_owned(), effect, written }
    }

    #[rstest]
    #[case(rule("a/[b", "$", Effect::Null), "contract: not a glob")]
    #[case(
        rule("*", "$.a[", Effect::Null),
        "at: \"$.a[\" is not a JSONPath, such as $.id: column 5: expected"
    )]
    #[case(rule("*", "a.b", Effect::Null), "column 1: expected")]
    #[case(rule("*", "$[99999999999999999999]", Effect::Null), "is not a JSONPath")]
    #[case(rule("*", "$", Effect::Format("gui".into())), "format: \"gui\" is none of guid, date-time")]
    #[case(rule("*", "$", Effect::Matches("(".into())), "matches: regex parse error")]
    #[case(rule("*", "$", Effect::Matches(r"\w{9}{9}{9}{9}".into())), "exceeds size limit")]
    fn what_cannot_be_used_is_named_with_its_line(#[case] rule: RuleByHand, #[case] problem: &str) {
        let error = Rules::new([rule]).unwrap_err().to_string();
        assert!(error.starts_with("faithful.toml:7: ") && error.contains(problem), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }

    #[test]
    fn a_rule_is_for_the_contracts_that_its_glob_matches() {
        let everywhere = RuleByHand { contract: None, ..rule("", "$", Effect::Null) };
        let rules = Rules::new([rule("users/*", "$", Effect::Null), everywhere]).unwrap();
        let selecting = |id: &str| rules.selecting(&ContractId::new(id)).collect::<Vec<_>>();
        assert_eq!(selecting("users/get"), [0, 1]);
        assert_eq!(selecting("teams/get"), [1]);
    }
}
