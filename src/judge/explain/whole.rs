//! What is promised of status, headers, and of a body that is no JSON.

use crate::contract::{Confidence, Contract, Status};
use crate::json::Json;
use crate::judge::field_value::FieldValue;
use crate::judge::headers::{FieldKind, is_volatile};
use crate::judge::promise::{BodyPromise, Promise};
use crate::judge::table::Situation;
use crate::message::media_type;
use crate::verdict::explanation::{By, Clause, Part, Says};
use crate::verdict::{Profile, Site};

/// Everything but the places of a JSON body.
pub(super) fn parts(promise: &Promise<'_>, contract: &Contract) -> Vec<Part> {
    let mut parts = vec![status(promise)];
    parts.extend(headers(promise, contract));
    parts.extend(body(promise, contract));
    parts
}

fn status(promise: &Promise<'_>) -> Part {
    let by = if matches!(promise.status, Status::Code(_)) { By::Docs } else { By::NoStatus };
    let says = Says::Status(promise.status.to_string());
    let clauses = vec![Clause { says, breach: Situation::OtherStatus.severity(promise.profile), by }];
    Part { site: Site::Status, at: String::new(), of: None, clauses }
}

fn headers(promise: &Promise<'_>, contract: &Contract) -> Vec<Part> {
    let clause = |says, breach: Situation, by| Clause { says, breach: breach.severity(promise.profile), by };
    let golden = promise.profile == Profile::Golden;
    let mut parts = Vec::new();
    for (name, _) in contract.response.headers.iter() {
        let site = Site::Header(name.to_owned());
        if is_volatile(&name.to_ascii_lowercase()) {
            let clauses = vec![Clause { says: Says::Anything, breach: None, by: By::Volatile }];
            parts.push(Part { site, at: name.to_owned(), of: None, clauses });
            continue;
        }
        // A field that stands several times is one.
        let Some(field) = promise.fields.iter().find(|field| field.name == name) else { continue };
        if parts.iter().any(|part: &Part| part.at.eq_ignore_ascii_case(name)) {
            continue;
        }
        let exactly = |breach| clause(Says::Exactly(Json::string(&field.shown)), breach, By::Profile);
        let clauses = match &field.kind {
            FieldKind::Media => vec![
                clause(Says::Comes, Situation::HeaderAbsent, By::Docs),
                clause(Says::MediaType(media_type(&field.shown)), Situation::OtherMediaType, By::Docs),
            ],
            FieldKind::Contract(value) => vec![
                clause(Says::Comes, Situation::ContractHeaderAbsent, By::ContractHeader),
                if golden {
                    exactly(Situation::ContractHeaderBroken)
                } else {
                    let by = By::Shown(Json::string(&field.shown));
                    clause(of_value(value), Situation::ContractHeaderBroken, by)
                },
            ],
            FieldKind::Other => {
                let mut clauses = vec![clause(Says::Comes, Situation::HeaderAbsent, By::OtherHeader)];
                clauses.extend(golden.then(|| exactly(Situation::OtherHeaderValue)));
                clauses
            }
        };
        parts.push(Part { site, at: name.to_owned(), of: None, clauses });
    }
    parts
}

fn of_value(value: &FieldValue<'_>) -> Says {
    match value {
        FieldValue::Something => Says::SomeText,
        FieldValue::Url(location) => Says::UrlLike(location.form()),
        FieldValue::EntityTag => Says::Format("entity-tag"),
        FieldValue::RetryAfter => Says::Format("retry-after"),
        FieldValue::ContentRange(_) => Says::Format("content-range"),
        FieldValue::Links(_) => Says::Format("link"),
        FieldValue::Preferences(_) => Says::Format("preference"),
    }
}

/// A body of which no place is told.
fn body(promise: &Promise<'_>, contract: &Contract) -> Option<Part> {
    let clause = |says, breach: Situation, by| Clause { says, breach: breach.severity(promise.profile), by };
    let comes = |by| clause(Says::SomeBody, Situation::BodyAbsent, by);
    let clauses = match &promise.body {
        BodyPromise::Json(_) | BodyPromise::Literal(..) | BodyPromise::TooDeep => return None,
        BodyPromise::Undocumented => vec![clause(Says::NoBody, Situation::BodyUndocumented, By::NotShown)],
        BodyPromise::Empty => vec![clause(Says::NoBody, Situation::BodyForbidden, By::SaidEmpty)],
        BodyPromise::Text(_) if Situation::OtherText.severity(promise.profile).is_none() => {
            vec![comes(By::Docs)]
        }
        BodyPromise::Text(_) => vec![clause(Says::Text, Situation::OtherText, By::Docs)],
        BodyPromise::Octets(_) => vec![clause(Says::Octets, Situation::OtherText, By::Docs)],
        BodyPromise::Guessed | BodyPromise::Something if contract.source.confidence == Confidence::Low => {
            vec![comes(By::LowConfidence)]
        }
        BodyPromise::Something | BodyPromise::Guessed => vec![comes(By::Binary)],
    };
    Some(Part { site: Site::Body(String::new()), at: "$".to_owned(), of: None, clauses })
}
