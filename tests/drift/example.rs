//! What a shown text promises, by the letter of the rules alone. It is read here once more, by other means than the
//! judge's: a measure that asks the judge what to expect could not fail.

use faithful::json::Kind;
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A format that a text can have as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Format {
    Guid,
    DateTime,
    Date,
    Time,
    Duration,
    Url,
    Email,
}

/// What a shown text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Example {
    /// A value of no format.
    Free,
    /// A value of this format.
    Formatted(Format),
    /// The name of a type.
    TypeWord(Kind, Option<Format>),
    /// `{id}`, `<id>`
    Placeholder,
    /// It ends in an ellipsis.
    Abbreviated,
    /// `a | b | c`
    Enumeration(Vec<String>),
}

static FORMATS: LazyLock<BTreeMap<Format, Regex>> = LazyLock::new(|| {
    let day = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])";
    let clock = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?";
    BTreeMap::from([
        (Format::Guid, whole(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")),
        (Format::DateTime, whole(&format!(r"{day}[Tt ]{clock}([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)"))),
        (Format::Date, whole(day)),
        (Format::Time, whole(clock)),
        (Format::Duration, whole(r"[-+]?P(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")),
        (Format::Url, whole(r#"[A-Za-z][A-Za-z0-9+.-]*://[\w\[][\w.:\[\]%@-]*([/?#][^\s<>"]*)?"#)),
        (Format::Email, whole(r"[\w!#$%&'*+/=?^`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")),
    ])
});
static PLACEHOLDER: LazyLock<Regex> =
    LazyLock::new(|| whole(r#"\{[A-Za-z_$@][^{}<>"/\n]*\}|<[A-Za-z_$@][^{}<>"/\n]*>"#));
static LIST: LazyLock<Regex> = LazyLock::new(|| whole(r"[\w.-]+( \| [\w.-]+)+"));

fn whole(pattern: &str) -> Regex {
    Regex::new(&format!("^(?:{pattern})$")).unwrap()
}

impl Format {
    pub(crate) fn of(text: &str) -> Option<Format> {
        let bare = matches!(text.trim_start_matches(['-', '+']), "P" | "PT") || text.ends_with('T');
        FORMATS.iter().find(|(_, pattern)| !bare && pattern.is_match(text)).map(|(format, _)| *format)
    }

    /// Other values of it.
    pub(crate) fn others(self) -> &'static [&'static str] {
        match self {
            Format::Guid => &["0e4a3c1d-8d5b-4a53-9c63-1f0f2c1d7a11", "0E4A3C1D-8D5B-4A53-9C63-1F0F2C1D7A12"],
            Format::DateTime => {
                &["1999-12-31T23:59:59Z", "2031-02-03T04:05:06.7890123+05:30", "1999-12-31t23:59:59.9z"]
            }
            Format::Date => &["1999-12-31", "2032-02-29"],
            Format::Time => &["23:59:59", "00:00:00.0000001"],
            Format::Duration => &["P3DT4H", "PT0.5S", "-P1W"],
            Format::Url => &["https://elsewhere.example/a/b?c=d#e", "http://10.0.0.7:8080"],
            Format::Email => &["somebody.else@elsewhere.example"],
        }
    }
}

pub(crate) fn is_placeholder(text: &str) -> bool {
    PLACEHOLDER.is_match(text)
}

impl Example {
    pub(crate) fn of(text: &str) -> Example {
        if let Some(format) = Format::of(text) {
            return Example::Formatted(format);
        }
        if is_placeholder(text) {
            return Example::Placeholder;
        }
        if text.ends_with("...") || text.ends_with('…') {
            return Example::Abbreviated;
        }
        if let Some(kind) = type_word(text) {
            return kind;
        }
        let unveiled = text.replace("xxxx", "2001").replace("xx", "01");
        if let Some(format @ (Format::DateTime | Format::Date | Format::Time)) = Format::of(&unveiled) {
            return Example::TypeWord(Kind::String, Some(format));
        }
        if LIST.is_match(text) {
            return Example::Enumeration(text.split(" | ").map(str::to_owned).collect());
        }
        Example::Free
    }

    /// Whether it shows a value, which an answer can then repeat.
    pub(crate) fn is_value(&self) -> bool {
        matches!(self, Example::Free | Example::Formatted(_))
    }
}

/// `String`, `String (identifier)`, `Int32`, `Edm.Boolean`, `DateTimeOffset`, …
fn type_word(text: &str) -> Option<Example> {
    let (word, note) = text.split_once(" (").unwrap_or((text, ""));
    let text = |format| Some(Example::TypeWord(Kind::String, Some(format)));
    let (kind, format) = match word.strip_prefix("Edm.").unwrap_or(word).to_ascii_lowercase().as_str() {
        "string" if note == "timestamp)" => return text(Format::DateTime),
        "string" | "binary" | "stream" => (Kind::String, None),
        "boolean" | "bool" => (Kind::Bool, None),
        "int16" | "int32" | "int64" | "int" | "integer" | "byte" | "single" | "double" | "float"
        | "decimal" | "number" => (Kind::Number, None),
        "datetimeoffset" | "datetime" => return text(Format::DateTime),
        "date" => return text(Format::Date),
        "duration" => return text(Format::Duration),
        "timeofday" => return text(Format::Time),
        "guid" => return text(Format::Guid),
        word if word.starts_with("collection(") => (Kind::Array, None),
        _ => return None,
    };
    Some(Example::TypeWord(kind, format))
}
