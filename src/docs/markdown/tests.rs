//! The scanner against a full parser of `CommonMark`, and where it means to differ.

use super::{Event, Fault, IndentedCode, scan};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use pulldown_cmark::{CodeBlockKind, Event as Parsed, Parser, Tag, TagEnd};

/// The texts of the fences; `None` where one of them has no end of its own.
fn fences(text: &str) -> Option<Vec<String>> {
    let mut fences = Vec::new();
    let mut closed = true;
    scan(text, IndentedCode::Passed, &mut |event| match event {
        Event::Fence { fence, .. } => fences.push(fence.text().into_owned()),
        Event::Fault { fault: Fault::UnclosedFence, .. } => closed = false,
        _ => {}
    });
    closed.then_some(fences)
}

/// The texts of the fences, as a full parser has them.
fn fences_of_a_parser(text: &str) -> Vec<String> {
    let mut fences: Vec<String> = Vec::new();
    let mut open = false;
    for event in Parser::new(text) {
        match event {
            Parsed::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                fences.push(String::new());
                open = true;
            }
            Parsed::End(TagEnd::CodeBlock) => open = false,
            Parsed::Text(text) if open => fences.last_mut().unwrap().push_str(&text),
            _ => {}
        }
    }
    fences
}

/// Lines with marks of containers before what begins, ends or continues a block.
fn line() -> impl Strategy<Value = String> {
    let marks = select(vec![
        "", "", "", " ", "  ", "   ", "    ", "\t", "> ", ">", "- ", "1. ", "2) ", "10. ", "-\t",
    ]);
    let body = select(vec![
        "",
        "",
        "text",
        "text",
        "```",
        "```",
        "```http",
        "````",
        "~~~",
        "~~~ x",
        "# h",
        "---",
        "===",
        "***",
        "-",
        "1.",
        "<!-- c -->",
        "{",
        "}",
        "``` a`b",
    ]);
    (vec(marks, 0..3), body).prop_map(|(marks, body)| {
        let marks = marks.concat();
        // The oracle takes for a quote what stands behind a tab, and so is code.
        let marks = if marks.contains('>') { marks.replace('\t', " ") } else { marks };
        format!("{marks}{body}\n")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn fences_are_those_of_a_full_parser(lines in vec(line(), 0..16)) {
        // The first line is blank, so that none is front matter.
        let text = format!("\n{}", lines.concat());
        if let Some(fences) = fences(&text) {
            prop_assert_eq!(fences, fences_of_a_parser(&text), "{}", text);
        }
    }
}
