//! The house of ARCHITECTURE.md, held: who may know whom, where effects live, and how long a file may get.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const WORDS: &str = "json message source finding verdict secret";

/// A module of the library, and what it may name of the library besides itself.
fn may_know(module: &str) -> String {
    let wing = match module {
        "lib" | "main" | "cli" => {
            "contract docs replay judge mock report suite verify cli config Contract Stub Suite Verifier"
        }
        "json" | "message" | "source" | "finding" | "secret" | "contract" | "report" => "",
        "verdict" | "docs" | "replay" | "judge" | "mock" => "contract",
        "config" => "contract replay",
        "suite" => "contract docs",
        "verify" => "contract docs replay judge mock report suite",
        other => panic!("src/{other}.rs has no room in the house: see ARCHITECTURE.md"),
    };
    format!("{WORDS} {wing}")
}

/// Crates that touch the world, and where they may be named.
const EFFECTS: &[(&str, &str)] = &[
    (
        "reqwest",
        "replay.rs replay/auth.rs replay/auth/grant.rs replay/connections.rs replay/conversation.rs replay/fault.rs replay/proxy.rs replay/resolver.rs",
    ),
    ("h2", "replay/fault.rs"),
    ("hyper_util", "replay/conversation.rs replay/proxy.rs"),
    ("secrecy", "replay/auth.rs replay/auth/grant.rs replay/proxy.rs"),
    ("hyper", "replay/fault.rs"),
    ("rustls", "replay/connections.rs replay/fault.rs"),
    (
        "tokio",
        "replay.rs replay/auth/grant.rs replay/conversation.rs replay/pace.rs replay/departure.rs replay/resolver.rs verify/care.rs verify/run.rs verify/flow.rs verify/step.rs mock/stub.rs cli/verify.rs cli/verify/signals.rs",
    ),
    ("wiremock", "mock/stub.rs"),
    ("tempfile", "contract/store/writing.rs"),
    ("rustix", "docs/pages/opener.rs"),
    ("walkdir", "contract/store.rs suite.rs"),
    (
        "std::fs",
        "contract/store.rs contract/store/writing.rs contract/store/lock.rs docs/pages/opener.rs docs/pages/walk.rs verify/locate.rs config.rs cli/verify.rs cli/verify/descriptors.rs cli/verify/place.rs cli/verify/memory.rs cli/given.rs cli/missing.rs cli/verify/access.rs cli/verify/access/secrets.rs",
    ),
    ("std::env", "main.rs verify.rs cli/here.rs replay/proxy.rs"),
    (
        "clap",
        "cli.rs cli/extract.rs cli/verify.rs cli/verify/access.rs cli/verify/care.rs cli/output.rs cli/list.rs cli/init.rs cli/lint.rs cli/findings.rs cli/judging.rs cli/explain.rs cli/which.rs cli/verify/reports.rs cli/given.rs cli/plan.rs cli/plan/settings.rs",
    ),
    ("indicatif", "cli/verify/bar.rs"),
    ("quick_junit", "report/junit.rs"),
    ("annotate_snippets", "report/console.rs report/findings/console.rs"),
];

/// A file of `src`, by its path below it, without its tests and its comments.
fn sources() -> BTreeMap<String, String> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() { walk(&entry.path(), files) } else { files.push(entry.path()) }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap().lines();
        let code: Vec<_> = code.map(|line| line.split("//").next().unwrap()).collect();
        (path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(), code.join("\n"))
    };
    files.iter().filter(|path| !path.ends_with("tests.rs")).map(read).collect()
}

/// The names that follow a path's beginning: `crate::json` gives `json`.
fn named<'t>(code: &'t str, start: &str) -> Vec<&'t str> {
    let rest = code.split(start).skip(1);
    rest.map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap()).collect()
}

#[test]
fn every_module_knows_only_what_its_room_allows() {
    for (file, code) in sources() {
        let module = file.split(['/', '.']).next().unwrap();
        let allowed = may_know(module);
        for known in named(&code, "crate::") {
            let fine = known == module || allowed.split_whitespace().any(|name| name == known);
            assert!(fine, "src/{file} names crate::{known}, which {module} must not know");
        }
    }
}

#[test]
fn effects_live_in_the_files_that_are_named_for_them() {
    for (file, code) in sources() {
        for (name, homes) in EFFECTS {
            let separator = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':');
            let names =
                code.match_indices(&format!("{name}::")).any(|(at, _)| separator(code[..at].chars().last()))
                    || code.contains(&format!("use {name};"));
            let home = homes.split_whitespace().any(|home| home == file);
            assert!(!names || home, "src/{file} names {name}, which belongs into {homes}");
        }
    }
}

#[test]
fn no_file_outgrows_its_reader() {
    for (file, _) in sources() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(&file);
        let lines = fs::read_to_string(path).unwrap().lines().count();
        assert!(lines <= 400, "src/{file} has {lines} lines: split it");
    }
}
