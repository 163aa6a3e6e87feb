//! What is told of an answer that differs from its page.

use crate::hostile::{Hostile, answer, json};
use crate::run::{Run, Workspace, get};
use rstest::rstest;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const PAGE: &str = "# Orders\n\n```http\nPOST /orders\nContent-Type: application/json\n\n{\"note\": \"soon\"}\n```\n\n\
                    ```http\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n{\n  \"id\": 7,\n  \"note\": \"soon\",\n  \
                    \"lines\": [\n    { \"article\": \"lamp\", \"count\": 2 }\n  ],\n  \"to\": { \"town\": \"Fernhaven\" },\n  \
                    \"empty\": [],\n  \"nobody\": null\n}\n```\n";

/// Verifies the page against a service that answers this, with more arguments.
fn verify(body: &str, arguments: &[&str]) -> Run {
    let server = Hostile::saying(json("201 Created", body));
    let workspace = Workspace::new();
    workspace.file("docs/orders.md", PAGE);
    let mut command = workspace.command(["verify", "docs", "--target", &server.url()]);
    command.args(["--report-json", "report.json"]).args(arguments);
    workspace.run(command)
}

fn mismatches(run: &Run) -> &[Value] {
    run.verdicts()[0]["mismatches"].as_array().unwrap()
}

/// The line of the page that shows this.
fn line(shown: &str) -> u64 {
    PAGE.lines().position(|line| line.contains(shown)).unwrap() as u64 + 1
}

const DIFFERENT: &str = r#"{"id": "7", "note": "later", "lines": [
    {"article": "lamp", "count": 1}, {"article": 3, "count": 1}, {"article": 4, "count": 1}
], "to": {}, "empty": [], "nobody": null}"#;

#[test]
fn a_mismatch_says_what_and_where_and_why_and_what_would_accept_it() {
    let run = verify(DIFFERENT, &[]);
    run.exits(1);
    let toml = |at: &str, says: &str| {
        format!("[[rules]]\ncontract = \"orders/create-orders\"\nat = \"{at}\"\n{says}\n")
    };
    let id = run.verdicts()[0]["id"].as_str().unwrap();
    let expected = json!([
        { "severity": "fail", "rule": "type", "at": "$.id", "line": line("\"id\""), "expected": 7, "actual": "7",
          "count": 1, "why": "the docs show it", "accept": toml("$.id", "level = \"shape\"") },
        { "severity": "fail", "rule": "echo", "at": "$.note", "line": line("  \"note\""), "expected": "soon",
          "actual": "later", "count": 1,
          "why": "the documented answer repeats what the request sends at /note",
          "accept": toml("$.note", "level = \"shape\"") },
        { "severity": "fail", "rule": "type", "at": "$.lines[*].article", "line": line("article"),
          "expected": "lamp", "actual": 3, "count": 2, "first": "$.lines[1].article",
          "why": "the docs show it",
          "accept": toml("$.lines[*].article", "level = \"shape\"") },
        { "severity": "fail", "rule": "member-missing", "at": "$.to.town", "line": line("town"),
          "expected": "Fernhaven", "count": 1, "why": "the docs show this member",
          "accept": toml("$.to.town", "absent = \"ok\"") },
    ]);
    let expected = expected.to_string().replace("orders/create-orders", id);
    assert_eq!(mismatches(&run), serde_json::from_str::<Value>(&expected).unwrap().as_array().unwrap());
    let place = format!("docs/orders.md:{}:", line("article"));
    assert!(run.stdout.contains(&place), "{}", run.stdout);
    assert!(run.stdout.contains("$.lines[*].article (2 of 3, first at [1]) is 3 (number)"), "{}", run.stdout);
}

#[test]
fn the_console_shows_what_would_accept_a_mismatch_where_it_is_asked_to() {
    let quiet = verify(DIFFERENT, &[]);
    assert!(!quiet.stdout.contains("[[rules]]"), "{}", quiet.stdout);
    let run = verify(DIFFERENT, &["-v"]);
    for mismatch in mismatches(&run) {
        let accept = mismatch["accept"].as_str().unwrap();
        let shown =
            |line: &str| run.stdout.lines().any(|shown| shown.trim_start_matches(['=', ' ', '|']) == line);
        assert!(accept.lines().all(shown), "{accept}\n{}", run.stdout);
    }
}

/// All rules that a run names, in a file, and the next run passes.
#[rstest]
#[case::several(DIFFERENT)]
#[case::nothing_at_all("{}")]
#[case::null("null")]
#[case::an_array("[]")]
#[case::other_types(r#"{"id": [], "note": {}, "lines": "x", "to": 1, "empty": {}, "nobody": 3}"#)]
#[case::no_json("<p>")]
#[case::twice(r#"{"id": 7, "id": 8, "note": "soon", "lines": [], "to": {"town": "x"}, "empty": [1], "nobody": 1, "more": 1}"#)]
fn with_the_rules_that_it_names_the_contract_passes(#[case] body: &str) {
    let server = Hostile::saying(json("201 Created", body));
    let workspace = Workspace::new();
    workspace.file("docs/orders.md", PAGE);
    let mut rules = String::new();
    for round in 0..4 {
        workspace.file("faithful.toml", &rules);
        let mut command =
            workspace.command(["verify", "docs", "--target", &server.url(), "--deny", "warnings"]);
        let run = workspace.run({
            command.args(["--report-json", "report.json"]);
            command
        });
        let left = run.verdicts()[0]["mismatches"].as_array().into_iter().flatten();
        let left: Vec<&str> = left.filter_map(|mismatch| mismatch["accept"].as_str()).collect();
        if run.code == Some(0) {
            assert!(round > 0, "there was nothing to accept");
            return;
        }
        assert!(!left.is_empty(), "{run:?}");
        rules.extend(left);
    }
    panic!("{rules}");
}

#[test]
fn of_many_mismatches_fifty_are_told_in_the_order_of_the_page_and_the_others_counted() {
    let shown: Vec<String> = (0..60).map(|at| format!("    \"m{at:02}\": {at}")).collect();
    let page = format!(
        "# Many\n\n```http\nGET /many\n```\n\n```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{{\n{}\n}}\n```\n",
        shown.join(",\n")
    );
    let came: Vec<String> = (0..60).rev().map(|at| format!("\"m{at:02}\": \"x\"")).collect();
    let server = Hostile::saying(json("200 OK", &format!("{{{}}}", came.join(","))));
    let workspace = Workspace::new();
    workspace.file("docs/many.md", page);
    let mut command = workspace.command(["verify", "docs", "--target", &server.url()]);
    command.args(["--report-json", "report.json"]);
    let run = workspace.run(command);
    let lines: Vec<u64> =
        mismatches(&run).iter().map(|mismatch| mismatch["line"].as_u64().unwrap()).collect();
    assert_eq!((lines.len(), run.verdicts()[0]["more"].as_u64()), (50, Some(10)));
    assert!(lines.is_sorted() && lines.iter().collect::<BTreeSet<_>>().len() == 50, "{lines:?}");
    assert!(run.stdout.contains("\nand 10 more\n"), "{}", run.stdout);
}

#[test]
fn without_the_docs_at_hand_the_line_is_that_of_the_contract_file() {
    let contract = json!({
        "faithful": 1,
        "name": "pair",
        "source": { "file": "page.md", "sha256": "00" },
        "request": { "method": "GET", "url": "/a" },
        "response": { "status": 200, "headers": { "Content-Type": "application/json" }, "json": { "b": 1, "a": { "c": 2 } } },
    });
    let text = serde_json::to_string_pretty(&contract).unwrap();
    let server = Hostile::saying(json("200 OK", r#"{"a": {"c": "x"}, "b": 1}"#));
    let workspace = Workspace::new();
    workspace.file("contracts/it.json", &text);
    let run = workspace.verify(&server, &[]);
    let line = text.lines().position(|line| line.contains("\"c\": 2")).unwrap() as u64 + 1;
    assert_eq!(run.verdict("it")["mismatches"][0]["line"], line);
    assert!(run.stdout.contains(&format!("contracts/it.json:{line}:")), "{}", run.stdout);
}

#[test]
fn what_was_not_checked_is_counted() {
    let all = verify(
        r#"{"id": 1, "note": "soon", "lines": [{"article": "a", "count": 1}], "to": {"town": "x"}, "empty": [], "nobody": null}"#,
        &[],
    );
    all.exits(0);
    // The body, id, note, lines, its elements, article, count, to, town, empty; null alone promises nothing.
    assert!(all.stdout.contains("; checked 10, unchecked 1; "), "{}", all.stdout);
    let none = verify(
        r#"{"id": 1, "note": "soon", "lines": [], "to": {"town": "x"}, "empty": [], "nobody": null}"#,
        &[],
    );
    // Without an element nothing is held against what the elements promise.
    assert!(none.stdout.contains("; checked 7, unchecked 4; "), "{}", none.stdout);
    let verdict = &none.verdicts()[0];
    assert_eq!((&verdict["checked"], &verdict["unchecked"]), (&json!(7), &json!(4)));
}

/// JSON is no page for people, whatever it is served as.
#[rstest]
#[case::json("{\"a\": 1}", false)]
#[case::a_page("<html></html>", true)]
#[case::a_text("please log in", true)]
fn what_is_served_as_a_page_looks_like_one_unless_it_is_json(#[case] body: &'static str, #[case] told: bool) {
    let page = answer("200 OK", &[("Content-Type", "text/html")], body.as_bytes());
    let run = Workspace::of(&get("/x")).verify(&Hostile::saying(page), &[]);
    run.exits(1);
    assert!(run.outcome("it").contains("content-type"), "{run:?}");
    assert_eq!(run.stdout.contains("login or proxy page"), told, "{}", run.stdout);
}

/// What stands behind a credential on its line is none.
#[test]
fn of_a_line_with_a_credential_the_rest_is_shown() {
    let page = "# T\n\n~~~http\nGET https://x.example/t\n~~~\n\n~~~http\nHTTP/1.1 200 OK\n\
                Content-Type: application/json\n\n{\"session_token\": \"a-made-up-one\", \"count\": 3}\n~~~\n";
    let workspace = Workspace::new();
    workspace.file("docs/t.md", page);
    let server = Hostile::saying(json("200 OK", "{\"session_token\": 7, \"count\": 3}"));
    let mut command = workspace.command(["verify", "docs", "--target", &server.url()]);
    command.args(["--report-json", "report.json"]);
    let run = workspace.run(command);
    run.exits(1);
    run.never_shows("a-made-up-one");
    let line = "{\"session_token\": \"[REDACTED]\", \"count\": 3}";
    assert!(run.stdout.contains(line), "{}", run.stdout);
}
