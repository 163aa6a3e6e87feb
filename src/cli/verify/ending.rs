//! How a run of `verify` ends: its reports, and its exit code.

use super::{Shown, Signal, Verify};
use crate::cli::{Console, Exit};
use crate::contract::store;
use crate::report::{Format, Times, counts, render};
use crate::verdict::{Outcome, Report, Trouble, Verdict};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

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
        let to_stdout = self.report_json.as_deref().is_some_and(is_stdout);
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

/// Whether a report's path means stdout: these are links, and what they lead to is no file to be replaced.
pub(super) fn is_stdout(file: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| file == Path::new(name))
}

/// Fails before anything is sent where a report could not be written afterwards.
pub(super) fn check_writable(file: &Path) -> Result<(), String> {
    let wrong = |error: &dyn std::fmt::Display| {
        format!("{}: a report cannot be written here: {error}", file.display())
    };
    match place(file).map_err(|error| wrong(&error))? {
        Place::Open => Ok(()),
        Place::File(file) => {
            let folder =
                file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let beside = tempfile::Builder::new().prefix(".tmp-").tempfile_in(folder);
            beside.map(drop).map_err(|error| wrong(&error))
        }
    }
}

/// How a report comes to its place.
enum Place {
    /// A whole file is moved there.
    File(PathBuf),
    /// What is there is written to as it is: nothing can be moved into its place.
    Open,
}

fn place(file: &Path) -> io::Result<Place> {
    let refused = |why: &str| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    let Ok(itself) = fs::symlink_metadata(file) else { return Ok(Place::File(file.to_owned())) };
    let Ok(meta) = fs::metadata(file) else { return refused("it is a link that leads nowhere") };
    if meta.is_dir() {
        return refused("it is a folder");
    }
    // `/dev/stderr` and a shell's `>(…)`: open already, a pipe with its reader.
    let open_already =
        ["/dev/fd", "/dev/stderr", "/proc/self/fd"].iter().any(|folder| file.starts_with(folder));
    match (meta.is_file(), itself.is_symlink()) {
        _ if open_already || is_device(&meta) => Ok(Place::Open),
        (true, true) => file.canonicalize().map(Place::File),
        (true, false) => Ok(Place::File(file.to_owned())),
        // A pipe without a reader would be waited for without end.
        (false, _) => refused("it is neither a file nor a device"),
    }
}

#[cfg(unix)]
fn is_device(meta: &fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_char_device(&meta.file_type())
}

#[cfg(not(unix))]
fn is_device(meta: &fs::Metadata) -> bool {
    !meta.is_file()
}

fn write_report(file: &Path, write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> io::Result<()> {
    match place(file)? {
        Place::Open => {
            let mut device = io::BufWriter::new(fs::OpenOptions::new().append(true).open(file)?);
            write(&mut device)?;
            io::Write::flush(&mut device)
        }
        Place::File(file) => store::write_whole(&file, write),
    }
}
