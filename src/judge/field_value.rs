//! What the value of a header promises that is part of the contract: its format, and of an URL its template.

use super::location::Location;
use crate::contract::Contract;
use crate::message::Sent;
use crate::verdict::Why;

/// What a documented value promises of the one that comes.
#[derive(Debug)]
pub(super) enum FieldValue<'a> {
    /// To be there, and not empty.
    Something,
    /// An URL of this form.
    Url(Location<'a>),
    /// An entity tag (RFC 9110, 8.8.3), weak or strong.
    EntityTag,
    /// A delay or a date (RFC 9110, 10.2.3).
    RetryAfter,
    /// A range of this unit (RFC 9110, 14.4).
    ContentRange(String),
    /// Links (RFC 8288): where those of each relation lead.
    Links(Vec<(String, Location<'a>)>),
    /// Preferences (RFC 7240): their names, and values that are words.
    Preferences(Vec<(String, Option<String>)>),
}

impl<'a> FieldValue<'a> {
    /// What a shown value promises; `name` in lower case. A value that has not its header's format is an
    /// illustration of which nothing can be known.
    pub(super) fn of(name: &str, shown: &str, contract: &'a Contract) -> FieldValue<'a> {
        let value = match name {
            "location" | "operation-location" => Location::of(shown, contract).map(FieldValue::Url),
            "etag" => is_entity_tag(shown).then_some(FieldValue::EntityTag),
            "retry-after" => is_retry_after(shown).then_some(FieldValue::RetryAfter),
            "content-range" => range_unit(shown).map(FieldValue::ContentRange),
            "link" => links(shown).and_then(|links| {
                let templates = links.into_iter().map(|(target, relation)| {
                    Some((relation.to_ascii_lowercase(), Location::of(target, contract)?))
                });
                templates.collect::<Option<Vec<_>>>().map(FieldValue::Links)
            }),
            "preference-applied" => {
                Some(preferences(shown)).filter(|known| !known.is_empty()).map(FieldValue::Preferences)
            }
            _ => None,
        };
        value.unwrap_or(FieldValue::Something)
    }

    /// Why a value breaks the promise; none where it keeps it.
    pub(super) fn broken_by(&self, came: &str, sent: &Sent) -> Option<Why> {
        let format = |name: &'static str, kept: bool| (!kept).then_some(Why::Format(name));
        match self {
            _ if came.is_empty() => Some(Why::Shown),
            FieldValue::Something => None,
            FieldValue::Url(location) => (!location.admits(came, sent)).then_some(Why::UrlTemplate),
            FieldValue::EntityTag => format("entity-tag", is_entity_tag(came)),
            FieldValue::RetryAfter => format("retry-after", is_retry_after(came)),
            FieldValue::ContentRange(unit) => {
                format("content-range", range_unit(came).is_some_and(|other| other == *unit))
            }
            FieldValue::Links(shown) => broken_links(shown, came, sent),
            FieldValue::Preferences(shown) => {
                let came = preferences(came);
                let kept = |(name, value): &(String, Option<String>)| {
                    let mut alike = came.iter().filter(|(other, _)| other == name);
                    alike.any(|(_, other)| value.is_none() || value == other || other.is_none())
                };
                format("preference", shown.iter().all(kept))
            }
        }
    }
}

/// Of the shown relations at least one comes (which ones, a page of a collection decides), and what comes of a
/// shown relation leads where the shown one leads.
fn broken_links(shown: &[(String, Location<'_>)], came: &str, sent: &Sent) -> Option<Why> {
    let Some(came) = links(came) else { return Some(Why::Format("link")) };
    let mut any = false;
    for (relation, location) in shown {
        let mut alike = came.iter().filter(|(_, other)| other.eq_ignore_ascii_case(relation)).peekable();
        if alike.peek().is_none() {
            continue;
        }
        any = true;
        if !alike.any(|(target, _)| location.admits(target, sent)) {
            return Some(Why::UrlTemplate);
        }
    }
    (!any).then_some(Why::Format("link"))
}

/// `"abc"`, `W/"abc"`
fn is_entity_tag(text: &str) -> bool {
    let text = text.strip_prefix("W/").unwrap_or(text);
    let inside = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inside.is_some_and(|inside| !inside.contains('"'))
}

/// Seconds, or a date as HTTP writes it: `Wed, 21 Oct 2015 07:28:00 GMT`.
fn is_retry_after(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let words: Vec<&str> = text.split(' ').collect();
    match words.as_slice() {
        [seconds] => is_number(seconds),
        [day, date, month, year, time, "GMT"] => {
            let is_word = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
            let day_name = day.strip_suffix(',').is_some_and(|day| day.len() == 3 && is_word(day));
            let clock = time.split(':').all(|part| part.len() == 2 && is_number(part)) && time.len() == 8;
            day_name && is_number(date) && month.len() == 3 && is_word(month) && is_number(year) && clock
        }
        _ => false,
    }
}

/// The unit of `bytes 0-99/200`, `bytes */200` or `bytes 0-99/*`.
fn range_unit(text: &str) -> Option<String> {
    let (unit, rest) = text.split_once(' ')?;
    let (range, length) = rest.trim().split_once('/')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_range = range.split_once('-').is_some_and(|(first, last)| is_number(first) && is_number(last));
    let lawful = is_range && (is_number(length) || length == "*") || range == "*" && is_number(length);
    (lawful && !unit.is_empty()).then(|| unit.to_ascii_lowercase())
}

/// Target and relation of each link; none where the text is no list of links.
fn links(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut links = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (target, behind) = rest.strip_prefix('<')?.split_once('>')?;
        let mut quoted = false;
        let end = behind.find(|c: char| {
            quoted ^= c == '"';
            c == ',' && !quoted
        });
        let (parameters, next) = match end {
            Some(end) => (behind.get(..end)?, behind.get(end + 1..)?),
            None => (behind, ""),
        };
        let relation = parameters.split(';').find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("rel").then(|| value.trim().trim_matches('"'))
        });
        links.push((target.trim(), relation.unwrap_or_default()));
        rest = next.trim();
    }
    (!links.is_empty()).then_some(links)
}

/// Names in lower case, and values that are words: a number or an id may be another one each time.
fn preferences(text: &str) -> Vec<(String, Option<String>)> {
    let mut quoted = false;
    let comma = |c: char| {
        quoted ^= c == '"';
        matches!(c, ',' | ';') && !quoted
    };
    let preferences = text.split(comma).map(str::trim).filter(|preference| !preference.is_empty());
    preferences
        .map(|preference| {
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let value = value.trim().trim_matches('"').to_ascii_lowercase();
            let is_word =
                !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            (name.trim().to_ascii_lowercase(), is_word.then_some(value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{ContractId, DocumentedRequest, DocumentedResponse, Provenance, Status};
    use rstest::rstest;

    #[rstest]
    #[case("etag", "\"a\"", "W/\"b\"", true)]
    #[case("etag", "\"a\"", "b", false)]
    #[case("etag", "a", "b", true)]
    #[case("etag", "a", "", false)]
    #[case("retry-after", "30", "120", true)]
    #[case("retry-after", "30", "Wed, 21 Oct 2015 07:28:00 GMT", true)]
    #[case("retry-after", "30", "soon", false)]
    #[case("retry-after", "a while", "soon", true)]
    #[case("content-range", "bytes 0-99/200", "bytes */5", true)]
    #[case("content-range", "bytes 0-99/200", "items 0-9/20", false)]
    #[case("content-range", "bytes 0-99/200", "0-99", false)]
    #[case(
        "link",
        "<https://a.example/users?page=2>; rel=\"next\"",
        "<https://b.example/users?page=3>; rel=next",
        true
    )]
    #[case(
        "link",
        "<https://a.example/users?page=2>; rel=\"next\"",
        "<https://a.example/groups>; rel=\"next\"",
        false
    )]
    #[case(
        "link",
        "<https://a.example/users?page=2>; rel=\"next\"",
        "<https://a.example/users>; rel=\"prev\"",
        false
    )]
    #[case("link", "</users>; rel=\"next\", </users>; rel=\"last\"", "</users?a=1,2>; rel=\"last\"", true)]
    #[case("link", "</users>; rel=\"next\"", "/users", false)]
    #[case("preference-applied", "return=minimal", "Return=\"minimal\"", true)]
    #[case("preference-applied", "return=minimal", "return=representation", false)]
    #[case("preference-applied", "odata.maxpagesize=5", "odata.maxpagesize=3, respond-async", true)]
    #[case("preference-applied", "respond-async", "return=minimal", false)]
    fn values_keep_their_format(
        #[case] name: &str,
        #[case] shown: &str,
        #[case] came: &str,
        #[case] kept: bool,
    ) {
        let contract = Contract {
            id: ContractId::new("a"),
            name: "a".into(),
            source: Provenance::default(),
            request: DocumentedRequest { method: "GET".into(), url: "/users".into(), ..Default::default() },
            response: DocumentedResponse::of_status(Status::Code(200)),
        };
        let value = FieldValue::of(name, shown, &contract);
        assert_eq!(value.broken_by(came, &Sent::default()).is_none(), kept, "{value:?}");
    }
}
