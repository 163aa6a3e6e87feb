//! What rules by hand say of each place of one answer, and the way to it beside the judge's own walks.
//!
//! Paths are asked once, over the whole answer; then a [`Guide`] goes along with whoever walks the answer. So a rule
//! means the same at every depth, and it is known of every element before equal differences of several become one.

use super::collect::{Difference, Step};
use super::promise::Place;
use super::rules::{Compiled, Says};
use super::tree::{Node, Presence};
use crate::json::{Json, Kind, Value};
use crate::verdict::{Effect, Level, Rule, Why};
use jsonpath_rust::query::js_path_process;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The rules of a contract, laid over one answer.
#[derive(Debug)]
pub(super) struct Overlay<'r> {
    root: Node,
    /// What is said of the places that a rule matches, by their numbers.
    said: BTreeMap<usize, Said<'r>>,
    /// The rules that match a place, by their positions.
    pub(super) matched: BTreeSet<usize>,
}

/// The last rule of each kind that matches a place.
type Said<'r> = [Option<&'r Compiled>; 8];

/// The kinds of what a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kinds {
    Level,
    Format,
    Null,
    Absent,
    Extra,
    Keys,
    Equals,
    Matches,
}

impl Says {
    fn is_keys(&self) -> bool {
        matches!(self, Says::Keys)
    }

    fn kind(&self) -> Kinds {
        match self {
            Says::Level(_) => Kinds::Level,
            Says::Format(_) => Kinds::Format,
            Says::Null => Kinds::Null,
            Says::Absent => Kinds::Absent,
            Says::Extra => Kinds::Extra,
            Says::Keys => Kinds::Keys,
            Says::Equals(_) => Kinds::Equals,
            Says::Matches(_) => Kinds::Matches,
        }
    }
}

impl<'r> Overlay<'r> {
    /// Asks every rule for its places; where no answer came, for the documented ones.
    pub(super) fn new(
        rules: &'r [Arc<Compiled>],
        place: Option<&Place<'_>>,
        shown: Option<Value<'_>>,
        answer: Option<Value<'_>>,
    ) -> Overlay<'r> {
        let root = Node::unite(answer, place, shown);
        let mut said: BTreeMap<usize, Said<'r>> = BTreeMap::new();
        let mut matched = BTreeSet::new();
        // A filter asks for what came; and only of what came it can be asked.
        let came = rules.iter().any(|rule| has_filter(rule)).then(|| root.came());
        for rule in rules {
            let filtered = came.as_ref().filter(|_| has_filter(rule) && answer.is_some());
            // Only an object has members whose names could be data.
            let fits = |node: &&Node| !rule.says.is_keys() || node.is_object();
            let mut places: Vec<usize> =
                find(rule, filtered.unwrap_or(&root)).filter(fits).map(|node| node.id).collect();
            if filtered.is_some() {
                let missing = find(rule, &root).filter(|node| node.presence == Presence::Missing);
                places.extend(missing.map(|node| node.id));
            }
            if !places.is_empty() {
                matched.insert(rule.order);
            }
            for place in places {
                if let Some(last) = said.entry(place).or_default().get_mut(rule.says.kind() as usize) {
                    *last = Some(rule);
                }
            }
        }
        Overlay { root, said, matched }
    }

    /// The way's beginning; the documented body and its places go along.
    pub(super) fn guide<'g>(&'g self, shown: Option<Value<'g>>, place: Option<&'g Place<'g>>) -> Guide<'g> {
        let here = Here { overlay: self, node: Some(&self.root), level: None, shown, place };
        Guide(Some(here.covered()))
    }
}

/// Where the shown objects begin whose members' names are data, as rules by hand say.
pub(super) fn keyed(rules: &[Arc<Compiled>], shown: Option<&Json>) -> BTreeSet<usize> {
    let mut starts = BTreeSet::new();
    let Some(shown) = shown.map(Json::root).filter(|_| rules.iter().any(|rule| rule.says.is_keys())) else {
        return starts;
    };
    let overlay = Overlay::new(rules, None, None, Some(shown));
    let mut open = vec![(overlay.guide(None, None), shown)];
    while let Some((guide, value)) = open.pop() {
        if guide.allowance(Kinds::Keys).is_some() {
            starts.insert(value.span().start);
        }
        open.extend(value.members().map(|member| (guide.member(&member.name()), member.value)));
        let elements = value.elements().enumerate();
        open.extend(elements.map(|(index, element)| (guide.element(index, Some(element)), element)));
    }
    starts
}

fn has_filter(rule: &Compiled) -> bool {
    rule.rule.at.contains('?')
}

fn find<'n>(rule: &Compiled, root: &'n Node) -> impl Iterator<Item = &'n Node> {
    js_path_process(&rule.query, root).unwrap_or_default().into_iter().map(|found| found.val)
}

/// Goes along with a walk through an answer and says what rules by hand say of the place that it is at. Where there
/// are no rules it costs nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Guide<'g>(Option<Here<'g>>);

#[derive(Debug, Clone, Copy)]
struct Here<'g> {
    overlay: &'g Overlay<'g>,
    node: Option<&'g Node>,
    /// The last level rule that matches this place or one above it.
    level: Option<&'g Compiled>,
    /// The documented value that stands here; of elements the one with the same index, else the first.
    shown: Option<Value<'g>>,
    place: Option<&'g Place<'g>>,
}

impl<'g> Here<'g> {
    /// With the level that covers this place: of the one above and its own the later.
    fn covered(self) -> Here<'g> {
        let own =
            self.said(Kinds::Level).filter(|own| self.level.is_none_or(|above| above.order < own.order));
        Here { level: own.or(self.level), ..self }
    }

    fn said(&self, kind: Kinds) -> Option<&'g Compiled> {
        let said = self.overlay.said.get(&self.node?.id)?;
        said.get(kind as usize).copied().flatten()
    }
}

impl<'g> Guide<'g> {
    /// Where there are no rules.
    pub(super) const NONE: Guide<'static> = Guide(None);

    /// Whether there are no rules.
    #[inline]
    pub(super) fn is_none(self) -> bool {
        self.0.is_none()
    }

    /// Goes to a member.
    pub(super) fn member(self, name: &str) -> Guide<'g> {
        let Some(here) = self.0 else { return Guide::NONE };
        let place = here.place.and_then(|place| place.members.iter().find(|member| member.name == name));
        let inside = Here {
            node: here.node.and_then(|node| node.member(name)),
            shown: here.shown.and_then(|shown| shown.get(name)),
            place: place.map(|member| &member.place).or_else(|| here.place?.keyed.as_deref()),
            ..here
        };
        Guide(Some(inside.covered()))
    }

    /// The first member that the page shows here.
    fn first_member(self) -> Option<Guide<'g>> {
        let first = self.0?.shown?.members().next()?;
        Some(self.member(&first.name()))
    }

    /// Goes to an element; none where the array is empty, and what is documented of its elements is asked.
    pub(super) fn element(self, index: usize, element: Option<Value<'_>>) -> Guide<'g> {
        let Some(here) = self.0 else { return Guide::NONE };
        let shown = here.shown.and_then(|array| {
            let mut elements = array.elements();
            let first = elements.clone().next();
            elements.nth(index).or(first)
        });
        let template = here.place.and_then(|place| place.elements.as_deref());
        let place = template
            .map(|template| element.and_then(|element| template.of(element)).unwrap_or(&template.common));
        let node = here.node.and_then(|node| node.element(index));
        Guide(Some(Here { node, shown, place, ..here }.covered()))
    }

    /// The level that a rule by hand sets here.
    #[inline]
    pub(super) fn level(self) -> Option<Level> {
        match self.0?.level?.says {
            Says::Level(level) => Some(level),
            _ => None,
        }
    }

    /// The rule that sets the level.
    pub(super) fn level_rule(self) -> Option<&'g Compiled> {
        self.0?.level
    }

    /// The documented value that stands here.
    pub(super) fn shown(self) -> Option<Value<'g>> {
        self.0?.shown
    }

    /// What is documented of this place, all its examples together.
    pub(super) fn place(self) -> Option<&'g Place<'g>> {
        self.0?.place
    }

    /// What a rule promises of the value here. A later level takes it away, unless it is `type`, beside which it
    /// stands.
    pub(super) fn promise(self, kind: Kinds) -> Option<&'g Compiled> {
        let here = self.0?;
        let said = here.said(kind)?;
        let later = here.level.is_some_and(|level| level.order > said.order);
        (!later || self.level() == Some(Level::Type)).then_some(said)
    }

    /// What a rule allows here: null, absence, coming without being documented.
    pub(super) fn allowance(self, kind: Kinds) -> Option<&'g Compiled> {
        self.0?.said(kind)
    }

    /// Whether the answer must repeat here what was sent.
    pub(super) fn echoes(self) -> bool {
        let level = self.level().unwrap_or(Level::Type);
        level == Level::Type && self.promise(Kinds::Equals).is_none()
    }

    /// Whether the answer need not repeat anything at the end of a way, in none of the elements that have such a place.
    pub(super) fn exempts(self, way: &[Step<'_>], value: Option<Value<'_>>) -> bool {
        self.0.is_some() && self.exempts_there(way, value) == Some(true)
    }

    /// The same; none where there is no such place, neither in what came nor on the page, and nothing that covers it.
    fn exempts_there(self, way: &[Step<'_>], value: Option<Value<'_>>) -> Option<bool> {
        match way.split_first() {
            None if !self.echoes() => Some(true),
            None => self.0?.node.map(|_| false),
            Some((Step::Member(name) | Step::Entry(name), rest)) => {
                let member = value.and_then(|object| object.members().find(|member| member.name() == *name));
                self.member(name).exempts_there(rest, member.map(|member| member.value))
            }
            Some((Step::Every | Step::Element(_) | Step::Index(_), rest)) => {
                let mut elements = value.into_iter().flat_map(Value::elements).enumerate().peekable();
                if elements.peek().is_none() {
                    return self.element(0, None).exempts_there(rest, None);
                }
                let asked = elements.filter_map(|(index, element)| {
                    self.element(index, Some(element)).exempts_there(rest, Some(element))
                });
                asked.reduce(|one, two| one && two)
            }
        }
    }

    /// Whether rules by hand make a difference lawful that was found here.
    pub(super) fn lets_pass(self, difference: &Difference<'_, '_>) -> bool {
        if self.0.is_none() {
            return false;
        }
        // What a rule by hand promises holds whatever the level is: see `promise`.
        if matches!(&difference.why, Why::ByHand(rule) if !matches!(rule.effect, Effect::Level(_))) {
            return false;
        }
        let level = self.level();
        let echo = matches!(difference.why, Why::Echo(_) | Why::PathEcho(_));
        if level == Some(Level::Ignore) || echo && !self.echoes() {
            return true;
        }
        let allowed = |kind| self.allowance(kind).is_some();
        let actual = difference.actual;
        match difference.rule {
            Rule::MemberMissing | Rule::BodyMissing => allowed(Kinds::Absent),
            Rule::MemberExtra | Rule::BodyUnexpected => allowed(Kinds::Extra),
            Rule::ArrayEmpty | Rule::ArrayLength => {
                let nothing = actual.is_some_and(Value::is_empty);
                let may_be_absent = |inside: Guide<'_>| inside.allowance(Kinds::Absent).is_some();
                nothing
                    && (may_be_absent(self.element(0, None))
                        || self.first_member().is_some_and(may_be_absent))
            }
            Rule::Null
            | Rule::Type
            | Rule::Format
            | Rule::Enum
            | Rule::Echo
            | Rule::Precision
            | Rule::Value => {
                let shown =
                    difference.place.is_some_and(is_scalar) || self.place().is_some_and(Place::has_scalar);
                let scalars = shown && actual.is_none_or(is_scalar);
                let null = actual.is_some_and(Value::is_null);
                null && allowed(Kinds::Null) || level == Some(Level::Shape) && scalars
            }
            _ => false,
        }
    }
}

fn is_scalar(value: Value<'_>) -> bool {
    !matches!(value.kind(), Kind::Array | Kind::Object)
}
