//! Contract files and folders that are not what they should be.

use crate::hostile::{Hostile, json};
use crate::run::{Running, Workspace, get, sending};
use rstest::rstest;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);

fn server() -> Hostile {
    Hostile::saying(json("200 OK", "{\"a\": 1}"))
}

/// A file that cannot be read as a contract, by the message's id and a part of its text.
#[rstest]
#[case::of_a_newer_version(get("/x").to_string().replace("\"faithful\":1", "\"faithful\":2"), "contract.version", "2")]
#[case::of_a_version_in_words(get("/x").to_string().replace("\"faithful\":1", "\"faithful\":\"one\""), "contract.version", "one")]
#[case::empty(String::new(), "contract.invalid", "it.json:1:")]
#[case::half_written("{\n  \"faithful\": 1,\n  \"name\"".to_owned(), "contract.invalid", "it.json:3:")]
#[case::not_json("hello".to_owned(), "contract.invalid", "it.json:1:1")]
#[case::with_a_misspelt_member(
    get("/x").to_string().replace("\"truncated\":true", "\n\"truncatd\":true"),
    "contract.invalid",
    "truncatd"
)]
#[case::with_a_misspelt_body(get("/x").to_string().replace("\"json\":", "\"jsn\":"), "contract.invalid", "jsn")]
#[case::without_a_status(get("/x").to_string().replace("\"status\":200,", ""), "contract.invalid", "status")]
#[case::with_two_bodies(
    get("/x").to_string().replace("\"json\":", "\"text\":\"x\",\"json\":"),
    "contract.invalid",
    "more than one body"
)]
#[case::nested_without_end("[".repeat(100_000), "contract.invalid", "it.json:1:")]
fn a_broken_file_is_an_error_of_its_own_and_the_others_go_on(
    #[case] text: String,
    #[case] trouble: &str,
    #[case] words: &str,
) {
    let server = server();
    let workspace = Workspace::with(&[("a", get("/a")), ("z", get("/z"))]);
    workspace.file("contracts/it.json", text);
    let run = workspace.verify(&server, &[]);
    run.ends(3, &format!("errored {trouble}")).within(SECOND);
    assert_eq!((run.outcome("a"), run.outcome("z")), ("passed".into(), "passed".into()));
    let message = run.message("it");
    assert!(message.contains("it.json:") && message.contains(words), "{message}");
    assert_eq!(server.deliveries().len(), 2);
}

#[test]
fn a_newer_version_is_named_beside_the_one_that_is_known() {
    let workspace = Workspace::new();
    workspace.file("contracts/it.json", get("/x").to_string().replace("\"faithful\":1", "\"faithful\":7"));
    let run = workspace.verify(&server(), &[]);
    let message = run.ends(3, "errored contract.version").message("it");
    assert!(message.contains('7') && message.contains("version 1"), "{message}");
}

#[test]
fn bytes_that_are_no_utf8_are_an_error_of_the_file() {
    let workspace = Workspace::of(&get("/x"));
    let mut text = get("/\u{e9}").to_string().into_bytes();
    let at = text.iter().position(|byte| *byte == 0xc3).unwrap();
    text.remove(at + 1);
    workspace.file("contracts/other.json", text);
    let run = workspace.verify(&server(), &[]);
    run.ends(3, "passed");
    assert_eq!(run.outcome("other"), "errored contract.invalid");
}

#[test]
fn an_id_that_two_folders_claim_is_an_error_that_names_both() {
    let server = server();
    let workspace = Workspace::new();
    workspace.file("one/same.json", get("/x").to_string());
    workspace.file("two/same.json", get("/y").to_string());
    workspace.file("two/other.json", get("/z").to_string());
    let mut command = workspace.command(["verify", "one", "two", "--report-json", "report.json", "--target"]);
    command.arg(server.url());
    let run = workspace.run(command);
    run.exits(3);
    assert_eq!(run.outcomes(), ["other: passed", "same: errored contract.duplicate_id"]);
    let message = run.message("same");
    assert!(message.contains("one") && message.contains("two"), "{message}");
}

#[test]
fn somebody_elses_json_is_passed_over_in_a_folder_and_an_error_by_its_name() {
    let server = server();
    let workspace = Workspace::of(&get("/x"));
    workspace.file("contracts/openapi.json", "{\"openapi\": \"3.1.0\"}");
    let run = workspace.verify(&server, &[]);
    run.ends(0, "passed");
    assert!(run.printed().contains("openapi.json"), "a note says so: {run:?}");
    let named = workspace.command([
        "verify",
        "contracts/openapi.json",
        "--report-json",
        "report.json",
        "--target",
        &server.url(),
    ]);
    let run = workspace.run(named);
    run.exits(3);
    assert_eq!(run.outcome("openapi"), "errored contract.invalid");
}

#[test]
fn nothing_but_regular_files_is_opened_and_links_are_not_followed() {
    let workspace = Workspace::of(&get("/x"));
    let folder = workspace.path().join("contracts");
    let outside = workspace.file("outside.json", get("/outside").to_string());
    let made = Command::new("mkfifo").arg(folder.join("pipe.json")).status().unwrap();
    assert!(made.success());
    std::os::unix::fs::symlink(&outside, folder.join("link.json")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.join("zero.json")).unwrap();
    std::os::unix::fs::symlink(&folder, folder.join("loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.join("dangling.json")).unwrap();
    let server = server();
    let run = workspace.verify(&server, &[]);
    run.ends(0, "passed").within(SECOND);
    assert_eq!(run.verdicts().len(), 1);
    assert!(run.printed().contains("link.json"), "a note says what was passed over: {run:?}");
    let pipe = workspace.command(["verify", "contracts/pipe.json", "--target", &server.url()]);
    workspace.run(pipe).exits(3).within(SECOND);
}

#[test]
fn what_may_not_be_read_is_not_taken_for_empty() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = Workspace::of(&get("/x"));
    let denied = workspace.file("contracts/denied.json", get("/y").to_string());
    std::fs::set_permissions(&denied, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&denied).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    let run = workspace.verify(&server(), &[]);
    run.ends(3, "passed");
    assert_eq!(run.outcome("denied"), "errored fs.denied");
    let folder = workspace.path().join("contracts/folder");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o000)).unwrap();
    let run = workspace.verify(&server(), &[]);
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(run.exits(3).outcome("folder"), "errored fs.denied");
}

#[test]
fn names_that_are_no_utf8_are_lawful() {
    use std::os::unix::ffi::OsStrExt;
    let workspace = Workspace::of(&get("/x"));
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9\x1b[31m.json");
    if std::fs::write(workspace.path().join("contracts").join(name), get("/y").to_string()).is_err() {
        println!("skipped: this file system takes no such name");
        return;
    }
    let run = workspace.verify(&server(), &[]);
    run.exits(0);
    assert_eq!(run.verdicts().len(), 2);
    assert!(!run.printed().contains('\u{1b}'));
}

#[test]
fn ten_thousand_files_are_read_in_bounds() {
    files_are_read_in_bounds(10_000, 6 * SECOND, 52);
}

#[test]
#[ignore = "a busy disk takes minutes to make so many files: cargo test --test faults hundred_thousand -- --ignored"]
fn a_hundred_thousand_files_are_read_in_bounds() {
    files_are_read_in_bounds(100_000, 60 * SECOND, 512);
}

fn files_are_read_in_bounds(count: usize, time: Duration, mebibytes: u64) {
    let workspace = Workspace::new();
    // All are held back, so that reading and planning is what is measured.
    let mut contract = get("/users/{id}/x");
    contract["request"]["method"] = "DELETE".into();
    let text = contract.to_string();
    for folder in 0..count / 1000 {
        let folder = workspace.path().join(format!("contracts/{folder}"));
        std::fs::create_dir_all(&folder).unwrap();
        for file in 0..1000 {
            std::fs::write(folder.join(format!("{file}.json")), &text).unwrap();
        }
    }
    // Into a file: what this process holds counts into the memory of those that it starts.
    let output = workspace.path().join("output");
    let mut command =
        workspace.command(["verify", "contracts", "--target", "http://192.0.2.1:9", "--format", "short"]);
    command.stdout(std::fs::File::create(&output).unwrap()).stderr(Stdio::piped());
    let start = Instant::now();
    let mut run = Running::start(&mut command).finish();
    run.elapsed = start.elapsed();
    run.exits(5).within(time).holding_at_most(mebibytes);
    let last = BufReader::new(std::fs::File::open(&output).unwrap()).lines().last().unwrap().unwrap();
    let counts = format!("{count} contracts: 0 passed, 0 failed, 0 errored, {count} skipped");
    assert!(last.starts_with(&counts), "{last}");
}

#[test]
fn nothing_to_run_is_told_apart_from_what_is_missing() {
    let server = server();
    let workspace = Workspace::new();
    std::fs::create_dir(workspace.path().join("empty")).unwrap();
    let target = server.url();
    let verify = |arguments: &[&str]| {
        let mut command = workspace.command(["verify", "--target", &target]);
        command.args(arguments);
        workspace.run(command)
    };
    verify(&["empty"]).exits(5).within(SECOND);
    verify(&["empty", "--allow-empty"]).exits(0);
    let run = verify(&["missing"]);
    assert!(run.exits(2).stderr.contains("missing"), "{}", run.stderr);
    verify(&["missing", "--allow-empty"]).exits(2);
    verify(&["missing.md"]).exits(2);
    verify(&[]).exits(5);
    verify(&["--allow-empty"]).exits(0);
    verify(&["empty/*.json"]).exits(5);
    let run = verify(&["missing/*.json", "--allow-empty"]);
    assert!(run.exits(2).stderr.contains("missing: no such file or folder"), "{}", run.stderr);
    assert_eq!(server.connections(), 0);
}

const PAGE: &str =
    "```http\nGET /p\n```\n\n```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{\"b\": 1}\n```\n";

/// Pages beside contract files would otherwise be passed over without a word.
#[test]
fn a_folder_of_contracts_and_of_pages_is_refused() {
    let server = server();
    let workspace = Workspace::with(&[("deep/it", get("/x"))]);
    workspace.file("contracts/page.md", PAGE);
    let run = workspace.verify(&server, &[]);
    run.exits(2);
    assert!(run.stderr.contains("page.md") && run.stderr.contains("name the folder"), "{}", run.stderr);
    assert!(server.deliveries().is_empty());
    workspace.file("contracts/page.md", "# What these contracts are\n");
    workspace.verify(&server, &[]).exits(0);
}

/// Each pair would be sent twice, and where the two differ nobody could tell which is meant.
#[rstest]
#[case::both_folders(&["contracts", "docs"], Some("contracts/page/get-p.json and docs/page.md hold the same pair"))]
#[case::a_part_and_a_page(&["contracts/page", "docs/page.md"], Some("contracts/page/get-p.json and docs/page.md hold"))]
#[case::a_file(&["docs", "contracts/page/get-p.json"], Some("name the contracts alone"))]
#[case::other_docs(&["contracts", "more"], None)]
#[case::docs_twice(&["docs", "docs/page.md"], None)]
fn contracts_and_the_docs_that_they_were_read_from_are_refused(
    #[case] named: &[&str],
    #[case] refused: Option<&str>,
) {
    let server = Hostile::saying(json("200 OK", "{\"b\": 1}"));
    let workspace = Workspace::new();
    workspace.file("docs/page.md", PAGE);
    workspace.file("more/other.md", PAGE);
    workspace.run(workspace.command(["extract", "docs"])).exits(0);
    // The same pair, though the page was changed.
    workspace.file("docs/page.md", PAGE.replace("\"b\": 1", "\"b\": 2"));
    let mut command = workspace.command(["verify", "--target", &server.url()]);
    command.args(named);
    let run = workspace.run(command);
    run.exits(if refused.is_some() { 2 } else { 0 });
    assert!(refused.is_none_or(|said| run.stderr.contains(said)), "{}", run.stderr);
    assert_eq!(server.deliveries().len(), usize::from(refused.is_none()));
}

/// Nobody named the usual folder, so it is no question what is meant; the page is told of all the same.
#[test]
fn a_page_among_the_usual_contracts_is_told_of() {
    let workspace = Workspace::of(&get("/x"));
    workspace.file("contracts/page.md", PAGE);
    let server = server();
    let command = ["verify", "--target", &server.url(), "--report-json", "report.json"];
    let run = workspace.run(workspace.command(command));
    run.ends(0, "passed");
    assert!(run.stderr.contains("page.md: shows pairs and was not read"), "{}", run.stderr);
}

/// A dependency that is called so makes no contracts folder of a folder of pages.
#[test]
fn a_package_that_uses_faithful_leaves_pages_pages() {
    let workspace = Workspace::new();
    workspace.file("docs/package.json", "{\"devDependencies\": {\"faithful\": \"^1.0\"}}");
    workspace.file("docs/page.md", PAGE);
    let server = server();
    let command = ["verify", "docs", "--target", &server.url(), "--report-json", "report.json"];
    let run = workspace.run(workspace.command(command));
    run.exits(1);
    assert!(run.outcomes().concat().ends_with(": failed member-missing"), "{:?}", run.outcomes());
}

#[cfg(unix)]
#[test]
fn a_linked_folder_is_told_of() {
    let workspace = Workspace::of(&get("/x"));
    workspace.file("elsewhere/more.json", get("/y").to_string());
    std::os::unix::fs::symlink(workspace.path().join("elsewhere"), workspace.path().join("contracts/more"))
        .unwrap();
    let run = workspace.verify(&server(), &[]);
    run.ends(0, "passed");
    assert!(run.stderr.contains("contracts/more: not a regular file"), "{}", run.stderr);
}

/// What is never to be sent is not, whichever part of the contracts is named.
#[rstest]
#[case::all("contracts")]
#[case::a_folder("contracts/beds")]
#[case::a_glob("contracts/beds/*.json")]
#[case::a_file("contracts/beds/remove.json")]
fn an_entry_is_for_its_contract_however_that_is_named(#[case] named: &str) {
    let server = server();
    let workspace = Workspace::with(&[("beds/remove", sending("DELETE", "/beds/1"))]);
    workspace.file("faithful.toml", "[[skip]]\ncontract = \"beds/remove\"\nreason = \"never\"\n");
    let command = ["verify", named, "--target", &server.url(), "--report-json", "report.json"];
    let run = workspace.run(workspace.command(command));
    run.exits(5);
    assert!(run.outcomes().concat().ends_with("remove: skipped config"), "{:?}", run.outcomes());
    assert!(server.deliveries().is_empty());
}
