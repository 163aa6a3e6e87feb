//! Encrypted targets: trusted by their certificate or not asked at all.

use crate::hostile::{Hostile, Step, answer, json};
use crate::run::{Workspace, get};
use crate::secure::Secure;
use rcgen::{BasicConstraints, IsCa};
use std::time::Duration;

/// Closed behind its answer, which then needs no length to end.
fn ok() -> Vec<u8> {
    answer("200 OK", &[("Content-Type", "application/json"), ("Connection", "close")], b"{\"a\": 1}")
}

#[test]
fn a_private_authority_is_trusted_where_the_user_names_it() {
    let server = Secure::named("127.0.0.1", ok());
    let workspace = Workspace::of(&get("/x?q=canary-query"));
    let file = workspace.file("ca.pem", &server.authority);
    let file = file.to_str().unwrap();
    workspace.verify_at(&server.url(), &["--ca-cert", file]).ends(0, "passed");
    assert_eq!(server.deliveries(), 1);

    let other = Secure::named("127.0.0.1", ok());
    let run = workspace.verify_at(&other.url(), &["--ca-cert", file]);
    run.ends(3, "errored net.tls");
    let message = run.message("it");
    assert!(message.contains("--ca-cert") && !message.contains("canary-query"), "{message}");
    assert_eq!(other.deliveries(), 0);
}

#[test]
fn an_unknown_authority_is_refused() {
    let server = Secure::named("127.0.0.1", ok());
    let workspace = Workspace::of(&get("/x"));
    let somebody = Secure::named("127.0.0.1", ok());
    let mut command = workspace.command(["verify", "contracts", "--report-json", "report.json"]);
    // The machine's own authorities, whatever they are, are this one.
    let file = workspace.file("somebody.pem", &somebody.authority);
    command.args(["--target", &server.url()]).env("SSL_CERT_FILE", file).env_remove("SSL_CERT_DIR");
    let run = workspace.run(command);
    run.ends(3, "errored net.tls");
    assert!(run.message("it").contains("--ca-cert"), "{}", run.message("it"));
    assert_eq!(server.deliveries(), 0);
}

#[test]
fn a_certificate_of_another_host_is_refused() {
    let server = Secure::named("other.example", ok());
    let workspace = Workspace::of(&get("/x"));
    let file = workspace.file("ca.pem", &server.authority);
    workspace.verify_at(&server.url(), &["--ca-cert", file.to_str().unwrap()]).ends(3, "errored net.tls");
    assert_eq!(server.deliveries(), 0);
}

#[test]
fn a_certificate_that_has_expired_is_refused_and_said_to_have() {
    let server = Secure::expired("127.0.0.1", ok());
    let workspace = Workspace::of(&get("/x"));
    let file = workspace.file("ca.pem", &server.authority);
    let run = workspace.verify_at(&server.url(), &["--ca-cert", file.to_str().unwrap()]);
    run.ends(3, "errored net.tls");
    assert!(run.message("it").contains("expired"), "{}", run.message("it"));
    assert_eq!(server.deliveries(), 0);
}

/// What `openssl req -x509` makes unless it is told otherwise.
#[test]
fn a_certificate_of_an_authority_is_none_of_a_server_and_what_to_do_works() {
    let authority = IsCa::Ca(BasicConstraints::Unconstrained);
    let server = Secure::itself("127.0.0.1", authority, ok());
    let workspace = Workspace::of(&get("/x"));
    let file = workspace.file("ca.pem", &server.authority);
    let run = workspace.verify_at(&server.url(), &["--ca-cert", file.to_str().unwrap()]);
    run.ends(3, "errored net.tls");
    let place = server.url().replace("https://", "");
    let said = format!(
        "no secure connection to {place}: it shows the certificate of an authority (CA:TRUE) as its own, which proves \
         no server; give it one that is none, as of openssl req -addext basicConstraints=CA:FALSE; "
    );
    let message = run.message("it");
    assert!(message.starts_with(&said) && message.contains("ca_cert in faithful.toml"), "{message}");
    assert_eq!(server.deliveries(), 0);

    let server = Secure::itself("127.0.0.1", IsCa::ExplicitNoCa, ok());
    let file = workspace.file("ca.pem", &server.authority);
    workspace.verify_at(&server.url(), &["--ca-cert", file.to_str().unwrap()]).ends(0, "passed");
}

#[test]
fn a_server_without_tls_on_the_port_is_said_to_be_one() {
    let server = Hostile::greeting(vec![Step::Write(json("400 Bad Request", "{}")), Step::Close]);
    let workspace = Workspace::of(&get("/x"));
    let file = workspace.file("ca.pem", &Secure::named("127.0.0.1", ok()).authority);
    let target = format!("https://{}", server.authority());
    workspace.verify_at(&target, &["--ca-cert", file.to_str().unwrap()]).ends(3, "errored net.tls");
}

#[test]
fn a_handshake_that_stalls_costs_one_time_to_connect() {
    let server = Hostile::greeting(vec![Step::Hang]);
    let workspace = Workspace::of(&get("/x"));
    let file = workspace.file("ca.pem", &Secure::named("127.0.0.1", ok()).authority);
    let target = format!("https://{}", server.authority());
    let run = workspace.verify_at(&target, &["--ca-cert", file.to_str().unwrap(), "--connect-timeout", "1s"]);
    run.ends(3, "errored net.connect_timeout").within(Duration::from_secs(2));
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_certificate_goes_unchecked_on_this_machine_alone_and_every_report_says_so() {
    let server = Secure::named("other.example", ok());
    let workspace = Workspace::of(&get("/x"));
    let run = workspace.verify_at(&server.url(), &["--insecure"]);
    run.ends(0, "passed");
    let caveats = run.report.as_ref().unwrap()["caveats"].to_string();
    assert!(caveats.contains("--insecure") && run.stdout.contains("--insecure"), "{run:?}");
    let short = workspace.verify_at(&server.url(), &["--insecure", "--format", "short"]);
    assert!(short.stdout.contains("--insecure"), "{}", short.stdout);

    workspace.verify_at(&server.url(), &["--insecure", "--report-junit", "report.xml"]).ends(0, "passed");
    let junit = std::fs::read_to_string(workspace.path().join("report.xml")).unwrap();
    assert!(junit.contains("<system-err>--insecure: "), "{junit}");

    let canary = Hostile::canary();
    let elsewhere = format!("https://0.0.0.0:{}", canary.port());
    let run = workspace.verify_at(&elsewhere, &["--insecure"]);
    assert!(run.exits(2).stderr.contains("--insecure"), "{}", run.stderr);
    assert_eq!(canary.connections(), 0);
}

#[test]
fn a_file_without_a_certificate_is_a_usage_error() {
    let workspace = Workspace::of(&get("/x"));
    let canary = Hostile::canary();
    for (name, content) in [
        ("empty.pem", ""),
        ("words.pem", "no certificate"),
        ("half.pem", "-----BEGIN CERTIFICATE-----\nAAAA"),
    ] {
        workspace.file(name, content);
        let run = workspace.verify_at(&format!("https://{}", canary.authority()), &["--ca-cert", name]);
        assert!(run.exits(2).stderr.contains(name), "{}", run.stderr);
    }
    let run = workspace.verify_at(&format!("https://{}", canary.authority()), &["--ca-cert", "missing.pem"]);
    assert!(run.exits(2).stderr.contains("missing.pem"), "{}", run.stderr);
    assert_eq!(canary.connections(), 0);
}
