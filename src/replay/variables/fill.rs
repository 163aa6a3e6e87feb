//! Puts values into URLs, headers and bodies: encoded for their place, so that none of them becomes something else.

use super::{Unknown, Variables};
use crate::contract::ContractId;
use crate::contract::url::{Placeholder, placeholders, segment_before, whole_placeholder};
use crate::json::Json;
use crate::message::{Body, Headers, media_type};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::cell::RefCell;

/// What a value is encoded to inside a URL: everything but RFC 3986's unreserved characters.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The values of one contract.
#[derive(Debug, Clone)]
pub struct Values<'v> {
    variables: &'v Variables,
    id: &'v ContractId,
    /// All that had no value, in order.
    missing: RefCell<Vec<Missing>>,
}

/// A placeholder that has no value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// What it may be called.
    pub names: Vec<String>,
    /// The segment of the path that it stands behind.
    pub segment: Option<String>,
}

impl Missing {
    /// `{a | b}`
    pub fn shown(&self) -> String {
        format!("{{{}}}", self.names.join(" | "))
    }
}

impl<'v> Values<'v> {
    pub(super) fn new(variables: &'v Variables, id: &'v ContractId) -> Values<'v> {
        Values { variables, id, missing: RefCell::default() }
    }

    /// The placeholders that had no value up to now, in order, each once.
    pub fn missing(&self) -> Vec<Missing> {
        let mut missing: Vec<Missing> = Vec::new();
        for one in self.missing.borrow().iter() {
            if !missing.contains(one) {
                missing.push(one.clone());
            }
        }
        missing
    }

    /// The value of a placeholder that stands behind a segment of a path.
    fn value(&self, placeholder: &Placeholder<'_>, segment: Option<&str>) -> Result<Filling, Missing> {
        if let Some(value) = self.variables.find(placeholder, segment, self.id) {
            return Ok(Filling::Value(value.to_owned()));
        }
        let first = placeholder.names.first().copied().unwrap_or_default();
        match self.variables.unknown {
            Unknown::IsMissing => Err(self.is_missing(placeholder, segment)),
            Unknown::IsMadeUp => {
                let made_up = format!("{first}-value").replace(|c: char| !c.is_alphanumeric(), "-");
                Ok(Filling::Value(made_up))
            }
            Unknown::Stays => Ok(Filling::Itself),
        }
    }

    fn is_missing(&self, placeholder: &Placeholder<'_>, segment: Option<&str>) -> Missing {
        let names = placeholder.names.iter().map(|name| (*name).to_owned()).collect();
        let missing = Missing { names, segment: segment.map(ToOwned::to_owned) };
        self.missing.borrow_mut().push(missing.clone());
        missing
    }

    /// Fills the placeholders of a URL's path and query, each value percent-encoded as a whole.
    pub fn fill_url(&self, url: &str) -> Result<String, Missing> {
        let mut filled = String::with_capacity(url.len());
        let (mut copied, mut missing) = (0, None);
        for placeholder in placeholders(url) {
            let before = url.get(..placeholder.span.start).unwrap_or_default();
            let segment = segment_before(before);
            let value = match self.value(&placeholder, segment) {
                // Nothing in its place would make another URL of it.
                Ok(Filling::Value(value)) if value.is_empty() => Err(self.is_missing(&placeholder, segment)),
                value => value,
            };
            filled.push_str(url.get(copied..placeholder.span.start).unwrap_or_default());
            copied = placeholder.span.end;
            match value {
                // A quote inside an OData key in quotes is doubled.
                Ok(Filling::Value(value)) if before.ends_with('\'') => {
                    filled.extend(utf8_percent_encode(&value.replace('\'', "''"), VALUE));
                }
                Ok(Filling::Value(value)) => filled.extend(utf8_percent_encode(&value, VALUE)),
                Ok(Filling::Itself) => filled.push_str(url.get(placeholder.span).unwrap_or_default()),
                Err(one) => {
                    missing.get_or_insert(one);
                }
            }
        }
        filled.push_str(url.get(copied..).unwrap_or_default());
        missing.map_or(Ok(filled), Err)
    }

    /// Fills the placeholders of header values.
    pub fn fill_headers(&self, headers: &Headers) -> Result<Headers, Missing> {
        headers.iter().map(|(name, value)| Ok((name, self.fill_text(value)?))).collect()
    }

    /// Fills the placeholders of a text.
    pub fn fill_text(&self, text: &str) -> Result<String, Missing> {
        let mut filled = String::with_capacity(text.len());
        let (mut copied, mut missing) = (0, None);
        for placeholder in placeholders(text) {
            filled.push_str(text.get(copied..placeholder.span.start).unwrap_or_default());
            copied = placeholder.span.end;
            match self.value(&placeholder, None) {
                Ok(Filling::Value(value)) => filled.push_str(&value),
                Ok(Filling::Itself) => filled.push_str(text.get(placeholder.span).unwrap_or_default()),
                Err(one) => {
                    missing.get_or_insert(one);
                }
            }
        }
        filled.push_str(text.get(copied..).unwrap_or_default());
        missing.map_or(Ok(filled), Err)
    }

    /// Fills a body. Only a string, or a field of a form, that is one placeholder as a whole, or a `{name}` inside a
    /// URL, needs a value: everything else in brackets is text.
    pub fn fill_body(&self, body: &Body, headers: &Headers) -> Result<Body, Missing> {
        match body {
            Body::Json(json) => self.fill_json(json).map(Body::Json),
            Body::Text(text) if is_form(headers) && self.variables.unknown != Unknown::IsMadeUp => {
                self.fill_form(text).map(Body::Text)
            }
            body => Ok(body.clone()),
        }
    }

    /// Fills the strings of a JSON text.
    pub fn fill_json(&self, json: &Json) -> Result<Json, Missing> {
        let mut missing = None;
        let filled = json.replace_strings(|text| {
            let filled = match whole_placeholder(text) {
                Some(placeholder) => self.value(&placeholder, None).map(|filling| match filling {
                    Filling::Value(value) => value,
                    Filling::Itself => text.to_owned(),
                }),
                None if text.contains("://") && text.contains('{') => self.fill_url(text),
                None => return None,
            };
            filled.map_err(|error| missing.get_or_insert(error).clone()).ok()
        });
        missing.map_or(Ok(filled), Err)
    }

    fn fill_form(&self, form: &str) -> Result<String, Missing> {
        let mut missing = None;
        let field = |field: &str| {
            let (name, value) = field.split_once('=')?;
            let decoded = percent_decode_str(value.trim()).decode_utf8_lossy();
            match self.value(&whole_placeholder(&decoded)?, None) {
                Ok(Filling::Value(value)) => Some(format!("{name}={}", utf8_percent_encode(&value, VALUE))),
                Ok(Filling::Itself) => None,
                Err(one) => {
                    missing.get_or_insert(one);
                    None
                }
            }
        };
        let mut field = field;
        let fields: Vec<String> =
            form.split('&').map(|text| field(text).unwrap_or_else(|| text.to_owned())).collect();
        missing.map_or(Ok(fields.join("&")), Err)
    }
}

/// What comes into a placeholder's place.
enum Filling {
    Value(String),
    /// The placeholder, as it is.
    Itself,
}

fn is_form(headers: &Headers) -> bool {
    let media_type = headers.get("content-type").map(media_type);
    media_type.is_some_and(|media_type| media_type == "application/x-www-form-urlencoded")
}

#[cfg(test)]
mod tests {
    use super::super::{Named, Spelling};
    use super::*;
    use rstest::rstest;

    const PAIRS: [(&str, &str); 5] =
        [("id", "7"), ("users.id", "ann"), ("name", "O'Neil /x"), ("up", "../.."), ("empty", "")];

    fn given() -> Variables {
        let pairs = PAIRS.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        Variables::default().or(Spelling::Exact, pairs.collect())
    }

    fn missing(names: &[&str], segment: Option<&str>) -> Missing {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Missing { names, segment: segment.map(ToOwned::to_owned) }
    }

    fn it() -> ContractId {
        ContractId::new("it")
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
        assert_eq!(given().of(&it()).fill_url(url), Ok(filled.to_owned()));
    }

    #[test]
    fn what_has_no_value_is_named_with_all_its_names_and_its_segment() {
        let (given, it) = (given(), it());
        let values = given.of(&it);
        let first = missing(&["a", "b"], Some("x"));
        assert_eq!(values.fill_url("/x/{a | b}/{c}/{a | b}"), Err(first.clone()));
        assert_eq!(values.missing(), [first, missing(&["c"], None), missing(&["a", "b"], None)]);
        assert_eq!(given.of(&it).fill_url("/x/{empty}/y"), Err(missing(&["empty"], Some("x"))));
        let body = Body::Json(Json::parse(r#"{"a": "{nobody}"}"#).unwrap());
        assert_eq!(given.of(&it).fill_body(&body, &Headers::default()), Err(missing(&["nobody"], None)));
    }

    #[test]
    fn only_whole_strings_and_urls_of_a_body_are_filled() {
        let text = r#"{"{id}": "{id}", "b": "see {id}", "c": "https://h.example/{id}", "d": "<p>id</p>", "e": "<id>"}"#;
        let body = Body::Json(Json::parse(text).unwrap());
        let filled = given().of(&it()).fill_body(&body, &Headers::default()).unwrap();
        let expected = r#"{"{id}":"7","b":"see {id}","c":"https://h.example/7","d":"<p>id</p>","e":"7"}"#;
        assert_eq!(filled.json().unwrap().root().to_compact(), expected);
    }

    #[test]
    fn fields_of_a_form_are_filled_and_encoded() {
        let form = Body::Text("a={name}&b=see {id}&c=%7Bid%7D&d".into());
        let headers = [("Content-Type", "application/x-www-form-urlencoded")].into_iter().collect();
        let filled = given().of(&it()).fill_body(&form, &headers);
        assert_eq!(filled, Ok(Body::Text("a=O%27Neil%20%2Fx&b=see {id}&c=7&d".into())));
        assert_eq!(given().of(&it()).fill_body(&form, &Headers::default()), Ok(form));
    }

    #[test]
    fn a_stub_gets_made_up_values() {
        let made_up = Variables::default().or(Spelling::Exact, Named::new()).with_unknown(Unknown::IsMadeUp);
        assert_eq!(made_up.of(&it()).fill_url("/a/{id | user name}"), Ok("/a/id-value".into()));
        assert_eq!(made_up.of(&it()).fill_url("/a/{user name}"), Ok("/a/user-name-value".into()));
    }

    #[test]
    fn people_are_shown_where_values_will_stand() {
        let shown = given().with_unknown(Unknown::Stays);
        assert_eq!(shown.of(&it()).fill_url("/a/{id}/b/{later}"), Ok("/a/7/b/{later}".into()));
    }
}
