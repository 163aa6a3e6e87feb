//! Failures that people know of: whose they are, why they stand, and until when.

use super::{Mismatch, Rule, Written};
use crate::contract::ContractId;
use crate::contract::select::Pattern;
use crate::json::Json;
use std::fmt;
use std::str::FromStr;

/// A failure that does not fail a run, up to its day. It stands for one rule at one place, so that whatever else
/// breaks in the same contract fails as ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFailure {
    /// A glob over ids.
    pub contract: Pattern,
    /// The rule that is broken.
    pub rule: Rule,
    /// The place, as the report names it; none for the answer as a whole: its status, or its body as such.
    pub at: Option<String>,
    /// What is known to come there; none for anything. A status is known by its number alone, or an outage would be
    /// excused with it.
    pub actual: Option<Json>,
    /// Who looks after it.
    pub owner: String,
    /// Why it stands.
    pub reason: String,
    /// The last day on which it is excused.
    pub expires: Day,
    /// Where it was written.
    pub written: Written,
}

impl KnownFailure {
    /// Whether this is the failure of a contract.
    pub fn is(&self, id: &ContractId, mismatch: &Mismatch) -> bool {
        let brings = match &self.actual {
            None => self.rule != Rule::Status,
            // Of elements that came in several ways one is shown.
            Some(_) => {
                mismatch.actual.as_ref().is_some_and(|came| self.is_of(came))
                    && mismatch.elements.as_ref().is_none_or(|elements| elements.alike)
            }
        };
        brings && self.is_there(id, mismatch)
    }

    /// Whether this is what is known to come, in whatever order and spelling.
    pub fn is_of(&self, came: &Json) -> bool {
        self.actual.as_ref().is_some_and(|actual| actual.root().to_normal() == came.root().to_normal())
    }

    /// Whether a contract breaks this rule at this place, whatever comes there.
    pub fn is_there(&self, id: &ContractId, mismatch: &Mismatch) -> bool {
        let place = match &self.at {
            Some(at) if at.starts_with('$') => *at == mismatch.at,
            Some(header) => header.eq_ignore_ascii_case(&mismatch.at),
            None => matches!(mismatch.at.as_str(), "" | "$"),
        };
        self.rule == mismatch.rule && place && self.contract.is_for(id)
    }

    /// Whether it is no longer excused.
    pub fn is_expired(&self, today: Day) -> bool {
        self.expires < today
    }
}

/// What is to be said of an entry itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownNote {
    /// The entry.
    pub known: KnownFailure,
    /// What is the matter with it.
    pub state: KnownState,
}

/// What is the matter with a known failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownState {
    /// Its day is over: it fails.
    Expired,
    /// Contracts that it is for were judged, and none failed so.
    Mended,
    /// They were, and one breaks the same rule, but at this other place.
    Elsewhere(String),
    /// They were, and one fails there, but this came instead of what is known to.
    AnotherValue(Json),
    /// It is for no contract; which one was most likely meant, where that was told.
    Unused(Option<String>),
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: i64,
    month: u8,
    of_month: u8,
}

impl Day {
    /// The day in UTC, so many seconds after the beginning of 1970.
    pub fn of_unix(seconds: u64) -> Day {
        // Years that begin in March: the leap day is the last of its year.
        let days = i64::try_from(seconds / 86_400).unwrap_or_default() + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        let small = |figure: i64| u8::try_from(figure).unwrap_or_default();
        Day { year, month: small(month), of_month: small(day) }
    }

    fn days_of_month(year: i64, month: u8) -> u8 {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }
}

/// Why a text is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("give a day such as 2026-12-31")]
pub struct DayError;

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Day, DayError> {
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts.as_slice() else { return Err(DayError) };
        let shaped = year.len() == 4 && month.len() == 2 && day.len() == 2;
        let digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        if !shaped || !digits {
            return Err(DayError);
        }
        let year = year.parse().map_err(|_| DayError)?;
        let (month, day) = (month.parse().map_err(|_| DayError)?, day.parse().map_err(|_| DayError)?);
        let lawful = (1..=12).contains(&month) && (1..=Day::days_of_month(year, month)).contains(&day);
        if lawful { Ok(Day { year, month, of_month: day }) } else { Err(DayError) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.of_month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, "1970-01-01")]
    #[case(86_399, "1970-01-01")]
    #[case(86_400, "1970-01-02")]
    #[case(951_782_400, "2000-02-29")]
    #[case(951_868_800, "2000-03-01")]
    #[case(1_798_761_599, "2026-12-31")]
    #[case(1_798_761_600, "2027-01-01")]
    #[case(4_107_542_400, "2100-03-01")]
    fn days_of_the_clock(#[case] seconds: u64, #[case] day: &str) {
        assert_eq!(Day::of_unix(seconds).to_string(), day);
        assert_eq!(day.parse(), Ok(Day::of_unix(seconds)));
    }

    #[rstest]
    #[case("2026-02-29")]
    #[case("2026-13-01")]
    #[case("2026-00-01")]
    #[case("26-01-01")]
    #[case("2026-1-1")]
    #[case("tomorrow")]
    fn no_days(#[case] text: &str) {
        assert_eq!(text.parse::<Day>(), Err(DayError));
    }

    #[test]
    fn days_are_in_order() {
        let days: Vec<Day> =
            ["2025-12-31", "2026-01-01", "2026-02-01"].map(|day| day.parse().unwrap()).to_vec();
        assert!(days.is_sorted());
    }
}
