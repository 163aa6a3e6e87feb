//! Cross-checks: what a page says in one place against what it says in another. They need no network.
//!
//! Each is silent where it is unsure: a page that is right must not be told that it is wrong.

mod body;
mod length;
mod names;
mod outline;
mod path;
mod status;
mod template;
mod version;

use super::Documented;
use super::markdown::Landmark;
use super::notes::Notes;
use outline::{Outline, Scope};
use path::Path;
use std::collections::BTreeMap;
use template::Operation;

/// Checks a page: `file` is its path below the docs root, `root` what that folder is called, `landmarks` what was met on
/// the way through it.
pub(super) fn check(
    root: &str,
    file: &str,
    text: &str,
    landmarks: Vec<Landmark<'_>>,
    pairs: &[Documented],
    notes: &mut Notes,
) {
    if pairs.is_empty() {
        return;
    }
    let outline = Outline::of(landmarks, text, pairs);
    length::check(&outline, pairs, notes);
    for (scope, examples) in by_scope(&outline, pairs) {
        let operation = Operation::of(scope, &examples);
        template::check(scope, &operation, &examples, notes);
        status::check(scope, &operation, &examples, notes);
    }
    version::check(root, file, pairs, notes);
    body::check(pairs, notes);
    names::check(pairs, notes);
}

/// A pair, and the path of its URL. A request with several answers is several of them.
struct Example<'p> {
    pair: &'p Documented,
    path: Path<'p>,
}

/// The pairs by the part of the page that they are in.
fn by_scope<'o, 'p>(outline: &'o Outline, pairs: &'p [Documented]) -> Vec<(&'o Scope, Vec<Example<'p>>)> {
    let mut by_scope: BTreeMap<usize, Vec<Example>> = BTreeMap::new();
    for pair in pairs {
        if let Some(scope) = outline.scope(pair.written.request_line) {
            let path = Path::of(&pair.contract.request.url);
            by_scope.entry(scope).or_default().push(Example { pair, path });
        }
    }
    let scope = |(index, examples)| Some((outline.scopes().get(index)?, examples));
    by_scope.into_iter().filter_map(scope).collect()
}
