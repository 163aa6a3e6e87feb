//! Values that nobody wrote down: ids that are new in every run, and times from now on.
//!
//! Clock and chance come from outside, once for a run: so a value is the same wherever it is used, and equal runs can
//! be had.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// What a run makes values from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Chance.
    pub seed: u128,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub now: i64,
}

impl Source {
    /// The same in every run: no chance, and the first moment of the year 2000.
    pub const FIXED: Source = Source { seed: 0, now: 946_684_800 };
}

/// How a value is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipe {
    /// A random UUID (RFC 9562, version 4).
    Uuid,
    /// So many seconds from now, written in a format.
    Time(i64, String),
}

const DATE_TIME: &str = "%Y-%m-%dT%H:%M:%SZ";

/// Formats that have a name.
const NAMED: [(&str, &str); 4] =
    [("date-time", DATE_TIME), ("date", "%Y-%m-%d"), ("time", "%H:%M:%S"), ("unix", "%s")];

const KNOWN: &str = "uuid, now, now+1h, now-2d";

impl Recipe {
    /// Reads `uuid`, `now`, `now+1h` (s, m, h or d), and the format of a time: one with a name, or of `%Y %m %d %H %M
    /// %S %s`, where letters and signs between them stay.
    pub fn read(make: &str, format: Option<&str>) -> Result<Recipe, String> {
        if make == "uuid" {
            return match format {
                None => Ok(Recipe::Uuid),
                Some(_) => Err("a uuid has no other format".into()),
            };
        }
        let wrong = || format!("{make:?} cannot be made; there are {KNOWN}");
        let offset = make.strip_prefix("now").ok_or_else(wrong)?.trim();
        let seconds = if offset.is_empty() { Some(0) } else { seconds(offset) };
        let format = format.unwrap_or("date-time");
        let named = NAMED.iter().find(|(name, _)| *name == format).map(|(_, format)| *format);
        let format = match named {
            Some(format) => format,
            None if format.contains('%') => format,
            None => {
                let known = NAMED.map(|(name, _)| name).join(", ");
                return Err(format!(
                    "{format:?} is no format; there are {known}, and texts such as \"%Y%m%d\""
                ));
            }
        };
        write(0, format).ok_or_else(|| format!("{format:?}: after % comes one of Y m d H M S s %"))?;
        Ok(Recipe::Time(seconds.ok_or_else(wrong)?, format.to_owned()))
    }

    /// The value that a name has in a run.
    pub fn make(&self, name: &str, source: &Source) -> String {
        match self {
            Recipe::Uuid => uuid(name, source.seed),
            Recipe::Time(from_now, format) => {
                write(source.now.saturating_add(*from_now), format).unwrap_or_default()
            }
        }
    }
}

/// `+1h`, `-30m`
fn seconds(offset: &str) -> Option<i64> {
    let (sign, figure) = match (offset.strip_prefix('+'), offset.strip_prefix('-')) {
        (Some(figure), _) => (1, figure),
        (_, Some(figure)) => (-1, figure),
        _ => return None,
    };
    let end = figure.find(|c: char| !c.is_ascii_digit())?;
    let (figure, unit) = figure.split_at(end);
    let unit: i64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return None,
    };
    // Ten thousand years of seconds: nothing beyond is a date that others can read.
    figure.parse::<i64>().ok()?.checked_mul(unit * sign).filter(|seconds| seconds.abs() < 315_360_000_000)
}

fn uuid(name: &str, seed: u128) -> String {
    let digest = Sha256::new().chain_update(seed.to_be_bytes()).chain_update(name.as_bytes()).finalize();
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(digest.iter()).for_each(|(byte, digest)| *byte = *digest);
    let [.., version, _, variant, _, _, _, _, _, _, _] = &mut bytes;
    *version = *version & 0x0f | 0x40;
    *variant = *variant & 0x3f | 0x80;
    let hex = format!("{:032x}", u128::from_be_bytes(bytes));
    let mut text = String::with_capacity(36);
    for (at, digit) in hex.chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

/// A moment in a format; none where the format is none.
fn write(moment: i64, format: &str) -> Option<String> {
    let (days, second) = (moment.div_euclid(86_400), moment.rem_euclid(86_400));
    let (year, month, day) = date(days);
    let mut text = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            text.push(letter);
            continue;
        }
        let _ = match letters.next()? {
            'Y' => write!(text, "{year:04}"),
            'm' => write!(text, "{month:02}"),
            'd' => write!(text, "{day:02}"),
            'H' => write!(text, "{:02}", second / 3600),
            'M' => write!(text, "{:02}", second / 60 % 60),
            'S' => write!(text, "{:02}", second % 60),
            's' => write!(text, "{moment}"),
            '%' => write!(text, "%"),
            _ => return None,
        };
    }
    Some(text)
}

/// Year, month and day of a day since 1970-01-01, in the Gregorian calendar.
fn date(days: i64) -> (i64, i64, i64) {
    // Counted in eras of 400 years from the first of March, so that the leap day is the last of its year.
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// 2024-02-28T23:59:58Z
    const EVENING: Source = Source { seed: 7, now: 1_709_164_798 };

    #[rstest]
    #[case("now", None, "2024-02-28T23:59:58Z")]
    #[case("now+2s", None, "2024-02-29T00:00:00Z")]
    #[case("now+1d", Some("date"), "2024-02-29")]
    #[case("now+2d", Some("date"), "2024-03-01")]
    #[case("now-59d", Some("%d.%m.%Y %H:%M:%S"), "31.12.2023 23:59:58")]
    #[case("now+1h", Some("time"), "00:59:58")]
    #[case("now-1m", Some("unix"), "1709164738")]
    #[case("now", Some("100%%"), "100%")]
    fn times(#[case] make: &str, #[case] format: Option<&str>, #[case] made: &str) {
        assert_eq!(Recipe::read(make, format).unwrap().make("x", &EVENING), made);
    }

    #[rstest]
    #[case("uid", None, "there are uuid, now")]
    #[case("now+1y", None, "cannot be made")]
    #[case("now+1", None, "cannot be made")]
    #[case("now+99999999999999d", None, "cannot be made")]
    #[case("now", Some("iso"), "there are date-time, date")]
    #[case("now", Some("%Q"), "after % comes one of")]
    #[case("now", Some("%"), "after % comes one of")]
    #[case("uuid", Some("date"), "no other format")]
    fn what_cannot_be_made(#[case] make: &str, #[case] format: Option<&str>, #[case] problem: &str) {
        let error = Recipe::read(make, format).unwrap_err();
        assert!(error.contains(problem), "{error}");
    }

    #[test]
    fn a_uuid_is_the_same_for_its_name_in_a_run_and_another_for_others() {
        let made = |name: &str, seed| Recipe::Uuid.make(name, &Source { seed, now: 0 });
        assert_eq!(made("a", 1), made("a", 1));
        assert_ne!(made("a", 1), made("b", 1));
        assert_ne!(made("a", 1), made("a", 2));
        for seed in 0..100 {
            let uuid = made("a", seed);
            let parts: Vec<&str> = uuid.split('-').collect();
            assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{uuid}");
            assert!(parts[2].starts_with('4') && parts[3].starts_with(['8', '9', 'a', 'b']), "{uuid}");
        }
    }

    #[test]
    fn every_day_of_four_centuries_is_the_one_after_the_day_before() {
        let mut before = date(-1);
        assert_eq!(before, (1969, 12, 31));
        for day in 0..146_097 {
            let today = date(day);
            let (year, month, last) = before;
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = match month {
                2 if leap => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            let next = match (month, last == length) {
                (12, true) => (year + 1, 1, 1),
                (_, true) => (year, month + 1, 1),
                _ => (year, month, last + 1),
            };
            assert_eq!(today, next);
            before = today;
        }
    }
}
