//! Clashes: pages whose contracts share a folder.

use super::walk::Entry;
use crate::contract::path_slug;
use crate::finding::{Code, Finding};
use crate::source::Location;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::path::Path;

#[expect(clippy::disallowed_types, reason = "folders are only looked up")]
type HashMap<K, V> = std::collections::HashMap<K, V>;

/// The folder of a page's contracts, where it has any.
pub(super) fn folder(entry: &Entry, pairs: usize) -> Option<String> {
    (pairs > 0).then(|| path_slug(&entry.below))
}

/// A finding for each page, of those in the order of their paths, whose folder an earlier one has.
pub(super) fn clashes<'p>(
    pages: impl ExactSizeIterator<Item = (&'p Entry, Option<&'p str>)>,
) -> Vec<Finding> {
    let mut folders: HashMap<&str, &Path> = HashMap::with_capacity(pages.len());
    let mut findings = Vec::new();
    for (entry, folder) in pages {
        let Some(folder) = folder else { continue };
        match folders.entry(folder) {
            Vacant(vacant) => {
                vacant.insert(&entry.path);
            }
            Occupied(first) => {
                let file = entry.path.to_string_lossy().into_owned();
                let location = Location { file, line: 1, column: 0 };
                let detail = first.get().to_string_lossy().into_owned();
                findings.push(Finding { code: Code::ClashingPage, location, detail });
            }
        }
    }
    findings
}
