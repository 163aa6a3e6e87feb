//! Ordinals: which of several requests a label speaks of.

use super::label::last_sentence;

/// A place among several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::docs) enum Place {
    /// So many stand before it.
    From(usize),
    Last,
}

impl Place {
    /// How many of so many stand before it.
    pub(in crate::docs) fn index(self, count: usize) -> usize {
        match self {
            Place::From(index) => index,
            Place::Last => count.saturating_sub(1),
        }
    }
}

/// The one that a label speaks of, as in `The first one returns:` and `and the second call:`.
pub(in crate::docs) fn ordinal(label: &str) -> Option<Place> {
    const ORDINALS: [(&str, Place); 9] = [
        ("first", Place::From(0)),
        ("former", Place::From(0)),
        ("second", Place::From(1)),
        ("third", Place::From(2)),
        ("fourth", Place::From(3)),
        ("fifth", Place::From(4)),
        ("latter", Place::Last),
        ("last", Place::Last),
        ("other", Place::Last),
    ];
    const BEHIND: [&str; 20] = [
        "one", "request", "requests", "call", "command", "query", "returns", "return", "answers", "answer",
        "gives", "responds", "response", "replies", "reply", "outputs", "output", "shows", "yields",
        "result",
    ];
    let said = last_sentence(label).to_ascii_lowercase();
    let words: Vec<&str> =
        said.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut found = words.iter().enumerate().filter_map(|(at, word)| {
        let (_, place) = ORDINALS.iter().find(|(ordinal, _)| ordinal == word)?;
        words.get(at + 1).is_none_or(|behind| BEHIND.contains(behind)).then_some(*place)
    });
    let place = found.next()?;
    found.next().is_none().then_some(place)
}

#[cfg(test)]
mod tests {
    use super::{Place, ordinal};
    use rstest::rstest;

    #[rstest]
    #[case("The first one answers", Some(Place::From(0)))]
    #[case("and the second one", Some(Place::From(1)))]
    #[case("Second response:", Some(Place::From(1)))]
    #[case("The latter returns:", Some(Place::Last))]
    #[case("The first page:", None)]
    #[case("The first one and the second one return:", None)]
    #[case("The one:", None)]
    fn labels_speak_of_one_of_several(#[case] label: &str, #[case] expected: Option<Place>) {
        assert_eq!(ordinal(label), expected);
    }
}
