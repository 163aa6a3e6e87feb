//! The judge: holds what was answered against what was promised. Pure; a broken promise is data, never an error.

mod accept;
mod answer;
mod collect;
mod echo;
mod exact;
mod example;
pub mod explain;
mod field_value;
mod format;
mod found;
mod guide;
mod headers;
mod kinds;
mod location;
mod meaning;
mod membership;
mod order;
mod promise;
mod promised;
pub mod rules;
mod table;
mod template;
mod time;
mod tree;
mod unshown;
mod url_echo;
mod walk;

use crate::json::{Budget, Json};
use crate::message::{Framing, Received, Sent};
use crate::verdict::{Mismatch, Profile, Rule, Severity, Trouble, Why};
use answer::{Answer, excerpt};
use collect::{Collector, Difference};
use guide::{Guide, Overlay};
use headers::Class;
use promise::{BodyPromise, DEEPEST};
use std::collections::BTreeSet;
use table::Situation;
use walk::Walk;

pub use promise::{Promise, compile, compile_with_rules};

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
        /// The rules by hand that match a place of the answer or of the documented body, by their positions.
        matched: BTreeSet<usize>,
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
    if let BodyPromise::TooDeep = promise.body {
        let text = format!("the documented body is nested more than {DEEPEST} deep");
        return Judgement::Unjudgeable(Trouble::BodyTooDeep, text);
    }
    let mut collector =
        Collector::new(promise.contract, promise.profile, promise.body.shown(), promise.templates);
    let held = match headers::judge(promise, sent, &received, &mut collector) {
        Class::Documented => body(promise, sent, received, budget, &mut collector),
        // An error instead of the documented answer breaks one promise, not one for each member.
        Class::Other => Ok(Held::nothing(promise.all)),
    };
    match held {
        Ok(Held { checked, unchecked, mut matched }) => {
            let (mismatches, more) = collector.finish();
            matched.extend(&promise.matched);
            Judgement::Judged { mismatches, more, checked, unchecked, matched }
        }
        Err((trouble, text)) => Judgement::Unjudgeable(trouble, text),
    }
}

/// What of the documented body was held against an answer.
struct Held {
    checked: usize,
    unchecked: usize,
    /// The rules by hand that match a place of the answer.
    matched: BTreeSet<usize>,
}

impl Held {
    fn nothing(places: usize) -> Held {
        Held { checked: 0, unchecked: places, matched: BTreeSet::new() }
    }
}

/// Judges the body, and counts the documented places that were held against it and those that could not be.
fn body(
    promise: &Promise<'_>,
    sent: &Sent,
    received: Received,
    budget: &Budget,
    collector: &mut Collector<'_>,
) -> Result<Held, (Trouble, String)> {
    let all = promise.all;
    let overlay = promise.overlay(None);
    let guide = guide(overlay.as_ref(), promise);
    let blank = received.body.iter().all(u8::is_ascii_whitespace);
    let whole = |collector: &mut Collector<'_>, situation, rule, why, actual: Option<String>| {
        let actual = actual.map(|text| Json::string(&text));
        let actual = actual.as_ref().map(Json::root);
        collector.add(
            &[],
            None,
            guide,
            Difference { situation, rule, place: None, expected: None, actual, why },
        );
    };
    if received.framing == Framing::Surplus {
        whole(collector, Situation::OddEncoding, Rule::Encoding, Why::Framing("body.surplus"), None);
    }
    match &promise.body {
        // The answer to a HEAD request has no content, whatever the page shows.
        _ if sent.method == "HEAD" && received.body.is_empty() => return Ok(Held::nothing(all)),
        BodyPromise::Undocumented | BodyPromise::Empty if received.body.is_empty() => {}
        BodyPromise::Undocumented | BodyPromise::Empty => {
            let forbidden = matches!(promise.body, BodyPromise::Empty) || received.status == 205;
            let situation = if forbidden { Situation::BodyForbidden } else { Situation::BodyUndocumented };
            let came = Some(excerpt(&received.body));
            whole(collector, situation, Rule::BodyUnexpected, Why::Shown, came);
        }
        // A text that is blank says nothing of what is shown, as no JSON does.
        BodyPromise::Text(shown) if blank && !shown.trim().is_empty() => {
            whole(collector, Situation::BodyAbsent, Rule::BodyMissing, Why::Shown, None);
            return Ok(Held::nothing(all));
        }
        BodyPromise::Json(_) | BodyPromise::Literal(..) | BodyPromise::Guessed if blank => {
            whole(collector, Situation::BodyAbsent, Rule::BodyMissing, Why::Shown, None);
            return Ok(Held::nothing(all));
        }
        BodyPromise::Text(_) | BodyPromise::Octets(_) | BodyPromise::Something
            if received.body.is_empty() =>
        {
            whole(collector, Situation::BodyAbsent, Rule::BodyMissing, Why::Shown, None);
            return Ok(Held::nothing(all));
        }
        BodyPromise::Text(shown) => {
            let same = match promise.profile {
                Profile::Golden => received.body == shown.as_bytes(),
                _ => answer::lines(&answer::text(&received)) == answer::lines(shown),
            };
            if !same {
                let came = Some(excerpt(&received.body));
                whole(collector, Situation::OtherText, Rule::Value, Why::Literal, came);
                if !answer::is_markup(shown.as_bytes())
                    && !promise.names_media()
                    && answer::is_html(&received)
                {
                    let came = Some(excerpt(&received.body));
                    whole(collector, Situation::HtmlForText, Rule::ContentType, Why::HtmlInstead, came);
                }
            }
        }
        BodyPromise::Octets(shown) => {
            if received.body != *shown {
                let came = Some(excerpt(&received.body));
                whole(collector, Situation::OtherText, Rule::Value, Why::Literal, came);
            }
        }
        BodyPromise::Guessed => {
            if !promise.names_media() && answer::is_html(&received) {
                let came = Some(excerpt(&received.body));
                whole(collector, Situation::HtmlForGuess, Rule::ContentType, Why::HtmlInstead, came);
            }
            return Ok(Held::nothing(all));
        }
        BodyPromise::Something | BodyPromise::TooDeep => return Ok(Held::nothing(all)),
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
                    return Ok(Held::nothing(all));
                }
                Answer::TooMuch(trouble, text) => return Err((trouble, text)),
            };
            if !promise.rules.is_empty() && json.root().is_deeper_than(DEEPEST) {
                let text =
                    format!("nested more than {DEEPEST} deep, where rules by hand tell no places apart");
                return Err((Trouble::BodyTooDeep, text));
            }
            return Ok(hold(promise, sent, &json, collector));
        }
    }
    Ok(Held { checked: all, unchecked: 0, matched: BTreeSet::new() })
}

/// The beginning of the way through an answer, as rules by hand see it.
fn guide<'g>(overlay: Option<&'g Overlay<'g>>, promise: &'g Promise<'g>) -> Guide<'g> {
    overlay.map_or(Guide::NONE, |overlay| overlay.guide(promise.body.shown(), promise.body.place()))
}

/// Holds a JSON answer against the documented one.
fn hold(promise: &Promise<'_>, sent: &Sent, answer: &Json, collector: &mut Collector<'_>) -> Held {
    let answer = answer.root();
    let overlay = promise.overlay(Some(answer));
    let guide = guide(overlay.as_ref(), promise);
    let checked = promise.checked_as_repeated(answer).unwrap_or_else(|| {
        let mut walk = Walk::new(collector, promise, guide);
        match &promise.body {
            BodyPromise::Json(place) => walk.place(place, answer),
            BodyPromise::Literal(shown, _) => walk.literal(shown.root(), answer),
            _ => {}
        }
        walk.checked()
    });
    if let Some(body) = sent.body.json() {
        echo::check(collector, &promise.echoes, guide, body.root(), answer);
    }
    if !promise.url_echoes.is_empty() {
        let filled = url_echo::filled(sent);
        for echo in &promise.url_echoes {
            echo.check(collector, guide, &filled, answer);
        }
    }
    promised::check(collector, &promise.rules, guide, answer);
    let matched = overlay.map(|overlay| overlay.matched).unwrap_or_default();
    Held { checked, unchecked: promise.all.saturating_sub(checked), matched }
}
