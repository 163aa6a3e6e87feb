//! Annotations: comments that say what the code fence behind them is.

mod plain;

use super::http_text::Kind as Half;
use super::notes::Notes;
use crate::finding::Code;
use crate::json::{Budget, Json, Kind, RepairRule, Value};
use crate::source::line_column;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The key that makes a comment an annotation.
const BLOCK_TYPE: &str = "blockType";

/// The keys that mean something.
const KEYS: [&str; 13] = [
    BLOCK_TYPE,
    "name",
    "@odata.type",
    "@type",
    "truncated",
    "isCollection",
    "collectionProperty",
    "isEmpty",
    "expectError",
    "optionalProperties",
    "nullableProperties",
    "scopes",
    "tags",
];

/// Members of an annotation beyond which their names are looked up in an index.
const MANY: usize = 16;

/// What an annotation says of its block.
#[derive(Debug, Default)]
pub(super) struct Annotation {
    /// The line of its `<!--`.
    pub(super) line: u32,
    pub(super) block: Block,
    /// What the request is called, or which requests the response answers.
    pub(super) names: Vec<String>,
    pub(super) type_name: Option<String>,
    pub(super) truncated: Option<bool>,
    pub(super) is_collection: Option<bool>,
    pub(super) collection_property: Option<String>,
    pub(super) is_empty: Option<bool>,
    pub(super) expect_error: Option<bool>,
    pub(super) optional: Vec<String>,
    pub(super) nullable: Vec<String>,
    pub(super) scopes: Vec<String>,
    pub(super) tags: Vec<String>,
}

/// What kind of block is annotated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Block {
    Request,
    Response,
    /// A block that is no half of a pair: ignored, example, resource and the like.
    Other,
    /// The annotation cannot be read; its block is left out.
    #[default]
    Unreadable,
}

impl Block {
    /// Which half of a pair it is said to be.
    pub(super) fn kind(self) -> Option<Half> {
        match self {
            Block::Request => Some(Half::Request),
            Block::Response => Some(Half::Response),
            Block::Other | Block::Unreadable => None,
        }
    }
}

/// Reads a comment as an annotation; `None` where it is a comment like any other.
pub(super) fn read(comment: &str, line: u32, notes: &mut Notes) -> Option<Annotation> {
    let plain = plain::read(comment.trim()).map(|annotation| Annotation { line, ..annotation });
    plain.or_else(|| read_json(comment, line, notes))
}

fn read_json(comment: &str, line: u32, notes: &mut Notes) -> Option<Annotation> {
    let bare = without_quote(comment);
    let comment = bare.as_ref();
    let text = comment.trim();
    let braced = if text.starts_with('{') && names_block(text) {
        Cow::Borrowed(text)
    } else if lacks_braces(text) {
        Cow::Owned(format!("{{{text}}}"))
    } else {
        return None;
    };
    let mut annotation = Annotation { line, ..Annotation::default() };
    let place = |at: usize| {
        let at = at.saturating_sub(braced.len().abs_diff(text.len()) / 2).min(text.len());
        let (line, column) = place(comment, line, comment.len() - comment.trim_start().len() + at);
        // Of a quote the marks are gone.
        (line, if matches!(bare, Cow::Owned(_)) { 0 } else { column })
    };
    match Json::parse_lenient(&braced, &Budget::default()) {
        Ok(read) => {
            if let Some(guess) = read.repairs.iter().find(|repair| !is_plain(repair.rule)) {
                notes.add_repairs(&[*guess], |_| Code::MalformedAnnotation, place);
            } else {
                if matches!(braced, Cow::Owned(_)) {
                    notes.add(Code::RepairedAnnotation, line, "without braces");
                }
                notes.add_repairs(&read.repairs, |_| Code::RepairedAnnotation, place);
                annotation.fill(read.json.root(), notes);
            }
        }
        Err(error) => {
            let (line, column) = place(error.at);
            notes.add_at(Code::MalformedAnnotation, line, column, error.to_string());
        }
    }
    Some(annotation)
}

/// The text without the marks of the quote that it stands in: no annotation has them before each line but the first.
fn without_quote(comment: &str) -> Cow<'_, str> {
    let Some((first, rest)) = comment.split_once('\n').filter(|(_, rest)| rest.trim_start().starts_with('>'))
    else {
        return Cow::Borrowed(comment);
    };
    let mark = |line: &str| line.trim_start().starts_with('>');
    if !rest.lines().all(|line| line.trim().is_empty() || mark(line)) {
        return Cow::Borrowed(comment);
    }
    let bare = |line: &str| line.trim_start().trim_start_matches(['>', ' ']).to_owned();
    let lines = std::iter::once(first.to_owned()).chain(rest.lines().map(bare));
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}

/// Whether a text has the key that makes it an annotation, in whatever letters.
fn names_block(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'k', b'K', bytes).any(|at| {
        // The fifth letter is the rarest.
        let word = at.checked_sub(4).and_then(|start| bytes.get(start..start + BLOCK_TYPE.len()));
        word.is_some_and(|word| word.eq_ignore_ascii_case(BLOCK_TYPE.as_bytes()))
    })
}

/// Whether a text begins with that key: an annotation whose braces were forgotten.
fn lacks_braces(text: &str) -> bool {
    let text = text.trim_start_matches(['"', '\'']);
    let Some((key, behind)) = text.split_at_checked(BLOCK_TYPE.len()) else { return false };
    let behind = behind.trim_start_matches(['"', '\'']).trim_start();
    key.eq_ignore_ascii_case(BLOCK_TYPE) && behind.starts_with([':', '='])
}

/// Whether a repair leaves no doubt of what an annotation says. Its members are short texts and flags: a semicolon
/// between them can only be meant for a comma.
fn is_plain(rule: RepairRule) -> bool {
    !rule.is_guess() || rule == RepairRule::Semicolon
}

/// The place of a byte of a comment that begins in this line; the column is known from the second line on.
fn place(comment: &str, line: u32, at: usize) -> (u32, u32) {
    match line_column(comment, at) {
        (1, _) => (line, 0),
        (below, column) => (line + below - 1, column),
    }
}

impl Annotation {
    fn fill(&mut self, root: Value, notes: &mut Notes) {
        let names: Vec<_> = root.members().map(|member| usual(member.name())).collect();
        // Few have more members than can be looked through at once.
        let last: BTreeMap<_, usize> = if names.len() > MANY {
            names.iter().enumerate().map(|(index, name)| (name, index)).collect()
        } else {
            BTreeMap::new()
        };
        let is_last = |index: usize, name: &Cow<'_, str>| match last.get(name) {
            Some(last) => *last == index,
            None => names.iter().rposition(|other| other == name) == Some(index),
        };
        for (index, member) in root.members().enumerate() {
            let Some(name) = names.get(index).cloned() else { continue };
            let written = member.name();
            if name != written {
                notes.add(
                    Code::RepairedAnnotation,
                    self.line,
                    format!("the key {name} is written {written}"),
                );
            }
            if !is_last(index, &name) {
                notes.add(Code::RepeatedKey, self.line, name);
                continue;
            }
            if is_flag(&name) && member.value.as_str().is_some_and(|text| said_flag(&text).is_some()) {
                notes.add(Code::RepairedAnnotation, self.line, format!("{name} is a string"));
            }
            if !self.set(&name, member.value, notes) {
                notes.add(Code::AnnotationValue, self.line, name);
            }
        }
    }

    /// Takes one key over; false where its value is of the wrong kind. Keys that mean nothing to us are passed over.
    fn set(&mut self, name: &str, value: Value, notes: &mut Notes) -> bool {
        match name {
            "blockType" => return self.set_block(value, notes),
            "name" => return set_list(&mut self.names, value),
            "@odata.type" => return self.set_type(value),
            // The old name of the one above, which counts where both are given.
            "@type" if self.type_name.is_none() => return self.set_type(value),
            "truncated" => return set_flag(&mut self.truncated, value),
            "isCollection" => return set_flag(&mut self.is_collection, value),
            "collectionProperty" => return set_text(&mut self.collection_property, value),
            "isEmpty" => return set_flag(&mut self.is_empty, value),
            "expectError" => return set_flag(&mut self.expect_error, value),
            "optionalProperties" => return set_list(&mut self.optional, value),
            "nullableProperties" => return set_list(&mut self.nullable, value),
            "scopes" => return set_words(&mut self.scopes, value),
            "tags" => return set_words(&mut self.tags, value),
            _ => {}
        }
        true
    }

    fn set_block(&mut self, value: Value, notes: &mut Notes) -> bool {
        let Some(name) = value.as_str() else { return false };
        self.block = match name.to_ascii_lowercase().as_str() {
            "request" => Block::Request,
            "response" => Block::Response,
            "ignored" | "example" | "samples" | "simulatedresponse" | "resource" | "permissions" => {
                Block::Other
            }
            _ => {
                notes.add(Code::UnknownBlockType, self.line, name);
                Block::Unreadable
            }
        };
        true
    }

    fn set_type(&mut self, value: Value) -> bool {
        let Some(name) = value.as_str() else { return value.is_null() };
        self.set_type_name(name.into_owned());
        true
    }

    fn set_type_name(&mut self, name: String) {
        let is_collection = name.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("collection("));
        if is_collection && self.is_collection.is_none() {
            self.is_collection = Some(true);
        }
        self.type_name = Some(name);
    }
}

/// The key that is meant, where one is written in other letters.
fn usual(name: Cow<'_, str>) -> Cow<'_, str> {
    let known = KEYS.iter().find(|key| key.eq_ignore_ascii_case(&name));
    known.filter(|key| **key != name).map_or(name, |key| Cow::Borrowed(*key))
}

/// A boolean, or a string that says one.
fn set_flag(flag: &mut Option<bool>, value: Value) -> bool {
    let said = value.as_bool().or_else(|| said_flag(&value.as_str()?));
    if said.is_some() {
        *flag = said;
    }
    said.is_some() || value.is_null()
}

/// Whether a key is a boolean.
fn is_flag(name: &str) -> bool {
    ["truncated", "isCollection", "isEmpty", "expectError"].contains(&name)
}

/// The boolean that a string says.
fn said_flag(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        return Some(true);
    }
    text.eq_ignore_ascii_case("false").then_some(false)
}

fn set_text(text: &mut Option<String>, value: Value) -> bool {
    let said = value.as_str().map(Cow::into_owned);
    let fits = said.is_some() || value.is_null();
    *text = said;
    fits
}

/// A string, or an array of strings.
fn set_list(list: &mut Vec<String>, value: Value) -> bool {
    let mut fits = true;
    *list = if let Some(text) = value.as_str() {
        vec![text.into_owned()]
    } else {
        let mut texts = Vec::new();
        for element in value.elements() {
            match element.as_str() {
                Some(text) => texts.push(text.into_owned()),
                None => fits = false,
            }
        }
        fits &= value.kind() == Kind::Array || value.is_null();
        texts
    };
    list.retain(|text| !text.is_empty());
    fits
}

/// Words between blanks or commas, in a string or in an array of strings.
fn set_words(words: &mut Vec<String>, value: Value) -> bool {
    let mut lines = Vec::new();
    let fits = set_list(&mut lines, value);
    let split = |line: &String| {
        line.split([' ', ',', '\t', '\n'])
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    *words = lines.iter().flat_map(split).collect();
    fits
}
