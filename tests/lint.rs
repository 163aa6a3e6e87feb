//! `faithful lint` through the binary: what it prints, and how it ends.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use assert_cmd::Command;
use faithful::finding::Code;
use rstest::rstest;
use std::fs;
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

/// One note (a trailing comma) and one warning (nothing answers).
const PAGE: &str = "# Users\n\n```http\nGET /users\n```\n\n```http\nHTTP/1.1 200 OK\n\n[1,]\n```\n\n```http\nGET /users/7\n```\n";

const FLAWLESS: &str = "```http\nGET /users\n```\n\n```http\nHTTP/1.1 200 OK\n\n[1]\n```\n";

fn docs(pages: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("docs")).unwrap();
    for (name, text) in pages {
        fs::write(folder.path().join("docs").join(name), text).unwrap();
    }
    folder
}

fn lint(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("faithful").unwrap();
    command.current_dir(folder).args(["lint", "docs"]).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[rstest]
#[case::nothing_denied(&[], 0)]
#[case::all(&["--deny", "all"], 1)]
#[case::warnings(&["--deny", "warnings"], 1)]
#[case::one_that_is_there(&["--deny", "body-repaired"], 1)]
#[case::one_that_is_not(&["--deny", "secret-like"], 0)]
#[case::several(&["--deny", "secret-like", "--deny", "unpaired-request"], 1)]
#[case::an_allowed_one_is_not_denied_with_all(&["--deny", "warnings", "--allow", "unpaired-request"], 0)]
#[case::all_but_one_that_is_not_there(&["--deny", "all", "--allow", "secret-like"], 1)]
#[case::denied_and_allowed(&["--deny", "body-repaired", "--allow", "body-repaired"], 2)]
#[case::unknown(&["--deny", "body-repair"], 2)]
#[case::unread_pages_cannot_be_allowed(&["--allow", "not-utf8"], 2)]
fn denied_findings_make_it_fail(#[case] arguments: &[&str], #[case] code: i32) {
    let folder = docs(&[("users.md", PAGE.as_bytes())]);
    for format in ["pretty", "short", "json", "github"] {
        let output = lint(folder.path(), &[arguments, &["--format", format]].concat());
        assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
        assert_eq!(output.stdout.is_empty(), code == 2, "stdout is for the result");
    }
}

#[test]
fn an_unknown_kind_is_told_of_with_the_nearest() {
    let folder = docs(&[("users.md", PAGE.as_bytes())]);
    let output = lint(folder.path(), &["--allow", "body-repair"]);
    assert!(text(&output.stderr).contains("did you mean body-repaired?"), "{}", text(&output.stderr));
}

#[test]
fn allowed_findings_are_counted_and_not_shown() {
    let folder = docs(&[("users.md", PAGE.as_bytes())]);
    let output = lint(folder.path(), &["--format", "short", "--allow", "body-repaired"]);
    let expected = "docs/users.md:14: warning: unpaired-request: a request that no response answers: GET /users/7\n\
                    1 page, 1 contract: 1 finding, 1 allowed: unpaired-request 1\n";
    assert_eq!(text(&output.stdout), expected);
}

#[test]
fn every_finding_stands_under_its_line() {
    let folder = docs(&[("users.md", PAGE.as_bytes())]);
    let expected = "\
note[body-repaired]: a body is not strict JSON, and was read by a repair that cannot change its meaning
  --> docs/users.md:10:3
   |
10 | [1,]
   |   ^
   |
   = note: trailing-comma
   = help: correct the JSON

warning[unpaired-request]: a request that no response answers
  --> docs/users.md:14:1
   |
14 | GET /users/7
   | ^^^^^^^^^^^^
   |
   = help: add the response behind it, or annotate the request as ignored

1 page, 1 contract: 2 findings: body-repaired 1, unpaired-request 1
";
    assert_eq!(text(&lint(folder.path(), &[]).stdout), expected);
}

#[test]
fn a_run_over_docs_names_what_is_wrong_with_them_by_kind() {
    let folder = docs(&[("users.md", PAGE.as_bytes())]);
    let mut command = Command::cargo_bin("faithful").unwrap();
    let output = command.current_dir(folder.path()).args(["verify", "docs"]).output().unwrap();
    let expected =
        "; 2 findings in the docs (body-repaired 1, unpaired-request 1; faithful lint lists them)\n";
    assert!(text(&output.stdout).ends_with(expected), "{}", text(&output.stdout));
}

#[test]
fn a_page_that_cannot_be_read_hides_no_other_and_costs_exit_code_3() {
    let folder = docs(&[("broken.md", b"\xff\xfe"), ("users.md", PAGE.as_bytes())]);
    let output = lint(folder.path(), &["--format", "short"]);
    assert_eq!(output.status.code(), Some(3));
    let out = text(&output.stdout);
    assert!(out.contains("docs/broken.md:1:1: warning: not-utf8") && out.contains("GET /users/7"), "{out}");
    assert!(
        out.ends_with(": 3 findings, 1 unreadable: body-repaired 1, not-utf8 1, unpaired-request 1\n"),
        "{out}"
    );
    let denied = lint(folder.path(), &["--deny", "unpaired-request"]);
    assert_eq!(denied.status.code(), Some(1), "a denied finding is told of first");
}

#[test]
fn without_a_page_nothing_was_checked() {
    let output = lint(docs(&[("notes.txt", b"")]).path(), &[]);
    assert_eq!(output.status.code(), Some(5));
    assert_eq!(text(&output.stdout), "0 pages, 0 contracts: 0 findings\n");
}

#[test]
fn a_flawless_page_passes_whatever_is_denied() {
    let output = lint(docs(&[("users.md", FLAWLESS.as_bytes())]).path(), &["--deny", "all"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout), "1 page, 1 contract: 0 findings\n");
}

#[test]
fn json_has_stdout_for_itself() {
    let folder = docs(&[("users.md", PAGE.as_bytes())]);
    let output = lint(folder.path(), &["--format", "json", "--deny", "unpaired-request"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["summary"]["by_code"]["unpaired-request"], 1);
    assert_eq!(document["findings"][1]["level"], "error");
    assert_eq!(document["findings"][1]["line"], 14);
    assert!(text(&output.stderr).starts_with("1 page, 1 contract: 2 findings, 1 denied"));
}

/// The version of the docs may be in the path below the docs root, or be the root itself.
#[rstest]
#[case("docs/v2.0")]
#[case("docs")]
#[case("docs/v2.0/users.md")]
fn a_version_is_that_of_the_folder(#[case] named: &str) {
    let folder = docs(&[]);
    fs::create_dir(folder.path().join("docs/v2.0")).unwrap();
    let page = FLAWLESS.replace("/users", "https://api.example.com/v1.0/users");
    fs::write(folder.path().join("docs/v2.0/users.md"), page).unwrap();
    let mut command = Command::cargo_bin("faithful").unwrap();
    let output = command.current_dir(folder.path()).args(["lint", named]).output().unwrap();
    assert!(text(&output.stdout).contains("version-mismatch 1"), "{}", text(&output.stdout));
}

#[test]
fn help_lists_every_kind() {
    let help = lint(Path::new("."), &["--help"]);
    for code in Code::ALL {
        assert!(text(&help.stdout).contains(&format!("  {code}: ")), "{code}");
    }
}

/// What findings of reading alone are, `extract` denies as well; it writes what it can all the same.
#[test]
fn extract_denies_what_it_finds() {
    let folder = docs(&[("users.md", PAGE.as_bytes())]);
    let extract = |kind: &str| {
        let mut command = Command::cargo_bin("faithful").unwrap();
        let arguments = ["extract", "docs", "--deny", kind];
        command.current_dir(folder.path()).args(arguments).output().unwrap().status.code()
    };
    assert_eq!(extract("unpaired-request"), Some(1));
    assert!(folder.path().join("contracts/users/get-users.json").exists());
    assert_eq!((extract("secret-like"), extract("unpaired-requests")), (Some(0), Some(2)));
}

/// A form of a page's code per line, in which a credential stands: it is read, or cannot be.
#[test]
fn no_credential_of_a_page_is_shown() {
    let forms = include_str!("lint/credentials.txt");
    let page = |form: &str, index: usize| {
        let language = if form.starts_with(['G', 'P', 'H']) { "http" } else { "bash" };
        let code = form.replace("\\n", "\n").replace("CANARY", &format!("Zq7Canary{index}Wx"));
        format!("```{language}\n{code}\n```\n\n```json\n{{\"a\": 1}}\n```\n")
    };
    let pages: Vec<(String, String)> =
        forms.lines().enumerate().map(|(index, form)| (format!("{index}.md"), page(form, index))).collect();
    let pages: Vec<(&str, &[u8])> =
        pages.iter().map(|(name, page)| (name.as_str(), page.as_bytes())).collect();
    let folder = docs(&pages);
    let run = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("faithful").unwrap();
        command.current_dir(folder.path()).args(arguments).output().unwrap()
    };
    let mut told = 0;
    for arguments in [
        &["lint", "docs"][..],
        &["lint", "docs", "--format", "short"],
        &["lint", "docs", "--format", "json"],
        &["lint", "docs", "--format", "github"],
        &["extract", "docs", "--out", "contracts", "-v"],
        &["list", "contracts"],
        &["plan", "contracts"],
    ] {
        let output = run(arguments);
        let shown = [text(&output.stdout), text(&output.stderr)].concat();
        let leaks: Vec<&str> = shown.lines().filter(|line| line.contains("Canary")).collect();
        assert!(leaks.is_empty(), "{arguments:?}: {leaks:#?}");
        told += shown.matches("[REDACTED]").count();
    }
    assert!(told > forms.lines().count() / 2, "the lines that hold them are shown: {told}");
}
