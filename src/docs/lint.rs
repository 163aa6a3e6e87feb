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
use template::{Operation, Templates};

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
    for (scope, pairs) in by_scope(&outline, pairs) {
        // The examples of most pages are what their sections say, which is seen without taking both apart.
        let (is_written, is_named) = (template::is_written(scope, &pairs), status::is_named(scope, &pairs));
        if is_written && is_named {
            continue;
        }
        let templates = Templates::of(scope);
        let examples: Vec<Example> = pairs.into_iter().map(Example::of).collect();
        let operation = Operation::of(&templates, &examples);
        if !is_written {
            template::check(&templates, &operation, &examples, notes);
        }
        if !is_named {
            status::check(scope, &operation, &examples, notes);
        }
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

impl<'p> Example<'p> {
    fn of(pair: &'p Documented) -> Example<'p> {
        Example { pair, path: Path::of(&pair.contract.request.url) }
    }
}

/// The pairs by the part of the page that they are in.
fn by_scope<'o, 'a, 'p>(
    outline: &'o Outline<'a>,
    pairs: &'p [Documented],
) -> Vec<(&'o Scope<'a>, Vec<&'p Documented>)> {
    let mut by_scope: BTreeMap<usize, Vec<&Documented>> = BTreeMap::new();
    for pair in pairs {
        if let Some(scope) = outline.scope(pair.written.request_line) {
            by_scope.entry(scope).or_default().push(pair);
        }
    }
    let scope = |(index, pairs)| Some((outline.scopes().get(index)?, pairs));
    by_scope.into_iter().filter_map(scope).collect()
}
