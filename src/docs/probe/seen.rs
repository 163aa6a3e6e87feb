//! Which of the words that tell of requests a page has: all of them are looked for at once, many bytes at a time.

use aho_corasick::Span;
use aho_corasick::packed::Searcher;
use std::sync::LazyLock;

/// What a word tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    BlockType,
    Templates,
    Backticks,
    Tildes,
    Http,
    Curl,
    /// Other clients of the command line.
    Client,
    /// Calls of programs that send a request.
    Program,
    /// Requests in running text.
    Method,
}

/// No word is the beginning of another, so that at most one stands at any place.
const WORDS: [(&str, Mark); 19] = [
    ("blockType", Mark::BlockType),
    ("# HTTP request", Mark::Templates),
    ("```", Mark::Backticks),
    ("~~~", Mark::Tildes),
    ("HTTP/", Mark::Http),
    ("curl", Mark::Curl),
    ("http ", Mark::Client),
    ("https ", Mark::Client),
    ("wget ", Mark::Client),
    ("Invoke-", Mark::Client),
    ("requests.", Mark::Program),
    ("fetch(", Mark::Program),
    ("axios.", Mark::Program),
    ("httpx.", Mark::Program),
    ("GET", Mark::Method),
    ("POST", Mark::Method),
    ("PUT", Mark::Method),
    ("PATCH", Mark::Method),
    ("DELETE", Mark::Method),
];

static SEARCHER: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(WORDS.map(|(word, _)| word)));

/// The marks that a text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen(u16);

impl Seen {
    pub(super) fn of(text: &str) -> Seen {
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

    /// Whether a page is laid out for API Doctor.
    pub(super) fn is_laid_out(self) -> bool {
        self.has(Mark::BlockType) || self.has(Mark::Templates)
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
            let text: String = parts
                .iter()
                .map(|(word, length, behind)| format!("{}{behind}", word.get(..*length).unwrap_or(word)))
                .collect();
            prop_assert_eq!(Seen::of(&text), Seen::in_turn(&text));
        }
    }

    #[test]
    fn a_word_within_a_word_is_seen() {
        assert_eq!(Seen::of("# HTTP requests.get"), Seen::in_turn("# HTTP requests.get"));
    }
}
