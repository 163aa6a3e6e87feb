//! The members of one object of the answer, to be found by name.

use super::exact::equal;
use crate::json::{Member, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// From this many members on, names are looked up in an index.
pub(super) const INDEX_FROM: usize = 24;

/// Members by name. They mostly come in the order in which they are looked for, so that place is tried first.
pub(super) struct Found<'v> {
    /// Each with whether it was taken.
    members: Vec<(Member<'v>, bool)>,
    /// How many were not.
    left: usize,
    next: usize,
    index: Option<BTreeMap<Cow<'v, str>, usize>>,
}

impl<'v> Found<'v> {
    pub(super) fn new(object: Value<'v>) -> Found<'v> {
        Found::after(object, 0)
    }

    /// The same where the first of them were found already.
    pub(super) fn after(object: Value<'v>, first: usize) -> Found<'v> {
        let members: Vec<_> = object.members().enumerate().map(|(at, member)| (member, at < first)).collect();
        Found { left: members.len().saturating_sub(first), members, next: first, index: None }
    }

    /// A member of this name. Of repeated ones any: either they are equal, or that they differ is said.
    pub(super) fn take(&mut self, name: &str) -> Option<Value<'v>> {
        let is_next = self.members.get(self.next).is_some_and(|(member, _)| member.is_named(name));
        let at = if is_next { self.next } else { self.position(name)? };
        let (member, taken) = self.members.get_mut(at)?;
        self.left -= usize::from(!std::mem::replace(taken, true));
        self.next = at + 1;
        Some(member.value)
    }

    /// Whether somebody asked for every member. Where every name was asked for once, none stands twice then.
    pub(super) fn is_exhausted(&self) -> bool {
        self.left == 0
    }

    fn position(&mut self, name: &str) -> Option<usize> {
        if self.members.len() < INDEX_FROM {
            return self.members.iter().rposition(|(member, _)| member.is_named(name));
        }
        let members = &self.members;
        let index = self.index.get_or_insert_with(|| {
            members.iter().enumerate().map(|(at, (member, _))| (member.name(), at)).collect()
        });
        index.get(name).copied()
    }

    /// Members that nobody asked for, a name twice if it stands twice.
    pub(super) fn rest(&self) -> impl Iterator<Item = &Member<'v>> {
        self.members.iter().filter(|(_, taken)| !taken).map(|(member, _)| member)
    }

    /// Members that stand more than once: each later one with the one before it.
    pub(super) fn repeated(&self) -> Vec<(Member<'v>, Member<'v>)> {
        let mut repeated = Vec::new();
        if self.members.len() >= INDEX_FROM {
            let mut last: BTreeMap<Cow<'v, str>, Member<'v>> = BTreeMap::new();
            for (member, _) in &self.members {
                repeated.extend(last.insert(member.name(), *member).map(|first| (first, *member)));
            }
            return repeated;
        }
        for (at, (member, _)) in self.members.iter().enumerate() {
            let name = member.name();
            let before = self.members.iter().take(at).rev().find(|(other, _)| other.is_named(&name));
            repeated.extend(before.map(|(first, _)| (*first, *member)));
        }
        repeated
    }
}

/// The names under which a page shows an object to have two values: what is meant cannot be known.
pub(super) fn contradictory(shown: Value<'_>) -> Vec<Cow<'_, str>> {
    let repeated = Found::new(shown).repeated().into_iter();
    repeated
        .filter(|(first, second)| !equal(first.value, second.value))
        .map(|(first, _)| first.name())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;

    #[test]
    fn members_are_found_in_any_order_however_many() {
        for count in [3, 100] {
            let text: Vec<String> = (0..count).map(|at| format!("\"m{at}\": {at}")).collect();
            let json = Json::parse(format!("{{{}}}", text.join(","))).unwrap();
            let mut found = Found::new(json.root());
            for at in (0..count).rev().filter(|at| *at != 1) {
                assert_eq!(found.take(&format!("m{at}")).unwrap().raw(), at.to_string());
            }
            assert!(found.take("m").is_none());
            assert_eq!(found.rest().map(Member::name).collect::<Vec<_>>(), ["m1"]);
            assert!(found.repeated().is_empty());
        }
    }

    #[test]
    fn repeated_members_are_told_pair_by_pair_however_many() {
        for others in [0, 100] {
            let mut text: Vec<String> = (0..others).map(|at| format!("\"m{at}\": 0")).collect();
            text.push(r#""a": 1, "b": 2, "\u0061": 3, "a": 4"#.to_owned());
            let json = Json::parse(format!("{{{}}}", text.join(","))).unwrap();
            let pairs: Vec<(&str, &str)> = Found::new(json.root())
                .repeated()
                .iter()
                .map(|(first, second)| (first.value.raw(), second.value.raw()))
                .collect();
            assert_eq!(pairs, [("1", "3"), ("3", "4")]);
        }
    }
}
