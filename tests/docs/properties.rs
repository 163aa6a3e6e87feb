//! Pages made at random: none makes the reader panic, and no message of theirs is lost without a word.

use crate::checks;
use faithful::docs::{Annotations, Page, read};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::collections::BTreeSet;
use std::fmt::Write;

/// A piece of a page.
#[derive(Debug, Clone)]
enum Piece {
    Message {
        annotated: Option<Annotated>,
        text: &'static str,
        shape: Shape,
    },
    /// A fence that is no half of a pair.
    Other(&'static str),
    Text(&'static str),
}

#[derive(Debug, Clone)]
struct Annotated {
    block: &'static str,
    names: Vec<&'static str>,
}

/// What stands around a fence.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Bare,
    Tildes,
    Quoted,
    Listed,
}

const REQUESTS: [&str; 4] =
    ["GET /a", "POST https://api.example.com/a\nAccept: a/b\n\n{\"a\": 1}", "get /b?\n&c=d", "PUT {a}\n{"];
const RESPONSES: [&str; 4] =
    ["HTTP/1.1 200 OK", "HTTP 204", "http/1.1 404\nA: b\n\n{\"a\": [1, ...]}", "HTTP/1.1 200\n\ntext"];

fn message() -> impl Strategy<Value = Piece> {
    let names = vec(select(vec!["a", "b", "c d"]), 0..3);
    let annotated = option::weighted(0.7, (select(vec!["request", "response"]), names));
    let shape = select(vec![Shape::Bare, Shape::Bare, Shape::Tildes, Shape::Quoted, Shape::Listed]);
    (annotated, select([REQUESTS, RESPONSES].concat()), shape).prop_map(|(annotated, text, shape)| {
        Piece::Message { annotated: annotated.map(|(block, names)| Annotated { block, names }), text, shape }
    })
}

fn piece() -> impl Strategy<Value = Piece> {
    let others = select(vec![
        "<!-- { \"blockType\": \"ignored\" } -->\n```http\nGET https://api.example.com/ignored\n```\n",
        "<!-- { \"blockType\": \"example\" } -->\n```http\nHTTP/1.1 500 Example\n```\n",
        "```json\n{ \"id\": \"string\" }\n```\n",
        "<!--\n```http\nGET /hidden\n```\n-->\n",
    ]);
    let texts = select(vec![
        "Some text.\n",
        "# Heading\n",
        "## Example\n",
        "- item\n",
        "> quote\n",
        "|a|b|\n",
        "---\n",
    ]);
    prop_oneof![6 => message(), 1 => others.prop_map(Piece::Other), 2 => texts.prop_map(Piece::Text)]
}

/// The text of a page, and for each of its messages the line of its first one and whether it is annotated.
fn write(pieces: &[Piece]) -> (String, Vec<(u32, bool)>) {
    let mut page = String::new();
    let mut messages = Vec::new();
    for piece in pieces {
        page.push('\n');
        match piece {
            Piece::Other(text) | Piece::Text(text) => page.push_str(text),
            Piece::Message { annotated, text, shape } => {
                if let Some(Annotated { block, names }) = annotated {
                    writeln!(page, "<!-- {{ \"blockType\": \"{block}\", \"name\": {names:?} }} -->").unwrap();
                }
                let (first, rest, fence) = match shape {
                    Shape::Bare => ("", "", "```"),
                    Shape::Tildes => ("", "", "~~~~"),
                    Shape::Quoted => ("> ", "> ", "```"),
                    Shape::Listed => ("1. ", "   ", "```"),
                };
                writeln!(page, "{first}{fence}http").unwrap();
                let line = u32::try_from(page.lines().count() + 1).unwrap();
                messages.push((line, annotated.is_some()));
                for line in text.lines() {
                    writeln!(page, "{rest}{line}").unwrap();
                }
                writeln!(page, "{rest}{fence}").unwrap();
            }
        }
    }
    (page, messages)
}

/// The lines of the messages that are in a contract, or that a finding is about.
fn accounted(page: &Page) -> BTreeSet<u32> {
    let pairs = page.pairs.iter().flat_map(|pair| [pair.written.request_line, pair.written.status_line]);
    pairs.chain(page.findings.iter().map(|finding| finding.location.line)).collect()
}

/// Pages of real forms, to be broken.
fn seeds() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/docs/cases");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn no_message_is_lost_without_a_word(pieces in vec(piece(), 0..12)) {
        let (text, messages) = write(&pieces);
        let all = accounted(&read("page.md", &text, Annotations::Optional));
        let annotated = accounted(&read("page.md", &text, Annotations::Required));
        for (line, is_annotated) in messages {
            prop_assert!(all.contains(&line), "line {} of\n{}", line, text);
            prop_assert!(!is_annotated || annotated.contains(&line), "annotated line {} of\n{}", line, text);
        }
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        checks::page(text.as_bytes());
    }

    #[test]
    fn any_text_of_marks_is_read(
        text in "(```|~~~|<!--|-->|\\{|\\}|\"blockType\": *\"(request|response|ignored)\"|\"name\":|[ \t>#*1.-]|\n|\r|GET /|HTTP/1.1 200|:|a|é|\\\\){0,60}",
    ) {
        checks::page(text.as_bytes());
    }

    #[test]
    fn any_broken_page_is_read(
        seed in any::<Index>(),
        cuts in vec((any::<Index>(), any::<Index>(), select(vec!["", "\n", "```\n", "<!--", "-->", "\"", "}", "> ", "\u{feff}", "\0"])), 1..6),
    ) {
        let seeds = seeds();
        let mut text: Vec<char> = seed.get(&seeds).chars().collect();
        for (from, length, insert) in cuts {
            let from = from.index(text.len() + 1);
            let to = (from + length.index(40)).min(text.len());
            text.splice(from..to, insert.chars());
        }
        checks::page(text.into_iter().collect::<String>().as_bytes());
    }
}
