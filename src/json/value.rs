//! The view of a [`Json`] that everybody else works with: one value, what it says, and the way to others.

use super::inside::{Elements, Members};
use super::{Json, Node, Number, Origin, Tag, strict};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// The types of a JSON value; `true` and `false` are of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// Integer and fraction are one type.
    Number,
    /// Text.
    String,
    /// `[…]`
    Array,
    /// `{…}`
    Object,
}

impl Kind {
    /// The type's name in JSON's own terms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One value of a [`Json`]: a cheap copy that borrows it.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    pub(super) json: &'a Json,
    pub(super) at: usize,
    /// The one that stands there: it is asked for far more often than a value is made.
    pub(super) node: &'a Node,
}

/// Stands where a list has no value.
static NOTHING: Node = Node { start: 0, end: 0, after: 0, tag: Tag::Null };

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.raw())
    }
}

impl<'a> Value<'a> {
    pub(super) fn new(json: &'a Json, at: usize) -> Value<'a> {
        Value { json, at, node: json.nodes().get(at).unwrap_or(&NOTHING) }
    }

    pub(super) fn after(self) -> usize {
        self.node.after as usize
    }

    pub(super) fn tag(self) -> Tag {
        self.node.tag
    }

    /// Whether it names a member: a string before a colon can be nothing else.
    pub(super) fn is_name(self) -> bool {
        let rest = self.json.text().get(self.span().end..).unwrap_or_default();
        self.kind() == Kind::String && rest.trim_start().starts_with(':')
    }

    /// Which type it has.
    #[inline]
    pub fn kind(self) -> Kind {
        match self.tag() {
            Tag::Null => Kind::Null,
            Tag::True | Tag::False => Kind::Bool,
            Tag::Integer | Tag::Number => Kind::Number,
            Tag::Plain | Tag::Escaped => Kind::String,
            Tag::Array => Kind::Array,
            Tag::Object => Kind::Object,
        }
    }

    /// Its first byte and the one after its last, in [`Json::text`].
    pub fn span(self) -> Range<usize> {
        self.node.start as usize..self.node.end as usize
    }

    /// Its first byte and the one after its last in the text that was given: [`Value::span`], unless that text had
    /// to be repaired.
    pub fn source(self) -> Range<usize> {
        self.json.origin.of(self.span())
    }

    /// Its text, as written.
    pub fn raw(self) -> &'a str {
        self.json.text().get(self.span()).unwrap_or_default()
    }

    /// The bytes of its text: they are compared without a look at where characters begin.
    #[inline]
    pub(super) fn bytes(self) -> &'a [u8] {
        self.json.text().as_bytes().get(self.span()).unwrap_or_default()
    }

    /// Whether another is the same text, letter for letter.
    #[inline]
    pub fn is_written_as(self, other: Value<'_>) -> bool {
        // Most that differ differ in length.
        self.node.end.wrapping_sub(self.node.start) == other.node.end.wrapping_sub(other.node.start)
            && self.bytes() == other.bytes()
    }

    /// What a string says, its escapes read.
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        let node = self.node;
        let text = || self.json.text().get(node.start as usize + 1..node.end as usize - 1);
        let inside = || text().unwrap_or_default();
        match node.tag {
            Tag::Plain => Some(Cow::Borrowed(inside())),
            Tag::Escaped => Some(Cow::Owned(strict::unescape(inside()))),
            _ => None,
        }
    }

    /// Whether it is a string that says this.
    #[inline]
    pub fn is_text(self, text: &str) -> bool {
        match self.node.tag {
            Tag::Plain => {
                let from = self.node.start as usize + 1;
                // Most that differ differ in length.
                self.node.end as usize == from + text.len() + 1
                    && self.json.text().as_bytes().get(from..from + text.len()) == Some(text.as_bytes())
            }
            Tag::Escaped => self.as_str().is_some_and(|said| said == text),
            _ => false,
        }
    }

    /// A number, with all its digits.
    pub fn as_number(self) -> Option<Number<'a>> {
        (self.kind() == Kind::Number).then(|| Number::new(self.raw()))
    }

    /// Whether it is a number written without a point and without an exponent.
    #[inline]
    pub fn is_integer(self) -> bool {
        self.tag() == Tag::Integer
    }

    /// Whether it is a number that means a whole one, however it is spelled.
    pub fn is_whole(self) -> bool {
        self.is_integer() || self.as_number().is_some_and(Number::is_whole)
    }

    /// A boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self.tag() {
            Tag::True => Some(true),
            Tag::False => Some(false),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The elements of an array, in order; nothing for any other value.
    #[inline]
    pub fn elements(self) -> Elements<'a> {
        let end = if self.tag() == Tag::Array { self.after() } else { self.at + 1 };
        Elements::within(self, end)
    }

    /// The members of an object, in order, repeated ones too; nothing for any other value.
    #[inline]
    pub fn members(self) -> Members<'a> {
        let end = if self.tag() == Tag::Object { self.after() } else { self.at + 1 };
        Members(Elements::within(self, end))
    }

    /// Whether it is an array or an object.
    #[inline]
    pub fn is_container(self) -> bool {
        matches!(self.tag(), Tag::Array | Tag::Object)
    }

    /// The member of this name; of repeated ones the last, as most readers have it.
    pub fn get(self, name: &str) -> Option<Value<'a>> {
        self.members().filter(|member| member.name() == name).last().map(|member| member.value)
    }

    /// The value at a JSON Pointer (RFC 6901); of repeated members the last.
    pub fn pointer(self, pointer: &str) -> Option<Value<'a>> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |value, token| match value.kind() {
            Kind::Array => value.elements().nth(index(token)?),
            _ => value.get(&token.replace("~1", "/").replace("~0", "~")),
        })
    }

    /// How many elements an array, or members an object has.
    pub fn len(self) -> usize {
        self.elements().count() + self.members().count()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(self) -> bool {
        self.after() == self.at + 1
    }

    /// Whether it is nested more than so many levels deep; a scalar is on none.
    pub fn is_deeper_than(self, levels: usize) -> bool {
        let nodes = self.list();
        // Every level is a value.
        if nodes.len() <= levels {
            return false;
        }
        let mut open: Vec<usize> = Vec::new();
        nodes.iter().enumerate().any(|(index, node)| {
            let at = self.at + index;
            while open.last().is_some_and(|end| *end <= at) {
                open.pop();
            }
            if matches!(node.tag, Tag::Array | Tag::Object) {
                open.push(node.after as usize);
            }
            open.len() > levels
        })
    }

    /// Whether any string in it is `wanted`; member names are asked too.
    pub(crate) fn has_string(self, wanted: impl Fn(&str) -> bool) -> bool {
        let values = (self.at..self.after()).map(|at| Value::new(self.json, at));
        values.filter_map(Value::as_str).any(|text| wanted(&text))
    }

    /// The value and all that it holds, member names too.
    pub(super) fn list(self) -> &'a [Node] {
        self.json.nodes().get(self.at..self.after()).unwrap_or_default()
    }

    /// A copy that stands alone, with the text as written: its places are places in that text.
    pub fn to_json(self) -> Json {
        let (span, nodes) = (self.span(), self.list());
        let base = u32::try_from(span.start).unwrap_or_default();
        let first = u32::try_from(self.at).unwrap_or_default();
        let shift = |node: &Node| Node {
            start: node.start - base,
            end: node.end - base,
            after: node.after - first,
            tag: node.tag,
        };
        Json {
            text: self.raw().to_owned().into(),
            nodes: nodes.iter().map(shift).collect::<Vec<_>>().into(),
            origin: Origin::default(),
        }
    }
}

/// The place in an array that a token of a pointer names: digits alone, without leading zeros.
fn index(token: &str) -> Option<usize> {
    let plain = token.bytes().all(|byte| byte.is_ascii_digit()) && (token == "0" || !token.starts_with('0'));
    if plain { token.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Value};
    use crate::json::Json;
    use rstest::rstest;

    fn read(text: &str) -> Json {
        Json::parse(text).unwrap()
    }

    #[test]
    fn spans_lead_back_to_the_text() {
        let json = read(r#" { "a" : [ 1.50 , "é" ] } "#);
        let member = json.root().members().next().unwrap();
        let found: Vec<&str> = member.value.elements().map(Value::raw).collect();
        assert_eq!((member.key.raw(), member.key.span()), ("\"a\"", 3..6));
        assert_eq!((member.value.raw(), member.value.span()), (r#"[ 1.50 , "é" ]"#, 9..24));
        assert_eq!(found, ["1.50", "\"é\""]);
    }

    #[test]
    fn repeated_members_are_all_listed_and_the_last_is_got() {
        let json = read(r#"{"a": 1, "b": 2, "\u0061": 3}"#);
        let names: Vec<String> = json.root().members().map(|member| member.name().into_owned()).collect();
        assert_eq!(names, ["a", "b", "a"]);
        assert_eq!(json.root().get("a").unwrap().raw(), "3");
        assert_eq!(json.root().len(), 3);
        assert!(json.root().get("c").is_none());
        let is_a: Vec<bool> = json.root().members().map(|member| member.is_named("a")).collect();
        assert_eq!(is_a, [true, false, true]);
        assert!(!json.root().members().any(|member| member.is_named("") || member.value.is_text("1")));
    }

    #[rstest]
    #[case("", Some(r#"{"a/b": [10, {"~1": true}], "": null, "0": "zero"}"#))]
    #[case("/a~1b/0", Some("10"))]
    #[case("/a~1b/1/~01", Some("true"))]
    #[case("/", Some("null"))]
    #[case("/0", Some("\"zero\""))]
    #[case("/a~1b/01", None)]
    #[case("/a~1b/+1", None)]
    #[case("/a~1b/2", None)]
    #[case("/a~1b/-", None)]
    #[case("/a~1b/", None)]
    #[case("/0/0", None)]
    #[case("a", None)]
    fn pointers_find_what_rfc_6901_says(#[case] pointer: &str, #[case] found: Option<&str>) {
        let json = read(r#"{"a/b": [10, {"~1": true}], "": null, "0": "zero"}"#);
        assert_eq!(json.root().pointer(pointer).map(Value::raw), found);
    }

    #[rstest]
    #[case("1", 0)]
    #[case("[]", 1)]
    #[case(r#"{"a": [[1], {}], "b": [2]}"#, 3)]
    fn depth_is_that_of_the_deepest(#[case] text: &str, #[case] depth: usize) {
        let json = read(text);
        let deeper = |levels| json.root().is_deeper_than(levels);
        assert!(!deeper(depth) && !deeper(depth + 1) && (depth == 0 || deeper(depth - 1)));
    }

    #[test]
    fn a_copy_stands_alone() {
        let json = read(r#"[0, {"a": [1, 2], "b": {}}]"#);
        let copy = json.root().elements().nth(1).unwrap().to_json();
        assert_eq!(copy, read(r#"{"a":[1,2],"b":{}}"#));
        assert_eq!(copy.root().pointer("/a/1").unwrap().span(), 10..11);
        assert_eq!(copy.root().get("b").unwrap().kind(), Kind::Object);
    }
}
