//! Echoes in an array that came with another number of elements than were sent: which answered element stands for
//! which sent one cannot be known by its index, so each sent element must be found again, whole, in one answered
//! element. That its values stand in several elements, one here and one there, is no echo of it.

use super::collect::Step;
use super::echo::{Echoes, each_at, is_type};
use super::found::Found;
use super::guide::Guide;
use super::meaning::{Meaning, same};
use crate::json::{Kind, Value};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A value that was sent and did not come back where it belongs.
pub(super) struct Lost<'s> {
    /// From the array's elements on.
    pub(super) way: Vec<Step<'s>>,
    pub(super) example: Value<'s>,
    pub(super) sent: Value<'s>,
    /// What the element holds that comes nearest to the one sent; none where no element has the value.
    pub(super) actual: Option<Value<'s>>,
}

/// What was sent in an element and is to come back, at the end of one of the ways.
struct Wanted<'s> {
    way: usize,
    example: Value<'s>,
    sent: Value<'s>,
}

/// Where the answered elements hold what: by a way below them and by the meaning, the elements in order.
type Came<'s> = BTreeMap<Meaning<'s>, Vec<(usize, Value<'s>)>>;

/// Finds what of the sent elements did not come back.
pub(super) fn lost<'s>(
    echoes: &'s Echoes<'_>,
    guide: Guide<'s>,
    sent: Value<'s>,
    answer: Value<'s>,
) -> Vec<Lost<'s>> {
    let mut ways = Vec::new();
    let mut given = sent.elements().enumerate();
    let elements: Vec<_> = (echoes.elements.iter())
        .filter_map(|(documented, inside)| {
            let (_, sent) = given.find(|(index, _)| index == documented)?;
            let mut wanted = Vec::new();
            gather(inside, sent, &mut Vec::new(), &mut ways, &mut wanted);
            Some((inside, sent, wanted))
        })
        .collect();
    let answered: Vec<Value<'s>> = answer.elements().collect();
    // Whether rules by hand let it pass is asked of all elements together.
    let exempt: Vec<bool> = ways
        .iter()
        .map(|way| {
            let whole: Vec<Step<'s>> = std::iter::once(Step::Every).chain(way.iter().cloned()).collect();
            guide.exempts(&whole, Some(answer))
        })
        .collect();
    let came: Vec<Came<'s>> = ways.iter().map(|way| index(way, &answered)).collect();
    let search = Search { ways: &ways, exempt: &exempt, came: &came, answered: &answered };
    let (mut known, mut lost) = (BTreeSet::new(), Vec::new());
    for (inside, sent, mut wanted) in elements {
        wanted.retain(|wanted| !exempt.get(wanted.way).copied().unwrap_or_default());
        // Equal elements are looked for once.
        let key: Vec<(usize, &str)> = wanted.iter().map(|wanted| (wanted.way, wanted.sent.raw())).collect();
        if !wanted.is_empty() && known.insert(key) {
            lost.extend(search.lost(inside, sent, &wanted));
        }
    }
    lost
}

/// Gathers the echoes below an element, each with its way from there.
fn gather<'s>(
    echoes: &'s Echoes<'_>,
    sent: Value<'s>,
    way: &mut Vec<Step<'s>>,
    ways: &mut Vec<Vec<Step<'s>>>,
    wanted: &mut Vec<Wanted<'s>>,
) {
    if let Some(example) = echoes.example.filter(|_| !is_type(way)) {
        let known = ways.iter().position(|known| known == way);
        let at = known.unwrap_or_else(|| {
            ways.push(way.clone());
            ways.len() - 1
        });
        wanted.push(Wanted { way: at, example, sent });
    }
    let mut given = Found::new(sent);
    for (name, inside) in &echoes.members {
        if let Some(sent) = given.take(name) {
            way.push(Step::Member(Cow::Borrowed(name)));
            gather(inside, sent, way, ways, wanted);
            way.pop();
        }
    }
    let mut elements = sent.elements().enumerate();
    for (documented, inside) in &echoes.elements {
        if let Some((_, sent)) = elements.find(|(index, _)| index == documented) {
            way.push(Step::Every);
            gather(inside, sent, way, ways, wanted);
            way.pop();
        }
    }
}

fn index<'s>(way: &[Step<'s>], answered: &[Value<'s>]) -> Came<'s> {
    let mut came = Came::new();
    for (index, element) in answered.iter().enumerate() {
        each_at(way, *element, &mut |value| came.entry(Meaning::of(value)).or_default().push((index, value)));
    }
    came
}

struct Search<'w, 's> {
    ways: &'w [Vec<Step<'s>>],
    exempt: &'w [bool],
    came: &'w [Came<'s>],
    answered: &'w [Value<'s>],
}

impl<'s> Search<'_, 's> {
    fn lost(&self, inside: &'s Echoes<'_>, sent: Value<'s>, wanted: &[Wanted<'s>]) -> Vec<Lost<'s>> {
        let holders: Vec<BTreeSet<usize>> = wanted.iter().map(|wanted| self.holders(wanted)).collect();
        let lost = |wanted: &Wanted<'s>, actual| Lost {
            way: self.ways.get(wanted.way).cloned().unwrap_or_default(),
            example: wanted.example,
            sent: wanted.sent,
            actual,
        };
        let nowhere = || wanted.iter().zip(&holders).filter(|(_, holders)| holders.is_empty());
        if nowhere().next().is_some() {
            return nowhere().map(|(wanted, _)| lost(wanted, None)).collect();
        }
        let Some(fewest) = holders.iter().min_by_key(|holders| holders.len()) else { return Vec::new() };
        let mut candidates = fewest.iter().filter_map(|at| self.answered.get(*at));
        if candidates.any(|element| self.holds(inside, sent, *element, &mut Vec::new())) {
            return Vec::new();
        }
        if let Some((at, nearest)) = self.nearest(&holders) {
            let missed = wanted.iter().zip(&holders).filter(|(_, holders)| !holders.contains(&at));
            let missed: Vec<_> =
                missed.map(|(wanted, _)| lost(wanted, self.first_at(wanted.way, nearest))).collect();
            if !missed.is_empty() {
                return missed;
            }
        }
        // Each value stands in the nearest, but an array inside of it has its elements' values mixed.
        let mixed =
            |wanted: &&Wanted<'s>| self.ways.get(wanted.way).is_some_and(|way| way.contains(&Step::Every));
        wanted.iter().find(mixed).or(wanted.first()).map(|wanted| lost(wanted, None)).into_iter().collect()
    }

    /// Of the elements that hold something the one that holds most; of equally near ones that which holds what the page
    /// shows first, as ids mostly are.
    fn nearest(&self, holders: &[BTreeSet<usize>]) -> Option<(usize, Value<'s>)> {
        let near = |at: &&usize| {
            let holds = holders.iter().map(|holders| holders.contains(at));
            (holds.clone().filter(|holds| *holds).count(), holds.collect::<Vec<bool>>(), Reverse(**at))
        };
        let at = *holders.iter().flatten().max_by_key(near)?;
        Some((at, *self.answered.get(at)?))
    }

    /// What stands first at the end of a way in an element.
    fn first_at(&self, way: usize, element: Value<'s>) -> Option<Value<'s>> {
        let mut first = None;
        each_at(self.ways.get(way)?, element, &mut |value| first = first.or(Some(value)));
        first
    }

    /// The answered elements that hold a value which means what was sent.
    fn holders(&self, wanted: &Wanted<'s>) -> BTreeSet<usize> {
        let Some(came) = self.came.get(wanted.way) else { return BTreeSet::new() };
        let accepted = Meaning::of(wanted.sent).accepted();
        let alike = accepted.iter().filter_map(|meaning| came.get(meaning)).flatten();
        alike.filter(|(_, value)| same(wanted.sent, *value)).map(|(at, _)| *at).collect()
    }

    /// Whether an answered element holds all that a sent one echoes; arrays inside of it as any other.
    fn holds(
        &self,
        echoes: &'s Echoes<'_>,
        sent: Value<'s>,
        answer: Value<'s>,
        way: &mut Vec<Step<'s>>,
    ) -> bool {
        let wanted = echoes.example.is_some() && !is_type(way);
        if wanted && !same(sent, answer) && !self.exempts(way) {
            return false;
        }
        let (mut given, mut came) = (Found::new(sent), Found::new(answer));
        for (name, inside) in &echoes.members {
            let Some(sent) = given.take(name) else { continue };
            way.push(Step::Member(Cow::Borrowed(name)));
            let holds = match came.take(name) {
                Some(answer) => self.holds(inside, sent, answer, way),
                None => self.is_exempt(inside, sent, way),
            };
            way.pop();
            if !holds {
                return false;
            }
        }
        if echoes.elements.is_empty() {
            return true;
        }
        way.push(Step::Every);
        let holds = self.holds_elements(echoes, sent, answer, way);
        way.pop();
        holds
    }

    fn holds_elements(
        &self,
        echoes: &'s Echoes<'_>,
        sent: Value<'s>,
        answer: Value<'s>,
        way: &mut Vec<Step<'s>>,
    ) -> bool {
        let (given, answered): (Vec<_>, Vec<_>) = (sent.elements().collect(), answer.elements().collect());
        let by_index = answer.kind() == Kind::Array && given.len() == answered.len();
        echoes.elements.iter().all(|(at, inside)| {
            let Some(sent) = given.get(*at) else { return true };
            if by_index {
                return answered.get(*at).is_some_and(|answer| self.holds(inside, *sent, *answer, way));
            }
            answered.iter().any(|answer| self.holds(inside, *sent, *answer, way))
                || self.is_exempt(inside, *sent, way)
        })
    }

    /// Whether nothing need be repeated below a place that did not come.
    fn is_exempt(&self, echoes: &'s Echoes<'_>, sent: Value<'s>, way: &mut Vec<Step<'s>>) -> bool {
        let (mut ways, mut wanted) = (Vec::new(), Vec::new());
        gather(echoes, sent, way, &mut ways, &mut wanted);
        ways.iter().all(|below| self.exempts(below))
    }

    /// Whether rules by hand ask for no echo at the end of a way.
    fn exempts(&self, way: &[Step<'_>]) -> bool {
        let known = self.ways.iter().position(|known| known == way);
        known.and_then(|at| self.exempt.get(at)).copied().unwrap_or_default()
    }
}
