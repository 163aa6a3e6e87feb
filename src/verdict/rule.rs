//! Profiles, rules and severities: the stable names of flags, reports and the user guide.

/// One use of a contract test, and with it how strictly the answer is held against the docs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Does the real service keep what the docs say?
    Service,
    /// Is this fake still like the docs? It must not invent and must not omit.
    Mock,
    /// Does it answer exactly what the docs show?
    Golden,
}

impl Profile {
    /// In the order of the table.
    pub const ALL: [Profile; 3] = [Profile::Service, Profile::Mock, Profile::Golden];

    /// The profile of this name.
    pub fn named(name: &str) -> Option<Profile> {
        Profile::ALL.into_iter().find(|profile| profile.name() == name)
    }

    /// Its name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Service => "service",
            Profile::Mock => "mock",
            Profile::Golden => "golden",
        }
    }
}

/// How grave a mismatch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Breaks the promise: the contract fails.
    Fail,
    /// Looks wrong, and may be lawful.
    Warn,
    /// Worth counting.
    Note,
}

impl Severity {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Fail => "fail",
            Severity::Warn => "warn",
            Severity::Note => "note",
        }
    }
}

/// The rule that an answer broke: the stable names of reports, flags and the user guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Another status code.
    Status,
    /// Another media type.
    ContentType,
    /// A documented header did not come.
    HeaderMissing,
    /// A documented header came with a value it cannot have.
    HeaderValue,
    /// No body came.
    BodyMissing,
    /// A body came where none is documented.
    BodyUnexpected,
    /// The body is not JSON.
    BodyNotJson,
    /// A shown member did not come.
    MemberMissing,
    /// A member came that is not shown.
    MemberExtra,
    /// Null where a value is shown, or the other way round.
    Null,
    /// Another JSON type.
    Type,
    /// The format of a string was lost.
    Format,
    /// A string outside the documented enumeration.
    Enum,
    /// Not what was sent.
    Echo,
    /// Another value where the documented one is promised.
    Value,
    /// Nothing to hold the documented elements against.
    ArrayEmpty,
    /// Another number of elements.
    ArrayLength,
    /// A member stands twice in one object.
    DuplicateMember,
    /// A number lost digits.
    Precision,
    /// The text's encoding is off.
    Encoding,
    /// The message's framing is off.
    Framing,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Rule; 21] = [
        Rule::Status,
        Rule::ContentType,
        Rule::HeaderMissing,
        Rule::HeaderValue,
        Rule::BodyMissing,
        Rule::BodyUnexpected,
        Rule::BodyNotJson,
        Rule::MemberMissing,
        Rule::MemberExtra,
        Rule::Null,
        Rule::Type,
        Rule::Format,
        Rule::Enum,
        Rule::Echo,
        Rule::Value,
        Rule::ArrayEmpty,
        Rule::ArrayLength,
        Rule::DuplicateMember,
        Rule::Precision,
        Rule::Encoding,
        Rule::Framing,
    ];

    /// The rule of this name.
    pub fn named(name: &str) -> Option<Rule> {
        Rule::ALL.into_iter().find(|rule| rule.name() == name)
    }

    /// The rule's stable name.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Status => "status",
            Rule::ContentType => "content-type",
            Rule::HeaderMissing => "header-missing",
            Rule::HeaderValue => "header-value",
            Rule::BodyMissing => "body-missing",
            Rule::BodyUnexpected => "body-unexpected",
            Rule::BodyNotJson => "body-not-json",
            Rule::MemberMissing => "member-missing",
            Rule::MemberExtra => "member-extra",
            Rule::Null => "null",
            Rule::Type => "type",
            Rule::Format => "format",
            Rule::Enum => "enum",
            Rule::Echo => "echo",
            Rule::Value => "value",
            Rule::ArrayEmpty => "array-empty",
            Rule::ArrayLength => "array-length",
            Rule::DuplicateMember => "duplicate-member",
            Rule::Precision => "precision",
            Rule::Encoding => "encoding",
            Rule::Framing => "framing",
        }
    }
}
