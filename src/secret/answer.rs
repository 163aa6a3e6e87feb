//! What an answer gives away: the values of its credentials, whatever name they stand under later.

use super::name::{is_credential_header, is_credential_name, is_placeholder, is_type_word};
use super::{SHORTEST, credential_parameters, named};
use crate::json::{Budget, Json, Kind, Value};
use crate::message::Received;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// Of a body that is no JSON so much is looked through.
const LONGEST: usize = 64 * 1024;

/// The credentials of an answer by what they are called: those of its fields, of the members of its body, and of what
/// reads like one where the body is no JSON.
pub fn given_away(answer: &Received, budget: &Budget) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, value) in answer.headers.iter() {
        let is_cookie = name.to_ascii_lowercase().starts_with("set-cookie");
        if is_credential_header(name) && !is_cookie {
            let credentials = value.split_once(' ').map_or(value, |(_, given)| given);
            found.extend(pair(name, credentials));
        }
        for parameter in credential_parameters(value) {
            found.extend(pair("parameter", value.get(parameter).unwrap_or_default()));
        }
    }
    if !is_named(&answer.body) {
        return found;
    }
    if let Ok(json) = Json::parse_bytes(answer.body.clone(), budget) {
        members(json.root(), &mut found);
        return found;
    }
    let text = String::from_utf8_lossy(answer.body.get(..LONGEST).unwrap_or(&answer.body));
    for (name, value) in named::pairs(&text) {
        // Prose has words behind a colon.
        let value = text.get(value).unwrap_or_default();
        let told = !value.contains(char::is_whitespace) && value.contains(|c: char| c.is_ascii_digit());
        found.extend(pair(name, value).filter(|_| told));
    }
    found
}

/// Whether a body can name a credential at all: all others need not be read for it.
fn is_named(body: &[u8]) -> bool {
    static NAMES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let words = [
            "token",
            "secret",
            "pass",
            "pwd",
            "assertion",
            "sig",
            "credential",
            "key",
            "auth",
            "jwt",
            "cookie",
            "session",
            "dpop",
            r"\u",
        ];
        AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok()
    });
    NAMES.as_ref().is_none_or(|names| names.is_match(body))
}

fn members(root: Value<'_>, found: &mut Vec<(String, String)>) {
    let mut open = vec![(root, None)];
    while let Some((value, below)) = open.pop() {
        match (value.kind(), &below) {
            (Kind::Object, _) => open.extend(value.members().map(|member| {
                let name = member.name().into_owned();
                let named = is_credential_name(&name).then_some((name, true));
                (member.value, named.or_else(|| below.clone().map(|(name, _)| (name, false))))
            })),
            (Kind::Array, _) => open.extend(value.elements().map(|element| (element, below.clone()))),
            (Kind::String | Kind::Number, Some((name, own))) => {
                let text = match value.as_str() {
                    Some(text) => text.into_owned(),
                    None => value.raw().to_owned(),
                };
                // What stands deeper may say when it ends, or where it is from.
                let told = *own || text.len() >= 16 && !text.contains([' ', ':']);
                found.extend(pair(name, &text).filter(|_| told));
            }
            _ => {}
        }
    }
}

/// A value that is worth to be looked for, under a name that is fit to be shown.
fn pair(name: &str, value: &str) -> Option<(String, String)> {
    let value = value.trim();
    let shown = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let shown = if shown && name.len() <= 64 { name } else { "credential" };
    let says_nothing = is_placeholder(value) || is_type_word(value) || says_a_kind(name) && is_word(value);
    let told = value.len() >= SHORTEST && !says_nothing;
    told.then(|| (shown.to_owned(), value.to_owned()))
}

/// Names under which a service says how, as well as with what: `"auth": "password"`, `"token": "disabled"`.
fn says_a_kind(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let kinds =
        ["auth", "authorization", "authentication", "credential", "credentials", "signature", "sig", "token"];
    kinds.iter().any(|kind| plain.eq_ignore_ascii_case(kind))
}

fn is_word(value: &str) -> bool {
    value.len() < 16 && value.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::given_away;
    use crate::json::Budget;
    use crate::message::Received;
    use rstest::rstest;

    #[rstest]
    #[case::members(r#"{"token": "canary01", "a": [{"apiKey": "canary02", "id": "plain-id"}]}"#, &["canary01", "canary02"])]
    #[case::escaped(r#"{"\u0074oken": "ca\u006eary01"}"#, &["canary01"])]
    #[case::numbers(r#"{"password": 12345678, "secret": 7, "session": 12345678}"#, &["12345678"])]
    #[case::deeper(r#"{"token": {"kind": "temporary", "v": "canary-of-16-octets", "at": "2026-01-01T00:00:00Z"}}"#, &["canary-of-16-octets"])]
    #[case::several(r#"{"access_token": ["canary01", "canary02"]}"#, &["canary01", "canary02"])]
    #[case::short(r#"{"token": "canary", "secret": "{your secret}", "password": "string"}"#, &[])]
    #[case::a_kind(r#"{"auth": "password", "signature": "required", "token_type": "canary01"}"#, &[])]
    #[case::a_word(r#"{"password": "hunterhunter"}"#, &["hunterhunter"])]
    #[case::other_tokens(r#"{"nextToken": "canary01", "$skiptoken": "canary02", "key": "canary03"}"#, &[])]
    #[case::a_form("access_token=canary01&scope=canary02", &["canary01"])]
    #[case::broken_json(r#"{"access_token": "canary01", "b"#, &["canary01"])]
    #[case::prose("no token: something went wrong, key: elsewhere", &[])]
    fn credentials_of_a_body(#[case] body: &str, #[case] expected: &[&str]) {
        let answer = Received { body: body.into(), ..Received::default() };
        let mut found: Vec<String> =
            given_away(&answer, &Budget::default()).into_iter().map(|(_, value)| value).collect();
        found.sort();
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case("X-Auth-Token", "canary01", Some(("x-auth-token", "canary01")))]
    #[case("Authorization", "Bearer canary01", Some(("authorization", "canary01")))]
    #[case("Location", "/cb?access_token=canary01", Some(("parameter", "canary01")))]
    #[case("ETag", "canary01", None)]
    #[case("Set-Cookie", "lang=canary01", None)]
    fn credentials_of_a_field(
        #[case] name: &str,
        #[case] value: &str,
        #[case] expected: Option<(&str, &str)>,
    ) {
        let answer = Received { headers: [(name, value)].into_iter().collect(), ..Received::default() };
        let found = given_away(&answer, &Budget::default());
        let found = found.first().map(|(name, value)| (name.to_ascii_lowercase(), value.clone()));
        assert_eq!(found.as_ref().map(|(name, value)| (name.as_str(), value.as_str())), expected);
    }
}
