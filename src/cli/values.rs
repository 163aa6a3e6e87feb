//! Values of flags: durations, sizes, pairs.

use std::time::Duration;

pub(super) use crate::config::duration;

/// `100/m`, `5/s`, `1000/h`: the time from one to the next.
pub(super) fn spacing(text: &str) -> Result<Duration, String> {
    let wrong = || "give a rate such as 100/m, 5/s or 1000/h".to_owned();
    let (figure, unit) = text.split_once('/').ok_or_else(wrong)?;
    let figure: u32 = figure.trim().parse().map_err(|_| wrong())?;
    let unit = match unit.trim() {
        "s" | "sec" | "second" => 1,
        "m" | "min" | "minute" => 60,
        "h" | "hour" => 3600,
        _ => return Err(wrong()),
    };
    Duration::from_secs(unit).checked_div(figure).ok_or_else(wrong)
}

/// `16MiB`, `500kB`, `1000`: bytes.
pub(super) fn size(text: &str) -> Result<usize, String> {
    let wrong = || "give a size such as 16MiB, 500kB or 1000".to_owned();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (figure, unit) = text.split_at(end);
    let figure: usize = figure.parse().map_err(|_| wrong())?;
    let unit = match unit.trim() {
        "" | "B" => 1,
        "kB" | "KB" => 1000,
        "KiB" | "K" | "k" => 1 << 10,
        "MB" => 1_000_000,
        "MiB" | "M" => 1 << 20,
        "GB" => 1_000_000_000,
        "GiB" | "G" => 1 << 30,
        _ => return Err(wrong()),
    };
    figure.checked_mul(unit).filter(|bytes| *bytes > 0).ok_or_else(wrong)
}

/// How often: perhaps never.
pub(super) fn times(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| "give a number from 0".to_owned())
}

/// How many at a time: at least one.
pub(super) fn count(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| "give a number from 1".to_owned())
}

/// `ORIGIN=URL`
pub(super) fn origin(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((origin, url)) if origin.contains("://") => {
            Ok((origin.trim().to_owned(), url.trim().to_owned()))
        }
        _ => Err("give ORIGIN=URL, such as https://api.example.com=http://127.0.0.1:8080".into()),
    }
}

/// `NAME=VALUE`; the value may hold further equals signs, and may be empty.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err("give NAME=VALUE, such as id=42".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("30s", 30_000)]
    #[case("1.5", 1_500)]
    #[case("250ms", 250)]
    #[case("2m", 120_000)]
    fn durations(#[case] text: &str, #[case] milliseconds: u128) {
        assert_eq!(duration(text).map(|duration| duration.as_millis()), Ok(milliseconds));
    }

    #[rstest]
    #[case("0s")]
    #[case("-1s")]
    #[case("1h")]
    #[case("1e400")]
    #[case("")]
    fn no_durations(#[case] text: &str) {
        assert!(duration(text).is_err());
    }

    #[rstest]
    #[case("100/m", Some(600))]
    #[case("5 / s", Some(200))]
    #[case("3600/hour", Some(1000))]
    #[case("0/s", None)]
    #[case("5", None)]
    #[case("-1/s", None)]
    #[case("5/d", None)]
    fn rates(#[case] text: &str, #[case] milliseconds: Option<u128>) {
        assert_eq!(spacing(text).ok().map(|spacing| spacing.as_millis()), milliseconds);
    }

    #[rstest]
    #[case("16MiB", Some(16 << 20))]
    #[case("500kB", Some(500_000))]
    #[case("7", Some(7))]
    #[case("99999999999999999999GiB", None)]
    #[case("MiB", None)]
    #[case("0", None)]
    fn sizes(#[case] text: &str, #[case] bytes: Option<usize>) {
        assert_eq!(size(text).ok(), bytes);
    }

    #[test]
    fn pairs() {
        assert_eq!(pair("a=b=c"), Ok(("a".into(), "b=c".into())));
        assert!(pair("=b").is_err() && pair("a").is_err());
    }
}
