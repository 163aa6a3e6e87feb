//! `[variables]`: values by name, made-up ones, and tables of values for the contracts of a glob.

use super::Config;
use crate::contract::select::Pattern;
use crate::replay::made_up::{Recipe, Source};
use crate::replay::variables::{Named, Spelling, Variables};
use crate::secret::is_credential_name;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A value of `[variables]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "a text, a number, true or false, { make = \"uuid\" }, or a table of these")]
pub enum Value {
    /// As it is.
    Text(String),
    /// Without quotes.
    Number(i64),
    /// Without quotes too.
    Bool(bool),
    /// `{ make = "now+1h", format = "date" }`
    Made(Made),
    /// For the contracts of the glob that it is called.
    Scope(BTreeMap<String, Value>),
}

/// How a value is made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    make: String,
    format: Option<String>,
}

impl Value {
    /// What is wrong with a value of this name, if something is.
    pub(super) fn check(&self, name: &str) -> Result<(), String> {
        match self {
            Value::Text(_) | Value::Number(_) | Value::Bool(_) => Ok(()),
            Value::Made(made) => {
                made.recipe().map(drop).map_err(|wrong| format!("variables: {name}: {wrong}"))
            }
            Value::Scope(values) if values.contains_key("make") => {
                Err(format!("variables: {name}: a value that is made up has make and format alone"))
            }
            Value::Scope(values) => {
                Pattern::new(name).map_err(|wrong| format!("variables: {name:?}: {wrong}"))?;
                values.iter().try_for_each(|(inner, value)| match value {
                    Value::Scope(_) => Err(format!(
                        "variables: {name:?}: {inner:?} is a table in a table; give a text, a number or {{ make = \"uuid\" }}"
                    )),
                    value => value.check(inner),
                })
            }
        }
    }

    /// The texts of a value, to be filled from the environment.
    pub(super) fn texts(&mut self) -> Vec<&mut String> {
        match self {
            Value::Text(text) => vec![text],
            Value::Scope(values) => values.values_mut().flat_map(Value::texts).collect(),
            Value::Number(_) | Value::Bool(_) | Value::Made(_) => Vec::new(),
        }
    }

    /// The text that fills a placeholder; none of a table.
    pub fn text(&self, name: &str, source: &Source) -> Option<String> {
        match self {
            Value::Text(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(value) => Some(value.to_string()),
            Value::Made(made) => made.recipe().ok().map(|recipe| recipe.make(name, source)),
            Value::Scope(_) => None,
        }
    }
}

impl Config {
    /// Drops values with such a text.
    pub fn drop_variables(&mut self, is: &dyn Fn(&str) -> bool) {
        fn drop_of(values: &mut BTreeMap<String, Value>, is: &dyn Fn(&str) -> bool) {
            values.retain(|_, value| !matches!(value, Value::Text(text) if is(text)));
            for value in values.values_mut() {
                if let Value::Scope(inner) = value {
                    drop_of(inner, is);
                }
            }
        }
        drop_of(&mut self.variables, is);
    }

    /// Whether a value of this text has a name that says that it is a credential.
    pub fn calls_a_credential(&self, text: &str) -> bool {
        fn calls(values: &BTreeMap<String, Value>, text: &str) -> bool {
            values.iter().any(|(name, value)| match value {
                Value::Text(own) => {
                    own == text && is_credential_name(name.rsplit('.').next().unwrap_or_default())
                }
                Value::Scope(inner) => calls(inner, text),
                Value::Number(_) | Value::Bool(_) | Value::Made(_) => false,
            })
        }
        calls(&self.variables, text)
    }

    /// What fills placeholders and replaces literals: the given values before those of the file.
    pub fn values(&self, source: &Source, given: Variables) -> Variables {
        let named = |values: &BTreeMap<String, Value>| -> Named {
            values
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), value.text(name, source)?)))
                .collect()
        };
        let scopes = self.variables.iter().filter_map(|(glob, value)| match value {
            Value::Scope(values) => Some((Pattern::new(glob).ok()?, named(values))),
            _ => None,
        });
        let variables = given.or(Spelling::Exact, named(&self.variables));
        scopes
            .fold(variables, |variables, (contracts, values)| variables.of_contracts(contracts, values))
            .replacing(self.replace.iter().cloned())
    }
}

impl Made {
    fn recipe(&self) -> Result<Recipe, String> {
        Recipe::read(&self.make, self.format.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::replay::made_up::Source;
    use rstest::rstest;

    fn read(text: &str) -> Result<Config, String> {
        Config::parse(text, &|name| (name == "TENANT").then(|| "t1".to_owned()))
            .map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn values_of_all_kinds() {
        let text = "[variables]\nid = 7\nlive = true\n\"users.id\" = \"ann\"\nday = { make = \"now+1d\", format = \"date\" }\n\
                    [variables.\"users/*\"]\nid = \"bob\"\ntenant = \"${TENANT}\"\n";
        let config = read(text).unwrap();
        let text = |name: &str| config.variables[name].text(name, &Source::FIXED);
        assert_eq!(text("id").as_deref(), Some("7"));
        assert_eq!(text("live").as_deref(), Some("true"));
        assert_eq!(text("users.id").as_deref(), Some("ann"));
        assert_eq!(text("day").as_deref(), Some("2000-01-02"));
        let variables = config.values(&Source::FIXED, crate::replay::variables::Variables::default());
        let filled =
            variables.of(&crate::contract::ContractId::new("users/get")).fill_url("/{id}/{tenant}/{day}");
        assert_eq!(filled, Ok("/bob/t1/2000-01-02".to_owned()));
    }

    #[rstest]
    #[case("[variables]\nid = 1.5\n", "2:6: ")]
    #[case(
        "[variables]\nid = { make = \"uid\" }\n",
        "2:8: variables: id: \"uid\" cannot be made; there are uuid"
    )]
    #[case("[variables.\"a/[\"]\nid = 7\n", "variables: \"a/[\": not a glob")]
    #[case("[variables]\nid = { make = \"now\", fromat = \"date\" }\n", "has make and format alone")]
    #[case("[variables.\"a/*\".\"b\"]\nid = 7\n", "\"b\" is a table in a table")]
    fn what_is_no_value_is_named(#[case] text: &str, #[case] problem: &str) {
        let error = read(text).unwrap_err();
        assert!(error.contains(problem), "{error}");
    }
}
