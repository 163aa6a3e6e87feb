//! What a run of `verify` leaves behind: on the console, in files, and where a run of GitHub Actions looks.

use super::place::{append, check_writable, is_same, is_stdout, write_report};
use crate::cli::Console;
use crate::cli::output::When;
use crate::report::{Detail, Format, Inert, Times, Whereabouts, annotate, annotations, counts, render};
use crate::verdict::Report;
use clap::{Args, ValueEnum};
use std::io;
use std::path::{Path, PathBuf};

/// What is written, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reports")]
pub(in crate::cli) struct Reports {
    /// Write the report for machines to a file (-: to stdout)
    #[arg(long, value_name = "FILE")]
    report_json: Option<PathBuf>,
    /// Write the report as JUnit XML, for build servers
    #[arg(long, value_name = "FILE")]
    report_junit: Option<PathBuf>,
    /// Write the report as Markdown, for a comment or a wiki
    #[arg(long, value_name = "FILE")]
    report_markdown: Option<PathBuf>,
    /// Leave times out of reports
    #[arg(long)]
    pub(super) deterministic: bool,
    /// How the result is shown
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    format: Shown,
    /// Whether the result is coloured
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: When,
    /// Show whole exchanges, secrets masked, and what would accept a mismatch
    #[arg(short, long, conflicts_with = "quiet")]
    pub(in crate::cli) verbose: bool,
    /// Show what failed or could not be judged, and nothing else
    #[arg(short, long)]
    pub(super) quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shown {
    /// Each mismatch under the line that documents it
    Pretty,
    /// A line each
    Short,
    /// The report for machines
    Json,
    /// Annotations and a job summary for GitHub Actions
    Github,
}

/// What a run of GitHub Actions says of itself.
#[derive(Debug, Default)]
pub(super) struct Actions {
    runs: bool,
    /// Where a job's summary is put together.
    summary: Option<PathBuf>,
    here: Whereabouts,
}

impl Actions {
    /// In a folder from which this is the way to faithful.toml.
    pub(super) fn of(environment: &dyn Fn(&str) -> Option<String>, here: &Path, settings: &Path) -> Actions {
        let set = |name: &str| environment(name).filter(|value| !value.is_empty());
        let root = set("GITHUB_WORKSPACE").map(PathBuf::from);
        let folder =
            root.and_then(|root| Some(here.strip_prefix(root.canonicalize().ok()?).ok()?.to_owned()));
        Actions {
            runs: set("GITHUB_ACTIONS").is_some_and(|value| value == "true"),
            summary: set("GITHUB_STEP_SUMMARY").map(PathBuf::from),
            here: Whereabouts {
                folder: folder.map(|folder| folder.display().to_string()).unwrap_or_default(),
                settings: Some(settings.display().to_string()),
            },
        }
    }
}

impl Reports {
    /// Whether the result is for machines.
    pub(in crate::cli) fn are_for_machines(&self) -> bool {
        self.format == Shown::Json
    }

    fn times(&self) -> Times {
        if self.deterministic { Times::LeftOut } else { Times::Shown }
    }

    /// The reports that were asked for, by their flags.
    fn asked(&self) -> Vec<(&'static str, &Path, Format)> {
        let times = self.times();
        let all = [
            ("--report-json", &self.report_json, Format::Json { times }),
            ("--report-junit", &self.report_junit, Format::Junit { times }),
            ("--report-markdown", &self.report_markdown, Format::Markdown),
        ];
        all.into_iter().filter_map(|(flag, file, format)| Some((flag, file.as_deref()?, format))).collect()
    }

    /// Fails before anything is sent where a report could not be written afterwards, or would write over another.
    pub(super) fn check(&self) -> Result<(), String> {
        let asked = self.asked();
        for (index, (flag, file, _)) in asked.iter().enumerate() {
            if let Some((other, ..)) = asked.iter().take(index).find(|(_, other, _)| is_same(other, file)) {
                return Err(format!("{other} and {flag} would write over each other: name two files"));
            }
            if !is_stdout(file) {
                check_writable(file)?;
            }
        }
        Ok(())
    }

    /// Writes all reports that are for files; one that cannot be written costs the others nothing.
    pub(super) fn write(&self, report: &Report, console: &mut Console<'_>) -> Result<(), ()> {
        let mut written = Ok(());
        for (_, file, format) in self.asked().into_iter().filter(|(_, file, _)| !is_stdout(file)) {
            if let Err(error) = write_report(file, |out| render(report, format, out)) {
                let file = file.display();
                console.error(format_args!("out.write: {file}: {error}; its former content was left alone"));
                written = Err(());
            }
        }
        written
    }

    /// Shows the result, on stdout and where a run of GitHub Actions looks.
    pub(super) fn show(
        &self,
        report: &Report,
        actions: &Actions,
        console: &mut Console<'_>,
    ) -> Result<(), ()> {
        let detail = if self.quiet { Detail::Failures } else { Detail::Usual };
        let color = self.color.on(console.out_color);
        let shown = match self.format {
            Shown::Pretty => Format::Pretty { color, detail },
            Shown::Short => Format::Short { detail },
            Shown::Json => Format::Json { times: self.times() },
            Shown::Github => Format::Github,
        };
        let to_stdout =
            self.asked().into_iter().find(|(_, file, _)| is_stdout(file)).map(|(.., format)| format);
        let mut written = Ok(());
        let show = |out: &mut dyn io::Write| match shown {
            Format::Github => annotate(report, &actions.here, out),
            shown => render(report, shown, out),
        };
        let result = match to_stdout {
            // The machine's report has stdout for itself; people read on stderr.
            Some(format) => {
                let _ = match self.format {
                    Shown::Github => show(&mut *console.err),
                    _ => show(&mut Inert::new(&mut *console.err)),
                };
                console.result(|out| render(report, format, out))
            }
            None if self.format == Shown::Github => console.commands(show),
            None => console.result(show),
        };
        if let Err(error) = result {
            console.error(format_args!("out.write: stdout: {error}"));
            written = Err(());
        }
        if self.format == Shown::Json && to_stdout.is_none() && !self.quiet {
            console.note(counts(report));
        }
        self.tell(report, actions, console);
        written
    }

    /// Tells the run of GitHub Actions, where this is one. Nobody asked for a file, so none can be missing.
    fn tell(&self, report: &Report, actions: &Actions, console: &mut Console<'_>) {
        let github = self.format == Shown::Github;
        if actions.runs && !github {
            // The last line stands in the result.
            let _ = annotations(report, &actions.here, &mut *console.err);
        }
        if let Some(file) = actions.summary.as_ref().filter(|_| actions.runs || github)
            && let Err(error) = append(file, |out| render(report, Format::Markdown, out))
        {
            console.note(format_args!("no job summary: {}: {error}", file.display()));
        }
    }
}
