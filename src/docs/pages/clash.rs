//! Clashes: pages whose contracts share a folder.

use super::walk::Entry;
use crate::contract::path_slug;
use crate::finding::{Code, Finding};
use crate::source::Location;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::path::PathBuf;

#[expect(clippy::disallowed_types, reason = "folders are only looked up")]
type HashMap<K, V> = std::collections::HashMap<K, V>;

/// The folders of contracts so far, each with its page.
#[derive(Debug, Default)]
pub(super) struct Folders(HashMap<String, PathBuf>);

/// The folder of a page's contracts, where it has any.
pub(super) fn folder(entry: &Entry, pairs: usize) -> Option<String> {
    (pairs > 0).then(|| path_slug(&entry.below))
}

impl Folders {
    /// Takes notice of a page and its folder, in the order of their paths; a finding where another one has it.
    pub(super) fn add(&mut self, entry: &Entry, folder: Option<String>) -> Option<Finding> {
        match self.0.entry(folder?) {
            Vacant(vacant) => {
                vacant.insert(entry.path.clone());
                None
            }
            Occupied(first) => {
                let file = entry.path.to_string_lossy().into_owned();
                let location = Location { file, line: 1, column: 0 };
                let detail = first.get().to_string_lossy().into_owned();
                Some(Finding { code: Code::ClashingPage, location, detail })
            }
        }
    }
}
