//! The judge: holds what was answered against what was promised. Pure; a broken promise is data, never an error.

mod answer;
mod collect;
mod echo;
mod exact;
mod example;
mod field_value;
mod format;
mod found;
mod headers;
mod location;
mod meaning;
mod promise;
mod table;
mod template;
mod time;
mod url_echo;
mod walk;

use crate::contract::url::{DocumentedUrl, parts};
use crate::json::{Budget, Json};
use crate::message::{Received, Sent};
use crate::verdict::{Mismatch, Profile, Rule, Severity, Trouble, Why};
use answer::{Answer, excerpt};
use collect::{Collector, Difference};
use headers::Class;
use promise::{BodyPromise, Counted};
use table::Situation;
use walk::Walk;

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
    let mut collector = Collector::new(promise.profile, promise.body.shown(), promise.templates);
    let counts = match headers::judge(promise, sent, &received, &mut collector) {
        Class::Documented => body(promise, sent, received, budget, &mut collector),
        // An error instead of the documented answer breaks one promise, not one for each member.
        Class::Other => Ok((0, places(promise))),
    };
    match counts {
        Ok((checked, unchecked)) => {
            let (mismatches, more) = collector.finish();
            Judgement::Judged { mismatches, more, checked, unchecked }
        }
        Err((trouble, text)) => Judgement::Unjudgeable(trouble, text),
    }
}

/// How many places the documented body has.
fn places(promise: &Promise<'_>) -> usize {
    match &promise.body {
        BodyPromise::Undocumented | BodyPromise::Empty => 0,
        BodyPromise::Json(_) => promise.places.iter().filter(|counted| **counted != Counted::Again).count(),
        BodyPromise::Literal(shown, _) => exact::count(shown.root()),
        BodyPromise::Text(_) | BodyPromise::Octets(_) | BodyPromise::Something => 1,
    }
}

/// Judges the body, and counts the documented places that were held against it and those that could not be.
fn body(
    promise: &Promise<'_>,
    sent: &Sent,
    received: Received,
    budget: &Budget,
    collector: &mut Collector<'_>,
) -> Result<(usize, usize), (Trouble, String)> {
    let all = places(promise);
    let blank = received.body.iter().all(u8::is_ascii_whitespace);
    let whole = |collector: &mut Collector<'_>, situation, rule, why, actual: Option<String>| {
        let actual = actual.map(|text| Json::string(&text));
        let actual = actual.as_ref().map(Json::root);
        collector.add(&[], None, Difference { situation, rule, place: None, expected: None, actual, why });
    };
    match &promise.body {
        // The answer to a HEAD request has no content, whatever the page shows.
        _ if sent.method == "HEAD" && received.body.is_empty() => return Ok((0, all)),
        BodyPromise::Undocumented | BodyPromise::Empty if received.body.is_empty() => {}
        BodyPromise::Undocumented | BodyPromise::Empty => {
            let forbidden = matches!(promise.body, BodyPromise::Empty) || received.status == 205;
            let situation = if forbidden { Situation::BodyForbidden } else { Situation::BodyUndocumented };
            let came = Some(excerpt(&received.body));
            whole(collector, situation, Rule::BodyUnexpected, Why::Shown, came);
        }
        BodyPromise::Json(_) | BodyPromise::Literal(..) if blank => {
            whole(collector, Situation::BodyAbsent, Rule::BodyMissing, Why::Shown, None);
            return Ok((0, all));
        }
        BodyPromise::Text(_) | BodyPromise::Octets(_) | BodyPromise::Something
            if received.body.is_empty() =>
        {
            whole(collector, Situation::BodyAbsent, Rule::BodyMissing, Why::Shown, None);
            return Ok((0, all));
        }
        BodyPromise::Text(shown) => {
            let same = match promise.profile {
                Profile::Golden => received.body == shown.as_bytes(),
                _ => answer::lines(&answer::text(&received)) == answer::lines(shown),
            };
            if !same {
                let came = Some(excerpt(&received.body));
                whole(collector, Situation::OtherText, Rule::Value, Why::Literal, came);
            }
        }
        BodyPromise::Octets(shown) => {
            if received.body != *shown {
                let came = Some(excerpt(&received.body));
                whole(collector, Situation::OtherText, Rule::Value, Why::Literal, came);
            }
        }
        BodyPromise::Something => return Ok((0, all)),
        BodyPromise::Json(_) | BodyPromise::Literal(..) => {
            let json = match answer::json(received, budget) {
                Answer::Json(json, odd) => {
                    if let Some(why) = odd {
                        whole(collector, Situation::OddEncoding, Rule::Encoding, why, None);
                    }
                    json
                }
                Answer::Other(why, came) => {
                    whole(collector, Situation::NotJson, Rule::BodyNotJson, why, Some(came));
                    return Ok((0, all));
                }
                Answer::TooMuch(trouble, text) => return Err((trouble, text)),
            };
            return Ok(hold(promise, sent, &json, collector));
        }
    }
    Ok((all, 0))
}

/// Holds a JSON answer against the documented one.
fn hold(promise: &Promise<'_>, sent: &Sent, answer: &Json, collector: &mut Collector<'_>) -> (usize, usize) {
    match &promise.body {
        BodyPromise::Json(place) => {
            let mut walk = Walk::new(collector, promise);
            walk.place(place, answer.root());
            let counts = walk.counts(&promise.places);
            if let Some(body) = sent.body.json() {
                echo::check(collector, &promise.echoes, body.root(), answer.root());
            }
            if !promise.url_echoes.is_empty() {
                let url = DocumentedUrl::new(&sent.documented_url);
                let filled = parts(&url);
                for echo in &promise.url_echoes {
                    echo.check(collector, &filled, answer.root());
                }
            }
            counts
        }
        BodyPromise::Literal(shown, elided) => exact::compare(collector, shown, elided, answer.root()),
        _ => (0, places(promise)),
    }
}
