//! Tokens that are one word: JSON web tokens, and the tokens and keys of well-known issuers.

use std::ops::Range;

/// Bytes of the shortest token.
const SHORTEST: usize = 20;

/// The tokens in a text, in order.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(word) = next_word(text.as_bytes(), from) {
        from = word.end;
        // A full stop behind a token ends its sentence, or begins an extension.
        let token = text.get(word.clone()).unwrap_or_default().trim_end_matches('.');
        if is_json_web_token(token) {
            found.push(word.start..word.start + token.len());
            continue;
        }
        let mut at = word.start;
        for part in token.split('.') {
            if part.len() >= SHORTEST && is_token(part) {
                found.push(at..at + part.len());
            }
            at += part.len() + 1;
        }
    }
    found
}

/// The next run of the characters that tokens are made of, and that is long enough for one. Texts consist of short
/// words, so it is looked for from its end: the last gap in as many bytes as a token needs tells where one may begin.
fn next_word(bytes: &[u8], mut from: usize) -> Option<Range<usize>> {
    loop {
        let least = bytes.get(from..from + SHORTEST)?;
        match least.iter().rposition(|byte| !is_part(*byte)) {
            Some(gap) => from += gap + 1,
            None => break,
        }
    }
    let rest = bytes.get(from + SHORTEST..).unwrap_or_default();
    let length = rest.iter().position(|byte| !is_part(*byte)).unwrap_or(rest.len());
    Some(from..from + SHORTEST + length)
}

/// By byte, whether tokens are made of it: every byte of every page is asked after.
#[expect(clippy::indexing_slicing, reason = "a wrong index in a constant does not compile")]
const PARTS: [bool; 256] = {
    let mut parts = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        parts[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        byte += 1;
    }
    parts
};

fn is_part(byte: u8) -> bool {
    PARTS.get(usize::from(byte)).copied().unwrap_or_default()
}

fn is_token(word: &str) -> bool {
    let rest_is = |prefix: &str, least: usize, part: fn(u8) -> bool| {
        word.strip_prefix(prefix).is_some_and(|rest| rest.len() >= least && rest.bytes().all(part))
    };
    let alphanumeric = |byte: u8| byte.is_ascii_alphanumeric();
    let wordly = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].iter().any(|prefix| rest_is(prefix, 36, alphanumeric))
        || rest_is("github_pat_", 50, wordly)
        || word.len() == 20 && ["AKIA", "ASIA"].iter().any(|prefix| rest_is(prefix, 16, upper))
        || ["xoxb-", "xoxp-", "xoxa-", "xoxr-"].iter().any(|prefix| rest_is(prefix, 20, wordly))
        || ["sk_live_", "rk_live_"].iter().any(|prefix| rest_is(prefix, 20, alphanumeric))
        || rest_is("AIza", 35, wordly) && word.len() == 39
        || rest_is("glpat-", 20, wordly)
        || rest_is("npm_", 36, alphanumeric) && word.len() == 40
}

/// Three parts of base64url, the first two of which begin like an encoded `{"`.
fn is_json_web_token(word: &str) -> bool {
    let mut parts = word.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    header.starts_with("eyJ")
        && payload.starts_with("eyJ")
        && header.len() >= 15
        && payload.len() >= 15
        && signature.len() >= 20
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_long_word_is_come_upon(text in "([a-z.]{0,30}[ é\"]{0,2}){0,12}") {
            let mut words = Vec::new();
            let mut from = 0;
            while let Some(word) = next_word(text.as_bytes(), from) {
                from = word.end;
                words.push(&text[word]);
            }
            let long: Vec<&str> =
                text.split([' ', 'é', '"']).filter(|word| word.len() >= SHORTEST).collect();
            prop_assert_eq!(words, long);
        }
    }
}
