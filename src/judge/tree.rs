//! The places of an answer as rules by hand see them: what came, and beside it what is documented and did not come.
//!
//! It is built for contracts that have rules, and for them alone. Every place has a number, so that what a path finds
//! in it leads back to the place. It grows no deeper than rules by hand are asked for: neither the tree nor a path over
//! it may overflow.

use super::promise::{DEEPEST, Place};
use crate::json::{Kind, Value};
use jsonpath_rust::query::queryable::Queryable;
use std::collections::BTreeMap;

/// A place, and what is in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    /// Its number; the root's is 0.
    pub(super) id: usize,
    pub(super) presence: Presence,
    content: Content,
}

/// Whether a place came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Presence {
    #[default]
    Came,
    /// It is documented, and is not there.
    Missing,
}

#[derive(Debug, Clone, Default)]
enum Content {
    #[default]
    Null,
    Bool(bool),
    Number(f64, Option<i64>),
    Text(String),
    Array(Vec<Node>),
    Object(BTreeMap<String, Node>),
    /// Null came where an object is documented, whose members are missing.
    NullFor(BTreeMap<String, Node>),
    /// What would stand here did not come.
    Unknown,
}

impl Node {
    /// What came, united with what is documented, by all examples together and by the `shown` one that has the same
    /// index; where nothing came, all of what is documented.
    pub(super) fn unite(
        answer: Option<Value<'_>>,
        place: Option<&Place<'_>>,
        shown: Option<Value<'_>>,
    ) -> Node {
        Growth { places: 0 }.node(answer, place, shown, DEEPEST + 1)
    }

    /// Whether an object is here, or null for one.
    pub(super) fn is_object(&self) -> bool {
        matches!(self.content, Content::Object(_) | Content::NullFor(_))
    }

    /// A member's place.
    pub(super) fn member(&self, name: &str) -> Option<&Node> {
        match &self.content {
            Content::Object(members) | Content::NullFor(members) => members.get(name),
            _ => None,
        }
    }

    /// An element's place.
    pub(super) fn element(&self, index: usize) -> Option<&Node> {
        match &self.content {
            Content::Array(elements) => elements.get(index),
            _ => None,
        }
    }

    /// The same without what is missing.
    pub(super) fn came(&self) -> Node {
        let is_here = |node: &&Node| node.presence == Presence::Came;
        let content = match &self.content {
            Content::Array(elements) => {
                Content::Array(elements.iter().filter(is_here).map(Node::came).collect())
            }
            Content::Object(members) => {
                let members = members.iter().filter(|(_, node)| is_here(node));
                Content::Object(members.map(|(name, node)| (name.clone(), node.came())).collect())
            }
            Content::NullFor(_) => Content::Null,
            other => other.clone(),
        };
        Node { content, ..*self }
    }
}

/// Counts places while a tree grows.
struct Growth {
    places: usize,
}

impl Growth {
    fn node(
        &mut self,
        value: Option<Value<'_>>,
        place: Option<&Place<'_>>,
        shown: Option<Value<'_>>,
        depth: usize,
    ) -> Node {
        let id = self.places;
        self.places += 1;
        let presence = if value.is_some() { Presence::Came } else { Presence::Missing };
        let content = match (value, depth.checked_sub(1)) {
            (_, None) => Content::Unknown,
            (Some(value), Some(depth)) => self.given(value, place, shown, depth),
            (None, Some(depth)) => self.missing(place, depth),
        };
        Node { id, presence, content }
    }

    fn given(
        &mut self,
        value: Value<'_>,
        place: Option<&Place<'_>>,
        shown: Option<Value<'_>>,
        depth: usize,
    ) -> Content {
        match value.kind() {
            Kind::Null => match self.missing(place, depth) {
                Content::Object(members) => Content::NullFor(members),
                _ => Content::Null,
            },
            Kind::Bool => Content::Bool(value.as_bool().unwrap_or_default()),
            Kind::Number => {
                Content::Number(value.raw().parse().unwrap_or(f64::NAN), value.raw().parse().ok())
            }
            Kind::String => Content::Text(value.as_str().unwrap_or_default().into_owned()),
            Kind::Array => {
                let template = place.and_then(|place| place.elements.as_deref());
                let first = shown.and_then(|shown| shown.elements().next());
                let mut shown = shown.into_iter().flat_map(Value::elements);
                let mut elements = Vec::new();
                for element in value.elements() {
                    let place = template.map(|template| template.of(element).unwrap_or(&template.common));
                    elements.push(self.node(Some(element), place, shown.next().or(first), depth));
                }
                if let (true, Some(place)) = (elements.is_empty(), place) {
                    return self.elements(place, depth);
                }
                Content::Array(elements)
            }
            Kind::Object => {
                let documented = place.map(|place| place.members.as_slice()).unwrap_or_default();
                let mut members = BTreeMap::new();
                let mut next = 0;
                for member in value.members() {
                    let name = member.name();
                    // Members mostly come in the order in which they are documented.
                    let is_next = documented.get(next).is_some_and(|known| known.name == name);
                    let at = if is_next {
                        Some(next)
                    } else {
                        documented.iter().position(|known| known.name == name)
                    };
                    next = at.map_or(next, |at| at + 1);
                    let known = at.and_then(|at| documented.get(at)).map(|known| &known.place);
                    let place = known.or_else(|| place?.keyed.as_deref());
                    let beside = shown.and_then(|shown| shown.get(&name));
                    let node = self.node(Some(member.value), place, beside, depth);
                    members.insert(name.into_owned(), node);
                }
                for known in documented {
                    if !members.contains_key(known.name.as_ref()) {
                        members
                            .insert(known.name.to_string(), self.node(None, Some(&known.place), None, depth));
                    }
                }
                // Elements of another type than the one that came stand at its index on the page.
                for known in shown.into_iter().flat_map(Value::members) {
                    if !members.contains_key(known.name().as_ref()) {
                        members.insert(known.name().into_owned(), self.node(None, None, None, depth));
                    }
                }
                Content::Object(members)
            }
        }
    }

    fn missing(&mut self, place: Option<&Place<'_>>, depth: usize) -> Content {
        match place {
            Some(place) if !place.members.is_empty() => {
                let members = place.members.iter();
                let members = members
                    .map(|known| (known.name.to_string(), self.node(None, Some(&known.place), None, depth)));
                Content::Object(members.collect())
            }
            Some(place) if place.elements.is_some() => self.elements(place, depth),
            _ => Content::Unknown,
        }
    }

    /// The elements of an array that holds none: one of each shown kind is missing.
    fn elements(&mut self, place: &Place<'_>, depth: usize) -> Content {
        let Some(template) = &place.elements else { return Content::Array(Vec::new()) };
        let variants = template.variants.iter().map(|(_, place)| place);
        let shown: Vec<&Place<'_>> =
            if template.variants.is_empty() { vec![&template.common] } else { variants.collect() };
        Content::Array(shown.into_iter().map(|place| self.node(None, Some(place), None, depth)).collect())
    }
}

/// Values are compared, places are not; nothing is equal to what did not come.
impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        match (&self.content, &other.content) {
            (Content::Null | Content::NullFor(_), Content::Null | Content::NullFor(_)) => true,
            (Content::Bool(one), Content::Bool(two)) => one == two,
            (Content::Number(one, whole), Content::Number(two, other)) => {
                if whole.is_some() && other.is_some() { whole == other } else { one == two }
            }
            (Content::Text(one), Content::Text(two)) => one == two,
            (Content::Array(one), Content::Array(two)) => one == two,
            (Content::Object(one), Content::Object(two)) => one == two,
            _ => false,
        }
    }
}

impl From<Content> for Node {
    fn from(content: Content) -> Node {
        Node { id: usize::MAX, presence: Presence::Came, content }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Node {
        Content::Text(text.to_owned()).into()
    }
}

impl From<String> for Node {
    fn from(text: String) -> Node {
        Content::Text(text).into()
    }
}

impl From<bool> for Node {
    fn from(value: bool) -> Node {
        Content::Bool(value).into()
    }
}

impl From<i64> for Node {
    #[expect(clippy::cast_precision_loss, reason = "the whole number stands beside it")]
    fn from(figure: i64) -> Node {
        Content::Number(figure as f64, Some(figure)).into()
    }
}

impl From<f64> for Node {
    fn from(figure: f64) -> Node {
        Content::Number(figure, None).into()
    }
}

impl From<Vec<Node>> for Node {
    fn from(elements: Vec<Node>) -> Node {
        Content::Array(elements).into()
    }
}

impl Queryable for Node {
    fn get(&self, key: &str) -> Option<&Node> {
        self.member(key)
    }

    fn as_array(&self) -> Option<&Vec<Node>> {
        match &self.content {
            Content::Array(elements) => Some(elements),
            _ => None,
        }
    }

    fn as_object(&self) -> Option<Vec<(&str, &Node)>> {
        match &self.content {
            Content::Object(members) | Content::NullFor(members) => {
                Some(members.iter().map(|(name, node)| (name.as_str(), node)).collect())
            }
            _ => None,
        }
    }

    fn as_str(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match self.content {
            Content::Number(_, whole) => whole,
            _ => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        match self.content {
            Content::Number(figure, _) => Some(figure),
            _ => None,
        }
    }

    fn as_bool(&self) -> Option<bool> {
        match self.content {
            Content::Bool(value) => Some(value),
            _ => None,
        }
    }

    fn null() -> Node {
        Content::Null.into()
    }
}
