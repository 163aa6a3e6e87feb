//! Placeholders: filled from what the user gave, never from the environment and never by a shell.

use crate::hostile::{Delivery, Hostile, json};
use crate::run::{Workspace, get, sending};
use rstest::rstest;
use serde_json::{Value, json};

const NAME: &str = "CANARY_NAME";
const VALUE: &str = "canary-value-of-the-environment";

/// Forms in which other tools read the environment or run a command.
const FORMS: [&str; 16] = [
    "${CANARY_NAME}",
    "$CANARY_NAME",
    "$(printenv CANARY_NAME)",
    "`printenv CANARY_NAME`",
    "%CANARY_NAME%",
    "{{CANARY_NAME}}",
    "{{env.CANARY_NAME}}",
    "{{ env.CANARY_NAME }}",
    "{CANARY_NAME}",
    "<CANARY_NAME>",
    "{env:CANARY_NAME}",
    "${env:CANARY_NAME}",
    "${{ env.CANARY_NAME }}",
    "#{CANARY_NAME}",
    "{% env CANARY_NAME %}",
    "!CANARY_NAME!",
];

#[test]
fn the_environment_is_never_read_for_a_page() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = Workspace::new();
    let mut ids = Vec::new();
    for (index, form) in FORMS.iter().enumerate() {
        let mut field = get("/field");
        field["request"]["headers"] = json!({ "X-Form": form });
        let mut body = sending("POST", "/body");
        body["request"]["json"] = json!({ "whole": form, "inside": format!("x {form} y"), "url": format!("http://localhost/{form}") });
        let mut text = sending("POST", "/text");
        text["request"].as_object_mut().unwrap().remove("json");
        text["request"]["text"] = (*form).into();
        let places: [(&str, Value); 5] = [
            ("path", get(&format!("/path/{form}"))),
            ("query", get(&format!("/query?x={form}"))),
            ("field", field),
            ("body", body),
            ("text", text),
        ];
        for (place, contract) in places {
            let id = format!("{place}-{index:02}");
            workspace.file(&format!("contracts/{id}.json"), contract.to_string());
            ids.push(id);
        }
    }
    let mut command = workspace.command(["verify", "contracts", "--report-json", "report.json", "--target"]);
    command
        .arg(server.url())
        .env(NAME, VALUE)
        .env(format!("FAITHFUL_{NAME}"), VALUE)
        .env(NAME.to_lowercase(), VALUE);
    let run = workspace.run(command);
    run.never_shows(VALUE);
    for id in ids {
        let outcome = run.outcome(&id);
        assert!(matches!(outcome.as_str(), "passed" | "skipped needs-variable"), "{id}: {outcome}");
    }
    let deliveries = server.deliveries();
    assert!(deliveries.len() > FORMS.len(), "many of them are literal text");
    assert!(deliveries.iter().all(|delivery| !delivery.text().contains(VALUE)));
    assert!(deliveries.iter().all(|delivery| !delivery.text().contains("uid=")));
}

#[rstest]
#[case("/x/$HOME", "/x/$HOME")]
#[case("/x/$(id)", "/x/$(id)")]
#[case("/x/%PATH%", "/x/%25PATH%25")]
#[case("/x?$filter=a eq 'b'", "/x?$filter=a%20eq%20%27b%27")]
fn what_only_looks_like_a_variable_is_sent_as_it_stands(#[case] documented: &str, #[case] sent: &str) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    Workspace::of(&get(documented)).verify(&server, &[]).ends(0, "passed");
    assert_eq!(server.deliveries()[0].target(), sent);
}

#[rstest]
#[case::in_the_path(get("/users/{id}/x"), "id")]
#[case::of_two_names(get("/users/{id | userPrincipalName}"), "id | userPrincipalName")]
#[case::in_the_query(get("/x?y={some id}"), "some id")]
#[case::in_a_field({
    let mut contract = get("/x");
    contract["request"]["headers"] = json!({ "If-Match": "{etag}" });
    contract
}, "etag")]
#[case::as_a_whole_string({
    let mut contract = sending("POST", "/x");
    contract["request"]["json"] = json!({ "a": [{ "b": "<user-id>" }] });
    contract
}, "user-id")]
fn a_placeholder_without_a_value_holds_its_request_back_and_is_named(
    #[case] contract: Value,
    #[case] name: &str,
) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let run = Workspace::of(&contract).verify(&server, &[]);
    run.ends(5, "skipped needs-variable");
    assert!(run.message("it").contains(name), "{}", run.message("it"));
    assert_eq!(server.connections(), 0);
    let first = name.split(" | ").next().unwrap();
    let run = Workspace::of(&contract).verify(&server, &["--variable", &format!("{first}=seven")]);
    run.ends(0, "passed");
    assert!(server.deliveries()[0].text().contains("seven"));
}

#[test]
fn a_documented_credential_with_a_placeholder_holds_nothing_back() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let mut contract = get("/x");
    contract["request"]["headers"] = json!({ "Authorization": "Bearer {token}", "Cookie": "<session>" });
    Workspace::of(&contract).verify(&server, &[]).ends(0, "passed");
}

#[test]
fn markup_and_braces_within_a_body_are_text() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let mut contract = sending("POST", "/x");
    let body = json!({ "html": "<p>hello {name}</p>", "css": "p { color: red }", "{id}": "x {id} y" });
    contract["request"]["json"] = body.clone();
    Workspace::of(&contract).verify(&server, &[]).ends(0, "passed");
    let sent: Value = serde_json::from_slice(server.deliveries()[0].body()).unwrap();
    assert_eq!(sent, body);
}

#[test]
fn the_more_qualified_variable_wins() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let arguments = ["--variable", "id=7", "--variable", "users.id=ann", "-j", "1"];
    Workspace::with(&[("a", get("/users/{id}")), ("b", get("/groups/{id}"))])
        .verify(&server, &arguments)
        .exits(0);
    let targets: Vec<String> = server.deliveries().iter().map(Delivery::target).collect();
    assert_eq!(targets, ["/users/ann", "/groups/7"]);
}
