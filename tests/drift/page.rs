//! What a page promises of each place of its answer, by the letter of the rules: which places are one promise, and what
//! must be equal.

use crate::example::{Example, Format, is_placeholder};
use crate::tree::{Path, Tree};
use faithful::contract::Contract;
use faithful::json::Kind;
use std::collections::BTreeSet;

/// What all examples of a place promise together.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The types that are shown.
    pub(crate) kinds: BTreeSet<Kind>,
    /// Null is shown beside others, or declared lawful.
    pub(crate) null: bool,
    /// Nothing but null is shown.
    pub(crate) only_null: bool,
    /// Every number shown is whole.
    pub(crate) whole: bool,
    /// The format of every text shown.
    pub(crate) format: Option<Format>,
    /// The list that every text shown is.
    pub(crate) list: Option<Vec<String>>,
    /// The texts that are no values.
    pub(crate) stand_ins: BTreeSet<String>,
    /// Members that are not shown may come.
    pub(crate) open: bool,
    /// An empty array is shown.
    pub(crate) empty: bool,
    /// The member that tells the elements apart.
    pub(crate) tag: Option<&'static str>,
    /// The texts of the examples, an `@odata.type`'s without what may differ in its spelling.
    pub(crate) texts: BTreeSet<String>,
}

/// One value of the documented answer.
#[derive(Debug)]
pub(crate) struct Spot {
    pub(crate) path: Path,
    pub(crate) pointer: String,
    /// The member that it is, or whose elements it is among.
    pub(crate) name: String,
    pub(crate) stands: Stands,
    /// What it and its like promise, by its position in [`Page::facts`].
    pub(crate) facts: usize,
    /// Repeats the documented request at the same place.
    pub(crate) echo: bool,
    /// Names the type of an element, as the documented request does at the same place.
    pub(crate) type_echo: bool,
    /// Repeats the documented URL.
    pub(crate) path_echo: bool,
    /// Is an element of an array, or within one.
    pub(crate) within: bool,
}

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    Root,
    Element,
    /// A member that every object of its place has.
    Required,
    /// A member that comes or not.
    Optional,
    /// The member that tells the elements of an array apart.
    Tag,
}

/// The places of a documented answer.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) spots: Vec<Spot>,
    pub(crate) facts: Vec<Facts>,
}

/// An example with the way to it.
type Shown<'t> = (Path, String, &'t Tree);

struct Reader<'c> {
    contract: &'c Contract,
    truncated: bool,
    elided: BTreeSet<&'c str>,
    places: Places,
}

impl Places {
    /// Reads them; echoes are marked by [`Places::mark`].
    pub(crate) fn of(contract: &Contract, body: &Tree) -> Places {
        let truncated = contract.response.truncated.unwrap_or(contract.source.inferred);
        let elided = contract.response.elided.iter().map(String::as_str).collect();
        let mut reader = Reader { contract, truncated, elided, places: Places::default() };
        reader.read(&[(Vec::new(), String::new(), body)], "", Stands::Root, false);
        reader.places.spots.sort_by(|one, two| one.path.cmp(&two.path));
        reader.places
    }

    /// Marks what repeats the request's body, and what repeats a part of its URL.
    pub(crate) fn mark(&mut self, body: &Tree, sent: Option<&Tree>, parts: &[Part]) {
        for spot in &mut self.spots {
            let Some(shown) = body.at(&spot.path) else { continue };
            let control = spot.name.contains("@odata.");
            let value = match shown {
                Tree::Text(text) => !text.is_empty() && Example::of(text).is_value(),
                Tree::Bool(_) | Tree::Number(_) => true,
                _ => false,
            };
            let same =
                sent.and_then(|sent| sent.pointer(&spot.pointer)).is_some_and(|sent| sent.equals(shown));
            spot.echo = value && !control && same;
            spot.type_echo = same && spot.within && spot.name == "@odata.type";
            if let Tree::Text(text) = shown {
                let element_of_its_own = spot.within && is_placeholder(text);
                let telling = |part: &Part| part.text == *text && part.is_telling();
                spot.path_echo = !control && !element_of_its_own && parts.iter().any(telling);
            }
        }
    }

    pub(crate) fn facts(&self, spot: &Spot) -> &Facts {
        &self.facts[spot.facts]
    }

    /// Whether something in it, or it itself, must be what was sent.
    pub(crate) fn echoes_in(&self, path: &[usize]) -> bool {
        self.spots.iter().any(|spot| spot.path.starts_with(path) && (spot.echo || spot.path_echo))
    }
}

/// A part of the documented URL.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) text: String,
    /// An `OData` key in quotes.
    pub(crate) quoted: bool,
}

impl Part {
    fn is_telling(&self) -> bool {
        self.quoted
            || is_placeholder(&self.text)
            || self.text.contains(|c: char| c.is_ascii_digit())
            || self.text.chars().count() >= 12
    }
}

impl Reader<'_> {
    /// Reads the examples of one place.
    fn read(&mut self, shown: &[Shown<'_>], name: &str, stands: Stands, within: bool) {
        let facts = self.places.facts.len();
        self.places.facts.push(self.facts(shown, name));
        for (path, pointer, _) in shown {
            self.places.spots.push(Spot {
                path: path.clone(),
                pointer: pointer.clone(),
                name: name.to_owned(),
                stands,
                facts,
                echo: false,
                type_echo: false,
                path_echo: false,
                within,
            });
        }
        self.members(shown, within);
        let tag = self.elements(shown, name);
        self.places.facts[facts].tag = tag;
    }

    fn members(&mut self, shown: &[Shown<'_>], within: bool) {
        let objects = shown.iter().filter(|(.., tree)| tree.kind() == Kind::Object).count();
        let mut names: Vec<&str> = Vec::new();
        for (.., tree) in shown {
            if let Tree::Object(members) = tree {
                for (name, _) in members {
                    if !names.contains(&name.as_str()) {
                        names.push(name);
                    }
                }
            }
        }
        for name in names {
            let (mut values, mut holders) = (Vec::new(), 0);
            for (path, pointer, tree) in shown {
                let Tree::Object(members) = tree else { continue };
                let token = name.replace('~', "~0").replace('/', "~1");
                let found = members.iter().enumerate().filter(|(_, (known, _))| known == name);
                let found: Vec<Shown<'_>> = found
                    .map(|(at, (_, value))| {
                        ([path.as_slice(), &[at]].concat(), format!("{pointer}/{token}"), value)
                    })
                    .collect();
                holders += usize::from(!found.is_empty());
                values.extend(found);
            }
            let stands = if holders == objects { Stands::Required } else { Stands::Optional };
            self.read(&values, name, stands, within);
        }
    }

    fn elements(&mut self, shown: &[Shown<'_>], name: &str) -> Option<&'static str> {
        let mut all: Vec<Shown<'_>> = Vec::new();
        for (path, pointer, tree) in shown {
            if let Tree::Array(elements) = tree {
                let element =
                    |(at, element)| ([path.as_slice(), &[at]].concat(), format!("{pointer}/{at}"), element);
                all.extend(elements.iter().enumerate().map(element));
            }
        }
        let tagged = |tag: &&str| all.iter().all(|(.., element)| tag_of(element, tag).is_some());
        let tag = ["@odata.type", "type", "kind"].into_iter().find(tagged).filter(|_| !all.is_empty());
        let Some(tag) = tag else {
            if !all.is_empty() {
                self.read(&all, name, Stands::Element, true);
            }
            return None;
        };
        let mut tags: Vec<String> = Vec::new();
        for found in all.iter().filter_map(|(.., element)| tag_of(element, tag)) {
            if !tags.contains(&found) {
                tags.push(found);
            }
        }
        for known in tags {
            let alike: Vec<Shown<'_>> = all
                .iter()
                .filter(|(.., element)| tag_of(element, tag).as_deref() == Some(known.as_str()))
                .cloned()
                .collect();
            let first = self.places.spots.len();
            self.read(&alike, name, Stands::Element, true);
            let depth = alike[0].0.len() + 1;
            for spot in &mut self.places.spots[first..] {
                if spot.path.len() == depth && spot.name == tag && spot.stands == Stands::Required {
                    spot.stands = Stands::Tag;
                }
            }
        }
        Some(tag)
    }

    fn facts(&self, shown: &[Shown<'_>], name: &str) -> Facts {
        let mut facts = Facts {
            only_null: shown.iter().all(|(.., tree)| **tree == Tree::Null),
            null: self.contract.response.nullable.iter().any(|nullable| nullable == name),
            whole: true,
            open: self.truncated
                || shown.iter().any(|(_, pointer, _)| self.elided.contains(pointer.as_str())),
            ..Facts::default()
        };
        let mut examples = Vec::new();
        for (.., tree) in shown {
            match tree {
                Tree::Null => facts.null = true,
                Tree::Number(figure) => facts.whole &= !figure.contains(['.', 'e', 'E']),
                Tree::Array(elements) => facts.empty |= elements.is_empty(),
                _ => {}
            }
            let mut kind = tree.kind();
            if let Tree::Text(text) = tree {
                let example = Example::of(text);
                if let Example::TypeWord(named, _) = example {
                    kind = named;
                }
                if !example.is_value() {
                    facts.stand_ins.insert(text.clone());
                }
                facts.texts.insert(text.trim_start_matches('#').to_ascii_lowercase());
                examples.push(example);
            }
            facts.kinds.insert(kind);
        }
        let formats: BTreeSet<Option<Format>> = examples
            .iter()
            .map(|example| match example {
                Example::Formatted(format) => Some(*format),
                Example::TypeWord(_, format) => *format,
                _ => None,
            })
            .collect();
        if formats.len() == 1 {
            facts.format = formats.into_iter().next().flatten();
        }
        if let Some(Example::Enumeration(words)) = examples.first()
            && examples.iter().all(|example| *example == examples[0])
        {
            facts.list = Some(words.clone());
        }
        facts
    }
}

fn tag_of(element: &Tree, tag: &str) -> Option<String> {
    let Tree::Object(members) = element else { return None };
    match members.iter().find(|(name, _)| name == tag)? {
        (_, Tree::Text(text)) if tag == "@odata.type" => {
            Some(text.trim_start_matches('#').to_ascii_lowercase())
        }
        (_, Tree::Text(text)) => Some(text.clone()),
        _ => None,
    }
}
