//! The same service behind a login, and with a limit on how often it is asked.

use crate::flows::others;
use crate::project;
use crate::service::{DRIFT, Service};
use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use axum::routing::post;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const FLOW: &str = include_str!("users.toml");
const SECRET: &str = "canary-of-the-client";
const TOKEN: &str = "canary-of-the-service";

/// Grants a token to who knows the secret, lets nobody in without it, and turns the first GET away for a second.
fn guarded() -> Service {
    Service::wrapped(|routes, _| {
        let asked = Arc::new(AtomicBool::new(false));
        let guard = from_fn(move |request: Request, next: Next| {
            let asked = Arc::clone(&asked);
            async move {
                let bearer = format!("Bearer {TOKEN}");
                if request.headers().get("authorization").is_none_or(|came| came != bearer.as_str()) {
                    return StatusCode::UNAUTHORIZED.into_response();
                }
                if request.method() == "GET" && !asked.swap(true, Ordering::SeqCst) {
                    return (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "1")]).into_response();
                }
                next.run(request).await
            }
        });
        let token = |headers: HeaderMap| async move {
            let knows = headers["authorization"] == "Basic ZmFpdGhmdWw6Y2FuYXJ5LW9mLXRoZS1jbGllbnQ=";
            let status = if knows { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
            (status, Json(json!({ "access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600 })))
        };
        routes.layer(guard).route("/login/token", post(token))
    })
}

#[test]
fn who_logs_in_and_waits_as_asked_sees_the_drift_and_nothing_else() {
    let service = guarded();
    let url = service.url();
    let workspace = project(&format!(
        "[target.staging]\nurl = \"{url}\"\n[target.staging.auth.oauth]\ntoken_url = \"{url}/login/token\"\n\
         client_id = \"faithful\"\nclient_secret = \"${{SECRET}}\"\n\n{FLOW}"
    ));
    let mut command = workspace.command(["verify", "docs", "--target", "staging", "-v"]);
    command.args(["--report-json", "report.json"]).env("SECRET", SECRET);
    let run = workspace.run(command);
    run.exits(1).never_shows(SECRET).never_shows(TOKEN);
    assert_eq!(others(&run, "passed"), [format!("{DRIFT}: failed type")], "{}", run.printed());
    let log = service.log();
    assert_eq!(log[0], "POST /login/token");
    let count = |line: &str| log.iter().filter(|came| *came == line).count();
    assert_eq!((count("POST /login/token"), count("POST /users"), count("GET /users")), (1, 1, 2), "{log:?}");
    assert_eq!(run.report.as_ref().unwrap()["summary"]["flaky"], 0, "a limit is no flaw");
    assert_eq!(service.users(), 0);
}
