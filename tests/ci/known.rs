//! Failures that people know of: they fail no run up to their day, hide nothing else, and are told of when they are over.

use crate::hostile::{Hostile, json};
use crate::run::{Run, Workspace, get};
use rstest::rstest;
use serde_json::json;

/// A contract that documents two numbers, a service that answers with this, and an entry.
fn run(body: &str, entry: &str, flags: &[&str]) -> Run {
    let mut contract = get("/x");
    contract["response"]["json"] = json!({ "a": 1, "b": 2 });
    let workspace = Workspace::with(&[("users/it", contract)]);
    workspace.file("faithful.toml", format!("[[known]]\n{entry}"));
    workspace.verify(&Hostile::saying(json("200 OK", body)), flags)
}

fn entry(contract: &str, at: &str, expires: &str) -> String {
    format!(
        "contract = \"{contract}\"\nrule = \"type\"\nat = \"{at}\"\nowner = \"ann\"\nreason = \"the new search\"\n\
         expires = {expires}\n"
    )
}

const BROKEN: &str = "{\"a\": \"1\", \"b\": 2}";

#[test]
fn a_known_failure_fails_no_run_and_is_shown_and_counted() {
    let run = run(BROKEN, &entry("users/*", "$.a", "9999-12-31"), &[]);
    assert_eq!(run.exits(0).outcome("users/it"), "skipped known");
    let said = "ann knows of it until 9999-12-31: the new search (faithful.toml:1)";
    assert!(run.stdout.contains(said) && run.stdout.contains("type: $.a is \"1\""), "{}", run.stdout);
    assert!(run.stdout.contains("1 skipped (known 1)"), "{}", run.stdout);
    let report = run.report.as_ref().unwrap();
    assert_eq!(report["summary"]["known"], 1);
    assert_eq!(report["summary"]["warnings"], 0);
    let known = &run.verdict("users/it")["mismatches"][0]["known"];
    assert_eq!((&known["owner"], &known["expires"]), (&json!("ann"), &json!("9999-12-31")));
    assert_eq!(run.verdict("users/it")["checked"], 3);
}

#[rstest]
#[case::another_place("{\"a\": \"1\", \"b\": \"2\"}", "users/*", "failed type type")]
#[case::another_rule("{\"a\": \"1\"}", "users/*", "failed type member-missing")]
#[case::another_contract(BROKEN, "teams/*", "failed type")]
fn it_hides_nothing_else(#[case] body: &str, #[case] contract: &str, #[case] outcome: &str) {
    let run = run(body, &entry(contract, "$.a", "9999-12-31"), &[]);
    assert_eq!(run.exits(1).outcome("users/it"), outcome);
}

#[rstest]
#[case::expired(BROKEN, "users/*", "2000-01-01", 1, "expired on 2000-01-01")]
#[case::mended(
    "{\"a\": 1, \"b\": 2}",
    "users/*",
    "9999-12-31",
    0,
    "no contract fails so any more: take the entry out"
)]
#[case::for_nothing("{\"a\": 1, \"b\": 2}", "teams/*", "9999-12-31", 0, "it is for no contract")]
fn an_entry_that_is_over_is_told_of(
    #[case] body: &str,
    #[case] contract: &str,
    #[case] expires: &str,
    #[case] code: i32,
    #[case] said: &str,
) {
    let entry = entry(contract, "$.a", expires);
    let usual = run(body, &entry, &[]);
    usual.exits(code);
    assert!(
        usual.stderr.contains("warning: faithful.toml:1: type known to ann at $.a, of "),
        "{}",
        usual.stderr
    );
    assert!(usual.stderr.contains(said), "{}", usual.stderr);
    assert_eq!(usual.report.as_ref().unwrap()["summary"]["warnings"], 1);
    assert!(usual.report.as_ref().unwrap()["known_notes"][0]["state"].is_string());
    let denied = run(body, &entry, &["--deny", "warnings"]);
    denied.exits(1);
}

#[test]
fn a_known_failure_was_not_skipped() {
    run(BROKEN, &entry("users/*", "$.a", "9999-12-31"), &["--deny", "skipped"]).exits(0);
}

#[test]
fn what_was_not_run_tells_nothing_of_an_entry() {
    let mut contract = get("/x");
    contract["response"]["json"] = json!({ "a": 1 });
    let workspace = Workspace::with(&[("users/it", contract), ("other", get("/y"))]);
    workspace.file("faithful.toml", format!("[[known]]\n{}", entry("users/*", "$.a", "9999-12-31")));
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let run = workspace.verify(&server, &["--only", "other"]);
    assert_eq!(run.exits(0).report.as_ref().unwrap()["summary"]["warnings"], 0);
}
