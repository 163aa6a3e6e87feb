//! Annotations of which nothing is to be said: those of blocks that are no half of a pair, written as they should be.
//!
//! On a page of a reference without a message there is often one. To read it as the others are read would cost more than
//! the rest of the first look.

use memchr::memmem::Finder;
use std::ops::Range;
use std::sync::LazyLock;

/// The end of the key, which few other words have.
static END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("kType"));
static COMMENT_END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("-->"));
static OTHER_ENDS: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| ["ktype", "KTYPE"].map(Finder::new));

const KEY: &str = "blockType";

/// The blanks of JSON.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

const FLAGS: [&str; 4] = ["truncated", "isCollection", "isEmpty", "expectError"];
const TEXTS: [&str; 3] = ["@odata.type", "@type", "collectionProperty"];
const LISTS: [&str; 5] = ["name", "optionalProperties", "nullableProperties", "scopes", "tags"];

/// Keys of one annotation beyond which it is looked at thoroughly.
const MOST_KEYS: usize = 8;

/// What the annotations of a page ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Annotated {
    /// The page has none: other words end like the key does.
    Never,
    /// All of them are of blocks that are no half of a pair.
    Apart,
    /// A thorough look.
    Perhaps,
}

/// What the annotations of a page are.
pub(super) fn annotated(text: &str) -> Annotated {
    // What stands behind the last annotation.
    let mut rest: Option<&str> = None;
    for end in END.find_iter(text.as_bytes()) {
        let Some(at) = key_at(text, end) else { continue };
        let before = rest.map_or(0, |rest| text.len() - rest.len())..at;
        let Some(behind) = behind_apart(text, before) else { return Annotated::Perhaps };
        rest = Some(behind);
    }
    if rest.is_some() { Annotated::Apart } else { Annotated::Never }
}

/// Whether a page has the key in other letters.
pub(super) fn is_oddly_spelled(text: &str) -> bool {
    let bytes = text.as_bytes();
    OTHER_ENDS.iter().any(|other| other.find_iter(bytes).any(|end| key_at(text, end).is_some()))
}

/// Where the key begins, in whatever letters, whose end stands here.
fn key_at(text: &str, end: usize) -> Option<usize> {
    let at = end.checked_sub(4)?;
    text.as_bytes().get(at..at + KEY.len())?.eq_ignore_ascii_case(KEY.as_bytes()).then_some(at)
}

/// What stands behind an annotation whose key stands behind this part of the text, if it is such a one: an object of JSON in
/// a comment of its own, with this key first.
fn behind_apart(text: &str, before: Range<usize>) -> Option<&str> {
    let behind = text.get(before.end..)?.strip_prefix(KEY)?;
    let before = text.get(before)?.strip_suffix('"')?.trim_end_matches(BLANKS).strip_suffix('{')?;
    let before = before.trim_end().strip_suffix("<!--")?;
    // Marks are looked for many bytes at a time, which a search for the whole from behind is not.
    let marks = memchr::memrchr_iter(b'<', before.as_bytes());
    let comment = marks.filter_map(|at| before.get(at..)).find(|rest| rest.starts_with("<!--"));
    let is_in_comment = comment.is_some_and(|comment| COMMENT_END.find(comment.as_bytes()).is_none());
    if is_in_comment { None } else { behind_members(behind) }
}

/// Reads what stands behind the key, to the end of its comment.
fn behind_members(behind: &str) -> Option<&str> {
    let behind = behind.strip_prefix('"')?.trim_start_matches(BLANKS).strip_prefix(':')?;
    let (block, mut rest) = string(behind.trim_start_matches(BLANKS))?;
    if !["ignored", "resource", "example", "samples", "simulatedResponse", "permissions"].contains(&block) {
        return None;
    }
    let mut keys = vec![KEY];
    loop {
        rest = rest.trim_start_matches(BLANKS);
        if let Some(behind) = rest.strip_prefix('}') {
            return behind.trim_start_matches(BLANKS).strip_prefix("-->");
        }
        let (key, behind) = string(rest.strip_prefix(',')?.trim_start_matches(BLANKS))?;
        let (value, behind) =
            value(behind.trim_start_matches(BLANKS).strip_prefix(':')?.trim_start_matches(BLANKS))?;
        if keys.contains(&key) || keys.len() > MOST_KEYS || !value.fits(key) {
            return None;
        }
        keys.push(key);
        rest = behind;
    }
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Value {
    Text,
    Flag,
    Null,
    List,
}

impl Value {
    /// Whether a key may have it, as it is written. Keys that mean nothing may have any.
    fn fits(self, key: &str) -> bool {
        let kinds: [(&[&str], &[Value]); 3] =
            [(&FLAGS, &[Value::Flag]), (&TEXTS, &[Value::Text]), (&LISTS, &[Value::Text, Value::List])];
        let mut known = kinds.iter().flat_map(|(keys, kinds)| keys.iter().map(move |key| (*key, *kinds)));
        let same = known.clone().find(|(known, _)| *known == key);
        match same {
            Some((_, kinds)) => kinds.contains(&self) || self == Value::Null,
            None => {
                !known.any(|(known, _)| known.eq_ignore_ascii_case(key)) && !KEY.eq_ignore_ascii_case(key)
            }
        }
    }
}

/// A value that a text begins with, and what stands behind it.
fn value(text: &str) -> Option<(Value, &str)> {
    for (word, value) in [("true", Value::Flag), ("false", Value::Flag), ("null", Value::Null)] {
        if let Some(rest) = text.strip_prefix(word) {
            return Some((value, rest));
        }
    }
    let Some(mut rest) = text.strip_prefix('[') else {
        return string(text).map(|(_, rest)| (Value::Text, rest));
    };
    rest = rest.trim_start_matches(BLANKS);
    while !rest.starts_with(']') {
        rest = string(rest)?.1.trim_start_matches(BLANKS);
        if let Some(behind) = rest.strip_prefix(',') {
            rest = behind.trim_start_matches(BLANKS);
            rest.starts_with('"').then_some(())?;
        } else {
            rest.starts_with(']').then_some(())?;
        }
    }
    rest.strip_prefix(']').map(|rest| (Value::List, rest))
}

/// A string that a text begins with and that means what it says, and what stands behind it. The end of the comment may
/// stand in one.
fn string(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('"')?;
    let end = inside.bytes().position(|byte| matches!(byte, b'"' | b'\\' | b'>' | ..b' '))?;
    let rest = inside.get(end..)?.strip_prefix('"')?;
    Some((inside.get(..end)?, rest))
}

#[cfg(test)]
mod tests {
    use super::{Annotated, annotated};
    use rstest::rstest;

    #[rstest]
    #[case(r#"<!-- {"blockType": "resource"} -->"#, Annotated::Apart)]
    #[case(
        "<!-- {\n  \"blockType\" : \"ignored\",\n  \"name\": [\"a\", \"b\"],\n  \"x\": null }-->",
        Annotated::Apart
    )]
    #[case(
        r#"<!-- {"blockType": "example", "truncated": true, "optionalProperties": [ ]} -->"#,
        Annotated::Apart
    )]
    #[case(r#"{"linkType": "request"}"#, Annotated::Never)]
    #[case(r#"<!-- {"blockType": "request"} -->"#, Annotated::Perhaps)]
    #[case(r#"<!-- {"blockType": "resource",} -->"#, Annotated::Perhaps)]
    #[case(r#"<!-- {"blockType": "resource" "a": "b"} -->"#, Annotated::Perhaps)]
    #[case(r#"<!-- {"blockType": "resource", "a": ["b",]} -->"#, Annotated::Perhaps)]
    #[case(r#"<!-- {"blockType": "resource", "a": "b", "a": "c"} -->"#, Annotated::Perhaps)]
    #[case(r#"<!-- {"blockType": "resource", "truncated": "true"} -->"#, Annotated::Perhaps)]
    #[case(r#"<!-- {"blockType": "resource", "Name": "a"} -->"#, Annotated::Perhaps)]
    #[case(r#"<!-- {"blockType": "resource", "a": 'b'} -->"#, Annotated::Perhaps)]
    #[case(r#"<!-- {"blockType": "resource"} then --> "#, Annotated::Perhaps)]
    #[case(r#"<!-- { <!-- {"blockType": "resource"} -->"#, Annotated::Perhaps)]
    #[case(
        r#"<!-- x --> <!-- {"blockType": "resource"} --> <!-- {"blockType": "resource"} -->"#,
        Annotated::Apart
    )]
    #[case(r#"<!-- "blockType": "resource" -->"#, Annotated::Perhaps)]
    #[case(r#"<!-- {"BlockType": "resource"} -->"#, Annotated::Perhaps)]
    #[case(r#"a block of "blockType": "resource""#, Annotated::Perhaps)]
    fn annotations(#[case] text: &str, #[case] expected: Annotated) {
        assert_eq!(annotated(text), expected);
    }
}
