//! Labels: what a heading or the text before a block says that the block is.

use super::answered::is_answered_with;
use super::output::{announces, has_word, speaks_of_errors};

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

/// Whether a label between an answer and data says that the data is another answer.
pub(in crate::docs) fn says_further(label: &str) -> bool {
    let said = last_sentence(label).to_ascii_lowercase();
    says_answer(label)
        || (says_other(label) && !says_sent(label))
        || in_brackets(&said).is_some_and(|code| code >= 400)
        || is_reason(&said)
        || is_interim(&said)
        || says_class(&said)
        || says_failure(label)
}

/// Whether a label says of data behind it that it is what comes where something goes wrong, as `For errors:` and `If the
/// bed is not found:` do.
fn says_failure(label: &str) -> bool {
    const BEGINS: [&str; 9] = ["for", "on", "in", "if", "when", "where", "upon", "after", "with"];
    const WRONG: [&str; 22] = [
        "fails",
        "failed",
        "failing",
        "wrong",
        "invalid",
        "missing",
        "unknown",
        "expired",
        "denied",
        "forbidden",
        "unauthorized",
        "rejected",
        "unavailable",
        "not",
        "no",
        "cannot",
        "already",
        "gone",
        "exceeded",
        "conflict",
        "bad",
        "malformed",
    ];
    // What is sent, or set up.
    const OTHER: [&str; 13] = [
        "send",
        "sent",
        "request",
        "requests",
        "use",
        "set",
        "add",
        "want",
        "config",
        "configuration",
        "file",
        "schema",
        "need",
    ];
    let said = last_sentence(label);
    let mut words = said.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default().to_ascii_lowercase();
    let is_short = words.clone().count() <= 2;
    let has_errors = speaks_of_errors(said) && !has_word(said, &["no", "without"]);
    let goes_wrong = has_errors || (!is_short && has_word(said, &WRONG));
    (is_short || BEGINS.contains(&first.as_str()))
        && goes_wrong
        && !has_word(said, &OTHER)
        && !says_sent(label)
}

/// Whether a label says in which case what follows comes, as `If there is none:` does.
pub(in crate::docs) fn says_case(label: &str) -> bool {
    const CASES: [&str; 8] = ["if", "when", "where", "for", "unless", "without", "after", "once"];
    let mut words =
        last_sentence(label).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    says_other(label)
        || words.next().is_some_and(|first| CASES.iter().any(|case| case.eq_ignore_ascii_case(first)))
}

/// Whether a label says that what follows stands for what is before it, as in `or, if it is gone:`.
pub(in crate::docs) fn says_other(label: &str) -> bool {
    const OTHER: [&str; 4] = ["or", "otherwise", "else", "alternatively"];
    let mut words =
        last_sentence(label).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.next().is_some_and(|first| OTHER.iter().any(|other| other.eq_ignore_ascii_case(first)))
}

/// Whether a heading says that what is below it is an error.
pub(in crate::docs) fn says_error(heading: &str) -> bool {
    const OTHER: [&str; 12] = [
        "success",
        "successful",
        "and",
        "or",
        "no",
        "without",
        "tolerance",
        "detection",
        "injection",
        "recovery",
        "domain",
        "domains",
    ];
    speaks_of_errors(heading) && !has_word(heading, &OTHER)
}

/// Whether a label names this file of data, whatever folders are named with it.
pub(in crate::docs) fn names_file(label: &str, file: &str) -> bool {
    file_name(label).and_then(|said| said.rsplit('/').next()).is_some_and(|said| file.ends_with(said))
}

/// The status in brackets that a label ends with.
fn in_brackets(said: &str) -> Option<u16> {
    let (_, code) = said.trim_end_matches(|c: char| c != ')').strip_suffix(')')?.rsplit_once('(')?;
    let code = code.trim_matches(['`', '*', ' ']);
    code.parse().ok().filter(|status| code.len() == 3 && (100..600).contains(status))
}

/// Whether a label is the registered reason of an error, and nothing else.
fn is_reason(said: &str) -> bool {
    let said = said.trim_matches(|c: char| !c.is_alphanumeric());
    (400..512).filter_map(reason).any(|reason| reason.eq_ignore_ascii_case(said))
}

/// The status whose registered reason a label is, and nothing else, as `Not found:` is. A word alone may be that of a state.
pub(in crate::docs) fn status_of_reason(label: &str) -> Option<u16> {
    let said = last_sentence(label).trim_matches(|c: char| !c.is_alphanumeric());
    let is_sure =
        said.contains(' ') || ["forbidden", "unauthorized"].iter().any(|one| one.eq_ignore_ascii_case(said));
    let is_it = |code: &u16| reason(*code).is_some_and(|reason| reason.eq_ignore_ascii_case(said));
    (400..512).find(is_it).filter(|_| is_sure)
}

/// Whether a label is the number of an interim status, and nothing else: more comes behind such a one.
fn is_interim(said: &str) -> bool {
    let said = said.trim_matches(|c: char| !c.is_alphanumeric());
    said.len() == 3 && said.parse().is_ok_and(|code: u16| (100..200).contains(&code))
}

/// Whether a label begins with a class of statuses, as `4xx` and `5XX Server errors` do, or stands for all that are not
/// shown, as `default` does.
pub(in crate::docs) fn says_class(label: &str) -> bool {
    let mut words = label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let is_class = |word: &str| matches!(word.as_bytes(), [b'2'..=b'5', b'x' | b'X', b'x' | b'X']);
    is_class(first) || (first.eq_ignore_ascii_case("default") && words.next().is_none())
}

/// The reason that is registered for a status.
fn reason(code: u16) -> Option<&'static str> {
    http::StatusCode::from_u16(code).ok()?.canonical_reason()
}

/// The status that a label names, as in `Response (404)`, `Not found (404)`, `**201 Created**` and `404`.
pub(in crate::docs) fn status(label: &str) -> Option<u16> {
    const BEFORE: [&str; 6] = ["status", "code", "http", "response", "error", "success"];
    const SAID: [&str; 3] = ["success", "successful", "error"];
    // Most labels have no figure.
    label.bytes().any(|byte| byte.is_ascii_digit()).then_some(())?;
    let sentence = last_sentence(label).to_ascii_lowercase();
    // The figures of an address are no status.
    let said = sentence.split_whitespace().filter(|word| !word.contains("://"));
    let words = said.flat_map(|word| word.split(|c: char| !c.is_alphanumeric()));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).take(MOST_WORDS).collect();
    let mut found = None;
    for (at, word) in words.iter().enumerate() {
        // An interim status is none of an answer.
        let Some(code) = word.parse().ok().filter(|code| word.len() == 3 && (200..600).contains(code)) else {
            continue;
        };
        let before = words.get(..at).unwrap_or_default();
        // Behind `HTTP/1.1` its figures stand between.
        let named = before.iter().rev().find(|word| !matches!(**word, "0" | "1" | "2" | "3"));
        let registered = reason(code).unwrap_or_default();
        let first = registered.split([' ', '-']).next().unwrap_or_default();
        let is_explained = words.get(at + 1).is_some_and(|word| {
            (!first.is_empty() && word.eq_ignore_ascii_case(first)) || (at == 0 && SAID.contains(word))
        });
        let is_alone = words.len() == 1;
        let is_told = is_answered_with(before, words.get(at + 1..).unwrap_or_default(), code);
        let is_behind = in_brackets(&sentence) == Some(code) && {
            let reason = registered.to_ascii_lowercase();
            let mut said = registered.split([' ', '-', '\'']).rev().zip(before.iter().rev());
            !reason.is_empty() && said.all(|(one, two)| one.eq_ignore_ascii_case(two))
        };
        if is_explained || is_alone || is_behind || is_told || named.is_some_and(|word| BEFORE.contains(word))
        {
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
pub(super) fn last_sentence(label: &str) -> &str {
    let label = label.trim();
    let body = label.trim_end_matches(['.', ':', ' ']);
    body.rsplit(". ").next().unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::{says_answer, says_error, says_further, says_sent, status};
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
    #[case("404:", Some(404))]
    #[case("**410**", Some(410))]
    #[case("Not found (404):", Some(404))]
    #[case("If it is not found (`404`):", Some(404))]
    #[case("200 Success", Some(200))]
    #[case("You get a `404`:", Some(404))]
    #[case("You get `404 Not Found`:", Some(404))]
    #[case("The server answers with a 404 error:", Some(404))]
    #[case("A 404 response looks like this:", Some(404))]
    #[case("It then returns 409, with what is wrong:", Some(409))]
    #[case("This fails with a 410.", Some(410))]
    #[case("If there is none, a `404` is returned:", Some(404))]
    #[case("An unknown bed results in a 404:", Some(404))]
    #[case("The status is 403:", Some(403))]
    #[case("The answer is a 410.", Some(410))]
    #[case("404 if there is none:", Some(404))]
    #[case("A bed of 200 is returned:", None)]
    #[case("The result is 200", None)]
    #[case("200 for each bed", None)]
    #[case("It results in 200 beds", None)]
    #[case("It returns 200 items:", None)]
    #[case("You get 404 rooms", None)]
    #[case("See the 300 beds:", None)]
    #[case("A page of 200 errors:", None)]
    #[case("With a 200 bed house:", None)]
    #[case("Found 302 rooms:", None)]
    #[case("The room of Jo (404):", None)]
    #[case("404 beds", None)]
    #[case("100", None)]
    #[case("100 Continue", None)]
    #[case("Status 102, then 200 OK:", Some(200))]
    #[case("1404:", None)]
    #[case("Answers 200 OK or 404 Not Found:", None)]
    #[case("The response has 200 items:", None)]
    #[case("It takes 404 steps. The response:", None)]
    #[case("Returns at most 100 of them", None)]
    #[case("Response 4040", None)]
    #[case("The response of http://127.0.0.1:2379/v2/keys:", None)]
    fn labels_name_a_status(#[case] label: &str, #[case] expected: Option<u16>) {
        assert_eq!(status(label), expected);
    }

    #[rstest]
    #[case("or:", true)]
    #[case("or, if it is gone:", true)]
    #[case("Gone away (410):", true)]
    #[case("Not Found", true)]
    #[case("On error:", true)]
    #[case("For errors:", true)]
    #[case("4xx:", true)]
    #[case("**default**", true)]
    #[case("Default values:", false)]
    #[case("In case of failure:", true)]
    #[case("Failures:", true)]
    #[case("If the bed is not found:", true)]
    #[case("When the name is already taken, the following:", true)]
    #[case("If you want no blanket, send:", false)]
    #[case("For errors in the file, set:", false)]
    #[case("A bed that is not made:", false)]
    #[case("If it is made:", false)]
    #[case("Without errors:", false)]
    #[case("Or with a body of:", false)]
    #[case("Orders:", false)]
    #[case("The bed of room (204):", false)]
    #[case("Found:", false)]
    #[case("", false)]
    fn labels_say_that_another_answer_follows(#[case] label: &str, #[case] expected: bool) {
        assert_eq!(says_further(label), expected);
    }

    #[rstest]
    #[case("Errors", true)]
    #[case("Error response", true)]
    #[case("Success and error", false)]
    #[case("Errors and retries", false)]
    #[case("Fault tolerance", false)]
    #[case("Responses", false)]
    fn headings_speak_of_errors(#[case] heading: &str, #[case] expected: bool) {
        assert_eq!(says_error(heading), expected);
    }
}
