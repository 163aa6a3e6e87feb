//! How a run of `extract` ends: what it tells of the docs and of the files, and its exit code.

use super::{Extract, Reach};
use crate::cli::findings::count;
use crate::cli::{Console, Exit};
use crate::config::FILE;
use crate::contract::Contract;
use crate::contract::store::{Change, Orphan, path_of};
use crate::docs::pages::Extraction;
use crate::finding::Finding;
use crate::report::{Tally, visible};
use crate::secret::mask;
use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

/// What became of the contract files.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) new: usize,
    pub(super) changed: usize,
    pub(super) unchanged: usize,
    pub(super) removed: usize,
    /// Without their pair, and left alone.
    pub(super) orphans: Vec<PathBuf>,
    /// Not written or not removed.
    pub(super) failed: usize,
}

impl Extract {
    /// Names every file that writing would change, a line each; writes nothing.
    pub(super) fn check(
        &self,
        extraction: &Extraction,
        contracts: &[&Contract],
        changes: &[io::Result<Change>],
        (reach, orphans): (Reach, &[(PathBuf, Orphan)]),
        console: &mut Console<'_>,
    ) -> Exit {
        let mut files: Vec<(PathBuf, &str)> = Vec::new();
        for (contract, change) in contracts.iter().zip(changes) {
            let path = path_of(&self.out, &contract.id);
            match change {
                Ok(Change::Same) => {}
                Ok(Change::New) => files.push((path, "missing")),
                Ok(Change::Changed) => files.push((path, "stale")),
                Err(error) => {
                    console.error(visible(&format!("{}: {error}", path.display())));
                    files.push((path, "stale"));
                }
            }
        }
        let (gone, others): (Vec<_>, Vec<_>) =
            orphans.iter().partition(|(_, why)| reach == Reach::Whole || *why == Orphan::PairGone);
        files.extend(gone.into_iter().map(|(path, _)| (path.clone(), "orphaned")));
        files.sort();
        self.tell_findings(extraction, console);
        let shown = console.result(|out| {
            files.iter().try_for_each(|(path, what)| {
                writeln!(out, "{}", visible(&format!("{what} {}", path.display())))
            })
        });
        // They may be of other docs: no reason to fail, but one to be told.
        for (path, _) in &others {
            console.note(visible(&format!(
                "{}: its page is not among these docs; --prune removes it, and where [docs] path of {FILE} names these \
                 docs --check fails",
                path.display()
            )));
        }
        self.tell_what_was_not_looked_for(extraction, console);
        let of = |what| files.iter().filter(|(_, kind)| *kind == what).count();
        let (written, orphaned) = (of("stale") + of("missing"), of("orphaned"));
        let remedy = match (written, orphaned) {
            (0, 0) => "",
            (_, 0) => "; without --check they are written",
            (0, _) => "; --prune in place of --check removes what is orphaned",
            _ => "; without --check they are written, and --prune removes what is orphaned",
        };
        let denied = self.denied(extraction);
        let findings = if denied.is_empty() {
            denied
        } else {
            format!("; {}{denied}", plural(extraction.findings.len(), "finding"))
        };
        console.note(format_args!(
            "{}: {} stale, {} missing, {orphaned} orphaned{findings}{remedy}",
            plural(extraction.pairs.len(), "contract"),
            of("stale"),
            of("missing"),
        ));
        let mut ends = self.ends(extraction);
        ends.extend((!files.is_empty()).then_some(Exit::Mismatch));
        ends.extend(shown.is_err().then_some(Exit::Unwritten));
        ends.into_iter().min().unwrap_or(Exit::Bug)
    }

    /// Tells of findings and files.
    pub(super) fn end(&self, extraction: &Extraction, counts: &Counts, console: &mut Console<'_>) -> Exit {
        self.tell_findings(extraction, console);
        self.tell_what_was_not_looked_for(extraction, console);
        self.tell_orphans(&counts.orphans, console);
        let mut files =
            format!("{} new, {} changed, {} unchanged", counts.new, counts.changed, counts.unchanged);
        for (count, what) in [(counts.removed, "removed"), (counts.failed, "failed")] {
            if count > 0 {
                let _ = write!(files, ", {count} {what}");
            }
        }
        let line = format!(
            "{}: {} in {} ({files}); {}{}",
            plural(extraction.pages, "page"),
            plural(extraction.pairs.len(), "contract"),
            self.out.display(),
            plural(extraction.findings.len(), "finding"),
            self.denied(extraction)
        );
        let written = console.result(|out| writeln!(out, "{}", visible(&line)));
        let mut ends = self.ends(extraction);
        ends.extend((counts.failed > 0 || written.is_err()).then_some(Exit::Unwritten));
        ends.into_iter().min().unwrap_or(Exit::Bug)
    }

    /// Names the files without a pair: a few of them, or all.
    fn tell_orphans(&self, orphans: &[PathBuf], console: &mut Console<'_>) {
        const FEW: usize = 5;
        if orphans.is_empty() {
            return;
        }
        let few = if self.verbose || orphans.len() == FEW + 1 { orphans.len() } else { FEW };
        for path in orphans.iter().take(few) {
            console.note(visible(&format!("without a pair {}", path.display())));
        }
        if orphans.len() > few {
            console.note(format_args!("and {} more: give -v to see each", orphans.len() - few));
        }
        console.note(format_args!(
            "{} without a pair in these docs; --prune removes {}",
            plural(orphans.len(), "contract file"),
            if orphans.len() == 1 { "it" } else { "them" }
        ));
    }

    /// `, 2 denied`: why a run fails whose files are all in order.
    fn denied(&self, extraction: &Extraction) -> String {
        let mut tally = Tally::default();
        count(&mut tally, &extraction.findings, &self.policy);
        if tally.denied > 0 { format!(", {} denied", tally.denied) } else { String::new() }
    }

    /// All that the docs themselves can end a run with.
    fn ends(&self, extraction: &Extraction) -> Vec<Exit> {
        let mut tally = Tally::default();
        count(&mut tally, &extraction.findings, &self.policy);
        let mut ends = vec![Exit::Passed];
        ends.extend((tally.denied > 0).then_some(Exit::Mismatch));
        ends.extend((extraction.unreadable > 0).then_some(Exit::Unjudged));
        ends.extend((extraction.pages == 0).then_some(Exit::Nothing));
        ends
    }

    /// No orphan is told of where a page that was not read may have its pair: that is no word that there are none.
    fn tell_what_was_not_looked_for(&self, extraction: &Extraction, console: &mut Console<'_>) {
        if extraction.unreadable > 0 && (self.check || self.prune) {
            console.note(format_args!(
                "contract files whose page is gone were not looked for: {} could not be read, and may be theirs",
                plural(extraction.unreadable, "page or folder")
            ));
        }
    }

    /// Findings by kind, or each of them. What hides a page may hide any number of pairs, so it is always named.
    fn tell_findings(&self, extraction: &Extraction, console: &mut Console<'_>) {
        let mut tally = Tally::default();
        count(&mut tally, &extraction.findings, &self.policy);
        for finding in &extraction.findings {
            if self.verbose || finding.code.is_unread_page() {
                // A detail by itself: where it begins says what it is.
                let detail = mask(&finding.detail).into_owned();
                let shown = Finding { detail, ..finding.clone() }.to_string();
                let text = mask(&shown);
                console.note(format_args!("{}; {}", visible(&text), finding.code.remedy()));
            }
        }
        if self.verbose || tally.findings.is_empty() {
            return;
        }
        for (code, count) in &tally.findings {
            console.note(format_args!("{count:>6} {code}: {}; {}", code.description(), code.remedy()));
        }
        console.note("give -v to see each with its file and line");
    }
}

fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
