//! A reader that takes nothing: what is printed stays where it is, and a signal ends the run all the same.
#![cfg(unix)]

use crate::hostile::{Hostile, Step, json};
use crate::run::{Run, Running, Workspace, get};
use rstest::rstest;
use serde_json::{Value, json};
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// More contracts that fail than a pipe holds lines of, and one that hangs where that is wanted.
fn contracts(last: &str) -> Vec<(String, Value)> {
    let failing = |index: usize| {
        let mut contract = get("/fail");
        contract["request"]["headers"] = json!({ "X-Number": index.to_string() });
        (format!("c{index:03}"), contract)
    };
    let mut all: Vec<_> = (0..400).map(failing).collect();
    all.push(("z".to_owned(), get(last)));
    all
}

/// A run whose standard output nobody reads, which is ended by a signal once it is as far as it comes.
fn ended(last: &'static str, signal: &str) -> Run {
    let (arrived, wait) = channel();
    let arrived = Mutex::new(arrived);
    let server = Hostile::answering(move |delivery| match delivery.target().as_str() {
        "/hang" => {
            let _ = arrived.lock().unwrap().send(());
            vec![Step::Hang]
        }
        _ => vec![Step::Write(json("200 OK", "{\"a\": \"1\"}"))],
    });
    let workspace = Workspace::new();
    for (id, contract) in contracts(last) {
        workspace.file(&format!("contracts/{id}.json"), contract.to_string());
    }
    let mut command = workspace.command(["verify", "contracts", "-j", "1", "--target", &server.url()]);
    command.args(["--report-json", "report.json"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = Running::start(&mut command);
    let unread = running.stdout();
    let report = workspace.path().join("report.json");
    if last == "/hang" {
        wait.recv_timeout(Duration::from_mins(1)).unwrap();
    } else {
        let start = Instant::now();
        while !report.exists() {
            assert!(start.elapsed() < Duration::from_mins(1), "no report was written");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    let start = Instant::now();
    running.signal(signal);
    let mut run = running.finish();
    run.elapsed = start.elapsed();
    run.report = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    drop(unread);
    run
}

#[rstest]
#[case::that_is_over("/fail", "INT", 130)]
#[case::that_is_over_too("/fail", "TERM", 143)]
#[case::that_is_under_way("/hang", "INT", 130)]
#[case::that_is_under_way_too("/hang", "TERM", 143)]
fn a_signal_ends_a_run_whose_output_nobody_takes(
    #[case] last: &'static str,
    #[case] signal: &str,
    #[case] code: i32,
) {
    let run = ended(last, signal);
    run.exits(code).within(Duration::from_secs(2));
    assert_eq!(run.verdicts().len(), 401, "what was finished is in the files");
    assert_eq!(run.report.as_ref().unwrap()["interrupted"], last == "/hang");
}
