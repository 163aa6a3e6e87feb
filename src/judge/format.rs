//! The formats that an example's text can have. Nothing is guessed from less than a whole match.

use super::time::{Duration, Instant, TimeOfDay, is_date, is_plain_instant};

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
    /// Absolute, with a host.
    Url,
    /// An e-mail address.
    Email,
}

impl Format {
    /// In the order in which they are tried.
    pub(super) const ALL: [Format; 7] = [
        Format::Guid,
        Format::DateTime,
        Format::Date,
        Format::Time,
        Format::Duration,
        Format::Url,
        Format::Email,
    ];

    /// The format of this name.
    pub(super) fn named(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The format that the whole text has.
    pub(super) fn of(text: &str) -> Option<Format> {
        let first = *text.as_bytes().first()?;
        Format::ALL.into_iter().find(|format| format.may_begin_with(first) && format.fits(text))
    }

    /// Whether a text that begins so may have it: most texts have none, and that is soon seen.
    fn may_begin_with(self, first: u8) -> bool {
        match self {
            Format::Guid => first.is_ascii_hexdigit(),
            Format::DateTime | Format::Date | Format::Time => first.is_ascii_digit(),
            Format::Duration => matches!(first, b'P' | b'-' | b'+'),
            Format::Url => first.is_ascii_alphabetic(),
            Format::Email => true,
        }
    }

    /// Whether the whole text has it.
    pub(super) fn fits(self, text: &str) -> bool {
        match self {
            Format::Guid => is_guid(text),
            Format::DateTime => is_plain_instant(text) || Instant::of(text).is_some(),
            Format::Date => is_date(text),
            Format::Time => TimeOfDay::of(text).is_some(),
            Format::Duration => Duration::of(text).is_some(),
            Format::Url => is_url(text),
            Format::Email => email(text).is_some(),
        }
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

pub(super) fn is_guid(text: &str) -> bool {
    let Ok(bytes) = <&[u8; 36]>::try_from(text.as_bytes()) else { return false };
    let dashes = [bytes[8], bytes[13], bytes[18], bytes[23]] == [b'-'; 4];
    // All are looked at whatever they are: so they can be looked at several at a time.
    let is_hex = |byte: u8| (byte.wrapping_sub(b'0') < 10) | ((byte | 0x20).wrapping_sub(b'a') < 6);
    dashes && bytes.iter().map(|byte| u8::from(is_hex(*byte))).sum::<u8>() == 32
}

/// `scheme://host…`: read by hand, since a URL parser mends what it reads and costs ten times as much.
pub(super) fn is_url(text: &str) -> bool {
    // A colon before the first `://` would be in what is no scheme.
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let Some(rest) = rest.strip_prefix("//") else { return false };
    let scheme_is_one = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if rest.is_ascii() {
        let is_host = |byte: u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']' | b'%')
        };
        let begins = host.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'[');
        let unlawful = |byte: u8| byte <= b' ' || matches!(byte, b'<' | b'>' | b'"' | 0x7F);
        // All are looked at whatever they are: so they can be looked at several at a time.
        let lawful = rest.bytes().filter(|byte| unlawful(*byte)).count() == 0;
        return scheme_is_one && begins && lawful && host.bytes().all(is_host);
    }
    let host_is_one = host.starts_with(|first: char| first.is_alphanumeric() || first == '[')
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']' | '%'));
    let unlawful = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"');
    scheme_is_one && host_is_one && !rest.contains(unlawful)
}

/// Local part and domain of an e-mail address.
pub(super) fn email(text: &str) -> Option<(&str, &str)> {
    let (local, domain) = text.rsplit_once('@')?;
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_local = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
    let lawful = !local.is_empty()
        && local.bytes().all(is_local)
        && domain.contains('.')
        && domain.split('.').all(is_label);
    lawful.then_some((local, domain))
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
    #[case("PT1.5S", Some(Format::Duration))]
    #[case("PT1.2.3S", None)]
    #[case("PT1.5H2M", None)]
    #[case("PT2M1H", None)]
    #[case("P", None)]
    #[case("PT", None)]
    #[case("P1DT", None)]
    #[case("PTA", None)]
    #[case("Place", None)]
    #[case("https://host.example/a?b#c", Some(Format::Url))]
    #[case("https://host.example", Some(Format::Url))]
    #[case("wss://user@[::1]:80/", Some(Format::Url))]
    #[case("https://{tenant}.example/", None)]
    #[case("https:///path", None)]
    #[case("see https://host.example", None)]
    #[case("https://host.example/a b", None)]
    #[case("https://host.example/a\u{7f}b", None)]
    #[case("https://hö.example/a?b", Some(Format::Url))]
    #[case("https://hö.example/a\u{2003}b", None)]
    #[case("https://ho$t.example/", None)]
    #[case("https://-host.example/", None)]
    #[case("urn:isbn:1", None)]
    #[case("ann@host.example", Some(Format::Email))]
    #[case("@odata.type", None)]
    #[case("é2345-78-0", None)]
    #[case("", None)]
    fn only_whole_matches(#[case] text: &str, #[case] format: Option<Format>) {
        assert_eq!(Format::of(text), format);
        // What is seen by the first octet is nothing that fits.
        assert_eq!(Format::ALL.into_iter().find(|format| format.fits(text)), format);
    }
}
