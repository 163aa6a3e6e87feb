//! `[[replace]]`: literals of the docs, and what is sent instead.

use super::FILE;
use super::rules::json;
use crate::contract::select::Pattern;
use crate::json::Kind;
use crate::replay::jsonpath::JsonPath;
use crate::replay::replace::{Place, Replacement};
use crate::secret::is_credential_header;
use serde::Deserialize;

/// `[[replace]]`, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplaceEntry {
    contract: Option<String>,
    path: Option<String>,
    segment: Option<String>,
    query: Option<String>,
    header: Option<String>,
    at: Option<String>,
    literal: Option<toml::Value>,
    with: toml::Value,
}

impl ReplaceEntry {
    /// What it says, or what is wrong with it.
    pub(super) fn replacement(self, line: u32) -> Result<Replacement, String> {
        let contract = self.contract.as_deref().map(Pattern::new).transpose();
        let contract = contract.map_err(|error| format!("contract: {error}"))?;
        let mut literal = self.literal.as_ref().map(text).transpose()?;
        let mut places = Vec::new();
        let is_given = literal.is_some();
        let in_path = [("path", self.path, Place::Path), ("segment", self.segment, Place::Segment)];
        for (key, text, place) in in_path {
            let Some(text) = text else { continue };
            if is_given {
                return Err(format!("{key} is the literal itself; leave literal out"));
            }
            literal = Some(text);
            places.push(place);
        }
        places.extend(self.query.map(Place::Query));
        if let Some(header) = self.header {
            if is_credential_header(&header) {
                return Err(format!("header: {header} carries credentials; those of a page are never sent"));
            }
            places.push(Place::Header(header));
        }
        if let Some(at) = &self.at {
            places.push(Place::Body(JsonPath::new(at).map_err(|error| format!("at: {error}"))?));
        }
        let mut places = places.into_iter();
        let (Some(place), None) = (places.next(), places.next()) else {
            return Err("say in one way where the literal stands: path, segment, query, header or at".into());
        };
        let with = json(&self.with).map_err(|error| format!("with: {error}"))?;
        if !matches!(place, Place::Body(_)) && matches!(with.root().kind(), Kind::Array | Kind::Object) {
            return Err("with: only in a body can a list or a table stand".into());
        }
        // A second slash would begin a host.
        let is_path = |text: &str| text.starts_with('/') && !text.starts_with("//");
        if place == Place::Path && !with.root().as_str().is_some_and(|text| is_path(&text)) {
            return Err("with: give a path such as \"/v1/users\", to be sent to the target".into());
        }
        Ok(Replacement { contract, place, literal, with, written: format!("{FILE}:{line}") })
    }
}

fn text(value: &toml::Value) -> Result<String, String> {
    let json = json(value).map_err(|error| format!("literal: {error}"))?;
    Ok(json.root().as_str().map_or_else(|| json.text().to_owned(), std::borrow::Cow::into_owned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use rstest::rstest;

    fn read(text: &str) -> Result<Config, String> {
        Config::parse(text, &|_| None).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn entries_come_with_their_lines() {
        let text = "[[replace]]\nsegment = \"u-1\"\nwith = \"{id}\"\n\n[[replace]]\ncontract = \"users/*\"\nat = \"$.a\"\n\
                    literal = 7\nwith = { b = [1] }\n";
        let config = read(text).unwrap();
        let [one, two] = config.replace.as_slice() else { panic!("{config:?}") };
        assert_eq!((&one.place, one.literal.as_deref()), (&Place::Segment, Some("u-1")));
        assert_eq!(one.written, "faithful.toml:1");
        assert_eq!((two.literal.as_deref(), two.with.text()), (Some("7"), "{\"b\":[1]}"));
        assert_eq!(two.written, "faithful.toml:5");
    }

    #[rstest]
    #[case("with = 1\n", "1:1: say in one way where the literal stands")]
    #[case("query = \"a\"\nheader = \"b\"\nwith = 1\n", "1:1: say in one way")]
    #[case("query = \"a\"\n", "missing field `with`")]
    #[case("query = \"a\"\nwith = [1]\n", "with: only in a body")]
    #[case("at = \"a\"\nwith = 1\n", "at: \"a\" is not a JSONPath")]
    #[case("header = \"Authorization\"\nwith = \"x\"\n", "carries credentials")]
    #[case("segment = \"a\"\nliteral = \"b\"\nwith = \"x\"\n", "segment is the literal itself")]
    #[case("path = \"/a\"\nsegment = \"b\"\nwith = \"x\"\n", "1:1: say in one way")]
    #[case("path = \"/a\"\nwith = \"b\"\n", "with: give a path such as")]
    #[case("path = \"/a\"\nwith = \"//evil/b\"\n", "with: give a path such as")]
    #[case("path = \"/a\"\nwith = 7\n", "with: give a path such as")]
    #[case("sement = \"a\"\nwith = \"x\"\n", "did you mean `segment`?")]
    fn entries_that_cannot_be_used_are_named(#[case] entry: &str, #[case] problem: &str) {
        let error = read(&format!("[[replace]]\n{entry}")).unwrap_err();
        assert!(error.contains(problem), "{error}");
    }
}
