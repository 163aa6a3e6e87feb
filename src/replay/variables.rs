//! Values for placeholders: from what the user gave and what a flow captured, never from a page.
//!
//! A value may be given by name, for a placeholder behind a segment of a path (`users.id`), or for the contracts of a
//! glob, by either name. The most qualified counts; of equally qualified ones that of the first layer: flags before the
//! environment before faithful.toml. What a flow captured counts before all of them; what it was to capture,
//! and did not, comes from nowhere.

mod fill;

use super::replace::Replacement;
use crate::contract::ContractId;
use crate::contract::select::Pattern;
use crate::contract::url::Placeholder;
use std::collections::{BTreeMap, BTreeSet};

pub use fill::{Missing, Values};

/// Values by name: `id`, or `users.id`.
pub type Named = BTreeMap<String, String>;

/// Where values come from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Variables {
    captured: Named,
    promised: BTreeSet<String>,
    layers: Vec<Layer>,
    scopes: Vec<(Pattern, Named)>,
    replacements: Vec<Replacement>,
    unknown: Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Layer {
    spelling: Spelling,
    values: Named,
}

/// How the names of a layer are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// As placeholders are.
    Exact,
    /// As environment variables are: letter case and punctuation say nothing, and two underscores stand for the dot.
    Environment,
}

/// What fills a placeholder that has no value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unknown {
    /// Nothing: the request is held back.
    #[default]
    IsMissing,
    /// A lawful value made from its name: the embedded stub takes any.
    IsMadeUp,
    /// The placeholder itself, so that people see where a value will stand.
    Stays,
}

impl Variables {
    /// Adds values that count where none of the layers before has one.
    #[must_use]
    pub fn or(mut self, spelling: Spelling, values: Named) -> Variables {
        let spelled = |name: String| match spelling {
            Spelling::Exact => name,
            Spelling::Environment => loose(&name),
        };
        let values = values.into_iter().map(|(name, value)| (spelled(name), value)).collect();
        self.layers.push(Layer { spelling, values });
        self
    }

    /// Adds values for the contracts of a glob. Of several globs that match a contract the longer one counts.
    #[must_use]
    pub fn of_contracts(mut self, contracts: Pattern, values: Named) -> Variables {
        self.scopes.push((contracts, values));
        self.scopes.sort_by_key(|(contracts, _)| {
            let glob = contracts.to_string();
            (std::cmp::Reverse(glob.len()), glob)
        });
        self
    }

    /// Gives the first layer one more value, or another one.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        if self.layers.first().is_none_or(|layer| layer.spelling != Spelling::Exact) {
            self.layers.insert(0, Layer { spelling: Spelling::Exact, values: Named::new() });
        }
        if let Some(layer) = self.layers.first_mut() {
            layer.values.insert(name.into(), value.into());
        }
    }

    /// The same with what a flow captured, which counts before everything else.
    #[must_use]
    pub fn with_captured(&self, captured: &Named) -> Variables {
        Variables { captured: captured.clone(), ..self.clone() }
    }

    /// The same with names that only what is captured may fill: what was not made must not be mistaken for a thing of
    /// the same name that is somebody else's.
    #[must_use]
    pub fn promised(self, promised: &BTreeSet<String>) -> Variables {
        Variables { promised: promised.clone(), ..self }
    }

    /// The same with something else for placeholders that have no value.
    #[must_use]
    pub fn with_unknown(self, unknown: Unknown) -> Variables {
        Variables { unknown, ..self }
    }

    /// Adds literals of the docs that are replaced.
    #[must_use]
    pub fn replacing(mut self, replacements: impl IntoIterator<Item = Replacement>) -> Variables {
        self.replacements.extend(replacements);
        self
    }

    /// The literals that are replaced, in order. The embedded stub knows the docs alone: for it there are none.
    pub fn replacements(&self) -> &[Replacement] {
        if self.unknown == Unknown::IsMadeUp { &[] } else { &self.replacements }
    }

    /// The values as a contract sees them.
    pub fn of<'v>(&'v self, id: &'v ContractId) -> Values<'v> {
        Values::new(self, id)
    }

    /// All that the user gave, by its names. What a flow captured is not among it.
    pub fn given(&self) -> impl Iterator<Item = (&str, &str)> {
        let layers = self.layers.iter().map(|layer| &layer.values);
        let given = layers.chain(self.scopes.iter().map(|(_, values)| values)).flatten();
        given.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether the user's own values name a host.
    pub(super) fn name_host(&self, host: &str) -> bool {
        self.given().any(|(_, value)| names_host(value, host))
            || self.replacements.iter().any(|replacement| names_host(replacement.with.text(), host))
    }

    /// What was given for a placeholder that stands behind a segment of a path, in a contract.
    fn find(&self, placeholder: &Placeholder<'_>, segment: Option<&str>, id: &ContractId) -> Option<&str> {
        let names = names(placeholder, segment);
        let of_flow = |name: &&String| self.promised.contains(*name) || self.captured.contains_key(*name);
        if let Some(name) = names.iter().find(of_flow) {
            return self.captured.get(name).map(String::as_str);
        }
        let own = || self.scopes.iter().filter(|(contracts, _)| contracts.is_for(id));
        let scoped = names.iter().find_map(|name| own().find_map(|(_, values)| values.get(name)));
        scoped
            .or_else(|| names.iter().find_map(|name| self.layers.iter().find_map(|layer| layer.get(name))))
            .map(String::as_str)
    }
}

impl Layer {
    fn get(&self, name: &str) -> Option<&String> {
        match self.spelling {
            Spelling::Exact => self.values.get(name),
            Spelling::Environment if self.values.is_empty() => None,
            Spelling::Environment => self.values.get(&loose(name)),
        }
    }
}

/// Whether a text holds a host's name as a whole.
pub(super) fn names_host(text: &str, host: &str) -> bool {
    let (text, host) = (text.to_ascii_lowercase(), host.to_ascii_lowercase());
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    text.match_indices(&host).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let behind = text.get(at + host.len()..).and_then(|behind| behind.chars().next());
        !before.is_some_and(goes_on) && !behind.is_some_and(goes_on)
    })
}

/// What a placeholder's value may be called, the most qualified first.
fn names(placeholder: &Placeholder<'_>, segment: Option<&str>) -> Vec<String> {
    let qualified = segment
        .into_iter()
        .flat_map(|segment| placeholder.names.iter().map(move |name| format!("{segment}.{name}")));
    qualified.chain(placeholder.names.iter().map(|name| (*name).to_owned())).collect()
}

/// `CALL_ID` for `callId`, `USERS__ID` for `users.id`.
pub(crate) fn loose(name: &str) -> String {
    let dotted = name.replace("__", ".");
    let letters = dotted.chars().filter(|c| c.is_alphanumeric() || *c == '.');
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn named(pairs: &[(&str, &str)]) -> Named {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    #[rstest]
    #[case("https://Hook.example:8443/x", true)]
    #[case("hook.example", true)]
    #[case("https://evil.hook.example/", false)]
    #[case("hook.example.evil", false)]
    #[case("", false)]
    fn hosts_are_named_as_a_whole(#[case] value: &str, #[case] named_in_it: bool) {
        let variables = Variables::default().or(Spelling::Exact, named(&[("url", value)]));
        assert_eq!(variables.name_host("hook.example"), named_in_it);
        let captured = Variables::default().with_captured(&named(&[("url", value)]));
        assert!(!captured.name_host("hook.example"));
    }

    #[rstest]
    #[case("teams/get", "/users/{id}", "/users/file-users")]
    #[case("teams/get", "/groups/{id}", "/groups/flag")]
    #[case("users/get", "/groups/{id}", "/groups/glob")]
    #[case("users/get", "/users/{id}", "/users/glob-users")]
    #[case("users/me/get", "/users/{id}", "/users/longer-glob")]
    #[case("x", "/calls/{callId}", "/calls/environment")]
    #[case("x", "/calls/{call-id}", "/calls/environment")]
    #[case("x", "/teams/{id}", "/teams/environment-teams")]
    #[case("x", "/a/{fromFile}", "/a/file")]
    fn the_most_qualified_value_counts_then_that_of_the_first_layer(
        #[case] id: &str,
        #[case] url: &str,
        #[case] filled: &str,
    ) {
        let file =
            named(&[("id", "file"), ("callId", "file"), ("users.id", "file-users"), ("fromFile", "file")]);
        let variables = Variables::default()
            .or(Spelling::Exact, named(&[("id", "flag")]))
            .or(
                Spelling::Environment,
                named(&[("CALL_ID", "environment"), ("TEAMS__ID", "environment-teams")]),
            )
            .or(Spelling::Exact, file)
            .of_contracts(
                Pattern::new("users/**").unwrap(),
                named(&[("id", "glob"), ("users.id", "glob-users")]),
            )
            .of_contracts(Pattern::new("users/me/**").unwrap(), named(&[("users.id", "longer-glob")]));
        assert_eq!(variables.of(&ContractId::new(id)).fill_url(url), Ok(filled.to_owned()));
        let captured = variables.with_captured(&named(&[("id", "captured"), ("callId", "captured")]));
        let filled = captured.of(&ContractId::new(id)).fill_url(url).unwrap();
        assert_eq!(filled.contains("captured"), url.contains("{id}") || url.contains("{callId}"), "{filled}");
    }
}
