//! Keys that their surroundings tell of: signatures of URLs that give access, account keys, private keys.

use memchr::memmem::Finder;
use percent_encoding::percent_decode_str;
use std::ops::Range;
use std::sync::LazyLock;

static SIGNATURE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("sig="));
static ACCOUNT_KEY: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("AccountKey="));
static PRIVATE_KEY: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("PRIVATE KEY-----"));

/// Characters of the shortest line of a private key, in base64: shorter ones are illustrations.
const SHORTEST: usize = 40;

/// The keys in a text, kind by kind.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for at in SIGNATURE.find_iter(text.as_bytes()) {
        // A parameter of its own, and not the end of another's name.
        if text.get(..at).is_some_and(|before| before.ends_with(['?', '&', ';'])) {
            found.extend(value(text, at + 4, 32));
        }
    }
    for at in ACCOUNT_KEY.find_iter(text.as_bytes()) {
        found.extend(value(text, at + 11, 64));
    }
    let mut until = 0;
    for at in PRIVATE_KEY.find_iter(text.as_bytes()) {
        if at >= until
            && let Some(key) = private_key(text, at + 16)
        {
            until = key.end;
            found.push(key);
        }
    }
    found
}

/// The base64 of so many bytes, percent-encoded or not, of which people have made nothing up: it has a figure, an upper
/// and a lower case letter.
fn value(text: &str, start: usize, bytes: usize) -> Option<Range<usize>> {
    let rest = text.get(start..)?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '%' | '-' | '_');
    let written = rest.get(..rest.find(|c| !is_part(c)).unwrap_or(rest.len()))?;
    let decoded = percent_decode_str(written).decode_utf8().ok()?;
    let figures = decoded.trim_end_matches('=');
    let is_key = figures.len() == (bytes * 8).div_ceil(6)
        && figures.bytes().all(is_figure)
        && figures.bytes().any(|byte| byte.is_ascii_digit())
        && figures.bytes().any(|byte| byte.is_ascii_uppercase())
        && figures.bytes().any(|byte| byte.is_ascii_lowercase());
    is_key.then(|| start..start + written.len())
}

fn is_figure(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// What stands behind the opening mark of a private key, line ends included, in a JSON string too.
fn private_key(text: &str, start: usize) -> Option<Range<usize>> {
    let (before, rest) = (text.get(..start)?, text.get(start..)?);
    before.rsplit(['\n', '"']).next().filter(|mark| mark.contains("-----BEGIN "))?;
    let is_blank = |c: char| c.is_whitespace() || c == '\\';
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    let escapes = ["\\r\\n", "\\n"].iter().find_map(|end| rest.strip_prefix(end));
    let body = escapes.unwrap_or(rest).trim_start_matches(is_blank);
    // Prose has no word of this length.
    let line = body.find(|c| !is_part(c)).unwrap_or(body.len());
    let length = body.find(|c| !is_part(c) && !is_blank(c)).unwrap_or(body.len());
    let key = body.get(..length)?.trim_end_matches(is_blank);
    let start = start + rest.len() - body.len();
    (line >= SHORTEST).then(|| start..start + key.len())
}

#[cfg(test)]
mod tests {
    use super::find;
    use rstest::rstest;

    const KEY: &str = "MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQC7VJTUt9Us8cKj";

    #[rstest]
    #[case::signature(
        "https://h.example/f?sv=1&sig=84rlGCIgU4ToMn%2FFLncBXq95O8a8RsFlwQY1Knl%2Fo%2FI%3D&se=2",
        52
    )]
    #[case::escaped("/f?a=b&amp;sig=84rlGCIgU4ToMn/FLncBXq95O8a8RsFlwQY1Knl/o/I=", 44)]
    #[case::account(
        "AccountName=a;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;",
        88
    )]
    #[case::placeholder("/f?sig={signature}&sig=signature&sig=", 0)]
    #[case::words("/f?sig=thesignaturethatyouweregivenbytheservice00", 0)]
    #[case::other_parameter("/f?assig=84rlGCIgU4ToMn%2FFLncBXq95O8a8RsFlwQY1Knl%2Fo%2FI%3D", 0)]
    #[case::words_behind_a_key(
        "-----END PRIVATE KEY-----\nThis is what a key looks like and it may be of any length at all",
        0
    )]
    #[case::illustration("-----BEGIN PRIVATE KEY-----\nMIIEvg...\n-----END PRIVATE KEY-----", 0)]
    fn keys_are_found_by_what_is_around_them(#[case] text: &str, #[case] length: usize) {
        let found = find(text);
        assert_eq!(found.first().map_or(0, ExactSizeIterator::len), length);
        assert!(found.len() <= 1);
    }

    #[rstest]
    #[case("\n")]
    #[case("\\n")]
    #[case("\r\n")]
    fn a_private_key_is_found_between_its_marks(#[case] end: &str) {
        let text = format!(
            "-----BEGIN RSA PRIVATE KEY-----{end}{KEY}{end}{KEY}=={end}-----END RSA PRIVATE KEY-----{end}"
        );
        let found = find(&text);
        assert_eq!(found.len(), 1);
        let key = &text[found[0].clone()];
        assert!(key.starts_with(KEY) && key.contains(&format!("{KEY}==")), "{key}");
    }
}
