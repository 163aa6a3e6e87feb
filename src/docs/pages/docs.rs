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
    /// Folders of pages that were named.
    around: Vec<PathBuf>,
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
    /// The folder that it should be in is not there either.
    FolderGone,
    /// It was not read as a whole, or is one of other docs.
    Unknown,
}

impl Docs {
    pub(super) fn of(named: &[PathBuf]) -> Docs {
        let (roots, pages): (Vec<_>, Vec<_>) = named.iter().cloned().partition(|path| path.is_dir());
        let around = pages.iter().filter_map(|page| page.parent()).map(Path::to_owned).collect();
        Docs { roots, around, ..Docs::default() }
    }

    pub(super) fn add(&mut self, entry: &Entry, page: &Page) {
        let hides =
            |code: Code| code.is_unread_page() || matches!(code, Code::LinkSkipped | Code::TooManyPairs);
        let unknown = page.findings.iter().any(|finding| hides(finding.code));
        if unknown { &mut self.unread } else { &mut self.read }.insert(entry.below.clone());
    }

    /// What is known of a page, by its path below the docs root. It is gone where folders were named and none has it.
    pub fn whereabouts(&self, file: &str) -> Whereabouts {
        // Of two pages with one path, below two roots, the one that was not read may have the pair.
        if self.unread.contains(file) {
            return Whereabouts::Unknown;
        }
        if self.read.contains(file) {
            return Whereabouts::Read;
        }
        let path = Path::new(file);
        if self.roots.is_empty() || !is_below(path) || self.roots.iter().any(|root| is_there(root, path)) {
            return Whereabouts::Unknown;
        }
        let folder = path.parent().unwrap_or(path);
        let had_it = self.roots.iter().any(|root| root.join(folder).is_dir());
        if had_it { Whereabouts::Gone } else { Whereabouts::FolderGone }
    }

    /// Whether a page was not read, though it stands where one of those that were read does.
    pub fn is_left_alone(&self, file: &str) -> bool {
        let path = Path::new(file);
        let mut folders = self.roots.iter().chain(&self.around);
        // Where letter case makes no difference, the file that is found may be another page by this name.
        let stands_in =
            |folder: &PathBuf| folder.join(path).canonicalize().is_ok_and(|found| found.ends_with(path));
        !self.read.contains(file) && is_below(path) && folders.any(stands_in)
    }
}

/// Whether a path leads out of no folder.
fn is_below(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_)))
}

/// Whether a folder has a file, or may have one that cannot be looked at.
fn is_there(folder: &Path, file: &Path) -> bool {
    let found = folder.join(file).symlink_metadata();
    !matches!(found, Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory))
}
