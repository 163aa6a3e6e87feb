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

/// Who meant it is told before anything is sent as well.
#[test]
fn an_entry_for_a_contract_that_is_not_there_names_the_one_that_is() {
    let said = "warning: faithful.toml:1: type known to ann at $.a, of users/itt: it is for no contract; did you mean users/it?";
    let entry = entry("users/itt", "$.a", "9999-12-31");
    let usual = run("{\"a\": 1, \"b\": 2}", &entry, &[]);
    assert!(usual.exits(0).stderr.contains(said), "{}", usual.stderr);
    let workspace = Workspace::with(&[("users/it", get("/x"))]);
    for (entry, said) in [
        (entry.as_str(), said),
        (&entry.replace("itt", "it"), ""),
        (&entry.replace("itt", "it").replace("9999", "2000"), "of users/it: expired on 2000-12-31"),
    ] {
        workspace.file("faithful.toml", format!("[[known]]\n{entry}"));
        let planned = |flags: &[&str]| {
            let mut command = workspace.command(["plan", "contracts", "--target", "http://127.0.0.1:1"]);
            command.args(flags);
            workspace.run(command)
        };
        let plan = planned(&[]);
        let told: Vec<&str> = plan.stderr.lines().filter(|line| line.starts_with("warning: ")).collect();
        assert_eq!(told.len(), usize::from(!said.is_empty()), "{}", plan.stderr);
        assert!(told.iter().all(|line| line.contains(said)), "{}", plan.stderr);
        planned(&["--deny", "warnings"]).exits(i32::from(!said.is_empty()));
    }
}

/// A contract that cannot be read is there all the same.
#[test]
fn an_entry_for_a_contract_that_cannot_be_read_is_for_something() {
    let workspace = Workspace::with(&[("users/it", get("/x"))]);
    workspace.file("contracts/users/other.json", "{");
    workspace.file("faithful.toml", format!("[[known]]\n{}", entry("users/other", "$.a", "9999-12-31")));
    let run = workspace.verify(&Hostile::saying(json("200 OK", "{\"a\": 1}")), &[]);
    assert!(!run.exits(3).stderr.contains("known to ann"), "{}", run.stderr);
}

#[test]
fn a_known_failure_was_not_skipped() {
    let flags = ["--deny", "skipped", "--report-markdown", "-"];
    let run = run(BROKEN, &entry("users/*", "$.a", "9999-12-31"), &flags);
    // It was sent and compared, though nothing passed.
    assert!(
        run.exits(0).stdout.starts_with("## faithful: 0 of 1 contracts kept, 1 known to fail\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn what_is_known_does_not_count_among_the_skipped_that_are_denied() {
    let mut contract = get("/x");
    contract["response"]["json"] = json!({ "a": 1, "b": 2 });
    let workspace = Workspace::with(&[("users/it", contract), ("other", get("/x/{id}"))]);
    workspace.file("faithful.toml", format!("[[known]]\n{}", entry("users/*", "$.a", "9999-12-31")));
    let run = workspace.verify(&Hostile::saying(json("200 OK", BROKEN)), &["--deny", "skipped"]);
    assert!(run.exits(1).stdout.contains("2 skipped (known 1, needs-variable 1)"), "{}", run.stdout);
    let said = "--deny skipped: 1 skipped, beside 1 known failure, which was sent and does not count";
    assert!(run.stderr.contains(said), "{}", run.stderr);
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

/// A documented 200, an answer with this status, and an entry for the status.
fn answered(status: &str, actual: &str) -> Run {
    let workspace = Workspace::of(&get("/x"));
    let entry = format!(
        "[[known]]\ncontract = \"it\"\nrule = \"status\"\n{actual}owner = \"ann\"\nreason = \"later\"\nexpires = 9999-12-31\n"
    );
    workspace.file("faithful.toml", entry);
    workspace.verify(&Hostile::saying(json(status, "{\"a\": 1}")), &[])
}

#[rstest]
#[case::the_known_one("404 Gone", "actual = 404\n", 0, "skipped known")]
#[case::an_outage("500 Oops", "actual = 404\n", 1, "failed status")]
#[case::the_other_way_round("404 Gone", "actual = 500\n", 1, "failed status")]
fn a_known_status_excuses_no_other(
    #[case] status: &str,
    #[case] actual: &str,
    #[case] code: i32,
    #[case] outcome: &str,
) {
    answered(status, actual).ends(code, outcome);
}

#[test]
fn what_comes_instead_of_the_known_value_is_told() {
    let run = answered("500 Oops", "actual = 404\n");
    let said = "warning: faithful.toml:1: status 404 known to ann, of it: it fails so with 500; mend that, or write \
                actual = 500";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    let note = &run.report.as_ref().unwrap()["known_notes"][0];
    assert_eq!((&note["state"], &note["actual"]), (&json!("another-value"), &json!(404)));
}

#[rstest]
#[case::none("", "add the line `actual = 500`, or whichever is known to come instead of the documented one")]
#[case::no_number("actual = \"500\"\n", "actual: give the status as a number, such as 500")]
#[case::no_status("actual = 7\n", "actual: give the status as a number, such as 500")]
fn a_status_is_known_by_its_number(#[case] actual: &str, #[case] said: &str) {
    let run = answered("500 Oops", actual);
    let stderr = &run.exits(2).stderr;
    assert!(stderr.contains("faithful.toml:1:1: ") && stderr.contains(said), "{stderr}");
    assert!(run.report.is_none());
}

#[rstest]
#[case::this_value("{\"a\": \"1\", \"b\": 2}", "\"1\"", 0)]
#[case::another_one("{\"a\": \"2\", \"b\": 2}", "\"1\"", 1)]
#[case::another_type("{\"a\": \"1\", \"b\": 2}", "1", 1)]
#[case::spelled_otherwise("{\"a\": [1, {\"b\": 2.0, \"c\": 3}], \"b\": 2}", "[1, { c = 3, b = 2 }]", 0)]
fn an_entry_may_be_for_one_value(#[case] body: &str, #[case] actual: &str, #[case] code: i32) {
    let entry = entry("users/*", "$.a", "9999-12-31") + &format!("actual = {actual}\n");
    run(body, &entry, &[]).exits(code);
}

#[test]
fn an_entry_for_a_value_where_nothing_comes_is_a_mistake() {
    let entry =
        entry("users/*", "$.a", "9999-12-31").replace("\"type\"", "\"member-missing\"") + "actual = 1\n";
    let said = "actual: nothing comes where rule = \"member-missing\"; leave it out";
    assert!(run(BROKEN, &entry, &[]).exits(2).stderr.contains(said));
}

/// A list of numbers, and what came; the entry is for an element that is `"1"`.
fn list(body: &str, flags: &[&str], more: &str) -> Run {
    let mut contract = get("/x");
    contract["response"]["json"] = json!({ "list": [{ "a": 1 }] });
    let mut held_back = get("/x/{unknown}");
    held_back["response"]["json"] = json!({ "list": [{ "a": 1 }] });
    let workspace = Workspace::with(&[("users/it", contract), ("users/other", held_back)]);
    let entry = entry("users/it", "$.list[*].a", "9999-12-31");
    workspace.file("faithful.toml", format!("[[known]]\n{entry}{more}"));
    workspace.verify(&Hostile::saying(json("200 OK", body)), flags)
}

#[rstest]
#[case::alike("[{\"a\": \"1\"}, {\"a\": \"1\"}, {\"a\": 1}]", "skipped known")]
#[case::one_of_them_otherwise("[{\"a\": \"1\"}, {\"a\": \"2\"}]", "failed type")]
fn of_elements_that_differ_each_must_bring_the_known_value(#[case] elements: &str, #[case] outcome: &str) {
    let run = list(&format!("{{\"list\": {elements}}}"), &[], "actual = \"1\"\n");
    assert_eq!(run.outcome("users/it"), outcome);
}

#[track_caller]
fn tells_nothing_of_the_entry(run: &Run) {
    assert!(run.report.as_ref().unwrap().get("known_notes").is_none(), "{}", run.printed());
    assert!(!run.stderr.contains("known to ann"), "{}", run.stderr);
}

#[rstest]
#[case::an_outage("500 Oops", "{\"e\": 1}")]
#[case::no_login("401 No", "{\"a\": 1, \"b\": 2}")]
#[case::another_body("200 OK", "[1]")]
fn an_answer_in_which_the_place_was_not_compared_mends_nothing(#[case] status: &str, #[case] body: &str) {
    let mut contract = get("/x");
    contract["response"]["json"] = json!({ "a": 1, "b": 2 });
    let workspace = Workspace::with(&[("users/it", contract)]);
    workspace.file("faithful.toml", format!("[[known]]\n{}", entry("users/*", "$.a", "9999-12-31")));
    let run = workspace.verify(&Hostile::saying(json(status, body)), &[]);
    tells_nothing_of_the_entry(run.exits(1));
}

#[test]
fn an_empty_list_mends_nothing_in_its_elements() {
    tells_nothing_of_the_entry(list("{\"list\": []}", &[], "").exits(0));
    // With an element it would.
    let mended = list("{\"list\": [{\"a\": 1}]}", &[], "");
    assert!(mended.stderr.contains("no contract fails so any more"), "{}", mended.stderr);
}

#[test]
fn an_entry_for_several_contracts_is_over_once_all_of_them_were_compared() {
    let mut contract = get("/x");
    contract["response"]["json"] = json!({ "a": 1 });
    let mut other = get("/x/{unknown}");
    other["response"]["json"] = json!({ "a": 1 });
    let workspace = Workspace::with(&[("users/it", contract), ("users/other", other)]);
    workspace.file("faithful.toml", format!("[[known]]\n{}", entry("users/*", "$.a", "9999-12-31")));
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    tells_nothing_of_the_entry(&workspace.verify(&server, &[]));
    tells_nothing_of_the_entry(&workspace.verify(&server, &["--only", "users/it"]));
    let run = workspace.verify(&server, &["--variable", "unknown=7"]);
    assert!(run.stderr.contains("no contract fails so any more"), "{}", run.stderr);
}

#[test]
fn the_embedded_stub_mends_nothing() {
    let workspace = Workspace::of(&get("/x"));
    let entry = |rule: &str, expires: &str| entry("it", "$.a", expires).replace("\"type\"", rule);
    let status = entry("\"status\"\nactual = 500", "9999-12-31").replace("at = \"$.a\"\n", "");
    workspace
        .file("faithful.toml", format!("[[known]]\n{}[[known]]\n{status}", entry("\"type\"", "9999-12-31")));
    let verify = || {
        let arguments = ["verify", "contracts", "--report-json", "report.json", "--deny", "warnings"];
        workspace.run(workspace.command(arguments))
    };
    tells_nothing_of_the_entry(verify().exits(0));
    // A day that is over is over everywhere.
    workspace.file("faithful.toml", format!("[[known]]\n{}", entry("\"type\"", "2000-01-01")));
    assert!(verify().exits(1).stderr.contains("expired on 2000-01-01"));
}
