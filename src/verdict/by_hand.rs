//! Rules by hand: what people say of places of an answer, beside what the docs say. Data only.

use crate::json::{Json, Kind, Value, quote};
use std::fmt;

/// How strictly a place is held against its example, it and what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Equal; arrays of the same length and order.
    Exact,
    /// The same JSON type and, where the example has one, the same format; shown members are there.
    Type,
    /// Any scalar or null where a scalar is shown; shown members are there.
    Shape,
    /// Anything, or nothing.
    Ignore,
}

impl Level {
    /// From the strictest to the mildest.
    pub const ALL: [Level; 4] = [Level::Exact, Level::Type, Level::Shape, Level::Ignore];

    /// Its name in `faithful.toml` and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Level::Exact => "exact",
            Level::Type => "type",
            Level::Shape => "shape",
            Level::Ignore => "ignore",
        }
    }

    /// The level of this name.
    pub fn named(name: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// What a rule by hand says of the places that it matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// How strictly they are judged, and what they hold.
    Level(Level),
    /// Strings of this format, whatever the example is: `guid`, `date-time`, `date`, `time`, `duration`, `url`,
    /// `email`.
    Format(String),
    /// Null may come.
    Null,
    /// They may be missing.
    Absent,
    /// They may come though the docs do not show them.
    Extra,
    /// The names of their members are data: each member is held against what all shown ones have in common.
    Keys,
    /// This very value, whatever the example is.
    Equals(Json),
    /// Strings in which this regular expression is found.
    Matches(String),
}

/// `level = "ignore"`: as `faithful.toml` has it.
impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Effect::Level(level) => write!(f, "level = \"{}\"", level.name()),
            Effect::Format(format) => write!(f, "format = {}", quoted(format)),
            Effect::Null => f.write_str("null = \"ok\""),
            Effect::Absent => f.write_str("absent = \"ok\""),
            Effect::Extra => f.write_str("extra = \"ok\""),
            Effect::Keys => f.write_str("keys = \"any\""),
            Effect::Equals(json) => {
                let mut text = String::from("equals = ");
                inline(json.root(), &mut text);
                f.write_str(&text)
            }
            Effect::Matches(pattern) => write!(f, "matches = {}", quoted(pattern)),
        }
    }
}

/// A JSON value as TOML writes it in a line; TOML has no null.
fn inline(value: Value<'_>, text: &mut String) {
    let separate = |text: &mut String, first: &mut bool| {
        if !std::mem::take(first) {
            text.push_str(", ");
        }
    };
    let mut first = true;
    match value.kind() {
        Kind::Array => {
            text.push('[');
            for element in value.elements() {
                separate(text, &mut first);
                inline(element, text);
            }
            text.push(']');
        }
        Kind::Object => {
            text.push('{');
            for member in value.members() {
                separate(text, &mut first);
                text.push_str(&quoted(&member.name()));
                text.push_str(" = ");
                inline(member.value, text);
            }
            text.push('}');
        }
        Kind::String => text.push_str(&quoted(&value.as_str().unwrap_or_default())),
        Kind::Null | Kind::Bool | Kind::Number => text.push_str(value.raw()),
    }
}

/// A TOML string: what JSON escapes TOML escapes alike, but for DEL.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quote(text, &mut quoted);
    quoted.replace('\u{7f}', "\\u007f")
}

/// A rule by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleByHand {
    /// A glob over the ids of contracts; none for all of them.
    pub contract: Option<String>,
    /// A `JSONPath` (RFC 9535): the places of the answer's body that it matches.
    pub at: String,
    /// What it says of them.
    pub effect: Effect,
    /// Where it was written.
    pub written: Written,
}

/// Where a rule by hand was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Written {
    /// By a caller of the library, or by nobody yet.
    #[default]
    Nowhere,
    /// On the command line.
    Flag,
    /// In a file, where its entry begins.
    File {
        /// The file's name.
        file: String,
        /// The line, from 1.
        line: u32,
    },
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Written::Nowhere => f.write_str("a rule by hand"),
            Written::Flag => f.write_str("--rule"),
            Written::File { file, line } => write!(f, "{file}:{line}"),
        }
    }
}

impl RuleByHand {
    /// The entry of `faithful.toml` that says it.
    ///
    /// ```
    /// use faithful::verdict::{Effect, Level, RuleByHand, Written};
    ///
    /// let effect = Effect::Level(Level::Ignore);
    /// let rule = RuleByHand { contract: None, at: "$['a b']".into(), effect, written: Written::Nowhere };
    /// assert_eq!(rule.to_toml(), "[[rules]]\nat = \"$['a b']\"\nlevel = \"ignore\"\n");
    /// ```
    pub fn to_toml(&self) -> String {
        let contract = self.contract.as_ref().map(|glob| format!("contract = {}\n", quoted(glob)));
        format!("[[rules]]\n{}at = {}\n{}\n", contract.unwrap_or_default(), quoted(&self.at), self.effect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("3", "equals = 3")]
    #[case(r#"["a\"b", 1.50, true]"#, r#"equals = ["a\"b", 1.50, true]"#)]
    #[case(r#"{"a": {"b c": []}}"#, r#"equals = {"a" = {"b c" = []}}"#)]
    fn values_are_written_as_toml(#[case] json: &str, #[case] toml: &str) {
        assert_eq!(Effect::Equals(Json::parse(json).unwrap()).to_string(), toml);
    }

    #[test]
    fn every_level_is_found_by_its_name() {
        assert!(Level::ALL.iter().all(|level| Level::named(level.name()) == Some(*level)));
        assert_eq!(Level::named("Ignore"), None);
    }
}
