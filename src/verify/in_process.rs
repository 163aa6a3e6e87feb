//! Judges an answer that the caller has: of a router called in process, of a client of its own, of a recording.

use super::known::Known;
use super::strictness::Strictness;
use super::{Verifier, judged};
use crate::contract::Contract;
use crate::json::Budget;
use crate::judge::{Promise, compile_with_rules, judge};
use crate::message::{Framing, Received, Sent};
use crate::replay::body_bytes;
use crate::replay::gate::{Plan, plan};
use crate::replay::target::{Target, TargetUrl};
use crate::report::redact;
use crate::secret::Secrets;
use crate::verdict::{Profile, Report, RequestLine, SkipReason, Verdict};

/// A documented request, filled and ready to be sent by the caller, and what its answer is held against.
///
/// ```
/// use axum::{Json, Router, routing::get};
/// use faithful::{Contract, Suite, Verifier};
/// use tower::ServiceExt;
///
/// # let folder = tempfile::tempdir()?;
/// # let page = folder.path().join("users.md");
/// # std::fs::write(&page, "```http\nGET /users/{id}\n```\n\n```http\nHTTP/1.1 200 OK\n\n{\"id\": \"{id}\", \"age\": 40}\n```\n")?;
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let service = Router::new().route("/users/{id}", get(|| async { Json(serde_json::json!({"id": "7", "age": 41})) }));
///
/// for contract in Suite::load([page])?.contracts() {
///     let prepared = Verifier::stub().variable("id", "7").prepare(contract)?;
///     let response = service.clone().oneshot(prepared.request().map(axum::body::Body::from)).await?;
///     let (head, body) = response.into_parts();
///     let body = axum::body::to_bytes(body, usize::MAX).await?;
///     prepared.judge(http::Response::from_parts(head, body)).assert_passed();
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Prepared<'c> {
    contract: &'c Contract,
    sent: Sent,
    profile: Profile,
    promise: Promise<'c>,
    strictness: Strictness,
    secrets: Secrets,
    known: Known,
}

/// Why a documented request cannot be prepared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{id}: {problem}")]
pub struct PrepareError {
    /// The contract.
    pub id: String,
    /// What stands in the way, and what to do about it.
    pub problem: String,
}

impl Verifier {
    /// Fills a documented request for the caller to send: path and query as documented, placeholders filled by the
    /// variables. The answer is judged as a service's.
    pub fn prepare<'c>(&self, contract: &'c Contract) -> Result<Prepared<'c>, PrepareError> {
        let error = |text: &str, remedy: &str| PrepareError {
            id: contract.id.to_string(),
            problem: format!("{text}; {remedy}"),
        };
        let here = TargetUrl::parse("http://localhost").map_err(|wrong| error(&wrong.to_string(), ""))?;
        let target = Target { strip_prefix: self.strip_prefix.clone(), ..Target::of_all(here) };
        if let Some((_, reason)) = self.skip.iter().find(|(these, _)| these.selects(contract)) {
            return Err(error(reason, SkipReason::Config.remedy()));
        }
        match plan(contract, &target, &self.variables, self.gates) {
            Plan::Send(sent) => {
                let profile = self.profile.unwrap_or(Profile::Service);
                let promise = compile_with_rules(contract, profile, &self.rules);
                let strictness = self.strictness.clone();
                let (secrets, known) = (self.secrets.clone(), self.known.clone());
                Ok(Prepared { contract, sent: *sent, profile, promise, strictness, secrets, known })
            }
            Plan::Skip(reason, text) => Err(error(&text, reason.remedy())),
            Plan::Fault(trouble, text) => Err(error(&text, trouble.remedy())),
        }
    }
}

impl Prepared<'_> {
    /// The request: path and query, headers, content.
    pub fn request(&self) -> http::Request<Vec<u8>> {
        let mut request = http::Request::new(body_bytes(&self.sent.body).unwrap_or_default());
        if let Ok(method) = http::Method::from_bytes(self.sent.method.as_bytes()) {
            *request.method_mut() = method;
        }
        let path = self.sent.url.strip_prefix("http://localhost").unwrap_or(&self.sent.url);
        if let Ok(uri) = path.parse() {
            *request.uri_mut() = uri;
        }
        for (name, value) in self.sent.headers.iter() {
            let name = http::HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, http::HeaderValue::from_bytes(value.as_bytes())) {
                request.headers_mut().append(name, value);
            }
        }
        request
    }

    /// Holds an answer against the contract.
    pub fn judge<B: Into<Vec<u8>>>(&self, response: http::Response<B>) -> Report {
        let (head, body) = response.into_parts();
        let headers = head.headers.iter();
        let received = Received {
            status: head.status.as_u16(),
            headers: headers
                .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
                .collect(),
            body: body.into(),
            framing: Framing::Delimited,
        };
        let status = Some(received.status);
        let judgement = judge(&self.promise, &self.sent, received, &Budget::default());
        let request =
            Some(RequestLine { method: self.sent.method.clone(), url: self.sent.documented_url.clone() });
        let verdict =
            Verdict { request, status, ..judged(self.contract, judgement, &self.strictness, &self.known) };
        let mut report = Report::of("in process", self.profile, vec![verdict]);
        redact(&mut report, &self.secrets);
        report
    }
}
