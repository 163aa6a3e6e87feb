//! `faithful verify`: replays contracts against a target or the embedded stub, and judges the answers.

mod ending;

use super::inputs::{self, Inputs};
use super::locate::Locator;
use super::values::{duration, pair, size};
use super::{Console, Exit};
use crate::contract::Contract;
use crate::contract::store::Broken;
use crate::json::Budget;
use crate::mock::stub::Stub;
use crate::replay::gate::{ForeignHosts, Gates, Mutations};
use crate::replay::target::{Target, TargetUrl, most_common_origin, normal_origin};
use crate::replay::variables::Variables;
use crate::replay::{Authorities, Client, Limits};
use crate::report::{redact, visible};
use crate::verdict::{Outcome, Profile, Report, Verdict};
use crate::verify::{Run, Verification};
use clap::{Args, ValueEnum};
use ending::check_writable;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Replay contracts against a service or the embedded stub, and judge the answers
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "a flag each")]
pub(super) struct Verify {
    /// Contract files, folders or globs; or docs, which are read in memory [default: contracts/]
    #[arg(value_name = "CONTRACTS|DOCS")]
    paths: Vec<PathBuf>,
    /// The service to verify; without it, the embedded stub answers
    #[arg(long, value_name = "URL", env = "FAITHFUL_TARGET", hide_env_values = true, help_heading = "Where")]
    target: Option<String>,
    /// Take this off the documented paths first
    #[arg(long, value_name = "PATH", help_heading = "Where")]
    strip_prefix: Option<String>,
    /// Where contracts of another documented origin are sent
    #[arg(long, value_name = "ORIGIN=URL", value_parser = pair, help_heading = "Where")]
    map: Vec<(String, String)>,
    /// Check the service's certificate against the authorities in this PEM file
    #[arg(long, value_name = "FILE", help_heading = "Where")]
    ca_cert: Option<PathBuf>,
    /// A value for a placeholder; SEGMENT.NAME for one behind that segment of a path
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, help_heading = "Values")]
    variable: Vec<(String, String)>,
    /// Where the pages are, to show the lines that document a mismatch
    #[arg(long, value_name = "DIR", help_heading = "Values")]
    docs: Option<PathBuf>,
    /// Send requests that change the target's state to targets other than this machine
    #[arg(long, help_heading = "Safety")]
    allow_mutations: bool,
    /// Send requests that name hosts which the target may dial
    #[arg(long, help_heading = "Safety")]
    allow_foreign_hosts: bool,
    /// The largest answer that is read
    #[arg(long, value_name = "SIZE", default_value = "16MiB", value_parser = size, help_heading = "Safety")]
    max_body: usize,
    /// Requests under way at a time
    #[arg(short, long, value_name = "N", default_value = "8", help_heading = "Speed")]
    jobs: usize,
    /// Until a connection stands
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration, help_heading = "Speed")]
    connect_timeout: Duration,
    /// From the first look-up to the last byte of an answer
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration, help_heading = "Speed")]
    max_time: Duration,
    /// How often a request is sent again that cannot have acted
    #[arg(long, value_name = "N", default_value = "2", help_heading = "Speed")]
    retry: u32,
    /// Write the report for machines to a file (-: to stdout)
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    report_json: Option<PathBuf>,
    /// Leave times out of reports
    #[arg(long, help_heading = "Reports")]
    deterministic: bool,
    /// How the result is shown
    #[arg(long, value_name = "FORMAT", default_value = "pretty", help_heading = "Reports")]
    format: Shown,
    /// Whether the result is coloured
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Reports")]
    color: When,
    /// It is no failure that nothing was compared
    #[arg(long, help_heading = "Reports")]
    allow_empty: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shown {
    /// Each mismatch under the line that documents it
    Pretty,
    /// A line each
    Short,
    /// The report for machines
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    Always,
    Never,
}

impl Verify {
    pub(super) fn run(self, console: &mut Console<'_>) -> Exit {
        match self.prepare(console) {
            Ok(prepared) => self.verify(prepared, console),
            Err(error) => {
                console.error(visible(&error));
                Exit::Usage
            }
        }
    }

    /// Everything that can be wrong before something is sent.
    fn prepare(&self, console: &mut Console<'_>) -> Result<Prepared, String> {
        let target = self.target.as_deref().map(str::trim).filter(|target| !target.is_empty());
        let target = target.map(target_url).transpose()?;
        let mut map = BTreeMap::new();
        for (origin, url) in &self.map {
            map.insert(
                normal_origin(origin),
                target_url(url).map_err(|error| format!("--map {origin}: {error}"))?,
            );
        }
        if target.is_none() && !map.is_empty() {
            return Err("--map says where origins live: give --target URL as well".into());
        }
        if let Some(docs) = self.docs.as_ref().filter(|docs| !docs.exists()) {
            return Err(format!("--docs {}: no such file or folder", docs.display()));
        }
        if let Some(file) = self.report_file() {
            check_writable(file)?;
        }
        let authorities = match &self.ca_cert {
            None => None,
            Some(file) => {
                let read = fs::read(file).map_err(|error| format!("--ca-cert {}: {error}", file.display()));
                Some(Authorities { file: file.display().to_string(), pem: read? })
            }
        };
        let inputs = inputs::read(&self.paths)?;
        for note in &inputs.notes {
            console.note(visible(note));
        }
        let mut place = Place::Stub;
        if let Some(url) = target {
            let urls = inputs.contracts.iter().map(|(contract, _)| contract.request.url.as_str());
            let docs_origin = most_common_origin(urls);
            if let Some(origin) = &docs_origin {
                console.note(format_args!(
                    "the docs' origin is {}, sent to {}",
                    visible(origin),
                    url.as_str()
                ));
            }
            let strip_prefix = self.strip_prefix.clone();
            let target = Target { url, strip_prefix, map, docs_origin, takes_all: false };
            let bases: Vec<&TargetUrl> = std::iter::once(&target.url).chain(target.map.values()).collect();
            let client =
                Client::new(bases, self.limits(), authorities.as_ref()).map_err(|error| error.to_string())?;
            place = Place::Service(Box::new((target, client)));
        }
        Ok(Prepared { inputs, place })
    }

    fn limits(&self) -> Limits {
        let limits = Limits::default();
        Limits {
            connect_timeout: self.connect_timeout,
            max_time: self.max_time,
            total_time: limits.total_time.max(self.max_time),
            max_body: self.max_body,
            retries: self.retry,
        }
    }

    fn report_file(&self) -> Option<&Path> {
        self.report_json.as_deref().filter(|file| *file != Path::new("-"))
    }

    fn verify(&self, prepared: Prepared, console: &mut Console<'_>) -> Exit {
        let Prepared { inputs, place } = prepared;
        let Inputs { contracts, broken, findings, unreadable, .. } = inputs;
        for finding in findings.iter().filter(|finding| finding.code.is_unread_page()) {
            console.note(format_args!("{}; {}", visible(&finding.to_string()), finding.code.remedy()));
        }
        let locator = Locator::new(&contracts, self.docs.as_deref());
        let contracts: Vec<Contract> = contracts.into_iter().map(|(contract, _)| contract).collect();
        let (target, profile) = match &place {
            Place::Stub => ("stub".to_owned(), Profile::Golden),
            Place::Service(service) => (service.0.url.as_str().to_owned(), Profile::Service),
        };
        let run = match self.exchange(place, profile, contracts) {
            Ok(run) => run,
            Err(error) => {
                console.error(error);
                return Exit::Unjudged;
            }
        };
        let mut verdicts = run.verdicts;
        for verdict in &mut verdicts {
            locator.locate(verdict);
        }
        verdicts.extend(broken.into_iter().map(broken_verdict));
        verdicts.sort_by(|one, two| one.id.cmp(&two.id));
        let mut report = Report {
            target,
            profile,
            interrupted: run.interrupted.is_some(),
            verdicts,
            unselected: 0,
            findings: findings.len(),
            notes: Vec::new(),
        };
        redact(&mut report);
        let written = self.write(&report, console);
        self.exit(&report, run.interrupted, unreadable, written)
    }

    fn exchange(
        &self,
        place: Place,
        profile: Profile,
        contracts: Vec<Contract>,
    ) -> Result<Run<Signal>, String> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("cannot start: {error}"))?;
        let given: BTreeMap<String, String> = self.variable.iter().cloned().collect();
        let gates = Gates {
            mutations: if self.allow_mutations { Mutations::Allow } else { Mutations::HoldBack },
            foreign_hosts: if self.allow_foreign_hosts {
                ForeignHosts::Allow
            } else {
                ForeignHosts::HoldBack
            },
        };
        let run = runtime.block_on(async {
            let (target, client, variables, _stub) = match place {
                Place::Service(service) => (service.0, service.1, Variables::Given(given), None),
                Place::Stub => {
                    let started = Stub::start(contracts.iter().cloned()).await;
                    let stub = started.map_err(|error| format!("the embedded stub cannot start: {error}"))?;
                    let url = TargetUrl::parse(&stub.url()).map_err(|error| error.to_string())?;
                    let client =
                        Client::new([&url], self.limits(), None).map_err(|error| error.to_string())?;
                    (Target::of_all(url), client, Variables::MadeUp(given), Some(stub))
                }
            };
            let budget = Budget::default();
            let verification =
                Verification { target, profile, variables, gates, client, budget, jobs: self.jobs };
            Ok(verification.run(contracts, interrupt()).await)
        });
        // A look-up that hangs must not hold the process.
        runtime.shutdown_timeout(Duration::from_millis(200));
        run
    }
}

struct Prepared {
    inputs: Inputs,
    place: Place,
}

/// Where the requests go.
enum Place {
    Stub,
    Service(Box<(Target, Client)>),
}

/// What ended a run early.
#[derive(Debug, Clone, Copy)]
pub(super) enum Signal {
    Interrupt,
    Terminate,
}

/// Completes when the run shall end early.
async fn interrupt() -> Signal {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            return tokio::select! {
                _ = terminate.recv() => Signal::Terminate,
                _ = tokio::signal::ctrl_c() => Signal::Interrupt,
            };
        }
    }
    // Without a handler there is nothing to wait for, and the run goes on.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    Signal::Interrupt
}

fn target_url(text: &str) -> Result<TargetUrl, String> {
    // The text is not repeated: it may hold a password.
    TargetUrl::parse(text).map_err(|error| format!("the target cannot be used: {error}"))
}

fn broken_verdict(broken: Broken) -> Verdict {
    let message = format!("{}: {}", broken.location, broken.message);
    let outcome = Outcome::Errored(broken.trouble, message);
    Verdict { source: Some(broken.location), ..Verdict::unsent(broken.id, outcome) }
}
