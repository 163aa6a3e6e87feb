//! Values for placeholders: from what the user gave, never from the environment and never from a page.

use crate::contract::url::{Placeholder, placeholders, whole_placeholder};
use crate::json::Json;
use crate::message::{Body, Headers};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeMap;

/// What a value is encoded to inside a URL: everything but RFC 3986's unreserved characters.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where values come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variables {
    /// What the user gave, by name, or by `segment.name` for a placeholder behind that segment of a path.
    Given(BTreeMap<String, String>),
    /// What the user gave, and for every other placeholder a lawful value made from its name: the embedded stub
    /// takes any.
    MadeUp(BTreeMap<String, String>),
}

impl Default for Variables {
    fn default() -> Variables {
        Variables::Given(BTreeMap::new())
    }
}

/// The first placeholder that has no value: its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing(pub String);

impl Variables {
    /// The value of a placeholder that stands behind a segment of a path. The more qualified name wins.
    fn value(&self, placeholder: &Placeholder<'_>, segment: Option<&str>) -> Result<String, Missing> {
        let (Variables::Given(given) | Variables::MadeUp(given)) = self;
        let qualified =
            placeholder.names.iter().filter_map(|name| given.get(&format!("{}.{name}", segment?)));
        let plain = placeholder.names.iter().filter_map(|name| given.get(*name));
        if let Some(value) = qualified.chain(plain).next() {
            return Ok(value.clone());
        }
        let first = placeholder.names.first().copied().unwrap_or_default();
        match self {
            Variables::Given(_) => Err(Missing(placeholder.names.join(" | "))),
            Variables::MadeUp(_) => Ok(format!("{first}-value").replace(|c: char| !c.is_alphanumeric(), "-")),
        }
    }

    /// Fills the placeholders of a URL's path and query, each value percent-encoded as a whole.
    pub fn fill_url(&self, url: &str) -> Result<String, Missing> {
        let mut filled = String::with_capacity(url.len());
        let mut copied = 0;
        for placeholder in placeholders(url) {
            let before = url.get(..placeholder.span.start).unwrap_or_default();
            let value = self.value(&placeholder, segment_before(before))?;
            // Nothing in its place would make another URL of it.
            if value.is_empty() {
                return Err(Missing(placeholder.names.join(" | ")));
            }
            filled.push_str(url.get(copied..placeholder.span.start).unwrap_or_default());
            // A quote inside an OData key in quotes is doubled.
            let value = if before.ends_with('\'') { value.replace('\'', "''") } else { value };
            filled.extend(utf8_percent_encode(&value, VALUE));
            copied = placeholder.span.end;
        }
        filled.push_str(url.get(copied..).unwrap_or_default());
        Ok(filled)
    }

    /// Fills the placeholders of header values.
    pub fn fill_headers(&self, headers: &Headers) -> Result<Headers, Missing> {
        headers.iter().map(|(name, value)| Ok((name, self.fill_text(value)?))).collect()
    }

    fn fill_text(&self, text: &str) -> Result<String, Missing> {
        let mut filled = String::with_capacity(text.len());
        let mut copied = 0;
        for placeholder in placeholders(text) {
            filled.push_str(text.get(copied..placeholder.span.start).unwrap_or_default());
            filled.push_str(&self.value(&placeholder, None)?);
            copied = placeholder.span.end;
        }
        filled.push_str(text.get(copied..).unwrap_or_default());
        Ok(filled)
    }

    /// Fills a body. Only a string that is one placeholder as a whole, or a `{name}` inside a URL, needs a value:
    /// everything else in brackets is text.
    pub fn fill_body(&self, body: &Body) -> Result<Body, Missing> {
        let Body::Json(json) = body else { return Ok(body.clone()) };
        self.fill_json(json).map(Body::Json)
    }

    fn fill_json(&self, json: &Json) -> Result<Json, Missing> {
        let mut missing = None;
        let filled = json.replace_strings(|text| {
            let filled = match whole_placeholder(text) {
                Some(placeholder) => self.value(&placeholder, None),
                None if text.contains("://") && text.contains('{') => self.fill_url(text),
                None => return None,
            };
            filled.map_err(|error| missing.get_or_insert(error).clone()).ok()
        });
        missing.map_or(Ok(filled), Err)
    }
}

/// The last whole segment before a place in a path: `users` before the placeholder of `/users/{id}` and `/users('{id}')`.
fn segment_before(before: &str) -> Option<&str> {
    let path = before.split('?').next().unwrap_or(before);
    let last = path.trim_end_matches(['\'', '(', '=']).trim_end_matches('/').rsplit('/').next()?;
    let name = last.split('(').next().unwrap_or(last);
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn given() -> Variables {
        let pairs = [("id", "7"), ("users.id", "ann"), ("name", "O'Neil /x"), ("up", "../.."), ("empty", "")];
        Variables::Given(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    #[rstest]
    #[case("/groups/{id}", "/groups/7")]
    #[case("/users/{id}", "/users/ann")]
    #[case("/users/{other | id}/x", "/users/ann/x")]
    #[case("/users/<id>", "/users/ann")]
    #[case("/a(name='{name}')", "/a(name='O%27%27Neil%20%2Fx')")]
    #[case("/a?q={name}", "/a?q=O%27Neil%20%2Fx")]
    #[case("/a/{up}", "/a/..%2F..")]
    fn urls_are_filled_with_encoded_values(#[case] url: &str, #[case] filled: &str) {
        assert_eq!(given().fill_url(url), Ok(filled.to_owned()));
    }

    #[test]
    fn what_has_no_value_is_named_with_all_its_names() {
        assert_eq!(given().fill_url("/x/{a | b}"), Err(Missing("a | b".into())));
        assert_eq!(given().fill_url("/x/{empty}/y"), Err(Missing("empty".into())));
        let body = Body::Json(Json::parse(r#"{"a": "{nobody}"}"#).unwrap());
        assert_eq!(given().fill_body(&body), Err(Missing("nobody".into())));
    }

    #[test]
    fn only_whole_strings_and_urls_of_a_body_are_filled() {
        let text = r#"{"{id}": "{id}", "b": "see {id}", "c": "https://h.example/{id}", "d": "<p>id</p>", "e": "<id>"}"#;
        let filled = given().fill_body(&Body::Json(Json::parse(text).unwrap())).unwrap();
        let expected = r#"{"{id}":"7","b":"see {id}","c":"https://h.example/7","d":"<p>id</p>","e":"7"}"#;
        assert_eq!(filled.json().unwrap().root().to_compact(), expected);
    }

    #[test]
    fn a_stub_gets_made_up_values() {
        let made_up = Variables::MadeUp(BTreeMap::new());
        assert_eq!(made_up.fill_url("/a/{id | user name}"), Ok("/a/id-value".into()));
        assert_eq!(made_up.fill_url("/a/{user name}"), Ok("/a/user-name-value".into()));
    }
}
