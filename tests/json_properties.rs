//! The strict reader on generated texts, against `serde_json` and against itself.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

#[path = "texts/oracle.rs"]
mod oracle;
#[path = "texts/json.rs"]
mod texts;

use faithful::json::{Budget, Json, JsonErrorKind, Kind, Number, Value};
use oracle::{agree, same_as_value};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use texts::{BLANKS, json, mutated};

/// Numbers in every spelling, some with too many zeros, dots or signs.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,24})?([eE][+-]?[0-9]{1,2})?",
        1 => "-?[0-9]{1,3}[eE][+-]?[0-9]{3,40}",
        1 => "[-+]{0,2}[0-9]{0,3}\\.?[0-9]{0,2}([eE][+-]{0,2}[0-9]{0,2})?",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn reads_hostile_json_as_serde_json_does(text in json()) {
        prop_assert!(Json::parse(text.as_str()).is_ok());
        agree(text.as_bytes());
    }

    #[test]
    fn reads_mutated_json_as_serde_json_does(bytes in mutated()) {
        agree(&bytes);
    }

    #[test]
    fn reads_numbers_as_serde_json_does(number in number(), blanks in BLANKS) {
        agree(number.as_bytes());
        agree(format!("[{blanks}{number}{blanks}]").as_bytes());
    }

    #[test]
    fn reads_strings_of_any_escapes_as_serde_json_does(inside in "([a-z]{0,9}(\\\\|\\\\u|\\\\u[dD][89a-f]|[0-9a-f]{2}|\"|\n)?){0,5}") {
        agree(format!("\"{inside}\"").as_bytes());
    }

    #[test]
    fn pairs_surrogates_as_serde_json_does(units in vec(select(vec!["D7FF", "D800", "dbff", "DC00", "dfff", "E000", "d8"]), 1..4), between in "x?") {
        let separator = format!("{between}\\u");
        agree(format!("\"\\u{}\"", units.join(&separator)).as_bytes());
    }

    #[test]
    fn reads_arbitrary_texts_as_serde_json_does(text in any::<String>(), tokens in "[\\[\\]{}:,\"0-9eE.+\\-truefalsnl\\\\ \n]{0,24}") {
        agree(text.as_bytes());
        agree(tokens.as_bytes());
    }

    #[test]
    fn reads_arbitrary_bytes_as_serde_json_does(bytes in vec(any::<u8>(), 0..40)) {
        agree(&bytes);
        agree(&[b"\"", bytes.as_slice(), b"\""].concat());
    }

    #[test]
    fn nesting_ends_where_it_ends_for_serde_json(levels in vec(any::<bool>(), 120..135), scalar in select(vec!["", "1"])) {
        let open: String = levels.iter().map(|object| if *object { "{\"a\":" } else { "[" }).collect();
        let close: String = levels.iter().rev().map(|object| if *object { '}' } else { ']' }).collect();
        agree(format!("{open}{scalar}{close}").as_bytes());
        agree(format!("{open}0{close}").as_bytes());
        agree(open.as_bytes());
    }

    #[test]
    fn what_is_written_reads_back_equal(text in json(), level in 0..3usize) {
        let json = Json::parse(text).unwrap();
        let compact = json.root().to_compact();
        let mut pretty = String::new();
        json.root().write_pretty(level, &mut pretty);
        prop_assert!(!compact.contains(['\n', '\t']));
        for written in [compact, pretty, serde_json::to_string(&json).unwrap()] {
            prop_assert_eq!(&Json::parse(written.as_str()).unwrap(), &json);
            agree(written.as_bytes());
        }
    }

    #[test]
    fn a_value_cut_out_is_the_text_read_alone(text in json(), place in any::<Index>()) {
        let json = Json::parse(text).unwrap();
        let mut values = vec![json.root()];
        let mut next = 0;
        while let Some(value) = values.get(next).copied() {
            values.extend(value.elements());
            values.extend(value.members().map(|member| member.value));
            next += 1;
        }
        let value = values[place.index(values.len())];
        let alone = Json::parse(value.raw()).unwrap();
        let copy = value.to_json();
        prop_assert_eq!(copy.text(), alone.text());
        prop_assert_eq!(copy, alone);
    }

    #[test]
    fn replacing_strings_changes_their_values_alone(text in json()) {
        let json = Json::parse(text.as_str()).unwrap();
        prop_assert!(json.replace_strings(|_| None).text() == text);
        prop_assert_eq!(&json.replace_strings(|string| Some(string.to_owned())), &json);
        let mut before = Vec::new();
        let marked = json.replace_strings(|string| {
            before.push(string.to_owned());
            Some(format!("\"{string}\\"))
        });
        let mut theirs: serde_json::Value = match serde_json::from_str(&text) {
            Ok(theirs) => theirs,
            Err(_) => return Ok(()),
        };
        mark(&mut theirs);
        same_as_value(marked.root(), &theirs);
        let mut after = Vec::new();
        let same = marked.replace_strings(|string| {
            after.push(string[1..string.len() - 1].to_owned());
            None
        });
        prop_assert_eq!(before, after);
        prop_assert_eq!(same, marked);
    }

    #[test]
    fn budgets_hold_to_the_last_one(text in json()) {
        let json = Json::parse(text.as_str()).unwrap();
        let (nodes, depth, string) = measure(json.root());
        let exact = Budget { depth: depth + 1, nodes, string };
        prop_assert_eq!(Json::parse_within(text.as_str(), &exact).unwrap(), json);
        let refused = |budget| Json::parse_within(text.as_str(), &budget).unwrap_err().kind;
        prop_assert_eq!(refused(Budget { nodes: nodes - 1, ..exact }), JsonErrorKind::TooManyNodes);
        if depth > 0 {
            prop_assert_eq!(refused(Budget { depth, ..exact }), JsonErrorKind::TooDeep);
        }
        if string > 0 {
            prop_assert_eq!(refused(Budget { string: string - 1, ..exact }), JsonErrorKind::TooLong);
        }
    }

    #[test]
    fn numbers_are_equal_where_their_decimals_are(digits in "[0-9]{1,30}", shift in 0..30usize, point in 0..30usize, zeros in 0..4usize, other in "[0-9]{1,30}") {
        let plain = |digits: &str| match digits.trim_start_matches('0') {
            "" => "0".to_owned(),
            rest => rest.to_owned(),
        };
        // The same figure with its point elsewhere, the exponent saying how far.
        let padded = format!("{}{digits}", "0".repeat(shift));
        let (whole, fraction) = padded.split_at(padded.len().saturating_sub(shift).max(1));
        let moved = format!("{}.{fraction}{}0e{}", plain(whole), "0".repeat(zeros), fraction.len());
        let straight = format!("{}e{point}", plain(&digits));
        let far = plain(&format!("{digits}{}", "0".repeat(point)));
        let read = |text: &str| Json::parse(text).unwrap();
        let same = |one: &str, two: &str| {
            read(one).root().as_number() == read(two).root().as_number()
        };
        prop_assert!(same(&moved, &plain(&digits)), "{} {}", moved, digits);
        prop_assert!(same(&straight, &far), "{} {}", straight, far);
        prop_assert_eq!(same(&plain(&digits), &plain(&other)), plain(&digits) == plain(&other));
        prop_assert!(read(&moved).root().as_number().is_some_and(Number::is_whole));
    }
}

/// The strings of a tree of theirs, changed as the test above changes ours.
fn mark(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(string) => *string = format!("\"{string}\\"),
        serde_json::Value::Array(elements) => elements.iter_mut().for_each(mark),
        serde_json::Value::Object(members) => members.values_mut().for_each(mark),
        _ => {}
    }
}

/// Values and names, levels, and the bytes of the longest string as written.
fn measure(value: Value<'_>) -> (usize, usize, usize) {
    let own = if value.kind() == Kind::String { value.raw().len() - 2 } else { 0 };
    let inner = value.elements().map(|element| (0, element));
    let members = value.members().map(|member| (1 + member.key.raw().len(), member.value));
    let container = usize::from(matches!(value.kind(), Kind::Array | Kind::Object));
    let all = inner.chain(members).fold((1, 0, own), |(nodes, depth, string), (name, inner)| {
        let (more, deeper, longer) = measure(inner);
        let named = usize::from(name > 0);
        (nodes + more + named, depth.max(deeper), string.max(longer).max(name.saturating_sub(3)))
    });
    (all.0, all.1 + container, all.2)
}

#[test]
fn a_million_nested_brackets_neither_overflow_nor_recurse() {
    const LEVELS: usize = 1_000_000;
    let text = "[".repeat(LEVELS) + &"]".repeat(LEVELS);
    let refused = Json::parse(text.as_str()).unwrap_err();
    assert_eq!((refused.kind, refused.at), (JsonErrorKind::TooDeep, 127));
    let json = Json::parse_within(text.as_str(), &Budget::UNLIMITED).unwrap();
    assert_eq!(json.root().span(), 0..2 * LEVELS);
    assert_eq!(json.root().to_compact(), text);
    let inner = json.root().elements().next().unwrap().to_json();
    assert_eq!(inner.text().len(), 2 * LEVELS - 2);
    assert_ne!(inner, json);
    assert_eq!(json.replace_strings(|_| None), json.clone());
    let half = Json::parse_within("[".repeat(LEVELS), &Budget::UNLIMITED).unwrap_err();
    assert_eq!((half.kind, half.at), (JsonErrorKind::Ended, LEVELS));
}
