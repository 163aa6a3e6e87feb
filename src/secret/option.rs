//! Values that a command is given to log in with: `-u ann:…`, `--user ann:…`, `-a ann:…`, `--password …`, as curl, wget,
//! `HTTPie` and their like spell them, in one line or several, quoted or not, and with a quote that is never closed.

use super::name::{is_credential_header, is_credential_name, is_placeholder};
use super::named::without_scheme;
use std::borrow::Cow;
use std::ops::Range;

/// Letters that may stand before `u` behind one hyphen: those of curl's options that take no value.
const FLAGS: &[u8] = b"#012346BGIJLMNORSVZfghijklnpqsv";

/// Bytes of the longest value.
const LONGEST: usize = 8 * 1024;

/// The values behind such options, placeholders aside; in order.
pub(super) fn values(text: &str) -> Vec<Range<usize>> {
    let (written, text) = (text, &*with_hyphens(text));
    let (bytes, mut found, mut until) = (text.as_bytes(), Vec::new(), 0);
    for at in memchr::memchr_iter(b'-', bytes) {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let begins = before.is_none_or(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_'));
        if !begins || at < until {
            continue;
        }
        let Some(value) = option(text, at) else { continue };
        until = value.end;
        // A dash is more bytes than a hyphen.
        found.push(written.ceil_char_boundary(value.start)..written.ceil_char_boundary(value.end));
    }
    found
}

/// The passwords of URLs that a command is given without a scheme: `curl ann:…@host/path`.
pub(super) fn hosts(text: &str) -> Vec<Range<usize>> {
    let (bytes, mut found) = (text.as_bytes(), Vec::new());
    if memchr::memchr(b'@', bytes).is_none() {
        return found;
    }
    let Some(command) = ["curl ", "wget ", "http "].iter().filter_map(|name| text.find(name)).min() else {
        return found;
    };
    let mut from = command;
    for at in memchr::memchr_iter(b'@', bytes).filter(|at| *at > command) {
        let before = text.get(from..at).unwrap_or_default();
        from = at + 1;
        let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '=' | '`' | '(' | '/');
        let start = before.rfind(ends).map_or(0, |end| end + 1);
        let Some((name, password)) = before.get(start..).and_then(|user| user.split_once(':')) else {
            continue;
        };
        let is_scheme = ["mailto", "acct", "sip", "xmpp", "urn"].contains(&name);
        let is_host = bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
        if !name.is_empty() && !password.is_empty() && is_host && !is_scheme && !stands_for_one(password) {
            found.push(at - password.len()..at);
        }
    }
    found
}

/// The text with hyphens for the dashes that editors make of them where an option begins, every other byte in its place.
fn with_hyphens(text: &str) -> Cow<'_, str> {
    let is_dash = |c: char| matches!(c, '\u{2012}'..='\u{2014}' | '\u{2212}');
    if !text.contains(is_dash) {
        return Cow::Borrowed(text);
    }
    let (mut shown, mut before) = (String::with_capacity(text.len()), ' ');
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let begins = is_dash(c) && (before.is_whitespace() || matches!(before, '"' | '\''));
        match c {
            '\u{2014}' if begins => shown.push_str(" --"),
            _ if begins && rest.as_str().starts_with(|next: char| next.is_ascii_alphabetic()) => {
                shown.push_str("  -");
            }
            _ => shown.push(c),
        }
        before = c;
    }
    Cow::Owned(shown)
}

/// What the option that begins here is given, as far as it is to be masked.
fn option(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let length = rest.bytes().take_while(|byte| is_part(byte)).count();
    let name = rest.get(..length)?.trim_start_matches('-');
    if let Some(value) =
        rest.get(..length).filter(|word| is_short(word)).and_then(|_| value(text, at + length))
    {
        return user(text, value);
    }
    match rest.get(..length) {
        Some("-b" | "--cookie") => {
            let value = value(text, at + length)?;
            let (name, cookie) = text.get(value.clone())?.split_once('=')?;
            return (!name.contains(['/', ' ']) && !stands_for_one(cookie)).then_some(value);
        }
        Some("-H" | "--header" | "--proxy-header") => return field(text, value(text, at + length)?),
        _ => {}
    }
    let is_login = ["user", "proxy-user", "login", "auth", "cert", "proxy-cert"]
        .iter()
        .any(|login| name.eq_ignore_ascii_case(login));
    if is_login && let Some(user) = value(text, at + length).and_then(|value| user(text, value)) {
        return Some(user);
    }
    let is_secret = ["pass", "proxy-pass", "bearer", "oauth2-bearer"].contains(&name)
        || is_credential_name(name) && !name.eq_ignore_ascii_case("auth");
    if is_secret {
        let value = value(text, at + length)?;
        let given = text.get(value.clone())?;
        // Another option, a sign of the sentence, or what a variable holds.
        let is_given = given.starts_with(|c: char| c.is_ascii_alphanumeric()) || given.len() > 1;
        return (is_given && !given.starts_with('-') && !stands_for_one(given)).then_some(value);
    }
    attached(text, at)
}

/// `-u`, `-a`, and `u` behind flags: `-sSu`.
fn is_short(word: &str) -> bool {
    let Some((last, flags)) = word.as_bytes().split_last() else { return false };
    let flags = flags.strip_prefix(b"-").unwrap_or_default();
    matches!(last, b'u' | b'U' | b'E') && flags.iter().all(|flag| FLAGS.contains(flag)) || word == "-a"
}

/// `-uann:…`
fn attached(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?.strip_prefix('-')?;
    let flags = rest.bytes().take_while(|byte| FLAGS.contains(byte)).count();
    rest.get(flags..)?.strip_prefix(['u', 'U'])?;
    let start = at + 1 + flags + 1;
    let begins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '"' | '\'' | '$' | '\\');
    text.get(start..)?.starts_with(begins).then(|| user(text, word(text, start)))?
}

/// The word behind an option, which may stand in the next line where that is said.
fn value(text: &str, end: usize) -> Option<Range<usize>> {
    let rest = text.get(end..)?;
    // An element of a list: `"-u", "ann:…"`.
    let element = rest.strip_prefix(['"', '\'']).and_then(|rest| rest.strip_prefix(','));
    let given = rest.strip_prefix('=').or(element.map(str::trim_start));
    let behind = given.or_else(|| behind_blanks(rest))?;
    Some(word(text, text.len() - behind.len())).filter(|word| !word.is_empty())
}

/// What stands behind blanks, of which there is one at least: a line break alone ends the command, one behind a backslash
/// does not.
fn behind_blanks(text: &str) -> Option<&str> {
    let behind = text.trim_start_matches([' ', '\t', '\n', '\r', '\\', '^']);
    let between = text.get(..text.len() - behind.len())?;
    // A backslash of a quote belongs to the value.
    let between = match between.strip_suffix('\\') {
        Some(before) if behind.starts_with(['"', '\'']) => before,
        _ => between,
    };
    let goes_on = !between.is_empty() && !between.trim_start_matches([' ', '\t', '\r']).starts_with('\n');
    if goes_on { text.get(between.len()..) } else { None }
}

/// One word of a shell, without the quotes around it.
fn word(text: &str, start: usize) -> Range<usize> {
    let rest = text.get(start..).unwrap_or_default();
    let rest = rest.get(..rest.floor_char_boundary(LONGEST)).unwrap_or_default();
    // In a string of JSON or of code the quotes are escaped.
    for quote in ["\\\"", "\\'", "\"", "'"] {
        if let Some(inside) = rest.strip_prefix(quote) {
            let from = start + quote.len();
            let end = closing(inside, quote);
            let behind = inside.get(end + quote.len()..).unwrap_or_default();
            let goes_on = behind
                .starts_with(|c: char| c.is_alphanumeric() || matches!(c, ':' | '"' | '\'' | '$' | '\\'));
            return if goes_on { start..start + unquoted(rest) } else { from..from + end };
        }
    }
    start..start + unquoted(rest)
}

/// Up to the mark that closes a quote, or to the end of the line.
fn closing(inside: &str, quote: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in inside.bytes().enumerate() {
        if byte == b'\n' {
            return at;
        }
        if !escaped && inside.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(quote.as_bytes())) {
            return at;
        }
        escaped = byte == b'\\' && !escaped && quote == "\"";
    }
    inside.len()
}

/// Up to a blank that stands in no quotes.
fn unquoted(rest: &str) -> usize {
    let (mut quote, mut escaped) = (None, false);
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'\n' => return at,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' | b'\'' if quote.is_none() => {
                // The quote of what stands around the command, or of the code that it stands in.
                let ends = rest
                    .as_bytes()
                    .get(at + 1)
                    .is_none_or(|next| matches!(next, b' ' | b',' | b')' | b']' | b';' | b'\n'));
                if ends {
                    return at;
                }
                quote = Some(byte);
            }
            _ if quote == Some(byte) => quote = None,
            b' ' | b'\t' | b'\r' | b'`' | b'|' if quote.is_none() => return at,
            b'<' if quote.is_none() && rest.as_bytes().get(at + 1) == Some(&b'/') => return at,
            _ => {}
        }
    }
    rest.len()
}

/// Of a header that carries credentials the value, also where its colon was forgotten.
fn field(text: &str, value: Range<usize>) -> Option<Range<usize>> {
    let given = text.get(value.clone())?;
    let end = given.find([':', ' '])?;
    let name = given.get(..end)?;
    let behind = given.get(end + 1..)?.trim_start();
    let credentials = without_scheme(behind);
    (is_credential_header(name) && !stands_for_one(credentials)).then(|| value.end - behind.len()..value.end)
}

/// Of `name:password` the password; all of it where the name is a key that needs none, or looks like one.
fn user(text: &str, value: Range<usize>) -> Option<Range<usize>> {
    let given = text.get(value.clone())?;
    let Some((name, password)) = given.split_once(':') else {
        // `-A bearer -a …`
        let is_token = is_key(given) || text.contains("bearer") && !given.starts_with('-');
        return (is_token && !stands_for_one(given)).then_some(value);
    };
    let is_name = !name.contains(char::is_whitespace) && !password.starts_with("//");
    if !is_name {
        return None;
    }
    let (name, password) = (name.trim_start_matches(['"', '\'']), password.trim_matches(['"', '\'']));
    if is_key(name) || password.is_empty() && !stands_for_one(name) {
        return (!name.is_empty()).then_some(value);
    }
    let start = value.start + given.find(':')? + 1;
    (!password.is_empty() && !stands_for_one(password)).then_some(start..value.end)
}

/// A long word with a figure.
fn is_key(name: &str) -> bool {
    const SHORTEST: usize = 16;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    name.len() >= SHORTEST && name.bytes().all(is_part) && name.bytes().any(|byte| byte.is_ascii_digit())
}

/// `$PASSWORD`, `%PASSWORD%`, `$(cat file)`, and what is one anywhere.
fn stands_for_one(value: &str) -> bool {
    let value = value.trim_start_matches(['"', '\'', '\\']);
    is_placeholder(value)
        || value.starts_with('$')
        || value.len() > 2 && value.starts_with('%') && value.ends_with('%')
}

#[cfg(test)]
mod tests {
    use crate::secret::mask;
    use rstest::rstest;

    #[rstest]
    #[case("curl -u ann:S3cr3tX https://h.example", "curl -u ann:[REDACTED] https://h.example")]
    #[case("  -u ann:S3cr3tX \\", "  -u ann:[REDACTED] \\")]
    #[case("curl -u ann:S3cr3tX", "curl -u ann:[REDACTED]")]
    #[case("curl -u 'ann:two words' x", "curl -u 'ann:[REDACTED]' x")]
    #[case(r#"curl -u "ann:a\"b c" x"#, r#"curl -u "ann:[REDACTED]" x"#)]
    #[case(r#"curl -u "ann:S3cr3tX https://h.example"#, r#"curl -u "ann:[REDACTED]"#)]
    #[case("curl -u ann:'two words' x", "curl -u ann:[REDACTED] x")]
    #[case("curl -u 'ann':'two words' x", "curl -u 'ann':[REDACTED] x")]
    #[case("curl -u ann:a\\ b x", "curl -u ann:[REDACTED] x")]
    #[case("curl -uann:S3cr3tX x", "curl -uann:[REDACTED] x")]
    #[case("curl -u'ann:S3cr3tX' x", "curl -u'ann:[REDACTED]' x")]
    #[case("curl -sSu ann:S3cr3tX x", "curl -sSu ann:[REDACTED] x")]
    #[case("curl -iuann:S3cr3tX x", "curl -iuann:[REDACTED] x")]
    #[case("curl -U ann:S3cr3tX x", "curl -U ann:[REDACTED] x")]
    #[case("curl --user ann:S3cr3tX x", "curl --user ann:[REDACTED] x")]
    #[case("curl --user=ann:S3cr3tX x", "curl --user=ann:[REDACTED] x")]
    #[case("curl --user \\\n  ann:S3cr3tX x", "curl --user \\\n  ann:[REDACTED] x")]
    #[case("curl --proxy-user ann:S3cr3tX x", "curl --proxy-user ann:[REDACTED] x")]
    #[case("curl --oauth2-bearer S3cr3tX x", "curl --oauth2-bearer [REDACTED] x")]
    #[case("curl -u 5f6g7h8i9j0kAbCdEf: x", "curl -u [REDACTED] x")]
    #[case("curl -u sesame: x", "curl -u [REDACTED] x")]
    #[case("curl -u 5f6g7h8i9j0kAbCdEf:x x", "curl -u [REDACTED] x")]
    #[case("curl -u $NAME:S3cr3tX x", "curl -u $NAME:[REDACTED] x")]
    #[case(r#"["curl", "-u", "ann:S3cr3tX"]"#, r#"["curl", "-u", "ann:[REDACTED]"]"#)]
    #[case(r#"run("curl -u ann:S3cr3tX")"#, r#"run("curl -u ann:[REDACTED]")"#)]
    #[case(r#"{"c": "curl -u \"ann:two words\" x"}"#, r#"{"c": "curl -u \"ann:[REDACTED]\" x"}"#)]
    #[case("`curl -u ann:S3cr3tX`", "`curl -u ann:[REDACTED]`")]
    #[case("http --auth ann:S3cr3tX GET x", "http --auth ann:[REDACTED] GET x")]
    #[case("http --auth=ann:S3cr3tX GET x", "http --auth=[REDACTED] GET x")]
    #[case("http -a ann:S3cr3tX GET x", "http -a ann:[REDACTED] GET x")]
    #[case("http -A bearer -a 5f6g7h8i9j0kAbCdEf x", "http -A bearer -a [REDACTED] x")]
    #[case("wget --user ann --password S3cr3tX x", "wget --user ann --password [REDACTED] x")]
    #[case("wget --password=S3cr3tX x", "wget --password=[REDACTED] x")]
    #[case("wget --http-password=S3cr3tX x", "wget --http-password=[REDACTED] x")]
    #[case("wget --http-password 'S3 cr3t' x", "wget --http-password '[REDACTED]' x")]
    #[case("tool --token S3cr3tX --api-key other x", "tool --token [REDACTED] --api-key [REDACTED] x")]
    #[case("curl -X GET ann:S3cr3tX@h.example/y", "curl -X GET ann:[REDACTED]@h.example/y")]
    #[case("curl -x ann:S3cr3tX@proxy:8080 h.example", "curl -x ann:[REDACTED]@proxy:8080 h.example")]
    #[case("curl \u{2013}u ann:S3cr3tX x", "curl \u{2013}u ann:[REDACTED] x")]
    #[case("curl -u ann:S3\u{2013}cr3tX x", "curl -u ann:[REDACTED] x")]
    #[case("curl \u{2014}user ann:S3cr3tX x", "curl \u{2014}user ann:[REDACTED] x")]
    #[case("curl -b 'sid=S3cr3tX; b=c' x", "curl -b '[REDACTED]' x")]
    #[case("curl --cookie sid=S3cr3tX x", "curl --cookie [REDACTED] x")]
    #[case("curl -E cert.pem:S3cr3tX x", "curl -E cert.pem:[REDACTED] x")]
    #[case("curl --cert cert.pem:S3cr3tX x", "curl --cert cert.pem:[REDACTED] x")]
    #[case("curl -H 'Session: S3cr3tX' x", "curl -H 'Session: [REDACTED]' x")]
    #[case("curl -H 'Authorization Bearer S3cr3tX' x", "curl -H 'Authorization [REDACTED]' x")]
    #[case("curl --header 'X-Api-Key S3cr3tX x", "curl --header 'X-Api-Key [REDACTED]")]
    fn what_a_command_logs_in_with_is_masked(#[case] text: &str, #[case] masked: &str) {
        assert_eq!(mask(text), masked);
    }

    #[rstest]
    #[case("curl -u $USER:$PASSWORD x")]
    #[case("curl -u ${USER}:${PASSWORD} x")]
    #[case("curl -u \"$USER:$PASSWORD\" x")]
    #[case("curl -u {user}:{password} x")]
    #[case("curl -u <user>:<password> x")]
    #[case("curl -u ann:*** x")]
    #[case("curl -u ann x")]
    #[case(r#"["curl", "-u", "ann"]"#)]
    #[case("curl --user $TOKEN: x")]
    #[case("curl -b cookies.txt -o a:b x")]
    #[case("curl -H 'Accept: x' -H X-Api-Key:{key} x")]
    #[case("sudo -u ann cp a b:c")]
    #[case("git log --author ann:bob")]
    #[case("tool --token-type a --token\nmore")]
    #[case("the option `--password`, or `-u`: see below")]
    #[case("tool --token $TOKEN --password \"$(cat x)\" y")]
    #[case("write to mailto:ann@h.example or git@h.example:x.git")]
    fn what_is_no_login_is_left_alone(#[case] text: &str) {
        assert_eq!(mask(text), text);
    }
}
