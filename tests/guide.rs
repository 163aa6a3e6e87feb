//! The commands of README and user guide run, and print what they are shown to print.
//!
//! A block ```` ```sh ```` runs and succeeds; of `make` it is enough that it knows what to do. A block ```` ```console ````
//! is a session: lines behind `$` run, what stands below them is what they print, whatever they end with. The blocks of
//! a page run one after the other in a folder that has the example pages and the shipped contracts.
//!
//! `FAITHFUL_BLESS=1` writes what is printed into the pages; then check it by eye.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../examples/library/services.rs"]
mod services;

use faithful::Stub;
use faithful::finding::Code;
use std::fmt::Write;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Stands between the outputs of a page's commands.
const MARK: char = '\u{1e}';

/// Where the guide has a service, and one that is at odds with its docs.
const SERVICES: [&str; 2] = ["127.0.0.1:8080", "127.0.0.1:8081"];

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> Vec<PathBuf> {
    let guide = fs::read_dir(project().join("docs/src")).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = guide.chain([project().join("README.md")]).collect();
    pages.sort();
    pages
}

/// A stand-in for the library's service, whose answers differ from the documented ones in this.
async fn service(differences: &[(&str, &str)]) -> Stub {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    services::start(&project().join("examples/docs"), differences, listener).await.unwrap()
}

/// A folder as the reader of a page has it.
fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let copies = [("contracts", "contracts"), ("examples/docs", "examples/docs"), ("examples/docs", "docs")];
    for (from, to) in copies {
        copy(&project().join(from), &folder.path().join(to));
    }
    fs::copy(project().join("Makefile"), folder.path().join("Makefile")).unwrap();
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// A page cut where its commands begin and end.
enum Piece<'p> {
    /// What is not run.
    Text(&'p str),
    /// Commands that succeed.
    Script(&'p str),
    /// One command, as it stands behind `$`; what it is shown to print is left out.
    Session { command: String },
}

fn pieces(page: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = page;
    while let Some((at, fence)) =
        ["```sh\n", "```console\n"].iter().filter_map(|fence| Some((rest.find(fence)?, *fence))).min()
    {
        let (before, block) = rest.split_at(at + fence.len());
        let (block, after) = block.split_at(block.find("```\n").unwrap());
        pieces.push(Piece::Text(before));
        if fence == "```sh\n" {
            pieces.push(Piece::Script(block));
        } else {
            pieces.extend(session(block));
        }
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

fn session(block: &str) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), pieces.last_mut()) {
            (Some(command), _) => {
                pieces.push(Piece::Session { command: command.to_owned() });
            }
            (None, Some(Piece::Session { command })) if command.ends_with('\\') => {
                let _ = write!(command, "\n{line}");
            }
            (None, last) => assert!(last.is_some(), "a session begins with $: {line}"),
        }
    }
    pieces
}

/// The commands of a page as one script that says how each of them ended.
fn script(pieces: &[Piece<'_>]) -> String {
    let mut script = String::from("exec 2>&1\n");
    for piece in pieces {
        let commands = match piece {
            Piece::Text(_) => continue,
            Piece::Script(commands) => format!("(set -eu\n{commands})").replace("\nmake ", "\nmake -n "),
            Piece::Session { command } => format!("{{ {command}\n}}"),
        };
        let _ = write!(script, "{commands}\nstatus=$?; printf '{MARK}%s{MARK}' $status; (exit $status)\n");
    }
    script
}

fn run(script: &str, services: &[String]) -> String {
    let here = |text: &str| {
        SERVICES.iter().zip(services).fold(text.to_owned(), |text, (shown, real)| text.replace(shown, real))
    };
    let binary = Path::new(env!("CARGO_BIN_EXE_faithful")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap_or_default());
    let folder = workspace();
    let output = Command::new("bash")
        .args(["-c", &here(script)])
        .current_dir(folder.path())
        .env("PATH", path)
        .env("STAGING", here("http://127.0.0.1:8080"))
        .env_remove("FAITHFUL_TARGET")
        .env_remove("GITHUB_ACTIONS")
        .env_remove("GITHUB_STEP_SUMMARY")
        .env("XDG_CACHE_HOME", folder.path().join(".cache"))
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    SERVICES.iter().zip(services).fold(printed, |text, (shown, real)| text.replace(real, shown))
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_print_what_the_guide_shows() {
    let running = [service(&[]).await, service(&services::AT_ODDS).await];
    let services: Vec<String> =
        running.iter().map(|stub| stub.url().trim_start_matches("http://").to_owned()).collect();
    let mut wrong = Vec::new();
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap();
        let pieces = pieces(&page);
        let script = script(&pieces);
        let services = services.clone();
        let printed = tokio::task::spawn_blocking(move || run(&script, &services)).await.unwrap();
        let mut printed = printed.split(MARK);
        let mut real = String::new();
        for piece in &pieces {
            match piece {
                Piece::Text(text) => real.push_str(text),
                Piece::Script(commands) => {
                    let (output, status) = (printed.next().unwrap(), printed.next().unwrap());
                    if status != "0" {
                        wrong.push(format!("{}:\n{commands}ended with {status}:\n{output}", path.display()));
                    }
                    real.push_str(commands);
                }
                Piece::Session { command } => {
                    let (output, _) = (printed.next().unwrap(), printed.next().unwrap());
                    let output = output.trim_end();
                    let end = if output.is_empty() { "" } else { "\n" };
                    let _ = write!(real, "$ {command}\n{output}{end}");
                }
            }
        }
        check(&path, &page, &real, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Holds a page against what it has to be.
fn check(path: &Path, page: &str, real: &str, wrong: &mut Vec<String>) {
    if page == real {
        return;
    }
    if std::env::var_os("FAITHFUL_BLESS").is_some() {
        fs::write(path, real).unwrap();
        return;
    }
    let line = page.lines().zip(real.lines()).position(|(one, two)| one != two).unwrap_or_default();
    let from = |text: &str| text.lines().skip(line).take(8).collect::<Vec<_>>().join("\n");
    wrong.push(format!("{}:{}:\n{}\nis really\n{}", path.display(), line + 1, from(page), from(real)));
}

/// Blocks ```` ```rust ```` are cut out of files that run.
#[test]
fn code_of_the_guide_is_code_of_the_tests() {
    // What rustfmt breaks over lines is the same code on a page that has it in one.
    let dense = |text: &str| text.split_whitespace().collect::<String>().replace(",)", ")");
    let tests = fs::read_dir(project().join("tests")).unwrap().map(|entry| entry.unwrap().path());
    let tests: Vec<String> =
        tests.filter(|path| path.is_file()).map(|path| dense(&fs::read_to_string(path).unwrap())).collect();
    let mut shown = 0;
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap();
        for block in page.split("```rust\n").skip(1).map(|rest| rest.split("```").next().unwrap()) {
            // Statements may stand apart from each other in the test.
            for piece in block.split("\n\n").filter(|piece| !piece.trim().is_empty()) {
                let runs = piece.starts_with("use ")
                    && piece.lines().all(|line| tests.iter().any(|test| test.contains(&dense(line))))
                    || tests.iter().any(|test| test.contains(&dense(piece)));
                assert!(runs, "{}: no test holds\n{piece}", path.display());
                shown += 1;
            }
        }
    }
    assert!(shown > 3, "{shown} pieces of code");
}

#[test]
fn the_guide_shows_what_a_failed_assertion_says() {
    let path = project().join("docs/src/library.md");
    let page = fs::read_to_string(&path).unwrap();
    let said = fs::read_to_string(project().join("tests/router/a-failed-assertion.txt")).unwrap();
    let at = page.find("the docs are not kept\n").unwrap();
    let end = at + page[at..].find("```").unwrap();
    let mut wrong = Vec::new();
    check(&path, &page, &format!("{}{said}{}", &page[..at], &page[end..]), &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_guide_lists_every_finding() {
    let path = project().join("docs/src/extraction.md");
    let page = fs::read_to_string(&path).unwrap();
    let mut table = String::from("| finding | what is wrong | what to do |\n|---|---|---|\n");
    for code in Code::ALL {
        let _ = writeln!(table, "| `{code}` | {} | {} |", code.description(), code.remedy());
    }
    let at = page.find("| finding |").unwrap();
    let end = page[at..].find("\n\n").map_or(page.len(), |end| at + end + 1);
    let mut wrong = Vec::new();
    check(&path, &page, &format!("{}{table}{}", &page[..at], &page[end..]), &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_guide_names_every_member_of_a_contract_file() {
    let schema = fs::read_to_string(project().join("contracts/schema.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let page = fs::read_to_string(project().join("docs/src/contract-file.md")).unwrap();
    let objects = schema["$defs"].as_object().unwrap().values().chain([&schema]);
    for member in
        objects.filter_map(|object| object["properties"].as_object()).flat_map(serde_json::Map::keys)
    {
        let named = page.contains(&format!("`{member}`")) || page.contains(&format!(".{member}`"));
        assert!(named || ["request", "response", "source"].contains(&member.as_str()), "{member}");
    }
}

#[test]
fn links_lead_to_files_and_the_summary_names_every_page() {
    let summary = fs::read_to_string(project().join("docs/src/SUMMARY.md")).unwrap();
    for page in
        pages().into_iter().chain(["ARCHITECTURE.md", "CONTRIBUTING.md"].map(|file| project().join(file)))
    {
        let name = page.file_name().unwrap().to_str().unwrap();
        let is_of_guide = page.parent().unwrap().ends_with("docs/src") && name != "SUMMARY.md";
        assert!(!is_of_guide || summary.contains(&format!("({name})")), "{name} is not in SUMMARY.md");
        let text = fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).map(|rest| rest.split([')', '#']).next().unwrap()) {
            let leads = link.is_empty() || link.contains("://") || page.parent().unwrap().join(link).exists();
            assert!(leads, "{name} links to {link}, which is not there");
        }
    }
}
