//! `faithful extract`: docs → contract files.

use super::{Console, Exit};
use crate::contract::store::{self, Change};
use crate::docs::Annotations;
use crate::docs::pages;
use crate::finding::Code;
use crate::report::visible;
use clap::Args;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Read the docs and store each request/response pair as a contract file
#[derive(Debug, Args)]
pub(super) struct Extract {
    /// Pages, or folders of pages (*.md, *.markdown)
    #[arg(required = true, value_name = "DOCS")]
    docs: Vec<PathBuf>,
    /// Where the contract files go
    #[arg(long, value_name = "DIR", default_value = crate::suite::DEFAULT_FOLDER)]
    out: PathBuf,
    /// Leave out pairs without an annotation
    #[arg(long)]
    annotated_only: bool,
    /// List every finding instead of a count by kind
    #[arg(short, long)]
    verbose: bool,
}

impl Extract {
    pub(super) fn run(self, console: &mut Console<'_>) -> Exit {
        let annotations = if self.annotated_only { Annotations::Required } else { Annotations::Optional };
        let extraction = match pages::extract(&self.docs, annotations) {
            Ok(extraction) => extraction,
            Err(missing) => {
                console.error(missing);
                return Exit::Usage;
            }
        };
        let mut changes: BTreeMap<&str, usize> = BTreeMap::new();
        let mut failed = false;
        for pair in &extraction.pairs {
            let name = match store::write(&self.out, &pair.contract) {
                Ok(Change::New) => "new",
                Ok(Change::Changed) => "changed",
                Ok(Change::Same) => "unchanged",
                Err(error) => {
                    let path = store::path_of(&self.out, &pair.contract.id);
                    console.error(format_args!("{}: not written: {error}", path.display()));
                    failed = true;
                    continue;
                }
            };
            *changes.entry(name).or_default() += 1;
        }
        let mut kinds: BTreeMap<Code, usize> = BTreeMap::new();
        for finding in &extraction.findings {
            *kinds.entry(finding.code).or_default() += 1;
            // A page that could not be read may hide any number of pairs, so it is always named.
            if self.verbose || finding.code.is_unread_page() {
                console.note(format_args!("{}; {}", visible(&finding.to_string()), finding.code.remedy()));
            }
        }
        if !self.verbose {
            for (code, count) in &kinds {
                console.note(format_args!("{count:>6} {code}: {}; {}", code.description(), code.remedy()));
            }
            if !kinds.is_empty() {
                console.note("give -v to see each with its file and line");
            }
        }
        let count = |name| changes.get(name).copied().unwrap_or_default();
        let line = format!(
            "{} pages: {} contracts in {} ({} new, {} changed, {} unchanged); {} findings",
            extraction.pages,
            extraction.pairs.len(),
            self.out.display(),
            count("new"),
            count("changed"),
            count("unchanged"),
            extraction.findings.len()
        );
        let written = console.result(|out| writeln!(out, "{line}"));
        if extraction.unreadable > 0 {
            Exit::Unjudged
        } else if failed || written.is_err() {
            Exit::Unwritten
        } else {
            Exit::Passed
        }
    }
}
