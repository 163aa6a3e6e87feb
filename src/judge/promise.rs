//! What a contract promises of each place of the answer, compiled once from the documented pair.

use super::echo::{self, Echo};
use super::example::Example;
use super::format::Format;
use super::table::Situation;
use crate::contract::{Confidence, Contract, Status};
use crate::json::{Json, Kind, Value};
use crate::message::{Body, Headers};
use crate::verdict::Profile;
use std::borrow::Cow;

/// What a contract promises of an answer.
#[derive(Debug)]
pub struct Promise<'a> {
    pub(super) profile: Profile,
    pub(super) status: Status,
    pub(super) headers: &'a Headers,
    pub(super) body: BodyPromise<'a>,
    pub(super) echoes: Vec<Echo<'a>>,
    /// How many array templates the places have, so that their elements can be counted.
    pub(super) templates: usize,
}

/// What a contract promises of the answer's body.
#[derive(Debug)]
pub(super) enum BodyPromise<'a> {
    /// No body is documented.
    Undocumented,
    /// The docs say that none comes.
    Empty,
    /// Every place of this.
    Json(Place<'a>),
    /// Exactly this, but for what the page elides.
    Literal(&'a Json, &'a [String]),
    /// A text.
    Text(&'a str),
    /// Some content, of which only the media type is known.
    Something,
}

/// What a place of the body promises.
#[derive(Debug)]
pub(super) struct Place<'a> {
    /// The first example that the page shows here.
    pub(super) example: Value<'a>,
    /// Its JSON Pointer in the documented body.
    pub(super) pointer: String,
    /// The types that are lawful here.
    pub(super) kinds: Kinds,
    /// All examples are null: anything may come.
    pub(super) only_null: bool,
    /// The page declares that null may come.
    pub(super) nullable: bool,
    /// Every number shown is whole.
    pub(super) whole: bool,
    pub(super) text: TextPromise<'a>,
    pub(super) members: Vec<MemberPromise<'a>>,
    /// What to make of members that are not shown.
    pub(super) extra: Situation,
    pub(super) elements: Option<Box<Template<'a>>>,
    /// Places of the documented body from here down.
    pub(super) size: usize,
    /// How many of them promise nothing: elided, or shown as null only.
    pub(super) open: usize,
}

/// What a string promises beyond being one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TextPromise<'a> {
    Free,
    Format(Format),
    Enumeration(Vec<String>),
    /// `@odata.type`: the name of the object's type.
    TypeName(Cow<'a, str>),
}

/// A member that the page shows.
#[derive(Debug)]
pub(super) struct MemberPromise<'a> {
    pub(super) name: Cow<'a, str>,
    /// What its absence means; none where some of the shown objects lack it too.
    pub(super) absent: Option<Situation>,
    pub(super) place: Place<'a>,
}

/// What every element of an array promises, merged from the shown ones.
#[derive(Debug)]
pub(super) struct Template<'a> {
    /// Its index among the contract's templates.
    pub(super) index: usize,
    /// The member that tells the elements' types apart, where they have one.
    pub(super) tag: Option<&'static str>,
    /// One per tag.
    pub(super) variants: Vec<(String, Place<'a>)>,
    /// What all shown elements have in common.
    pub(super) common: Place<'a>,
}

/// A set of JSON types.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) fn insert(&mut self, kind: Kind) {
        self.0 |= 1 << kind as u8;
    }

    pub(super) fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }
}

/// Compiles what a contract promises, as strictly as the profile has it.
pub fn compile(contract: &Contract, profile: Profile) -> Promise<'_> {
    let mut compiler = Compiler { contract, truncated: is_truncated(contract), templates: 0 };
    let body = compiler.body(profile);
    let echoes = match &body {
        BodyPromise::Json(_) => echo::find(contract),
        _ => Vec::new(),
    };
    Promise {
        profile,
        status: contract.response.status,
        headers: &contract.response.headers,
        body,
        echoes,
        templates: compiler.templates,
    }
}

/// Whether the page may have left members out of the body.
fn is_truncated(contract: &Contract) -> bool {
    contract.response.truncated.unwrap_or(contract.source.inferred)
}

struct Compiler<'a> {
    contract: &'a Contract,
    truncated: bool,
    templates: usize,
}

/// One example of a place, with its JSON Pointer.
#[derive(Clone)]
struct Shown<'a> {
    value: Value<'a>,
    pointer: String,
}

/// All examples of one place: there is at least one.
struct Examples<'a> {
    first: Shown<'a>,
    others: Vec<Shown<'a>>,
}

impl<'a> Examples<'a> {
    fn of(first: Shown<'a>) -> Examples<'a> {
        Examples { first, others: Vec::new() }
    }

    fn collect(examples: impl IntoIterator<Item = Shown<'a>>) -> Option<Examples<'a>> {
        let mut examples = examples.into_iter();
        Some(Examples { first: examples.next()?, others: examples.collect() })
    }

    fn iter(&self) -> impl Iterator<Item = &Shown<'a>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    fn last(&self) -> &Shown<'a> {
        self.others.last().unwrap_or(&self.first)
    }

    fn last_mut(&mut self) -> &mut Shown<'a> {
        self.others.last_mut().unwrap_or(&mut self.first)
    }
}

impl<'a> Compiler<'a> {
    fn body(&mut self, profile: Profile) -> BodyPromise<'a> {
        let response = &self.contract.response;
        let forbidden = response.is_empty == Some(true) || response.status == Status::Code(205);
        match &response.body {
            Body::None if forbidden => BodyPromise::Empty,
            Body::None => BodyPromise::Undocumented,
            _ if self.contract.source.confidence == Confidence::Low => BodyPromise::Something,
            Body::Json(json) if profile == Profile::Golden => BodyPromise::Literal(json, &response.elided),
            Body::Json(json) => {
                let root = Shown { value: json.root(), pointer: String::new() };
                BodyPromise::Json(self.place(&Examples::of(root), ""))
            }
            body if body.is_binary_marker() => BodyPromise::Something,
            Body::Text(text) => BodyPromise::Text(text),
            Body::Base64(_) => BodyPromise::Something,
        }
    }

    /// Merges the examples of one place.
    fn place(&mut self, shown: &Examples<'a>, member: &str) -> Place<'a> {
        let example = shown.iter().find(|shown| !shown.value.is_null()).unwrap_or(&shown.first);
        let Shown { value: example, pointer } = example.clone();
        let mut place = Place {
            example,
            kinds: Kinds::default(),
            only_null: shown.iter().all(|shown| shown.value.is_null()),
            nullable: self.contract.response.nullable.iter().any(|name| name == member),
            whole: true,
            text: TextPromise::Free,
            members: Vec::new(),
            extra: self.extra(shown),
            elements: None,
            size: 1,
            open: 0,
            pointer,
        };
        let mut texts = Vec::new();
        for Shown { value, .. } in shown.iter() {
            let mut kind = value.kind();
            if let Some(text) = value.as_str() {
                let example = Example::of(&text, member);
                if let Example::TypeWord(word, _) = example {
                    kind = word;
                }
                texts.push((text, example));
            }
            place.whole &=
                value.as_number().is_none_or(|number| number.as_str().bytes().all(is_integer_byte));
            place.kinds.insert(kind);
        }
        // A type word for a number says nothing of fractions.
        place.whole &= shown.iter().any(|shown| shown.value.kind() == Kind::Number);
        let elided = texts.iter().any(|(_, example)| *example == Example::Abbreviated);
        place.open = usize::from(place.only_null || elided);
        place.text = if member == "@odata.type" { type_name(texts) } else { text_promise(texts) };
        self.members(shown, &mut place);
        self.elements(shown, member, &mut place);
        let below = place.members.iter().map(|member| &member.place);
        let below: Vec<(usize, usize)> = below
            .chain(place.elements.iter().map(|t| &t.common))
            .map(|place| (place.size, place.open))
            .collect();
        place.size += below.iter().map(|(size, _)| size).sum::<usize>();
        place.open += below.iter().map(|(_, open)| open).sum::<usize>();
        place
    }

    fn extra(&self, shown: &Examples<'a>) -> Situation {
        let elided = |shown: &Shown<'a>| self.contract.response.elided.contains(&shown.pointer);
        if self.truncated || shown.iter().any(elided) {
            Situation::ExtraMemberWhereTruncated
        } else {
            Situation::ExtraMember
        }
    }

    /// Every member that an object among the examples has, in the order they are first shown.
    fn members(&mut self, shown: &Examples<'a>, place: &mut Place<'a>) {
        let objects: Vec<&Shown<'a>> =
            shown.iter().filter(|shown| shown.value.kind() == Kind::Object).collect();
        let mut order: Vec<Cow<'a, str>> = Vec::new();
        let mut examples: Vec<Examples<'a>> = Vec::new();
        for object in &objects {
            for member in object.value.members() {
                let name = member.name();
                let pointer = format!("{}/{}", object.pointer, escape(&name));
                let example = Shown { value: member.value, pointer };
                match order.iter().position(|other| *other == name).and_then(|at| examples.get_mut(at)) {
                    // A member that stands twice in one object counts once, by its last value.
                    Some(known) if known.last().pointer == example.pointer => *known.last_mut() = example,
                    Some(known) => known.others.push(example),
                    None => {
                        order.push(name);
                        examples.push(Examples::of(example));
                    }
                }
            }
        }
        for (name, examples) in order.into_iter().zip(examples) {
            let everywhere = examples.iter().count() == objects.len();
            let only_null = examples.iter().all(|example| example.value.is_null());
            let absent = everywhere.then(|| self.absence(&name, only_null));
            place.members.push(MemberPromise { place: self.place(&examples, &name), name, absent });
        }
    }

    fn absence(&self, name: &str, only_null: bool) -> Situation {
        if name.contains("@odata.") && !name.ends_with("@odata.type") {
            Situation::ControlMemberAbsent
        } else if only_null || self.contract.response.optional.iter().any(|optional| optional == name) {
            Situation::OptionalMemberAbsent
        } else {
            Situation::MemberAbsent
        }
    }

    fn elements(&mut self, shown: &Examples<'a>, member: &str, place: &mut Place<'a>) {
        let elements = shown.iter().flat_map(|array| {
            let pointer = |index: usize| format!("{}/{index}", array.pointer);
            array.value.elements().enumerate().map(move |(at, value)| Shown { value, pointer: pointer(at) })
        });
        let Some(elements) = Examples::collect(elements) else { return };
        let index = self.templates;
        self.templates += 1;
        let common = self.place(&elements, member);
        let tag = tag_of(&elements);
        let mut groups: Vec<(String, Examples<'a>)> = Vec::new();
        for element in elements.iter() {
            let Some(text) = tag.and_then(|tag| tag_text(element.value, tag)) else { continue };
            match groups.iter_mut().find(|(known, _)| *known == text) {
                Some((_, group)) => group.others.push(element.clone()),
                None => groups.push((text, Examples::of(element.clone()))),
            }
        }
        let variants = groups.into_iter().map(|(text, group)| (text, self.place(&group, member))).collect();
        place.elements = Some(Box::new(Template { index, tag, variants, common }));
    }
}

/// The member that tells the elements of a shown array apart: all of them have it, as a text.
fn tag_of(elements: &Examples<'_>) -> Option<&'static str> {
    ["@odata.type", "type", "kind"]
        .into_iter()
        .find(|tag| elements.iter().all(|element| tag_text(element.value, tag).is_some()))
}

/// An element's tag, as it is compared.
pub(super) fn tag_text(element: Value<'_>, tag: &str) -> Option<String> {
    let text = element.get(tag)?.as_str()?;
    if tag == "@odata.type" { Some(normal_type_name(&text)) } else { Some(text.into_owned()) }
}

/// A type's name without what its spelling varies in: a leading `#` and letter case.
pub(super) fn normal_type_name(name: &str) -> String {
    name.trim_start_matches('#').to_ascii_lowercase()
}

fn is_integer_byte(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'-'
}

/// Only what all texts of a place agree on is promised.
fn text_promise<'a>(texts: Vec<(Cow<'a, str>, Example)>) -> TextPromise<'a> {
    let mut promises = texts.into_iter().map(|(_, example)| match example {
        Example::Formatted(format) | Example::TypeWord(_, Some(format)) => TextPromise::Format(format),
        Example::Enumeration(words) => TextPromise::Enumeration(words),
        _ => TextPromise::Free,
    });
    let Some(first) = promises.next() else { return TextPromise::Free };
    if promises.all(|other| other == first) { first } else { TextPromise::Free }
}

/// The type that all texts of a place name; none where they name several or none at all.
fn type_name<'a>(texts: Vec<(Cow<'a, str>, Example)>) -> TextPromise<'a> {
    let mut names = texts.into_iter().filter(|(_, example)| example.is_value()).map(|(text, _)| text);
    let Some(first) = names.next() else { return TextPromise::Free };
    let same = names.all(|other| normal_type_name(&other) == normal_type_name(&first));
    if same { TextPromise::TypeName(first) } else { TextPromise::Free }
}

/// A reference token of a JSON Pointer (RFC 6901).
pub(super) fn escape(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) {
        Cow::Owned(name.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(name)
    }
}
