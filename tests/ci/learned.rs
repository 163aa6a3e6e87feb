//! What answers give away on the way is masked from then on, whatever name it stands under.

use crate::hostile::{Hostile, Step, answer, json};
use crate::run::{Workspace, get};
use serde_json::json;
use std::fs;

const GIVEN: [&str; 7] = [
    "canaryCookie-0123456",
    "canaryXauth-123456",
    "canaryAuthz-123456",
    "canaryToken-123456",
    "canaryAccess-123456",
    "canaryRefresh-123456",
    "canaryKey-123456",
];

/// A login that gives tokens away, and an answer that repeats them under a name that says nothing.
fn service() -> Hostile {
    Hostile::answering(|delivery| {
        if !delivery.target().starts_with("/login") {
            let said = json!({ "a": [GIVEN, ["documented-example", delivery.target()]] });
            return vec![Step::Write(json("200 OK", &said.to_string()))];
        }
        let [cookie, field, authorization, token, access, refresh, key] = GIVEN;
        let body = json!({
            "a": "1", "token": token, "access_token": access,
            "nested": { "refreshToken": refresh, "api_key": [key] },
            "example_token": "documented-example",
        });
        let fields = [
            ("Content-Type", "application/json"),
            ("Set-Cookie", &format!("sid={cookie}; HttpOnly")),
            ("X-Auth-Token", field),
            ("Authorization", &format!("Bearer {authorization}")),
        ];
        vec![Step::Write(answer("200 OK", &fields, body.to_string().as_bytes()))]
    })
}

#[test]
fn what_an_answer_gives_away_is_masked_in_later_ones() {
    let mut login = get("/login");
    login["response"]["json"] = json!({ "a": 1, "example_token": "documented-example" });
    let workspace = Workspace::with(&[("a_login", login), ("b", get("/b/{code}")), ("c", get("/c/{thing}"))]);
    workspace.file(
        "faithful.toml",
        "[[flow]]\nname = \"f\"\n[[flow.step]]\ncontract = \"a_login\"\n\
         capture = { code = \"$.access_token\", thing = \"$.a\" }\n\
         [[flow.step]]\ncontract = \"b\"\n[[flow.step]]\ncontract = \"c\"\n",
    );
    let server = service();
    let mut command = workspace.command(["verify", "contracts", "-v", "--target", &server.url()]);
    command.args(["--report-json", "report.json", "--report-junit", "report.xml"]);
    command.args(["--report-markdown", "report.md"]);
    let run = workspace.run(command);
    run.exits(1);
    let mut shown = vec![run.stdout.clone(), run.stderr.clone()];
    for file in ["report.json", "report.xml", "report.md"] {
        shown.push(fs::read_to_string(workspace.path().join(file)).unwrap());
    }
    assert!(shown[2].contains("\"b\"") && shown[2].contains("[REDACTED:"), "{}", shown[2]);
    for text in &shown {
        let found: Vec<_> = GIVEN.iter().filter(|given| text.contains(**given)).collect();
        assert!(found.is_empty(), "{found:?} in {text}");
    }
    // What the page itself shows hides nothing.
    assert!(shown[2].contains("documented-example"), "{}", shown[2]);
}

/// A variable of the environment that is called after a credential holds one, whatever its value is called here.
#[test]
fn what_comes_from_a_variable_of_a_credential_is_masked() {
    let mut contract = get("/x/{code}/{apiToken}/{password}");
    contract["request"]["headers"] = json!({ "X-Given": "{shop}" });
    let workspace = Workspace::of(&contract);
    workspace.file(
        "faithful.toml",
        "[variables]\ncode = \"v1.${LOGIN_SECRET}\"\napiToken = \"${OTHER}\"\n[variables.\"*\"]\nshop = \"${SHOP_KEY}\"\n",
    );
    let server = Hostile::answering(|delivery| {
        let said = delivery.values("x-given").join(" ") + " " + &delivery.target();
        vec![Step::Write(json("200 OK", &json!({ "a": said }).to_string()))]
    });
    let variables = [
        ("LOGIN_SECRET", "canary-login-77"),
        ("SHOP_KEY", "canary-shop-77"),
        ("OTHER", "canary-other-77"),
        ("FAITHFUL_VARIABLE_PASSWORD", "canary-password-77"),
    ];
    let run = workspace.verify_with(&server.url(), &["-v"], &variables);
    run.exits(1).never_shows("canary");
    let curl = run.verdicts()[0]["curl"].as_str().unwrap().to_owned();
    let held = "/x/v1.\"$LOGIN_SECRET\"/\"$OTHER\"/\"$FAITHFUL_VARIABLE_PASSWORD\"";
    assert!(curl.contains(held) && curl.contains("\"$SHOP_KEY\""), "{curl}");
}
