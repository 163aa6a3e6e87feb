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

    /// Names each pair of a file without one that goes on under a new id: its annotation or its page is called otherwise.
    pub(super) fn look_at_orphans(
        &self,
        contracts: &[&Contract],
        changes: &[io::Result<Change>],
        orphans: &[(PathBuf, Orphan)],
        console: &mut Console<'_>,
    ) {
        let mut new: BTreeMap<&str, Vec<&ContractId>> = BTreeMap::new();
        for (contract, change) in contracts.iter().zip(changes) {
            if matches!(change, Ok(Change::New)) {
                new.entry(&contract.source.sha256).or_default().push(&contract.id);
            }
        }
        if new.is_empty() {
            return;
        }
        let remedy = if self.prune { "" } else { "; --prune removes this file" };
        for (path, _) in orphans {
            let old = read(path).ok().and_then(|text| parse(id_of(path, &self.out), &text).ok());
            let now = old.as_ref().and_then(|old| new.get(old.source.sha256.as_str()));
            if let Some([id]) = now.map(Vec::as_slice) {
                let text = format!("{}: the pair that it held is now {id}{remedy}", path.display());
                console.note(visible(&text));
            }
        }
    }
}
