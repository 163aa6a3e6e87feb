//! HTTP/2: what was not processed may be sent again, what broke may not.

use crate::frames::{Frames, Reply, answer, begun, go_away, head_without_end, reset};
use crate::run::{Run, Workspace, get, sending};
use rstest::rstest;
use std::time::Duration;

const INTERNAL_ERROR: u32 = 2;
const REFUSED_STREAM: u32 = 7;

fn verify(server: &Frames, method: &str) -> Run {
    let contract = if method == "GET" { get("/x") } else { sending(method, "/x") };
    let workspace = Workspace::of(&contract);
    let file = workspace.file("ca.pem", &server.authority);
    workspace.verify_at(&server.url(), &["--max-time", "5s", "--ca-cert", file.to_str().unwrap()])
}

#[rstest]
fn an_answer_is_an_answer(#[values("GET", "POST")] method: &str) {
    let server = Frames::answering(|_, stream| Reply::Frames(answer(stream)));
    verify(&server, method).ends(0, "passed");
    assert_eq!(server.requests(), 1);
}

#[rstest]
fn what_was_refused_unprocessed_is_sent_once_more(#[values("GET", "POST", "DELETE")] method: &str) {
    let server = Frames::answering(|number, stream| match number {
        0 => Reply::Frames(reset(stream, REFUSED_STREAM)),
        _ => Reply::Frames(answer(stream)),
    });
    let run = verify(&server, method);
    run.ends(0, "passed");
    assert_eq!((run.verdict("it")["attempts"].as_u64(), server.requests()), (Some(2), 2));
    assert!(run.verdict("it")["flaky"].is_null(), "nothing failed");

    let server = Frames::answering(|_, stream| Reply::Frames(reset(stream, REFUSED_STREAM)));
    verify(&server, method).ends(3, "errored h2.goaway");
    assert_eq!(server.requests(), 2);
}

#[rstest]
fn a_server_that_goes_away_before_the_request_gets_it_once_more(#[values("GET", "POST")] method: &str) {
    let server = Frames::answering(|number, stream| match number {
        0 => Reply::FramesAndClose(go_away(0)),
        _ => Reply::Frames(answer(stream)),
    });
    verify(&server, method).ends(0, "passed");
    assert_eq!(server.requests(), 2);
}

#[test]
fn a_server_that_goes_away_with_the_request_may_have_acted() {
    let server = Frames::answering(|_, stream| Reply::FramesAndClose(go_away(stream)));
    let run = verify(&server, "POST");
    run.exits(3);
    assert_eq!(server.requests(), 1, "{}", run.outcome("it"));
}

#[rstest]
fn a_stream_that_is_reset_is_no_mismatch(#[values("GET", "POST")] method: &str) {
    for begun in [begun as fn(u32) -> Vec<u8>, |_| Vec::new()] {
        let server = Frames::answering(move |_, stream| {
            Reply::Frames([begun(stream), reset(stream, INTERNAL_ERROR)].concat())
        });
        verify(&server, method).ends(3, "errored http.malformed");
        assert_eq!(server.requests(), 1);
    }
}

#[test]
fn a_head_without_end_is_given_up() {
    let server = Frames::answering(|_, stream| {
        let (first, then) = head_without_end(stream);
        Reply::Flood(first, then)
    });
    let run = verify(&server, "GET");
    run.ends(3, "errored http.malformed").within(Duration::from_secs(5)).holding_at_most(64);
}

#[test]
fn resets_without_end_are_given_up() {
    let server =
        Frames::answering(|_, stream| Reply::Flood(begun(stream), reset(stream, INTERNAL_ERROR).repeat(100)));
    let run = verify(&server, "GET");
    run.ends(3, "errored http.malformed").within(Duration::from_secs(5)).holding_at_most(64);
}
