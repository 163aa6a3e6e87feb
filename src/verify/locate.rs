//! Finds the line that documents a place: on the page where the docs are at hand, else in the contract file.

use super::lines::Lines;
use crate::contract::{Contract, ContractId, store};
use crate::docs::{self, Annotations, Documented};
use crate::json::{Budget, Json};
use crate::source::{Location, line_column};
use crate::suite::{Suite, Written, page_path};
use crate::verdict::{Excerpt, Outcome, Site, Verdict};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a contract's lines are found again by, once the contract itself is gone.
struct Known {
    /// None where the docs are not at hand.
    on_page: Option<Box<OnPage>>,
    written: Written,
}

/// What a pair is found by on its page.
struct OnPage {
    name: String,
    page: String,
    sha256: String,
}

/// Finds lines. Reads a file only where something is to be shown of it.
pub(super) struct Locator {
    /// Ordered by id.
    known: Vec<(ContractId, Known)>,
    docs: Vec<PathBuf>,
}

/// A text in which a contract is written, and where.
enum Source {
    Page { lines: Lines, pair: Box<Documented> },
    File { lines: Lines, json: Json },
}

impl Locator {
    pub(super) fn new(contracts: &[(Arc<Contract>, Written)], docs: Option<&Path>) -> Locator {
        let known = contracts.iter().map(|(contract, written)| {
            let source = &contract.source;
            let on_page = || {
                let (name, page) = (contract.name.clone(), source.file.clone());
                Box::new(OnPage { name, page, sha256: source.sha256.clone() })
            };
            let at_hand = docs.is_some() || matches!(written, Written::Page(..));
            let known = Known { on_page: at_hand.then(on_page), written: written.clone() };
            (contract.id.clone(), known)
        });
        Locator { known: known.collect(), docs: docs.map(Path::to_owned).into_iter().collect() }
    }

    /// Adds to a verdict where it is documented, and to its mismatches their lines.
    pub(super) fn locate(&self, verdict: &mut Verdict) {
        let Some(known) = self.known_of(&verdict.id) else { return };
        let (file, line) = match &known.written {
            Written::Page(path, line) => (path, *line),
            Written::File(path) => (path, 1),
            Written::Nowhere => return,
        };
        verdict.source = Some(Location { file: file.display().to_string(), line, column: 0 });
        // Files are read again only where something of them is shown.
        if verdict.outcome == Outcome::Passed && verdict.mismatches.is_empty() {
            return;
        }
        let Some(source) = self.source(known) else { return };
        verdict.source = Some(source.whole());
        for mismatch in &mut verdict.mismatches {
            mismatch.location = source.excerpt(&mismatch.site);
        }
    }

    /// Where a contract is documented, and the lines of sites of it.
    pub(super) fn lines<'s>(
        &self,
        id: &ContractId,
        sites: impl Iterator<Item = &'s Site>,
    ) -> (Option<Location>, Vec<Option<u32>>) {
        let source = self.known_of(id).and_then(|known| self.source(known));
        let line = |site| source.as_ref()?.excerpt(site).map(|excerpt| excerpt.location.line);
        let lines = sites.map(line).collect();
        (source.as_ref().map(Source::whole), lines)
    }

    fn known_of(&self, id: &ContractId) -> Option<&Known> {
        let behind = self.known.partition_point(|(known, _)| known <= id);
        let (known, found) = self.known.get(behind.checked_sub(1)?)?;
        (known == id).then_some(found)
    }

    fn source(&self, known: &Known) -> Option<Source> {
        let page = known.on_page.as_ref().and_then(|known_as| match &known.written {
            Written::Page(path, _) => page(path, known_as),
            Written::Nowhere => None,
            Written::File(_) => page(&page_path(&self.docs, &known_as.page), known_as),
        });
        page.or_else(|| match &known.written {
            Written::Page(..) | Written::Nowhere => None,
            Written::File(path) => {
                let text = store::read(path).ok()?;
                let json = Json::parse_within(text.clone(), &Budget::UNLIMITED).ok()?;
                Some(Source::File { lines: Lines::new(path, text), json })
            }
        })
    }
}

/// Where a contract is documented, and the lines of its sites, one for each that can be found: on its page where the
/// docs are at hand, else in the contract file.
pub fn documented<'s>(
    suite: &Suite,
    docs: Option<&Path>,
    id: &ContractId,
    sites: impl Iterator<Item = &'s Site>,
) -> (Option<Location>, Vec<Option<u32>>) {
    Locator::new(&suite.members, docs).lines(id, sites)
}

/// The pair on its page, found again by name and hash: a paragraph that was added above it does no harm, and lines
/// of another pair are never shown for it.
fn page(path: &Path, known: &OnPage) -> Option<Source> {
    let text = fs::read_to_string(path).ok()?;
    let page = docs::read(&known.page, &text, Annotations::Optional);
    let same =
        |pair: &Documented| pair.contract.source.sha256 == known.sha256 && pair.contract.name == known.name;
    let pair = page.pairs.into_iter().find(same)?;
    Some(Source::Page { lines: Lines::new(path, text), pair: Box::new(pair) })
}

impl Source {
    /// Where the pair begins.
    fn whole(&self) -> Location {
        match self {
            Source::Page { lines, pair } => {
                let line = pair.written.request_line;
                Location { file: lines.path.display().to_string(), line, column: 0 }
            }
            Source::File { lines, .. } => {
                Location { file: lines.path.display().to_string(), line: 1, column: 0 }
            }
        }
    }

    fn excerpt(&self, site: &Site) -> Option<Excerpt> {
        match self {
            Source::Page { lines, pair } => page_excerpt(lines, pair, site),
            Source::File { lines, json } => {
                let pointer = match site {
                    Site::Status => "/response/status".to_owned(),
                    Site::Header(name) => {
                        format!("/response/headers/{}", name.replace('~', "~0").replace('/', "~1"))
                    }
                    Site::Body(pointer) => format!("/response/json{pointer}"),
                };
                let root = json.root();
                let value = root
                    .pointer(&pointer)
                    .or_else(|| root.pointer("/response/text"))
                    .or_else(|| root.pointer("/response"))?;
                let (line, column) = lines.place(value.span().start);
                Some(lines.excerpt(line, column, value.raw()))
            }
        }
    }
}

fn page_excerpt(lines: &Lines, pair: &Documented, site: &Site) -> Option<Excerpt> {
    let written = pair.written;
    match site {
        Site::Status => Some(lines.whole(written.status_line)),
        Site::Header(name) => {
            // A body in a block of its own may stand before its status.
            let last = written.response_body_line.filter(|line| *line > written.status_line);
            let last = last.unwrap_or(u32::MAX);
            let is_header = |line: &str| {
                let line = line.trim_start_matches(|c: char| c == '>' || c.is_whitespace());
                line.split_once(':').is_some_and(|(field, _)| field.trim().eq_ignore_ascii_case(name))
            };
            let last = last.min(lines.count() + 1);
            let line = (written.status_line + 1..last).find(|line| is_header(lines.line(*line)))?;
            Some(lines.whole(line))
        }
        Site::Body(pointer) => {
            let Some(first) = written.response_body_line else {
                return Some(lines.whole(written.status_line));
            };
            let Some(json) = pair.contract.response.body.json() else {
                return Some(lines.whole(first));
            };
            let value = json.root().pointer(pointer)?;
            // Where the fence is flush, a place in its text is a place on the page, whatever was repaired before it.
            let at = lines.start(first) + value.source().start;
            let meant = value.raw().lines().next().unwrap_or_default();
            if lines.text.get(at..).is_some_and(|rest| rest.starts_with(meant)) {
                let (line, column) = lines.place(at);
                return Some(lines.excerpt(line, column, value.raw()));
            }
            let (line, column) = line_column(json.text(), value.span().start);
            let body_line = json.text().lines().nth(line as usize - 1).unwrap_or_default();
            let page_line = lines.line(first + line - 1);
            // The fence may be indented or quoted: the body's line is the end of the page's.
            let indent = page_line.chars().count().saturating_sub(body_line.chars().count());
            let column = column + u32::try_from(indent).unwrap_or_default();
            Some(lines.excerpt(first + line - 1, column, value.raw()))
        }
    }
}
