//! Keeps whole exchanges, where somebody wants to look at them.

use super::run::Verification;
use super::watching::Exchanges;
use super::work::Job;
use crate::message::{Body, Carried, Headers, Part, Received, Sent};
use crate::report::curl;
use crate::secret::beginning;
use crate::verdict::{Conversation, Message, Outcome, Verdict};

/// More of a body is nothing to look at.
const LONGEST: usize = 64 * 1024;

impl Verification {
    pub(super) fn kept(&self, job: &Job, received: Option<&Received>) -> Option<Box<Conversation>> {
        (self.exchanges == Exchanges::Kept)
            .then(|| Box::new(conversation(&job.sent, &self.wire.client().carried(&job.sent), received)))
    }

    /// The verdict, and what sends its request by hand where it did not pass.
    pub(super) fn traced(&self, job: &Job, verdict: Verdict, exchange: Option<Box<Conversation>>) -> Verdict {
        // Where the embedded stub listened nobody does any more.
        let by_hand = verdict.outcome != Outcome::Passed && !self.target.takes_all;
        Verdict {
            curl: by_hand.then(|| curl(&job.sent, &self.wire.client().carried(&job.sent), &self.secrets)),
            exchange,
            ..verdict
        }
    }
}

/// An exchange as text; what its secrets are is for the report to mask.
fn conversation(sent: &Sent, carried: &[Carried], received: Option<&Received>) -> Conversation {
    let carried = carried.iter().map(|Carried { field, scheme, parts }| {
        let parts = parts.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Secret(name) => format!("[REDACTED:{name}]"),
        });
        (field.clone(), format!("{scheme} {}", parts.collect::<String>()).trim_start().to_owned())
    });
    Conversation {
        sent: Message {
            start: format!("{} {}", sent.method, sent.url),
            headers: fields(&sent.headers).into_iter().chain(carried).collect(),
            body: match &sent.body {
                Body::None => String::new(),
                Body::Json(json) => json.text().to_owned(),
                Body::Text(text) => text.clone(),
                Body::Base64(octets) => format!("({} digits of base64)", octets.len()),
            },
        },
        received: received.map(|received| Message {
            start: received.status.to_string(),
            headers: fields(&received.headers),
            body: match std::str::from_utf8(&received.body) {
                Ok(text) => beginning(text, LONGEST).into_owned(),
                Err(_) => format!("({} octets that are no text)", received.body.len()),
            },
        }),
    }
}

fn fields(headers: &Headers) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
