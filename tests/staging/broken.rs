//! Flows that break: nothing of somebody else's is touched, and nothing that went wrong is lost.

use crate::run::{Run, Running, Workspace};
use crate::service::Service;
use crate::{project, verify};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use rstest::rstest;
use std::process::Stdio;
use std::time::Duration;

const FLOW: &str = "[[flow]]\nname = \"users\"\n[[flow.step]]\ncontract = \"service/post-users\"\n\
                    capture = { id = \"$.id\" }\n[[flow.step]]\ncontract = \"service/get-users-id\"\n\
                    [[flow.cleanup]]\ncontract = \"service/delete-users-id\"\n";

/// The service, of which requests with this method are answered so instead; after a while where a body is `hang`.
fn answering(method: &'static str, status: u16, body: &'static str) -> Service {
    Service::wrapped(|routes, _| {
        routes.layer(from_fn(move |request: Request, next: Next| async move {
            if request.method() != method {
                return next.run(request).await;
            }
            if body == "hang" {
                tokio::time::sleep(Duration::from_mins(1)).await;
            }
            let status = StatusCode::from_u16(status).unwrap();
            let answer: Response = (status, [("content-type", "application/json")], body).into_response();
            answer
        }))
    })
}

/// All that the flow has.
const ALL: [&str; 6] =
    ["--only", "service/post-users", "--only", "service/get-users-id", "--only", "service/delete-users-id"];

fn deletions(service: &Service) -> Vec<String> {
    service.log().into_iter().filter(|line| line.starts_with("DELETE")).collect()
}

/// What a flow captures is its own; a value of the same name is somebody else's.
#[rstest]
#[case::it_failed(500, "{}")]
#[case::it_was_refused(403, "{}")]
#[case::nothing_to_capture(201, "{\"key\": \"u-9\", \"name\": \"Ann\"}")]
fn what_was_not_captured_is_not_cleaned_up_elsewhere(
    #[case] status: u16,
    #[case] body: &'static str,
    #[values("file", "qualified", "made up", "scoped", "flag", "environment")] source: &str,
) {
    let variables = match source {
        "file" => "[variables]\nid = \"u-shared\"\n",
        "qualified" => "[variables]\n\"users.id\" = \"u-shared\"\n",
        "made up" => "[variables]\nid = { make = \"uuid\" }\n",
        "scoped" => "[variables.\"service/*\"]\nid = \"u-shared\"\n",
        _ => "",
    };
    let (service, workspace) = (answering("POST", status, body), project(&format!("{FLOW}{variables}")));
    let mut command = workspace.command(["verify", "docs", "--target", &service.url()]);
    command.args(["--report-json", "report.json"]).args(ALL);
    if source == "flag" {
        command.args(["--variable", "id=u-shared"]);
    }
    if source == "environment" {
        command.env("FAITHFUL_VARIABLE_ID", "u-shared");
    }
    let run = workspace.run(command);
    assert_eq!(service.log(), ["POST /users"], "{}", run.printed());
    for id in ["service/get-users-id", "service/delete-users-id"] {
        assert_eq!(run.outcome(id), "errored flow.setup_failed", "{}", run.printed());
    }
    assert!(run.message("service/delete-users-id").contains("left out: {id} was not captured"));
    // What was refused made nothing; of all else nobody knows.
    assert_eq!(left_behind(&run).len(), usize::from(status != 403), "{}", run.printed());
}

/// The messages of what was left behind.
fn left_behind(run: &Run) -> Vec<String> {
    let left = run.report.as_ref().unwrap().get("left_behind").and_then(|left| left.as_array().cloned());
    left.unwrap_or_default().iter().map(|left| left["message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_less_qualified_capture_is_another_value() {
    let flow = "[[flow]]\nname = \"users\"\n[[flow.step]]\nmethod = \"GET\"\npath = \"/users\"\n\
                capture = { id = { header = \"date\" } }\n[[flow.step]]\ncontract = \"service/post-users\"\n\
                capture = { \"users.id\" = \"$.id\" }\n[[flow.cleanup]]\nmethod = \"DELETE\"\npath = \"/users/{id}\"\n";
    let service = answering("POST", 500, "{}");
    let run = verify(&project(flow), &service, &["--only", "service/post-users"]);
    assert_eq!(deletions(&service), [] as [&str; 0], "{}", run.printed());
    let said = format!(
        "cleanup 1 of flow users, DELETE {}/users/{{users.id}}, was left out: {{id}} was not captured",
        service.url()
    );
    assert_eq!(left_behind(&run), [said]);
}

/// A replacement fills in a placeholder, and that is the flow's own.
#[test]
fn what_is_replaced_is_not_taken_from_elsewhere() {
    let flow = format!(
        "[variables]\nmine = \"u-shared\"\n[[replace]]\ncontract = \"service/delete-*\"\nsegment = \"{{id}}\"\nwith = \"{{mine}}\"\n{}",
        FLOW.replace("{ id = ", "{ id = \"$.id\", mine = ")
    );
    let service = answering("POST", 500, "{}");
    let run = verify(&project(&flow), &service, &["--only", "service/post-users"]);
    assert_eq!(deletions(&service), [] as [&str; 0], "{}", run.printed());
}

/// An interrupted run of one flow that creates a user, once something of it is so.
fn interrupted(flow: &str, service: &Service, until: impl Fn() -> bool) -> Run {
    let workspace: Workspace = project(flow);
    let url = service.url();
    let mut command = workspace.command(["verify", "docs", "--target", &url, "--report-json", "report.json"]);
    command.args(ALL);
    let running = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
    while !until() {
        std::thread::sleep(Duration::from_millis(5));
    }
    running.signal("TERM");
    let mut run = running.finish();
    let report = std::fs::read_to_string(workspace.path().join("report.json")).unwrap();
    run.report = Some(serde_json::from_str(&report).unwrap());
    assert_eq!(run.code, Some(143), "{}", run.printed());
    run
}

#[test]
fn an_interrupted_flow_cleans_up_nothing_that_it_did_not_make() {
    let service = answering("POST", 201, "hang");
    let flow = format!("{FLOW}[variables]\nid = \"u-shared\"\n");
    let run = interrupted(&flow, &service, || service.log().len() == 1);
    assert_eq!(service.log(), ["POST /users"], "{}", run.printed());
    let said = format!(
        "cleanup 1 of flow users, DELETE {}/users/{{id}}, was left out: {{id}} was not captured",
        service.url()
    );
    assert_eq!(left_behind(&run), [said]);
    assert_eq!(run.outcome("service/delete-users-id"), "skipped interrupted");
}

#[test]
fn a_flow_that_was_interrupted_before_it_made_anything_leaves_nothing() {
    let service = Service::start();
    let wait = "capture = { id = \"$.id\" }\nwait = \"60s\"\n";
    let flow = FLOW.replace("capture = { id = \"$.id\" }\n", wait);
    let first = "[[flow.step]]\nmethod = \"GET\"\npath = \"/users\"\n";
    let flow = flow.replacen("[[flow.step]]\n", &format!("{first}[[flow.step]]\n"), 1);
    let run = interrupted(&format!("{flow}[variables]\nid = \"u-shared\"\n"), &service, || {
        service.log().len() == 1
    });
    assert_eq!(service.log(), ["GET /users"], "{}", run.printed());
    assert_eq!(left_behind(&run), [] as [&str; 0]);
    assert!(!run.message("service/post-users").contains("acted"), "{}", run.message("service/post-users"));
}

const STEPS: &str = "[[flow]]\nname = \"users\"\n[[flow.step]]\ncontract = \"service/post-users\"\n\
                     capture = { id = \"$.id\" }\n[[flow.step]]\ncontract = \"service/get-users-id\"\n[[flow.step]]\n";

/// Where nothing that is judged comes behind it, the contract before it does not pass.
#[rstest]
#[case::in_the_middle(
    "method = \"PUT\"\npath = \"/users/{id}\"\n[[flow.step]]\nmethod = \"GET\"\npath = \"/users/{id}\"\nstatus = 404",
    "service/get-users-id: errored flow.setup_failed",
    "step 3 of flow users, PUT SERVICE/users/u-4701, answered 405, not 2xx"
)]
#[case::at_the_end(
    "method = \"GET\"\npath = \"/users/{id}\"\nstatus = 404",
    "service/get-users-id: errored flow.setup_failed",
    "step 3 of flow users, GET SERVICE/users/u-4701, answered 200, not 404"
)]
#[case::waited_for_in_vain(
    "method = \"POST\"\npath = \"/exports\"\njson = { userId = \"{id}\" }\n\
     until = { at = \"$.status\", equals = \"mended\", every = \"10ms\", timeout = \"50ms\" }",
    "service/get-users-id: errored flow.timeout",
    "step 3 of flow users, POST SERVICE/exports, names the operation SERVICE/operations/"
)]
#[case::in_second_place(
    "contract = \"service/delete-users-id\"\n[[flow.step]]\ncontract = \"service/get-users-id\"",
    "service/delete-users-id: errored flow.setup_failed",
    "step 4 of flow users, GET SERVICE/users/u-4701, answered 404, not 200"
)]
#[case::captured_in_vain(
    "contract = \"service/patch-users-id\"\ncapture = { x = \"$.nope\" }",
    "service/patch-users-id: errored flow.setup_failed",
    "step 3 of flow users, PATCH SERVICE/users/u-4701, {x} cannot be captured: nothing is at $.nope"
)]
fn what_fails_last_is_not_lost(
    #[case] step: &str,
    #[case] outcome: &str,
    #[case] message: &str,
    #[values("", "\n[[flow.cleanup]]\nmethod = \"DELETE\"\npath = \"/users/{id}\"\n")] clean_up: &str,
) {
    let service = Service::start();
    let workspace = project(&format!("{STEPS}{step}{clean_up}\n"));
    let judged = outcome.split(':').next().unwrap();
    let only = ["--only", "service/post-users", "--only", "service/get-users-id", "--only", judged];
    let run = verify(&workspace, &service, &only);
    run.exits(3);
    let others: Vec<_> = run.outcomes().into_iter().filter(|line| !line.ends_with("passed")).collect();
    assert_eq!(others, [outcome], "{}", run.printed());
    let (id, message) = (outcome.split(':').next().unwrap(), message.replace("SERVICE", &service.url()));
    assert!(run.message(id).starts_with(&message), "{}", run.message(id));
    assert!(run.stdout.contains(&message), "{}", run.printed());
}

#[test]
fn a_contract_that_failed_says_what_ended_its_flow() {
    let service = answering(
        "POST",
        201,
        "{\"id\": \"u-9\", \"name\": 5, \"createdDateTime\": \"2020-02-03T04:05:06Z\"}",
    );
    let flow = "[[flow]]\nname = \"users\"\n[[flow.step]]\ncontract = \"service/post-users\"\ncapture = { id = \"$.id\" }\n\
                [[flow.step]]\nmethod = \"GET\"\npath = \"/users/{id}\"\n";
    let run = verify(&project(flow), &service, &["--only", "service/post-users", "--format", "github"]);
    run.exits(1);
    let said = format!("step 2 of flow users, GET {}/users/u-9, answered 404, not 2xx", service.url());
    assert_eq!(run.message("service/post-users"), said);
    assert!(run.stdout.contains("step 2 of flow users"), "{}", run.stdout);
}

#[test]
fn a_clean_up_is_judged_though_its_flow_broke() {
    let (service, flow) = (
        Service::start(),
        FLOW.replace(
            "users-id\"\n[[flow.cleanup]]",
            "users-id\"\ncapture = { x = \"$.x\" }\n[[flow.cleanup]]",
        ),
    );
    let run = verify(&project(&flow), &service, &ALL);
    run.exits(3);
    assert_eq!((run.outcome("service/delete-users-id"), service.users()), ("passed".into(), 0));
    assert_eq!(run.outcome("service/get-users-id"), "errored flow.setup_failed", "{}", run.printed());
    let flow = FLOW.replace("users-id\"\n[[flow.cleanup]]", "users-id\"\nwait = \"60s\"\n[[flow.cleanup]]");
    let run = interrupted(&flow, &service, || service.users() == 1);
    assert_eq!((run.outcome("service/delete-users-id"), service.users()), ("passed".into(), 0));
    assert_eq!(run.outcome("service/get-users-id"), "skipped interrupted");
}

#[test]
fn a_clean_up_that_a_broken_flow_came_to_early_is_no_mismatch() {
    let service = answering("DELETE", 409, "{}");
    let flow = FLOW
        .replace("users-id\"\n[[flow.cleanup]]", "users-id\"\ncapture = { x = \"$.x\" }\n[[flow.cleanup]]");
    let run = verify(&project(&flow), &service, &ALL);
    assert_eq!(run.outcome("service/delete-users-id"), "errored flow.setup_failed", "{}", run.printed());
    let said = run.message("service/delete-users-id");
    assert!(said.contains("nothing is at $.x; sent to clean up, and answered 409"), "{said}");
    assert_eq!(left_behind(&run).len(), 1);
}

#[test]
fn a_step_that_was_answered_was_sent() {
    let service = answering("POST", 503, "{}");
    let run = verify(&project(FLOW), &service, &ALL);
    let said = format!(
        "step 1 of flow users, POST {}/users, was sent, and got no answer that counts (http.unavailable): answered 503",
        service.url()
    );
    assert!(run.message("service/get-users-id").starts_with(&said), "{}", run.printed());
}
