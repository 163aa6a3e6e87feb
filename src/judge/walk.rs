//! Holds a JSON answer against what each place of the documented body promises.
//!
//! The walk follows the documented body, whose depth is bounded; what the answer nests beyond it is only looked
//! through for members that stand twice.

use super::collect::{Collector, Difference, Step, Within};
use super::example::is_common_word;
use super::guide::{Guide, Kinds};
use super::order::{Came, Order};
use super::promise::{BodyPromise, Counted, MemberPromise, Place, Promise, Template, TextPromise};
use super::table::Situation;
use super::template::is_control;
use crate::json::{Kind, Member, Members, Value};
use crate::verdict::{Level, Rule, Why};
use std::borrow::Cow;

/// Walks an answer beside the documented places. Rules by hand may change the level at any of them, so both levels
/// are walked by the same walker: here by type, in [`exact`](super::exact) literally.
pub(super) struct Walk<'s, 'c> {
    pub(super) collector: &'s mut Collector<'c>,
    pub(super) steps: Vec<Step<'s>>,
    pub(super) within: Option<Within>,
    /// What rules by hand say of the place that it is at.
    pub(super) guide: Guide<'s>,
    pub(super) promise: &'s Promise<'s>,
    /// The places that something was held against.
    held: Vec<bool>,
    /// How many documented values were compared literally.
    pub(super) compared: usize,
    /// Members in another order than at their places.
    order: Order,
    /// The same of what is taken literally: by how deep it stands, as it has no places.
    pub(super) literal_order: Order,
    /// The documented members of the objects that a literal reading is inside of: those of an inner object behind those
    /// of the outer one, so that nothing is allocated for each.
    pub(super) documented: Vec<Member<'s>>,
}

impl<'s, 'c> Walk<'s, 'c> {
    pub(super) fn new(
        collector: &'s mut Collector<'c>,
        promise: &'s Promise<'s>,
        guide: Guide<'s>,
    ) -> Walk<'s, 'c> {
        Walk {
            collector,
            steps: Vec::with_capacity(8),
            within: None,
            guide,
            promise,
            held: vec![false; promise.places.len()],
            compared: 0,
            order: Order::default(),
            literal_order: Order::default(),
            documented: Vec::new(),
        }
    }

    /// How many places were held against the answer.
    pub(super) fn checked(&self) -> usize {
        if let BodyPromise::Literal(..) = self.promise.body {
            return self.compared;
        }
        let places = self.promise.places.iter().zip(&self.held);
        places.filter(|(counted, held)| **held && **counted == Counted::Promised).count()
    }

    fn differ(
        &mut self,
        situation: Situation,
        rule: Rule,
        place: &Place<'_>,
        actual: Option<Value<'s>>,
        why: Why,
    ) {
        let shown = Some(place.example);
        self.note(Difference { situation, rule, place: shown, expected: shown, actual, why });
    }

    pub(super) fn note(&mut self, difference: Difference<'_, 's>) {
        self.collector.add(&self.steps, self.within, self.guide, difference);
    }

    #[inline]
    pub(super) fn hold(&mut self, place: &Place<'_>) {
        if self.guide.level() != Some(Level::Ignore) {
            self.held.get_mut(place.index).into_iter().for_each(|held| *held = true);
        }
    }

    /// Holds one value against its place.
    pub(super) fn place(&mut self, place: &'s Place<'_>, actual: Value<'s>) {
        if self.guide.is_none() {
            self.hold(place);
            return self.by_type(place, actual);
        }
        if self.guide.level() == Some(Level::Exact) {
            let shown = self.guide.shown().unwrap_or(place.example);
            return self.literal(shown, actual);
        }
        self.hold(place);
        // What a rule by hand says of the whole value stands for all that the docs say of it.
        if self.guide.promise(Kinds::Equals).is_none() {
            self.by_type(place, actual);
        }
    }

    fn by_type(&mut self, place: &'s Place<'_>, actual: Value<'s>) {
        let kind = actual.kind();
        if !actual.is_container() && place.is_kept_by(actual) {
            return;
        }
        if place.only_null {
            return self.unshown(place, actual);
        }
        if !place.kinds.contains(kind) {
            return self.other_type(place, actual);
        }
        match kind {
            Kind::Number => {
                self.differ(Situation::FractionForInteger, Rule::Type, place, Some(actual), Why::Shown);
            }
            Kind::String => self.text(place, actual),
            Kind::Object => self.object(place, actual),
            Kind::Array => self.array(place, actual),
            Kind::Null | Kind::Bool => {}
        }
    }

    fn other_type(&mut self, place: &Place<'_>, actual: Value<'s>) {
        if actual.is_null() {
            let nullable = place.nullable;
            let situation = if nullable { Situation::NullWhereNullable } else { Situation::NullForValue };
            return self.differ(situation, Rule::Null, place, Some(actual), Why::Shown);
        }
        if repeats_the_page(place, actual) {
            return self.repetition(Rule::Type, place, actual);
        }
        let why = match place.example.as_str() {
            Some(word) if !place.kinds.contains(Kind::String) => Why::TypeWord(word.into_owned()),
            _ => Why::Shown,
        };
        self.differ(Situation::OtherType, Rule::Type, place, Some(actual), why);
        self.unshown(place, actual);
    }

    /// A text that is not what is promised of it.
    fn text(&mut self, place: &Place<'_>, actual: Value<'s>) {
        if self.guide.promise(Kinds::Format).is_some() {
            return;
        }
        let (situation, rule, why) = match &place.text {
            TextPromise::Free => return,
            TextPromise::Format(format) => (Situation::FormatLost, Rule::Format, Why::Format(format.name())),
            TextPromise::Enumeration(_) => (Situation::OutsideEnumeration, Rule::Enum, Why::Enumeration),
            TextPromise::TypeName(_) => (Situation::BrokenPromise, Rule::Value, Why::TypeName),
        };
        if repeats_the_page(place, actual) {
            return self.repetition(rule, place, actual);
        }
        self.differ(situation, rule, place, Some(actual), why);
    }

    /// What came is the very text that the page shows instead of a value. No service that lives answers so, but a fake
    /// made of the page does; and what the page shows cannot break what it promises.
    fn repetition(&mut self, rule: Rule, place: &Place<'_>, actual: Value<'s>) {
        // Some names of types are words as well (a single bed, a date of somebody's).
        if !actual.as_str().is_some_and(|text| is_common_word(&text)) {
            self.differ(Situation::ExampleItself, rule, place, Some(actual), Why::ExampleItself);
        }
    }

    fn object(&mut self, place: &'s Place<'_>, actual: Value<'s>) {
        if let Some(every) = &place.keyed {
            return self.keyed(place, every, actual);
        }
        // Members mostly come as they are promised, in that order and nothing else: then nothing is looked for.
        let mut members = actual.members();
        let (mut rest, mut kept) = (members.clone(), 0);
        for member in &place.members {
            let Some(came) = members.next() else { break };
            if !came.is_named(&member.name) {
                break;
            }
            rest = members.clone();
            kept += 1;
            if !self.keeps(&member.place, came.value) {
                self.member(member, came.value);
            }
        }
        if kept == place.members.len() && rest.clone().next().is_none() {
            return;
        }
        self.reordered(place, actual, rest, kept);
    }

    /// Holds the members behind the first that were `kept`, which are the `rest`, whatever their order and whatever else
    /// came.
    fn reordered(&mut self, place: &'s Place<'_>, actual: Value<'s>, rest: Members<'s>, kept: usize) {
        let mut visit = self.order.enter(place.slot, place.members.len(), kept);
        let (mut found, mut again, mut extras) = (kept, false, Vec::new());
        for came in rest {
            let is_named =
                |at: usize| place.members.get(at).is_some_and(|member| came.is_named(&member.name));
            match self.order.find(&mut visit, is_named, || place.position(&came)) {
                Came::Documented(at) => {
                    found += 1;
                    let Some(member) = place.members.get(at) else { continue };
                    if !self.keeps(&member.place, came.value) {
                        self.member(member, came.value);
                    }
                }
                Came::Again => again = true,
                Came::Undocumented => extras.push(came),
            }
        }
        if found < place.members.len() {
            for (at, member) in place.members.iter().enumerate() {
                if !self.order.has_found(&visit, at) {
                    self.absent(member);
                }
            }
        }
        // Of a member that stands twice the first was held; that it stands twice is said.
        if again || !extras.is_empty() {
            self.repeated(place, actual);
        }
        for member in &extras {
            self.extra(place, member);
        }
    }

    /// Members whose names are data: all are held against what the shown ones have in common.
    pub(super) fn keyed(&mut self, place: &'s Place<'_>, every: &'s Place<'_>, actual: Value<'s>) {
        if actual.is_empty() {
            let (situation, rule) = (Situation::NoElements, Rule::ArrayEmpty);
            return self.differ(situation, rule, place, Some(actual), Why::NothingToHold);
        }
        self.repeated(place, actual);
        let visit = self.collector.visit(place.entries, actual.members().count());
        let outer = self.within;
        for (index, member) in actual.members().enumerate() {
            self.within = Some(visit.element(index));
            let guide = self.guide.member(&member.name());
            self.steps.push(Step::Entry(member.name()));
            let outer = std::mem::replace(&mut self.guide, guide);
            self.place(every, member.value);
            self.leave(outer);
        }
        self.within = outer;
    }

    /// Whether a scalar is all that is promised, and there are no rules: so it mostly is, and nothing else is done then.
    #[inline]
    fn keeps(&mut self, place: &Place<'_>, value: Value<'s>) -> bool {
        let keeps = self.guide.is_none() && !value.is_container() && place.is_kept_by(value);
        if keeps && let Some(held) = self.held.get_mut(place.index) {
            *held = true;
        }
        keeps
    }

    pub(super) fn member(&mut self, member: &'s MemberPromise<'_>, value: Value<'s>) {
        if self.keeps(&member.place, value) {
            return;
        }
        if self.guide.is_none() {
            self.steps.push(Step::Member(Cow::Borrowed(&member.name)));
            self.place(&member.place, value);
            self.steps.pop();
            return;
        }
        let outer = self.enter(Cow::Borrowed(&member.name));
        self.place(&member.place, value);
        self.leave(outer);
    }

    /// Goes to a member; gives what leads back.
    pub(super) fn enter(&mut self, name: Cow<'s, str>) -> Guide<'s> {
        let inside = self.guide.member(&name);
        self.steps.push(Step::Member(name));
        std::mem::replace(&mut self.guide, inside)
    }

    pub(super) fn leave(&mut self, outer: Guide<'s>) {
        self.steps.pop();
        self.guide = outer;
    }

    fn absent(&mut self, member: &'s MemberPromise<'_>) {
        let Some(situation) = member.absent else { return };
        let outer = self.enter(Cow::Borrowed(&member.name));
        if situation == Situation::MemberAbsent {
            self.hold(&member.place);
        }
        let why = if self.within.is_some() { Why::Template } else { Why::Shown };
        self.differ(situation, Rule::MemberMissing, &member.place, None, why);
        self.leave(outer);
    }

    fn extra(&mut self, place: &Place<'_>, member: &Member<'s>) {
        let name = member.name();
        let situation = if is_control(&name) { Situation::ExtraControlMember } else { place.extra };
        let why = if situation == Situation::ExtraMember { Why::NotTruncated } else { Why::Shown };
        let outer = self.enter(name);
        self.note(Difference {
            situation,
            rule: Rule::MemberExtra,
            place: Some(place.example),
            expected: None,
            actual: Some(member.value),
            why,
        });
        self.unshown(place, member.value);
        self.leave(outer);
    }

    fn array(&mut self, place: &'s Place<'_>, actual: Value<'s>) {
        let Some(template) = &place.elements else { return self.unshown(place, actual) };
        if actual.is_empty() && template.may_be_empty {
            return;
        }
        if actual.is_empty() {
            let (situation, rule) = (Situation::NoElements, Rule::ArrayEmpty);
            return self.differ(situation, rule, place, Some(actual), Why::NothingToHold);
        }
        let visit = self.collector.visit(template.index, 0);
        let mut count = 0;
        let (outer, guide) = (self.within, self.guide);
        self.steps.push(Step::Element(0));
        for (index, element) in actual.elements().enumerate() {
            count += 1;
            let place = template.of(element);
            if guide.is_none()
                && let Some(place) = place
                && self.keeps(place, element)
            {
                continue;
            }
            self.within = Some(visit.element(index));
            self.steps.pop();
            self.steps.push(Step::Element(index));
            if !guide.is_none() {
                self.guide = guide.element(index, Some(element));
            }
            match place {
                Some(place) => self.place(place, element),
                None => self.of_other_type(template, element),
            }
        }
        // Nothing inside of an array counts for the same template.
        self.collector.visit(template.index, count);
        self.leave(guide);
        self.within = outer;
    }

    /// An element that bears none of the shown tags.
    fn of_other_type(&mut self, template: &'s Template<'_>, element: Value<'s>) {
        let tag = element.members().find(|member| member.name() == "@odata.type");
        if let Some(tag) = tag.filter(|_| template.tag == Some("@odata.type")) {
            let (situation, common) = (Situation::UnshownElementType, &template.common);
            let outer = self.enter(tag.name());
            self.differ(situation, Rule::Value, common, Some(tag.value), Why::TypeName);
            self.leave(outer);
        }
        self.place(&template.common, element);
    }
}

/// Whether a text is one of those that the page shows instead of a value.
fn repeats_the_page(place: &Place<'_>, actual: Value<'_>) -> bool {
    actual.as_str().is_some_and(|text| place.stand_ins.contains(&text))
}
