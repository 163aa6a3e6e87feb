//! Holds an answer against what rules by hand promise of its values, wherever they stand, shown on the page or not.

use super::collect::{Collector, Difference, Step, Within, path};
use super::exact::equal;
use super::guide::{Guide, Kinds};
use super::rules::{Compiled, Says};
use super::table::Situation;
use crate::json::{Kind, Value};
use crate::verdict::{Level, Rule, Why};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Checks formats, values and expressions that rules by hand ask for.
pub(super) fn check<'s>(
    collector: &'s mut Collector<'_>,
    rules: &[Arc<Compiled>],
    guide: Guide<'s>,
    answer: Value<'s>,
) {
    let promises =
        |rule: &Arc<Compiled>| matches!(rule.says, Says::Format(_) | Says::Equals(_) | Says::Matches(_));
    if rules.iter().any(promises) {
        Check { collector, steps: Vec::new(), templates: BTreeMap::new() }.walk(guide, answer);
    }
}

struct Check<'s, 'c> {
    collector: &'s mut Collector<'c>,
    steps: Vec<Step<'s>>,
    /// Counts the elements of arrays, by their paths.
    templates: BTreeMap<String, usize>,
}

/// A place that is still to be visited.
struct Open<'s> {
    /// How many steps lead to what holds it.
    depth: usize,
    step: Option<Step<'s>>,
    within: Option<Within>,
    guide: Guide<'s>,
    value: Value<'s>,
}

impl<'s> Check<'s, '_> {
    /// No recursion: how deep the answer is nested is its own choice.
    fn walk(&mut self, guide: Guide<'s>, answer: Value<'s>) {
        let mut open = vec![Open { depth: 0, step: None, within: None, guide, value: answer }];
        while let Some(Open { depth, step, within, guide, value }) = open.pop() {
            self.steps.truncate(depth);
            self.steps.extend(step);
            self.value(guide, within, value);
            let (depth, first) = (self.steps.len(), open.len());
            let is_data = guide.place().is_some_and(|place| place.keyed.is_some());
            let visit = is_data.then(|| {
                let template = self.template();
                self.collector.visit(template, value.members().count())
            });
            for (index, member) in value.members().enumerate() {
                let guide = guide.member(&member.name());
                let (step, within) = match visit {
                    Some(visit) => (Step::Entry(member.name()), Some(visit.element(index))),
                    None => (Step::Member(member.name()), within),
                };
                open.push(Open { depth, step: Some(step), within, guide, value: member.value });
            }
            if value.kind() == Kind::Array {
                let template = self.template();
                let visit = self.collector.visit(template, value.elements().count());
                for (index, element) in value.elements().enumerate() {
                    let guide = guide.element(index, Some(element));
                    let within = Some(visit.element(index));
                    let step = Some(Step::Element(index));
                    open.push(Open { depth, step, within, guide, value: element });
                }
            }
            // What is pushed last is visited first.
            open.get_mut(first..).into_iter().for_each(<[Open<'_>]>::reverse);
        }
    }

    fn template(&mut self) -> usize {
        let collector = &mut *self.collector;
        *self.templates.entry(path(&self.steps)).or_insert_with(|| collector.template())
    }

    fn value(&mut self, guide: Guide<'s>, within: Option<Within>, actual: Value<'s>) {
        if let Some(compiled) = guide.promise(Kinds::Equals)
            && let Says::Equals(expected) = &compiled.says
        {
            if !equal(expected.root(), actual) {
                self.broken(compiled, Rule::Value, guide, within, actual);
            }
            return;
        }
        if let Some(compiled) = guide.promise(Kinds::Format)
            && let Says::Format(format) = compiled.says
            && !actual.as_str().is_some_and(|text| format.fits(&text))
            && !self.is_settled(guide, actual)
        {
            self.broken(compiled, Rule::Format, guide, within, actual);
        }
        if let Some(compiled) = guide.promise(Kinds::Matches)
            && let Says::Matches(pattern) = &compiled.says
            && !actual.as_str().is_some_and(|text| pattern.is_match(&text))
            && !self.is_settled(guide, actual)
        {
            self.broken(compiled, Rule::Value, guide, within, actual);
        }
    }

    /// Whether it was said already that this is no text, or it is lawful that it is none.
    fn is_settled(&self, guide: Guide<'_>, actual: Value<'_>) -> bool {
        if actual.kind() == Kind::String {
            return false;
        }
        let documented = guide.place().is_some() && guide.level() != Some(Level::Ignore);
        let null = guide.allowance(Kinds::Null).is_some() || documented;
        actual.is_null() && null || documented && self.collector.has_other_type_at(&path(&self.steps))
    }

    fn broken(
        &mut self,
        compiled: &Compiled,
        rule: Rule,
        guide: Guide<'s>,
        within: Option<Within>,
        actual: Value<'s>,
    ) {
        let equals = match &compiled.says {
            Says::Equals(json) => Some(json),
            _ => None,
        };
        let difference = Difference {
            situation: Situation::BrokenPromise,
            rule,
            place: guide.place().map(|place| place.example),
            expected: equals.map(crate::json::Json::root),
            actual: Some(actual),
            why: Why::ByHand(Box::new(compiled.rule.clone())),
        };
        self.collector.add(&self.steps, within, guide, difference);
    }
}
