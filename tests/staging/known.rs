//! Known failures in flows: a success of which people know does what the step is for.

use crate::hostile::{Hostile, Step, json};
use crate::run::{Run, Workspace, get, sending};
use rstest::rstest;

/// A flow that makes something, looks at it and throws it away, against a service that answers the POST with this.
fn run(status: &'static str, body: &'static str, known: &str, flags: &[&str]) -> Run {
    let mut made = sending("POST", "/items");
    made["response"]["status"] = 201.into();
    made["response"]["json"] = serde_json::json!({ "id": "i-1", "a": 1 });
    let workspace = Workspace::with(&[("make", made), ("see", get("/items/{id}"))]);
    workspace.file(
        "faithful.toml",
        format!(
            "[[flow]]\n[[flow.step]]\ncontract = \"make\"\ncapture = {{ id = \"$.id\" }}\n[[flow.step]]\n\
             contract = \"see\"\n[[flow.cleanup]]\ncontract = \"make\"\n\
             [[known]]\ncontract = \"make\"\n{known}owner = \"ann\"\nreason = \"later\"\n"
        ),
    );
    let server = Hostile::answering(move |delivery| {
        let made = delivery.line().starts_with("POST");
        let answer = if made { json(status, body) } else { json("200 OK", "{\"a\": 1}") };
        vec![Step::Write(answer)]
    });
    workspace.verify(&server, flags)
}

const MADE: &str = "{\"id\": \"i-9\", \"a\": 1}";
const OK: &str = "rule = \"status\"\nactual = 200\nexpires = 9999-12-31\n";

#[test]
fn a_known_success_lets_the_flow_go_on() {
    let run = run("200 OK", MADE, OK, &["--deny", "warnings"]);
    assert_eq!((run.exits(0).outcome("make"), run.outcome("see")), ("skipped known".into(), "passed".into()));
    assert!(run.report.as_ref().unwrap().get("left_behind").is_none(), "{}", run.printed());
}

#[rstest]
#[case::another_status("202 Accepted", OK, 1, "failed status")]
#[case::no_success(
    "409 Conflict",
    "rule = \"status\"\nactual = 409\nexpires = 9999-12-31\n",
    3,
    "skipped known"
)]
#[case::whose_day_is_over(
    "200 OK",
    "rule = \"status\"\nactual = 200\nexpires = 2000-01-01\n",
    1,
    "failed status"
)]
fn nothing_else_does(
    #[case] status: &'static str,
    #[case] known: &str,
    #[case] code: i32,
    #[case] outcome: &str,
) {
    let run = run(status, MADE, known, &[]);
    assert_eq!(run.exits(code).outcome("make"), outcome, "{}", run.printed());
    assert_eq!(run.outcome("see"), "errored flow.setup_failed");
}

#[test]
fn a_known_mismatch_in_a_body_lets_the_flow_go_on() {
    let known = "rule = \"type\"\nat = \"$.a\"\nexpires = 9999-12-31\n";
    let run = run("201 Created", "{\"id\": \"i-9\", \"a\": \"1\"}", known, &[]);
    assert_eq!((run.exits(0).outcome("make"), run.outcome("see")), ("skipped known".into(), "passed".into()));
}

/// What is known excuses what came, not what never came.
#[rstest]
#[case::kept("{\"a\": 1, \"state\": \"failed\"}")]
#[case::known("{\"a\": \"1\", \"state\": \"failed\"}")]
fn what_is_waited_for_in_vain_is_an_error_that_says_what_came_last(#[case] body: &str) {
    let workspace = Workspace::of(&get("/jobs/1"));
    workspace.file(
        "faithful.toml",
        "[[flow]]\nname = \"job\"\n[[flow.step]]\ncontract = \"it\"\n\
         until = { at = \"$.state\", equals = \"done\", every = \"10ms\", timeout = \"50ms\" }\n\
         [[known]]\ncontract = \"it\"\nrule = \"type\"\nat = \"$.a\"\nowner = \"ann\"\nreason = \"later\"\n\
         expires = 9999-12-31\n",
    );
    let run = workspace.verify(&Hostile::saying(json("200 OK", body)), &[]);
    run.ends(3, "errored flow.timeout");
    let said =
        "was not answered $.state = \"done\" within 50ms: the last answer was 200 with $.state = \"failed\"";
    assert!(run.message("it").contains(said), "{}", run.message("it"));
}
