//! Flows: what is sent in an order of its own, with what it needs and what it leaves.

use crate::run::{Run, Running, Workspace};
use crate::service::{DRIFT, Service};
use crate::{project, verify};
use rstest::rstest;
use std::process::Stdio;
use std::time::Duration;

const FLOW: &str = include_str!("users.toml");

/// Outcomes that are not as they were asked for.
pub(crate) fn others(run: &Run, outcome: &str) -> Vec<String> {
    let ends = format!(": {outcome}");
    run.outcomes().into_iter().filter(|line| !line.ends_with(&ends)).collect()
}

#[test]
fn a_flow_takes_ids_from_answers_waits_and_cleans_up() {
    let (service, workspace) = (Service::start(), project(FLOW));
    let run = verify(&workspace, &service, &[]);
    run.exits(1);
    assert_eq!(others(&run, "passed"), [format!("{DRIFT}: failed type")], "{}", run.printed());
    assert_eq!(run.verdicts().len(), 9, "each contract is judged once, in its flow");
    assert_eq!(
        service.log(),
        [
            "POST /users",
            "GET /users",
            "GET /users/u-4701",
            "PATCH /users/u-4701",
            "POST /users/u-4701/notes",
            "GET /users/u-4701/notes/n-4702",
            "POST /exports",
            "GET /operations/o-4703",
            "GET /operations/o-4703",
            "GET /operations/o-4703",
            "GET /exports/e-4704",
            "DELETE /users/u-4701",
        ]
    );
    assert_eq!(service.users(), 0);
}

#[test]
fn the_embedded_stub_needs_no_flow() {
    let workspace = project(FLOW);
    let mut command = workspace.command(["verify", "docs", "--report-json", "report.json"]);
    command.env_remove("FAITHFUL_TARGET");
    let run = workspace.run(command);
    run.exits(0);
    assert_eq!((others(&run, "passed"), run.verdicts().len()), (vec![], 9));
}

#[rstest]
#[case::another_status(
    "method = \"POST\"\npath = \"/users\"\njson = { nam = \"x\" }\ncapture = { id = \"$.id\" }",
    "step 1 of flow users, POST SERVICE/users, answered 400, not 2xx"
)]
#[case::nothing_to_capture(
    "method = \"POST\"\npath = \"/users\"\njson = { name = \"x\" }\ncapture = { id = \"$.key\" }",
    "step 1 of flow users, POST SERVICE/users, {id} cannot be captured: nothing is at $.key"
)]
#[case::never_done(
    "method = \"GET\"\npath = \"/users\"\nuntil = { at = \"$.value[0]\", every = \"10ms\", timeout = \"50ms\" }\n\
     capture = { id = { header = \"Date\" } }",
    "step 1 of flow users, GET SERVICE/users, was not answered $.value[0] within 50ms"
)]
fn a_set_up_that_failed_leaves_its_contracts_unjudged(#[case] step: &str, #[case] message: &str) {
    let flow = format!(
        "[[flow]]\nname = \"users\"\n[[flow.step]]\n{step}\n[[flow.step]]\ncontract = \"service/get-users-id\"\n\
         [[flow.cleanup]]\ncontract = \"service/delete-users-id\"\n"
    );
    let (service, workspace) = (Service::start(), project(&flow));
    // What is in no flow makes users as well, beside it.
    let run = verify(&workspace, &service, &["--only", "service/{get,delete}-users-id"]);
    for id in ["service/get-users-id", "service/delete-users-id"] {
        assert_eq!(run.outcome(id), "errored flow.setup_failed", "{}", run.printed());
    }
    let message = message.replace("SERVICE", &service.url());
    assert!(
        run.message("service/get-users-id").starts_with(&message),
        "{}",
        run.message("service/get-users-id")
    );
    assert!(!service.log().iter().any(|line| line.contains("%7B")), "{:?}", service.log());
}

#[test]
fn a_contract_that_fails_stops_its_flow_and_what_was_made_is_cleaned_up() {
    let flow = "[[flow]]\nname = \"users\"\n[[flow.step]]\nmethod = \"POST\"\npath = \"/users\"\njson = { name = \"x\" }\n\
                capture = { id = \"$.id\" }\n[[flow.step]]\nmethod = \"DELETE\"\npath = \"/users/{id}\"\n\
                [[flow.step]]\ncontract = \"service/patch-users-id\"\n[[flow.step]]\ncontract = \"service/get-users-id\"\n\
                [[flow.cleanup]]\nmethod = \"DELETE\"\npath = \"/users/{id}\"\n";
    let (service, workspace) = (Service::start(), project(flow));
    let run = verify(&workspace, &service, &[]);
    run.exits(1);
    assert_eq!(run.outcome("service/patch-users-id"), "failed status");
    assert_eq!(run.outcome("service/get-users-id"), "errored flow.setup_failed");
    let of_flow: Vec<_> = service.log().into_iter().filter(|line| line.contains("u-4701")).collect();
    assert_eq!(of_flow, ["DELETE /users/u-4701", "PATCH /users/u-4701", "DELETE /users/u-4701"]);
    assert!(run.report.as_ref().unwrap().get("left_behind").is_none(), "what is gone is clean");
}

#[test]
fn what_a_clean_up_could_not_undo_is_told() {
    let flow = "[[flow]]\nname = \"users\"\n[[flow.step]]\ncontract = \"service/post-users\"\ncapture = { id = \"$.id\" }\n\
                [[flow.cleanup]]\nmethod = \"POST\"\npath = \"/users?of={id}\"\njson = { id = \"{id}\" }\n";
    let (service, workspace) = (Service::start(), project(flow));
    let run = verify(&workspace, &service, &[]);
    let said = format!(
        "warning: cleanup 1 of flow users, POST {}/users?of=u-4701, answered 400, not 2xx; what it was to clean up may still be there",
        service.url()
    );
    assert!(run.stderr.contains(&said), "{}", run.stderr);
    assert_eq!(run.outcome("service/post-users"), "passed");
    let report = run.report.as_ref().unwrap();
    // As it was sent, for whoever sends it again.
    let url = format!("{}/users?of=u-4701", service.url());
    assert_eq!(report["left_behind"][0]["request"]["url"], url);
    assert_eq!(
        (&report["summary"]["warnings"], &report["left_behind"][0]["step"]),
        (&1.into(), &"cleanup 1 of flow users".into())
    );
}

#[test]
fn a_flow_is_held_back_as_a_whole() {
    let flow = "[target.live]\nurl = \"SERVICE\"\nproduction = true\n[[flow]]\nname = \"users\"\n[[flow.step]]\ncontract = \"service/get-users\"\n\
                [[flow.step]]\ncontract = \"service/post-users\"\ncapture = { id = \"$.id\" }\n\
                [[flow.step]]\ncontract = \"service/get-users-id\"\n";
    let service = Service::start();
    let workspace = project(&flow.replace("SERVICE", &service.url()));
    let command = ["verify", "docs", "--target", "live", "--report-json", "report.json", "--allow-mutations"];
    let run = workspace.run(workspace.command(command));
    for id in ["service/get-users", "service/post-users", "service/get-users-id"] {
        assert_eq!(run.outcome(id), "skipped mutating");
    }
    assert_eq!(
        run.message("service/get-users-id"),
        "step 2 of flow users, POST https://service.example/users, is held back: POST changes the target; \
         production = true in faithful.toml forbids that whatever else is said; verify it against another target"
    );
    assert_eq!(service.log(), [] as [&str; 0]);
}

/// The file names 127.0.0.1.
#[test]
fn production_is_known_in_every_spelling_of_its_host() {
    let service = Service::start();
    let live = format!("[target.live]\nurl = \"{}\"\nproduction = true\n", service.url());
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"] {
        let url = service.url().replace("127.0.0.1", host);
        let command =
            ["verify", "docs", "--target", &url, "--report-json", "report.json", "--allow-mutations"];
        let workspace = project(&live);
        let run = workspace.run(workspace.command(command));
        assert_eq!(run.outcome("service/post-users"), "skipped mutating", "{host}");
    }
    assert!(service.log().iter().all(|line| line.starts_with("GET ")), "{:?}", service.log());
}

#[test]
fn a_contract_in_two_flows_is_judged_in_the_first_and_prepares_the_second() {
    let flow = "[[flow]]\nname = \"one\"\n[[flow.step]]\ncontract = \"service/post-users\"\ncapture = { id = \"$.id\" }\n\
                [[flow.step]]\ncontract = \"service/get-users-id\"\n\
                [[flow]]\nname = \"two\"\n[[flow.step]]\ncontract = \"service/post-users\"\ncapture = { id = \"$.id\" }\n\
                [[flow.step]]\ncontract = \"service/delete-users-id\"\n";
    let (service, workspace) = (Service::start(), project(flow));
    let run = verify(&workspace, &service, &[]);
    for id in ["service/post-users", "service/get-users-id", "service/delete-users-id"] {
        assert_eq!(run.outcome(id), "passed", "{}", run.printed());
    }
    assert_eq!(service.log().iter().filter(|line| *line == "POST /users").count(), 2);
    assert_eq!(service.users(), 1);
}

#[test]
fn a_contract_that_is_not_there_is_a_mistake_that_costs_nothing() {
    let said = "no contract is called service/post-user; did you mean service/post-users?";
    let flow = "[[flow]]\n[[flow.step]]\ncontract = \"service/post-user\"\n";
    let service = Service::start();
    let known = "[[flow.step]]\ncontract = \"service/get-users\"\n";
    let run = verify(&project(&format!("{flow}{known}")), &service, &[]);
    run.exits(2);
    assert!(run.stderr.contains(&format!("error: faithful.toml:2: {said}")), "{}", run.stderr);
    assert_eq!(service.log(), [] as [&str; 0]);
    // A flow of contracts that are all elsewhere is none of this run's business; or all its names are wrong.
    let run = verify(&project(flow), &service, &[]);
    assert!(run.stderr.contains(&format!("warning: faithful.toml:2: {said}")), "{}", run.stderr);
    assert_eq!(run.outcome("service/post-users"), "passed");
}

/// A flow that judges nothing is not sent, and says so; a contract that another flow has as well only prepares.
#[rstest]
#[case::all_stand_before(
    "service/post-users",
    "contract = \"service/get-users\"\n",
    "the flow before it, one, judges all its contracts; take it out, or give it one of its own"
)]
#[case::all_stand_in_several(
    "service/post-users",
    "contract = \"service/get-users\"\n[[flow.step]]\ncontract = \"service/post-users\"\n",
    "the flows before it, one and two, judge all its contracts; take it out, or give it one of its own"
)]
#[case::none_is_judged(
    "service/post-users",
    "method = \"GET\"\npath = \"/users\"\n",
    "it has no contract to judge; give it one, or take it out"
)]
#[case::one_is_its_own(
    "service/get-users",
    "contract = \"service/get-users\"\n[[flow.step]]\ncontract = \"service/post-users\"\n",
    ""
)]
fn a_flow_that_judges_nothing_is_told_of(#[case] second: &str, #[case] third: &str, #[case] why: &str) {
    let flow = format!(
        "[[flow]]\nname = \"one\"\n[[flow.step]]\ncontract = \"service/get-users\"\n[[flow]]\nname = \"two\"\n\
         [[flow.step]]\ncontract = \"{second}\"\n[[flow]]\nname = \"three\"\n[[flow.step]]\n{third}"
    );
    let (service, workspace) = (Service::start(), project(&flow));
    let said = format!("warning: faithful.toml:11: flow three is not sent: {why}");
    let expected: Vec<String> = (!why.is_empty()).then_some(said).into_iter().collect();
    let told = |run: &Run| -> Vec<String> {
        run.stderr.lines().filter(|line| line.contains("flow three")).map(ToOwned::to_owned).collect()
    };
    assert_eq!(told(&verify(&workspace, &service, &[])), expected);
    let planned = workspace.run(workspace.command(["plan", "docs", "--target", &service.url()]));
    assert_eq!(told(&planned), expected);
    assert_eq!(planned.stdout.contains("flow three"), why.is_empty(), "{}", planned.printed());
}

#[test]
fn a_flow_runs_as_a_whole_where_one_of_its_contracts_is_selected() {
    let (service, workspace) = (Service::start(), project(FLOW));
    let run = verify(&workspace, &service, &["--only", "service/get-users-id"]);
    assert_eq!(
        (run.outcome("service/get-users-id"), service.users()),
        ("passed".into(), 0),
        "{}",
        run.printed()
    );
    assert_eq!(service.log().len(), 12, "all of it is sent");
    assert_eq!(run.verdicts().len(), 1, "what is not selected only prepares");
}

/// Two flows that share what makes a user.
const TWO: &str = "[[flow]]\nname = \"one\"\n[[flow.step]]\ncontract = \"service/post-users\"\ncapture = { id = \"$.id\" }\n\
                   [[flow.step]]\ncontract = \"service/get-users-id\"\n\
                   [[flow]]\nname = \"two\"\n[[flow.step]]\ncontract = \"service/post-users\"\ncapture = { id = \"$.id\" }\n\
                   [[flow.cleanup]]\ncontract = \"service/delete-users-id\"\n";

#[rstest]
#[case::of_the_second("service/delete-users-id", &["POST /users", "DELETE /users/u-4701"])]
#[case::of_the_first("service/get-users-id", &["POST /users", "GET /users/u-4701"])]
#[case::of_both("service/post-users", &["POST /users", "GET /users/u-4701"])]
fn a_flow_that_has_nothing_selected_is_not_sent_for_what_it_shares(
    #[case] only: &str,
    #[case] sent: &[&str],
) {
    let (service, workspace) = (Service::start(), project(TWO));
    let run = verify(&workspace, &service, &["--only", only]);
    assert_eq!(run.exits(0).outcomes(), [format!("{only}: passed")], "{}", run.printed());
    assert_eq!(service.log(), sent);
    judged_alike(&workspace, &service, &["--only", only], &[only]);
}

/// All the verbs say alike what is judged, whatever is in its flow beside it.
fn judged_alike(workspace: &Workspace, service: &Service, which: &[&str], ids: &[&str]) {
    let run = |arguments: &[&str]| workspace.run(workspace.command(arguments.iter().chain(which)));
    let listed = run(&["list", "docs"]).stdout;
    let listed: Vec<&str> = listed.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(listed, ids, "list {which:?}");
    let url = service.url();
    let planned = run(&["plan", "docs", "--target", &url, "--format", "json"]).stdout;
    let planned: serde_json::Value = serde_json::from_str(&planned).unwrap();
    let mut judged = Vec::new();
    let flows = planned["flows"].as_array().into_iter().flatten();
    let steps = flows.flat_map(|flow| [&flow["steps"], &flow["clean_up"]]).chain([&planned["requests"]]);
    for request in steps.filter_map(|steps| steps.as_array()).flatten() {
        let contracts = request["contracts"].as_array().into_iter().flatten();
        judged.extend(contracts.filter_map(|id| id.as_str()));
    }
    assert_eq!(judged, ids, "plan {which:?}");
    let verified =
        run(&["verify", "docs", "--target", &url, "--report-json", "report.json", "--allow-empty"]);
    let verified: Vec<&str> =
        verified.verdicts().iter().filter_map(|verdict| verdict["id"].as_str()).collect();
    assert_eq!(verified, ids, "verify {which:?}");
}

#[test]
fn a_part_of_what_is_selected_has_no_more_of_its_flow() {
    let (service, workspace) = (Service::start(), project(TWO));
    let only = "service/delete-users-id";
    let holds = |part: &&str| {
        let run = workspace.run(workspace.command(["list", "docs", "--only", only, "--shard", part]));
        !run.stdout.is_empty()
    };
    let parts: Vec<&str> = ["1/3", "2/3", "3/3"].into_iter().filter(holds).collect();
    let [part] = parts.as_slice() else { panic!("{parts:?}") };
    judged_alike(&workspace, &service, &["--only", only, "--shard", part], &[only]);
}

#[test]
fn a_captured_credential_is_shown_nowhere() {
    let flow = "[[flow]]\n[[flow.step]]\nmethod = \"POST\"\npath = \"/users\"\njson = { name = \"learned-by-answer\" }\n\
                capture = { apiToken = \"$.name\" }\n[[flow.step]]\nmethod = \"GET\"\npath = \"/users/{apiToken}\"\n\
                [[flow.step]]\ncontract = \"service/get-users-id\"\n[variables]\nid = \"x\"\n";
    let (service, workspace) = (Service::start(), project(flow));
    let run = verify(&workspace, &service, &[]);
    assert!(service.log().contains(&"GET /users/learned-by-answer".to_owned()), "{:?}", service.log());
    assert_eq!(run.outcome("service/get-users-id"), "errored flow.setup_failed");
    run.never_shows("learned-by-answer");
}

/// What a target answers must not lead a flow elsewhere.
#[rstest]
#[case::another_segment("../admin")]
#[case::several_segments("a/b?c#d")]
#[case::another_host("//evil.example/x")]
#[case::a_header("x\r\nX-Evil: 1")]
fn captured_values_are_not_trusted(#[case] id: &str) {
    let body = serde_json::json!({ "id": id }).to_string();
    let server = crate::hostile::Hostile::saying(crate::hostile::json("200 OK", &body));
    let workspace = Workspace::new();
    let mut contract = crate::run::get("/users/{id}");
    contract["request"]["headers"] = serde_json::json!({ "X-Id": "{id}" });
    workspace.file("contracts/get.json", contract.to_string());
    let mut plain = crate::run::get("/users/{id}");
    plain["name"] = "plain".into();
    workspace.file("contracts/plain.json", plain.to_string());
    workspace.file(
        "faithful.toml",
        "[[flow]]\n[[flow.step]]\nmethod = \"GET\"\npath = \"/first\"\ncapture = { id = \"$.id\" }\n\
         [[flow.step]]\ncontract = \"plain\"\n[[flow.step]]\ncontract = \"get\"\n",
    );
    let run = workspace.verify_at(&server.url(), &[]);
    let deliveries = server.deliveries();
    for delivery in &deliveries {
        let target = delivery.target();
        assert_eq!(target.split('/').count(), if target == "/first" { 2 } else { 3 }, "{deliveries:?}");
        assert!(!target.contains("..") || target.contains("..%2F"), "{deliveries:?}");
        assert!(!target.contains(['?', '#']), "{deliveries:?}");
        assert!(delivery.values("x-evil").is_empty(), "{deliveries:?}");
    }
    if id.contains('\r') {
        assert_eq!(run.outcome("get"), "errored request.unsendable");
    }
}

#[test]
fn a_captured_host_is_held_back_and_the_users_own_is_meant() {
    let flow = |hook: &str| {
        format!(
            "[[flow]]\n[[flow.step]]\nmethod = \"POST\"\npath = \"/users\"\njson = {{ name = \"https://hook.example/x\" }}\n\
             capture = {{ id = \"$.id\", hook = \"$.name\" }}\n\
             [[flow.step]]\nmethod = \"POST\"\npath = \"/users\"\njson = {{ name = \"x\", callbackUrl = \"{hook}\" }}\n\
             [[flow.step]]\ncontract = \"service/get-users-id\"\n"
        )
    };
    let service = Service::start();
    let run = verify(&project(&flow("https://hook.example/y")), &service, &[]);
    assert_eq!(run.outcome("service/get-users-id"), "passed", "{}", run.printed());
    let run = verify(&project(&flow("{hook}")), &service, &[]);
    assert_eq!(run.outcome("service/get-users-id"), "errored flow.setup_failed");
    assert!(
        run.message("service/get-users-id").contains("was not sent: it names hook.example"),
        "{}",
        run.printed()
    );
}

#[test]
fn an_interrupted_flow_cleans_up_what_it_made() {
    let flow = "[[flow]]\nname = \"slow\"\n[[flow.step]]\nmethod = \"POST\"\npath = \"/users\"\njson = { name = \"x\" }\n\
                capture = { id = \"$.id\" }\n[[flow.step]]\ncontract = \"service/get-users-id\"\nwait = \"60s\"\n\
                [[flow.cleanup]]\nmethod = \"DELETE\"\npath = \"/users/{id}\"\n";
    let (service, workspace) = (Service::start(), project(flow));
    let url = service.url();
    // The page's own POST, which runs beside the flow, makes a user that is nobody's to clean up.
    let only = ["--only", "service/get-users-id"];
    let mut command = workspace.command(["verify", "docs", "--target", &url, "--report-json", "report.json"]);
    let running = Running::start(command.args(only).stdout(Stdio::piped()).stderr(Stdio::piped()));
    while service.users() == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    running.signal("INT");
    let run = running.finish();
    assert_eq!((run.code, service.users()), (Some(130), 0), "{run:?}");
    let report = std::fs::read_to_string(workspace.path().join("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let reasons = report["summary"]["skipped_by_reason"].clone();
    assert!(reasons["interrupted"].as_u64().unwrap() >= 1, "{report}");
}

/// What is in no flow does not wait for the end of one.
#[test]
fn flows_run_beside_all_else() {
    let seen = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let service = Service::wrapped(|routes, _| {
        use std::sync::atomic::Ordering::Relaxed;
        let listed = std::sync::Arc::clone(&seen);
        let waits = move || async move {
            for _ in 0..1000 {
                if listed.load(Relaxed) {
                    return http::StatusCode::OK;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            http::StatusCode::CONFLICT
        };
        routes.route("/waits", axum::routing::get(waits)).layer(axum::middleware::map_request(
            move |request: axum::extract::Request| {
                if request.uri().path() == "/users" && request.method() == "GET" {
                    seen.store(true, Relaxed);
                }
                async { request }
            },
        ))
    });
    let flow = "[[flow]]\nname = \"slow\"\n[[flow.step]]\ncontract = \"service/post-users\"\n\
                capture = { id = \"$.id\" }\n[[flow.step]]\nmethod = \"GET\"\npath = \"/waits\"\n\
                [[flow.step]]\ncontract = \"service/get-users-id\"\n";
    let run = verify(&project(flow), &service, &[]);
    for id in ["service/get-users", "service/get-users-id"] {
        assert_eq!(run.outcome(id), "passed", "{}", run.printed());
    }
}
