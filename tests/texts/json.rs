//! JSON as nobody writes it by hand, for the property tests of both readers.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

pub(crate) const BLANKS: &str = "[ \t\r\n]{0,3}";

/// A string with its quotes: raw characters of all lengths, every escape, surrogates in pairs.
fn string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ -!#-\\[\\]-~]{1,20}",
        2 => any::<char>().prop_map(|c| if matches!(c, '"' | '\\' | '\0'..='\x1f') { 'x' } else { c }.to_string()),
        2 => "\\\\[\"\\\\/bfnrt]",
        2 => "\\\\u(00[0-9a-fA-F]{2}|[1-9a-cA-C][0-9a-fA-F]{3})",
        1 => "\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}",
        1 => select(vec!["...", "…", "\\u2026", "//", "/*", "#", "'", "“", "}", ","]).prop_map(str::to_owned),
    ];
    vec(piece, 0..6).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

/// The tokens of a JSON text. Names come from few letters, so that members are repeated.
pub(crate) fn tokens() -> impl Strategy<Value = Vec<String>> {
    let word = select(vec!["null", "true", "false"]).prop_map(str::to_owned);
    let name = prop_oneof![3 => select(vec!["\"a\"", "\"b\"", "\"\\u0061\""]).prop_map(str::to_owned), 1 => string()];
    let number = "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,24})?([eE][+-]?[0-9]{1,2})?";
    let scalar = prop_oneof![1 => word, 2 => number, 2 => string()].prop_map(|scalar| vec![scalar]);
    scalar.prop_recursive(6, 60, 6, move |inner| {
        let member = (name.clone(), inner.clone())
            .prop_map(|(name, value)| [vec![name, ":".to_owned()], value].concat());
        let within = |open: &str, items: Vec<Vec<String>>, close: &str| {
            let items = items.join(&",".to_owned());
            [vec![open.to_owned()], items, vec![close.to_owned()]].concat()
        };
        prop_oneof![
            vec(inner, 0..6).prop_map(move |elements| within("[", elements, "]")),
            vec(member, 0..6).prop_map(move |members| within("{", members, "}")),
        ]
    })
}

/// A JSON text with blanks wherever they may stand.
pub(crate) fn json() -> impl Strategy<Value = String> {
    (tokens(), vec(BLANKS, 1..8)).prop_map(|(tokens, blanks)| {
        let spaced =
            tokens.iter().zip(blanks.iter().cycle()).map(|(token, blanks)| format!("{blanks}{token}"));
        spaced.collect::<String>() + &blanks[0]
    })
}

/// Bytes dropped, doubled, swapped, put in and cut off.
pub(crate) fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let hostile = select(b"\"\\[]{}:,.-+0123456789eEutrfalsn/ \n\r\t\0\x1f\x7f\x80\xc3\xff';#<!*".to_vec());
    let change = (0..5u8, any::<Index>(), any::<Index>(), hostile);
    (json(), vec(change, 1..5)).prop_map(|(text, changes)| {
        let mut bytes = text.into_bytes();
        for (how, one, two, byte) in changes {
            if bytes.is_empty() {
                break;
            }
            let (one, two) = (one.index(bytes.len()), two.index(bytes.len()));
            match how {
                0 => drop(bytes.remove(one)),
                1 => bytes.insert(one, bytes[two]),
                2 => bytes.swap(one, two),
                3 => bytes.insert(one, byte),
                _ => bytes.truncate(one.max(1)),
            }
        }
        bytes
    })
}
