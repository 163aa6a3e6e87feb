//! A mismatch in a line.

use super::visible;
use crate::json::{Json, Kind};
use crate::verdict::{Effect, Elements, Mismatch, Rule, Why};
use std::fmt::Write as _;

/// `type: $.resultInfo.code is "4" (string), documented 4 (number)`
pub(in crate::report) fn title(mismatch: &Mismatch) -> String {
    let mut place = match (mismatch.rule, mismatch.at.as_str()) {
        (_, "") => String::from("the answer"),
        (Rule::HeaderMissing | Rule::HeaderValue | Rule::ContentType | Rule::Framing, name)
            if !name.starts_with('$') =>
        {
            format!("header {name}")
        }
        (_, "$") => String::from("the body"),
        (_, path) => path.to_owned(),
    };
    if let Some(elements) = &mismatch.elements {
        let _ =
            write!(place, " ({} of {}, first at {})", elements.count, elements.of, first(mismatch, elements));
    }
    let expected = mismatch.expected.as_ref().map(value).unwrap_or_default();
    let actual = mismatch.actual.as_ref().map(value).unwrap_or_default();
    let said = match mismatch.rule {
        Rule::Type => format!(
            "{place} is {}, documented {}",
            typed(mismatch.actual.as_ref()),
            typed(mismatch.expected.as_ref())
        ),
        Rule::Status => format!("the status is {actual}, documented {expected}"),
        Rule::HeaderMissing | Rule::MemberMissing => format!("{place} is missing, documented {expected}"),
        Rule::MemberExtra => format!("{place} is not documented: {actual}"),
        Rule::BodyMissing => "no body came, one is documented".to_owned(),
        Rule::BodyUnexpected => format!("a body came, none is documented: {actual}"),
        Rule::BodyNotJson => format!("the body is not JSON: {actual}"),
        Rule::ArrayEmpty => format!("{place} is empty, documented {expected}"),
        Rule::Echo if mismatch.actual.is_none() => {
            format!("{place} does not hold {expected}, which was sent")
        }
        Rule::Echo => format!("{place} is {actual}, sent was {expected}"),
        Rule::Precision => format!("{place} is {actual}, which lost digits of {expected}"),
        Rule::DuplicateMember => format!("{place} stands twice: {expected} and {actual}"),
        Rule::Framing if mismatch.why == Why::Framing("http.cl_and_te") => {
            format!("the answer has Content-Length {actual} and Transfer-Encoding")
        }
        Rule::Framing => format!("the answer has no content and Content-Length {actual}"),
        Rule::Encoding if mismatch.why == Why::ByteOrderMark => {
            "a byte order mark stands before the body".to_owned()
        }
        Rule::Encoding if mismatch.why == Why::Framing("body.surplus") => {
            "bytes stand behind the end of the coding".to_owned()
        }
        Rule::Encoding => "the header says another charset than the body has".to_owned(),
        _ => format!("{place} is {actual}{}", documented(mismatch)),
    };
    visible(&format!("{}: {said}", mismatch.rule.name())).into_owned()
}

/// What a place should be instead; nothing where no value would do better than others.
fn documented(mismatch: &Mismatch) -> String {
    match (&mismatch.why, &mismatch.expected) {
        (Why::ByHand(rule), _) if !matches!(rule.effect, Effect::Level(_)) => {
            format!(", a rule by hand says {}", rule.effect)
        }
        (_, Some(expected)) => format!(", documented {}", value(expected)),
        (_, None) => String::new(),
    }
}

/// `[3]`, where that tells which of all it is; else the whole way to it.
fn first(mismatch: &Mismatch, elements: &Elements) -> String {
    let index = format!("[{}]", elements.first);
    if mismatch.at.replacen("[*]", &index, 1) == elements.path { index } else { elements.path.clone() }
}

/// A value with its type, where that is what differs.
fn typed(json: Option<&Json>) -> String {
    json.map_or_else(String::new, |json| match json.root().kind() {
        Kind::Null => "null".to_owned(),
        kind => format!("{} ({kind})", value(json)),
    })
}

/// A value in a line.
pub(super) fn value(json: &Json) -> String {
    const LENGTH: usize = 60;
    let text = json.root().to_compact();
    if text.chars().count() > LENGTH {
        let start: String = text.chars().take(LENGTH).collect();
        format!("{start}…")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::{RuleByHand, Severity, Site, Written};
    use rstest::rstest;

    fn mismatch(rule: Rule, at: &str, why: Why) -> Mismatch {
        Mismatch {
            severity: Severity::Fail,
            rule,
            at: at.to_owned(),
            site: Site::Body(String::new()),
            location: None,
            expected: None,
            actual: Some(Json::string("x")),
            elements: None,
            why,
            accept: None,
            known: None,
        }
    }

    fn by_hand(effect: Effect) -> Why {
        let written = Written::Flag;
        Why::ByHand(Box::new(RuleByHand { contract: None, at: "$.id".to_owned(), effect, written }))
    }

    #[rstest]
    #[case(Rule::Format, by_hand(Effect::Format("guid".into())), "format: $.id is \"x\", a rule by hand says format = \"guid\"")]
    #[case(Rule::Value, by_hand(Effect::Matches("^a".into())), "value: $.id is \"x\", a rule by hand says matches = \"^a\"")]
    #[case(
        Rule::Value,
        by_hand(Effect::Equals(Json::integer(3))),
        "value: $.id is \"x\", a rule by hand says equals = 3"
    )]
    #[case(Rule::Value, Why::Literal, "value: $.id is \"x\"")]
    #[case(
        Rule::Encoding,
        Why::Framing("body.surplus"),
        "encoding: bytes stand behind the end of the coding"
    )]
    fn nothing_is_said_to_be_documented_that_is_not(
        #[case] rule: Rule,
        #[case] why: Why,
        #[case] said: &str,
    ) {
        assert_eq!(title(&mismatch(rule, "$.id", why)), said);
    }

    #[test]
    fn what_differs_of_the_whole_is_the_body() {
        assert_eq!(
            title(&mismatch(Rule::ContentType, "$", Why::HtmlInstead)),
            "content-type: the body is \"x\""
        );
    }

    #[rstest]
    #[case("$.a[*].b", "$.a[3].b", "$.a[*].b (2 of 5, first at [3])")]
    #[case("$.a[*].b[*]", "$.a[1].b[3]", "$.a[*].b[*] (2 of 5, first at $.a[1].b[3])")]
    #[case("$.a[*]", "$.a.x", "$.a[*] (2 of 5, first at $.a.x)")]
    fn the_first_of_several_is_named(#[case] at: &str, #[case] path: &str, #[case] said: &str) {
        let elements = Elements { count: 2, of: 5, first: 3, path: path.to_owned(), alike: true };
        let mismatch = Mismatch { elements: Some(elements), ..mismatch(Rule::Value, at, Why::Literal) };
        assert_eq!(title(&mismatch), format!("value: {said} is \"x\""));
    }
}
