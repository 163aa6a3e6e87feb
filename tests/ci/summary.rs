//! Where GitHub Actions looks: annotations at the lines of the docs, a job summary, and nothing that its runner obeys.

use crate::hostile::{Hostile, json};
use crate::reports::hostile_run;
use crate::run::{Run, Workspace, get, sending};
use rstest::rstest;
use std::fs;

/// Lines that the runner takes for commands.
pub(crate) fn commands(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.trim_start().starts_with("::") || line.contains("##[")).collect()
}

/// Each of them is one of ours: a command that annotates, with nothing in it that begins another.
pub(crate) fn are_ours(lines: &[&str]) {
    for line in lines {
        let parts: Vec<&str> = line.splitn(3, "::").collect();
        let ["", command, _] = parts.as_slice() else { panic!("{line}") };
        let (command, properties) = command.split_once(' ').unwrap();
        assert!(["error", "warning", "notice"].contains(&command) && !line.contains("##["), "{line}");
        for property in properties.split(',') {
            let (name, _) = property.split_once('=').unwrap_or_else(|| panic!("{line}"));
            assert!(["file", "line", "endLine", "col", "endColumn", "title"].contains(&name), "{line}");
        }
    }
}

#[rstest]
#[case("pretty")]
#[case("short")]
#[case("github")]
fn the_runner_obeys_nothing_that_a_page_or_a_service_says(#[case] format: &str) {
    let environment = [("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", "summary.md")];
    for flags in [&["--format", format] as &[&str], &["--format", format, "-v"]] {
        let (workspace, run) = hostile_run(flags, &environment);
        run.exits(1);
        let (annotations, rest) =
            if format == "github" { (&run.stdout, &run.stderr) } else { (&run.stderr, &run.stdout) };
        assert_eq!(commands(rest), Vec::<&str>::new());
        let ours = commands(annotations);
        assert!(ours.len() > 24, "{annotations}");
        are_ours(&ours);
        let summary = fs::read_to_string(workspace.path().join("summary.md")).unwrap();
        assert_eq!(commands(&summary), Vec::<&str>::new());
        assert_eq!(summary, fs::read_to_string(workspace.path().join("report.md")).unwrap());
    }
}

#[test]
fn neither_does_it_what_a_contract_says_that_is_shown_or_sent() {
    let text = "::error::pwned\n  ::stop-commands::x\n##[error]pwned";
    let mut contract = sending("POST", "/x?q=##[group]");
    contract["request"].as_object_mut().unwrap().remove("json");
    contract["request"]["text"] = text.into();
    contract["response"]["json"] = serde_json::json!({ "a": { "b": "##[error]pwned" } });
    let workspace = Workspace::of(&contract);
    let server = Hostile::saying(json("200 OK", "{\"a\": \"##[error]pwned\"}"));
    for format in ["pretty", "short", "json"] {
        let run = workspace.verify(&server, &["--format", format, "--profile", "golden"]);
        assert_eq!(commands(&run.exits(1).printed()), Vec::<&str>::new());
        assert_eq!(run.verdict("it")["mismatches"][0]["actual"], "##[error]pwned");
    }
    let shown = workspace.run(workspace.command(["show", "it"]));
    assert_eq!(commands(&shown.exits(0).stdout), Vec::<&str>::new());
    assert!(shown.stdout.contains("| ::error::pwned\n"), "{}", shown.stdout);
}

const PAGE: &str = "# Users\n\n```http\nGET https://h.example/x\n```\n\n```http\nHTTP/1.1 200 OK\nContent-Type: \
                    application/json\n\n{\n  \"a\": 1\n}\n```\n";

fn page(arguments: &[&str], environment: &[(&str, &str)], folder: &str) -> (Workspace, Run) {
    let server = Hostile::saying(json("200 OK", "{\"a\": \"1\"}"));
    let workspace = Workspace::new();
    workspace.file(&format!("{folder}docs/users.md"), PAGE);
    let mut command = workspace.command(["verify", "./docs", "--target", &server.url()]);
    command.args(arguments).envs(environment.iter().copied());
    command.current_dir(workspace.path().join(folder)).env("GITHUB_WORKSPACE", workspace.path());
    let run = workspace.run(command);
    (workspace, run)
}

#[rstest]
#[case("", "docs/users.md")]
#[case("api/", "api/docs/users.md")]
fn an_annotation_stands_at_the_line_that_documents_what_broke(#[case] folder: &str, #[case] file: &str) {
    let expected = format!(
        "::error file={file},line=12,col=8,title=users/get-x::type: $.a is \"1\" (string), documented 1 (number); the \
         docs show it"
    );
    let (_, run) = page(&["--format", "github"], &[], folder);
    assert_eq!(run.exits(1).stdout.lines().next(), Some(expected.as_str()));
    let (_, run) = page(&[], &[("GITHUB_ACTIONS", "true")], folder);
    assert!(run.exits(1).stderr.lines().any(|line| line == expected), "{}", run.stderr);
    let (_, run) = page(&[], &[("GITHUB_ACTIONS", "false")], folder);
    assert_eq!(commands(&run.printed()), Vec::<&str>::new());
}

#[rstest]
#[case("", "faithful.toml")]
#[case("api/", "api/faithful.toml")]
fn a_warning_of_the_file_stands_at_its_line(#[case] folder: &str, #[case] file: &str) {
    let workspace = Workspace::new();
    workspace.file(&format!("{folder}contracts/it.json"), get("/x").to_string());
    workspace.file(
        &format!("{folder}faithful.toml"),
        "[variables]\nnobody = 7\n[[rules]]\nat = \"$.none\"\nnull = \"ok\"\n",
    );
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let mut command =
        workspace.command(["verify", "contracts", "--format", "github", "--target", &server.url()]);
    command.current_dir(workspace.path().join(folder)).env("GITHUB_WORKSPACE", workspace.path());
    let run = workspace.run(command);
    let warnings: Vec<&str> =
        run.exits(0).stdout.lines().filter(|line| line.starts_with("::warning ")).collect();
    let expected = [
        format!(
            "::warning file={file},line=2,title=faithful::faithful.toml:2: [variables] nobody fills no placeholder; there is none"
        ),
        format!(
            "::warning file={file},line=3,title=faithful::faithful.toml:3: $.none matches no place of the contract that it is for"
        ),
    ];
    assert_eq!(warnings, expected);
}

#[test]
fn a_summary_is_added_to_what_other_steps_have_said() {
    let summary = [("GITHUB_STEP_SUMMARY", "summary.md")];
    let (workspace, _) = page(&[], &summary, "");
    assert!(!workspace.path().join("summary.md").exists(), "only where GitHub Actions runs, or is asked for");
    let workspace_of = |flags: &[&str], environment: &[(&str, &str)]| {
        let (workspace, run) = page(flags, environment, "");
        run.exits(1);
        fs::read_to_string(workspace.path().join("summary.md")).unwrap()
    };
    let asked = workspace_of(&["--format", "github"], &summary);
    let runs = workspace_of(&[], &[("GITHUB_STEP_SUMMARY", "summary.md"), ("GITHUB_ACTIONS", "true")]);
    for text in [asked, runs] {
        assert!(text.starts_with("## faithful: 1 of 1 contracts broken\n"), "{text}");
        assert!(text.contains("`./docs/users.md:12:8`"), "{text}");
    }
}

#[test]
fn a_summary_that_cannot_be_written_fails_nobody() {
    let environment = [("GITHUB_STEP_SUMMARY", "/no/such/folder/summary.md"), ("GITHUB_ACTIONS", "true")];
    let (_, run) = page(&["--allow", "type"], &environment, "");
    assert!(run.exits(0).stderr.contains("no job summary: /no/such/folder/summary.md"), "{}", run.stderr);
}
