//! JSON documents that stand behind each other in one block.

use crate::json::{Budget, Json};

/// Documents of one block that are taken apart: as many commands stand in no block.
const MOST_DOCUMENTS: usize = 100;

/// A document, and how many lines stand above it.
type Document<'t> = (&'t str, u32);

/// The first document of a text, and the others, where words stand between them, as in `Error (404):`.
pub(super) fn first_of_several(text: &str) -> Option<(&str, Vec<Document<'_>>)> {
    let is_json =
        |text: &str| Json::parse_lenient(text, &Budget::default()).is_ok_and(|read| !read.is_guess());
    let first = text.get(..end_of(text)?)?;
    let (mut others, mut at) = (Vec::new(), first.len());
    while others.len() < MOST_DOCUMENTS
        && let Some(start) = next_line(text, at, |line| line.starts_with(['{', '[']))
        && let Some(length) = text.get(start..).and_then(end_of)
    {
        let has_words = text.get(at..start).is_some_and(|between| !between.trim().is_empty());
        let document = text.get(start..start + length).filter(|document| has_words && is_json(document))?;
        let above = text.get(..start).map_or(0, |before| before.matches('\n').count());
        others.push((document, u32::try_from(above).unwrap_or(u32::MAX)));
        at = start + length;
    }
    (!others.is_empty() && is_json(first)).then_some((first, others))
}

/// Where the next line begins that is so, behind the line of a place.
fn next_line(text: &str, from: usize, is_so: impl Fn(&str) -> bool) -> Option<usize> {
    let mut at = from;
    for line in text.get(from..)?.split_inclusive('\n') {
        if at > from && is_so(line) {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// The bytes of the array or the object that a text begins with.
fn end_of(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// The JSON documents that a text consists of, with the lines above each; none where it is anything else.
pub(super) fn documents(text: &str) -> Vec<(&str, u32)> {
    let mut documents = Vec::new();
    let (mut depth, mut start, mut in_string, mut escaped) = (0_usize, None, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' if depth > 0 => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                start.get_or_insert(at);
                depth += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if let Some(from) = start.filter(|_| depth == 0) {
                    let document = text.get(from..=at).unwrap_or_default();
                    let above = text.get(..from).map_or(0, |before| before.matches('\n').count());
                    documents.push((document, u32::try_from(above).unwrap_or(u32::MAX)));
                    start = None;
                }
            }
            _ if depth == 0 && !byte.is_ascii_whitespace() => return Vec::new(),
            _ => {}
        }
        if documents.len() > MOST_DOCUMENTS {
            return Vec::new();
        }
    }
    let is_json = |document: &(&str, u32)| Json::parse_lenient(document.0, &Budget::default()).is_ok();
    if start.is_none() && documents.iter().all(is_json) { documents } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::first_of_several;
    use rstest::rstest;

    #[rstest]
    #[case("{\"a\": \"}\"}\n\nError (404):\n{\n}\nor\n[1]", Some("{\"a\": \"}\"} 3 {\n} 6 [1]"))]
    #[case("{}\n{}", None)]
    #[case("{}\nand so on", None)]
    #[case("{}\nthen:\n{,,}", None)]
    #[case("see:\n{}\nthen:\n{}", None)]
    fn answers_that_words_stand_between(#[case] text: &str, #[case] expected: Option<&str>) {
        let found = first_of_several(text).map(|(first, others)| {
            let others = others.iter().map(|(text, above)| format!(" {above} {text}"));
            format!("{first}{}", others.collect::<String>())
        });
        assert_eq!(found.as_deref(), expected);
    }
}
