//! What people are told who mistyped something, or are in another folder than they meant: where, and what to do.

use crate::hostile::{Hostile, json};
use crate::run::{Workspace, get};
use rstest::rstest;

#[rstest]
#[case::an_unknown_key("[target.a]\nurl = \"x\"\nulr = 1\n", ":3:1: unknown field `ulr`, ")]
#[case::an_unclosed_table("[target.a\n", ":1:10: unclosed table, expected `]`")]
#[case::a_key_twice("[variables]\na = 1\na = 2\n", ":3:1: duplicate key")]
#[case::another_type("[target.a]\nurl = \"x\"\nproduction = 1\n", ":3:14: invalid type: integer `1`")]
fn what_is_wrong_with_the_file_is_said_in_one_line(#[case] file: &str, #[case] said: &str) {
    let workspace = Workspace::of(&get("/x"));
    workspace.file("faithful.toml", file);
    let run = workspace.run(workspace.command(["verify"]));
    let stderr = &run.exits(2).stderr;
    assert!(stderr.contains(&format!("faithful.toml{said}")), "{stderr}");
    assert!(stderr.lines().count() == 1 && !stderr.contains("\\u{"), "{stderr}");
}

#[rstest]
#[case::no_folder("", &[], "there is no folder", "contracts; `faithful extract DOCS`")]
#[case::an_empty_folder("contracts/", &[], "no contract in", "contracts; `faithful extract DOCS`")]
#[case::a_named_one("empty/", &["empty"], "no contract in", "empty; `faithful extract DOCS`")]
#[case::docs_without_pairs("docs/page.md", &["docs"], "no request/response pair in", "docs; `faithful lint`")]
#[case::a_folder_below("sub/", &[], "there is no folder", "whose contracts folder has some")]
fn where_there_is_no_contract_it_is_told_where_it_was_looked_for(
    #[case] path: &str,
    #[case] paths: &[&str],
    #[case] what: &str,
    #[case] remedy: &str,
) {
    let workspace = Workspace::new();
    workspace.file("a.git/HEAD", "");
    let mut here = workspace.path().to_owned();
    match path {
        "sub/" => {
            workspace.file(".git/HEAD", "");
            workspace.file("contracts/it.json", get("/x").to_string());
            here.push("sub");
            std::fs::create_dir(&here).unwrap();
        }
        _ if path.ends_with('/') || path.is_empty() => {
            std::fs::create_dir_all(workspace.path().join(path)).unwrap();
        }
        _ => drop(workspace.file(path, "# Nothing\n")),
    }
    for verb in ["verify", "plan", "list"] {
        let mut command = workspace.command([verb]);
        command.args(paths).current_dir(&here);
        let run = workspace.run(command);
        let said = run.exits(5).stderr.lines().next().unwrap_or_default();
        assert!(
            said.starts_with(&format!(
                "nothing.to_run: {what} {}",
                if paths.is_empty() { "/" } else { paths[0] }
            )),
            "{verb}: {said}"
        );
        assert!(said.contains(remedy), "{verb}: {said}");
    }
}

#[test]
fn who_has_docs_and_no_contracts_is_told_to_name_them() {
    let workspace = Workspace::new();
    workspace.file("pages/a.md", "```http\nGET /x\n```\n```http\nHTTP/1.1 204 No Content\n```\n");
    workspace.file(
        "faithful.toml",
        "[docs]\npath = \"pages\"\n[target.staging]\nurl = \"http://127.0.0.1:1\"\n[[replace]]\nsegment = \"x\"\n\
         with = \"y\"\n",
    );
    let run = workspace.run(workspace.command(["verify", "--target", "staging"]));
    let said = "name the docs of faithful.toml, as in `faithful verify pages`, or write contracts with `faithful extract \
                pages`\n";
    assert!(run.exits(5).stderr.ends_with(said) && run.stderr.lines().count() == 1, "{}", run.stderr);
}

#[test]
fn a_body_in_a_file_that_no_command_writes_is_told_of_with_the_file() {
    let workspace = Workspace::new();
    let page = "```bash\ncurl -X POST https://a.example/x -H 'Content-Type: application/json' -d @payload.json\n```\n\
                ```json\n{ \"id\": 1 }\n```\n";
    workspace.file("docs/a.md", page);
    let run = workspace.run(workspace.command(["plan", "docs", "--target", "http://127.0.0.1:1"]));
    let said = "needs-body: its body is the content of payload.json, and no command of the page writes that";
    assert!(run.exits(5).stdout.contains(said), "{}", run.stdout);
}

#[rstest]
#[case::near("[target.stagin]\nurl = \"http://127.0.0.1:1\"\n", "staging", "did you mean stagin?")]
#[case::not_near(
    "[target.one]\nurl = \"http://127.0.0.1:1\"\n",
    "staging",
    "in faithful.toml; there are one"
)]
#[case::no_target("", "staging", "there is no [target.staging]")]
#[case::no_scheme("", "localhost:8080", "as in http://127.0.0.1:8080")]
fn a_target_that_nobody_knows_is_told_of_with_those_there_are(
    #[case] file: &str,
    #[case] target: &str,
    #[case] said: &str,
) {
    let workspace = Workspace::of(&get("/x"));
    workspace.file("faithful.toml", file);
    let run = workspace.run(workspace.command(["verify", "--target", target]));
    assert!(run.exits(2).stderr.contains(said), "{}", run.stderr);
}

#[rstest]
#[case("/v9", true)]
#[case("/v1", false)]
#[case("v1/", false)]
#[case("/v", true)]
#[case("/", false)]
fn a_prefix_that_no_path_begins_with_is_told_of(#[case] prefix: &str, #[case] told: bool) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = Workspace::with(&[("one", get("https://h.example/v1/x")), ("two", get("/x"))]);
    let run = workspace.verify(&server, &["--strip-prefix", prefix]);
    let said = run.exits(0).stderr.contains("no documented path begins with it; the first is /v1/x");
    assert_eq!(said, told, "{}", run.stderr);
}

#[test]
fn a_known_failure_at_another_place_than_was_written_is_told_of_with_the_place() {
    let server = Hostile::saying(json("200 OK", "{\"a\": \"1\"}"));
    let workspace = Workspace::of(&get("/x"));
    let entry = "[[known]]\ncontract = \"it\"\nrule = \"type\"\nat = \"$.aa\"\nowner = \"ann\"\nreason = \"later\"\n\
                 expires = 9999-12-31\n";
    workspace.file("faithful.toml", entry);
    let run = workspace.verify(&server, &[]);
    assert!(run.exits(1).stderr.contains("elsewhere; did you mean $.a?"), "{}", run.stderr);
    assert_eq!(run.report.as_ref().unwrap()["known_notes"][0]["state"], "elsewhere");
}

#[test]
fn a_place_for_a_report_is_refused_without_a_word_of_other_files() {
    let workspace = Workspace::of(&get("/x"));
    let run = workspace.run(workspace.command(["verify", "--report-json", "none/report.json"]));
    assert!(
        run.exits(2).stderr.ends_with("here: there is no such folder; name another file\n"),
        "{}",
        run.stderr
    );
    run.never_shows(".tmp-");
}

#[test]
fn a_plan_fails_where_what_is_skipped_is_denied() {
    let workspace = Workspace::with(&[("one", get("/x")), ("two", get("/x/{id}"))]);
    let arguments = ["plan", "--target", "http://127.0.0.1:1", "--deny", "skipped"];
    let run = workspace.run(workspace.command(arguments));
    assert!(run.exits(1).stderr.contains("--deny skipped: 1 skipped"), "{}", run.stderr);
    workspace.run(workspace.command(arguments.iter().chain(&["--only", "one"]))).exits(0);
}

#[rstest]
#[case(&["lint", "contracts", "--deny", "nonsense"], "there are ")]
#[case(&["verify", "--deny", "nonsense"], "there are status, ")]
fn a_kind_that_nobody_knows_is_told_of_with_those_there_are(#[case] arguments: &[&str], #[case] said: &str) {
    let workspace = Workspace::of(&get("/x"));
    let run = workspace.run(workspace.command(arguments));
    assert!(run.exits(2).stderr.contains(said), "{}", run.stderr);
}

#[test]
fn help_says_names_as_they_are() {
    let workspace = Workspace::new();
    let help = workspace.run(workspace.command(["verify", "--help"])).exits(0).stdout.clone();
    for name in ["JUnit XML", "NO_COLOR is", "FAITHFUL_VARIABLE_NAME"] {
        assert!(help.contains(name) && !help.contains(&format!("`{name}")), "{help}");
    }
}

/// What of faithful.toml does nothing is mostly misspelled.
#[rstest]
#[case::a_skip(
    "[[skip]]\ncontract = \"users/gte\"\nreason = \"x\"\n",
    "1: [[skip]] contract = \"users/gte\": there is no such contract; did you mean users/get?"
)]
#[case::a_skipped_path(
    "\n[[skip]]\nmethod = \"GET\"\npath = \"/usres/*\"\nreason = \"x\"\n",
    "2: [[skip]] path = \"/usres/*\": there is no such contract"
)]
#[case::a_docs_folder(
    "[docs]\npath = \"dcos\"\n",
    "2: [docs] path: dcos: no such file or folder; did you mean docs?"
)]
#[case::a_variable(
    "[variables]\nuserID = \"7\"\n",
    "2: [variables] userID fills no placeholder; did you mean userId?"
)]
#[case::a_scope(
    "[variables.\"usres/*\"]\nuserId = \"7\"\n",
    "2: [variables.\"usres/*\"]: no contract is called so"
)]
#[case::a_variable_of_a_scope(
    "[variables.\"users/*\"]\nuserid = \"7\"\n",
    "2: [variables.\"users/*\"] userid fills no placeholder; did you mean userId?"
)]
#[case::a_capture(
    "[[flow]]\nstep = [\n{ contract = \"users/list\", capture = { usrId = \"$.a\" } }]\n",
    "3: the captured usrId fills no placeholder; did you mean userId?"
)]
fn what_does_nothing_is_warned_of(#[case] file: &str, #[case] said: &str) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = Workspace::with(&[("users/get", get("/users/{userId}")), ("users/list", get("/users"))]);
    workspace.file("faithful.toml", file);
    workspace.file("docs/x.md", "# X\n");
    let target = server.url();
    let verify = |named: &str, more: &[&str]| {
        let mut command = workspace.command(["verify", named, "--target", &target]);
        command.args(["--variable", "userId=7"]).args(more);
        let run = workspace.run(command);
        run.exits(0);
        run.stderr
    };
    let warning = format!("warning: faithful.toml:{said}\n");
    let stderr = verify("contracts", &[]);
    assert!(stderr.contains(&warning), "{stderr}");
    assert_eq!(stderr.matches("warning: ").count(), 1, "{stderr}");
    // What is for others is none of the business of a part of the contracts; a folder that is missing is everybody's.
    let always = said.contains("[docs]");
    for stderr in [verify("contracts/users/get.json", &[]), verify("contracts", &["--only", "users/get"])] {
        assert_eq!(stderr.contains(&warning), always, "{stderr}");
    }
}

#[test]
fn what_does_something_is_not_warned_of() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let mut created = get("/users/{userId}");
    created["request"]["headers"] = serde_json::json!({ "X-Trace": "{trace}" });
    let contracts = [("users/get", created), ("users/list", get("/users")), ("users/old", get("/old"))];
    let workspace = Workspace::with(&contracts);
    workspace.file("pages/x.md", "# X\n");
    workspace.file(
        "faithful.toml",
        "[docs]\npath = \"pages\"\n[variables]\ntrace = { make = \"uuid\" }\nhook = \"hooks.mine.test\"\n\
         \"users.userId\" = \"7\"\n[variables.\"users/*\"]\ntrace = \"t\"\n[[skip]]\nmethod = \"DELETE\"\nreason = \"never\"\n\
         [[skip]]\npath = \"/old\"\nreason = \"gone\"\n[[flow]]\nstep = [{ contract = \"users/list\", capture = { a = \"$.a\" } },\n\
         { method = \"GET\", path = \"/more/{a}\" }]\n",
    );
    let run = workspace.verify(&server, &[]);
    assert!(!run.exits(0).stderr.contains("warning"), "{}", run.stderr);
}

/// Of a page by itself nobody can tell what is for the others; of the folder of all of them somebody can.
#[rstest]
#[case::a_flow("[[flow]]\n[[flow.step]]\ncontract = \"two/get-gone\"\n", true)]
#[case::a_flow_that_judges_nothing("[[flow]]\n[[flow.step]]\nmethod = \"GET\"\npath = \"/\"\n", true)]
#[case::a_replacement("[[replace]]\nsegment = \"gone\"\nwith = \"x\"\n", true)]
#[case::a_skip("[[skip]]\npath = \"/gone\"\nreason = \"x\"\n", true)]
#[case::a_variable("[variables]\ngone = \"7\"\n", true)]
#[case::a_rule("[[rules]]\nat = \"$.gone\"\nlevel = \"ignore\"\n", true)]
#[case::a_known_failure(
    "[[known]]\ncontract = \"two/get-gone\"\nrule = \"type\"\nowner = \"a\"\nreason = \"b\"\nexpires = 9999-12-31\n",
    true
)]
#[case::what_is_for_the_other_page("[[replace]]\nsegment = \"two\"\nwith = \"x\"\n", false)]
fn what_a_page_alone_does_not_need_may_be_for_others(#[case] file: &str, #[case] is_stale: bool) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = Workspace::new();
    for name in ["one", "two"] {
        let page = "# Get\n\n```http\nGET /NAME\n```\n\n```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{\"a\": 1}\n```\n";
        workspace.file(&format!("docs/{name}.md"), page.replace("NAME", name));
    }
    workspace.file("faithful.toml", file);
    let warns = |named: &str| {
        let run = workspace.run(workspace.command(["verify", named, "--target", &server.url()]));
        run.exits(0);
        run.stderr.contains("warning: ")
    };
    assert_eq!((warns("docs/one.md"), warns("docs")), (false, is_stale));
}

/// What belongs to a target by its name is used under that name alone; that it could be is told of, and is no warning.
#[rstest]
#[case::a_login("auth = { bearer = \"${NOBODY}\" }", &[], "auth")]
#[case::several(
    "auth = { bearer = \"${NOBODY}\" }\nheaders = { X-A = \"b\" }\nstrip_prefix = \"/v1\"\nmutating = true",
    &[],
    "auth, headers, strip_prefix, mutating"
)]
#[case::nothing("production = true", &[], "")]
#[case::what_flags_say("auth = { bearer = \"${NOBODY}\" }\nstrip_prefix = \"/v1\"", &["--bearer-env", "CANARY", "--strip-prefix", "/x"], "")]
#[case::for_strangers("auth = { bearer = \"${NOBODY}\" }", &["--untrusted"], "")]
#[case::quietly("auth = { bearer = \"${NOBODY}\" }", &["--quiet"], "")]
fn a_target_that_the_file_knows_by_another_name(
    #[case] settings: &str,
    #[case] flags: &[&str],
    #[case] unused: &str,
) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = Workspace::of(&get("/x"));
    let url = server.url();
    workspace.file(
        "faithful.toml",
        format!("[target.staging]\nurl = \"{url}/\"\n{settings}\n[target.other]\nurl = \"{url}/api\"\nauth = \"x\"\n"),
    );
    for verb in ["verify", "plan"] {
        let mut command = workspace.command([verb, "contracts", "--target", &url]);
        command.args(flags).env("CANARY", "canary-canary");
        let run = workspace.run(command);
        run.exits(0);
        let said: Vec<_> = run.stderr.lines().filter(|line| line.contains("target.staging")).collect();
        let expected = format!(
            "{url} is the url of [target.staging] of faithful.toml; what that says besides ({unused}) is used with \
             --target staging alone"
        );
        let expected = if unused.is_empty() { vec![] } else { vec![expected] };
        assert_eq!(said, expected, "{}", run.stderr);
    }
    let sent = server.deliveries();
    assert!(sent.iter().all(|delivery| delivery.values("x-a").is_empty()), "no settings are used by guess");
    // This machine has many names.
    let local = url.replace("127.0.0.1", "localhost");
    let mut command = workspace.command(["plan", "contracts", "--target", &local]);
    command.args(flags).env("CANARY", "canary-canary");
    let run = workspace.run(command);
    let said = format!("{local} is the url of [target.staging] of faithful.toml; ");
    assert_eq!(run.exits(0).stderr.contains(&said), !unused.is_empty(), "{}", run.stderr);
}
