//! The judge beside assert-json-diff and beside `==` of `serde_json::Value`, on equal bodies and on ones that differ a
//! little. Reading is counted apart: what a judgement took less what reading the same body took, both at their best of
//! several turns, each rival in the same turn: small bodies many times in a row, and after a run that is not measured, as
//! what one rival leaves in the caches is not to help or hinder the next.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    reason = "what is read here is what is written here, and a benchmark prints"
)]

use assert_json_diff::{CompareMode, Config, assert_json_matches_no_panic};
use faithful::Contract;
use faithful::contract::{ContractId, DocumentedRequest, DocumentedResponse, Provenance, Status};
use faithful::json::{Budget, Json};
use faithful::judge::{Judgement, Promise, compile, judge};
use faithful::message::{Body, Received, Sent};
use faithful::verdict::Profile;
use serde_json::Value;
use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() {
    println!(
        "{:38} {:>10} {:>10} {:>10} {:>10} {:>8} {:>8}",
        "", "read", "judge", "==", "a-j-d", "/ ==", "/ a-j-d"
    );
    for (name, bytes) in [("2 KB", 2_000), ("200 KB", 200_000), ("20 MB", 20_000_000)] {
        let shown = users(bytes, 0);
        let kinds = [
            ("equal", shown.clone()),
            // Members by their names, without blanks: what another service makes of the same values.
            ("reordered", serde_json::from_str::<Value>(&shown).unwrap().to_string()),
            // Other ids, numbers and truths; only a literal reading minds.
            ("others", users(bytes, 1)),
            ("others, reordered", serde_json::from_str::<Value>(&users(bytes, 1)).unwrap().to_string()),
            ("different", different(&shown)),
        ];
        for (kind, came) in kinds {
            for profile in [Profile::Service, Profile::Golden] {
                if profile == Profile::Golden && kind.starts_with("others") {
                    continue;
                }
                measure(&format!("{name}, {kind}, {}", profile.name()), &shown, &came, profile);
            }
        }
    }
    for count in [10_000, 100_000] {
        let numbers = format!("[{}]", vec!["1"; count].join(","));
        measure(&format!("an array of {count}, equal, service"), &numbers, &numbers, Profile::Service);
        let others = numbers.replace('1', "2");
        measure(&format!("an array of {count}, others, service"), &numbers, &others, Profile::Service);
    }
    for depth in [30, 120] {
        let deep = format!("{}1{}", r#"{"a":["#.repeat(depth / 2), "]}".repeat(depth / 2));
        measure(&format!("{depth} deep, service"), &deep, &deep, Profile::Service);
    }
}

/// A collection of users such as a directory service answers with, at least this long; of another `seed` others.
fn users(bytes: usize, seed: u64) -> String {
    let mut text = String::from("{\"context\": \"https://example.com/v1.0/users\", \"value\": [");
    let mut number: u64 = 0;
    while text.len() < bytes {
        // The figures differ from user to user, as far as a multiplication by a large prime scatters them.
        let figure = (number + seed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(
            text,
            r#"{comma}
    {{
      "id": "{low:08x}-1b0f-4740-9c83-4b3db07a6d70",
      "displayName": "Zoë Example {number}",
      "accountEnabled": {enabled},
      "businessPhones": ["+1 425 555 {phone:04}"],
      "jobTitle": null,
      "createdDateTime": "2021-07-{day:02}T12:39:16.0837591Z",
      "size": {size},
      "aboutMe": "Likes \"plain\" text,\nand a second line of it that is as long as what people write.",
      "mailboxSettings": {{ "automaticReplies": false, "language": {{ "locale": "en-US", "tags": [] }} }}
    }}"#,
            low = figure as u32,
            enabled = figure.is_multiple_of(2),
            phone = figure % 10_000,
            day = figure % 28 + 1,
            size = figure >> 1,
        );
        number += 1;
    }
    text.push_str("\n  ]\n}\n");
    text
}

/// The same with another type in one place near its end.
fn different(shown: &str) -> String {
    let at = shown.rfind("\"automaticReplies\": false").unwrap();
    let (before, after) = shown.split_at(at);
    format!("{before}{}", after.replacen("false", "\"no\"", 1))
}

fn contract(shown: &str) -> Contract {
    Contract {
        id: ContractId::new("it"),
        name: "it".into(),
        source: Provenance::default(),
        request: DocumentedRequest {
            method: "GET".into(),
            url: "/users".into(),
            ..DocumentedRequest::default()
        },
        response: DocumentedResponse {
            body: Body::Json(Json::parse_within(shown, &Budget::UNLIMITED).unwrap()),
            ..DocumentedResponse::of_status(Status::Code(200))
        },
    }
}

fn measure(name: &str, shown: &str, came: &str, profile: Profile) {
    let contract = contract(shown);
    let promise = compile(&contract, profile);
    let sent = Sent { method: "GET".into(), documented_url: "/users".into(), ..Sent::default() };
    let same = mismatches(&promise, &sent, came) == 0;
    // `==` ends at the first difference: beside an answer that is lawfully another it compares that with itself.
    let beside = if same { came } else { shown };
    let values: [Value; 2] = [serde_json::from_str(beside).unwrap(), serde_json::from_str(came).unwrap()];
    assert!(same || mismatches(&promise, &sent, came) == 1);
    let runs = u32::try_from(200_000 / shown.len()).unwrap().max(1);
    let turns = (20_000_000 / shown.len() / runs as usize).clamp(5, 100);
    let mut best = [Duration::MAX; 4];
    for _ in 0..turns {
        let took = [
            time(runs, || {
                black_box(Json::parse_bytes(came.as_bytes().to_vec(), &Budget::UNLIMITED).unwrap());
            }),
            time(runs, || {
                black_box(mismatches(&promise, &sent, came));
            }),
            time(runs, || {
                black_box(black_box(&values[0]) == black_box(&values[1]));
            }),
            time(runs, || {
                let strict = Config::new(CompareMode::Strict);
                black_box(assert_json_matches_no_panic(&values[1], &values[0], strict).is_ok());
            }),
        ];
        best.iter_mut().zip(took).for_each(|(best, took)| *best = took.min(*best));
    }
    let [read, whole, equals, rival] = best;
    let own = whole.saturating_sub(read);
    let ratio = |other: Duration| own.as_secs_f64() / other.as_secs_f64();
    let beside = if same { format!("{:.2}", ratio(equals)) } else { String::new() };
    println!(
        "{name:38} {:>10} {:>10} {:>10} {:>10} {beside:>8} {:>8.2}",
        shortly(read),
        shortly(own),
        shortly(equals),
        shortly(rival),
        ratio(rival)
    );
}

fn mismatches(promise: &Promise<'_>, sent: &Sent, came: &str) -> usize {
    let received = Received { status: 200, body: came.into(), ..Received::default() };
    match judge(promise, sent, received, &Budget::UNLIMITED) {
        Judgement::Judged { mismatches, .. } => mismatches.len(),
        Judgement::Unjudgeable(..) => usize::MAX,
    }
}

fn time(runs: u32, run: impl Fn()) -> Duration {
    run();
    let start = Instant::now();
    (0..runs).for_each(|_| run());
    start.elapsed() / runs
}

fn shortly(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}
