//! Numbers as decimals: compared by what their digits mean, never through a float.

use std::fmt;

/// A JSON number as it is written.
///
/// Two are equal when they mean the same decimal: `1`, `1.0` and `10e-1` are, `18446744073709551616` and
/// `18446744073709551617` are not.
#[derive(Debug, Clone, Copy)]
pub struct Number<'a>(&'a str);

/// A decimal in its one normal form: `±0.DIGITS × 10^exponent`, the digits without zeros at either end.
struct Decimal<'a> {
    negative: bool,
    whole: &'a [u8],
    fraction: &'a [u8],
    exponent: i128,
}

impl<'a> Number<'a> {
    /// `text` is a number as RFC 8259 has it.
    pub(super) fn new(text: &'a str) -> Number<'a> {
        Number(text)
    }

    /// Its text.
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// Whether it means a whole number, however it is spelled: `1.0` and `1e3` do.
    pub fn is_whole(self) -> bool {
        if self.0.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
            return true;
        }
        match self.decimal() {
            Some(decimal) => decimal.exponent >= decimal.digits().count() as i128 || decimal.is_zero(),
            // No text is long enough to hold as many decimals as such an exponent moves.
            None => !self.0.contains("e-") && !self.0.contains("E-"),
        }
    }

    /// The one spelling of all that are equal.
    pub(super) fn to_normal(self) -> String {
        let Some(decimal) = self.decimal() else { return self.0.to_owned() };
        if decimal.is_zero() {
            return "0".to_owned();
        }
        let digits: String = decimal.digits().map(char::from).collect();
        let sign = if decimal.negative { "-" } else { "" };
        match decimal.exponent - digits.len() as i128 {
            0 => format!("{sign}{digits}"),
            power => format!("{sign}{digits}e{power}"),
        }
    }

    /// None where a figure that is not 0 has an exponent beyond reason (30 digits): these are compared as text.
    fn decimal(self) -> Option<Decimal<'a>> {
        let (negative, text) = match self.0.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, self.0),
        };
        let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let whole = whole.trim_start_matches('0').as_bytes();
        let fraction = fraction.trim_end_matches('0').as_bytes();
        // Zeros between the point and the first digit move the exponent where no whole part stands before them.
        let leading =
            if whole.is_empty() { fraction.iter().take_while(|digit| **digit == b'0').count() } else { 0 };
        let power = if whole.is_empty() && fraction.is_empty() { 0 } else { exponent(power)? };
        Some(Decimal {
            negative,
            whole,
            fraction: fraction.get(leading..).unwrap_or_default(),
            exponent: power + whole.len() as i128 - leading as i128,
        })
    }
}

/// What stands behind the `e`, unless it has more than 30 digits that count.
fn exponent(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = digits.trim_start_matches('0');
    match digits.len() {
        0 => Some(0),
        1..=30 => digits.parse::<i128>().ok().map(|figure| sign * figure),
        _ => None,
    }
}

impl Decimal<'_> {
    fn digits(&self) -> impl Iterator<Item = u8> {
        let trailing = if self.fraction.is_empty() {
            self.whole.iter().rev().take_while(|digit| **digit == b'0').count()
        } else {
            0
        };
        let whole = self.whole.iter().take(self.whole.len() - trailing);
        whole.chain(self.fraction).copied()
    }

    fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.is_empty()
    }
}

impl PartialEq for Number<'_> {
    fn eq(&self, other: &Number<'_>) -> bool {
        if self.0 == other.0 {
            return true;
        }
        let (Some(one), Some(two)) = (self.decimal(), other.decimal()) else { return false };
        if one.is_zero() || two.is_zero() {
            return one.is_zero() && two.is_zero();
        }
        one.negative == two.negative && one.exponent == two.exponent && one.digits().eq(two.digits())
    }
}

impl Eq for Number<'_> {}

impl fmt::Display for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Number;
    use rstest::rstest;

    #[rstest]
    #[case("1", "1.0")]
    #[case("1", "10e-1")]
    #[case("0.001", "1E-3")]
    #[case("-0", "0.000")]
    #[case("0e99", "0")]
    #[case("120", "1.2e+2")]
    #[case("1e999", "10e998")]
    #[case("100000000000000000000", "1e20")]
    #[case("1e5", "1e+00000000000000000000000000000000000005")]
    #[case("0", "-0.0e99999999999999999999999999999999999999")]
    #[case("1e99999999999999999999999999999999999999", "1e99999999999999999999999999999999999999")]
    fn equal_as_decimals(#[case] one: &str, #[case] two: &str) {
        assert_eq!(Number::new(one), Number::new(two));
        assert_eq!(Number::new(two), Number::new(one));
    }

    #[rstest]
    #[case("18446744073709551616", "18446744073709551617")]
    #[case("9007199254740992", "9007199254740993")]
    #[case("0.1", "0.10000000000000000001")]
    #[case("1", "-1")]
    #[case("1e999", "1e998")]
    #[case("12", "1.2")]
    #[case("0", "1e-999")]
    #[case("1e99999999999999999999999999999999999999", "1e99999999999999999999999999999999999998")]
    #[case("1e99999999999999999999999999999999999999", "0")]
    fn different_in_one_digit(#[case] one: &str, #[case] two: &str) {
        assert_ne!(Number::new(one), Number::new(two));
    }

    #[rstest]
    #[case("4", true)]
    #[case("4.0", true)]
    #[case("400e-2", true)]
    #[case("0.0", true)]
    #[case("4.5", false)]
    #[case("4e-1", false)]
    #[case("0e-9", true)]
    #[case("4E99999999999999999999999999999999999999", true)]
    #[case("4E-99999999999999999999999999999999999999", false)]
    fn whole_however_it_is_spelled(#[case] number: &str, #[case] whole: bool) {
        assert_eq!(Number::new(number).is_whole(), whole);
    }
}
