//! The formats that an example's text can have. Nothing is guessed from less than a whole match.

/// A recognisable format of a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// RFC 9562, any version, letter case aside.
    Guid,
    /// RFC 3339.
    DateTime,
    /// `2021-07-01`
    Date,
    /// `12:30:00`, with or without a fraction.
    Time,
    /// ISO 8601: `P1DT2H`, `-PT5M`.
    Duration,
    /// Absolute, `http` or `https`.
    Url,
    /// An e-mail address.
    Email,
}

impl Format {
    /// The format that the whole text has.
    pub(super) fn of(text: &str) -> Option<Format> {
        const ALL: [(Format, fn(&str) -> bool); 7] = [
            (Format::Guid, is_guid),
            (Format::DateTime, |text| instant(text).is_some()),
            (Format::Date, |text| date(text).is_some()),
            (Format::Time, |text| time(text).is_some_and(|(_, rest)| rest.is_empty())),
            (Format::Duration, is_duration),
            (Format::Url, is_url),
            (Format::Email, is_email),
        ];
        ALL.iter().find(|(_, matches)| matches(text)).map(|(format, _)| *format)
    }

    /// Its name in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Format::Guid => "guid",
            Format::DateTime => "date-time",
            Format::Date => "date",
            Format::Time => "time",
            Format::Duration => "duration",
            Format::Url => "url",
            Format::Email => "email",
        }
    }
}

/// Whether two texts mean the same: by their format where both have it, letter for letter otherwise.
pub(super) fn same_meaning(one: &str, two: &str) -> bool {
    if one == two {
        return true;
    }
    if is_guid(one) && is_guid(two) {
        return one.eq_ignore_ascii_case(two);
    }
    matches!((instant(one), instant(two)), (Some(one), Some(two)) if one == two)
}

fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// `count` digits at the start, and what stands behind them.
fn digits(text: &str, count: usize) -> Option<(i64, &str)> {
    let (head, rest) = text.split_at_checked(count)?;
    (count > 0 && head.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| head.parse().ok().zip(Some(rest)))?
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
    Some(
        365 * year + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (153 * month + 2) / 5
            + day,
    )
}

/// Nanoseconds since midnight, and what stands behind the time.
fn time(text: &str) -> Option<(i64, &str)> {
    let (hour, rest) = digits(text, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = digits(rest.strip_prefix(':')?, 2)?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut nanoseconds = ((hour * 60 + minute) * 60 + second) * 1_000_000_000;
    let mut rest = rest;
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
        // Beyond nanoseconds nobody measures; the digits must still be digits.
        let (value, _) = digits(fraction, length.min(9))?;
        nanoseconds += value * 10_i64.pow(u32::try_from(9 - length.min(9)).ok()?);
        rest = fraction.get(length..)?;
    }
    Some((nanoseconds, rest))
}

/// The instant that an RFC 3339 date-time means, as days and nanoseconds of UTC.
fn instant(text: &str) -> Option<(i64, i64)> {
    const DAY: i64 = 24 * 60 * 60 * 1_000_000_000;
    let (day, rest) = text.split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (nanoseconds, zone) = time(rest)?;
    let offset = match zone {
        "Z" | "z" => 0,
        zone => {
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
            let minutes = match (hours, minutes) {
                ((hours @ 0..=23, ""), (minutes @ 0..=59, "")) => hours * 60 + minutes,
                _ => return None,
            };
            match zone.as_bytes().first() {
                Some(b'+') => minutes,
                Some(b'-') => -minutes,
                _ => return None,
            }
        }
    };
    let utc = nanoseconds - offset * 60 * 1_000_000_000;
    Some((date(day)? + utc.div_euclid(DAY), utc.rem_euclid(DAY)))
}

fn is_duration(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let Some(text) = text.strip_prefix('P') else { return false };
    let (days, hours) = text.split_once('T').map_or((text, None), |(days, hours)| (days, Some(hours)));
    let units = |mut text: &str, units: &str| {
        let mut allowed = units.chars();
        while !text.is_empty() {
            let number = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
            let Some(unit) = text.get(number..).and_then(|rest| rest.chars().next()) else { return false };
            if number == 0 || !allowed.any(|other| other == unit) {
                return false;
            }
            text = text.get(number + 1..).unwrap_or_default();
        }
        true
    };
    units(days, "YMWD")
        && hours.is_none_or(|hours| !hours.is_empty() && units(hours, "HMS"))
        && !text.is_empty()
}

fn is_url(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://"))
        && !text.contains(char::is_whitespace)
        && url::Url::parse(text).is_ok_and(|url| url.has_host())
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    !local.is_empty()
        && local.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte))
        && domain.contains('.')
        && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("5c571b0f-1b0f-5c57-0f1b-575c0f1b575c", Some(Format::Guid))]
    #[case("5C571B0F-1B0F-5C57-0F1B-575C0F1B575C", Some(Format::Guid))]
    #[case("5c571b0f1b0f5c570f1b575c0f1b575c", None)]
    #[case("2021-07-01T12:30:00Z", Some(Format::DateTime))]
    #[case("2021-07-01T12:30:00.1234567+02:00", Some(Format::DateTime))]
    #[case("2021-07-01T12:30:00", None)]
    #[case("2021-02-29", None)]
    #[case("2024-02-29", Some(Format::Date))]
    #[case("23:59:59.9999999", Some(Format::Time))]
    #[case("24:00:00", None)]
    #[case("P1DT2H", Some(Format::Duration))]
    #[case("PT0S", Some(Format::Duration))]
    #[case("-PT5M", Some(Format::Duration))]
    #[case("P", None)]
    #[case("PT", None)]
    #[case("PTA", None)]
    #[case("Place", None)]
    #[case("https://host.example/a?b#c", Some(Format::Url))]
    #[case("see https://host.example", None)]
    #[case("ann@host.example", Some(Format::Email))]
    #[case("@odata.type", None)]
    #[case("é2345-78-0", None)]
    #[case("", None)]
    fn only_whole_matches(#[case] text: &str, #[case] format: Option<Format>) {
        assert_eq!(Format::of(text), format);
    }

    #[rstest]
    #[case("2021-07-01T12:30:00Z", "2021-07-01T14:30:00.000+02:00", true)]
    #[case("2021-01-01T00:30:00+01:00", "2020-12-31T23:30:00Z", true)]
    #[case("2021-07-01T12:30:00Z", "2021-07-01T12:30:00.001Z", false)]
    #[case("5c571b0f-1b0f-5c57-0f1b-575c0f1b575c", "5C571B0F-1B0F-5C57-0F1B-575C0F1B575C", true)]
    #[case("a", "A", false)]
    fn meaning_is_compared_by_format(#[case] one: &str, #[case] two: &str, #[case] same: bool) {
        assert_eq!(same_meaning(one, two), same);
    }
}
