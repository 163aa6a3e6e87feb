//! Orphans: contract files whose pair is no longer documented.

use super::{ContractId, format, id_of, json_files, read};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Why a contract file has no pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Orphan {
    /// Its page was read, and has no such pair.
    PairGone,
    /// Its page is gone.
    PageGone,
    /// Its page is gone, and so is the folder that it was in.
    FolderGone,
}

/// The contract files below a folder that none of these ids has, and whose page `page` knows to be without their pair;
/// by path.
///
/// Only what is read as a contract is one: of any other file, and of links, nothing is said.
pub fn orphans(
    folder: &Path,
    documented: &BTreeSet<&ContractId>,
    page: impl Fn(&str) -> Option<Orphan>,
) -> Vec<(PathBuf, Orphan)> {
    let files = json_files(folder).flatten().filter(|entry| entry.file_type().is_file());
    let orphan = |path: &Path| {
        let id = id_of(path, folder);
        if documented.contains(&id) {
            return None;
        }
        let contract = format::parse(id, &read(path).ok()?).ok()?;
        page(&contract.source.file)
    };
    let mut orphans: Vec<_> =
        files.filter_map(|entry| orphan(entry.path()).map(|why| (entry.path().to_owned(), why))).collect();
    orphans.sort();
    orphans
}
