//! Answers that do not repeat what was sent.

use crate::change::Changes;
use crate::example::Format;
use crate::page::Spot;
use crate::tree::Tree;
use faithful::message::Body;

pub(crate) fn changes(to: &mut Changes<'_>, body: &Tree) {
    let exchange = to.exchange;
    let asked = match &exchange.contract.request.body {
        Body::Json(json) => Some(Tree::of(json.root())),
        _ => None,
    };
    for spot in &exchange.places.spots {
        let Some(value) = body.at(&spot.path) else { continue };
        let at = &spot.pointer;
        // Of a member that stands twice nobody knows which is meant.
        if exchange.places.spots.iter().any(|other| other.pointer == *at && other.path != spot.path) {
            continue;
        }
        if spot.echo && asked.as_ref().is_some_and(|asked| by_index(body, asked, spot)) {
            for other in others(value) {
                to.body("a broken echo: another value", at, &body.replaced(&spot.path, other));
            }
            for other in near(value) {
                to.body("a broken echo: nearly the value", at, &body.replaced(&spot.path, other));
            }
            for other in nothing(value) {
                to.body("a broken echo: nothing", at, &body.replaced(&spot.path, other));
            }
        }
        if spot.path_echo {
            path_echo(to, body, spot, value);
        }
    }
    if let Some(asked) = &asked {
        exchanged(to, body, asked);
        let arrays = exchange.places.spots.iter().filter(|spot| exchange.places.echoes_in(&spot.path));
        arrays.for_each(|spot| elements(to, body, asked, spot));
    }
}

/// Two echoes of one type, each with the other's value.
fn exchanged(to: &mut Changes<'_>, body: &Tree, asked: &Tree) {
    let spots = &to.exchange.places.spots;
    let echoes: Vec<&Spot> = spots.iter().filter(|spot| spot.echo && by_index(body, asked, spot)).collect();
    for pair in echoes.windows(2) {
        let (Some(one), Some(two)) = (body.at(&pair[0].path), body.at(&pair[1].path)) else { continue };
        if one.kind() == two.kind() && one != two {
            let changed = body.replaced(&pair[0].path, two.clone()).replaced(&pair[1].path, one.clone());
            to.body("a broken echo: two values exchanged", &pair[0].pointer, &changed);
        }
    }
}

/// What was sent in an element must stand in one; where as many come as were sent, in that one.
fn elements(to: &mut Changes<'_>, body: &Tree, asked: &Tree, array: &Spot) {
    let Some(Tree::Array(elements)) = body.at(&array.path) else { return };
    let depth = array.path.len();
    let inside =
        to.exchange.places.spots.iter().filter(|spot| spot.echo && spot.path.starts_with(&array.path));
    let echoes: Vec<(usize, &[usize], &Tree)> = inside
        .filter(|spot| by_index(body, asked, spot))
        .filter_map(|spot| Some((spot.path[depth], &spot.path[depth + 1..], body.at(&spot.path)?)))
        .collect();
    for at in 0..elements.len() {
        let others =
            || elements.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, element)| element);
        let lost = |(element, _, value): &(usize, &[usize], &Tree)| {
            *element == at && !others().any(|other| other.holds(value))
        };
        if echoes.iter().any(lost) {
            let path = [array.path.as_slice(), &[at]].concat();
            to.body("a broken echo: an element less", &array.pointer, &body.without(&path));
        }
    }
    let moved = |(at, rest, value): &(usize, &[usize], &Tree)| {
        elements[elements.len() - 1 - at].at(rest) != Some(*value)
    };
    if echoes.iter().any(moved) {
        let turned = Tree::Array(elements.iter().rev().cloned().collect());
        to.body("a broken echo: elements turned round", &array.pointer, &body.replaced(&array.path, turned));
    }
    mixed(to, body, elements, array, &echoes);
}

/// Two neighbours change a value that both echo, and one element more comes: each value stands in some element, but
/// one of those that were sent in none. What tells it from all others it keeps.
fn mixed(
    to: &mut Changes<'_>,
    body: &Tree,
    elements: &[Tree],
    array: &Spot,
    echoes: &[(usize, &[usize], &Tree)],
) {
    let of = |at: usize| echoes.iter().filter(move |(element, ..)| *element == at);
    for at in 1..elements.len() {
        let alone = |value: &Tree| {
            elements.iter().enumerate().all(|(other, element)| other == at || !element.holds(value))
        };
        let Some((_, key, _)) = of(at).find(|(_, _, value)| alone(value)) else { continue };
        let changed = of(at).filter(|(_, rest, _)| rest != key).find_map(|(_, rest, value)| {
            let (_, _, before) = of(at - 1).find(|(_, other, _)| other == rest)?;
            (before.kind() == value.kind() && !before.equals(value)).then_some((rest, *value, *before))
        });
        let Some((rest, value, before)) = changed else { continue };
        let mut elements = elements.to_vec();
        elements[at] = elements[at].replaced(rest, before.clone());
        elements[at - 1] = elements[at - 1].replaced(rest, value.clone());
        elements.push(elements[at - 1].clone());
        let mixed = body.replaced(&array.path, Tree::Array(elements));
        to.body("a broken echo: elements mixed, and one more", &array.pointer, &mixed);
    }
}

/// Whether elements are held one by one: as many come as were sent.
fn by_index(body: &Tree, asked: &Tree, spot: &Spot) -> bool {
    let length = |tree: &Tree| match tree {
        Tree::Array(elements) => Some(elements.len()),
        _ => None,
    };
    let slashes = spot.pointer.match_indices('/').map(|(at, _)| at);
    let holders: Vec<&str> = slashes.map(|at| &spot.pointer[..at]).collect();
    holders
        .iter()
        .all(|holder| body.pointer(holder).and_then(length) == asked.pointer(holder).and_then(length))
}

/// The URL says of which resource the answer is; among several elements all that say so are changed together.
fn path_echo(to: &mut Changes<'_>, body: &Tree, spot: &Spot, value: &Tree) {
    let places = &to.exchange.places;
    // At one place of all elements the first stands for the others.
    let way = |spot: &Spot| {
        let steps =
            spot.pointer.split('/').map(|step| if step.parse::<usize>().is_ok() { "*" } else { step });
        steps.collect::<Vec<_>>().join("/")
    };
    let alike: Vec<&Spot> =
        places.spots.iter().filter(|other| other.path_echo && way(other) == way(spot)).collect();
    if alike.first().is_none_or(|first| first.path != spot.path) {
        return;
    }
    let documented = to.exchange.contract.response.body.json().map(|json| Tree::of(json.root()));
    let all =
        |other: Tree| alike.iter().fold(body.clone(), |body, spot| body.replaced(&spot.path, other.clone()));
    for other in others(value) {
        to.body("a broken path echo: another value", &spot.pointer, &all(other));
    }
    for other in near(value) {
        to.body("a broken path echo: nearly the value", &spot.pointer, &all(other));
    }
    to.body("a broken path echo: nothing", &spot.pointer, &all(Tree::text("")));
    if let Some(shown) =
        documented.as_ref().and_then(|body| body.at(&spot.path)).filter(|shown| *shown != value)
    {
        to.body("the placeholder itself for a path echo", &spot.pointer, &all(shown.clone()));
    }
}

/// Quite another value of the same type and format.
fn others(value: &Tree) -> Vec<Tree> {
    match value {
        Tree::Bool(flag) => vec![Tree::Bool(!flag)],
        Tree::Number(_) => vec![Tree::number("987654"), Tree::number("-3"), Tree::number("0.125")],
        Tree::Text(text) => match Format::of(text) {
            Some(format) => format.others()[..1].iter().map(|text| Tree::text(text)).collect(),
            None => vec![Tree::text("quite another value"), Tree::text("1")],
        },
        _ => Vec::new(),
    }
}

/// A value that hardly differs.
fn near(value: &Tree) -> Vec<Tree> {
    let text = match value {
        // Another last digit, and one that a float has no room for.
        Tree::Number(figure) if figure.bytes().all(|byte| byte.is_ascii_digit()) => {
            let last = if figure.ends_with('9') { "8" } else { "9" };
            let other = format!("{}{last}", &figure[..figure.len() - 1]);
            return vec![Tree::Number(format!("{figure}.0000000000000000000001")), Tree::Number(other)];
        }
        Tree::Text(text) => text,
        _ => return Vec::new(),
    };
    let mut near = Vec::new();
    match Format::of(text) {
        // Another second, another day, another figure.
        Some(Format::DateTime) => near.push(digit(text, 18)),
        Some(Format::Date) => near.push(digit(text, 9)),
        Some(Format::Time) => near.push(digit(text, 7)),
        Some(Format::Guid) => near.push(digit(text, 35)),
        Some(Format::Duration) => near.push(text.replacen('P', "P1Y", usize::from(!text.contains('Y')))),
        Some(Format::Url) => near.push(format!("{text}x")),
        Some(Format::Email) => near.push(format!("x{text}")),
        // A moment without a zone.
        None if Format::of(&format!("{text}Z")) == Some(Format::DateTime) => near.push(digit(text, 18)),
        None => {
            near.extend([
                format!("{text}x"),
                format!(" {text}"),
                format!("{text} "),
                format!("{text}\u{200b}"),
            ]);
            let mut letters = text.chars().rev();
            letters.next();
            near.push(letters.rev().collect());
            let turned: String = text
                .chars()
                .map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
                .collect();
            near.push(turned);
        }
    }
    near.into_iter().filter(|other| other != text).map(Tree::Text).collect()
}

/// The text with another figure at a place.
fn digit(text: &str, at: usize) -> String {
    let figure = if text[at..].starts_with('1') { "2" } else { "1" };
    format!("{}{figure}{}", &text[..at], &text[at + 1..])
}

fn nothing(value: &Tree) -> Vec<Tree> {
    match value {
        Tree::Text(_) => vec![Tree::text("")],
        Tree::Number(figure) if figure.trim_matches(['0', '.', '-']).is_empty() => Vec::new(),
        Tree::Number(_) => vec![Tree::number("0")],
        _ => Vec::new(),
    }
}
