//! JSON as it is written: numbers as their text, members in order, every value with its place.
//!
//! Documentation needs places (a mismatch points at the line of the page), judging needs every digit (2^53 and
//! beyond), repeated members noticed, and a reader that no hostile body can overflow. So a [`Json`] is the text
//! and one flat list of its values in the order of the text: nothing is copied, nothing is nested, dropping it
//! is one deallocation however deep the body was.

mod alike;
mod inside;
mod lenient;
mod nodes;
mod normal;
mod number;
mod origin;
mod repeated;
mod strict;
mod text;
mod value;
mod write;

use nodes::Nodes;
use origin::Origin;
use std::fmt;
use text::Text;

pub use inside::{Elements, Member, Members};
pub use lenient::{Lenient, Repair, RepairRule};
pub use number::Number;
pub(crate) use repeated::INDEX_FROM;
pub(crate) use text::Packer;
pub use value::{Kind, Value};
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
    text: Text,
    nodes: Nodes,
    /// Where the text comes from, if it was repaired.
    origin: Origin,
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
    /// A number without a point and without an exponent.
    Integer,
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
    /// The nesting of arrays and objects that is refused, as `serde_json` counts: of 128, 127 levels are read.
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
    /// More that is not JSON than the budget allows values.
    #[error("too many repairs")]
    TooManyRepairs,
    /// A longer string, or a longer text, than the budget allows.
    #[error("string too long")]
    TooLong,
}

impl JsonErrorKind {
    /// Whether the text may well be JSON, only more of it than we read.
    pub fn is_limit(self) -> bool {
        matches!(self, Self::TooDeep | Self::TooManyNodes | Self::TooManyRepairs | Self::TooLong)
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
            Ok(nodes) => Ok(Json { text: text.into(), nodes: nodes.into(), origin: Origin::default() }),
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
        Json::scalar(figure.into().to_string(), Tag::Integer)
    }

    fn scalar(text: String, tag: Tag) -> Json {
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let nodes = vec![Node { start: 0, end, after: 1, tag }];
        Json { text: text.into(), nodes: nodes.into(), origin: Origin::default() }
    }

    /// The same without the list of its values, which is read again when somebody asks for one: for texts that wait.
    #[must_use]
    pub(crate) fn at_rest(self) -> Json {
        Json { nodes: Nodes::unread(), ..self }
    }

    /// The same, its text packed, which is unpacked when somebody asks for it: for texts of which very many wait.
    #[must_use]
    pub(crate) fn packed(self, packer: &mut Packer) -> Json {
        Json { text: self.text.packed(packer), nodes: Nodes::unread(), origin: self.origin }
    }

    /// Whether its text is packed.
    #[cfg(test)]
    pub(crate) fn is_packed(&self) -> bool {
        matches!(self.text, Text::Packed(_))
    }

    fn nodes(&self) -> &[Node] {
        self.nodes.of(self.text())
    }

    /// The value that the text is.
    pub fn root(&self) -> Value<'_> {
        Value::new(self, 0)
    }

    /// The text: as it was given, or as it was repaired ([`Json::parse_lenient`]). It is JSON.
    #[inline]
    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    /// The same with every string value replaced for which `replace` has another text. Member names stay. Places are
    /// places in the new text.
    #[must_use]
    pub fn replace_strings(&self, mut replace: impl FnMut(&str) -> Option<String>) -> Json {
        let mut text = String::with_capacity(self.text().len());
        let mut copied = 0;
        for at in 0..self.nodes().len() {
            let value = Value::new(self, at);
            if value.is_name() {
                continue;
            }
            if let Some(replaced) = value.as_str().and_then(|string| replace(&string)) {
                let span = value.span();
                text.push_str(self.text().get(copied..span.start).unwrap_or_default());
                quote(&replaced, &mut text);
                copied = span.end;
            }
        }
        if copied == 0 {
            return self.clone();
        }
        text.push_str(self.text().get(copied..).unwrap_or_default());
        // A string in a string's place leaves JSON what it was: only a text of 4 GiB could be refused.
        Json::parse_within(text, &Budget::UNLIMITED).unwrap_or_else(|_| self.clone())
    }
}

/// Equal when the same values are written in the same order, member for member and digit for digit;
/// whitespace and the spelling of escapes aside.
impl PartialEq for Json {
    fn eq(&self, other: &Json) -> bool {
        alike::alike(self.root(), other.root(), |one, two| one == two)
    }
}

impl Eq for Json {}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({})", self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, Json, JsonErrorKind, Packer};
    use rstest::rstest;

    fn read(text: &str) -> Json {
        Json::parse(text).unwrap()
    }

    #[rstest]
    #[case(r#""plain""#, "plain")]
    #[case(r#""""#, "")]
    #[case(r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t")]
    #[case(r#""\u00e9\u00E9\u0000""#, "éé\0")]
    #[case(r#""a\uD83D\uDE00\ud83d\ude00b""#, "a😀😀b")]
    #[case(r#""é\u2028ü""#, "é\u{2028}ü")]
    #[case(r#""\uFFFF\\u0041""#, "\u{ffff}\\u0041")]
    fn strings_say_what_their_escapes_mean(#[case] text: &str, #[case] meant: &str) {
        assert_eq!(read(text).root().as_str().unwrap(), meant);
        assert_eq!(Json::string(meant), read(text));
        assert_eq!(Json::string(meant).root().as_str().unwrap(), meant);
    }

    #[rstest]
    #[case("", JsonErrorKind::Ended, 0)]
    #[case(" [1, 2", JsonErrorKind::Ended, 6)]
    #[case("[1 2]", JsonErrorKind::Expected("`,` or `]`"), 3)]
    #[case("{1:2}", JsonErrorKind::Expected("a member name in double quotes"), 1)]
    #[case("[1,]", JsonErrorKind::Expected("a value"), 3)]
    #[case("[01]", JsonErrorKind::Expected("a number without leading zeros"), 2)]
    #[case("[] []", JsonErrorKind::Trailing, 3)]
    #[case("\u{feff}[]", JsonErrorKind::Expected("a value"), 0)]
    #[case("\"a\nb\"", JsonErrorKind::ControlCharacter, 2)]
    #[case(r#""\x""#, JsonErrorKind::BadEscape, 1)]
    #[case(r#""\u12g4""#, JsonErrorKind::BadEscape, 1)]
    #[case(r#""\u12"#, JsonErrorKind::Ended, 5)]
    #[case(r#""ab\udc00""#, JsonErrorKind::LoneSurrogate, 3)]
    #[case(r#""\ud800""#, JsonErrorKind::LoneSurrogate, 1)]
    #[case(r#""\ud800\ud800""#, JsonErrorKind::LoneSurrogate, 1)]
    fn errors_name_what_is_wrong_and_where(
        #[case] text: &str,
        #[case] kind: JsonErrorKind,
        #[case] at: usize,
    ) {
        let error = Json::parse(text).unwrap_err();
        assert_eq!((error.kind, error.at), (kind, at));
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_refused_where_they_stand() {
        let error = Json::parse_bytes(b"[\"a\xff\"]".to_vec(), &Budget::default()).unwrap_err();
        assert_eq!((error.kind, error.at), (JsonErrorKind::NotUtf8, 3));
    }

    #[test]
    fn replacing_strings_leaves_names_and_layout() {
        let json = read(r#"{ "x" : "x", "y":["x" , {"x"	:"z"}] }"#);
        let replaced = json.replace_strings(|string| (string == "x").then(|| "\"new\"".to_owned()));
        assert_eq!(replaced.text(), r#"{ "x" : "\"new\"", "y":["\"new\"" , {"x"	:"z"}] }"#);
        assert_eq!(replaced.root().pointer("/y/0").unwrap().as_str().unwrap(), "\"new\"");
        assert_eq!(read("\"x\"").replace_strings(|_| Some(String::new())).text(), "\"\"");
    }

    #[rstest]
    #[case("[1, 2]", " [ 1,2 ]\n", true)]
    #[case(r#"["\u0061\/"]"#, r#"["a/"]"#, true)]
    #[case("[1]", "[1.0]", false)]
    #[case("[[], 1]", "[[1]]", false)]
    #[case("[]", "{}", false)]
    #[case(r#"{"a": 1, "b": 2}"#, r#"{"b": 2, "a": 1}"#, false)]
    #[case(r#"{"a": 1}"#, r#"["a", 1]"#, false)]
    #[case("true", "false", false)]
    fn equal_is_what_is_written_the_same(#[case] one: &str, #[case] two: &str, #[case] equal: bool) {
        assert_eq!(read(one) == read(two), equal);
        assert_eq!(read(two) == read(one), equal);
    }

    #[test]
    fn a_text_at_rest_has_its_values_when_they_are_asked_for() {
        let json = read(r#"{"a": [1, {"b": null}]}"#);
        let rested = json.clone().at_rest();
        assert_eq!(rested.root().pointer("/a/1/b").unwrap().raw(), "null");
        assert_eq!(json.clone().at_rest(), json);
        let mended = Json::parse_lenient("{a: [1, {b: null,}]}", &Budget::default()).unwrap().json;
        let place = |json: &Json| json.root().pointer("/a/1/b").unwrap().source();
        assert_eq!(place(&mended.clone().at_rest()), place(&mended));
        let long =
            Json::parse_lenient(&format!("{{a: [{} {{b: 1,}}]}}", "1, ".repeat(200)), &Budget::default());
        let long = long.unwrap().json;
        let packed = long.clone().packed(&mut Packer::default());
        assert_eq!((packed.text(), &packed), (long.text(), &long));
        let place = |json: &Json| json.root().pointer("/a/200/b").unwrap().source();
        assert_eq!(place(&packed.clone()), place(&long));
    }

    #[test]
    fn a_value_takes_sixteen_bytes() {
        assert_eq!(size_of::<super::Node>(), 16);
    }
}
