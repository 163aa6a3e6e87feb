//! Tokens that end or are refused while a run is under way, and an endpoint that is in trouble then.

use crate::hostile::{Delivery, Hostile, Step, answer, json};
use crate::run::{Run, Workspace, get, sending};
use rstest::rstest;
use serde_json::Value;
use std::sync::Mutex;
use std::time::{Duration, Instant};

fn ok() -> Vec<Step> {
    vec![Step::Write(json("200 OK", "{\"a\": 1}"))]
}

fn status(line: &str) -> Vec<Step> {
    vec![Step::Write(answer(line, &[], b"{}"))]
}

/// Answers in this order, the last again and again: an empty text is a token, `token-0` first; others are a status.
fn tokens(seconds: &str, answers: &'static [&'static str]) -> Hostile {
    let (asked, seconds) = (Mutex::new((0, 0)), seconds.to_owned());
    Hostile::answering(move |_| {
        let mut asked = asked.lock().unwrap();
        let said = answers[asked.0.min(answers.len() - 1)];
        asked.0 += 1;
        if !said.is_empty() {
            return status(said);
        }
        let body = format!("{{\"access_token\": \"a-token-{}\", \"expires_in\": {seconds}}}", asked.1);
        asked.1 += 1;
        vec![Step::Write(json("200 OK", &body))]
    })
}

/// The number of the token that it carries.
fn token(delivery: &Delivery) -> Option<usize> {
    delivery.values("authorization").first()?.strip_prefix("Bearer a-token-")?.parse().ok()
}

fn verify(
    (endpoint, server): (&Hostile, &Hostile),
    contracts: &[(&str, Value)],
    more: &str,
    arguments: &[&str],
) -> Run {
    let workspace = Workspace::with(contracts);
    workspace.file(
        "faithful.toml",
        format!(
            "[target.staging]\nurl = \"{}\"\nauth = \"app\"\n[account.app.oauth]\ntoken_url = \"{}/token\"\n\
             client_id = \"faithful\"\nclient_secret = \"${{SECRET}}\"\n{more}",
            server.url(),
            endpoint.url()
        ),
    );
    workspace.verify_with("staging", arguments, &[("SECRET", "a-secret-of-ours")])
}

fn lines(server: &Hostile) -> Vec<String> {
    server.deliveries().iter().map(|delivery| delivery.line().replace(" HTTP/1.1", "")).collect()
}

#[rstest]
#[case("503 Service Unavailable", "run again later")]
#[case("429 Too Many Requests", "run again later")]
#[case("401 Unauthorized", "check token_url, client_id and client_secret")]
fn a_renewal_that_failed_is_no_mismatch(#[case] said: &'static str, #[case] remedy: &str) {
    let endpoint = match said {
        "401 Unauthorized" => tokens("3600", &["", "401 Unauthorized"]),
        "429 Too Many Requests" => tokens("3600", &["", "429 Too Many Requests"]),
        _ => tokens("3600", &["", "503 Service Unavailable"]),
    };
    let server = Hostile::answering(|_| status("401 Unauthorized"));
    let run = verify((&endpoint, &server), &[("it", get("/x"))], "", &[]);
    run.ends(3, "errored auth.token");
    let message = run.message("it");
    let number = said.split(' ').next().unwrap();
    assert!(message.contains("answered 401") && message.contains(number), "{message}");
    assert!(message.ends_with(remedy), "{message}");
    assert_eq!((lines(&server).len(), endpoint.deliveries().len()), (1, 2));
}

#[rstest]
#[case("503 Service Unavailable", "run again later")]
#[case("429 Too Many Requests", "run again later")]
#[case("400 Bad Request", "check token_url, client_id and client_secret")]
fn what_to_do_without_a_token_follows_from_what_came(#[case] said: &'static str, #[case] remedy: &str) {
    let endpoint = Hostile::answering(move |_| status(said));
    let run = verify((&endpoint, &Hostile::canary()), &[("it", get("/x"))], "", &[]);
    run.ends(3, "errored auth.token");
    assert!(run.message("it").ends_with(remedy), "{}", run.message("it"));
    assert!(run.message("it").starts_with("not sent: no token from http"), "{}", run.message("it"));
}

#[test]
fn an_endpoint_in_trouble_is_asked_again_when_the_next_request_needs_a_token() {
    let (endpoint, server) =
        (tokens("0.5", &["", "503 Service Unavailable", ""]), Hostile::answering(|_| ok()));
    let contracts = ["a", "b", "c"].map(|id| (id, get(&format!("/{id}"))));
    let run = verify((&endpoint, &server), &contracts, "", &["-j", "1", "--rate-limit", "50/m"]);
    run.exits(3);
    assert_eq!(run.outcomes(), ["a: passed", "b: errored auth.token", "c: passed"]);
    assert_eq!(endpoint.deliveries().len(), 3);
}

#[test]
fn an_endpoint_that_refuses_is_not_asked_again() {
    let (endpoint, server) = (tokens("0.5", &["", "401 Unauthorized", ""]), Hostile::answering(|_| ok()));
    let contracts = ["a", "b", "c"].map(|id| (id, get(&format!("/{id}"))));
    let run = verify((&endpoint, &server), &contracts, "", &["-j", "1", "--rate-limit", "50/m"]);
    assert_eq!(run.outcomes(), ["a: passed", "b: errored auth.token", "c: errored auth.token"]);
    assert_eq!(endpoint.deliveries().len(), 2);
}

const FLOW: &str = "[[flow]]\n[[flow.step]]\ncontract = \"one\"\n[[flow.step]]\ncontract = \"two\"\nwait = \"600ms\"\n\
                    [[flow.cleanup]]\nmethod = \"DELETE\"\npath = \"/made\"\n";

#[rstest]
#[case::that_is_in_trouble(&["", "503 Service Unavailable", ""])]
#[case::that_refused(&["", "401 Unauthorized", ""])]
fn an_endpoint_is_asked_once_more_for_what_cleans_up(#[case] answers: &'static [&'static str]) {
    let (endpoint, server) = (tokens("0.5", answers), Hostile::answering(|_| ok()));
    let contracts = [("one", sending("POST", "/one")), ("two", sending("PUT", "/two"))];
    let run = verify((&endpoint, &server), &contracts, FLOW, &[]);
    assert_eq!(run.outcome("two"), "errored auth.token");
    assert_eq!(lines(&server), ["POST /one", "DELETE /made"]);
}

/// What the flow says of the step is read as a text, and no word of it is a credential.
#[test]
fn a_step_without_a_token_says_so_in_words() {
    let endpoint = Hostile::answering(|_| status("401 Unauthorized"));
    let flow = "[[flow]]\nstep = [{ method = \"GET\", path = \"/zero\" }, { contract = \"it\" }]\n";
    let run = verify((&endpoint, &Hostile::canary()), &[("it", get("/x"))], flow, &[]);
    run.exits(3);
    let said = "could not be sent (auth.token): no token from http";
    assert!(run.message("it").contains(said), "{}", run.message("it"));
}

/// It is asked for another before its end, and good until then.
#[test]
fn a_token_is_good_to_its_end_where_there_is_no_other() {
    let endpoint = tokens("10", &["", "503 Service Unavailable"]);
    let server = Hostile::answering(|_| ok());
    let flow = FLOW.replace("600ms", "9300ms");
    let contracts = [("one", sending("POST", "/one")), ("two", sending("PUT", "/two"))];
    verify((&endpoint, &server), &contracts, &flow, &[]).exits(0);
    assert_eq!(lines(&server), ["POST /one", "PUT /two", "DELETE /made"]);
}

#[rstest]
#[case::good_at_last(&["503", "401", "503", "200"], "passed")]
#[case::in_trouble_to_the_end(&["503", "401", "503", "503"], "errored http.unavailable")]
fn another_token_costs_no_attempt(#[case] answers: &'static [&'static str], #[case] outcome: &str) {
    let left = Mutex::new(answers.iter());
    let server = Hostile::answering(move |_| match left.lock().unwrap().next() {
        Some(&"200") => ok(),
        Some(line) => status(&format!("{line} X")),
        None => status("500 Too many"),
    });
    let run = verify((&tokens("3600", &[""]), &server), &[("it", get("/x"))], "", &[]);
    assert_eq!(run.outcome("it"), outcome, "{run:?}");
    assert_eq!((run.verdict("it")["attempts"].as_u64(), lines(&server).len()), (Some(4), 4));
    if outcome != "passed" {
        assert!(run.message("it").starts_with("answered 503 3 times in 4 attempts"), "{}", run.message("it"));
    }
}

#[test]
fn an_account_has_one_token_however_it_is_named() {
    let (endpoint, server) = (tokens("3600", &[""]), Hostile::answering(|_| ok()));
    let flow = "[[flow]]\nstep = [{ contract = \"one\", account = \"app\" }, { contract = \"two\" }]\n";
    let contracts = [("one", get("/one")), ("two", get("/two"))];
    verify((&endpoint, &server), &contracts, flow, &[]).exits(0);
    assert_eq!(endpoint.deliveries().len(), 1);
    assert!(server.deliveries().iter().all(|delivery| token(delivery) == Some(0)));
}

/// Sends what changes something with a token that is refused to another meanwhile.
#[test]
fn what_was_sent_with_a_token_that_others_were_refused_says_so() {
    let seen = Mutex::new((false, false));
    let wait_for = |seen: &Mutex<(bool, bool)>, which: fn(&(bool, bool)) -> bool| {
        let start = Instant::now();
        while !which(&seen.lock().unwrap()) {
            assert!(start.elapsed() < Duration::from_mins(1));
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    let server = Hostile::answering(move |delivery| match (delivery.target().as_str(), token(delivery)) {
        ("/b", Some(0)) => {
            wait_for(&seen, |seen| seen.1);
            status("401 Unauthorized")
        }
        ("/b", _) => {
            seen.lock().unwrap().0 = true;
            ok()
        }
        ("/p", _) => {
            seen.lock().unwrap().1 = true;
            wait_for(&seen, |seen| seen.0);
            status("401 Unauthorized")
        }
        _ => ok(),
    });
    let contracts = [("a", get("/a")), ("b", get("/b")), ("p", sending("POST", "/p"))];
    let run = verify((&tokens("3600", &[""]), &server), &contracts, "", &[]);
    run.exits(1);
    assert_eq!(run.outcomes(), ["a: passed", "b: passed", "p: failed status"]);
    let said = "the token that it was sent with was refused to others";
    assert!(run.stdout.contains(said), "{}", run.stdout);
    assert_eq!(run.stdout.matches(said).count(), 1, "{}", run.stdout);
}
