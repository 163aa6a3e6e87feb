//! Changes of single values that are no echo: lawful ones, and ones to be noticed.

use crate::change::{Changes, Class, WAYS};
use crate::example::{Example, Format};
use crate::page::{Facts, Spot, Stands};
use crate::tree::Tree;
use faithful::json::Kind;

const TEXTS: [&str; 6] =
    ["Quite another text", "17", "true", "null", "\u{e9}\u{1f600} \"\\/\n\t\u{2028}", "x"];

pub(crate) fn changes(to: &mut Changes<'_>, body: &Tree) {
    let exchange = to.exchange;
    for spot in &exchange.places.spots {
        let facts = exchange.places.facts(spot);
        let Some(value) = body.at(&spot.path) else { continue };
        spelled_otherwise(to, body, spot, value);
        if *value == Tree::Null && !facts.only_null {
            let alike = exchange.places.spots.iter().filter(|other| other.facts == spot.facts);
            for other in alike.filter_map(|other| body.at(&other.path)).filter(|other| **other != Tree::Null)
            {
                to.body("null filled", &spot.pointer, &body.replaced(&spot.path, other.clone()));
            }
        }
        if facts.only_null {
            let object =
                Tree::object("a", Tree::Array(vec![Tree::Null, Tree::object("b", Tree::Bool(true))]));
            for filled in
                [Tree::text("x"), Tree::number("-1.5"), Tree::Bool(false), Tree::Array(Vec::new()), object]
            {
                to.body("null filled", &spot.pointer, &body.replaced(&spot.path, filled));
            }
            continue;
        }
        if facts.null
            && *value != Tree::Null
            && !exchange.places.echoes_in(&spot.path)
            && spot.stands != Stands::Element
        {
            let null = body.replaced(&spot.path, Tree::Null);
            to.body("null where it is shown too or declared", &spot.pointer, &null);
        }
        if spot.echo || spot.path_echo {
            continue;
        }
        for (name, other) in others(spot, facts, value) {
            to.body(name, &spot.pointer, &body.replaced(&spot.path, other));
        }
    }
    let free = |body: Tree, spot: &Spot| {
        let facts = exchange.places.facts(spot);
        let is_lawful = |name: &str| WAYS.iter().any(|way| way.name == name && way.class == Class::Lawful);
        let other = body.at(&spot.path).and_then(|value| {
            others(spot, facts, value).into_iter().find(|(name, _)| is_lawful(name)).map(|(_, other)| other)
        });
        match other.filter(|_| !spot.echo && !spot.path_echo && spot.stands != Stands::Tag) {
            Some(other) => body.replaced(&spot.path, other),
            None => body,
        }
    };
    to.body("every value that is free, at once", "", &exchange.places.spots.iter().fold(body.clone(), free));
}

/// Any value of a type, of the format that is shown.
fn of_kind(kind: Kind, facts: &Facts) -> Tree {
    match kind {
        Kind::Null => Tree::Null,
        Kind::Bool => Tree::Bool(true),
        Kind::Number => Tree::number("41"),
        Kind::String => Tree::text(facts.format.map_or("another", |format| format.others()[0])),
        Kind::Array => Tree::Array(Vec::new()),
        Kind::Object => Tree::Object(Vec::new()),
    }
}

/// Other values that a place may have, or may be seen to have.
fn others(spot: &Spot, facts: &Facts, value: &Tree) -> Vec<(&'static str, Tree)> {
    let texts = |name, texts: &[&str]| -> Vec<_> {
        let value_is_not = |text: &&&str| *value != Tree::text(text);
        texts.iter().filter(value_is_not).map(|text| (name, Tree::text(text))).collect()
    };
    match value {
        Tree::Bool(flag) => vec![("another boolean", Tree::Bool(!flag))],
        Tree::Number(figure) => {
            let whole = ["41", "-7", "0", "9007199254740993", "123456789012345678901234567890", "2e3"];
            let mut others = figures("another number", figure, &whole);
            let name = if facts.whole { "a fraction for a whole number" } else { "another number" };
            others.extend(figures(name, figure, &["0.25", "-1.5e-3"]));
            others
        }
        Tree::Text(text) if spot.name.ends_with("@odata.type") => odata_type(spot, facts, text),
        Tree::Text(_) if spot.stands == Stands::Tag => texts("another element's tag", &TEXTS[..2]),
        Tree::Text(text) => match Example::of(text) {
            Example::Free => [texts("another text", &TEXTS), texts("no text: \"\"", &[""])].concat(),
            Example::Formatted(format) => {
                let mut others = texts("another value of the same format", format.others());
                if facts.format.is_some() {
                    others.extend(texts("a format lost", &["none of it", ""]));
                }
                others
            }
            Example::TypeWord(kind, _) => {
                let mut others = vec![("a value for a type word", of_kind(kind, facts))];
                // A bed may be called single, and a day a date.
                let is_a_word = text.bytes().all(|byte| byte.is_ascii_lowercase())
                    || ["Single", "Double", "Date", "Duration", "Number", "Float", "Byte", "Stream"]
                        .contains(&text.as_str());
                if !is_a_word && (kind != Kind::String || facts.format.is_some()) {
                    others.push(("the example itself that is no value", value.clone()));
                }
                others
            }
            Example::Placeholder => texts("a value for a placeholder", &["a1", ""]),
            Example::Abbreviated => texts("a whole text for an abbreviated one", &["a whole text"]),
            Example::Enumeration(words) => match &facts.list {
                Some(_) => {
                    let mut others: Vec<_> =
                        words.iter().map(|word| ("a value of a list", Tree::text(word))).collect();
                    others.push(("a text outside a list", Tree::text("none of them")));
                    others.push(("the example itself that is no value", value.clone()));
                    others
                }
                None => Vec::new(),
            },
        },
        Tree::Null | Tree::Array(_) | Tree::Object(_) => Vec::new(),
    }
}

fn figures(name: &'static str, figure: &str, others: &[&str]) -> Vec<(&'static str, Tree)> {
    others.iter().filter(|other| **other != figure).map(|other| (name, Tree::number(other))).collect()
}

fn odata_type(spot: &Spot, facts: &Facts, text: &str) -> Vec<(&'static str, Tree)> {
    let respelled = match text.strip_prefix('#') {
        Some(rest) => rest.to_ascii_uppercase(),
        None => format!("#{text}"),
    };
    let mut others = vec![("a type's name without #, in other letters", Tree::text(&respelled))];
    let other = Tree::text("#drift.elsewhere.thing");
    match spot.stands {
        _ if spot.type_echo => others.push(("a broken echo: an element of another type", other)),
        Stands::Tag => others.push(("an element of an @odata.type not shown", other)),
        _ if facts.texts.len() == 1 => others.push(("another @odata.type", other)),
        _ => {}
    }
    others
}

/// The same values in another spelling: lawful for echoes too.
fn spelled_otherwise(to: &mut Changes<'_>, body: &Tree, spot: &Spot, value: &Tree) {
    let Tree::Text(text) = value else { return };
    let mut say =
        |name, text: String| to.body(name, &spot.pointer, &body.replaced(&spot.path, Tree::Text(text)));
    match Format::of(text) {
        Some(Format::Guid) => {
            say("a guid in other letters", text.to_ascii_uppercase());
            say("a guid in other letters", text.to_ascii_lowercase());
        }
        Some(Format::DateTime) => {
            let at = text[10..].find(['Z', 'z', '+', '-']).map_or(text.len(), |at| at + 10);
            let (moment, zone) = text.split_at(at);
            let (seconds, fraction) = moment.split_at(19);
            say(
                "a date in another precision",
                format!("{moment}{}{zone}", if fraction.is_empty() { ".000" } else { "000" }),
            );
            for digits in [0, 1, 4, 7] {
                if fraction.len() > digits + 1 {
                    let cut = if digits == 0 { "" } else { &fraction[..=digits] };
                    say("a date in another precision", format!("{seconds}{cut}{zone}"));
                }
            }
            if zone.eq_ignore_ascii_case("z") {
                say("a date in another offset", format!("{moment}+00:00"));
                let hour: u32 = moment[11..13].parse().unwrap();
                if hour < 18 {
                    let later = format!("{}T{:02}{}+05:00", &moment[..10], hour + 5, &moment[13..]);
                    say("a date in another offset", later);
                } else {
                    let earlier = format!("{}T{:02}{}-05:00", &moment[..10], hour - 5, &moment[13..]);
                    say("a date in another offset", earlier);
                }
            }
        }
        Some(Format::Time) => {
            let (seconds, fraction) = text.split_at(8);
            say(
                "a date in another precision",
                format!("{seconds}{}0", if fraction.is_empty() { "." } else { fraction }),
            );
        }
        _ => {
            // A moment without a zone: no format, and a moment all the same.
            if Format::of(&format!("{text}Z")) == Some(Format::DateTime) {
                let (seconds, fraction) = text.split_at(19);
                let more = if fraction.is_empty() { ".0000000" } else { "0" };
                say("a date in another precision", format!("{seconds}{fraction}{more}"));
            }
        }
    }
}
