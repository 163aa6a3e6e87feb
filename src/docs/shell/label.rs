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

/// What stands behind the last full stop, but for one that ends the text.
fn last_sentence(label: &str) -> &str {
    let label = label.trim();
    let body = label.trim_end_matches(['.', ':', ' ']);
    body.rsplit(". ").next().unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::{says_answer, says_sent};
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
}
