//! Renders a report: one pure function per format, into whatever can be written to.

mod assertion;
#[cfg(feature = "cli")]
mod console;
mod findings;
mod json;
mod prose;
mod redact;

use crate::verdict::Report;
use std::io;

pub use findings::{FindingsFormat, Level, Listed, Tally, render_findings};
pub use prose::{counts, unmatched, visible};
pub use redact::redact;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people: each mismatch under the line that documents it.
    #[cfg(feature = "cli")]
    Pretty {
        /// With colours, or without.
        color: Color,
    },
    /// A line for each contract that did not pass and for each of its mismatches.
    Short,
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
        Format::Pretty { color } => console::pretty(report, color, out),
        Format::Short => prose::short(report, out),
        Format::Json { times } => json::write(report, times, out),
    }
}
