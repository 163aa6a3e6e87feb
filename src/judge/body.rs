//! Holds a JSON answer against what each place of the documented body promises.
//!
//! The walk follows the documented body, whose depth is bounded; what the answer nests beyond it is not entered.

use super::collect::{Collector, Difference, Step, Within};
use super::echo::Source;
use super::format::Format;
use super::promise::{MemberPromise, Place, Promise, Template, TextPromise, normal_type_name, tag_text};
use super::table::Situation;
use crate::json::{Kind, Member, Value};
use crate::message::Sent;
use crate::verdict::{Rule, Site, Why};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// From this many members on, names are looked up in an index.
const INDEX_FROM: usize = 24;

/// Walks an answer beside the documented places.
pub(super) struct Walk<'c, 'v> {
    pub(super) collector: &'c mut Collector,
    steps: Vec<Step<'v>>,
    within: Option<Within>,
    /// Documented places that nothing could be held against.
    pub(super) unchecked: usize,
}

impl<'c, 'v> Walk<'c, 'v> {
    pub(super) fn new(collector: &'c mut Collector) -> Walk<'c, 'v> {
        Walk { collector, steps: Vec::new(), within: None, unchecked: 0 }
    }

    fn differ(
        &mut self,
        situation: Situation,
        rule: Rule,
        place: &Place<'_>,
        actual: Option<Value<'v>>,
        why: Why,
    ) {
        let difference = Difference {
            situation,
            rule,
            site: Site::Body(place.pointer.clone()),
            order: place.example.span().start,
            expected: Some(place.example),
            actual,
            why,
        };
        self.collector.add(&self.steps, self.within, difference);
    }

    /// Holds one value against its place.
    pub(super) fn place(&mut self, place: &Place<'v>, actual: Value<'v>) {
        if place.only_null {
            return;
        }
        let kind = actual.kind();
        if kind == Kind::Null && !place.kinds.contains(Kind::Null) {
            let situation =
                if place.nullable { Situation::NullWhereNullable } else { Situation::NullForValue };
            return self.differ(situation, Rule::Null, place, Some(actual), Why::Shown);
        }
        if !place.kinds.contains(kind) {
            let why = match place.example.as_str() {
                Some(word) if !place.kinds.contains(Kind::String) => Why::TypeWord(word.into_owned()),
                _ => Why::Shown,
            };
            return self.differ(Situation::OtherType, Rule::Type, place, Some(actual), why);
        }
        match kind {
            Kind::Number if place.whole && !actual.as_number().is_some_and(crate::json::Number::is_whole) => {
                self.differ(Situation::FractionForInteger, Rule::Type, place, Some(actual), Why::Shown);
            }
            Kind::String => self.text(place, actual),
            Kind::Object => self.object(place, actual),
            Kind::Array => self.array(place, actual),
            _ => {}
        }
    }

    fn text(&mut self, place: &Place<'v>, actual: Value<'v>) {
        let Some(text) = actual.as_str() else { return };
        match &place.text {
            TextPromise::Free => {}
            TextPromise::Format(format) if Format::of(&text) == Some(*format) => {}
            TextPromise::Format(format) => {
                let why = Why::Format(format.name());
                self.differ(Situation::FormatLost, Rule::Format, place, Some(actual), why);
            }
            TextPromise::Enumeration(words) if words.iter().any(|word| *word == text) => {}
            TextPromise::Enumeration(_) => {
                self.differ(Situation::OutsideEnumeration, Rule::Enum, place, Some(actual), Why::Enumeration);
            }
            TextPromise::TypeName(name) if normal_type_name(name) == normal_type_name(&text) => {}
            TextPromise::TypeName(_) => {
                self.differ(Situation::BrokenPromise, Rule::Value, place, Some(actual), Why::TypeName);
            }
        }
    }

    fn object(&mut self, place: &Place<'v>, actual: Value<'v>) {
        let members: Vec<Member<'v>> = actual.members().collect();
        let found = Found::new(&members);
        self.repeated(place, &found);
        let mut shown = 0;
        for member in &place.members {
            let Some(value) = found.get(&member.name) else {
                self.absent(member);
                continue;
            };
            shown += 1;
            self.steps.push(Step::Member(Cow::Owned(member.name.clone().into_owned())));
            self.place(&member.place, value);
            self.steps.pop();
        }
        if shown < members.len() {
            self.extra(place, &members);
        }
    }

    fn absent(&mut self, member: &MemberPromise<'v>) {
        let Some(situation) = member.absent else {
            self.unchecked += member.place.size;
            return;
        };
        self.steps.push(Step::Member(Cow::Owned(member.name.clone().into_owned())));
        let why = if self.within.is_some() { Why::Template } else { Why::Shown };
        self.differ(situation, Rule::MemberMissing, &member.place, None, why);
        self.steps.pop();
    }

    fn extra(&mut self, place: &Place<'v>, members: &[Member<'v>]) {
        let known: BTreeMap<&str, ()> =
            place.members.iter().map(|member| (member.name.as_ref(), ())).collect();
        for member in members {
            let name = member.name();
            // Control information belongs to the protocol, not to the resource.
            if known.contains_key(name.as_ref()) || name.contains("@odata.") {
                continue;
            }
            self.steps.push(Step::Member(name));
            let difference = Difference {
                situation: place.extra,
                rule: Rule::MemberExtra,
                site: Site::Body(place.pointer.clone()),
                order: place.example.span().end,
                expected: None,
                actual: Some(member.value),
                why: if place.extra == Situation::ExtraMember { Why::NotTruncated } else { Why::Shown },
            };
            self.collector.add(&self.steps, self.within, difference);
            self.steps.pop();
        }
    }

    fn repeated(&mut self, place: &Place<'v>, found: &Found<'_, 'v>) {
        for (first, second) in found.repeated() {
            let same = first.value.to_json() == second.value.to_json();
            let situation = if same { Situation::RepeatedMember } else { Situation::ContradictoryMember };
            self.steps.push(Step::Member(second.name()));
            let difference = Difference {
                situation,
                rule: Rule::DuplicateMember,
                site: Site::Body(place.pointer.clone()),
                order: place.example.span().start,
                expected: Some(first.value),
                actual: Some(second.value),
                why: Why::Shown,
            };
            self.collector.add(&self.steps, self.within, difference);
            self.steps.pop();
        }
    }

    fn array(&mut self, place: &Place<'v>, actual: Value<'v>) {
        let Some(template) = &place.elements else { return };
        let count = actual.len();
        if count == 0 {
            self.unchecked += template.common.size;
            return self.differ(
                Situation::NoElements,
                Rule::ArrayEmpty,
                place,
                Some(actual),
                Why::NothingToHold,
            );
        }
        self.collector.visit(template.index, count);
        let outer = self.within;
        self.steps.push(Step::Every);
        for (index, element) in actual.elements().enumerate() {
            self.within = Some(Within { template: template.index, index });
            self.element(template, element);
        }
        self.steps.pop();
        self.within = outer;
    }

    fn element(&mut self, template: &Template<'v>, element: Value<'v>) {
        let Some(tag) = template.tag else { return self.place(&template.common, element) };
        let text = tag_text(element, tag);
        let variant = text.and_then(|text| template.variants.iter().find(|(known, _)| *known == text));
        if let Some((_, place)) = variant {
            return self.place(place, element);
        }
        if element.get(tag).is_some() && tag == "@odata.type" {
            let common = &template.common;
            self.steps.push(Step::Member(Cow::Borrowed(tag)));
            self.differ(Situation::UnshownElementType, Rule::Value, common, element.get(tag), Why::TypeName);
            self.steps.pop();
        }
        self.place(&template.common, element);
    }

    /// Holds the answer against what was sent.
    pub(super) fn echoes(&mut self, promise: &Promise<'v>, sent: &Sent, answer: Value<'v>) {
        for echo in &promise.echoes {
            let Some(broken) = echo.check(sent, answer) else { continue };
            let mut arrays = broken.way.iter();
            let steps: Vec<Step<'_>> = echo
                .way
                .iter()
                .map(|token| match token {
                    super::echo::Token::Member(name) => Step::Member(Cow::Borrowed(name)),
                    super::echo::Token::Index(_) => {
                        arrays.next().copied().flatten().map_or(Step::Every, Step::Index)
                    }
                })
                .collect();
            // Another type at this place was said already.
            if self.collector.has_failed_at(&super::collect::path(&steps)) {
                continue;
            }
            let why = match &echo.source {
                Source::Body => Why::Echo(echo.pointer.clone()),
                Source::Url(_, text) => Why::PathEcho(text.clone()),
            };
            let difference = Difference {
                situation: Situation::BrokenPromise,
                rule: Rule::Echo,
                site: Site::Body(echo.pointer.clone()),
                order: echo.example.span().start,
                expected: Some(broken.expected.root()),
                actual: broken.actual,
                why,
            };
            self.collector.add(&steps, None, difference);
        }
    }
}

/// The members of one object of the answer, to be found by name.
struct Found<'m, 'v> {
    members: &'m [Member<'v>],
    index: Option<BTreeMap<Cow<'v, str>, Value<'v>>>,
}

impl<'m, 'v> Found<'m, 'v> {
    fn new(members: &'m [Member<'v>]) -> Found<'m, 'v> {
        let index = (members.len() >= INDEX_FROM)
            .then(|| members.iter().map(|member| (member.name(), member.value)).collect());
        Found { members, index }
    }

    /// The last member of this name.
    fn get(&self, name: &str) -> Option<Value<'v>> {
        if let Some(index) = &self.index {
            return index.get(name).copied();
        }
        self.members.iter().rev().find(|member| member.name() == name).map(|member| member.value)
    }

    /// Members that stand more than once: each later one with the one before it.
    fn repeated(&self) -> Vec<(Member<'v>, Member<'v>)> {
        let mut repeated = Vec::new();
        if self.index.as_ref().is_some_and(|index| index.len() == self.members.len()) {
            return repeated;
        }
        if self.index.is_some() {
            let mut last: BTreeMap<Cow<'v, str>, Member<'v>> = BTreeMap::new();
            for member in self.members {
                repeated.extend(last.insert(member.name(), *member).map(|first| (first, *member)));
            }
            return repeated;
        }
        for (at, member) in self.members.iter().enumerate() {
            let before = self.members.iter().take(at).rev();
            repeated.extend(
                before.clone().find(|other| other.name() == member.name()).map(|first| (*first, *member)),
            );
        }
        repeated
    }
}
