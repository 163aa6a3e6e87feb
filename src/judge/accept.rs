//! The rule by hand that would accept a mismatch: the mildest one that does, so that it accepts nothing else.

use super::collect::{Difference, Step};
use super::example::{Example, TypeWord};
use super::promise::TextPromise;
use crate::contract::ContractId;
use crate::contract::select::Pattern;
use crate::json::{Kind, Number, Value};
use crate::verdict::{Effect, Elements, Level, Rule, RuleByHand, Why, Written};

/// How much a rule must say to accept a mismatch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Breadth {
    effect: Effect,
    /// It is the elements of the place that may be missing.
    elements: bool,
}

impl Breadth {
    fn of(effect: Effect) -> Breadth {
        Breadth { effect, elements: false }
    }

    fn level(level: Level) -> Breadth {
        Breadth::of(Effect::Level(level))
    }

    /// The rule that accepts a mismatch at a place of a contract. A format would be asked of all elements there, also of
    /// those that have the documented one.
    pub(super) fn rule(self, contract: &ContractId, at: &str, elements: Option<&Elements>) -> RuleByHand {
        if matches!(self.effect, Effect::Format(_)) && elements.is_some_and(|it| it.count < it.of) {
            return Breadth::level(Level::Shape).rule(contract, at, None);
        }
        let inside = if self.elements { "[*]" } else { "" };
        RuleByHand {
            contract: Some(Pattern::literal(contract.as_str())),
            at: format!("{at}{inside}"),
            effect: self.effect,
            written: Written::Nowhere,
        }
    }
}

/// What accepts two equal mismatches of different elements.
pub(super) fn both(one: Option<Breadth>, two: Option<Breadth>) -> Option<Breadth> {
    let (one, two) = (one?, two?);
    if one == two {
        return Some(one);
    }
    let ignore = Breadth::level(Level::Ignore);
    Some(if one == ignore || two == ignore { ignore } else { Breadth::level(Level::Shape) })
}

/// What accepts a difference of the body; none where no rule can accept it alone.
pub(super) fn breadth(steps: &[Step<'_>], difference: &Difference<'_, '_>) -> Option<Breadth> {
    let Difference { rule, place, actual, why, .. } = difference;
    // A rule of the command line comes behind those of the file.
    if matches!(why, Why::ByHand(rule) if rule.written == Written::Flag) {
        return None;
    }
    let scalars = place.is_none_or(is_scalar) && actual.is_none_or(is_scalar);
    let shape = if scalars { Level::Shape } else { Level::Ignore };
    Some(match rule {
        Rule::MemberMissing | Rule::BodyMissing => Breadth::of(Effect::Absent),
        Rule::MemberExtra | Rule::BodyUnexpected => Breadth::of(Effect::Extra),
        Rule::BodyNotJson | Rule::DuplicateMember => Breadth::level(Level::Ignore),
        Rule::ArrayEmpty => Breadth { effect: Effect::Absent, elements: true },
        Rule::ArrayLength if actual.is_some_and(Value::is_empty) => {
            Breadth { effect: Effect::Absent, elements: true }
        }
        Rule::ArrayLength => Breadth::level(Level::Type),
        Rule::Null if actual.is_some_and(Value::is_null) => Breadth::of(Effect::Null),
        // Null is shown, and something came: by type anything may, unless other elements show what.
        Rule::Null
            if !steps.iter().any(|step| matches!(step, Step::Every | Step::Element(_) | Step::Index(_))) =>
        {
            Breadth::level(Level::Type)
        }
        Rule::Null => Breadth::level(shape),
        Rule::Format | Rule::Type | Rule::Enum | Rule::Echo | Rule::Precision | Rule::Value => {
            let literal = match why {
                Why::Literal => true,
                Why::ByHand(rule) => rule.effect == Effect::Level(Level::Exact),
                _ => false,
            };
            match (place, actual) {
                // A text or octets as a whole.
                (None, _) => Breadth::level(Level::Ignore),
                (Some(shown), Some(actual)) if literal && by_type(*shown, *actual, member(steps)) => {
                    Breadth::level(Level::Type)
                }
                (Some(_), Some(actual)) if *rule == Rule::Format && matches!(why, Why::Format(_)) => {
                    format_of(*actual).unwrap_or(Breadth::level(shape))
                }
                _ => Breadth::level(shape),
            }
        }
        Rule::Encoding
        | Rule::Framing
        | Rule::Status
        | Rule::ContentType
        | Rule::HeaderMissing
        | Rule::HeaderValue => return None,
    })
}

/// The member that a place is, or whose elements it is among.
fn member<'s>(steps: &'s [Step<'_>]) -> &'s str {
    let name = |step: &'s Step<'_>| match step {
        Step::Member(name) | Step::Entry(name) => Some(name.as_ref()),
        Step::Every | Step::Element(_) | Step::Index(_) => None,
    };
    steps.iter().rev().find_map(name).unwrap_or_default()
}

/// Whether a value is of the documented type and format.
fn by_type(shown: Value<'_>, actual: Value<'_>, member: &str) -> bool {
    let text = shown.as_str().map(|text| (Example::of(&text, member), text));
    match (text, actual.as_str()) {
        (Some(_), Some(_)) if member.ends_with("@odata.type") => false,
        (Some((Example::TypeWord(word), _)), Some(_)) if word.kind() != Kind::String => false,
        (Some((example, _)), Some(actual)) => match TextPromise::of(example) {
            TextPromise::Format(format) => format.fits(&actual),
            TextPromise::Enumeration(words) => words.contains(&actual.into_owned()),
            TextPromise::Free | TextPromise::TypeName(_) => true,
        },
        (Some((Example::TypeWord(word), _)), None) => {
            word.kind() == actual.kind() && (word != TypeWord::Integer || is_whole(actual))
        }
        (Some(_), None) => false,
        (None, _) => shown.kind() == actual.kind() && (!is_whole(shown) || is_whole(actual)),
    }
}

fn is_whole(value: Value<'_>) -> bool {
    value.as_number().is_some_and(Number::is_whole)
}

/// Another format than the documented one is accepted by its name.
fn format_of(actual: Value<'_>) -> Option<Breadth> {
    let format = super::format::Format::of(&actual.as_str()?)?;
    Some(Breadth::of(Effect::Format(format.name().to_owned())))
}

fn is_scalar(value: Value<'_>) -> bool {
    !matches!(value.kind(), Kind::Array | Kind::Object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn format(name: &str) -> Breadth {
        Breadth::of(Effect::Format(name.into()))
    }

    #[rstest]
    #[case(Some(format("url")), Some(format("url")), Some(format("url")))]
    #[case(Some(format("url")), Some(format("email")), Some(Breadth::level(Level::Shape)))]
    #[case(
        Some(Breadth::level(Level::Type)),
        Some(Breadth::level(Level::Shape)),
        Some(Breadth::level(Level::Shape))
    )]
    #[case(
        Some(Breadth::level(Level::Shape)),
        Some(Breadth::level(Level::Ignore)),
        Some(Breadth::level(Level::Ignore))
    )]
    #[case(Some(format("url")), None, None)]
    fn two_are_accepted_by_the_mildest_that_accepts_both(
        #[case] one: Option<Breadth>,
        #[case] two: Option<Breadth>,
        #[case] accepted: Option<Breadth>,
    ) {
        assert_eq!(both(two.clone(), one.clone()), accepted);
        assert_eq!(both(one, two), accepted);
    }
}
