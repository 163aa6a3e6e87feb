//! `faithful extract`: docs → contract files.

mod conflict;
mod ending;

use super::findings::Policy;
use super::missing::of_docs;
use super::{Console, Exit, here};
use crate::contract::store::{self, Change, Orphan, Store};
use crate::contract::{Contract, ContractId};
use crate::docs::Annotations;
use crate::docs::pages::{self, Extraction, Whereabouts};
use crate::report::visible;
use clap::Args;
use ending::Counts;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long another run may take to write before this one gives up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Read the docs and store each request/response pair as a contract file
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "a flag each")]
pub(super) struct Extract {
    /// Pages, or folders of pages (*.md, *.markdown, *.mdx, *.rst, *.rest)
    #[arg(required = true, value_name = "DOCS")]
    docs: Vec<PathBuf>,
    /// Where the contract files go
    #[arg(long, value_name = "DIR", default_value = crate::suite::DEFAULT_FOLDER)]
    out: PathBuf,
    /// Write nothing: name the files that are stale, missing or orphaned, and fail if there are any. Of a page that is gone
    /// they are orphaned where faithful.toml says that these are the docs
    #[arg(long, conflicts_with = "prune")]
    check: bool,
    /// Remove contracts whose pair is gone from its page, or whose page is gone from its folder in DOCS
    #[arg(long)]
    prune: bool,
    /// Leave out pairs without an annotation
    #[arg(long)]
    annotated_only: bool,
    #[command(flatten)]
    policy: Policy,
    /// List every finding and every file that changes instead of counts by kind
    #[arg(short, long)]
    verbose: bool,
}

/// Which docs were named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Those of faithful.toml: what they do not have is gone.
    Whole,
    /// Some: contracts whose page they do not have may be of others.
    Part,
}

impl Extract {
    pub(super) fn run(self, console: &mut Console<'_>) -> Exit {
        let annotations = if self.annotated_only { Annotations::Required } else { Annotations::Optional };
        let extraction = match pages::extract(&self.docs, annotations) {
            Ok(extraction) => extraction,
            Err(missing) => {
                console.error(visible(&of_docs(&missing)));
                return Exit::Usage;
            }
        };
        let contracts: Vec<&Contract> = extraction.pairs.iter().map(|pair| &pair.contract).collect();
        let mut changes = store::compare(&self.out, &contracts);
        let reach = match self.reach() {
            Ok(reach) => reach,
            Err(error) => {
                console.error(visible(&error));
                return Exit::Usage;
            }
        };
        let orphans = self.orphans(&extraction, &contracts, reach);
        self.look_at_changes(&extraction, &contracts, &mut changes, console);
        self.look_at_orphans(&contracts, &changes, &orphans, console);
        if self.check {
            return self.check(&extraction, &contracts, &changes, (reach, &orphans), console);
        }
        let is_stale = |change: &io::Result<Change>| !matches!(change, Ok(Change::Same));
        let removes = self.prune && !orphans.is_empty();
        let mut counts = Counts::default();
        if removes || changes.iter().any(is_stale) || store::has_remains(&self.out) {
            let store = match Store::open(&self.out, PATIENCE) {
                Ok(store) => store,
                Err(error) => {
                    console.error(visible(&error.to_string()));
                    return Exit::Unwritten;
                }
            };
            // What another run wrote in the meantime is looked at once more.
            let (refused, writable): (Vec<_>, Vec<_>) =
                contracts.iter().copied().zip(changes).partition(|(_, change)| change.is_err());
            let (writable, _): (Vec<_>, Vec<_>) = writable.into_iter().unzip();
            let (unwritten, refusals): (Vec<_>, Vec<_>) = refused.into_iter().unzip();
            self.count(&unwritten, refusals, &mut counts, console);
            let changes = store.write(&writable);
            self.count(&writable, changes, &mut counts, console);
            if self.prune {
                let orphans = self.orphans(&extraction, &contracts, reach);
                self.remove(&store, &orphans, &mut counts, console);
            }
        } else {
            self.count(&contracts, changes, &mut counts, console);
        }
        if !self.prune {
            counts.orphans = orphans.into_iter().map(|(path, _)| path).collect();
        }
        self.end(&extraction, &counts, console)
    }

    /// Whether all docs were named, as far as faithful.toml says which they are. It is asked where that matters alone.
    fn reach(&self) -> Result<Reach, String> {
        if !self.check && !self.prune {
            return Ok(Reach::Part);
        }
        let Some(all) = here::config(&here::unread)?.docs_path().and_then(|path| path.canonicalize().ok())
        else {
            return Ok(Reach::Part);
        };
        let is_it = |path: &PathBuf| path.canonicalize().is_ok_and(|path| path == all);
        Ok(if self.docs.iter().any(is_it) { Reach::Whole } else { Reach::Part })
    }

    /// The contract files below the folder whose pair, or whose page, is gone. Where not all docs were named, a whole folder
    /// of pages that is not there is one of the others.
    fn orphans(
        &self,
        extraction: &Extraction,
        contracts: &[&Contract],
        reach: Reach,
    ) -> Vec<(PathBuf, Orphan)> {
        // What could not be walked may hold the page.
        let walked = extraction.unreadable == 0 && extraction.pages > 0;
        let documented: BTreeSet<&ContractId> = contracts.iter().map(|contract| &contract.id).collect();
        store::orphans(&self.out, &documented, |page| match extraction.docs.whereabouts(page) {
            Whereabouts::Read => Some(Orphan::PairGone),
            Whereabouts::Gone if walked => Some(Orphan::PageGone),
            Whereabouts::FolderGone if walked && reach == Reach::Whole => Some(Orphan::FolderGone),
            Whereabouts::Gone | Whereabouts::FolderGone | Whereabouts::Unknown => None,
        })
    }

    fn count(
        &self,
        contracts: &[&Contract],
        changes: Vec<io::Result<Change>>,
        counts: &mut Counts,
        console: &mut Console<'_>,
    ) {
        for (contract, change) in contracts.iter().zip(changes) {
            let path = store::path_of(&self.out, &contract.id);
            match change {
                Ok(Change::Same) => counts.unchanged += 1,
                Ok(Change::New) => {
                    counts.new += 1;
                    self.tell("new", &path, console);
                }
                Ok(Change::Changed) => {
                    counts.changed += 1;
                    self.tell("changed", &path, console);
                }
                Err(error) => {
                    console.error(visible(&format!("{}: not written: {error}", path.display())));
                    counts.failed += 1;
                }
            }
        }
    }

    fn remove(
        &self,
        store: &Store,
        orphans: &[(PathBuf, Orphan)],
        counts: &mut Counts,
        console: &mut Console<'_>,
    ) {
        for (path, why) in orphans {
            let why = match why {
                Orphan::PairGone if self.annotated_only => "its page has no such pair with annotations",
                Orphan::PairGone => "its page has no such pair any more",
                Orphan::PageGone => "its page is gone",
                Orphan::FolderGone => "its page is gone, with its folder",
            };
            match store.remove(path) {
                Ok(()) => {
                    counts.removed += 1;
                    console.note(visible(&format!("removed {}: {why}", path.display())));
                }
                Err(error) => {
                    console.error(visible(&format!("{}: not removed: {error}", path.display())));
                    counts.failed += 1;
                }
            }
        }
    }

    fn tell(&self, what: &str, path: &Path, console: &mut Console<'_>) {
        if self.verbose {
            console.note(visible(&format!("{what} {}", path.display())));
        }
    }
}
