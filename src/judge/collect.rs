//! Collects mismatches: equal ones of array elements become one, and no answer can make more than a report holds.

use super::table::Situation;
use crate::json::{Json, Value};
use crate::verdict::{Elements, MAX_MISMATCHES, Mismatch, Profile, Rule, Severity, Site, Why};
use std::fmt::Write;

/// One step into the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step<'v> {
    Member(std::borrow::Cow<'v, str>),
    Index(usize),
    /// Every element: `[*]`.
    Every,
}

/// `$.value[*]['@odata.type']`: a JSONPath (RFC 9535), in dots where that is lawful.
pub(super) fn path(steps: &[Step<'_>]) -> String {
    let mut path = String::from("$");
    for step in steps {
        match step {
            Step::Every => path.push_str("[*]"),
            Step::Index(index) => {
                let _ = write!(path, "[{index}]");
            }
            Step::Member(name) if is_plain(name) => {
                path.push('.');
                path.push_str(name);
            }
            Step::Member(name) => {
                path.push_str("['");
                for c in name.chars() {
                    match c {
                        '\'' | '\\' => path.extend(['\\', c]),
                        c if c.is_control() => {
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

/// What is about to be noted of one place.
pub(super) struct Difference<'d, 'v> {
    pub(super) situation: Situation,
    pub(super) rule: Rule,
    pub(super) site: Site,
    /// Where the documented place stands, to sort by.
    pub(super) order: usize,
    pub(super) expected: Option<Value<'d>>,
    pub(super) actual: Option<Value<'v>>,
    pub(super) why: Why,
}

/// The mismatches of one answer.
pub(super) struct Collector {
    profile: Profile,
    drafts: Vec<Draft>,
    more: usize,
    /// How many elements were held against each template.
    visits: Vec<usize>,
}

struct Draft {
    mismatch: Mismatch,
    order: usize,
    template: Option<usize>,
}

/// Where in the elements of an array a difference was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Within {
    pub(super) template: usize,
    pub(super) index: usize,
}

impl Collector {
    pub(super) fn new(profile: Profile, templates: usize) -> Collector {
        Collector { profile, drafts: Vec::new(), more: 0, visits: vec![0; templates] }
    }

    /// Counts the elements that are held against a template.
    pub(super) fn visit(&mut self, template: usize, elements: usize) {
        if let Some(visits) = self.visits.get_mut(template) {
            *visits += elements;
        }
    }

    /// Notes a difference of the body, unless the profile lets it pass.
    pub(super) fn add(&mut self, steps: &[Step<'_>], within: Option<Within>, difference: Difference<'_, '_>) {
        if difference.situation.severity(self.profile).is_some() {
            self.add_at(path(steps), within, difference);
        }
    }

    /// Notes a difference of the status or of the header that `at` names.
    pub(super) fn add_header(&mut self, at: &str, difference: Difference<'_, '_>) {
        self.add_at(at.to_owned(), None, difference);
    }

    fn add_at(&mut self, at: String, within: Option<Within>, difference: Difference<'_, '_>) {
        let Some(severity) = difference.situation.severity(self.profile) else { return };
        let rule = difference.rule;
        if let Some(within) = within
            && let Some(known) = self.drafts.iter_mut().find(|draft| {
                let mismatch = &draft.mismatch;
                draft.template == Some(within.template)
                    && (mismatch.rule, mismatch.severity, &mismatch.at) == (rule, severity, &at)
            })
            && let Some(elements) = &mut known.mismatch.elements
        {
            elements.count += 1;
            return;
        }
        if self.drafts.iter().filter(|draft| draft.mismatch.severity == severity).count() >= MAX_MISMATCHES {
            self.more += 1;
            return;
        }
        self.drafts.push(Draft {
            order: difference.order,
            template: within.map(|within| within.template),
            mismatch: Mismatch {
                severity,
                rule,
                at,
                site: difference.site,
                location: None,
                expected: difference.expected.map(clip),
                actual: difference.actual.map(clip),
                elements: within.map(|within| Elements { count: 1, of: 0, first: within.index }),
                why: difference.why,
            },
        });
    }

    /// Whether this very place was already found broken.
    pub(super) fn has_failed_at(&self, at: &str) -> bool {
        self.drafts.iter().any(|draft| draft.mismatch.severity == Severity::Fail && draft.mismatch.at == at)
    }

    /// All of them in the page's order, and how many more there are. Where they are too many, notes and warnings
    /// give way: a failure is never dropped for them.
    pub(super) fn finish(mut self) -> (Vec<Mismatch>, usize) {
        self.drafts.sort_by_key(|draft| draft.mismatch.severity);
        self.more += self.drafts.len().saturating_sub(MAX_MISMATCHES);
        self.drafts.truncate(MAX_MISMATCHES);
        self.drafts.sort_by_key(|draft| draft.order);
        let visits = self.visits;
        let finished = self.drafts.into_iter().map(|draft| {
            let mut mismatch = draft.mismatch;
            if let (Some(elements), Some(template)) = (&mut mismatch.elements, draft.template) {
                elements.of = visits.get(template).copied().unwrap_or_default();
            }
            mismatch
        });
        (finished.collect(), self.more)
    }
}

/// A copy for the report: whole where a report can hold it, its beginning as a text where it cannot.
fn clip(value: Value<'_>) -> Json {
    const MAX: usize = 20 * 1024;
    if value.raw().len() <= MAX {
        return value.to_json();
    }
    let start: String = value.raw().chars().take(200).collect();
    Json::string(&format!("{start}…"))
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

    #[test]
    fn a_failure_is_never_dropped_for_warnings() {
        let mut collector = Collector::new(Profile::Service, 0);
        let difference = |situation, order| Difference {
            situation,
            rule: Rule::MemberExtra,
            site: Site::Body(String::new()),
            order,
            expected: None,
            actual: None,
            why: Why::Shown,
        };
        for extra in 0..1000 {
            let name = Step::Member(extra.to_string().into());
            collector.add(&[name], None, difference(Situation::ExtraMember, extra));
        }
        collector.add(&[], None, difference(Situation::OtherType, 2000));
        let (mismatches, more) = collector.finish();
        assert_eq!((mismatches.len(), more), (50, 951));
        assert_eq!(mismatches.iter().filter(|mismatch| mismatch.severity == Severity::Fail).count(), 1);
    }
}
