//! Figures in the text before an answer that are its status.

const VERBS: [&str; 30] = [
    "get",
    "gets",
    "got",
    "see",
    "sees",
    "returns",
    "return",
    "returned",
    "returning",
    "answers",
    "answer",
    "answered",
    "responds",
    "respond",
    "replies",
    "reply",
    "gives",
    "receive",
    "receives",
    "fails",
    "throws",
    "yields",
    "results",
    "leads",
    "raises",
    "causes",
    "triggers",
    "expect",
    "ends",
    "produces",
];

/// Words that a sentence goes on with behind it.
const GOES_ON: [&str; 14] = [
    "and",
    "with",
    "if",
    "when",
    "as",
    "because",
    "since",
    "instead",
    "like",
    "containing",
    "whose",
    "in",
    "then",
    "saying",
];

const NOUNS: [&str; 5] = ["error", "response", "status", "answer", "reply"];

const RETURNED: [&str; 6] = ["returned", "sent", "given", "answered", "raised", "thrown"];

/// Whether a figure between these words is what is answered with, as in `You get a 404:`, `it answers with 409 if` and
/// `A 404 response`; figures of other things have their name behind them.
pub(super) fn is_answered_with(before: &[&str], behind: &[&str], code: u16) -> bool {
    let next = behind.first().copied().unwrap_or_default();
    let mut back = before.iter().rev().copied();
    let last = back.next().unwrap_or_default();
    let has_article = matches!(last, "a" | "an" | "the");
    if NOUNS.contains(&next) {
        return before.is_empty() || has_article || last == "with" || VERBS.contains(&last);
    }
    let is_returned = matches!(behind, ["is" | "are" | "was", done, ..] | ["will", "be", done, ..] if RETURNED.contains(done));
    if is_returned && (before.is_empty() || has_article) {
        return true;
    }
    if !behind.is_empty() && !GOES_ON.contains(&next) {
        return false;
    }
    if before.is_empty() {
        return code >= 400 && matches!(next, "if" | "when");
    }
    let mut verb = if has_article { back.next().unwrap_or_default() } else { last };
    if matches!(verb, "is" | "was") {
        let subject = back.next().unwrap_or_default();
        return matches!(subject, "status" | "code")
            || (has_article && matches!(subject, "answer" | "response" | "reply" | "result"));
    }
    if matches!(verb, "with" | "you" | "us" | "be" | "in" | "to") {
        verb = back.next().unwrap_or_default();
    }
    VERBS.contains(&verb)
}
