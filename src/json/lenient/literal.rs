//! Dates, times, figures and the words that other languages write for JSON's literals.

/// A number, in JSON's spelling or another that has one meaning.
#[derive(Default)]
pub(super) struct Number {
    /// The length of `+`, and of the zeros that lead.
    plus: usize,
    sign: usize,
    zeros: usize,
    /// Where `0` is missing before the point, and behind it.
    whole: Option<usize>,
    fraction: Option<usize>,
}

impl Number {
    /// `text` as a number; None where it is none.
    pub(super) fn of(text: &str) -> Option<Number> {
        let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let sign = usize::from(text.starts_with(['-', '+']));
        let unsigned = text.get(sign..)?;
        let whole = digits(unsigned);
        let zeros = unsigned.len() - unsigned.trim_start_matches('0').len();
        let (point, fraction) = match unsigned.get(whole..)?.strip_prefix('.') {
            Some(rest) => (1, digits(rest)),
            None => (0, 0),
        };
        let mantissa = whole + point + fraction;
        let power = unsigned.get(mantissa..)?;
        let exponent = match power.strip_prefix(['e', 'E']) {
            Some(power) => power.strip_prefix(['-', '+']).unwrap_or(power),
            None => "0",
        };
        let ended = power.is_empty() || power.starts_with(['e', 'E']);
        if !ended || exponent.is_empty() || digits(exponent) < exponent.len() || whole + fraction == 0 {
            return None;
        }
        Some(Number {
            plus: usize::from(text.starts_with('+')),
            sign,
            zeros: zeros.min(whole.saturating_sub(1)),
            whole: (whole == 0).then_some(sign),
            fraction: (point == 1 && fraction == 0).then_some(sign + mantissa),
        })
    }

    /// Whether it needs no repair.
    pub(super) fn is_json(&self) -> bool {
        self.edits().next().is_none()
    }

    /// What makes it JSON: offset, bytes to drop, bytes to put there.
    pub(super) fn edits(&self) -> impl Iterator<Item = (usize, usize, &'static str)> {
        let plus = (self.plus > 0).then_some((0, 1, ""));
        let zeros = (self.zeros > 0).then_some((self.sign, self.zeros, ""));
        let whole = self.whole.map(|at| (at, 0, "0"));
        let fraction = self.fraction.map(|at| (at, 0, "0"));
        [plus, zeros, whole, fraction].into_iter().flatten()
    }
}

/// `2018-04-01`
pub(super) fn is_date(text: &str) -> bool {
    shaped(text, "dddd-dd-dd") == Some("")
}

/// `12:39`, `12:39:16`, `12:39:16.123`, with `Z` or `+02:00` behind it or without.
pub(super) fn is_time(text: &str) -> bool {
    let Some(rest) = shaped(text, "dd:dd") else { return false };
    let rest = shaped(rest, ":dd").map_or(rest, |rest| match rest.strip_prefix('.') {
        Some(fraction) if fraction.starts_with(|c: char| c.is_ascii_digit()) => {
            fraction.trim_start_matches(|c: char| c.is_ascii_digit())
        }
        _ => rest,
    });
    matches!(rest, "" | "Z" | "z")
        || ["+dd:dd", "-dd:dd", "+dddd", "-dddd"].iter().any(|z| shaped(rest, z) == Some(""))
}

/// `2018-04-01T12:39:16Z`
pub(super) fn is_date_time(text: &str) -> bool {
    shaped(text, "dddd-dd-dd").and_then(|rest| rest.strip_prefix(['T', 't'])).is_some_and(is_time)
}

/// What follows the shape, `d` standing for a digit.
fn shaped<'a>(text: &'a str, shape: &str) -> Option<&'a str> {
    let fits = |(byte, shape): (u8, u8)| if shape == b'd' { byte.is_ascii_digit() } else { byte == shape };
    (text.len() >= shape.len() && text.bytes().zip(shape.bytes()).all(fits))
        .then(|| text.get(shape.len()..))?
}

/// The literal that another language writes so.
pub(super) fn meant(words: &str) -> Option<&'static str> {
    match words.to_ascii_lowercase().as_str() {
        "true" => Some("true"),
        "false" => Some("false"),
        "null" | "none" | "nil" | "undefined" => Some("null"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Number, is_date, is_date_time, is_time};
    use rstest::rstest;

    #[rstest]
    #[case("0", Some("0"))]
    #[case("-12.50e+03", Some("-12.50e+03"))]
    #[case("007", Some("7"))]
    #[case("000", Some("0"))]
    #[case("-00.5", Some("-0.5"))]
    #[case("+1", Some("1"))]
    #[case(".5", Some("0.5"))]
    #[case("+05.", Some("5.0"))]
    #[case("-.5e3", Some("-0.5e3"))]
    #[case("", None)]
    #[case(".", None)]
    #[case("-", None)]
    #[case("1e", None)]
    #[case("1x", None)]
    #[case("1.2.3", None)]
    #[case("e5", None)]
    fn figures_are_read_in_every_spelling(#[case] text: &str, #[case] json: Option<&str>) {
        let mended = Number::of(text).map(|number| {
            let mut mended = text.to_owned();
            let edits: Vec<_> = number.edits().collect();
            edits.iter().rev().for_each(|(at, length, with)| mended.replace_range(*at..at + length, with));
            mended
        });
        assert_eq!(mended.as_deref(), json);
    }

    #[rstest]
    #[case("2018-04-01T12:39:16Z", true)]
    #[case("2018-04-01T12:39:16.1234567+02:00", true)]
    #[case("2018-04-01", true)]
    #[case("08:00:00.0000000", true)]
    #[case("08:00", true)]
    #[case("2018-04-01T", false)]
    #[case("2018-4-1", false)]
    #[case("8:00", false)]
    #[case("08:00:00.", false)]
    #[case("08:00 Uhr", false)]
    #[case("2018-04-01x", false)]
    fn dates_and_times_are_known_by_their_shape(#[case] text: &str, #[case] known: bool) {
        assert_eq!(is_date(text) || is_time(text) || is_date_time(text), known);
    }
}
