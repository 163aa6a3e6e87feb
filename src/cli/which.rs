//! `--only`, `--method`, `--path`, `--tag`, `--shard`: which contracts a verb is about.

use super::Console;
use crate::config::nearest;
use crate::contract::ContractId;
use crate::contract::select::{LetterCase, Pattern};
use crate::contract::selection::{Selection, Shard};
use crate::contract::url::DocumentedUrl;
use crate::replay::flow::Flow;
use crate::report::visible;
use crate::suite::Suite;
use clap::Args;
use std::collections::BTreeSet;

/// Which contracts.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Which")]
pub(super) struct Which {
    /// Only contracts of this id, or of this glob over ids; may be given several times
    #[arg(long, value_name = "ID", value_parser = counts)]
    only: Vec<Pattern>,
    /// Only contracts with this method
    #[arg(long, value_name = "METHOD", value_parser = says_nothing)]
    method: Vec<Pattern>,
    /// Only contracts whose documented path this glob matches: `/users/**`
    #[arg(long, value_name = "GLOB", value_parser = counts)]
    path: Vec<Pattern>,
    /// Only contracts that carry this tag
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// One part of all contracts: 2/5 is the second of five, which together are the whole
    #[arg(long, value_name = "PART/PARTS")]
    shard: Option<Shard>,
}

fn counts(glob: &str) -> Result<Pattern, String> {
    Pattern::read(glob, LetterCase::Counts).map_err(|error| error.to_string())
}

fn says_nothing(glob: &str) -> Result<Pattern, String> {
    Pattern::read(glob, LetterCase::SaysNothing).map_err(|error| error.to_string())
}

/// The contracts of a flow: they are run together, so they are in one shard.
fn together(flow: &Flow) -> (String, BTreeSet<ContractId>) {
    (flow.name.clone(), flow.contracts().cloned().collect())
}

/// What of a suite is left where something was given that nothing is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistyped {
    /// Nothing: a contract that somebody named and that did not run must not look like a pass.
    StopsAll,
    /// The others.
    IsPassedOver,
}

impl Which {
    /// Whether a part of all contracts is asked for: what is run together is in one.
    pub(super) fn is_a_part(&self) -> bool {
        self.shard.is_some()
    }

    /// Whether nothing was said, so that all are chosen.
    pub(super) fn is_open(&self) -> bool {
        let Which { only, method, path, tag, shard } = self;
        only.is_empty() && method.is_empty() && path.is_empty() && tag.is_empty() && shard.is_none()
    }

    /// What is chosen of a suite. What was given and matches nothing is told of, with what was meant.
    pub(super) fn choose(
        &self,
        suite: Suite,
        failed: Option<BTreeSet<ContractId>>,
        flows: &[Flow],
        mistyped: Mistyped,
        console: &mut Console<'_>,
    ) -> Suite {
        let unmatched = self.unmatched(&suite);
        for text in &unmatched {
            match mistyped {
                Mistyped::StopsAll => console.error(visible(text)),
                Mistyped::IsPassedOver => console.note(format_args!("warning: {}", visible(text))),
            }
        }
        let selection = Selection {
            only: self.only.clone(),
            methods: self.method.clone(),
            paths: self.path.clone(),
            tags: self.tag.clone(),
            failed,
            shard: self.shard,
            together: flows.iter().map(together).collect(),
        };
        let (all, mended) = (suite.len(), selection.failed.as_ref().is_some_and(BTreeSet::is_empty));
        let suite = if unmatched.is_empty() || mistyped == Mistyped::IsPassedOver {
            suite.select(&selection)
        } else {
            suite.select_none()
        };
        if suite.is_empty() && all > 0 && unmatched.is_empty() {
            let contracts = if all == 1 { "contract" } else { "contracts" };
            console.note(if mended {
                "--last-failed: nothing failed last time; run without it".to_owned()
            } else {
                format!("none of {all} {contracts} is selected; `faithful list` prints them all")
            });
        }
        suite
    }

    /// What was given and is of no contract at all, whatever else was given.
    fn unmatched(&self, suite: &Suite) -> Vec<String> {
        if suite.is_empty() {
            return Vec::new();
        }
        let mut texts = Vec::new();
        let mut check = |flag: &str, given: &Pattern, known: BTreeSet<&str>, list: &str| {
            if !known.iter().any(|known| given.matches(known)) {
                let meant = nearest(&given.to_string(), known.into_iter());
                let hint = meant.map_or_else(|| list.to_owned(), |meant| format!("did you mean {meant}?"));
                texts.push(format!("{flag} {given} matches no contract; {hint}"));
            }
        };
        for given in &self.only {
            check("--only", given, suite.ids().collect(), "`faithful list` prints all ids");
        }
        // What cannot be read may have any method, path and tag.
        if suite.broken().is_empty() {
            let requests = || suite.contracts().map(|contract| &contract.request);
            for given in &self.method {
                let methods = requests().map(|request| request.method.as_str()).collect();
                check("--method", given, methods, "`faithful list` prints them");
            }
            for given in &self.path {
                let paths = requests().map(|request| DocumentedUrl::new(&request.url).path).collect();
                check("--path", given, paths, "`faithful list` prints them");
            }
            for given in &self.tag {
                let tags: BTreeSet<&str> =
                    requests().flat_map(|request| request.tags.iter().map(String::as_str)).collect();
                if !tags.iter().any(|tag| tag.eq_ignore_ascii_case(given)) {
                    let hint = match nearest(given, tags.iter().copied()) {
                        Some(meant) => format!("did you mean {meant}?"),
                        None if tags.is_empty() => "none carries a tag".to_owned(),
                        None => format!("there are {}", tags.into_iter().collect::<Vec<_>>().join(", ")),
                    };
                    texts.push(format!("--tag {given} is carried by no contract; {hint}"));
                }
            }
        }
        texts
    }
}
