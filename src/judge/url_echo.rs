//! What the documented answer repeats of the documented URL, the service must repeat of the URL that was sent.

use super::collect::{Collector, Difference, Step, Within, path};
use super::format::is_guid;
use super::guide::Guide;
use super::meaning::same;
use super::table::Situation;
use super::template::is_control;
use crate::contract::url::{DocumentedUrl, Part, PartKind, parts, whole_placeholder};
use crate::json::{Json, Kind, Value};
use crate::message::Sent;
use crate::verdict::{Rule, Why};
use memchr::{memchr, memmem};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A place of the documented answer that repeats the URL; those of all elements of an array are one.
#[derive(Debug)]
pub(super) struct UrlEcho<'a> {
    way: Vec<Step<'a>>,
    /// What the page shows there.
    example: Value<'a>,
    /// The parts of the URL that have this text, counted as [`parts`] gives them: any of them may be meant.
    parts: Vec<Source>,
    quantity: Quantity,
    /// Counts the elements of the arrays on the way.
    template: usize,
}

/// A part of the URL that a shown text repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Source {
    part: usize,
    reading: Reading,
}

/// How a text repeats a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Plain,
    /// As forms are read: `+` is a blank.
    Form,
}

/// The parts of the documented URL as it was filled, each if it was sent: what was not, since the user has another path
/// sent instead, cannot be repeated.
pub(super) fn filled(sent: &Sent) -> Vec<Option<Part<'_>>> {
    let went = parts(&DocumentedUrl::new(&sent.url));
    let was_sent = |part: &Part<'_>| sent.url.is_empty() || went.iter().any(|went| went.text == part.text);
    let filled = parts(&DocumentedUrl::new(&sent.documented_url)).into_iter();
    filled.map(|part| was_sent(&part).then_some(part)).collect()
}

/// In how many elements of an array the value must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantity {
    /// In every one, as in every one that is shown: the URL says whose elements they are.
    Each,
    /// In one at least.
    Some,
}

/// Finds what a documented answer repeats of the documented URL, but for what it repeats of the body, which is
/// `known` by where it is written; takes one more template for each place.
pub(super) fn find<'a>(
    shown: Value<'a>,
    url: &'a str,
    known: &BTreeSet<usize>,
    templates: &mut usize,
) -> Vec<UrlEcho<'a>> {
    let url = DocumentedUrl::new(url);
    let parts = parts(&url);
    // Mostly nothing does, and then the places need not be told apart. What holds no escape is looked through as text.
    let raw = shown.raw().as_bytes();
    let is_written = |part: &Part<'_>| {
        // A guid may be written in other letters.
        let is_there = |text: &str| memmem::find(raw, format!("\"{text}\"").as_bytes()).is_some();
        is_guid(&part.text) || is_there(&part.text) || part.form.as_deref().is_some_and(is_there)
    };
    let says = |part: &Part<'_>, text: &str| {
        part.text.eq_ignore_ascii_case(text) || part.form.as_deref() == Some(text)
    };
    let may = memchr(b'\\', raw).is_some() || parts.iter().any(is_written);
    if !may || !shown.has_string(|text| parts.iter().any(|part| says(part, text))) {
        return Vec::new();
    }
    let mut places = Places { order: Vec::new(), index: BTreeMap::new(), steps: Vec::new() };
    places.gather(shown, "");
    let mut echoes = Vec::new();
    for (way, values) in places.order {
        let sources = |text: &Value<'_>| sources(&parts, *text, &way);
        let matches: Vec<(Value<'a>, Vec<Source>)> = values
            .iter()
            .filter(|value| !known.contains(&value.span().start))
            .map(|text| (*text, sources(text)))
            .filter(|(_, sources)| !sources.is_empty())
            .collect();
        let Some((_, first)) = matches.first() else { continue };
        // A query value chooses among elements, all of them where several are shown so; a segment or a key says whose
        // they are.
        let scopes = |source: &Source| {
            let is_query = |part: &Part| part.kind == PartKind::QueryValue;
            values.len() > 1 || parts.get(source.part).is_some_and(|part| !is_query(part))
        };
        let of_each = matches.len() == values.len()
            && matches!(way.last(), Some(Step::Member(_)))
            && matches.iter().all(|(_, sources)| sources == first)
            && first.iter().all(scopes);
        let quantity = if of_each || !way.contains(&Step::Every) { Quantity::Each } else { Quantity::Some };
        let mut told: Vec<&Vec<Source>> = Vec::new();
        for (example, sources) in &matches {
            if told.contains(&sources) {
                continue;
            }
            told.push(sources);
            let (way, parts, example) = (way.clone(), sources.clone(), *example);
            echoes.push(UrlEcho { way, example, parts, quantity, template: *templates });
            *templates += 1;
        }
    }
    echoes
}

/// The shown values, by the way to them.
struct Places<'a> {
    order: Vec<(Vec<Step<'a>>, Vec<Value<'a>>)>,
    index: BTreeMap<String, usize>,
    steps: Vec<Step<'a>>,
}

impl<'a> Places<'a> {
    fn gather(&mut self, shown: Value<'a>, member: &str) {
        // What is no text repeats nothing, but where some elements hold such, not every one holds the echo.
        if !is_control(member) {
            let at = *self.index.entry(path(&self.steps)).or_insert(self.order.len());
            match self.order.get_mut(at) {
                Some((_, values)) => values.push(shown),
                None => self.order.push((self.steps.clone(), vec![shown])),
            }
        }
        match shown.kind() {
            Kind::Object => {
                let repeated = shown.repeated();
                for child in shown.members() {
                    let name = child.name();
                    // Of a member that stands twice the first is held, here as there.
                    if repeated.iter().any(|(_, later)| later.key.span() == child.key.span()) {
                        continue;
                    }
                    self.steps.push(Step::Member(name.clone()));
                    self.gather(child.value, &name);
                    self.steps.pop();
                }
            }
            Kind::Array => {
                self.steps.push(Step::Every);
                shown.elements().for_each(|element| self.gather(element, member));
                self.steps.pop();
            }
            _ => {}
        }
    }
}

/// The parts of the URL that a shown string repeats, where that cannot be chance.
fn sources(parts: &[Part<'_>], shown: Value<'_>, way: &[Step<'_>]) -> Vec<Source> {
    let text = shown.as_str().unwrap_or_default();
    // Every element of a collection has a placeholder `{id}` of its own.
    let generic = way.contains(&Step::Every)
        && whole_placeholder(&text)
            .is_some_and(|place| place.names.iter().all(|name| name.eq_ignore_ascii_case("id")));
    if text.is_empty() || generic {
        return Vec::new();
    }
    let telling = |part: &Part<'_>| {
        part.kind == PartKind::QuotedKey
            || whole_placeholder(&part.text).is_some()
            || text.bytes().any(|byte| byte.is_ascii_digit())
            || text.chars().count() >= 12
    };
    let is_version = |part: &Part<'_>| part.kind == PartKind::Segment && is_version(&part.text);
    let reading = |part: &Part<'_>| {
        let plain = part.text == text || is_guid(&text) && part.text.eq_ignore_ascii_case(&text);
        let form = part.form.as_deref() == Some(text.as_ref());
        if plain { Some(Reading::Plain) } else { form.then_some(Reading::Form) }
    };
    let counts = |part: &Part<'_>| telling(part) && !is_version(part) && !only_filters(part, way);
    let repeating = parts.iter().enumerate().filter(|(_, part)| counts(part));
    repeating.filter_map(|(at, part)| Some(Source { part: at, reading: reading(part)? })).collect()
}

/// `v1`, `v1.0`: the version of an API, which is nobody's name.
fn is_version(segment: &str) -> bool {
    segment.strip_prefix(['v', 'V']).is_some_and(|rest| {
        rest.starts_with(|first: char| first.is_ascii_digit())
            && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}

/// Whether a query value chooses among elements by what they need not repeat: of `?from=2026-02-01` an element may well
/// have that day and another none; of `?member=m-17` each has the member.
fn only_filters(part: &Part<'_>, way: &[Step<'_>]) -> bool {
    let plain = |name: &str| -> String {
        let letters =
            name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
        letters.strip_suffix("id").map_or(letters.clone(), str::to_owned)
    };
    let member = way.iter().rev().find_map(|step| match step {
        Step::Member(name) | Step::Entry(name) => Some(name.as_ref()),
        Step::Every | Step::Element(_) | Step::Index(_) => None,
    });
    part.kind == PartKind::QueryValue
        && way.contains(&Step::Every)
        && member.is_none_or(|member| plain(member) != plain(part.parameter))
}

impl<'a> UrlEcho<'a> {
    /// The way to it.
    pub(super) fn way(&self) -> &[Step<'a>] {
        &self.way
    }

    /// What the page shows there.
    pub(super) fn example(&self) -> Value<'a> {
        self.example
    }

    /// Whether it stands in every element, or in one at least.
    pub(super) fn is_of_each(&self) -> bool {
        self.quantity == Quantity::Each
    }

    /// Holds an answer against the documented URL as it was filled.
    pub(super) fn check(
        &self,
        collector: &mut Collector<'_>,
        guide: Guide<'_>,
        filled: &[Option<Part<'_>>],
        answer: Value<'_>,
    ) {
        let sent: Vec<Json> = self
            .parts
            .iter()
            .filter_map(|source| {
                let part = filled.get(source.part)?.as_ref()?;
                let form = part.form.as_deref().filter(|_| source.reading == Reading::Form);
                Some(Json::string(form.unwrap_or(&part.text)))
            })
            .collect();
        let Some(expected) = sent.last() else { return };
        let is_echo = |value: Value<'_>| sent.iter().any(|sent| same(sent.root(), value));
        let expected = expected.root();
        let (elements, seen) = (Vec::new(), Seen::None);
        let mut check = Check { echo: self, collector, expected, within: None, elements, seen };
        check.walk(&self.way, guide, answer, &is_echo);
        let nowhere = self.quantity == Quantity::Some && check.seen == Seen::Others;
        if nowhere && !guide.exempts(&self.way, Some(answer)) {
            check.broken(Guide::NONE, None);
        }
    }
}

/// What was seen at the end of the way.
#[derive(PartialEq, Eq)]
enum Seen {
    None,
    Others,
    Echo,
}

struct Check<'s, 'c, 'a> {
    echo: &'s UrlEcho<'a>,
    collector: &'s mut Collector<'c>,
    expected: Value<'s>,
    within: Option<Within>,
    /// The indices of the elements that it is in.
    elements: Vec<usize>,
    seen: Seen,
}

impl Check<'_, '_, '_> {
    fn walk(
        &mut self,
        way: &[Step<'_>],
        guide: Guide<'_>,
        value: Value<'_>,
        is_echo: &impl Fn(Value<'_>) -> bool,
    ) {
        match way.split_first() {
            None if is_echo(value) => self.seen = Seen::Echo,
            None => {
                // Another type at this place was said already, null for a value too.
                if self.echo.quantity == Quantity::Each && !self.is_said(value) {
                    self.broken(guide, Some(value));
                }
                if self.seen == Seen::None {
                    self.seen = Seen::Others;
                }
            }
            Some((Step::Member(name) | Step::Entry(name), rest)) => {
                if let Some(member) = value.members().find(|member| member.name() == *name) {
                    self.walk(rest, guide.member(name), member.value, is_echo);
                }
            }
            Some((Step::Every | Step::Element(_) | Step::Index(_), rest)) => {
                let visit = self.collector.visit(self.echo.template, value.elements().count());
                let outer = self.within;
                for (index, element) in value.elements().enumerate() {
                    self.within = Some(visit.element(index));
                    self.elements.push(index);
                    self.walk(rest, guide.element(index, Some(element)), element, is_echo);
                    self.elements.pop();
                }
                self.within = outer;
            }
        }
    }

    fn is_said(&self, value: Value<'_>) -> bool {
        value.kind() != Kind::String && self.collector.has_other_type_at(&path(&self.echo.way))
    }

    fn broken(&mut self, guide: Guide<'_>, actual: Option<Value<'_>>) {
        let shown = self.echo.example.as_str().unwrap_or(Cow::Borrowed(""));
        let difference = Difference {
            situation: Situation::BrokenPromise,
            rule: Rule::Echo,
            place: Some(self.echo.example),
            expected: Some(self.expected),
            actual,
            why: Why::PathEcho(shown.into_owned()),
        };
        let within = self.within.filter(|_| actual.is_some());
        let mut elements = self.elements.iter();
        let here = self.echo.way.iter().map(|step| match step {
            Step::Every => elements.next().map_or(Step::Every, |index| Step::Element(*index)),
            step => step.clone(),
        });
        let here: Vec<Step<'_>> = here.collect();
        self.collector.add(&here, within, guide, difference);
    }
}
