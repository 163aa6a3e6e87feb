//! Proxies: asked for other machines alone, and named where they fail, without their password.

use crate::hostile::{Hostile, Refusing, Step, answer, json};
use crate::run::{Run, Workspace, get, sending};
use crate::safety::not_loopback;
use rstest::rstest;

const LOGIN: &str = "ann:canary-password";

fn verify(target: &str, proxy: &str, arguments: &[&str]) -> Run {
    let variables = [("HTTP_PROXY", proxy), ("HTTPS_PROXY", proxy)];
    let workspace = Workspace::of(&get("/x"));
    // The certificate of a target that is never reached.
    let file = workspace.file("ca.pem", crate::secure::identity("127.0.0.1").0);
    let arguments = [arguments, &["--ca-cert", file.to_str().unwrap()]].concat();
    let run = workspace.verify_with(target, &arguments, &variables);
    run.never_shows("canary-password").never_shows("YW5uOmNhbmFyeS1wYXNzd29yZA");
    run
}

#[rstest]
#[case("http://0.0.0.0:9", "HTTP_PROXY")]
#[case("https://0.0.0.0:9", "HTTPS_PROXY")]
fn a_proxy_that_refuses_is_named(#[case] target: &str, #[case] variable: &str) {
    let proxy = Refusing::new();
    let run = verify(target, &format!("http://{LOGIN}@{}", proxy.authority()), &[]);
    run.ends(3, "errored net.proxy");
    let message = run.message("it");
    assert!(message.contains(&proxy.authority()) && message.contains(variable), "{message}");
}

#[rstest]
#[case::wants_a_login(vec![Step::Write(answer("407 Proxy Authentication Required", &[], b""))])]
#[case::forbids(vec![Step::Write(answer("403 Forbidden", &[], b""))])]
#[case::closes(vec![Step::Close])]
#[case::resets(vec![Step::Reset])]
fn a_proxy_that_gives_no_tunnel_is_named(#[case] steps: Vec<Step>) {
    let proxy = Hostile::playing(steps);
    let run = verify("https://0.0.0.0:9", &format!("http://{LOGIN}@{}", proxy.authority()), &[]);
    run.ends(3, "errored net.proxy");
    assert!(run.message("it").contains(&proxy.authority()), "{}", run.message("it"));
    assert!(proxy.deliveries().iter().all(|delivery| delivery.line().starts_with("CONNECT 0.0.0.0:9 ")));
}

#[test]
fn a_proxy_that_wants_a_login_is_not_taken_for_the_target() {
    let proxy = Hostile::saying(answer("407 Proxy Authentication Required", &[], b"{\"a\": 1}"));
    verify("http://0.0.0.0:9", &proxy.url(), &[]).ends(3, "errored net.proxy");
    assert_eq!(proxy.deliveries().len(), 1);
}

#[test]
fn a_proxy_carries_the_request_to_other_machines() {
    let proxy = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    verify("http://0.0.0.0:9", &format!("http://{LOGIN}@{}", proxy.authority()), &[]).ends(0, "passed");
    let delivery = proxy.deliveries().remove(0);
    assert_eq!(delivery.target(), "http://0.0.0.0:9/x");
    assert_eq!(delivery.values("proxy-authorization"), ["Basic YW5uOmNhbmFyeS1wYXNzd29yZA=="]);
}

#[test]
fn the_flag_counts_more_than_the_environment() {
    let (server, proxy, other) = (
        Hostile::saying(json("200 OK", "{\"a\": 1}")),
        Hostile::saying(json("200 OK", "{\"a\": 1}")),
        Hostile::canary(),
    );
    verify(&not_loopback(&server), &other.url(), &["--proxy", "none"]).ends(0, "passed");
    assert_eq!(server.deliveries().len(), 1);
    verify(&not_loopback(&server), &other.url(), &["--proxy", &proxy.url()]).ends(0, "passed");
    assert_eq!((server.deliveries().len(), proxy.deliveries().len()), (1, 1));
    // This machine is reached without.
    verify(&server.url(), &other.url(), &["--proxy", &proxy.url()]).ends(0, "passed");
    assert_eq!((server.deliveries().len(), proxy.deliveries().len()), (2, 1));
    assert_eq!(other.connections(), 0);
}

#[rstest]
#[case("http://ann:canary@127.0.0.1:9")]
#[case("socks5://canary:9")]
#[case("canary")]
fn a_proxy_that_cannot_be_used_is_a_usage_error(#[case] url: &str) {
    let run = Workspace::of(&get("/x")).verify_at("http://0.0.0.0:9", &["--proxy", url]);
    run.exits(2).never_shows("canary");
}

#[test]
fn what_may_have_acted_goes_to_a_proxy_once() {
    let proxy = Hostile::playing(vec![Step::Reset]);
    let workspace = Workspace::of(&sending("POST", "/x"));
    let arguments = ["--proxy", &proxy.url(), "--allow-mutations"];
    let run = workspace.verify_at("http://0.0.0.0:9", &arguments);
    run.ends(3, "errored net.reset_after_send");
    assert_eq!(proxy.deliveries().len(), 1);
}
