//! Literals of the docs that a target does not know, replaced by place: the path of the URL or a segment of it, a
//! parameter of the query, a header, a place of the body.
//!
//! What comes in their place may hold placeholders, which are filled as those of a page are.

use super::jsonpath::JsonPath;
use crate::contract::select::Pattern;
use crate::contract::url::{DocumentedUrl, placeholders};
use crate::contract::{Contract, DocumentedRequest};
use crate::json::{Budget, Json, Value};
use crate::message::{Body, Headers};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::borrow::Cow;

/// Everything but RFC 3986's unreserved characters.
const LITERAL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// One literal, and what is sent instead.
#[derive(Debug, Clone, PartialEq)]
pub struct Replacement {
    /// In which contracts; in all where it is none.
    pub contract: Option<Pattern>,
    /// Where it stands.
    pub place: Place,
    /// What stands there; whatever it is where this is none.
    pub literal: Option<String>,
    /// What is sent instead: a text, or for the body any JSON.
    pub with: Json,
    /// Where it is written, for people.
    pub written: String,
}

/// Where a literal of a documented request stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// It is the URL's whole path, as pages shorten one: `/articles` for `/v1/shops/7/articles`.
    Path,
    /// It is a whole segment of the URL's path, or a key in one: `users('…')`.
    Segment,
    /// It is the value of this parameter of the query.
    Query(String),
    /// It is the value of this header.
    Header(String),
    /// It is here in the body.
    Body(JsonPath),
}

/// The request of a contract with its literals replaced: what is sent.
pub(super) fn replaced<'c>(
    contract: &'c Contract,
    replacements: &[Replacement],
) -> Cow<'c, DocumentedRequest> {
    applied(contract, replacements.iter())
}

/// The request of a contract with its literals replaced, its path as the page has it: what the answer is held against.
/// None where that is what is sent.
pub(super) fn on_its_path<'c>(
    contract: &'c Contract,
    replacements: &[Replacement],
) -> Option<Cow<'c, DocumentedRequest>> {
    let is_path = |replacement: &&Replacement| replacement.place == Place::Path;
    let moves = replacements.iter().filter(is_path).any(|replacement| replacement.is_for(contract));
    moves.then(|| applied(contract, replacements.iter().filter(|replacement| !is_path(replacement))))
}

fn applied<'c, 'r>(
    contract: &'c Contract,
    replacements: impl Iterator<Item = &'r Replacement>,
) -> Cow<'c, DocumentedRequest> {
    let mut request = Cow::Borrowed(&contract.request);
    for replacement in replacements.filter(|replacement| replacement.is_for(contract)) {
        if let Some(replaced) = replacement.apply(&request) {
            request = Cow::Owned(replaced);
        }
    }
    request
}

impl Replacement {
    /// Whether it replaces something in a contract.
    pub fn applies(&self, contract: &Contract) -> bool {
        self.is_for(contract) && self.apply(&contract.request).is_some()
    }

    fn is_for(&self, contract: &Contract) -> bool {
        self.contract.as_ref().is_none_or(|pattern| pattern.is_for(&contract.id))
    }

    fn apply(&self, request: &DocumentedRequest) -> Option<DocumentedRequest> {
        let url = |url| DocumentedRequest { url, ..request.clone() };
        match &self.place {
            Place::Path => self.path(&request.url).map(url),
            Place::Segment => self.segments(&request.url).map(url),
            Place::Query(name) => self.parameters(&request.url, name).map(url),
            Place::Header(name) => {
                let headers = self.fields(&request.headers, name)?;
                Some(DocumentedRequest { headers, ..request.clone() })
            }
            Place::Body(path) => {
                let body = Body::Json(self.values(request.body.json()?, path)?);
                // What a page elided is sent whole where somebody says what stands there.
                let elided = request.elided.iter().filter(|pointer| !self.covers(request, path, pointer));
                Some(DocumentedRequest { body, elided: elided.cloned().collect(), ..request.clone() })
            }
        }
    }

    /// Whether what is elided at a place was replaced as a whole.
    fn covers(&self, request: &DocumentedRequest, path: &JsonPath, pointer: &str) -> bool {
        let Some(json) = request.body.json() else { return false };
        let Some(place) = json.root().pointer(pointer) else { return false };
        let around = |value: &Value<'_>| {
            value.span().start <= place.span().start && place.span().end <= value.span().end
        };
        self.chosen(json, path).iter().any(around)
    }

    fn is_meant(&self, text: &str) -> bool {
        self.literal.as_ref().is_none_or(|literal| literal == text)
    }

    fn with(&self) -> Cow<'_, str> {
        self.with.root().as_str().unwrap_or_else(|| Cow::Borrowed(self.with.text()))
    }

    fn path(&self, url: &str) -> Option<String> {
        let documented = DocumentedUrl::new(url);
        let is_it = percent_decode_str(documented.path).decode_utf8_lossy() == self.literal.as_deref()?;
        is_it.then(|| {
            let path = self.with().split('/').map(encoded).collect::<Vec<_>>().join("/");
            joined(documented.origin, &path, documented.query)
        })
    }

    fn segments(&self, url: &str) -> Option<String> {
        let literal = self.literal.as_deref()?;
        let documented = DocumentedUrl::new(url);
        let whole = encoded(&self.with());
        let key = format!("'{}'", literal.replace('\'', "''"));
        let in_key = format!("'{}'", encoded(&self.with()).replace("%27", "%27%27"));
        let replaced = documented.path.split('/').map(|segment| {
            if percent_decode_str(segment).decode_utf8_lossy() == literal {
                whole.clone()
            } else if let Some((name, keys)) = segment.split_once('(') {
                let keys = match keys.strip_suffix(')') {
                    Some(only) if only == literal => format!("{whole})"),
                    _ => keys.replace(&key, &in_key),
                };
                format!("{name}({keys}")
            } else {
                segment.to_owned()
            }
        });
        let path = replaced.collect::<Vec<_>>().join("/");
        (path != documented.path).then(|| joined(documented.origin, &path, documented.query))
    }

    fn parameters(&self, url: &str, name: &str) -> Option<String> {
        let documented = DocumentedUrl::new(url);
        let query = documented.query?;
        let parameter = |parameter: &str| {
            let (written, value) = parameter.split_once('=')?;
            let is_it = percent_decode_str(written).decode_utf8_lossy() == name;
            let is_meant = self.is_meant(&percent_decode_str(value).decode_utf8_lossy());
            (is_it && is_meant).then(|| format!("{written}={}", encoded(&self.with())))
        };
        let replaced: Vec<_> = query.split('&').map(|text| (text, parameter(text))).collect();
        replaced.iter().any(|(_, replaced)| replaced.is_some()).then(|| {
            let query =
                replaced.into_iter().map(|(text, replaced)| replaced.unwrap_or_else(|| text.to_owned()));
            joined(documented.origin, documented.path, Some(&query.collect::<Vec<_>>().join("&")))
        })
    }

    fn fields(&self, headers: &Headers, name: &str) -> Option<Headers> {
        let is_it = |(field, value): &(&str, &str)| field.eq_ignore_ascii_case(name) && self.is_meant(value);
        headers.iter().any(|field| is_it(&field)).then(|| {
            let with = self.with();
            headers.iter().map(|field| if is_it(&field) { (field.0, &*with) } else { field }).collect()
        })
    }

    fn chosen<'j>(&self, json: &'j Json, path: &JsonPath) -> Vec<Value<'j>> {
        let mut chosen = path.find(json);
        chosen.retain(|value| self.is_meant(&value.as_str().unwrap_or(Cow::Borrowed(value.raw()))));
        chosen
    }

    fn values(&self, json: &Json, path: &JsonPath) -> Option<Json> {
        let mut spans: Vec<_> = self.chosen(json, path).iter().map(|value| value.span()).collect();
        spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        let (mut text, mut copied) = (String::new(), 0);
        for span in &spans {
            // Inside of what was replaced already there is nothing left to replace.
            if span.start >= copied {
                text.push_str(json.text().get(copied..span.start)?);
                text.push_str(self.with.text());
                copied = span.end;
            }
        }
        text.push_str(json.text().get(copied..)?);
        if spans.is_empty() { None } else { Json::parse_within(text, &Budget::UNLIMITED).ok() }
    }
}

/// A text as a piece of a URL, its placeholders left to be filled.
fn encoded(text: &str) -> String {
    let (mut encoded, mut copied) = (String::new(), 0);
    for placeholder in placeholders(text) {
        let before = text.get(copied..placeholder.span.start).unwrap_or_default();
        encoded.extend(utf8_percent_encode(before, LITERAL));
        encoded.push_str(text.get(placeholder.span.clone()).unwrap_or_default());
        copied = placeholder.span.end;
    }
    encoded.extend(utf8_percent_encode(text.get(copied..).unwrap_or_default(), LITERAL));
    encoded
}

fn joined(origin: Option<&str>, path: &str, query: Option<&str>) -> String {
    let question = if query.is_some() { "?" } else { "" };
    [origin.unwrap_or_default(), path, question, query.unwrap_or_default()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{ContractId, DocumentedResponse, Provenance, Status};
    use rstest::rstest;

    fn contract(url: &str, body: &str) -> Contract {
        let request = DocumentedRequest {
            method: "POST".into(),
            url: url.into(),
            headers: [("X-Tenant", "old"), ("Accept", "x")].into_iter().collect(),
            elided: vec!["/list".into(), "/b/rest".into()],
            body: Body::Json(Json::parse(body).unwrap()),
            ..DocumentedRequest::default()
        };
        Contract {
            id: ContractId::new("users/post"),
            name: String::new(),
            source: Provenance::default(),
            request,
            response: DocumentedResponse::of_status(Status::Success),
        }
    }

    fn replacement(place: Place, literal: Option<&str>, with: &str) -> Replacement {
        let with = Json::parse(with).unwrap();
        let literal = literal.map(Into::into);
        Replacement { contract: None, place, literal, with, written: String::new() }
    }

    #[rstest]
    #[case(Place::Segment, Some("7"), "\"{id}\"", "https://h.example/users/{id}/a(7)?n=7")]
    #[case(Place::Segment, Some("a(7)"), "\"x y/z\"", "https://h.example/users/7/x%20y%2Fz?n=7")]
    #[case(Place::Path, Some("/users/7/a(7)"), "\"/v1/{c}/a b?\"", "https://h.example/v1/{c}/a%20b%3F?n=7")]
    #[case(Place::Query("n".into()), None, "\"a&b={c}\"", "https://h.example/users/7/a(7)?n=a%26b%3D{c}")]
    #[case(Place::Query("n".into()), None, "8", "https://h.example/users/7/a(7)?n=8")]
    fn in_a_url(#[case] place: Place, #[case] literal: Option<&str>, #[case] with: &str, #[case] url: &str) {
        let contract = contract("https://h.example/users/7/a(7)?n=7", "{}");
        let replaced = replaced(&contract, &[replacement(place, literal, with)]).into_owned();
        let url = if literal == Some("7") { url.replace("a(7)", "a({id})") } else { url.to_owned() };
        assert_eq!(replaced.url, url);
    }

    #[rstest]
    #[case("/users('7')", "\"O'Neil\"", "/users('O%27%27Neil')")]
    #[case("/users(a='7',b='77')", "\"{id}\"", "/users(a='{id}',b='77')")]
    fn in_keys(#[case] url: &str, #[case] with: &str, #[case] expected: &str) {
        let contract = contract(url, "{}");
        let replacement = replacement(Place::Segment, Some("7"), with);
        assert_eq!(replaced(&contract, &[replacement]).url, expected);
    }

    #[test]
    fn in_headers_and_bodies() {
        let contract = contract("/", r#"{"a": "7", "b": {"a": 7, "rest": []}, "list": [1, 2]}"#);
        let all = [
            replacement(Place::Header("x-tenant".into()), None, "\"new\""),
            replacement(Place::Body(JsonPath::new("$..a").unwrap()), Some("7"), "\"{id}\""),
            replacement(Place::Body(JsonPath::new("$.list").unwrap()), None, "[3]"),
        ];
        let replaced = replaced(&contract, &all);
        assert_eq!(replaced.headers, [("X-Tenant", "new"), ("Accept", "x")].into_iter().collect());
        let body = r#"{"a":"{id}","b":{"a":"{id}","rest":[]},"list":[3]}"#;
        assert_eq!(replaced.body.json().unwrap().root().to_compact(), body);
        assert_eq!(replaced.elided, ["/b/rest"]);
        assert!(all.iter().all(|replacement| replacement.applies(&contract)));
    }

    #[rstest]
    #[case(Place::Segment, Some("77"), None)]
    #[case(Place::Path, Some("/users"), None)]
    #[case(Place::Path, Some("/7"), None)]
    #[case(Place::Query("x".into()), None, None)]
    #[case(Place::Header("x-tenant".into()), Some("other"), None)]
    #[case(Place::Body(JsonPath::new("$.x").unwrap()), None, None)]
    #[case(Place::Header("x-tenant".into()), None, Some("teams/*"))]
    fn what_is_not_there_or_not_meant_stays(
        #[case] place: Place,
        #[case] literal: Option<&str>,
        #[case] glob: Option<&str>,
    ) {
        let contract = contract("/users/7?n=7", r#"{"a": "7"}"#);
        let pattern = glob.map(|glob| Pattern::new(glob).unwrap());
        let replacement = Replacement { contract: pattern, ..replacement(place, literal, "1") };
        assert!(!replacement.applies(&contract));
        assert_eq!(*replaced(&contract, &[replacement]), contract.request);
    }
}
