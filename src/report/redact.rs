//! Masks the secrets of the run and what looks like a live one, in the whole report and before any format sees it.

use crate::json::{Budget, Json, Kind};
use crate::secret::{MASK, Secrets, is_credential_header, is_credential_name, masked};
use crate::verdict::{Effect, Excerpt, KnownState, Mismatch, Outcome, Remark, Report, Verdict, Why};
use std::borrow::Cow;
use std::ops::Range;

/// Masks the secrets of the run, and what looks like a live one, in everything that a report holds of pages and
/// answers.
pub fn redact(report: &mut Report, secrets: &Secrets) {
    text(&mut report.target, secrets);
    for one in &mut report.verdicts {
        verdict(one, secrets);
    }
    for note in &mut report.known {
        match &mut note.state {
            KnownState::Elsewhere(at) => text(at, secrets),
            // What stands below a member that carries credentials is a part of them.
            KnownState::AnotherValue(actual) => {
                let named = note.known.at.as_deref().unwrap_or_default();
                let named = is_credential_header(named)
                    || named.split(['.', '[', ']', '\'', '"']).any(is_credential_name);
                *actual = if named { Json::string(MASK) } else { json(actual, secrets) };
            }
            KnownState::Expired | KnownState::Mended | KnownState::Unused(_) => {}
        }
    }
    report.warnings.iter_mut().for_each(|warning| text(warning, secrets));
    for left in &mut report.left_behind {
        text(&mut left.request.url, secrets);
        text(&mut left.problem, secrets);
    }
}

fn verdict(verdict: &mut Verdict, secrets: &Secrets) {
    let text = |shown: &mut String| text(shown, secrets);
    match &mut verdict.outcome {
        Outcome::Errored(_, message) | Outcome::Skipped(_, message) => text(message),
        Outcome::Passed | Outcome::Failed => {}
    }
    if let Some(exchange) = &mut verdict.exchange {
        for message in std::iter::once(&mut exchange.sent).chain(&mut exchange.received) {
            text(&mut message.start);
            text(&mut message.body);
            for (name, value) in &mut message.headers {
                let leads = ["location", "content-location"];
                if is_credential_header(name) && !value.is_empty() {
                    MASK.clone_into(value);
                } else if leads.iter().any(|header| name.eq_ignore_ascii_case(header)) {
                    *value = without_queries(value);
                } else if name.eq_ignore_ascii_case("link") {
                    *value = with_paging_alone(value);
                }
                text(value);
            }
        }
    }
    if let Some(
        Remark::CredentialOfThePage(said) | Remark::LeadsElsewhere(said) | Remark::EndsItsFlow(said),
    ) = &mut verdict.remark
    {
        text(said);
    }
    if let Some(request) = &mut verdict.request {
        text(&mut request.url);
    }
    for mismatch in &mut verdict.mismatches {
        let named = is_of_credential(mismatch);
        let leads = ["location", "content-location"];
        let leads = leads.iter().any(|header| mismatch.at.eq_ignore_ascii_case(header));
        let links = mismatch.at.eq_ignore_ascii_case("link");
        for value in [&mut mismatch.expected, &mut mismatch.actual].into_iter().flatten() {
            let telling = !matches!(value.root().kind(), Kind::Null | Kind::Bool);
            *value = match value.root().as_str() {
                _ if named && telling => Json::string(MASK),
                Some(urls) if leads => Json::string(&secrets.mask(&without_queries(&urls))),
                Some(urls) if links => Json::string(&secrets.mask(&with_paging_alone(&urls))),
                _ => json(value, secrets),
            };
        }
        match &mut mismatch.why {
            Why::TypeWord(said) | Why::PathEcho(said) | Why::Echo(said) | Why::Instead(said) => text(said),
            Why::Redirect(location) => {
                *location = without_queries(location);
                text(location);
            }
            Why::ByHand(rule) => {
                if let Effect::Equals(expected) = &mut rule.effect {
                    *expected = json(expected, secrets);
                }
            }
            _ => {}
        }
        text(&mut mismatch.at);
        if let Some(elements) = &mut mismatch.elements {
            text(&mut elements.path);
        }
        if let Some(accept) = &mut mismatch.accept {
            text(&mut accept.at);
        }
        if let Some(excerpt) = &mut mismatch.location {
            if named {
                hide(excerpt);
            }
            let length = excerpt.text.chars().count();
            text(&mut excerpt.text);
            if excerpt.text.chars().count() != length {
                // The masked line is shown as a whole: the column meant another text.
                excerpt.location.column = excerpt.from;
                excerpt.length = u32::try_from(excerpt.text.chars().count()).unwrap_or(u32::MAX);
            }
        }
    }
}

/// Masks what an excerpt means: where it stands behind its name no more than that, else all that is behind it as well.
fn hide(excerpt: &mut Excerpt) {
    let before = excerpt.location.column.saturating_sub(excerpt.from) as usize;
    let text = &excerpt.text;
    let byte = |characters: usize| text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    let (start, end) = (byte(before), byte(before + excerpt.length as usize));
    // The quotes of a string are no part of what is masked.
    let is_meant = |range: &Range<usize>| (start..=start + 1).contains(&range.start) && end <= range.end + 1;
    let (range, quotes) = match masked(text).into_iter().find(is_meant) {
        Some(range) => (range.clone(), 2 * (range.start - start)),
        None => (start..text.len(), 0),
    };
    excerpt.length = u32::try_from(MASK.len() + quotes).unwrap_or_default();
    excerpt.text.replace_range(range, MASK);
}

/// A URL without query and fragment, and without parameters of its path: who follows a redirect mostly carries a code or a token there. What a `Link` names
/// is another page of the same, and shown but for what a parameter's name says is a credential.
fn without_queries(url: &str) -> String {
    match url.find(['?', '#', ';']) {
        Some(at) => format!("{}{MASK}", url.get(..=at).unwrap_or_default()),
        None => url.to_owned(),
    }
}

/// The links of a field `Link`: of their queries what leads from page to page is shown, and no other value.
fn with_paging_alone(links: &str) -> String {
    const PAGING: [&str; 20] = [
        "page",
        "per_page",
        "per-page",
        "perpage",
        "page_size",
        "pagesize",
        "limit",
        "offset",
        "cursor",
        "after",
        "before",
        "since",
        "until",
        "start",
        "count",
        "sort",
        "order",
        "direction",
        "page[number]",
        "page[size]",
    ];
    let (mut shown, mut rest) = (String::with_capacity(links.len()), links);
    while let Some(at) = rest.find(['?', '&', '#', ';']) {
        let (before, behind) = rest.split_at(at + 1);
        shown.push_str(before);
        // Behind the URL the parameters are the link's own; in its path they end with their segment.
        let url = shown.rfind('<').and_then(|start| shown.get(start..)).filter(|url| !url.contains('>'));
        if before.ends_with(';') && url.is_none() {
            rest = behind;
            continue;
        }
        let in_path = url.is_some_and(|url| !url.contains('?'));
        let ends = |c: char| "&;#>, \"".contains(c) || in_path && matches!(c, '/' | '?');
        let end = behind.find(ends).unwrap_or(behind.len());
        let (parameter, others) = behind.split_at(end);
        let (name, value) = parameter.split_once('=').map_or(("", parameter), |(name, value)| (name, value));
        let is_known = PAGING.iter().any(|known| known.eq_ignore_ascii_case(name)) && value.len() <= 64;
        if is_known || value.is_empty() {
            shown.push_str(parameter);
        } else {
            shown.push_str(name);
            shown.push_str(if name.is_empty() { "" } else { "=" });
            shown.push_str(MASK);
        }
        rest = others;
    }
    shown.push_str(rest);
    shown
}

fn text(text: &mut String, secrets: &Secrets) {
    if let Cow::Owned(masked) = secrets.mask(text) {
        *text = masked;
    }
}

/// Masks known secrets, those that look like one, and what stands under a member's name that says what it is.
fn json(json: &Json, secrets: &Secrets) -> Json {
    let masked = by_look_and_name(json, secrets);
    // A secret that goes across several values: what it was cannot be shown.
    match secrets.replace(masked.text(), |_| MASK.to_owned()) {
        Cow::Borrowed(_) => masked,
        Cow::Owned(text) => Json::string(&text),
    }
}

fn by_look_and_name(json: &Json, secrets: &Secrets) -> Json {
    let masked = json.replace_strings(|text| match secrets.mask(text) {
        Cow::Owned(masked) => Some(masked),
        Cow::Borrowed(_) => None,
    });
    let mut spans = Vec::new();
    let mut open = vec![masked.root()];
    while let Some(value) = open.pop() {
        if value.kind() == Kind::Number
            && let Cow::Owned(shown) = secrets.mask(value.raw())
        {
            spans.push((value.span(), shown));
        }
        for member in value.members() {
            let name = member.name();
            if let Cow::Owned(shown) = secrets.mask(&name) {
                spans.push((member.key.span(), shown));
            }
            match member.value.kind() {
                Kind::String | Kind::Number | Kind::Object | Kind::Array if is_credential_name(&name) => {
                    spans.push((member.value.span(), MASK.to_owned()));
                }
                _ => open.push(member.value),
            }
        }
        open.extend(value.elements());
    }
    spans.sort_by_key(|(span, _)| span.start);
    let (mut text, mut copied) = (String::new(), 0);
    for (span, shown) in spans {
        text.push_str(masked.text().get(copied..span.start).unwrap_or_default());
        crate::json::quote(&shown, &mut text);
        copied = span.end;
    }
    if copied == 0 {
        return masked;
    }
    text.push_str(masked.text().get(copied..).unwrap_or_default());
    Json::parse_within(text, &Budget::UNLIMITED).unwrap_or_else(|_| Json::string(MASK))
}

/// Whether it is of what carries credentials by its name. What stands below such a member is a part of them; and where
/// the names of several members are data, what is shown is the first one's.
fn is_of_credential(mismatch: &Mismatch) -> bool {
    if !mismatch.at.starts_with('$') {
        return is_credential_header(&mismatch.at);
    }
    let first = mismatch.elements.as_ref().map(|elements| elements.path.as_str());
    let mut names = [Some(mismatch.at.as_str()), first].into_iter().flatten();
    names.any(|path| path.split(['.', '[', ']', '\'', '"']).any(is_credential_name))
}

#[cfg(test)]
mod tests {
    use super::{is_of_credential, json, with_paging_alone, without_queries};
    use crate::json::Json;
    use crate::secret::Secrets;
    use crate::verdict::{Elements, Mismatch, Rule, Severity, Site, Why};
    use rstest::rstest;

    #[rstest]
    #[case("<https://h/a?page=2&per_page=5>; rel=\"next\"", "<https://h/a?page=2&per_page=5>; rel=\"next\"")]
    #[case("</a?sid=abc&page=3>, </b?ticket=x>", "</a?sid=[REDACTED]&page=3>, </b?ticket=[REDACTED]>")]
    #[case("</a?Page[Number]=2#abc>", "</a?Page[Number]=2#[REDACTED]>")]
    #[case("</a?abc>; rel=next", "</a?[REDACTED]>; rel=next")]
    #[case("</a?otp=&x=1", "</a?otp=&x=[REDACTED]")]
    #[case("</a>; rel=\"next\"", "</a>; rel=\"next\"")]
    #[case("</a?page=2;sid=abc>; rel=next", "</a?page=2;sid=[REDACTED]>; rel=next")]
    #[case("</a?page=2;abc>", "</a?page=2;[REDACTED]>")]
    #[case("</a;jsessionid=abc/b?page=2>; rel=next", "</a;jsessionid=[REDACTED]/b?page=2>; rel=next")]
    #[case("</a?next=/x/abc&page=2>; rel=next", "</a?next=[REDACTED]&page=2>; rel=next")]
    fn of_links_the_paging_is_shown(#[case] links: &str, #[case] shown: &str) {
        assert_eq!(with_paging_alone(links), shown);
    }

    #[test]
    fn what_stands_under_the_name_of_a_credential_is_one_where_names_are_data_too() {
        let of = |elements| Mismatch {
            severity: Severity::Fail,
            rule: Rule::Type,
            at: "$.kept[*]".to_owned(),
            site: Site::Body(String::new()),
            location: None,
            expected: None,
            actual: None,
            elements,
            why: Why::Shown,
            accept: None,
            known: None,
        };
        let path = "$.kept.password".to_owned();
        assert!(is_of_credential(&of(Some(Elements { count: 2, of: 3, first: 0, path, alike: false }))));
        assert!(!is_of_credential(&of(None)));
    }

    #[test]
    fn a_credential_of_many_parts_is_masked_as_a_whole() {
        let masked = json(
            &Json::parse(r#"{"token": {"a": ["x"]}, "secret": ["y", 7], "password": null}"#).unwrap(),
            &Secrets::default(),
        );
        let expected = r#"{"token":"[REDACTED]","secret":"[REDACTED]","password":null}"#;
        assert_eq!(masked.root().to_compact(), expected);
    }

    #[test]
    fn where_a_redirect_leads_is_shown_without_what_it_carries() {
        assert_eq!(without_queries("https://h.example/cb?code=1&state=2"), "https://h.example/cb?[REDACTED]");
        assert_eq!(without_queries("/b#x"), "/b#[REDACTED]");
        assert_eq!(without_queries("/b;jsessionid=x"), "/b;[REDACTED]");
        assert_eq!(without_queries("/b"), "/b");
    }

    #[test]
    fn secrets_are_masked_by_look_and_by_name() {
        let shown = r#"{"a": ["ghp_0123456789abcdefghijklmnopqrstuvwxyzAB"], "access_token": "x", "b": {"password": 7}}"#;
        let masked = json(&Json::parse(shown).unwrap(), &Secrets::default());
        let expected = r#"{"a":["[REDACTED]"],"access_token":"[REDACTED]","b":{"password":"[REDACTED]"}}"#;
        assert_eq!(masked.root().to_compact(), expected);
    }

    #[test]
    fn a_known_secret_is_masked_in_numbers_and_names_too() {
        let secrets = Secrets::default();
        secrets.add("PIN", "1234567890");
        let masked = |text| json(&Json::parse(text).unwrap(), &secrets).root().to_compact();
        assert_eq!(masked(r#"{"a": "x1234567890"}"#), r#"{"a":"x[REDACTED:PIN]"}"#);
        assert!(!masked(r#"{"a": 1234567890}"#).contains("1234567890"));
        assert!(!masked(r#"{"\u00311234567890": 1}"#).contains("1234567890"));
    }

    #[test]
    fn an_object_with_a_secret_for_a_name_stays_an_object() {
        let secrets = Secrets::default();
        secrets.add("PIN", "1234567890");
        let masked = |text| json(&Json::parse(text).unwrap(), &secrets).root().to_compact();
        assert_eq!(masked(r#"{"1234567890": 2, "n": 1}"#), r#"{"[REDACTED:PIN]":2,"n":1}"#);
        assert_eq!(masked(r#"[{"a": {"1234567890": 2}}]"#), r#"[{"a":{"[REDACTED:PIN]":2}}]"#);
        assert_eq!(masked(r"[1234567890, 7]"), r#"["[REDACTED:PIN]",7]"#);
        // What looks like a live one does in a name too.
        let live = r#"{"ghp_0123456789abcdefghijklmnopqrstuvwxyzAB": 1}"#;
        assert_eq!(masked(live), r#"{"[REDACTED]":1}"#);
    }
}
