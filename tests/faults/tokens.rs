//! OAuth 2 client credentials: a token is asked for once, shown to the target alone, and renewed where it ends.

use crate::hostile::{Hostile, Refusing, Step, answer, head, json};
use crate::run::{Run, Workspace, get, sending};
use rstest::rstest;
use serde_json::Value;
use std::sync::Mutex;
use std::time::Duration;

const SECRET: &str = "canary secret/1";

fn workspace(token_url: &str, server: &Hostile, contracts: &[(&str, Value)]) -> Workspace {
    let workspace = Workspace::with(contracts);
    workspace.file(
        "faithful.toml",
        format!(
            "[target.staging]\nurl = \"{}\"\n[target.staging.auth.oauth]\ntoken_url = \"{token_url}\"\n\
             client_id = \"faithful\"\nclient_secret = \"${{SECRET}}\"\nscope = \"things.read\"\n",
            server.url()
        ),
    );
    workspace
}

fn verify(workspace: &Workspace, arguments: &[&str]) -> Run {
    let run = workspace.verify_with("staging", arguments, &[("SECRET", SECRET)]);
    for piece in ["canary", "ZmFpdGhmdWw6Y2FuYXJ5"] {
        run.never_shows(piece);
    }
    run
}

/// Grants `token-0`, `token-1` and so on, each good for so many seconds.
fn granting(seconds: &str) -> Hostile {
    let (granted, seconds) = (Mutex::new(0), seconds.to_owned());
    Hostile::answering(move |_| {
        let mut granted = granted.lock().unwrap();
        let body = format!(
            "{{\"access_token\": \"canary-token-{granted}\", \"token_type\": \"Bearer\", \"expires_in\": {seconds}}}"
        );
        *granted += 1;
        vec![Step::Write(json("200 OK", &body))]
    })
}

fn things() -> [(&'static str, Value); 3] {
    ["a", "b", "c"].map(|id| (id, get(&format!("/{id}"))))
}

#[test]
fn one_token_serves_all_requests() {
    let (tokens, server) = (granting("3600"), Hostile::saying(json("200 OK", "{\"a\": 1}")));
    let run = verify(&workspace(&format!("{}/token", tokens.url()), &server, &things()), &[]);
    run.exits(0);
    let asked = tokens.deliveries();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].line(), "POST /token HTTP/1.1");
    assert_eq!(asked[0].body(), b"grant_type=client_credentials&scope=things.read");
    // The id and the secret are encoded as a form's fields first (RFC 6749, 2.3.1).
    assert_eq!(asked[0].values("authorization"), ["Basic ZmFpdGhmdWw6Y2FuYXJ5K3NlY3JldCUyRjE="]);
    let shown = server.deliveries().iter().flat_map(|it| it.values("authorization")).collect::<Vec<_>>();
    assert_eq!(shown, ["Bearer canary-token-0"; 3]);
}

#[test]
fn the_secret_stands_in_the_form_where_the_file_says_so() {
    let (tokens, server) = (granting("3600"), Hostile::saying(json("200 OK", "{\"a\": 1}")));
    let workspace = workspace(&tokens.url(), &server, &things());
    let file = std::fs::read_to_string(workspace.path().join("faithful.toml")).unwrap();
    workspace.file("faithful.toml", file + "client_auth = \"body\"\naudience = \"https://things.example\"\n");
    verify(&workspace, &[]).exits(0);
    let asked = tokens.deliveries().remove(0);
    assert!(asked.values("authorization").is_empty());
    let form = "grant_type=client_credentials&scope=things.read&audience=https%3A%2F%2Fthings.example\
                &client_id=faithful&client_secret=canary+secret%2F1";
    assert_eq!(String::from_utf8_lossy(asked.body()), form);
}

#[rstest]
#[case::refuses(vec![Step::Write(json("401 Unauthorized", r#"{"error": "invalid_client", "error_description": "canary"}"#))], "invalid_client")]
#[case::breaks(vec![Step::Write(json("500 Oops", r#"{"error": "canary SECRET"}"#))], "500")]
#[case::answers_a_page(vec![Step::Write(answer("200 OK", &[("Content-Type", "text/html")], b"<html>canary</html>"))], "no JSON")]
#[case::answers_no_token(vec![Step::Write(json("200 OK", r#"{"token": "canary"}"#))], "no access_token")]
#[case::ends_at_once(vec![Step::Write(json("200 OK", r#"{"access_token": "canary", "expires_in": 0}"#))], "expires_in")]
#[case::has_ended(vec![Step::Write(json("200 OK", r#"{"access_token": "canary", "expires_in": -1}"#))], "expires_in")]
#[case::never_ends(vec![Step::Write(json("200 OK", r#"{"access_token": "canary", "expires_in": 1e30}"#))], "expires_in")]
#[case::ends_in_words(vec![Step::Write(json("200 OK", r#"{"access_token": "canary", "expires_in": "soon"}"#))], "expires_in")]
#[case::closes(vec![Step::Close], "closed")]
#[case::resets(vec![Step::Reset], "reset")]
#[case::hangs(vec![Step::Hang], "no answer")]
#[case::answers_without_end(vec![Step::Write(head("200 OK", &[("Content-Length", "200000000")])), Step::Flood(vec![b'x'; 4096])], "more than")]
fn without_a_token_nothing_is_sent(#[case] steps: Vec<Step>, #[case] said: &str) {
    let (tokens, server) = (Hostile::playing(steps), Hostile::canary());
    let run = verify(&workspace(&tokens.url(), &server, &things()), &["--max-time", "1s"]);
    run.exits(3).within(Duration::from_secs(2)).holding_at_most(32);
    assert_eq!(run.outcomes(), ["a", "b", "c"].map(|id| format!("{id}: errored auth.token")));
    assert!(run.message("a").contains(said), "{}", run.message("a"));
    assert_eq!((tokens.deliveries().len(), server.connections()), (1, 0), "it is asked once for all");
}

#[test]
fn a_token_endpoint_that_cannot_be_reached_is_asked_twice() {
    let server = Hostile::canary();
    let run = verify(&workspace(&Refusing::new().url(), &server, &things()), &[]);
    run.exits(3);
    assert_eq!(run.outcome("a"), "errored auth.token");
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_token_endpoint_is_not_redirected() {
    let elsewhere = granting("3600");
    for status in ["302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let tokens = Hostile::saying(answer(status, &[("Location", &elsewhere.url())], b""));
        let server = Hostile::canary();
        let run = verify(&workspace(&tokens.url(), &server, &things()), &[]);
        run.exits(3);
        assert_eq!(run.outcome("a"), "errored auth.token");
        assert_eq!((elsewhere.connections(), server.connections()), (0, 0));
    }
}

/// Takes the token of this number, and no other.
fn taking(number: usize) -> Hostile {
    Hostile::answering(move |delivery| {
        let taken = delivery.values("authorization") == [format!("Bearer canary-token-{number}")];
        vec![Step::Write(if taken { json("200 OK", "{\"a\": 1}") } else { json("401 Unauthorized", "{}") })]
    })
}

#[test]
fn a_token_that_is_taken_no_longer_is_renewed_once() {
    let (tokens, server) = (granting("3600"), taking(1));
    let run = verify(&workspace(&tokens.url(), &server, &things()), &["-j", "1"]);
    run.exits(0);
    assert_eq!((tokens.deliveries().len(), server.deliveries().len()), (2, 4));
    assert_eq!(run.verdict("a")["attempts"], 2);
    assert!(run.verdict("a")["flaky"].is_null());
}

#[test]
fn a_service_that_takes_no_token_is_a_mismatch_and_the_endpoint_is_left_alone() {
    let (tokens, server) = (granting("3600"), taking(99));
    let run = verify(&workspace(&tokens.url(), &server, &things()), &["-j", "1"]);
    run.exits(1);
    assert!(run.outcomes().iter().all(|outcome| outcome.contains("failed status")), "{:?}", run.outcomes());
    assert_eq!((tokens.deliveries().len(), server.deliveries().len()), (2, 4));
}

#[test]
fn what_may_have_acted_is_not_sent_again_with_another_token() {
    let (tokens, server) = (granting("3600"), taking(1));
    let run = verify(&workspace(&tokens.url(), &server, &[("it", sending("POST", "/x"))]), &[]);
    run.exits(1);
    assert_eq!((tokens.deliveries().len(), server.deliveries().len()), (1, 1));
}

#[test]
fn a_token_is_renewed_before_it_ends() {
    let (tokens, server) = (granting("0.2"), Hostile::saying(json("200 OK", "{\"a\": 1}")));
    let run = verify(&workspace(&tokens.url(), &server, &things()), &["--rate-limit", "1/s"]);
    run.exits(0);
    let shown = server.deliveries().iter().flat_map(|it| it.values("authorization")).collect::<Vec<_>>();
    assert_eq!((shown[0].as_str(), shown.len()), ("Bearer canary-token-0", 3));
    assert_ne!(shown[0], shown[2], "two seconds later");
    assert!(run.elapsed >= Duration::from_secs(2), "three in a second each: {:?}", run.elapsed);
}
