//! `faithful verify`: replays contracts against a target or the embedded stub, and judges the answers.

mod access;
mod aim;
mod bar;
mod care;
mod descriptors;
mod ending;
mod hidden;
mod memory;
mod place;
mod prepared;
mod reports;
mod signals;
mod suspects;

use super::given::{self, ENVIRONMENT, Given};
use super::help::named;
use super::judging::{Promised, Weights};
use super::missing::of_pages;
use super::shadowed::shadowed;
use super::useless::{About, meant, useless};
use super::values::{origin, size};
use super::which::{Mistyped, Which};
use super::{Console, Exit, Shell, here};
use crate::config::{Config, FILE};
use crate::replay::gate::{ForeignHosts, Gates, Mutations};
use crate::replay::made_up::Source;
use crate::report::{missing, visible, warnings};
use crate::secret;
use crate::suite::Suite;
use crate::verdict::{Day, Report, Rule};
use crate::verify::{Exchanges, Verifier, VerifyError, docs_origin};
use access::{AccessFlags, Around};
use aim::{Aims, is_name, known_target, named_target, namesake};
use bar::{Watched, bar};
use care::Care;
use clap::Args;
use hidden::credentials;
use memory::{Memory, Scope};
use prepared::Told;
pub(super) use prepared::{Prepared, mean};
use reports::{Actions, Reports};
use signals::{Signal, Signals};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};
use suspects::{suspects_credentials, suspects_prefix};
use tokio::task::JoinError;

/// Replay contracts against a service or the embedded stub, and judge the answers
#[derive(Debug, Args)]
#[command(after_long_help = named("Rules of mismatches, for --deny and --allow", Rule::ALL.map(Rule::name)))]
#[expect(clippy::struct_excessive_bools, reason = "a flag each")]
pub(super) struct Verify {
    /// Contract files, folders or globs; or docs, which are read in memory [default: contracts/]
    #[arg(value_name = "CONTRACTS|DOCS")]
    paths: Vec<PathBuf>,
    /// The service to verify: a URL, or a name of faithful.toml; without it, the embedded stub answers
    #[arg(long, value_name = "URL", env = "FAITHFUL_TARGET", hide_env_values = true, help_heading = "Where")]
    target: Option<String>,
    /// Take this off the documented paths first
    #[arg(long, value_name = "PATH", help_heading = "Where")]
    strip_prefix: Option<String>,
    /// Where contracts of another documented origin are sent
    #[arg(long, value_name = "ORIGIN=URL", value_parser = origin, help_heading = "Where")]
    map: Vec<(String, String)>,
    #[command(flatten)]
    given: Given,
    /// Where the pages are, to show the lines that document a mismatch
    #[arg(long, value_name = "DIR", help_heading = "Values")]
    docs: Option<PathBuf>,
    #[command(flatten)]
    which: Which,
    /// Only contracts that failed or could not be judged last, of these paths and against this target
    #[arg(long, help_heading = "Which")]
    last_failed: bool,
    #[command(flatten)]
    promised: Promised,
    #[command(flatten)]
    weights: Weights,
    /// Send requests that change the target's state to targets other than this machine
    #[arg(long, help_heading = "Safety")]
    allow_mutations: bool,
    /// Send requests that name hosts which the target may dial
    #[arg(long, help_heading = "Safety")]
    allow_foreign_hosts: bool,
    /// The largest answer that is read
    #[arg(long, value_name = "SIZE", default_value = "16MiB", value_parser = size, help_heading = "Safety")]
    max_body: usize,
    #[command(flatten)]
    access: AccessFlags,
    #[command(flatten)]
    care: Care,
    #[command(flatten)]
    reports: Reports,
    /// It is no failure that nothing was compared
    #[arg(long, help_heading = "Reports")]
    allow_empty: bool,
}

impl Verify {
    pub(super) fn run(self, shell: &mut Shell<'_, '_>) -> Exit {
        let Prepared { config, verifier, suite, warnings, memory, here } = match self.prepared(shell) {
            Ok(prepared) => prepared,
            Err(exit) => return exit,
        };
        let console = &mut *shell.console;
        if let (Some(target), Some(origin)) = (verifier.target_url(), docs_origin(&suite))
            && !self.reports.quiet
        {
            console.note(format_args!("the docs' origin is {}, sent to {target}", visible(&origin)));
        }
        let name = self.target().filter(|target| is_name(target, &config));
        let login = self.access.login(name.and_then(|name| Some((name, config.target.get(name)?))));
        let meant = meant(&config.known, &suite);
        let told = Told { warnings: warnings.len(), login, meant };
        let actions = Actions::of(shell.environment, &here, &config.way.join(FILE));
        self.verify(verifier, suite, told, &memory, &actions, console)
    }

    /// What is verified and how, with everything told that can be before anything is sent.
    pub(super) fn prepared(&self, shell: &mut Shell<'_, '_>) -> Result<Prepared, Exit> {
        let usage = |error: String, console: &mut Console<'_>| {
            console.error(visible(&error));
            Exit::Usage
        };
        let (config, verifier, warnings) =
            self.verifier(shell).map_err(|error| usage(error, shell.console))?;
        if let Some(namesake) = self.namesake(&config).filter(|_| !self.reports.quiet) {
            shell.console.note(visible(&namesake));
        }
        let mut warnings = warnings;
        for warning in &warnings {
            warn(warning, shell.console);
        }
        let suite = super::suite(&self.paths, shell.console)?;
        // Where there is nothing, everything is of no use: that there is nothing is all there is to say.
        if !suite.is_empty() {
            let flows = given::check_flows(&config.flows, &suite);
            let flows = flows.map_err(|error| usage(error, shell.console))?;
            let aims = Aims { map: &self.map, strip_prefix: verifier.prefix() };
            let all = self.which.is_open() && !self.last_failed;
            let about = if all { About::Everything } else { About::Some };
            let useless =
                useless(&self.given, &config, &suite, about).into_iter().chain(aims.useless(&suite));
            // Against the embedded stub there are no flows, and what is given counts.
            let read = if suite.is_whole() { About::Everything } else { About::Some };
            let given = || self.given.names((shell.all_of)(ENVIRONMENT), &config, read);
            let shadowed = verifier.target_url().map(|_| shadowed(&given(), &config, &suite));
            let useless = useless.chain(shadowed.into_iter().flatten());
            for warning in flows.into_iter().chain(useless) {
                warn(&warning, shell.console);
                warnings.push(warning);
            }
        }
        let here = here::folder();
        let memory =
            Memory::of(shell.environment, &here, &self.paths, verifier.target_url().unwrap_or("stub"));
        let failed = self.last_failed.then(|| memory.failed()).transpose();
        let failed = failed.map_err(|error| usage(error, shell.console))?;
        let mistyped = if self.allow_empty { Mistyped::IsPassedOver } else { Mistyped::StopsAll };
        // The embedded stub needs no flow: there every contract is run by itself. Shards are the same all the same.
        let flows = if verifier.target_url().is_some() || self.which.is_a_part() {
            config.flows.as_slice()
        } else {
            &[]
        };
        let suite = self.which.choose(suite, failed, flows, mistyped, shell.console);
        let verifier = verifier.warned(warnings.iter().cloned());
        Ok(Prepared { config, verifier, suite, warnings, memory, here })
    }

    pub(super) fn reports(&self) -> &Reports {
        &self.reports
    }

    pub(super) fn weights(&self) -> &Weights {
        &self.weights
    }

    pub(super) fn jobs(&self) -> usize {
        self.care.jobs
    }

    pub(super) fn allows_nothing(&self) -> bool {
        self.allow_empty
    }

    fn target(&self) -> Option<&str> {
        self.target.as_deref().map(str::trim).filter(|target| !target.is_empty())
    }

    /// What the file says of the target by a name that was not given.
    fn namesake(&self, config: &Config) -> Option<String> {
        let url = self.target().filter(|target| !is_name(target, config) && !self.access.untrusted)?;
        namesake(url, config, &|setting| match setting {
            "strip_prefix" => self.strip_prefix.is_some(),
            "map" => !self.map.is_empty(),
            "mutating" => self.allow_mutations,
            other => self.access.says(other),
        })
    }

    /// What flags, environment and faithful.toml say together; everything that can be wrong before something is sent.
    fn verifier(&self, shell: &Shell<'_, '_>) -> Result<(Config, Verifier, Vec<String>), String> {
        self.reports.check()?;
        let environment = shell.environment;
        // A stranger's file asks for no variable of ours.
        let (config, read) = if self.access.untrusted {
            (here::untrusted_config()?, here::Read::new())
        } else {
            here::config_and_read(environment)?
        };
        let mut aimed = None;
        let mut mutations = if self.allow_mutations { Mutations::Allow } else { Mutations::HoldBack };
        let mut verifier = match self.target() {
            Some(name) if !name.contains("://") && self.access.untrusted => {
                return Err(format!("--untrusted ignores the targets of {FILE}: give the URL of {name}"));
            }
            Some(name) if is_name(name, &config) => {
                let target = known_target(name, &config)?;
                if target.mutating {
                    mutations = Mutations::Allow;
                }
                aimed = Some((name, target));
                named_target(name, target)?
            }
            // A target's text is not repeated: it may hold a password.
            Some(url) => {
                Verifier::target(url).map_err(|error| format!("the target cannot be used: {error}"))?
            }
            None if self.map.is_empty() => Verifier::stub(),
            None => return Err("--map says where other origins live: give --target URL as well".into()),
        };
        for (origin, url) in &self.map {
            verifier = verifier.map(origin, url).map_err(|error| format!("--map {origin}: {error}"))?;
        }
        let production = config.target.values().filter(|target| target.production);
        if production.into_iter().any(|target| verifier.may_send_to(&target.url)) {
            mutations = Mutations::Never;
        }
        let source = if self.reports.deterministic { Source::FIXED } else { shell.source };
        let given = (shell.all_of)(ENVIRONMENT);
        verifier = credentials(verifier, &config, &read, (ENVIRONMENT, given));
        verifier = verifier.variables(self.given.variables(&config, shell.all_of, &source)?);
        verifier = verifier.flows(config.flows.clone());
        if let Some(prefix) = &self.strip_prefix {
            verifier = verifier.strip_prefix(prefix);
        }
        match &self.docs {
            Some(docs) if !docs.exists() => {
                return Err(of_pages("--docs", docs));
            }
            Some(docs) => verifier = verifier.docs(docs),
            None => verifier = config.docs_path().into_iter().fold(verifier, Verifier::docs),
        }
        for skip in &config.skip {
            verifier = verifier.skip(skip.these.clone(), &skip.reason);
        }
        verifier = self.weights.weigh(verifier.rules(self.promised.by_hand.rules(&config)?))?;
        if let Some(profile) = self.promised.profile {
            verifier = verifier.profile(profile);
        }
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            let proxy = environment(name).unwrap_or_default();
            for password in secret::url_passwords(&proxy) {
                verifier = verifier.secret(name, proxy.get(password).unwrap_or_default());
            }
        }
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        verifier = verifier.known(config.known.clone(), Day::of_unix(now.as_secs()));
        if self.reports.verbose {
            verifier = verifier.exchanges(Exchanges::Kept);
        }
        let foreign_hosts =
            if self.allow_foreign_hosts { ForeignHosts::Allow } else { ForeignHosts::HoldBack };
        let gates = Gates { mutations, foreign_hosts };
        let limits = self.care.limits(self.max_body);
        let around = Around { config: &config, named: aimed, environment, limits: &limits };
        let (verifier, warnings) = self.access.grant(verifier, &around)?;
        let verifier = self.care.heed(verifier.gates(gates).limits(limits));
        Ok((config, verifier, warnings))
    }

    fn verify(
        &self,
        verifier: Verifier,
        suite: Suite,
        told: Told,
        memory: &Memory,
        actions: &Actions,
        console: &mut Console<'_>,
    ) -> Exit {
        let scope = if suite.unselected() == 0 { Scope::All } else { Scope::Some };
        let unreadable = suite.unreadable();
        if let Err(error) = descriptors::spare() {
            console.error(format_args!(
                "cannot start: {error}; let it open {} files or more at a time, as with `ulimit -n 256`",
                descriptors::NEEDED
            ));
            return Exit::Unjudged;
        }
        let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                console.error(format_args!("cannot start: {error}"));
                return Exit::Unjudged;
            }
        };
        let bar = bar(if self.reports.quiet { Watched::No } else { Watched::Yes });
        let moving = bar.clone();
        let verifier = verifier.watch(move |done, all| {
            moving.set_length(all as u64);
            moving.set_position(done as u64);
        });
        let signals = {
            let _inside = runtime.enter();
            Signals::listen()
        };
        // On a worker, where its contracts are verified: from this thread each would be given away, and taken back, by a
        // call to the kernel.
        let first = signals.first();
        let run = runtime.spawn(async move { verifier.verify_until(suite, first).await });
        let ended = match runtime.block_on(run).map_err(JoinError::try_into_panic) {
            Ok(ended) => ended,
            Err(Ok(panic)) => std::panic::resume_unwind(panic),
            Err(Err(error)) => {
                console.error(format_args!("the run was called off: {error}"));
                return Exit::Unjudged;
            }
        };
        bar.finish_and_clear();
        let exit = self.end(ended, &signals, (unreadable, told), (memory, scope), actions, console);
        // A look-up that hangs must not hold the process.
        runtime.shutdown_timeout(Duration::from_millis(200));
        exit
    }

    /// Tells and reports what came of a run.
    fn end(
        &self,
        ended: Result<(Report, Option<Signal>), VerifyError>,
        signals: &Signals,
        (unreadable, told): (usize, Told),
        (memory, scope): (&Memory, Scope),
        actions: &Actions,
        console: &mut Console<'_>,
    ) -> Exit {
        match ended {
            Ok((mut report, interrupted)) => {
                if suspects_credentials(&report) {
                    report.warnings.push(format!(
                        "auth.suspect: contract after contract was answered 401 or 403: are the credentials right? {}",
                        told.login
                    ));
                }
                mean(&told.meant, &mut report.known);
                report.warnings.extend(suspects_prefix(&report));
                if let Err(error) = memory.remember(&report, scope) {
                    report.warnings.push(format!("--last-failed will not know of this run: {error}"));
                }
                warnings(&report).iter().skip(told.warnings).for_each(|warning| warn(warning, console));
                let written = self.reports.write(&report, console);
                signals.show();
                let shown = self.reports.show(&report, actions, console);
                let lacking = if self.reports.quiet { &[] } else { report.missing.as_slice() };
                for line in missing(lacking) {
                    console.note(line);
                }
                let complaints = self.weights.complaints(&report);
                for complaint in &complaints {
                    console.error(complaint);
                }
                let ended = self.exit(&report, interrupted, unreadable, written.and(shown));
                if complaints.is_empty() { ended } else { ended.min(Exit::Mismatch) }
            }
            Err(error) => {
                console.error(&error);
                match error {
                    VerifyError::Client(_) => Exit::Usage,
                    VerifyError::Stub(_) => Exit::Unjudged,
                }
            }
        }
    }
}

fn warn(warning: &str, console: &mut Console<'_>) {
    console.note(format_args!("warning: {}", visible(warning)));
}
