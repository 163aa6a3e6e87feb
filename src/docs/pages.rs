//! Pages: walks the docs and reads their files, each on its own, on all cores. The only effects of this wing.

use super::{Annotations, Documented, Page, ids, read_unnumbered};
use crate::finding::{Code, Finding};
use crate::source::{Location, line_column};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use walkdir::WalkDir;

/// Bytes of the largest page that is read. The largest real one has 987 kB.
const LARGEST: u64 = 8 * 1024 * 1024;

/// Pages of the largest docs.
const MOST: usize = 200_000;

/// What was read of the docs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extraction {
    /// By page, and on each page in the order of the requests. No two have the same id.
    pub pairs: Vec<Documented>,
    /// By place.
    pub findings: Vec<Finding>,
    /// How many pages there are, read or not.
    pub pages: usize,
    /// How many of them could not be read, each with a finding.
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
    let mut found = Found::default();
    for path in docs {
        found.add(path)?;
    }
    found.files.sort();
    found.files.dedup();
    let pages = read_all(&found.files, annotations);
    let mut extraction =
        Extraction { pages: found.files.len(), findings: found.findings, ..Extraction::default() };
    for page in pages {
        extraction.pairs.extend(page.pairs);
        extraction.findings.extend(page.findings);
    }
    extraction.unreadable =
        extraction.findings.iter().filter(|finding| finding.code.is_unread_page()).count();
    extraction.findings.sort_by(|one, two| one.location.cmp(&two.location));
    ids::number(extraction.pairs.iter_mut().collect());
    Ok(extraction)
}

/// A page to be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct File {
    /// Below the docs root, with `/`.
    below: String,
    path: PathBuf,
}

/// The pages of the docs, and what could not be walked.
#[derive(Default)]
struct Found {
    files: Vec<File>,
    findings: Vec<Finding>,
}

impl Found {
    fn add(&mut self, path: &Path) -> Result<(), MissingPath> {
        let missing = || MissingPath(path.to_owned());
        if !path.metadata().map_err(|_| missing())?.is_dir() {
            let name = path.file_name().ok_or_else(missing)?;
            self.files.push(File { below: name.to_string_lossy().into_owned(), path: path.to_owned() });
            return Ok(());
        }
        let is_kept = |entry: &walkdir::DirEntry| entry.depth() == 0 || entry.file_name() != ".git";
        for entry in WalkDir::new(path).into_iter().filter_entry(is_kept) {
            match entry {
                Ok(entry) => self.entry(path, &entry),
                Err(error) => {
                    let place = error.path().unwrap_or(path).to_owned();
                    let reason =
                        error.io_error().map_or_else(|| "it holds itself".to_owned(), ToString::to_string);
                    self.findings.push(whole(Code::UnreadableFile, &place, reason));
                }
            }
        }
        Ok(())
    }

    fn entry(&mut self, root: &Path, entry: &walkdir::DirEntry) {
        let is_page = entry.path().extension().is_some_and(|extension| {
            extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("markdown")
        });
        if !is_page || entry.file_type().is_dir() {
            return;
        }
        if entry.file_type().is_symlink() {
            self.findings.push(whole(Code::LinkSkipped, entry.path(), ""));
        } else if self.files.len() >= MOST {
            if !self.findings.iter().any(|finding| finding.code == Code::TooManyFiles) {
                self.findings.push(whole(Code::TooManyFiles, root, ""));
            }
        } else {
            let below = entry.path().strip_prefix(root).unwrap_or(entry.path());
            let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
            self.files.push(File { below: parts.join("/"), path: entry.path().to_owned() });
        }
    }
}

/// A finding that concerns a page as a whole.
fn whole(code: Code, path: &Path, detail: impl Into<String>) -> Finding {
    let location = Location { file: path.to_string_lossy().into_owned(), line: 1, column: 0 };
    Finding { code, location, detail: detail.into() }
}

/// The pages of the files, in their order.
fn read_all(files: &[File], annotations: Annotations) -> Vec<Page> {
    const CHUNK: usize = 64;
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done: Vec<(usize, Vec<Page>)> = Vec::new();
        loop {
            let chunk = next.fetch_add(1, Ordering::Relaxed);
            let Some(files) = files.chunks(CHUNK).nth(chunk) else { return done };
            done.push((chunk, files.iter().map(|file| read_file(file, annotations)).collect()));
        }
    };
    let threads =
        thread::available_parallelism().map_or(1, usize::from).min(files.len().div_ceil(CHUNK)).max(1);
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            match other.join() {
                Ok(pages) => done.extend(pages),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(chunk, _)| *chunk);
    done.into_iter().flat_map(|(_, pages)| pages).collect()
}

fn read_file(file: &File, annotations: Annotations) -> Page {
    let text = match text_of(&file.path) {
        Ok(text) => text,
        Err(finding) => return Page { pairs: Vec::new(), findings: vec![finding] },
    };
    let mut page = read_unnumbered(&file.below, &text, annotations);
    for finding in &mut page.findings {
        finding.location.file = file.path.to_string_lossy().into_owned();
    }
    page
}

/// The text of a page, within the limits.
fn text_of(path: &Path) -> Result<String, Finding> {
    let unreadable = |error: std::io::Error| whole(Code::UnreadableFile, path, error.to_string());
    let metadata = path.metadata().map_err(unreadable)?;
    // A named pipe would be waited for without end.
    if !metadata.is_file() {
        return Err(whole(Code::UnreadableFile, path, "not a file"));
    }
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(LARGEST) + 1).unwrap_or_default());
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        let long = bytes.split(|byte| *byte == b'\n').any(|line| line.len() > super::LONGEST_LINE);
        return Err(whole(if long { Code::LineTooLong } else { Code::FileTooLarge }, path, ""));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before =
            std::str::from_utf8(error.as_bytes().get(..valid).unwrap_or_default()).unwrap_or_default();
        let (line, column) = line_column(before, valid);
        let file = path.to_string_lossy().into_owned();
        Finding {
            code: Code::NotUtf8,
            location: Location { file, line, column },
            detail: format!("byte {valid}"),
        }
    })
}
