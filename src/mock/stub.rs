//! The embedded stub: wiremock around the router.

use super::route::{Answer, CONTRACT_HEADER, Incoming, Router};
use crate::contract::Contract;
use http::{HeaderName, HeaderValue};
use std::io;
use std::net::TcpListener;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// A server on loopback that answers every contract with its documented answer. It ends when it is dropped.
#[derive(Debug)]
pub struct Stub {
    server: MockServer,
}

impl Stub {
    /// Starts a stub on a free port.
    ///
    /// One mock holds the router: wiremock sorts and scans all that are mounted for every request. Requests are not
    /// recorded, which wiremock would do for ever.
    pub async fn start(contracts: impl IntoIterator<Item = Contract>) -> io::Result<Stub> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let server = MockServer::builder().listener(listener).disable_request_recording().start().await;
        Mock::given(any()).respond_with(Responder(Router::new(contracts))).mount(&server).await;
        Ok(Stub { server })
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        self.server.uri()
    }
}

struct Responder(Router);

impl Respond for Responder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path_and_query = match request.url.query() {
            Some(query) => format!("{}?{query}", request.url.path()),
            None => request.url.path().to_owned(),
        };
        let contract = request.headers.get(CONTRACT_HEADER).and_then(|id| id.to_str().ok());
        let answer = self.0.answer(&Incoming {
            method: request.method.as_str(),
            path_and_query: &path_and_query,
            body: &request.body,
            contract,
        });
        template(answer)
    }
}

fn template(answer: Answer) -> ResponseTemplate {
    let mut template = ResponseTemplate::new(answer.status);
    for (name, value) in answer.headers.iter() {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_bytes(value.as_bytes());
        // What cannot stand in a header was documented by mistake; the rest of the answer is worth having.
        if let (Ok(name), Ok(value)) = (name, value) {
            template = template.append_header(name, value);
        }
    }
    if answer.body.is_empty() { template } else { template.set_body_bytes(answer.body) }
}
