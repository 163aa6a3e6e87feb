//! Which pages the docs have: what tells a pair that is gone from one that was not looked for.

use super::walk::Entry;
use crate::docs::Page;
use crate::finding::Code;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// The pages that were read, and the folders that were.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Docs {
    /// Folders that were named.
    roots: Vec<PathBuf>,
    /// By their paths below the docs root: the pages that were read from the first line to the last.
    read: BTreeSet<String>,
    /// Pages of which not everything is known.
    unread: BTreeSet<String>,
}

/// What is known of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// It was read, and all its pairs are known.
    Read,
    /// It is no longer in the folder that it should be in.
    Gone,
    /// It was not read as a whole, or is one of other docs.
    Unknown,
}

impl Docs {
    pub(super) fn of(named: &[PathBuf]) -> Docs {
        let roots = named.iter().filter(|path| path.is_dir()).cloned().collect();
        Docs { roots, ..Docs::default() }
    }

    pub(super) fn add(&mut self, entry: &Entry, page: &Page) {
        let hides =
            |code: Code| code.is_unread_page() || matches!(code, Code::LinkSkipped | Code::TooManyPairs);
        let unknown = page.findings.iter().any(|finding| hides(finding.code));
        if unknown { &mut self.unread } else { &mut self.read }.insert(entry.below.clone());
    }

    /// What is known of a page, by its path below the docs root. It is gone where none of the folders named has it, and
    /// one of them has the folder that it was in.
    pub fn whereabouts(&self, file: &str) -> Whereabouts {
        // Of two pages with one path, below two roots, the one that was not read may have the pair.
        if self.unread.contains(file) {
            return Whereabouts::Unknown;
        }
        if self.read.contains(file) {
            return Whereabouts::Read;
        }
        let path = Path::new(file);
        let is_below = path.components().all(|part| matches!(part, Component::Normal(_)));
        let folder = path.parent().unwrap_or(path);
        let is_there = |root: &PathBuf| !matches!(root.join(path).symlink_metadata(), Err(error) if error.kind() == std::io::ErrorKind::NotFound);
        let had_it = |root: &PathBuf| root.join(folder).is_dir();
        if is_below && self.roots.iter().any(had_it) && !self.roots.iter().any(is_there) {
            Whereabouts::Gone
        } else {
            Whereabouts::Unknown
        }
    }
}
