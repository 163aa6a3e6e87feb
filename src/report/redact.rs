//! Masks what looks like a live secret, in the whole report and before any format sees it.

use crate::json::{Budget, Json, Kind};
use crate::secret::{MASK, is_credential_header, is_credential_name, mask};
use crate::verdict::{Effect, Outcome, Report, Verdict, Why};
use std::borrow::Cow;

/// Masks what looks like a live secret in everything that a report holds of pages and answers.
pub fn redact(report: &mut Report) {
    report.verdicts.iter_mut().for_each(verdict);
}

fn verdict(verdict: &mut Verdict) {
    match &mut verdict.outcome {
        Outcome::Errored(_, message) | Outcome::Skipped(_, message) => text(message),
        Outcome::Passed | Outcome::Failed => {}
    }
    if let Some(request) = &mut verdict.request {
        text(&mut request.url);
    }
    for mismatch in &mut verdict.mismatches {
        let last = mismatch.at.rsplit(['.', '[']).next().unwrap_or_default();
        let named = is_credential_name(last) || is_credential_header(&mismatch.at);
        for value in [&mut mismatch.expected, &mut mismatch.actual].into_iter().flatten() {
            let scalar = !matches!(value.root().kind(), Kind::Object | Kind::Array | Kind::Null | Kind::Bool);
            *value = if named && scalar { Json::string(MASK) } else { json(value) };
        }
        match &mut mismatch.why {
            Why::TypeWord(said) | Why::PathEcho(said) | Why::Instead(said) => text(said),
            Why::Redirect(location) => {
                // Who follows a redirect mostly carries a code or a token in its query.
                if let Some(at) = location.find(['?', '#']) {
                    location.truncate(at + 1);
                    location.push_str(MASK);
                }
                text(location);
            }
            Why::ByHand(rule) => {
                if let Effect::Equals(expected) = &mut rule.effect {
                    *expected = json(expected);
                }
            }
            _ => {}
        }
        if let Some(excerpt) = &mut mismatch.location {
            if named {
                let shown: String =
                    excerpt.text.chars().take(excerpt.location.column.saturating_sub(1) as usize).collect();
                excerpt.text = shown + MASK;
                excerpt.length = u32::try_from(MASK.len()).unwrap_or_default();
            }
            let length = excerpt.text.chars().count();
            text(&mut excerpt.text);
            if excerpt.text.chars().count() != length {
                // The masked line is shown as a whole: the column meant another text.
                excerpt.location.column = 1;
                excerpt.length = u32::try_from(excerpt.text.chars().count()).unwrap_or(u32::MAX);
            }
        }
    }
}

fn text(text: &mut String) {
    if let Cow::Owned(masked) = mask(text) {
        *text = masked;
    }
}

/// Masks secrets by their look, and what stands under a member's name that says what it is.
fn json(json: &Json) -> Json {
    let masked = json.replace_strings(|text| match mask(text) {
        Cow::Owned(masked) => Some(masked),
        Cow::Borrowed(_) => None,
    });
    let mut spans = Vec::new();
    let mut open = vec![masked.root()];
    while let Some(value) = open.pop() {
        for member in value.members() {
            let secret = is_credential_name(&member.name());
            match member.value.kind() {
                Kind::String | Kind::Number if secret => spans.push(member.value.span()),
                _ => open.push(member.value),
            }
        }
        open.extend(value.elements());
    }
    spans.sort_by_key(|span| span.start);
    let (mut text, mut copied) = (String::new(), 0);
    for span in spans {
        text.push_str(masked.text().get(copied..span.start).unwrap_or_default());
        crate::json::quote(MASK, &mut text);
        copied = span.end;
    }
    if copied == 0 {
        return masked;
    }
    text.push_str(masked.text().get(copied..).unwrap_or_default());
    Json::parse_within(text, &Budget::UNLIMITED).unwrap_or_else(|_| Json::string(MASK))
}

#[cfg(test)]
mod tests {
    use super::json;
    use crate::json::Json;

    #[test]
    fn secrets_are_masked_by_look_and_by_name() {
        let shown = r#"{"a": ["ghp_0123456789abcdefghijklmnopqrstuvwxyzAB"], "access_token": "x", "b": {"password": 7}}"#;
        let masked = json(&Json::parse(shown).unwrap());
        let expected = r#"{"a":["[REDACTED]"],"access_token":"[REDACTED]","b":{"password":"[REDACTED]"}}"#;
        assert_eq!(masked.root().to_compact(), expected);
    }
}
