//! Runs that go about with care: they wait for the target, stop where enough has failed, and spare what is live.

use crate::hostile::{Hostile, Refusing, Step, answer, json};
use crate::run::{Running, Workspace, get, sending};
use crate::safety::not_loopback;
use rstest::rstest;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

fn failing() -> Hostile {
    Hostile::saying(json("200 OK", "{\"a\": \"1\"}"))
}

#[rstest]
#[case(&["--fail-fast"], 1)]
#[case(&["--max-failures", "3"], 3)]
fn the_rest_is_not_sent_once_enough_has_failed(#[case] arguments: &[&str], #[case] failed: usize) {
    let server = failing();
    let ids = ["a", "b", "c", "d", "e", "f"];
    let workspace = Workspace::with(&ids.map(|id| (id, get(&format!("/{id}")))));
    let run = workspace.verify(&server, &[arguments, &["-j", "1"]].concat());
    run.exits(1);
    let expected: Vec<String> = ids
        .iter()
        .enumerate()
        .map(|(index, id)| {
            format!("{id}: {}", if index < failed { "failed type" } else { "skipped interrupted" })
        })
        .collect();
    assert_eq!(run.outcomes(), expected);
    assert_eq!(server.deliveries().len(), failed);
    assert_eq!(run.report.as_ref().unwrap()["interrupted"], true);
    assert!(run.message("f").contains(&format!("{failed} had failed")), "{}", run.message("f"));
}

#[test]
fn what_cannot_be_judged_counts_as_a_failure() {
    let server = Hostile::playing(vec![Step::Close]);
    let contracts = ["a", "b", "c"].map(|id| (id, sending("POST", &format!("/{id}"))));
    let run = Workspace::with(&contracts).verify(&server, &["-j", "1", "--fail-fast"]);
    run.exits(3);
    assert_eq!(run.outcomes(), ["a: errored net.closed", "b: skipped interrupted", "c: skipped interrupted"]);
    assert!(run.message("c").contains("not sent: 1 could not be judged"), "{}", run.message("c"));
}

/// Not there at first, or behind a gateway that says so.
#[test]
fn a_target_is_waited_for_without_credentials() {
    let left = Mutex::new(3);
    let server = Hostile::answering(move |_| {
        let mut left = left.lock().unwrap();
        *left -= i32::from(*left > 0);
        let there = *left == 0;
        vec![Step::Write(if there {
            json("200 OK", "{\"a\": 1}")
        } else {
            answer("503 Service Unavailable", &[], b"")
        })]
    });
    let workspace = Workspace::of(&sending("POST", "/x"));
    let arguments = ["--wait", "30s", "--bearer-env", "CANARY"];
    workspace.verify_with(&server.url(), &arguments, &[("CANARY", "canary-token")]).ends(0, "passed");
    let lines: Vec<String> = server.deliveries().iter().map(crate::hostile::Delivery::line).collect();
    assert_eq!(lines, ["GET / HTTP/1.1", "GET / HTTP/1.1", "GET / HTTP/1.1", "POST /x HTTP/1.1"]);
    let shown = server.deliveries().iter().filter(|delivery| delivery.text().contains("canary")).count();
    assert_eq!(shown, 1);
}

#[test]
fn a_target_that_does_not_come_costs_the_time_that_was_given() {
    let refusing = Refusing::new();
    let workspace = Workspace::with(&[("a", get("/a")), ("b", sending("POST", "/b"))]);
    let run = workspace.verify_at(&refusing.url(), &["--wait", "500ms"]);
    run.exits(3).within(Duration::from_secs(1));
    assert_eq!(run.outcomes(), ["a: errored net.target_down", "b: errored net.target_down"]);
    assert!(run.message("a").contains(&refusing.authority()), "{}", run.message("a"));
    assert!(run.message("a").contains("within 0.5 s"), "{}", run.message("a"));
    // None was tried.
    assert!(!run.message("a").contains("in a row"), "{}", run.message("a"));
}

#[test]
fn a_signal_ends_the_waiting() {
    let (arrived, wait) = channel();
    let arrived = Mutex::new(arrived);
    let server = Hostile::answering(move |_| {
        arrived.lock().unwrap().send(()).unwrap();
        vec![Step::Hang]
    });
    let workspace = Workspace::of(&get("/x"));
    let mut command = workspace.command(["verify", "contracts", "--wait", "60s", "--target"]);
    command.arg(server.url()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let running = Running::start(&mut command);
    wait.recv_timeout(Duration::from_mins(1)).unwrap();
    running.signal("INT");
    let run = running.finish();
    assert!(run.exits(130).stdout.contains("interrupted 1"), "{}", run.stdout);
}

#[test]
fn nothing_changes_what_is_live_whatever_the_flags_say() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = Workspace::with(&[("a", sending("POST", "/a")), ("b", get("/b"))]);
    for url in [server.url(), not_loopback(&server)] {
        let live = format!("[target.live]\nurl = \"{url}/api\"\nproduction = true\nmutating = true\n");
        workspace.file("faithful.toml", live);
        // By its name, by its URL, and where contracts of another origin are mapped to it.
        for target in ["live".to_owned(), url.clone(), format!("{url}/other")] {
            let run = workspace.verify_at(&target, &["--allow-mutations"]);
            run.exits(0);
            assert_eq!(run.outcomes(), ["a: skipped mutating", "b: passed"]);
        }
        let map = format!("https://other.example={url}");
        let elsewhere = Hostile::saying(json("200 OK", "{\"a\": 1}"));
        workspace.verify(&elsewhere, &["--allow-mutations", "--map", &map]).exits(0);
        assert!(elsewhere.deliveries().iter().all(|delivery| delivery.line().starts_with("GET ")));
    }
    assert!(server.deliveries().iter().all(|delivery| delivery.line().starts_with("GET ")));
}

/// What a flow has made is cleaned up all the same.
#[rstest]
#[case::of_its_own("see", &["one: failed type", "see: skipped interrupted", "two: skipped interrupted"])]
#[case::beside_it("beside", &["beside: failed type", "one: passed", "see: skipped interrupted", "two: skipped interrupted"])]
fn a_flow_ends_where_enough_has_failed(#[case] failing: &'static str, #[case] outcomes: &[&str]) {
    let beside = failing == "beside";
    let (asked, told) = (AtomicBool::new(false), AtomicBool::new(false));
    let server = Hostile::answering(move |delivery| {
        let broken = delivery.target() == if beside { "/beside" } else { "/one" };
        let wait = |flag: &AtomicBool| {
            while !flag.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(5));
            }
        };
        // The flow's first step begins before the failure that is not its own, and ends behind it.
        if beside && delivery.target() == "/one" {
            asked.store(true, Ordering::SeqCst);
            wait(&told);
            std::thread::sleep(Duration::from_millis(300));
        } else if beside && broken {
            wait(&asked);
        }
        told.fetch_or(broken, Ordering::SeqCst);
        vec![Step::Write(json("200 OK", if broken { "{\"a\": \"1\"}" } else { "{\"a\": 1}" }))]
    });
    let mut contracts = vec![("one", get("/one")), ("see", get("/see")), ("two", get("/two"))];
    contracts.extend(beside.then(|| ("beside", get("/beside"))));
    let workspace = Workspace::with(&contracts);
    workspace.file(
        "faithful.toml",
        "[[flow]]\n[[flow.step]]\nmethod = \"GET\"\npath = \"/first\"\n[[flow.step]]\ncontract = \"one\"\n[[flow.step]]\n\
         contract = \"see\"\n[[flow.step]]\ncontract = \"two\"\n[[flow.cleanup]]\nmethod = \"DELETE\"\npath = \"/made\"\n",
    );
    let run = workspace.verify(&server, &["--fail-fast"]);
    assert_eq!(run.exits(1).outcomes(), outcomes);
    assert!(run.message("two").starts_with("not sent: 1 had failed"), "{}", run.message("two"));
    let deliveries = server.deliveries();
    let sent: Vec<String> =
        deliveries.iter().map(|delivery| delivery.line().replace(" HTTP/1.1", "")).collect();
    assert!(sent.contains(&"DELETE /made".to_owned()), "{sent:?}");
    assert!(!sent.contains(&"GET /see".to_owned()) && !sent.contains(&"GET /two".to_owned()), "{sent:?}");
}
