//! The repairs, each with its name, and whether its meaning is certain.

use std::fmt;

/// What was done to a text that is not quite JSON.
///
/// The first ten are safe: one meaning is possible. The others are guesses: what was read is likely, not certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RepairRule {
    /// `[1, 2,]`
    TrailingComma,
    /// A no-break or zero-width blank between tokens.
    OddBlank,
    /// `{"a": 1 "b": 2}`
    MissingComma,
    /// A line that is broken inside a string.
    RawNewline,
    /// A tab or another control character inside a string.
    RawControl,
    /// `{'a': 'b'}`
    SingleQuotes,
    /// `{a: 1}`
    UnquotedKey,
    /// `// like this`, `/* this */`, `# this` or `<!-- this -->`
    Comment,
    /// `...`, `…` or `// more` in the place of an element or a member.
    Ellipsis,
    /// A date, a time, or a number that JSON spells otherwise: `2018-04-01T12:39:16Z`, `007`, `+1`, `.5`
    BareLiteral,
    /// `“a”`, or a straight quote closed by a curly one.
    SmartQuotes,
    /// `"say "hello" to them"`
    UnescapedQuote,
    /// `"status: 200`, `status": 200`
    UnclosedQuote,
    /// `"\d"`, or half of a surrogate pair.
    UnknownEscape,
    /// `{optional "a": 1}`
    ProseBeforeKey,
    /// `{"a": 1 or more}`
    ProseAfterValue,
    /// `{{"a": 1}}`
    ValueWithoutKey,
    /// `{"a", "b":}`
    MemberWithoutValue,
    /// `{"a" 1}`, `{"a" = 1}`, `{"a":: 1}`
    WrongColon,
    /// `[1,, 2]`
    ExtraComma,
    /// `{"a": 1; "b": 2}`
    Semicolon,
    /// `{"a": microsoft.graph.user, "b": True}`
    BareWord,
    /// `{"a": {id}, "b": <id>}`
    Placeholder,
    /// `[1, 2}`
    WrongCloser,
    /// `{"a": [1, 2`
    MissingCloser,
    /// `{"a": 1} and more`
    TrailingText,
}

impl RepairRule {
    /// All of them, the safe ones first.
    pub const ALL: [RepairRule; 26] = [
        Self::TrailingComma,
        Self::OddBlank,
        Self::MissingComma,
        Self::RawNewline,
        Self::RawControl,
        Self::SingleQuotes,
        Self::UnquotedKey,
        Self::Comment,
        Self::Ellipsis,
        Self::BareLiteral,
        Self::SmartQuotes,
        Self::UnescapedQuote,
        Self::UnclosedQuote,
        Self::UnknownEscape,
        Self::ProseBeforeKey,
        Self::ProseAfterValue,
        Self::ValueWithoutKey,
        Self::MemberWithoutValue,
        Self::WrongColon,
        Self::ExtraComma,
        Self::Semicolon,
        Self::BareWord,
        Self::Placeholder,
        Self::WrongCloser,
        Self::MissingCloser,
        Self::TrailingText,
    ];

    /// Its name in findings.
    pub fn name(self) -> &'static str {
        match self {
            Self::TrailingComma => "trailing-comma",
            Self::OddBlank => "odd-blank",
            Self::MissingComma => "missing-comma",
            Self::RawNewline => "raw-newline",
            Self::RawControl => "raw-control",
            Self::SingleQuotes => "single-quotes",
            Self::UnquotedKey => "unquoted-key",
            Self::Comment => "comment",
            Self::Ellipsis => "ellipsis",
            Self::BareLiteral => "bare-literal",
            Self::SmartQuotes => "smart-quotes",
            Self::UnescapedQuote => "unescaped-quote",
            Self::UnclosedQuote => "unclosed-quote",
            Self::UnknownEscape => "unknown-escape",
            Self::ProseBeforeKey => "prose-before-key",
            Self::ProseAfterValue => "prose-after-value",
            Self::ValueWithoutKey => "value-without-key",
            Self::MemberWithoutValue => "member-without-value",
            Self::WrongColon => "wrong-colon",
            Self::ExtraComma => "extra-comma",
            Self::Semicolon => "semicolon",
            Self::BareWord => "bare-word",
            Self::Placeholder => "placeholder",
            Self::WrongCloser => "wrong-closer",
            Self::MissingCloser => "missing-closer",
            Self::TrailingText => "trailing-text",
        }
    }

    /// Whether another meaning is possible.
    pub fn is_guess(self) -> bool {
        !matches!(
            self,
            Self::TrailingComma
                | Self::OddBlank
                | Self::MissingComma
                | Self::RawNewline
                | Self::RawControl
                | Self::SingleQuotes
                | Self::UnquotedKey
                | Self::Comment
                | Self::Ellipsis
                | Self::BareLiteral
        )
    }
}

impl fmt::Display for RepairRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
