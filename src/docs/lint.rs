//! Cross-checks: what a page says in one place against what it says in another. They need no network.
//!
//! Each is silent where it is unsure: a page that is right must not be told that it is wrong.

mod body;
mod length;
mod names;
mod outline;
mod path;
mod secrets;
mod status;
mod template;
mod version;

use super::Documented;
use super::form;
use super::notes::Notes;
use outline::{Outline, Scope};
use std::collections::BTreeMap;

/// Checks a page: `file` is its path below the docs root, `root` what that folder is called.
pub(super) fn check(root: &str, file: &str, text: &str, pairs: &[Documented], notes: &mut Notes) {
    secrets::check(text, notes);
    if pairs.is_empty() {
        return;
    }
    let outline = Outline::of(form::of(file), text, pairs);
    let examples = Examples(pairs);
    length::check(&outline, pairs, notes);
    template::check(&outline, &examples, notes);
    status::check(&outline, &examples, notes);
    version::check(root, file, pairs, notes);
    body::check(pairs, notes);
    names::check(pairs, notes);
}

/// The pairs of a page: a request with several answers is several of them.
struct Examples<'p>(&'p [Documented]);

impl<'p> Examples<'p> {
    /// The pairs by the part of the page that they are in.
    fn by_scope<'o>(&self, outline: &'o Outline) -> Vec<(&'o Scope, Vec<&'p Documented>)> {
        let mut by_scope: BTreeMap<usize, Vec<&Documented>> = BTreeMap::new();
        for pair in self.0 {
            if let Some(scope) = outline.scope(pair.written.request_line) {
                by_scope.entry(scope).or_default().push(pair);
            }
        }
        let scope = |(index, pairs)| Some((outline.scopes().get(index)?, pairs));
        by_scope.into_iter().filter_map(scope).collect()
    }
}
