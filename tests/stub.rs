//! The embedded stub: answers what is documented, says what is nearest where nothing is, and leaves room for mocks.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, reason = "a test may panic")]

use faithful::contract::ContractId;
use faithful::docs::{Annotations, read};
use faithful::{Contract, Stub, Suite, Verifier};
use serde_json::{Value, json};
use std::path::PathBuf;
use wiremock::matchers::path;
use wiremock::{Mock, ResponseTemplate};

const PAGE: &str = "```http\nGET /users/{id}?$select=name\n```\n\n```http\nHTTP/1.1 200 OK\n\n{\"id\": \"7\"}\n```\n\n\
                    ```http\nPOST /users\nContent-Type: application/json\n\n{\"name\": \"Ann\", \"age\": 40}\n```\n\n\
                    ```http\nHTTP/1.1 201 Created\n\n{\"id\": \"7\"}\n```\n\n\
                    ```http\nGET /users/me\n```\n\n```http\nHTTP/1.1 204 No Content\n\n{\"never\": \"sent\"}\n```\n";

fn contracts() -> Vec<Contract> {
    read("users.md", PAGE, Annotations::Optional).pairs.into_iter().map(|pair| pair.contract).collect()
}

async fn get(url: String) -> reqwest::Response {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap().get(url).send().await.unwrap()
}

/// The body of an answer, as JSON.
async fn body(mut response: reqwest::Response) -> Value {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.unwrap() {
        bytes.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn the_most_specific_contract_answers_and_is_counted() {
    let stub = Stub::start(contracts()).await.unwrap();
    assert_eq!(get(format!("{}/users/9?$select=name&x=y", stub.url())).await.status(), 200);
    assert_eq!(get(format!("{}/users/me", stub.url())).await.status(), 204);
    let answered: Vec<_> =
        stub.received().into_iter().map(|taken| taken.contract.unwrap().to_string()).collect();
    assert_eq!(answered, ["users/get-users-id", "users/get-users-me"]);
    let unused: Vec<_> = stub.unused().iter().map(ToString::to_string).collect();
    assert_eq!(unused, ["users/post-users"]);
}

#[tokio::test]
async fn a_miss_names_the_nearest_contracts_and_what_differs() {
    let stub = Stub::start(contracts()).await.unwrap();
    let response = get(format!("{}/users/7", stub.url())).await;
    assert_eq!(response.status(), 501);
    let miss = body(response).await;
    assert_eq!(miss["nearest"][0]["contract"], "users/get-users-id");
    assert_eq!(miss["nearest"][0]["differs"], json!(["the query has no $select=name"]));
    assert_eq!(stub.received()[0].contract, None);
}

#[tokio::test]
async fn a_body_that_differs_is_shown_member_by_member() {
    let stub = Stub::start(contracts()).await.unwrap();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let request = client.build().unwrap().post(format!("{}/users", stub.url()));
    let response = request.body(r#"{"name": "Ann", "age": 41}"#).send().await.unwrap();
    assert_eq!(response.status(), 501);
    let miss = body(response).await;
    let differs = miss["nearest"][0]["differs"][0].as_str().unwrap();
    assert!(differs.contains(".age") && differs.contains("41") && differs.contains("40"), "{differs}");
}

#[tokio::test]
async fn mocks_of_ones_own_come_first() {
    let stub = Stub::start(contracts()).await.unwrap();
    Mock::given(path("/users/me")).respond_with(ResponseTemplate::new(418)).mount(stub.server()).await;
    assert_eq!(get(format!("{}/users/me", stub.url())).await.status(), 418);
    assert_eq!(stub.received(), []);
}

#[tokio::test]
async fn a_body_that_http_leaves_out_is_no_promise() {
    let report = Verifier::stub().verify(contracts().into_iter().collect()).await.unwrap();
    report.assert_passed();
}

/// More contracts than the server keeps requests for: it begins anew while requests are on their way.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_any_length_is_answered() {
    let one = contracts().remove(0);
    let many =
        (0..4_200).map(|number| Contract { id: ContractId::new(format!("{number:04}")), ..one.clone() });
    let report = Verifier::stub().verify(many.collect()).await.unwrap();
    assert_eq!(report.summary().passed, 4_200);
}

#[tokio::test]
async fn every_pair_of_the_real_pages_is_answered_as_documented() {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("FAITHFUL_SHARED").map_or(beside, PathBuf::from);
    let pages = shared.join("corpus/pages");
    if !pages.is_dir() {
        eprintln!("skipped: no real pages at {}", pages.display());
        return;
    }
    let report = Verifier::stub().verify(Suite::load([pages]).unwrap()).await.unwrap();
    assert!(report.verdicts.len() > 500, "{}", report.verdicts.len());
    report.assert_passed();
}
