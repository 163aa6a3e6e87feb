//! The judge: holds what was answered against what was promised. Pure; a broken promise is data, never an error.

mod body;
mod collect;
mod echo;
mod exact;
mod example;
mod format;
mod headers;
mod promise;
mod table;

use crate::json::{Budget, Json, JsonError, JsonErrorKind};
use crate::message::{Framing, Received, Sent};
use crate::source::line_column;
use crate::verdict::{Mismatch, Profile, Rule, Severity, Site, Trouble, Why};
use body::Walk;
use collect::{Collector, Difference};
use promise::BodyPromise;
use table::Situation;

pub use promise::{Promise, compile};

/// What the judge says of one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// A whole answer was held against its promise.
    Judged {
        /// What differs, in the page's order.
        mismatches: Vec<Mismatch>,
        /// How many more differ.
        more: usize,
        /// Places of the documented body that were held against the answer.
        checked: usize,
        /// Places that could not be.
        unchecked: usize,
    },
    /// The answer is more than we read, so nothing is said of it.
    Unjudgeable(Trouble, String),
}

impl Judgement {
    /// Whether nothing in it breaks the promise.
    pub fn passes(&self) -> bool {
        match self {
            Judgement::Judged { mismatches, .. } => mismatches.iter().all(|m| m.severity != Severity::Fail),
            Judgement::Unjudgeable(..) => false,
        }
    }
}

/// Holds an answer against its promise, within a budget for the JSON of its body.
pub fn judge(promise: &Promise<'_>, sent: &Sent, received: Received, budget: &Budget) -> Judgement {
    if let Some((trouble, text)) = headers::unavailable(promise, &received) {
        return Judgement::Unjudgeable(trouble, text);
    }
    let mut collector = Collector::new(promise.profile, promise.templates);
    headers::judge(promise, sent, &received, &mut collector);
    let places = match &promise.body {
        BodyPromise::Json(place) => place.size,
        BodyPromise::Literal(..) | BodyPromise::Text(_) | BodyPromise::Something => 1,
        BodyPromise::Undocumented | BodyPromise::Empty => 0,
    };
    match body(promise, sent, received, budget, &mut collector) {
        Ok(unchecked) => {
            let (mismatches, more) = collector.finish();
            Judgement::Judged { mismatches, more, checked: places.saturating_sub(unchecked), unchecked }
        }
        Err((trouble, text)) => Judgement::Unjudgeable(trouble, text),
    }
}

/// Judges the body, and counts the documented places that nothing could be held against.
fn body(
    promise: &Promise<'_>,
    sent: &Sent,
    received: Received,
    budget: &Budget,
    collector: &mut Collector,
) -> Result<usize, (Trouble, String)> {
    let blank = received.body.iter().all(u8::is_ascii_whitespace);
    let mut whole = |situation, rule, why, actual: Option<String>| {
        let actual = actual.map(|text| Json::string(&text));
        let difference = Difference {
            situation,
            rule,
            site: Site::Body(String::new()),
            order: 0,
            expected: None,
            actual: actual.as_ref().map(Json::root),
            why,
        };
        collector.add(&[], None, difference);
    };
    match &promise.body {
        // The answer to a HEAD request has no content, whatever the page shows.
        _ if sent.method == "HEAD" && received.body.is_empty() => return Ok(0),
        BodyPromise::Undocumented | BodyPromise::Empty if received.body.is_empty() => {}
        BodyPromise::Undocumented => {
            whole(
                Situation::BodyUndocumented,
                Rule::BodyUnexpected,
                Why::Shown,
                Some(excerpt(&received.body)),
            );
        }
        BodyPromise::Empty => {
            whole(Situation::BodyForbidden, Rule::BodyUnexpected, Why::Shown, Some(excerpt(&received.body)));
        }
        BodyPromise::Json(_) | BodyPromise::Literal(..) if blank => {
            whole(Situation::BodyAbsent, Rule::BodyMissing, Why::Shown, None);
        }
        BodyPromise::Text(_) | BodyPromise::Something if received.body.is_empty() => {
            whole(Situation::BodyAbsent, Rule::BodyMissing, Why::Shown, None);
        }
        BodyPromise::Text(shown) => {
            let same = match promise.profile {
                Profile::Golden => received.body == shown.as_bytes(),
                _ => lines(&String::from_utf8_lossy(&received.body)) == lines(shown),
            };
            if !same {
                whole(Situation::OtherText, Rule::Value, Why::Literal, Some(excerpt(&received.body)));
            }
        }
        BodyPromise::Something => return Ok(1),
        BodyPromise::Json(place) => {
            let Some(json) = json(received, budget, &mut whole)? else { return Ok(0) };
            let mut walk = Walk::new(collector);
            walk.place(place, json.root());
            walk.echoes(promise, sent, json.root());
            return Ok(walk.unchecked + place.open);
        }
        BodyPromise::Literal(shown, elided) => {
            let Some(json) = json(received, budget, &mut whole)? else { return Ok(0) };
            exact::compare(collector, shown, elided, json.root());
        }
    }
    Ok(0)
}

/// Reads the answer as JSON; where it is none, says so.
fn json(
    received: Received,
    budget: &Budget,
    whole: &mut impl FnMut(Situation, Rule, Why, Option<String>),
) -> Result<Option<Json>, (Trouble, String)> {
    let framing = received.framing;
    let mut bytes = received.body;
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
        whole(Situation::ByteOrderMark, Rule::Encoding, Why::ByteOrderMark, None);
    }
    let (error, bytes) = match String::from_utf8(bytes) {
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            (JsonError { kind: JsonErrorKind::NotUtf8, at }, error.into_bytes())
        }
        Ok(text) => match Json::read(text, budget) {
            Ok(json) => return Ok(Some(json)),
            Err((error, text)) => (error, text.into_bytes()),
        },
    };
    let shown = String::from_utf8_lossy(bytes.get(..error.at).unwrap_or(&bytes));
    let (line, column) = line_column(&shown, shown.len());
    match error.kind {
        JsonErrorKind::TooDeep => {
            let text = format!("nested more than {} deep at line {line} column {column}", budget.depth - 1);
            Err((Trouble::BodyTooDeep, text))
        }
        JsonErrorKind::TooManyNodes => {
            Err((Trouble::JsonTooManyNodes, format!("more than {} JSON values", budget.nodes)))
        }
        JsonErrorKind::TooLong => Err((
            Trouble::BodyTooLarge,
            format!("a string of more than {} bytes at line {line}", budget.string),
        )),
        kind => {
            let cut = kind == JsonErrorKind::Ended && framing == Framing::Close;
            let why = Why::NotJson { problem: kind.to_string(), line, column, maybe_cut: cut };
            whole(Situation::NotJson, Rule::BodyNotJson, why, Some(excerpt(&bytes)));
            Ok(None)
        }
    }
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The beginning of a body, for messages.
fn excerpt(body: &[u8]) -> String {
    const LENGTH: usize = 200;
    let start = String::from_utf8_lossy(body.get(..LENGTH).unwrap_or(body)).into_owned();
    if body.len() > LENGTH { start + "…" } else { start }
}

/// A text without what line ends differ in.
fn lines(text: &str) -> Vec<&str> {
    text.trim_end().lines().collect()
}
