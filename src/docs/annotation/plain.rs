//! Annotations as nearly all are written: short texts and flags, each key once and in its own letters. What is not so plain
//! is read as any JSON is.

use super::{Annotation, Block, KEYS};

/// The blanks of JSON.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// Members of one annotation beyond which it is not plain.
const MOST: usize = 8;

/// A value that a plain annotation may have.
enum Plain<'t> {
    Text(&'t str),
    Flag(bool),
}

/// Reads an annotation of which nothing is to be said; `None` where it is not plain.
pub(super) fn read(text: &str) -> Option<Annotation> {
    let mut annotation = Annotation::default();
    let mut keys = [""; MOST];
    let mut rest = text.strip_prefix('{')?.trim_start_matches(BLANKS);
    for at in 0..MOST {
        let (key, behind) = string(rest)?;
        let behind = behind.trim_start_matches(BLANKS).strip_prefix(':')?.trim_start_matches(BLANKS);
        let (value, behind) = value(behind)?;
        if keys.contains(&key) {
            return None;
        }
        *keys.get_mut(at)? = key;
        annotation.take(key, value)?;
        rest = behind.trim_start_matches(BLANKS);
        let Some(behind) = rest.strip_prefix(',') else {
            let is_whole = rest == "}" && annotation.block != Block::Unreadable;
            return is_whole.then_some(annotation);
        };
        rest = behind.trim_start_matches(BLANKS);
    }
    None
}

impl Annotation {
    fn take(&mut self, key: &str, value: Plain) -> Option<()> {
        match (key, value) {
            ("blockType", Plain::Text(name)) => self.block = Block::plain(name)?,
            ("name", Plain::Text(name)) => {
                self.names = if name.is_empty() { Vec::new() } else { vec![name.to_owned()] };
            }
            ("@odata.type", Plain::Text(name)) => self.set_type_name(name.to_owned()),
            ("truncated", Plain::Flag(flag)) => self.truncated = Some(flag),
            ("isCollection", Plain::Flag(flag)) => self.is_collection = Some(flag),
            ("isEmpty", Plain::Flag(flag)) => self.is_empty = Some(flag),
            ("expectError", Plain::Flag(flag)) => self.expect_error = Some(flag),
            _ if KEYS.iter().any(|known| known.eq_ignore_ascii_case(key)) => return None,
            _ => {}
        }
        Some(())
    }
}

impl Block {
    fn plain(name: &str) -> Option<Block> {
        match name {
            "request" => Some(Block::Request),
            "response" => Some(Block::Response),
            "ignored" | "resource" | "example" => Some(Block::Other),
            _ => None,
        }
    }
}

fn value(text: &str) -> Option<(Plain<'_>, &str)> {
    if let Some((text, rest)) = string(text) {
        return Some((Plain::Text(text), rest));
    }
    let flag = |word: &str, flag| text.strip_prefix(word).map(|rest| (Plain::Flag(flag), rest));
    flag("true", true).or_else(|| flag("false", false))
}

/// A string that means what it says, and what stands behind it.
fn string(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('"')?;
    let end = inside.bytes().position(|byte| matches!(byte, b'"' | b'\\' | ..b' '))?;
    let (own, rest) = inside.split_at_checked(end)?;
    Some((own, rest.strip_prefix('"')?))
}

#[cfg(test)]
mod tests {
    use super::super::{read, read_json};
    use crate::docs::notes::Notes;
    use proptest::prelude::*;
    use proptest::sample::select;
    use std::fmt::Write;

    #[test]
    fn what_is_plain_is_read_at_once() {
        let text =
            r#"{ "blockType": "response", "truncated": true, "@odata.type": "Collection(a.b)", "x": "é" }"#;
        let plain = super::read(text).unwrap();
        assert_eq!((plain.truncated, plain.is_collection), (Some(true), Some(true)));
    }

    proptest! {
        #[test]
        fn what_is_plain_is_what_any_json_is(
            members in proptest::collection::vec((
                select(vec!["blockType", "name", "@odata.type", "@type", "truncated", "isCollection", "isEmpty", "expectError",
                    "x", "X", "blocktype", "tags", "Name", "collectionProperty"]),
                select(vec!["\"request\"", "\"response\"", "\"ignored\"", "\"Request\"", "\"\"", "\"a\"", "\"Collection(a)\"",
                    "true", "false", "null", "\"true\"", "[\"a\"]", "1", "\"a\\n\"", "\"a\nb\"", "truex", "\"a\"b"]),
                select(vec![": ", ":", " : ", " ", "="]),
                select(vec![", ", ",", "\n,\n", ",,", " "]),
            ), 0..10),
            end in select(vec!["}", "\n}", "", "} x", ",}"]),
        ) {
            let mut text = "{".to_owned();
            for (at, (key, value, colon, comma)) in members.iter().enumerate() {
                let comma = if at == 0 { "" } else { comma };
                write!(text, "{comma}\"{key}\"{colon}{value}").unwrap();
            }
            text.push_str(end);
            let (mut notes, mut others) = (Notes::new("page.md"), Notes::new("page.md"));
            let (own, other) = (read(&text, 7, &mut notes), read_json(&text, 7, &mut others));
            prop_assert_eq!(format!("{own:?}"), format!("{other:?}"), "{}", text);
            prop_assert_eq!(notes.into_findings(), others.into_findings(), "{}", text);
        }
    }
}
