//! The members of one object of the answer, to be found by name.

use super::exact::equal;
use crate::json::{Member, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// From this many members on, names are looked up in an index.
const INDEX_FROM: usize = 24;

/// Members by name. They mostly come in the order in which they are looked for, so that place is tried first.
pub(super) struct Found<'v> {
    members: Vec<Member<'v>>,
    taken: Vec<bool>,
    next: usize,
    index: Option<BTreeMap<Cow<'v, str>, usize>>,
}

impl<'v> Found<'v> {
    pub(super) fn new(object: Value<'v>) -> Found<'v> {
        let members: Vec<Member<'v>> = object.members().collect();
        Found { taken: vec![false; members.len()], members, next: 0, index: None }
    }

    /// The same where the first of them were found already.
    pub(super) fn after(object: Value<'v>, first: usize) -> Found<'v> {
        let mut found = Found { next: first, ..Found::new(object) };
        found.taken.iter_mut().take(first).for_each(|taken| *taken = true);
        found
    }

    /// A member of this name. Of repeated ones any: either they are equal, or that they differ is said.
    pub(super) fn take(&mut self, name: &str) -> Option<Value<'v>> {
        let is_next = self.members.get(self.next).is_some_and(|member| member.name() == name);
        let at = if is_next { self.next } else { self.position(name)? };
        if let Some(taken) = self.taken.get_mut(at) {
            *taken = true;
        }
        self.next = at + 1;
        self.members.get(at).map(|member| member.value)
    }

    fn position(&mut self, name: &str) -> Option<usize> {
        if self.members.len() < INDEX_FROM {
            return self.members.iter().rposition(|member| member.name() == name);
        }
        let members = &self.members;
        let index = self.index.get_or_insert_with(|| {
            members.iter().enumerate().map(|(at, member)| (member.name(), at)).collect()
        });
        index.get(name).copied()
    }

    /// Members that nobody asked for, a name twice if it stands twice.
    pub(super) fn rest(&self) -> impl Iterator<Item = &Member<'v>> {
        self.members.iter().zip(&self.taken).filter(|(_, taken)| !**taken).map(|(member, _)| member)
    }

    /// Members that stand more than once: each later one with the one before it.
    pub(super) fn repeated(&self) -> Vec<(Member<'v>, Member<'v>)> {
        let mut repeated = Vec::new();
        if self.members.len() >= INDEX_FROM {
            let mut last: BTreeMap<Cow<'v, str>, Member<'v>> = BTreeMap::new();
            for member in &self.members {
                repeated.extend(last.insert(member.name(), *member).map(|first| (first, *member)));
            }
            return repeated;
        }
        for (at, member) in self.members.iter().enumerate() {
            let name = member.name();
            let before = self.members.iter().take(at).rev().find(|other| other.name() == name);
            repeated.extend(before.map(|first| (*first, *member)));
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
