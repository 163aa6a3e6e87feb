//! `faithful lint`: what is wrong with the docs themselves.

use super::findings::{Policy, Silence, count};
use super::help::described;
use super::missing::of_docs;
use super::output::When;
use super::{Console, Exit};
use crate::docs::Annotations;
use crate::docs::pages::{self, Excerpts};
use crate::finding::Code;
use crate::report::{FindingsFormat, Listed, Tally, render_findings, visible};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// List what is wrong with the docs: what cannot be read, and what contradicts itself
#[derive(Debug, Args)]
#[command(after_long_help = kinds())]
pub(super) struct Lint {
    /// Pages, or folders of pages (*.md, *.markdown, *.mdx, *.rst, *.rest)
    #[arg(required = true, value_name = "DOCS")]
    docs: Vec<PathBuf>,
    #[command(flatten)]
    policy: Policy,
    #[command(flatten)]
    silence: Silence,
    /// Say nothing of pairs without an annotation
    #[arg(long)]
    annotated_only: bool,
    /// How findings are shown
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    format: Shown,
    /// Whether the result is coloured
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: When,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shown {
    /// Each finding under the line that it is about
    Pretty,
    /// A line each: `file:line:column: level: kind: text`
    Short,
    /// One JSON document: `summary` with counts by kind, and `findings`
    Json,
    /// Annotations of a run of GitHub Actions
    Github,
}

impl Lint {
    pub(super) fn run(self, console: &mut Console<'_>) -> Exit {
        if let Some(code) = self.policy.contradiction(&self.silence) {
            console.error(format_args!("{code} is denied and allowed: leave one of the two out"));
            return Exit::Usage;
        }
        let annotations = if self.annotated_only { Annotations::Required } else { Annotations::Optional };
        let mut docs = match pages::lint(&self.docs, annotations) {
            Ok(docs) => docs,
            Err(missing) => {
                console.error(visible(&of_docs(&missing)));
                return Exit::Usage;
            }
        };
        let all = docs.findings.len();
        docs.findings.retain(|finding| !self.silence.silences(finding));
        let mut tally = Tally {
            pages: docs.pages,
            contracts: docs.pairs,
            unreadable: docs.unreadable,
            allowed: all - docs.findings.len(),
            ..Tally::default()
        };
        count(&mut tally, &docs.findings, &self.policy);
        let format = match self.format {
            Shown::Pretty => FindingsFormat::Pretty { color: self.color.on(console.out_color) },
            Shown::Short => FindingsFormat::Short,
            Shown::Json => FindingsFormat::Json,
            Shown::Github => FindingsFormat::GitHub,
        };
        let mut excerpts = Excerpts::default();
        let listed = docs.findings.iter().map(|finding| Listed {
            finding,
            level: self.policy.level(finding.code),
            excerpt: if format.shows_lines() { excerpts.of(&finding.location) } else { None },
        });
        let render = |out: &mut dyn std::io::Write| render_findings(listed, &tally, format, out);
        let written = match format {
            FindingsFormat::GitHub => console.commands(render),
            _ => console.result(render),
        };
        if format == FindingsFormat::Json {
            console.note(tally.line());
        }
        if let Err(error) = &written {
            console.error(format_args!("out.write: stdout: {error}"));
        }
        exit(&tally, written.is_ok())
    }
}

/// The gravest of all that happened.
fn exit(tally: &Tally, written: bool) -> Exit {
    if tally.denied > 0 {
        Exit::Mismatch
    } else if tally.unreadable > 0 {
        Exit::Unjudged
    } else if !written {
        Exit::Unwritten
    } else if tally.pages == 0 {
        Exit::Nothing
    } else {
        Exit::Passed
    }
}

/// What `--deny` and `--allow` know, for `--help`.
fn kinds() -> String {
    described("Kinds of findings", Code::ALL.iter().map(|code| (code.as_str(), code.description())))
}
