//! What a contract promises, part by part, and which rule or inference made it so. Data only.

use super::{Effect, Profile, RuleByHand, Severity, Site};
use crate::json::Json;

/// All that a contract promises of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// How strictly answers are judged.
    pub profile: Profile,
    /// Status, headers, body and its places, in the page's order.
    pub parts: Vec<Part>,
    /// The rules by hand for the contract that match nothing which it documents.
    pub unmatched: Vec<RuleByHand>,
}

/// What is promised of one part of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The documented place.
    pub site: Site,
    /// A `JSONPath` (RFC 9535), or a header's name; empty for the status.
    pub at: String,
    /// It is of elements with this tag alone, and of what they hold.
    pub of: Option<Tag>,
    /// What it must be, one by one.
    pub clauses: Vec<Clause>,
}

/// The member that tells the elements of an array apart, and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The member.
    pub name: &'static str,
    /// What it holds.
    pub value: String,
}

/// One thing that is promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// What.
    pub says: Says,
    /// How grave it is in the profile where an answer breaks it; none where none can.
    pub breach: Option<Severity>,
    /// Which rule or inference made it.
    pub by: By,
}

/// What is promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// This status, or one of this class.
    Status(String),
    /// This media type.
    MediaType(String),
    /// It comes.
    Comes,
    /// It may be missing.
    MayBeAbsent,
    /// Nothing: whatever comes is lawful.
    Anything,
    /// A value of one of these JSON types.
    Types(Vec<&'static str>),
    /// Null may come as well.
    Null,
    /// A number without a fraction.
    Whole,
    /// A text of this format.
    Format(&'static str),
    /// One of these texts.
    OneOf(Vec<String>),
    /// Not the shown text itself, which is no value.
    NotItself,
    /// The name of this type.
    TypeName(String),
    /// This very value.
    Exactly(Json),
    /// A text that begins so.
    Begins(String),
    /// Not empty.
    SomeText,
    /// A URL whose path has this form; `*` is any segment.
    UrlLike(String),
    /// What is sent.
    Echo,
    /// At least one element holds what is sent.
    EchoInSome,
    /// Members that are not shown do not come.
    NoOtherMembers,
    /// Members that are not shown may come.
    OtherMembers,
    /// Each element is held against what the shown ones have in common.
    EachElement,
    /// Each element is held against the shown ones with the same tag.
    EachByTag(&'static str),
    /// An element of a tag that is not shown is noticed.
    NoOtherTags(&'static str),
    /// At least one element comes.
    SomeElements,
    /// As many elements as are shown, in their order.
    TheseElements(usize),
    /// The shown elements in their order, and any others behind them.
    AtLeastTheseElements(usize),
    /// No body comes.
    NoBody,
    /// A body comes, of which nothing else is checked.
    SomeBody,
    /// This text.
    Text,
    /// These octets.
    Octets,
    /// What a rule by hand says.
    ByHand(Effect),
}

/// Which rule or inference made a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// The docs show this.
    Shown(Json),
    /// The docs show it.
    Docs,
    /// The merge of so many examples, of which this is the first.
    Merge(usize, Json),
    /// The example names a type.
    TypeWord(String),
    /// The example is a placeholder.
    Placeholder(String),
    /// The page cuts the example short.
    Abbreviated(String),
    /// The example lists what it can be.
    Enumeration(String),
    /// What is shown stands for a value.
    StandIn,
    /// The example has the format, as all of them have.
    Format,
    /// Every number that is shown is whole.
    WholeNumbers,
    /// Null is all that is shown.
    OnlyNull,
    /// The array is shown empty.
    OnlyEmpty,
    /// Every object that is shown has the member: so many.
    EveryObject(usize),
    /// Some of the shown objects lack the member: it is in so many of so many.
    NotEveryObject(usize, usize),
    /// The page declares the member optional.
    Optional,
    /// The page declares the member nullable.
    Nullable,
    /// The example is null.
    NullExample,
    /// `@odata.*` is control information.
    Control,
    /// `@odata.type` names a type.
    TypeName,
    /// The page says that the answer is shortened.
    Truncated,
    /// Nobody annotated the pair, and it may have been shortened.
    Inferred,
    /// The page elides a part of it: `...`.
    Elided,
    /// The page does not say that the answer is shortened.
    NotTruncated,
    /// The documented answer repeats the documented request's body, at these JSON Pointers.
    Echo(Vec<String>),
    /// The documented answer repeats this part of the documented URL.
    PathEcho(String),
    /// The header is part of the contract.
    ContractHeader,
    /// The header is another one with every answer.
    Volatile,
    /// Only a header's presence is promised.
    OtherHeader,
    /// The page states no status; what it shows is a success, or an error.
    NoStatus,
    /// The page says that no body comes.
    SaidEmpty,
    /// The page shows no body.
    NotShown,
    /// The body was read by a guess.
    LowConfidence,
    /// The body stands for octets.
    Binary,
    /// The profile takes the docs literally.
    Profile,
    /// A rule by hand, and how many of the shown values it matches.
    Rule(RuleByHand, Reach),
}

/// How many of the values that are shown at a place a rule by hand matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All.
    All,
    /// So many of so many.
    Some(usize, usize),
}
