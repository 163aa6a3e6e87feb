//! What a run warns of is counted on its last line and in its report, and `--deny warnings` makes a failure of it.

use crate::hostile::{Hostile, json};
use crate::run::{Run, Workspace, get};
use rstest::rstest;

const KEPT: &str = "{\"a\": 1}";

fn suite() -> Workspace {
    let contracts = [
        ("one", get("https://h.example/v1/x")),
        ("two", get("https://h.example/v1/y")),
        ("z/three", get("/z")),
    ];
    Workspace::with(&contracts)
}

fn verify(file: &str, flags: &[&str]) -> Run {
    let workspace = suite();
    workspace.file("faithful.toml", file);
    workspace.verify(&Hostile::saying(json("200 OK", KEPT)), flags)
}

/// How many warnings were printed; the last line and the report must have counted as many.
#[track_caller]
fn warnings(run: &Run) -> usize {
    let printed = run.stderr.lines().filter(|line| line.starts_with("warning: ")).count();
    let plural = if printed == 1 { "" } else { "s" };
    assert!(run.stdout.contains(&format!("; {printed} warning{plural}; ")), "{}", run.printed());
    assert_eq!(run.report.as_ref().unwrap()["summary"]["warnings"], printed, "{}", run.printed());
    printed
}

#[rstest]
#[case::a_replacement("[[replace]]\nsegment = \"none\"\nwith = \"q\"\n", &[])]
#[case::a_flow("[[flow]]\n[[flow.step]]\ncontract = \"none\"\n", &[])]
#[case::a_flow_that_judges_nothing(
    "[[flow]]\n[[flow.step]]\ncontract = \"one\"\n[[flow]]\n[[flow.step]]\ncontract = \"one\"\n",
    &[]
)]
#[case::a_rule("[[rules]]\nat = \"$.none\"\nlevel = \"ignore\"\n", &[])]
#[case::a_known_failure(
    "[[known]]\ncontract = \"none\"\nrule = \"type\"\nowner = \"a\"\nreason = \"b\"\nexpires = 9999-12-31\n",
    &[]
)]
#[case::a_map("", &["--map", "https://none.example=http://127.0.0.1:1"])]
#[case::a_variable("", &["--variable", "none=7"])]
#[case::a_prefix("", &["--strip-prefix", "/v9"])]
fn what_is_of_no_use_is_counted_and_can_be_denied(#[case] file: &str, #[case] flags: &[&str]) {
    let run = verify(file, flags);
    assert_eq!(warnings(run.exits(0)), 1, "{}", run.printed());
    let denied = verify(file, &[flags, &["--deny", "warnings"]].concat());
    assert_eq!(warnings(denied.exits(1)), 1);
    assert!(denied.stderr.contains("error: --deny warnings: 1 "), "{}", denied.stderr);
    // What only the answers can tell is no matter of the plan.
    let before = !file.contains("[[rules]]");
    let workspace = suite();
    workspace.file("faithful.toml", file);
    let mut command = workspace.command(["plan", "contracts", "--target", "http://127.0.0.1:1"]);
    command.args(["--deny", "warnings"]).args(flags);
    workspace.run(command).exits(i32::from(before));
}

#[test]
fn a_prefix_that_target_and_docs_both_bring_is_told_of() {
    let workspace = suite();
    let nothing = Hostile::saying(json("404 Not Found", "{}"));
    let told = |target: &str, flags: &[&str]| {
        let run = workspace.verify_at(target, flags);
        run.exits(1).stderr.contains("target.suspect: ")
    };
    let only = ["--only", "one", "--only", "two"];
    assert!(told(&format!("{}/v1", nothing.url()), &only));
    assert!(!told(&format!("{}/v1", nothing.url()), &[]), "/z is not below it");
    assert!(!told(
        &format!("{}/v1", nothing.url()),
        &[&only as &[&str], &["--strip-prefix", "/v1"]].concat()
    ));
    assert!(!told(&nothing.url(), &only));
}

#[test]
fn a_clean_run_has_nothing_to_deny() {
    assert_eq!(warnings(verify("", &["--deny", "warnings"]).exits(0)), 0);
}

#[test]
fn a_credential_that_is_too_short_to_be_masked_is_a_warning() {
    let workspace = suite();
    let server = Hostile::saying(json("200 OK", KEPT));
    let variables = [("SHORT_PIN", "abc")];
    let flags = ["--bearer-env", "SHORT_PIN"];
    assert_eq!(warnings(workspace.verify_with(&server.url(), &flags, &variables).exits(0)), 1);
    let flags = ["--bearer-env", "SHORT_PIN", "--deny", "warnings"];
    workspace.verify_with(&server.url(), &flags, &variables).exits(1);
}

/// A long secret with a colon is no pair; of a pair it is the password that may be short, unless there is none.
#[rstest]
#[case::a_secret("client_secret = \"${IT}\"", "canary-secret:x", None)]
#[case::a_short_one("client_secret = \"${IT}\"", "short:x", Some("IT is shorter than 8 characters"))]
#[case::a_pair("", "ann-of-somewhere:short", Some("the password in IT is shorter than 8 characters"))]
#[case::a_key_alone("", "canary-of-a-key:", None)]
fn a_secret_is_weighed_as_what_it_is(#[case] client: &str, #[case] value: &str, #[case] told: Option<&str>) {
    let tokens = Hostile::saying(json("400 Bad Request", "{\"error\": \"invalid_client\"}"));
    let server = Hostile::saying(json("200 OK", KEPT));
    let workspace = suite();
    let file = format!(
        "[target.o]\nurl = \"{}\"\n[target.o.auth.oauth]\ntoken_url = \"{}/oauth/token\"\nclient_id = \"me\"\n{client}\n",
        server.url(),
        tokens.url()
    );
    let run = if client.is_empty() {
        workspace.verify_with(&server.url(), &["--user-env", "IT"], &[("IT", value)])
    } else {
        workspace.file("faithful.toml", &file);
        let run = workspace.verify_with("o", &[], &[("IT", value)]);
        let said =
            format!("no token from {}/oauth/token (it answered 400 with invalid_client)", tokens.url());
        assert!(run.stdout.contains(&said), "{}", run.stdout);
        run
    };
    assert_eq!(warnings(&run), usize::from(told.is_some()), "{}", run.printed());
    assert!(run.stderr.contains(told.unwrap_or_default()), "{}", run.stderr);
}

#[test]
fn a_clean_up_that_failed_is_denied_with_the_warnings() {
    let file = "[[flow]]\n[[flow.step]]\ncontract = \"one\"\n[[flow.cleanup]]\nmethod = \"GET\"\npath = \"/gone\"\n\
                status = 204\n";
    assert_eq!(warnings(verify(file, &[]).exits(0)), 1);
    let denied = verify(file, &["--deny", "warnings"]);
    assert!(denied.exits(1).stderr.contains("--deny warnings: 1 clean-up failed"), "{}", denied.stderr);
}

/// What is for contracts that are not selected is of use all the same.
#[rstest]
#[case::a_replacement("[[replace]]\nsegment = \"z\"\nwith = \"q\"\n", &[])]
#[case::a_flow("[[flow]]\n[[flow.step]]\ncontract = \"z/three\"\n", &[])]
#[case::a_map("", &["--map", "https://h.example=SERVER"])]
#[case::a_prefix("", &["--strip-prefix", "/v1"])]
fn a_selection_makes_no_false_alarms(#[case] file: &str, #[case] flags: &[&str]) {
    let server = Hostile::saying(json("200 OK", KEPT));
    let map = flags.iter().map(|flag| flag.replace("SERVER", &server.url())).collect::<Vec<_>>();
    let flags: Vec<&str> = map.iter().map(String::as_str).collect();
    let workspace = suite();
    workspace.file("faithful.toml", file);
    for selected in [["--only", "one"], ["--only", "z/three"], ["--shard", "1/2"], ["--shard", "2/2"]] {
        let all = [&flags, selected.as_slice(), &["--deny", "warnings"]].concat();
        assert_eq!(warnings(workspace.verify(&server, &all).exits(0)), 0);
    }
}

/// Three contracts, the last with a member of its own and held back for want of a value, a rule and a known failure.
fn run_with_a_rule(rule: &str, flags: &[&str]) -> Run {
    let mut own = get("/z/{id}");
    own["response"]["json"] = serde_json::json!({ "a": 1, "own": 2 });
    let workspace = Workspace::with(&[("one", get("/x")), ("two", get("/y")), ("three", own)]);
    let known = "[[known]]\ncontract = \"three\"\nrule = \"member-missing\"\nat = \"$.own\"\nowner = \"a\"\n\
                 reason = \"b\"\nexpires = 9999-12-31\n";
    workspace.file("faithful.toml", format!("{known}[[rules]]\n{rule}"));
    workspace.verify(&Hostile::saying(json("200 OK", KEPT)), flags)
}

const OWN: &str = "at = \"$.own\"\nlevel = \"type\"\n";
const NEW: &str = "at = \"$.new\"\nextra = \"ok\"\n";

/// What was not judged tells nothing of a rule that is for it.
#[rstest]
#[case::held_back(OWN, &[], 0)]
#[case::known_to_fail(OWN, &["--variable", "id=7"], 0)]
#[case::not_selected(OWN, &["--only", "one"], 0)]
#[case::another_part(OWN, &["--shard", "1/2", "--allow-empty"], 0)]
#[case::the_other_part(OWN, &["--shard", "2/2", "--allow-empty"], 0)]
#[case::what_only_an_answer_can_show(NEW, &[], 0)]
#[case::what_no_answer_showed(NEW, &["--variable", "id=7"], 1)]
#[case::what_nothing_shows("at = \"$.none\"\nlevel = \"type\"\n", &[], 1)]
#[case::for_what_is_judged("contract = \"one\"\nat = \"$.own\"\nlevel = \"type\"\n", &["--only", "one"], 1)]
fn a_rule_is_of_no_use_once_all_that_it_is_for_was_judged(
    #[case] rule: &str,
    #[case] flags: &[&str],
    #[case] told: usize,
) {
    assert_eq!(warnings(run_with_a_rule(rule, flags).exits(0)), told);
}

#[test]
fn a_warning_is_in_every_report_that_people_read() {
    let workspace = suite();
    workspace.file("faithful.toml", "[[replace]]\nsegment = \"none\"\nwith = \"q\"\n");
    let server = Hostile::saying(json("200 OK", KEPT));
    let run = workspace.verify(&server, &["--report-markdown", "report.md", "--format", "github"]);
    let said = "faithful.toml:1: [[replace]] segment = \"none\": nothing is there to be replaced";
    assert_eq!(run.exits(0).report.as_ref().unwrap()["warnings"][0], said);
    assert!(
        run.stdout.contains(&format!("::warning file=faithful.toml,line=1,title=faithful::{said}\n")),
        "{}",
        run.stdout
    );
    let markdown = std::fs::read_to_string(workspace.path().join("report.md")).unwrap();
    assert!(markdown.contains(&format!("- warning: `{said}`\n")), "{markdown}");
}

#[test]
fn where_there_is_no_contract_nothing_else_is_told_of() {
    let workspace = Workspace::new();
    workspace.file(
        "faithful.toml",
        "[variables]\na = \"1\"\n[[replace]]\nsegment = \"a\"\nwith = \"b\"\n[[flow]]\n[[flow.step]]\ncontract = \"c\"\n\
         [[rules]]\nat = \"$.a\"\nlevel = \"ignore\"\n\
         [[known]]\ncontract = \"c\"\nrule = \"type\"\nowner = \"a\"\nreason = \"b\"\nexpires = 9999-12-31\n",
    );
    let flags =
        ["--variable", "a=1", "--strip-prefix", "/v1", "--map", "https://h.example=http://127.0.0.1:1"];
    for verb in ["verify", "plan"] {
        let mut command = workspace.command([verb, "--target", "http://127.0.0.1:1"]);
        command.args(flags);
        let run = workspace.run(command);
        assert!(!run.exits(5).stderr.contains("warning:"), "{}", run.stderr);
    }
}
