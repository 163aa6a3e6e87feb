//! A credential is never shown, however the service that was given it spells it: no output holds so much as eight octets
//! of it. The same run with a value that nobody calls a credential shows it everywhere, so the search is not blind.

use crate::hostile::{Hostile, Step, answer, json};
use crate::run::{Run, Workspace, get};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rstest::rstest;
use serde_json::json;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const CANARY: &str = "kN3/xQ7+vT9\"pL2&mZ5<wB8'hJ4";

fn escaped(text: &str, escape: impl Fn(char) -> String) -> String {
    text.chars().map(escape).collect()
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut shown, byte| {
        let _ = write!(shown, "%{byte:02X}");
        shown
    })
}

/// The ways in which a service gives back what it was sent, by the path that asks for it.
fn echoes() -> Vec<(&'static str, Vec<Step>)> {
    let value = |text: &str| Step::Write(json("200 OK", &json!({ "a": text }).to_string()));
    let whole = |body: String| Step::Write(json("200 OK", &body));
    let (first, last) = CANARY.split_at(13);
    let quoted = serde_json::to_string(CANARY).unwrap();
    let unicode = escaped(CANARY, |c| format!("\\u{:04x}", u32::from(c)));
    let markup = escaped(CANARY, |c| format!("&#{};", u32::from(c)));
    let redirect = format!("/next?x={}", percent(CANARY));
    let padding = "x".repeat(180);
    vec![
        ("raw", vec![value(&format!("you said {CANARY}"))]),
        ("escaped", vec![whole(format!("{{\"a\": \"{unicode}\"}}"))]),
        ("solidus", vec![whole(format!("{{\"a\": {}}}", quoted.replace('/', "\\/")))]),
        ("nested", vec![value(&json!({ "deep": [CANARY] }).to_string())]),
        ("base64", vec![value(&STANDARD.encode(CANARY))]),
        ("basic", vec![value(&STANDARD.encode(format!("ann:{CANARY}")))]),
        ("base64url", vec![value(&URL_SAFE_NO_PAD.encode(format!("x{CANARY}y")))]),
        ("percent", vec![value(&percent(CANARY))]),
        ("lower", vec![value(&percent(CANARY).to_lowercase())]),
        ("markup", vec![value(&markup)]),
        ("lines", vec![value(&format!("{first}\n  {last}"))]),
        ("text", vec![whole(format!("no JSON: {CANARY}"))]),
        ("broken", vec![whole(format!("{{\"a\": {quoted}, \"b\""))]),
        ("wrapped", vec![whole(format!("{first}\r\n{last}"))]),
        ("cut", vec![whole(format!("{padding} {CANARY} {padding}"))]),
        ("long", vec![value(&format!("{} {CANARY}", "y".repeat(30_000)))]),
        ("name", vec![whole(json!({ "a": 1, CANARY: { CANARY: 2 } }).to_string())]),
        (
            "status",
            vec![Step::Write(answer("500 Oops", &[("Content-Type", "text/plain")], CANARY.as_bytes()))],
        ),
        ("media", vec![Step::Write(answer("200 OK", &[("Content-Type", &format!("text/{CANARY}"))], b"x"))]),
        (
            "header",
            vec![Step::Write(answer("200 OK", &[("ETag", CANARY), ("X-Echo", CANARY)], b"{\"a\": 1}"))],
        ),
        ("redirect", vec![Step::Write(answer("302 Found", &[("Location", &redirect)], b""))]),
        (
            "location",
            vec![Step::Write(answer("302 Found", &[("Location", &format!("/{}", percent(CANARY)))], b""))],
        ),
        ("closed", vec![Step::Close]),
        (
            "truncated",
            vec![Step::Write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx".to_vec()), Step::Close],
        ),
    ]
}

/// What is searched for: any eight octets of it, in each spelling.
fn needles() -> Vec<String> {
    let hex = CANARY.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let mut spelt = vec![CANARY.to_owned(), hex, percent(CANARY), percent(CANARY).to_lowercase()];
    spelt.push(serde_json::to_string(CANARY).unwrap().trim_matches('"').to_owned());
    spelt.push(escaped(CANARY, |c| format!("&#{};", u32::from(c))));
    // As forms have it: only what must be is encoded.
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_string() } else { percent(&c.to_string()) };
    spelt.push(escaped(CANARY, plain));
    for offset in 0..3 {
        let encoded = STANDARD.encode([&b"xxx"[..offset], CANARY.as_bytes()].concat());
        spelt.push(encoded[4..encoded.len() - 4].to_owned());
    }
    let windows = spelt.iter().flat_map(|text| {
        // Of a spelling that takes several characters for one as many more.
        let width = (8 * text.len() / CANARY.len()).max(8);
        text.as_bytes()
            .windows(width)
            .map(|window| String::from_utf8_lossy(window).into_owned())
            .collect::<Vec<_>>()
    });
    windows.collect()
}

fn hits(text: &str, needles: &[String]) -> usize {
    needles.iter().filter(|needle| text.contains(*needle)).count()
}

/// The ways in which people look at a run.
const SHOWN: [&[&str]; 6] = [
    &["--format", "pretty"],
    &["--format", "short"],
    &["--format", "github"],
    &["--format", "json"],
    &["--format", "pretty", "-v"],
    &["--profile", "golden"],
];

/// Everything that is written where a variable of this name, or a login, is sent: what it is called, and its text.
fn outputs(name: Option<&str>, login: &[&str], value: &str, shown: &[&[&str]]) -> Vec<(String, String)> {
    let echoes = echoes();
    let workspace = Workspace::new();
    for (path, _) in &echoes {
        let mut contract = get(&format!("https://h.example/{path}/x"));
        if let Some(name) = name {
            contract = get(&format!("https://h.example/{path}/{{{name}}}?q={{{name}}}"));
            contract["request"]["headers"] = json!({ "X-Given": format!("{{{name}}}") });
        }
        contract["response"]["headers"] = json!({ "Content-Type": "application/json", "ETag": "\"1\"" });
        contract["response"]["truncated"] = false.into();
        workspace.file(&format!("contracts/{path}.json"), contract.to_string());
    }
    if let Some(name) = name {
        workspace.file("faithful.toml", format!("[variables]\n{name} = \"${{GIVEN}}\"\n"));
    }
    let server = Hostile::answering(move |delivery| {
        let target = delivery.target();
        let asked = target.split('/').nth(1).unwrap_or_default();
        echoes.iter().find(|(path, _)| *path == asked).map(|(_, steps)| steps.clone()).unwrap()
    });
    let mut all = Vec::new();
    for flags in shown {
        let mut command = workspace.command(["verify", "contracts", "--target", &server.url()]);
        command.args(["--report-json", "report.json", "--report-junit", "report.xml"]);
        command.args(["--report-markdown", "report.md", "--retry", "0"]).args(*flags).args(login);
        command.env("GIVEN", value).env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", "summary.md");
        let run = workspace.run(command);
        run.exits(1);
        all.extend(written(&run, workspace.path(), &flags.join(" ")));
    }
    let needles = needles();
    assert!(server.deliveries().iter().all(|delivery| hits(&delivery.text(), &needles) > 0), "it was sent");
    all
}

fn written(run: &Run, folder: &Path, flags: &str) -> Vec<(String, String)> {
    let files = ["report.json", "report.xml", "report.md", "summary.md"];
    let mut all: Vec<(String, String)> = files
        .iter()
        .map(|file| (format!("{file} ({flags})"), fs::read_to_string(folder.join(file)).unwrap()))
        .collect();
    all.push((format!("stdout ({flags})"), run.stdout.clone()));
    all.push((format!("stderr ({flags})"), run.stderr.clone()));
    for entry in fs::read_dir(folder.join(".cache/faithful")).unwrap() {
        all.push((format!("memory ({flags})"), fs::read_to_string(entry.unwrap().path()).unwrap()));
    }
    all
}

#[test]
fn no_output_holds_a_credential_in_any_spelling() {
    hold_nothing(outputs(Some("apiToken"), &[], CANARY, &SHOWN));
}

#[rstest]
#[case::a_token(&["--bearer-env", "GIVEN"], "", "\"$GIVEN\"")]
#[case::a_key(&["-H", "X-Api-Key: $GIVEN"], "", "\"$")]
#[case::a_password(&["--user-env", "GIVEN"], "ann:", "--user \"$GIVEN\"")]
fn no_output_holds_what_the_run_logs_in_with(#[case] login: &[&str], #[case] user: &str, #[case] curl: &str) {
    let outputs = outputs(None, login, &format!("{user}{CANARY}"), &SHOWN[4..5]);
    let report = outputs.iter().find(|(sink, _)| sink.starts_with("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report.1).unwrap();
    let verdicts = report["verdicts"].as_array().unwrap();
    assert!(verdicts.iter().filter_map(|verdict| verdict["curl"].as_str()).all(|line| line.contains(curl)));
    hold_nothing(outputs);
}

/// What a run leaves behind that is ended by a signal, and what the machine's other users can see of it meanwhile.
#[cfg(unix)]
#[rstest]
#[case("INT", 130)]
#[case("TERM", 143)]
fn no_output_of_a_run_that_was_ended_holds_what_it_logs_in_with(#[case] signal: &str, #[case] code: i32) {
    hold_nothing(ended(signal, code, Canary::IsALogin));
}

/// Where nobody calls it a credential the same outputs show it.
#[cfg(unix)]
#[test]
fn the_search_of_a_run_that_was_ended_is_not_blind() {
    let needles = needles();
    for (sink, text) in ended("INT", 130, Canary::IsAValue) {
        let tells_nothing = sink.starts_with("memory");
        assert_eq!(hits(&text, &needles) > 0, !tells_nothing, "{sink}:\n{text}");
    }
}

#[cfg(unix)]
#[derive(Clone, Copy, PartialEq, Eq)]
enum Canary {
    IsALogin,
    IsAValue,
}

/// Everything that is written by a run that a signal ends while a request is under way. It logs in with the canary, or
/// gives it as a value that nobody calls a credential.
#[cfg(unix)]
fn ended(signal: &str, code: i32, canary: Canary) -> Vec<(String, String)> {
    let (arrived, wait) = std::sync::mpsc::channel();
    let arrived = std::sync::Mutex::new(arrived);
    let server = Hostile::answering(move |delivery| {
        if delivery.target() == "/z" {
            let _ = arrived.lock().unwrap().send(());
            return vec![Step::Hang];
        }
        let said = [delivery.values("authorization"), delivery.values("x-given")].concat().join(" ");
        vec![Step::Write(json("200 OK", &json!({ "a": said, CANARY: CANARY }).to_string()))]
    });
    let mut given = get("/a");
    if canary == Canary::IsAValue {
        given["request"]["headers"] = json!({ "X-Given": "{thing}" });
    }
    // What came instead of a number is shown.
    let workspace = Workspace::with(&[("a", given), ("z", get("/z"))]);
    let mut command = workspace.command(["verify", "contracts", "-v", "-j", "1", "--target", &server.url()]);
    match canary {
        Canary::IsALogin => command.args(["--bearer-env", "GIVEN"]),
        Canary::IsAValue => command.arg("--variable").arg(format!("thing={CANARY}")),
    };
    command.args(["--report-json", "report.json", "--report-junit", "report.xml"]);
    command.args(["--report-markdown", "report.md"]).env("GIVEN", CANARY);
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", "summary.md");
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let running = crate::run::Running::start(&mut command);
    wait.recv_timeout(std::time::Duration::from_mins(1)).unwrap();
    if cfg!(target_os = "linux") {
        let seen = fs::read(format!("/proc/{}/cmdline", running.id())).unwrap();
        let seen = String::from_utf8(seen).unwrap();
        assert_eq!(seen.contains("--bearer-env"), canary == Canary::IsALogin, "{seen}");
        assert_eq!(hits(&seen, &needles()) == 0, canary == Canary::IsALogin, "{seen}");
    }
    running.signal(signal);
    let run = running.finish();
    run.exits(code);
    assert!(run.stdout.contains("interrupted"), "{}", run.stdout);
    written(&run, workspace.path(), signal)
}

#[rstest]
#[case::that_is_refused("400 Bad Request", json!({ "error": "invalid_client", "error_description": CANARY, CANARY: CANARY }), 3)]
#[case::that_is_no_answer("200 OK", json!([CANARY, CANARY]), 3)]
#[case::that_is_granted("200 OK", json!({ "access_token": "unlike-5uTqW9sLmE2-unlike", "expires_in": 3600 }), 1)]
fn no_output_holds_what_a_token_is_asked_for_with(
    #[case] status: &str,
    #[case] body: serde_json::Value,
    #[case] code: i32,
) {
    let tokens = Hostile::saying(json(status, &body.to_string()));
    let server = Hostile::answering(|delivery| {
        let said = delivery.values("authorization").join(" ");
        vec![Step::Write(json("200 OK", &json!({ "a": said, "b": { CANARY: CANARY } }).to_string()))]
    });
    let workspace = Workspace::of(&get("/x"));
    workspace.file(
        "faithful.toml",
        format!(
            "[target.staging]\nurl = \"{}\"\n[target.staging.auth.oauth]\ntoken_url = \"{}/token\"\n\
             client_id = \"faithful\"\nclient_secret = \"${{GIVEN}}\"\n",
            server.url(),
            tokens.url()
        ),
    );
    let mut command = workspace.command(["verify", "contracts", "-v", "--target", "staging"]);
    command.args(["--report-json", "report.json", "--report-junit", "report.xml"]);
    command.args(["--report-markdown", "report.md"]).env("GIVEN", CANARY);
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", "summary.md");
    let run = workspace.run(command);
    run.exits(code);
    let asked = tokens.deliveries().first().unwrap().values("authorization").concat();
    let pair = STANDARD.decode(asked.trim_start_matches("Basic ")).unwrap();
    assert!(hits(&String::from_utf8(pair).unwrap(), &needles()) > 0, "it was asked for with it");
    let outputs = written(&run, workspace.path(), status);
    for (sink, text) in &outputs {
        assert!(!text.contains("5uTqW9sL"), "{sink} holds what was granted:\n{text}");
    }
    hold_nothing(outputs);
}

fn hold_nothing(outputs: Vec<(String, String)>) {
    let needles = needles();
    for (sink, text) in outputs {
        let found: Vec<&String> = needles.iter().filter(|needle| text.contains(*needle)).collect();
        assert!(found.is_empty(), "{sink} holds {found:?}:\n{text}");
    }
}

#[test]
fn the_search_is_not_blind() {
    let needles = needles();
    for (sink, text) in outputs(Some("thing"), &[], CANARY, &SHOWN) {
        // The ids of what failed, and the docs' origin.
        let tells_nothing = sink.starts_with("memory") || sink == "stderr (--format github)";
        assert_eq!(hits(&text, &needles) > 0, !tells_nothing, "{sink}:\n{text}");
    }
}

#[test]
fn the_password_of_a_proxy_is_masked() {
    let server = Hostile::saying(json("200 OK", &json!({ "a": "it is hunter2hunter2" }).to_string()));
    let workspace = Workspace::of(&get("/x"));
    let mut command = workspace.command(["verify", "contracts", "--target", &server.url()]);
    command
        .args(["--report-json", "report.json"])
        .env("HTTPS_PROXY", "http://ann:hunter2hunter2@127.0.0.1:1");
    workspace.run(command).exits(1).never_shows("hunter2");
}

#[test]
fn a_live_looking_token_is_not_cut_in_half() {
    let token = format!("gh{}_{}", "p", "0123456789abcdefghijklmnopqrstuvwxyz");
    for before in (150..205).step_by(6) {
        let body = format!("{} {token} {}", "x".repeat(before), "y".repeat(100));
        let server = Hostile::saying(json("200 OK", &body));
        Workspace::of(&get("/x")).verify(&server, &[]).exits(1).never_shows("012345");
    }
}
