//! Members in another order than they are documented in. A service that writes them in an order of its own does so in
//! each object alike: which one came behind which is remembered, and looked at first in the next object of the kind.

use super::promise::{BodyPromise, Promise};
use crate::json::{Budget, Json, Value};
use std::collections::BTreeSet;

/// What was seen of objects of several kinds. A kind has a slot for each of its members and one more, for what comes
/// first; all are in one list, so that nothing is allocated for an object or a kind.
#[derive(Default)]
pub(super) struct Order {
    slots: Vec<Slot>,
    /// How many objects were entered.
    objects: u32,
    /// Of objects that have no slots of their own: the first slot of those at a depth, and how many they are.
    depths: Vec<(usize, usize)>,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    /// The documented member that came behind the one of this slot, counted from 1; 0 where none has yet.
    next: u32,
    /// The object that the member was last found in.
    found: u32,
}

/// An object whose members are being found.
pub(super) struct Visit {
    /// The first slot of its kind.
    slot: usize,
    object: u32,
    /// The documented members up to this one came in their order.
    kept: usize,
    /// The member that was found last, counted from 1.
    last: usize,
}

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    /// The documented one at this position.
    Documented(usize),
    /// A documented one that came before.
    Again,
    Undocumented,
}

impl Order {
    /// Enters an object of a kind whose slots begin here. Of its documented members the first `kept` were found.
    pub(super) fn enter(&mut self, slot: usize, members: usize, kept: usize) -> Visit {
        let end = slot + members + 1;
        if self.slots.len() < end {
            // Room for most contracts at once.
            self.slots.resize(end.max(64), Slot::default());
        }
        self.objects += 1;
        Visit { slot, object: self.objects, kept, last: kept }
    }

    /// Enters an object that is told from others by how deep it stands alone.
    pub(super) fn enter_at(&mut self, depth: usize, members: usize, kept: usize) -> Visit {
        if self.depths.len() <= depth {
            self.depths.resize(depth + 1, (0, 0));
        }
        let slot = match self.depths.get(depth) {
            Some((slot, slots)) if *slots > members => *slot,
            _ => self.depths.iter().map(|(slot, slots)| slot + slots).max().unwrap_or_default(),
        };
        if let Some((known, slots)) = self.depths.get_mut(depth)
            && *slots <= members
        {
            (*known, *slots) = (slot, members + 1);
        }
        self.enter(slot, members, kept)
    }

    /// Finds out what the next member of the object is. Whether the documented one at a position is called so is asked
    /// first; where none of those is that may be expected here, it is searched for.
    #[inline]
    pub(super) fn find(
        &mut self,
        visit: &mut Visit,
        is_named: impl Fn(usize) -> bool,
        search: impl FnOnce() -> Option<usize>,
    ) -> Came {
        let usual = self.behind(visit, visit.last);
        let at = if is_named(usual) {
            usual
        } else {
            // The usual one may be absent here.
            let second = self.behind(visit, usual + 1);
            if is_named(second) {
                second
            } else {
                let Some(at) = search() else { return Came::Undocumented };
                if let (Some(slot), Ok(next)) =
                    (self.slots.get_mut(visit.slot + visit.last), u32::try_from(at + 1))
                {
                    slot.next = next;
                }
                at
            }
        };
        visit.last = at + 1;
        match self.slots.get_mut(visit.slot + at) {
            Some(slot) if at >= visit.kept && slot.found != visit.object => {
                slot.found = visit.object;
                Came::Documented(at)
            }
            _ => Came::Again,
        }
    }

    /// The member that usually comes behind one, which is counted from 1.
    #[inline]
    fn behind(&self, visit: &Visit, last: usize) -> usize {
        match self.slots.get(visit.slot + last) {
            None | Some(Slot { next: 0, .. }) => last,
            Some(slot) => slot.next as usize - 1,
        }
    }

    /// Whether the documented member at a position was found.
    pub(super) fn has_found(&self, visit: &Visit, at: usize) -> bool {
        at < visit.kept || self.slots.get(visit.slot + at).is_some_and(|slot| slot.found == visit.object)
    }
}

impl Promise<'_> {
    /// Of how many places it is known without a look at each that they were checked, none of them different: what says
    /// just what the page shows keeps what the page promises.
    pub(super) fn checked_as_repeated(&self, answer: Value<'_>) -> Option<usize> {
        let shown = self.body.shown()?;
        self.repeated.filter(|_| shown.is_alike(answer) || self.says_it_by_name(shown, answer))
    }

    /// Whether an answer that is taken literally says just that with its members in the order of their names, as many
    /// services write them.
    fn says_it_by_name(&self, shown: Value<'_>, answer: Value<'_>) -> bool {
        let is_by_name = || answer.members().is_sorted_by(|one, two| one.name() <= two.name());
        let read = || Json::parse_within(shown.to_normal(), &Budget::UNLIMITED).ok();
        matches!(self.body, BodyPromise::Literal(..))
            && shown.is_as_large_as(answer)
            && is_by_name()
            && self.by_name.get_or_init(read).as_ref().is_some_and(|normal| normal.root().is_alike(answer))
    }

    /// Whether a documented object has a member twice.
    pub(super) fn is_ambiguous(&self, shown: Value<'_>) -> bool {
        let all = || self.body.shown().map(ambiguous).unwrap_or_default();
        self.ambiguous.get_or_init(all).contains(&shown.span().start)
    }
}

/// Where the objects begin that have a member twice: what has one name has no order.
fn ambiguous(root: Value<'_>) -> BTreeSet<usize> {
    let mut starts = BTreeSet::new();
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        if !value.repeated().is_empty() {
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
    use Came::{Again, Documented, Undocumented};

    /// What each member of the object is.
    fn told(order: &mut Order, visit: &mut Visit, object: Value<'_>, names: &[&str]) -> Vec<Came> {
        let members = object.members().skip(visit.kept);
        let found = members.map(|came| {
            order.find(
                visit,
                |at| names.get(at).is_some_and(|name| came.is_named(name)),
                || names.iter().position(|name| came.is_named(name)),
            )
        });
        found.collect()
    }

    #[test]
    fn members_are_found_whatever_the_last_object_was_like() {
        let texts: [(&str, &[Came]); 9] = [
            (r#"{"c": 3, "a": 1, "b": 2}"#, &[Documented(2), Documented(0), Documented(1)]),
            (r#"{"c": 6, "a": 4, "b": 5}"#, &[Documented(2), Documented(0), Documented(1)]),
            (r#"{"b": 2, "\u0061": 1, "c": 3}"#, &[Documented(1), Documented(0), Documented(2)]),
            (r#"{"c": 3, "b": 2}"#, &[Documented(2), Documented(1)]),
            ("{}", &[]),
            (r#"{"c": 3, "d": 4, "b": 2}"#, &[Documented(2), Undocumented, Documented(1)]),
            (r#"{"c": 3, "b": 2, "b": 2}"#, &[Documented(2), Documented(1), Again]),
            (r#"{"a": 1, "b": 2, "c": 3, "a": 1}"#, &[Documented(0), Documented(1), Documented(2), Again]),
            (r#"{"a": 1, "b": 2, "c": 3}"#, &[Documented(0), Documented(1), Documented(2)]),
        ];
        let names = ["a", "b", "c"];
        let mut order = Order::default();
        for (text, expected) in texts {
            let json = Json::parse(text).unwrap();
            let mut visit = order.enter(0, names.len(), 0);
            assert_eq!(told(&mut order, &mut visit, json.root(), &names), expected, "{text}");
            for at in 0..names.len() {
                assert_eq!(order.has_found(&visit, at), expected.contains(&Documented(at)), "{text}");
            }
        }
    }

    #[test]
    fn what_was_kept_is_found_and_comes_again_if_it_comes() {
        let json = Json::parse(r#"{"a": 1, "c": 3, "a": 1}"#).unwrap();
        let mut order = Order::default();
        let mut visit = order.enter(0, 3, 1);
        assert_eq!(told(&mut order, &mut visit, json.root(), &["a", "b", "c"]), [Documented(2), Again]);
        assert!(order.has_found(&visit, 0) && !order.has_found(&visit, 1));
    }

    #[test]
    fn the_usual_order_is_found_without_a_search() {
        let names: Vec<String> = (0..100).map(|at| format!("m{at}")).collect();
        let mut order = Order::default();
        let (mut deep, mut wide) = (order.enter_at(1, 100, 0), order.enter_at(3, 2, 0));
        for at in [99, 0, 50] {
            assert_eq!(order.find(&mut deep, |_| false, || Some(at)), Documented(at));
        }
        assert_eq!(order.find(&mut wide, |_| false, || Some(1)), Documented(1));
        for (depth, members, usual) in [(1, 100, vec![99, 0, 50]), (3, 2, vec![1]), (1, 99, vec![0, 50])] {
            let mut visit = order.enter_at(depth, members, 0);
            for at in usual {
                let found = order.find(&mut visit, |other| names.get(other) == names.get(at), || None);
                assert_eq!(found, Documented(at), "{depth}");
            }
        }
    }

    #[test]
    fn objects_with_a_member_twice_are_told_at_any_depth() {
        let json = Json::parse(r#"{"a": [{"b": 1, "\u0062": 2}, {"b": 1}]}"#).unwrap();
        assert_eq!(ambiguous(json.root()), [7].into());
        assert!(ambiguous(Json::parse("[1]").unwrap().root()).is_empty());
    }
}
