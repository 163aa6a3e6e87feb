//! Credentials: those of a page are never sent, and what looks like a live one is never shown.

use crate::hostile::{Hostile, Step, answer, json};
use crate::run::{Run, Workspace, get, sending};
use rstest::rstest;
use serde_json::json;

/// Names of fields that a page must not decide about.
const HELD: [&str; 36] = [
    "Authorization",
    "authorization",
    "Proxy-Authorization",
    "Proxy-Connection",
    "Cookie",
    "Set-Cookie",
    "X-Api-Key",
    "Api-Key",
    "ApiKey",
    "X-Functions-Key",
    "Ocp-Apim-Subscription-Key",
    "X-Auth-Token",
    "X-Amz-Security-Token",
    "X-CSRF-Token",
    "Client-Secret",
    "X-Password",
    "Host",
    "Connection",
    "Keep-Alive",
    "Content-Length",
    "Transfer-Encoding",
    "TE",
    "Trailer",
    "Upgrade",
    "Expect",
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "HTTP2-Settings",
    "X-Real-IP",
    "True-Client-IP",
    "CB-ACCESS-PASSPHRASE",
    "OK-ACCESS-SIGN",
    "X-ZUMO-AUTH",
    "X-MS-CLIENT-PRINCIPAL",
];

#[test]
fn documented_credentials_and_framing_never_reach_the_wire() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    for method in ["GET", "POST"] {
        let contracts = HELD.map(|name| {
            let mut contract = if method == "GET" { get("/x") } else { sending(method, "/x") };
            contract["request"]["headers"] = json!({ name: "canary, 999", "X-Kept": name, "Accept": "a/b" });
            (name, contract)
        });
        let workspace = Workspace::new();
        for (index, (_, contract)) in contracts.iter().enumerate() {
            workspace.file(&format!("contracts/{index:02}.json"), contract.to_string());
        }
        let run = workspace.verify(&server, &[]);
        run.exits(0);
    }
    let deliveries = server.deliveries();
    assert_eq!(deliveries.len(), 2 * HELD.len());
    for delivery in deliveries {
        let text = delivery.text();
        assert!(!text.contains("canary"), "{text}");
        assert_eq!(
            (delivery.values("x-kept").len(), delivery.values("accept")),
            (1, vec!["a/b".to_owned()]),
            "{text}"
        );
        assert_eq!(delivery.values("host"), [server.authority()]);
        assert!(delivery.values("transfer-encoding").is_empty(), "{text}");
        let length = delivery.values("content-length").first().map_or(0, |length| length.parse().unwrap());
        assert_eq!(length, delivery.body().len(), "{text}");
    }
}

#[rstest]
#[case::a_line_break("X-A", "1\r\nAuthorization: canary")]
#[case::a_line_feed("X-A", "1\nX-B: canary")]
#[case::a_whole_request("X-A", "1\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: canary")]
#[case::nul("X-A", "a\0b")]
#[case::a_name_with_a_line_break("X-A: 1\r\nX-B", "canary")]
#[case::a_name_with_a_colon("X-A:", "canary")]
#[case::an_empty_name("", "canary")]
fn a_field_that_would_be_two_is_not_sent(#[case] name: &str, #[case] value: &str) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let mut contract = get("/x");
    contract["request"]["headers"] = json!({ name: value });
    Workspace::of(&contract).verify(&server, &[]).ends(3, "errored request.unsendable");
    assert_eq!(server.connections(), 0);
}

#[rstest]
#[case("GET /smuggled HTTP/1.1\r\nX:")]
#[case("GET ")]
#[case("")]
#[case("CONNECT")]
#[case("GET\0")]
#[case("G\u{c9}T")]
fn a_method_that_is_none_is_not_sent(#[case] method: &str) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    Workspace::of(&sending(method, "/x")).verify(&server, &[]).ends(3, "errored request.unsendable");
    assert_eq!(server.connections(), 0);
}

/// Forms of live secrets, put together here so that no scanner takes this file for a leak.
fn secrets() -> Vec<String> {
    let letters = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4y5Z6";
    vec![
        format!("gh{}_{}", "p", &letters[..36]),
        format!("github_{}_{}", "pat", &letters.repeat(2)[..60]),
        format!("AK{}", "IAABCDEFGHIJKLMNOP"),
        format!("xo{}-{}", "xb", &letters[..30]),
        format!("sk_{}_{}", "live", &letters[..24]),
        format!("gl{}-{}", "pat", &letters[..20]),
        format!("AI{}{}", "za", &letters[..35]),
        format!("eyJ{}.eyJ{}.{}", &letters[..20], &letters[..30], &letters[..40]),
    ]
}

fn shows_none_of(run: &Run, secret: &str) {
    run.never_shows(secret);
}

#[test]
fn a_live_looking_secret_holds_its_request_back_and_is_masked_everywhere() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    for secret in secrets() {
        let mut contracts = vec![
            ("path", get(&format!("/x/{secret}"))),
            ("query", get(&format!("/x?key={secret}&y=1"))),
            ("body", sending("POST", "/x")),
            ("text", sending("POST", "/x")),
        ];
        contracts[2].1["request"]["json"] = json!({ "deep": [{ "note": format!("use {secret}.") }] });
        contracts[3].1["request"].as_object_mut().unwrap().remove("json");
        contracts[3].1["request"]["text"] = format!("key={secret}").into();
        for format in ["pretty", "short", "json"] {
            let run = Workspace::with(&contracts).verify(&server, &["--format", format]);
            shows_none_of(run.exits(5), &secret);
            let held = contracts.iter().map(|(id, _)| run.outcome(id));
            assert_eq!(held.collect::<Vec<_>>(), ["skipped credential"; 4], "{secret}");
        }
    }
    assert_eq!(server.connections(), 0);
}

#[rstest]
#[case("/x?access_token=canary-value")]
#[case("/x?a=1&API-Key=canary-value")]
#[case("/x?client_secret=canary-value")]
#[case("/x?code=1&password=canary-value")]
#[case("/x?sig=canary-value")]
#[case("/x?token=canary-value")]
#[case("/x?code=canary-value-of-a-code")]
#[case("/x#access_token=canary-value")]
#[case("/x?X-Amz-Signature=canary-value")]
fn a_parameter_that_carries_a_credential_holds_its_request_back(#[case] url: &str) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let run = Workspace::of(&get(url)).verify(&server, &[]);
    run.ends(5, "skipped credential").never_shows("canary-value");
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_live_looking_secret_in_any_field_is_not_sent() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    for secret in secrets() {
        let mut contract = get("/x");
        contract["request"]["headers"] = json!({ "X-Note": format!("Bearer {secret}"), "Accept": "a/b" });
        shows_none_of(&Workspace::of(&contract).verify(&server, &[]), &secret);
        assert!(server.deliveries().iter().all(|delivery| !delivery.text().contains(&secret)), "{secret}");
    }
}

#[test]
fn a_secret_in_the_user_information_of_a_documented_url_is_neither_sent_nor_shown() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    for own in [true, false] {
        let mut contracts = vec![("a", get("https://ann:canary-pass@home.example/a"))];
        if !own {
            contracts.extend(["b", "c", "d"].map(|id| (id, get(&format!("https://other.example/{id}")))));
        }
        for format in ["pretty", "short", "json"] {
            Workspace::with(&contracts).verify(&server, &["--format", format]).never_shows("canary-pass");
        }
    }
    assert!(server.deliveries().iter().all(|delivery| !delivery.text().contains("canary-pass")));
}

#[test]
fn a_secret_that_the_target_answers_is_masked() {
    for secret in secrets() {
        let (one, two) = (secret.clone(), secret.clone());
        let server = Hostile::answering(move |delivery| {
            vec![Step::Write(match delivery.target().as_str() {
                "/value" => json("200 OK", &json!({ "a": two }).to_string()),
                "/text" => json("200 OK", &format!("error: {two}")),
                "/redirect" => answer("302 Found", &[("Location", &format!("/x?code={two}"))], b""),
                _ => answer("500 Oops", &[("Content-Type", &format!("text/html; {two}"))], two.as_bytes()),
            })]
        });
        let paths = ["value", "text", "redirect", "oops"];
        let contracts = paths.map(|path| (path, get(&format!("/{path}"))));
        for format in ["pretty", "short", "json"] {
            let run = Workspace::with(&contracts).verify(&server, &["--format", format]);
            shows_none_of(run.exits(1), &one);
        }
    }
}

#[rstest]
#[case("access_token")]
#[case("refresh_token")]
#[case("client_secret")]
#[case("password")]
fn what_the_target_answers_under_a_secrets_name_is_masked(#[case] name: &str) {
    let body = format!("{{\"{name}\": \"canary-value\", \"a\": {{\"{name}\": \"canary-value\"}}}}");
    let server = Hostile::saying(json("200 OK", &body));
    let mut contract = get("/x");
    contract["response"]["json"] = json!({ name: 7, "a": 1 });
    for format in ["pretty", "short", "json"] {
        Workspace::of(&contract).verify(&server, &["--format", format]).exits(1).never_shows("canary-value");
    }
}

#[test]
fn credentials_in_a_body_that_is_not_compared_are_masked() {
    let text = "{\"refresh_token\":\"canary-1\", \"token\": {\"a\": \"canary-2\"}, access_token=canary-3&b, \"password\": \"canary-4";
    for status in ["200 OK", "500 Oops"] {
        let server = Hostile::saying(json(status, text));
        for format in ["pretty", "short", "json"] {
            let run = Workspace::of(&get("/x")).verify(&server, &["--format", format]);
            run.exits(1).never_shows("canary");
        }
    }
}

#[rstest]
#[case("client_secret=canary-value-of-a-secret&grant_type=x")]
#[case("grant_type=x&refresh_token=canary-value-of-a-token")]
fn a_form_that_carries_a_credential_is_held_back(#[case] form: &str) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let mut contract = sending("POST", "/x");
    contract["request"].as_object_mut().unwrap().remove("json");
    contract["request"]["text"] = form.into();
    Workspace::of(&contract).verify(&server, &[]).ends(5, "skipped credential").never_shows("canary-value");
    assert_eq!(server.connections(), 0);
}

#[rstest]
#[case("api_key", "canary")]
#[case("X-Auth-Email", "canary")]
#[case("X-Session-Id", "canary")]
#[case("Cookie2", "canary")]
#[case("DPoP", "canary")]
#[case("X-CSRFToken", "canary")]
#[case("X-Amz-Credential", "canary")]
#[case("X-Upstream", "Bearer canary")]
#[case("Referer", "https://canary.example/")]
#[case("Origin", "https://canary.example")]
#[case("X-Original-URL", "/canary")]
fn a_field_that_carries_a_credential_or_an_origin_is_not_sent(#[case] name: &str, #[case] value: &str) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let mut contract = get("/x");
    contract["request"]["headers"] = json!({ name: value });
    Workspace::of(&contract).verify(&server, &[]);
    assert!(!server.deliveries().is_empty());
    assert!(server.deliveries().iter().all(|delivery| !delivery.text().contains("canary")));
}
