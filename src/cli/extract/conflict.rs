//! Conflicts: ids that another contract takes over, of a page that was not read, or of a neighbour on the same page; and
//! pairs that go on under an id of their own.

use super::Extract;
use crate::cli::Console;
use crate::contract::store::{Change, Orphan, id_of, path_of, read};
use crate::contract::{Contract, ContractId, parse};
use crate::docs::pages::Extraction;
use crate::report::visible;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

/// Ids by page, where that matters, and by the text of their pair.
type Ids<'c> = BTreeMap<(&'c str, &'c str), Vec<&'c ContractId>>;

impl Extract {
    /// Makes an error of each change that would overwrite the contract of a page that is still there and was not read:
    /// read together, the two pages have ids of their own. Names each pair that goes on under another id.
    pub(super) fn look_at_changes(
        &self,
        extraction: &Extraction,
        contracts: &[&Contract],
        changes: &mut [io::Result<Change>],
        console: &mut Console<'_>,
    ) {
        let mut ids: BTreeMap<&str, Vec<&ContractId>> = BTreeMap::new();
        for contract in contracts {
            ids.entry(&contract.source.sha256).or_default().push(&contract.id);
        }
        for (contract, change) in contracts.iter().zip(changes) {
            if !matches!(change, Ok(Change::Changed)) {
                continue;
            }
            let file = path_of(&self.out, &contract.id);
            let Some(old) = read(&file).ok().and_then(|text| parse(contract.id.clone(), &text).ok()) else {
                continue;
            };
            let page = &old.source.file;
            if *page != contract.source.file && extraction.docs.is_left_alone(page) {
                *change = Err(io::Error::new(
                    io::ErrorKind::AlreadyExists,
                    format!("it is the contract of {page}; name both pages, or rename one of them"),
                ));
                continue;
            }
            let now = ids.get(old.source.sha256.as_str()).map(Vec::as_slice).unwrap_or_default();
            if let [id] = now
                && **id != contract.id
            {
                let text = format!(
                    "{}: the pair that it held is now {id}: what names it means another",
                    file.display()
                );
                console.note(visible(&text));
            }
        }
    }

    /// Names each pair of a file without one that goes on under another id: its annotation or its page is called otherwise.
    pub(super) fn look_at_orphans(
        &self,
        contracts: &[&Contract],
        changes: &[io::Result<Change>],
        orphans: &[(PathBuf, Orphan)],
        console: &mut Console<'_>,
    ) {
        if orphans.is_empty() {
            return;
        }
        let (mut new, mut all): (Ids<'_>, Ids<'_>) = Default::default();
        for (contract, change) in contracts.iter().zip(changes) {
            let sha256 = contract.source.sha256.as_str();
            if matches!(change, Ok(Change::New)) {
                new.entry(("", sha256)).or_default().push(&contract.id);
            }
            all.entry((contract.source.file.as_str(), sha256)).or_default().push(&contract.id);
        }
        let remedy = if self.prune { "" } else { "; --prune removes this file" };
        for (path, _) in orphans {
            let old = read(path).ok().and_then(|text| parse(id_of(path, &self.out), &text).ok());
            let Some(old) = old else { continue };
            let (page, sha256) = (old.source.file.as_str(), old.source.sha256.as_str());
            // A run before may have written it.
            let now = new.get(&("", sha256)).or_else(|| all.get(&(page, sha256)));
            if let Some([id]) = now.map(Vec::as_slice) {
                let text = format!("{}: the pair that it held is now {id}{remedy}", path.display());
                console.note(visible(&text));
            }
        }
    }
}
