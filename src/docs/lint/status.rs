//! The status of an example against what its section Response says.

use super::Example;
use super::outline::Scope;
use super::template::Operation;
use crate::contract::Status;
use crate::docs::Documented;
use crate::docs::markdown::place;
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
struct Promised {
    /// What answers a request that succeeds.
    success: BTreeSet<u16>,
    /// All figures of three digits: whatever one of them means, it is named.
    named: BTreeSet<u16>,
    /// "A 200-series response code" promises no status.
    is_vague: bool,
}

/// Whether the sections "Response" of a part of the page, if it has any, name the status of each of its examples that
/// succeeds: then nothing is to be told of, whatever they promise.
pub(super) fn is_named(scope: &Scope, pairs: &[&Documented]) -> bool {
    if scope.responses.is_empty() {
        return true;
    }
    let codes: BTreeSet<u16> = pairs.iter().filter_map(|pair| success(pair)).collect();
    codes.into_iter().all(|code| scope.responses.iter().any(|said| names(said, code)))
}

/// The status of an example that succeeds.
fn success(pair: &Documented) -> Option<u16> {
    match pair.contract.response.status {
        Status::Code(code) if (200..400).contains(&code) => Some(code),
        _ => None,
    }
}

pub(super) fn check(scope: &Scope, operation: &Operation, examples: &[Example], notes: &mut Notes) {
    let mut promised = Promised::default();
    for said in &scope.responses {
        promised.read(said.lines());
    }
    if promised.success.is_empty() || promised.is_vague {
        return;
    }
    let mut seen = BTreeSet::new();
    for example in examples {
        let Some(code) = success(example.pair) else { continue };
        let line = example.pair.written.status_line;
        if !promised.named.contains(&code) && operation.covers(example) && seen.insert(line) {
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
    fn read<'t>(&mut self, lines: impl Iterator<Item = &'t str>) {
        let mut paragraph = String::with_capacity(256);
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
        // What names no figure promises no status: most paragraphs do not.
        let has_figure = text.bytes().any(|byte| byte.is_ascii_digit());
        if !has_figure && memchr::memmem::find(text.as_bytes(), b"eries").is_none() {
            return;
        }
        let lower = text.to_ascii_lowercase();
        let holds = |word: &Finder| word.find(lower.as_bytes()).is_some();
        self.is_vague |= holds(&SERIES);
        if !has_figure {
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

/// Whether a text has this figure of three digits as a word.
fn names(text: &str, code: u16) -> bool {
    let figure = code.to_string();
    memchr::memmem::find_iter(text.as_bytes(), figure.as_bytes()).any(|at| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let behind = text.get(at + figure.len()..).and_then(|behind| behind.chars().next());
        ![before, behind].into_iter().flatten().any(char::is_alphanumeric)
    })
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
        let behind = || text.get(place(word, text)?.end..);
        figure(one).filter(|code| is_explained(*code, word, behind().unwrap_or_default()))
    });
    spans.filter_map(code).chain(named).filter(|code| (200..400).contains(code))
}

/// Whether the reason that is registered for a status begins with a word and goes on in what stands behind it. One that is
/// but a word in small letters may belong to the next, as in "202 accepted invitations".
fn is_explained(code: u16, word: &str, behind: &str) -> bool {
    let reason = http::StatusCode::from_u16(code).ok().and_then(|code| code.canonical_reason());
    let Some(reason) = reason else { return false };
    let own = bare(word);
    if own.eq_ignore_ascii_case(&reason.replace(' ', "")) {
        let is_written_so = own.starts_with(|c: char| c.is_uppercase()) || own.eq_ignore_ascii_case("ok");
        return is_written_so || !word.ends_with(char::is_alphanumeric) || goes_on(behind);
    }
    let mut words = behind.split_whitespace().map(bare);
    let mut parts = reason.split(' ');
    parts.next().is_some_and(|first| own.eq_ignore_ascii_case(first))
        && parts.all(|part| words.next().is_some_and(|word| word.eq_ignore_ascii_case(part)))
}

/// Whether a sentence goes on as one does behind a status, and not with what the last word belongs to.
fn goes_on(behind: &str) -> bool {
    const WORDS: [&str; 14] = [
        "and", "as", "code", "for", "if", "in", "on", "or", "response", "status", "to", "when", "where",
        "with",
    ];
    let next = behind.split_whitespace().next().map(bare);
    next.is_none_or(|next| next.is_empty() || WORDS.iter().any(|word| word.eq_ignore_ascii_case(next)))
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

/// The status of a span that is one: `201 Created`, `204`, `HTTP 200 OK`, `200, OK`. A number of something is none.
fn code(span: &str) -> Option<u16> {
    let (first, behind) = first_word(span)?;
    let is_http = first.eq_ignore_ascii_case("http") || first.to_ascii_lowercase().starts_with("http/");
    let (first, behind) = if is_http { first_word(behind)? } else { (first, behind) };
    let code = figure(bare(first))?;
    let stands_alone = || goes_on(behind) || !first.ends_with(char::is_alphanumeric);
    let is_success = |word: &str| word.to_ascii_lowercase().starts_with("success");
    let is_one = first_word(behind).is_none_or(|(word, behind)| {
        is_success(bare(word)) || is_explained(code, word, behind) || stands_alone()
    });
    is_one.then_some(code)
}

fn first_word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let (word, behind) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (!word.is_empty()).then_some((word, behind))
}

fn figure(word: &str) -> Option<u16> {
    let digits = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|code| digits && (100..600).contains(code))
}

#[cfg(test)]
mod tests {
    use super::{Promised, figure, figures, names};
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
    #[case("If successful, returns the 302 found rooms.", &[])]
    #[case("If successful, returns 202 accepted invitations.", &[])]
    #[case("If successful, returns **202 accepted invitations**.", &[])]
    #[case("If successful, returns 300 multiple rooms.", &[])]
    #[case("If successful, answers within `http_client 300 ms`, or `300 ms`.", &[])]
    #[case("If successful, returns 202 accepted.", &[202])]
    #[case("If successful, returns 201 created and the room, or 200 ok.", &[200, 201])]
    #[case("If successful, returns `200 (OK)` or `300 Multiple choices` or `204 - No Content`.", &[200, 204, 300])]
    #[case("If successful, returns `201 response` or `202: later`.", &[201, 202])]
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
        fn figures_are_words_of_three_digits(text in "([0-9]{1,4}|200|222|100|[ab\u{e9}\u{661}., -]){0,12}") {
            let expected: Vec<u16> =
                text.split(|c: char| !c.is_alphanumeric()).filter_map(figure).collect();
            for code in [100, 200, 222] {
                prop_assert_eq!(names(&text, code), expected.contains(&code), "{} in {}", code, text);
            }
            prop_assert_eq!(figures(&text), expected, "{}", text);
        }
    }
}
