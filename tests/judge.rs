//! The judge, case by case: each file of `tests/judge/cases` is named as what it shows.
//!
//! A case holds a documented pair (members as in a contract file), what was sent where that is not what is documented
//! (`url`: the documented one, filled; `target`: the one that was sent), the answer, and what each profile says of
//! it: a list of mismatches, each by its severity with its rule, `at` where, and what else is telling; or
//! `errored` with why. Nothing else may be said. `"service mock": []` is silence in both.
//!
//! A rule means the same at every depth. So a case whose bodies are JSON is judged three times: as it stands, three
//! objects deep, and as an element of an array; `wrap` says `depth` or `none` where that is another case.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use faithful::contract::{Contract, ContractId, parse};
use faithful::json::{Budget, Json, Value, quote};
use faithful::judge::{Judgement, compile, judge};
use faithful::message::{Body, Framing, Received, Sent};
use faithful::verdict::{Mismatch, Profile};
use rstest::rstest;
use std::path::PathBuf;

const PROFILES: [Profile; 3] = [Profile::Service, Profile::Mock, Profile::Golden];

#[rstest]
fn holds(
    #[base_dir = "tests/judge/cases"]
    #[files("*.json")]
    file: PathBuf,
) {
    let case = Json::parse_within(std::fs::read_to_string(file).unwrap(), &Budget::UNLIMITED).unwrap();
    for wrap in Wrap::of(case.root()) {
        for profile in PROFILES {
            check(case.root(), wrap, profile);
        }
    }
}

#[test]
fn every_case_file_is_run() {
    let files = std::fs::read_dir("tests/judge/cases").unwrap().count();
    assert_eq!(env!("FAITHFUL_JUDGE_CASES"), files.to_string());
}

/// Where the bodies of a case stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrap {
    Nowhere,
    /// Three objects deep.
    Deep,
    /// Each of two elements.
    Element,
}

impl Wrap {
    fn of(case: Value<'_>) -> Vec<Wrap> {
        let json =
            case.pointer("/documented/response/json").is_some() && case.pointer("/answer/json").is_some();
        match text(case, "wrap").as_deref() {
            None if json => vec![Wrap::Nowhere, Wrap::Deep, Wrap::Element],
            Some("depth") => vec![Wrap::Nowhere, Wrap::Deep],
            None | Some("none") => vec![Wrap::Nowhere],
            Some(other) => panic!("wrap: {other}"),
        }
    }

    fn body(self, body: &str) -> String {
        match self {
            Wrap::Nowhere => body.to_owned(),
            Wrap::Deep => format!(r#"{{"a": {{"b": {{"c": {body}}}}}}}"#),
            Wrap::Element => format!(r#"{{"value": [{body}, {body}]}}"#),
        }
    }

    /// The JSON Pointers of the places that a pointer means.
    fn pointers(self, pointer: &str) -> Vec<String> {
        match self {
            Wrap::Nowhere => vec![pointer.to_owned()],
            Wrap::Deep => vec![format!("/a/b/c{pointer}")],
            Wrap::Element => vec![format!("/value/0{pointer}"), format!("/value/1{pointer}")],
        }
    }

    /// The places in which a profile tells a mismatch of a place.
    fn told(self, at: &str, profile: Profile) -> Vec<String> {
        let Some(rest) = at.strip_prefix('$') else { return vec![at.to_owned()] };
        match (self, profile) {
            (Wrap::Nowhere, _) => vec![at.to_owned()],
            (Wrap::Deep, _) => vec![format!("$.a.b.c{rest}")],
            (Wrap::Element, Profile::Golden) => {
                vec![format!("$.value[0]{rest}"), format!("$.value[1]{rest}")]
            }
            (Wrap::Element, _) => vec![format!("$.value[*]{rest}")],
        }
    }
}

fn check(case: Value<'_>, wrap: Wrap, profile: Profile) {
    let contract = contract(case.get("documented").unwrap(), wrap);
    let budget = budget(case.get("budget"));
    let judgement =
        judge(&compile(&contract, profile), &sent(case, &contract, wrap), answer(case, wrap), &budget);
    let expected = expected(case, profile);
    let context = format!("{profile:?} {wrap:?}\n{judgement:#?}");
    let (mismatches, more, checked, unchecked) = match judgement {
        Judgement::Judged { mismatches, more, checked, unchecked, .. } => {
            (mismatches, more, checked, unchecked)
        }
        Judgement::Unjudgeable(trouble, _) => {
            return assert_eq!(Some(trouble.id()), text(expected, "errored").as_deref(), "{context}");
        }
    };
    let mut left: Vec<&Mismatch> = mismatches.iter().collect();
    for expected in expected.elements() {
        for at in wrap.told(&text(expected, "at").unwrap(), profile) {
            let found = left.iter().position(|mismatch| is(mismatch, expected, &at, wrap));
            left.remove(found.unwrap_or_else(|| panic!("not found: {expected:?}\n{context}")));
        }
    }
    assert!(left.is_empty(), "not expected: {left:#?}\n{context}");
    let figure = |name: &str| case.get(name).map(|value| value.raw().parse::<usize>().unwrap());
    assert_eq!(more, figure("more").unwrap_or_default(), "{context}");
    if wrap == Wrap::Nowhere && profile == Profile::Service {
        let expected = (figure("checked").unwrap_or(checked), figure("unchecked").unwrap_or(unchecked));
        assert_eq!((checked, unchecked), expected, "{context}");
    }
}

/// What a profile should say: a list of mismatches, or why it cannot.
fn expected(case: Value<'_>, profile: Profile) -> Value<'_> {
    let name = |name: &str| name.split(' ').any(|name| name == profile.name());
    case.members().find(|member| name(&member.name())).unwrap().value
}

fn is(mismatch: &Mismatch, expected: Value<'_>, at: &str, wrap: Wrap) -> bool {
    let told = mismatch
        .elements
        .map(|elements| format!("{} of {}, first at [{}]", elements.count, elements.of, elements.first));
    let own = text(expected, "elements");
    // Within two equal elements a mismatch of an element of its own is told twice as often.
    let counted = match wrap {
        Wrap::Nowhere | Wrap::Deep => own == told || own.is_none() && at.contains("[*]"),
        Wrap::Element => {
            own.is_some()
                || told.is_none_or(|told| told == "2 of 2, first at [0]" || at.matches("[*]").count() > 1)
        }
    };
    let severity = text(expected, mismatch.severity.name());
    let same = |name, found: &Option<Json>| match expected.get(name) {
        None => true,
        Some(value) => found.as_ref().is_some_and(|found| *found == value.to_json()),
    };
    severity.as_deref() == Some(mismatch.rule.name())
        && mismatch.at == at
        && counted
        && same("expected", &mismatch.expected)
        && same("actual", &mismatch.actual)
}

fn text(object: Value<'_>, name: &str) -> Option<String> {
    object.get(name).and_then(Value::as_str).map(Into::into)
}

/// The documented pair, through the reader of contract files.
fn contract(documented: Value<'_>, wrap: Wrap) -> Contract {
    let mut source = vec![r#""file": "page.md""#.to_owned(), r#""sha256": """#.to_owned()];
    if let Some(given) = documented.get("source") {
        source.extend(given.members().map(|member| format!("{}: {}", member.key.raw(), member.value.raw())));
    }
    let half = |name| {
        let members = documented.get(name).unwrap().members().map(|member| {
            let value = match &*member.name() {
                "json" => wrap.body(member.value.raw()),
                "elided" => {
                    let pointers =
                        member.value.elements().flat_map(|at| wrap.pointers(&at.as_str().unwrap()));
                    let quoted = pointers.map(|pointer| {
                        let mut quoted = String::new();
                        quote(&pointer, &mut quoted);
                        quoted
                    });
                    format!("[{}]", quoted.collect::<Vec<_>>().join(","))
                }
                _ => member.value.raw().to_owned(),
            };
            format!("{}: {value}", member.key.raw())
        });
        members.collect::<Vec<_>>().join(", ")
    };
    let file = format!(
        r#"{{"faithful": 1, "name": "case", "source": {{{}}}, "request": {{{}}}, "response": {{{}}}}}"#,
        source.join(", "),
        half("request"),
        half("response")
    );
    parse(ContractId::new("case"), &file).unwrap_or_else(|error| panic!("{error:?}\n{file}"))
}

fn sent(case: Value<'_>, contract: &Contract, wrap: Wrap) -> Sent {
    let given = case.get("sent");
    let member = |name| given.and_then(|given| text(given, name));
    let body = given.and_then(|given| given.get("json"));
    let documented_url = member("url").unwrap_or_else(|| contract.request.url.clone());
    Sent {
        method: contract.request.method.clone(),
        url: member("target").unwrap_or_else(|| documented_url.clone()),
        documented_url,
        headers: contract.request.headers.clone(),
        body: body.map_or_else(
            || contract.request.body.clone(),
            |body| Body::Json(Json::parse(wrap.body(body.raw())).unwrap()),
        ),
    }
}

fn answer(case: Value<'_>, wrap: Wrap) -> Received {
    let answer = case.get("answer").unwrap();
    let headers = answer.get("headers").into_iter().flat_map(Value::members);
    let body = match (answer.get("json"), text(answer, "text"), text(answer, "base64")) {
        (Some(json), ..) => wrap.body(json.raw()).into_bytes(),
        (_, Some(text), _) => text.into_bytes(),
        (.., Some(octets)) => {
            let engine = base64::engine::general_purpose::STANDARD;
            base64::Engine::decode(&engine, octets).unwrap()
        }
        _ => Vec::new(),
    };
    Received {
        status: answer.get("status").unwrap().raw().parse().unwrap(),
        headers: headers.map(|field| (field.name(), field.value.as_str().unwrap())).collect(),
        body,
        framing: if answer.get("framing").is_some() { Framing::Close } else { Framing::Delimited },
    }
}

fn budget(given: Option<Value<'_>>) -> Budget {
    let usual = Budget::default();
    let limit = |name, usual| {
        let given = given.and_then(|given| given.get(name));
        given.map_or(usual, |limit| limit.raw().parse().unwrap())
    };
    Budget { nodes: limit("nodes", usual.nodes), string: limit("string", usual.string), ..usual }
}
