//! Failures: whether a label says that what was asked went wrong, though it names no status.

use super::label::last_sentence;
use super::output::has_word;
use super::part::consists_of;

/// Words around one for an error that say no more than that it is what comes.
const AROUND: [&str; 56] = [
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
    "it",
    "for",
    "example",
    "sample",
    "typical",
    "full",
    "server",
    "api",
    "http",
    "json",
    "body",
    "response",
    "answer",
    "reply",
    "result",
    "output",
    "returns",
    "returned",
    "responds",
    "on",
    "when",
    "if",
    "case",
    "request",
    "call",
    "command",
    "looks",
    "look",
    "like",
    "you",
    "we",
    "get",
    "gets",
    "receive",
    "will",
    "would",
    "then",
    "now",
    "message",
    "object",
    "to",
    "be",
    "occurs",
    "here",
    "below",
];

const ERRORS: [&str; 6] = ["error", "failure", "fails", "failed", "rejected", "unsuccessful"];

/// Whether a label says that what follows is an error: `Error response:`, `This fails:`.
pub(in crate::docs) fn says_failed(label: &str) -> bool {
    const NOT: [&str; 10] =
        ["no", "not", "never", "without", "unless", "until", "or", "neither", "retry", "try"];
    let said = last_sentence(label);
    (has_word(said, &ERRORS) && consists_of(said, "", &[&AROUND, &ERRORS]))
        || (goes_wrong(said) && !has_word(said, &NOT) && !super::says_sent(said))
}

/// Whether a label above a command says that what it shows is an error, and of no case or cure.
pub(in crate::docs) fn says_it_failed(label: &str) -> bool {
    const OTHER: [&str; 16] = [
        "if",
        "when",
        "once",
        "after",
        "unless",
        "until",
        "avoid",
        "fix",
        "instead",
        "otherwise",
        "before",
        "where",
        "while",
        "because",
        "earlier",
        "previous",
    ];
    !has_word(last_sentence(label), &OTHER) && (goes_wrong(last_sentence(label)) && says_failed(label))
}

/// Whether a sentence ends with saying that something fails, or goes on with how.
fn goes_wrong(said: &str) -> bool {
    const BEHIND: [&str; 7] = ["with", "as", "because", "since", "by", "due", "like"];
    let words: Vec<String> = said
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.iter().enumerate().any(|(at, word)| {
        let before = at.checked_sub(1).and_then(|at| words.get(at)).map_or("", String::as_str);
        let is_verb = word == "fails"
            || (matches!(word.as_str(), "rejected" | "refused" | "denied")
                && matches!(before, "is" | "are" | "be" | "gets" | "was"));
        is_verb && words.get(at + 1).is_none_or(|behind| BEHIND.contains(&behind.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::says_failed;
    use rstest::rstest;

    #[rstest]
    #[case("Error response:", true)]
    #[case("Unsuccessful response:", true)]
    #[case("Example error:", true)]
    #[case("An error looks like this:", true)]
    #[case("This fails:", true)]
    #[case("A second attempt fails with:", true)]
    #[case("If this fails, you get:", true)]
    #[case("The request is rejected as the bed is taken:", true)]
    #[case("Response:", false)]
    #[case("If no error occurs, the response is:", false)]
    #[case("The errors of the last day:", false)]
    #[case("It never fails:", false)]
    #[case("Beds that fail the test:", false)]
    #[case("If it fails, try again with:", false)]
    #[case("The error log:", false)]
    #[case("", false)]
    fn labels_say_that_it_failed(#[case] label: &str, #[case] expected: bool) {
        assert_eq!(says_failed(label), expected);
    }
}
