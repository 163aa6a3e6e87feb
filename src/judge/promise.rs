//! What a contract promises of each place of the answer, compiled once from the documented pair.

use super::answer::is_markup;
use super::echo::{self, Echoes};
use super::exact;
use super::example::{Example, TypeWord};
use super::format::Format;
use super::guide::{self, Overlay};
use super::headers::{Field, FieldKind};
use super::kinds::Kinds;
use super::rules::{Compiled, Rules};
use super::table::Situation;
use super::template::Compiler;
use super::url_echo::{self, UrlEcho};
use crate::contract::{Confidence, Contract, ContractId, Status};
use crate::json::{Json, Kind, Value};
use crate::message::Body;
use crate::verdict::Profile;
use base64::Engine;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// How deep what is documented may be nested, for places to be told apart: more than any contract is that is read from
/// a file or a page, and little enough for the walks along it, which recurse.
pub(super) const DEEPEST: usize = 199;

/// What a contract promises of an answer.
#[derive(Debug)]
pub struct Promise<'a> {
    pub(super) contract: &'a ContractId,
    pub(super) profile: Profile,
    pub(super) status: Status,
    pub(super) fields: Vec<Field<'a>>,
    pub(super) body: BodyPromise<'a>,
    pub(super) echoes: Echoes<'a>,
    pub(super) url_echoes: Vec<UrlEcho<'a>>,
    /// How many array templates there are, so that their elements can be counted.
    pub(super) templates: usize,
    /// Where what the page elides begins, in the text of the body.
    pub(super) elided: BTreeSet<usize>,
    /// What is to be counted of each place, by its index.
    pub(super) places: Vec<Counted>,
    /// How many places the documented body has.
    pub(super) all: usize,
    /// What is counted of an answer that says just what the page shows: how many of all places are checked then; none
    /// where even such an answer is to be looked at.
    pub(super) repeated: Option<usize>,
    /// What the page shows, its members by their names; asked where an answer that is taken literally has them so.
    pub(super) by_name: OnceLock<Option<Json>>,
    /// Where the documented objects begin that have a member twice; asked where an answer has another order.
    pub(super) ambiguous: OnceLock<BTreeSet<usize>>,
    /// The rules by hand that are for this contract, in order.
    pub(super) rules: Vec<Arc<Compiled>>,
    /// Those that match a place of the documented body, by their positions.
    pub(super) matched: BTreeSet<usize>,
}

/// What a contract promises of the answer's body.
#[derive(Debug)]
pub(super) enum BodyPromise<'a> {
    /// No body is documented.
    Undocumented,
    /// The docs say that none comes.
    Empty,
    /// Every place of this.
    Json(Place<'a>),
    /// Exactly this, but for what the page elides; where rules by hand may say otherwise, its places as well.
    Literal(&'a Json, Option<Place<'a>>),
    /// A text.
    Text(&'a str),
    /// These octets.
    Octets(Vec<u8>),
    /// Some content, of which only the media type is known.
    Something,
    /// The same, where the page was read by a guess, and shows no markup.
    Guessed,
    /// JSON that is nested deeper than the judge goes.
    TooDeep,
}

impl Promise<'_> {
    /// Whether a media type is documented.
    pub(super) fn names_media(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.kind, FieldKind::Media))
    }

    /// The rules by hand laid over an answer, or over the documented body where no JSON came; none where there are
    /// no rules.
    pub(super) fn overlay(&self, answer: Option<Value<'_>>) -> Option<Overlay<'_>> {
        let shown = self.body.shown();
        let answer = answer.or(shown);
        (!self.rules.is_empty()).then(|| Overlay::new(&self.rules, self.body.place(), shown, answer))
    }
}

impl<'a> BodyPromise<'a> {
    /// The documented JSON.
    pub(super) fn shown(&self) -> Option<Value<'a>> {
        match self {
            BodyPromise::Json(place) => Some(place.example),
            BodyPromise::Literal(json, ..) => Some(json.root()),
            _ => None,
        }
    }

    /// What is documented of the body as a whole.
    pub(super) fn place(&self) -> Option<&Place<'a>> {
        match self {
            BodyPromise::Json(place) | BodyPromise::Literal(_, Some(place)) => Some(place),
            _ => None,
        }
    }
}

impl Place<'_> {
    /// Whether a value is a scalar, and all that is promised of this place.
    #[inline]
    pub(super) fn is_kept_by(&self, value: Value<'_>) -> bool {
        self.free.contains(value.kind())
            || self.kinds.contains(Kind::Number) && value.is_integer()
            || self.is_kept_closely(value)
    }

    /// Whether a scalar is shown here, beside whatever else is.
    pub(super) fn has_scalar(&self) -> bool {
        [Kind::Bool, Kind::Number, Kind::String].into_iter().any(|kind| self.kinds.contains(kind))
    }

    /// Works out what of it can be told by a look at a value's type, once nothing else is to be added.
    pub(super) fn settle(&mut self) {
        self.free = Kinds::default();
        for kind in [Kind::Null, Kind::Bool, Kind::Number, Kind::String] {
            let asked = match kind {
                Kind::Number => self.whole,
                Kind::String => self.text != TextPromise::Free,
                _ => false,
            };
            if self.only_null || self.kinds.contains(kind) && !asked {
                self.free.insert(kind);
            }
        }
    }

    /// Apart, for the look at its type to be short wherever it is taken.
    #[inline(never)]
    fn is_kept_closely(&self, value: Value<'_>) -> bool {
        let kind = value.kind();
        if self.only_null {
            return !matches!(kind, Kind::Array | Kind::Object);
        }
        self.kinds.contains(kind)
            && match kind {
                Kind::Null | Kind::Bool => true,
                Kind::Number => !self.whole || value.is_whole(),
                Kind::String => self.text.is_kept_by(value),
                Kind::Array | Kind::Object => false,
            }
    }
}

/// How a place counts among those that were checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// As checked, once something was held against it.
    Promised,
    /// As unchecked: the page elides it, or shows it as null only.
    Open,
    /// Not at all: it says again what other places say.
    Again,
}

/// What a place of the body promises.
#[derive(Debug)]
pub(super) struct Place<'a> {
    /// The first example that the page shows here.
    pub(super) example: Value<'a>,
    /// Among all places of the contract.
    pub(super) index: usize,
    /// The types that are lawful here.
    pub(super) kinds: Kinds,
    /// Of these types every value keeps all that is promised here.
    pub(super) free: Kinds,
    /// All examples are null: anything may come.
    pub(super) only_null: bool,
    /// The page declares that null may come.
    pub(super) nullable: bool,
    /// Every number shown is whole.
    pub(super) whole: bool,
    pub(super) text: TextPromise<'a>,
    /// The shown texts that are no values.
    pub(super) stand_ins: Vec<Cow<'a, str>>,
    pub(super) members: Vec<MemberPromise<'a>>,
    /// The first of the slots that [`Order`](super::order::Order) keeps for its members.
    pub(super) slot: usize,
    /// The positions of its members by their names, where they are too many to be looked through.
    pub(super) by_name: Vec<usize>,
    /// What every member promises, where a rule by hand says that their names are data; then there are no `members`.
    pub(super) keyed: Option<Box<Place<'a>>>,
    /// Counts those members, as a template's index does elements.
    pub(super) entries: usize,
    /// What to make of members that are not shown.
    pub(super) extra: Situation,
    pub(super) elements: Option<Box<Template<'a>>>,
}

/// What a string promises beyond being one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TextPromise<'a> {
    Free,
    Format(Format),
    Enumeration(Vec<String>),
    /// `@odata.type`: the name of the object's type.
    TypeName(Cow<'a, str>),
}

impl TextPromise<'_> {
    fn is_kept_by(&self, value: Value<'_>) -> bool {
        let text = || value.as_str().unwrap_or_default();
        match self {
            TextPromise::Free => true,
            TextPromise::Format(format) => format.fits(&text()),
            TextPromise::Enumeration(words) => words.iter().any(|word| value.is_text(word)),
            TextPromise::TypeName(name) => same_type_name(name, &text()),
        }
    }

    /// What one example promises.
    pub(super) fn of(example: Example) -> TextPromise<'static> {
        match example {
            Example::Formatted(format) | Example::TypeWord(TypeWord::Text(Some(format))) => {
                TextPromise::Format(format)
            }
            Example::Enumeration(words) => TextPromise::Enumeration(words),
            _ => TextPromise::Free,
        }
    }
}

/// A member that the page shows.
#[derive(Debug)]
pub(super) struct MemberPromise<'a> {
    pub(super) name: Cow<'a, str>,
    /// What its absence means; none where some of the shown objects lack it too.
    pub(super) absent: Option<Situation>,
    /// The page shows it twice in one object, with other values.
    pub(super) twice: bool,
    pub(super) place: Place<'a>,
}

/// What every element of an array promises, merged from the shown ones.
#[derive(Debug)]
pub(super) struct Template<'a> {
    /// Its index among the contract's templates.
    pub(super) index: usize,
    /// The member that tells the elements' types apart, where they have one.
    pub(super) tag: Option<&'static str>,
    /// One per tag.
    pub(super) variants: Vec<(Cow<'a, str>, Place<'a>)>,
    /// The page shows an empty array here too.
    pub(super) may_be_empty: bool,
    /// What all shown elements have in common.
    pub(super) common: Place<'a>,
}

impl<'a> Template<'a> {
    /// What an element promises, by its tag; none where it has one that the page does not show.
    #[inline]
    pub(super) fn of(&self, element: Value<'_>) -> Option<&Place<'a>> {
        let Some(tag) = self.tag else { return Some(&self.common) };
        let text = tag_text(element, tag)?;
        self.variants.iter().find(|(known, _)| same_tag(tag, known, &text)).map(|(_, place)| place)
    }
}

/// Compiles what a contract promises, as strictly as the profile has it.
pub fn compile(contract: &Contract, profile: Profile) -> Promise<'_> {
    compile_by(contract, profile, Vec::new())
}

/// Compiles what a contract promises, and what rules by hand say of it.
pub fn compile_with_rules<'a>(contract: &'a Contract, profile: Profile, rules: &Rules) -> Promise<'a> {
    compile_by(contract, profile, rules.of(&contract.id).cloned().collect())
}

impl Promise<'_> {
    /// The rules by hand that match a place of the documented body, by their positions.
    pub fn documented(&self) -> &BTreeSet<usize> {
        &self.matched
    }
}

fn compile_by(contract: &Contract, profile: Profile, rules: Vec<Arc<Compiled>>) -> Promise<'_> {
    let mut compiler = Compiler::new(contract, guide::keyed(&rules, contract.response.body.json()));
    let body = body(contract, profile, &rules, &mut compiler);
    let (all, repeated) = counts(&body, &compiler);
    let mut templates = compiler.templates;
    let (mut echoes, mut url_echoes) = (Echoes::default(), Vec::new());
    if let BodyPromise::Json(place) = &body {
        echoes = echo::find(place.example, contract.request.body.json(), &mut templates);
        let mut known = BTreeSet::new();
        echoes.add_starts(&mut known);
        url_echoes = url_echo::find(place.example, &contract.request.url, &known, &mut templates);
    }
    let matched = match rules.as_slice() {
        [] => BTreeSet::new(),
        rules => Overlay::new(rules, body.place(), None, body.shown()).matched,
    };
    Promise {
        contract: &contract.id,
        profile,
        status: contract.response.status,
        fields: super::headers::fields(contract),
        body,
        echoes,
        url_echoes,
        templates,
        elided: compiler.elided,
        places: compiler.places,
        all,
        repeated: repeated.filter(|_| rules.is_empty()),
        by_name: OnceLock::new(),
        ambiguous: OnceLock::new(),
        rules,
        matched,
    }
}

/// How many places there are, and how many of them are checked where the answer repeats the page.
fn counts(body: &BodyPromise<'_>, compiler: &Compiler<'_>) -> (usize, Option<usize>) {
    let counted = |which: fn(Counted) -> bool| compiler.places.iter().filter(|it| which(**it)).count();
    match body {
        BodyPromise::Undocumented | BodyPromise::Empty => (0, None),
        BodyPromise::Json(_) => {
            let promised = counted(|counted| counted == Counted::Promised);
            (counted(|counted| counted != Counted::Again), compiler.keeps_itself.then_some(promised))
        }
        BodyPromise::Literal(shown, _) => {
            let all = exact::count(shown.root());
            (all, Some(all - compiler.elided_texts))
        }
        BodyPromise::Text(_)
        | BodyPromise::Octets(_)
        | BodyPromise::Something
        | BodyPromise::Guessed
        | BodyPromise::TooDeep => (1, None),
    }
}

fn body<'a>(
    contract: &'a Contract,
    profile: Profile,
    rules: &[Arc<Compiled>],
    compiler: &mut Compiler<'a>,
) -> BodyPromise<'a> {
    let response = &contract.response;
    match &response.body {
        _ if response.forbids_body() => BodyPromise::Empty,
        Body::None => BodyPromise::Undocumented,
        // No service can keep a body that HTTP leaves out (RFC 9110, 6.4.1): the page is wrong, not the answer.
        _ if matches!(response.status, Status::Code(100..=199 | 204 | 304)) => BodyPromise::Undocumented,
        Body::Text(text) if contract.source.confidence == Confidence::Low && is_markup(text.as_bytes()) => {
            BodyPromise::Something
        }
        _ if contract.source.confidence == Confidence::Low => BodyPromise::Guessed,
        Body::Json(json) if json.root().is_deeper_than(DEEPEST) => BodyPromise::TooDeep,
        Body::Json(json) if profile == Profile::Golden => {
            let place = (!rules.is_empty()).then(|| compiler.root(json.root()));
            BodyPromise::Literal(json, place)
        }
        Body::Json(json) => BodyPromise::Json(compiler.root(json.root())),
        body if body.is_binary_marker() => BodyPromise::Something,
        Body::Text(text) => BodyPromise::Text(text),
        Body::Base64(octets) => match base64::engine::general_purpose::STANDARD.decode(octets) {
            Ok(octets) if profile != Profile::Service => BodyPromise::Octets(octets),
            _ => BodyPromise::Something,
        },
    }
}

/// An element's tag.
pub(super) fn tag_text<'v>(element: Value<'v>, tag: &str) -> Option<Cow<'v, str>> {
    element.members().find(|member| member.is_named(tag))?.value.as_str()
}

/// Whether two tags name the same: of a type's name a leading `#` and letter case say nothing.
pub(super) fn same_tag(tag: &str, one: &str, two: &str) -> bool {
    if tag == "@odata.type" { same_type_name(one, two) } else { one == two }
}

pub(super) fn same_type_name(one: &str, two: &str) -> bool {
    one.trim_start_matches('#').eq_ignore_ascii_case(two.trim_start_matches('#'))
}
