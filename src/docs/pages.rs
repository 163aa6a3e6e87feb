//! Pages: walks the docs and reads their files, each on its own, on all cores. The only effects of this wing.

mod walk;

use super::{Annotations, Documented, Page, ids, read_unnumbered};
use crate::finding::{Code, Finding};
use crate::source::{Location, line_column};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Bytes of the largest page that is read. The largest real one has 987 kB.
const LARGEST: usize = 8 * 1024 * 1024;

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
}

/// A path that was named does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such file or folder: {}; name where the docs are", .0.display())]
pub struct MissingPath(
    /// The path, as it was named.
    pub PathBuf,
);

/// Reads all pages (`*.md`, `*.markdown`) of the files and folders named.
///
/// The docs root, below which a page's path is taken, is a folder itself, and of a file the folder that it is in. A
/// page that cannot be read is a finding; the others are read. The same docs give the same result, byte for byte.
pub fn extract(docs: &[PathBuf], annotations: Annotations) -> Result<Extraction, MissingPath> {
    for path in docs {
        path.metadata().map_err(|_| MissingPath(path.clone()))?;
    }
    let mut found = match walk::pages(docs, |file, buffer| read_file(file, buffer, annotations)) {
        walk::Walked::All(found) => found,
        walk::Walked::TooMany => {
            let root = docs.first().map_or(Path::new(""), PathBuf::as_path);
            let findings = whole(Code::TooManyFiles, root, "").findings;
            return Ok(Extraction { findings, unreadable: 1, ..Extraction::default() });
        }
    };
    found.sort_by(|(one, _), (two, _)| one.cmp(two));
    found.dedup_by(|(one, _), (two, _)| one == two);
    let mut extraction = Extraction::default();
    for (entry, page) in found {
        extraction.pages += usize::from(entry.is_page);
        extraction.pairs.extend(page.pairs);
        extraction.findings.extend(page.findings);
    }
    extraction.unreadable =
        extraction.findings.iter().filter(|finding| finding.code.is_unread_page()).count();
    extraction.findings.sort_by(|one, two| one.location.cmp(&two.location));
    ids::number(extraction.pairs.iter_mut().collect());
    Ok(extraction)
}

/// A finding that concerns a page as a whole.
fn whole(code: Code, path: &Path, detail: impl Into<String>) -> Page {
    let location = Location { file: path.to_string_lossy().into_owned(), line: 1, column: 0 };
    Page { pairs: Vec::new(), findings: vec![Finding { code, location, detail: detail.into() }] }
}

/// Reads a page, through a buffer that is used again for the next.
fn read_file(file: &walk::Entry, buffer: &mut Vec<u8>, annotations: Annotations) -> Page {
    if let Err(error) = fill(&file.path, buffer) {
        return whole(Code::UnreadableFile, &file.path, error.to_string());
    }
    if buffer.len() > LARGEST {
        let long = buffer.split(|byte| *byte == b'\n').any(|line| line.len() > super::LONGEST_LINE);
        return whole(if long { Code::LineTooLong } else { Code::FileTooLarge }, &file.path, "");
    }
    let text = match std::str::from_utf8(buffer) {
        Ok(text) => text,
        Err(error) => return not_utf8(&file.path, buffer, error.valid_up_to()),
    };
    let mut page = read_unnumbered(&file.below, text, annotations);
    for finding in &mut page.findings {
        finding.location.file = file.path.to_string_lossy().into_owned();
    }
    page
}

/// Reads a file, and at most one byte more than the largest page has.
fn fill(path: &Path, buffer: &mut Vec<u8>) -> std::io::Result<()> {
    buffer.clear();
    if buffer.capacity() > LARGEST / 8 {
        buffer.shrink_to(LARGEST / 8);
    }
    fs::File::open(path)?.take(LARGEST as u64 + 1).read_to_end(buffer)?;
    Ok(())
}

fn not_utf8(path: &Path, bytes: &[u8], valid: usize) -> Page {
    let before = std::str::from_utf8(bytes.get(..valid).unwrap_or_default()).unwrap_or_default();
    let mut page = whole(Code::NotUtf8, path, format!("byte {valid}"));
    for finding in &mut page.findings {
        (finding.location.line, finding.location.column) = line_column(before, valid);
    }
    page
}
