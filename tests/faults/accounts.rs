//! Credentials that the user has: shown to the target, to nobody else, and in no output.

use crate::hostile::{Hostile, Step, answer, json};
use crate::run::{Run, Workspace, get};
use rstest::rstest;
use serde_json::json;

const TOKEN: &str = "canary-T0ken/value+1";

fn server() -> Hostile {
    Hostile::saying(json("200 OK", "{\"a\": 1}"))
}

fn authorizations(server: &Hostile) -> Vec<String> {
    server.deliveries().iter().flat_map(|delivery| delivery.values("authorization")).collect()
}

#[rstest]
#[case::a_bearer_token(&["--bearer-env", "CANARY"], TOKEN, "authorization", "Bearer canary-T0ken/value+1")]
#[case::a_password(&["--user-env", "CANARY"], "ann:canary-pass", "authorization", "Basic YW5uOmNhbmFyeS1wYXNz")]
#[case::a_key(&["-H", "X-Api-Key: $CANARY"], TOKEN, "x-api-key", TOKEN)]
#[case::a_scheme_of_its_own(&["--header", "Authorization: Token ${CANARY}"], TOKEN, "authorization", "Token canary-T0ken/value+1")]
fn a_credential_goes_to_the_target_and_to_no_other_origin(
    #[case] arguments: &[&str],
    #[case] value: &str,
    #[case] field: &str,
    #[case] sent: &str,
) {
    let (server, mapped, elsewhere) = (server(), server(), Hostile::canary());
    let location = format!("{}/steal", elsewhere.url());
    let redirecting = Hostile::saying(answer("307 Temporary Redirect", &[("Location", &location)], b""));
    let mut own = get("https://home.example/a");
    own["request"]["headers"] =
        json!({ "Authorization": "Bearer documented", "X-Api-Key": "documented", "Accept": "a/b" });
    let contracts = [("a", own), ("b", get("https://home.example/b")), ("c", get("https://other.example/c"))];
    let map = format!("https://other.example={}", mapped.url());
    let workspace = Workspace::with(&contracts);
    let arguments = [arguments, &["--map", &map]].concat();
    let run = workspace.verify_with(&server.url(), &arguments, &[("CANARY", value)]);
    run.exits(0).never_shows("canary");
    assert_eq!(server.deliveries().len(), 2);
    assert!(
        server.deliveries().iter().all(|delivery| delivery.values(field) == [sent]),
        "{:?}",
        server.deliveries()
    );
    assert!(server.deliveries().iter().all(|delivery| !delivery.text().contains("documented")));
    assert_eq!(mapped.deliveries().len(), 1);
    assert!(mapped.deliveries().iter().all(|delivery| !delivery.text().contains("canary")));
    workspace
        .verify_with(&redirecting.url(), &arguments, &[("CANARY", value)])
        .exits(1)
        .never_shows("canary");
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn an_origin_that_is_mapped_is_shown_them_where_its_entry_says_so() {
    let (own, told, other) = (server(), server(), server());
    let workspace = Workspace::with(&[
        ("a", get("https://home.example/a")),
        ("b", get("https://home.example/b")),
        ("c", get("https://told.example/c")),
        ("d", get("https://other.example/d")),
    ]);
    workspace.file(
        "faithful.toml",
        format!(
            "[target.staging]\nurl = \"{}\"\nauth = {{ bearer = \"${{CANARY}}\" }}\n[target.staging.map]\n\
             \"https://told.example\" = {{ url = \"{}\", auth = true }}\n\"https://other.example\" = \"{}\"\n",
            own.url(),
            told.url(),
            other.url()
        ),
    );
    let run = workspace.verify_with("staging", &[], &[("CANARY", TOKEN)]);
    run.exits(0).never_shows("canary");
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(authorizations(&own), [bearer.clone(), bearer.clone()]);
    assert_eq!(authorizations(&told), [bearer]);
    assert!(other.deliveries().iter().all(|delivery| !delivery.text().contains("canary")));
}

#[rstest]
#[case::unset(&["--bearer-env", "NOBODY"], "NOBODY is not set")]
#[case::empty(&["--bearer-env", "EMPTY"], "EMPTY is empty")]
#[case::two_logins(&["--bearer-env", "CANARY", "--user-env", "CANARY"], "cannot be used with")]
#[case::a_field_and_a_login(&["--bearer-env", "CANARY", "-H", "Authorization: $CANARY"], "leave one of the two out")]
#[case::no_pair(&["--user-env", "CANARY"], "does not hold user:password")]
#[case::a_credential_that_is_written_out(&["-H", "X-Api-Key: canary-written-out"], "name an environment variable")]
#[case::a_token_that_is_written_out(&["-H", "X-Upstream: Bearer canary-written-out"], "name an environment variable")]
#[case::no_field(&["-H", "canary-written-out"], "give 'NAME: VALUE'")]
#[case::framing(&["-H", "Transfer-Encoding: chunked"], "frames or routes")]
#[case::another_host(&["-H", "Host: canary.example"], "frames or routes")]
#[case::a_line_break(&["-H", "X-A: $BROKEN"], "what no field may")]
fn a_credential_that_cannot_be_used_is_a_usage_error_that_does_not_repeat_it(
    #[case] arguments: &[&str],
    #[case] said: &str,
) {
    let canary = Hostile::canary();
    let variables = [("CANARY", TOKEN), ("EMPTY", ""), ("BROKEN", "a\r\nX-B: canary")];
    let run = Workspace::of(&get("/x")).verify_with(&canary.url(), arguments, &variables);
    run.exits(2).never_shows("canary");
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert_eq!(canary.connections(), 0);
}

#[test]
fn credentials_without_a_target_are_a_usage_error() {
    let workspace = Workspace::of(&get("/x"));
    let mut command = workspace.command(["verify", "contracts", "--bearer-env", "CANARY"]);
    let run = workspace.run({
        command.env("CANARY", TOKEN);
        command
    });
    assert!(run.exits(2).stderr.contains("--target"), "{}", run.stderr);
}

#[rstest]
#[case::a_secret_in_the_file("auth = { bearer = \"canary-in-the-file\" }", "[target.staging] auth bearer")]
#[case::two_ways("auth = { bearer = \"${CANARY}\", basic = \"${CANARY}\" }", "it says bearer and basic")]
#[case::a_variable_that_is_not_set("auth = { bearer = \"${NOBODY}\" }", "NOBODY is not set")]
#[case::no_pair_in_a_variable(
    "auth = { basic = \"${CANARY}\" }",
    "[target.staging] auth basic: CANARY does not hold user:password, with a colon between the two"
)]
#[case::no_pair_in_a_file(
    "auth = { basic = { file = \"login\" } }",
    "[target.staging] auth basic: login does not hold user:password, with a colon between the two"
)]
#[case::nobody("auth = \"nobody\"", "no account is called nobody")]
#[case::a_file_that_is_missing("auth = { bearer = { file = \"missing\" } }", "missing")]
#[case::a_field_that_is_written_out("headers = { X-Api-Key = \"canary-in-the-file\" }", "${NAME}")]
#[case::a_token_in_the_clear(
    "auth = { oauth = { token_url = \"http://10.0.0.1/token\", client_id = \"x\", client_secret = \"${CANARY}\" } }",
    "it must be https"
)]
#[case::an_account_that_is_missing("accounts = { \"Basic x\" = \"bob\" }", "no account is called bob")]
fn what_the_file_says_wrongly_is_a_usage_error(#[case] line: &str, #[case] said: &str) {
    let canary = Hostile::canary();
    let workspace = Workspace::of(&get("/x"));
    workspace.file("login", "canary-in-a-login\n");
    workspace.file("faithful.toml", format!("[target.staging]\nurl = \"{}\"\n{line}\n", canary.url()));
    let run = workspace.verify_with("staging", &[], &[("CANARY", TOKEN)]);
    run.exits(2).never_shows("canary-in");
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert_eq!(canary.connections(), 0);
}

#[test]
fn a_target_that_is_not_used_needs_no_secrets() {
    let server = server();
    let workspace = Workspace::of(&get("/x"));
    workspace.file(
        "faithful.toml",
        format!(
            "[target.staging]\nurl = \"{}\"\n[target.live]\nurl = \"{}\"\nauth = {{ bearer = \"${{NOBODY}}\" }}\n",
            server.url(),
            server.url()
        ),
    );
    workspace.verify_at("staging", &[]).ends(0, "passed");
}

/// Two accounts, and what they are for.
fn with_accounts(server: &Hostile, contracts: &[(&str, serde_json::Value)]) -> Workspace {
    let workspace = Workspace::with(contracts);
    workspace.file("secrets/bob", "bob-canary-token\n");
    workspace.file(
        "faithful.toml",
        format!(
            "[target.staging]\nurl = \"{}\"\nauth = \"ann\"\nheaders = {{ X-Tenant = \"acme\" }}\n\
             [target.staging.accounts]\n\"Basic Ym9iOnB3\" = \"bob\"\n\"Bearer eyJ…\" = \"bob\"\n\
             [account.ann]\nbasic = \"ann:${{ANN}}\"\n[account.bob]\nbearer = {{ file = \"secrets/bob\" }}\n",
            server.url()
        ),
    );
    workspace
}

#[test]
fn a_documented_credential_stands_for_an_account_and_is_not_sent() {
    let server = server();
    let documented = |value: &str| {
        let mut contract = get("/x");
        contract["request"]["headers"] = json!({ "Authorization": value });
        contract
    };
    let contracts = [
        ("a", documented("Basic Ym9iOnB3")),
        ("b", documented("Bearer eyJhbGciOiJIUzI1NiJ9")),
        ("c", documented("Basic c29tZWJvZHk6cHc=")),
        ("d", get("/x")),
    ];
    let workspace = with_accounts(&server, &contracts);
    let run = workspace.verify_with("staging", &["-j", "1"], &[("ANN", "canary-of-ann")]);
    run.exits(0).never_shows("canary");
    // Equal requests are sent once for each account.
    assert_eq!(authorizations(&server), ["Bearer bob-canary-token", "Basic YW5uOmNhbmFyeS1vZi1hbm4="]);
    assert!(server.deliveries().iter().all(|delivery| delivery.values("x-tenant") == ["acme"]));
}

#[rstest]
#[case::by_its_name("staging", &[], Some("Bearer bob-canary-token"))]
#[case::by_its_url("", &[], Some("Bearer bob-canary-token"))]
#[case::for_strangers("", &["--untrusted"], None)]
fn a_step_of_a_flow_says_whom_it_is_sent_as(
    #[case] target: &str,
    #[case] arguments: &[&str],
    #[case] bob: Option<&str>,
) {
    let server = Hostile::answering(|delivery| {
        let operation = [("Location", "/operations/1")];
        vec![Step::Write(match delivery.line().split(' ').next() {
            Some("POST") => answer("202 Accepted", &operation, b""),
            _ => json("200 OK", "{\"a\": 1}"),
        })]
    });
    let workspace = Workspace::with(&[("a", get("/a")), ("b", get("/b"))]);
    workspace.file("secrets/bob", "bob-canary-token\n");
    workspace.file(
        "faithful.toml",
        format!(
            "[target.staging]\nurl = \"{}\"\n[account.bob]\nbearer = {{ file = \"secrets/bob\" }}\n[[flow]]\n\
             step = [\n{{ contract = \"a\" }}, {{ contract = \"b\", account = \"bob\" }},\n\
             {{ method = \"POST\", path = \"/p\", account = \"bob\", until = {{ status = 200 }} }}]\n\
             cleanup = [{{ method = \"DELETE\", path = \"/c\", account = \"bob\" }}]\n",
            server.url()
        ),
    );
    let url = server.url();
    let run = workspace.verify_with(if target.is_empty() { &url } else { target }, arguments, &[]);
    run.exits(0).never_shows("canary");
    let sent: Vec<(String, Option<String>)> = server
        .deliveries()
        .iter()
        .map(|delivery| (delivery.target(), delivery.values("authorization").pop()))
        .collect();
    let expected = [("/a", None), ("/b", bob), ("/p", bob), ("/operations/1", bob), ("/c", bob)];
    assert_eq!(sent, expected.map(|(path, login)| (path.to_owned(), login.map(str::to_owned))));
}

#[test]
fn the_command_line_counts_more_than_the_file() {
    let server = server();
    let workspace = with_accounts(&server, &[("a", get("/x"))]);
    // The file's login is not needed then, nor what it is read from.
    let arguments = ["--bearer-env", "CANARY", "-H", "X-Tenant: other"];
    workspace.verify_with("staging", &arguments, &[("CANARY", TOKEN)]).exits(0);
    assert_eq!(authorizations(&server), [format!("Bearer {TOKEN}")]);
    assert_eq!(server.deliveries()[0].values("x-tenant"), ["other"]);
}

#[test]
fn a_credential_that_the_target_repeats_is_masked_however_it_is_spelt() {
    let server = Hostile::answering(|delivery| {
        let came = delivery.values("authorization").remove(0);
        let token = came.trim_start_matches("Bearer ").to_owned();
        let percent = token.replace('/', "%2F").replace('+', "%2b");
        let escaped = token.replace('/', "\\/");
        let base64 = "Y2FuYXJ5LVQwa2VuL3ZhbHVlKzE=";
        vec![Step::Write(match delivery.target().as_str() {
            "/json" => json("200 OK", &format!("{{\"a\": \"{escaped}\", \"{token}\": \"{percent}\"}}")),
            "/base64" => json("200 OK", &format!("{{\"a\": \"{base64}\"}}")),
            "/text" => answer("500 Oops", &[("Content-Type", "text/plain")], came.as_bytes()),
            "/location" => answer("302 Found", &[("Location", &format!("/x/{percent}"))], b""),
            _ => answer(
                "200 OK",
                &[("Content-Type", "application/json"), ("ETag", &format!("\"{token}\""))],
                b"{}",
            ),
        })]
    });
    let contracts = ["json", "base64", "text", "location", "etag"].map(|id| {
        let mut contract = get(&format!("/{id}"));
        contract["response"]["headers"]["ETag"] = "\"x\"".into();
        (id, contract)
    });
    let workspace = Workspace::with(&contracts);
    for format in ["pretty", "short", "json"] {
        for profile in ["service", "golden"] {
            let arguments = ["--bearer-env", "CANARY", "--format", format, "--profile", profile];
            let run = workspace.verify_with(&server.url(), &arguments, &[("CANARY", TOKEN)]);
            run.exits(1);
            for piece in ["T0ken", "Y2FuYXJ5", "value+1", "value%2b1"] {
                run.never_shows(piece);
            }
        }
    }
}

#[test]
fn a_session_that_the_target_opens_is_masked_from_then_on() {
    let server = Hostile::answering(|delivery| {
        let fields =
            [("Content-Type", "application/json"), ("Set-Cookie", "id=canary-of-a-session; HttpOnly")];
        vec![Step::Write(match delivery.target().as_str() {
            "/a" => answer("200 OK", &fields, b"{\"a\": 1}"),
            _ => json("200 OK", "{\"a\": \"it is canary-of-a-session\"}"),
        })]
    });
    let run = Workspace::with(&[("a", get("/a")), ("b", get("/b"))]).verify(&server, &["-j", "1"]);
    run.exits(1).never_shows("canary-of");
}

#[test]
fn a_secret_too_short_to_be_masked_everywhere_is_told_of() {
    let server = server();
    let run =
        Workspace::of(&get("/x")).verify_with(&server.url(), &["--bearer-env", "PIN"], &[("PIN", "1234567")]);
    run.exits(0).never_shows("1234567");
    assert!(run.stderr.contains("warning: PIN is shorter than 8 characters"), "{}", run.stderr);
}

fn answered(status: &'static str) -> Run {
    let server = Hostile::saying(json(status, "{}"));
    let contracts = ["a", "b", "c"].map(|id| (id, get(&format!("/{id}"))));
    Workspace::with(&contracts).verify_with(&server.url(), &["--bearer-env", "CANARY"], &[("CANARY", TOKEN)])
}

#[rstest]
#[case("401 Unauthorized", true)]
#[case("403 Forbidden", true)]
#[case("404 Not Found", false)]
fn who_is_never_let_in_is_asked_about_the_credentials(#[case] status: &'static str, #[case] told: bool) {
    let run = answered(status);
    run.exits(1).never_shows("canary");
    assert_eq!(run.stderr.contains("auth.suspect"), told, "{}", run.stderr);
    let warnings = run.report.as_ref().unwrap()["warnings"].to_string();
    let said = "are the credentials right? They are $CANARY, of --bearer-env";
    assert_eq!(warnings.contains(said), told, "{warnings}");
}
