//! Changes by strangers: nothing of theirs chooses where a run goes, whom it is there, or what it reads.

use crate::hostile::{Hostile, json};
use crate::run::{Workspace, get, sending};
use rstest::rstest;

/// A stranger's file beside their contracts.
fn workspace(theirs: &Hostile) -> Workspace {
    let workspace = Workspace::with(&[("a", get("/a?x={x}")), ("b", sending("POST", "/b"))]);
    workspace.file(
        "faithful.toml",
        format!(
            "[target.staging]\nurl = \"{0}/${{CANARY}}\"\nauth = {{ bearer = \"${{CANARY}}\" }}\nproxy = \"{0}\"\n\
             [variables]\nx = \"${{CANARY}}\"\n",
            theirs.url()
        ),
    );
    workspace
}

#[test]
fn neither_targets_nor_variables_of_the_environment_are_taken_from_the_file() {
    let (server, theirs) = (Hostile::saying(json("200 OK", "{\"a\": 1}")), Hostile::canary());
    let workspace = workspace(&theirs);
    let run = workspace.verify_with(&server.url(), &["--untrusted"], &[("CANARY", "canary-value")]);
    assert_eq!(run.exits(0).outcome("a"), "skipped needs-variable");
    assert_eq!(server.deliveries().len(), 1);
    assert!(server.deliveries().iter().all(|delivery| !delivery.text().contains("canary-value")));
    let run = workspace.verify_with("staging", &["--untrusted"], &[("CANARY", "canary-value")]);
    assert!(run.exits(2).stderr.contains("--untrusted"), "{}", run.stderr);
    assert_eq!(theirs.connections(), 0);
}

/// A value that would come from the environment is none, and what was written for one is not sent in its place.
#[test]
fn what_was_written_for_a_variable_of_the_environment_is_not_sent() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = Workspace::with(&[("a", get("/a?x={x}")), ("b", get("/b?y={y}"))]);
    workspace.file(
        "faithful.toml",
        "[variables]\ny = \"7\"\n[variables.\"*\"]\nx = \"v-${CANARY}\"\n[[flow]]\n[[flow.step]]\nmethod = \"PUT\"\n\
         path = \"/own\"\njson = { p = \"${CANARY}\" }\n[[flow.step]]\ncontract = \"b\"\n",
    );
    let run = workspace.verify_with(&server.url(), &["--untrusted"], &[("CANARY", "canary-value")]);
    assert_eq!(run.outcome("a"), "skipped needs-variable");
    assert!(server.deliveries().iter().all(|delivery| !delivery.text().contains("CANARY")));
    let run = workspace.verify_with(&server.url(), &[], &[("CANARY", "canary-value")]);
    run.exits(0);
    assert!(server.deliveries().iter().any(|delivery| delivery.text().contains("canary-value")));
}

#[rstest]
#[case("http://0.0.0.0:PORT")]
#[case("http://[::]:PORT")]
#[case("http://10.0.0.1:PORT")]
#[case("http://169.254.169.254")]
fn another_machine_is_a_usage_error(#[case] target: &str) {
    let canary = Hostile::canary();
    let target = target.replace("PORT", &canary.port().to_string());
    let run = Workspace::of(&get("/x")).verify_at(&target, &["--untrusted"]);
    assert!(run.exits(2).stderr.contains("--untrusted"), "{}", run.stderr);
    let map = format!("https://other.example={target}");
    let run = Workspace::of(&get("/x")).verify(&canary, &["--untrusted", "--map", &map]);
    run.exits(2);
    assert_eq!(canary.connections(), 0);
}

#[test]
fn a_name_is_held_against_the_address_that_is_dialled() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let named = format!("http://localhost:{}", server.port());
    Workspace::of(&get("/x")).verify_at(&named, &["--untrusted"]).ends(0, "passed");
}

#[test]
fn no_proxy_is_asked() {
    let (server, proxy) = (Hostile::saying(json("200 OK", "{\"a\": 1}")), Hostile::canary());
    let named = format!("http://localhost:{}", server.port());
    let arguments = ["--untrusted", "--proxy", &proxy.url()];
    Workspace::of(&get("/x")).verify_at(&named, &arguments).ends(0, "passed");
    assert_eq!(proxy.connections(), 0);
}
