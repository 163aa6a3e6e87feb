//! Variables: where values come from, which counts, and what is said of those that are missing or of no use.

use crate::service::Service;
use crate::{project, verify};
use rstest::rstest;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A user with the id that it is given first.
fn service() -> Service {
    let service = Service::start();
    let body = "{\"name\": \"Ann\"}";
    let request = format!(
        "POST /users HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut connection = std::net::TcpStream::connect(service.url().trim_start_matches("http://")).unwrap();
    std::io::Write::write_all(&mut connection, request.as_bytes()).unwrap();
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut connection, &mut answer).unwrap();
    assert!(answer.contains("u-4701"), "{answer}");
    service
}

/// Who was made stays.
const KEPT: &str = "[[skip]]\nmethod = \"DELETE\"\nreason = \"others need it\"\n";

#[rstest]
#[case::flag("", "id=right", None, None, true)]
#[case::qualified_flag("", "users.id=right", None, None, true)]
#[case::flag_over_file_over_environment(
    "[variables]\nid = \"wrong\"\n",
    "id=right",
    Some("id=wrong"),
    Some("wrong"),
    true
)]
#[case::file_over_environment(
    "[variables]\nid = \"wrong\"\n",
    "",
    Some("# mine\n\nid=right"),
    Some("wrong"),
    true
)]
#[case::blanks_and_remarks_of_a_file("", "", Some("  # mine\n id = right \r\n"), None, true)]
#[case::environment_over_config("[variables]\nid = \"wrong\"\n", "", None, Some("right"), true)]
#[case::config("[variables]\nid = \"right\"\n", "", None, None, true)]
#[case::the_most_qualified(
    "[variables]\n\"users.id\" = \"right\"\n",
    "id=wrong",
    Some("id=wrong"),
    Some("wrong"),
    true
)]
#[case::by_contract(
    "[variables]\n\"users.id\" = \"wrong\"\n[variables.\"service/get-users-*\"]\nid = \"right\"\n\"users.id\" = \"right\"\n",
    "",
    None,
    None,
    true
)]
#[case::another_contract("[variables.\"service/delete-*\"]\nid = \"right\"\n", "", None, None, false)]
fn the_value_that_counts(
    #[case] config: &str,
    #[case] flag: &str,
    #[case] file: Option<&str>,
    #[case] environment: Option<&str>,
    #[case] filled: bool,
) {
    let (service, right) = (service(), |text: &str| text.replace("right", "u-4701"));
    let workspace = project(&format!("{KEPT}{}", right(config)));
    let url = service.url();
    let mut command = workspace.command(["verify", "docs", "--target", &url, "--report-json", "report.json"]);
    if !flag.is_empty() {
        command.args(["--variable", &right(flag)]);
    }
    if let Some(file) = file {
        workspace.file("values.env", right(file));
        command.args(["--variables-file", "values.env"]);
    }
    if let Some(value) = environment {
        command.env("FAITHFUL_VARIABLE_ID", right(value));
    }
    let run = workspace.run(command);
    let outcome = if filled { "passed" } else { "skipped needs-variable" };
    assert_eq!(run.outcome("service/get-users-id"), outcome, "{}", run.printed());
}

#[test]
fn what_is_missing_is_told_once_with_the_lines_that_would_supply_it() {
    let (service, workspace) = (service(), project(""));
    let run = verify(&workspace, &service, &[]);
    let said = "4 values are missing: give --variable NAME=VALUE, or in faithful.toml\n[variables]\n\
                exportId = \"…\"  # {exportId} of service/get-exports-exportid\n\
                id = \"…\"  # {id} of service/post-exports\n\
                noteId = \"…\"  # {noteId} of service/get-users-id-notes-noteid\n\
                \"users.id\" = \"…\"  # {id} of service/delete-users-id and 4 more contracts\n";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert_eq!(run.stderr.matches("[variables]").count(), 1);
    let missing = &run.report.as_ref().unwrap()["missing_variables"];
    assert_eq!(missing[3]["line"], "\"users.id\" = \"…\"");
    let mut lines = said.lines().skip(1).take(5).collect::<Vec<_>>().join("\n").replace('…', "u-4701");
    lines.push('\n');
    workspace.file("faithful.toml", lines);
    let run = verify(&workspace, &service, &[]);
    assert!(!run.stderr.contains("[variables]"), "{}", run.stderr);
    assert!(run.report.as_ref().unwrap().get("missing_variables").is_none());
}

#[test]
fn a_variable_that_fills_nothing_is_told_of_with_the_nearest() {
    let (service, workspace) = (service(), project(""));
    let run = verify(&workspace, &service, &["--variable", "noteid=secret-value", "--variable", "id=u-4701"]);
    let said = "warning: --variable noteid fills no placeholder; did you mean noteId?\n";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert!(!run.stderr.contains("--variable id"), "{}", run.stderr);
    run.never_shows("secret-value");
}

#[test]
fn made_up_values_are_the_same_wherever_they_are_used_and_new_in_every_run() {
    let config = "[variables]\nid = { make = \"uuid\" }\nnoteId = { make = \"now+1h\", format = \"date\" }\n\
                  exportId = { make = \"uuid\" }\n";
    let ids = |arguments: &[&str]| {
        let (service, workspace) = (service(), project(config));
        verify(&workspace, &service, arguments);
        let log = service.log();
        let segment = |method: &str, at: usize, length: usize| -> Vec<String> {
            let lines =
                log.iter().filter(|line| line.starts_with(method) && line.split('/').count() == length);
            lines
                .filter(|line| line.contains("/users/"))
                .map(|line| line.split('/').nth(at).unwrap().to_owned())
                .collect()
        };
        let (users, notes) = (segment("GET", 2, 3), segment("GET", 4, 5));
        let (patched, deleted) = (segment("PATCH", 2, 3), segment("DELETE", 2, 3));
        assert_eq!((&users, &users), (&patched, &deleted), "{log:?}");
        assert_eq!((users.len(), notes.len()), (1, 1), "{log:?}");
        (users[0].clone(), notes[0].clone())
    };
    let (one, two) = (ids(&[]), ids(&[]));
    assert_ne!(one.0, two.0);
    assert_eq!((one.0.len(), one.1.len()), (36, 10), "{one:?}");
    let fixed = ids(&["--deterministic"]);
    assert_eq!(fixed, ids(&["--deterministic"]));
    assert_eq!(fixed.1, "2000-01-01");
}

#[test]
fn literals_of_the_docs_are_replaced_by_place_and_echoes_are_judged_by_what_was_sent() {
    let page = "```http\nPATCH https://service.example/users/u-1001?trace=old&$top=5\nX-Tenant: page\n\
                Content-Type: application/json\n\n{ \"name\": \"Bob\", \"tags\": [\"a\"] }\n```\n\n\
                ```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\
                { \"id\": \"u-1001\", \"name\": \"Bob\", \"createdDateTime\": \"2020-02-03T04:05:06Z\" }\n```\n";
    let config = "[[replace]]\nsegment = \"u-1001\"\nwith = \"{user}\"\n[[replace]]\nquery = \"trace\"\nwith = \"a b\"\n\
                  [[replace]]\nheader = \"x-tenant\"\nwith = \"{tenant}\"\n[[replace]]\nat = \"$.name\"\nliteral = \"Bob\"\nwith = \"Eve\"\n\
                  [[replace]]\nat = \"$.nobody\"\nwith = 1\n[variables]\nuser = \"u-4701\"\ntenant = \"t1\"\n";
    let (service, workspace) = (service(), project(config));
    std::fs::remove_file(workspace.path().join("docs/service.md")).unwrap();
    workspace.file("docs/patch.md", page);
    let run = verify(&workspace, &service, &[]);
    assert_eq!(run.outcomes(), ["patch/patch-users-u-1001: passed"], "{}", run.printed());
    let taken = service.taken().pop().unwrap();
    assert_eq!(taken.path, "/users/u-4701?trace=a%20b&$top=5");
    assert_eq!(taken.headers["x-tenant"], "t1");
    assert_eq!(taken.body, "{ \"name\": \"Eve\", \"tags\": [\"a\"] }");
    assert!(
        run.stderr.contains(
            "warning: faithful.toml:14: [[replace]] at = \"$.nobody\": nothing is there to be replaced\n"
        ),
        "{}",
        run.stderr
    );
    // Against the embedded stub the docs are taken literally.
    let run = workspace.run(workspace.command(["verify", "docs"]));
    run.exits(0);
}

#[rstest]
#[case::by_what_was_sent("[[replace]]\nsegment = \"u-1001\"\nwith = \"{user}\"\n", "passed")]
#[case::not_by_what_was_not_sent("", "passed")]
#[case::by_what_was_sent_all_the_same("[[replace]]\nquery = \"as\"\nwith = \"{user}x\"\n", "failed echo")]
fn a_path_that_a_page_shortens_is_replaced_as_a_whole(#[case] more: &str, #[case] outcome: &str) {
    let page = "```http\nGET /person/u-1001?as=u-4701\n```\n\n\
                ```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\
                { \"id\": \"u-1001\", \"name\": \"Bob\" }\n```\n";
    let page = if outcome == "failed echo" {
        page.replace("\"id\": \"u-1001\"", "\"id\": \"u-4701\"")
    } else {
        page.to_owned()
    };
    let config = format!(
        "[[replace]]\npath = \"/person/u-1001\"\nwith = \"/users/{{user}}\"\n{more}[variables]\nuser = \"u-4701\"\n"
    );
    let (service, workspace) = (service(), project(&config));
    std::fs::remove_file(workspace.path().join("docs/service.md")).unwrap();
    workspace.file("docs/person.md", page);
    let run = verify(&workspace, &service, &[]);
    assert_eq!(run.outcomes(), [format!("person/get-person-u-1001: {outcome}")], "{}", run.printed());
    assert!(service.taken().pop().unwrap().path.starts_with("/users/u-4701?as=u-4701"));
}

#[test]
fn a_file_of_values_that_cannot_be_used_is_named_with_its_line() {
    let workspace = project("");
    workspace.file("values.env", "a=b\nnonsense\n");
    for (file, problem) in [("values.env", "values.env:2: give NAME=VALUE"), ("nobody", "nobody: ")] {
        let run = workspace.run(workspace.command(["verify", "docs", "--variables-file", file]));
        run.exits(2);
        assert!(run.stderr.contains(problem), "{}", run.stderr);
    }
}

/// A pipe has nothing for a second reader, who would wait for it without end.
#[test]
#[cfg(unix)]
fn a_file_of_values_may_be_a_pipe() {
    let workspace = project("");
    let pipe = workspace.path().join("values.env");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let writer = std::thread::spawn(move || std::fs::write(pipe, "id=u-1\n").unwrap());
    let mut command = workspace.command(["plan", "docs", "--target", "http://127.0.0.1:1"]);
    command.args(["--variables-file", "values.env"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().unwrap();
    let start = Instant::now();
    while running.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(20) {
            running.kill().unwrap();
            panic!("it waits for more");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    writer.join().unwrap();
    let output = running.wait_with_output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(stdout.contains("/users/u-1"), "{stdout}");
}

/// What stays from run to run may be for the pages that were not named.
#[test]
fn what_other_pages_may_ask_for_is_given_in_vain_by_a_flag_alone() {
    let flow = "[variables]\nmine = \"u-1\"\n[[flow]]\nname = \"users\"\n[[flow.step]]\ncontract = \"service/post-users\"\n\
                capture = { mine = \"$.id\" }\n[[flow.cleanup]]\nmethod = \"DELETE\"\npath = \"/users/{mine}\"\n";
    let workspace = project(flow);
    workspace.file("values.env", "mine=u-1\n");
    for (page, arguments, told) in [
        ("docs", ["--variables-file", "values.env"], 3),
        ("docs/service.md", ["--variables-file", "values.env"], 0),
        ("docs/service.md", ["--variable", "mine=u-1"], 1),
    ] {
        let mut command = workspace.command(["plan", page, "--target", "http://127.0.0.1:1"]);
        command.args(arguments).env("FAITHFUL_VARIABLE_MINE", "u-1");
        let run = workspace.run(command);
        assert_eq!(run.stderr.matches("captures mine").count(), told, "{page}: {}", run.printed());
    }
}

/// A flow's own captures count: what is given beside them is of use only where it is asked for elsewhere, or before.
#[rstest]
#[case::behind_the_capture("", "", true)]
#[case::before_it("[[flow.step]]\nmethod = \"GET\"\npath = \"/users?of={mine}\"\n", "", false)]
#[case::in_another_flow(
    "",
    "[[flow]]\nname = \"other\"\n[[flow.step]]\nmethod = \"GET\"\npath = \"/users?of={mine}\"\n",
    false
)]
#[case::outside_of_flows(
    "",
    "[[replace]]\ncontract = \"service/get-users-id\"\nsegment = \"{id}\"\nwith = \"{mine}\"\n",
    false
)]
fn a_variable_that_a_flow_captures_itself_is_told_of(
    #[case] before: &str,
    #[case] beside: &str,
    #[case] is_told: bool,
) {
    let flow = format!(
        "[[flow]]\nname = \"users\"\n{before}[[flow.step]]\ncontract = \"service/post-users\"\n\
         capture = {{ mine = \"$.id\" }}\n[[flow.cleanup]]\nmethod = \"DELETE\"\npath = \"/users/{{mine}}\"\n{beside}"
    );
    let (service, workspace) = (Service::start(), project(&flow));
    let said = "warning: --variable mine fills nothing: flow users captures mine before it is asked for; take it out, or give one \
                of them another name";
    let run = verify(&workspace, &service, &["--variable", "mine=u-1"]);
    assert_eq!(run.stderr.contains(said), is_told, "{}", run.printed());
    let said = |given: &str| said.replace("--variable mine", given);
    for (given, shown) in [
        ("FILE", "mine of --variables-file values.env"),
        ("ENVIRONMENT", "FAITHFUL_VARIABLE_MINE of the environment"),
        ("SETTINGS", "faithful.toml:2: [variables] mine"),
    ] {
        workspace.file("values.env", "mine=u-1\n");
        let settings = if given == "SETTINGS" { "[variables]\nmine = \"u-1\"\n" } else { "" };
        workspace.file("faithful.toml", format!("{settings}{flow}"));
        let url = service.url();
        let mut command = workspace.command(["plan", "docs", "--target", &url]);
        match given {
            "FILE" => {
                command.args(["--variables-file", "values.env"]);
            }
            "ENVIRONMENT" => {
                command.env("FAITHFUL_VARIABLE_MINE", "u-1");
            }
            _ => {}
        }
        let run = workspace.run(command);
        assert_eq!(run.stderr.contains(&said(shown)), is_told, "{given}: {}", run.printed());
    }
    let command = workspace.command(["verify", "docs", "--variable", "mine=u-1"]);
    assert!(!workspace.run(command).stderr.contains("captures mine"), "there are no flows against the stub");
}
