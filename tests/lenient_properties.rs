//! The lenient reader where it has nothing to do, where it has something, and where nothing helps.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "texts/sound.rs"]
mod sound;
#[path = "texts/json.rs"]
mod texts;

use faithful::json::{Budget, Json, JsonErrorKind, Kind, Lenient, RepairRule, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sound::{sound, values};
use texts::{json, mutated, tokens};

fn read(text: &str) -> Lenient {
    Json::parse_lenient(text, &Budget::default()).unwrap()
}

/// The pointers of the strings that end in an ellipsis. Of repeated members only the last has one.
fn prefixes(value: Value<'_>, path: &str) -> Vec<String> {
    let whole = |text: &str| !text.ends_with("...") && !text.ends_with('…');
    if value.as_str().is_some_and(|text| !whole(&text)) {
        return vec![path.to_owned()];
    }
    let elements = value.elements().enumerate().map(|(index, inner)| (index.to_string(), inner));
    let members = value
        .members()
        .filter(|member| value.get(&member.name()).is_some_and(|meant| meant.span() == member.value.span()));
    let members = members.map(|member| (member.name().replace('~', "~0").replace('/', "~1"), member.value));
    elements.chain(members).flat_map(|(token, inner)| prefixes(inner, &format!("{path}/{token}"))).collect()
}

/// One thing wrong with a text, whose meaning stays certain.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Blemish {
    Comment(&'static str),
    OddBlank(&'static str),
    TrailingComma,
    MissingComma,
    SingleQuotes,
    Ellipsis,
}

impl Blemish {
    fn rule(self) -> RepairRule {
        match self {
            Self::Comment(_) => RepairRule::Comment,
            Self::OddBlank(_) => RepairRule::OddBlank,
            Self::TrailingComma => RepairRule::TrailingComma,
            Self::MissingComma => RepairRule::MissingComma,
            Self::SingleQuotes => RepairRule::SingleQuotes,
            Self::Ellipsis => RepairRule::Ellipsis,
        }
    }

    /// Whether the text can have it before this token.
    fn fits(self, tokens: &[String], at: usize) -> bool {
        let token = tokens[at].as_str();
        let before = if at == 0 { "" } else { tokens[at - 1].as_str() };
        let closes = matches!(token, "]" | "}");
        match self {
            Self::Comment(_) | Self::OddBlank(_) => true,
            Self::TrailingComma => closes && !matches!(before, "[" | "{"),
            Self::MissingComma => token == ",",
            Self::SingleQuotes => token.starts_with('"') && !token.contains('\''),
            Self::Ellipsis => closes || matches!(before, "[" | "{" | ","),
        }
    }

    /// The token with the blemish before it, or in its place.
    fn put(self, tokens: &[String], at: usize) -> String {
        let token = tokens[at].as_str();
        match self {
            Self::Comment(comment) => format!(" {comment}{token}"),
            Self::OddBlank(blank) => format!("{blank}{token}"),
            Self::TrailingComma => format!(",{token}"),
            Self::MissingComma => "\n".to_owned(),
            Self::SingleQuotes => format!("'{}'", &token[1..token.len() - 1]),
            Self::Ellipsis if matches!(token, "]" | "}") => match tokens[at - 1].as_str() {
                "[" | "{" => format!("...{token}"),
                _ => format!(", ...\n{token}"),
            },
            Self::Ellipsis => format!("…,{token}"),
        }
    }
}

fn blemish() -> impl Strategy<Value = Blemish> {
    let comments = vec!["// a \"quote\"\n", "/* [1,\n} */", "# it's {\n", "<!-- ] -->", "//\n"];
    prop_oneof![
        select(comments).prop_map(Blemish::Comment),
        select(vec!["\u{a0}", "\u{200b}", "\u{feff}", "\u{2003}\u{a0}"]).prop_map(Blemish::OddBlank),
        Just(Blemish::TrailingComma),
        Just(Blemish::MissingComma),
        Just(Blemish::SingleQuotes),
        Just(Blemish::Ellipsis),
    ]
}

/// A container's text, the text with blemishes, and these.
fn blemished(most: usize) -> impl Strategy<Value = (String, String, Vec<Blemish>)> {
    let container = tokens().prop_map(|tokens| match tokens[0].as_str() {
        "[" | "{" => tokens,
        _ => [vec!["[".to_owned()], tokens, vec!["]".to_owned()]].concat(),
    });
    (container, vec((blemish(), any::<Index>()), 1..=most)).prop_map(|(tokens, wishes)| {
        let mut spoilt = tokens.clone();
        let mut taken = vec![false; tokens.len()];
        let mut blemishes = Vec::new();
        for (blemish, index) in wishes {
            let places: Vec<usize> =
                (0..tokens.len()).filter(|at| !taken[*at] && blemish.fits(&tokens, *at)).collect();
            if !places.is_empty() {
                let at = places[index.index(places.len())];
                taken[at] = true;
                spoilt[at] = blemish.put(&tokens, at);
                blemishes.push(blemish);
            }
        }
        (tokens.concat(), spoilt.concat(), blemishes)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn json_needs_no_repair(text in json()) {
        let lenient = read(&text);
        prop_assert_eq!(lenient.json.text(), text.as_str());
        prop_assert_eq!(&lenient.json, &Json::parse(text.as_str()).unwrap());
        prop_assert!(lenient.repairs.is_empty());
        prop_assert_eq!(&lenient.elided, &prefixes(lenient.json.root(), ""));
        prop_assert!(values(lenient.json.root()).iter().all(|value| value.source() == value.span()));
    }

    #[test]
    fn a_blemish_is_mended_and_named((meant, text, blemishes) in blemished(1)) {
        let lenient = read(&text);
        sound(&text, &lenient);
        prop_assert_eq!(lenient.json.root().to_compact(), Json::parse(meant.as_str()).unwrap().root().to_compact());
        let found: Vec<RepairRule> = lenient.repairs.iter().map(|repair| repair.rule).collect();
        prop_assert_eq!(found, blemishes.iter().map(|blemish| blemish.rule()).collect::<Vec<_>>());
        let prefixes = prefixes(lenient.json.root(), "");
        let more = usize::from(blemishes.contains(&Blemish::Ellipsis));
        prop_assert!(prefixes.iter().all(|prefix| lenient.elided.contains(prefix)));
        // What a later member of the same name hides has no pointer.
        prop_assert!(lenient.elided.len() <= prefixes.len() + more);
    }

    #[test]
    fn many_blemishes_leave_the_meaning_certain((meant, text, blemishes) in blemished(8)) {
        let lenient = read(&text);
        sound(&text, &lenient);
        prop_assert!(!lenient.is_guess(), "{:?}", lenient.repairs);
        prop_assert_eq!(lenient.json.root().to_compact(), Json::parse(meant.as_str()).unwrap().root().to_compact());
        prop_assert_eq!(lenient.repairs.is_empty(), blemishes.is_empty());
        for value in values(lenient.json.root()) {
            if !matches!(value.kind(), Kind::String | Kind::Array | Kind::Object) {
                prop_assert_eq!(&text[value.source()], value.raw());
            }
        }
    }

    #[test]
    fn whatever_is_read_is_json(bytes in mutated(), text in any::<String>(), tokens in "[\\[{][\\[\\]{}:,;\"'“a1 \\\\\n./*#<….-]{0,40}") {
        for text in [String::from_utf8_lossy(&bytes).as_ref(), &text, &tokens] {
            match Json::parse_lenient(text, &Budget::default()) {
                Ok(lenient) => sound(text, &lenient),
                Err(error) => {
                    prop_assert!(error.at <= text.len());
                    prop_assert_eq!(Json::parse(text).unwrap_err().kind, error.kind);
                }
            }
        }
    }

    #[test]
    fn budgets_hold_for_what_is_mended((_, text, _) in blemished(3), nodes in 1..20usize, depth in 1..6usize) {
        let budget = Budget { depth, nodes, string: 40 };
        if let Ok(lenient) = Json::parse_lenient(&text, &budget) {
            prop_assert_eq!(Json::parse_within(lenient.json.text(), &budget).unwrap(), lenient.json);
            prop_assert!(lenient.elided.iter().map(String::len).sum::<usize>() <= budget.string);
        }
    }
}

#[test]
fn hostile_texts_end_within_their_budgets() {
    let refused = |text: String| Json::parse_lenient(&text, &Budget::default()).unwrap_err().kind;
    assert_eq!(refused(format!("[,{}", "[".repeat(1_000_000))), JsonErrorKind::TooDeep);
    assert_eq!(refused(format!("[{}]", "#\n".repeat(1_000_000))), JsonErrorKind::TooManyRepairs);
    assert_eq!(refused(format!("[\"{}\"]", "\n".repeat(1_000_000))), JsonErrorKind::TooManyRepairs);
    assert_eq!(refused(format!("['{}']", "\"".repeat(1_000_000))), JsonErrorKind::TooManyRepairs);
    assert_eq!(refused(format!("[1{}]", ",1".repeat(1_000_000))), JsonErrorKind::TooManyNodes);
    assert_eq!(refused(format!("[,1{}]", ",1".repeat(1_000_000))), JsonErrorKind::TooManyNodes);
    // A long name above many prefixes would multiply in their pointers.
    assert_eq!(
        refused(format!("{{\"{}\":[\"...\"{}]}}", "a".repeat(4_000_000), ",\"...\"".repeat(9))),
        JsonErrorKind::TooLong
    );
    let open = "[".repeat(1_000_000);
    let closed = Json::parse_lenient(&format!("{open},"), &Budget::UNLIMITED).unwrap();
    assert_eq!(closed.json.root().to_compact(), open.clone() + &"]".repeat(1_000_000));
}
