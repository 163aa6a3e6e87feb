//! The ways through what is in a value: its elements, its members.

use super::{Json, Node, Value};
use std::borrow::Cow;

/// The elements of an array.
#[derive(Clone)]
pub struct Elements<'a> {
    json: &'a Json,
    /// All values of the text up to the last one inside.
    nodes: &'a [Node],
    at: usize,
}

impl<'a> Elements<'a> {
    /// What stands behind a value, up to this place in the list.
    pub(super) fn within(value: Value<'a>, end: usize) -> Elements<'a> {
        let nodes = value.json.nodes().get(..end).unwrap_or_default();
        Elements { json: value.json, nodes, at: value.at + 1 }
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Value<'a>;

    #[inline]
    fn next(&mut self) -> Option<Value<'a>> {
        let value = Value { json: self.json, at: self.at, node: self.nodes.get(self.at)? };
        self.at = value.after();
        Some(value)
    }
}

/// The members of an object.
#[derive(Clone)]
pub struct Members<'a>(pub(super) Elements<'a>);

/// One member: its name and its value.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// The name, as a string value with a place of its own.
    pub key: Value<'a>,
    /// What it holds.
    pub value: Value<'a>,
}

impl<'a> Member<'a> {
    /// Whether this is its name.
    #[inline]
    pub fn is_named(&self, name: &str) -> bool {
        self.key.is_text(name)
    }

    /// The name, its escapes read.
    pub fn name(&self) -> Cow<'a, str> {
        self.key.as_str().unwrap_or_default()
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Member<'a>;

    #[inline]
    fn next(&mut self) -> Option<Member<'a>> {
        let Elements { json, nodes, at } = self.0;
        // A name is one value: what it names stands right behind it.
        let [name, node, ..] = nodes.get(at..)? else { return None };
        self.0.at = node.after as usize;
        Some(Member { key: Value { json, at, node: name }, value: Value { json, at: at + 1, node } })
    }
}
