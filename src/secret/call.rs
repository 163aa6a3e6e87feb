//! Credentials as code has them: `set_basic_auth("ann", …)`, `header("Authorization", …)`, `auth=Basic("ann", …)`.

use super::named::nested_length;
use std::ops::Range;

/// Whether what is called so is given credentials: `basic_auth`, `SetBearerToken`, `HTTPBasicAuth`, `btoa`.
pub(super) fn is_name(name: &str) -> bool {
    const ENDS: [&str; 12] = [
        "auth",
        "authentication",
        "authorization",
        "credential",
        "credentials",
        "password",
        "bearer",
        "token",
        "apikey",
        "btoa",
        "b64encode",
        "securestring",
    ];
    let ends = |end: &str| {
        let start = name.len().checked_sub(end.len());
        start.and_then(|start| name.get(start..)).is_some_and(|last| last.eq_ignore_ascii_case(end))
    };
    ENDS.iter().any(|end| ends(end))
}

/// What a call of this name is given, where its first argument is a string; and the string behind the name of a header
/// that is an argument itself.
pub(super) fn arguments(text: &str, name: &str, start: usize) -> Option<Range<usize>> {
    let end = start + name.len();
    let (before, rest) = (text.get(..start)?, text.get(end..)?);
    if let Some(quote) = before.chars().next_back().filter(|c| matches!(c, '"' | '\'')) {
        let is_argument = before.get(..before.len() - 1)?.trim_end().ends_with(['(', '[']);
        let is_argument = is_argument && (!before.ends_with("[\"") || is_authorization(name));
        let behind = rest.strip_prefix(quote)?.trim_start().strip_prefix(',')?.trim_start();
        let from = text.len() - behind.len();
        let opens = behind.starts_with(['"', '\'', '`', '$'])
            || behind.as_bytes().get(1).is_some_and(|byte| is_quote(*byte));
        return (is_argument && opens).then(|| from..from + argument(behind));
    }
    let behind = rest.trim_start_matches([' ', '\t']);
    let from = text.len() - behind.len();
    if let Some(inside) = behind.strip_prefix('(') {
        let inside = inside.trim_start();
        let is_text = inside.bytes().take(2).any(is_quote);
        return is_text.then(|| from + 1..from + closing(behind));
    }
    // `request.basic_auth 'ann', '…'`
    let is_command =
        ends_in_auth(name) && behind.len() < rest.len() && behind.bytes().next().is_some_and(is_quote);
    is_command.then(|| from..from + behind.find(['\r', '\n']).unwrap_or(behind.len()))
}

/// Of a value that is a call, or a string with a prefix, how long it is: `Basic("ann", "…")`, `f"…"`.
pub(super) fn length(text: &str) -> Option<usize> {
    let is_part =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'$' | b'@');
    let name = text.bytes().take_while(is_part).count();
    let rest = text.get(name..)?;
    match rest.as_bytes().first()? {
        b'(' => Some(name + nested_length(rest)),
        quote @ (b'"' | b'\'') if text.get(..name).is_some_and(is_prefix) => {
            let inside = rest.get(1..)?;
            Some(name + 1 + inside.find(char::from(*quote)).map_or(inside.len(), |end| end + 1))
        }
        _ => None,
    }
}

/// What may stand before the quote of a string: `f`, `rb`, `$@`.
fn is_prefix(word: &str) -> bool {
    let letters =
        word.bytes().all(|byte| matches!(byte.to_ascii_lowercase(), b'b' | b'f' | b'r' | b'u' | b'$' | b'@'));
    letters && (1..=2).contains(&word.len())
}

/// Up to the comma or the bracket that ends an argument.
fn argument(text: &str) -> usize {
    let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quote.is_some(),
            b'"' | b'\'' | b'`' if quote.is_none() => quote = Some(byte),
            _ if quote.is_some() => quote = quote.filter(|quote| *quote != byte),
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' | b',' if depth == 0 => return at,
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Up to the bracket that closes a call, or to the end.
fn closing(text: &str) -> usize {
    let length = nested_length(text);
    if text.get(..length).is_some_and(|call| call.ends_with(')')) { length - 1 } else { length }
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

fn is_authorization(name: &str) -> bool {
    ["authorization", "proxy-authorization", "cookie"].iter().any(|header| name.eq_ignore_ascii_case(header))
}

fn ends_in_auth(name: &str) -> bool {
    ["basic_auth", "basicauth", "securestring"].iter().any(|end| name.to_ascii_lowercase().ends_with(end))
}

#[cfg(test)]
mod tests {
    use crate::secret::mask;
    use rstest::rstest;

    #[rstest]
    #[case(r#"req.SetBasicAuth("ann", "S3cr3t)X")"#, "req.SetBasicAuth([REDACTED])")]
    #[case("get(url, HTTPBasicAuth('ann', 'S3cr3tX'))", "get(url, HTTPBasicAuth([REDACTED]))")]
    #[case(r#".basic_auth("ann", Some("S3cr3tX"))"#, ".basic_auth([REDACTED])")]
    #[case("request.basic_auth 'ann', 'S3cr3tX'", "request.basic_auth [REDACTED]")]
    #[case("request.auth('ann', 'S3cr3tX').end()", "request.auth([REDACTED]).end()")]
    #[case(
        r#"x.header("Authorization", "Bearer S3cr3tX").send()"#,
        r#"x.header("Authorization", [REDACTED]).send()"#
    )]
    #[case(r#"x.Set("X-Auth-Key", "S3cr3tX")"#, r#"x.Set("X-Auth-Key", [REDACTED])"#)]
    #[case("x.set('Authorization', 'Basic ' + btoa('ann:S3'))", "x.set('Authorization', [REDACTED])")]
    #[case(r#"[["Authorization", "Bearer S3cr3tX"]]"#, r#"[["Authorization", [REDACTED]]]"#)]
    #[case("btoa('ann:S3cr3tX')", "btoa([REDACTED])")]
    #[case("ConvertTo-SecureString \"S3cr3tX\" -AsPlainText", "ConvertTo-SecureString [REDACTED]")]
    fn what_code_logs_in_with_is_masked(#[case] text: &str, #[case] masked: &str) {
        assert_eq!(mask(text), masked);
    }

    #[rstest]
    #[case(r#"{"required": ["token", "secret"]}"#)]
    #[case("the token (see \"Tokens\") of auth(name)")]
    #[case("x.get(\"token\", 5)")]
    #[case("x.header(\"Accept\", \"text/plain\")")]
    fn what_carries_none_is_left_alone(#[case] text: &str) {
        assert_eq!(mask(text), text);
    }
}
