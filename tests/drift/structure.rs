//! Changes of members and elements: more, fewer, in another order, under another name.

use crate::change::{Changes, called};
use crate::page::{Facts, Places, Spot, Stands};
use crate::tree::Tree;
use faithful::json::Kind;

pub(crate) fn changes(to: &mut Changes<'_>, body: &Tree) {
    to.body("members in another order", "", &body.reversed());
    let exchange = to.exchange;
    for spot in &exchange.places.spots {
        let facts = exchange.places.facts(spot);
        match body.at(&spot.path) {
            Some(Tree::Object(_)) => more(to, body, spot, facts),
            Some(Tree::Array(elements)) => array(to, body, spot, facts, elements),
            _ => {}
        }
        if matches!(spot.stands, Stands::Required | Stands::Optional | Stands::Tag) {
            less(to, body, spot, facts);
            twice(to, body, spot, facts);
        }
    }
}

/// Members that are not shown.
fn more(to: &mut Changes<'_>, body: &Tree, spot: &Spot, facts: &Facts) {
    let name = if facts.open {
        "a member more where truncated or elided"
    } else {
        "a member more where all are shown"
    };
    let deep = Tree::object("b", Tree::Array(vec![Tree::Null, Tree::object("c", Tree::number("1"))]));
    for value in [Tree::text("x"), Tree::Null, Tree::Array(vec![Tree::Bool(true)]), deep] {
        to.body(name, &spot.pointer, &with_member(body, &spot.path, "addedByTheService", value, At::End));
    }
    let first = with_member(body, &spot.path, "addedByTheService", Tree::number("7"), At::Start);
    to.body(name, &spot.pointer, &first);
    let control = with_member(body, &spot.path, "@odata.added", Tree::text("x"), At::Start);
    to.body("an @odata member more", &spot.pointer, &control);
}

#[derive(Clone, Copy)]
enum At {
    Start,
    End,
}

fn with_member(body: &Tree, path: &[usize], name: &str, value: Tree, at: At) -> Tree {
    body.with(path, |object| {
        if let Tree::Object(members) = object {
            let at = match at {
                At::Start => 0,
                At::End => members.len(),
            };
            members.insert(at, (name.to_owned(), value));
        }
    })
}

/// How it breaks the promise that a member is not there; none where that is nobody's business.
fn absence(to: &Changes<'_>, spot: &Spot, facts: &Facts) -> Option<&'static str> {
    let response = &to.exchange.contract.response;
    let control = spot.name.contains("@odata.") && spot.name != "@odata.type";
    // What must come back is missed wherever it stands.
    if spot.stands == Stands::Optional {
        let echoes = to.exchange.places.echoes_in(&spot.path);
        return (!echoes).then_some("a member less that not all elements show");
    }
    if control {
        return Some("an @odata member less");
    }
    if facts.only_null || response.optional.contains(&spot.name) {
        let echoes = to.exchange.places.echoes_in(&spot.path);
        return (!echoes).then_some("a member less that is null or optional");
    }
    Some("a member less")
}

fn less(to: &mut Changes<'_>, body: &Tree, spot: &Spot, facts: &Facts) {
    let Some(name) = absence(to, spot, facts) else { return };
    // A page that shows a member twice shows it once without one of the two.
    let holder = spot.pointer.rsplit_once('/').map_or("", |(holder, _)| holder);
    let twice = |other: &Spot| other.pointer == spot.pointer && other.path != spot.path;
    if to.exchange.places.spots.iter().any(twice) {
        return;
    }
    to.body(name, &spot.pointer, &body.without(&spot.path));
    if name != "a member less" {
        return;
    }
    let sibling =
        |name: &str| to.exchange.places.spots.iter().any(|other| other.pointer == format!("{holder}/{name}"));
    for other in [format!("{}2", spot.name), format!("{} ", spot.name), format!("_{}", spot.name)] {
        if !sibling(&other) {
            to.body("a member renamed", &spot.pointer, &body.renamed(&spot.path, &other));
        }
    }
    let mut letters = spot.name.chars();
    let first = letters.next().map(|first| {
        if first.is_uppercase() { first.to_lowercase().to_string() } else { first.to_uppercase().to_string() }
    });
    let turned = format!("{}{}", first.unwrap_or_default(), letters.as_str());
    for other in [turned, spot.name.to_uppercase(), spot.name.to_lowercase()] {
        if other != spot.name && !sibling(&other) {
            to.body("a member's name in other letters", &spot.pointer, &body.renamed(&spot.path, &other));
        }
    }
}

fn twice(to: &mut Changes<'_>, body: &Tree, spot: &Spot, facts: &Facts) {
    let Some(value) = body.at(&spot.path) else { return };
    let mut insert = |name, value: Tree, shift: usize| {
        let changed = body.inside(&spot.path, |holder, at| {
            if let Tree::Object(members) = holder {
                members.insert(at + shift, (spot.name.clone(), value));
            }
        });
        to.body(name, &spot.pointer, &changed);
    };
    for shift in [0, 1] {
        insert("a member twice, equal", value.clone(), shift);
        let other = if *value == Tree::Bool(true) { Tree::Bool(false) } else { Tree::Bool(true) };
        // Where anything may come, it may not come in two ways either.
        insert("a member twice, contradicting", other, shift);
        if let (Tree::Text(text), false) = (value, facts.only_null) {
            insert("a member twice, contradicting", Tree::Text(format!("{text} too")), shift);
        }
    }
}

fn array(to: &mut Changes<'_>, body: &Tree, spot: &Spot, facts: &Facts, elements: &[Tree]) {
    let places = &to.exchange.places;
    let at = &spot.pointer;
    let with = |elements: Vec<Tree>| body.replaced(&spot.path, Tree::Array(elements));
    let echoes = places.echoes_in(&spot.path);
    let (Some(first), Some(last)) = (elements.first(), elements.last()) else {
        if places.spots.iter().all(|other| other.facts != spot.facts || other.path == spot.path) {
            for element in
                [Tree::text("x"), Tree::number("1"), Tree::object("a", Tree::Null), Tree::Array(Vec::new())]
            {
                to.body("elements where [] is shown", at, &with(vec![element.clone(), element]));
            }
        }
        return;
    };
    for count in [1, 2, 40] {
        let more = std::iter::repeat_n(last.clone(), count);
        to.body("more elements", at, &with(elements.iter().cloned().chain(more).collect()));
    }
    to.body("more elements", at, &with([elements, elements].concat()));
    if !echoes {
        for count in 1..elements.len() {
            to.body("fewer elements", at, &with(elements[..count].to_vec()));
            to.body("fewer elements", at, &with(elements[count..].to_vec()));
        }
        if elements.len() > 1 {
            to.body("elements in another order", at, &with(elements.iter().rev().cloned().collect()));
        }
        let name = if facts.empty { "no elements where [] is shown too" } else { "no elements" };
        to.body(name, at, &with(Vec::new()));
    }
    // A bad one among many good ones: behind a copy of each, before eight more.
    let among = |bad: Tree| {
        let mut many = elements.to_vec();
        many.extend(std::iter::repeat_n(first.clone(), 4));
        many.push(bad);
        many.extend(std::iter::repeat_n(last.clone(), 4));
        with(many)
    };
    let (path, start) = ([spot.path.as_slice(), &[0]].concat(), spot.path.len() + 1);
    let Some(element) = places.spots.iter().find(|other| other.path == path) else { return };
    let element_facts = places.facts(element);
    if element_facts.only_null {
        return;
    }
    if !element_facts.null {
        to.body("one bad element among many: null", at, &among(Tree::Null));
    }
    let strays = [
        Tree::Object(Vec::new()),
        Tree::Array(Vec::new()),
        Tree::text("x"),
        Tree::number("1"),
        Tree::Bool(true),
    ];
    // In arrays whose elements are tagged, what one tag shows is no promise of all.
    let all: Vec<&Facts> = elements_of(places, spot).collect();
    for stray in
        strays.into_iter().filter(|stray| all.iter().all(|facts| !facts.kinds.contains(&stray.kind())))
    {
        to.body("one bad element among many: no element at all", at, &among(stray));
    }
    let places = &to.exchange.places;
    let inside: Vec<&Spot> =
        places.spots.iter().filter(|other| other.path.starts_with(&path) && other.path != path).collect();
    for inner in inside {
        let (way, facts) = (&inner.path[start..], places.facts(inner));
        let member = matches!(inner.stands, Stands::Required | Stands::Tag);
        if member && absence(to, inner, facts) == Some("a member less") {
            to.body("one bad element among many: a member less", &inner.pointer, &among(first.without(way)));
        }
        if let Some(other) = other_types(first.at(way), facts).into_iter().next() {
            to.body(
                "one bad element among many: another type",
                &inner.pointer,
                &among(first.replaced(way, other)),
            );
        }
        if !facts.null && !facts.only_null {
            to.body(
                "one bad element among many: null",
                &inner.pointer,
                &among(first.replaced(way, Tree::Null)),
            );
        }
    }
}

/// The facts of all elements of the arrays that are one promise.
fn elements_of<'x>(places: &'x Places, spot: &'x Spot) -> impl Iterator<Item = &'x Facts> {
    let arrays = places.spots.iter().filter(|other| other.facts == spot.facts);
    let elements = arrays.flat_map(|array| {
        let holds = |other: &&Spot| other.path.split_last().is_some_and(|(_, holder)| holder == array.path);
        places.spots.iter().filter(holds)
    });
    elements.map(|element| places.facts(element))
}

/// Values of every type that a place does not have, as nearly the documented one as they may be.
pub(crate) fn other_types(value: Option<&Tree>, facts: &Facts) -> Vec<Tree> {
    let Some(value) = value.filter(|value| **value != Tree::Null && !facts.only_null) else {
        return Vec::new();
    };
    let figure = match value {
        Tree::Text(text) if text.parse::<i64>().is_ok_and(|figure| figure.to_string() == *text) => {
            text.clone()
        }
        _ => "1".to_owned(),
    };
    let text = match value {
        Tree::Number(figure) => figure.clone(),
        Tree::Bool(flag) => flag.to_string(),
        _ => "x".to_owned(),
    };
    let mut others = vec![
        Tree::Text(text),
        Tree::text(""),
        Tree::Number(figure),
        Tree::number("0"),
        Tree::number("-1.5"),
        Tree::Bool(true),
        Tree::Bool(false),
        Tree::Array(vec![value.clone()]),
        Tree::Array(Vec::new()),
        Tree::Object(Vec::new()),
        Tree::object("value", value.clone()),
    ];
    if let Tree::Array(elements) = value {
        others.extend(elements.first().cloned());
        let numbered = elements.iter().enumerate().map(|(at, element)| (at.to_string(), element.clone()));
        others.push(Tree::Object(numbered.collect()));
    }
    if let Tree::Object(members) = value {
        let named = |(name, value): &(String, Tree)| Tree::Array(vec![Tree::text(name), value.clone()]);
        others.push(Tree::Array(members.iter().map(named).collect()));
        others.extend(members.first().map(|(_, value)| value.clone()));
    }
    others.retain(|other| {
        let named = matches!(other, Tree::Text(text) if facts.stand_ins.contains(text));
        *other != Tree::Null && !named && !facts.kinds.contains(&other.kind())
    });
    others
}

/// Other types, and null.
pub(crate) fn types(to: &mut Changes<'_>, body: &Tree) {
    let exchange = to.exchange;
    for spot in &exchange.places.spots {
        let facts = exchange.places.facts(spot);
        let Some(value) = body.at(&spot.path) else { continue };
        let shown = facts.kinds.iter().find(|kind| **kind != Kind::Null).copied();
        for other in other_types(Some(value), facts) {
            let name = format!("{} for {}", called(other.kind()), called(shown.unwrap_or(value.kind())));
            to.body(&name, &spot.pointer, &body.replaced(&spot.path, other));
        }
        if !facts.null && !facts.only_null && spot.stands != Stands::Root {
            let element = spot.stands == Stands::Element;
            let name = if element { "null for an element" } else { "null for a member's value" };
            to.body(name, &spot.pointer, &body.replaced(&spot.path, Tree::Null));
        }
    }
}
