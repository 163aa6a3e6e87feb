//! The exact level: the answer is what the docs show, what the page elides aside.

use super::collect::{Collector, Difference, Step};
use super::promise::escape;
use super::table::Situation;
use crate::json::{Json, Kind, Member, Value};
use crate::verdict::{Rule, Site, Why};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Compares an answer with the documented body, literally.
pub(super) struct Exact<'c, 'v> {
    pub(super) collector: &'c mut Collector,
    pub(super) elided: &'v [String],
    pub(super) steps: Vec<Step<'v>>,
    pub(super) pointer: String,
}

impl<'v> Exact<'_, 'v> {
    fn differ(&mut self, rule: Rule, order: usize, expected: Option<Value<'v>>, actual: Option<Value<'v>>) {
        let difference = Difference {
            situation: Situation::OtherType,
            rule,
            site: Site::Body(self.pointer.clone()),
            order,
            expected,
            actual,
            why: Why::Literal,
        };
        self.collector.add(&self.steps, None, difference);
    }

    fn is_elided(&self) -> bool {
        self.elided.contains(&self.pointer)
    }

    pub(super) fn compare(&mut self, shown: Value<'v>, actual: Value<'v>) {
        let order = shown.span().start;
        match (shown.kind(), actual.kind()) {
            (Kind::Object, Kind::Object) => self.objects(shown, actual),
            (Kind::Array, Kind::Array) => self.arrays(shown, actual),
            (one, two) if one != two => {
                let rule = if one == Kind::Null || two == Kind::Null { Rule::Null } else { Rule::Type };
                self.differ(rule, order, Some(shown), Some(actual));
            }
            (Kind::String, _) if self.is_elided() && is_prefix(shown, actual) => {}
            _ if same(shown, actual) => {}
            _ => self.differ(Rule::Value, order, Some(shown), Some(actual)),
        }
    }

    fn objects(&mut self, shown: Value<'v>, actual: Value<'v>) {
        let came: BTreeMap<Cow<'v, str>, Member<'v>> = by_name(actual);
        let promised = by_name(shown);
        for member in shown.members().filter(|member| is_last(&promised, member)) {
            self.enter(member.name(), |this| match came.get(&member.name()) {
                Some(other) => this.compare(member.value, other.value),
                None => this.differ(Rule::MemberMissing, member.key.span().start, Some(member.value), None),
            });
        }
        let doubled = came.len() < actual.members().count() && promised.len() == shown.members().count();
        let elided = self.is_elided();
        for member in actual.members() {
            let name = member.name();
            if !elided && !promised.contains_key(&name) && is_last(&came, &member) {
                self.steps.push(Step::Member(name));
                self.differ(Rule::MemberExtra, shown.span().end, None, Some(member.value));
                self.steps.pop();
            } else if doubled && !is_last(&came, &member) {
                self.steps.push(Step::Member(name.clone()));
                let last = came.get(&name).map(|last| last.value);
                self.differ(Rule::DuplicateMember, shown.span().start, last, Some(member.value));
                self.steps.pop();
            }
        }
    }

    fn enter(&mut self, name: Cow<'v, str>, inside: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&escape(&name));
        self.steps.push(Step::Member(name));
        inside(self);
        self.steps.pop();
        self.pointer.truncate(length);
    }

    fn arrays(&mut self, shown: Value<'v>, actual: Value<'v>) {
        let (promised, came) = (shown.len(), actual.len());
        let longer = self.is_elided() && came >= promised;
        if promised != came && !longer {
            return self.differ(Rule::ArrayLength, shown.span().start, Some(shown), Some(actual));
        }
        for (index, (one, two)) in shown.elements().zip(actual.elements()).enumerate() {
            let length = self.pointer.len();
            self.pointer.push('/');
            self.pointer.push_str(&index.to_string());
            self.steps.push(Step::Index(index));
            self.compare(one, two);
            self.steps.pop();
            self.pointer.truncate(length);
        }
    }
}

/// Of members that stand twice the last counts.
fn by_name(object: Value<'_>) -> BTreeMap<Cow<'_, str>, Member<'_>> {
    object.members().map(|member| (member.name(), member)).collect()
}

fn is_last<'v>(names: &BTreeMap<Cow<'v, str>, Member<'v>>, member: &Member<'v>) -> bool {
    names.get(&member.name()).is_some_and(|last| last.key.span() == member.key.span())
}

/// A shown text that ends in an ellipsis is a prefix.
fn is_prefix(shown: Value<'_>, actual: Value<'_>) -> bool {
    let (Some(shown), Some(actual)) = (shown.as_str(), actual.as_str()) else { return false };
    let prefix = shown.strip_suffix("...").or(shown.strip_suffix('…')).unwrap_or(&shown);
    actual.starts_with(prefix)
}

/// Equal scalars: numbers as decimals, texts letter for letter.
fn same(one: Value<'_>, two: Value<'_>) -> bool {
    match one.kind() {
        Kind::Number => one.as_number() == two.as_number(),
        Kind::String => one.as_str() == two.as_str(),
        _ => one.raw() == two.raw(),
    }
}

/// The whole body as one documented value.
pub(super) fn compare<'v>(
    collector: &mut Collector,
    shown: &'v Json,
    elided: &'v [String],
    actual: Value<'v>,
) {
    let mut exact = Exact { collector, elided, steps: Vec::new(), pointer: String::new() };
    exact.compare(shown.root(), actual);
}
