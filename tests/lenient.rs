//! The lenient reader, case by case: each file of `tests/lenient` is named as what it shows.
//!
//! Above a line of four dashes stands the text; below it what is read of it: the value in compact form, then a
//! line for each repair with the line and the column where it was needed, then the pointers of what is elided.
//! The folder is read as the test runs: a list made when it is built would miss a new file.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use faithful::json::{Budget, Json, RepairRule};
use faithful::source::line_column;
use std::fmt::Write;
use std::path::Path;

/// Name, text and expectation of every case, by name.
fn cases() -> Vec<(String, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lenient");
    let mut cases: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let content = std::fs::read_to_string(&path).unwrap();
            let (text, expected) = content.split_once("\n----\n").unwrap();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, text.to_owned(), expected.to_owned())
        })
        .collect();
    cases.sort();
    cases
}

/// What is read of a text, as the files have it.
fn reading(text: &str) -> String {
    let place = |at| {
        let (line, column) = line_column(text, at);
        format!("{line}:{column}")
    };
    let mut reading = String::new();
    match Json::parse_lenient(text, &Budget::default()) {
        Ok(read) => {
            writeln!(reading, "{}", read.json.root().to_compact()).unwrap();
            for repair in &read.repairs {
                writeln!(reading, "{} {}", repair.rule, place(repair.at)).unwrap();
            }
            for pointer in &read.elided {
                writeln!(reading, "elided {pointer:?}").unwrap();
            }
        }
        Err(error) => writeln!(reading, "refused: {error} {}", place(error.at)).unwrap(),
    }
    reading
}

#[test]
fn each_case_is_read_as_its_file_says() {
    let wrong: Vec<String> = cases()
        .iter()
        .filter_map(|(name, text, expected)| {
            let found = reading(text);
            (found != *expected)
                .then(|| format!("{name}\n{text}\n---- found\n{found}---- expected\n{expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case() {
    let expected: Vec<String> = cases().into_iter().map(|(_, _, expected)| expected).collect();
    for rule in RepairRule::ALL {
        let noted = format!("{rule} ");
        let shown = expected.iter().any(|expected| expected.lines().any(|line| line.starts_with(&noted)));
        // An editor would strip or show wrongly what odd blanks are: they have a test of their own.
        assert!(shown || rule == RepairRule::OddBlank, "no case shows {rule}");
    }
}

#[test]
fn blanks_that_json_does_not_know_are_blanks() {
    for blank in ["\u{a0}", "\u{feff}", "\u{200b}", "\u{3000}\u{a0}", "\u{2028}", "\u{b}", "\u{202e}"] {
        let text =
            format!("{blank}{{{blank}\"a{blank}\"{blank}:{blank}[1{blank},{blank}2{blank}]{blank}}}{blank}");
        let read = Json::parse_lenient(&text, &Budget::default()).unwrap();
        let meant = Json::parse(format!(r#"{{"a{}":[1,2]}}"#, blank.replace('\u{b}', "\\u000b"))).unwrap();
        assert_eq!(read.json, meant);
        let rules: Vec<RepairRule> = read.repairs.iter().map(|repair| repair.rule).collect();
        let raw: Vec<RepairRule> =
            rules.iter().copied().filter(|rule| *rule != RepairRule::OddBlank).collect();
        assert_eq!(rules.len() - raw.len(), 9, "{blank:?}");
        assert_eq!(raw, if blank == "\u{b}" { vec![RepairRule::RawControl] } else { vec![] });
    }
}
