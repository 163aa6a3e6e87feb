//! Subjects: who sends, gets or keeps what a label introduces, where that is not the service that was asked.

use super::label::last_sentence;
use super::output::announces;

/// Words that say that data comes back.
const COMES_BACK: [&str; 44] = [
    "response",
    "responses",
    "answer",
    "answers",
    "answered",
    "output",
    "result",
    "results",
    "returns",
    "return",
    "returned",
    "returning",
    "reply",
    "replies",
    "replied",
    "responds",
    "respond",
    "responded",
    "get",
    "gets",
    "got",
    "see",
    "sees",
    "gives",
    "give",
    "given",
    "shows",
    "shown",
    "prints",
    "yields",
    "produces",
    "back",
    "success",
    "error",
    "errors",
    "fails",
    "failed",
    "rejected",
    "outputs",
    "reads",
    "retrieves",
    "fetches",
    "displays",
    "obtain",
];

/// What people do with data: they are told to, or say that they do.
const SEND: [&str; 3] = ["send", "submit", "provide"];

/// The same, where who does it is named: alone they are things as well.
const HANDLE: [&str; 15] = [
    "supply", "push", "emit", "publish", "deliver", "dispatch", "forward", "store", "save", "persist",
    "keep", "record", "log", "insert", "write",
];

/// The same, where nothing but this is said.
const DO: [&str; 12] =
    ["use", "add", "set", "put", "try", "pass", "post", "patch", "update", "change", "replace", "upload"];

/// What a service does with data that it keeps.
const KEEPS: [&str; 6] = ["stores", "saves", "persists", "keeps", "records", "logs"];

/// Who does.
const KEEPERS: [&str; 10] =
    ["it", "service", "server", "api", "which", "that", "database", "then", "backend", "application"];

/// Words between a verb and who does it.
const BETWEEN: [&str; 24] = [
    "then", "now", "also", "simply", "just", "will", "can", "could", "must", "should", "shall", "may",
    "might", "to", "please", "always", "first", "need", "have", "and", "do", "not", "don", "never",
];

const PEOPLE: [&str; 7] = ["you", "we", "i", "clients", "client", "callers", "users"];

/// What is done to data that is kept or goes elsewhere.
const KEPT: [&str; 16] = [
    "stored",
    "saved",
    "persisted",
    "recorded",
    "logged",
    "written",
    "kept",
    "inserted",
    "indexed",
    "cached",
    "published",
    "emitted",
    "delivered",
    "sent",
    "posted",
    "pushed",
];

const IS: [&str; 7] = ["is", "are", "was", "were", "be", "been", "being"];

/// Who is sent data and answers nobody here.
const RECEIVERS: [&str; 18] = [
    "endpoint",
    "endpoints",
    "server",
    "webhook",
    "webhooks",
    "hook",
    "handler",
    "callback",
    "listener",
    "receiver",
    "url",
    "backend",
    "app",
    "application",
    "subscriber",
    "subscribers",
    "consumer",
    "consumers",
];

/// What a request has, and no answer.
const INPUTS: [&str; 12] = [
    "filter",
    "filters",
    "query",
    "queries",
    "input",
    "inputs",
    "argument",
    "arguments",
    "parameter",
    "condition",
    "expression",
    "request",
];

/// Words of a label that are looked at.
const MOST_WORDS: usize = 40;

/// Whether a label says of data behind it that it is sent, goes to somebody else, is kept, or is a part of a request.
pub(in crate::docs) fn speaks_of_other(label: &str) -> bool {
    let said = last_sentence(label).to_ascii_lowercase();
    let words = words(&said);
    let is = |word: &str, known: &[&str]| known.contains(&word);
    for (at, (word, begins)) in words.iter().enumerate().rev() {
        let before = words.get(..at).unwrap_or_default();
        if is(word, &COMES_BACK) {
            return is_theirs(before);
        }
        let is_done_by = is_done_by_people(before);
        if (is(word, &SEND) && (*begins || is_done_by)) || (is(word, &HANDLE) && is_done_by) {
            // What is sent to the reader comes back.
            let to = words.get(at + 1).map(|(word, _)| *word);
            let is_event =
                words.iter().any(|(word, _)| is(word, &["event", "events", "notification", "notifications"]));
            return to != Some("you") || is_event;
        }
        let is_done = || before.iter().rev().take(3).any(|(word, _)| is(word, &IS));
        let next = words.get(at + 1).map(|(word, _)| *word);
        if is(word, &DO) && words.len() > 1 && (*begins || is_done_by) {
            let is_this =
                |next| is(next, &["this", "the", "a", "an", "it", "following", "with", "like", "them"]);
            return label.trim_end().ends_with(':') && next.is_none_or(is_this);
        }
        if is(word, &KEEPS) && before.last().is_some_and(|(word, _)| is(word, &KEEPERS)) {
            return true;
        }
        if is(word, &["called", "invoked", "notified", "triggered"]) && is_done() && next == Some("with") {
            return true;
        }
        if is(word, &KEPT) && is_done() {
            let goes = is(word, &["sent", "posted", "delivered", "written", "emitted"]);
            return !(goes && announces(&said));
        }
        if is(word, &["receives", "receive", "received"]) {
            let clause = before.iter().map(|(word, _)| *word);
            return clause.clone().any(|word| is(word, &RECEIVERS))
                && !clause.clone().any(|word| is(word, &PEOPLE));
        }
    }
    is_input(&words)
}

/// Whether a verb of answering is said of what belongs to the reader, and of what it is to do.
fn is_theirs(before: &[(&str, bool)]) -> bool {
    let has = |known: &[&str]| before.iter().any(|(word, _)| known.contains(word));
    let is_own =
        before.windows(2).any(|pair| matches!(pair, [("your", _), (word, _)] if RECEIVERS.contains(word)));
    is_own && has(&["should", "must", "shall"])
}

/// Whether who does it are people, or nobody is named.
fn is_done_by_people(before: &[(&str, bool)]) -> bool {
    for (word, begins) in before.iter().rev() {
        if PEOPLE.contains(word) {
            return true;
        }
        if !BETWEEN.contains(word) {
            return false;
        }
        if *begins {
            return true;
        }
    }
    false
}

/// Whether a label is called after a part of a request, and says no more: `Example of an invalid filter:`.
fn is_input(words: &[(&str, bool)]) -> bool {
    let first = words.first().map_or("", |(word, _)| *word);
    let last = words.last().map_or("", |(word, _)| *word);
    INPUTS.contains(&last)
        && !matches!(
            first,
            "for" | "with" | "after" | "without" | "on" | "from" | "by" | "in" | "to" | "same"
        )
        && words.len() <= 8
        && !words.iter().any(|(word, _)| COMES_BACK.contains(word))
}

/// The words of a sentence, and whether each begins a part of it.
fn words(said: &str) -> Vec<(&str, bool)> {
    let mut begins = true;
    let mut words = Vec::new();
    for piece in said.split_whitespace() {
        let word = piece.trim_matches(|c: char| !c.is_alphanumeric());
        if !word.is_empty() && words.len() < MOST_WORDS {
            words.push((word, begins));
            begins = false;
        }
        begins |= piece.ends_with([',', ';', ':', '.', '(']) || word.is_empty();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::speaks_of_other;
    use rstest::rstest;

    #[rstest]
    #[case("If you want to change it, send:", true)]
    #[case("Then send the following:", true)]
    #[case("To rename it, you can submit:", true)]
    #[case("We will then send events such as", true)]
    #[case("We will send you notifications such as", true)]
    #[case("Your endpoint then receives:", true)]
    #[case("The subscriber receives:", true)]
    #[case("Your server must respond with:", true)]
    #[case("The note is stored in the database as:", true)]
    #[case("The bed is then saved as", true)]
    #[case("An event is published to the queue:", true)]
    #[case("Example of an invalid filter:", true)]
    #[case("A query:", true)]
    #[case("Record:", false)]
    #[case("Log entry:", false)]
    #[case("Do not send:", true)]
    #[case("We store it like this:", true)]
    #[case("The client must store:", true)]
    #[case("The service stores:", true)]
    #[case("Your callback URL will be called with:", true)]
    #[case("You can then PATCH it with:", true)]
    #[case("To update it, use:", true)]
    #[case("The stores:", false)]
    #[case("A post:", false)]
    #[case("Update:", false)]
    #[case("Note the id, and use it in later calls.", false)]
    #[case("A bed is called:", false)]
    #[case("Send it, and you get:", false)]
    #[case("Send the request. You receive:", false)]
    #[case("The server sends:", false)]
    #[case("We send back:", false)]
    #[case("We will send you:", false)]
    #[case("You then receive:", false)]
    #[case("Your server responds with:", false)]
    #[case("The stored note is returned:", false)]
    #[case("A response is sent:", false)]
    #[case("The result of the query:", false)]
    #[case("For this query:", false)]
    #[case("The events:", false)]
    #[case("For example:", false)]
    #[case("The bed:", false)]
    #[case("", false)]
    fn who_a_label_speaks_of(#[case] label: &str, #[case] expected: bool) {
        assert_eq!(speaks_of_other(label), expected);
    }
}
