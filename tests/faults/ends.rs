//! Runs that end early, by a signal or for enough has failed: nothing more is sent but what cleans up.

use crate::hostile::{Hostile, Step, answer, json};
use crate::run::{Run, Running, Workspace, get, sending};
use rstest::rstest;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

/// Which of these requests have come.
#[derive(Default)]
struct Seen(Mutex<Vec<String>>);

impl Seen {
    fn note(&self, target: String) {
        self.0.lock().unwrap().push(target);
    }

    fn wait_for(&self, target: &str) {
        let start = Instant::now();
        while !self.0.lock().unwrap().iter().any(|seen| seen == target) {
            assert!(start.elapsed() < Duration::from_mins(1), "{target} did not come");
            std::thread::sleep(Duration::from_millis(5));
        }
        // What it is answered has arrived.
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn ok() -> Vec<Step> {
    vec![Step::Write(json("200 OK", "{\"a\": 1}"))]
}

fn busy(seconds: &str) -> Vec<Step> {
    vec![Step::Write(answer("429 Too Many Requests", &[("Retry-After", seconds)], b""))]
}

/// `GET /one`, for instance, for each that was sent.
fn sent(server: &Hostile) -> Vec<String> {
    server.deliveries().iter().map(|delivery| delivery.line().replace(" HTTP/1.1", "")).collect()
}

/// Answers `/one` once `/busy` was answered, where that is to come, and that once `/one` has come.
fn serving(is_busy: bool, arrived: Sender<()>) -> Hostile {
    let (seen, arrived) = (Seen::default(), Mutex::new(arrived));
    Hostile::answering(move |delivery| {
        let target = delivery.target();
        seen.note(target.clone());
        match target.as_str() {
            "/busy" => {
                seen.wait_for("/one");
                seen.note("answered".to_owned());
                busy("40")
            }
            "/one" => {
                if is_busy {
                    seen.wait_for("answered");
                }
                arrived.lock().unwrap().send(()).unwrap();
                ok()
            }
            _ => ok(),
        }
    })
}

const FLOW: &str = "[[flow]]\n[[flow.step]]\nmethod = \"GET\"\npath = \"/zero\"\n[[flow.step]]\ncontract = \"one\"\n\
                    [[flow.cleanup]]\nmethod = \"DELETE\"\npath = \"/made\"\n[[flow.step]]\ncontract = \"two\"\n";

#[rstest]
#[case::for_its_time(&[], "wait = \"800ms\"\n", false)]
#[case::for_its_turn(&["--rate-limit", "2/s"], "", false)]
#[case::for_its_turn_beyond_the_end(&["--rate-limit", "20/m"], "", false)]
#[case::for_one_that_was_throttled(&[], "", true)]
fn a_step_that_waits_is_not_sent_after_a_signal_and_clean_up_does_not_wait(
    #[case] arguments: &[&str],
    #[case] waiting: &str,
    #[case] is_busy: bool,
    #[values(("INT", 130), ("TERM", 143))] (signal, code): (&str, i32),
) {
    let (arrived, wait) = channel();
    let server = serving(is_busy, arrived);
    let mut contracts = vec![("one", sending("POST", "/one")), ("two", sending("PUT", "/two"))];
    contracts.extend(is_busy.then(|| ("busy", get("/busy"))));
    let workspace = Workspace::with(&contracts);
    workspace.file("faithful.toml", format!("{FLOW}{waiting}"));
    let mut command = workspace.command(["verify", "contracts", "--report-json", "report.json"]);
    command.args(arguments).args(["--target", &server.url()]);
    let running = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
    wait.recv_timeout(Duration::from_mins(1)).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let start = Instant::now();
    running.signal(signal);
    let mut run = running.finish();
    run.elapsed = start.elapsed();
    run.report =
        serde_json::from_slice(&std::fs::read(workspace.path().join("report.json")).unwrap()).unwrap();
    run.exits(code);
    let sent = sent(&server);
    assert!(!sent.contains(&"PUT /two".to_owned()), "{sent:?}");
    assert!(sent.contains(&"DELETE /made".to_owned()), "{sent:?}");
    assert_eq!((run.outcome("one"), run.outcome("two")), ("passed".into(), "skipped interrupted".into()));
    assert!(!run.message("two").contains("way"), "{}", run.message("two"));
    assert!(run.report.as_ref().unwrap()["left_behind"].as_array().is_none_or(Vec::is_empty), "{run:?}");
    assert_eq!(sent.iter().filter(|sent| *sent == "GET /busy").count(), usize::from(is_busy));
}

/// A flow that waits, one that asks again and again, a request that is throttled, and one that fails.
fn enough_fails(arguments: &[&str]) -> (Run, Vec<String>) {
    let seen = Seen::default();
    let server = Hostile::answering(move |delivery| {
        let target = delivery.target();
        seen.note(target.clone());
        match target.as_str() {
            "/busy" => busy("20"),
            "/fail" => {
                for other in ["/busy", "/poll", "/one"] {
                    seen.wait_for(other);
                }
                vec![Step::Write(json("200 OK", "{\"a\": \"1\"}"))]
            }
            _ => ok(),
        }
    });
    let contracts = [
        ("busy", get("/busy")),
        ("fail", get("/fail")),
        ("one", sending("POST", "/one")),
        ("poll", get("/poll")),
        ("two", sending("PUT", "/two")),
    ];
    let workspace = Workspace::with(&contracts);
    let polling = "[[flow]]\nname = \"p\"\n[[flow.step]]\ncontract = \"poll\"\n\
                   until = { at = \"$.a\", equals = 2, every = \"300ms\", timeout = \"20s\" }\n";
    workspace.file("faithful.toml", format!("{FLOW}wait = \"3s\"\n{polling}"));
    let run = workspace.verify(&server, arguments);
    (run, sent(&server))
}

#[rstest]
#[case::at_the_first(&["--fail-fast"])]
#[case::at_so_many(&["--max-failures", "1"])]
fn what_waits_is_not_sent_once_enough_has_failed(#[case] arguments: &[&str]) {
    let (run, sent) = enough_fails(arguments);
    run.exits(1);
    let skipped = |id: &str| format!("{id}: skipped interrupted");
    let expected = [
        skipped("busy"),
        "fail: failed type".to_owned(),
        "one: passed".to_owned(),
        skipped("poll"),
        skipped("two"),
    ];
    assert_eq!(run.outcomes(), expected);
    for id in ["busy", "poll", "two"] {
        assert!(run.message(id).contains("1 had failed"), "{}", run.message(id));
    }
    let count = |line: &str| sent.iter().filter(|sent| *sent == line).count();
    assert_eq!((count("GET /busy"), count("PUT /two"), count("DELETE /made")), (1, 0, 1), "{sent:?}");
    assert!(count("GET /poll") < 10, "{sent:?}");
}

/// What a flow's own step failed counts as soon as it is known, though its flow is not over.
#[test]
fn a_step_that_failed_ends_the_others() {
    let server = Hostile::answering(|delivery| match delivery.target().as_str() {
        "/fail" => vec![Step::Write(json("200 OK", "{\"a\": \"1\"}"))],
        "/slow" => {
            std::thread::sleep(Duration::from_millis(1500));
            ok()
        }
        "/one" => {
            std::thread::sleep(Duration::from_millis(500));
            ok()
        }
        _ => ok(),
    });
    let contracts = [("fail", get("/fail")), ("one", get("/one")), ("two", get("/two"))];
    let workspace = Workspace::with(&contracts);
    let flows = "[[flow]]\nname = \"f\"\n[[flow.step]]\ncontract = \"fail\"\n\
                 [[flow.cleanup]]\nmethod = \"DELETE\"\npath = \"/slow\"\n\
                 [[flow]]\nname = \"g\"\nstep = [{ contract = \"one\" }, { contract = \"two\" }]\n";
    workspace.file("faithful.toml", flows);
    let run = workspace.verify(&server, &["--fail-fast"]);
    run.exits(1);
    assert_eq!(run.outcome("two"), "skipped interrupted", "{:?}", sent(&server));
}

/// What has sent nothing has made nothing.
#[test]
fn a_flow_that_only_waits_for_its_turn_has_nothing_to_clean_up() {
    let (arrived, wait) = channel();
    let arrived = Mutex::new(arrived);
    let server = Hostile::answering(move |_| {
        let _ = arrived.lock().unwrap().send(());
        ok()
    });
    let workspace = Workspace::with(&[("one", sending("POST", "/one")), ("two", sending("POST", "/two"))]);
    let flow = |id: &str| {
        format!(
            "[[flow]]\nname = \"{id}\"\nstep = [{{ contract = \"{id}\" }}]\n\
             cleanup = [{{ method = \"DELETE\", path = \"/{id}\" }}]\n"
        )
    };
    workspace.file("faithful.toml", flow("one") + &flow("two"));
    let mut command = workspace.command(["verify", "contracts", "--report-json", "report.json"]);
    command.args(["--rate-limit", "1/m", "--target", &server.url()]);
    let running = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
    wait.recv_timeout(Duration::from_mins(1)).unwrap();
    std::thread::sleep(Duration::from_millis(500));
    running.signal("INT");
    let run = running.finish();
    run.exits(130);
    let sent = sent(&server);
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert_eq!(sent[1], sent[0].replace("POST", "DELETE"));
}
