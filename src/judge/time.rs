//! Dates, times and durations as texts write them, by what they mean.

/// The digits behind the point that count: more than any clock gives.
const DIGITS: usize = 18;
/// One second, in the smallest unit that is told apart.
const SECOND: u64 = 10_u64.pow(18);

/// A moment between two seconds, to 18 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    seconds: i64,
    fraction: u64,
}

impl Moment {
    /// This moment as clocks of every coarser precision keep it, cut or rounded: a service may store less than it
    /// was sent, but cannot know more.
    pub(super) fn kept_coarser(self) -> impl Iterator<Item = Moment> {
        let precisions =
            (0..u32::try_from(DIGITS).unwrap_or_default()).map(|lost| 10_u64.pow(lost + 1).min(SECOND));
        precisions.flat_map(move |unit| {
            let cut = self.fraction / unit * unit;
            let rounded = (self.fraction + unit / 2) / unit * unit;
            let next = i64::from(rounded == SECOND);
            [
                Moment { fraction: cut, ..self },
                Moment { seconds: self.seconds.saturating_add(next), fraction: rounded % SECOND },
            ]
        })
    }
}

/// The instant that an RFC 3339 date-time means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instant(pub(super) Moment);

impl Instant {
    pub(super) fn of(text: &str) -> Option<Instant> {
        let (day, rest) = text.split_at_checked(10)?;
        let (time, zone) = time(rest.strip_prefix(['T', 't', ' '])?)?;
        let offset = match zone {
            "Z" | "z" => 0,
            zone => {
                let sign = match zone.as_bytes().first()? {
                    b'+' => 1,
                    b'-' => -1,
                    _ => return None,
                };
                let (hours, minutes) = zone.get(1..)?.split_once(':')?;
                match (digits(hours, 2)?, digits(minutes, 2)?) {
                    ((hours @ 0..=23, ""), (minutes @ 0..=59, "")) => sign * (hours * 60 + minutes) * 60,
                    _ => return None,
                }
            }
        };
        let seconds = date(day)? * 24 * 60 * 60 + time.seconds - offset;
        Some(Instant(Moment { seconds, ..time }))
    }
}

/// Whether the text is a date-time as most are written, in UTC and on a day that every month has. What is none may be
/// one all the same: this is to be told without reading it.
pub(super) fn is_plain_instant(text: &str) -> bool {
    let Some((time, rest)) = text.as_bytes().split_first_chunk::<19>() else { return false };
    // What each byte is at least, and how much more it may be: all are looked at, several at a time.
    let least = b"0000-00-00T00:00:00";
    let more = [9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9];
    let fit = time.iter().zip(least).zip(more);
    let shape =
        fit.map(|((byte, least), more)| u8::from(byte.wrapping_sub(*least) <= more)).sum::<u8>() == 19;
    let within = |one: u8, two: u8, least: u8, most: u8| {
        let figure = (one & 15) * 10 + (two & 15);
        (least..=most).contains(&figure)
    };
    let whole = match rest {
        [b'Z'] => true,
        [b'.', digits @ .., b'Z'] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    whole
        && shape
        && within(time[5], time[6], 1, 12)
        && within(time[8], time[9], 1, 28)
        && within(time[11], time[12], 0, 23)
        && within(time[14], time[15], 0, 59)
        && within(time[17], time[18], 0, 60)
}

/// A date and a time of nobody knows which zone: `2021-07-01T12:30:00`, as calendars have it. It is no format that an
/// example promises, but what was sent may come back in another precision all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LocalTime(pub(super) Moment);

impl LocalTime {
    pub(super) fn of(text: &str) -> Option<LocalTime> {
        let (day, rest) = text.split_at_checked(10)?;
        let (time, rest) = time(rest.strip_prefix(['T', 't', ' '])?)?;
        let seconds = date(day)? * 24 * 60 * 60 + time.seconds;
        rest.is_empty().then_some(LocalTime(Moment { seconds, ..time }))
    }
}

/// A time of day without a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TimeOfDay(pub(super) Moment);

impl TimeOfDay {
    pub(super) fn of(text: &str) -> Option<TimeOfDay> {
        time(text).filter(|(_, rest)| rest.is_empty()).map(|(time, _)| TimeOfDay(time))
    }
}

/// An ISO 8601 duration: a day has 24 hours here, a year 12 months, and a month no known length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Duration {
    negative: bool,
    months: u128,
    seconds: u128,
}

impl Duration {
    pub(super) fn of(text: &str) -> Option<Duration> {
        const DATE: [(char, u128); 4] = [('Y', 12), ('M', 1), ('W', 7 * 24 * 60 * 60), ('D', 24 * 60 * 60)];
        const TIME: [(char, u128); 3] = [('H', 60 * 60), ('M', 60), ('S', 1)];
        let (negative, text) = match text.strip_prefix(['-', '+']) {
            Some(rest) => (text.starts_with('-'), rest),
            None => (false, text),
        };
        let text = text.strip_prefix('P')?;
        let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
        if text.is_empty() || time == Some("") {
            return None;
        }
        let mut duration = Duration { negative, months: 0, seconds: 0 };
        let time = time.unwrap_or_default();
        let is_months = |unit: char| matches!(unit, 'Y' | 'M');
        let date_ends = components(date, &DATE, |unit, figure| {
            let sum = if is_months(unit) { &mut duration.months } else { &mut duration.seconds };
            *sum = sum.saturating_add(figure);
        })?;
        components(time, &TIME, |_, figure| duration.seconds = duration.seconds.saturating_add(figure))?;
        // Only the smallest unit may have a fraction.
        (date_ends == Ends::Whole || time.is_empty()).then_some(duration)
    }
}

/// How the last figure of a duration's part is written.
#[derive(PartialEq, Eq)]
enum Ends {
    Whole,
    Fraction,
}

/// Gives every figure of `2H30M`, in the smallest unit that is told apart; units in order, the last with a fraction at most.
fn components(text: &str, units: &[(char, u128)], mut each: impl FnMut(char, u128)) -> Option<Ends> {
    let mut allowed = units.iter();
    let mut rest = text;
    let mut ends = Ends::Whole;
    while !rest.is_empty() {
        let length = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let (figure, behind) = rest.split_at_checked(length)?;
        let unit = behind.chars().next()?;
        let (_, size) = allowed.find(|(known, _)| *known == unit)?;
        let (whole, fraction) =
            figure.split_once('.').map_or((figure, None), |(whole, part)| (whole, Some(part)));
        if ends == Ends::Fraction || whole.is_empty() {
            return None;
        }
        let mut exact = whole.parse::<u128>().ok()?.checked_mul(u128::from(SECOND))?;
        if let Some(fraction) = fraction {
            exact += u128::from(fraction_of(fraction)?);
            ends = Ends::Fraction;
        }
        each(unit, exact.checked_mul(*size)?);
        rest = behind.get(1..)?;
    }
    Some(ends)
}

/// Whether the whole text is a date of the calendar: `2021-07-01`.
pub(super) fn is_date(text: &str) -> bool {
    date(text).is_some()
}

/// `count` digits at the start, and what stands behind them.
fn digits(text: &str, count: usize) -> Option<(i64, &str)> {
    let (head, rest) = text.split_at_checked(count)?;
    let figure = head
        .bytes()
        .try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))?;
    Some((figure, rest))
}

/// The digits behind a point, of which there is at least one; those beyond the eighteenth are dropped.
fn fraction_of(digits: &str) -> Option<u64> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let kept = digits.get(..DIGITS.min(digits.len()))?;
    let scale = 10_u64.pow(u32::try_from(DIGITS - kept.len()).ok()?);
    kept.parse::<u64>().ok().map(|figure| figure * scale)
}

/// Days since 0000-03-01 of a whole date.
fn date(text: &str) -> Option<i64> {
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !rest.is_empty() || !(1..=last).contains(&day) {
        return None;
    }
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(365 * year + leap_days + (153 * month + 2) / 5 + day)
}

/// The time at the start, and what stands behind it.
fn time(text: &str) -> Option<(Moment, &str)> {
    let (hour, rest) = digits(text, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = digits(rest.strip_prefix(':')?, 2)?;
    // A leap second is the sixtieth.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = (hour * 60 + minute) * 60 + second;
    let Some(behind) = rest.strip_prefix('.') else { return Some((Moment { seconds, fraction: 0 }, rest)) };
    let length = behind.bytes().take_while(u8::is_ascii_digit).count();
    let (fraction, rest) = behind.split_at_checked(length)?;
    Some((Moment { seconds, fraction: fraction_of(fraction)? }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_instant_is_one_when_it_is_read() {
        let (mut plain, mut all) = (0, 0);
        for text in [
            "2021-07-28T23:59:60Z",
            "2020-12-01T00:00:00.0837591Z",
            "1999-10-10T10:10:10.1234567890123456789Z",
        ] {
            assert!(is_plain_instant(text) && Instant::of(text).is_some());
            // Every byte replaced by every other, and cut anywhere.
            for at in 0..text.len() {
                for byte in 0..=0x7F_u8 {
                    let other = format!("{}{}{}", &text[..at], char::from(byte), &text[at + 1..]);
                    assert!(!is_plain_instant(&other) || Instant::of(&other).is_some(), "{other}");
                    plain += usize::from(is_plain_instant(&other));
                    all += 1;
                }
                assert!(!is_plain_instant(&text[..at]), "{text} cut at {at}");
            }
        }
        // Most digits may be others; little else may.
        assert!(plain > all / 20 && plain < all / 10, "{plain} of {all}");
    }
}
