//! Equal by meaning: what was sent and what came back, each taken by the format that it has.

use super::format::{email, is_guid, is_url};
use super::time::{Duration, Instant, LocalTime, TimeOfDay};
use crate::json::{Kind, Value};
use std::borrow::Cow;
use url::Url;

/// What a scalar means; equal ones mean the same, but for numbers, whose digits are to be compared besides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning<'v> {
    /// No scalar, or null.
    Nothing,
    Bool(bool),
    /// The nearest float: equal numbers have the same one, different numbers may.
    Number(u64),
    Text(Cow<'v, str>),
    Guid(String),
    Instant(Instant),
    Local(LocalTime),
    Time(TimeOfDay),
    Duration(Duration),
    Url(String),
    /// Of a domain letter case says nothing.
    Email(String, String),
}

impl<'v> Meaning<'v> {
    /// What a value means.
    pub(super) fn of(value: Value<'v>) -> Meaning<'v> {
        match value.kind() {
            Kind::Bool => Meaning::Bool(value.as_bool().unwrap_or_default()),
            Kind::Number => {
                let float: f64 = value.raw().parse().unwrap_or(f64::NAN);
                // The two zeros are one decimal.
                Meaning::Number(if float == 0.0 { 0 } else { float.to_bits() })
            }
            Kind::String => Meaning::of_text(value.as_str().unwrap_or_default()),
            Kind::Null | Kind::Array | Kind::Object => Meaning::Nothing,
        }
    }

    fn of_text(text: Cow<'v, str>) -> Meaning<'v> {
        if is_guid(&text) {
            Meaning::Guid(text.to_ascii_lowercase())
        } else if let Some(instant) = Instant::of(&text) {
            Meaning::Instant(instant)
        } else if let Some(time) = LocalTime::of(&text) {
            Meaning::Local(time)
        } else if let Some(time) = TimeOfDay::of(&text) {
            Meaning::Time(time)
        } else if let Some(duration) = Duration::of(&text) {
            Meaning::Duration(duration)
        } else if let Some(url) = is_url(&text).then(|| Url::parse(&text).ok()).flatten() {
            Meaning::Url(url.into())
        } else if let Some((local, domain)) = email(&text) {
            Meaning::Email(local.to_owned(), domain.to_ascii_lowercase())
        } else {
            Meaning::Text(text)
        }
    }

    /// All that an answer may mean that was sent this: of times also what is left of them where clocks are coarser.
    pub(super) fn accepted(self) -> Vec<Meaning<'v>> {
        let coarser: Vec<Meaning<'v>> = match &self {
            Meaning::Instant(Instant(moment)) => {
                moment.kept_coarser().map(|moment| Meaning::Instant(Instant(moment))).collect()
            }
            Meaning::Local(LocalTime(moment)) => {
                moment.kept_coarser().map(|moment| Meaning::Local(LocalTime(moment))).collect()
            }
            Meaning::Time(TimeOfDay(moment)) => {
                moment.kept_coarser().map(|moment| Meaning::Time(TimeOfDay(moment))).collect()
            }
            _ => Vec::new(),
        };
        std::iter::once(self).chain(coarser).collect()
    }
}

/// Whether what came means what was sent.
pub(super) fn same(sent: Value<'_>, came: Value<'_>) -> bool {
    match (sent.kind(), came.kind()) {
        (Kind::Number, Kind::Number) => sent.as_number() == came.as_number(),
        (Kind::String, Kind::String) => {
            sent.as_str() == came.as_str() || Meaning::of(sent).accepted().contains(&Meaning::of(came))
        }
        (Kind::Bool, Kind::Bool) => sent.as_bool() == came.as_bool(),
        (Kind::Null, Kind::Null) => true,
        _ => false,
    }
}

/// Whether two whole numbers differ only in digits that a float has no room for.
pub(super) fn lost_digits(one: Value<'_>, two: Value<'_>) -> bool {
    let whole = |value: Value<'_>| value.as_number().is_some_and(crate::json::Number::is_whole);
    whole(one) && whole(two) && Meaning::of(one) == Meaning::of(two) && one.as_number() != two.as_number()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;
    use rstest::rstest;

    #[rstest]
    #[case("2021-07-01T12:30:00Z", "2021-07-01T14:30:00.000+02:00", true)]
    #[case("2021-01-01T00:30:00+01:00", "2020-12-31T23:30:00Z", true)]
    #[case("2021-07-01T12:30:00.1234567Z", "2021-07-01T12:30:00.123Z", true)]
    #[case("2021-07-01T12:30:00.1234567Z", "2021-07-01T12:30:00Z", true)]
    #[case("2021-07-01T12:30:00.1239Z", "2021-07-01T12:30:00.124Z", true)]
    #[case("2021-12-31T23:59:59.9996Z", "2022-01-01T00:00:00Z", true)]
    #[case("2021-07-01T12:30:00.123Z", "2021-07-01T12:30:00.124Z", false)]
    #[case("2021-07-01T12:30:00Z", "2021-07-01T12:30:00.001Z", false)]
    #[case("2021-07-01T12:30:00Z", "2021-07-01T12:30:01Z", false)]
    #[case("5c571b0f-1b0f-5c57-0f1b-575c0f1b575c", "5C571B0F-1B0F-5C57-0F1B-575C0F1B575C", true)]
    #[case("2021-07-01T12:30:00", "2021-07-01T12:30:00.0000000", true)]
    #[case("2021-07-01T12:30:00", "2021-07-01T12:30:01", false)]
    #[case("2021-07-01T12:30:00", "2021-07-01T12:30:00Z", false)]
    #[case("12:30:00", "12:30:00.0000000", true)]
    #[case("12:30:00.5", "12:30:00.6", false)]
    #[case("PT60M", "PT1H", true)]
    #[case("P1W", "P7D", true)]
    #[case("P1M", "PT1M", false)]
    #[case("PT5M", "-PT5M", false)]
    #[case("https://Host.example:443", "https://host.example/", true)]
    #[case("https://host.example/a", "https://host.example/A", false)]
    #[case("ann@Host.example", "ann@host.example", true)]
    #[case("Ann@host.example", "ann@host.example", false)]
    #[case("a", "A", false)]
    #[case("a", "a ", false)]
    fn texts_are_compared_by_their_format(#[case] sent: &str, #[case] came: &str, #[case] equal: bool) {
        let (sent, came) = (Json::string(sent), Json::string(came));
        assert_eq!(same(sent.root(), came.root()), equal);
    }

    #[rstest]
    #[case("4", "4.0", true)]
    #[case("4", "\"4\"", false)]
    #[case("9007199254740992", "9007199254740993", false)]
    #[case("true", "true", true)]
    #[case("true", "false", false)]
    #[case("0", "-0.0", true)]
    fn scalars_are_compared_by_value(#[case] sent: &str, #[case] came: &str, #[case] equal: bool) {
        let (sent, came) = (Json::parse(sent).unwrap(), Json::parse(came).unwrap());
        assert_eq!(same(sent.root(), came.root()), equal);
        assert!(!equal || Meaning::of(sent.root()) == Meaning::of(came.root()));
    }

    #[rstest]
    #[case("9007199254740992", "9007199254740993", true)]
    #[case("18446744073709551616", "18446744073709551617", true)]
    #[case("4", "5", false)]
    #[case("4", "4.0", false)]
    fn digits_beyond_a_float_are_told_apart(#[case] one: &str, #[case] two: &str, #[case] lost: bool) {
        let (one, two) = (Json::parse(one).unwrap(), Json::parse(two).unwrap());
        assert_eq!(lost_digits(one.root(), two.root()), lost);
    }
}
