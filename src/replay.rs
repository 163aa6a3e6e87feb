//! Replays a planned request against its target and reads the answer, whole or not at all.
//!
//! No redirect is followed, no Referer or cookie is sent, nothing is sent twice that may have acted, and neither
//! time nor memory is the target's to spend: one deadline over the whole exchange, one cap on decoded bytes.

mod decode;
mod fault;
pub mod flow;
pub mod gate;
mod hosts;
pub mod jsonpath;
pub mod made_up;
pub mod replace;
pub mod target;
pub mod variables;

use crate::message::{Body, Framing, Headers, Received, Sent};
use crate::verdict::Trouble;
use base64::Engine;
use decode::{Content, DecodeError, Decoder};
use fault::Progress;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use reqwest::header::{HeaderName, HeaderValue};
use std::time::Duration;
use target::{TargetUrl, assert_origin};
use tokio::time::{Instant, sleep, timeout};
use url::Url;

pub use fault::{Broken, Delivery};

/// What an exchange may cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Until the connection stands.
    pub connect_timeout: Duration,
    /// From the first look-up to the last byte, for each attempt.
    pub max_time: Duration,
    /// For all attempts together.
    pub total_time: Duration,
    /// Decoded bytes of content.
    pub max_body: usize,
    /// How often a request is sent again that cannot have acted.
    pub retries: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connect_timeout: Duration::from_secs(10),
            max_time: Duration::from_secs(30),
            total_time: Duration::from_secs(90),
            max_body: 16 * 1024 * 1024,
            retries: 2,
        }
    }
}

/// Sends requests to the bases it was made for, and to nothing else.
#[derive(Debug)]
pub struct Client {
    clients: Vec<Connections>,
    limits: Limits,
}

/// The connections to one base.
#[derive(Debug)]
struct Connections {
    base: TargetUrl,
    /// For requests that can be sent again, over connections that are used again.
    kept: reqwest::Client,
    /// For all others, over a connection of their own: one that the target closes in the moment when it is used again
    /// leaves open whether the request arrived.
    fresh: reqwest::Client,
}

/// Whether a connection is used for more than one request.
#[derive(Clone, Copy)]
enum Reuse {
    Kept,
    Never,
}

/// Why no client can be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The machine has no certificate authorities of its own.
    #[error("no certificate authority to check {0} with: name a PEM file with --ca-cert ({1})")]
    NoAuthorities(String, String),
    /// The file that was named holds none.
    #[error("{0} holds no PEM certificate")]
    BadAuthority(String),
}

/// Certificate authorities that servers are checked against, instead of the machine's own.
#[derive(Debug, Clone)]
pub struct Authorities {
    /// Where they were read from.
    pub file: String,
    /// In PEM.
    pub pem: Vec<u8>,
}

/// One whole exchange, or how the last attempt at it broke.
#[derive(Debug)]
pub struct Exchange {
    /// The whole answer.
    pub answer: Result<Received, Broken>,
    /// How often the request was sent, or was tried to be.
    pub attempts: u32,
    /// Over all attempts.
    pub elapsed: Duration,
}

impl Client {
    /// A client for these bases.
    pub fn new<'t>(
        bases: impl IntoIterator<Item = &'t TargetUrl>,
        limits: Limits,
        authorities: Option<&Authorities>,
    ) -> Result<Client, ClientError> {
        // Another part of the program may have installed one: then that is used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut clients = Vec::new();
        for base in bases {
            clients.push(Connections {
                base: base.clone(),
                kept: build(base, &limits, authorities, Reuse::Kept)?,
                fresh: build(base, &limits, authorities, Reuse::Never)?,
            });
        }
        Ok(Client { clients, limits })
    }

    /// Sends a request, again where that is safe, and reads the answer.
    pub async fn exchange(&self, sent: &Sent) -> Exchange {
        let start = Instant::now();
        let mut attempts = 0;
        loop {
            attempts += 1;
            let left = self.limits.total_time.saturating_sub(start.elapsed());
            let answer = self.attempt(sent, left.min(self.limits.max_time)).await;
            let again = match &answer {
                Err(broken) if attempts <= self.limits.retries => retry_after(broken, &sent.method, attempts),
                _ => None,
            };
            match again {
                Some(delay) if start.elapsed() + delay < self.limits.total_time => sleep(delay).await,
                _ => return Exchange { answer, attempts, elapsed: start.elapsed() },
            }
        }
    }

    async fn attempt(&self, sent: &Sent, limit: Duration) -> Result<Received, Broken> {
        let progress = Progress::default();
        match timeout(limit, self.converse(sent, &progress)).await {
            Ok(Err(broken)) if broken.trouble == Trouble::NetReset && !is_safe(&sent.method) => {
                Err(Broken { trouble: Trouble::NetResetAfterSend, ..broken })
            }
            Ok(answer) => answer,
            Err(_) => Err(progress.timed_out(limit)),
        }
    }

    async fn converse(&self, sent: &Sent, progress: &Progress) -> Result<Received, Broken> {
        let (client, request) = self.request(sent).map_err(|(trouble, message)| unsent(trouble, message))?;
        let url = request.url().clone();
        let mut response = client.execute(request).await.map_err(|error| progress.failed(error, &url))?;
        progress.answered(response.content_length());
        let status = response.status().as_u16();
        let framing = framing(&response)?;
        let headers: Headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
            .collect();
        let codings = headers.iter().filter(|(name, _)| *name == CONTENT_ENCODING.as_str());
        let coding = codings.map(|(_, value)| value).collect::<Vec<_>>().join(", ");
        let mut decoder = Decoder::new(&coding, self.limits.max_body).ok_or_else(|| {
            received(Trouble::BodyUnsupportedEncoding, format!("the answer is coded as {coding:?}"))
        })?;
        let refused = |error| match error {
            DecodeError::TooLarge => received(
                Trouble::BodyTooLarge,
                format!("more than {} bytes of content", self.limits.max_body),
            ),
            DecodeError::Broken => {
                received(Trouble::BodyBadEncoding, "the gzip coding of the answer is broken".into())
            }
        };
        while let Some(chunk) = response.chunk().await.map_err(|error| progress.failed(error, &url))? {
            // Coded content can go on for ever and come to nothing.
            if progress.add(chunk.len()) > self.limits.max_body {
                return Err(refused(DecodeError::TooLarge));
            }
            decoder.write(&chunk).map_err(refused)?;
        }
        let (body, framing) = match decoder.finish().map_err(refused)? {
            Content::Whole(body) => (body, framing),
            Content::WithSurplus(body) => (body, Framing::Surplus),
        };
        Ok(Received { status, headers, body, framing })
    }

    /// The request as it goes out, and the client for its origin.
    fn request(&self, sent: &Sent) -> Result<(&reqwest::Client, reqwest::Request), (Trouble, String)> {
        let unsendable = |what: &str| (Trouble::RequestUnsendable, what.to_owned());
        let url =
            Url::parse(&sent.url).map_err(|_| (Trouble::RequestBadUrl, "the URL is none".to_owned()))?;
        let own = self.clients.iter().find(|own| assert_origin(&url, &own.base).is_ok());
        let Some(own) = own else {
            return Err((Trouble::RequestBadUrl, "the URL leads away from the target".into()));
        };
        let client = if is_safe(&sent.method) { &own.kept } else { &own.fresh };
        let method = reqwest::Method::from_bytes(sent.method.as_bytes())
            .map_err(|_| unsendable("the method is none"))?;
        let mut request = reqwest::Request::new(method, url);
        let headers = request.headers_mut();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(decode::ACCEPTED));
        for (name, value) in sent.headers.iter() {
            let name =
                HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable("a header's name is none"))?;
            let value = HeaderValue::from_bytes(value.as_bytes())
                .map_err(|_| unsendable("a header's value is none"))?;
            headers.append(name, value);
        }
        if !sent.body.is_none() {
            let bytes =
                body_bytes(&sent.body).ok_or_else(|| unsendable("the documented body is not base64"))?;
            *request.body_mut() = Some(bytes.into());
        }
        Ok((client, request))
    }
}

/// The content as it goes over the wire; none where base64 is none.
pub(crate) fn body_bytes(body: &Body) -> Option<Vec<u8>> {
    match body {
        Body::None => Some(Vec::new()),
        Body::Json(json) => Some(json.text().as_bytes().to_vec()),
        Body::Text(text) => Some(text.as_bytes().to_vec()),
        Body::Base64(octets) => base64::engine::general_purpose::STANDARD.decode(octets).ok(),
    }
}

fn build(
    base: &TargetUrl,
    limits: &Limits,
    authorities: Option<&Authorities>,
    reuse: Reuse,
) -> Result<reqwest::Client, ClientError> {
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("faithful/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        // Where connecting alone would use up the time, it is the connecting that is to blame.
        .connect_timeout(limits.connect_timeout.min(limits.max_time.mul_f32(0.9)));
    if let Reuse::Never = reuse {
        builder = builder.pool_max_idle_per_host(0);
    }
    if base.is_loopback() {
        builder = builder.no_proxy();
    }
    if !base.is_https() {
        // Without this no client can be built on a machine that has no certificate authorities, even for http.
        builder = builder.tls_certs_only([]);
    } else if let Some(authorities) = authorities {
        let bad = || ClientError::BadAuthority(authorities.file.clone());
        let certificates = reqwest::Certificate::from_pem_bundle(&authorities.pem).map_err(|_| bad())?;
        if certificates.is_empty() {
            return Err(bad());
        }
        builder = builder.tls_certs_only(certificates);
    }
    builder.build().map_err(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        ClientError::NoAuthorities(base.as_str().to_owned(), cause)
    })
}

/// How long to wait before the same request is sent once more; none where it must not be.
///
/// A request of which no byte left can be sent again whatever it does. One that may have arrived only if it is safe,
/// and not where its time was up or its answer was too much: the next would be no better.
fn retry_after(broken: &Broken, method: &str, attempt: u32) -> Option<Duration> {
    let factor = 1 << attempt.min(8);
    match (broken.delivery, broken.trouble) {
        (Delivery::NotSent, Trouble::NetRefused | Trouble::NetDns | Trouble::NetOther) => {
            Some(Duration::from_millis(50) * factor)
        }
        (Delivery::MaybeSent, Trouble::NetClosed | Trouble::NetReset | Trouble::HttpTruncated)
            if is_safe(method) =>
        {
            Some(Duration::from_millis(100) * factor)
        }
        _ => None,
    }
}

/// Methods that change nothing (RFC 9110, 9.2.1).
pub(crate) fn is_safe(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS")
}

/// How the end of the content is marked; an error where it cannot be told.
fn framing(response: &reqwest::Response) -> Result<Framing, Broken> {
    let http1 = response.version() < reqwest::Version::HTTP_2;
    let mut codings = response.headers().get_all(TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) if http1 && !response.headers().contains_key(CONTENT_LENGTH) => Ok(Framing::Close),
        (None, _) => Ok(Framing::Delimited),
        (Some(coding), None) if coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked") => {
            Ok(Framing::Delimited)
        }
        // hyper takes what follows an unknown coding for content, up to the end of the connection.
        (Some(coding), _) => Err(received(
            Trouble::HttpMalformed,
            format!("the answer is framed by Transfer-Encoding {coding:?}"),
        )),
    }
}

fn unsent(trouble: Trouble, message: String) -> Broken {
    Broken { trouble, message, delivery: Delivery::NotSent }
}

fn received(trouble: Trouble, message: String) -> Broken {
    Broken { trouble, message, delivery: Delivery::MaybeSent }
}
