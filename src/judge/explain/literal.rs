//! What a place promises that is taken literally.

use super::{Chosen, Explainer, Shown};
use crate::json::{Kind, Value};
use crate::judge::collect::{Step, clip};
use crate::judge::rules::Compiled;
use crate::judge::table::Situation;
use crate::verdict::Level;
use crate::verdict::explanation::{By, Clause, Reach, Says};

impl<'p> Explainer<'p> {
    /// Explains a shown value, then what it holds; by type where a rule by hand says so. Of several values that are
    /// shown at one place each is explained.
    pub(super) fn literal(&mut self, shown: &[Shown<'p>], presence: &Clause, above: Chosen) {
        for shown in shown {
            self.literally(shown, presence.clone(), above);
        }
    }

    fn literally(&mut self, shown: &Shown<'p>, presence: Clause, above: Chosen) {
        let level = shown.guide.level();
        if let (Some(place), Some(Level::Type | Level::Shape | Level::Ignore)) = (shown.guide.place(), level)
        {
            return self.place(place, std::slice::from_ref(shown), presence, above);
        }
        let value = shown.value;
        let chosen = Explainer::chosen(std::slice::from_ref(shown), above);
        if chosen == Chosen::With {
            let clauses = self.exactly(shown, presence);
            self.part(value, clauses);
        }
        for member in value.members() {
            // Of a member that stands twice the last counts.
            let Some(inside) = shown.member(&member.name()).pop() else { continue };
            if inside.value.span() != member.value.span() {
                continue;
            }
            let comes = self.clause(Says::Comes, Situation::BrokenPromise, By::Docs);
            self.steps.push(Step::Member(member.name()));
            self.literally(&inside, comes, chosen);
            self.steps.pop();
        }
        for (index, inside) in shown.elements().iter().enumerate() {
            let comes = self.clause(Says::Comes, Situation::BrokenPromise, By::Docs);
            self.steps.push(Step::Index(index));
            self.literally(inside, comes, chosen);
            self.steps.pop();
        }
    }

    fn exactly(&self, shown: &Shown<'p>, presence: Clause) -> Vec<Clause> {
        let value = shown.value;
        let mut clauses = self.by_rules(std::slice::from_ref(shown));
        clauses.push(presence);
        if clauses.iter().any(is_equals) {
            return clauses;
        }
        let elided = self.promise.elided.contains(&value.span().start);
        let by = || why_literal(shown);
        let broken = |says, by| self.clause(says, Situation::BrokenPromise, by);
        match value.kind() {
            Kind::Object => {
                clauses.push(broken(Says::Types(vec!["object"]), by()));
                let others = Clause { says: Says::OtherMembers, breach: None, by: By::Elided };
                clauses.push(if elided { others } else { broken(Says::NoOtherMembers, by()) });
            }
            Kind::Array if elided => {
                clauses.push(broken(Says::AtLeastTheseElements(value.len()), By::Elided));
            }
            Kind::Array => clauses.push(broken(Says::TheseElements(value.len()), by())),
            Kind::String if elided => clauses.push(broken(Says::Begins(begin(value)), By::Elided)),
            _ => clauses.push(broken(Says::Exactly(clip(value)), by())),
        }
        clauses
    }
}

fn why_literal(shown: &Shown<'_>) -> By {
    let rule = |compiled: &Compiled| By::Rule(compiled.rule.clone(), Reach::All);
    shown.guide.level_rule().map_or(By::Profile, rule)
}

fn is_equals(clause: &Clause) -> bool {
    matches!(clause.says, Says::ByHand(crate::verdict::Effect::Equals(_)))
}

/// A shown text without its ellipsis.
fn begin(value: Value<'_>) -> String {
    let text = value.as_str().unwrap_or_default();
    text.strip_suffix("...").or(text.strip_suffix('…')).unwrap_or(&text).to_owned()
}
