//! The secrets of a run, known by their values: masked in everything that is shown, however a service spells them.

use super::view::View;
use super::{MASK, mask};
use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

/// A shorter value is not looked for everywhere: it would be found in what has nothing to do with it.
pub const SHORTEST: usize = 8;

/// What a cut leaves of a secret is masked from so many octets on.
const TELLING: usize = 4;

/// What an answer gives away is looked for by so many octets of it.
const LONGEST: usize = 4 * 1024;

/// Octets of all that answers give away, about.
const MOST: usize = 256 * 1024;

/// The credentials of a run: what was given, and what was learned on the way. Clones share what they know, so that a
/// token is masked from the moment on in which it was learned.
///
/// ```
/// use faithful::secret::Secrets;
///
/// let secrets = Secrets::default();
/// secrets.add("API_TOKEN", "correct horse/battery");
/// assert_eq!(secrets.mask("/x?t=correct%20horse%2Fbattery&u=1"), "/x?t=[REDACTED:API_TOKEN]&u=1");
/// ```
#[derive(Clone, Default)]
pub struct Secrets(Arc<RwLock<Known>>);

#[derive(Default)]
struct Known {
    /// What each is called, and its value.
    values: Vec<(String, String)>,
    /// The values alone.
    all: BTreeSet<String>,
    /// All that is looked for, and whose it is.
    forms: Vec<(Vec<u8>, usize)>,
    /// What looks for them, part by part; the last forms may be in none yet.
    parts: Vec<Part>,
    /// Octets of all that answers gave away.
    learned: usize,
}

/// Looks for some of the forms, which stand one behind the other.
struct Part {
    automaton: Option<AhoCorasick>,
    forms: Range<usize>,
}

/// Where a value is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Masked {
    /// Wherever it turns up.
    Everywhere,
    /// In its header or under its name alone: it is too short to be looked for.
    ByPlace,
}

impl Secrets {
    /// Knows one more. The name is shown in its place: that of a variable, never a part of the value.
    pub fn add(&self, name: &str, value: &str) -> Masked {
        let value = value.trim();
        if value.len() < SHORTEST {
            return Masked::ByPlace;
        }
        self.0.write().unwrap_or_else(PoisonError::into_inner).add(name, value);
        Masked::Everywhere
    }

    /// Knows one more that an answer gave away, up to a bound for all of them: there is no end to what a service can
    /// call a credential.
    pub fn learn(&self, name: &str, value: &str) {
        let value = value.trim();
        let value = value.get(..value.floor_char_boundary(LONGEST)).unwrap_or(value);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if value.len() >= SHORTEST && known.learned < MOST && known.add(name, value) {
            known.learned += value.len();
        }
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).values.is_empty()
    }

    /// The text with every secret in it masked: those that are known, and those that look like one.
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.replace(
            text,
            |name| {
                if name.is_empty() { MASK.to_owned() } else { format!("[REDACTED:{name}]") }
            },
        ) {
            Cow::Borrowed(text) => mask(text),
            Cow::Owned(masked) => Cow::Owned(mask(&masked).into_owned()),
        }
    }

    /// The text with every known secret replaced by what is made of its name.
    pub fn replace<'t>(&self, text: &'t str, by: impl Fn(&str) -> String) -> Cow<'t, str> {
        self.replace_spelled(text, |name, _, _| by(name))
    }

    /// The same by what is made of its name, its value, and how it stands in the text.
    pub(crate) fn replace_spelled<'t>(
        &self,
        text: &'t str,
        by: impl Fn(&str, &str, &str) -> String,
    ) -> Cow<'t, str> {
        let mut known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if !known.is_ready() {
            drop(known);
            self.0.write().unwrap_or_else(PoisonError::into_inner).ready();
            known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        }
        let found = known.find(text);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let (mut shown, mut copied) = (String::with_capacity(text.len()), 0);
        for (range, order) in found {
            shown.push_str(text.get(copied..range.start).unwrap_or_default());
            let (name, value) = known.values.get(order).map_or(("", ""), |(name, value)| (name, value));
            shown.push_str(&by(name, value, text.get(range.clone()).unwrap_or_default()));
            copied = range.end;
        }
        shown.push_str(text.get(copied..).unwrap_or_default());
        Cow::Owned(shown)
    }
}

impl Known {
    /// Whether it was not known before.
    fn add(&mut self, name: &str, value: &str) -> bool {
        if !self.all.insert(value.to_owned()) {
            return false;
        }
        let order = self.values.len();
        self.values.push((name.to_owned(), value.to_owned()));
        self.forms.extend(forms(value).into_iter().map(|form| (form, order)));
        true
    }

    fn is_ready(&self) -> bool {
        self.parts.last().map_or(0, |part| part.forms.end) == self.forms.len()
    }

    /// Has all forms looked for. Parts of about the same size are joined, so that each form is read but a few times
    /// however many there come to be.
    fn ready(&mut self) {
        let mut start = self.parts.last().map_or(0, |part| part.forms.end);
        let end = self.forms.len();
        if start == end {
            return;
        }
        while let Some(last) = self.parts.pop_if(|last| last.forms.len() <= 2 * (end - start)) {
            start = last.forms.start;
        }
        let mut builder = AhoCorasick::builder();
        builder.match_kind(MatchKind::LeftmostLongest);
        let forms = self.forms.get(start..end).unwrap_or_default();
        let automaton = builder.build(forms.iter().map(|(form, _)| form)).ok();
        self.parts.push(Part { automaton, forms: start..end });
    }

    /// Where they are, in order and apart, and whose each is.
    fn find(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        let mut found = Vec::new();
        if self.forms.is_empty() {
            return found;
        }
        let mut view = View::of(text);
        loop {
            for part in &self.parts {
                for hit in part.automaton.iter().flat_map(|automaton| automaton.find_iter(view.bytes())) {
                    let form = self.forms.get(part.forms.start + hit.pattern().as_usize());
                    found.push((view.source(hit.range()), form.map_or(0, |(_, order)| *order)));
                }
            }
            found.extend(self.cut(&view));
            match view.decoded() {
                Some(decoded) => view = decoded,
                None => break,
            }
        }
        found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut apart: Vec<(Range<usize>, usize)> = Vec::with_capacity(found.len());
        for (range, order) in found {
            match apart.last_mut() {
                Some((last, _)) if range.start < last.end => last.end = last.end.max(range.end),
                _ => apart.push((range, order)),
            }
        }
        // What is replaced begins and ends with a character.
        for (range, _) in &mut apart {
            range.start = text.floor_char_boundary(range.start);
            range.end = text.ceil_char_boundary(range.end);
        }
        apart
    }

    /// What a cut has left of one at the end of a text.
    fn cut(&self, view: &View) -> Option<(Range<usize>, usize)> {
        let bytes = view.bytes().strip_suffix("…".as_bytes())?;
        let begins = |form: &[u8]| {
            let longest = (TELLING..form.len()).rev();
            longest.into_iter().find(|length| form.get(..*length).is_some_and(|start| bytes.ends_with(start)))
        };
        let longest = self.forms.iter().filter_map(|(form, order)| Some((begins(form)?, *order))).max();
        longest.map(|(length, order)| (view.source(bytes.len() - length..bytes.len()), order))
    }
}

/// All that a value is looked for as. Escapes of JSON, URLs and markup, and line breaks, are undone in the text that
/// is searched; what cannot be undone there is spelt out here.
fn forms(value: &str) -> Vec<Vec<u8>> {
    let octets = value.as_bytes();
    let mut forms: Vec<Vec<u8>> = vec![octets.to_vec(), value.replace(' ', "+").into_bytes()];
    let mut view = View::of(value);
    while let Some(decoded) = view.decoded() {
        forms.push(decoded.bytes().to_vec());
        view = decoded;
    }
    for engine in [STANDARD, URL_SAFE] {
        let encoded = engine.encode(octets);
        forms.extend([encoded.trim_end_matches('='), encoded.as_str()].map(|form| form.as_bytes().to_vec()));
        // Within a longer text its octets are spread over others than these at one of three offsets; the digits at
        // both ends hold octets of the neighbours as well.
        for offset in 0..3 {
            let encoded = engine.encode([vec![0; offset].as_slice(), octets].concat());
            let whole = (offset * 8).div_ceil(6)..(offset + octets.len()) * 8 / 6;
            forms.push(encoded.as_bytes().get(whole).unwrap_or_default().to_vec());
        }
    }
    let hex = |digits: &[u8; 16]| -> Vec<u8> {
        let digit = |half: u8| digits.get(usize::from(half)).copied().unwrap_or_default();
        octets.iter().flat_map(|octet| [digit(octet >> 4), digit(octet & 15)]).collect()
    };
    forms.extend([hex(b"0123456789abcdef"), hex(b"0123456789ABCDEF")]);
    forms.retain(|form| form.len() >= SHORTEST.min(octets.len()));
    forms.sort();
    forms.dedup();
    forms
}

/// What they are stays hidden.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_list().entries(known.values.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const CANARY: &str = "cAn4ry/\"7~ü+x&<pipit>";

    fn knowing(value: &str) -> Secrets {
        let secrets = Secrets::default();
        assert_eq!(secrets.add("T", value), Masked::Everywhere);
        secrets
    }

    #[rstest]
    #[case::raw("cAn4ry/\"7~ü+x&<pipit>")]
    #[case::json(r#"cAn4ry/\"7~ü+x&<pipit>"#)]
    #[case::json_with_all_escapes(r#"cAn4ry\/\"7~\u00fc+x\u0026\u003Cpipit\u003e"#)]
    #[case::json_in_json(r#"cAn4ry\\/\\\"7~\\u00fc+x&<pipit>"#)]
    #[case::percent("cAn4ry%2F%227~%C3%BC%2Bx%26%3Cpipit%3E")]
    #[case::percent_in_lower_case("cAn4ry%2f%227~%c3%bc%2bx%26%3cpipit%3e")]
    #[case::percent_twice("cAn4ry%252F%25227~%25C3%25BC%252Bx%2526%253Cpipit%253E")]
    #[case::every_octet("%63%41%6e%34%72%79%2f%22%37%7e%c3%bc%2b%78%26%3c%70%69%70%69%74%3e")]
    #[case::markup("cAn4ry/&quot;7~&#252;+x&amp;&lt;pipit&#x3E;")]
    #[case::base64("Y0FuNHJ5LyI3fsO8K3gmPHBpcGl0Pg==")]
    #[case::base64_without_padding("Y0FuNHJ5LyI3fsO8K3gmPHBpcGl0Pg")]
    #[case::lines("cAn4ry/\"\n    7~ü+x&\r\n<pipit>")]
    #[case::escaped_lines(r#"cAn4ry/\"\n7~ü+x&\r\n<pipit>"#)]
    #[case::base64_in_lines("Y0FuNHJ5LyI3fs\r\nO8K3gmPHBpcGl0Pg==")]
    #[case::hex("63416e3472792f22377ec3bc2b78263c70697069743e")]
    fn every_spelling_is_masked(#[case] spelt: &str) {
        assert_eq!(knowing(CANARY).mask(&format!("<a> {spelt} ü")), "<a> [REDACTED:T] ü");
    }

    #[test]
    fn it_is_found_within_base64_at_every_offset() {
        for before in ["", "a", "ab", "ann:"] {
            let encoded = STANDARD.encode(format!("{before}{CANARY}!!"));
            let shown = knowing(CANARY).mask(&encoded).into_owned();
            assert!(shown.contains("[REDACTED:T]") && shown.len() < 30, "{shown}");
        }
    }

    #[test]
    fn a_cut_leaves_nothing_of_it() {
        for length in 4..CANARY.len() {
            if let Some(start) = CANARY.get(..length) {
                assert_eq!(knowing(CANARY).mask(&format!("it is {start}…")), "it is [REDACTED:T]…");
            }
        }
    }

    #[test]
    fn the_longest_of_several_is_masked_as_a_whole() {
        let secrets = knowing("12345678");
        secrets.add("LONGER", "1234567890");
        assert_eq!(secrets.mask("a 1234567890, 12345678"), "a [REDACTED:LONGER], [REDACTED:T]");
    }

    #[test]
    fn many_are_learned_up_to_a_bound() {
        let secrets = Secrets::default();
        let value = |index: usize| format!("{index:06}-canary-of-some-length-{index:06}");
        let all = MOST / value(0).len();
        for index in 0..2 * all {
            secrets.learn("token", &value(index));
            if index == 7 {
                assert_eq!(secrets.mask(&value(7)), "[REDACTED:token]");
            }
        }
        for (index, is_known) in [(7, true), (all - 1, true), (2 * all - 1, false)] {
            assert_eq!(secrets.mask(&value(index)) == "[REDACTED:token]", is_known, "{index}");
        }
        assert_eq!(secrets.add("GIVEN", &value(9 * all)), Masked::Everywhere);
        assert_eq!(secrets.mask(&value(9 * all)), "[REDACTED:GIVEN]");
        secrets.learn("short", "1234567");
        assert_eq!(secrets.mask("1234567"), "1234567");
    }

    #[test]
    fn a_short_one_is_left_to_its_place() {
        let secrets = Secrets::default();
        assert_eq!(secrets.add("PIN", "1234"), Masked::ByPlace);
        assert_eq!(secrets.mask("1234"), "1234");
        assert_eq!(format!("{:?}", knowing(CANARY)), r#"["T"]"#);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_holds_none_is_left_alone(text in "[ -~äöü%\\\\&;\n]{0,60}") {
            let shown = knowing("a value that is never made up").replace(&text, str::to_owned).into_owned();
            prop_assert_eq!(shown, text);
        }

        #[test]
        fn whatever_stands_around_it(before in "\\PC{0,9}", after in "\\PC{0,9}", value in "[!-~]{12,30}") {
            let shown = knowing(&value).mask(&format!("{before}{value}{after}")).into_owned();
            prop_assert!(!shown.contains(&value), "{}", shown);
        }
    }
}
