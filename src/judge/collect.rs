//! Collects mismatches: equal ones of array elements become one, and no answer can make more than a report holds.

use super::accept::{self, Breadth};
use super::guide::Guide;
use super::table::Situation;
use crate::contract::ContractId;
use crate::json::{Json, Kind, Value};
use crate::secret::beginning;
use crate::verdict::{Elements, MAX_MISMATCHES, Mismatch, Profile, Rule, Severity, Site, Why};
use std::borrow::Cow;
use std::fmt::Write;

/// One step into the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step<'s> {
    Member(Cow<'s, str>),
    Index(usize),
    /// Every element: `[*]`.
    Every,
    /// The same, at this element now.
    Element(usize),
    /// Every member of an object whose names are data, at this one now: `[*]` too.
    Entry(Cow<'s, str>),
}

/// `$.value[*]['@odata.type']`: a `JSONPath` (RFC 9535), in dots where that is lawful.
pub(super) fn path(steps: &[Step<'_>]) -> String {
    written(steps, Naming::Every)
}

/// How the elements of an array are named that share a mismatch: `[*]` or, the one that is looked at, `[3]`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Naming {
    Every,
    Each,
}

fn written(steps: &[Step<'_>], naming: Naming) -> String {
    let mut path = String::from("$");
    for step in steps {
        match step {
            Step::Every => path.push_str("[*]"),
            Step::Element(_) | Step::Entry(_) if naming == Naming::Every => path.push_str("[*]"),
            Step::Index(index) | Step::Element(index) => {
                let _ = write!(path, "[{index}]");
            }
            Step::Member(name) | Step::Entry(name) if is_plain(name) => {
                path.push('.');
                path.push_str(name);
            }
            Step::Member(name) | Step::Entry(name) => {
                path.push_str("['");
                for c in name.chars() {
                    match c {
                        '\'' | '\\' => path.extend(['\\', c]),
                        '\0'..='\u{1f}' => {
                            let _ = write!(path, "\\u{:04x}", u32::from(c));
                        }
                        c => path.push(c),
                    }
                }
                path.push_str("']");
            }
        }
    }
    path
}

fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The JSON Pointer (RFC 6901) of a value of a body, found again by where it stands.
pub(super) fn pointer(root: Value<'_>, place: Value<'_>) -> String {
    let mut pointer = String::new();
    let mut value = root;
    let holds = |value: Value<'_>| value.span().contains(&place.span().start);
    while value.span() != place.span() {
        let inside = match value.kind() {
            Kind::Array => {
                value.elements().enumerate().find(|(_, element)| holds(*element)).map(|(index, element)| {
                    let _ = write!(pointer, "/{index}");
                    element
                })
            }
            _ => value.members().find(|member| holds(member.value)).map(|member| {
                pointer.push('/');
                pointer.push_str(&member.name().replace('~', "~0").replace('/', "~1"));
                member.value
            }),
        };
        match inside {
            Some(inside) => value = inside,
            None => break,
        }
    }
    pointer
}

/// What is about to be noted of a place of the body.
pub(super) struct Difference<'d, 'v> {
    pub(super) situation: Situation,
    pub(super) rule: Rule,
    /// The documented place; none for the body as a whole.
    pub(super) place: Option<Value<'d>>,
    pub(super) expected: Option<Value<'d>>,
    pub(super) actual: Option<Value<'v>>,
    pub(super) why: Why,
}

/// What is about to be noted of the status or of a header.
pub(super) struct HeaderDifference<'d> {
    pub(super) situation: Situation,
    pub(super) rule: Rule,
    pub(super) site: Site,
    /// The header's name; empty for the status.
    pub(super) at: &'d str,
    pub(super) expected: Option<Json>,
    pub(super) actual: Option<Json>,
    pub(super) why: Why,
}

/// The mismatches of one answer.
pub(super) struct Collector<'a> {
    contract: &'a ContractId,
    profile: Profile,
    /// The documented body.
    shown: Option<Value<'a>>,
    drafts: Vec<Draft>,
    more: usize,
    /// How many elements were held against each template.
    visits: Vec<usize>,
}

struct Draft {
    mismatch: Mismatch,
    order: usize,
    within: Option<Within>,
    /// Nothing else of its gravity broke this rule before.
    first: bool,
    /// What a rule by hand would have to say to accept it; none where no rule can.
    accept: Option<Breadth>,
}

/// The element of an array in which a difference was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Within {
    template: usize,
    index: usize,
    /// Among all elements that were held against the template.
    serial: usize,
}

/// The elements of one array, to be told apart while they are held against a template.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visit {
    template: usize,
    before: usize,
}

impl Visit {
    /// This element of the array.
    pub(super) fn element(self, index: usize) -> Within {
        Within { template: self.template, index, serial: self.before + index }
    }
}

impl<'a> Collector<'a> {
    pub(super) fn new(
        contract: &'a ContractId,
        profile: Profile,
        shown: Option<Value<'a>>,
        templates: usize,
    ) -> Collector<'a> {
        let visits = vec![0; templates];
        Collector { contract, profile, shown, drafts: Vec::new(), more: 0, visits }
    }

    /// One more template, for arrays that are walked on their own.
    pub(super) fn template(&mut self) -> usize {
        self.visits.push(0);
        self.visits.len() - 1
    }

    /// Counts the elements of an array, which are about to be held against a template.
    pub(super) fn visit(&mut self, template: usize, elements: usize) -> Visit {
        let mut before = 0;
        if let Some(visits) = self.visits.get_mut(template) {
            before = *visits;
            *visits += elements;
        }
        Visit { template, before }
    }

    /// Notes a difference of the body, unless the profile or a rule by hand lets it pass.
    pub(super) fn add(
        &mut self,
        steps: &[Step<'_>],
        within: Option<Within>,
        guide: Guide<'_>,
        difference: Difference<'_, '_>,
    ) {
        let Some(severity) = difference.situation.severity(self.profile) else { return };
        if guide.lets_pass(&difference) {
            return;
        }
        let (at, rule) = (path(steps), difference.rule);
        let accept = accept::breadth(steps, &difference);
        if let Some(Within { template, serial, .. }) = within {
            let known = self.drafts.iter_mut().find(|draft| {
                let mismatch = &draft.mismatch;
                (mismatch.rule, mismatch.severity) == (rule, severity)
                    && draft.within.is_some_and(|within| within.template == template)
                    && mismatch.at == at
            });
            if let Some(Draft { mismatch, within: Some(last), accept: broadest, .. }) = known
                && let Some(elements) = &mut mismatch.elements
            {
                *broadest = accept::both(broadest.take(), accept);
                let first = mismatch.actual.as_ref().map(Json::text);
                elements.alike &= first == difference.actual.map(Value::raw);
                // One element that differs twice is still one.
                elements.count += usize::from(last.serial != serial);
                last.serial = serial;
                return;
            }
        }
        let Some(first) = self.room(severity, rule) else { return };
        let place = difference.place.or(self.shown);
        let order = match rule {
            Rule::MemberExtra => place.map_or(0, |place| place.span().end),
            _ => place.map_or(0, |place| place.span().start),
        };
        let site = place.map_or_else(String::new, |place| self.pointer(place));
        let mismatch = Mismatch {
            severity,
            rule,
            at,
            site: Site::Body(site),
            location: None,
            expected: difference.expected.map(clip),
            actual: difference.actual.map(clip),
            elements: within.map(|within| Elements {
                count: 1,
                of: 0,
                first: within.index,
                path: written(steps, Naming::Each),
                alike: true,
            }),
            why: difference.why,
            accept: None,
            known: None,
        };
        // Status and headers stand before the body.
        self.drafts.push(Draft { mismatch, order: order + 1, within, first, accept });
    }

    /// Notes a difference of the status or of a header, unless the profile lets it pass.
    pub(super) fn add_header(&mut self, difference: HeaderDifference<'_>) {
        let HeaderDifference { situation, rule, site, at, expected, actual, why } = difference;
        let Some(severity) = situation.severity(self.profile) else { return };
        let Some(first) = self.room(severity, rule) else { return };
        let mismatch = Mismatch {
            severity,
            rule,
            at: at.to_owned(),
            site,
            location: None,
            expected,
            actual,
            elements: None,
            why,
            accept: None,
            known: None,
        };
        self.drafts.push(Draft { mismatch, order: 0, within: None, first, accept: None });
    }

    /// Whether one more mismatch is kept, and whether it is the first that breaks its rule: such a one always is,
    /// as a rule can be denied or allowed by its name.
    fn room(&mut self, severity: Severity, rule: Rule) -> Option<bool> {
        let alike = self.drafts.iter().filter(|draft| draft.mismatch.severity == severity);
        let first = alike.clone().all(|draft| draft.mismatch.rule != rule);
        if !first && alike.count() >= MAX_MISMATCHES {
            self.more += 1;
            return None;
        }
        Some(first)
    }

    /// Whether this very place is already known to have another type.
    pub(super) fn has_other_type_at(&self, at: &str) -> bool {
        self.drafts.iter().any(|Draft { mismatch, .. }| {
            mismatch.severity == Severity::Fail
                && matches!(mismatch.rule, Rule::Type | Rule::Null)
                && mismatch.at == at
        })
    }

    /// Whether one of these rules has spoken of this very place already, in whichever element.
    pub(super) fn has_said(&self, rules: &[Rule], at: &str) -> bool {
        self.drafts.iter().any(|Draft { mismatch, .. }| rules.contains(&mismatch.rule) && mismatch.at == at)
    }

    /// The JSON Pointer of a documented place.
    pub(super) fn pointer(&self, place: Value<'_>) -> String {
        self.shown.map_or_else(String::new, |root| pointer(root, place))
    }

    /// All of them in the page's order, and how many more there are. Where they are too many, notes and warnings
    /// give way to failures, but for the first that breaks its rule.
    pub(super) fn finish(mut self) -> (Vec<Mismatch>, usize) {
        self.drafts.sort_by_key(|draft| (!draft.first, draft.mismatch.severity));
        self.more += self.drafts.len().saturating_sub(MAX_MISMATCHES);
        self.drafts.truncate(MAX_MISMATCHES);
        self.drafts.sort_by_key(|draft| draft.order);
        let (visits, contract) = (self.visits, self.contract);
        let finished = self.drafts.into_iter().map(|Draft { mut mismatch, within, accept, .. }| {
            if let (Some(elements), Some(within)) = (&mut mismatch.elements, within) {
                elements.of = visits.get(within.template).copied().unwrap_or_default();
            }
            mismatch.accept =
                accept.map(|breadth| breadth.rule(contract, &mismatch.at, mismatch.elements.as_ref()));
            mismatch
        });
        (finished.collect(), self.more)
    }
}

/// A copy for the report: whole where a report can hold it, its beginning as a text where it cannot.
pub(super) fn clip(value: Value<'_>) -> Json {
    if value.raw().len() <= 20 * 1024 {
        return value.to_json();
    }
    Json::string(&beginning(value.raw(), 200))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(&[], "$")]
    #[case(&[Step::Member("value".into()), Step::Every, Step::Member("id".into())], "$.value[*].id")]
    #[case(&[Step::Member("@odata.type".into())], "$['@odata.type']")]
    #[case(&[Step::Member("it's\n".into()), Step::Index(3)], r"$['it\'s\u000a'][3]")]
    fn paths_are_lawful_jsonpath(#[case] steps: &[Step<'_>], #[case] expected: &str) {
        assert_eq!(path(steps), expected);
    }

    #[rstest]
    #[case("")]
    #[case("/a~1b/1/~01")]
    #[case("/a~1b/0")]
    #[case("/c")]
    #[case("/")]
    fn pointers_lead_back(#[case] expected: &str) {
        let json = Json::parse(r#"{"a/b": [[], {"~1": {}}], "c": {}, "": 1}"#).unwrap();
        assert_eq!(pointer(json.root(), json.root().pointer(expected).unwrap()), expected);
    }

    fn difference(situation: Situation, rule: Rule) -> Difference<'static, 'static> {
        Difference { situation, rule, place: None, expected: None, actual: None, why: Why::Shown }
    }

    #[test]
    fn neither_a_failure_nor_a_rule_is_ever_dropped_for_warnings() {
        let id = ContractId::new("a");
        let mut collector = Collector::new(&id, Profile::Service, None, 0);
        for extra in 0..1000 {
            let name = Step::Member(extra.to_string().into());
            collector.add(&[name], None, Guide::NONE, difference(Situation::ExtraMember, Rule::MemberExtra));
        }
        collector.add(&[], None, Guide::NONE, difference(Situation::FormatLost, Rule::Format));
        collector.add(&[], None, Guide::NONE, difference(Situation::OtherType, Rule::Type));
        let (mismatches, more) = collector.finish();
        assert_eq!((mismatches.len(), more), (50, 952));
        let count = |rule| mismatches.iter().filter(|mismatch| mismatch.rule == rule).count();
        assert_eq!((count(Rule::Type), count(Rule::Format)), (1, 1));
    }

    #[test]
    fn an_element_that_differs_twice_counts_once() {
        let id = ContractId::new("a");
        let mut collector = Collector::new(&id, Profile::Service, None, 1);
        for array in 0..2 {
            let visit = collector.visit(0, 5);
            for index in [2, 2, 3 + array] {
                let found = difference(Situation::OtherType, Rule::Type);
                collector.add(&[Step::Element(index)], Some(visit.element(index)), Guide::NONE, found);
            }
        }
        let (mismatches, _) = collector.finish();
        let elements: Vec<_> = mismatches.into_iter().map(|mismatch| mismatch.elements).collect();
        let path = "$[2]".to_owned();
        assert_eq!(elements, [Some(Elements { count: 4, of: 10, first: 2, path, alike: true })]);
    }
}
