//! The exact level: the answer is what the docs show, what the page elides aside.

use super::collect::{Difference, Step};
use super::found::Found;
use super::guide::Kinds;
use super::meaning::lost_digits;
use super::order::Came;
use super::table::Situation;
use super::walk::Walk;
use crate::json::{INDEX_FROM, Kind, Member, Members, Value};
use crate::verdict::{Level, Rule, Why};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A value and all that it holds.
pub(super) fn count(value: Value<'_>) -> usize {
    let mut open = vec![value];
    let mut count = 0;
    while let Some(value) = open.pop() {
        count += 1;
        open.extend(value.elements());
        open.extend(value.members().map(|member| member.value));
    }
    count
}

impl<'s> Walk<'s, '_> {
    /// Compares a value with a documented one, literally; where a rule by hand sets another level, by that.
    pub(super) fn literal(&mut self, shown: Value<'s>, actual: Value<'s>) {
        if self.guide.level().is_some_and(|level| level != Level::Exact) {
            return self.by_hand(shown, actual);
        }
        self.compared += 1;
        if let Some(place) = self.guide.place() {
            self.hold(place);
        }
        match (shown.kind(), actual.kind()) {
            _ if !self.guide.is_none() && self.guide.promise(Kinds::Equals).is_some() => {}
            (Kind::Object, Kind::Object) => self.objects(shown, actual),
            (Kind::Array, Kind::Array) => self.arrays(shown, actual),
            (one, two) if one != two => {
                let rule = if one == Kind::Null || two == Kind::Null { Rule::Null } else { Rule::Type };
                self.other(rule, shown, Some(shown), Some(actual));
            }
            (Kind::String, _) if self.is_elided(shown) && is_prefix(shown, actual) => self.compared -= 1,
            _ if same(shown, actual) => {}
            // What a rule by hand promises of a text stands for the documented one.
            (Kind::String, _) if self.promised() => {}
            _ => {
                let rule = if lost_digits(shown, actual) { Rule::Precision } else { Rule::Value };
                self.other(rule, shown, Some(shown), Some(actual));
            }
        }
    }

    /// Holds a value by the level that a rule by hand sets below a place that is taken literally.
    fn by_hand(&mut self, shown: Value<'s>, actual: Value<'s>) {
        let Some(place) = self.guide.place() else { return };
        if self.guide.level() != Some(Level::Ignore) {
            self.compared += count(shown);
        }
        self.place(place, actual);
    }

    fn promised(&self) -> bool {
        [Kinds::Format, Kinds::Matches].iter().any(|kind| self.guide.promise(*kind).is_some())
    }

    fn other(
        &mut self,
        rule: Rule,
        place: Value<'s>,
        expected: Option<Value<'s>>,
        actual: Option<Value<'s>>,
    ) {
        let why = match self.guide.level_rule() {
            Some(compiled) => Why::ByHand(Box::new(compiled.rule.clone())),
            None => Why::Literal,
        };
        let situation = Situation::BrokenPromise;
        self.note(Difference { situation, rule, place: Some(place), expected, actual, why });
    }

    fn is_elided(&self, shown: Value<'_>) -> bool {
        self.promise.elided.contains(&shown.span().start)
    }

    fn objects(&mut self, shown: Value<'s>, actual: Value<'s>) {
        // Where the names are data, there is nothing to compare a value with: it is held by type.
        if let Some((place, every)) =
            self.guide.place().and_then(|place| Some((place, place.keyed.as_deref()?)))
        {
            self.compared += count(shown) - 1;
            return self.keyed(place, every, actual);
        }
        if self.promise.is_ambiguous(shown) {
            let mut others = actual.members();
            let mut pairs = shown.members().map(|member| (member, others.next()));
            let alike =
                pairs.all(|(member, other)| other.is_some_and(|other| other.key.says_the_same(member.key)));
            if !alike || others.next().is_some() {
                return self.ambiguous(shown, actual);
            }
            for (member, other) in shown.members().zip(actual.members()) {
                self.member_of(member, other.value);
            }
            return;
        }
        let (mut members, mut others, mut kept) = (shown.members(), actual.members(), 0);
        loop {
            let rest = others.clone();
            match (members.next(), others.next()) {
                (None, None) => return,
                (Some(member), Some(other)) if other.key.says_the_same(member.key) => {
                    self.member_of(member, other.value);
                    kept += 1;
                }
                _ => return self.rearranged(shown, actual, rest, kept),
            }
        }
    }

    /// Compares the members behind the first that were `kept`, which are the `rest`, whatever their order and whatever
    /// else came.
    fn rearranged(&mut self, shown: Value<'s>, actual: Value<'s>, rest: Members<'s>, kept: usize) {
        let first = self.documented.len();
        // Room for most objects and those in them at once.
        self.documented.reserve(16);
        self.documented.extend(shown.members());
        let members = self.documented.len() - first;
        let mut visit = self.literal_order.enter_at(self.steps.len(), members, kept);
        let (mut found, mut again, mut extras, mut index) = (kept, false, Vec::new(), None);
        for came in rest {
            let documented = self.documented.get(first..).unwrap_or_default();
            let is_named =
                |at: usize| documented.get(at).is_some_and(|member| member.key.says_the_same(came.key));
            let search = || position(documented, &came, &mut index);
            match self.literal_order.find(&mut visit, is_named, search) {
                Came::Documented(at) => {
                    found += 1;
                    let Some(member) = documented.get(at).copied() else { continue };
                    self.member_of(member, came.value);
                }
                Came::Again => again = true,
                Came::Undocumented => extras.push(came),
            }
        }
        self.documented.truncate(first);
        if found < members {
            for (at, member) in shown.members().enumerate() {
                if !self.literal_order.has_found(&visit, at) {
                    self.missing(member);
                }
            }
        }
        if again || !extras.is_empty() {
            self.repetitions(shown, actual);
        }
        if !self.is_elided(shown) {
            for member in extras {
                self.more(shown, member);
            }
        }
    }

    /// Compares with an object that the page shows with a member twice, of which the last counts.
    fn ambiguous(&mut self, shown: Value<'s>, actual: Value<'s>) {
        let overridden: BTreeSet<usize> =
            shown.repeated().iter().map(|(first, _)| first.key.span().start).collect();
        let (ours, theirs) = (values_by_name(shown), values_by_name(actual));
        let counts = |member: &Member<'s>| !overridden.contains(&member.key.span().start);
        for member in shown.members().filter(counts) {
            let name = member.name();
            // The one that came as often before as the shown one did.
            let turn = ours.get(&name).map_or(0, |values| values.len() - 1);
            match theirs.get(&name).and_then(|values| values.get(turn).or(values.last())) {
                Some(value) => self.member_of(member, *value),
                None => self.missing(member),
            }
        }
        if !self.is_elided(shown) {
            for member in actual.members().filter(|member| !ours.contains_key(&member.name())) {
                self.more(shown, member);
            }
        }
        // What the page shows twice may come as it shows it, and nothing else may come twice.
        let is_shown = |name: &str| match (ours.get(name), theirs.get(name)) {
            (Some(ours), Some(theirs)) => {
                ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(one, two)| equal(*one, *two))
            }
            _ => false,
        };
        // A name is told of once, however often it comes.
        let mut looked_at = BTreeSet::new();
        for (first, second) in actual.repeated() {
            let name = second.name();
            if looked_at.insert(name.clone()) && !is_shown(&name) {
                self.came_twice(first_of(&ours, &name).unwrap_or(shown), first, second);
            }
        }
    }

    fn came_twice(&mut self, shown: Value<'s>, first: Member<'s>, second: Member<'s>) {
        let outer = self.enter(second.name());
        self.other(Rule::DuplicateMember, shown, Some(first.value), Some(second.value));
        self.leave(outer);
    }

    fn repetitions(&mut self, shown: Value<'s>, actual: Value<'s>) {
        let repeated = actual.repeated();
        let ours = if repeated.is_empty() { BTreeMap::new() } else { values_by_name(shown) };
        for (first, second) in repeated {
            self.came_twice(first_of(&ours, &second.name()).unwrap_or(shown), first, second);
        }
    }

    fn more(&mut self, shown: Value<'s>, member: Member<'s>) {
        let outer = self.enter(member.name());
        self.other(Rule::MemberExtra, shown, None, Some(member.value));
        self.leave(outer);
    }

    fn missing(&mut self, shown: Member<'s>) {
        let outer = self.enter(shown.name());
        self.other(Rule::MemberMissing, shown.value, Some(shown.value), None);
        self.leave(outer);
    }

    fn arrays(&mut self, shown: Value<'s>, actual: Value<'s>) {
        let (promised, came) = (shown.elements().count(), actual.elements().count());
        let longer = came >= promised && self.is_elided(shown);
        if promised != came && !longer {
            return self.other(Rule::ArrayLength, shown, Some(shown), Some(actual));
        }
        for (index, (one, two)) in shown.elements().zip(actual.elements()).enumerate() {
            if self.is_settled(one, two) {
                continue;
            }
            self.steps.push(Step::Index(index));
            if self.guide.is_none() {
                self.literal(one, two);
                self.steps.pop();
            } else {
                let inside = self.guide.element(index, Some(two));
                let outer = std::mem::replace(&mut self.guide, inside);
                self.literal(one, two);
                self.leave(outer);
            }
        }
    }

    #[inline]
    fn member_of(&mut self, shown: Member<'s>, actual: Value<'s>) {
        if self.is_settled(shown.value, actual) {
            return;
        }
        if self.guide.is_none() {
            self.steps.push(Step::Member(shown.name()));
            self.literal(shown.value, actual);
            self.steps.pop();
            return;
        }
        let outer = self.enter(shown.name());
        self.literal(shown.value, actual);
        self.leave(outer);
    }

    /// Whether two equal scalars were compared, and nothing else is to be made of them: so it mostly is.
    #[inline]
    fn is_settled(&mut self, shown: Value<'_>, actual: Value<'_>) -> bool {
        let settled = !shown.is_container()
            && self.guide.is_none()
            && self.promise.elided.is_empty()
            && (shown.is_written_as(actual) || shown.kind() == actual.kind() && same(shown, actual));
        self.compared += usize::from(settled);
        settled
    }
}

/// The position of a member among the documented ones. Few are looked through faster than they are put in an index.
fn position<'v>(
    documented: &[Member<'v>],
    came: &Member<'_>,
    index: &mut Option<BTreeMap<Cow<'v, str>, usize>>,
) -> Option<usize> {
    if documented.len() < INDEX_FROM {
        return documented.iter().position(|member| member.key.says_the_same(came.key));
    }
    let all = || documented.iter().enumerate().map(|(at, member)| (member.name(), at)).collect();
    index.get_or_insert_with(all).get(came.name().as_ref()).copied()
}

/// A shown text that ends in an ellipsis is a prefix.
fn is_prefix(shown: Value<'_>, actual: Value<'_>) -> bool {
    let (Some(shown), Some(actual)) = (shown.as_str(), actual.as_str()) else { return false };
    let prefix = shown.strip_suffix("...").or(shown.strip_suffix('…')).unwrap_or(&shown);
    actual.starts_with(prefix)
}

/// Equal scalars: numbers as decimals, texts letter for letter.
fn same(one: Value<'_>, two: Value<'_>) -> bool {
    one.is_written_as(two)
        || match one.kind() {
            Kind::Number => one.as_number() == two.as_number(),
            Kind::String => one.says_the_same(two),
            _ => false,
        }
}

/// The values of each member's name, in their order.
fn values_by_name(object: Value<'_>) -> BTreeMap<Cow<'_, str>, Vec<Value<'_>>> {
    let mut values: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for member in object.members() {
        values.entry(member.name()).or_default().push(member.value);
    }
    values
}

fn first_of<'v>(values: &BTreeMap<Cow<'_, str>, Vec<Value<'v>>>, name: &str) -> Option<Value<'v>> {
    values.get(name)?.first().copied()
}

/// Equal values: members in any order, numbers as decimals. No recursion: how deep they are nested is the answer's choice.
pub(super) fn equal(one: Value<'_>, two: Value<'_>) -> bool {
    let mut open = vec![(one, two)];
    while let Some((one, two)) = open.pop() {
        if one.kind() != two.kind() || one.len() != two.len() {
            return false;
        }
        match one.kind() {
            Kind::Array => open.extend(one.elements().zip(two.elements())),
            Kind::Object => {
                let mut found = Found::new(two);
                for member in one.members() {
                    let Some(other) = found.take(&member.name()) else { return false };
                    open.push((member.value, other));
                }
                // Of a member that stands twice here the other may have but one, and another instead.
                if found.rest().next().is_some() {
                    return false;
                }
            }
            _ if same(one, two) => {}
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;
    use rstest::rstest;

    #[rstest]
    #[case(r#"{"a": 1, "b": [true, "x"]}"#, r#"{"b": [true, "\u0078"], "a": 1.0}"#, true)]
    #[case("[1, 2]", "[2, 1]", false)]
    #[case(r#"{"a": 1}"#, r#"{"a": 1, "b": 2}"#, false)]
    #[case("1", "\"1\"", false)]
    #[case(r#"{"a": 1, "a": 1}"#, r#"{"a": 1, "b": 2}"#, false)]
    #[case(r#"{"a": 1, "a": 2}"#, r#"{"a": 1, "a": 2}"#, true)]
    fn equal_aside_from_order_and_spelling(#[case] one: &str, #[case] two: &str, #[case] same: bool) {
        let (one, two) = (Json::parse(one).unwrap(), Json::parse(two).unwrap());
        assert_eq!(equal(one.root(), two.root()), same);
    }

    #[test]
    fn every_value_is_counted() {
        assert_eq!(count(Json::parse(r#"{"a": [1, {"b": null}], "c": {}}"#).unwrap().root()), 6);
    }
}
