//! A service that is a `tower::Service` is held against its docs in process: no socket, no port.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use axum::body::{Body, to_bytes};
use axum::extract::Path;
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{delete, get};
use axum::{Json, Router};
use faithful::verdict::Report;
use faithful::{Contract, Suite, Verifier};
use serde_json::{Value, json};
use tower::ServiceExt;

/// The library, after all its books were sold.
fn app() -> Router {
    let book = |Path(book): Path<String>| async move {
        let problem = json!({
            "type": "https://library.example.com/problems/no-such-book",
            "title": "No such book",
            "status": 404,
            "bookId": book,
        });
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        (StatusCode::NOT_FOUND, kind, Json(problem)).into_response()
    };
    let returned = |Path((_member, _book)): Path<(String, String)>| async { StatusCode::NO_CONTENT };
    Router::new()
        .route("/v1/books/{book}", get(book))
        .route("/v1/members/{member}/loans/{book}", delete(returned))
}

async fn called(app: Router, contract: &Contract) -> Report {
    let prepared = Verifier::stub().prepare(contract).unwrap();
    let response = app.oneshot(prepared.request().map(Body::from)).await.unwrap();
    let (head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    prepared.judge(Response::from_parts(head, body))
}

#[tokio::test]
async fn the_router_keeps_its_docs() {
    let suite =
        Suite::load(["contracts/books/get_book_that_was_sold.json", "contracts/loans/return_book.json"]);
    for contract in suite.unwrap().contracts() {
        called(app(), contract).await.assert_passed();
    }
}

/// What a failed assertion says of an answer to the request for a book that was sold.
async fn complaint(answer: Value) -> String {
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    let answer = (StatusCode::NOT_FOUND, kind, answer.to_string());
    let app = Router::new().route("/v1/books/{book}", get(|| async { answer }));
    let suite = Suite::load(["contracts/books/get_book_that_was_sold.json"]).unwrap();
    let report = called(app, suite.contracts().next().unwrap()).await;
    let panicked = std::panic::catch_unwind(|| report.assert_passed()).unwrap_err();
    panicked.downcast_ref::<String>().unwrap().clone()
}

#[tokio::test]
async fn a_panic_says_what_differs_and_below_it_what_assert_json_diff_says() {
    let text = complaint(json!({
        "type": "https://library.example.com/problems/no-such-book",
        "status": "404",
        "bookId": "3f1c9a52-7d0e-4b6a-9c41-2e8d5a7b6f10",
        "more": true,
    }));
    let text = text.await;
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/router/a-failed-assertion.txt");
    if std::env::var_os("FAITHFUL_BLESS").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(file).unwrap());
}

#[tokio::test]
async fn nothing_in_the_text_of_a_panic_steers_a_terminal() {
    let text =
        complaint(json!({"type": "\u{1b}[2J", "title": "\u{202e}", "status": 404, "bookId": "\u{9b}1m"}));
    let text = text.await;
    assert!(!text.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}'), "{text:?}");
    assert!(text.contains("json atoms at path \".bookId\" are not equal"), "{text}");
}
