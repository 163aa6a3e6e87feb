//! What the text of a documented string promises: a value's format, or what it names instead of a value.

use super::format::Format;
use crate::contract::url::whole_placeholder;
use crate::json::Kind;

/// What a documented string promises of the string, number or boolean in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Example {
    /// A value of no format: any string.
    Free,
    /// A value of this format.
    Formatted(Format),
    /// A bare type word: a value of this kind, of this format where it names one.
    TypeWord(Kind, Option<Format>),
    /// `{id}`, `<id>`: any string.
    Placeholder,
    /// Shortened: it ends in an ellipsis.
    Abbreviated,
    /// `a | b | c`: one of these.
    Enumeration(Vec<String>),
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
        if let Some((kind, format)) = type_word(text)
            && !names_types(member)
        {
            return Example::TypeWord(kind, format);
        }
        if let Some(format) = veiled_date(text) {
            return Example::TypeWord(Kind::String, Some(format));
        }
        enumeration(text).map_or(Example::Free, Example::Enumeration)
    }

    /// Whether it shows a value, which an answer can then repeat.
    pub(super) fn is_value(&self) -> bool {
        matches!(self, Example::Free | Example::Formatted(_))
    }
}

/// `String`, `Boolean`, `Int32 (identifier)`, `Edm.Guid`, …
fn type_word(text: &str) -> Option<(Kind, Option<Format>)> {
    let word = text.split_once(" (").filter(|(_, note)| note.ends_with(')')).map_or(text, |(word, _)| word);
    let word = word.strip_prefix("Edm.").unwrap_or(word);
    Some(match word {
        "String" | "string" | "Binary" | "Stream" => (Kind::String, None),
        "Boolean" | "boolean" | "Bool" | "bool" => (Kind::Bool, None),
        "Int16" | "Int32" | "Int64" | "int16" | "int32" | "int64" | "Integer" | "integer" | "int"
        | "Byte" | "SByte" | "Single" | "Double" | "double" | "Float" | "float" | "Decimal" | "Number"
        | "number" => (Kind::Number, None),
        "DateTimeOffset" | "DateTime" | "dateTime" | "datetime" => (Kind::String, Some(Format::DateTime)),
        "Date" => (Kind::String, Some(Format::Date)),
        "TimeOfDay" => (Kind::String, Some(Format::Time)),
        "Duration" => (Kind::String, Some(Format::Duration)),
        "Guid" | "GUID" | "guid" | "UUID" | "uuid" => (Kind::String, Some(Format::Guid)),
        _ => return None,
    })
}

/// A member of which a type's name is a value: `"dataType": "Boolean"`.
fn names_types(member: &str) -> bool {
    let member = member.to_ascii_lowercase();
    ["type", "types", "kind", "format"].iter().any(|suffix| member.ends_with(suffix))
}

/// A date or date-time whose digits are veiled: `2014-01-01Txx:xx:xxZ`.
fn veiled_date(text: &str) -> Option<Format> {
    if !text.contains("xx") || !text.is_ascii() {
        return None;
    }
    let unveiled = text.replace("xxxx", "2001").replace("xx", "01");
    Format::of(&unveiled).filter(|format| matches!(format, Format::DateTime | Format::Date | Format::Time))
}

/// `a | b | c`: words between bars.
fn enumeration(text: &str) -> Option<Vec<String>> {
    let words: Vec<String> = text.split('|').map(|word| word.trim().to_owned()).collect();
    let is_word = |word: &String| {
        !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    (words.len() > 1 && words.iter().all(is_word)).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("String", "status", Example::TypeWord(Kind::String, None))]
    #[case("String (identifier)", "id", Example::TypeWord(Kind::String, None))]
    #[case("Boolean", "isDefault", Example::TypeWord(Kind::Bool, None))]
    #[case("Boolean", "dataType", Example::Free)]
    #[case("Int32", "count", Example::TypeWord(Kind::Number, None))]
    #[case("DateTimeOffset", "created", Example::TypeWord(Kind::String, Some(Format::DateTime)))]
    #[case("2014-01-01Txx:xx:xxZ", "created", Example::TypeWord(Kind::String, Some(Format::DateTime)))]
    #[case("{id}", "id", Example::Placeholder)]
    #[case("<user id>", "id", Example::Placeholder)]
    #[case("Lorem ipsum...", "text", Example::Abbreviated)]
    #[case("free | busy | oof", "showAs", Example::Enumeration(vec!["free".into(), "busy".into(), "oof".into()]))]
    #[case("a sentence | another one", "text", Example::Free)]
    #[case("Client Context value", "clientContext", Example::Free)]
    #[case("xx", "country", Example::Free)]
    #[case("5c571b0f-1b0f-5c57-0f1b-575c0f1b575c", "id", Example::Formatted(Format::Guid))]
    fn reads(#[case] text: &str, #[case] member: &str, #[case] example: Example) {
        assert_eq!(Example::of(text, member), example);
    }
}
