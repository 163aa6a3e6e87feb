//! What a page shows is what it promises: every documented answer, served as it is documented, passes in every profile.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it skips"
)]

use base64::Engine;
use faithful::Suite;
use faithful::contract::{Contract, ContractId, DocumentedRequest, DocumentedResponse, Provenance, Status};
use faithful::docs::Annotations;
use faithful::docs::pages::extract;
use faithful::json::{Budget, Json, quote};
use faithful::judge::{Judgement, compile, judge};
use faithful::message::{Body, Framing, Identity, Received, Sent};
use faithful::verdict::{Mismatch, Profile, Severity};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::path::{Path, PathBuf};

/// The request as documented, its placeholders left as they are.
fn sent(contract: &Contract) -> Sent {
    Sent {
        method: contract.request.method.clone(),
        url: contract.request.url.clone(),
        documented_url: contract.request.url.clone(),
        headers: contract.request.headers.clone(),
        body: contract.request.body.clone(),
        identity: Identity::Own,
    }
}

fn answer(contract: &Contract) -> Received {
    let response = &contract.response;
    let body = match &response.body {
        // Whatever a page shows, HTTP has no content there (RFC 9110, 6.4.1).
        _ if contract.request.method == "HEAD" => Vec::new(),
        _ if matches!(response.status, Status::Code(100..=199 | 204 | 304)) => Vec::new(),
        Body::None => Vec::new(),
        Body::Json(json) => json.text().as_bytes().to_vec(),
        Body::Text(text) => text.as_bytes().to_vec(),
        Body::Base64(octets) => base64::engine::general_purpose::STANDARD.decode(octets).unwrap(),
    };
    let headers = response.headers.clone();
    Received { status: response.status.example(), headers, body, framing: Framing::Delimited }
}

/// What a profile says of the documented answer.
fn judged(contract: &Contract, profile: Profile) -> Vec<Mismatch> {
    let promise = compile(contract, profile);
    match judge(&promise, &sent(contract), answer(contract), &Budget::default()) {
        Judgement::Judged { mismatches, .. } => mismatches,
        Judgement::Unjudgeable(_, text) => panic!("{}: {text}", contract.id),
    }
}

/// Of how many answers a profile says that they break their own promise; all that it says of them is printed.
fn broken<'a>(contracts: impl Iterator<Item = &'a Contract>) -> (usize, Vec<String>) {
    let (mut count, mut broken) = (0, Vec::new());
    for contract in contracts {
        count += 1;
        for profile in Profile::ALL {
            for Mismatch { severity, rule, at, actual, .. } in judged(contract, profile) {
                let said = format!("{}: {}: {} {at}: {actual:?}", profile.name(), contract.id, rule.name());
                if severity == Severity::Fail { broken.push(said) } else { println!("{said}") }
            }
        }
    }
    (count, broken)
}

#[test]
fn shipped_answers_keep_their_promise() {
    let suite = Suite::load(["contracts"]).unwrap();
    let (count, broken) = broken(suite.contracts());
    assert!(count > 0 && broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn answers_of_real_pages_keep_their_promise() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let pages = std::env::var_os("FAITHFUL_SHARED").map_or(beside, PathBuf::from).join("corpus/pages");
    if !pages.is_dir() {
        return println!("skipped: no folder {}; FAITHFUL_SHARED says where it is", pages.display());
    }
    let extraction = extract(&[pages], Annotations::Optional).unwrap();
    let (count, broken) = broken(extraction.pairs.iter().map(|pair| &pair.contract));
    println!("{count} answers");
    assert!(count > 0 && broken.is_empty(), "{}", broken.join("\n"));
}

/// Texts of every kind that a page shows, values or not; some stand in the URL too.
const TEXTS: [&str; 20] = [
    "x",
    "",
    "thing-17",
    "{id}",
    "{thing-id}",
    "<id>",
    "String",
    "Boolean",
    "Int32",
    "Double",
    "Single",
    "Guid",
    "dateTime",
    "Collection(String)",
    "free | busy",
    "2014-01-01Txx:xx:xxZ",
    "Lorem ipsum...",
    "2021-07-01T12:30:00Z",
    "5c571b0f-1b0f-5c57-0f1b-575c0f1b575c",
    "#docs.thing",
];

const URL: &str = "https://docs.example/v1.0/things/thing-17/{thing-id}('{id}')/5c571b0f-1b0f-5c57-0f1b-575c0f1b575c?$filter=String";

/// Any body as its text: a page may show a member twice.
fn body() -> impl Strategy<Value = String> {
    let text = select(TEXTS.to_vec()).prop_map(|text| {
        let mut quoted = String::new();
        quote(text, &mut quoted);
        quoted
    });
    let other = select(vec!["null", "true", "7", "7.5", "9007199254740993", "-0", "[]", "{}"])
        .prop_map(str::to_owned);
    prop_oneof![3 => text, 1 => other].prop_recursive(5, 40, 5, |inner| {
        let name = select(vec!["a", "b", "id", "type", "kind", "@odata.type", "@odata.id", "columnName"]);
        let members = vec((name, inner.clone()), 0..6);
        let object = members.prop_map(|members| {
            let members = members.into_iter().map(|(name, value)| format!("\"{name}\": {value}"));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        });
        prop_oneof![object, vec(inner, 0..5).prop_map(|elements| format!("[{}]", elements.join(", ")))]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_page_shows_keeps_its_promise(shown in body(), other in body(), same: bool) {
        let json = |text: &str| Body::Json(Json::parse(text).unwrap());
        let contract = Contract {
            id: ContractId::new("case"),
            name: "case".into(),
            source: Provenance::default(),
            request: DocumentedRequest {
                method: "POST".into(),
                url: URL.into(),
                body: json(if same { &shown } else { &other }),
                ..DocumentedRequest::default()
            },
            response: DocumentedResponse {
                body: json(&shown),
                ..DocumentedResponse::of_status(Status::Code(200))
            },
        };
        for profile in Profile::ALL {
            let failures: Vec<Mismatch> =
                judged(&contract, profile).into_iter().filter(|said| said.severity == Severity::Fail).collect();
            prop_assert!(failures.is_empty(), "{profile:?} {shown}\n{failures:#?}");
        }
    }
}
