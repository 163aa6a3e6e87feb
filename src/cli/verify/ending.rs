//! How a run of `verify` ends: its reports, and its exit code.

use super::{Shown, Signal, Verify};
use crate::cli::{Console, Exit};
use crate::contract::store;
use crate::report::{Format, Times, counts, render};
use crate::verdict::{Outcome, Report, Trouble, Verdict};
use std::fs;
use std::io;
use std::path::Path;

impl Verify {
    /// Writes all reports; one that cannot be written costs the others nothing.
    pub(super) fn write(&self, report: &Report, console: &mut Console<'_>) -> Result<(), ()> {
        let times = if self.deterministic { Times::LeftOut } else { Times::Shown };
        let color = self.color.on(console.out_color);
        let shown = match self.format {
            Shown::Pretty => Format::Pretty { color },
            Shown::Short => Format::Short,
            Shown::Json => Format::Json { times },
        };
        let to_stdout = self.report_json.as_deref() == Some(Path::new("-"));
        let mut written = Ok(());
        if let Some(file) = self.report_file()
            && let Err(error) = write_report(file, |out| render(report, Format::Json { times }, out))
        {
            console.error(format_args!(
                "out.write: {}: {error}; its former content was left alone",
                file.display()
            ));
            written = Err(());
        }
        let result = if to_stdout {
            // The machine's report has stdout for itself; people read on stderr.
            let _ = render(report, shown, &mut *console.err);
            console.result(|out| render(report, Format::Json { times }, out))
        } else {
            console.result(|out| render(report, shown, out))
        };
        if let Err(error) = result {
            console.error(format_args!("out.write: stdout: {error}"));
            written = Err(());
        }
        if matches!(self.format, Shown::Json) && !to_stdout {
            console.note(counts(report));
        }
        written
    }

    /// The gravest of all that happened.
    pub(super) fn exit(
        &self,
        report: &Report,
        interrupted: Option<Signal>,
        unreadable: usize,
        written: Result<(), ()>,
    ) -> Exit {
        let summary = report.summary();
        let nothing = summary.passed + summary.failed == 0;
        let bug = |verdict: &Verdict| matches!(verdict.outcome, Outcome::Errored(Trouble::Bug, _));
        let mut ends = vec![Exit::Passed];
        ends.extend(report.verdicts.iter().any(bug).then_some(Exit::Bug));
        ends.extend(interrupted.map(|signal| match signal {
            Signal::Interrupt => Exit::Interrupted,
            Signal::Terminate => Exit::Terminated,
        }));
        ends.extend((summary.failed > 0).then_some(Exit::Mismatch));
        ends.extend((summary.errored > 0 || unreadable > 0).then_some(Exit::Unjudged));
        ends.extend(written.is_err().then_some(Exit::Unwritten));
        ends.extend((nothing && !self.allow_empty).then_some(Exit::Nothing));
        ends.into_iter().min().unwrap_or(Exit::Bug)
    }
}

/// Fails before anything is sent where a report could not be written afterwards.
pub(super) fn check_writable(file: &Path) -> Result<(), String> {
    let wrong = |error: &dyn std::fmt::Display| {
        format!("{}: a report cannot be written here: {error}", file.display())
    };
    if file.is_dir() {
        return Err(wrong(&"it is a folder"));
    }
    if is_device(file) {
        return Ok(());
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    tempfile::Builder::new().prefix(".tmp-").tempfile_in(folder).map(drop).map_err(|error| wrong(&error))
}

/// `/dev/stderr`, a pipe: written as they are, since nothing can be moved into their place.
fn is_device(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}

fn write_report(file: &Path, write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> io::Result<()> {
    if is_device(file) {
        let mut device = io::BufWriter::new(fs::OpenOptions::new().write(true).open(file)?);
        write(&mut device)?;
        return io::Write::flush(&mut device);
    }
    store::write_whole(file, write)
}
