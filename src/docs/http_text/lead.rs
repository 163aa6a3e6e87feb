//! How a fence's text begins: with a message, with comments before one, or with what hides one that cannot be read.

mod marked;
mod unsaid;

use super::Kind;
use super::line::{
    Start, begins_with_word, is_bare_status, is_plain_request, is_shouted_request, start_of, status_line,
    trim,
};

pub(in crate::docs) use marked::opened_with;
pub(super) use marked::status as labelled_status;
pub(in crate::docs) use unsaid::{Unsaid, may_be as may_be_unsaid, unsaid};

/// Lines of text in which a message is looked for that is not the first.
pub(in crate::docs) const NEAR: usize = 8;

/// Methods that are written for nothing else and are looked for in every line of a code fence: further down a word as
/// `COPY` or `TRACE` is that of any list.
const FAR_METHODS: [&str; 8] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "MERGE"];

/// How a text begins.
#[derive(Debug, Clone, Copy)]
pub(in crate::docs) struct Lead<'a> {
    /// The first line that counts.
    pub(in crate::docs) first: &'a str,
    pub(in crate::docs) start: Start,
    /// Bytes of the comments before it.
    pub(in crate::docs) passed: usize,
    /// How many lines they are.
    pub(in crate::docs) passed_lines: u32,
}

/// A message that is not read, though the text holds one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::docs) enum Hidden {
    /// The first line is a request line of a method that nobody knows, or one in marks that HTTP does not know.
    NoRequestLine,
    /// The first line is a status in marks that HTTP does not know.
    NoStatusLine,
    /// A first line of a message stands below another line.
    Below(Kind),
    /// It stands behind the opening of its fence, in the place of a language.
    Opening(Kind),
}

/// Whether code of this language may be HTTP: a fence of any language that begins with a message is one, but in a
/// program it is not looked for further down.
pub(in crate::docs) fn may_be_http(language: &str) -> bool {
    let names = ["", "http", "https", "msgraph-interactive", "json", "text", "txt", "plaintext"];
    names.iter().any(|name| name.eq_ignore_ascii_case(language))
}

/// Whether code says that it is HTTP.
pub(in crate::docs) fn says_http(language: &str) -> bool {
    let names = ["http", "https", "msgraph-interactive"];
    names.iter().any(|name| name.eq_ignore_ascii_case(language))
}

/// Whether code of this language may be what a terminal showed: of its lines only those of a transcript count.
fn is_terminal(language: &str) -> bool {
    let names = ["bash", "console", "sh", "shell", "terminal"];
    names.iter().any(|name| name.eq_ignore_ascii_case(language))
}

/// How a text begins, without looking further than comments reach.
pub(in crate::docs) fn lead<'a>(text: &'a str, language: &str) -> Lead<'a> {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let is_status = may_be_http(language)
        && (is_bare_status(first) || is_code_over_json(text) || is_labelled_status(text, first, language));
    let start = if is_status { Start::Status } else { start_of(first) };
    let lead = Lead { first, start, passed: 0, passed_lines: 0 };
    if lead.start != Start::Other || !is_comment(first) || !may_be_http(language) {
        return lead;
    }
    behind_comments(text).unwrap_or(lead)
}

/// Whether a line is the number of a final status, and nothing else.
pub(in crate::docs) fn is_code(line: &str) -> bool {
    let line = trim(line);
    line.len() == 3 && line.parse().is_ok_and(|code: u16| (200..600).contains(&code))
}

/// Whether a text is the number of a status, and JSON below it.
fn is_code_over_json(text: &str) -> bool {
    // Most texts begin with something else.
    let is_blank = |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}');
    if !text.trim_start_matches(is_blank).starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.next().is_some_and(is_code) && lines.next().is_some_and(|line| line.trim().starts_with(['{', '[']))
}

/// Whether a text begins with a status behind its label, as in `Status: 404 Not Found`, and shows no data that could be
/// called so.
fn is_labelled_status(text: &str, first: &str, language: &str) -> bool {
    marked::status(first).is_some() && {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty()).skip(1);
        let next = lines.next().map(str::trim);
        // YAML has such a member, too.
        let is_member = first.trim_start().starts_with(|c: char| c.is_ascii_lowercase());
        marked::has_reason(first)
            || says_http(language)
            || next.map_or(!is_member, |next| next.starts_with(['{', '[']))
    }
}

/// Whether a text begins with a status, in any of the ways that it may be written.
pub(in crate::docs) fn begins_with_status(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    start_of(first) == Start::Status
        || is_bare_status(first)
        || is_code_over_json(text)
        || is_labelled_status(text, first, "")
}

/// How a text begins that is said to be a message of this kind: words before its first line are passed over as well.
pub(in crate::docs) fn lead_to<'a>(said: Kind, text: &'a str, lead: Lead<'a>) -> Lead<'a> {
    if lead.start != Start::Other {
        return lead;
    }
    let (mut passed, mut passed_lines, mut seen) = (0, 0, 0);
    for line in text.split_inclusive('\n') {
        let start = start_of(line);
        let is_it = match said {
            Kind::Request => start == Start::Request && is_plain_request(line) && is_shouted_request(line),
            Kind::Response => start == Start::Status,
        };
        if is_it {
            return Lead { first: line.trim_end(), start, passed, passed_lines };
        }
        seen += usize::from(!line.trim().is_empty());
        if seen >= NEAR || line.trim_start().starts_with(['{', '[', '<', '"', '>']) {
            break;
        }
        passed += line.len();
        passed_lines += 1;
    }
    lead
}

fn behind_comments(text: &str) -> Option<Lead<'_>> {
    let (mut passed, mut passed_lines) = (0, 0);
    let mut in_html = false;
    for whole in text.split_inclusive('\n') {
        let mut line = whole;
        // Several may stand in one line.
        while in_html || line.trim_start().starts_with("<!--") {
            let behind = line.split_once("-->").map(|(_, behind)| behind);
            in_html = behind.is_none();
            line = behind.unwrap_or_default();
            if in_html {
                break;
            }
        }
        if !line.trim().is_empty() && !is_comment(line) {
            let start = start_of(line);
            let is_plain = start == Start::Status || (start == Start::Request && is_shouted_request(line));
            passed += whole.len() - line.len();
            return is_plain.then(|| Lead { first: line.trim_end(), start, passed, passed_lines });
        }
        passed += whole.len();
        passed_lines += 1;
    }
    None
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('#') || line.starts_with("//") || line.starts_with("<!--")
}

/// The message that a text holds and does not begin with, and how many lines stand above it.
pub(in crate::docs) fn hidden(text: &str, language: &str) -> Option<(Hidden, u32)> {
    hidden_within(text, language, usize::MAX)
}

/// The same of a text that is said to be an answer: far down in it may stand what looks like a message.
pub(in crate::docs) fn hidden_near(text: &str, language: &str) -> Option<(Hidden, u32)> {
    hidden_within(text, language, NEAR)
}

fn hidden_within(text: &str, language: &str, reach: usize) -> Option<(Hidden, u32)> {
    let may_be_http = may_be_http(language);
    if !may_be_http && !is_terminal(language) {
        return None;
    }
    let mut seen = 0;
    for (line, number) in text.lines().zip(0..) {
        if line.trim().is_empty() {
            continue;
        }
        if seen == 0 && may_be_http {
            let next = || text.lines().skip(number as usize + 1).find(|line| !line.trim().is_empty());
            let says_http = says_http(language);
            if is_of_unknown_method(line, language)
                || marked::is_request(line, next)
                || (says_http && unsaid::is_request(line))
            {
                return Some((Hidden::NoRequestLine, number));
            }
            if marked::is_status(line) || (says_http && unsaid::is_status(line)) {
                return Some((Hidden::NoStatusLine, number));
            }
        }
        let below = || match seen {
            1..NEAR => plain(line),
            NEAR.. if seen < reach => plain(line).filter(|_| may_be_far(line)),
            _ => None,
        };
        if let Some(kind) = transcribed(line).or_else(|| below().filter(|_| may_be_http)) {
            return Some((Hidden::Below(kind), number));
        }
        seen += 1;
    }
    None
}

/// The message that a line would begin which stands in no fence, were it in one.
pub(in crate::docs) fn outside(line: &str, language: &str) -> Option<Kind> {
    if !may_be_http(language) {
        return None;
    }
    let of_unknown_method = || is_of_unknown_method(line, language).then_some(Kind::Request);
    plain(line).or_else(|| transcribed(line)).or_else(of_unknown_method)
}

/// Whether a line near the top of a fence is the first one of a message, or what a page must be looked at for more
/// thoroughly.
pub(in crate::docs) fn may_matter(line: &str) -> bool {
    // Words in small letters that no method and no label begins as: most lines of programs do.
    if let [first, second, ..] = line.as_bytes()
        && first.is_ascii_alphabetic()
        && second.is_ascii_lowercase()
        && !matches!(first.to_ascii_lowercase(), b'd' | b'g' | b'h' | b'm' | b'o' | b'p' | b'r' | b's' | b't')
    {
        return false;
    }
    start_of(line) != Start::Other || may_be_hidden(line) || marked::may_be(line)
}

/// Whether a line is what a page must be looked at for more thoroughly, wherever it stands near the top of a fence.
pub(in crate::docs) fn may_be_hidden(line: &str) -> bool {
    if begins_with_word(trim(line)) {
        return is_of_unknown_method(line, "http") || plain(line).is_some();
    }
    is_bare_status(line) || transcribed(line).is_some()
}

/// Whether a line that starts a message is one, however far down it stands.
pub(in crate::docs) fn may_be_far(line: &str) -> bool {
    let line = trim(line);
    let letters = line.bytes().take_while(u8::is_ascii_uppercase).count();
    line.starts_with("HTTP/") || line.get(..letters).is_some_and(|method| FAR_METHODS.contains(&method))
}

/// Whether a line looks like a request line but for its method. Only where a fence says that it is HTTP is a path enough.
fn is_of_unknown_method(line: &str, language: &str) -> bool {
    if start_of(line) != Start::Other {
        return false;
    }
    if !is_shouted_request(line) {
        return is_versioned(line);
    }
    let is_label =
        ["URL ", "URI ", "HOST ", "ENDPOINT "].iter().any(|label| line.trim_start().starts_with(label));
    says_http(language) || line.contains(" HTTP/") || (line.contains("://") && !is_label)
}

/// Whether a line is a word in upper case, another word and a version, as in `CONNECT h:443 HTTP/1.1`.
fn is_versioned(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let (method, version) = (words.next().unwrap_or_default(), words.nth(1).unwrap_or_default());
    version.starts_with("HTTP/")
        && version.len() > "HTTP/".len()
        && words.next().is_none()
        && method.len() >= 3
        && method.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The message that a line starts, whatever else a text may be.
fn plain(line: &str) -> Option<Kind> {
    if line.trim_start().starts_with("HTTP/") && status_line(line).is_some() {
        return Some(Kind::Response);
    }
    (is_plain_request(line) && is_shouted_request(line)).then_some(Kind::Request)
}

/// The message that a line of a transcript starts, as in `> GET /users HTTP/1.1` and `< HTTP/1.1 200 OK`.
fn transcribed(line: &str) -> Option<Kind> {
    let line = line.trim_start();
    if let Some(sent) = line.strip_prefix("> ") {
        return (sent.contains(" HTTP/") && is_shouted_request(sent)).then_some(Kind::Request);
    }
    let received = line.strip_prefix("< ")?;
    (received.starts_with("HTTP/") && status_line(received).is_some()).then_some(Kind::Response)
}

#[cfg(test)]
mod tests {
    use super::{Start, hidden, marked, may_be_hidden, may_matter, start_of};
    use proptest::prelude::*;
    use proptest::sample::select;
    use rstest::rstest;

    #[rstest]
    #[case::shell("curl -X POST https://h.example/x \\\n  -d @body", "")]
    #[case::json("{\n  \"url\": \"https://h.example/x\",\n  \"verb\": \"GET /x\"\n}", "json")]
    #[case::labelled_body("// GET /users\n{ \"id\": 1 }", "json")]
    #[case::script("echo\nGET /x\n# > GET /x HTTP/1.1", "sh")]
    #[case::program("# next\nGET /users", "python")]
    #[case::image("FROM base\nWORKDIR /app\nCOPY /a /b\nRUN make", "")]
    #[case::properties("string Name { get; set; }\nget { return x; }", "")]
    #[case::prose("Get the users.\nThen\nDELETE them, and/or keep them.", "")]
    #[case::label("URL https://h.example/x", "")]
    #[case::diff("> a quoted line\n> GET /users", "")]
    fn what_is_no_message_is_none(#[case] text: &str, #[case] language: &str) {
        assert_eq!(hidden(text, language), None);
    }

    proptest! {
        #[test]
        fn only_what_is_nothing_does_not_matter(
            before in "[A-Za-z]{0,2}",
            word in select(vec![
                "GET", "get", "Post", "head", "HTTP", "http", "Status:", "Response code:", "request url:", "Trace", "options",
                "merge", "X", "PURGE", "patch:", "Delete", "Put",
            ]),
            behind in "( |: |/1.1 )(/x|https://h/x|200|200 OK|x y HTTP/1.1)?",
        ) {
            for line in [format!("{before}{word}{behind}"), format!("{word}{behind}")] {
                let is_nothing = start_of(&line) == Start::Other && !may_be_hidden(&line) && !marked::may_be(&line);
                prop_assert!(may_matter(&line) != is_nothing, "{line}");
            }
        }
    }
}
