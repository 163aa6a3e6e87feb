//! What is sent again, and how often: never what may have acted.

use crate::hostile::{Hostile, Step, answer, json};
use crate::run::{Workspace, get, sending};
use rstest::rstest;
use serde_json::Value;
use std::sync::Mutex;
use std::time::Duration;

/// Answers so often with this, then with what is documented.
fn at_first(times: usize, status: &'static str, fields: &'static [(&'static str, &'static str)]) -> Hostile {
    let left = Mutex::new(times);
    Hostile::answering(move |_| {
        let mut left = left.lock().unwrap();
        let first = *left > 0;
        *left = left.saturating_sub(1);
        vec![Step::Write(if first { answer(status, fields, b"") } else { json("200 OK", "{\"a\": 1}") })]
    })
}

const ALWAYS: usize = usize::MAX;

#[test]
fn who_is_throttled_waits_as_asked() {
    let server = at_first(1, "429 Too Many Requests", &[("Retry-After", "1")]);
    let run = Workspace::of(&get("/x")).verify(&server, &[]);
    run.ends(0, "passed");
    assert_eq!(run.verdict("it")["attempts"], 2);
    assert!(run.elapsed >= Duration::from_secs(1), "{:?}", run.elapsed);
    assert!(run.verdict("it")["flaky"].is_null(), "a limit is no flaw");
}

#[rstest]
#[case::again_and_again(&[("Retry-After", "0")], 3)]
#[case::a_time_that_is_past(&[("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT")], 3)]
#[case::longer_than_is_waited(&[("Retry-After", "61")], 1)]
#[case::a_year_far_away(&[("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")], 1)]
fn who_is_throttled_to_the_end_is_not_judged(
    #[case] fields: &'static [(&'static str, &'static str)],
    #[case] deliveries: usize,
) {
    let server = at_first(ALWAYS, "429 Too Many Requests", fields);
    let run = Workspace::of(&get("/x")).verify(&server, &[]);
    run.ends(3, "errored http.throttled").within(Duration::from_secs(2));
    assert_eq!(server.deliveries().len(), deliveries);
    assert!(run.message("it").contains("--rate-limit"), "{}", run.message("it"));
}

/// Who is to answer exactly what the docs show has not done so.
#[rstest]
#[case::throttled("GET", "429 Too Many Requests", 3)]
#[case::unavailable("GET", "503 Service Unavailable", 3)]
#[case::sent_once("POST", "429 Too Many Requests", 1)]
fn in_a_literal_reading_a_refusal_is_a_mismatch_once_it_is_the_last(
    #[case] method: &str,
    #[case] status: &'static str,
    #[case] deliveries: usize,
) {
    let server = at_first(ALWAYS, status, &[("Retry-After", "0")]);
    let run = Workspace::of(&sending(method, "/x")).verify(&server, &["--profile", "golden"]);
    run.ends(1, "failed status");
    assert_eq!(server.deliveries().len(), deliveries);
}

#[test]
fn retries_can_be_forbidden() {
    let server = at_first(1, "429 Too Many Requests", &[("Retry-After", "0")]);
    Workspace::of(&get("/x")).verify(&server, &["--retry", "0"]).ends(3, "errored http.throttled");
    assert_eq!(server.deliveries().len(), 1);
}

#[rstest]
#[case("429 Too Many Requests", "http.throttled")]
#[case("502 Bad Gateway", "http.unavailable")]
#[case("503 Service Unavailable", "http.unavailable")]
#[case("504 Gateway Timeout", "http.unavailable")]
fn what_may_have_acted_is_delivered_once(
    #[case] status: &'static str,
    #[case] trouble: &str,
    #[values("POST", "PUT", "PATCH", "DELETE")] method: &str,
) {
    let server = at_first(1, status, &[("Retry-After", "0")]);
    let run = Workspace::of(&sending(method, "/x")).verify(&server, &["--retry", "9"]);
    run.ends(3, &format!("errored {trouble}"));
    assert_eq!(server.deliveries().len(), 1);
}

/// That a page shows some error means not what a proxy says in the service's place.
#[rstest]
#[case("503 Service Unavailable", 3, "errored http.unavailable")]
#[case("500 Internal Server Error", 0, "passed")]
fn an_error_of_no_stated_code_is_the_services_own(
    #[case] status: &'static str,
    #[case] code: i32,
    #[case] outcome: &str,
) {
    let mut contract = sending("POST", "/x");
    contract["response"]["status"] = "error".into();
    let server = Hostile::saying(json(status, "{\"a\": 1}"));
    Workspace::of(&contract).verify(&server, &[]).ends(code, outcome);
}

#[rstest]
#[case(429, "429 Too Many Requests")]
#[case(503, "503 Service Unavailable")]
fn a_status_that_is_documented_is_an_answer(
    #[case] documented: u16,
    #[case] status: &'static str,
    #[values("GET", "POST")] method: &str,
) {
    let server = at_first(ALWAYS, status, &[("Retry-After", "30")]);
    let mut contract = if method == "GET" { get("/x") } else { sending(method, "/x") };
    contract["response"] = serde_json::json!({ "status": documented });
    Workspace::of(&contract).verify(&server, &[]).ends(0, "passed");
    assert_eq!(server.deliveries().len(), 1);
}

#[test]
fn a_service_that_is_there_again_passes_and_is_called_flaky() {
    let server = at_first(2, "503 Service Unavailable", &[]);
    let run = Workspace::of(&get("/x")).verify(&server, &[]);
    run.ends(0, "passed");
    assert_eq!((&run.verdict("it")["attempts"], &run.verdict("it")["flaky"]), (&3.into(), &true.into()));
    assert_eq!(run.report.as_ref().unwrap()["summary"]["flaky"], 1);
    assert!(run.stdout.contains("1 flaky"), "{}", run.stdout);
    assert!(run.elapsed >= Duration::from_millis(1500), "half a second, then one: {:?}", run.elapsed);
}

#[test]
fn a_mismatch_is_final() {
    let left = Mutex::new(1);
    let server = Hostile::answering(move |_| {
        let mut left = left.lock().unwrap();
        *left -= 1;
        vec![Step::Write(json("200 OK", if *left == 0 { "{\"a\": \"1\"}" } else { "{\"a\": 1}" }))]
    });
    let run = Workspace::of(&get("/x")).verify(&server, &["--retry", "9"]);
    run.ends(1, "failed type");
    assert_eq!(server.deliveries().len(), 1);
}

#[rstest]
#[case("502 Bad Gateway")]
#[case("503 Service Unavailable")]
#[case("504 Gateway Timeout")]
fn a_service_that_is_not_there_to_the_end_is_not_judged(#[case] status: &'static str) {
    let server = at_first(ALWAYS, status, &[("Retry-After", "0")]);
    let run = Workspace::of(&get("/x")).verify(&server, &[]);
    run.ends(3, "errored http.unavailable");
    assert_eq!(server.deliveries().len(), 3);
    assert!(run.message("it").contains(status.split(' ').next().unwrap()), "{}", run.message("it"));
}

#[test]
fn a_service_in_trouble_is_not_asked_again_for_every_contract() {
    let server = at_first(ALWAYS, "503 Service Unavailable", &[("Retry-After", "0")]);
    let contracts: Vec<(String, Value)> =
        (0..100).map(|index| (format!("{index:03}"), get(&format!("/{index}")))).collect();
    let contracts: Vec<(&str, Value)> = contracts.iter().map(|(id, it)| (id.as_str(), it.clone())).collect();
    let run = Workspace::with(&contracts).verify(&server, &[]);
    run.exits(3);
    // A tenth of them, and ten.
    assert_eq!(server.deliveries().len(), 120);
    assert_eq!(run.report.as_ref().unwrap()["summary"]["errored"], 100);
}
