//! Clashes: pages whose contracts share a folder.

use super::walk::Entry;
use crate::contract::path_slug;
use crate::finding::{Code, Finding};
use crate::source::Location;
use std::collections::BTreeMap;

/// The folders of contracts so far, each with its page.
#[derive(Debug, Default)]
pub(super) struct Folders(BTreeMap<String, String>);

impl Folders {
    /// Takes notice of a page, in the order of their paths; a finding where another one has its folder.
    pub(super) fn add(&mut self, entry: &Entry, pairs: usize) -> Option<Finding> {
        if pairs == 0 {
            return None;
        }
        let file = entry.path.to_string_lossy().into_owned();
        let folder = path_slug(&entry.below);
        let Some(first) = self.0.get(&folder) else {
            self.0.insert(folder, file);
            return None;
        };
        let location = Location { file, line: 1, column: 0 };
        Some(Finding { code: Code::ClashingPage, location, detail: first.clone() })
    }
}
