//! What must be equal although the example is only an illustration: what the documented answer repeats of the
//! documented request's body, the service must repeat of the body that was sent.
//!
//! The echoes are a tree along the documented answer, so that one walk beside what was sent and what came checks all
//! of them, however many there are.

use super::collect::{Collector, Difference, Step, Within, path};
use super::example::Example;
use super::found::{Found, contradictory};
use super::guide::{Guide, Kinds};
use super::meaning::{lost_digits, same};
use super::membership;
use super::promise::same_type_name;
use super::table::Situation;
use super::template::is_control;
use crate::json::{Json, Kind, Value};
use crate::verdict::{Rule, Why};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The echoes at a place of the documented answer and below it.
#[derive(Debug, Default)]
pub(super) struct Echoes<'a> {
    /// What the page shows here, and repeats from the request.
    pub(super) example: Option<Value<'a>>,
    pub(super) members: Vec<(Cow<'a, str>, Echoes<'a>)>,
    /// By the index in the documented array.
    pub(super) elements: Vec<(usize, Echoes<'a>)>,
    /// Counts the elements, when those of several arrays are one mismatch.
    template: usize,
}

impl Echoes<'_> {
    fn is_empty(&self) -> bool {
        self.example.is_none() && self.members.is_empty() && self.elements.is_empty()
    }

    /// Adds where each of them is written in the documented answer.
    pub(super) fn add_starts(&self, starts: &mut BTreeSet<usize>) {
        starts.extend(self.example.map(|example| example.span().start));
        self.members.iter().for_each(|(_, inside)| inside.add_starts(starts));
        self.elements.iter().for_each(|(_, inside)| inside.add_starts(starts));
    }
}

/// Finds what a documented answer repeats of the documented request; takes one more template for each array.
pub(super) fn find<'a>(shown: Value<'a>, sent: Option<&Json>, templates: &mut usize) -> Echoes<'a> {
    let mut finder = Finder { templates, known: BTreeMap::new(), steps: Vec::new() };
    sent.map_or_else(Echoes::default, |sent| finder.find(shown, sent.root(), ""))
}

struct Finder<'t, 'a> {
    templates: &'t mut usize,
    /// Arrays at one place of an outer array's elements share their template.
    known: BTreeMap<String, usize>,
    steps: Vec<Step<'a>>,
}

impl<'a> Finder<'_, 'a> {
    fn find(&mut self, shown: Value<'a>, sent: Value<'_>, member: &str) -> Echoes<'a> {
        let mut echoes = Echoes::default();
        match (shown.kind(), sent.kind()) {
            (Kind::Object, Kind::Object) => {
                let mut found = Found::new(sent);
                let contradictory = [contradictory(shown), contradictory(sent)].concat();
                for child in shown.members() {
                    let name = child.name();
                    if contradictory.contains(&name) {
                        continue;
                    }
                    let Some(sent) = found.take(&name) else { continue };
                    self.steps.push(Step::Member(name.clone()));
                    let inside = self.find(child.value, sent, &name);
                    self.steps.pop();
                    if !inside.is_empty() {
                        echoes.members.push((name, inside));
                    }
                }
            }
            (Kind::Array, Kind::Array) => {
                self.steps.push(Step::Every);
                for (index, (element, sent)) in shown.elements().zip(sent.elements()).enumerate() {
                    let inside = self.find(element, sent, member);
                    if !inside.is_empty() {
                        echoes.elements.push((index, inside));
                    }
                }
                if !echoes.elements.is_empty() {
                    let next = *self.templates;
                    echoes.template = *self.known.entry(path(&self.steps)).or_insert(next);
                    *self.templates += usize::from(echoes.template == next);
                }
                self.steps.pop();
            }
            // An element's type may be one that the page does not show, but not another than was sent.
            _ if member == "@odata.type"
                && self.steps.contains(&Step::Every)
                && names_the_same_type(shown, sent) =>
            {
                echoes.example = Some(shown);
            }
            _ if echoes_here(shown, sent, member) => echoes.example = Some(shown),
            _ => {}
        }
        echoes
    }
}

/// Whether a shown scalar repeats the scalar that is sent at the same place.
fn echoes_here(shown: Value<'_>, sent: Value<'_>, member: &str) -> bool {
    if is_control(member) {
        return false;
    }
    match (shown.kind(), sent.kind()) {
        (Kind::String, Kind::String) => shown.as_str().is_some_and(|text| {
            // The page may spell both in different ways: a time with fewer decimals, a guid in capitals.
            !text.is_empty() && same(sent, shown) && Example::of(&text, member).is_value()
        }),
        (Kind::Number, Kind::Number) => shown.as_number() == sent.as_number(),
        (Kind::Bool, Kind::Bool) => shown.as_bool() == sent.as_bool(),
        _ => false,
    }
}

/// Whether this is the way to an `@odata.type`.
pub(super) fn is_type(way: &[Step<'_>]) -> bool {
    matches!(way.last(), Some(Step::Member(name)) if name == "@odata.type")
}

fn names_the_same_type(one: Value<'_>, two: Value<'_>) -> bool {
    match (one.as_str(), two.as_str()) {
        (Some(one), Some(two)) => !one.is_empty() && same_type_name(&one, &two),
        _ => false,
    }
}

/// Holds an answer against what was sent: elements by index where both arrays are equally long, else by membership.
/// Where a place did not come, that is said once: as a missing member where the page shows it in every element, else
/// here.
pub(super) fn check<'s>(
    collector: &'s mut Collector<'_>,
    echoes: &'s Echoes<'_>,
    guide: Guide<'s>,
    sent: Value<'s>,
    answer: Value<'s>,
) {
    if !echoes.is_empty() {
        Check { collector, steps: Vec::new(), within: None, guide }.walk(echoes, sent, answer);
    }
}

/// What tells of a member that did not come, and of null where it would stand.
const MISSING: &[Rule] = &[Rule::MemberMissing];
const NULL: &[Rule] = &[Rule::Null, Rule::Type];

struct Check<'s, 'c> {
    collector: &'s mut Collector<'c>,
    steps: Vec<Step<'s>>,
    within: Option<Within>,
    guide: Guide<'s>,
}

impl<'s> Check<'s, '_> {
    fn walk(&mut self, echoes: &'s Echoes<'_>, sent: Value<'s>, answer: Value<'s>) {
        if let Some(example) = echoes.example
            && !same(sent, answer)
            && !(is_type(&self.steps) && names_the_same_type(sent, answer))
        {
            self.broken(example, sent, Some(answer));
        }
        // Null may be lawful here, and holds nothing of what was sent all the same.
        if answer.is_null() && echoes.example.is_none() {
            return self.absent(echoes, sent, NULL);
        }
        let is_other = !echoes.members.is_empty() && answer.kind() != Kind::Object;
        // That it has another type says that nothing of it came back.
        if is_other && self.collector.has_other_type_at(&path(&self.steps)) {
            return;
        }
        if !echoes.members.is_empty() {
            let (mut given, mut came) = (Found::new(sent), Found::new(answer));
            for (name, inside) in &echoes.members {
                let Some(sent) = given.take(name) else { continue };
                let outer = self.enter(name);
                match came.take(name) {
                    Some(answer) => self.walk(inside, sent, answer),
                    None => self.absent(inside, sent, MISSING),
                }
                self.steps.pop();
                self.guide = outer;
            }
        }
        if !echoes.elements.is_empty() && sent.kind() == Kind::Array && answer.kind() == Kind::Array {
            self.steps.push(Step::Every);
            self.array(echoes, sent, answer);
            self.steps.pop();
        }
    }

    /// Goes to a member; gives what leads back.
    fn enter(&mut self, name: &'s str) -> Guide<'s> {
        // The judge speaks of all members at once whose names are data.
        let is_data = self.guide.place().is_some_and(|place| place.keyed.is_some());
        let name = Cow::Borrowed(name);
        let inside = self.guide.member(&name);
        self.steps.push(if is_data { Step::Entry(name) } else { Step::Member(name) });
        std::mem::replace(&mut self.guide, inside)
    }

    fn array(&mut self, echoes: &'s Echoes<'_>, sent: Value<'s>, answer: Value<'s>) {
        let count = answer.elements().count();
        if sent.elements().count() != count {
            return self.membership(echoes, sent, answer);
        }
        let visit = self.collector.visit(echoes.template, count);
        let (outer, guide) = (self.within, self.guide);
        let mut wanted = echoes.elements.iter().peekable();
        for (index, (sent, answer)) in sent.elements().zip(answer.elements()).enumerate() {
            if let Some((_, inside)) = wanted.next_if(|(documented, _)| *documented == index) {
                self.steps.pop();
                self.steps.push(Step::Element(index));
                self.within = Some(visit.element(index));
                self.guide = guide.element(index, Some(answer));
                self.walk(inside, sent, answer);
            }
        }
        (self.within, self.guide) = (outer, guide);
    }

    /// Every element that was sent must be found again in one that came.
    fn membership(&mut self, echoes: &'s Echoes<'_>, sent: Value<'s>, answer: Value<'s>) {
        // Rules by hand were asked of all elements together.
        let guide = std::mem::take(&mut self.guide);
        for lost in membership::lost(echoes, guide, sent, answer) {
            let length = self.steps.len();
            self.steps.extend(lost.way);
            self.broken(lost.example, lost.sent, lost.actual);
            self.steps.truncate(length);
        }
        self.guide = guide;
    }

    /// What was sent did not come back at all, nor what would hold it; these rules have perhaps said so. What others
    /// say at this place they say of another element.
    fn absent(&mut self, echoes: &'s Echoes<'_>, sent: Value<'s>, said: &[Rule]) {
        let lawful =
            self.guide.allowance(Kinds::Absent).is_some() || self.guide.allowance(Kinds::Null).is_some();
        if lawful || self.collector.has_said(said, &path(&self.steps)) {
            return;
        }
        // That a type's name did not come is said elsewhere, or is lawful.
        if let Some(example) = echoes.example.filter(|_| !is_type(&self.steps)) {
            self.broken(example, sent, None);
        }
        let mut given = Found::new(sent);
        for (name, inside) in &echoes.members {
            if let Some(sent) = given.take(name) {
                let outer = self.enter(name);
                self.absent(inside, sent, said);
                self.steps.pop();
                self.guide = outer;
            }
        }
        let mut elements = sent.elements().enumerate();
        self.steps.push(Step::Every);
        for (documented, inside) in &echoes.elements {
            if let Some((_, sent)) = elements.find(|(index, _)| index == documented) {
                self.absent(inside, sent, said);
            }
        }
        self.steps.pop();
    }

    fn broken(&mut self, example: Value<'s>, sent: Value<'s>, actual: Option<Value<'s>>) {
        let other_type = actual.is_some_and(|actual| actual.kind() != sent.kind());
        // Another type at this place was said already.
        if other_type && self.collector.has_other_type_at(&path(&self.steps)) {
            return;
        }
        let lost = actual.is_some_and(|actual| lost_digits(sent, actual));
        let difference = Difference {
            situation: Situation::BrokenPromise,
            rule: if lost { Rule::Precision } else { Rule::Echo },
            place: Some(example),
            expected: Some(sent),
            actual,
            why: Why::Echo(self.collector.pointer(example)),
        };
        // What was sent under a name is to come back under it.
        let named = |step: &Step<'s>| match step {
            Step::Entry(name) => Step::Member(name.clone()),
            step => step.clone(),
        };
        let steps: Vec<Step<'s>> = self.steps.iter().map(named).collect();
        self.collector.add(&steps, self.within, self.guide, difference);
    }
}

/// Gives every value at the end of a way.
pub(super) fn each_at<'v>(way: &[Step<'_>], value: Value<'v>, each: &mut impl FnMut(Value<'v>)) {
    match way.split_first() {
        None => each(value),
        Some((Step::Member(name) | Step::Entry(name), rest)) => {
            if let Some(member) = value.members().find(|member| member.name() == *name) {
                each_at(rest, member.value, each);
            }
        }
        Some((Step::Every | Step::Element(_) | Step::Index(_), rest)) => {
            value.elements().for_each(|element| each_at(rest, element, each));
        }
    }
}
