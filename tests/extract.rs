//! `faithful extract` through the binary: what it writes, checks and removes, and that nothing tears its files.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use assert_cmd::Command;
use faithful::contract::{Contract, store};
use faithful::docs::{Annotations, read};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

/// A page with a pair for each of these.
fn page(names: &[&str]) -> String {
    names.iter().fold(String::from("# Page\n"), |mut page, name| {
        let _ = write!(
            page,
            "\n<!-- {{ \"blockType\": \"request\", \"name\": \"{name}\" }} -->\n```http\nGET /{name}\n```\n\n\
             <!-- {{ \"blockType\": \"response\" }} -->\n```http\nHTTP/1.1 200 OK\n\n{{\"name\": \"{name}\"}}\n```\n"
        );
        page
    })
}

fn docs(pages: &[(&str, &[&str])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (file, names) in pages {
        let path = folder.path().join("docs").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, page(names)).unwrap();
    }
    folder
}

fn extract(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("faithful").unwrap();
    command.current_dir(folder).arg("extract").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// All files below a folder, by path, with their bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let file = |entry: walkdir::DirEntry| {
        let below = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
        (below, fs::read(entry.path()).unwrap())
    };
    entries.filter(|entry| entry.file_type().is_file()).map(file).collect()
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).into_keys().collect()
}

#[test]
fn check_names_what_is_stale_missing_and_orphaned_and_writes_nothing() {
    let folder = docs(&[("a.md", &["one", "two", "three"]), ("b.md", &["four"]), ("sub/c.md", &["five"])]);
    assert_eq!(extract(folder.path(), &["docs"]).status.code(), Some(0));
    let output = extract(folder.path(), &["docs", "--check"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), ""));

    let changed = page(&["one", "three", "six"]).replace("\"three\"}", "3}");
    fs::write(folder.path().join("docs/a.md"), changed).unwrap();
    fs::remove_file(folder.path().join("contracts/sub/c/five.json")).unwrap();
    let before = files(folder.path());
    let output = extract(folder.path(), &["docs", "--check"]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "missing contracts/a/six.json\nstale contracts/a/three.json\norphaned contracts/a/two.json\n\
                    missing contracts/sub/c/five.json\n";
    assert_eq!(text(&output.stdout), expected);
    assert_eq!(
        text(&output.stderr),
        "5 contracts: 1 stale, 2 missing, 1 orphaned; without --check they are written, and --prune removes what is orphaned\n"
    );
    assert_eq!(files(folder.path()), before);
}

/// Of pages that were not named nothing is known.
#[test]
fn only_the_pages_given_are_checked_and_pruned() {
    let folder = docs(&[("a.md", &["one", "two"]), ("b.md", &["three", "four"])]);
    extract(folder.path(), &["docs"]);
    fs::write(folder.path().join("docs/a.md"), page(&["one"])).unwrap();
    fs::write(folder.path().join("docs/b.md"), page(&["three"])).unwrap();
    let output = extract(folder.path(), &["docs/a.md", "--check"]);
    assert_eq!(text(&output.stdout), "orphaned contracts/a/two.json\n");
    let output = extract(folder.path(), &["docs/a.md"]);
    assert!(text(&output.stderr).contains("1 contract file without a pair"), "{}", text(&output.stderr));
    let output = extract(folder.path(), &["docs/a.md", "--prune"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "removed contracts/a/two.json: its page has no such pair any more\n");
    let summary = "1 page: 1 contract in contracts (0 new, 0 changed, 1 unchanged, 1 removed); 0 findings\n";
    assert_eq!(text(&output.stdout), summary);
    let left = ["a/one.json", "b/four.json", "b/three.json"];
    assert_eq!(names(&folder.path().join("contracts")), left);
}

#[test]
fn prune_removes_what_a_page_left_behind_that_is_gone_from_its_folder() {
    let folder = docs(&[("a.md", &["one"]), ("sub/b.md", &["two"]), ("sub/c.md", &["three"])]);
    extract(folder.path(), &["docs"]);
    fs::remove_file(folder.path().join("docs/sub/b.md")).unwrap();
    // A page that is named says nothing of its neighbours.
    extract(folder.path(), &["docs/sub/c.md", "docs/a.md", "--prune"]);
    assert!(folder.path().join("contracts/sub/b/two.json").exists());
    // Neither does another folder, in which there never was such a page.
    fs::create_dir(folder.path().join("other")).unwrap();
    fs::write(folder.path().join("other/d.md"), page(&["four"])).unwrap();
    extract(folder.path(), &["other", "--prune"]);
    assert!(folder.path().join("contracts/sub/b/two.json").exists());

    let output = extract(folder.path(), &["docs", "other", "--prune"]);
    assert_eq!(text(&output.stderr), "removed contracts/sub/b/two.json: its page is gone\n");
    let left = ["a/one.json", "d/four.json", "sub/c/three.json"];
    assert_eq!(names(&folder.path().join("contracts")), left);
    assert!(!folder.path().join("contracts/sub/b").exists(), "no empty folder is left");
}

#[test]
fn check_fails_where_a_page_is_gone_and_where_its_folder_is() {
    let folder = docs(&[("a.md", &["one"]), ("b.md", &["two"]), ("sub/c.md", &["three"])]);
    extract(folder.path(), &["docs"]);
    fs::remove_file(folder.path().join("docs/b.md")).unwrap();
    fs::remove_dir_all(folder.path().join("docs/sub")).unwrap();
    // A page that is named says nothing of the others, and a folder may not be all docs that there are.
    assert_eq!(extract(folder.path(), &["docs/a.md", "--check"]).status.code(), Some(0));
    let output = extract(folder.path(), &["docs", "--check"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), ""));
    let expected = "contracts/b/two.json: its page is not among these docs; --prune removes it";
    assert!(text(&output.stderr).starts_with(expected), "{}", text(&output.stderr));
    fs::write(folder.path().join("faithful.toml"), "[docs]\npath = \"docs\"\n").unwrap();

    let output = extract(folder.path(), &["docs", "--check"]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "orphaned contracts/b/two.json\norphaned contracts/sub/c/three.json\n";
    assert_eq!(text(&output.stdout), expected);
    let expected =
        "1 contract: 0 stale, 0 missing, 2 orphaned; --prune in place of --check removes what is orphaned\n";
    assert!(text(&output.stderr).ends_with(expected), "{}", text(&output.stderr));

    let output = extract(folder.path(), &["docs", "--prune"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(names(&folder.path().join("contracts")), ["a/one.json"]);
    assert_eq!(extract(folder.path(), &["docs", "--check"]).status.code(), Some(0));
}

#[test]
fn what_faithful_toml_cannot_say_of_the_docs_is_an_error() {
    let folder = docs(&[("a.md", &["one"])]);
    fs::write(folder.path().join("faithful.toml"), "[docs]\npth = \"docs\"\n").unwrap();
    let output = extract(folder.path(), &["docs", "--check"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("did you mean `path`?"), "{}", text(&output.stderr));
}

/// What this project ships: its contracts and their pages agree, whoever asks.
#[test]
fn the_shipped_contracts_are_those_of_their_pages() {
    let output = extract(Path::new(env!("CARGO_MANIFEST_DIR")), &["examples/docs", "--check"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), ""), "{}", text(&output.stderr));
    assert!(text(&output.stderr).ends_with("13 contracts: 0 stale, 0 missing, 0 orphaned\n"));
}

/// Docs of which nothing was extracted here are not those that the contracts come from.
#[test]
fn contracts_of_folders_that_other_docs_have_are_no_orphans() {
    let folder = docs(&[("sub/a.md", &["one"])]);
    extract(folder.path(), &["docs"]);
    fs::create_dir(folder.path().join("other")).unwrap();
    fs::write(folder.path().join("other/b.md"), page(&["two"])).unwrap();
    let output = extract(folder.path(), &["other", "--check"]);
    assert_eq!(text(&output.stdout), "missing contracts/b/two.json\n");
    // Where no page is left, nobody knows whose the contracts are.
    fs::remove_file(folder.path().join("other/b.md")).unwrap();
    assert_eq!(extract(folder.path(), &["other", "--prune"]).status.code(), Some(5));
    assert_eq!(names(&folder.path().join("contracts")), ["sub/a/one.json"]);
}

#[test]
fn no_page_takes_the_contract_of_another() {
    let folder = docs(&[("x.md", &["one"]), ("X.md", &["one"]), ("x.markdown", &["two"])]);
    if files(&folder.path().join("docs")).len() < 3 {
        return println!("skipped: letter case makes no difference here");
    }
    let output = extract(folder.path(), &["docs", "-v"]);
    let contracts = folder.path().join("contracts");
    assert_eq!(names(&contracts), ["x/one-2.json", "x/one.json", "x/two.json"]);
    let finding = |page: &str| format!("docs/{page}:1: clashing-page: docs/X.md; ");
    for page in ["x.md", "x.markdown"] {
        assert!(text(&output.stderr).contains(&finding(page)), "{}", text(&output.stderr));
    }
    let before = files(&contracts);
    // Alone the page would take the id that the other page has.
    let output = extract(folder.path(), &["docs/x.md"]);
    assert_eq!(output.status.code(), Some(4));
    let expected = "contracts/x/one.json: not written: it is the contract of X.md; name both pages";
    assert!(text(&output.stderr).contains(expected), "{}", text(&output.stderr));
    assert_eq!(extract(folder.path(), &["docs/x.md", "--check"]).status.code(), Some(1));
    assert_eq!(files(&contracts), before);
    // A page that was renamed takes its contracts along.
    fs::remove_file(folder.path().join("docs/X.md")).unwrap();
    assert_eq!(extract(folder.path(), &["docs", "--prune"]).status.code(), Some(0));
    assert_eq!(names(&contracts), ["x/one.json", "x/two.json"]);
}

/// Pairs without a name are told apart by their order: who takes over an id is no secret.
#[test]
fn a_pair_that_goes_on_under_another_id_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let pair = |code: u16| format!("```http\nGET /one\n```\n\n```http\nHTTP/1.1 {code} X\n```\n\n");
    let write = |codes: &[u16]| {
        fs::write(folder.path().join("a.md"), codes.iter().copied().map(pair).collect::<String>()).unwrap();
    };
    write(&[200, 201]);
    assert_eq!(text(&extract(folder.path(), &["a.md"]).stderr), "");
    write(&[200, 202]);
    assert_eq!(text(&extract(folder.path(), &["a.md"]).stderr), "");
    write(&[203, 200, 202]);
    let output = extract(folder.path(), &["a.md"]);
    let expected = "contracts/a/get-one.json: the pair that it held is now a/get-one-2: what names it means another\n\
                    contracts/a/get-one-2.json: the pair that it held is now a/get-one-3: what names it means another\n";
    assert_eq!(text(&output.stderr), expected);
}

/// With a remedy: it is no pair that was lost and another that is new.
#[test]
fn a_pair_whose_annotation_or_page_is_renamed_is_named() {
    let folder = docs(&[("a.md", &["one", "two"]), ("b.md", &["three"])]);
    extract(folder.path(), &["docs"]);
    let renamed = page(&["one", "two"]).replacen("\"one\"", "\"six\"", 1);
    fs::write(folder.path().join("docs/a.md"), renamed).unwrap();
    fs::rename(folder.path().join("docs/b.md"), folder.path().join("docs/c.md")).unwrap();
    let output = extract(folder.path(), &["docs", "--check"]);
    let expected = "contracts/a/one.json: the pair that it held is now a/six; --prune removes this file\n\
                    contracts/b/three.json: the pair that it held is now c/three; --prune removes this file\n";
    assert!(text(&output.stderr).starts_with(expected), "{}", text(&output.stderr));
    // Twice: the second run writes nothing that is new.
    for _ in 0..2 {
        let output = extract(folder.path(), &["docs/a.md"]);
        let expected = "contracts/a/one.json: the pair that it held is now a/six; --prune removes this file\n\
                        without a pair contracts/a/one.json\n";
        assert!(text(&output.stderr).starts_with(expected), "{}", text(&output.stderr));
    }
    let output = extract(folder.path(), &["docs", "--prune"]);
    let expected = "contracts/a/one.json: the pair that it held is now a/six\n";
    assert!(text(&output.stderr).starts_with(expected), "{}", text(&output.stderr));
    assert_eq!(names(&folder.path().join("contracts")), ["a/six.json", "a/two.json", "c/three.json"]);
}

#[test]
fn prune_removes_nothing_but_contracts() {
    let folder = docs(&[("a.md", &["one", "two"])]);
    extract(folder.path(), &["docs"]);
    fs::write(folder.path().join("docs/a.md"), page(&["one"])).unwrap();
    let contracts = folder.path().join("contracts");
    let others = [
        ("a/notes.txt", "mine"),
        ("a/other.json", "{\"source\": {\"file\": \"a.md\"}}"),
        ("a/broken.json", "{\"faithful\": 1, \"source\": {\"file\": \"a.md\"}"),
        ("schema.json", "{}"),
    ];
    for (name, text) in others {
        fs::write(contracts.join(name), text).unwrap();
    }
    extract(folder.path(), &["docs", "--prune"]);
    assert_eq!(
        names(&contracts),
        ["a/broken.json", "a/notes.txt", "a/one.json", "a/other.json", "schema.json"]
    );
}

/// A page that cannot be read has its pairs all the same.
#[test]
fn nothing_is_pruned_of_a_page_that_was_not_read() {
    let folder = docs(&[("a.md", &["one"]), ("b.md", &["two"])]);
    extract(folder.path(), &["docs"]);
    fs::write(folder.path().join("docs/a.md"), b"\xff").unwrap();
    fs::remove_file(folder.path().join("docs/b.md")).unwrap();
    let output = extract(folder.path(), &["docs", "--prune"]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(names(&folder.path().join("contracts")), ["a/one.json", "b/two.json"]);
    let expected = "contract files whose page is gone were not looked for: 1 page or folder could not be read, and \
                    may be theirs\n";
    assert!(text(&output.stderr).contains(expected), "{}", text(&output.stderr));
}

/// What was not looked for is not said to be none.
#[test]
fn check_says_that_it_looks_for_no_orphans_where_a_page_was_not_read() {
    let folder = docs(&[("a.md", &["one"]), ("b.md", &["two"]), ("c.md", &["three", "four"])]);
    fs::write(folder.path().join("faithful.toml"), "[docs]\npath = \"docs\"\n").unwrap();
    extract(folder.path(), &["docs"]);
    fs::write(folder.path().join("docs/a.md"), b"\xff").unwrap();
    fs::remove_file(folder.path().join("docs/b.md")).unwrap();
    let output = extract(folder.path(), &["docs", "--check"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(3), ""));
    let expected = "contract files whose page is gone were not looked for: 1 page or folder could not be read, and \
                    may be theirs\n2 contracts: 0 stale, 0 missing, 0 orphaned\n";
    assert!(text(&output.stderr).ends_with(expected), "{}", text(&output.stderr));

    // A pair that is gone from a page that was read is one all the same.
    fs::write(folder.path().join("docs/c.md"), page(&["three"])).unwrap();
    let output = extract(folder.path(), &["docs", "--check"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), "orphaned contracts/c/four.json\n"));
    assert!(text(&output.stderr).contains("were not looked for"), "{}", text(&output.stderr));
}

#[test]
fn a_run_that_changes_nothing_writes_nothing() {
    let folder = docs(&[("a.md", &["one"])]);
    extract(folder.path(), &["docs"]);
    let written = |name: &str| fs::metadata(folder.path().join(name)).unwrap().modified().unwrap();
    let before = (written("contracts"), written("contracts/a"), written("contracts/a/one.json"));
    let output = extract(folder.path(), &["docs", "-v"]);
    assert_eq!(text(&output.stderr), "");
    assert_eq!((written("contracts"), written("contracts/a"), written("contracts/a/one.json")), before);
}

#[test]
fn verbose_names_each_file_that_changes() {
    let folder = docs(&[("a.md", &["one", "two"])]);
    extract(folder.path(), &["docs"]);
    fs::write(folder.path().join("docs/a.md"), page(&["one", "three"]).replace("\"one\"}", "1}")).unwrap();
    let output = extract(folder.path(), &["docs", "-v"]);
    let expected = "changed contracts/a/one.json\nnew contracts/a/three.json\n\
                    without a pair contracts/a/two.json\n\
                    1 contract file without a pair in these docs; --prune removes it\n";
    assert_eq!(text(&output.stderr), expected);
}

#[test]
fn a_few_files_without_a_pair_are_named_and_all_under_verbose() {
    let names: Vec<String> = (0..9).map(|index| format!("pair{index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let folder = docs(&[("a.md", &names)]);
    extract(folder.path(), &["docs"]);
    fs::write(folder.path().join("docs/a.md"), page(&["pair8"])).unwrap();
    for (arguments, count) in [(&["docs"][..], 5), (&["docs", "-v"], 8)] {
        let output = extract(folder.path(), arguments);
        assert_eq!(text(&output.stderr).matches("without a pair contracts/a/pair").count(), count);
        assert_eq!(text(&output.stderr).contains("and 3 more: give -v"), count == 5);
    }
}

#[test]
fn a_run_that_fails_for_what_is_denied_says_so() {
    let folder = docs(&[("a.md", &["one"])]);
    fs::write(folder.path().join("docs/b.md"), "```http\nGET /users\n```\n").unwrap();
    let output = extract(folder.path(), &["docs", "--deny", "unpaired-request"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).ends_with("; 1 finding, 1 denied\n"), "{}", text(&output.stdout));
    let output = extract(folder.path(), &["docs", "--deny", "unpaired-request", "--check"]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "1 contract: 0 stale, 0 missing, 0 orphaned; 1 finding, 1 denied\n";
    assert!(text(&output.stderr).ends_with(expected), "{}", text(&output.stderr));
}

#[test]
fn without_a_page_nothing_was_extracted() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("docs")).unwrap();
    for arguments in [&["docs"][..], &["docs", "--check"]] {
        assert_eq!(extract(folder.path(), arguments).status.code(), Some(5));
    }
    assert!(!folder.path().join("contracts").exists());
}

/// Pages of a size that takes a while to write, in two versions.
fn many(version: &str) -> Vec<(String, String)> {
    let names: Vec<String> = (0..20).map(|number| format!("pair-{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let page =
        page(&names).replace("\"name\": \"pair", &format!("\"version\": \"{version}\", \"name\": \"pair"));
    // The annotations have names as well; they stay.
    let page = page.replace(
        &format!("\"blockType\": \"request\", \"version\": \"{version}\", "),
        "\"blockType\": \"request\", ",
    );
    (0..20).map(|number| (format!("page-{number}.md"), page.clone())).collect()
}

fn write_docs(folder: &Path, pages: &[(String, String)]) {
    fs::create_dir_all(folder.join("docs")).unwrap();
    for (file, page) in pages {
        fs::write(folder.join("docs").join(file), page).unwrap();
    }
}

/// The files that a run of `extract` makes of pages.
fn expected(pages: &[(String, String)]) -> BTreeMap<String, Vec<u8>> {
    let contracts = pages.iter().flat_map(|(file, page)| read(file, page, Annotations::Optional).pairs);
    let file = |contract: Contract| {
        (format!("{}.json", contract.id), faithful::contract::to_file(&contract).into_bytes())
    };
    contracts.map(|pair| file(pair.contract)).collect()
}

#[test]
fn two_runs_at_once_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let versions = [many("old"), many("new")];
    for pages in versions.iter().cycle().take(6) {
        write_docs(folder.path(), pages);
        let outputs = std::thread::scope(|scope| {
            let runs: Vec<_> =
                (0..4).map(|_| scope.spawn(|| extract(folder.path(), &["docs", "--prune"]))).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect::<Vec<_>>()
        });
        // On a busy machine one may wait in vain for the others: then it says so, and wrote nothing.
        let (done, gave_up): (Vec<_>, Vec<_>) =
            outputs.iter().partition(|output| output.status.code() == Some(0));
        assert!(!done.is_empty());
        for output in gave_up {
            assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
            assert!(text(&output.stderr).contains("writes to it"), "{}", text(&output.stderr));
        }
        let mut written = files(&folder.path().join("contracts"));
        written.retain(|name, _| name != ".faithful.lock");
        assert_eq!(written, expected(pages));
    }
}

#[test]
fn who_cannot_write_in_time_is_told_which_process_does() {
    let folder = docs(&[("a.md", &["one"])]);
    let contracts = folder.path().join("contracts");
    let held = store::Store::open(&contracts, std::time::Duration::ZERO).unwrap();
    let output = extract(folder.path(), &["docs"]);
    assert_eq!(output.status.code(), Some(4));
    let expected = format!("contracts: process {} writes to it", std::process::id());
    assert!(text(&output.stderr).contains(&expected), "{}", text(&output.stderr));
    // Whoever only reads waits for nobody.
    assert_eq!(extract(folder.path(), &["docs", "--check"]).status.code(), Some(1));
    drop(held);
    assert_eq!(extract(folder.path(), &["docs"]).status.code(), Some(0));
}

/// Killed at any moment, a run leaves each file as it was or as it is to be, and the next run cleans up.
#[cfg(unix)]
#[test]
fn a_run_that_is_killed_tears_no_file() {
    use std::process::{Command, Stdio};
    use std::time::Instant;

    let folder = tempfile::tempdir().unwrap();
    let contracts = folder.path().join("contracts");
    let versions = [many("old"), many("new")];
    let possible = [expected(&versions[0]), expected(&versions[1])];
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_faithful"));
        command
            .current_dir(folder.path())
            .args(["extract", "docs"])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.spawn().unwrap()
    };
    write_docs(folder.path(), &versions[0]);
    let start = Instant::now();
    assert!(run().wait().unwrap().success());
    let whole = start.elapsed();
    let (mut killed, mut remains) = (0, 0);
    for round in 1..=60u32 {
        write_docs(folder.path(), &versions[round as usize % 2]);
        let mut child = run();
        // Spread over the time that a run takes, in an order that has no pattern.
        std::thread::sleep(whole.mul_f64(f64::from(round * 37 % 61) / 61.0));
        child.kill().unwrap();
        killed += usize::from(!child.wait().unwrap().success());
        let mut names = 0;
        for (name, bytes) in files(&contracts) {
            if name.starts_with(".tmp-") || name == ".faithful.lock" {
                remains += 1;
                continue;
            }
            names += 1;
            let is_whole = possible.iter().any(|version| version.get(&name) == Some(&bytes));
            assert!(is_whole, "round {round}: {name} is torn: {}", String::from_utf8_lossy(&bytes));
        }
        assert_eq!(names, possible[0].len(), "round {round}");
        let loaded = store::load(&contracts);
        assert!(loaded.broken.is_empty() && loaded.notes.is_empty(), "{:?}", loaded.broken);
    }
    println!("{killed} of 60 runs were killed, which left {remains} temporary files");
    assert!(killed > 0, "no run was killed while it worked");
    assert!(run().wait().unwrap().success());
    assert_eq!(files(&contracts), possible[0], "the next run completes the work and leaves nothing behind");
}
