//! What a verb is given: contract files, folders of them, globs, or docs that are extracted in memory.

use crate::contract::Contract;
use crate::contract::store::{self, Broken, Loaded};
use crate::docs::Annotations;
use crate::docs::pages::{self, Extraction};
use crate::finding::Finding;
use std::path::{Path, PathBuf};

/// The folder that is read where none is named.
pub(super) const DEFAULT: &str = "contracts";

/// All contracts of a run, and where each is written.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    /// Ordered by id.
    pub(super) contracts: Vec<(Contract, Written)>,
    pub(super) broken: Vec<Broken>,
    /// What is wrong with the docs that were read.
    pub(super) findings: Vec<Finding>,
    /// Pages that could not be read at all.
    pub(super) unreadable: usize,
    pub(super) notes: Vec<String>,
}

/// Where a contract is written.
#[derive(Debug, Clone)]
pub(super) enum Written {
    /// In this contract file.
    File(PathBuf),
    /// On this page, from this line on.
    Page(PathBuf, u32),
}

/// Reads what was named; without a name the default folder, which may be missing.
pub(super) fn read(paths: &[PathBuf]) -> Result<Inputs, String> {
    if paths.is_empty() {
        let default = Path::new(DEFAULT);
        let loaded = if default.is_dir() { store::load(default) } else { Loaded::default() };
        return Ok(Inputs::new(Loaded::join([loaded])));
    }
    let mut loaded = Vec::new();
    let mut docs = Vec::new();
    for path in paths {
        match kind(path) {
            Kind::Missing => match path.to_str().filter(|text| text.contains(['*', '?', '['])) {
                Some(glob) => loaded.push(store::load_glob(glob).map_err(|error| error.to_string())?),
                None => return Err(format!("{}: no such file or folder", path.display())),
            },
            Kind::Docs => docs.push(path.clone()),
            Kind::Contracts => loaded.push(store::load(path)),
        }
    }
    let mut inputs = Inputs::new(Loaded::join(loaded));
    if !docs.is_empty() {
        let extraction = pages::extract(&docs, Annotations::Optional).map_err(|error| error.to_string())?;
        inputs.add_docs(&docs, extraction);
    }
    Ok(inputs)
}

enum Kind {
    Missing,
    Docs,
    Contracts,
}

/// A folder of pages that holds no contract file is docs.
fn kind(path: &Path) -> Kind {
    if !path.exists() {
        Kind::Missing
    } else if path.is_dir() {
        if !store::holds_contracts(path) && holds_pages(path) { Kind::Docs } else { Kind::Contracts }
    } else if is_page(path) {
        Kind::Docs
    } else {
        Kind::Contracts
    }
}

fn is_page(path: &Path) -> bool {
    path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("md") || ext.eq_ignore_ascii_case("markdown"))
}

fn holds_pages(folder: &Path) -> bool {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .flatten()
        .any(|entry| entry.file_type().is_file() && is_page(entry.path()))
}

impl Inputs {
    fn new(loaded: Loaded) -> Inputs {
        let contracts = loaded.contracts.into_iter();
        Inputs {
            contracts: contracts.map(|(contract, file)| (contract, Written::File(file))).collect(),
            broken: loaded.broken,
            notes: loaded.notes,
            ..Inputs::default()
        }
    }

    fn add_docs(&mut self, docs: &[PathBuf], extraction: Extraction) {
        for pair in extraction.pairs {
            let page = page_path(docs, &pair.contract.source.file);
            self.contracts.push((pair.contract, Written::Page(page, pair.written.request_line)));
        }
        self.findings = extraction.findings;
        self.unreadable = extraction.unreadable;
        self.contracts.sort_by(|one, two| one.0.id.cmp(&two.0.id));
    }
}

/// The page of this path below one of the docs roots.
pub(super) fn page_path(docs: &[PathBuf], below: &str) -> PathBuf {
    let root = |path: &PathBuf| {
        if path.is_dir() { path.clone() } else { path.parent().unwrap_or(Path::new("")).to_owned() }
    };
    let candidates = docs.iter().map(|path| root(path).join(below));
    candidates
        .clone()
        .find(|path| path.is_file())
        .or_else(|| candidates.clone().next())
        .unwrap_or_else(|| below.into())
}
