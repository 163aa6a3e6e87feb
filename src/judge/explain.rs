//! Says what a contract promises, place by place, and which rule or inference made it so: out of the very promise that
//! answers are held against.

mod literal;
mod place;
mod whole;

use super::collect::{Step, path};
use super::guide::{Guide, Kinds, Overlay};
use super::promise::{BodyPromise, Place, Promise, compile_with_rules};
use super::rules::{Compiled, RuleError, Rules};
use super::table::Situation;
use crate::contract::Contract;
use crate::json::Value;
use crate::verdict::explanation::{By, Clause, Explanation, Part, Reach, Says, Tag};
use crate::verdict::{Effect, Profile, RuleByHand, Site, Written};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A `JSONPath` (RFC 9535) that chooses places of a contract to be explained.
#[derive(Debug, Clone)]
pub struct Choice(Rules);

impl Choice {
    /// Reads a path.
    pub fn new(path: &str) -> Result<Choice, RuleError> {
        let at = path.to_owned();
        let rule = RuleByHand { contract: None, at, effect: Effect::Extra, written: Written::Nowhere };
        Rules::new([rule]).map(Choice)
    }
}

/// Says what a contract promises: status, headers and all places of the body, or the chosen places and what they hold.
pub fn explain(contract: &Contract, profile: Profile, rules: &Rules, choice: Option<&Choice>) -> Explanation {
    let promise = compile_with_rules(contract, profile, rules);
    let mut parts = Vec::new();
    if choice.is_none() {
        parts.extend(whole::parts(&promise, contract));
    }
    let chosen: Vec<Arc<Compiled>> =
        choice.into_iter().flat_map(|choice| choice.0.of(&contract.id)).cloned().collect();
    let shown = promise.body.shown();
    let (overlay, asked) = (
        Overlay::new(&promise.rules, promise.body.place(), None, shown),
        Overlay::new(&chosen, promise.body.place(), None, shown),
    );
    let mut echoes = BTreeSet::new();
    promise.echoes.add_starts(&mut echoes);
    let mut explainer =
        Explainer { promise: &promise, contract, echoes, parts, steps: Vec::new(), tag: None };
    if let Some(shown) = shown {
        let guide = overlay.guide(Some(shown), promise.body.place());
        let asked = asked.guide(Some(shown), promise.body.place());
        let chosen = if choice.is_none() { Chosen::With } else { Chosen::Not };
        let comes =
            Clause { says: Says::Comes, breach: Situation::BodyAbsent.severity(profile), by: By::Docs };
        let root = vec![Shown { value: shown, guide, asked }];
        match &promise.body {
            BodyPromise::Literal(..) => explainer.literal(&root, &comes, chosen),
            BodyPromise::Json(place) => explainer.place(place, &root, comes, chosen),
            _ => {}
        }
    }
    let unmatched = promise.rules.iter().filter(|rule| !promise.matched.contains(&rule.order));
    let unmatched = unmatched.map(|compiled| compiled.rule.clone()).collect();
    Explanation { profile, parts: explainer.parts, unmatched }
}

/// One of the values that are shown at a place, and what rules by hand say of it.
#[derive(Debug, Clone, Copy)]
struct Shown<'p> {
    value: Value<'p>,
    guide: Guide<'p>,
    /// The same way through what was asked for.
    asked: Guide<'p>,
}

impl<'p> Shown<'p> {
    /// The member of it, if it has one; where it stands twice both.
    fn member(&self, name: &str) -> Vec<Shown<'p>> {
        let values = self.value.members().filter(|member| member.name() == name).map(|member| member.value);
        let shown = |value| Shown { value, guide: self.guide.member(name), asked: self.asked.member(name) };
        values.map(shown).collect()
    }

    /// All its members.
    fn members(&self) -> Vec<Shown<'p>> {
        self.value.members().flat_map(|member| self.member(&member.name())).collect()
    }

    /// Its elements.
    fn elements(&self) -> Vec<Shown<'p>> {
        let elements = self.value.elements().enumerate();
        let shown = |(index, value)| Shown {
            value,
            guide: self.guide.element(index, Some(value)),
            asked: self.asked.element(index, Some(value)),
        };
        elements.map(shown).collect()
    }
}

/// Whether a place is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chosen {
    /// If it was asked for.
    Not,
    /// It is, with all that it holds.
    With,
}

struct Explainer<'p> {
    promise: &'p Promise<'p>,
    contract: &'p Contract,
    /// Where what echoes is written.
    echoes: BTreeSet<usize>,
    parts: Vec<Part>,
    steps: Vec<Step<'p>>,
    tag: Option<Tag>,
}

impl<'p> Explainer<'p> {
    /// Whether a place is among those that were asked for.
    fn chosen(shown: &[Shown<'p>], above: Chosen) -> Chosen {
        let asked = shown.iter().any(|shown| shown.asked.allowance(Kinds::Extra).is_some());
        if asked { Chosen::With } else { above }
    }

    fn part(&mut self, example: Value<'p>, clauses: Vec<Clause>) {
        let pointer = self.pointer(example);
        let (at, of) = (path(&self.steps), self.tag.clone());
        self.parts.push(Part { site: Site::Body(pointer), at, of, clauses });
    }

    fn pointer(&self, value: Value<'p>) -> String {
        self.promise.body.shown().map_or_else(String::new, |root| super::collect::pointer(root, value))
    }

    fn clause(&self, says: Says, breach: Situation, by: By) -> Clause {
        Clause { says, breach: breach.severity(self.promise.profile), by }
    }

    /// The rules by hand of one kind that match a place, each with how many of the shown values it matches.
    fn by_hand(
        shown: &[Shown<'p>],
        said: impl Fn(Guide<'p>) -> Option<&'p Compiled>,
    ) -> Vec<(&'p Compiled, Reach)> {
        let mut rules: Vec<(&Compiled, usize)> = Vec::new();
        for compiled in shown.iter().filter_map(|shown| said(shown.guide)) {
            match rules.iter_mut().find(|(known, _)| known.order == compiled.order) {
                Some((_, count)) => *count += 1,
                None => rules.push((compiled, 1)),
            }
        }
        let reach = |count| if count == shown.len() { Reach::All } else { Reach::Some(count, shown.len()) };
        rules.into_iter().map(|(compiled, count)| (compiled, reach(count))).collect()
    }

    /// Goes to the members of a place.
    fn members(&mut self, place: &'p Place<'p>, shown: &[Shown<'p>], chosen: Chosen) {
        if let Some(every) = &place.keyed {
            let inside: Vec<Shown<'p>> = shown.iter().flat_map(Shown::members).collect();
            let comes = Clause { says: Says::MayBeAbsent, breach: None, by: By::Docs };
            self.steps.push(Step::Every);
            self.place(every, &inside, comes, chosen);
            self.steps.pop();
        }
        for member in &place.members {
            let inside: Vec<Vec<Shown<'p>>> = shown.iter().map(|shown| shown.member(&member.name)).collect();
            let holders = inside.iter().filter(|values| !values.is_empty()).count();
            let inside = inside.concat();
            let objects =
                shown.iter().filter(|shown| shown.value.kind() == crate::json::Kind::Object).count();
            let presence = self.presence(member, holders, objects);
            self.steps.push(Step::Member(member.name.clone()));
            self.place(&member.place, &inside, presence, chosen);
            self.steps.pop();
        }
    }

    /// Goes to the elements of a place, tag by tag where they have one.
    fn elements(&mut self, place: &'p Place<'p>, shown: &[Shown<'p>], chosen: Chosen) {
        let Some(template) = &place.elements else { return };
        let elements: Vec<Shown<'p>> = shown.iter().flat_map(Shown::elements).collect();
        let comes = || Clause { says: Says::MayBeAbsent, breach: None, by: By::Docs };
        self.steps.push(Step::Every);
        let Some(name) = template.tag else {
            self.place(&template.common, &elements, comes(), chosen);
            self.steps.pop();
            return;
        };
        let outer = self.tag.clone();
        for (value, variant) in &template.variants {
            let is_of = |shown: &&Shown<'p>| {
                template.of(shown.value).is_some_and(|other| std::ptr::eq(other, variant))
            };
            let alike: Vec<Shown<'p>> = elements.iter().filter(is_of).copied().collect();
            self.tag = Some(Tag { name, value: value.clone().into_owned() });
            self.place(variant, &alike, comes(), chosen);
        }
        self.tag = outer;
        self.steps.pop();
    }
}
