//! The judge against everything that can be thought of: generated bodies, changed in ways that must be seen, or must
//! not.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use assert_json_diff::{CompareMode, Config, assert_json_matches_no_panic};
use faithful::contract::{Contract, ContractId, DocumentedRequest, DocumentedResponse, Provenance, Status};
use faithful::json::{Budget, Json, quote};
use faithful::judge::explain::explain;
use faithful::judge::rules::Rules;
use faithful::judge::{Judgement, compile, compile_with_rules, judge};
use faithful::message::{Body, Received, Sent};
use faithful::verdict::{Effect, MAX_MISMATCHES, Mismatch, Profile, RuleByHand, Trouble, Written};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value};
use std::fmt::Write;

const PROFILES: [Profile; 3] = [Profile::Service, Profile::Mock, Profile::Golden];

/// Texts that show a value: no type words, no placeholders, no enumerations. Some have a format.
fn text() -> impl Strategy<Value = String> {
    let formats = [
        "5c571b0f-1b0f-5c57-0f1b-575c0f1b575c",
        "2021-07-01T12:30:00.1234567Z",
        "2021-07-01",
        "12:30:00",
        "PT5M",
        "https://docs.example/x?y=1",
        "ann1@docs.example",
    ];
    prop_oneof![3 => "x[a-z\"\\\\/é😀\n\u{0} ]{0,6}", 1 => select(formats.to_vec()).prop_map(str::to_owned)]
}

/// Figures with one spelling: no whole number among the fractions.
fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        text().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (1_u64 << 53..=u64::MAX).prop_map(Value::from),
        (-1000..1000).prop_map(|figure| Value::from(f64::from(figure) + 0.5)),
        any::<f64>().prop_map(|figure| Value::from(if figure.fract() == 0.0 { 0.5 } else { figure })),
        any::<bool>().prop_map(Value::from),
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-e]",
        1 => select(vec!["type", "kind", "id", "it's", "a/b~c", "", "é"]).prop_map(str::to_owned)
    ]
}

/// Any body.
fn body() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![8 => scalar(), 1 => Just(Value::Null)];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![vec(inner.clone(), 0..5).prop_map(Value::from), members(inner, 0)]
    })
}

fn members(inner: impl Strategy<Value = Value>, least: usize) -> impl Strategy<Value = Value> {
    btree_map(name(), inner, least..6).prop_map(|members| Value::Object(members.into_iter().collect()))
}

/// A body whose arrays hold elements of one form, so that every member and every type is promised; without null.
fn uniform() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(5, 40, 5, |inner| {
        let alike = (inner.clone(), 0..4_usize).prop_map(|(element, count)| {
            let varied = |at: usize| (0..at).fold(element.clone(), |element, _| varied(&element));
            Value::Array((0..count).map(varied).collect())
        });
        prop_oneof![alike, members(inner, 0)]
    })
}

/// The same form, with another value in every place; of a text's format nothing is lost.
fn varied(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), varied(value))).collect(),
        Value::Array(elements) => elements.iter().map(varied).collect(),
        Value::Bool(flag) => Value::from(!flag),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(figure), _) => Value::from(figure.wrapping_add(1)),
            (None, Some(figure)) => Value::from(figure - 1),
            (None, None) => Value::from(number.as_f64().unwrap() / 2.0 + 0.3),
        },
        Value::String(text) if text.starts_with('x') => Value::from(format!("{text}x")),
        // Another last digit is lawful in every format.
        Value::String(text) => {
            let at = text.rfind(|c: char| c.is_ascii_digit()).unwrap();
            let digit = text[at..=at].parse::<u8>().unwrap() % 9 + 1;
            Value::from(format!("{}{digit}{}", &text[..at], &text[at + 1..]))
        }
        Value::Null => Value::Null,
    }
}

/// A text of JSON as pages have it: type words, placeholders, shortened texts, members that stand twice.
fn peculiar() -> impl Strategy<Value = String> {
    let words = [
        "\"String\"",
        "\"Boolean\"",
        "\"{id}\"",
        "\"text...\"",
        "\"a | b\"",
        "\"2014-01-01Txx:xx:xxZ\"",
        "null",
        "1",
        "1.5",
        "true",
        "\"x\"",
        "\"2021-07-01\"",
        "\"#graph.user\"",
        "{}",
        "[]",
    ];
    let name = select(vec!["a", "b", "c", "type", "@odata.type", "b@odata.count"]);
    select(words.to_vec()).prop_map(str::to_owned).prop_recursive(4, 24, 4, move |inner| {
        let member = (name.clone(), inner.clone()).prop_map(|(name, value)| format!("\"{name}\": {value}"));
        prop_oneof![
            vec(inner, 0..4).prop_map(|elements| format!("[{}]", elements.join(", "))),
            vec(member, 0..4).prop_map(|members| format!("{{{}}}", members.join(", "))),
        ]
    })
}

fn contract(shown: &Value, sent: Option<&Value>) -> Contract {
    let json = |value: &Value| Body::Json(Json::parse(value.to_string()).unwrap());
    Contract {
        id: ContractId::new("case"),
        name: "case".into(),
        source: Provenance::default(),
        request: DocumentedRequest {
            method: "POST".into(),
            url: "https://docs.example/things".into(),
            body: sent.map_or(Body::None, json),
            ..DocumentedRequest::default()
        },
        response: DocumentedResponse {
            body: json(shown),
            ..DocumentedResponse::of_status(Status::Code(200))
        },
    }
}

/// What a profile says of an answer to the documented request.
fn mismatches(contract: &Contract, answer: &str, profile: Profile) -> Vec<Mismatch> {
    match judged(contract, answer.into(), profile) {
        Judgement::Judged { mismatches, .. } => mismatches,
        other @ Judgement::Unjudgeable(..) => panic!("{other:?}"),
    }
}

fn judged(contract: &Contract, answer: Vec<u8>, profile: Profile) -> Judgement {
    let sent = Sent {
        method: contract.request.method.clone(),
        url: contract.request.url.clone(),
        documented_url: contract.request.url.clone(),
        body: contract.request.body.clone(),
        ..Sent::default()
    };
    let received = Received { status: 200, body: answer, ..Received::default() };
    judge(&compile(contract, profile), &sent, received, &Budget::default())
}

fn fails(contract: &Contract, answer: &Value, profile: Profile) -> bool {
    !judged(contract, answer.to_string().into(), profile).passes()
}

/// The JSON Pointers of all places for which `wanted` holds.
fn places(value: &Value, wanted: &impl Fn(&Value) -> bool) -> Vec<String> {
    fn walk(value: &Value, at: &str, wanted: &impl Fn(&Value) -> bool, found: &mut Vec<String>) {
        if wanted(value) {
            found.push(at.to_owned());
        }
        match value {
            Value::Array(elements) => {
                let places = elements.iter().enumerate();
                places.for_each(|(index, element)| walk(element, &format!("{at}/{index}"), wanted, found));
            }
            Value::Object(members) => {
                for (name, value) in members {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    walk(value, &format!("{at}/{name}"), wanted, found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(value, "", wanted, &mut found);
    found
}

/// Another body that differs from this one in a place, or not at all.
fn neighbour(value: &Value, at: Index, other: Value) -> Value {
    let mut changed = value.clone();
    let all = places(value, &|_| true);
    *changed.pointer_mut(at.get(&all).as_str()).unwrap() = other;
    changed
}

/// Writes a body anew: members in another order, blanks, escapes and figures spelled otherwise.
fn rewritten(value: &Value, random: &mut impl FnMut(usize) -> usize, out: &mut String) {
    const BLANKS: [&str; 4] = ["", " ", "\n\t", "\r\n  "];
    out.push_str(BLANKS[random(4)]);
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            for at in 1..members.len() {
                members.swap(at, random(at + 1));
            }
            out.push('{');
            for (at, (name, value)) in members.into_iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                respelled(name, random, out);
                out.push(':');
                rewritten(value, random, out);
            }
            out.push('}');
        }
        Value::Array(elements) => {
            out.push('[');
            for (at, element) in elements.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                rewritten(element, random, out);
            }
            out.push(']');
        }
        Value::String(text) => respelled(text, random, out),
        Value::Number(number) => match (random(4), number.to_string()) {
            (0, text) if !number.is_f64() => out.extend([&text, ".00"]),
            (1, text) if !number.is_f64() => out.extend([&text, "0e-1"]),
            (2, text) if !text.contains('e') => out.extend([&text, "E+0"]),
            (_, text) => *out += &text,
        },
        other => *out += &other.to_string(),
    }
    out.push_str(BLANKS[random(4)]);
}

fn respelled(text: &str, random: &mut impl FnMut(usize) -> usize, out: &mut String) {
    let mut quoted = String::new();
    out.push('"');
    for c in text.chars() {
        if random(3) == 0 {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| write!(out, "\\u{unit:04X}").unwrap());
        } else {
            quoted.clear();
            quote(c.encode_utf8(&mut [0; 4]), &mut quoted);
            *out += &quoted[1..quoted.len() - 1];
        }
    }
    out.push('"');
}

proptest! {
    /// The oracle's strict mode, but for the spelling of numbers, which it minds.
    #[test]
    fn golden_is_silent_just_when_the_oracle_is(shown in body(), at: Index, other in body(), how in 0..3) {
        let answer = match how {
            0 => other,
            1 => neighbour(&shown, at, other),
            // The value next to the shown one, which of a whole number differs in its last digit.
            _ => {
                let next = varied(shown.pointer(at.get(&places(&shown, &|_| true)).as_str()).unwrap());
                neighbour(&shown, at, next)
            }
        };
        let oracle = assert_json_matches_no_panic(&answer, &shown, Config::new(CompareMode::Strict));
        let found = mismatches(&contract(&shown, None), &answer.to_string(), Profile::Golden);
        prop_assert_eq!(found.is_empty(), oracle.is_ok(), "{:?}\n{:?}", found, oracle);
    }

    #[test]
    fn a_lawful_rewriting_is_no_mismatch(shown in body(), choices in vec(any::<u8>(), 1..64)) {
        let mut next = choices.iter().cycle();
        let mut text = String::new();
        rewritten(&shown, &mut |below| usize::from(*next.next().unwrap()) % below, &mut text);
        for sent in [None, Some(&shown)] {
            for profile in PROFILES {
                let contract = contract(&shown, sent);
                let found = mismatches(&contract, &text, profile);
                prop_assert!(found.is_empty(), "{profile:?} {text}\n{found:#?}");
                // Nor does it change what is counted: the page's own words are not looked at place by place.
                let as_shown = judged(&contract, shown.to_string().into(), profile);
                prop_assert_eq!(judged(&contract, text.clone().into(), profile), as_shown, "{:?} {}", profile, &text);
            }
        }
    }

    #[test]
    fn other_values_of_the_same_form_are_no_mismatch(shown in uniform()) {
        for profile in [Profile::Service, Profile::Mock] {
            // A tag with another value is another type, of which the page shows nothing.
            let mut answer = varied(&shown);
            for tag in places(&shown, &Value::is_object) {
                let object = answer.pointer_mut(&tag).unwrap().as_object_mut().unwrap();
                for name in ["type", "kind"] {
                    if let Some(value) = shown.pointer(&tag).unwrap().get(name) {
                        object.insert(name.into(), value.clone());
                    }
                }
            }
            let found = mismatches(&contract(&shown, None), &answer.to_string(), profile);
            prop_assert!(found.is_empty(), "{profile:?} {answer}\n{found:#?}");
        }
    }

    #[test]
    fn a_member_that_is_taken_away_is_missed(shown in members(uniform(), 1), at: Index, member: Index) {
        let objects = places(&shown, &|value| value.as_object().is_some_and(|members| !members.is_empty()));
        let mut answer = shown.clone();
        let object = answer.pointer_mut(at.get(&objects).as_str()).unwrap().as_object_mut().unwrap();
        let names: Vec<String> = object.keys().cloned().collect();
        object.remove(member.get(&names).as_str());
        for profile in PROFILES {
            prop_assert!(fails(&contract(&shown, None), &answer, profile), "{profile:?} {answer}");
        }
    }

    #[test]
    fn a_type_that_is_changed_is_noticed(shown in uniform(), at: Index, other in body()) {
        let all = places(&shown, &|_| true);
        let was = shown.pointer(at.get(&all).as_str()).unwrap();
        let same = std::mem::discriminant(was) == std::mem::discriminant(&other);
        let answer = neighbour(&shown, at, if same { Value::Null } else { other });
        for profile in PROFILES {
            prop_assert!(fails(&contract(&shown, None), &answer, profile), "{profile:?} {answer}");
        }
    }

    #[test]
    fn an_echo_that_is_changed_is_noticed(shown in members(uniform(), 2), at: Index) {
        let echoes = places(&shown, &|value| !value.is_array() && !value.is_object());
        prop_assume!(!echoes.is_empty());
        let mut answer = shown.clone();
        let echo = answer.pointer_mut(at.get(&echoes).as_str()).unwrap();
        *echo = varied(echo);
        for profile in PROFILES {
            prop_assert!(fails(&contract(&shown, Some(&shown)), &answer, profile), "{profile:?} {answer}");
        }
    }

    #[test]
    fn whatever_comes_is_judged_and_counted(shown in body(), sent in body(), answer in body()) {
        let contract = contract(&shown, Some(&sent));
        for profile in PROFILES {
            let all = |judgement| match judgement {
                Judgement::Judged { mismatches, more, checked, unchecked, .. } => {
                    (mismatches.len() <= MAX_MISMATCHES && (more == 0 || mismatches.len() == MAX_MISMATCHES), checked + unchecked)
                }
                Judgement::Unjudgeable(..) => (false, 0),
            };
            let (bounded, places) = all(judged(&contract, answer.to_string().into(), profile));
            prop_assert!(bounded);
            // However little of it comes, every documented place is either checked or not.
            prop_assert_eq!(places, all(judged(&contract, b"null".to_vec(), profile)).1);
            prop_assert_eq!(places, all(judged(&contract, b"no JSON".to_vec(), profile)).1);
        }
    }

    /// Also where it shows no values, or members twice.
    #[test]
    fn what_the_page_shows_is_judged_alike_however_it_is_laid_out(shown in peculiar()) {
        let mut contract = contract(&Value::Null, None);
        contract.response.body = Body::Json(Json::parse(shown.clone()).unwrap());
        let elided = contract.response.body.json().unwrap().root().pointer("/0").map(|_| "/0".to_owned());
        for elided in [None, elided] {
            contract.response.elided = elided.into_iter().collect();
            for profile in PROFILES {
                let as_shown = judged(&contract, shown.clone().into(), profile);
                // Where there are rules by hand, every place is looked at.
                let rule = RuleByHand {
                    contract: None,
                    at: "$.nowhere".into(),
                    effect: Effect::Extra,
                    written: Written::Nowhere,
                };
                let rules = Rules::new([rule]).unwrap();
                let promise = compile_with_rules(&contract, profile, &rules);
                let received = Received { status: 200, body: shown.clone().into(), ..Received::default() };
                let walked = judge(&promise, &Sent::default(), received, &Budget::default());
                prop_assert_eq!(as_shown, walked, "{:?} {}", profile, &shown);
            }
        }
    }

    #[test]
    fn octets_of_any_kind_are_judged(shown in body(), answer in vec(any::<u8>(), 0..40)) {
        for profile in PROFILES {
            judged(&contract(&shown, None), answer.clone(), profile);
        }
    }
}

#[test]
fn the_deepest_body_that_is_read_is_judged() {
    let deep = |value: Value| {
        (0..60).fold(value, |inner, _| {
            Value::Array(vec![Value::Object(Map::from_iter([("a".to_owned(), inner)]))])
        })
    };
    let contract = contract(&deep(Value::from(1)), None);
    assert!(!fails(&contract, &deep(Value::from(2)), Profile::Service));
    assert!(fails(&contract, &deep(Value::from("2")), Profile::Service));
}

/// Arrays in objects in arrays, so many of both.
fn nested(levels: usize, inside: &str) -> Json {
    let text = format!("{}{inside}{}", "[{\"a\": ".repeat(levels), "}]".repeat(levels));
    Json::parse_within(text, &Budget::UNLIMITED).unwrap()
}

fn documenting(shown: Json, sent: Option<Json>) -> Contract {
    let mut contract = contract(&Value::Null, None);
    contract.request.body = sent.map_or(Body::None, Body::Json);
    contract.response.body = Body::Json(shown);
    contract
}

/// What is said of an answer, however much of it is to be read.
fn without_limits(contract: &Contract, answer: &Json, profile: Profile, rules: &Rules) -> Judgement {
    let sent = Sent { body: contract.request.body.clone(), ..Sent::default() };
    let received = Received { status: 200, body: answer.text().into(), ..Received::default() };
    judge(&compile_with_rules(contract, profile, rules), &sent, received, &Budget::UNLIMITED)
}

fn is_too_deep(judgement: &Judgement) -> bool {
    matches!(judgement, Judgement::Unjudgeable(Trouble::BodyTooDeep, text) if text.contains("199"))
}

#[test]
fn what_is_documented_deeper_than_the_judge_goes_is_refused_and_nothing_overflows() {
    let none = Rules::default();
    for profile in PROFILES {
        for levels in [100, 5_000, 100_000] {
            let deep = nested(levels, "1");
            let contract = documenting(deep.clone(), Some(deep.clone()));
            let judgement = without_limits(&contract, &deep, profile, &none);
            assert!(is_too_deep(&judgement), "{levels} {judgement:?}");
            assert!(!judgement.passes());
            explain(&contract, profile, &none, None);
        }
        // One level less is judged, echoes and all.
        let deep = |inside| nested(99, inside);
        let contract = documenting(deep("[1]"), Some(deep("[1]")));
        assert!(without_limits(&contract, &deep("[1]"), profile, &none).passes());
        assert!(!without_limits(&contract, &deep("[2]"), profile, &none).passes());
        assert!(!without_limits(&contract, &deep("[\"1\"]"), profile, &none).passes());
    }
}

#[test]
fn an_answer_of_any_depth_is_judged_or_refused_and_nothing_overflows() {
    let deep = nested(100_000, "1");
    let twice = format!("{{\"a\": 1, \"b\": {0}, \"b\": {0}}}", deep.text());
    let twice = Json::parse_within(twice, &Budget::UNLIMITED).unwrap();
    let shown = || Json::parse(r#"{"a": 1, "b": null}"#).unwrap();
    let rule =
        RuleByHand { contract: None, at: "$..x".into(), effect: Effect::Null, written: Written::Nowhere };
    let by_hand = Rules::new([rule]).unwrap();
    for profile in PROFILES {
        let contract = documenting(shown(), Some(shown()));
        assert!(!without_limits(&contract, &deep, profile, &Rules::default()).passes());
        let judgement = without_limits(&contract, &twice, profile, &Rules::default());
        assert_eq!(judgement.passes(), profile != Profile::Golden, "{judgement:?}");
        // Rules by hand ask for places by paths, and they would not be asked for deeper ones.
        assert!(is_too_deep(&without_limits(&contract, &deep, profile, &by_hand)));
        let other = r#"{"a": 1, "b": [[1]], "b": [[2]]}"#;
        let other = Json::parse(other).unwrap();
        assert!(!without_limits(&contract, &other, profile, &Rules::default()).passes());
    }
}
