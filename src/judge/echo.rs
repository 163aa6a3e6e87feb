//! What must be equal although the example is only an illustration: what the documented answer repeats of the
//! documented request, the service must repeat of the request that was sent.

use super::example::Example;
use super::format::same_meaning;
use super::promise::escape;
use crate::contract::Contract;
use crate::contract::url::{DocumentedUrl, Part, PartKind, parts, whole_placeholder};
use crate::json::{Json, Kind, Value};
use crate::message::{Body, Sent};

/// One place of the documented answer that repeats the request.
#[derive(Debug)]
pub(super) struct Echo<'a> {
    /// The way from the root of the answer.
    pub(super) way: Vec<Token<'a>>,
    /// The same as a JSON Pointer of the documented body.
    pub(super) pointer: String,
    /// What the page shows there.
    pub(super) example: Value<'a>,
    /// What it repeats.
    pub(super) source: Source,
}

/// One step into a body.
#[derive(Debug, Clone)]
pub(super) enum Token<'a> {
    Member(std::borrow::Cow<'a, str>),
    Index(usize),
}

/// The part of the request that is repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// The value at the same JSON Pointer of the body.
    Body,
    /// This part of the URL, counted as [`parts`] gives them; its documented text.
    Url(usize, String),
}

/// Finds the echoes of a documented pair, in the order of the answer.
pub(super) fn find(contract: &Contract) -> Vec<Echo<'_>> {
    let Body::Json(answer) = &contract.response.body else { return Vec::new() };
    let sent = contract.request.body.json();
    let url = DocumentedUrl::new(&contract.request.url);
    let mut finder = Finder { parts: parts(&url), way: Vec::new(), found: Vec::new() };
    finder.walk(answer.root(), sent.map(Json::root), "", "");
    finder.found
}

struct Finder<'a> {
    parts: Vec<Part<'a>>,
    way: Vec<Token<'a>>,
    found: Vec<Echo<'a>>,
}

impl<'a> Finder<'a> {
    fn walk(&mut self, shown: Value<'a>, sent: Option<Value<'_>>, pointer: &str, member: &str) {
        match shown.kind() {
            Kind::Object => {
                for child in shown.members() {
                    let name = child.name();
                    let sent = sent.and_then(|sent| sent.get(&name));
                    self.way.push(Token::Member(name.clone()));
                    self.walk(child.value, sent, &format!("{pointer}/{}", escape(&name)), &name);
                    self.way.pop();
                }
            }
            Kind::Array => {
                let mut others = sent.filter(|sent| sent.kind() == Kind::Array).map(Value::elements);
                for (index, element) in shown.elements().enumerate() {
                    let sent = others.as_mut().and_then(Iterator::next);
                    self.way.push(Token::Index(index));
                    self.walk(element, sent, &format!("{pointer}/{index}"), member);
                    self.way.pop();
                }
            }
            _ if member.contains("@odata.") => {}
            _ => {
                let source = match sent {
                    Some(sent) if echoes(shown, sent, member) => Some(Source::Body),
                    _ => self.url_source(shown),
                };
                if let Some(source) = source {
                    let (way, pointer) = (self.way.clone(), pointer.to_owned());
                    self.found.push(Echo { way, pointer, example: shown, source });
                }
            }
        }
    }

    /// The part of the URL that a shown string repeats, where that cannot be chance.
    fn url_source(&self, shown: Value<'_>) -> Option<Source> {
        let text = shown.as_str()?;
        let telling = |part: &Part<'_>| {
            part.kind == PartKind::QuotedKey
                || whole_placeholder(&part.text).is_some()
                || text.bytes().any(|byte| byte.is_ascii_digit())
                || text.chars().count() >= 12
        };
        let index =
            self.parts.iter().position(|part| part.text == text && !text.is_empty() && telling(part))?;
        Some(Source::Url(index, text.into_owned()))
    }
}

/// Whether a shown scalar repeats the scalar that is sent at the same place.
fn echoes(shown: Value<'_>, sent: Value<'_>, member: &str) -> bool {
    match (shown.kind(), sent.kind()) {
        (Kind::String, Kind::String) => {
            let text = shown.as_str().unwrap_or_default();
            !text.is_empty()
                && sent.as_str().is_some_and(|sent| sent == text)
                && Example::of(&text, member).is_value()
        }
        (Kind::Number, Kind::Number) => shown.as_number() == sent.as_number(),
        (Kind::Bool, Kind::Bool) => shown.as_bool() == sent.as_bool(),
        _ => false,
    }
}

/// An echo that did not come back.
#[derive(Debug)]
pub(super) struct Broken<'v> {
    /// The way into the answer; none where any element of an array on the way would have done.
    pub(super) way: Vec<Option<usize>>,
    /// What was sent.
    pub(super) expected: Json,
    /// What came; none where no element of an array holds what was sent.
    pub(super) actual: Option<Value<'v>>,
}

impl Echo<'_> {
    /// Holds an answer against what was sent: by index where both arrays are equally long, else by membership.
    /// A place that did not come is a missing member, which is another rule's.
    pub(super) fn check<'v>(&self, sent: &Sent, answer: Value<'v>) -> Option<Broken<'v>> {
        match &self.source {
            Source::Body => {
                let body = sent.body.json()?.root();
                let expected = follow(body, &self.way)?;
                compare(&self.way, Some(body), answer, expected)
            }
            Source::Url(index, _) => {
                let url = DocumentedUrl::new(&sent.documented_url);
                let expected = Json::string(&parts(&url).get(*index)?.text);
                compare(&self.way, None, answer, expected.root())
            }
        }
    }
}

fn follow<'v>(root: Value<'v>, way: &[Token<'_>]) -> Option<Value<'v>> {
    way.iter().try_fold(root, |value, token| match token {
        Token::Member(name) => value.get(name),
        Token::Index(index) => value.elements().nth(*index),
    })
}

fn compare<'v>(
    way: &[Token<'_>],
    sent: Option<Value<'_>>,
    answer: Value<'v>,
    expected: Value<'_>,
) -> Option<Broken<'v>> {
    let Some((token, rest)) = way.split_first() else {
        return (!same(expected, answer)).then(|| Broken {
            way: Vec::new(),
            expected: expected.to_json(),
            actual: Some(answer),
        });
    };
    match token {
        Token::Member(name) => {
            compare(rest, sent.and_then(|sent| sent.get(name)), answer.get(name)?, expected)
        }
        Token::Index(index) => {
            if answer.kind() != Kind::Array {
                return None;
            }
            let element = sent.and_then(|sent| sent.elements().nth(*index));
            if sent.is_some_and(|sent| sent.len() == answer.len()) {
                let mut broken = compare(rest, element, answer.elements().nth(*index)?, expected)?;
                broken.way.insert(0, Some(*index));
                return Some(broken);
            }
            // A URL is repeated by some element of a collection; an empty one has nothing to hold it against.
            let none = sent.is_none() && answer.is_empty();
            let found = answer
                .elements()
                .any(|other| follow_any(rest, other) && compare(rest, element, other, expected).is_none());
            (!none && !found).then(|| Broken { way: vec![None], expected: expected.to_json(), actual: None })
        }
    }
}

/// Whether the way leads to a value at all.
fn follow_any(way: &[Token<'_>], value: Value<'_>) -> bool {
    let Some((token, rest)) = way.split_first() else { return true };
    match token {
        Token::Member(name) => value.get(name).is_some_and(|value| follow_any(rest, value)),
        Token::Index(_) => value.elements().any(|value| follow_any(rest, value)),
    }
}

/// Equal by the meaning of the format.
pub(super) fn same(one: Value<'_>, two: Value<'_>) -> bool {
    match (one.as_str(), two.as_str()) {
        (Some(one), Some(two)) => same_meaning(&one, &two),
        (None, None) => {
            one.kind() == two.kind()
                && (one.raw() == two.raw() || one.as_number() == two.as_number() && one.as_number().is_some())
        }
        _ => false,
    }
}
