//! What of an answer the page does not show: it is looked through for members that stand twice, and for nothing else.

use super::collect::{Difference, Step};
use super::exact::equal;
use super::promise::Place;
use super::table::Situation;
use super::walk::Walk;
use crate::json::{Kind, Member, Value};
use crate::verdict::{Rule, Why};

impl<'s> Walk<'s, '_> {
    /// Members that stand twice in an object of this place. Where the page shows one twice with several values, each
    /// that comes is held; of any other the first one was, and another value beside it contradicts it.
    pub(super) fn repeated(&mut self, place: &'s Place<'_>, object: Value<'s>) {
        for (first, second) in object.repeated() {
            let known = place.position(&second).and_then(|at| place.members.get(at));
            let shown = known.map_or(place.example, |known| known.place.example);
            match known.filter(|known| known.twice) {
                Some(known) if !equal(first.value, second.value) => {
                    self.twice(Situation::RepeatedMember, shown, first, second);
                    self.member(known, second.value);
                }
                _ => self.twice(situation(first, second), shown, first, second),
            }
        }
    }

    fn twice(&mut self, situation: Situation, shown: Value<'_>, first: Member<'s>, second: Member<'s>) {
        let outer = self.enter(second.name());
        self.note(Difference {
            situation,
            rule: Rule::DuplicateMember,
            place: Some(shown),
            expected: Some(first.value),
            actual: Some(second.value),
            why: Why::Shown,
        });
        self.leave(outer);
    }

    /// Looks through what the page does not show. No recursion: how deep it is nested is the answer's choice.
    pub(super) fn unshown(&mut self, place: &Place<'_>, actual: Value<'s>) {
        if !actual.is_container() || actual.is_empty() {
            return;
        }
        let (depth, outer) = (self.steps.len(), self.guide);
        let mut open = vec![(depth, None, actual, outer)];
        while let Some((length, step, value, guide)) = open.pop() {
            self.steps.truncate(length);
            self.steps.extend(step);
            self.guide = guide;
            let length = self.steps.len();
            match value.kind() {
                Kind::Object => {
                    for (first, second) in value.repeated() {
                        self.twice(situation(first, second), place.example, first, second);
                    }
                    let inside = value.members().filter(|member| member.value.is_container());
                    open.extend(inside.map(|Member { key, value }| {
                        let name = key.as_str().unwrap_or_default();
                        let guide = guide.member(&name);
                        (length, Some(Step::Member(name)), value, guide)
                    }));
                }
                Kind::Array => {
                    let inside = value.elements().enumerate().filter(|(_, element)| element.is_container());
                    open.extend(inside.map(|(index, element)| {
                        let guide = guide.element(index, Some(element));
                        (length, Some(Step::Index(index)), element, guide)
                    }));
                }
                _ => {}
            }
        }
        self.steps.truncate(depth);
        self.guide = outer;
    }
}

/// What it is that a member stands twice of which the page shows no two values.
fn situation(first: Member<'_>, second: Member<'_>) -> Situation {
    if equal(first.value, second.value) { Situation::RepeatedMember } else { Situation::ContradictoryMember }
}
