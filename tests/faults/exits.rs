//! How a run ends: one code, the gravest of all that happened.

use crate::hostile::{Hostile, Step, json};
use crate::run::{Run, Running, Workspace, get, sending};
use rstest::rstest;
use serde_json::Value;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::mpsc::{channel, sync_channel};
use std::time::Duration;

/// Answers `/pass`, `/fail` and `/close` as they say.
fn server() -> Hostile {
    Hostile::answering(|delivery| match delivery.target().as_str() {
        "/pass" => vec![Step::Write(json("200 OK", "{\"a\": 1}"))],
        "/fail" => vec![Step::Write(json("200 OK", "{\"a\": \"1\"}"))],
        _ => vec![Step::Close],
    })
}

/// Contracts with these ends.
fn contracts(ends: &[&'static str]) -> Vec<(&'static str, Value)> {
    let contract = |end: &str| match end {
        "skip" => get("/x/{id}"),
        "broken" => serde_json::json!({ "faithful": 2 }),
        path => get(&format!("/{path}")),
    };
    ends.iter().map(|end| (*end, contract(end))).collect()
}

#[rstest]
#[case::all_passed(&["pass"], 0)]
#[case::passed_and_skipped(&["pass", "skip"], 0)]
#[case::only_skipped(&["skip"], 5)]
#[case::nothing(&[], 5)]
#[case::a_mismatch(&["pass", "fail"], 1)]
#[case::unjudged(&["pass", "close"], 3)]
#[case::an_unreadable_contract(&["pass", "broken"], 3)]
#[case::skipped_and_unjudged(&["skip", "close"], 3)]
#[case::a_mismatch_before_unjudged(&["close", "fail", "broken", "pass", "skip"], 1)]
fn the_gravest_outcome_counts(#[case] ends: &[&'static str], #[case] code: i32) {
    let workspace = Workspace::with(&contracts(ends));
    std::fs::create_dir_all(workspace.path().join("contracts")).unwrap();
    workspace.verify(&server(), &[]).exits(code);
    let lenient = if code == 5 { 0 } else { code };
    workspace.verify(&server(), &["--allow-empty"]).exits(lenient);
}

#[test]
fn a_mismatch_counts_more_than_a_target_that_is_gone() {
    let server = server();
    let mut contracts = contracts(&["fail"]);
    contracts.push(("gone", get("https://gone.example/x")));
    contracts.push(("fail-too", get("https://home.example/fail")));
    contracts.push(("pass", get("https://home.example/pass")));
    let map = format!("https://gone.example={}", crate::hostile::Refusing::new().url());
    let run = Workspace::with(&contracts).verify(&server, &["--map", &map]);
    run.exits(1);
    assert_eq!(run.outcome("gone"), "errored net.refused");
}

#[rstest]
#[case::of_a_folder_that_is_missing("missing/report.json")]
#[case::that_is_a_folder("folder")]
#[case::below_a_file("file/report.json")]
fn a_report_path_that_cannot_be_written_is_told_before_anything_is_sent(#[case] path: &str) {
    let server = server();
    let workspace = Workspace::with(&contracts(&["pass", "fail", "close"]));
    std::fs::create_dir(workspace.path().join("folder")).unwrap();
    workspace.file("file", "x");
    let command =
        workspace.command(["verify", "contracts", "--target", &server.url(), "--report-json", path]);
    let run = workspace.run(command);
    assert!(run.exits(2).stderr.contains(path), "{}", run.stderr);
    assert_eq!(server.connections(), 0);
}

#[cfg(target_os = "linux")]
#[rstest]
#[case(&["pass"], 4)]
#[case(&["skip"], 4)]
#[case(&["fail"], 1)]
#[case(&["close"], 3)]
fn a_full_disk_hides_no_verdict(#[case] ends: &[&'static str], #[case] code: i32) {
    let workspace = Workspace::with(&contracts(ends));
    let server = server();
    let command =
        workspace.command(["verify", "contracts", "--target", &server.url(), "--report-json", "/dev/full"]);
    let run = workspace.run(command);
    assert!(
        run.exits(code).stderr.contains("out.write") && run.stderr.contains("/dev/full"),
        "{}",
        run.stderr
    );
    assert!(run.stdout.contains("1 contract: "), "the console has it all the same: {}", run.stdout);
    assert!(std::fs::metadata("/dev/full").is_ok_and(|meta| !meta.is_file()), "the device stays one");
}

#[cfg(target_os = "linux")]
#[rstest]
#[case(&["pass"], 4)]
#[case(&["fail"], 1)]
fn a_full_disk_behind_stdout_hides_no_verdict(#[case] ends: &[&'static str], #[case] code: i32) {
    let workspace = Workspace::with(&contracts(ends));
    let server = server();
    let mut command =
        workspace.command(["verify", "contracts", "--target", &server.url(), "--report-json", "report.json"]);
    command.stdout(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap()).stderr(Stdio::piped());
    Running::start(&mut command).finish().exits(code);
    let report = std::fs::read_to_string(workspace.path().join("report.json")).unwrap();
    assert!(report.contains("\"verdicts\""), "the other report is written");
}

#[test]
fn an_old_report_is_replaced_as_a_whole_and_nothing_is_left_beside_it() {
    let workspace = Workspace::with(&contracts(&["pass"]));
    workspace.file("report.json", "x".repeat(100_000));
    workspace.verify(&server(), &[]).exits(0);
    let text = std::fs::read_to_string(workspace.path().join("report.json")).unwrap();
    assert!(text.ends_with("}\n") && !text.contains("xxx"));
    let mut names: Vec<_> =
        std::fs::read_dir(workspace.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["contracts", "report.json"]);
}

#[rstest]
#[case::a_flag(&["verify", "--no-such-flag"])]
#[case::a_verb(&["no-such-verb"])]
#[case::no_verb(&[])]
#[case::a_flag_without_its_value(&["verify", "--target"])]
#[case::a_time(&["verify", "--max-time", "soon"])]
#[case::a_size(&["verify", "--max-body", "much"])]
#[case::a_number(&["verify", "-j", "many"])]
#[case::a_format(&["verify", "--format", "poem"])]
#[case::a_variable(&["verify", "--variable", "x"])]
#[case::a_map_without_a_target(&["verify", "--map", "https://x.example=http://127.0.0.1:1"])]
#[case::a_docs_folder(&["verify", "--docs", "missing"])]
fn what_was_asked_for_wrongly_is_a_usage_error(#[case] arguments: &[&str]) {
    let workspace = Workspace::with(&contracts(&["pass"]));
    let run = workspace.run(workspace.command(arguments));
    assert!(!run.exits(2).stderr.is_empty());
    assert_eq!(run.stdout, "");
}

#[rstest]
#[case::a_user("http://ann:canary-pass@127.0.0.1:1/")]
#[case::a_user_alone("http://canary-pass@127.0.0.1:1/")]
#[case::a_query("http://127.0.0.1:1/?key=canary-pass")]
#[case::an_empty_query("http://127.0.0.1:1/?")]
#[case::a_fragment("http://127.0.0.1:1/#canary-pass")]
#[case::no_scheme("canary-pass.example/api")]
#[case::another_scheme("ftp://canary-pass.example")]
#[case::a_file("file:///canary-pass")]
#[case::no_host("http://")]
#[case::a_port_beyond_all("http://127.0.0.1:99999/")]
fn a_target_that_is_none_is_a_usage_error_that_repeats_nothing(#[case] target: &str) {
    let workspace = Workspace::with(&contracts(&["pass"]));
    let run = workspace.run(workspace.command(["verify", "contracts", "--target", target]));
    run.exits(2).never_shows("canary-pass");
    let mut from_environment = workspace.command(["verify", "contracts"]);
    from_environment.env("FAITHFUL_TARGET", target);
    workspace.run(from_environment).exits(2).never_shows("canary-pass");
    let mapped = format!("https://x.example={target}");
    let map = ["verify", "contracts", "--target", "http://127.0.0.1:1", "--map", &mapped];
    workspace.run(workspace.command(map)).exits(2).never_shows("canary-pass");
}

#[rstest]
#[case::another_spelling("report.json", "./report.json")]
#[case::by_another_way("report.json", "folder/../report.json")]
#[case::that_is_there("old.json", "./old.json")]
#[case::by_a_linked_folder("folder/report.json", "link/report.json")]
#[case::by_a_link("old.json", "linked.json")]
#[cfg(unix)]
fn two_reports_in_one_file_are_a_usage_error(#[case] one: &str, #[case] other: &str) {
    let server = server();
    let workspace = Workspace::with(&contracts(&["pass"]));
    std::fs::create_dir(workspace.path().join("folder")).unwrap();
    workspace.file("old.json", "old");
    std::os::unix::fs::symlink("folder", workspace.path().join("link")).unwrap();
    std::os::unix::fs::symlink("old.json", workspace.path().join("linked.json")).unwrap();
    let command = ["verify", "contracts", "--target", &server.url()];
    let run = workspace.run({
        let mut command = workspace.command(command);
        command.args(["--report-json", one, "--report-junit", other]);
        command
    });
    assert!(run.exits(2).stderr.contains("would write over each other"), "{}", run.stderr);
    assert_eq!(server.connections(), 0);
    let left = std::fs::read_to_string(workspace.path().join("old.json")).unwrap();
    assert_eq!(left, "old");
}

/// A run that was ended by a signal while the third of its requests was under way.
fn interrupted(signal: &str) -> Run {
    let (arrived, wait) = channel();
    let arrived = Mutex::new(arrived);
    let server = Hostile::answering(move |delivery| match delivery.target().as_str() {
        "/c" => {
            arrived.lock().unwrap().send(()).unwrap();
            vec![Step::Hang]
        }
        "/b" => vec![Step::Write(json("200 OK", "{\"a\": \"1\"}"))],
        _ => vec![Step::Write(json("200 OK", "{\"a\": 1}"))],
    });
    let ids = ["a", "b", "c", "d"];
    let workspace = Workspace::with(&ids.map(|id| (id, sending("POST", &format!("/{id}")))));
    let mut command =
        workspace.command(["verify", "contracts", "--report-json", "report.json", "-j", "1", "--target"]);
    command.arg(server.url()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let running = Running::start(&mut command);
    wait.recv_timeout(Duration::from_mins(1)).unwrap();
    let start = std::time::Instant::now();
    running.signal(signal);
    let mut run = running.finish();
    run.elapsed = start.elapsed();
    run.report =
        serde_json::from_slice(&std::fs::read(workspace.path().join("report.json")).unwrap()).unwrap();
    run
}

#[rstest]
#[case("INT", 130)]
#[case("TERM", 143)]
fn a_signal_ends_the_run_and_what_was_finished_is_reported(#[case] signal: &str, #[case] code: i32) {
    let run = interrupted(signal);
    // It counts more than the mismatch.
    run.exits(code).within(Duration::from_secs(2));
    let expected = ["a: passed", "b: failed type", "c: skipped interrupted", "d: skipped interrupted"];
    assert_eq!(run.outcomes(), expected);
    assert_eq!(run.report.as_ref().unwrap()["interrupted"], true);
    assert!(run.stdout.contains("interrupted"), "{}", run.stdout);
    let said = "its request was under way: the service may have acted; ";
    assert!(run.message("c").starts_with(said) && !run.message("d").contains("acted"), "{run:?}");
}

#[rstest]
#[case::what_acts("POST", "", "its request was under way: the service may have acted; ")]
#[case::what_changes_nothing("GET", "", "it was under way; ")]
#[case::a_step(
    "POST",
    "[[flow]]\nstep = [{ contract = \"it\" }]\n",
    "its request was under way: the service"
)]
fn what_was_under_way_may_have_arrived(#[case] method: &str, #[case] flow: &str, #[case] said: &str) {
    let (arrived, wait) = channel();
    let arrived = Mutex::new(arrived);
    let server = Hostile::answering(move |_| {
        let _ = arrived.lock().unwrap().send(());
        vec![Step::Hang]
    });
    let workspace = Workspace::of(&sending(method, "/x"));
    workspace.file("faithful.toml", flow);
    let mut command = workspace.command(["verify", "contracts", "--report-json", "report.json", "--target"]);
    command.arg(server.url()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let running = Running::start(&mut command);
    wait.recv_timeout(Duration::from_mins(1)).unwrap();
    running.signal("INT");
    let mut run = running.finish();
    run.report =
        serde_json::from_slice(&std::fs::read(workspace.path().join("report.json")).unwrap()).unwrap();
    run.ends(130, "skipped interrupted");
    assert!(run.message("it").starts_with(said), "{run:?}");
}

/// What only waits for its turn was handed to nobody.
#[rstest]
#[case::by_themselves("")]
#[case::in_flows("[[flow]]\nstep = [{ contract = \"b\" }]\n[[flow]]\nstep = [{ contract = \"c\" }]\n")]
fn what_waited_for_its_turn_has_not_acted(#[case] flows: &str) {
    let (arrived, wait) = channel();
    let arrived = Mutex::new(arrived);
    let server = Hostile::answering(move |_| {
        let _ = arrived.lock().unwrap().send(());
        vec![Step::Write(json("200 OK", "{\"a\": 1}"))]
    });
    let workspace = Workspace::with(&["a", "b", "c"].map(|id| (id, sending("POST", &format!("/{id}")))));
    workspace.file("faithful.toml", flows);
    let mut command = workspace.command(["verify", "contracts", "--report-json", "report.json"]);
    command.args(["--rate-limit", "1/m", "--target", &server.url()]);
    let running = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
    wait.recv_timeout(Duration::from_mins(1)).unwrap();
    // The others are begun once it is answered, and wait.
    std::thread::sleep(Duration::from_secs(1));
    running.signal("TERM");
    let mut run = running.finish();
    run.report =
        serde_json::from_slice(&std::fs::read(workspace.path().join("report.json")).unwrap()).unwrap();
    run.exits(143);
    assert_eq!(server.connections(), 1);
    let skipped: Vec<_> =
        ["a", "b", "c"].into_iter().filter(|id| run.outcome(id) == "skipped interrupted").collect();
    assert_eq!(skipped.len(), 2, "{run:?}");
    for id in skipped {
        assert!(!run.message(id).contains("acted") && !run.message(id).contains("way"), "{run:?}");
    }
}

#[test]
fn a_second_signal_ends_the_run_at_once() {
    let (arrived, wait) = channel();
    let arrived = Mutex::new(arrived);
    let server = Hostile::answering(move |_| {
        let _ = arrived.lock().unwrap().send(());
        vec![Step::Hang]
    });
    let workspace = Workspace::with(&[("a", sending("POST", "/a")), ("b", get("/b"))]);
    let flow =
        "[[flow]]\nname = \"it\"\n[[flow.step]]\ncontract = \"a\"\n[[flow.cleanup]]\ncontract = \"b\"\n";
    workspace.file("faithful.toml", flow);
    let mut command = workspace.command(["verify", "contracts", "--report-json", "report.json", "--target"]);
    command.arg(server.url()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let running = Running::start(&mut command);
    wait.recv_timeout(Duration::from_mins(1)).unwrap();
    running.signal("INT");
    // The first one leaves time to clean up, which hangs here as well.
    wait.recv_timeout(Duration::from_mins(1)).unwrap();
    running.signal("INT");
    running.finish().exits(130);
    assert!(
        !workspace.path().join("report.json").exists(),
        "nothing was waited for, so nothing was reported"
    );
}

#[cfg(target_os = "linux")]
#[rstest]
fn too_few_open_files_are_told_of_and_nothing_panics(
    #[values(5, 6, 7, 8, 10, 12, 16, 24, 32)] files: u32,
    #[values(false, true)] stub: bool,
) {
    let server = server();
    let workspace = Workspace::with(&contracts(&["pass"]));
    let mut command = workspace.command(["verify", "contracts"]);
    let program = command.get_program().to_owned();
    let arguments: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", &format!("ulimit -n {files}; exec \"$@\""), "sh"]).arg(program).args(arguments);
    if !stub {
        limited.args(["--target", &server.url()]);
    }
    limited.current_dir(workspace.path()).env("XDG_CACHE_HOME", workspace.path());
    command = limited;
    let run = workspace.run(command);
    assert!(run.exits(3).stderr.contains("ulimit -n"), "{}", run.stderr);
    assert!(!run.stderr.contains("bug"), "{}", run.stderr);
}

/// How a run ends whose reader went away before anything was printed.
fn unread(ends: &[&'static str], arguments: &[&str]) -> (Run, bool) {
    let (go, gone) = sync_channel::<()>(0);
    let gone = Mutex::new(gone);
    let server = Hostile::answering(move |delivery| {
        // Until the reader is away nothing is answered, so nothing is printed.
        let _ = gone.lock().unwrap().recv();
        match delivery.target().as_str() {
            "/pass" => vec![Step::Write(json("200 OK", "{\"a\": 1}"))],
            "/fail" => vec![Step::Write(json("200 OK", "{\"a\": \"1\"}"))],
            _ => vec![Step::Close],
        }
    });
    let workspace = Workspace::with(&contracts(ends));
    let mut command = workspace.command(["verify", "contracts", "--target", &server.url()]);
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = Running::start(&mut command);
    drop(running.stdout());
    drop(go);
    (running.finish(), workspace.path().join("report.json").exists())
}

#[rstest]
#[case(&["pass"], 0)]
#[case(&["fail"], 1)]
#[case(&["close"], 3)]
fn a_reader_that_went_away_changes_no_verdict(#[case] ends: &[&'static str], #[case] code: i32) {
    let (run, written) = unread(ends, &["--report-json", "report.json"]);
    run.exits(code);
    assert!(written, "the files are written all the same");
    for format in ["short", "json"] {
        unread(ends, &["--format", format]).0.exits(code);
    }
    unread(ends, &["--report-json", "-"]).0.exits(code);
}

#[test]
fn a_reader_that_takes_one_line_of_many_changes_no_verdict() {
    use std::io::{BufRead, BufReader};
    let server = server();
    let contracts: Vec<(String, Value)> = (0..400).map(|index| (format!("c{index}"), get("/fail"))).collect();
    let contracts: Vec<(&str, Value)> = contracts
        .iter()
        .enumerate()
        .map(|(index, (id, contract))| {
            let mut contract = contract.clone();
            contract["request"]["headers"] = serde_json::json!({ "X-Number": index.to_string() });
            (id.as_str(), contract)
        })
        .collect();
    let workspace = Workspace::with(&contracts);
    let mut command = workspace.command(["verify", "contracts", "--target", &server.url()]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = Running::start(&mut command);
    let mut line = String::new();
    BufReader::new(running.stdout()).read_line(&mut line).unwrap();
    assert!(!line.is_empty());
    running.finish().exits(1);
}

#[test]
fn help_and_version_pass() {
    let workspace = Workspace::new();
    for arguments in [["--help"].as_slice(), &["--version"], &["verify", "--help"]] {
        let run = workspace.run(workspace.command(arguments));
        assert!(!run.exits(0).stdout.is_empty());
    }
}

#[cfg(unix)]
#[test]
fn a_report_goes_where_a_link_leads_and_the_link_stays() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = Workspace::of(&get("/x"));
    workspace.file("real.json", "former");
    let link = workspace.path().join("link.json");
    std::os::unix::fs::symlink("real.json", &link).unwrap();
    let command = ["verify", "contracts", "--target", &server.url(), "--report-json", "link.json"];
    workspace.run(workspace.command(command)).exits(0);
    assert!(link.is_symlink());
    assert!(std::fs::read_to_string(workspace.path().join("real.json")).unwrap().starts_with('{'));
}

#[cfg(unix)]
#[test]
fn a_report_is_refused_where_a_link_leads_nowhere_or_a_pipe_stands() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = Workspace::of(&get("/x"));
    std::os::unix::fs::symlink("nowhere.json", workspace.path().join("link")).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(workspace.path().join("pipe")).status().unwrap();
    assert!(pipe.success());
    for place in ["link", "pipe"] {
        let command = ["verify", "contracts", "--target", &server.url(), "--report-json", place];
        workspace.run(workspace.command(command)).exits(2);
    }
    assert_eq!(server.connections(), 0);
}
