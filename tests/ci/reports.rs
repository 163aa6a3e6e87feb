//! Reports in files: all of them in one run, whole or not at all, and well-formed whatever a page or a service says.

use crate::hostile::{Hostile, Step, answer, json};
use crate::run::{Run, Workspace, get, sending};
use rstest::rstest;
use serde_json::{Value, json};
use std::fs;
use std::process::{Command, Stdio};

/// What no reader of a report may stumble over, or obey.
pub(crate) const HOSTILE: [&str; 12] = [
    "]]><failure>&lt;",
    "\u{0}\u{1}\u{b}",
    "\u{1b}[31mred\u{1b}]0;title\u{7}",
    "\u{fffe}\u{ffff}\u{1fffe}",
    "\u{202e}evil\u{2066}",
    "\n::error file=a::pwned",
    "\r\n  ::add-mask::x",
    "##[error]pwned ##[group]",
    "`` ` ```\n# heading <img src=x onerror=alert(1)>",
    "<script>alert(1)</script>|x|[y](javascript:z)",
    "--><?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>&y;",
    "' \" \\ $(id) `id` ; rm -rf / #",
];

/// Contracts that fail, cannot be judged, are skipped and pass, with hostile text wherever some can stand.
pub(crate) fn hostile_run(flags: &[&str], environment: &[(&str, &str)]) -> (Workspace, Run) {
    let server = Hostile::answering(|delivery| {
        let target = delivery.target();
        let index = target.rsplit('/').next().and_then(|index| index.parse::<usize>().ok());
        let text = HOSTILE[index.unwrap_or_default()];
        vec![match target.split('/').nth(1) {
            Some("value") => Step::Write(json("200 OK", &json!({ "a": text, text: 1 }).to_string())),
            Some("text") => Step::Write(json("200 OK", text)),
            Some("status") => {
                Step::Write(answer("500 Oops", &[("Content-Type", "text/plain")], text.as_bytes()))
            }
            Some("closed") => Step::Close,
            _ => Step::Write(json("200 OK", "{\"a\": 1}")),
        }]
    });
    let workspace = Workspace::new();
    for (index, text) in HOSTILE.iter().enumerate() {
        for kind in ["value", "text", "status", "closed", "passed"] {
            let mut contract = get(&format!("/{kind}/{index}"));
            contract["name"] = (*text).into();
            contract["response"]["json"] = json!({ "a": 1, "b": *text });
            contract["response"]["truncated"] = false.into();
            if kind == "passed" {
                contract["response"]["json"] = json!({ "a": 1 });
            }
            workspace.file(&format!("contracts/{kind}/{index}.json"), contract.to_string());
        }
        let mut skipped = get(&format!("/{{{}}}", text.replace(['{', '}', '/'], "")));
        skipped["request"]["method"] = "GET".into();
        workspace.file(&format!("contracts/skipped/{index}.json"), skipped.to_string());
    }
    workspace.file("contracts/odd/a,b:c::error::%0A.json", sending("POST", "/value/0").to_string());
    let mut command = workspace.command(["verify", "contracts", "--target", &server.url(), "--jobs", "1"]);
    command.args([
        "--report-json",
        "report.json",
        "--report-junit",
        "report.xml",
        "--report-markdown",
        "report.md",
    ]);
    command.args(flags).envs(environment.iter().copied());
    let run = workspace.run(command);
    (workspace, run)
}

fn count(run: &Run, name: &str) -> usize {
    usize::try_from(run.report.as_ref().unwrap()["summary"][name].as_u64().unwrap()).unwrap()
}

/// Asks Python's expat; none where there is no Python.
fn expat(xml: &str) -> Option<bool> {
    let script = "import sys, xml.etree.ElementTree as t; t.fromstring(sys.stdin.buffer.read())";
    let mut python = Command::new("python3").args(["-c", script]).stdin(Stdio::piped()).spawn().ok()?;
    std::io::Write::write_all(&mut python.stdin.take()?, xml.as_bytes()).ok()?;
    Some(python.wait().ok()?.success())
}

#[test]
fn junit_is_well_formed_and_says_what_came_of_each_contract() {
    let (workspace, run) = hostile_run(&[], &[]);
    run.exits(1);
    let xml = fs::read_to_string(workspace.path().join("report.xml")).unwrap();
    let document = roxmltree::Document::parse(&xml).unwrap();
    let cases: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
    assert_eq!(cases.len(), run.verdicts().len());
    for (tag, outcome) in [("failure", "failed"), ("error", "errored"), ("skipped", "skipped")] {
        let found = document.descendants().filter(|node| node.has_tag_name(tag)).count();
        assert_eq!(found, count(&run, outcome), "{tag}");
        assert!(found > 0, "{tag}");
    }
    // By id, the same outcome, and a message.
    for verdict in run.verdicts() {
        let id = verdict["id"].as_str().unwrap();
        let case = cases.iter().find(|case| case.attribute("name") == Some(id)).unwrap();
        let child = case.children().find(roxmltree::Node::is_element);
        let expected = match verdict["outcome"].as_str().unwrap() {
            "failed" => Some("failure"),
            "errored" => Some("error"),
            "skipped" => Some("skipped"),
            _ => None,
        };
        assert_eq!(child.map(|child| child.tag_name().name()), expected, "{id}");
        if let Some(child) = child {
            assert!(child.attribute("message").is_some_and(|message| !message.is_empty()), "{id}");
            assert!(!child.attribute("message").unwrap().contains('\n'), "{id}");
        }
    }
    // What was hostile is text, and nothing else.
    let known =
        ["testsuites", "testsuite", "testcase", "failure", "error", "skipped", "properties", "property"];
    let elements = document.descendants().filter(roxmltree::Node::is_element);
    assert!(elements.clone().all(|node| known.contains(&node.tag_name().name())));
    assert!(xml.contains("\\u{fffe}") && xml.contains("\\u{1b}[31mred"), "{xml}");
    assert_ne!(expat(&xml), Some(false));
}

/// The check above would notice a broken report.
#[test]
fn a_reader_refuses_what_xml_cannot_hold() {
    for text in ["<a>\u{fffe}</a>", "<a>\u{1}</a>", "<a>]]></a>", "<a>&lt</a>"] {
        assert!(roxmltree::Document::parse(text).is_err() || expat(text) != Some(true), "{text:?}");
    }
}

/// What is told of a run as a whole, by its `JUnit` report.
fn told(workspace: &Workspace) -> String {
    let xml = fs::read_to_string(workspace.path().join("report.xml")).unwrap();
    let document = roxmltree::Document::parse(&xml).unwrap();
    let said = document.descendants().find(|node| node.has_tag_name("system-err"));
    said.and_then(|node| node.text()).unwrap_or_default().to_owned()
}

#[test]
fn junit_says_what_there_is_to_say_of_the_run_as_a_whole() {
    let server = Hostile::saying(json("200 OK", "{\"a\": \"1\"}"));
    let workspace = Workspace::with(&[("one", get("/x")), ("two", get("/y"))]);
    let flags = ["--report-junit", "report.xml", "--variable", "nobody=1"];
    workspace.verify(&server, &flags).exits(1);
    let warning = "warning: --variable nobody fills no placeholder; there is none";
    assert_eq!(told(&workspace), warning);
    workspace.verify(&server, &[&flags as &[&str], &["--fail-fast", "-j", "1"]].concat()).exits(1);
    assert_eq!(told(&workspace), format!("interrupted: not everything was sent\n{warning}"));
    // Where no case stands nobody looks for a suite.
    let empty = Workspace::new();
    empty.file("contracts/README.md", "");
    empty.file("faithful.toml", "[docs]\npath = \"nowhere\"\n");
    empty.verify(&server, &flags).exits(5);
    assert_eq!(told(&empty), "");
}

#[test]
fn markdown_shows_hostile_text_as_code() {
    let (workspace, _) = hostile_run(&[], &[]);
    let text = fs::read_to_string(workspace.path().join("report.md")).unwrap();
    assert!(text.starts_with("## faithful: "), "{text}");
    let parser = pulldown_cmark::Parser::new(&text);
    for event in parser {
        use pulldown_cmark::{Event, Tag};
        match event {
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => panic!("{event:?}"),
            Event::Text(text) => {
                let ours = |c: char| c.is_ascii_alphanumeric() || " :,.".contains(c);
                assert!(text.chars().all(ours), "{text}");
            }
            _ => {}
        }
    }
}

#[rstest]
#[case("junit")]
#[case("markdown")]
#[case("json")]
fn a_report_may_have_stdout_for_itself(#[case] kind: &str) {
    let server = Hostile::saying(json("200 OK", "{\"a\": \"1\"}"));
    let workspace = Workspace::of(&get("/x"));
    let run = workspace.run(workspace.command([
        "verify",
        "contracts",
        "--target",
        &server.url(),
        &format!("--report-{kind}"),
        "-",
    ]));
    run.exits(1);
    assert!(run.stderr.contains("type: $.a is \"1\""), "{}", run.stderr);
    match kind {
        "junit" => assert!(roxmltree::Document::parse(&run.stdout).is_ok(), "{}", run.stdout),
        "json" => assert!(serde_json::from_str::<Value>(&run.stdout).is_ok(), "{}", run.stdout),
        _ => assert!(run.stdout.starts_with("## faithful: 1 of 1 contracts broken\n"), "{}", run.stdout),
    }
}

#[rstest]
#[case(&["--report-junit", "-"], "--report-json and --report-junit would write over each other")]
#[case(&["--report-markdown", "contracts"], "contracts: a report cannot be written here: it is a folder")]
#[case(&["--report-junit", "no/such/folder.xml"], "no/such/folder.xml: a report cannot be written here")]
fn what_cannot_be_written_is_told_before_anything_is_sent(#[case] flags: &[&str], #[case] said: &str) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = Workspace::of(&get("/x"));
    let mut command =
        workspace.command(["verify", "contracts", "--target", &server.url(), "--report-json", "-"]);
    command.args(flags);
    let run = workspace.run(command);
    assert!(run.exits(2).stderr.contains(said), "{}", run.stderr);
    assert_eq!(server.connections(), 0);
}

#[cfg(target_os = "linux")]
#[rstest]
#[case("{\"a\": 1}", 4)]
#[case("{\"a\": \"1\"}", 1)]
fn a_report_that_cannot_be_written_costs_the_others_nothing(#[case] body: &str, #[case] code: i32) {
    let server = Hostile::saying(json("200 OK", body));
    let workspace = Workspace::of(&get("/x"));
    let run = workspace.verify(&server, &["--report-junit", "/dev/full", "--report-markdown", "report.md"]);
    assert!(run.exits(code).stderr.contains("out.write: /dev/full: "), "{}", run.stderr);
    assert!(run.report.is_some() && workspace.path().join("report.md").exists());
}

#[test]
fn equal_runs_give_equal_bytes_without_times() {
    let server = Hostile::saying(json("200 OK", "{\"a\": \"1\"}"));
    let workspace = Workspace::with(&[("a/b", get("/x")), ("c", get("/y"))]);
    let names = ["report.json", "report.xml", "report.md"];
    let flags = ["--deterministic", "--report-junit", "report.xml", "--report-markdown", "report.md"];
    let reports = [0, 1].map(|_| {
        workspace.verify(&server, &flags).exits(1);
        names.map(|name| fs::read_to_string(workspace.path().join(name)).unwrap())
    });
    assert_eq!(reports[0], reports[1]);
    assert!(!reports[0][1].contains("time="), "{}", reports[0][1]);
}

#[test]
fn each_failure_comes_with_what_repeats_it() {
    let server = Hostile::saying(json("200 OK", "{\"a\": \"1\"}"));
    let mut contract = sending("POST", "/x?q=a b");
    contract["request"]["json"] = json!({ "it's": "$(id)" });
    let workspace = Workspace::with(&[("it", contract), ("passed", get("/{a}"))]);
    let run = workspace.verify(&server, &["--report-junit", "report.xml"]);
    let line = run.verdict("it")["curl"].as_str().unwrap().to_owned();
    assert!(run.stdout.contains(&format!("reproduce: {line}\n")), "{}", run.stdout);
    assert!(run.verdict("passed")["curl"].is_null());
    let before = server.deliveries().last().unwrap().clone();
    // Where there is a curl, it sends the same.
    let Ok(status) =
        Command::new("bash").args(["-c", &format!("{line} --silent --output /dev/null")]).status()
    else {
        return;
    };
    if status.success() {
        let again = server.deliveries().last().unwrap().clone();
        assert_eq!((again.line(), again.body()), (before.line(), before.body()));
        assert_eq!(again.values("content-type"), before.values("content-type"));
        assert_eq!(server.deliveries().len(), 2);
    }
}

#[test]
fn whole_exchanges_are_shown_on_demand() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = Workspace::of(&sending("POST", "/x"));
    let run = workspace.verify(&server, &["-v"]);
    let shown: Vec<&str> = run.exits(0).stdout.lines().filter(|line| line.starts_with(['>', '<'])).collect();
    let first = format!("> POST {}/x", server.url());
    assert_eq!((shown[0], shown[1]), (first.as_str(), "> Content-Type: application/json"));
    assert!(
        shown.contains(&"> {\"name\":\"x\"}") && shown.contains(&"< 200") && shown.contains(&"< {\"a\": 1}")
    );
    assert!(!workspace.verify(&server, &[]).stdout.contains('>'));
}

#[test]
fn quiet_runs_tell_of_failures_alone() {
    let server = Hostile::answering(|delivery| {
        let body = if delivery.target() == "/bad" { "[]" } else { "{\"a\": 1}" };
        vec![Step::Write(json("200 OK", body))]
    });
    let contracts = [("bad", get("/bad")), ("good", get("/good")), ("skipped", get("https://h.example/{x}"))];
    let run = Workspace::with(&contracts).verify(&server, &["-q", "--format", "short"]);
    run.exits(1);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(
        lines[0].starts_with("failed bad: ") && lines.last().unwrap().starts_with("3 contracts: "),
        "{lines:?}"
    );
    assert!(!run.stdout.contains("skipped skipped") && run.stderr.is_empty(), "{run:?}");
}

#[test]
fn in_a_pipe_nothing_is_seen_of_the_bar() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let run = Workspace::of(&get("/x")).verify(&server, &[]);
    assert!(!run.printed().contains(['\u{1b}', '\r']) && !run.printed().contains("contracts ["), "{run:?}");
}

/// Where there is a `script` of util-linux, which is a terminal.
#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_the_bar_is_seen() {
    let server = Hostile::answering(|_| {
        std::thread::sleep(std::time::Duration::from_millis(300));
        vec![Step::Write(json("200 OK", "{\"a\": 1}"))]
    });
    let workspace = Workspace::with(&[("a", get("/a")), ("b", get("/b"))]);
    let line = format!("{} verify contracts --target {}", env!("CARGO_BIN_EXE_faithful"), server.url());
    for (flag, seen) in [("", true), (" -q", false)] {
        let mut command = workspace.command(["--help"]);
        command.env("TERM", "xterm");
        let mut terminal = Command::new("script");
        terminal.args(["-qec", &format!("{line}{flag}"), "/dev/null"]).current_dir(workspace.path());
        terminal.env("TERM", "xterm").env("XDG_CACHE_HOME", workspace.path()).stdin(Stdio::null());
        let Ok(output) = terminal.output() else { return };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(text.contains("/2 contracts ["), seen, "{text}");
        assert!(text.contains("2 contracts: 2 passed"), "{text}");
    }
}
