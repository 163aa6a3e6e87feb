//! Conflicts: contract files that belong to a page that was not read, and whose id one that was read would take.

use super::Extract;
use crate::contract::store::{Change, path_of, read};
use crate::contract::{Contract, parse};
use crate::docs::pages::Extraction;
use std::io;

impl Extract {
    /// Makes an error of each change that would overwrite the contract of a page that is still there and was not read:
    /// read together, the two pages have ids of their own.
    pub(super) fn refuse_conflicts(
        &self,
        extraction: &Extraction,
        contracts: &[&Contract],
        changes: &mut [io::Result<Change>],
    ) {
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
            }
        }
    }
}
