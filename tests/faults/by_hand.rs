//! What people say by hand: rules, weights, and what is not to be sent.

use crate::hostile::{Hostile, json};
use crate::run::{Run, Workspace, get};
use rstest::rstest;
use serde_json::json;

/// Verifies `GET /a` and `GET /b`, which show `{"a": 1}`, against a service that answers `{"a": "x"}`.
fn verify(config: &str, arguments: &[&str]) -> Run {
    let server = Hostile::saying(json("200 OK", r#"{"a": "x"}"#));
    let workspace = Workspace::with(&[("a", get("/a")), ("b", get("/b"))]);
    workspace.file("faithful.toml", config);
    workspace.verify(&server, arguments)
}

#[rstest]
#[case::level("level = \"shape\"", "passed")]
#[case::null("null = \"ok\"", "failed type")]
#[case::absent("absent = \"ok\"", "failed type")]
#[case::extra("extra = \"ok\"", "failed type")]
#[case::format("format = \"guid\"", "failed type format")]
#[case::equals("equals = \"x\"", "passed")]
#[case::equals_otherwise("equals = \"y\"", "failed value")]
#[case::matches("matches = \"^x\"", "failed type")]
fn a_rule_of_the_file_is_for_the_contracts_of_its_glob(#[case] says: &str, #[case] outcome: &str) {
    let run = verify(&format!("[[rules]]\ncontract = \"b\"\nat = \"$.a\"\n{says}\n"), &[]);
    assert_eq!((run.outcome("a").as_str(), run.outcome("b").as_str()), ("failed type", outcome));
}

#[test]
fn a_rule_on_the_command_line_comes_last_of_all() {
    let config = "[[rules]]\nat = \"$.a\"\nlevel = \"type\"\n";
    assert_eq!(verify(config, &[]).code, Some(1));
    assert_eq!(verify(config, &["--rule", "$.a=ignore"]).code, Some(0));
    assert_eq!(verify(config, &["--rule", "$.a=ignore", "--rule", "$.a=type"]).code, Some(1));
    let run = verify("", &["--rule", "$.a=exact"]);
    assert_eq!(run.verdict("a")["mismatches"][0]["why"], "--rule says so: level = \"exact\"");
    // Behind the file it would say so all the same: no entry there can accept it.
    assert!(run.verdict("a")["mismatches"][0]["accept"].is_null(), "{run:?}");
    let filed = verify("[[rules]]\nat = \"$.a\"\nlevel = \"exact\"\n", &[]);
    assert!(filed.verdict("a")["mismatches"][0]["accept"].is_string(), "{filed:?}");
}

#[rstest]
#[case::a_rule(&["--allow", "type"], 0, "passed")]
#[case::another_rule(&["--allow", "null"], 1, "failed type")]
fn what_is_allowed_is_noted_and_fails_nothing(
    #[case] arguments: &[&str],
    #[case] code: i32,
    #[case] outcome: &str,
) {
    let run = verify("", arguments);
    run.exits(code);
    assert_eq!(run.outcome("a"), outcome);
    let severity = if code == 0 { "note" } else { "fail" };
    assert_eq!(run.verdict("a")["mismatches"][0]["severity"], severity);
}

/// Verifies `{"a": 1}`, which is all that its page shows, against a service that answers a member more.
fn with_a_warning(arguments: &[&str]) -> Run {
    let mut contract = get("/a");
    contract["response"]["truncated"] = json!(false);
    let server = Hostile::saying(json("200 OK", r#"{"a": 1, "b": 2}"#));
    Workspace::of(&contract).verify(&server, arguments)
}

#[rstest]
#[case::usually(&[], 0, "warn")]
#[case::warnings(&["--deny", "warnings"], 1, "fail")]
#[case::its_rule(&["--deny", "member-extra"], 1, "fail")]
#[case::another_rule(&["--deny", "format"], 0, "warn")]
#[case::all_warnings_but_this(&["--deny", "warnings", "--allow", "member-extra"], 0, "note")]
fn what_is_denied_fails(#[case] arguments: &[&str], #[case] code: i32, #[case] severity: &str) {
    let run = with_a_warning(arguments);
    run.exits(code);
    assert_eq!(run.verdict("it")["mismatches"][0]["severity"], severity);
}

#[test]
fn what_is_skipped_by_hand_is_not_sent_and_can_be_denied() {
    let config = "[[skip]]\ncontract = \"a\"\nreason = \"it is slow\"\n";
    let run = verify(config, &["--allow", "type"]);
    run.exits(0);
    assert_eq!((run.outcome("a").as_str(), run.outcome("b").as_str()), ("skipped config", "passed"));
    assert!(run.message("a").starts_with("it is slow"), "{run:?}");
    let run = verify(config, &["--allow", "type", "--deny", "skipped"]);
    run.exits(1);
    assert!(run.stderr.contains("--deny skipped: 1 skipped"), "{}", run.stderr);
}

#[rstest]
#[case::of_no_place(
    "[[rules]]\nat = \"$.b\"\nlevel = \"ignore\"\n",
    "faithful.toml:1: $.b matches no place of the 2 contracts"
)]
#[case::of_no_contract(
    "[[rules]]\ncontract = \"c\"\nat = \"$.a\"\nlevel = \"ignore\"\n",
    "faithful.toml:1: c is for no contract"
)]
fn a_rule_that_matches_nothing_in_a_whole_run_is_a_warning(#[case] config: &str, #[case] said: &str) {
    let usual = verify(config, &["--allow", "type"]);
    usual.exits(0);
    assert!(usual.stderr.contains(&format!("warning: {said}")), "{}", usual.stderr);
    assert!(usual.stdout.contains("; 1 warning; "), "{}", usual.stdout);
    verify(config, &["--allow", "type", "--deny", "warnings"]).exits(1);
}

#[test]
fn a_rule_on_the_command_line_that_matches_nothing_is_a_warning_too() {
    let run = verify("", &["--allow", "type", "--rule", "$.b=ignore"]);
    assert!(
        run.stderr.contains("warning: --rule: $.b matches no place of the 2 contracts"),
        "{}",
        run.stderr
    );
}

#[rstest]
#[case::matched("[[rules]]\nat = \"$.a\"\nlevel = \"shape\"\n")]
#[case::matched_in_one_of_both("[[rules]]\ncontract = \"b\"\nat = \"$..a\"\nlevel = \"shape\"\n")]
fn a_rule_that_matches_somewhere_is_none(#[case] config: &str) {
    let run = verify(config, &[]);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
}

#[test]
fn a_map_for_an_origin_that_no_contract_has_is_told_of() {
    let server = Hostile::saying(json("200 OK", r#"{"a": 1}"#));
    let workspace = Workspace::of(&get("https://docs.example/a"));
    let at = |origin: &str| format!("{origin}={}", server.url());
    let run = workspace.verify(&server, &["--map", &at("https://dosc.example")]);
    run.exits(0);
    let said = "warning: --map https://dosc.example: no contract is documented for this origin; there are https://docs.example";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    let run = workspace.verify(&server, &["--map", &at("https://DOCS.example:443")]);
    assert!(!run.stderr.contains("--map"), "{}", run.stderr);
}
