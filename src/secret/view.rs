//! A text as it reads once its escapes are undone, octet by octet, with the way back to where each was written.

use std::ops::Range;

/// How often escapes within escapes are undone.
const DEEPEST: u8 = 4;

/// Octets, and where each of them stands in the text that they were read from.
pub(super) struct View {
    bytes: Vec<u8>,
    places: Vec<Range<usize>>,
    depth: u8,
}

impl View {
    /// A text as it is.
    pub(super) fn of(text: &str) -> View {
        View {
            bytes: text.as_bytes().to_vec(),
            places: (0..text.len()).map(|at| at..at + 1).collect(),
            depth: 0,
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where octets stand in the text.
    pub(super) fn source(&self, range: Range<usize>) -> Range<usize> {
        let places = self.places.get(range).unwrap_or_default();
        let (first, last) = (places.first(), places.last());
        first.map_or(0, |place| place.start)..last.map_or(0, |place| place.end)
    }

    /// The same with escapes of JSON, URLs and markup undone and blanks left out; none where nothing changes.
    pub(super) fn decoded(&self) -> Option<View> {
        if self.depth == DEEPEST {
            return None;
        }
        let (mut bytes, mut places) = (Vec::with_capacity(self.bytes.len()), Vec::new());
        let mut at = 0;
        while let Some(rest) = self.bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let (length, said) = unit(rest);
            let said = said.bytes();
            places.extend(std::iter::repeat_n(self.source(at..at + length), said.len()));
            bytes.extend_from_slice(said);
            at += length;
        }
        let changed = bytes != self.bytes;
        changed.then_some(View { bytes, places, depth: self.depth + 1 })
    }
}

/// What some octets say: at most a character.
#[derive(Default)]
struct Said([u8; 4], usize);

impl Said {
    fn octet(octet: u8) -> Said {
        Said([octet, 0, 0, 0], 1)
    }

    fn character(code: u32) -> Option<Said> {
        let mut octets = [0; 4];
        let length = char::from_u32(code)?.encode_utf8(&mut octets).len();
        Some(Said(octets, length))
    }

    fn bytes(&self) -> &[u8] {
        self.0.get(..self.1).unwrap_or_default()
    }
}

/// How many octets the first ones are that say something together, and what.
fn unit(rest: &[u8]) -> (usize, Said) {
    let read = match rest {
        [b' ' | b'\t' | b'\r' | b'\n', ..] => Some((1, Said::default())),
        [b'\\', b'n' | b'r' | b't', ..] => Some((2, Said::default())),
        [b'\\', b'u', digits @ ..] => {
            code(digits.get(..4), 16).and_then(Said::character).map(|said| (6, said))
        }
        [b'\\', escaped @ (b'"' | b'\\' | b'/' | b'\''), ..] => Some((2, Said::octet(*escaped))),
        [b'%', digits @ ..] => {
            let octet = code(digits.get(..2), 16).and_then(|code| u8::try_from(code).ok());
            octet.map(|octet| (3, Said::octet(octet)))
        }
        [b'&', after @ ..] => entity(after),
        _ => None,
    };
    read.unwrap_or_else(|| (1, Said::octet(rest.first().copied().unwrap_or_default())))
}

fn entity(after: &[u8]) -> Option<(usize, Said)> {
    let end = after.iter().take(10).position(|octet| *octet == b';')?;
    let said = match after.get(..end)? {
        b"amp" => Said::octet(b'&'),
        b"lt" => Said::octet(b'<'),
        b"gt" => Said::octet(b'>'),
        b"quot" => Said::octet(b'"'),
        b"apos" => Said::octet(b'\''),
        [b'#', b'x' | b'X', digits @ ..] => Said::character(code(Some(digits), 16)?)?,
        [b'#', digits @ ..] => Said::character(code(Some(digits), 10)?)?,
        _ => return None,
    };
    Some((end + 2, said))
}

fn code(digits: Option<&[u8]>, radix: u32) -> Option<u32> {
    let digits = digits.filter(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit))?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}

#[cfg(test)]
mod tests {
    use super::View;
    use rstest::rstest;

    #[rstest]
    #[case("a%2Fb%zz", "a/b%zz")]
    #[case(r#"a\/b\"c\\d\u00fc\ud83d"#, r#"a/b"c\dü\ud83d"#)]
    #[case("a&lt;b&#65;&#x42;&nope;&", "a<bAB&nope;&")]
    #[case("a b\n\tc\\nd", "abcd")]
    fn escapes_are_undone(#[case] text: &str, #[case] read: &str) {
        assert_eq!(View::of(text).decoded().unwrap().bytes(), read.as_bytes());
    }

    #[test]
    fn the_way_back_leads_to_what_was_written() {
        let text = "x %41%42\n y";
        let view = View::of(text).decoded().unwrap();
        assert_eq!(view.bytes(), b"xABy");
        assert_eq!(text.get(view.source(1..3)), Some("%41%42"));
        assert!(View::of("plain").decoded().is_none());
    }
}
