//! The template merge: what all examples of one place promise together, from the root of a body down.

use super::collect::{Step, path};
use super::example::{Example, TypeWord};
use super::found::contradictory;
use super::kinds::Kinds;
use super::promise::{Counted, MemberPromise, Place, Template, TextPromise};
use super::promise::{same_tag, same_type_name, tag_text};
use super::table::Situation;
use crate::contract::Contract;
use crate::json::{INDEX_FROM, Kind, Value};
use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

/// Merges examples into places.
pub(super) struct Compiler<'a> {
    contract: &'a Contract,
    /// Where what the page elides begins, in the text of the body.
    pub(super) elided: BTreeSet<usize>,
    truncated: bool,
    /// Where objects begin whose members' names are data.
    keyed: BTreeSet<usize>,
    /// The next place: its index is its position here.
    pub(super) places: Vec<Counted>,
    pub(super) templates: usize,
    /// The templates of arrays by the ways to them: those in elements with different tags share one where the way is the
    /// same, so that equal mismatches in them are one.
    known: BTreeMap<String, usize>,
    /// The way to the place that is merged.
    steps: Vec<Step<'a>>,
    /// The next slot for a member.
    slots: usize,
    /// How many texts are elided in part.
    pub(super) elided_texts: usize,
    /// Whether an answer that says just what the page shows keeps what it promises, without a word to be said.
    pub(super) keeps_itself: bool,
}

/// Whether elements with different tags are merged apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tags {
    Apart,
    /// As if they had none: what such places say is said tag by tag elsewhere, and merging apart again on every level
    /// would double the work with each.
    Together,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(contract: &'a Contract, keyed: BTreeSet<usize>) -> Compiler<'a> {
        let response = &contract.response;
        let root = response.body.json().map(crate::json::Json::root);
        let values = response.elided.iter().filter_map(|pointer| root?.pointer(pointer));
        let elided: BTreeMap<usize, Kind> = values.map(|value| (value.span().start, value.kind())).collect();
        Compiler {
            contract,
            elided_texts: elided.values().filter(|kind| **kind == Kind::String).count(),
            elided: elided.into_keys().collect(),
            // Without a word of the page only what nobody annotated may have been shortened.
            truncated: response.truncated.unwrap_or(contract.source.inferred),
            keyed,
            places: Vec::new(),
            templates: 0,
            known: BTreeMap::new(),
            steps: Vec::new(),
            slots: 0,
            keeps_itself: true,
        }
    }

    /// The whole body.
    pub(super) fn root(&mut self, body: Value<'a>) -> Place<'a> {
        self.merge(body, &[body], "", Tags::Apart)
    }

    /// Merges the examples of one place, of which `first` is one; `member` is the member that they are found in.
    fn merge(&mut self, first: Value<'a>, shown: &[Value<'a>], member: &str, tags: Tags) -> Place<'a> {
        let index = self.places.len();
        self.places.push(if tags == Tags::Apart { Counted::Promised } else { Counted::Again });
        let mut place = Place {
            example: shown.iter().find(|value| !value.is_null()).copied().unwrap_or(first),
            index,
            kinds: Kinds::default(),
            free: Kinds::default(),
            only_null: shown.iter().all(|value| value.is_null()),
            nullable: false,
            whole: false,
            text: TextPromise::Free,
            stand_ins: Vec::new(),
            members: Vec::new(),
            slot: 0,
            by_name: Vec::new(),
            keyed: None,
            entries: 0,
            // Of what elements of all types have in common one of another type may well have more.
            extra: match tags {
                Tags::Apart => self.extra(shown),
                Tags::Together => Situation::ExtraMemberWhereTruncated,
            },
            elements: None,
        };
        let open = scalars(shown, member, &mut place);
        // A fake that answers with the page's own words is told so.
        self.keeps_itself &= place.stand_ins.is_empty();
        if (open || place.only_null) && tags == Tags::Apart {
            self.places.get_mut(index).into_iter().for_each(|counted| *counted = Counted::Open);
        }
        let objects: Vec<Value<'a>> =
            shown.iter().copied().filter(|value| value.kind() == Kind::Object).collect();
        if objects.iter().any(|object| self.keyed.contains(&object.span().start)) {
            let values: Vec<Value<'a>> =
                objects.iter().flat_map(|object| object.members()).map(|member| member.value).collect();
            place.entries = self.templates;
            self.templates += 1;
            self.steps.push(Step::Every);
            place.keyed = values.first().map(|first| Box::new(self.merge(*first, &values, "", tags)));
            self.steps.pop();
        } else {
            let members = self.members(&objects, tags, Members::All);
            self.give(&mut place, members);
        }
        let elements: Vec<Value<'a>> = shown.iter().flat_map(|array| array.elements()).collect();
        let may_be_empty = shown.iter().any(|value| value.kind() == Kind::Array && value.is_empty());
        self.steps.push(Step::Every);
        let template = self.elements(&elements, member, tags);
        self.steps.pop();
        place.elements = template.map(|template| Box::new(Template { may_be_empty, ..template }));
        place.settle();
        place
    }

    /// Gives a place its members.
    fn give(&mut self, place: &mut Place<'a>, members: Vec<MemberPromise<'a>>) {
        place.slot = self.slots;
        self.slots += members.len() + 1;
        if members.len() >= INDEX_FROM {
            place.by_name = (0..members.len()).collect();
            place.by_name.sort_by_key(|at| members.get(*at).map(|member| &member.name));
        }
        place.members = members;
    }

    fn extra(&self, shown: &[Value<'a>]) -> Situation {
        if self.truncated || shown.iter().any(|value| self.elided.contains(&value.span().start)) {
            Situation::ExtraMemberWhereTruncated
        } else {
            Situation::ExtraMember
        }
    }

    /// The members of the objects among the examples, in the order they are first shown.
    fn members(&mut self, objects: &[Value<'a>], tags: Tags, which: Members) -> Vec<MemberPromise<'a>> {
        let names = by_name(objects);
        let mut members = Vec::with_capacity(names.len());
        let kept =
            names.into_iter().filter(|member| which == Members::All || member.objects == objects.len());
        // Next to no page shows a member twice.
        let contradicted = LazyCell::new(|| -> BTreeSet<_> {
            objects.iter().flat_map(|object| contradictory(*object)).collect()
        });
        members.extend(kept.filter_map(|MemberExamples { name, shown, objects: holders, .. }| {
            // That a member stands twice is said, although the page shows it so.
            self.keeps_itself &= shown.len() == holders;
            let only_null = shown.iter().all(|value| value.is_null());
            let absent = (holders == objects.len()).then(|| self.absence(&name, only_null));
            self.steps.push(Step::Member(name.clone()));
            let mut place = self.merge(*shown.first()?, &shown, &name, tags);
            self.steps.pop();
            place.nullable = self.contract.response.nullable.iter().any(|nullable| *nullable == name);
            let twice = shown.len() > holders && contradicted.contains(&name);
            Some(MemberPromise { name, absent, twice, place })
        }));
        members
    }

    fn absence(&self, name: &str, only_null: bool) -> Situation {
        if is_control(name) && name != "@odata.type" {
            Situation::ControlMemberAbsent
        } else if only_null || self.contract.response.optional.iter().any(|optional| optional == name) {
            Situation::OptionalMemberAbsent
        } else {
            Situation::MemberAbsent
        }
    }

    fn elements(&mut self, elements: &[Value<'a>], member: &str, tags: Tags) -> Option<Template<'a>> {
        let first = *elements.first()?;
        let next = self.templates;
        let index = *self.known.entry(path(&self.steps)).or_insert(next);
        self.templates += usize::from(index == next);
        let tag = (tags == Tags::Apart).then(|| tag_of(elements)).flatten();
        let Some(tag) = tag else {
            let common = self.merge(first, elements, member, tags);
            return Some(Template { index, tag, variants: Vec::new(), may_be_empty: false, common });
        };
        let mut groups: Vec<(Cow<'a, str>, Vec<Value<'a>>)> = Vec::new();
        for element in elements {
            let Some(text) = tag_text(*element, tag) else { continue };
            match groups.iter_mut().find(|(known, _)| same_tag(tag, known, &text)) {
                Some((_, group)) => group.push(*element),
                None => groups.push((text, vec![*element])),
            }
        }
        let variants = groups
            .into_iter()
            .filter_map(|(text, group)| Some((text, self.merge(*group.first()?, &group, member, tags))));
        let variants = variants.collect();
        let common = self.in_common(first, elements, member, tag);
        Some(Template { index, tag: Some(tag), variants, may_be_empty: false, common })
    }

    /// What an element promises whose type the page does not show: what those of all shown types have. It may well
    /// have members of its own.
    fn in_common(&mut self, first: Value<'a>, elements: &[Value<'a>], member: &str, tag: &str) -> Place<'a> {
        let mut place = self.merge(first, &[], member, Tags::Together);
        place.only_null = false;
        place.kinds.insert(Kind::Object);
        place.settle();
        let members = self.members(elements, Tags::Together, Members::OfEvery);
        self.give(&mut place, members);
        for member in &mut place.members {
            if member.name == tag {
                member.place.text = TextPromise::Free;
                member.place.settle();
            }
        }
        place
    }
}

/// What the scalars among the examples say; whether one of them is shortened.
fn scalars<'a>(shown: &[Value<'a>], member: &str, place: &mut Place<'a>) -> bool {
    // Where one is a text, mostly all are.
    let texts = if shown.iter().any(|value| value.kind() == Kind::String) { shown.len() } else { 0 };
    let mut texts = Vec::with_capacity(texts);
    let (mut whole, mut fractions) = (false, false);
    for value in shown {
        let mut kind = value.kind();
        if let Some(text) = value.as_str() {
            let example = Example::of(&text, member);
            if let Example::TypeWord(word) = example {
                kind = word.kind();
                whole |= word == TypeWord::Integer;
                fractions |= word == TypeWord::Number;
            }
            texts.push((text, example));
        }
        if let Some(number) = value.as_number() {
            let is_integer = number.as_str().bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
            whole |= is_integer;
            fractions |= !is_integer;
        }
        place.kinds.insert(kind);
    }
    place.whole = whole && !fractions;
    for (text, _) in texts.iter().filter(|(_, example)| !example.is_value()) {
        if !place.stand_ins.contains(text) {
            place.stand_ins.push(text.clone());
        }
    }
    let shortened = texts.iter().any(|(_, example)| *example == Example::Abbreviated);
    place.text = if member.ends_with("@odata.type") { type_name(texts) } else { text_promise(texts) };
    shortened
}

/// Which members of several objects are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Members {
    All,
    /// Only those that every object has.
    OfEvery,
}

/// The examples of one member.
struct MemberExamples<'a> {
    name: Cow<'a, str>,
    shown: Vec<Value<'a>>,
    /// How many objects have it.
    objects: usize,
    /// The last of them.
    object: usize,
}

/// Gathers the examples of every member, in the order in which members are first shown.
fn by_name<'a>(objects: &[Value<'a>]) -> Vec<MemberExamples<'a>> {
    let mut names: Vec<MemberExamples<'a>> = Vec::with_capacity(if objects.is_empty() { 0 } else { 8 });
    // Few names are looked through faster than they are put in an index.
    let mut index: Option<BTreeMap<Cow<'a, str>, usize>> = None;
    for (object, value) in objects.iter().enumerate() {
        let mut next = 0;
        for member in value.members() {
            // Objects mostly show their members in the same order.
            let at = match (names.get(next), &index) {
                (Some(known), _) if member.is_named(&known.name) => Some(next),
                (_, Some(index)) => index.get(&member.name()).copied(),
                (_, None) => names.iter().position(|known| member.is_named(&known.name)),
            };
            next = at.unwrap_or(names.len()) + 1;
            match at.and_then(|at| names.get_mut(at)) {
                // Of a member that stands twice in one object both values are examples.
                Some(known) if known.object == object => known.shown.push(member.value),
                Some(known) => {
                    known.object = object;
                    known.objects += 1;
                    known.shown.push(member.value);
                }
                None => {
                    let name = member.name();
                    if let Some(index) = &mut index {
                        index.insert(name.clone(), names.len());
                    }
                    let mut shown = Vec::with_capacity((objects.len() - object).min(16));
                    shown.push(member.value);
                    names.push(MemberExamples { name, shown, objects: 1, object });
                    if names.len() == INDEX_FROM {
                        let all = names.iter().enumerate().map(|(at, known)| (known.name.clone(), at));
                        index = Some(all.collect());
                    }
                }
            }
        }
    }
    names
}

/// Whether a member belongs to the protocol (`OData`), not to the resource.
pub(super) fn is_control(name: &str) -> bool {
    name.contains("@odata.")
}

/// The member that tells the elements of a shown array apart: all of them have it, as a text.
fn tag_of(elements: &[Value<'_>]) -> Option<&'static str> {
    ["@odata.type", "type", "kind"]
        .into_iter()
        .find(|tag| elements.iter().all(|element| tag_text(*element, tag).is_some()))
}

/// Only what all texts of a place agree on is promised.
fn text_promise(texts: Vec<(Cow<'_, str>, Example)>) -> TextPromise<'_> {
    let mut promises = texts.into_iter().map(|(_, example)| TextPromise::of(example));
    let Some(first) = promises.next() else { return TextPromise::Free };
    if promises.all(|other| other == first) { first } else { TextPromise::Free }
}

/// The type that all texts of a place name; none where they name several or none at all.
fn type_name(texts: Vec<(Cow<'_, str>, Example)>) -> TextPromise<'_> {
    let mut names = texts.into_iter().filter(|(_, example)| example.is_value()).map(|(text, _)| text);
    let Some(first) = names.next() else { return TextPromise::Free };
    let same = names.all(|other| same_type_name(&other, &first));
    if same { TextPromise::TypeName(first) } else { TextPromise::Free }
}
