//! What the text of a documented string promises: a value's format, or what it names instead of a value.

use super::format::Format;
use crate::contract::url::whole_placeholder;
use crate::json::Kind;

/// What a documented string promises of the string, number, boolean or array in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Example {
    /// A value of no format: any string.
    Free,
    /// A value of this format.
    Formatted(Format),
    /// A bare type word.
    TypeWord(TypeWord),
    /// `{id}`, `<id>`: any string.
    Placeholder,
    /// Shortened: it ends in an ellipsis.
    Abbreviated,
    /// `a | b | c`: one of these.
    Enumeration(Vec<String>),
}

/// The type that a word names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TypeWord {
    /// A string of this format, or of any.
    Text(Option<Format>),
    Bool,
    /// `Int32` and its like.
    Integer,
    /// `Double` and its like.
    Number,
    /// `Collection(String)`
    Array,
}

impl TypeWord {
    /// The type in JSON's terms.
    pub(super) fn kind(self) -> Kind {
        match self {
            TypeWord::Text(_) => Kind::String,
            TypeWord::Bool => Kind::Bool,
            TypeWord::Integer | TypeWord::Number => Kind::Number,
            TypeWord::Array => Kind::Array,
        }
    }
}

impl Example {
    /// Reads the example of a member; its name decides whether a type word is a value.
    pub(super) fn of(text: &str, member: &str) -> Example {
        if let Some(format) = Format::of(text) {
            return Example::Formatted(format);
        }
        if whole_placeholder(text).is_some() {
            return Example::Placeholder;
        }
        if text.ends_with("...") || text.ends_with('…') {
            return Example::Abbreviated;
        }
        if let Some(word) = type_word(text)
            && !names_types(member)
            && (word == TypeWord::Text(None) || !holds_names(member))
        {
            return Example::TypeWord(word);
        }
        if let Some(format) = veiled_date(text) {
            return Example::TypeWord(TypeWord::Text(Some(format)));
        }
        enumeration(text).map_or(Example::Free, Example::Enumeration)
    }

    /// Whether it shows a value, which an answer can then repeat.
    pub(super) fn is_value(&self) -> bool {
        matches!(self, Example::Free | Example::Formatted(_))
    }
}

/// `String`, `Boolean`, `Int32 (identifier)`, `Edm.Guid`, `Collection(String)`, …
fn type_word(text: &str) -> Option<TypeWord> {
    let (word, note) = match text.strip_suffix(')').and_then(|text| text.split_once(" (")) {
        Some((word, note)) => (word, note),
        None => (text, ""),
    };
    let word = word.strip_prefix("Edm.").unwrap_or(word);
    Some(match word {
        "String" | "string" if note == "timestamp" => TypeWord::Text(Some(Format::DateTime)),
        "String" | "string" | "Binary" | "Stream" => TypeWord::Text(None),
        "Boolean" | "boolean" | "Bool" | "bool" => TypeWord::Bool,
        "Int16" | "Int32" | "Int64" | "int16" | "int32" | "int64" | "Integer" | "integer" | "int"
        | "Byte" | "SByte" => TypeWord::Integer,
        "Single" | "Double" | "double" | "Float" | "float" | "Decimal" | "Number" | "number" => {
            TypeWord::Number
        }
        "DateTimeOffset" | "DateTime" | "dateTime" | "datetime" => TypeWord::Text(Some(Format::DateTime)),
        "Date" => TypeWord::Text(Some(Format::Date)),
        "TimeOfDay" => TypeWord::Text(Some(Format::Time)),
        "Duration" => TypeWord::Text(Some(Format::Duration)),
        "Guid" | "GUID" | "guid" | "UUID" | "uuid" => TypeWord::Text(Some(Format::Guid)),
        _ => {
            let of = word.strip_prefix("Collection(").and_then(|of| of.strip_suffix(')'))?;
            return (!of.is_empty()).then_some(TypeWord::Array);
        }
    })
}

/// Names of types that people use for other things too.
pub(super) fn is_common_word(text: &str) -> bool {
    const WORDS: [&str; 15] = [
        "Single", "Double", "double", "Float", "float", "Number", "number", "Byte", "int", "Date",
        "Duration", "Binary", "Stream", "Decimal", "bool",
    ];
    WORDS.contains(&text)
}

/// A member of which a type's name is a value: `"dataType": "Boolean"`.
fn names_types(member: &str) -> bool {
    ends_in(member, &["type", "types", "kind", "format"])
}

/// A member that holds a name, which may be called after a type (a column `Date`) and is a string all the same.
fn holds_names(member: &str) -> bool {
    ends_in(member, &["name", "title", "label", "text", "description"])
}

fn ends_in(member: &str, suffixes: &[&str]) -> bool {
    let member = member.to_ascii_lowercase();
    suffixes.iter().any(|suffix| member.ends_with(suffix))
}

/// A date or date-time whose digits are veiled: `2014-01-01Txx:xx:xxZ`.
fn veiled_date(text: &str) -> Option<Format> {
    if !text.as_bytes().windows(2).any(|two| two == b"xx") || !text.is_ascii() {
        return None;
    }
    let unveiled = text.replace("xxxx", "2001").replace("xx", "01");
    Format::of(&unveiled).filter(|format| matches!(format, Format::DateTime | Format::Date | Format::Time))
}

/// `a | b | c`: words between bars. Without blanks around the bars only words that begin with a letter: `auth0|5f7c`
/// is one name.
fn enumeration(text: &str) -> Option<Vec<String>> {
    if !text.contains('|') {
        return None;
    }
    let blanks = text.contains(" | ");
    let words: Vec<String> = text.split('|').map(|word| word.trim().to_owned()).collect();
    let is_word = |word: &String| {
        word.starts_with(|first: char| first.is_alphabetic() || blanks && first.is_alphanumeric())
            && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    (words.len() > 1 && words.iter().all(is_word)).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("String", "status", Example::TypeWord(TypeWord::Text(None)))]
    #[case("String (identifier)", "id", Example::TypeWord(TypeWord::Text(None)))]
    #[case("String (timestamp)", "closed", Example::TypeWord(TypeWord::Text(Some(Format::DateTime))))]
    #[case("String", "displayName", Example::TypeWord(TypeWord::Text(None)))]
    #[case("Date", "displayName", Example::Free)]
    #[case("Boolean", "isDefault", Example::TypeWord(TypeWord::Bool))]
    #[case("Boolean", "dataType", Example::Free)]
    #[case("Int32", "count", Example::TypeWord(TypeWord::Integer))]
    #[case("Edm.Double", "ratio", Example::TypeWord(TypeWord::Number))]
    #[case("Collection(String)", "tags", Example::TypeWord(TypeWord::Array))]
    #[case("DateTimeOffset", "created", Example::TypeWord(TypeWord::Text(Some(Format::DateTime))))]
    #[case("2014-01-01Txx:xx:xxZ", "created", Example::TypeWord(TypeWord::Text(Some(Format::DateTime))))]
    #[case("{id}", "id", Example::Placeholder)]
    #[case("<user id>", "id", Example::Placeholder)]
    #[case("Lorem ipsum...", "text", Example::Abbreviated)]
    #[case("free | busy | oof", "showAs", Example::Enumeration(vec!["free".into(), "busy".into(), "oof".into()]))]
    #[case("free|busy", "showAs", Example::Enumeration(vec!["free".into(), "busy".into()]))]
    #[case("1 | 2", "level", Example::Enumeration(vec!["1".into(), "2".into()]))]
    #[case("auth0|5f7c8ec7c33c", "id", Example::Free)]
    #[case("a sentence | another one", "text", Example::Free)]
    #[case("Client Context value", "clientContext", Example::Free)]
    #[case("xx", "country", Example::Free)]
    #[case("5c571b0f-1b0f-5c57-0f1b-575c0f1b575c", "id", Example::Formatted(Format::Guid))]
    fn reads(#[case] text: &str, #[case] member: &str, #[case] example: Example) {
        assert_eq!(Example::of(text, member), example);
    }
}
