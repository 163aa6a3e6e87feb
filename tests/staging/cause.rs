//! Flows that end for a reason that is none of theirs: what is said leads to it.

use crate::hostile::{Hostile, Step, json};
use crate::run::{Run, Workspace, get, sending};
use rstest::rstest;

/// A flow that makes something and looks at it, against a service that answers the POST with this.
fn run(documented: u16, answer: String, until: &str) -> Run {
    let mut made = sending("POST", "/items");
    made["response"]["status"] = documented.into();
    let workspace = Workspace::with(&[("make", made), ("see", get("/items/{id}"))]);
    workspace.file(
        "faithful.toml",
        format!(
            "[[flow]]\n[[flow.step]]\ncontract = \"make\"\ncapture = {{ id = \"$.id\" }}\n{until}[[flow.step]]\n\
             contract = \"see\"\n"
        ),
    );
    let server = Hostile::answering(move |delivery| {
        let made = delivery.line().starts_with("POST");
        vec![Step::Write(if made { answer.clone().into_bytes() } else { json("200 OK", "{}") })]
    });
    workspace.verify(&server, &["--retry", "0"])
}

fn answer(status: &str, fields: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{fields}content-length: {length}\r\n\r\n{body}"
    )
}

#[rstest]
#[case::shut_out("401 Unauthorized", "{}", "answered 401, not 201; are the credentials of this step right?")]
#[case::throttled("429 Too Many Requests", "{}", "the service limits the rate")]
#[case::to_the_end("429 Too Many Requests", "{}", "see to that first: without this step")]
#[case::a_value_that_climbs("201 Created", "{\"id\": \"..\"}", "once id has its value; correct the value")]
fn what_is_not_of_the_flow_is_not_laid_at_its_door(
    #[case] status: &str,
    #[case] body: &str,
    #[case] said: &str,
) {
    let run = run(201, answer(status, "", body), "");
    assert!(run.message("see").contains(said), "{}", run.message("see"));
    assert!(!run.printed().contains("see [[flow]]"), "{}", run.printed());
}

/// Nothing was waited for, so no time was too short.
#[test]
fn an_operation_elsewhere_is_named_and_no_matter_of_time() {
    let elsewhere = "location: https://jobs.example:8443/7\r\n";
    let until = "until = { at = \"$.state\", equals = \"done\", every = \"10ms\", timeout = \"50ms\" }\n";
    let run = run(202, answer("202 Accepted", elsewhere, "{\"id\": \"i-1\", \"a\": 1}"), until);
    assert_eq!(
        run.exits(3).outcomes(),
        ["make: errored flow.setup_failed", "see: errored flow.setup_failed"]
    );
    assert!(
        run.message("make").contains("names an operation on https://jobs.example:8443, neither"),
        "{}",
        run.message("make")
    );
    assert!(!run.printed().contains("see [[flow]]"), "{}", run.printed());
    assert!(!run.printed().contains("raise the timeout"), "{}", run.printed());
}

/// What an operation came to is not to be seen where asking after it breaks: the contract that began it is no pass.
#[rstest]
#[case::whatever_comes("{}", 500, "errored flow.timeout")]
#[case::a_member("{ at = \"$.id\" }", 404, "errored flow.timeout")]
#[case::what_was_asked_for("{ status = 404 }", 404, "passed")]
#[case::a_page_elsewhere("{}", 303, "passed")]
fn an_operation_that_breaks_is_not_over(#[case] until: &str, #[case] status: u16, #[case] outcome: &str) {
    let mut made = sending("POST", "/items");
    made["response"]["status"] = 202.into();
    let workspace = Workspace::with(&[("make", made)]);
    let until = match until.trim_matches(['{', '}', ' ']) {
        "" => String::new(),
        said => format!("{said}, "),
    };
    workspace.file(
        "faithful.toml",
        format!(
            "[[flow]]\n[[flow.step]]\ncontract = \"make\"\nuntil = {{ {until}every = \"10ms\", timeout = \"50ms\" }}\n"
        ),
    );
    let server = Hostile::answering(move |delivery| {
        let made = delivery.line().starts_with("POST");
        vec![Step::Write(if made {
            answer("202 Accepted", "location: /jobs/1\r\n", "{\"a\": 1}").into_bytes()
        } else {
            json(&format!("{status} So"), "{\"id\": 1}")
        })]
    });
    let run = workspace.verify(&server, &[]);
    assert_eq!(run.outcome("make"), outcome, "{}", run.printed());
    let said = format!("/jobs/1, which still answered {status}");
    assert!(outcome == "passed" || run.message("make").contains(&said), "{}", run.message("make"));
}
