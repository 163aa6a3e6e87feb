//! Renders findings: what is wrong with the docs, one function per format, counts by kind at the end.

#[cfg(feature = "cli")]
mod console;
mod github;
mod json;
mod short;

#[cfg(feature = "cli")]
use super::Color;
use super::prose::{by_frequency, plural, visible};
use crate::finding::{Code, Finding, Severity};
use crate::secret::mask;
use crate::verdict::Excerpt;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingsFormat {
    /// For people: each under its line.
    #[cfg(feature = "cli")]
    Pretty {
        /// With colours, or without.
        color: Color,
    },
    /// A line each, as compilers write them.
    Short,
    /// For machines: the stable interface.
    Json,
    /// Annotations of a run of GitHub Actions.
    GitHub,
}

impl FindingsFormat {
    /// Whether it shows the lines of pages.
    pub fn shows_lines(self) -> bool {
        match self {
            #[cfg(feature = "cli")]
            FindingsFormat::Pretty { .. } => true,
            FindingsFormat::Short | FindingsFormat::Json | FindingsFormat::GitHub => false,
        }
    }
}

/// How grave a finding is in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What it is of itself.
    Of(Severity),
    /// It makes the run fail.
    Denied,
}

impl Level {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Level::Of(Severity::Note) => "note",
            Level::Of(Severity::Warning) => "warning",
            Level::Denied => "error",
        }
    }
}

/// A finding that is to be shown.
#[derive(Debug, Clone)]
pub struct Listed<'f> {
    /// What was found.
    pub finding: &'f Finding,
    /// How grave it is.
    pub level: Level,
    /// Its line, where it can be shown.
    pub excerpt: Option<Excerpt>,
}

/// What was read, and how much of what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Pages, read or not.
    pub pages: usize,
    /// Contracts on them.
    pub contracts: usize,
    /// Pages and folders that could not be read.
    pub unreadable: usize,
    /// Findings that are shown, by kind.
    pub findings: BTreeMap<Code, usize>,
    /// How many of them make the run fail.
    pub denied: usize,
    /// Findings that were silenced.
    pub allowed: usize,
}

impl Tally {
    /// How many findings are shown.
    pub fn total(&self) -> usize {
        self.findings.values().sum()
    }

    /// `12 pages, 30 contracts: 3 findings, 1 denied: unpaired-request 2, secret-like 1`: the most frequent kind first.
    pub fn line(&self) -> String {
        let total = self.total();
        let mut line = format!(
            "{} page{}, {} contract{}: {total} finding{}",
            self.pages,
            plural(self.pages),
            self.contracts,
            plural(self.contracts),
            plural(total)
        );
        let others = [(self.denied, "denied"), (self.allowed, "allowed"), (self.unreadable, "unreadable")];
        for (count, name) in others.into_iter().filter(|(count, _)| *count > 0) {
            let _ = write!(line, ", {count} {name}");
        }
        if total > 0 {
            let _ = write!(line, ": {}", by_frequency(&self.findings));
        }
        line
    }
}

/// Writes findings in the order given, and what they amount to. What looks like a secret is masked in every format.
pub fn render_findings<'f>(
    listed: impl Iterator<Item = Listed<'f>>,
    tally: &Tally,
    format: FindingsFormat,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        #[cfg(feature = "cli")]
        FindingsFormat::Pretty { color } => console::pretty(listed, tally, color, out),
        FindingsFormat::Short => short::write(listed, tally, out),
        FindingsFormat::Json => json::write(listed, tally, out),
        FindingsFormat::GitHub => github::write(listed, tally, out),
    }
}

/// Characters of a finding's detail that are shown: a page's line may have a million.
const DETAIL: usize = 300;

/// What distinguishes a finding from others of its kind: secrets masked before it is cut short.
fn detail(finding: &Finding) -> Cow<'_, str> {
    let masked = mask(&finding.detail);
    if masked.len() <= DETAIL {
        return masked;
    }
    match masked.char_indices().nth(DETAIL) {
        Some((end, _)) => Cow::Owned(format!("{}…", masked.get(..end).unwrap_or_default())),
        None => masked,
    }
}

/// The name of a page; it may hold a secret as well.
fn file(finding: &Finding) -> Cow<'_, str> {
    mask(&finding.location.file)
}

/// `a request that no response answers: GET /users`
fn message(finding: &Finding) -> String {
    let mut message = finding.code.description().to_owned();
    if !finding.detail.is_empty() {
        let _ = write!(message, ": {}", visible(&detail(finding)));
    }
    message
}

#[cfg(test)]
mod tests;
