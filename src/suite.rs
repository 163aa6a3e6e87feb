//! A suite: the contracts of a run, read from contract files or straight from docs, and where each is written.

use crate::contract::selection::Selection;
use crate::contract::store::{self, Broken, Loaded};
use crate::contract::{Contract, ContractId};
use crate::docs::Annotations;
use crate::docs::pages::{self, Extraction};
use crate::finding::{Code, Finding};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder that holds contracts where none is named.
pub const DEFAULT_FOLDER: &str = store::USUAL;

/// The contracts of a run, and what was met on the way to them.
///
/// ```
/// use faithful::Suite;
///
/// let suite = Suite::load(["contracts"])?;
/// assert!(suite.contracts().any(|contract| contract.request.method == "POST"));
/// # Ok::<(), faithful::suite::SuiteError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Suite {
    pub(crate) members: Vec<(Arc<Contract>, Written)>,
    pub(crate) broken: Vec<Broken>,
    findings: Vec<Finding>,
    pages: usize,
    notes: Vec<String>,
    pub(crate) extent: Extent,
    /// What was not selected. Some may document another answer to a request that was.
    pub(crate) bystanders: Vec<Arc<Contract>>,
    unselected: usize,
}

/// How much of what there is a suite holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Whole folders.
    #[default]
    Whole,
    /// Single files, or what the caller chose.
    Chosen,
}

/// Where a contract is written.
#[derive(Debug, Clone)]
pub(crate) enum Written {
    /// In memory alone.
    Nowhere,
    /// In this contract file.
    File(Arc<Path>),
    /// On this page, from this line on.
    Page(Arc<Path>, u32),
}

/// Why nothing could be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SuiteError {
    /// A path that was named leads nowhere.
    #[error("{}: no such file or folder; name contracts or docs that are there", .0.display())]
    Missing(PathBuf),
    /// A folder of contract files and of pages that show pairs: which are meant?
    #[error(
        "{}: holds contract files, and pages that show pairs, {} first; name the folder of those that are meant",
        .0.display(),
        .1.display()
    )]
    Mixed(PathBuf, PathBuf),
    /// A contract file and a page that hold the same pair: it would be sent twice.
    #[error(
        "{} and {} hold the same pair; name the contracts alone (--docs shows the lines of their pages), or the docs \
         alone",
        .0.display(),
        .1.display()
    )]
    Twice(PathBuf, PathBuf),
    /// A glob that is none.
    #[error("{0}: not a glob: {1}; name folders or files instead, or mend it")]
    Glob(String, String),
}

impl Suite {
    /// Reads contract files, folders and globs; a page, or a folder of pages without contract files, is extracted in
    /// memory. What is broken costs the others nothing: it is an errored verdict of the run.
    pub fn load<P: Into<PathBuf>>(paths: impl IntoIterator<Item = P>) -> Result<Suite, SuiteError> {
        let mut loaded = Vec::new();
        let mut docs = Vec::new();
        let mut extent = Extent::Whole;
        for path in paths {
            let path = path.into();
            if !path.is_dir() {
                extent = Extent::Chosen;
            }
            match kind(&path) {
                Kind::Missing => match path.to_str().filter(|text| text.contains(['*', '?', '['])) {
                    Some(glob) => {
                        let folder = store::folder_of_glob(glob);
                        if !folder.exists() {
                            return Err(SuiteError::Missing(folder.to_owned()));
                        }
                        let wrong = |error| SuiteError::Glob(glob.to_owned(), error);
                        loaded.push(store::load_glob(glob).map_err(|error| wrong(error.kind().to_string()))?);
                    }
                    None => return Err(SuiteError::Missing(path)),
                },
                Kind::Docs => docs.push(path),
                Kind::Contracts => match pairs_beside(&path) {
                    Some(page) => return Err(SuiteError::Mixed(path, page)),
                    None => loaded.push(store::load(&path)),
                },
            }
        }
        let mut suite = Suite { extent, ..Suite::of_files(Loaded::join(loaded)) };
        if !docs.is_empty() {
            let extraction = pages::extract(&docs, Annotations::Optional);
            let extraction = extraction.map_err(|missing| SuiteError::Missing(missing.0))?;
            if let Some((file, page)) = suite.shared_with(&docs, &extraction) {
                return Err(SuiteError::Twice(file, page));
            }
            suite.add_docs(&docs, extraction);
        }
        Ok(suite)
    }

    /// The contracts of the default folder; none where it is missing.
    pub fn load_default() -> Suite {
        let folder = Path::new(DEFAULT_FOLDER);
        if !folder.is_dir() {
            return Suite::default();
        }
        let mut suite = Suite::of_files(Loaded::join([store::load(folder)]));
        // Nobody named it, so what it is for is known; what else is in it is told of.
        suite.notes.extend(pairs_beside(folder).map(|page| {
            format!("{}: shows pairs and was not read: name the page, or a folder of pages", page.display())
        }));
        suite
    }

    /// The contracts, ordered by id.
    pub fn contracts(&self) -> impl Iterator<Item = &Contract> {
        self.members.iter().map(|(contract, _)| contract.as_ref())
    }

    /// The contract with this id.
    pub fn get(&self, id: &ContractId) -> Option<&Contract> {
        self.contracts().find(|contract| contract.id == *id)
    }

    /// The contracts of a selection. The others are counted; none of them is run.
    ///
    /// ```
    /// use faithful::contract::select::Pattern;
    /// use faithful::contract::selection::Selection;
    /// use faithful::Suite;
    ///
    /// let selection = Selection { methods: vec![Pattern::new("POST")?], ..Selection::default() };
    /// let suite = Suite::load(["contracts"])?.select(&selection);
    /// assert!(suite.unselected() > 0 && suite.contracts().all(|contract| contract.request.method == "POST"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn select(self, selection: &Selection) -> Suite {
        if selection.is_open() {
            return self;
        }
        let chosen = selection.choose(self.members.iter().map(|(contract, _)| contract.as_ref()));
        self.keep(|contract| chosen.contains(&contract.id), |id| selection.selects_broken(id))
    }

    /// None of the contracts: all are counted as not selected.
    #[must_use]
    pub fn select_none(self) -> Suite {
        self.keep(|_| false, |_| false)
    }

    fn keep(mut self, contract: impl Fn(&Contract) -> bool, broken: impl Fn(&ContractId) -> bool) -> Suite {
        let before = self.len();
        let (members, others): (Vec<_>, Vec<_>) =
            self.members.into_iter().partition(|(one, _)| contract(one));
        self.members = members;
        self.broken.retain(|one| broken(&one.id));
        self.bystanders.extend(others.into_iter().map(|(contract, _)| contract));
        self.extent = Extent::Chosen;
        self.unselected += before - self.len();
        self
    }

    /// How many there are, those that cannot be read included.
    pub fn len(&self) -> usize {
        self.members.len() + self.broken.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The ids of all, those that cannot be read included.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let broken = self.broken.iter().map(|broken| broken.id.as_str());
        self.contracts().map(|contract| contract.id.as_str()).chain(broken)
    }

    /// How many are outside the selection.
    pub fn unselected(&self) -> usize {
        self.unselected
    }

    /// Contract files that cannot be run, ordered by id.
    pub fn broken(&self) -> &[Broken] {
        &self.broken
    }

    /// What is wrong with the docs that were read.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How many pages were read in memory.
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// How many of each kind they are.
    pub fn findings_by_kind(&self) -> BTreeMap<Code, usize> {
        let mut kinds = BTreeMap::new();
        for finding in &self.findings {
            *kinds.entry(finding.code).or_default() += 1;
        }
        kinds
    }

    /// How many pages could not be read at all: any number of contracts may be missing.
    pub fn unreadable(&self) -> usize {
        self.findings.iter().filter(|finding| finding.code.is_unread_page()).count()
    }

    /// Whether it holds all that there is, as far as anybody said: no single file was named.
    pub fn is_whole(&self) -> bool {
        self.extent == Extent::Whole
    }

    /// What was passed over, and why.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    fn of_files(loaded: Loaded) -> Suite {
        let members = loaded.contracts.into_iter();
        Suite {
            members: members.map(|(contract, file)| (contract, Written::File(file))).collect(),
            broken: loaded.broken,
            notes: loaded.notes,
            findings: Vec::new(),
            pages: 0,
            extent: Extent::Whole,
            bystanders: Vec::new(),
            unselected: 0,
        }
    }

    /// The first contract file that holds a pair of these pages, and the page. Which of the two is meant where they differ
    /// nobody can tell.
    fn shared_with(&self, docs: &[PathBuf], extraction: &Extraction) -> Option<(PathBuf, PathBuf)> {
        let pages = extraction.pairs.iter().map(|pair| &pair.contract);
        let pairs: BTreeMap<&str, &Contract> = pages.map(|pair| (pair.id.as_str(), pair)).collect();
        self.members.iter().find_map(|(contract, written)| {
            let id = contract.id.whole().unwrap_or(contract.id.as_str());
            let (pair, Written::File(file)) = (pairs.get(id)?, written) else { return None };
            Some((file.to_path_buf(), page_path(docs, &pair.source.file)))
        })
    }

    fn add_docs(&mut self, docs: &[PathBuf], extraction: Extraction) {
        for pair in extraction.pairs {
            let page = page_path(docs, &pair.contract.source.file);
            let written = Written::Page(page.into(), pair.written.request_line);
            self.members.push((Arc::new(pair.contract), written));
        }
        (self.findings, self.pages) = (extraction.findings, extraction.pages);
        self.members.sort_by(|one, two| one.0.id.cmp(&two.0.id));
    }
}

/// Contracts that the caller made or chose.
impl FromIterator<Contract> for Suite {
    fn from_iter<I: IntoIterator<Item = Contract>>(contracts: I) -> Suite {
        let mut members: Vec<_> =
            contracts.into_iter().map(|contract| (Arc::new(contract), Written::Nowhere)).collect();
        members.sort_by(|one, two| one.0.id.cmp(&two.0.id));
        Suite { members, extent: Extent::Chosen, ..Suite::default() }
    }
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
    } else if pages::is_page(path) || !store::may_be_contract(path) {
        Kind::Docs
    } else {
        Kind::Contracts
    }
}

/// The first page with a pair in a folder of contract files: they would be passed over without a word.
fn pairs_beside(path: &Path) -> Option<PathBuf> {
    if !path.is_dir() || !holds_pages(path) {
        return None;
    }
    let docs = [path.to_owned()];
    let extraction = pages::extract(&docs, Annotations::Optional).ok()?;
    extraction.pairs.first().map(|pair| page_path(&docs, &pair.contract.source.file))
}

fn holds_pages(folder: &Path) -> bool {
    let mut entries = walkdir::WalkDir::new(folder).into_iter().flatten();
    entries.any(|entry| entry.file_type().is_file() && pages::is_page(entry.path()))
}

/// The page of this path below one of the docs roots.
pub(crate) fn page_path(docs: &[PathBuf], below: &str) -> PathBuf {
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
