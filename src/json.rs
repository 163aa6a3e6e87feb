//! JSON as it is written: numbers as their text, members in order, every value with its place.
//!
//! Documentation needs places (a mismatch points at the line of the page), judging needs every digit (2^53 and
//! beyond), repeated members noticed, and a reader that no hostile body can overflow. So a [`Json`] is the text
//! and one flat list of its values in the order of the text: nothing is copied, nothing is nested, dropping it
//! is one deallocation however deep the body was.

mod number;
mod strict;
mod write;

use std::borrow::Cow;
use std::fmt;

pub use number::Number;
pub use write::quote;

/// A JSON text together with its values.
///
/// ```
/// let json = faithful::json::Json::parse(r#"{"id": 9007199254740993, "tags": []}"#).unwrap();
/// let id = json.root().get("id").unwrap();
/// assert_eq!(id.raw(), "9007199254740993");
/// ```
#[derive(Clone)]
pub struct Json {
    text: String,
    nodes: Vec<Node>,
}

/// One value, or the name of one member, in the flat list: where it stands in the text and where its subtree ends.
#[derive(Clone, Copy)]
struct Node {
    start: u32,
    end: u32,
    /// The index after the last node of this value's subtree.
    after: u32,
    tag: Tag,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Null,
    True,
    False,
    Number,
    /// A string that holds no escape: its text is its value.
    Plain,
    /// A string with at least one escape.
    Escaped,
    Array,
    Object,
}

/// How much of a text is read before it is refused: a cap on bytes is not a cap on memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// The nesting of arrays and objects that is refused, as in `serde_json`: 127 are read, 128 are not.
    pub depth: usize,
    /// Values and member names, together.
    pub nodes: usize,
    /// Bytes of one string, as written.
    pub string: usize,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { depth: 128, nodes: 200_000, string: 8 * 1024 * 1024 }
    }
}

impl Budget {
    /// No limit but that of the text itself (4 GiB): for input that is trusted.
    pub const UNLIMITED: Budget = Budget { depth: usize::MAX, nodes: usize::MAX, string: usize::MAX };
}

/// Why a text is not JSON, or is more of it than the budget allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct JsonError {
    /// What is wrong.
    pub kind: JsonErrorKind,
    /// The byte at which it is wrong.
    pub at: usize,
}

/// What is wrong with a text that should be JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JsonErrorKind {
    /// Something else stands where this was expected.
    #[error("expected {0}")]
    Expected(&'static str),
    /// The text ends inside a value.
    #[error("the text ends before its value does")]
    Ended,
    /// Something follows the value.
    #[error("text after the end of the value")]
    Trailing,
    /// A control character stands raw inside a string.
    #[error("raw control character in a string")]
    ControlCharacter,
    /// A backslash with something behind it that is no escape.
    #[error("not an escape sequence")]
    BadEscape,
    /// Half of a surrogate pair.
    #[error("lone surrogate in a string")]
    LoneSurrogate,
    /// Not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// More nesting than the budget allows.
    #[error("nested too deeply")]
    TooDeep,
    /// More values than the budget allows.
    #[error("too many values")]
    TooManyNodes,
    /// A longer string, or a longer text, than the budget allows.
    #[error("string too long")]
    TooLong,
}

impl JsonErrorKind {
    /// Whether the text may well be JSON, only more of it than we read.
    pub fn is_limit(self) -> bool {
        matches!(self, Self::TooDeep | Self::TooManyNodes | Self::TooLong)
    }
}

impl Json {
    /// Reads a text as RFC 8259 has it, within the default [`Budget`].
    pub fn parse(text: impl Into<String>) -> Result<Json, JsonError> {
        Json::parse_within(text, &Budget::default())
    }

    /// Reads a text as RFC 8259 has it.
    pub fn parse_within(text: impl Into<String>, budget: &Budget) -> Result<Json, JsonError> {
        Json::read(text.into(), budget).map_err(|(error, _)| error)
    }

    /// Reads a text as RFC 8259 has it; gives it back, to be shown, where it is none.
    pub fn read(text: String, budget: &Budget) -> Result<Json, (JsonError, String)> {
        match strict::read(&text, budget) {
            Ok(nodes) => Ok(Json { text, nodes }),
            Err(error) => Err((error, text)),
        }
    }

    /// Reads bytes, which must be UTF-8 through and through: a lossy reading would hide differences.
    pub fn parse_bytes(bytes: Vec<u8>, budget: &Budget) -> Result<Json, JsonError> {
        match String::from_utf8(bytes) {
            Ok(text) => Json::parse_within(text, budget),
            Err(error) => {
                Err(JsonError { kind: JsonErrorKind::NotUtf8, at: error.utf8_error().valid_up_to() })
            }
        }
    }

    /// The JSON string that means this text.
    pub fn string(text: &str) -> Json {
        let mut quoted = String::with_capacity(text.len() + 2);
        quote(text, &mut quoted);
        let tag = if quoted.len() == text.len() + 2 { Tag::Plain } else { Tag::Escaped };
        Json::scalar(quoted, tag)
    }

    /// The JSON number that means this figure.
    pub fn integer(figure: impl Into<i64>) -> Json {
        Json::scalar(figure.into().to_string(), Tag::Number)
    }

    fn scalar(text: String, tag: Tag) -> Json {
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        Json { text, nodes: vec![Node { start: 0, end, after: 1, tag }] }
    }

    /// The value that the text is.
    pub fn root(&self) -> Value<'_> {
        Value { json: self, at: 0 }
    }

    /// The text, as it was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same values with every string replaced for which `replace` has another text.
    pub fn replace_strings(&self, mut replace: impl FnMut(&str) -> Option<String>) -> Json {
        let mut text = String::with_capacity(self.text.len());
        let mut copied = 0;
        let mut index = 0;
        while let Some(node) = self.nodes.get(index) {
            let value = Value { json: self, at: index };
            if let Some(replaced) = value.as_str().and_then(|string| replace(&string)) {
                text.push_str(self.text.get(copied..node.start as usize).unwrap_or_default());
                quote(&replaced, &mut text);
                copied = node.end as usize;
            }
            index += 1;
        }
        if copied == 0 {
            return self.clone();
        }
        text.push_str(self.text.get(copied..).unwrap_or_default());
        Json::parse_within(text, &Budget::UNLIMITED).unwrap_or_else(|_| self.clone())
    }
}

/// Equal when the same values are written in the same order, member for member and digit for digit;
/// whitespace and the spelling of escapes aside.
impl PartialEq for Json {
    fn eq(&self, other: &Json) -> bool {
        self.nodes.len() == other.nodes.len()
            && (0..self.nodes.len()).all(|at| {
                let (one, two) = (Value { json: self, at }, Value { json: other, at });
                match (one.kind(), two.kind()) {
                    (Kind::String, Kind::String) => one.as_str() == two.as_str(),
                    (Kind::Array | Kind::Object, kind) if one.kind() == kind => {
                        one.node().map(|node| node.after) == two.node().map(|node| node.after)
                    }
                    (kind, other) => kind == other && one.raw() == two.raw(),
                }
            })
    }
}

impl Eq for Json {}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({})", self.text)
    }
}

/// The seven kinds of JSON value are six types and null; booleans are one.
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
    json: &'a Json,
    at: usize,
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.raw())
    }
}

impl<'a> Value<'a> {
    fn node(self) -> Option<&'a Node> {
        self.json.nodes.get(self.at)
    }

    fn after(self) -> usize {
        self.node().map_or(self.at, |node| node.after as usize)
    }

    /// Which type it has.
    pub fn kind(self) -> Kind {
        match self.node().map_or(Tag::Null, |node| node.tag) {
            Tag::Null => Kind::Null,
            Tag::True | Tag::False => Kind::Bool,
            Tag::Number => Kind::Number,
            Tag::Plain | Tag::Escaped => Kind::String,
            Tag::Array => Kind::Array,
            Tag::Object => Kind::Object,
        }
    }

    /// Its first byte and the one after its last, in [`Json::text`].
    pub fn span(self) -> std::ops::Range<usize> {
        self.node().map_or(0..0, |node| node.start as usize..node.end as usize)
    }

    /// Its text, as written.
    pub fn raw(self) -> &'a str {
        self.json.text.get(self.span()).unwrap_or_default()
    }

    /// What a string says, its escapes read.
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        let tag = self.node()?.tag;
        let inside = || self.raw().get(1..self.raw().len().saturating_sub(1)).unwrap_or_default();
        match tag {
            Tag::Plain => Some(Cow::Borrowed(inside())),
            Tag::Escaped => Some(Cow::Owned(strict::unescape(inside()))),
            _ => None,
        }
    }

    /// A number, with all its digits.
    pub fn as_number(self) -> Option<Number<'a>> {
        (self.kind() == Kind::Number).then(|| Number::new(self.raw()))
    }

    /// A boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self.node()?.tag {
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
    pub fn elements(self) -> Elements<'a> {
        let end = if self.kind() == Kind::Array { self.after() } else { self.at + 1 };
        Elements { json: self.json, at: self.at + 1, end }
    }

    /// The members of an object, in order, repeated ones too; nothing for any other value.
    pub fn members(self) -> Members<'a> {
        let end = if self.kind() == Kind::Object { self.after() } else { self.at + 1 };
        Members(Elements { json: self.json, at: self.at + 1, end })
    }

    /// The member of this name; of repeated ones the last, as most readers have it.
    pub fn get(self, name: &str) -> Option<Value<'a>> {
        self.members().filter(|member| member.name() == name).last().map(|member| member.value)
    }

    /// The value at a JSON Pointer (RFC 6901).
    pub fn pointer(self, pointer: &str) -> Option<Value<'a>> {
        let mut value = self;
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            value = match value.kind() {
                Kind::Array => value.elements().nth(token.parse().ok()?)?,
                _ => value.get(&token)?,
            };
        }
        Some(value)
    }

    /// How many elements an array, or members an object has.
    pub fn len(self) -> usize {
        self.elements().count() + self.members().count()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(self) -> bool {
        self.after() == self.at + 1
    }

    /// A copy that stands alone, with the text as written.
    pub fn to_json(self) -> Json {
        let (span, end) = (self.span(), self.after());
        let nodes = self.json.nodes.get(self.at..end).unwrap_or_default();
        let base = u32::try_from(span.start).unwrap_or_default();
        let first = u32::try_from(self.at).unwrap_or_default();
        let shift = |node: &Node| Node {
            start: node.start - base,
            end: node.end - base,
            after: node.after - first,
            tag: node.tag,
        };
        Json { text: self.raw().to_owned(), nodes: nodes.iter().map(shift).collect() }
    }
}

/// The elements of an array.
#[derive(Clone)]
pub struct Elements<'a> {
    json: &'a Json,
    at: usize,
    end: usize,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        if self.at >= self.end {
            return None;
        }
        let value = Value { json: self.json, at: self.at };
        self.at = value.after();
        Some(value)
    }
}

/// The members of an object.
#[derive(Clone)]
pub struct Members<'a>(Elements<'a>);

/// One member: its name and its value.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// The name, as a string value with a place of its own.
    pub key: Value<'a>,
    /// What it holds.
    pub value: Value<'a>,
}

impl<'a> Member<'a> {
    /// The name, its escapes read.
    pub fn name(&self) -> Cow<'a, str> {
        self.key.as_str().unwrap_or_default()
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Member<'a>;

    fn next(&mut self) -> Option<Member<'a>> {
        let key = self.0.next()?;
        let value = self.0.next()?;
        Some(Member { key, value })
    }
}
