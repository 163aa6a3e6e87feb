//! Contracts that document 401: they are about who is not let in, so they are not let in.

use crate::hostile::{Hostile, Step, answer, json};
use crate::run::{Run, Workspace, get};
use rstest::rstest;
use serde_json::{Value, json};

/// Lets in whoever shows a credential.
fn guarded() -> Hostile {
    Hostile::answering(|delivery| {
        let known = ["authorization", "x-api-key"].iter().any(|name| !delivery.values(name).is_empty());
        vec![Step::Write(if known { json("200 OK", "{\"a\": 1}") } else { json("401 Unauthorized", "{}") })]
    })
}

/// `GET /x`, answered with 401.
fn shut_out() -> Value {
    let mut contract = get("/x");
    contract["response"] = json!({ "status": 401, "truncated": true });
    contract
}

/// The same, where the page shows a credential that is refused.
fn refused(credential: &str) -> Value {
    let mut contract = shut_out();
    contract["request"]["headers"] = json!({ "Authorization": credential });
    contract
}

fn run(workspace: &Workspace, target: &str, arguments: &[&str]) -> Run {
    workspace.verify_with(target, arguments, &[("CANARY", "ann:canary-of-ann")])
}

#[rstest]
#[case::a_token(&["--bearer-env", "CANARY"])]
#[case::a_password(&["--user-env", "CANARY"])]
#[case::a_key(&["-H", "X-Api-Key: $CANARY"])]
fn what_documents_401_is_sent_without_login_and_by_itself(#[case] login: &[&str]) {
    let server = guarded();
    let arguments = [login, &["-H", "X-Tenant: acme", "-v"]].concat();
    let workspace = Workspace::with(&[("denied", shut_out()), ("let_in", get("/x"))]);
    let done = run(&workspace, &server.url(), &arguments);
    done.exits(0).never_shows("canary");
    assert_eq!(done.outcomes(), ["denied: passed", "let_in: passed"]);
    // What is no credential goes with every request.
    let tenants: Vec<_> =
        server.deliveries().iter().flat_map(|delivery| delivery.values("x-tenant")).collect();
    assert_eq!(tenants, ["acme", "acme"]);
    let said = "sent without login, for 401 is documented";
    let shown: Vec<&str> = done.stdout.lines().filter(|line| line.contains(said)).collect();
    assert!(matches!(shown.as_slice(), [line] if line.starts_with("passed denied")), "{}", done.stdout);
    assert_eq!(done.message("denied"), said);
    let mut plan = workspace.command(["plan", "contracts", "--target", &server.url()]);
    plan.args(&arguments[..2]).env("CANARY", "ann:canary-of-ann");
    let plan = workspace.run(plan);
    assert!(plan.exits(0).stdout.contains(&format!("/x  # denied; {said}\n")), "{}", plan.stdout);
}

#[test]
fn who_lets_everybody_in_does_not_keep_it() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = Workspace::with(&[("it", shut_out()), ("let_in", get("/x"))]);
    let done = run(&workspace, &server.url(), &["--bearer-env", "CANARY"]);
    done.ends(1, "failed status").never_shows("canary");
    assert!(
        done.stdout.contains("answered 200; sent without login, for 401 is documented"),
        "{}",
        done.stdout
    );
    let curl = done.verdict("it")["curl"].as_str().unwrap();
    assert!(!curl.contains("CANARY"), "{curl}");
}

#[test]
fn a_login_that_is_refused_does_not_keep_it_either() {
    let server = Hostile::saying(json("401 Unauthorized", "{}"));
    let workspace = Workspace::with(&[("denied", shut_out()), ("let_in", get("/x"))]);
    let done = run(&workspace, &server.url(), &["--bearer-env", "CANARY"]);
    assert_eq!(done.exits(1).outcomes(), ["denied: passed", "let_in: failed status"]);
}

/// What passes since nobody was let in says nothing for the login.
#[test]
fn who_is_never_let_in_is_asked_about_the_credentials_all_the_same() {
    let server = Hostile::saying(json("401 Unauthorized", "{}"));
    let contracts = [("a", get("/a")), ("b", get("/b")), ("c", shut_out()), ("d", get("/d"))];
    let done = run(&Workspace::with(&contracts), &server.url(), &["--bearer-env", "CANARY"]);
    assert!(done.exits(1).stderr.contains("auth.suspect"), "{}", done.stderr);
}

/// Then it is one request that is answered in one way.
#[test]
fn where_nobody_logs_in_it_is_sent_once() {
    let server = guarded();
    let workspace = Workspace::with(&[("denied", shut_out()), ("let_in", get("/x"))]);
    let done = run(&workspace, &server.url(), &[]);
    assert_eq!(done.exits(0).outcomes(), ["denied: passed", "let_in: skipped other-answer"]);
    assert_eq!(server.deliveries().len(), 1);
}

/// A page's wrong token is not sent, and without one a public resource is given to everybody.
#[rstest]
#[case::beside_it(&[], &["denied: skipped other-answer", "let_in: passed"])]
#[case::not_selected(&["--only", "denied"], &["denied: skipped other-answer"])]
fn what_a_page_shows_as_refused_may_be_answered_as_an_equal_request_is(
    #[case] selected: &[&str],
    #[case] outcomes: &[&str],
) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = Workspace::with(&[("denied", refused("Bearer wrong")), ("let_in", get("/x"))]);
    let arguments = [&["--bearer-env", "CANARY"], selected].concat();
    assert_eq!(run(&workspace, &server.url(), &arguments).outcomes(), outcomes);
}

/// Who says whom a page's credential stands for, or whom a step is sent as, is heeded.
#[test]
fn whom_faithful_toml_names_sends_it() {
    let server = Hostile::answering(|delivery| {
        vec![Step::Write(match delivery.values("authorization").first().map(String::as_str) {
            Some("Bearer bob-canary-token") => answer("401 Unauthorized", &[], b""),
            Some(_) => json("200 OK", "{\"a\": 1}"),
            None => answer("403 Forbidden", &[], b""),
        })]
    });
    let mut for_members = get("/z");
    for_members["response"] = json!({ "status": 403 });
    let mut forbidden = shut_out();
    forbidden["request"]["url"] = "/y".into();
    let mapped = refused("Basic Ym9iOnB3");
    let contracts =
        [("mapped", mapped), ("members", for_members), ("step", forbidden), ("let_in", get("/x"))];
    let workspace = Workspace::with(&contracts);
    workspace.file(
        "faithful.toml",
        format!(
            "[target.staging]\nurl = \"{}\"\nauth = {{ basic = \"${{CANARY}}\" }}\n\
             [target.staging.accounts]\n\"Basic Ym9iOnB3\" = \"bob\"\n[account.bob]\nbearer = \"${{BOB}}\"\n\
             [account.nobody]\n[[flow]]\nstep = [{{ contract = \"step\", account = \"bob\" }},\n\
             {{ contract = \"members\", account = \"nobody\" }}]\n",
            server.url()
        ),
    );
    let variables = [("CANARY", "ann:canary-of-ann"), ("BOB", "bob-canary-token")];
    let done = workspace.verify_with("staging", &[], &variables);
    let outcomes = ["let_in: passed", "mapped: passed", "members: passed", "step: passed"];
    assert_eq!(done.exits(0).outcomes(), outcomes);
    done.never_shows("canary");
}

#[rstest]
#[case::its_header("Authorization", 401, &[], true)]
#[case::its_key("X-Api-Key", 401, &[], true)]
#[case::one_that_is_sent_in_its_place("Authorization", 401, &["--bearer-env", "CANARY"], false)]
#[case::another_than_is_sent("X-Api-Key", 403, &["--bearer-env", "CANARY"], true)]
#[case::an_answer_of_another_kind("Authorization", 404, &[], false)]
#[case::no_credential("X-Tenant", 401, &[], false)]
fn who_is_shut_out_is_told_of_the_pages_credential(
    #[case] field: &str,
    #[case] status: u16,
    #[case] login: &[&str],
    #[case] told: bool,
) {
    let server = Hostile::saying(json(&format!("{status} No"), "{}"));
    let mut contract = get("/x");
    contract["request"]["headers"] = json!({ field: "canary of the page" });
    let done = run(&Workspace::of(&contract), &server.url(), login);
    done.ends(1, "failed status");
    let said = format!("the page shows {field}, which is never sent from a page");
    assert_eq!(done.stdout.contains(&said), told, "{}", done.stdout);
    assert_eq!(done.stdout.contains("--bearer-env") && done.stdout.contains("-H"), told, "{}", done.stdout);
}

#[test]
fn every_credential_of_the_page_is_told_of() {
    let server = Hostile::saying(json("401 No", "{}"));
    let mut contract = get("/x");
    contract["request"]["headers"] =
        json!({ "Authorization": "canary of the page", "X-Api-Key": "canary too" });
    let done = run(&Workspace::of(&contract), &server.url(), &[]);
    let said = "the page shows Authorization and X-Api-Key, which are never sent from a page";
    assert!(done.stdout.contains(said), "{}", done.stdout);
}
