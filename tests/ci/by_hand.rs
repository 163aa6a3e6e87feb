//! The command below a failure sends what was sent: credentials stand in their places under the names that hold them.

use crate::hostile::{Hostile, json};
use crate::run::{Run, Workspace, get};
use rstest::rstest;

const VARIABLES: [(&str, &str); 4] =
    [("TK", "canary-token-99"), ("PRE", "p"), ("LOGIN", "ann:canary-word-99"), ("WORD", "canary-word-99")];

fn run(file: &str, target: Option<&str>, flags: &[&str]) -> (Run, String) {
    let server = Hostile::saying(json("200 OK", "{\"a\": \"1\"}"));
    let workspace = Workspace::of(&get("/x"));
    workspace.file("faithful.toml", file.replace("SERVER", &server.url()));
    let run = workspace.verify_with(target.unwrap_or(&server.url()), flags, &VARIABLES);
    let line = run.exits(1).verdicts()[0]["curl"].as_str().unwrap().replace(&server.url(), "");
    (run, line)
}

#[rstest]
#[case::a_scheme("Authorization: Token $TK", "'authorization: Token '\"$TK\"")]
#[case::one_of_two("Cookie: sid=$TK; lang=en", "'cookie: sid='\"$TK\"'; lang=en'")]
#[case::two("Authorization: $PRE ${TK}", "'authorization: '\"$PRE\"' '\"$TK\"")]
#[case::none("X-Tenant: acme", "'x-tenant: acme'")]
#[case::a_dollar("X-Price: $5", "'x-price: $5'")]
#[case::half_written_out("X-Api-Key: half0fkey-$TK", "'x-api-key: [REDACTED]'\"$TK\"")]
#[case::written_out("Cookie: a=abcdefgh0123456789; b=$TK", "'cookie: a=[REDACTED]; b='\"$TK\"")]
fn a_field_stands_as_it_is_sent(#[case] field: &str, #[case] shown: &str) {
    let (run, line) = run("", None, &["-v", "-H", field]);
    assert!(line.contains(&format!("--header {shown} /x")), "{line}");
    run.never_shows("canary").never_shows("abcdefgh0123456789");
}

#[rstest]
#[case::parts("auth = { basic = \"ann:${WORD}\" }", "curl --user ann:\"$WORD\" /x")]
#[case::whole("auth = { basic = \"${LOGIN}\" }", "curl --user \"$LOGIN\" /x")]
#[case::fields(
    "headers = { X-Tenant = \"acme\", X-Api-Key = \"k.${TK}\" }",
    "curl --header 'x-api-key: k.'\"$TK\" --header 'x-tenant: acme' /x"
)]
fn so_does_what_the_file_says(#[case] said: &str, #[case] shown: &str) {
    let (run, line) = run(&format!("[target.s]\nurl = \"SERVER\"\n{said}\n"), Some("s"), &["-v"]);
    assert_eq!(line, shown);
    run.never_shows("canary");
}
