//! The words of an explanation.

use crate::json::{Json, Kind};
use crate::message::is_json;
use crate::verdict::explanation::{By, Reach, Says};
use crate::verdict::{Effect, Level, Profile, Severity};

/// What is promised, and what it costs where an answer breaks it: nothing is said of what fails.
pub(super) fn says(says: &Says, breach: Option<Severity>) -> String {
    let text = match says {
        Says::Comes if breach == Some(Severity::Fail) => "must come".to_owned(),
        Says::Comes => "should come".to_owned(),
        Says::Status(status) => status.clone(),
        Says::MediaType(media) if is_json(media) => format!("{media}, or other JSON"),
        Says::MediaType(media) => media.clone(),
        Says::MayBeAbsent => "may be missing".to_owned(),
        Says::Anything => "anything".to_owned(),
        Says::Types(types) => types.iter().map(|name| typed(name)).collect::<Vec<_>>().join(" or "),
        Says::Null => "null may come".to_owned(),
        Says::Whole => "a whole number".to_owned(),
        Says::Format(format) => format!("format {format}"),
        Says::OneOf(texts) => {
            format!("one of {}", list(&texts.iter().map(|text| quoted(text)).collect::<Vec<_>>(), 8))
        }
        Says::TypeName(name) => format!("names the type {}", quoted(name)),
        Says::Exactly(json) => format!("exactly {}", value(json)),
        Says::Begins(text) => format!("begins with {}", quoted(text)),
        Says::UrlLike(form) => format!("a URL like {form}"),
        Says::Echo => "what is sent".to_owned(),
        Says::EchoInSome => "one element has what is sent".to_owned(),
        Says::NoOtherMembers => "no other members".to_owned(),
        Says::OtherMembers => "other members may come".to_owned(),
        Says::EachElement => "each element as below".to_owned(),
        Says::EachByTag(tag) => format!("each element by its {tag}"),
        Says::NoOtherTags(tag) => format!("no element of another {tag}"),
        Says::NotItself => "not the shown text".to_owned(),
        Says::SomeText | Says::SomeElements => "not empty".to_owned(),
        Says::TheseElements(count) => format!("{count} elements, in this order"),
        Says::AtLeastTheseElements(count) => format!("{count} elements or more, in this order"),
        Says::NoBody => "no body".to_owned(),
        Says::SomeBody => "a body".to_owned(),
        Says::Text => "the shown text".to_owned(),
        Says::Octets => "the shown octets".to_owned(),
        Says::ByHand(effect) => effect_words(effect),
    };
    match breach {
        Some(Severity::Warn) => text + " (else a warning)",
        Some(Severity::Note) => text + " (else a note)",
        Some(Severity::Fail) | None => text,
    }
}

fn effect_words(effect: &Effect) -> String {
    match effect {
        Effect::Level(Level::Exact) => "exactly what the docs show".to_owned(),
        Effect::Level(Level::Type) => "by type".to_owned(),
        Effect::Level(Level::Shape) => "by shape: any scalar or null".to_owned(),
        Effect::Level(Level::Ignore) => "anything, or nothing".to_owned(),
        Effect::Format(format) => format!("a text of the format {format}"),
        Effect::Null => "null may come".to_owned(),
        Effect::Absent => "may be missing".to_owned(),
        Effect::Extra => "may come though it is not shown".to_owned(),
        Effect::Keys => "members of any names, each as below".to_owned(),
        Effect::Equals(json) => format!("exactly {}", value(json)),
        Effect::Matches(pattern) => format!("a text in which {} is found", quoted(pattern)),
    }
}

/// What made it so.
pub(super) fn by(by: &By, profile: Profile) -> String {
    let text = match by {
        By::Shown(json) if is_container(json) => "the docs show it",
        By::Shown(json) => return format!("the docs show {}", value(json)),
        By::Merge(1, json) if is_container(json) => "what the one that is shown has",
        By::Merge(count, json) if is_container(json) => {
            return format!("what {count} examples have in common");
        }
        By::Merge(1, json) => return format!("the docs show one: {}", value(json)),
        By::Merge(count, json) => return format!("of {count} examples: {}, …", value(json)),
        By::TypeWord(word) => return format!("the docs name a type: {}", quoted(word)),
        By::Placeholder(text) => return format!("the docs show a placeholder: {}", quoted(text)),
        By::Abbreviated(text) => {
            return format!("the docs cut it short: {}; counted as unchecked", clipped(&quoted(text)));
        }
        By::Enumeration(text) => return format!("the docs list them: {}", clipped(&quoted(text))),
        By::Echo(pointers) => return format!("echo of the request's {}", list(pointers, 2)),
        By::PathEcho(text) => return format!("path echo of {}", clipped(&quoted(text))),
        By::EveryObject(count) => return format!("all {count} shown objects have it"),
        By::NotEveryObject(some, all) => return format!("{some} of {all} shown objects have it"),
        By::Rule(rule, reach) => {
            let of = match reach {
                Reach::All => String::new(),
                Reach::Some(some, all) => format!(", of {some} of the {all} that are shown"),
            };
            return format!("{}: {}{of}", rule.written, rule.at);
        }
        By::Profile => return format!("profile {} takes the docs literally", profile.name()),
        By::Docs => "the docs show it",
        By::StandIn => "it stands for a value",
        By::Format => "what the docs show has this format",
        By::WholeNumbers => "the docs show no fraction",
        By::OnlyNull => "the docs show only null; counted as unchecked",
        By::OnlyEmpty => "the docs show no element",
        By::Optional => "the page declares it optional",
        By::Nullable => "the page declares it nullable",
        By::NullExample => "the docs show it as null",
        By::Control => "@odata members are control information",
        By::TypeName => "@odata.type names the type of its object",
        By::Truncated => "the page says that it is shortened",
        By::Inferred => "nobody annotated the pair as whole",
        By::Elided => "the page leaves a part of it out: ...",
        By::NotTruncated => "the page does not say that it is shortened",
        By::ContractHeader => "the header is part of the contract",
        By::Volatile => "the header changes with every answer",
        By::OtherHeader => "the docs show it; its value is not compared",
        By::NoStatus => "the page states no status code",
        By::SaidEmpty => "the page says that none comes",
        By::NotShown => "the page shows none",
        By::LowConfidence => "it was read by a guess; counted as unchecked",
        By::Binary => "what the page shows stands for octets",
    };
    text.to_owned()
}

fn typed(name: &str) -> String {
    match name {
        "null" => "null".to_owned(),
        "object" | "array" => format!("an {name}"),
        name => format!("a {name}"),
    }
}

fn is_container(json: &Json) -> bool {
    matches!(json.root().kind(), Kind::Array | Kind::Object)
}

fn quoted(text: &str) -> String {
    Json::string(text).text().to_owned()
}

/// A value in a few words.
fn value(json: &Json) -> String {
    clipped(&json.root().to_compact())
}

fn clipped(text: &str) -> String {
    const LENGTH: usize = 28;
    if text.chars().count() <= LENGTH {
        return text.to_owned();
    }
    let start: String = text.chars().take(LENGTH).collect();
    format!("{start}…")
}

fn list(texts: &[String], most: usize) -> String {
    let shown: Vec<&str> = texts.iter().take(most).map(String::as_str).collect();
    let more = texts.len().saturating_sub(most);
    let shown = shown.join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}
