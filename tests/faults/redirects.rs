//! Redirects: compared like any answer, never followed.

use crate::hostile::{Hostile, Step, answer};
use crate::run::{Workspace, get, sending};
use crate::secure::Secure;
use rstest::rstest;

#[rstest]
fn a_redirect_is_a_mismatch_and_nothing_goes_to_where_it_leads(
    #[values("301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect")]
    status: &'static str,
    #[values("GET", "POST")] method: &str,
) {
    let elsewhere = Hostile::canary();
    let location = format!("{}/steal?code=canary-code", elsewhere.url());
    let server = Hostile::saying(answer(status, &[("Location", &location)], b""));
    let contract = if method == "GET" { get("/x") } else { sending(method, "/x") };
    let run = Workspace::of(&contract).verify(&server, &[]);
    run.exits(1).never_shows("canary-code");
    assert!(run.outcome("it").starts_with("failed status"), "{}", run.outcome("it"));
    let mismatch = &run.verdict("it")["mismatches"][0];
    let came: u64 = status.split(' ').next().unwrap().parse().unwrap();
    assert_eq!((mismatch["expected"].as_u64(), mismatch["actual"].as_u64()), (Some(200), Some(came)));
    assert!(
        mismatch["why"].as_str().unwrap().contains(&elsewhere.authority()),
        "it says where the redirect leads"
    );
    assert_eq!((server.deliveries().len(), elsewhere.connections()), (1, 0));
}

/// Nothing of an encrypted exchange goes on in the clear.
#[test]
fn a_redirect_to_where_nothing_is_encrypted_is_a_mismatch_as_any_other() {
    let elsewhere = Hostile::canary();
    let location = format!("{}/x", elsewhere.url());
    let server = Secure::named(
        "127.0.0.1",
        answer("302 Found", &[("Location", &location), ("Connection", "close")], b""),
    );
    let workspace = Workspace::of(&get("/x"));
    let file = workspace.file("ca.pem", &server.authority);
    let arguments = ["--ca-cert", file.to_str().unwrap(), "--bearer-env", "CANARY"];
    let run = workspace.verify_with(&server.url(), &arguments, &[("CANARY", "canary-of-a-token")]);
    run.ends(1, "failed status").never_shows("canary-of");
    assert_eq!((server.deliveries(), elsewhere.connections()), (1, 0));
}

#[rstest]
#[case::none(&[])]
#[case::an_empty_one(&[("Location", "")])]
#[case::a_file(&[("Location", "file:///etc/passwd")])]
#[case::a_script(&[("Location", "javascript:alert(1)")])]
#[case::not_a_url(&[("Location", "http://[::1")])]
#[case::itself(&[("Location", "/x")])]
#[case::two(&[("Location", "/x"), ("Location", "/y")])]
fn any_location_is_a_mismatch(#[case] fields: &[(&str, &str)]) {
    let server = Hostile::saying(answer("302 Found", fields, b""));
    let run = Workspace::of(&get("/x")).verify(&server, &[]);
    run.exits(1);
    assert!(run.outcome("it").starts_with("failed status"), "{}", run.outcome("it"));
    assert_eq!(server.deliveries().len(), 1);
}

#[test]
fn a_documented_redirect_is_kept_without_being_followed() {
    let elsewhere = Hostile::canary();
    let location = format!("{}/elsewhere", elsewhere.url());
    let server = Hostile::saying(answer("302 Found", &[("Location", &location)], b""));
    let mut contract = get("/x");
    contract["response"] = serde_json::json!({ "status": 302, "headers": { "Location": "https://elsewhere.example/elsewhere" } });
    Workspace::of(&contract).verify(&server, &[]).ends(0, "passed");
    assert_eq!((server.deliveries().len(), elsewhere.connections()), (1, 0));
}

#[test]
fn a_refresh_or_a_cookie_changes_nothing_of_the_next_request() {
    let elsewhere = Hostile::canary();
    let refresh = format!("0; url={}/x", elsewhere.url());
    let server = Hostile::answering(move |_| {
        let fields =
            [("Refresh", refresh.as_str()), ("Set-Cookie", "session=canary"), ("Alt-Svc", "h2=\":1\"")];
        let fields = [&fields[..], &[("Content-Type", "application/json")]].concat();
        vec![Step::Write(answer("200 OK", &fields, b"{\"a\": 1}"))]
    });
    let run = Workspace::with(&[("a", get("/a")), ("b", get("/b"))]).verify(&server, &["-j", "1"]);
    run.exits(0);
    assert!(server.deliveries().iter().all(|delivery| delivery.values("cookie").is_empty()));
    assert!(server.deliveries().iter().all(|delivery| delivery.values("referer").is_empty()));
    assert_eq!(elsewhere.connections(), 0);
}
