//! Whatever verb is run: neither a page, nor a contract, nor their files' names can have the runner of GitHub Actions do
//! anything.

use crate::run::{Run, Workspace, get};
use crate::summary::{are_ours, commands};
use serde_json::{Value, json};

/// Commands as they may stand anywhere on a page.
const PAYLOADS: [&str; 4] =
    ["::error::pwned", "  ::stop-commands::pwned", "##[error]pwned", "\u{2028}::set-env name=X::pwned"];

/// A page with a payload wherever one can stand.
fn page(payload: &str) -> String {
    let line = payload.trim();
    format!(
        "{payload}\n\n# {line}\n\n<!-- {{ \"blockType\": \"request\", \"name\": \"{line}\", \"{line}\": 1, }} -->\n\
         ```http\nPOST https://h.example/{line}?x={line}\n{line}: {line}\nX-Test: {line}\nContent-Type: application/json\n\n\
         {{ \"a\": \"{line}\", \"{line}\": 1, }}\n```\n\n<!-- {{ \"blockType\": \"response\", \"@odata.type\": \"{line}\" }} -->\n\
         ```http\nHTTP/1.1 200 {line}\nX-Test: {line}\nContent-Type: application/json\n\n{{\n{payload}\n\"b\": \"{line}\"\n}}\n```\n\n\
         ```{line}\nGET /{line}\n{payload}\n```\n\n```http\nGET /alone/{line}\n\n{payload}\n```\n\n\
         ```http\nHTTP/1.1 418 {line}\n\n{payload}\n"
    )
}

fn contract(payload: &str) -> Value {
    let mut contract = get(&format!("https://h.example/{{id}}/{payload}"));
    contract["name"] = payload.into();
    contract["source"]["file"] = payload.into();
    contract["request"]["method"] = "POST".into();
    contract["request"]["headers"] = json!({ "X-Given": payload });
    contract["request"]["text"] = format!("{payload}\n{payload}").into();
    contract["response"]["json"] = json!({ payload: payload, "a": [payload] });
    contract
}

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    for (number, payload) in PAYLOADS.iter().enumerate() {
        let name = payload.replace('/', "");
        workspace.file(&format!("docs/{name}/{name}.md"), page(payload));
        workspace.file(&format!("docs/{name}/{name}{number}.md"), b"\xff\xfe broken");
        workspace.file(&format!("contracts/{name}.json"), contract(payload).to_string());
        workspace.file(&format!("contracts/{name}-broken.json"), format!("{{\"faithful\": 1, {name:?}: 1}}"));
    }
    workspace
}

fn run(workspace: &Workspace, arguments: &[&str]) -> Run {
    let mut command = workspace.command(arguments);
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", "summary.md");
    workspace.run(command)
}

/// Holds that nothing but our own annotations is a command, and that the payloads were shown at all.
#[track_caller]
fn holds(workspace: &Workspace, arguments: &[&str]) {
    let run = run(workspace, arguments);
    assert!(run.code.is_some_and(|code| code < 10), "{arguments:?}: {run:?}");
    let (ours, rest): (Vec<&str>, Vec<&str>) =
        commands(&run.stdout).into_iter().chain(commands(&run.stderr)).partition(|line| {
            line.starts_with("::error ") || line.starts_with("::warning ") || line.starts_with("::notice ")
        });
    assert_eq!(rest, Vec::<&str>::new(), "{arguments:?}");
    are_ours(&ours);
    assert!(run.printed().contains("pwned"), "{arguments:?} shows nothing: {run:?}");
}

#[test]
fn what_is_read_from_pages_commands_nothing() {
    let workspace = workspace();
    for format in ["pretty", "short", "json", "github"] {
        holds(&workspace, &["lint", "docs", "--format", format]);
        holds(&workspace, &["lint", "docs", "--format", format, "--deny", "all"]);
    }
    holds(&workspace, &["list", "docs"]);
    holds(&workspace, &["plan", "docs", "-v", "--target", "http://127.0.0.1:1"]);
    holds(&workspace, &["verify", "docs", "-v"]);
    holds(&workspace, &["extract", "docs", "--check"]);
    holds(&workspace, &["extract", "docs", "-v", "--out", "made"]);
    let made = run(&workspace, &["list", "made"]);
    let ids: Vec<&str> = made.stdout.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(ids.len() >= PAYLOADS.len(), "{made:?}");
    for id in ids {
        holds(&workspace, &["show", id, "made"]);
        holds(&workspace, &["explain", id, "made", "--docs", "docs"]);
    }
}

#[test]
fn what_contract_files_say_and_are_called_commands_nothing() {
    let workspace = workspace();
    holds(&workspace, &["list"]);
    for format in ["pretty", "short", "json", "github"] {
        holds(&workspace, &["plan", "-v", "--format", format, "--target", "http://127.0.0.1:1"]);
        holds(&workspace, &["verify", "-v", "--format", format]);
        holds(&workspace, &["verify", "-v", "--format", format, "--report-json", "-"]);
        holds(&workspace, &["verify", "--format", format, "--report-junit", "-", "--profile", "mock"]);
        holds(&workspace, &["verify", "--format", format, "--report-markdown", "-"]);
    }
    for payload in PAYLOADS {
        holds(&workspace, &["show", payload]);
        holds(&workspace, &["explain", payload]);
        holds(&workspace, &["explain", payload, "--at", "$.pwned"]);
        holds(&workspace, &["show", &format!("{payload}x")]);
        holds(&workspace, &["verify", "--only", &format!("{payload}x")]);
        holds(&workspace, &["list", &format!("{payload}/pwned")]);
    }
}

#[test]
fn what_the_file_says_commands_nothing() {
    let workspace = workspace();
    for payload in PAYLOADS {
        // As TOML has it, and JSON as well.
        let line = Value::from(payload.trim());
        let payload = Value::from(payload);
        for text in [
            format!("[{line}]\n\"pwned\" = 1\n"),
            format!("[variables]\n{line} = {payload}\nid = {payload}\n"),
            format!("[[rules]]\nat = \"$.a\"\nlevel = {line}\n"),
            format!("[[skip]]\ncontract = \"**\"\nreason = {payload}\n"),
            format!("[target.{line}]\nurl = {payload}\n"),
        ] {
            workspace.file("faithful.toml", text);
            holds(&workspace, &["plan", "-v"]);
            holds(&workspace, &["verify", "-v"]);
        }
    }
}

#[test]
fn what_folders_are_called_commands_nothing() {
    let workspace = Workspace::new();
    workspace.file("docs/::error::pwned.md", page(PAYLOADS[0]));
    let run = run(&workspace, &["init"]);
    assert_eq!(commands(&run.exits(0).printed()), Vec::<&str>::new());
}
