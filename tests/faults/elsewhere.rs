//! Answers that lead to a host which nobody named: noted, and no more, for a proxy may know the service by another name.

use crate::hostile::{Hostile, answer};
use crate::run::{Workspace, get, sending};
use rstest::rstest;
use serde_json::json;

#[rstest]
#[case::no_host("/users/9", None)]
#[case::the_targets("http://TARGET/users/9", None)]
#[case::the_targets_by_another_name("http://localhost:1/users/9", None)]
#[case::of_the_docs("https://home.example/users/9", None)]
#[case::of_the_shown_location("https://public.example:8443/users/9", None)]
#[case::of_a_mapped_origin("https://files.example/users/9", None)]
#[case::a_third("http://app.internal:8080/users/9", Some("app.internal"))]
#[case::a_third_without_a_scheme("//app/users/9", Some("app"))]
fn a_location_at_a_third_host_is_noted(#[case] location: &'static str, #[case] told: Option<&str>) {
    let server = Hostile::answering(move |delivery| {
        let location = location.replace("TARGET", &delivery.values("host").concat());
        vec![crate::hostile::Step::Write(answer("201 Created", &[("Location", &location)], b""))]
    });
    let mut contract = sending("POST", "https://home.example/users");
    contract["response"] = json!({ "status": 201, "headers": { "Location": "https://public.example/users/7" }, "isEmpty": true });
    let own = get("https://home.example/x");
    let workspace =
        Workspace::with(&[("it", contract), ("other", get("https://files.example/x")), ("own", own)]);
    let map = format!("https://files.example={}", Hostile::canary().url());
    let run = workspace.verify(&server, &["--map", &map, "--only", "it", "-v"]);
    run.ends(0, "passed");
    assert_eq!(run.report.as_ref().unwrap()["summary"]["warnings"], 0, "{run:?}");
    let said = told.map(|host| {
        format!("its Location leads to {host}, which is neither the target's host nor one of the docs")
    });
    assert_eq!(run.verdict("it")["message"].as_str(), said.as_deref(), "{run:?}");
    assert!(said.is_none_or(|said| run.stdout.contains(&format!("answered 201; {said}"))), "{}", run.stdout);
}

#[test]
fn a_host_that_holds_the_login_is_masked() {
    let server = Hostile::answering(|delivery| {
        let login = delivery.values("authorization").concat().replace("Bearer ", "");
        let location = format!("http://{login}.test/x");
        vec![crate::hostile::Step::Write(answer("201 Created", &[("Location", &location)], b""))]
    });
    let mut contract = sending("POST", "/users");
    contract["response"] = json!({ "status": 201, "headers": { "Location": "/x" }, "isEmpty": true });
    let workspace = Workspace::of(&contract);
    let run = workspace.verify_with(
        &server.url(),
        &["--bearer-env", "TOKEN", "-v"],
        &[("TOKEN", "canary-token-7")],
    );
    run.ends(0, "passed").never_shows("canary");
    assert!(run.message("it").contains("leads to"), "{run:?}");
}
