//! The first look against a thorough one: where it sees nothing, there is nothing.

use crate::docs::form::{self, Sheet};
use crate::docs::{Annotations, Depth, Keys, lint, look_through, notes::Notes};
use crate::finding::Code;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use rstest::rstest;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// What a thorough look says of a page that the first one would pass over: of its messages and annotations. That a text
/// without either is broken, and what stands in it for secrets, is no matter of the first look.
fn passed_over(file: &str, text: &str) -> Vec<String> {
    let sheet = Sheet::new(file, text);
    if sheet.may_hold_messages() {
        return Vec::new();
    }
    let depth = Depth::Checking { root: "", keys: Keys::Made };
    let page = look_through(sheet.unseen(), Annotations::Optional, depth, Notes::new(file));
    let others = [
        Code::ControlCharacter,
        Code::UnclosedFence,
        Code::UnclosedComment,
        Code::NestedComment,
        Code::SecretLike,
    ];
    let findings = page.findings.iter().filter(|finding| !others.contains(&finding.code));
    let pairs = page.pairs.iter().map(|pair| format!("{} {}", pair.written.request_line, pair.contract.id));
    findings.map(ToString::to_string).chain(pairs).collect()
}

/// Pages below a folder, and their texts.
fn pages(folder: &Path, found: &mut Vec<(String, String)>) {
    let Ok(entries) = folder.read_dir() else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            pages(&path, found);
        } else if form::is_page(&path)
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            let extension = path.extension().unwrap().to_str().unwrap();
            found.push((format!("page.{extension}"), text.replace("\r\n", "\n")));
        }
    }
}

/// The pages of the tests.
static CASES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let mut found = Vec::new();
    pages(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/docs"), &mut found);
    found.sort();
    assert!(!found.is_empty());
    found
});

/// Real pages, where there are any.
fn real() -> Vec<(String, String)> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::var_os("FAITHFUL_SHARED").map_or_else(|| package.join("../shared"), PathBuf::from);
    let mut found = Vec::new();
    for folder in
        [shared.join("corpus"), shared.join("realworld"), package.join("examples"), package.join("docs")]
    {
        pages(&folder, &mut found);
    }
    found
}

/// The parts of a page between headings, and between any two blank lines: what a page could consist of.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let starts = |mark: &'static str| {
        let found = text.match_indices(mark).map(|(at, _)| at + 1);
        let mut places: Vec<usize> = [0].into_iter().chain(found).chain([text.len()]).collect();
        places.dedup();
        places.windows(2).filter_map(|pair| text.get(pair[0]..pair[1])).collect::<Vec<_>>()
    };
    [starts("\n#"), starts("\n\n")].concat().into_iter()
}

/// Each is all that its page holds, and something is said of it.
#[rstest]
#[case::an_element_in_other_letters("<Pre>\nGET /users HTTP/1.1\n</Pre>\n")]
#[case::an_element_of_a_line("<xmp>GET /users</xmp>\n")]
#[case::code("<code>\nGET /users\n</code>\n")]
#[case::a_key_in_small_letters("<!-- {\"blocktype\": \"request\"} -->\n")]
#[case::a_key_in_capitals("<!-- {\"BLOCKTYPE\": \"request\"} -->\n")]
#[case::a_method_in_quotes("```\n\"GET\" /users\n```\n")]
#[case::a_method_behind_a_bracket("```\n]GET /users\n```\n")]
#[case::a_method_behind_a_parenthesis("```\n)GET /users\n```\n")]
#[case::a_method_in_the_last_line("~~~GET")]
#[case::a_status_before_the_end("```\n200 OK```")]
#[case::an_inline_request(
    "<!-- {\"blockType\": \"resource\"} -->\n```json\n{}\n```\n\nGET /users\n\n```json\n{}\n```\n"
)]
#[case::an_annotation_that_is_no_json(
    "<!-- {\"blockType\": \"resource\" \"a\": \"b\" -->\n```json\n{}\n```\n"
)]
#[case::an_annotation_that_is_repaired("<!-- {\"blockType\": \"resource\",} -->\n```json\n{}\n```\n")]
#[case::a_comment_in_an_annotation("<!-- {\n<!-- {\"blockType\": \"resource\"} -->\n```json\n{}\n```\n")]
fn a_page_with_nothing_else_is_looked_at(#[case] text: &str) {
    assert!(Sheet::new("page.md", text).may_hold_messages());
    let page = lint("page.md", text, Annotations::Optional);
    assert!(page.findings.iter().any(|finding| finding.code != Code::UnclosedFence), "{:?}", page.findings);
}

#[test]
fn nothing_is_passed_over_that_a_thorough_look_finds() {
    let mut wrong = Vec::new();
    for (file, text) in CASES.iter().chain(&real()) {
        let whole = std::iter::once(text.as_str());
        for part in whole.chain(parts(text)) {
            let said = passed_over(file, part);
            if !said.is_empty() {
                wrong.push(format!("{said:?} of\n{part}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}: {}", wrong.len(), wrong.join("\n-----\n"));
}

/// All parts of all pages, each once, without those that hold none of what could make a message.
static PARTS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let of = |(file, text): &(String, String)| {
        let parts = parts(text).filter(|part| part.len() < 4096).map(str::to_owned);
        parts.map(|part| (file.clone(), part)).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = CASES.iter().chain(&real()).flat_map(of).collect();
    all.sort();
    all.dedup();
    all
});

/// What is done to a part.
#[derive(Debug, Clone)]
enum Change {
    /// A line goes.
    Drop(Index),
    /// A line stands twice.
    Repeat(Index),
    /// A piece is put at the beginning of a line, or at its end.
    Before(Index, &'static str),
    Behind(Index, &'static str),
    /// A piece is put anywhere.
    Within(Index, &'static str),
    /// So many characters go, from anywhere.
    Cut(Index, usize),
    /// A line is written in other letters.
    Upper(Index),
    Lower(Index),
    /// All that stands behind a place goes.
    End(Index),
    /// One piece is another one.
    Replace(&'static str, &'static str),
}

const PIECES: [&str; 53] = [
    "\"",
    "'",
    "`",
    "```",
    "~~~",
    "~~~~",
    "[",
    "]",
    "(",
    ")",
    "*",
    "**",
    "_",
    ":",
    "#",
    "# ",
    "//",
    "> ",
    "< ",
    "$ ",
    "%",
    "{",
    "}",
    ",",
    ";",
    " ",
    "    ",
    "\t",
    "\n",
    "\n\n",
    "GET ",
    "POST /a",
    "HTTP/1.1 200 OK",
    "200 OK",
    "Status: 200",
    "-->",
    "<!--",
    "<!-- {\"blockType\": \"",
    "\"request\"",
    "\"resource\"",
    "<pre>",
    "</pre>",
    "<code>",
    "<samp>",
    "</tt>",
    "</code>",
    "curl ",
    "/a",
    "https://h.example/a",
    "\u{200b}",
    "\u{a0}",
    "1\n2\n3\n4\n5\n6\n7\n8\n9\nGET beds/7",
    "1\n2\n3\n4\n5\n6\n7\n8\n9\nHEAD /a",
];

fn change() -> impl Strategy<Value = Change> {
    let piece = || select(PIECES.to_vec());
    let line = any::<Index>;
    prop_oneof![
        line().prop_map(Change::Drop),
        line().prop_map(Change::Repeat),
        (line(), piece()).prop_map(|(line, piece)| Change::Before(line, piece)),
        (line(), piece()).prop_map(|(line, piece)| Change::Behind(line, piece)),
        (line(), piece()).prop_map(|(line, piece)| Change::Within(line, piece)),
        (line(), 1..9_usize).prop_map(|(line, count)| Change::Cut(line, count)),
        line().prop_map(Change::Upper),
        line().prop_map(Change::Lower),
        line().prop_map(Change::End),
        (piece(), piece()).prop_map(|(one, other)| Change::Replace(one, other)),
        select(vec![
            ("blockType", "blocktype"),
            ("blockType", "BlockType"),
            ("<pre", "<Pre"),
            ("```", "~~~"),
            ("request", "resource")
        ])
        .prop_map(|(one, other)| Change::Replace(one, other)),
    ]
}

fn changed(text: &str, change: &Change) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let at = |index: &Index| {
        let place = index.index(text.len() + 1);
        text.floor_char_boundary(place)
    };
    if lines.is_empty() {
        return text.to_owned();
    }
    let count = lines.len();
    match change {
        Change::Drop(line) => drop(lines.remove(line.index(count))),
        Change::Repeat(line) => {
            let line = line.index(count);
            lines.insert(line, lines[line].clone());
        }
        Change::Before(line, piece) => lines[line.index(count)].insert_str(0, piece),
        Change::Behind(line, piece) => {
            let line = &mut lines[line.index(count)];
            let end = line.trim_end_matches('\n').len();
            line.insert_str(end, piece);
        }
        Change::Within(index, piece) => {
            let (before, behind) = text.split_at(at(index));
            return [before, piece, behind].concat();
        }
        Change::Cut(index, count) => {
            let (before, behind) = text.split_at(at(index));
            return before.chars().chain(behind.chars().skip(*count)).collect();
        }
        Change::Upper(line) => lines[line.index(count)].make_ascii_uppercase(),
        Change::Lower(line) => lines[line.index(count)].make_ascii_lowercase(),
        Change::End(index) => return text[..at(index)].to_owned(),
        Change::Replace(one, other) => return text.replace(one, other),
    }
    lines.concat()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4_000) })]

    #[test]
    fn nothing_is_passed_over_of_what_a_page_could_be(
        one in any::<Index>(),
        other in proptest::option::weighted(0.2, any::<Index>()),
        changes in vec(change(), 0..5),
    ) {
        let (file, one) = one.get(&PARTS);
        let other = other.map_or("", |other| other.get(&PARTS).1.as_str());
        let text = changes.iter().fold([one, other].concat(), |text, change| changed(&text, change));
        let said = passed_over(file, &text);
        prop_assert!(said.is_empty(), "{:?} of {}\n{}", said, file, text);
    }
}
