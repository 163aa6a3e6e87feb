//! Members, found by their names.

use super::exact::equal;
use super::promise::Place;
use crate::json::{INDEX_FROM, Member, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The members of one object of the answer. They mostly come in the order in which they are looked for, so that place is tried first.
pub(super) struct Found<'v> {
    /// Each with whether it was taken.
    members: Vec<(Member<'v>, bool)>,
    next: usize,
    index: Option<BTreeMap<Cow<'v, str>, usize>>,
}

impl<'v> Found<'v> {
    pub(super) fn new(object: Value<'v>) -> Found<'v> {
        Found { members: object.members().map(|member| (member, false)).collect(), next: 0, index: None }
    }

    /// A member of this name. Of repeated ones any: either they are equal, or that they differ is said.
    pub(super) fn take(&mut self, name: &str) -> Option<Value<'v>> {
        let is_next = self.members.get(self.next).is_some_and(|(member, _)| member.is_named(name));
        let at = if is_next { self.next } else { self.position(name)? };
        let (member, taken) = self.members.get_mut(at)?;
        *taken = true;
        self.next = at + 1;
        Some(member.value)
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
}

impl Place<'_> {
    /// The position of a documented member.
    pub(super) fn position(&self, member: &Member<'_>) -> Option<usize> {
        if self.by_name.is_empty() {
            return self.members.iter().position(|known| member.is_named(&known.name));
        }
        let name = member.name();
        let known = |at: &usize| self.members.get(*at).map(|known| known.name.as_ref());
        let found = self.by_name.binary_search_by(|at| known(at).cmp(&Some(name.as_ref()))).ok()?;
        self.by_name.get(found).copied()
    }
}

/// The names under which a page shows an object to have two values: what is meant cannot be known.
pub(super) fn contradictory(shown: Value<'_>) -> Vec<Cow<'_, str>> {
    let repeated = shown.repeated().into_iter();
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
        }
    }
}
