//! Members in another order than they are documented in. A service that writes them in an order of its own does so in
//! each object alike: where each stood is remembered, and looked at first in the next object of the kind.

use super::found::{Found, INDEX_FROM};
use crate::json::{Member, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The members of the objects that a walk is inside of, and where members were found before.
#[derive(Default)]
pub(super) struct Order<'v> {
    /// Those of an inner object behind those of the outer one: nothing is allocated for each.
    open: Vec<Member<'v>>,
    /// By the kind of object: at which position each documented member came in the last one.
    known: Vec<Vec<usize>>,
}

/// An object all of whose members were found.
pub(super) struct Arranged {
    kind: usize,
    /// Where its members begin.
    first: usize,
}

/// A documented name: as a text, or as it stands in the documented body.
pub(super) trait Name {
    /// Whether a member has it.
    fn names(&self, member: &Member<'_>) -> bool;
    /// What it says.
    fn text(&self) -> Cow<'_, str>;
}

impl Name for &str {
    #[inline]
    fn names(&self, member: &Member<'_>) -> bool {
        member.is_named(self)
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Name for Value<'_> {
    #[inline]
    fn names(&self, member: &Member<'_>) -> bool {
        member.key.says_the_same(*self)
    }

    fn text(&self) -> Cow<'_, str> {
        self.as_str().unwrap_or_default()
    }
}

/// The position of a member that did not come.
const NOWHERE: usize = usize::MAX;

impl<'v> Order<'v> {
    /// Finds the members of an object by the documented names, all of which differ. The first `kept` stand where they
    /// are documented and are not looked for. None where the object has members of other names, or one twice.
    pub(super) fn arrange<N: Name>(
        &mut self,
        kind: usize,
        object: Value<'v>,
        kept: usize,
        names: impl Iterator<Item = N>,
    ) -> Option<Arranged> {
        let first = self.open.len();
        // Room for most objects and those in them at once.
        self.open.reserve(16);
        self.open.extend(object.members());
        if self.known.len() <= kind {
            self.known.resize_with(kind + 1, Vec::new);
        }
        let came = self.open.get(first..).unwrap_or_default();
        let known = self.known.get_mut(kind)?;
        let mut index = None;
        let mut left = came.len().saturating_sub(kept);
        for (at, name) in names.enumerate().skip(kept) {
            if known.len() <= at {
                known.resize(came.len().max(at + 1), NOWHERE);
            }
            let Some(usual) = known.get_mut(at) else { break };
            if left == 0 {
                *usual = NOWHERE;
                continue;
            }
            if !came.get(*usual).is_some_and(|member| name.names(member)) {
                *usual = position(came, &name, &mut index).unwrap_or(NOWHERE);
            }
            left -= usize::from(*usual != NOWHERE);
        }
        if left > 0 {
            self.open.truncate(first);
            return None;
        }
        Some(Arranged { kind, first })
    }

    /// What came of the documented member at this position.
    pub(super) fn at(&self, object: &Arranged, at: usize) -> Option<Value<'v>> {
        let position = self.known.get(object.kind)?.get(at)?;
        self.open.get(object.first.checked_add(*position)?).map(|member| member.value)
    }

    /// Forgets the members of the object, though not their order.
    pub(super) fn leave(&mut self, object: &Arranged) {
        self.open.truncate(object.first);
    }
}

/// Few members are looked through faster than they are put in an index.
fn position<'v>(
    came: &[Member<'v>],
    name: &impl Name,
    index: &mut Option<BTreeMap<Cow<'v, str>, usize>>,
) -> Option<usize> {
    if came.len() < INDEX_FROM {
        return came.iter().position(|member| name.names(member));
    }
    let index = index
        .get_or_insert_with(|| came.iter().enumerate().map(|(at, member)| (member.name(), at)).collect());
    index.get(&name.text()).copied()
}

/// Where the objects begin that have a member twice: what has one name has no order.
pub(super) fn ambiguous(root: Value<'_>) -> BTreeSet<usize> {
    let mut starts = BTreeSet::new();
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        if !Found::new(value).repeated().is_empty() {
            starts.insert(value.span().start);
        }
        open.extend(value.elements());
        open.extend(value.members().map(|member| member.value));
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;

    /// What comes of each name; none where the object has something else.
    fn arranged<'v>(order: &mut Order<'v>, json: &'v Json, names: &[&str]) -> Option<Vec<Option<&'v str>>> {
        let object = order.arrange(0, json.root(), 0, names.iter().copied())?;
        let values = (0..names.len()).map(|at| order.at(&object, at).map(Value::raw)).collect();
        order.leave(&object);
        Some(values)
    }

    #[test]
    fn an_object_is_arranged_whatever_the_last_one_was_like() {
        let texts = [
            (r#"{"c": 3, "a": 1, "b": 2}"#, Some([Some("1"), Some("2"), Some("3")])),
            (r#"{"c": 6, "a": 4, "b": 5}"#, Some([Some("4"), Some("5"), Some("6")])),
            (r#"{"b": 2, "\u0061": 1, "c": 3}"#, Some([Some("1"), Some("2"), Some("3")])),
            (r#"{"c": 3, "b": 2}"#, Some([None, Some("2"), Some("3")])),
            ("{}", Some([None, None, None])),
            (r#"{"c": 3, "b": 2, "d": 4}"#, None),
            (r#"{"c": 3, "b": 2, "b": 2}"#, None),
            (r#"{"a": 1, "b": 2, "c": 3, "a": 1}"#, None),
            (r#"{"a": 1, "b": 2, "c": 3}"#, Some([Some("1"), Some("2"), Some("3")])),
        ];
        let read: Vec<Json> = texts.iter().map(|(text, _)| Json::parse(*text).unwrap()).collect();
        let mut order = Order::default();
        for ((text, expected), json) in texts.iter().zip(&read) {
            let expected = expected.as_ref().map(|values| values.to_vec());
            assert_eq!(arranged(&mut order, json, &["a", "b", "c"]), expected, "{text}");
        }
        assert!(order.open.is_empty());
    }

    #[test]
    fn wide_objects_are_arranged_as_well() {
        let names: Vec<String> = (0..100).map(|at| format!("m{at}")).collect();
        let members: Vec<String> = (0..100).rev().map(|at| format!("\"m{at}\": {at}")).collect();
        let json = Json::parse(format!("{{{}}}", members.join(","))).unwrap();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let values = arranged(&mut Order::default(), &json, &names).unwrap();
        assert!(values.iter().enumerate().all(|(at, value)| *value == Some(at.to_string().as_str())));
    }

    #[test]
    fn an_object_inside_of_another_leaves_its_members_alone() {
        let json = Json::parse(r#"{"b": {"d": 4, "c": 3}, "a": 1}"#).unwrap();
        let mut order = Order::default();
        let outer = order.arrange(0, json.root(), 0, ["a", "b"].into_iter()).unwrap();
        let inside = order.at(&outer, 1).unwrap();
        let inner = order.arrange(1, inside, 0, ["c", "d"].into_iter()).unwrap();
        assert_eq!(order.at(&inner, 0).unwrap().raw(), "3");
        order.leave(&inner);
        assert_eq!(order.at(&outer, 0).unwrap().raw(), "1");
    }

    #[test]
    fn objects_with_a_member_twice_are_told_at_any_depth() {
        let json = Json::parse(r#"{"a": [{"b": 1, "\u0062": 2}, {"b": 1}]}"#).unwrap();
        assert_eq!(ambiguous(json.root()), [7].into());
        assert!(ambiguous(Json::parse("[1]").unwrap().root()).is_empty());
    }
}
