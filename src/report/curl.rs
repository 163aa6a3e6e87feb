//! A request as a `curl` command, to be run by hand: secrets are the variables that hold them, and nothing that a page
//! or a service says is more than an argument.

use crate::json::Json;
use crate::message::{Body, Carried, Part, Sent};
use crate::secret::{Secrets, is_credential_header, masked};
use base64::Engine as _;
use percent_encoding::percent_decode_str;
use std::fmt::Write as _;

use super::prose::{COMMAND, steers};

/// A longer body is left out.
const LONGEST_BODY: usize = 4096;

/// ```text
/// curl --request POST --header 'Content-Type: application/json' --header 'Authorization: Bearer '"$API_TOKEN" \
///   --data-raw '{"a": 1}' http://127.0.0.1:8080/users
/// ```
///
/// in one line. Where the run knows no variable for what must not be shown, the shell asks for it by the name that it
/// stands under, `"${PASSWORD:?set it to what the page shows}"`, and sends nothing before it is there.
pub fn curl(sent: &Sent, carried: &[Carried], secrets: &Secrets) -> String {
    let mut line = String::from("curl");
    match sent.method.as_str() {
        "GET" if sent.body.is_none() => {}
        "HEAD" => line.push_str(" --head"),
        method => {
            let _ = write!(line, " --request {}", argument(method, secrets));
        }
    }
    for (name, value) in sent.headers.iter() {
        // A credential of the run stands in the place of a field of the same name.
        if !carried.iter().any(|carried| carried.field.eq_ignore_ascii_case(name)) {
            field(name, value, secrets, &mut line);
        }
    }
    for Carried { field, scheme, parts } in carried {
        let parts = parts.iter().flat_map(|part| match part {
            Part::Text(text) => pieces(text, secrets),
            Part::Secret(name) => vec![Piece::Secret(variable(name))],
        });
        let parts = parts.collect();
        let _ = match *scheme {
            "Basic" => write!(line, " --user {}", joined("", parts)),
            "" => write!(line, " --header {}", joined(&format!("{field}: "), parts)),
            scheme => write!(line, " --header {}", joined(&format!("{field}: {scheme} "), parts)),
        };
    }
    // Without a type curl would claim that it is a form.
    if !sent.body.is_none() && sent.headers.get("content-type").is_none() {
        line.push_str(" --header Content-Type:");
    }
    match &sent.body {
        Body::None => {}
        Body::Json(json) if json.text().len() <= LONGEST_BODY => {
            // On one line, where a page has it on several.
            let text =
                if json.text().contains(steers) { json.root().to_compact() } else { json.text().to_owned() };
            let _ = write!(line, " --data-raw {}", argument(&text, secrets));
        }
        Body::Text(text) if text.len() <= LONGEST_BODY => {
            let _ = write!(line, " --data-raw {}", argument(text, secrets));
        }
        // What is long, or no text, is for a file.
        Body::Json(_) | Body::Text(_) | Body::Base64(_) => line.push_str(" --data-binary @BODY"),
    }
    // Brackets and braces are ranges to curl.
    if sent.url.contains(['[', ']', '{', '}']) {
        line.push_str(" --globoff");
    }
    let _ = write!(line, " {}", argument(&sent.url, secrets));
    line
}

fn field(name: &str, value: &str, secrets: &Secrets, line: &mut String) {
    let pair = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
    let decoded = pair.and_then(|(_, pair)| {
        let octets = base64::engine::general_purpose::STANDARD.decode(pair.trim()).ok()?;
        String::from_utf8(octets).ok()
    });
    let held = |text: &str| {
        pieces(text, secrets).iter().any(|piece| !matches!(piece, Piece::Text(_) | Piece::OfThePage(_)))
    };
    let carries = is_credential_header(name);
    let _ = match decoded {
        Some(pair) if carries && held(&pair) => write!(line, " --user {}", argument(&pair, secrets)),
        _ if carries && !held(value) => {
            write!(line, " --header {}\"${}\"", quoted(&format!("{name}: ")), variable(name))
        }
        _ if value.is_empty() => write!(line, " --header {}", quoted(&format!("{name};"))),
        _ => write!(line, " --header {}", joined(&format!("{name}: "), pieces(value, secrets))),
    };
}

enum Piece {
    Text(String),
    /// What the secret is called.
    Secret(String),
    /// The same where it stands percent-encoded.
    Encoded(String),
    /// The same where it is escaped as in a string of JSON.
    Escaped(String),
    /// The same where it is spelled otherwise.
    Spelled(String),
    /// What the page calls what looks like one, of which the run knows no variable.
    OfThePage(String),
}

/// A text cut at the secrets in it.
fn pieces(text: &str, secrets: &Secrets) -> Vec<Piece> {
    // No argument can hold a NUL, so it can mark what is none of the text.
    let text = text.replace('\0', "");
    let marked =
        secrets.replace_spelled(&text, |name, value, found| format!("\0{}{name}\0", spelling(value, found)));
    let pieces = marked.split('\0').enumerate().flat_map(|(index, piece)| match index % 2 {
        0 => of_the_page(piece),
        _ => vec![match piece.split_at_checked(1) {
            Some(("%", name)) => Piece::Encoded(variable(name)),
            Some(("\\", name)) => Piece::Escaped(variable(name)),
            Some(("?", name)) => Piece::Spelled(variable(name)),
            Some((_, name)) => Piece::Secret(variable(name)),
            None => Piece::Secret(variable(piece)),
        }],
    });
    pieces.filter(|piece| !matches!(piece, Piece::Text(text) if text.is_empty())).collect()
}

/// How a secret is spelled: as it is (`$`), percent-encoded, escaped as in JSON, or otherwise.
fn spelling(value: &str, found: &str) -> char {
    let is_encoded = |found: &str| percent_decode_str(found).decode_utf8().is_ok_and(|text| text == value);
    let is_escaped = || {
        let quoted = Json::parse(format!("\"{found}\"")).ok();
        quoted.and_then(|json| json.root().as_str().map(|text| text == value)).unwrap_or_default()
    };
    match found {
        _ if found == value => '$',
        _ if is_encoded(found) || is_encoded(&found.replace('+', " ")) => '%',
        _ if is_escaped() => '\\',
        _ => '?',
    }
}

/// A text cut at what looks like a secret in it.
fn of_the_page(text: &str) -> Vec<Piece> {
    let (mut pieces, mut copied) = (Vec::new(), 0);
    for range in masked(text) {
        let before = text.get(copied..range.start).unwrap_or_default();
        pieces.extend([Piece::Text(before.to_owned()), Piece::OfThePage(named_before(before))]);
        copied = range.end;
    }
    pieces.push(Piece::Text(text.get(copied..).unwrap_or_default().to_owned()));
    pieces
}

/// The name that a text ends with, as a variable: `PASSWORD` of `{"password": "`.
fn named_before(text: &str) -> String {
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || "\"'\\:=".contains(c));
    let name = text.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').next();
    match name.unwrap_or_default() {
        "" => "SECRET".to_owned(),
        name => variable(name).to_ascii_uppercase(),
    }
}

/// One argument of a command.
fn argument(text: &str, secrets: &Secrets) -> String {
    let shown = joined("", pieces(text, secrets));
    if shown.is_empty() { "''".to_owned() } else { shown }
}

fn joined(before: &str, pieces: Vec<Piece>) -> String {
    let (mut shown, mut text) = (String::new(), before.to_owned());
    for piece in pieces {
        let filled = match piece {
            Piece::Text(more) => {
                text.push_str(&more);
                continue;
            }
            Piece::Secret(name) => format!("\"${name}\""),
            // What the shell puts in has to be spelled as in the request.
            Piece::Encoded(name) => format!("\"$(jq -nr --arg v \"${name}\" '$v|@uri')\""),
            Piece::Escaped(name) => format!("\"$(jq -nr --arg v \"${name}\" '$v|tojson|.[1:-1]')\""),
            Piece::Spelled(name) => {
                format!("\"${{{name}_AS_SENT:?set it to {name} as the request spells it}}\"")
            }
            Piece::OfThePage(name) => format!("\"${{{name}:?set it to what the page shows}}\""),
        };
        if !text.is_empty() {
            shown.push_str(&quoted(&std::mem::take(&mut text)));
        }
        shown.push_str(&filled);
    }
    if !text.is_empty() {
        shown.push_str(&quoted(&text));
    }
    shown
}

/// The name of a variable of a shell.
fn variable(name: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    // One that is lawful as it is may be written in lower case.
    let lawful = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let name: String = if lawful { name.to_owned() } else { name.chars().map(letter).collect() };
    if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() { format!("_{name}") } else { name }
}

/// A text that a shell takes as it is.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    if !text.contains(steers) && !text.contains(COMMAND) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    // What would steer a terminal is spelt out, as bash and zsh read it.
    let mut shown = String::from("$'");
    for c in text.chars() {
        match c {
            '\\' | '\'' => shown.extend(['\\', c]),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if c.is_ascii_control() => {
                let _ = write!(shown, "\\x{:02x}", u32::from(c));
            }
            c if steers(c) => {
                let _ = write!(shown, "\\u{:04x}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown.push('\'');
    shown.replace(COMMAND, "##\\x5b")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn sent(method: &str, headers: &[(&str, &str)], body: Body) -> Sent {
        Sent {
            method: method.into(),
            url: "http://127.0.0.1:1/a?b=1&c={d}".into(),
            headers: headers.iter().copied().collect(),
            body,
            ..Sent::default()
        }
    }

    fn secrets() -> Secrets {
        let secrets = Secrets::default();
        secrets.add("API_TOKEN", "correct-horse-battery");
        secrets.add("staging.user", "ann:it's a secret");
        secrets
    }

    #[test]
    fn secrets_are_the_variables_that_hold_them() {
        let basic = base64::engine::general_purpose::STANDARD.encode("ann:it's a secret");
        let (bearer, basic) = ("Bearer correct-horse-battery".to_owned(), format!("Basic {basic}"));
        let headers = [("Authorization", bearer.as_str()), ("authorization", &basic), ("X-Api-Key", "7")];
        let shown = curl(&sent("GET", &headers, Body::None), &[], &secrets());
        let expected = "curl --header 'Authorization: Bearer '\"$API_TOKEN\" --user \"$STAGING_USER\" \
                        --header 'X-Api-Key: '\"$X_API_KEY\" --globoff 'http://127.0.0.1:1/a?b=1&c={d}'";
        assert_eq!(shown, expected);
    }

    #[test]
    fn credentials_of_the_run_are_the_variables_that_hold_them() {
        let carried = |field: &str, scheme, secret: &str| Carried {
            field: field.into(),
            scheme,
            parts: vec![Part::Secret(secret.into())],
        };
        let all = [
            carried("authorization", "Bearer", "API_TOKEN"),
            carried("authorization", "Basic", "STAGING_USER"),
            carried("x-api-key", "", "[target.staging] key"),
        ];
        let shown = curl(&sent("GET", &[("Authorization", "x"), ("A", "b")], Body::None), &all, &secrets());
        let expected = "curl --header 'A: b' --header 'authorization: Bearer '\"$API_TOKEN\" --user \"$STAGING_USER\" \
                        --header 'x-api-key: '\"$_TARGET_STAGING__KEY\" --globoff 'http://127.0.0.1:1/a?b=1&c={d}'";
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_is_put_together_stands_as_it_is_sent() {
        let text = |text: &str| Part::Text(text.into());
        let secret = |name: &str| Part::Secret(name.into());
        let carried = |field: &str, scheme, parts: Vec<Part>| Carried { field: field.into(), scheme, parts };
        let all = [
            carried("authorization", "", vec![text("Token "), secret("TK")]),
            carried("cookie", "", vec![text("sid="), secret("TK"), text("; lang=en")]),
            carried("x-two", "", vec![secret("PRE"), text(" "), secret("TK")]),
            carried("x-tenant", "", vec![text("acme")]),
            carried("authorization", "Basic", vec![text("ann:"), secret("PASSWORD")]),
        ];
        let shown = curl(&sent("GET", &[], Body::None), &all, &secrets());
        let expected = "curl --header 'authorization: Token '\"$TK\" --header 'cookie: sid='\"$TK\"'; lang=en' \
                        --header 'x-two: '\"$PRE\"' '\"$TK\" --header 'x-tenant: acme' --user ann:\"$PASSWORD\" \
                        --globoff 'http://127.0.0.1:1/a?b=1&c={d}'";
        assert_eq!(shown, expected);
    }

    #[rstest]
    #[case(Body::Json(Json::parse(r#"{"a": "it's"}"#).unwrap()), r#"--data-raw '{"a": "it'\''s"}'"#)]
    #[case(Body::Text("a\nb\u{1b}'".into()), r"--data-raw $'a\nb\x1b\''")]
    #[case(Body::Text("##[error]x".into()), r"--data-raw $'##\x5berror]x'")]
    #[case(Body::Text("x".repeat(5000)), "--data-binary @BODY")]
    #[case(Body::Base64("AAE=".into()), "--data-binary @BODY")]
    fn bodies(#[case] body: Body, #[case] shown: &str) {
        let line = curl(&sent("POST", &[("Accept", "a/b"), ("X-Empty", "")], body), &[], &secrets());
        let expected = format!(
            "curl --request POST --header 'Accept: a/b' --header 'X-Empty;' --header Content-Type: {shown} \
             --globoff 'http://127.0.0.1:1/a?b=1&c={{d}}'"
        );
        assert_eq!(line, expected);
    }

    #[rstest]
    #[case(
        r#"{"user": "ann", "password": "nonsense-7"}"#,
        r#"'{"user": "ann", "password": "'"${PASSWORD:?set it to what the page shows}"'"}'"#
    )]
    #[case(
        "a=b&client_secret=nonsense-7",
        "'a=b&client_secret='\"${CLIENT_SECRET:?set it to what the page shows}\""
    )]
    #[case("ghp_0123456789abcdefghijklmnopqrstuvwxyzAB", "\"${SECRET:?set it to what the page shows}\"")]
    fn what_the_page_made_up_is_asked_for_by_its_name(#[case] body: &str, #[case] shown: &str) {
        let line = curl(&sent("POST", &[("Content-Type", "a/b")], Body::Text(body.into())), &[], &secrets());
        assert!(line.contains(&format!("--data-raw {shown} --globoff")), "{line}");
        assert!(!line.contains("nonsense-7") && !line.contains("REDACTED"), "{line}");
    }

    /// The shell, of which the variable is a secret's, puts in what the request has.
    #[rstest]
    #[case::as_it_is("a=pa55/w+rd:x&y9", "a=pa55/w+rd:x&y9")]
    #[case::in_a_path("/x/pa55%2Fw%2Brd%3Ax%26y9/z", "/x/pa55%2Fw%2Brd%3Ax%26y9/z")]
    #[case::in_a_path_as_it_may_be("/x/pa55%2Fw+rd:x%26y9", "/x/pa55%2Fw%2Brd%3Ax%26y9")]
    #[case::in_json(r#"{"a": "two \"words\" here"}"#, r#"{"a": "two \"words\" here"}"#)]
    #[case::in_a_form("b=two+%22words%22+here", "b=two%20%22words%22%20here")]
    #[cfg(target_os = "linux")]
    fn a_secret_is_put_in_as_it_is_spelled(#[case] text: &str, #[case] sent: &str) {
        let secrets = Secrets::default();
        let known = [("LOGIN", "pa55/w+rd:x&y9"), ("WORDS", "two \"words\" here")];
        for (name, value) in known {
            secrets.add(name, value);
        }
        let shown = argument(text, &secrets);
        assert!(!shown.contains("w+rd") && !shown.contains("words"), "{shown}");
        let mut bash = std::process::Command::new("bash");
        let has_jq = std::process::Command::new("jq").arg("--version").output().is_ok();
        bash.envs(known).arg("-c").arg(format!("printf %s {shown}"));
        if let (Ok(output), true) = (bash.output(), has_jq || !shown.contains("jq")) {
            assert_eq!(String::from_utf8_lossy(&output.stdout), sent, "{shown}");
        }
    }

    #[test]
    fn what_no_shell_can_spell_is_asked_for() {
        let shown = argument("Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5", &secrets());
        assert_eq!(shown, "\"${API_TOKEN_AS_SENT:?set it to API_TOKEN as the request spells it}\"");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// A shell reads back what was meant, whatever it is.
        #[test]
        #[cfg(target_os = "linux")]
        fn a_shell_takes_it_for_one_argument(text in "[^\0]{1,30}") {
            prop_assume!(masked(&text).is_empty());
            let script = format!("printf %s {}", argument(&text, &Secrets::default()));
            let mut bash = std::process::Command::new("bash");
            if let Ok(output) = bash.env("LC_ALL", "C.UTF-8").arg("-c").arg(script).output() {
                prop_assert_eq!(String::from_utf8_lossy(&output.stdout), text);
            }
        }
    }
}
