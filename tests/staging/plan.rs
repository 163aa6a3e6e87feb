//! `faithful plan`: says what verify does, before it does it, and sends nothing.

use crate::run::{Run, Workspace};
use crate::service::{PAGE, Service};
use crate::{project, verify};
use serde_json::Value;

const FLOW: &str = include_str!("users.toml");

fn plan(workspace: &Workspace, target: &str, arguments: &[&str]) -> Run {
    let mut command = workspace.command(["plan", "docs", "--target", target]);
    command.args(arguments);
    workspace.run(command)
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"))
}

#[test]
fn it_says_what_verify_sends_and_sends_nothing() {
    let (service, workspace) = (Service::start(), project(FLOW));
    let url = service.url();
    let planned = plan(&workspace, &url, &[]);
    planned.exits(0);
    let expected = format!(
        "target {url}, for https://service.example\n\nflow users\n  \
         POST   {url}/users  # service/post-users; id = $.id\n  \
         GET    {url}/users  # service/get-users\n  \
         GET    {url}/users/{{id}}  # service/get-users-id\n  \
         PATCH  {url}/users/{{id}}  # service/patch-users-id\n  \
         POST   {url}/users/{{id}}/notes  # service/post-users-id-notes; noteId = $.id\n  \
         GET    {url}/users/{{id}}/notes/{{noteId}}  # service/get-users-id-notes-noteid\n  \
         POST   {url}/exports  # service/post-exports; exportId = $.exportId; until $.status = \"succeeded\"\n  \
         GET    {url}/exports/{{exportId}}  # service/get-exports-exportid\n  \
         in the end, whatever came before\n  \
         DELETE {url}/users/{{id}}  # service/delete-users-id\n\n\
         9 contracts: 9 would be judged, 0 held back; 9 requests; nothing was sent\n"
    );
    assert_eq!(planned.stdout, expected);
    assert_eq!(service.log(), [] as [&str; 0]);
    let planned = json(&plan(&workspace, &url, &["--format", "json"]));
    verify(&workspace, &service, &[]);
    let flow = &planned["flows"][0];
    let steps = [flow["steps"].as_array().unwrap().as_slice(), flow["clean_up"].as_array().unwrap()].concat();
    let announced = steps.iter().map(|step| {
        let path = step["url"].as_str().unwrap().replace(&url, "");
        let path =
            path.replace("{id}", "u-4701").replace("{noteId}", "n-4702").replace("{exportId}", "e-4704");
        format!("{} {path}", step["method"].as_str().unwrap())
    });
    let mut log = service.log();
    log.retain(|line| !line.contains("/operations/"));
    assert_eq!(announced.collect::<Vec<_>>(), log);
}

#[test]
fn it_needs_no_target_and_no_network() {
    let workspace = project("");
    // A name that nobody resolves, at a port that nobody has: nothing of it is looked up.
    for target in ["https://nobody.invalid:1/api", ""] {
        let run = plan(&workspace, target, &[]);
        run.exits(0);
        assert!(run.stdout.contains("nothing was sent"), "{}", run.stdout);
    }
    #[cfg(unix)]
    opens_no_socket(&workspace);
}

/// Under a limit of descriptors that leaves none for what waits for a network, verify cannot start and plan can.
#[cfg(unix)]
fn opens_no_socket(workspace: &Workspace) {
    let limited = |verb: &str| {
        let script = format!(
            "ulimit -n 8; exec {} {verb} docs --target http://127.0.0.1:9",
            env!("CARGO_BIN_EXE_faithful")
        );
        let mut command = std::process::Command::new("bash");
        command.args(["-c", &script]).current_dir(workspace.path()).env_remove("FAITHFUL_TARGET");
        command.output().unwrap().status.code()
    };
    assert_eq!((limited("plan"), limited("verify")), (Some(0), Some(3)));
}

#[test]
fn it_says_who_could_supply_what_is_missing_and_what_it_suggests_works() {
    let (service, workspace) = (Service::start(), project(""));
    let url = service.url();
    let run = plan(&workspace, &url, &[]);
    run.exits(0);
    let supplied = "  \"users.id\" = \"…\"  # {id} of service/delete-users-id, service/get-users-id, \
                    service/get-users-id-notes-noteid, service/patch-users-id, service/post-users-id-notes\n    \
                    POST https://service.example/users answers one at $.id: service/post-users\n    \
                    GET https://service.example/users answers one at $.value[0].id: service/get-users\n";
    assert!(run.stdout.contains(supplied), "{}", run.stdout);
    let suggested = json(&plan(&workspace, &url, &["--format", "json"]))["suggested_flows"].clone();
    let suggested = suggested[0].as_str().unwrap();
    assert!(run.stdout.contains(suggested), "{}", run.stdout);
    assert_eq!(
        suggested,
        "[[flow]]\nname = \"users\"\n\n\
         [[flow.step]]\ncontract = \"service/post-users\"\ncapture = { \"users.id\" = \"$.id\" }\n\n\
         [[flow.step]]\ncontract = \"service/get-users-id\"\n\n\
         [[flow.step]]\ncontract = \"service/patch-users-id\"\n\n\
         [[flow.step]]\ncontract = \"service/post-users-id-notes\"\ncapture = { noteId = \"$.id\" }\n\n\
         [[flow.step]]\ncontract = \"service/get-users-id-notes-noteid\"\n\n\
         [[flow.cleanup]]\ncontract = \"service/delete-users-id\"\n"
    );
    workspace.file("faithful.toml", suggested);
    let run = verify(&workspace, &service, &[]);
    for id in ["post-users", "get-users-id", "patch-users-id", "get-users-id-notes-noteid", "delete-users-id"]
    {
        assert_eq!(run.outcome(&format!("service/{id}")), "passed", "{}", run.printed());
    }
    assert_eq!(service.users(), 0);
}

#[test]
fn it_says_what_is_held_back_and_ends_as_a_run_would_that_compares_nothing() {
    let workspace = project("[[skip]]\ncontract = \"service/get-users\"\nreason = \"too many\"\n");
    let run = plan(&workspace, "https://nobody.invalid", &[]);
    run.exits(5);
    let held_back = [
        "service/delete-users-id: DELETE https://service.example/users/{id}: mutating: DELETE changes the target",
        "service/get-users: GET https://service.example/users: config: too many",
        "service/get-users-id: GET https://service.example/users/{id}: needs-variable: {id} has no value",
    ];
    for line in held_back {
        assert!(run.stdout.contains(line), "{}", run.stdout);
    }
    let counts =
        "9 contracts: 0 would be judged, 9 held back (config 1, mutating 5, needs-variable 3); 0 requests";
    assert!(run.stdout.contains(counts), "{}", run.stdout);
    plan(&workspace, "https://nobody.invalid", &["--allow-empty"]).exits(0);
    workspace.file("contracts/torn.json", "{\"faithful\": 1");
    let run = workspace.run(workspace.command(["plan"]));
    run.exits(3);
    assert!(run.stdout.contains("1 unreadable"), "{run:?}");
}

#[test]
fn it_says_where_each_setting_comes_from() {
    let workspace = project(
        "[target.staging]\nurl = \"http://127.0.0.1:9\"\n\n[variables]\nid = \"u-1\"\nclientSecret = \"from-the-file\"\n",
    );
    let mut command = workspace.command(["plan", "docs", "-v", "--jobs", "3"]);
    command.env("FAITHFUL_TARGET", "staging").env("FAITHFUL_VARIABLE_NOTE_ID", "n-1");
    let run = workspace.run(command);
    run.exits(0);
    let said = [
        "  target = staging  # the environment: FAITHFUL_TARGET\n",
        "  jobs = 3  # --jobs\n",
        "  retry = 2  # default\n",
        "  variable NOTE_ID = n-1  # the environment: FAITHFUL_VARIABLE_NOTE_ID\n",
        "  target.staging.url = \"http://127.0.0.1:9\"  # faithful.toml:2\n",
        "  variables.id = \"u-1\"  # faithful.toml:5\n",
        "/users/u-1/notes/n-1  # service/get-users-id-notes-noteid\n",
    ];
    for line in said {
        assert!(run.stdout.contains(line), "{line}{}", run.stdout);
    }
    run.never_shows("from-the-file");
    assert!(PAGE.contains("/users"));
}

#[test]
fn it_names_accounts_and_hides_what_stands_for_them() {
    let workspace = project(
        "[target.staging]\nurl = \"http://127.0.0.1:9\"\nauth = \"ann\"\n[target.staging.accounts]\n\
         \"Basic Ym9iOnNlY3JldA==\" = \"ann\"\n[target.other]\nurl = \"http://127.0.0.1:8\"\nauth = \"written-out\"\n\
         headers = { auth = \"ann\" }\n[account.ann]\nbearer = \"${ANN_TOKEN}\"\n",
    );
    let run = workspace.run(workspace.command(["plan", "docs", "-v"]));
    let said = [
        "  target.staging.auth = \"ann\"  # faithful.toml:3\n",
        "  target.staging.accounts.[REDACTED] = \"ann\"  # faithful.toml:5\n",
        "  target.other.auth = \"[REDACTED]\"  # faithful.toml:8\n",
        "  target.other.headers.auth = \"[REDACTED]\"  # faithful.toml:9\n",
    ];
    for line in said {
        assert!(run.stdout.contains(line), "{line}{}", run.stdout);
    }
    run.never_shows("Ym9iOnNlY3JldA").never_shows("written-out");
}

/// By the names of accounts and of what holds their credentials, which nothing reads out.
#[test]
fn it_says_whom_a_request_is_sent_as() {
    let contract = |url: &str, login: &str| {
        let mut contract = crate::run::get(url);
        contract["request"]["headers"] = serde_json::json!({ "Authorization": login });
        contract
    };
    let mut shut_out = crate::run::get("https://home.example/secret");
    shut_out["response"]["status"] = 401.into();
    let workspace = Workspace::with(&[
        ("a", crate::run::get("https://home.example/a")),
        ("b", contract("https://home.example/b", "Basic Ym9iOnB3")),
        ("c", crate::run::get("https://files.example/c")),
        ("d", shut_out),
        ("e", crate::run::get("https://home.example/e")),
    ]);
    workspace.file(
        "faithful.toml",
        "[target.staging]\nurl = \"https://nobody.invalid\"\nauth = \"ann\"\n\
         headers = { X-Tenant = \"acme\" }\naccounts = { \"Basic Ym9iOnB3\" = \"bob\" }\n\
         map = { \"https://files.example\" = \"https://files.invalid\" }\n\
         [account.ann]\nbasic = \"ann:${ANN}\"\n[account.bob]\nbearer = \"${BOB}\"\n\
         [[flow]]\nname = \"f\"\n[[flow.step]]\ncontract = \"e\"\naccount = \"bob\"\n",
    );
    let planned = |arguments: &[&str]| {
        let mut command = workspace.command(["plan", "contracts", "--target", "staging"]);
        command.args(arguments).env("ANN", "canary-of-ann").env("BOB", "canary-of-bob");
        let run = workspace.run(command);
        run.exits(0).never_shows("canary-of");
        run
    };
    let requests = |run: &Run| {
        let lines = run.stdout.lines().filter(|line| line.starts_with("  GET "));
        lines.map(|line| line.split_once("  # ").unwrap().1.to_owned()).collect::<Vec<_>>()
    };
    let quiet = ["e; as bob", "a", "b; as bob", "c", "d; sent without login, for 401 is documented"];
    assert_eq!(requests(&planned(&[])), quiet);
    let verbose = [
        "e; as bob; x-tenant: acme; authorization: Bearer $BOB",
        "a; x-tenant: acme; authorization: Basic ann:$ANN",
        "b; as bob; x-tenant: acme; authorization: Bearer $BOB",
        "c",
        "d; sent without login, for 401 is documented; x-tenant: acme",
    ];
    assert_eq!(requests(&planned(&["-v"])), verbose);
    let report = json(&planned(&["--format", "json"]));
    let step = &report["flows"][0]["steps"][0];
    assert_eq!(
        (&step["account"], &step["carries"][1]),
        (&"bob".into(), &"authorization: Bearer $BOB".into())
    );
    let requests = report["requests"].as_array().unwrap();
    assert_eq!(requests[0]["carries"][1], "authorization: Basic ann:$ANN");
    assert!(requests[0].get("account").is_none() && requests[2].get("carries").is_none(), "{report}");
}
