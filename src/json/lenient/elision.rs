//! Where a body shows less than there is: JSON Pointers of what an ellipsis cuts short.

use crate::json::{Budget, Elements, Json, JsonError, JsonErrorKind, Kind, Members, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::iter::Enumerate;

/// Pointers, in the order of the text, to the containers that begin at `containers` in the text that was given
/// (in order), and to the strings that end in an ellipsis.
pub(super) fn pointers(json: &Json, containers: &[usize], budget: &Budget) -> Result<Vec<String>, JsonError> {
    let mut found = Found { pointers: Vec::new(), bytes: 0, limit: budget.string };
    // Nearly all bodies are whole, and a search for dots is much cheaper than a walk.
    if containers.is_empty() && !may_be_dotted(json.text()) {
        return Ok(found.pointers);
    }
    let elided = |value: Value<'_>| match value.kind() {
        Kind::Array | Kind::Object => containers.binary_search(&value.source().start).is_ok(),
        Kind::String => value.as_str().is_some_and(|text| is_prefix(&text)),
        _ => false,
    };
    let mut path = String::new();
    let mut open = vec![Level::of(json.root(), 0)];
    if elided(json.root()) {
        found.add(&path, json.root())?;
    }
    while let Some(level) = open.last_mut() {
        path.truncate(level.path);
        let Some(value) = level.next(&mut path) else {
            open.pop();
            continue;
        };
        if elided(value) {
            found.add(&path, value)?;
        }
        if !value.is_empty() {
            open.push(Level::of(value, path.len()));
        }
    }
    Ok(found.pointers)
}

/// Whether a text may have an ellipsis in it, however it is spelled.
fn may_be_dotted(text: &str) -> bool {
    /// The first byte of `…`.
    const FIRST: u8 = 0xE2;
    let bytes = text.as_bytes();
    memchr::memchr3_iter(b'.', b'\\', FIRST, bytes).any(|at| {
        let rest = bytes.get(at..).unwrap_or_default();
        ["...", "…", "\\u2026", "\\u002e", "\\u002E"].iter().any(|dots| rest.starts_with(dots.as_bytes()))
    })
}

/// Whether a string shows only how it begins.
fn is_prefix(text: &str) -> bool {
    text.ends_with("...") || text.ends_with('…')
}

/// The pointers so far, and what they may come to: a long name above many of them would multiply.
struct Found {
    pointers: Vec<String>,
    bytes: usize,
    limit: usize,
}

impl Found {
    fn add(&mut self, path: &str, value: Value<'_>) -> Result<(), JsonError> {
        self.bytes = self.bytes.saturating_add(path.len());
        if self.bytes > self.limit {
            return Err(JsonError { kind: JsonErrorKind::TooLong, at: value.source().start });
        }
        self.pointers.push(path.to_owned());
        Ok(())
    }
}

/// A container on the way down: how long the pointer to it is, and what is left of it.
struct Level<'a> {
    path: usize,
    elements: Enumerate<Elements<'a>>,
    members: Members<'a>,
    /// Where the member of each name is that a pointer means: of repeated ones the last.
    meant: BTreeMap<Cow<'a, str>, usize>,
}

impl<'a> Level<'a> {
    fn of(value: Value<'a>, path: usize) -> Level<'a> {
        let meant = value.members().map(|member| (member.name(), member.key.span().start)).collect();
        Level { path, elements: value.elements().enumerate(), members: value.members(), meant }
    }

    /// The next value inside, its token added to the path.
    fn next(&mut self, path: &mut String) -> Option<Value<'a>> {
        if let Some((index, value)) = self.elements.next() {
            path.push('/');
            path.push_str(&index.to_string());
            return Some(value);
        }
        let meant = &self.meant;
        let member =
            self.members.find(|member| meant.get(&member.name()) == Some(&member.key.span().start))?;
        path.push('/');
        path.push_str(&member.name().replace('~', "~0").replace('/', "~1"));
        Some(member.value)
    }
}
