//! Labels: what a heading or the text before a block says that the block is.

use super::output::{announces, has_word};

/// Whether a label says that data behind it is what a service answered with, and not how answers are built.
pub(in crate::docs) fn says_answer(label: &str) -> bool {
    const BUILD: [&str; 13] = [
        "format",
        "formats",
        "schema",
        "structure",
        "fields",
        "type",
        "types",
        "template",
        "payload",
        "request",
        "config",
        "configuration",
        "parameters",
    ];
    let said = last_sentence(label);
    announces(said) && !has_word(said, &BUILD)
}

/// Whether a label says that data behind it is what the request above it sends.
pub(in crate::docs) fn says_sent(label: &str) -> bool {
    let said = last_sentence(label);
    has_word(said, &["body", "payload", "data"]) && !announces(said)
}

/// The file of data that a label names, as in "the content of `body.json`".
pub(super) fn file_name(label: &str) -> Option<&str> {
    let mut words = label.split(|c: char| c.is_whitespace() || "`*,;()\"'".contains(c));
    words.find_map(|word| {
        let name = word.trim_end_matches([':', '.']);
        let (stem, extension) = name.rsplit_once('.')?;
        let is_data = matches!(extension, "json" | "txt" | "xml" | "yaml" | "yml" | "csv" | "ndjson");
        (is_data && !stem.is_empty() && !name.contains("://")).then_some(name)
    })
}

/// The status that a label names, as in `Response (404)` and `**201 Created**`.
pub(in crate::docs) fn status(label: &str) -> Option<u16> {
    const BEFORE: [&str; 6] = ["status", "code", "http", "response", "error", "success"];
    let said = last_sentence(label).to_ascii_lowercase();
    // The figures of an address are no status.
    let said = said.split_whitespace().filter(|word| !word.contains("://"));
    let words = said.flat_map(|word| word.split(|c: char| !c.is_alphanumeric()));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).take(MOST_WORDS).collect();
    let mut found = None;
    for (at, word) in words.iter().enumerate() {
        let Some(code) = word.parse().ok().filter(|code| word.len() == 3 && (100..600).contains(code)) else {
            continue;
        };
        let before = words.get(..at).unwrap_or_default();
        // Behind `HTTP/1.1` its figures stand between.
        let named = before.iter().rev().find(|word| !matches!(**word, "0" | "1" | "2" | "3"));
        let reason = http::StatusCode::from_u16(code).ok().and_then(|code| code.canonical_reason());
        let reason = reason.and_then(|reason| reason.split([' ', '-']).next()).unwrap_or_default();
        let is_explained =
            words.get(at + 1).is_some_and(|word| !reason.is_empty() && word.eq_ignore_ascii_case(reason));
        if is_explained || named.is_some_and(|word| BEFORE.contains(word)) {
            if found.is_some_and(|found| found != code) {
                return None;
            }
            found = Some(code);
        }
    }
    found
}

/// Words of a label that are looked at.
const MOST_WORDS: usize = 40;

/// What stands behind the last full stop, but for one that ends the text.
fn last_sentence(label: &str) -> &str {
    let label = label.trim();
    let body = label.trim_end_matches(['.', ':', ' ']);
    body.rsplit(". ").next().unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::{says_answer, says_sent, status};
    use rstest::rstest;

    #[rstest]
    #[case("Sample response:", true, false)]
    #[case("**Success Response**", true, false)]
    #[case("Keys Response", true, false)]
    #[case("A response body like the following is returned:", true, false)]
    #[case("Send the request. The API returns:", true, false)]
    #[case("with a body of:", false, true)]
    #[case("Request body:", false, true)]
    #[case("The following data. It returns", true, false)]
    #[case("Response format:", false, false)]
    #[case("The structure of the response:", false, false)]
    #[case("For example:", false, false)]
    #[case("", false, false)]
    fn labels_say_what_follows(#[case] label: &str, #[case] answer: bool, #[case] sent: bool) {
        assert_eq!((says_answer(label), says_sent(label)), (answer, sent));
    }

    #[rstest]
    #[case("Response (404)", Some(404))]
    #[case("Response `200`:", Some(200))]
    #[case("**201 Created**", Some(201))]
    #[case("HTTP/1.1 204 No Content", Some(204))]
    #[case("On failure it answers with status code 409:", Some(409))]
    #[case("Answers 200 OK or 404 Not Found:", None)]
    #[case("The response has 200 items:", None)]
    #[case("It takes 404 steps. The response:", None)]
    #[case("Returns at most 100 of them", None)]
    #[case("Response 4040", None)]
    #[case("The response of http://127.0.0.1:2379/v2/keys:", None)]
    fn labels_name_a_status(#[case] label: &str, #[case] expected: Option<u16>) {
        assert_eq!(status(label), expected);
    }
}
