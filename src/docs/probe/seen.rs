//! Which of the words that tell of requests a page may have: all of them are looked for at once, many bytes at a time.

use aho_corasick::Span;
use aho_corasick::packed::Searcher;
use std::sync::LazyLock;

/// What a word tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    BlockType,
    /// The same in other letters.
    OddBlockType,
    Templates,
    Http,
    Curl,
    /// Other clients of the command line.
    Client,
    /// Calls of programs that send a request.
    Program,
    /// Methods that the search for usual ones passes over.
    Method,
    /// Elements of HTML that hold code.
    Element,
}

/// Of each word an end that few others have: four bytes are looked at first, and those that a word begins with are those
/// of any URL or of "request". There are no more than 32: of more, half as many bytes are looked at at a time. No end is the beginning of another, so that at most one stands at any place.
const WORDS: [(&str, Mark); 32] = [
    ("kType", Mark::BlockType),
    ("ktype", Mark::OddBlockType),
    ("KTYPE", Mark::OddBlockType),
    ("# HTTP request", Mark::Templates),
    ("TTP/", Mark::Http),
    ("curl", Mark::Curl),
    ("ttp ", Mark::Client),
    ("tps ", Mark::Client),
    ("wget ", Mark::Client),
    ("voke-", Mark::Client),
    ("sts.", Mark::Program),
    ("tch(", Mark::Program),
    ("ios.", Mark::Program),
    ("tpx.", Mark::Program),
    ("HEAD", Mark::Method),
    ("OPTI", Mark::Method),
    ("MERG", Mark::Method),
    ("<pre", Mark::Element),
    ("<PRE", Mark::Element),
    ("<Pre", Mark::Element),
    ("<xmp", Mark::Element),
    ("<XMP", Mark::Element),
    ("<Xmp", Mark::Element),
    ("<cod", Mark::Element),
    ("<COD", Mark::Element),
    ("<Cod", Mark::Element),
    ("<sam", Mark::Element),
    ("<SAM", Mark::Element),
    ("/tt>", Mark::Element),
    ("/TT>", Mark::Element),
    ("<lis", Mark::Element),
    ("<LIS", Mark::Element),
];

static SEARCHER: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(WORDS.map(|(word, _)| word)));

/// The marks that a text may have, and those that it has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::docs) struct Seen(u16);

impl Seen {
    /// Of a text that was not looked at.
    pub(in crate::docs) const ANY: Seen = Seen(u16::MAX);

    pub(in crate::docs) fn of(text: &str) -> Seen {
        let Some(searcher) = SEARCHER.as_ref() else { return Seen::in_turn(text) };
        let (mut seen, mut from) = (0, 0);
        while let Some(found) = searcher.find_in(text, Span::from(from..text.len())) {
            let mark = WORDS.get(found.pattern().as_usize()).map_or(0, |(_, mark)| 1 << *mark as u16);
            seen |= mark;
            from = found.start() + 1;
        }
        Seen(seen)
    }

    /// By a search for each word: for machines that cannot do better.
    fn in_turn(text: &str) -> Seen {
        let found =
            WORDS.iter().filter(|(word, _)| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some());
        Seen(found.fold(0, |seen, (_, mark)| seen | 1 << *mark as u16))
    }

    pub(super) fn has(self, mark: Mark) -> bool {
        self.0 & (1 << mark as u16) != 0
    }

    /// Whether the text has a mark that is the whole word; `None` where only a search can tell.
    pub(super) fn has_whole(self, mark: Mark) -> Option<bool> {
        let has = self.has(mark);
        (!has || (self != Seen::ANY && mark == Mark::Templates)).then_some(has)
    }
}

#[cfg(test)]
mod tests {
    use super::{Seen, WORDS};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn all_at_once_is_each_in_turn(
            parts in proptest::collection::vec(
                (proptest::sample::select(WORDS.map(|(word, _)| word).to_vec()), 0..15_usize, "[a-z\n `~#é]{0,9}"),
                0..6,
            )
        ) {
            // Words that are cut short, and that reach into each other.
            let cut = parts.iter().flat_map(|(word, length, behind)| [word.get(..*length).unwrap_or(word), behind]);
            let text: String = cut.collect();
            prop_assert_eq!(Seen::of(&text), Seen::in_turn(&text));
        }
    }

    #[test]
    fn a_word_within_a_word_is_seen() {
        assert_eq!(Seen::of("# HTTP requests.get"), Seen::in_turn("# HTTP requests.get"));
        assert_eq!(Seen::of("https httpx."), Seen::in_turn("https httpx."));
    }
}
