//! Labels of the parts of a message: what a heading or the text before a block says that it shows of one.

use super::label::last_sentence;
use super::output::has_word;

/// Words that say nothing of which part it is.
const FILLERS: [&str; 31] = [
    "the",
    "a",
    "an",
    "with",
    "and",
    "this",
    "following",
    "as",
    "is",
    "of",
    "in",
    "its",
    "it",
    "for",
    "example",
    "sample",
    "typical",
    "full",
    "complete",
    "whole",
    "server",
    "api",
    "http",
    "json",
    "xml",
    "csv",
    "html",
    "text",
    "yaml",
    "plain",
    "raw",
];

const FORMATS: [&str; 6] = ["json", "xml", "csv", "html", "text", "yaml"];

const ANSWERS: [&str; 8] =
    ["response", "answer", "reply", "result", "output", "returns", "returned", "responds"];

const BODIES: [&str; 5] = ["body", "content", "contents", "payload", "data"];

const STATUSES: [&str; 6] = ["status", "code", "line", "header", "headers", "head"];

/// Whether a label says no more than that the body of an answer follows, as in `Response body:`; its status may stand in
/// it as well.
pub(in crate::docs) fn names_body(label: &str, status: Option<u16>) -> bool {
    let own = status.map(|status| status.to_string()).unwrap_or_default();
    consists_of(label, &own, &[&FILLERS, &ANSWERS, &BODIES])
        && [&ANSWERS[..], &BODIES, &FORMATS].iter().any(|nouns| has_word(label, nouns))
}

/// Whether a label says no more than that the status of an answer follows, as in `Status code:`.
pub(in crate::docs) fn names_status(label: &str) -> bool {
    consists_of(label, "", &[&FILLERS, &ANSWERS, &STATUSES]) && has_word(label, &STATUSES)
}

/// Whether a heading says no more than that a body follows, as `Body` and `Response content` do.
pub(in crate::docs) fn is_body(heading: &str) -> bool {
    names_body(heading, None) && has_word(heading, &["body", "payload", "content", "contents"])
}

/// Whether a label speaks of the body of a message.
pub(in crate::docs) fn says_body(label: &str) -> bool {
    has_word(last_sentence(label), &["body", "payload"])
}

/// Whether each word of a label is among these, or this one.
pub(super) fn consists_of(label: &str, own: &str, known: &[&[&str]]) -> bool {
    label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).all(|word| {
        word == own || known.iter().any(|known| known.iter().any(|known| known.eq_ignore_ascii_case(word)))
    })
}

#[cfg(test)]
mod tests {
    use super::{names_body, names_status};
    use rstest::rstest;

    #[rstest]
    #[case("Response body:", true)]
    #[case("**Body**", true)]
    #[case("with the following JSON:", true)]
    #[case("Response (201):", true)]
    #[case("Response (404):", false)]
    #[case("Request body:", false)]
    #[case("Error response:", false)]
    #[case("A bed is this:", false)]
    #[case("For example:", false)]
    #[case("", false)]
    fn labels_name_the_body(#[case] label: &str, #[case] expected: bool) {
        assert_eq!(names_body(label, Some(201)), expected);
    }

    #[rstest]
    #[case("Status:", true)]
    #[case("HTTP status code", true)]
    #[case("Response headers:", true)]
    #[case("Response:", false)]
    #[case("Status of the bed:", false)]
    fn labels_name_the_status(#[case] label: &str, #[case] expected: bool) {
        assert_eq!(names_status(label), expected);
    }
}
