//! The main job on its first page, through the binary: the shipped contract of that page against a service that
//! keeps what it says, and against one that does not.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use assert_cmd::Command;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{body_partial_json, header_exists, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const CONTRACT: &str = "contracts/add-operations/create_commsoperation_from_.json";

/// The documented answer as a careful service would vary it: other ids and states, members on top.
fn lawful() -> Value {
    json!({
        "@odata.context": "https://graph.example/$metadata#operations/$entity",
        "@odata.type": "microsoft.graph.CommsOperation",
        "id": "0e4a3c1d-8d5b-4a53-9c63-1f0f2c1d7a11",
        "status": "Running",
        "clientContext": "Client Context value",
        "resultInfo": {
            "@odata.type": "#microsoft.graph.resultInfo",
            "code": 4, "subcode": 7.0, "message": "Message value", "details": [1]
        },
        "added": true
    })
}

/// Starts a service that answers the documented request, and nothing else.
async fn service(status: u16, body: &Value) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/api/localtest/communications/calls/a%2Fb/operations"))
        .and(header_exists("content-type"))
        .and(body_partial_json(json!({"clientContext": "Client Context value", "resultInfo": {"code": 4}})))
        .respond_with(ResponseTemplate::new(status).set_body_json(body))
        .expect(1)
        .mount(&server)
        .await;
    server
}

/// Runs `verify`; gives the exit code and the only verdict.
async fn verify(server: &MockServer) -> (i32, Value) {
    let target = format!("{}/api", server.uri());
    let run = move || {
        let mut command = Command::cargo_bin("faithful").unwrap();
        command
            .env_remove("FAITHFUL_TARGET")
            .env_remove("GITHUB_ACTIONS")
            .env("XDG_CACHE_HOME", "/dev/null")
            .args(["verify", CONTRACT, "--target", &target]);
        command.args(["--variable", "callId=a/b", "--report-json", "-"]).output().unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["verdicts"].as_array().unwrap().len(), 1);
    (output.status.code().unwrap(), report["verdicts"][0].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_id_another_status_and_members_on_top_are_lawful() {
    let server = service(201, &lawful()).await;
    let (code, verdict) = verify(&server).await;
    assert_eq!((code, &verdict["outcome"]), (0, &json!("passed")), "{verdict:#}");
    assert_eq!(verdict["mismatches"], Value::Null);
    assert!(verdict["checked"].as_u64().unwrap() >= 9, "{verdict:#}");
}

#[rstest]
#[case::another_status(200, "", Value::Null, json!({"rule": "status", "expected": 201, "actual": 200}))]
#[case::no_id(201, "/id", Value::Null,
    json!({"rule": "member-missing", "at": "$.id", "expected": "5c571b0f-1b0f-5c57-0f1b-575c0f1b575c"}))]
#[case::another_client_context(201, "/clientContext", json!("other"),
    json!({"rule": "echo", "at": "$.clientContext", "expected": "Client Context value", "actual": "other"}))]
#[case::a_text_for_a_number(201, "/resultInfo/code", json!("4"),
    json!({"rule": "type", "at": "$.resultInfo.code", "expected": 4, "actual": "4"}))]
#[case::another_number(201, "/resultInfo/subcode", json!(8),
    json!({"rule": "echo", "at": "$.resultInfo.subcode", "expected": 7, "actual": 8}))]
#[case::another_type(201, "/@odata.type", json!("#microsoft.graph.call"),
    json!({"rule": "value", "at": "$['@odata.type']", "expected": "#microsoft.graph.commsOperation",
        "actual": "#microsoft.graph.call"}))]
#[tokio::test(flavor = "multi_thread")]
async fn a_broken_promise_is_named_with_place_and_line(
    #[case] status: u16,
    #[case] pointer: &str,
    #[case] value: Value,
    #[case] expected: Value,
) {
    let mut body = lawful();
    match (pointer.rsplit_once('/'), value) {
        (None, _) => {}
        (Some((parent, name)), Value::Null) => {
            body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
        }
        (Some(_), value) => *body.pointer_mut(pointer).unwrap() = value,
    }
    let server = service(status, &body).await;
    let (code, verdict) = verify(&server).await;
    assert_eq!((code, &verdict["outcome"]), (1, &json!("failed")), "{verdict:#}");
    let mismatches = verdict["mismatches"].as_array().unwrap();
    assert_eq!(mismatches.len(), 1, "one thing is wrong, one is reported: {verdict:#}");
    let mismatch = mismatches[0].as_object().unwrap();
    for (member, value) in expected.as_object().unwrap() {
        assert_eq!(&mismatch[member], value, "{verdict:#}");
    }
    assert_eq!(mismatch["severity"], json!("fail"));
    assert!(!mismatch["why"].as_str().unwrap().is_empty());
    assert_eq!(mismatch.contains_key("actual"), expected.get("actual").is_some());
    // The line is the one of the very member in the contract file.
    let file = std::fs::read_to_string(CONTRACT).unwrap();
    let line = file.lines().nth(usize::try_from(mismatch["line"].as_u64().unwrap()).unwrap() - 1).unwrap();
    let member = pointer.rsplit('/').next().unwrap();
    assert!(line.contains(if member.is_empty() { "\"status\": 201" } else { member }), "{line}");
}
