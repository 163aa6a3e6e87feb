//! Captions: what stands above an answer in what a terminal showed, and says but that it is one.

use super::label::status;
use super::output::announces;
use super::part::names_body;
use crate::docs::http_text::begins_with_status;

/// Marks that point at what a command shows.
const ARROWS: [&str; 7] = ["==>", "-->", "=>", "->", ">>", ">", "<"];

/// Whether a line says but that the answer below it follows, as `Response:` and `Response (404)` do.
pub(super) fn is_caption(line: &str, below: &str) -> bool {
    let line = line.trim();
    let Some(next) = below.lines().find(|line| !line.trim().is_empty()) else { return false };
    // A member of YAML is called so, too.
    let is_text = || {
        line.ends_with(':')
            && line.starts_with(|first: char| first.is_ascii_uppercase())
            && !next.starts_with([' ', '\t', '-'])
            && !next.contains(": ")
    };
    names_answer(line) && (begins_answer(next, below) || is_text())
}

fn names_answer(said: &str) -> bool {
    let said = said.trim_start_matches(['*', '_', '#', '-', '=', '/', ' ']);
    let said =
        ["Expected ", "expected ", "Actual "].iter().find_map(|word| said.strip_prefix(word)).unwrap_or(said);
    said.starts_with(|first: char| first.is_ascii_alphabetic())
        && announces(said)
        && names_body(said, status(said))
}

/// Whether an answer begins with this line, which this text begins with, blank lines left out.
fn begins_answer(line: &str, text: &str) -> bool {
    let line = line.trim();
    line.starts_with(['{', '[', '<', '"'])
        || behind_mark(line, text.trim_start().split_once('\n').map_or("", |(_, rest)| rest)).is_some()
        || begins_with_status(text.trim_start())
}

/// What stands behind an arrow or a caption in the line of an answer that goes on with this.
fn behind_mark<'t>(line: &'t str, rest: &str) -> Option<&'t str> {
    // A number alone may be a result.
    let is_over_data = rest.trim_start().starts_with(['{', '[']);
    let is_data = |said: &str| {
        said.starts_with(['{', '[', '"']) || begins_with_status(said) || (is_over_data && is_number(said))
    };
    let behind_arrow = || {
        let (arrow, said) = ARROWS.iter().find_map(|arrow| Some((*arrow, line.strip_prefix(arrow)?)))?;
        let said = said.strip_prefix([' ', '\t'])?.trim_start();
        // `< ` stands before a head alone.
        let is_head = begins_with_status(said) || is_number(said);
        (if arrow == "<" { is_head } else { is_data(said) }).then_some(said)
    };
    let behind_caption = || {
        let (caption, said) = line.split_once(": ")?;
        let said = said.trim_start();
        (names_answer(caption) && is_data(said)).then_some(said)
    };
    behind_arrow().or_else(behind_caption)
}

/// Whether a text is the number of a final status.
fn is_number(text: &str) -> bool {
    crate::docs::http_text::is_code(text)
}

/// A text without the arrows before its lines, or without what stands before its first one.
pub(super) fn unmarked(text: &str) -> Option<String> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let said = behind_mark(first.trim(), rest)?;
    let arrow = ARROWS.iter().find(|arrow| first.trim_start().starts_with(**arrow));
    let marked = |line: &str| arrow.is_some_and(|arrow| line.trim_start().starts_with(arrow));
    let is_all = rest.lines().all(|line| line.trim().is_empty() || marked(line));
    let bare = |line: &str| {
        let line = arrow.and_then(|arrow| line.trim_start().strip_prefix(arrow)).unwrap_or(line);
        line.strip_prefix(' ').unwrap_or(line).to_owned()
    };
    let rest: Vec<String> = if is_all { rest.lines().map(bare).collect() } else { vec![rest.to_owned()] };
    // A number alone is a status where it stands before data.
    let head = if is_number(said) { format!("HTTP {said}") } else { said.to_owned() };
    Some(format!("{head}\n{}", rest.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::{is_caption, unmarked};
    use rstest::rstest;

    #[rstest]
    #[case("Response:", "\n{\"bed\": 5}", true)]
    #[case("Output", "[5]", true)]
    #[case("**Expected output:**", "[5]", true)]
    #[case("Response (404):", "{}", true)]
    #[case("Response:", "HTTP/1.1 200 OK", true)]
    #[case("Response:", "201 Created\n{}", true)]
    #[case("Output:", "beds", true)]
    #[case("output:", "  beds: 5", false)]
    #[case("Result:", "bed: 5", false)]
    #[case("result", "5", false)]
    #[case("Beds:", "{}", false)]
    #[case("Response:", "", false)]
    fn captions(#[case] line: &str, #[case] below: &str, #[case] expected: bool) {
        assert_eq!(is_caption(line, below), expected);
    }

    #[rstest]
    #[case("=> {\"bed\": 6}", Some("{\"bed\": 6}\n"))]
    #[case("> {\n>   \"bed\": 6\n> }", Some("{\n  \"bed\": 6\n}"))]
    #[case("> [\n6\n]", Some("[\n6\n]"))]
    #[case("< 201\n{}", Some("HTTP 201\n{}"))]
    #[case("< 201 Created\n{}", Some("201 Created\n{}"))]
    #[case("Response: {}", Some("{}\n"))]
    #[case("< bed", None)]
    #[case("<bed/>", None)]
    #[case("> a bed", None)]
    #[case("bed: {}", None)]
    fn marks_before_data(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(unmarked(text).as_deref(), expected);
    }
}
