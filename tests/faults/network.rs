//! Connections that are refused, dropped, reset, stalled or never end.

use crate::hostile::{Delivery, Hostile, Refusing, Step, answer, head, json};
use crate::run::{Run, Workspace, get, sending};
use rstest::rstest;
use serde_json::Value;
use std::time::Duration;

/// Stands in the query of every request here: no sentence about an error may hold it.
const CANARY: &str = "canary-in-the-query";

fn url() -> String {
    format!("/things/7?q={CANARY}")
}

const SECOND: Duration = Duration::from_secs(1);

/// One contract; its sentence names the place, and never the query.
fn verify(server: &Hostile, method: &str, arguments: &[&str]) -> Run {
    let contract = if method == "GET" { get(&url()) } else { sending(method, &url()) };
    let run = Workspace::of(&contract).verify(server, arguments);
    assert!(!run.message("it").contains(CANARY), "{}", run.message("it"));
    run
}

#[test]
fn a_refused_connection_names_host_and_port() {
    let refusing = Refusing::new();
    let run = Workspace::of(&get(&url())).verify_at(&refusing.url(), &[]);
    run.ends(3, "errored net.refused").within(SECOND);
    let message = run.message("it");
    assert!(message.contains(&refusing.authority()) && !message.contains(CANARY), "{message}");
    assert_eq!(run.verdict("it")["attempts"], 3, "nothing was sent, so it was tried again");
}

#[test]
fn a_name_without_an_address_is_named_without_the_query() {
    // No resolver is asked for a label of more than 63 octets.
    let run = Workspace::of(&get(&url())).verify_at(&format!("http://{}.test", "x".repeat(64)), &[]);
    run.ends(3, "errored net.dns").within(10 * SECOND);
    assert!(!run.message("it").contains(CANARY), "{}", run.message("it"));
}

/// A program that has this library before its own finds no end of looking names up.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn hanging_resolver(workspace: &Workspace) -> std::path::PathBuf {
    let source = "#include <unistd.h>\nint getaddrinfo(const char *a, const char *b, const void *c, void *d)\n\
                  { (void)a; (void)b; (void)c; (void)d; for (;;) pause(); }\n";
    let (source, library) = (workspace.file("hang.c", source), workspace.path().join("hang.so"));
    let mut cc = std::process::Command::new("cc");
    let built = cc.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).status();
    assert!(built.unwrap().success(), "no library was built");
    library
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[rstest]
#[case::of_a_service(&[], 1)]
#[case::on_this_machine_alone(&["--untrusted"], 1)]
#[case::whatever_it_is_sent(&["--max-time", "0.5s"], 1)]
fn a_look_up_that_hangs_is_told_of_and_holds_nothing(#[case] arguments: &[&str], #[case] attempts: u64) {
    let workspace = Workspace::of(&get(&url()));
    let library = hanging_resolver(&workspace);
    let mut command = workspace.command(["verify", "contracts", "--target", "http://slow.localhost:1"]);
    command.args(["--report-json", "report.json", "--connect-timeout", "1s"]).args(arguments);
    let run = workspace.run({
        command.env("LD_PRELOAD", library);
        command
    });
    run.ends(3, "errored net.dns_timeout").within(2 * SECOND);
    let message = run.message("it");
    assert!(message.starts_with("slow.localhost: no answer to the look-up") && !message.contains(CANARY));
    assert_eq!(run.verdict("it")["attempts"], attempts, "the time was up");
}

/// One look-up is waited for, whoever asks for the name, and however many do.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[rstest]
#[case::contracts("")]
#[case::flows("flows")]
#[case::waited_for("wait")]
fn look_ups_that_hang_cost_one_wait_together(#[case] how: &str) {
    let ids: Vec<String> = (0..160).map(|index| format!("c{index:03}")).collect();
    let contracts: Vec<_> = ids
        .iter()
        .enumerate()
        .map(|(index, id)| (id.as_str(), sending("POST", &format!("/{index}"))))
        .collect();
    let workspace = Workspace::with(&contracts);
    let library = hanging_resolver(&workspace);
    if how == "flows" {
        let flow = |id: &String| {
            format!(
                "[[flow]]\n[[flow.step]]\ncontract = \"{id}\"\n[[flow.cleanup]]\nmethod = \"GET\"\npath = \"/\"\n"
            )
        };
        workspace.file("faithful.toml", ids.iter().map(flow).collect::<String>());
    }
    let mut command = workspace.command(["verify", "contracts", "--target", "http://slow.localhost:1"]);
    command.args(["--report-json", "report.json", "--connect-timeout", "1s", "--jobs", "8"]);
    if how == "wait" {
        command.args(["--wait", "1s"]);
    }
    let run = workspace.run({
        command.env("LD_PRELOAD", library);
        command
    });
    run.exits(3).within(3 * SECOND);
    let first = if how == "wait" { "errored net.target_down" } else { "errored net.dns_timeout" };
    assert_eq!(run.outcome("c000"), first, "{}", run.printed());
    assert!(run.outcomes().iter().all(|outcome| outcome.contains(": errored net.")), "{}", run.printed());
}

#[cfg(target_os = "linux")]
#[test]
fn a_target_that_takes_no_connection_is_given_up_after_five() {
    let ids = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
    let target = crate::hostile::Silent::new();
    let contracts = ids.map(|id| (id, sending("POST", &format!("/{id}"))));
    let run = Workspace::with(&contracts).verify_at(&target.url(), &["--connect-timeout", "200ms"]);
    run.exits(3).within(5 * SECOND);
    for (index, id) in ids.iter().enumerate() {
        let outcome = if index < 5 { "net.connect_timeout" } else { "net.target_down" };
        assert_eq!(run.outcome(id), format!("errored {outcome}"));
    }
}

#[test]
fn after_five_refusals_in_a_row_the_rest_is_not_sent() {
    let ids = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let contracts = ids.map(|id| (id, sending("POST", &format!("/{id}"))));
    let run = Workspace::with(&contracts).verify_at(&Refusing::new().url(), &[]);
    run.exits(3).within(5 * SECOND);
    for (index, id) in ids.iter().enumerate() {
        let (outcome, attempts) = if index < 5 { ("net.refused", 3) } else { ("net.target_down", 0) };
        assert_eq!(run.outcome(id), format!("errored {outcome}"));
        assert_eq!(run.verdict(id)["attempts"].as_u64().unwrap_or_default(), attempts);
    }
}

/// What a flow begins with need not be judged.
#[test]
fn so_it_is_with_flows_that_begin_with_a_set_up() {
    let ids = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let workspace = Workspace::with(&ids.map(|id| (id, get(&format!("/{id}")))));
    let flow = |id: &str| {
        format!("[[flow]]\nstep = [{{ method = \"POST\", path = \"/begin\" }}, {{ contract = \"{id}\" }}]\n")
    };
    workspace.file("faithful.toml", ids.map(flow).concat());
    let run = workspace.verify_at(&Refusing::new().url(), &[]);
    run.exits(3).within(5 * SECOND);
    for (index, id) in ids.iter().enumerate() {
        let outcome = if index < 5 { "flow.setup_failed" } else { "net.target_down" };
        assert_eq!(run.outcome(id), format!("errored {outcome}"));
    }
}

#[test]
fn refusals_of_one_origin_leave_the_others_alone() {
    let (refusing, server) = (Refusing::new(), Hostile::saying(json("200 OK", r#"{"a": 1}"#)));
    let mut contracts: Vec<(String, _)> =
        (0..7).map(|index| (format!("a{index}"), get(&format!("https://down.example/{index}")))).collect();
    contracts.extend((0..8).map(|index| (format!("b{index}"), get(&format!("https://up.example/{index}")))));
    let contracts: Vec<_> = contracts.iter().map(|(id, contract)| (id.as_str(), contract.clone())).collect();
    let map = format!("https://down.example={}", refusing.url());
    let run = Workspace::with(&contracts).verify(&server, &["--map", &map]);
    run.exits(3);
    assert_eq!(run.outcome("a6"), "errored net.target_down");
    assert_eq!(server.deliveries().len(), 8);
    assert_eq!(run.outcome("b7"), "passed");
}

#[rstest]
#[case("GET")]
#[case("POST")]
fn a_target_that_never_answers_costs_one_deadline(#[case] method: &str) {
    let server = Hostile::playing(vec![Step::Hang]);
    let run = verify(&server, method, &["--max-time", "1s"]);
    run.ends(3, "errored net.timeout_headers").within(2 * SECOND);
    assert!(run.elapsed >= SECOND);
    assert_eq!(server.deliveries().len(), 1, "the next would be no better");
}

#[cfg(target_os = "linux")]
#[test]
fn a_target_that_takes_no_connection_costs_one_time_to_connect() {
    let silent = crate::hostile::Silent::new();
    let run = Workspace::of(&get(&url())).verify_at(&silent.url(), &["--connect-timeout", "1s"]);
    run.ends(3, "errored net.connect_timeout").within(2 * SECOND);
    assert!(!run.message("it").contains(CANARY), "{}", run.message("it"));
}

#[test]
fn a_target_that_takes_no_request_in_costs_one_deadline() {
    // Nothing is read, so the end of the request never leaves this machine.
    let server = Hostile::greeting(vec![Step::Hang]);
    let mut contract = sending("POST", "/x");
    contract["request"]["json"] = "x".repeat(7 << 20).into();
    let run = Workspace::of(&contract).verify(&server, &["--max-time", "1s"]);
    run.ends(3, "errored net.timeout_headers").within(2 * SECOND);
}

/// How a connection ends before the answer is whole; only a safe request is sent again.
#[rstest]
#[case::closed_before_any_byte(b"", Step::Close, "net.closed", "net.closed")]
#[case::closed_within_the_head(b"HTTP/1.1 200 OK\r\nContent-", Step::Close, "net.closed", "net.closed")]
#[case::reset_before_any_byte(b"", Step::Reset, "net.reset", "net.reset_after_send")]
#[case::reset_within_the_head(
    b"HTTP/1.1 200 OK\r\nContent-",
    Step::Reset,
    "net.reset",
    "net.reset_after_send"
)]
#[case::reset_within_the_body(
    b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\": 1",
    Step::Reset,
    "net.reset",
    "net.reset_after_send"
)]
#[case::closed_within_the_body(
    b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\": 1",
    Step::Close,
    "http.truncated",
    "http.truncated"
)]
#[case::closed_before_the_last_chunk(
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"a\": 1}\r\n",
    Step::Close,
    "http.truncated",
    "http.truncated"
)]
#[case::a_length_of_exabytes(
    b"HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\n{\"a\": 1}",
    Step::Close,
    "http.truncated",
    "http.truncated"
)]
fn a_broken_answer_is_no_mismatch(
    #[case] bytes: &[u8],
    #[case] end: Step,
    #[case] of_get: &str,
    #[case] of_post: &str,
) {
    for (method, trouble, deliveries) in [("GET", of_get, 3), ("POST", of_post, 1), ("DELETE", of_post, 1)] {
        let server = Hostile::playing(vec![Step::Write(bytes.to_vec()), end.clone()]);
        let run = verify(&server, method, &[]);
        run.ends(3, &format!("errored {trouble}")).within(4 * SECOND).holding_at_most(16);
        assert_eq!(server.deliveries().len(), deliveries, "{method}");
        assert_eq!(run.verdict("it")["attempts"], deliveries);
    }
}

#[test]
fn what_came_of_a_broken_body_is_counted() {
    let begun = [head("200 OK", &[("Content-Length", "100")]), b"{\"a\": 1".to_vec()].concat();
    for end in [Step::Close, Step::Reset, Step::Hang] {
        let server = Hostile::playing(vec![Step::Write(begun.clone()), end]);
        let run = verify(&server, "GET", &["--max-time", "1s"]);
        assert!(run.message("it").contains("7 of 100 bytes"), "{}", run.message("it"));
        run.exits(3).within(4 * SECOND);
    }
}

#[test]
fn an_answer_that_stops_and_stays_costs_one_deadline() {
    let begun = [head("200 OK", &[("Content-Length", "100")]), b"{\"a\": 1".to_vec()].concat();
    let server = Hostile::playing(vec![Step::Write(begun), Step::Hang]);
    verify(&server, "GET", &["--max-time", "1s"]).ends(3, "errored net.timeout_body").within(2 * SECOND);
    assert_eq!(server.deliveries().len(), 1);
}

#[rstest]
#[case::by_length(vec![("Content-Type", "application/json"), ("Content-Length", "1000000")])]
#[case::by_the_end_of_the_connection(vec![("Content-Type", "application/json")])]
fn an_answer_that_drips_costs_one_deadline(#[case] fields: Vec<(&str, &str)>) {
    let server = Hostile::playing(vec![
        Step::Write(head("200 OK", &fields)),
        Step::Drip(b" ".to_vec(), Duration::from_millis(20)),
    ]);
    let run = verify(&server, "GET", &["--max-time", "1s"]);
    run.ends(3, "errored net.timeout_body").within(2 * SECOND);
    assert!(run.message("it").contains("bytes/s"), "{}", run.message("it"));
    assert_eq!(server.deliveries().len(), 1);
}

#[test]
fn a_head_that_drips_costs_one_deadline() {
    let begun = b"HTTP/1.1 200 OK\r\nX-Slow: ".to_vec();
    let server =
        Hostile::playing(vec![Step::Write(begun), Step::Drip(b"x".to_vec(), Duration::from_millis(20))]);
    verify(&server, "GET", &["--max-time", "1s"]).ends(3, "errored net.timeout_headers").within(2 * SECOND);
}

#[test]
fn interim_answers_without_end_cost_one_deadline() {
    // With pauses: an unoptimized parser falls behind a flood, and time is told late meanwhile.
    let interim = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".repeat(20);
    let interim = Step::Drip(interim, Duration::from_millis(5));
    let server = Hostile::playing(vec![interim]);
    let run = verify(&server, "GET", &["--max-time", "1s"]);
    run.ends(3, "errored net.timeout_headers").within(2 * SECOND).holding_at_most(32);
}

#[test]
fn interim_answers_are_passed_over() {
    let interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".to_vec();
    let server = Hostile::saying([interim, json("200 OK", r#"{"a": 1}"#)].concat());
    Workspace::of(&get("/x")).verify(&server, &[]).ends(0, "passed");
}

#[rstest]
#[case::by_the_end_of_the_connection("", b"                                ")]
#[case::by_chunks("Transfer-Encoding: chunked\r\n", b"20\r\n                                \r\n")]
#[case::by_a_length("Content-Length: 200000000\r\n", b"                                ")]
fn an_answer_larger_than_the_limit_is_not_read_on(#[case] field: &str, #[case] piece: &[u8]) {
    let start = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{field}\r\n").into_bytes();
    let server = Hostile::playing(vec![Step::Write(start), Step::Flood(piece.repeat(512))]);
    let run = verify(&server, "GET", &[]);
    run.ends(3, "errored body.too_large").within(5 * SECOND).holding_at_most(32);
    assert!(run.message("it").contains("--max-body"), "{}", run.message("it"));
    assert_eq!(server.deliveries().len(), 1);
}

#[test]
fn the_limit_of_an_answer_can_be_set() {
    let body = format!("{{\"a\": 1{}}}", " ".repeat(2000));
    let server = Hostile::saying(json("200 OK", &body));
    let workspace = Workspace::of(&get("/x"));
    workspace.verify(&server, &["--max-body", "1kB"]).ends(3, "errored body.too_large");
    workspace.verify(&server, &["--max-body", "3kB"]).ends(0, "passed");
}

/// What answers is no HTTP, or none that is lawful.
#[rstest]
#[case::a_status_of_two_digits(b"HTTP/1.1 20 OK\r\n\r\n")]
#[case::a_status_below_a_hundred(b"HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n")]
#[case::http_0_9(b"<html><body>hello</body></html>\r\n")]
#[case::a_shell(b"SSH-2.0-OpenSSH_9.9\r\n")]
#[case::tls(b"\x15\x03\x01\x00\x02\x02\x46")]
#[case::two_lengths(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\nContent-Length: 7\r\n\r\n{\"a\": 1}")]
#[case::a_negative_length(b"HTTP/1.1 200 OK\r\nContent-Length: -8\r\n\r\n{\"a\": 1}")]
#[case::a_length_beyond_64_bits(b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551624\r\n\r\n{\"a\": 1}")]
#[case::an_unknown_transfer_encoding(
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: mangled\r\n\r\n{\"a\": 1}"
)]
#[case::a_garbled_chunk_size(
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{\"a\": 1}\r\n0\r\n\r\n"
)]
#[case::a_chunk_size_beyond_64_bits(
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000008\r\n{\"a\": 1}\r\n0\r\n\r\n"
)]
#[case::a_field_without_a_colon(b"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n")]
#[case::a_blank_before_the_colon(b"HTTP/1.1 200 OK\r\nX-A : 1\r\nContent-Length: 0\r\n\r\n")]
#[case::a_folded_field(b"HTTP/1.1 200 OK\r\nX-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n")]
#[case::nul_in_a_field(b"HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 0\r\n\r\n")]
fn what_is_not_well_formed_http_is_no_mismatch(#[case] bytes: &[u8]) {
    let server = Hostile::playing(vec![Step::Write(bytes.to_vec()), Step::Close]);
    verify(&server, "POST", &[]).ends(3, "errored http.malformed").within(SECOND);
    assert_eq!(server.deliveries().len(), 1);
}

#[rstest]
#[case::a_field_without_end(b"HTTP/1.1 200 OK\r\nX-A: ", b"aaaaaaaa")]
#[case::fields_without_end(b"HTTP/1.1 200 OK\r\n", b"X-A: a\r\n")]
#[case::a_chunk_extension_without_end(
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8;",
    b"aaaaaaaa"
)]
#[case::trailers_without_end(
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"a\": 1}\r\n0\r\n",
    b"X-A: a\r\n"
)]
fn framing_without_end_is_given_up(#[case] start: &[u8], #[case] piece: &[u8]) {
    let server = Hostile::playing(vec![Step::Write(start.to_vec()), Step::Flood(piece.repeat(512))]);
    verify(&server, "GET", &[]).ends(3, "errored http.malformed").within(2 * SECOND).holding_at_most(16);
}

#[test]
fn more_than_a_hundred_fields_are_refused() {
    let names: Vec<String> = (0..101).map(|index| format!("X-{index}")).collect();
    let fields: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
    let server = Hostile::saying(answer("200 OK", &fields, b""));
    verify(&server, "GET", &[]).ends(3, "errored http.malformed").within(SECOND);
}

#[test]
fn a_status_that_no_standard_knows_is_a_mismatch() {
    let server = Hostile::saying(json("999 What", r#"{"a": 1}"#));
    Workspace::of(&get("/x")).verify(&server, &[]).ends(1, "failed status");
}

#[test]
fn a_switch_of_protocols_that_nobody_asked_for_is_a_mismatch() {
    let switched = head("101 Switching Protocols", &[("Connection", "upgrade"), ("Upgrade", "websocket")]);
    let server = Hostile::playing(vec![Step::Write(switched), Step::Hang]);
    let run = Workspace::of(&get("/x")).verify(&server, &["--max-time", "2s"]);
    run.exits(1).within(2 * SECOND);
    assert!(run.outcome("it").starts_with("failed status"), "{}", run.outcome("it"));
}

#[test]
fn an_internal_error_is_a_mismatch_and_not_tried_again() {
    let server = Hostile::saying(json("500 Internal Server Error", r#"{"error": "x"}"#));
    let run = Workspace::of(&get("/x")).verify(&server, &[]);
    run.exits(1);
    assert!(run.outcome("it").starts_with("failed status"));
    assert_eq!(server.deliveries().len(), 1);
}

#[test]
fn bytes_behind_the_answer_never_reach_the_next_request() {
    let left_over = json("200 OK", r#"{"left": "over"}"#);
    let server = Hostile::saying([json("200 OK", r#"{"a": 1}"#), left_over].concat());
    let ids = ["a", "b", "c", "d"];
    let run = Workspace::with(&ids.map(|id| (id, get(&format!("/{id}"))))).verify(&server, &["-j", "1"]);
    assert_eq!(run.outcomes(), ids.map(|id| format!("{id}: passed")));
    run.exits(0);
    assert_eq!(server.connections(), ids.len(), "a connection with left-over bytes is not used again");
}

#[test]
fn a_length_that_is_too_short_cuts_the_body() {
    let cut =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n{\"a\": 1}".to_vec();
    Workspace::of(&get("/x")).verify(&Hostile::saying(cut), &[]).ends(1, "failed body-not-json");
}

#[test]
fn a_cut_body_without_a_length_is_a_mismatch_that_says_so() {
    let begun = [head("200 OK", &[("Content-Type", "application/json")]), b"{\"a\": 1".to_vec()].concat();
    let run = Workspace::of(&get("/x")).verify(&Hostile::playing(vec![Step::Write(begun), Step::Close]), &[]);
    run.ends(1, "failed body-not-json");
    let why = run.verdict("it")["mismatches"][0]["why"].as_str().unwrap();
    assert!(why.contains("no length"), "{why}");
}

#[test]
fn an_answer_with_both_a_length_and_chunks_is_a_warning() {
    let both = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\
        Transfer-Encoding: chunked\r\n\r\n8\r\n{\"a\": 1}\r\n0\r\n\r\n";
    let run = Workspace::of(&get("/x")).verify(&Hostile::saying(both.to_vec()), &[]);
    run.ends(0, "passed");
    let mismatch = &run.verdict("it")["mismatches"][0];
    assert_eq!((mismatch["rule"].as_str(), mismatch["severity"].as_str()), (Some("framing"), Some("warn")));
}

#[test]
fn a_body_where_none_may_be_never_reaches_the_next_request() {
    let no_content = b"HTTP/1.1 204 No Content\r\nContent-Length: 8\r\n\r\n{\"a\": 1}".to_vec();
    let server = Hostile::answering(move |delivery| {
        let answer =
            if delivery.target() == "/a" { no_content.clone() } else { json("200 OK", "{\"a\": 1}") };
        vec![Step::Write(answer)]
    });
    let mut empty = get("/a");
    empty["response"] = serde_json::json!({ "status": 204 });
    let run = Workspace::with(&[("a", empty), ("b", get("/b"))]).verify(&server, &["-j", "1"]);
    run.exits(0);
    let mismatch = &run.verdict("a")["mismatches"][0];
    assert_eq!((mismatch["rule"].as_str(), mismatch["severity"].as_str()), (Some("framing"), Some("warn")));
}

#[test]
fn a_body_behind_the_answer_to_head_never_reaches_the_next_request() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let mut head = get("/a");
    head["request"]["method"] = "HEAD".into();
    let documents_a_body = head.clone();
    head["response"].as_object_mut().unwrap().remove("json");
    let contracts = [("a", head), ("b", get("/b")), ("c", documents_a_body)];
    let run = Workspace::with(&contracts).verify(&server, &["-j", "1"]);
    assert_eq!(run.outcomes(), ["a: passed", "b: passed", "c: errored contract.invalid"]);
    run.exits(3);
}

#[test]
fn fields_that_are_no_utf8_are_compared_and_shown() {
    let mut contract = get("/x");
    contract["response"]["headers"]["ETag"] = "\"a\"".into();
    let tagged = |tag: &[u8]| {
        let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\nETag: ";
        Hostile::saying([head, tag, b"\r\n\r\n{\"a\": 1}"].concat())
    };
    // Octets beyond ASCII are lawful between the quotes of an entity tag (RFC 9110, 8.8.3), and nowhere else.
    Workspace::of(&contract).verify(&tagged(b"\"\xff\xfe\""), &[]).ends(0, "passed");
    let run = Workspace::of(&contract).verify(&tagged(b"\xff\xfe"), &[]);
    run.exits(1);
    assert_eq!(run.verdict("it")["mismatches"][0]["rule"], "header-value");
    assert!(run.stdout.contains('\u{fffd}'), "{}", run.stdout);
}

#[test]
fn a_proxy_of_the_environment_is_not_asked_for_a_target_on_this_machine() {
    let (server, proxy) = (Hostile::saying(json("200 OK", "{\"a\": 1}")), Hostile::canary());
    let workspace = Workspace::of(&get("/x"));
    let mut command = workspace.command(["verify", "contracts", "--report-json", "report.json", "--target"]);
    command.arg(server.url());
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env(name, proxy.url());
    }
    workspace.run(command).ends(0, "passed");
    assert_eq!(proxy.connections(), 0);
}

#[rstest]
#[case("GET")]
#[case("POST")]
fn connections_that_close_behind_each_answer_cost_nothing(#[case] method: &str) {
    // Nothing announces it, so the client may be about to use the connection again.
    let server = Hostile::playing(vec![Step::Write(json("200 OK", "{\"a\": 1}")), Step::Close]);
    let contracts: Vec<(String, Value)> = (0..40)
        .map(|index| format!("/{index}"))
        .map(|path| (path[1..].to_owned(), if method == "GET" { get(&path) } else { sending(method, &path) }))
        .collect();
    let contracts: Vec<(&str, Value)> = contracts.iter().map(|(id, it)| (id.as_str(), it.clone())).collect();
    let run = Workspace::with(&contracts).verify(&server, &[]);
    run.exits(0);
    if method == "POST" {
        assert_eq!(server.deliveries().len(), contracts.len(), "each was delivered once");
    }
}

#[rstest]
#[case::what_changes_nothing("GET", 1)]
#[case::what_may_act("POST", 5)]
fn only_what_changes_nothing_shares_a_connection(#[case] method: &str, #[case] connections: usize) {
    // The server keeps each connection open, and nothing shows it: one that it closed just when it is used again would
    // leave open whether the request arrived.
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let contracts = ["a", "b", "c", "d", "e"].map(|id| {
        let url = format!("/{id}");
        (id, if method == "GET" { get(&url) } else { sending(method, &url) })
    });
    Workspace::with(&contracts).verify(&server, &["-j", "1"]).exits(0);
    assert_eq!((server.deliveries().len(), server.connections()), (5, connections));
}

#[test]
fn what_may_act_shares_a_connection_once_the_target_was_seen_to_keep_it() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let contracts = ["a", "b", "c", "d"].map(|id| (id, sending("POST", &format!("/{id}"))));
    let contracts: Vec<(&str, Value)> =
        [("1", get("/1")), ("2", get("/2"))].into_iter().chain(contracts).collect();
    Workspace::with(&contracts).verify(&server, &["-j", "1"]).exits(0);
    assert_eq!((server.deliveries().len(), server.connections()), (6, 1));
    // Behind a pause the target may be about to close it.
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let paused = Workspace::with(&contracts[1..4]);
    paused.verify(&server, &["-j", "1", "--rate-limit", "50/min"]).exits(0);
    assert_eq!((server.deliveries().len(), server.connections()), (3, 3));
}

#[rstest]
#[case::in_good_order(Step::Close)]
#[case::with_a_reset(Step::Reset)]
fn a_target_that_keeps_its_connections_no_longer_gets_nothing_twice(#[case] end: Step) {
    // At first it keeps them, and then it closes each behind its answer, which nothing announces.
    let server = Hostile::answering(move |delivery| {
        let answer = Step::Write(json("200 OK", "{\"a\": 1}"));
        if delivery.target().starts_with("/get") { vec![answer] } else { vec![answer, end.clone()] }
    });
    let contracts: Vec<(String, Value)> = (0..40)
        .map(|index| match index {
            0..8 => (format!("{index:02}"), get(&format!("/get/{index}"))),
            _ => (format!("{index:02}"), sending("POST", &format!("/post/{index}"))),
        })
        .collect();
    let contracts: Vec<(&str, Value)> = contracts.iter().map(|(id, it)| (id.as_str(), it.clone())).collect();
    let run = Workspace::with(&contracts).verify(&server, &["-j", "1"]);
    let mut delivered: Vec<String> = server.deliveries().iter().map(Delivery::line).collect();
    delivered.retain(|line| line.starts_with("POST"));
    let all = delivered.len();
    delivered.sort();
    delivered.dedup();
    assert_eq!(delivered.len(), all, "each was delivered once at most");
    // One connection may be closed just when it is used again; behind that none is shared any more.
    let lost = run.outcomes().iter().filter(|outcome| outcome.contains("errored")).count();
    let passed = run.outcomes().iter().filter(|outcome| outcome.ends_with("passed")).count();
    assert!(lost <= 1 && lost + passed == contracts.len(), "{:?}", run.outcomes());
}

#[test]
fn without_certificate_authorities_http_works_and_https_is_a_usage_error() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = Workspace::of(&get("/x"));
    let nowhere = workspace.path().join("nowhere");
    let verify = |target: &str| {
        let mut command = workspace.command(["verify", "contracts", "--report-json", "report.json"]);
        command.args(["--target", target]).env("SSL_CERT_FILE", &nowhere).env("SSL_CERT_DIR", &nowhere);
        workspace.run(command)
    };
    verify(&server.url()).ends(0, "passed");
    let canary = Hostile::canary();
    let run = verify(&format!("https://{}", canary.authority()));
    assert!(run.exits(2).stderr.contains("--ca-cert"), "{}", run.stderr);
    assert_eq!(canary.connections(), 0);
}

/// What is not sent again since it may have acted says so, however it broke.
#[rstest]
#[case::closed("errored net.closed", || vec![Step::Close])]
#[case::cut_short("errored http.truncated", || vec![Step::Write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec()), Step::Close])]
#[case::stalled("errored net.timeout_headers", || vec![Step::Hang])]
#[case::stalled_in_the_body("errored net.timeout_body", || vec![Step::Write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec()), Step::Hang])]
#[case::garbage("errored http.malformed", || vec![Step::Write(b"NOT HTTP AT ALL\r\n\r\n".to_vec()), Step::Close])]
fn what_may_have_acted_says_so(#[case] outcome: &str, #[case] steps: fn() -> Vec<Step>) {
    for (method, acts) in [("POST", true), ("GET", false)] {
        let server = Hostile::answering(move |_| steps());
        let run = verify(&server, method, &["--max-time", "0.5s", "--retry", "0"]);
        run.ends(3, outcome);
        assert_eq!(run.message("it").contains("the service may have acted"), acts, "{}", run.message("it"));
    }
}

/// What flows begin at is given up, and no other origin.
#[test]
fn flows_to_an_origin_that_refuses_leave_the_others_alone() {
    let (refusing, server) = (Refusing::new(), Hostile::saying(json("200 OK", r#"{"a": 1}"#)));
    let mut contracts: Vec<(String, _)> =
        (0..7).map(|index| (format!("a{index}"), get(&format!("https://down.example/{index}")))).collect();
    contracts.extend((0..8).map(|index| (format!("b{index}"), get(&format!("https://up.example/{index}")))));
    let contracts: Vec<_> = contracts.iter().map(|(id, contract)| (id.as_str(), contract.clone())).collect();
    let workspace = Workspace::with(&contracts);
    let flow = |index| format!("[[flow]]\n[[flow.step]]\ncontract = \"a{index}\"\n");
    workspace.file("faithful.toml", (0..7).map(flow).collect::<String>());
    let run = workspace.verify(&server, &["--map", &format!("https://down.example={}", refusing.url())]);
    run.exits(3);
    assert_eq!(run.outcome("a6"), "errored net.target_down");
    assert_eq!(run.outcome("b7"), "passed");
    assert_eq!(server.deliveries().len(), 8);
}
