//! Members that stand more than once in one object.

use super::{Member, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// From this many members on, names are looked up in an index.
pub(crate) const INDEX_FROM: usize = 24;

impl<'a> Value<'a> {
    /// The members of an object that stand more than once: each later one with the one before it.
    pub fn repeated(self) -> Vec<(Member<'a>, Member<'a>)> {
        let mut repeated = Vec::new();
        let (mut seen, mut is_plain) = (0_u64, true);
        let mut clash = None;
        for (at, member) in self.members().enumerate() {
            let name = member.key.bytes();
            is_plain &= memchr::memchr(b'\\', name).is_none();
            let trace = trace(name);
            if !is_plain || seen & trace != 0 {
                clash = Some(at);
                break;
            }
            seen |= trace;
        }
        // Names that leave different traces are different.
        let Some(first_clash) = clash else { return repeated };
        if self.members().nth(INDEX_FROM - 1).is_some() {
            let mut last: BTreeMap<Cow<'a, str>, Member<'a>> = BTreeMap::new();
            for member in self.members() {
                repeated.extend(last.insert(member.name(), member).map(|first| (first, member)));
            }
            return repeated;
        }
        for (at, member) in self.members().enumerate().skip(first_clash) {
            let before = self.members().take(at).filter(|other| other.key.says_the_same(member.key)).last();
            repeated.extend(before.map(|first| (first, member)));
        }
        repeated
    }
}

/// A bit for a name: two with the same bit may be the same, two with others are not.
fn trace(name: &[u8]) -> u64 {
    let byte = |at: usize| name.get(at).copied().map_or(0, usize::from);
    let sum = name.len() * 7 + byte(1) + byte(name.len() / 2) * 3 + byte(name.len().saturating_sub(2)) * 5;
    1 << (sum % 64)
}

#[cfg(test)]
mod tests {
    use crate::json::Json;

    #[test]
    fn repeated_members_are_told_pair_by_pair_however_many() {
        for others in [0, 100] {
            let mut text: Vec<String> = (0..others).map(|at| format!("\"m{at}\": 0")).collect();
            text.push(r#""a": 1, "b": 2, "\u0061": 3, "a": 4"#.to_owned());
            let json = Json::parse(format!("{{{}}}", text.join(","))).unwrap();
            let repeated = json.root().repeated();
            let pairs: Vec<(&str, &str)> =
                repeated.iter().map(|(first, second)| (first.value.raw(), second.value.raw())).collect();
            assert_eq!(pairs, [("1", "3"), ("3", "4")]);
        }
        assert!(Json::parse("[1, 1]").unwrap().root().repeated().is_empty());
    }
}
