//! The verbs for people, through the binary.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use assert_cmd::Command;
use faithful::{Stub, Suite};
use rstest::rstest;
use std::fs;
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

const PAGE: &str = "# Users\n\n```http\nGET /users/{id}\n```\n\n```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\
                    {\"id\": \"{id}\", \"age\": 40}\n```\n\n```http\nDELETE /users/{id}\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n";

/// A project with a page, an own repository, and what it says in faithful.toml.
fn project(config: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("docs")).unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    fs::write(folder.path().join("docs/users.md"), PAGE).unwrap();
    if !config.is_empty() {
        fs::write(folder.path().join("faithful.toml"), config).unwrap();
    }
    folder
}

fn faithful(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("faithful").unwrap();
    command
        .current_dir(folder)
        .env_remove("FAITHFUL_TARGET")
        .env_remove("GITHUB_ACTIONS")
        .env("XDG_CACHE_HOME", "/dev/null")
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn list_prints_id_request_and_status() {
    let output = faithful(project("").path(), &["list", "docs"]);
    assert_eq!(
        text(&output.stdout),
        "users/delete-users-id  DELETE /users/{id}  204\nusers/get-users-id     GET    /users/{id}  200\n"
    );
}

#[test]
fn show_prints_the_messages() {
    let output = faithful(project("").path(), &["show", "users/get-users-id", "docs"]);
    let expected = "# users/get-users-id (users.md)\n# inferred\nGET /users/{id}\n\nHTTP/1.1 200 OK\n\
                    Content-Type: application/json\n\n{\n  \"id\": \"{id}\",\n  \"age\": 40\n}\n";
    assert_eq!(text(&output.stdout), expected);
}

#[rstest]
#[case::an_id(&["show", "users/get-user-id", "docs"], "did you mean users/get-users-id?")]
#[case::a_verb(&["verfy"], "'verify'")]
#[case::a_flag(&["verify", "--targt", "x"], "'--target'")]
#[case::a_target(&["verify", "docs", "--target", "stagin"], "did you mean staging?")]
#[case::a_path(&["verify", "dosc"], "dosc: no such file or folder")]
fn a_mistake_costs_exit_code_2_and_names_what_was_meant(#[case] arguments: &[&str], #[case] hint: &str) {
    let folder = project("[target.staging]\nurl = \"http://127.0.0.1:1\"\n");
    let output = faithful(folder.path(), arguments);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains(hint), "{}", text(&output.stderr));
    assert!(output.stdout.is_empty(), "stdout is for the result");
}

/// Where it is, what is wrong, and what to do.
#[rstest]
#[case::verify(&["verify", "nope"], "nope: no such file or folder; name contracts or docs that are there")]
#[case::plan(&["plan", "nope"], "nope: no such file or folder; name contracts or docs that are there")]
#[case::list(&["list", "nope"], "nope: no such file or folder; name contracts or docs that are there")]
#[case::explain(&["explain", "x", "nope"], "nope: no such file or folder; name contracts or docs that are there")]
#[case::show(&["show", "x", "nope"], "nope: no such file or folder; name contracts or docs that are there")]
#[case::lint(&["lint", "nope"], "nope: no such file or folder; name docs that are there")]
#[case::extract(&["extract", "nope"], "nope: no such file or folder; name docs that are there")]
#[case::a_neighbour(&["verify", "dosc"], "dosc: no such file or folder; did you mean docs?")]
#[case::a_neighbour_of_pages(&["lint", "docs/user.md"], "docs/user.md: no such file or folder; did you mean docs/users.md?")]
#[case::a_neighbour_of_a_glob(&["verify", "dosc/*.md"], "dosc: no such file or folder; did you mean docs?")]
#[case::pages_of_verify(&["verify", "docs", "--docs", "dosc"], "--docs dosc: no such file or folder; did you mean docs?")]
#[case::pages_of_explain(&["explain", "x", "docs", "--docs", "nope"], "--docs nope: no such file or folder; name the folder of the pages")]
#[case::a_glob(&["verify", "docs/[a"], "docs/[a: not a glob: unclosed character class; missing ']'; name folders or files instead, or mend it")]
#[case::an_id(&["list", "docs", "--only", "["], "not a glob: unclosed character class; missing ']'; a backslash before a mark makes it a letter")]
#[case::a_place(&["explain", "x", "docs", "--at", "id"], "--at: \"id\" is not a JSONPath, such as $.id: column 1: expected jp query")]
#[case::a_rule(&["verify", "docs", "--rule", "id=type"], "at: \"id\" is not a JSONPath, such as $.id: column 1: expected jp query")]
#[case::a_query(&["verify", "docs", "--target", "http://a/?x=1"], "the target cannot be used: it must not hold a query; leave it out")]
#[case::a_user(&["verify", "docs", "--target", "http://a:b@c"], "the target cannot be used: it must not hold a user name or a password; log in with --user-env VAR, or with auth in faithful.toml")]
#[case::a_fragment(&["verify", "docs", "--target", "http://a/#x"], "the target cannot be used: it must not hold a fragment; leave it out")]
#[case::values(&["verify", "docs", "--variables-file", "nope"], "--variables-file nope: No such file or directory (os error 2); name a file of lines NAME=VALUE")]
#[case::a_figure(&["verify", "docs", "--retry", "x"], "give a number from 0")]
#[case::a_variable(&["verify", "docs", "--variable", "x"], "give NAME=VALUE, such as id=42")]
#[case::a_report(&["verify", "docs", "--report-json", "docs"], "docs: a report cannot be written here: it is a folder; name another file")]
#[case::a_login(&["verify", "docs", "--target", "http://127.0.0.1:1", "--bearer-env", "NOPE"], "--bearer-env: the environment variable NOPE is not set; set it, or name another")]
#[case::a_pair(&["verify", "docs", "--target", "http://127.0.0.1:1", "--user-env", "HOME"], "--user-env: the environment variable HOME does not hold user:password, with a colon between the two")]
#[case::a_field(&["verify", "docs", "--target", "http://127.0.0.1:1", "-H", "x"], "-H: give 'NAME: VALUE', such as 'X-Tenant: t1'")]
#[case::a_field_of_ours(&["verify", "docs", "--target", "http://127.0.0.1:1", "-H", "Host: x"], "-H: host frames or routes the message, which is not to be chosen; leave it out")]
#[case::an_authority(&["verify", "docs", "--target", "https://127.0.0.1:1", "--ca-cert", "nope"], "--ca-cert nope: No such file or directory (os error 2); name a file of certificates in PEM")]
#[case::no_authority(&["verify", "docs", "--target", "https://127.0.0.1:1", "--ca-cert", "docs/users.md"], "docs/users.md holds no PEM certificate; one begins with -----BEGIN CERTIFICATE-----")]
#[case::a_stranger(&["verify", "docs", "--target", "http://10.0.0.1:1", "--untrusted"], "--untrusted sends to this machine alone, and http://10.0.0.1:1 is another; serve what is to be verified here, as on http://127.0.0.1:8080")]
#[case::a_name(&["verify", "docs", "--target", "live"], "no target is called live in faithful.toml; there are staging")]
fn what_is_wrong_with_an_argument_comes_with_what_to_do(#[case] arguments: &[&str], #[case] said: &str) {
    let folder = project("[target.staging]\nurl = \"http://127.0.0.1:1\"\n");
    let output = faithful(folder.path(), arguments);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    let stderr = text(&output.stderr);
    assert!(stderr.lines().any(|line| line.starts_with("error: ") && line.ends_with(said)), "{stderr}");
}

#[rstest]
#[case(&["show", "a", "contracts"])]
#[case(&["explain", "a", "contracts"])]
#[case(&["show", "deep/b", "contracts/deep"])]
fn a_contract_that_cannot_be_read_is_named_with_its_place_and_what_to_do(#[case] arguments: &[&str]) {
    let folder = project("");
    fs::create_dir_all(folder.path().join("contracts/deep")).unwrap();
    let broken = "{\n  \"faithful\": 1,\n  \"nmae\": \"x\"\n}\n";
    fs::write(folder.path().join("contracts/a.json"), broken).unwrap();
    fs::write(folder.path().join("contracts/deep/b.json"), broken).unwrap();
    let output = faithful(folder.path(), arguments);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(
        said.contains(".json:3:") && said.contains("contract.invalid") && said.contains("nmae"),
        "{said}"
    );
    assert!(said.contains("; ") && !said.contains("faithful list"), "{said}");
}

#[test]
fn init_finds_the_docs_and_never_overwrites() {
    let folder = project("");
    let output = faithful(folder.path(), &["init"]);
    assert!(text(&output.stdout).contains("the docs are in docs, with 2 request/response pairs"));
    let written = fs::read_to_string(folder.path().join("faithful.toml")).unwrap();
    assert!(written.contains("[docs]\npath = \"docs\""));
    fs::write(folder.path().join("faithful.toml"), "# mine\n").unwrap();
    assert_eq!(faithful(folder.path(), &["init"]).status.code(), Some(2));
    assert_eq!(fs::read_to_string(folder.path().join("faithful.toml")).unwrap(), "# mine\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_target_brings_its_url_and_the_variables_come_from_the_file() {
    let folder = project("");
    let suite = Suite::load([folder.path().join("docs")]).unwrap();
    let stub = Stub::start(suite.contracts().cloned()).await.unwrap();
    let config = format!("[target.staging]\nurl = \"{}\"\n[variables]\nid = 7\n", stub.url());
    fs::write(folder.path().join("faithful.toml"), config).unwrap();
    let inside = folder.path().join("docs");
    let output = faithful(&inside, &["verify", ".", "--target", "staging", "--format", "short"]);
    // The stub answers `{id}` where 7 was sent: a service must repeat what it was asked for.
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let out = text(&output.stdout);
    assert!(out.contains("fail: echo: $.id is \"{id}\", sent was \"7\" (./users.md:11:8)"), "{out}");
    assert!(out.contains("2 contracts: 1 passed, 1 failed"), "{out}");
    let taken: Vec<_> =
        stub.received().into_iter().map(|taken| (taken.method, taken.path_and_query)).collect();
    assert!(taken.contains(&("DELETE".into(), "/users/7".into())), "{taken:?}");
    assert_eq!(stub.unused(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_changes_state_is_sent_to_production() {
    let folder = project("");
    let suite = Suite::load([folder.path().join("docs")]).unwrap();
    let stub = Stub::start(suite.contracts().cloned()).await.unwrap();
    let config = format!("[target.live]\nurl = \"{}\"\nmutating = true\nproduction = true\n", stub.url());
    fs::write(folder.path().join("faithful.toml"), config).unwrap();
    let arguments = ["verify", "docs", "--target", "live", "--variable", "id=7", "--allow-mutations"];
    let output = faithful(folder.path(), &arguments);
    assert!(text(&output.stdout).contains("skipped users/delete-users-id"), "{}", text(&output.stdout));
    assert!(stub.received().iter().all(|taken| taken.method == "GET"), "{:?}", stub.received());
}

#[test]
fn a_config_that_cannot_be_used_is_named_with_line_and_column() {
    let folder = project("[docs]\npaht = \"docs\"\n");
    let output = faithful(folder.path(), &["verify", "docs"]);
    assert_eq!(output.status.code(), Some(2));
    let err = text(&output.stderr);
    assert!(err.contains("faithful.toml:2:1: "), "{err}");
    assert!(err.contains("did you mean `path`?"), "{err}");
}

#[rstest]
#[case(&["--help"])]
#[case(&["verify", "--help"])]
#[case(&["verify", "-h"])]
#[case(&["lint", "--help"])]
#[case(&["extract", "--help"])]
#[case(&["list", "--help"])]
#[case(&["show", "--help"])]
#[case(&["explain", "--help"])]
#[case(&["init", "--help"])]
fn help_fits_into_80_columns(#[case] arguments: &[&str]) {
    let mut command = Command::cargo_bin("faithful").unwrap();
    let output = command.env("COLUMNS", "80").args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    for line in text(&output.stdout).lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn a_page_that_cannot_be_read_is_no_pass() {
    let folder = project("");
    fs::write(folder.path().join("docs/broken.md"), b"# \xff\n").unwrap();
    let output = faithful(folder.path(), &["verify", "docs"]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("broken.md:1:3: not-utf8"), "{}", text(&output.stderr));
}

#[rstest]
#[case(&["verify", "docs", "-j", "0"], "give a number from 1")]
#[case(&["verify", "docs", "--max-body", "0"], "give a size")]
#[case(&["verify", "docs", "--map", "x"], "give ORIGIN=URL")]
fn figures_that_make_no_sense_are_refused(#[case] arguments: &[&str], #[case] hint: &str) {
    let output = faithful(project("").path(), arguments);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains(hint), "{}", text(&output.stderr));
}
