//! What failed last, for `--last-failed`: a small file in the cache folder of the user, one for each place and target.

use crate::contract::ContractId;
use crate::contract::store;
use crate::verdict::{Outcome, Report, SkipReason};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Remembers what failed of the same contracts against the same target.
pub(super) struct Memory {
    file: Option<PathBuf>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Remembered {
    faithful: u32,
    failed: BTreeSet<String>,
}

/// Whether a run was of all contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    All,
    Some,
}

impl Memory {
    /// Of runs of these paths, in this folder, against this target. None of them can be read off the file's name.
    pub(super) fn of(
        environment: &dyn Fn(&str) -> Option<String>,
        here: &Path,
        paths: &[PathBuf],
        target: &str,
    ) -> Memory {
        let set = |name: &str| environment(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = || {
            set("HOME")
                .map(|home| home.join(if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" }))
        };
        let folder = set("XDG_CACHE_HOME").or_else(home).or_else(|| set("LOCALAPPDATA"));
        let mut hash = Sha256::new();
        let usual = [PathBuf::from(crate::suite::DEFAULT_FOLDER)];
        for path in if paths.is_empty() { &usual } else { paths } {
            let path = here.join(path);
            let path = path.canonicalize().unwrap_or(path);
            hash.update(path.as_os_str().as_encoded_bytes());
            hash.update([0]);
        }
        hash.update(target);
        let name = hash.finalize().iter().take(12).fold(String::new(), |mut name, octet| {
            let _ = write!(name, "{octet:02x}");
            name
        });
        Memory { file: folder.map(|folder| folder.join("faithful").join(format!("{name}.json"))) }
    }

    /// What failed, or could not be judged, and did not pass since. Where nothing is remembered there is nothing to
    /// choose by: to run all instead would look like an answer to what was asked.
    pub(super) fn failed(&self) -> Result<BTreeSet<ContractId>, String> {
        let remembered = self.read().ok_or(
            "--last-failed: no failure of these contracts against this target is remembered here; run without it",
        )?;
        Ok(remembered.failed.into_iter().map(ContractId::new).collect())
    }

    /// Keeps what failed. Of what was not run the last that is known counts, unless all were run.
    pub(super) fn remember(&self, report: &Report, scope: Scope) -> io::Result<()> {
        let (before, Some(file)) = (self.read(), &self.file) else { return Ok(()) };
        let known = before.is_some();
        let mut failed = before.unwrap_or_default().failed;
        if scope == Scope::All {
            let all: BTreeSet<&str> = report.verdicts.iter().map(|verdict| verdict.id.as_str()).collect();
            failed.retain(|id| all.contains(id.as_str()));
        }
        for verdict in &report.verdicts {
            let id = verdict.id.as_str();
            match verdict.outcome {
                Outcome::Failed | Outcome::Errored(..) => {
                    failed.insert(id.to_owned());
                }
                Outcome::Passed | Outcome::Skipped(SkipReason::Known, _) => {
                    failed.remove(id);
                }
                // It was not run: nothing is new.
                Outcome::Skipped(..) => {}
            }
        }
        if failed.is_empty() && !known {
            return Ok(());
        }
        match (write(file, &Remembered { faithful: 1, failed }), known) {
            // Where there is no file nothing old is taken for new; only one that is out of date misleads.
            (Err(_), false) => Ok(()),
            (written, _) => written,
        }
    }

    fn read(&self) -> Option<Remembered> {
        let text = fs::read(self.file.as_ref()?).ok()?;
        serde_json::from_slice(&text).ok()
    }
}

fn write(file: &Path, remembered: &Remembered) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let text = serde_json::to_vec_pretty(remembered)?;
    store::write_whole(file, |out| out.write_all(&text))
}
