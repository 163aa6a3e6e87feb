//! The table against its row in the guide, and cell by cell against the case files.

#[path = "../../../tests/judge/case.rs"]
mod case;

use super::{Profile, Severity, Situation as S};
use case::{Case, Trial, Wrap};
use std::cell::{Cell, RefCell};
use std::path::Path;

const WRAPS: [Wrap; 3] = [Wrap::Nowhere, Wrap::Deep, Wrap::Element];

thread_local! {
    /// The cells that were looked up.
    static ASKED: RefCell<Vec<(S, Profile)>> = const { RefCell::new(Vec::new()) };
    /// A cell that says otherwise than the table.
    static FLIPPED: Cell<Option<(S, Profile, Option<Severity>)>> = const { Cell::new(None) };
}

/// A row as it is looked up for a profile: while a test has it so, with another cell.
pub(super) fn row(situation: S, profile: Profile, mut row: [Option<Severity>; 3]) -> [Option<Severity>; 3] {
    ASKED.with_borrow_mut(|asked| asked.push((situation, profile)));
    if let Some((flipped, of, severity)) = FLIPPED.get()
        && flipped == situation
    {
        row[of as usize] = severity;
    }
    row
}

/// The rows of the guide that are a situation each, by their first cell.
const ROWS: [(S, &str); 37] = [
    (S::OtherStatus, "another status code"),
    (S::ServerError, "a failure of the service (5xx), where an error is shown without its status"),
    (S::OtherMediaType, "another media type"),
    (S::ContractHeaderAbsent, "a header of the contract is absent"),
    (S::HeaderAbsent, "another documented header is absent"),
    (S::ContractHeaderBroken, "a header of the contract has a value that it cannot have"),
    (S::OtherHeaderValue, "a documented header has another value"),
    (S::MemberAbsent, "a shown member is absent"),
    (S::OptionalMemberAbsent, "the same, and its example is null, or it is declared optional"),
    (S::ControlMemberAbsent, "the same, and it is an `@odata.` member"),
    (S::ExtraMemberWhereTruncated, "a member that is not shown; the page is shortened"),
    (S::ExtraMember, "a member that is not shown; the page is not shortened"),
    (S::ExtraControlMember, "an `@odata.` member that is not shown"),
    (S::NullForValue, "null where a value is shown"),
    (S::NullWhereNullable, "the same, and the member is declared nullable"),
    (S::OtherType, "another JSON type"),
    (S::FractionForInteger, "a fraction where a whole number is shown"),
    (S::FormatLost, "a string without the shown format"),
    (S::BrokenPromise, "another value than was sent"),
    (S::BrokenPromise, "a whole number that was sent lost digits that a float has no room for"),
    (S::BrokenPromise, "another `@odata.type`"),
    (S::UnshownElementType, "the same, of an element of an array"),
    (S::ExampleItself, "the shown text itself, where it is no value"),
    (S::OutsideEnumeration, "a string outside the shown list"),
    (S::NoElements, "no elements, where every example has some"),
    (S::BodyForbidden, "a body, where the page says that none comes"),
    (S::BodyUndocumented, "a body, where none is shown"),
    (S::BodyAbsent, "no body, where one is shown"),
    (S::NotJson, "no JSON, where JSON is shown"),
    (S::OtherText, "another text than the shown one"),
    (S::HtmlForText, "HTML where another text is shown, and no media type"),
    (S::HtmlForGuess, "HTML where a body is shown that was read by a guess, and no media type"),
    (S::RepeatedMember, "a member stands twice, with equal values"),
    (S::ContradictoryMember, "a member stands twice, with different values"),
    (
        S::OddEncoding,
        "a byte order mark before the JSON, a charset that JSON cannot have, or bytes behind the end of gzip",
    ),
    (S::LengthWithoutContent, "a length where there is no content"),
    (S::TwoFramings, "a length beside chunks"),
];

#[test]
fn the_guide_prints_this_table() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/mismatches.md");
    let page = std::fs::read_to_string(page).unwrap();
    let word = |severity| match severity {
        Some(Severity::Fail) => "fail",
        Some(Severity::Warn) => "warning",
        Some(Severity::Note) => "note",
        None => "–",
    };
    for (situation, cell) in ROWS {
        let row = page.lines().find(|line| line.starts_with(&format!("| {cell} |")));
        let row = row.unwrap_or_else(|| panic!("no row: {cell}"));
        let profiles = [Profile::Service, Profile::Mock, Profile::Golden];
        let [service, mock, golden] = profiles.map(|profile| word(situation.severity(profile)));
        assert!(row.ends_with(&format!("| {service} | {mock} | {golden} |")), "{situation:?}: {row}");
    }
}

/// Situations of the answer as a whole, which no place of a body has.
fn is_of_the_whole(situation: S) -> bool {
    use S::{
        BodyAbsent, BodyForbidden, BodyUndocumented, ContractHeaderAbsent, ContractHeaderBroken,
        HeaderAbsent, HtmlForGuess, HtmlForText, LengthWithoutContent, NotJson, OddEncoding,
        OtherHeaderValue, OtherMediaType, OtherStatus, OtherText, ServerError, TwoFramings,
    };
    matches!(
        situation,
        OtherStatus
            | ServerError
            | OtherMediaType
            | ContractHeaderAbsent
            | HeaderAbsent
            | ContractHeaderBroken
            | OtherHeaderValue
            | BodyForbidden
            | LengthWithoutContent
            | TwoFramings
            | BodyAbsent
            | BodyUndocumented
            | NotJson
            | OtherText
            | HtmlForText
            | HtmlForGuess
            | OddEncoding
    )
}

/// Every cell, were it any other, is found out by a case: at the top of a body, three objects deep, and in the elements
/// of an array.
#[test]
fn every_cell_is_held_by_a_case_at_every_depth() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge/cases");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let trials: Vec<Trial> = files.flat_map(|file| Case::read(&file).trials().collect::<Vec<_>>()).collect();
    let asked: Vec<Vec<(S, Profile)>> = trials
        .iter()
        .map(|trial| {
            ASKED.take();
            trial.check().unwrap();
            ASKED.take()
        })
        .collect();
    let is_seen = |cell: (S, Profile), wrap: Wrap| {
        let mut telling = trials.iter().zip(&asked).filter(|(trial, asked)| {
            trial.wrap() == wrap && trial.profile() == cell.1 && asked.contains(&cell)
        });
        telling.any(|(trial, _)| trial.check().is_err())
    };
    let mut survivors = Vec::new();
    for (situation, _) in ROWS {
        for profile in Profile::ALL {
            let is = situation.severity(profile);
            let all = [Some(Severity::Fail), Some(Severity::Warn), Some(Severity::Note), None];
            for other in all.into_iter().filter(|other| *other != is) {
                FLIPPED.set(Some((situation, profile, other)));
                let wraps = if is_of_the_whole(situation) { &WRAPS[..1] } else { &WRAPS };
                for wrap in wraps.iter().filter(|wrap| !is_seen((situation, profile), **wrap)) {
                    survivors.push(format!("{situation:?} {profile:?} {wrap:?}: {is:?} might be {other:?}"));
                }
                FLIPPED.set(None);
            }
        }
    }
    assert!(survivors.is_empty(), "{}", survivors.join("\n"));
}

/// ROWS is all rows: a situation that it lacks would be held by nothing.
#[test]
fn every_situation_is_a_row() {
    let source = include_str!("../table.rs");
    let arms = source.lines().filter_map(|line| line.trim().strip_prefix("Self::")?.split_once("=> ["));
    let arms: Vec<String> = arms.map(|(name, _)| name.trim().to_owned()).collect();
    let known: Vec<String> = ROWS.iter().map(|(situation, _)| format!("{situation:?}")).collect();
    assert!(arms.len() > 30 && arms.iter().all(|arm| known.contains(arm)), "{arms:?}");
}
