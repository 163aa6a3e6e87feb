//! Which contracts a run is about: what is not selected is counted, and what was meant is never silently left out.

use crate::hostile::{Hostile, json};
use crate::run::{Run, Workspace, get, sending};
use rstest::rstest;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn kept() -> Hostile {
    Hostile::saying(json("200 OK", "{\"a\": 1}"))
}

fn suite() -> Workspace {
    let mut tagged = get("/users/7");
    tagged["request"]["tags"] = json!(["admin"]);
    let contracts = [
        ("users/get", tagged),
        ("users/create", sending("POST", "/users")),
        ("teams/get", get("https://home.example/teams/7?a=1")),
        ("teams/members/list", get("/teams/7/members")),
    ];
    Workspace::with(&contracts)
}

fn ids(run: &Run) -> Vec<&str> {
    run.verdicts().iter().map(|verdict| verdict["id"].as_str().unwrap()).collect()
}

fn count(run: &Run, name: &str) -> u64 {
    run.report.as_ref().unwrap()["summary"][name].as_u64().unwrap()
}

#[rstest]
#[case(&["--only", "users/get"], &["users/get"])]
#[case(&["--only", "users/*", "--only", "teams/get"], &["teams/get", "users/create", "users/get"])]
#[case(&["--only", "teams/**"], &["teams/get", "teams/members/list"])]
#[case(&["--method", "post"], &["users/create"])]
#[case(&["--path", "/teams/*"], &["teams/get"])]
#[case(&["--path", "/teams/**", "--method", "GET"], &["teams/get", "teams/members/list"])]
#[case(&["--tag", "Admin"], &["users/get"])]
#[case(&["--only", "users/*", "--method", "GET"], &["users/get"])]
fn the_others_are_counted_and_not_sent(#[case] flags: &[&str], #[case] selected: &[&str]) {
    let server = kept();
    let run = suite().verify(&server, flags);
    run.exits(0);
    assert_eq!(ids(&run), selected);
    assert_eq!(count(&run, "unselected"), 4 - selected.len() as u64);
    assert_eq!(server.deliveries().len(), selected.len());
    assert!(run.stdout.contains(&format!("; {} unselected;", 4 - selected.len())), "{}", run.stdout);
}

#[rstest]
#[case(&["--only", "users/gte"], "--only users/gte matches no contract; did you mean users/get?")]
#[case(&["--only", "users/get", "--only", "users/craete"], "did you mean users/create?")]
#[case(&["--method", "PSOT"], "--method PSOT matches no contract; did you mean POST?")]
#[case(&["--path", "/team/7"], "did you mean /teams/7?")]
#[case(&["--tag", "amdin"], "did you mean admin?")]
#[case(&["--only", "users/get", "--method", "POST"], "none of 4 contracts is selected")]
fn what_matches_nothing_is_told_of_and_nothing_is_sent(#[case] flags: &[&str], #[case] said: &str) {
    let server = kept();
    let run = suite().verify(&server, flags);
    run.exits(5);
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert_eq!((count(&run, "unselected"), server.connections()), (4, 0));
    let listed = suite();
    let listed = listed.run(listed.command(["list", "contracts"].iter().chain(flags)));
    listed.exits(5);
    assert!(listed.stderr.contains(said) && listed.stdout.is_empty(), "{listed:?}");
}

#[test]
fn a_list_is_narrowed_as_a_run_is() {
    let workspace = suite();
    let run = workspace.run(workspace.command(["list", "contracts", "--path", "/users/**"]));
    assert_eq!(run.exits(0).stdout, "users/get  GET    /users/7  200\n");
}

#[test]
fn a_contract_that_cannot_be_read_may_have_any_method() {
    let server = kept();
    let workspace = suite();
    workspace.file("contracts/users/broken.json", "{\"faithful\": 1,");
    assert_eq!(
        workspace.verify(&server, &["--method", "GET"]).exits(3).outcome("users/broken"),
        "errored contract.invalid"
    );
    workspace.verify(&server, &["--only", "teams/**"]).exits(0);
}

/// The shard of each contract.
fn shards(workspace: &Workspace, server: &Hostile, parts: usize) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for part in 1..=parts {
        let run = workspace.verify(server, &["--shard", &format!("{part}/{parts}"), "--allow-empty"]);
        run.exits(0);
        for id in ids(&run) {
            assert_eq!(found.insert(id.to_owned(), part), None, "{id} is in two shards");
        }
    }
    found
}

#[test]
fn shards_together_are_the_whole_and_stay_as_they_are_when_contracts_are_added() {
    let server = kept();
    let urls: Vec<(String, Value)> = (0..20).map(|n| (format!("c{n:02}"), get(&format!("/x/{n}")))).collect();
    let contracts: Vec<(&str, Value)> =
        urls.iter().map(|(id, contract)| (id.as_str(), contract.clone())).collect();
    let workspace = Workspace::with(&contracts);
    let before = shards(&workspace, &server, 5);
    assert_eq!(before.len(), 20);
    assert!((1..=5).all(|part| before.values().any(|shard| *shard == part)), "{before:?}");
    for n in 20..30 {
        workspace.file(&format!("contracts/a{n}.json"), get(&format!("/y/{n}")).to_string());
    }
    let after = shards(&workspace, &server, 5);
    assert_eq!(after.len(), 30);
    assert!(before.iter().all(|(id, shard)| after[id] == *shard));
}

#[test]
fn a_shard_is_the_same_for_every_verb_and_every_target() {
    let server = kept();
    let urls: Vec<(String, Value)> = (0..12).map(|n| (format!("c{n:02}"), get(&format!("/x/{n}")))).collect();
    let contracts: Vec<(&str, Value)> =
        urls.iter().map(|(id, contract)| (id.as_str(), contract.clone())).collect();
    let workspace = Workspace::with(&contracts);
    let step = |n: u32| format!("[[flow.step]]\ncontract = \"c{n:02}\"\n");
    let steps: String = (0..12).step_by(2).map(step).collect();
    workspace.file("faithful.toml", format!("[[flow]]\nname = \"even\"\n{steps}"));
    for shard in ["1/3", "2/3", "3/3"] {
        let of = |arguments: &[&str]| {
            let run = workspace.run(workspace.command(arguments.iter().chain(&["--shard", shard])));
            let named = |id: &&String| run.exits(0).stdout.contains(id.as_str());
            urls.iter().map(|(id, _)| id).filter(named).cloned().collect::<Vec<_>>()
        };
        let url = server.url();
        let verified = of(&["verify", "contracts", "--target", &url, "--format", "json"]);
        assert_eq!(of(&["list", "contracts"]), verified, "{shard}");
        assert_eq!(of(&["plan", "contracts", "--target", &url]), verified, "{shard}");
        assert_eq!(of(&["verify", "contracts", "--format", "json"]), verified, "{shard}");
    }
    workspace.file("faithful.toml", "[[flow]\n");
    let run = workspace.run(workspace.command(["list", "contracts", "--shard", "1/3"]));
    assert!(run.exits(2).stdout.is_empty());
}

/// One request, of which the docs show two answers.
fn two_answers() -> Workspace {
    let mut missing = get("/x");
    missing["response"]["status"] = 404.into();
    missing["response"]["json"] = json!({ "error": "gone" });
    Workspace::with(&[("found", get("/x")), ("missing", missing)])
}

#[rstest]
#[case::of_the_other("200 OK", "{\"a\": 1}", "skipped other-answer", 5)]
#[case::of_the_other_though_it_is_broken("200 OK", "{\"a\": \"1\"}", "skipped other-answer", 5)]
#[case::its_own("404 Not Found", "{\"error\": \"none\"}", "passed", 0)]
#[case::its_own_broken("404 Not Found", "{\"error\": 7}", "failed type", 1)]
#[case::of_neither("500 Oops", "{\"a\": 1}", "failed status", 1)]
fn an_answer_that_another_contract_documents_says_nothing_of_the_selected_one(
    #[case] status: &str,
    #[case] body: &str,
    #[case] outcome: &str,
    #[case] code: i32,
) {
    let server = Hostile::saying(json(status, body));
    let run = two_answers().verify(&server, &["--only", "missing"]);
    assert_eq!(run.exits(code).outcome("missing"), outcome);
    assert_eq!((ids(&run), server.deliveries().len()), (vec!["missing"], 1));
}

#[rstest]
#[case::that_is_kept("{\"a\": 1}", "skipped other-answer", 5)]
#[case::its_own("{\"b\": \"x\"}", "passed", 0)]
#[case::of_neither("{\"c\": 1}", "failed member-missing", 1)]
fn of_two_answers_with_one_status_the_one_that_is_kept_counts(
    #[case] body: &str,
    #[case] outcome: &str,
    #[case] code: i32,
) {
    let mut other = get("/x");
    other["response"]["json"] = json!({ "b": "y" });
    let workspace = Workspace::with(&[("a", get("/x")), ("b", other)]);
    let server = Hostile::saying(json("200 OK", body));
    assert_eq!(workspace.verify(&server, &["--only", "b"]).exits(code).outcome("b"), outcome);
}

#[test]
fn answers_to_one_request_share_a_shard() {
    let server = kept();
    for parts in 2..6 {
        let found = shards(&two_answers(), &server, parts);
        assert_eq!(found["found"], found["missing"]);
    }
}

#[test]
fn what_failed_last_is_run_again_until_it_passes() {
    let workspace = suite();
    let broken = Hostile::answering(|delivery| {
        let body = if delivery.target().starts_with("/teams") { "{\"a\": \"x\"}" } else { "{\"a\": 1}" };
        vec![crate::hostile::Step::Write(json("200 OK", body))]
    });
    let nothing = workspace.verify(&broken, &["--last-failed"]);
    nothing.exits(2);
    assert!(
        nothing
            .stderr
            .contains("--last-failed: no failure of these contracts against this target is remembered")
    );
    workspace.verify(&broken, &[]).exits(1);
    let again = workspace.verify(&broken, &["--last-failed"]);
    assert_eq!(ids(again.exits(1)), ["teams/get", "teams/members/list"]);
    assert_eq!(count(&again, "unselected"), 2);
    // Another target has another memory.
    workspace.verify(&kept(), &["--last-failed"]).exits(2);
    // What passes elsewhere does not hide what failed.
    workspace.verify(&broken, &["--only", "users/get"]).exits(0);
    assert_eq!(ids(&workspace.verify(&broken, &["--last-failed"])).len(), 2);
    assert!(!workspace.path().join("contracts").read_dir().unwrap().any(|entry| {
        let name = entry.unwrap().file_name();
        name != "users" && name != "teams"
    }));
}

#[test]
fn once_all_that_failed_passes_nothing_is_left_to_run() {
    let workspace = Workspace::of(&get("/x"));
    let mended = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let state = mended.clone();
    let server = Hostile::answering(move |_| {
        let body = if state.load(std::sync::atomic::Ordering::SeqCst) { "{\"a\": 1}" } else { "[]" };
        vec![crate::hostile::Step::Write(json("200 OK", body))]
    });
    workspace.verify(&server, &[]).exits(1);
    mended.store(true, std::sync::atomic::Ordering::SeqCst);
    workspace.verify(&server, &["--last-failed"]).exits(0);
    let nothing = workspace.verify(&server, &["--last-failed"]);
    assert!(
        nothing.exits(5).stderr.contains("--last-failed: nothing failed last time"),
        "{}",
        nothing.stderr
    );
    assert!(!nothing.stderr.contains("none of 1 contract"), "{}", nothing.stderr);
}

#[rstest]
#[case("0/5")]
#[case("6/5")]
#[case("x")]
fn no_shards(#[case] shard: &str) {
    let run = suite().verify(&kept(), &["--shard", shard]);
    assert!(run.exits(2).stderr.contains("give PART/PARTS, such as 2/5"), "{}", run.stderr);
}

/// What is tolerated is no error.
#[test]
fn what_matches_nothing_and_may_is_a_warning() {
    let only = ["--only", "users/get", "--only", "users/craete"];
    let told = suite().verify(&kept(), &[&only[..], &["--allow-empty"]].concat());
    told.exits(0);
    let said = "--only users/craete matches no contract; did you mean users/create?";
    assert!(told.stderr.contains(&format!("warning: {said}")) && !told.stderr.contains("error:"), "{told:?}");
    let stopped = suite().verify(&kept(), &only);
    assert!(stopped.exits(5).stderr.contains(&format!("error: {said}")), "{stopped:?}");
}
