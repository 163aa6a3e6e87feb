//! Values that stand behind a credential's name in any text: whole JSON, broken JSON, a form, a header's line.

use super::call;
use super::name::{is_credential_header, is_credential_name, is_placeholder, is_type_word};
use std::ops::Range;

/// Characters of a name; a longer run is none.
const LONGEST_NAME: usize = 64;

/// The values behind `"name": `, `name=`, `Name: ` and `<name>`, placeholders and type words aside; in order.
pub(super) fn values(text: &str) -> Vec<Range<usize>> {
    pairs(text).into_iter().map(|(_, value)| value).collect()
}

/// The same with the names that they stand behind.
pub(super) fn pairs(text: &str) -> Vec<(&str, Range<usize>)> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let (bytes, mut found, mut at) = (text.as_bytes(), Vec::new(), 0);
    // Without one of these nothing stands behind a name, as in most paths.
    let assigns = memchr::memchr3(b'=', b':', b'<', bytes).is_some();
    if !assigns
        && memchr::memchr3(b'%', b'"', b'\'', bytes).is_none()
        && memchr::memchr(b' ', bytes).is_none()
    {
        return found;
    }
    while let Some(start) =
        bytes.get(at..).and_then(|rest| rest.iter().position(is_part)).map(|from| at + from)
    {
        let length = bytes.get(start..).unwrap_or_default().iter().take_while(|byte| is_part(byte)).count();
        at = start + length;
        let name = text.get(start..at).unwrap_or_default();
        let is_quoted = || matches!(start.checked_sub(1).and_then(|at| bytes.get(at)), Some(b'"' | b'\''));
        let is_field = || name.contains('-') && is_quoted() && is_credential_header(name);
        if length > LONGEST_NAME || !is_name(name) && !call::is_name(name) && !is_field() {
            continue;
        }
        let value = call::arguments(text, name, start).or_else(|| {
            is_name(name).then(|| {
                tagged(text, name, start)
                    .or_else(|| assigned(text, name, at))
                    .or_else(|| apart(text, start, at))
            })?
        });
        let Some(value) = value.filter(|value| !value.is_empty()) else { continue };
        let shown = text.get(value.clone()).unwrap_or_default();
        let credentials = without_scheme(shown);
        if !is_placeholder(credentials) && !is_type_word(credentials) {
            at = value.end;
            found.push((name, value));
        }
    }
    found
}

fn is_name(name: &str) -> bool {
    is_credential_name(name)
        || name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-")) && is_credential_header(name)
}

/// `<name>value</name>`.
fn tagged(text: &str, name: &str, start: usize) -> Option<Range<usize>> {
    let from = start + name.len() + 1;
    let rest = text.get(..start)?.ends_with('<').then(|| text.get(from - 1..))??.strip_prefix('>')?;
    let length = rest.find('<')?;
    rest.get(length..)?.strip_prefix("</")?.starts_with(name).then_some(from..from + length)
}

/// What is behind the name's `:` or `=`.
fn assigned(text: &str, name: &str, end: usize) -> Option<Range<usize>> {
    let behind = text.get(end..)?;
    let unquoted = behind.trim_start_matches('\\').trim_start_matches(['"', '\'', ']']);
    let quoted = unquoted.len() < behind.len();
    let rest = unquoted.trim_start_matches([' ', '\t', '\r', '\n']);
    // Outside of JSON a line break ends what could be a value.
    let rest = if quoted { rest } else { unquoted.trim_start_matches([' ', '\t']) };
    let assigned = ["=", "%3D", "%3d"].iter().find_map(|sign| rest.strip_prefix(sign));
    // `q=sig=1` asks for a text.
    if !quoted && name.eq_ignore_ascii_case("sig") {
        return None;
    }
    let rest = match assigned {
        // `name => value`, as Ruby and PHP write it.
        Some(rest) => rest.strip_prefix('>').unwrap_or(rest),
        // `name:=value`, as HTTPie has it.
        None => rest.strip_prefix(":=").or_else(|| rest.strip_prefix(':'))?,
    };
    let rest = if quoted { rest.trim_start() } else { rest.trim_start_matches([' ', '\t']) };
    let start = text.len() - rest.len();
    let escapes = rest.bytes().take_while(|byte| *byte == b'\\').count();
    let length = match rest.as_bytes().get(escapes) {
        Some(quote @ (b'"' | b'\'')) => {
            let from = start + escapes + 1;
            let inside = text.get(from..)?;
            let length = string_length(inside, *quote, escapes);
            // `"Basic " + encode("ann:…")`
            let is_begun = inside.get(..length).is_some_and(|given| super::is_scheme(given.trim()));
            let goes_on = inside.get(length + 1..).is_some_and(|rest| {
                rest.trim_start_matches([' ', '\t']).starts_with(['+', '.', '&', '%', '|', '~'])
            });
            let line = || inside.find(['\r', '\n']).unwrap_or(inside.len());
            return Some(from..from + if is_begun && goes_on { line() } else { length });
        }
        Some(b'`') if rest.get(1..).is_some_and(|rest| rest.contains('`') && !rest.starts_with(' ')) => {
            let inside = rest.get(1..)?;
            return Some(start + 1..start + 1 + inside.find('`')?);
        }
        Some(b'(') if !is_line(name) => nested_length(rest),
        Some(b'{' | b'[') if !is_bracketed_name(rest) => nested_length(rest),
        Some(_) if let Some(length) = call::length(rest) => length,
        Some(b'{' | b'[' | b'<') => rest.find(['}', ']', '>']).map_or(rest.len(), |at| at + 1),
        _ if assigned.is_none() && is_line(name) => rest.find(['\r', '\n']).unwrap_or(rest.len()),
        _ => {
            let ends = |c: char| c.is_whitespace() || matches!(c, ',' | '&' | '"' | '\'' | '<' | '}');
            let length = rest.find(ends).unwrap_or(rest.len());
            let scheme = rest.get(..length).is_some_and(super::is_scheme);
            let next = rest.get(length..).and_then(|rest| rest.strip_prefix(' ')).filter(|_| scheme);
            next.map_or(length, |next| length + 1 + next.find(ends).unwrap_or(next.len()))
        }
    };
    Some(start..start + length)
}

/// The word behind the name of a header at the beginning of its line whose colon was forgotten, and behind a scheme.
fn apart(text: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let line = text.get(..start)?.rsplit('\n').next()?;
    let rest = text.get(end..)?.strip_prefix(' ')?.split('\n').next()?;
    let given = without_scheme(rest);
    let is_alone = line.trim().is_empty() && !given.trim().contains(' ');
    // A word of prose has neither.
    let is_told = given.contains(|c: char| c.is_ascii_digit()) || given.len() < rest.len();
    (is_alone && is_told).then(|| end + 1..end + 1 + rest.trim_end().len())
}

/// Headers whose value is the rest of their line.
fn is_line(name: &str) -> bool {
    ["authorization", "proxy-authorization", "cookie", "set-cookie"]
        .iter()
        .any(|header| name.eq_ignore_ascii_case(header))
}

pub(super) fn without_scheme(value: &str) -> &str {
    value.split_once(' ').filter(|(scheme, _)| super::is_scheme(scheme)).map_or(value, |(_, rest)| rest)
}

/// Up to the quote that closes a string; a quote of a string inside a string is escaped more often.
fn string_length(inside: &str, quote: u8, escapes: usize) -> usize {
    let mut before = 0;
    for (at, byte) in inside.bytes().enumerate() {
        let closes = if escapes == 0 { before % 2 == 0 } else { before <= escapes };
        if byte == quote && closes {
            return at - if escapes == 0 { 0 } else { before };
        }
        before = if byte == b'\\' { before + 1 } else { 0 };
    }
    inside.len()
}

/// `{token}`, `[your token]`: not an object, nor an array.
fn is_bracketed_name(text: &str) -> bool {
    let inside = text.get(1..).unwrap_or_default();
    let longest = inside.char_indices().nth(LONGEST_NAME).map_or(inside.len(), |(at, _)| at);
    let inside = inside.get(..longest).unwrap_or_default();
    let end = inside.find(['}', ']']).unwrap_or(inside.len());
    let inside = inside.get(..end).unwrap_or_default();
    inside.starts_with(|c: char| c.is_ascii_alphabetic()) && !inside.contains(['"', '\'', ':', ',', '\n'])
}

/// Up to the bracket that closes an object, an array, a tuple or a call, or to the end; brackets inside strings are text.
pub(super) fn nested_length(text: &str) -> usize {
    let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quote.is_some(),
            b'"' | b'\'' if quote.is_none() => quote = Some(byte),
            _ if quote.is_some() => quote = quote.filter(|quote| *quote != byte),
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use crate::secret::mask;
    use rstest::rstest;

    #[rstest]
    #[case(r#"{"refresh_token":"ab\"c", "b": 1}"#, r#"{"refresh_token":"[REDACTED]", "b": 1}"#)]
    #[case(r#"{"a": 1, "password" : "two words", b"#, r#"{"a": 1, "password" : "[REDACTED]", b"#)]
    #[case("{\"access_token\":\n \"abc…", "{\"access_token\":\n \"[REDACTED]")]
    #[case(r"{'client_secret': 'abc'}", r"{'client_secret': '[REDACTED]'}")]
    #[case(r#"{"m": "{\"id_token\":\"abc\",\"b\":1}"}"#, r#"{"m": "{\"id_token\":\"[REDACTED]\",\"b\":1}"}"#)]
    #[case(r#"{"pwd": 7, "b": 8}"#, r#"{"pwd": [REDACTED], "b": 8}"#)]
    #[case(r#"{"token": {"a": ["x}"], "b": 2}, "c": 3}"#, r#"{"token": [REDACTED], "c": 3}"#)]
    #[case(r#"{"secret": ["a", {"b": 1"#, r#"{"secret": [REDACTED]"#)]
    #[case(r#"{"token": {"a": "b"}, "secret": ["c"]}"#, r#"{"token": [REDACTED], "secret": [REDACTED]}"#)]
    #[case("error=x&access_token=abc&state=7", "error=x&access_token=[REDACTED]&state=7")]
    #[case("error; access_token=abc, more", "error; access_token=[REDACTED], more")]
    #[case("password: hunter2", "password: [REDACTED]")]
    #[case("Authorization: Bearer abc def", "Authorization: [REDACTED]")]
    #[case("Set-Cookie: sid=abc; Path=/", "Set-Cookie: [REDACTED]")]
    #[case("x?u=%2Fy%3Faccess_token%3Dabc", "x?u=%2Fy%3Faccess_token%3D[REDACTED]")]
    #[case("<a><password>abc</password></a>", "<a><password>[REDACTED]</password></a>")]
    #[case(r#"get("x", auth=("ann", "S3cr3t)X"))"#, r#"get("x", auth=[REDACTED])"#)]
    #[case("get('x', auth=('ann', 'S3cr3t)X'))", "get('x', auth=[REDACTED])")]
    #[case("get(x, auth=('ann',", "get(x, auth=[REDACTED]")]
    #[case("auth: ['ann', 'S3]X'], b", "auth: [REDACTED], b")]
    #[case("auth: { user: 'ann', pass: 'S3}X' }, b", "auth: [REDACTED], b")]
    #[case("get(x, auth=HTTPBasicAuth('ann', 'S3cr3tX'))", "get(x, auth=[REDACTED])")]
    #[case("get(x, auth=aiohttp.BasicAuth(\"ann\", f(\"S3\")), b)", "get(x, auth=[REDACTED], b)")]
    #[case("'Authorization' => 'Basic abc', b", "'Authorization' => '[REDACTED]', b")]
    #[case("req['X-Auth-Key'] = 'abc'", "req['X-Auth-Key'] = '[REDACTED]'")]
    #[case("Authorization Basic YWJj", "Authorization [REDACTED]")]
    #[case("X-Api-Key S3cr3tX", "X-Api-Key [REDACTED]")]
    #[case("-H 'X-Auth-Key: abc' x", "-H 'X-Auth-Key: [REDACTED]' x")]
    #[case("password:=123 b", "password:=[REDACTED] b")]
    #[case("token = f\"abc{d}\", b", "token = [REDACTED], b")]
    #[case("token: r'a b', b", "token: [REDACTED], b")]
    #[case("'Authorization': 'Basic ' + btoa('ann:S3')", "'Authorization': '[REDACTED]")]
    #[case("\"Authorization\": `Basic ab`, b", "\"Authorization\": `[REDACTED]`, b")]
    fn what_stands_behind_a_credentials_name_is_masked(#[case] text: &str, #[case] masked: &str) {
        assert_eq!(mask(text), masked);
    }

    #[rstest]
    #[case("Authorization: Bearer {token}")]
    #[case(r#"{"access_token": "string", "password": null, "token": "{token}", "pwd": ""}"#)]
    #[case(r#"{"@odata.nextLink": "https://h.example/x?$skiptoken=X%274453707402000100"}"#)]
    #[case(r#"{"token_type": "Bearer", "expires_in": 3599, "code": "InvalidAuthenticationToken"}"#)]
    #[case("GET /users/<token>/x")]
    #[case("the token of a session, its secret and the password")]
    #[case(r#"{"forceChangePasswordNextSignIn": true, "max_tokens": 500}"#)]
    #[case(r#"{"required": ["username", "password", "email"], "x-token": ""}"#)]
    #[case("the password (if there is one) and \"its token\", \"or not\"")]
    fn what_carries_none_is_left_alone(#[case] text: &str) {
        assert_eq!(mask(text), text);
    }
}
