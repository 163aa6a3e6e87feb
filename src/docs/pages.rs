//! Pages: walks the docs and reads their files, each on its own, on all cores. The only effects of this wing.

mod buffer;
mod clash;
mod docs;
mod excerpts;
mod opener;
mod walk;

use super::{Annotations, Depth, Documented, Keys, Page, form, ids, read_unnumbered};
use crate::finding::{Code, Finding};
use crate::source::{Location, line_column};
use std::path::{Path, PathBuf};

use buffer::Buffer;
use clash::{clashes, folder};
pub use docs::{Docs, Whereabouts};
pub use excerpts::Excerpts;
use walk::Found;

/// Bytes of the largest page that is read. The largest real one has 987 kB.
const LARGEST: usize = 8 * 1024 * 1024;

/// Whether a file is a page, by its name: `*.md`, `*.markdown`, `*.mdx`, `*.rst`, `*.rest`.
pub fn is_page(path: &Path) -> bool {
    form::is_page(path)
}

/// What was read of the docs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extraction {
    /// By page, and on each page in the order of the requests. No two have the same id.
    pub pairs: Vec<Documented>,
    /// By place.
    pub findings: Vec<Finding>,
    /// How many pages there are, read or not.
    pub pages: usize,
    /// How many pages and folders could not be read, each with a finding.
    pub unreadable: usize,
    /// Which pages were read.
    pub docs: Docs,
}

/// A path that was named does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: no such file or folder; name docs that are there", .0.display())]
pub struct MissingPath(
    /// The path, as it was named.
    pub PathBuf,
);

/// Reads all pages (Markdown and reStructuredText, see [`is_page`]) of the files and folders named.
///
/// The docs root, below which a page's path is taken, is a folder itself, and of a file the folder that it is in. A
/// page that cannot be read is a finding; the others are read. The same docs give the same result, byte for byte.
pub fn extract(docs: &[PathBuf], annotations: Annotations) -> Result<Extraction, MissingPath> {
    let read =
        |file: &walk::Entry, buffer: &mut Buffer| Some(read_file(file, buffer, annotations, Depth::Reading));
    let Some(Found { kept: found, .. }) = walk_all(docs, read)? else {
        let findings = too_many(docs);
        return Ok(Extraction { findings, unreadable: 1, ..Extraction::default() });
    };
    let folders: Vec<_> = found.iter().map(|(entry, page)| folder(entry, page.pairs.len())).collect();
    let pages = found.iter().zip(&folders).map(|((entry, _), folder)| (entry, folder.as_deref()));
    let mut extraction =
        Extraction { docs: Docs::of(docs), findings: clashes(pages), ..Extraction::default() };
    for (entry, page) in found {
        extraction.docs.add(&entry, &page);
        extraction.pages += usize::from(entry.is_page);
        extraction.pairs.extend(page.pairs);
        extraction.findings.extend(page.findings);
    }
    extraction.unreadable = unread(&extraction.findings);
    extraction.findings.sort_by(|one, two| one.location.cmp(&two.location));
    ids::number(extraction.pairs.iter_mut().collect());
    Ok(extraction)
}

/// What is wrong with the docs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Linted {
    /// By place.
    pub findings: Vec<Finding>,
    /// How many pairs were read.
    pub pairs: usize,
    /// How many pages there are, read or not.
    pub pages: usize,
    /// How many pages and folders could not be read, each with a finding.
    pub unreadable: usize,
}

/// What is kept of a page once it is checked.
struct Checked {
    findings: Vec<Finding>,
    pairs: usize,
    /// That of its contracts.
    folder: Option<String>,
}

impl From<Page> for Checked {
    fn from(page: Page) -> Checked {
        Checked { pairs: page.pairs.len(), findings: page.findings, folder: None }
    }
}

/// Reads all pages as [`extract`] does, and tells all that is wrong with them; of their contracts nothing is kept.
pub fn lint(docs: &[PathBuf], annotations: Annotations) -> Result<Linted, MissingPath> {
    let read = |file: &walk::Entry, buffer: &mut Buffer| {
        let path = walk::shown(file.path.as_os_str());
        let root = path.strip_suffix(file.below.as_str()).unwrap_or_default().trim_end_matches(['/', '\\']);
        let root = root.rsplit(['/', '\\']).next().unwrap_or_default();
        let page = read_file(file, buffer, annotations, Depth::Checking { root, keys: Keys::Empty });
        // What holds nothing is counted, and need not be put in order, unless it may be named twice.
        let is_kept = docs.len() > 1 || !page.pairs.is_empty() || !page.findings.is_empty();
        is_kept.then(|| Checked { folder: folder(file, page.pairs.len()), ..Checked::from(page) })
    };
    let Some(Found { kept: found, others }) = walk_all(docs, read)? else {
        return Ok(Linted { findings: too_many(docs), unreadable: 1, ..Linted::default() });
    };
    let pages = found.iter().map(|(entry, page)| (entry, page.folder.as_deref()));
    let mut linted = Linted { pages: others, findings: clashes(pages), ..Linted::default() };
    for (entry, page) in found {
        linted.pages += usize::from(entry.is_page);
        linted.pairs += page.pairs;
        linted.findings.extend(page.findings);
    }
    linted.unreadable = unread(&linted.findings);
    linted.findings.sort_by(|one, two| one.location.cmp(&two.location));
    Ok(linted)
}

/// What `read` makes of the pages of the docs; `None` where there are more than docs have.
fn walk_all<T: From<Page> + Send>(
    docs: &[PathBuf],
    read: impl Fn(&walk::Entry, &mut Buffer) -> Option<T> + Sync,
) -> Result<Option<Found<T>>, MissingPath> {
    for path in docs {
        path.metadata().map_err(|_| MissingPath(path.clone()))?;
    }
    Ok(match walk::pages(docs, read) {
        walk::Walked::All(found) => Some(found),
        walk::Walked::TooMany => None,
    })
}

fn too_many(docs: &[PathBuf]) -> Vec<Finding> {
    whole(Code::TooManyFiles, docs.first().map_or(Path::new(""), PathBuf::as_path), "").findings
}

fn unread(findings: &[Finding]) -> usize {
    findings.iter().filter(|finding| finding.code.is_unread_page()).count()
}

/// A finding that concerns a page as a whole.
fn whole(code: Code, path: &Path, detail: impl Into<String>) -> Page {
    let location = Location { file: path.to_string_lossy().into_owned(), line: 1, column: 0 };
    Page { pairs: Vec::new(), findings: vec![Finding { code, location, detail: detail.into() }] }
}

/// Reads a page, through a buffer that is used again for the next.
fn read_file(file: &walk::Entry, buffer: &mut Buffer, annotations: Annotations, depth: Depth) -> Page {
    let bytes = match buffer.read(&file.path, LARGEST) {
        Ok(bytes) => bytes,
        Err(error) => return whole(Code::UnreadableFile, &file.path, error.to_string()),
    };
    if bytes.len() > LARGEST {
        let long = bytes.split(|byte| *byte == b'\n').any(|line| line.len() > super::LONGEST_LINE);
        return whole(if long { Code::LineTooLong } else { Code::FileTooLarge }, &file.path, "");
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return not_utf8(&file.path, bytes, error.valid_up_to()),
    };
    let mut page = read_unnumbered(&file.below, text, annotations, depth);
    if !is_page(&file.path) {
        page.findings.splice(0..0, whole(Code::UnknownForm, &file.path, "").findings);
    }
    for finding in &mut page.findings {
        finding.location.file = file.path.to_string_lossy().into_owned();
    }
    page
}

fn not_utf8(path: &Path, bytes: &[u8], valid: usize) -> Page {
    let before = std::str::from_utf8(bytes.get(..valid).unwrap_or_default()).unwrap_or_default();
    let mut page = whole(Code::NotUtf8, path, format!("byte {valid}"));
    for finding in &mut page.findings {
        (finding.location.line, finding.location.column) = line_column(before, valid);
    }
    page
}
