//! Requests that could do harm: they change what is not theirs, or make the target dial out.

use crate::hostile::{Hostile, json};
use crate::run::{Workspace, get, sending};
use rstest::rstest;
use serde_json::{Value, json};

/// The server by an address that is not loopback and yet never leaves this machine.
pub(crate) fn not_loopback(server: &Hostile) -> String {
    format!("http://0.0.0.0:{}", server.port())
}

/// Everything that may change the target's state.
fn mutating() -> Vec<(String, Value)> {
    let mut contracts: Vec<(String, Value)> = Vec::new();
    for method in ["POST", "PUT", "PATCH", "DELETE", "MERGE", "PURGE", "TRACE", "get", "X"] {
        contracts.push((format!("method-{method}"), sending(method, "/x")));
    }
    let overrides =
        ["X-HTTP-Method-Override", "x-http-method", "X-METHOD-OVERRIDE", "X_HTTP_METHOD_OVERRIDE"];
    for name in overrides {
        let mut contract = get("/x");
        contract["request"]["headers"] = json!({ name: "DELETE" });
        contracts.push((format!("header-{name}"), contract));
    }
    let urls = [
        "/x?_method=DELETE",
        "/x?a=1&_method=delete",
        "/x?_METHOD=PUT",
        "/x?%5Fmethod=MERGE",
        "/x?_method",
        "/$batch",
        "/v1.0/$BATCH",
        "/%24batch",
        "/$batch?x=1",
        "https://home.example/v1/graphql",
        "/GraphQL?query=mutation",
        "/graphql/",
        "/$batch()",
        "/v1.0/$batch;x",
        "/graphql;a=b",
        "/x?_method[]=DELETE",
        "/x?_method%5B%5D=DELETE",
        "/x?a=b;_method=DELETE",
        "/x?+_method=DELETE",
        "/x?%20_method=DELETE",
        "/x?.method=DELETE",
        "/x?x-http-method-override=DELETE",
        "/x?X_HTTP_Method_Override=DELETE",
    ];
    contracts.extend(urls.iter().enumerate().map(|(index, url)| (format!("url-{index}"), get(url))));
    contracts
}

fn workspace(contracts: &[(String, Value)]) -> Workspace {
    let contracts: Vec<(&str, Value)> = contracts.iter().map(|(id, it)| (id.as_str(), it.clone())).collect();
    Workspace::with(&contracts)
}

#[test]
fn what_changes_state_is_held_back_from_any_other_machine() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = workspace(&mutating());
    let run = workspace.verify_at(&not_loopback(&server), &[]);
    let held: Vec<String> = mutating().iter().map(|(id, _)| run.outcome(id)).collect();
    assert_eq!(held, vec!["skipped mutating"; held.len()], "{:?}", run.outcomes());
    assert_eq!(server.connections(), 0);
    run.exits(5);
    let counts = format!("mutating {}", held.len());
    assert!(run.stdout.contains(&counts), "the last line counts them: {}", run.stdout);
    assert_eq!(run.report.as_ref().unwrap()["summary"]["skipped_by_reason"]["mutating"], held.len());
}

#[test]
fn what_changes_nothing_is_sent_to_any_machine() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = Workspace::with(&[
        ("a", get("/x?method=x&a=_method;b=x-http-method-override")),
        ("b", get("/batch/graphqls/a;$batch")),
        ("c", sending("OPTIONS", "/x")),
    ]);
    workspace.verify_at(&not_loopback(&server), &[]).exits(0);
    assert_eq!(server.deliveries().len(), 3);
}

#[rstest]
#[case::to_this_machine(false)]
#[case::where_the_user_allows_it(true)]
fn what_changes_state_is_sent(#[case] allowed: bool) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = workspace(&mutating());
    let run = if allowed {
        workspace.verify_at(&not_loopback(&server), &["--allow-mutations"])
    } else {
        workspace.verify(&server, &[])
    };
    let sent = mutating().iter().filter(|(id, _)| run.outcome(id).starts_with("passed")).count();
    assert_eq!(sent, mutating().len(), "{:?}", run.outcomes());
    assert_eq!(server.deliveries().len(), sent, "once each");
}

/// Requests that name a host which the target may dial.
#[rstest]
#[case::a_webhook(json!({ "notificationUrl": "https://hook.test/x" }))]
#[case::a_url_within_a_text(json!({ "note": "send it to https://hook.test:8443/x please" }))]
#[case::a_url_deep_inside(json!({ "a": [{ "b": [{ "c": "http://hook.test" }] }] }))]
#[case::a_url_without_a_scheme(json!({ "u": "//hook.test/x" }))]
#[case::a_url_with_a_user(json!({ "u": "https://home.example@hook.test/" }))]
#[case::a_url_in_capitals(json!({ "u": "HTTPS://HOOK.TEST/" }))]
#[case::another_scheme(json!({ "u": "ldap://hook.test/x" }))]
#[case::a_database(json!({ "u": "jdbc:postgresql://hook.test:5432/x" }))]
#[case::a_host_by_its_member(json!({ "serverAddress": "hook.test" }))]
#[case::a_host_with_a_port(json!({ "peer": "hook:5432" }))]
#[case::a_private_address(json!({ "x": "10.0.0.7" }))]
#[case::a_metadata_service(json!({ "u": "http://169.254.169.254/latest/meta-data" }))]
#[case::an_address_with_a_port(json!({ "x": "10.0.0.7:80" }))]
#[case::an_ipv6_address(json!({ "x": "2001:db8::1" }))]
#[case::an_ipv6_address_in_brackets(json!({ "u": "http://[2001:db8::1]:80/" }))]
#[case::an_address_as_one_number(json!({ "u": "http://2852039166/" }))]
#[case::a_list_of_peers(json!({ "peerURLs": ["http://127.0.0.1:1", "http://10.0.0.10:2380"] }))]
fn a_body_that_names_another_host_is_held_back(#[case] body: Value) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let mut contract = sending("POST", "https://home.example/x");
    contract["request"]["json"] = body;
    let workspace = Workspace::of(&contract);
    workspace.verify(&server, &[]).ends(5, "skipped names-foreign-host");
    assert_eq!(server.connections(), 0, "this machine too can be made to dial");
    workspace.verify(&server, &["--allow-foreign-hosts"]).ends(0, "passed");
    let embedded = workspace.command(["verify", "contracts", "--report-json", "report.json"]);
    workspace.run(embedded).ends(0, "passed");
}

#[rstest]
#[case::a_query(get("/x?target=https%3A%2F%2Fhook.test%2F"))]
#[case::a_query_without_escapes(get("/x?target=https://hook.test/"))]
#[case::a_query_with_a_host(get("/x?host=hook.test"))]
#[case::a_form({
    let mut contract = sending("POST", "/x");
    contract["request"] = json!({
        "method": "POST", "url": "/x", "headers": { "Content-Type": "application/x-www-form-urlencoded" },
        "text": "a=1&mirror=http%3A%2F%2Fhook.test%2F"
    });
    contract
})]
#[case::xml({
    let mut contract = sending("POST", "/x");
    contract["request"] = json!({
        "method": "POST", "url": "/x", "headers": { "Content-Type": "text/xml" },
        "text": "<!DOCTYPE x [<!ENTITY e SYSTEM \"http://hook.test/e\">]><x>&e;</x>"
    });
    contract
})]
#[case::a_field({
    let mut contract = get("/x");
    contract["request"]["headers"] = json!({ "X-Callback": "https://hook.test/" });
    contract
})]
fn a_query_a_form_or_a_field_that_names_another_host_is_held_back(#[case] contract: Value) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    Workspace::of(&contract).verify(&server, &[]).ends(5, "skipped names-foreign-host");
    assert_eq!(server.connections(), 0);
}

#[rstest]
#[case::the_docs_own_host(json!({ "u": "https://home.example/users/7" }))]
#[case::this_machine(json!({ "u": "http://localhost:8080/x", "v": "127.0.0.1", "w": "http://[::1]/" }))]
#[case::an_address_of_mail(json!({ "mail": "ann@hook.test", "emailAddress": { "address": "ann@hook.test" } }))]
#[case::a_type(json!({ "@odata.type": "#microsoft.graph.user" }))]
#[case::a_version_and_a_time(json!({ "osVersion": "10.0.19045.1", "at": "2026-01-02T03:04:05Z" }))]
#[case::a_file(json!({ "name": "report.docx", "street": "12 Main St." }))]
fn what_is_no_other_host_is_sent(#[case] body: Value) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let mut contract = sending("POST", "https://home.example/x");
    contract["request"]["json"] = body;
    Workspace::of(&contract).verify(&server, &[]).ends(0, "passed");
}

/// One request, several documented answers.
#[rstest]
#[case("200 OK", "{\"a\": 1}", 0, ["passed", "skipped other-answer", "skipped other-answer"])]
#[case("404 Not Found", "{\"error\": 1}", 0, ["skipped other-answer", "passed", "skipped other-answer"])]
#[case("404 Not Found", "{}", 1, ["skipped other-answer", "failed member-missing", "skipped other-answer"])]
#[case("409 Conflict", "{}", 0, ["skipped other-answer", "skipped other-answer", "passed"])]
#[case("500 Oops", "{\"a\": 1}", 1, ["failed status", "skipped other-answer", "skipped other-answer"])]
fn an_equal_request_is_sent_once_and_judged_by_the_status_that_came(
    #[case] status: &'static str,
    #[case] body: &'static str,
    #[case] code: i32,
    #[case] outcomes: [&str; 3],
) {
    let server = Hostile::saying(json(status, body));
    let contract = |status: u16, body: Value| {
        let mut contract = sending("POST", "/x");
        contract["response"]["status"] = status.into();
        contract["response"]["json"] = body;
        contract
    };
    let contracts = [
        ("x-200", contract(200, json!({ "a": 1 }))),
        ("x-404", contract(404, json!({ "error": 1 }))),
        ("x-409", contract(409, json!({}))),
    ];
    let run = Workspace::with(&contracts).verify(&server, &[]);
    assert_eq!(["x-200", "x-404", "x-409"].map(|id| run.outcome(id)), outcomes);
    run.exits(code);
    assert_eq!(server.deliveries().len(), 1);
}

/// A contract whose page spells its POST so.
fn spelled((url, headers, body): Spelling<'_>, status: u16) -> String {
    let mut contract = sending("POST", url);
    contract["response"]["status"] = status.into();
    contract["request"].as_object_mut().unwrap().remove("json");
    // Written by hand: what is read keeps neither the order of members nor all digits.
    let written = format!("\"headers\": {{{headers}}}, {body},");
    contract.to_string().replacen("\"request\":{", &format!("\"request\":{{{written}"), 1)
}

const JSON: &str = "\"json\": {\"a\": 1, \"b\": [9007199254740993]}";
const TEXT: &str = "\"text\": \"a, b\"";
const TYPED: &str = r#""Content-Type": "application/json""#;
const PLAIN: &str = r#""Content-Type": "text/plain""#;

/// URL, headers and body.
type Spelling<'s> = (&'s str, &'s str, &'s str);

#[rstest]
#[case::the_case_of_a_name(("/x", TYPED, JSON), ("/x", r#""Content-type": "application/json""#, JSON), true)]
#[case::the_order_of_fields(("/x", r#""A": "1", "B": "2""#, JSON), ("/x", r#""b": "2", "A": "1""#, JSON), true)]
#[case::the_case_of_a_media_type(("/x", TYPED, JSON), ("/x", r#""Content-Type": "Application/JSON""#, JSON), true)]
#[case::the_order_of_members(("/x", "", JSON), ("/x", "", "\"json\": {\"b\": [9007199254740993], \"a\": 1}"), true)]
#[case::the_spelling_of_values(("/x", "", JSON), ("/x", "", "\"json\": {\"\\u0061\": 1.0, \"b\": [ 9007199254740993 ]}"), true)]
#[case::an_empty_parameter(("/x?a=1", "", JSON), ("/x?a=1&", "", JSON), true)]
#[case::an_empty_query(("/x", "", JSON), ("/x?", "", JSON), true)]
#[case::an_escaped_letter(("/xA", "", JSON), ("/x%41", "", JSON), true)]
#[case::text(("/x", PLAIN, TEXT), ("/x", r#""content-type": "Text/Plain""#, TEXT), true)]
#[case::another_value(("/x", r#""A": "1""#, JSON), ("/x", r#""A": "2""#, JSON), false)]
#[case::another_order_of_one_field(("/x", r#""A": "1", "a": "2""#, JSON), ("/x", r#""A": "2", "a": "1""#, JSON), false)]
#[case::another_number(("/x", "", JSON), ("/x", "", "\"json\": {\"a\": 1, \"b\": [9007199254740992]}"), false)]
#[case::another_order_of_elements(("/x", "", "\"json\": [1, 2]"), ("/x", "", "\"json\": [2, 1]"), false)]
#[case::an_escaped_slash(("/x/y", "", JSON), ("/x%2Fy", "", JSON), false)]
#[case::another_path(("/x", "", JSON), ("/X", "", JSON), false)]
#[case::another_text(("/x", PLAIN, TEXT), ("/x", PLAIN, "\"text\": \"a,b\""), false)]
fn what_only_is_spelled_otherwise_is_sent_once(
    #[case] one: Spelling<'_>,
    #[case] other: Spelling<'_>,
    #[case] equal: bool,
) {
    let workspace = Workspace::new();
    workspace.file("contracts/x-200.json", spelled(one, 200));
    workspace.file("contracts/x-404.json", spelled(other, 404));
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let run = workspace.verify(&server, &[]);
    let judged = if equal { "skipped other-answer" } else { "failed status" };
    assert_eq!(["x-200", "x-404"].map(|id| run.outcome(id)), ["passed", judged].map(str::to_owned));
    assert_eq!(server.deliveries().len(), if equal { 1 } else { 2 });
}

#[test]
fn against_the_embedded_stub_each_of_several_answers_is_judged() {
    let mut other = get("/x");
    other["response"] = json!({ "status": 404, "json": { "error": 1 } });
    let workspace = Workspace::with(&[("x-200", get("/x")), ("x-404", other)]);
    let run = workspace.run(workspace.command(["verify", "contracts", "--report-json", "report.json"]));
    run.exits(0);
    assert_eq!(run.outcomes(), ["x-200: passed", "x-404: passed"]);
}
