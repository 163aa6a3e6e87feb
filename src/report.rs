//! Renders a report: one pure function per format, into whatever can be written to.

mod assertion;
#[cfg(feature = "cli")]
mod console;
mod curl;
mod escape;
mod findings;
mod github;
mod json;
#[cfg(feature = "cli")]
mod junit;
mod lacking;
mod markdown;
#[cfg(feature = "cli")]
mod promises;
mod prose;
mod redact;

use crate::verdict::{Outcome, Report, Verdict};
use std::io;

pub use curl::curl;
pub use escape::{Inert, write_json};
pub use findings::{FindingsFormat, Level, Listed, Tally, render_findings};
pub use github::{Whereabouts, annotate, annotations};
pub use lacking::missing;
#[cfg(feature = "cli")]
pub use promises::{Explained, render_explanation};
pub use prose::{WITHOUT_LOGIN, counts, known_note, visible, warnings};
pub use redact::redact;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people: each mismatch under the line that documents it.
    #[cfg(feature = "cli")]
    Pretty {
        /// With colours, or without.
        color: Color,
        /// How much of it.
        detail: Detail,
    },
    /// A line for each contract that did not pass and for each of its mismatches.
    Short {
        /// How much of it.
        detail: Detail,
    },
    /// As annotations of a run of GitHub Actions.
    Github,
    /// As JUnit XML.
    #[cfg(feature = "cli")]
    Junit {
        /// With the times that the run took, or without.
        times: Times,
    },
    /// As Markdown: the summary of a job.
    Markdown,
    /// For machines: the stable interface.
    Json {
        /// With the times that the run took, or without, so that equal runs give equal bytes.
        times: Times,
    },
}

/// Whether a terminal shows colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// It does.
    Styled,
    /// It does not.
    Plain,
}

/// How much is shown to people. An exchange that was kept is always shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What did not pass, and what was skipped.
    Usual,
    /// What failed or could not be judged.
    Failures,
}

impl Detail {
    fn shows(self, verdict: &Verdict) -> bool {
        match (&verdict.outcome, self) {
            _ if verdict.exchange.is_some() => true,
            (Outcome::Failed | Outcome::Errored(..), _) | (Outcome::Skipped(..), Detail::Usual) => true,
            (Outcome::Passed, Detail::Usual) => !verdict.mismatches.is_empty(),
            (_, Detail::Failures) => false,
        }
    }
}

/// Whether times are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// They are.
    Shown,
    /// They are left out.
    LeftOut,
}

/// Writes a report. What looks like a secret must have been [`redact`]ed before.
pub fn render(report: &Report, format: Format, out: &mut dyn io::Write) -> io::Result<()> {
    match format {
        #[cfg(feature = "cli")]
        Format::Pretty { color, detail } => console::pretty(report, color, detail, out),
        Format::Short { detail } => prose::short(report, detail, out),
        Format::Github => annotate(report, &Whereabouts::default(), out),
        #[cfg(feature = "cli")]
        Format::Junit { times } => junit::write(report, times, out),
        Format::Markdown => markdown::write(report, out),
        Format::Json { times } => json::write(report, times, out),
    }
}
