//! What a place promises that is judged by type.

use super::{Chosen, Explainer, Shown};
use crate::json::{Kind, Value};
use crate::judge::example::Example;
use crate::judge::guide::{Guide, Kinds};
use crate::judge::promise::{MemberPromise, Place, TextPromise};
use crate::judge::rules::{Compiled, Says as RuleSays};
use crate::judge::table::Situation;
use crate::verdict::explanation::{By, Clause, Reach, Says};
use crate::verdict::{Effect, Level};

impl<'p> Explainer<'p> {
    /// Explains a place, then what it holds.
    pub(super) fn place(
        &mut self,
        place: &'p Place<'p>,
        shown: &[Shown<'p>],
        presence: Clause,
        above: Chosen,
    ) {
        let level = level(shown);
        if level == Some(Level::Exact) {
            return self.literal(shown, &presence, above);
        }
        let chosen = Explainer::chosen(shown, above);
        if chosen == Chosen::With {
            let clauses = self.clauses(place, shown, presence);
            self.part(place.example, clauses);
        }
        if level != Some(Level::Ignore) {
            self.members(place, shown, chosen);
            self.elements(place, shown, chosen);
        }
    }

    fn clauses(&self, place: &Place<'p>, shown: &[Shown<'p>], presence: Clause) -> Vec<Clause> {
        let level = level(shown);
        let mut clauses = self.by_rules(shown);
        if level == Some(Level::Ignore) {
            return clauses;
        }
        if presence.by != By::Docs || presence.says != Says::MayBeAbsent {
            clauses.push(presence);
        }
        if clauses.iter().any(|clause| matches!(clause.says, Says::ByHand(Effect::Equals(_)))) {
            return clauses;
        }
        let scalar = place.members.is_empty() && place.elements.is_none() && is_scalar(place.example);
        if level == Some(Level::Shape) && scalar {
            return clauses;
        }
        if place.only_null {
            clauses.push(Clause { says: Says::Anything, breach: None, by: By::OnlyNull });
            return clauses;
        }
        let examples: Vec<Value<'p>> = shown.iter().map(|shown| shown.value).collect();
        clauses.push(self.clause(
            Says::Types(names(place)),
            Situation::OtherType,
            self.shown_as(place, &examples),
        ));
        if place.nullable && Situation::NullWhereNullable.severity(self.promise.profile).is_none() {
            clauses.push(Clause { says: Says::Null, breach: None, by: By::Nullable });
        }
        if place.whole {
            clauses.push(self.clause(Says::Whole, Situation::FractionForInteger, By::WholeNumbers));
        }
        self.text(place, &examples, &mut clauses);
        let is_free = place.text == TextPromise::Free && place.kinds.contains(Kind::String);
        if !place.stand_ins.is_empty() && !is_free {
            clauses.push(self.clause(Says::NotItself, Situation::ExampleItself, By::StandIn));
        }
        self.container(place, &examples, &mut clauses);
        if level != Some(Level::Shape) {
            self.echo(&examples, &mut clauses);
        }
        clauses
    }

    /// What the rules by hand say that match it, in their order.
    pub(super) fn by_rules(&self, shown: &[Shown<'p>]) -> Vec<Clause> {
        let mut rules: Vec<(&Compiled, Reach)> = Explainer::by_hand(shown, Guide::level_rule);
        for kind in [Kinds::Format, Kinds::Equals, Kinds::Matches] {
            rules.extend(Explainer::by_hand(shown, |guide| guide.promise(kind)));
        }
        for kind in [Kinds::Null, Kinds::Absent, Kinds::Extra, Kinds::Keys] {
            rules.extend(Explainer::by_hand(shown, |guide| guide.allowance(kind)));
        }
        rules.sort_by_key(|(compiled, _)| compiled.order);
        let clause = |(compiled, reach): (&Compiled, Reach)| {
            let holds =
                matches!(compiled.says, RuleSays::Format(_) | RuleSays::Equals(_) | RuleSays::Matches(_));
            let breach = if holds { Situation::BrokenPromise.severity(self.promise.profile) } else { None };
            let says = Says::ByHand(compiled.rule.effect.clone());
            Clause { says, breach, by: By::Rule(compiled.rule.clone(), reach) }
        };
        rules.into_iter().map(clause).collect()
    }

    /// Whether a member must come, and why.
    pub(super) fn presence(&self, member: &MemberPromise<'p>, holders: usize, objects: usize) -> Clause {
        let Some(absent) = member.absent else {
            let by = By::NotEveryObject(holders, objects);
            return Clause { says: Says::MayBeAbsent, breach: None, by };
        };
        let by = match absent {
            Situation::ControlMemberAbsent => By::Control,
            Situation::OptionalMemberAbsent if member.place.only_null => By::NullExample,
            Situation::OptionalMemberAbsent => By::Optional,
            _ if objects > 1 => By::EveryObject(objects),
            _ => By::Docs,
        };
        let breach = absent.severity(self.promise.profile);
        let says = if breach.is_none() { Says::MayBeAbsent } else { Says::Comes };
        Clause { says, breach, by }
    }

    /// How the example says its type.
    fn shown_as(&self, place: &Place<'p>, examples: &[Value<'p>]) -> By {
        let example = crate::judge::collect::clip(place.example);
        if let (1, Some(text)) = (examples.len(), place.example.as_str()) {
            let text = text.into_owned();
            return match Example::of(&text, self.member()) {
                Example::TypeWord(_) => By::TypeWord(text),
                Example::Placeholder => By::Placeholder(text),
                Example::Abbreviated => By::Abbreviated(text),
                Example::Free | Example::Formatted(_) | Example::Enumeration(_) => By::Shown(example),
            };
        }
        if examples.len() > 1 { By::Merge(examples.len(), example) } else { By::Shown(example) }
    }

    /// The member that the place is, or whose elements it is among.
    fn member(&self) -> &str {
        let names = self.steps.iter().rev().filter_map(|step| match step {
            crate::judge::collect::Step::Member(name) => Some(name.as_ref()),
            _ => None,
        });
        names.into_iter().next().unwrap_or_default()
    }

    fn text(&self, place: &Place<'p>, examples: &[Value<'p>], clauses: &mut Vec<Clause>) {
        // What a rule by hand promises of a text stands for the documented format.
        let by_hand = clauses.iter().any(|clause| matches!(clause.says, Says::ByHand(Effect::Format(_))));
        match &place.text {
            TextPromise::Format(format) if !by_hand => {
                let word = examples.iter().find_map(|value| value.as_str()).map(String::from);
                let by = match word {
                    Some(word) if matches!(Example::of(&word, self.member()), Example::TypeWord(_)) => {
                        By::TypeWord(word)
                    }
                    _ => By::Format,
                };
                clauses.push(self.clause(Says::Format(format.name()), Situation::FormatLost, by));
            }
            TextPromise::Enumeration(words) if !by_hand => {
                let shown = place.example.as_str().unwrap_or_default().into_owned();
                let (says, by) = (Says::OneOf(words.clone()), By::Enumeration(shown));
                clauses.push(self.clause(says, Situation::OutsideEnumeration, by));
            }
            TextPromise::TypeName(name) => {
                let says = Says::TypeName(name.clone().into_owned());
                clauses.push(self.clause(says, Situation::BrokenPromise, By::TypeName));
            }
            _ => {}
        }
    }

    fn container(&self, place: &Place<'p>, examples: &[Value<'p>], clauses: &mut Vec<Clause>) {
        if place.kinds.contains(Kind::Object) && place.keyed.is_none() {
            let breach = place.extra.severity(self.promise.profile);
            let elided = examples.iter().any(|value| self.promise.elided.contains(&value.span().start));
            let by = match place.extra {
                Situation::ExtraMember => By::NotTruncated,
                _ if elided => By::Elided,
                _ if self.contract.response.truncated == Some(true) => By::Truncated,
                _ => By::Inferred,
            };
            let says = if breach.is_none() { Says::OtherMembers } else { Says::NoOtherMembers };
            clauses.push(Clause { says, breach, by });
        }
        let Some(template) = &place.elements else {
            if place.kinds.contains(Kind::Array) {
                clauses.push(Clause { says: Says::Anything, breach: None, by: By::OnlyEmpty });
            }
            return;
        };
        let elements: Vec<Value<'p>> = examples.iter().flat_map(|array| array.elements()).collect();
        let by = || By::Merge(elements.len(), crate::judge::collect::clip(template.common.example));
        let each = match template.tag {
            Some(tag) => Says::EachByTag(tag),
            None => Says::EachElement,
        };
        clauses.push(Clause { says: each, breach: None, by: by() });
        if template.tag == Some("@odata.type") {
            let says = Says::NoOtherTags("@odata.type");
            clauses.push(self.clause(says, Situation::UnshownElementType, By::TypeName));
        }
        if !template.may_be_empty {
            clauses.push(self.clause(Says::SomeElements, Situation::NoElements, By::Docs));
        }
    }

    fn echo(&self, examples: &[Value<'p>], clauses: &mut Vec<Clause>) {
        let echoing = examples.iter().filter(|value| self.echoes.contains(&value.span().start));
        let pointers: Vec<String> = echoing.map(|value| self.pointer(*value)).collect();
        if !pointers.is_empty() {
            clauses.push(self.clause(Says::Echo, Situation::BrokenPromise, By::Echo(pointers)));
        }
        for echo in &self.promise.url_echoes {
            let is_here = |value: &Value<'p>| value.as_str() == echo.example().as_str();
            if echo.way() == self.steps.as_slice() && examples.iter().any(is_here) {
                let text = echo.example().as_str().unwrap_or_default().into_owned();
                let says = if echo.is_of_each() { Says::Echo } else { Says::EchoInSome };
                clauses.push(self.clause(says, Situation::BrokenPromise, By::PathEcho(text)));
            }
        }
    }
}

/// The level of all values that are shown at a place; none where rules by hand set one for some of them.
fn level(shown: &[Shown<'_>]) -> Option<Level> {
    let level = shown.first()?.guide.level()?;
    shown.iter().all(|other| other.guide.level() == Some(level)).then_some(level)
}

/// The types that are lawful at a place.
fn names(place: &Place<'_>) -> Vec<&'static str> {
    let all = [Kind::Object, Kind::Array, Kind::String, Kind::Number, Kind::Bool, Kind::Null];
    all.into_iter().filter(|kind| place.kinds.contains(*kind)).map(Kind::name).collect()
}

pub(super) fn is_scalar(value: Value<'_>) -> bool {
    !matches!(value.kind(), Kind::Array | Kind::Object)
}
