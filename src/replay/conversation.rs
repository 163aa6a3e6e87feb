//! One request and its answer, read whole or not at all: under one deadline, and under a cap on decoded bytes.

use super::connections::Connections;
use super::decode::{Content, DecodeError, Decoder};
use super::fault::{Broken, Delivery, Progress};
use super::is_safe;
use crate::message::{Framing, Headers, Received};
use crate::verdict::Trouble;
use hyper_util::client::legacy::connect::HttpInfo;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use std::time::Duration;
use tokio::time::timeout;

impl Connections {
    /// Sends a request once, and reads the answer.
    pub(super) async fn attempt(
        &self,
        request: reqwest::Request,
        limit: Duration,
        max_body: usize,
    ) -> Result<Received, Broken> {
        let progress = Progress::default();
        let safe = is_safe(request.method().as_str());
        match timeout(limit, self.converse(request, max_body, &progress)).await {
            Ok(Err(broken)) if !safe => {
                let reset = broken.trouble == Trouble::NetReset;
                if (reset || broken.trouble == Trouble::NetClosed) && broken.delivery == Delivery::MaybeSent {
                    self.keeping.broke();
                }
                // What is to be done about a reset says the same.
                Err(if reset {
                    Broken { trouble: Trouble::NetResetAfterSend, ..broken }
                } else {
                    may_have_acted(broken)
                })
            }
            Ok(answer) => answer,
            Err(_) if safe => Err(progress.timed_out(limit)),
            Err(_) => Err(may_have_acted(progress.timed_out(limit))),
        }
    }

    async fn converse(
        &self,
        request: reqwest::Request,
        max_body: usize,
        progress: &Progress,
    ) -> Result<Received, Broken> {
        let url = request.url().clone();
        let via = self.via.as_ref();
        let client = self.client(is_safe(request.method().as_str()));
        let mut response =
            client.execute(request).await.map_err(|error| progress.failed(error, &url, via))?;
        if let Some(connection) = response.extensions().get::<HttpInfo>() {
            self.keeping.answered(connection.local_addr());
        }
        progress.answered(response.content_length());
        let status = response.status().as_u16();
        if status == 407
            && let Some(via) = via
        {
            return Err(received(Trouble::NetProxy, format!("{} wants a login", via.shown())));
        }
        let framing = framing(&response)?;
        let headers: Headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
            .collect();
        let codings = headers.iter().filter(|(name, _)| *name == CONTENT_ENCODING.as_str());
        let coding = codings.map(|(_, value)| value).collect::<Vec<_>>().join(", ");
        let mut decoder = Decoder::new(&coding, max_body).ok_or_else(|| {
            received(Trouble::BodyUnsupportedEncoding, format!("the answer is coded as {coding:?}"))
        })?;
        let refused = |error| match error {
            DecodeError::TooLarge => {
                received(Trouble::BodyTooLarge, format!("more than {max_body} bytes of content"))
            }
            DecodeError::Broken => {
                received(Trouble::BodyBadEncoding, "the gzip coding of the answer is broken".into())
            }
        };
        while let Some(chunk) = response.chunk().await.map_err(|error| progress.failed(error, &url, via))? {
            // Coded content can go on for ever and come to nothing.
            if progress.add(chunk.len()) > max_body {
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
}

/// The same of a request that changes something: where it may have arrived, whoever reads it must know.
fn may_have_acted(broken: Broken) -> Broken {
    // What a proxy refused it has not passed on.
    if broken.delivery == Delivery::NotSent || broken.trouble == Trouble::NetProxy {
        return broken;
    }
    Broken { message: format!("{}; the service may have acted", broken.message), ..broken }
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

fn received(trouble: Trouble, message: String) -> Broken {
    Broken { trouble, message, delivery: Delivery::MaybeSent }
}
