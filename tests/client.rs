//! The last gate: a client sends to the bases that it was made for, and to nothing else.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use faithful::message::Sent;
use faithful::replay::target::TargetUrl;
use faithful::replay::{Access, Client, Limits};
use faithful::verdict::Trouble;
use rstest::rstest;
use std::net::TcpListener;

#[rstest]
#[case("http://127.0.0.1:PORT/api/x")]
#[case("http://localhost:PORT/api/x")]
#[case("http://ann@127.0.0.1:1/api/x")]
#[case("http://127.0.0.1:1/other/x")]
#[case("http://127.0.0.1:1/api/../x")]
#[tokio::test]
async fn a_url_that_leads_elsewhere_is_not_dialled(#[case] url: &str) {
    let canary = TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let url = url.replace("PORT", &canary.local_addr().unwrap().port().to_string());
    let base = TargetUrl::parse("http://127.0.0.1:1/api").unwrap();
    let client = Client::new([&base], Limits::default(), &Access::default()).unwrap();
    let sent = Sent { method: "GET".into(), url, ..Sent::default() };
    let exchange = client.exchange(&sent, |_| false).await;
    assert_eq!(exchange.answer.unwrap_err().trouble, Trouble::RequestBadUrl);
    assert_eq!(exchange.attempts, 1);
    assert!(canary.accept().is_err(), "nobody called");
}
