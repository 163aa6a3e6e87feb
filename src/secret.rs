//! What looks like a live secret: never sent from a page, masked in every output.

mod answer;
mod call;
mod key;
mod known;
mod live;
mod mark;
mod name;
mod named;
mod option;
mod token;
mod view;

use memchr::memmem::Finder;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

pub use answer::given_away;
pub use known::{Masked, SHORTEST, Secrets};
pub(crate) use live::is_in_field;
pub use name::{
    is_credential_header, is_credential_member, is_credential_name, is_credential_parameter,
    is_credential_variable,
};

/// What stands where a secret stood.
pub const MASK: &str = "[REDACTED]";

/// The secrets in a text, in order: JSON web tokens, access keys and tokens of well-known issuers, signatures of URLs
/// that give access, private keys, and passwords in URLs. Only forms that documentation does not use for anything else.
pub fn find(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if mark::is_in(text) {
        found.extend(token::find(text));
        found.extend(key::find(text));
    }
    found.extend(url_passwords(text));
    found.sort_by_key(|range| range.start);
    found
}

/// The text with every secret in it masked: what [`find`] finds, and what stands behind the name of a credential, in
/// a query or anywhere else, or behind an option that logs in.
pub fn mask(text: &str) -> Cow<'_, str> {
    let found = masked(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut masked, mut copied) = (String::with_capacity(text.len()), 0);
    for range in found {
        masked.push_str(text.get(copied..range.start).unwrap_or_default());
        masked.push_str(MASK);
        copied = range.end;
    }
    masked.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(masked)
}

/// What [`mask`] masks, in order; none of them overlap.
pub(crate) fn masked(text: &str) -> Vec<Range<usize>> {
    let mut found = find(text);
    found.extend(credential_parameters(text));
    found.extend(named::values(text));
    found.extend(option::values(text));
    found.extend(option::hosts(text));
    found.sort_by_key(|range| range.start);
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match apart.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// The beginning of a text, for messages, and a mark where it was cut. What looks like a secret is masked before the
/// cut, which would leave a part of it that nothing tells by its look.
pub fn beginning(text: &str, length: usize) -> Cow<'_, str> {
    /// Longer than anything that is told by its look, but for what stands behind a name.
    const WINDOW: usize = 16 * 1024;
    if text.len() <= length {
        return Cow::Borrowed(text);
    }
    let shown = mask(text.get(..text.floor_char_boundary(length + WINDOW)).unwrap_or(text));
    let end = shown.floor_char_boundary(length);
    Cow::Owned(format!("{}…", shown.get(..end).unwrap_or_default()))
}

static ORIGIN: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("://"));

/// The password of `scheme://user:password@host`, placeholders aside.
pub fn url_passwords(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // Names of members begin with such a sign more often than a host does.
    let is_name = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
        before.is_none_or(|before| matches!(before, b'/' | b'?' | b'#' | b' ' | b'"' | b'\n'))
    };
    if memchr::memchr_iter(b'@', text.as_bytes()).all(is_name) {
        return found;
    }
    for at in ORIGIN.find_iter(text.as_bytes()) {
        let rest = text.get(at + 3..).unwrap_or_default();
        let authority = rest.split(['/', '?', '#', ' ', '"', '\n']).next().unwrap_or_default();
        let Some((user, _)) = authority.rsplit_once('@') else { continue };
        let Some((name, password)) = user.split_once(':') else { continue };
        if !password.is_empty() && !password.starts_with(['{', '<', '$', '*']) {
            let start = at + 3 + name.len() + 1;
            found.push(start..start + password.len());
        }
    }
    found
}

/// The values of a URL's parameters, of its query or its fragment, that carry credentials by their name; placeholders
/// aside.
pub fn credential_parameters(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut until) = (Vec::new(), 0);
    for (at, _) in text.match_indices(['?', '&', '#', ';']) {
        if at < until {
            continue;
        }
        let rest = text.get(at + 1..).unwrap_or_default();
        let ends = |c: char| c.is_whitespace() || matches!(c, '&' | '#' | ';' | '"' | '\'' | '`');
        let Some(sign) = rest.find(|c: char| ends(c) || matches!(c, '=' | '?')) else { continue };
        let (name, rest) = rest.split_at(sign);
        let Some(rest) = rest.strip_prefix('=') else { continue };
        let name = percent_decode_str(name).decode_utf8_lossy();
        if !name::may_be_parameter(&name) {
            continue;
        }
        let placeholder = rest.starts_with('<');
        let length = rest.find(|c| ends(c) || !placeholder && matches!(c, '<' | '>')).unwrap_or(rest.len());
        let value = rest.get(..length).unwrap_or_default();
        if is_credential_parameter(&name, value) {
            let start = at + 1 + sign + 1;
            until = start + length;
            found.push(start..until);
        }
    }
    found
}

/// Whether a header's value is a scheme of authentication and what it is given, placeholders aside.
pub fn is_authentication(value: &str) -> bool {
    let given = value.trim().split_once(' ').filter(|(scheme, _)| is_scheme(scheme));
    given.is_some_and(|(_, given)| !given.trim().is_empty() && !name::is_placeholder(given))
}

fn is_scheme(word: &str) -> bool {
    const SCHEMES: [&str; 10] =
        ["bearer", "basic", "digest", "token", "apikey", "api-key", "dpop", "negotiate", "ntlm", "sharedkey"];
    SCHEMES.iter().any(|scheme| word.eq_ignore_ascii_case(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ",
        "Bearer [REDACTED]"
    )]
    #[case("The key is AKIAABCDEFGHIJKLMNOP.", "The key is [REDACTED].")]
    #[case("ghp_0123456789abcdefghijklmnopqrstuvwxyzAB", "[REDACTED]")]
    #[case("/ghp_0123456789abcdefghijklmnopqrstuvwxyzAB.git/x", "/[REDACTED].git/x")]
    #[case("https://ann:hunter2@host.example/x", "https://ann:[REDACTED]@host.example/x")]
    #[case("https://{user}:{password}@host.example/x", "https://{user}:{password}@host.example/x")]
    #[case("eyJ0eXAiOiJKV1Qi...", "eyJ0eXAiOiJKV1Qi...")]
    #[case("/x?a=1&API-Key=abc&b=2, /y?sig=d#e", "/x?a=1&API-Key=[REDACTED]&b=2, /y?sig=[REDACTED]#e")]
    #[case(
        "/x?access%5Ftoken=ghp_0123456789abcdefghijklmnopqrstuvwxyzAB/rest",
        "/x?access%5Ftoken=[REDACTED]"
    )]
    #[case("/x?access_token={token}&password=&q=sig=1", "/x?access_token={token}&password=&q=sig=1")]
    #[case("5c571b0f-1b0f-5c57-0f1b-575c0f1b575c", "5c571b0f-1b0f-5c57-0f1b-575c0f1b575c")]
    fn only_live_looking_secrets_are_masked(#[case] text: &str, #[case] masked: &str) {
        assert_eq!(mask(text), masked);
    }

    proptest::proptest! {
        #[test]
        fn what_is_masked_stands_apart_and_between_characters(
            parts in proptest::collection::vec(
                proptest::sample::select(vec![
                    "-u", " -u ", "--auth=", "\u{2013}u ", "\u{2014}", "-b ", "-H ", "-E", "auth", "token", "X-Key", "ann:", "pw", "\"", "'",
                    "`", "\\", "(", ")", "[", "]", "{", "}", "=", ":", ",", " ", "\n", "\u{2013}", "é", "S3cr3tX", "Basic ", "@h", "curl ",
                    "<", ">", "$", "Authorization", "basic_auth ",
                ]),
                0..14,
            )
        ) {
            let text = parts.concat();
            let mut until = 0;
            for range in masked(&text) {
                proptest::prop_assert!(until <= range.start && text.get(range.clone()).is_some(), "{:?} {:?}", text, range);
                until = range.end;
            }
        }
    }

    #[test]
    fn a_cut_leaves_no_half_of_a_secret() {
        let token = "ghp_0123456789abcdefghijklmnopqrstuvwxyzAB";
        for before in 0..60 {
            let text = format!("{} {token} {}", "é".repeat(before), "x".repeat(60));
            let shown = beginning(&text, 60);
            assert!(!shown.contains("0123"), "{shown}");
            assert!(shown.len() <= 63 && shown.ends_with('…'), "{shown}");
        }
        assert_eq!(beginning("short", 5), "short");
    }

    #[rstest]
    #[case("Bearer abc", true)]
    #[case("apikey 7", true)]
    #[case("Bearer {token}", false)]
    #[case("Bearer", false)]
    #[case("token of a session", true)]
    #[case("no-cache", false)]
    fn authentication_by_its_scheme(#[case] value: &str, #[case] carries: bool) {
        assert_eq!(is_authentication(value), carries);
    }
}
