//! The status of an example against what its section Response says.

use super::Example;
use super::outline::Scope;
use super::template::Operation;
use crate::contract::Status;
use crate::docs::notes::Notes;
use crate::finding::Code;
use memchr::memmem::Finder;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static SERIES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("series"));
static SUCCESSES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("2xx"));
static REDIRECTS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("3xx"));
static SUCCESS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("success"));

/// The statuses that a section Response promises.
#[derive(Default)]
pub(super) struct Promised {
    /// What answers a request that succeeds.
    success: BTreeSet<u16>,
    /// All figures of three digits: whatever one of them means, it is named.
    named: BTreeSet<u16>,
    /// "A 200-series response code" promises no status.
    is_vague: bool,
}

pub(super) fn check(scope: &Scope, operation: &Operation, examples: &[Example], notes: &mut Notes) {
    let promised = &scope.promised;
    if promised.success.is_empty() || promised.is_vague {
        return;
    }
    let mut seen = BTreeSet::new();
    for example in examples {
        let Status::Code(code) = example.pair.contract.response.status else { continue };
        let succeeds = (200..400).contains(&code);
        let line = example.pair.written.status_line;
        if succeeds && !promised.named.contains(&code) && operation.covers(example) && seen.insert(line) {
            let said: Vec<_> = promised.success.iter().map(u16::to_string).collect();
            notes.add(
                Code::UndocumentedStatus,
                line,
                format!("{code}, and the section says {}", said.join(", ")),
            );
        }
    }
}

impl Promised {
    /// Takes in the lines of a section. An item of a list and a row of a table are paragraphs of their own.
    pub(super) fn read<'t>(&mut self, lines: impl Iterator<Item = &'t str>) {
        let mut paragraph = String::new();
        for line in lines.map(str::trim).chain([""]) {
            if line.is_empty() || line.starts_with(['*', '-', '+', '|']) {
                self.paragraph(&paragraph);
                paragraph.clear();
            }
            paragraph.push_str(line);
            paragraph.push(' ');
        }
    }

    fn paragraph(&mut self, text: &str) {
        let lower = text.to_ascii_lowercase();
        let holds = |word: &Finder| word.find(lower.as_bytes()).is_some();
        self.is_vague |= holds(&SERIES);
        // What names no figure promises no status: most paragraphs do not.
        if !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return;
        }
        self.named.extend(figures(text));
        self.is_vague |= holds(&SUCCESSES) || holds(&REDIRECTS);
        if holds(&SUCCESS) {
            self.success.extend(codes(text));
        } else {
            let sentences = text.split(". ").filter(|sentence| promises(sentence));
            self.success.extend(sentences.flat_map(codes));
        }
    }
}

/// The words of a text that are figures of a status. Only where there is a digit a word is looked for.
fn figures(text: &str) -> Vec<u16> {
    let (bytes, mut found, mut at) = (text.as_bytes(), Vec::new(), 0);
    let next =
        |from: usize| bytes.get(from..)?.iter().position(u8::is_ascii_digit).map(|offset| from + offset);
    while let Some(start) = next(at) {
        let digits = bytes.iter().skip(start).take_while(|byte| byte.is_ascii_digit()).count();
        at = start + digits;
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        let behind = text.get(at..).and_then(|behind| behind.chars().next());
        if ![before, behind].into_iter().flatten().any(char::is_alphanumeric) {
            found.extend(text.get(start..at).and_then(figure));
        }
    }
    found
}

/// Whether a sentence that does not speak of success says what always comes: it returns something, or names its status
/// first, and under no condition.
fn promises(sentence: &str) -> bool {
    const RETURNS: [&str; 11] = [
        "return", "returns", "returned", "respond", "responds", "response", "answer", "answers", "answered",
        "status", "gives",
    ];
    const CONDITIONS: [&str; 16] = [
        "if",
        "when",
        "where",
        "unless",
        "otherwise",
        "case",
        "cases",
        "except",
        "some",
        "may",
        "might",
        "could",
        "can",
        "instead",
        "until",
        "error",
    ];
    let words = || sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_one = |word: &str, of: &[&str]| of.iter().any(|known| known.eq_ignore_ascii_case(word));
    let begins = words().next().is_some_and(|word| figure(word).is_some());
    (begins || words().any(|word| is_one(word, &RETURNS))) && !words().any(|word| is_one(word, &CONDITIONS))
}

/// The statuses of success in a text: in a span of code or in bold, or with the words that go with a status.
fn codes(text: &str) -> impl Iterator<Item = u16> + '_ {
    let spans = text.split('`').skip(1).step_by(2).chain(text.split("**").skip(1).step_by(2));
    let mut before = None;
    let named = text.split_whitespace().filter_map(move |word| {
        let other = bare(word);
        let one = before.replace(other)?;
        if ["code", "status", "http"].iter().any(|word| word.eq_ignore_ascii_case(one)) {
            return figure(other);
        }
        figure(one).filter(|code| is_explained(*code, other))
    });
    spans.filter_map(code).chain(named).filter(|code| (200..400).contains(code))
}

/// Whether a word is the first one of the reason that is registered for a status.
fn is_explained(code: u16, word: &str) -> bool {
    let reason = http::StatusCode::from_u16(code).ok().and_then(|code| code.canonical_reason());
    reason.is_some_and(|reason| {
        let first = reason.split([' ', '-']).next().unwrap_or_default();
        word.eq_ignore_ascii_case(first) || word.eq_ignore_ascii_case(&reason.replace(' ', ""))
    })
}

/// A word without the marks around it.
fn bare(word: &str) -> &str {
    if let [first, .., last] = word.as_bytes()
        && first.is_ascii_alphanumeric()
        && last.is_ascii_alphanumeric()
    {
        return word;
    }
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// The status of a span that is one: `201 Created`, `204`, `HTTP 200 OK`, `200, OK`.
fn code(span: &str) -> Option<u16> {
    let mut words = span.split_whitespace();
    let first = words.next()?;
    figure(bare(if first.to_ascii_lowercase().starts_with("http") { words.next()? } else { first }))
}

fn figure(word: &str) -> Option<u16> {
    let digits = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|code| digits && (100..600).contains(code))
}

#[cfg(test)]
mod tests {
    use super::{Promised, figure, figures};
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("If successful, this method returns a `201 Created` response code.", &[201])]
    #[case("If successful, returns\n`200 OK` or\n`HTTP/1.1 202 Accepted`.", &[200, 202])]
    #[case("If successful, this method returns 200 OK.", &[200])]
    #[case("If successful, this method returns `200, OK` and a list.", &[200])]
    #[case("Returns `201 Created`.", &[201])]
    #[case("Returns a list. The response is **201 Created**.", &[201])]
    #[case("It answers with status code 201 and the room.", &[201])]
    #[case("`204 NoContent`. There is no body.", &[204])]
    #[case("Returns HTTP 202.", &[202])]
    #[case("Returns 204 No Content", &[204])]
    #[case("Returns `202 Accepted` when it takes long.", &[])]
    #[case("Returns at most 200 rooms, of 300 or more.", &[])]
    #[case("Some requests return `202 Accepted`. Others wait.", &[])]
    #[case("Returns `207` where some of them failed.", &[])]
    #[case("On success `200`.\n\nIf not, `409 Conflict`, or `304` where it is unchanged.", &[200])]
    #[case("* If successful, a list.\n* If not, `207`.", &[])]
    #[case("If successful, returns `2000` of `200ab`.", &[])]
    fn promises(#[case] text: &str, #[case] success: &[u16]) {
        let mut promised = Promised::default();
        promised.read(text.lines());
        assert_eq!(promised.success.into_iter().collect::<Vec<_>>(), success);
    }

    #[test]
    fn whatever_is_named_is_named() {
        let mut promised = Promised::default();
        promised.read("If successful, `200 OK`; 204 where it is empty; a 200-series code else.".lines());
        assert!(promised.named.contains(&204) && promised.is_vague);
    }

    proptest! {
        #[test]
        fn figures_are_words_of_three_digits(text in "([0-9]{1,4}|[ab\u{e9}\u{661}., -]){0,12}") {
            let expected: Vec<u16> =
                text.split(|c: char| !c.is_alphanumeric()).filter_map(figure).collect();
            prop_assert_eq!(figures(&text), expected, "{}", text);
        }
    }
}
