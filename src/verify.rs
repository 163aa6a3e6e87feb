//! Verifies contracts against a service, against the embedded stub, or against what a caller answers itself.

mod access;
mod care;
mod equal;
mod exchange;
mod flow;
mod flows;
mod given;
mod held;
mod in_process;
mod known;
mod lacking;
mod learn;
mod lines;
mod locate;
mod planning;
mod polled;
mod refused;
mod remark;
mod run;
mod step;
mod strictness;
mod suggest;
mod supply;
mod telling;
mod unmatched;
mod watching;
mod wire;
mod work;

use crate::contract::Contract;
use crate::contract::select::Selector;
use crate::json::Budget;
use crate::judge::Judgement;
use crate::judge::rules::Rules;
use crate::mock::stub::Stub;
use crate::replay::auth::{Credentials, Documented};
use crate::replay::flow::Flow;
use crate::replay::gate::{ForeignHosts, Gates, Mutations};
use crate::replay::target::{Target, TargetError, TargetUrl, most_common_origin, normal_origin};
use crate::replay::variables::{Unknown, Variables};
use crate::replay::{Access, Certificates, Client, ClientError, Limits};
use crate::report::redact;
use crate::secret::Secrets;
use crate::suite::Suite;
use crate::verdict::{Caveat, Outcome, Profile, Report, Rule, Verdict};
use care::Care;
use known::{Answers, Known};
use locate::Locator;
use run::{Run, Verification};
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use strictness::Strictness;
use unmatched::Concerned;
use watching::Watcher;
use wire::Wire;

pub use in_process::Prepared;
pub use locate::documented;
pub use planning::{FlowPlan, HeldBack, MissingPlan, Planning, RequestPlan, SupplierPlan};
pub use strictness::Deny;
pub use watching::Exchanges;

/// Verifies contracts. By default against the embedded stub, with every safeguard on.
///
/// ```
/// use faithful::{Suite, Verifier};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let report = Verifier::stub().verify(Suite::load(["contracts"])?).await?;
/// report.assert_passed();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Verifier {
    place: Place,
    profile: Option<Profile>,
    strip_prefix: Option<String>,
    map: BTreeMap<String, TargetUrl>,
    variables: Variables,
    gates: Gates,
    limits: Limits,
    access: Access,
    credentials: Credentials,
    documented: Documented,
    trusted: Vec<TargetUrl>,
    care: Care,
    jobs: usize,
    docs: Option<PathBuf>,
    rules: Rules,
    skip: Vec<(Selector, String)>,
    strictness: Strictness,
    secrets: Secrets,
    known: Known,
    exchanges: Exchanges,
    watcher: Option<Watcher>,
    flows: Vec<Flow>,
    warnings: Vec<String>,
}

#[derive(Debug, Clone)]
enum Place {
    Stub,
    Service(TargetUrl),
}

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The client cannot be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The embedded stub cannot listen.
    #[error("the embedded stub cannot start: {0}")]
    Stub(io::Error),
}

impl Verifier {
    /// Against the embedded stub, which answers what the contracts document: shows that contracts, replay and judge
    /// agree. Placeholders without a value get one.
    pub fn stub() -> Verifier {
        Verifier::at(Place::Stub)
    }

    /// Against a service at this base URL.
    ///
    /// ```
    /// use faithful::Verifier;
    ///
    /// let verifier = Verifier::target("http://127.0.0.1:8080/api")?.variable("callId", "7").strip_prefix("/v1.0");
    /// assert!(Verifier::target("http://ann:secret@127.0.0.1").is_err(), "no credentials in a URL");
    /// # Ok::<(), faithful::replay::target::TargetError>(())
    /// ```
    pub fn target(url: &str) -> Result<Verifier, TargetError> {
        TargetUrl::parse(url).map(|url| Verifier::at(Place::Service(url)))
    }

    /// Against the service that the environment variable `FAITHFUL_TARGET` names, or against the embedded stub where
    /// it is unset or empty.
    pub fn from_env() -> Result<Verifier, TargetError> {
        match std::env::var("FAITHFUL_TARGET") {
            Ok(url) if !url.trim().is_empty() => Verifier::target(&url),
            _ => Ok(Verifier::stub()),
        }
    }

    fn at(place: Place) -> Verifier {
        Verifier {
            place,
            profile: None,
            strip_prefix: None,
            map: BTreeMap::new(),
            variables: Variables::default(),
            gates: Gates { mutations: Mutations::HoldBack, foreign_hosts: ForeignHosts::HoldBack },
            limits: Limits::default(),
            access: Access::default(),
            credentials: Credentials::default(),
            documented: Documented::default(),
            trusted: Vec::new(),
            care: Care::default(),
            jobs: 8,
            docs: None,
            rules: Rules::default(),
            skip: Vec::new(),
            strictness: Strictness::default(),
            secrets: Secrets::default(),
            known: Known::default(),
            exchanges: Exchanges::default(),
            watcher: None,
            flows: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Takes a prefix off documented paths before they are put behind the target's.
    #[must_use]
    pub fn strip_prefix(mut self, prefix: impl Into<String>) -> Verifier {
        self.strip_prefix = Some(prefix.into());
        self
    }

    /// Says where contracts of another documented origin are sent.
    pub fn map(mut self, origin: &str, url: &str) -> Result<Verifier, TargetError> {
        self.map.insert(normal_origin(origin), TargetUrl::parse(url)?);
        Ok(self)
    }

    /// How strictly answers are judged, instead of what fits the target.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Verifier {
        self.profile = Some(profile);
        self
    }

    /// Rules by hand, instead of those that were given before.
    #[must_use]
    pub fn rules(mut self, rules: Rules) -> Verifier {
        self.rules = rules;
        self
    }

    /// Mismatches that fail their contract, whatever the profile makes of them.
    #[must_use]
    pub fn deny(mut self, deny: Deny) -> Verifier {
        self.strictness.deny(deny);
        self
    }

    /// Mismatches that fail no contract: notes.
    #[must_use]
    pub fn allow(mut self, rule: Rule) -> Verifier {
        self.strictness.allow(rule);
        self
    }

    /// Where the pages are, so that a mismatch can point at their lines.
    #[must_use]
    pub fn docs(mut self, folder: impl Into<PathBuf>) -> Verifier {
        self.docs = Some(folder.into());
        self
    }

    /// What is taken off documented paths.
    pub fn prefix(&self) -> Option<&str> {
        self.strip_prefix.as_deref()
    }

    /// The service's base URL; none where the embedded stub answers.
    pub fn target_url(&self) -> Option<&str> {
        match &self.place {
            Place::Stub => None,
            Place::Service(url) => Some(url.as_str()),
        }
    }

    /// Verifies all contracts of a suite. What looks like a secret is masked in the report.
    pub async fn verify(&self, suite: Suite) -> Result<Report, VerifyError> {
        let verified = self.verify_until(suite, std::future::pending::<()>()).await?;
        Ok(verified.0)
    }

    /// Verifies one contract.
    pub async fn verify_one(&self, contract: Contract) -> Result<Report, VerifyError> {
        self.verify([contract].into_iter().collect()).await
    }

    /// Verifies until all contracts are done or `interrupt` completes; what it completed with, if it did.
    pub async fn verify_until<S>(
        &self,
        suite: Suite,
        interrupt: impl Future<Output = S>,
    ) -> Result<(Report, Option<S>), VerifyError> {
        let (findings, unselected) = (suite.findings_by_kind(), suite.unselected());
        let locator = Locator::new(&suite.members, self.docs.as_deref());
        let docs_origin = docs_origin(&suite);
        let ids = self.known.ids(&suite);
        let contracts: Vec<Arc<Contract>> = suite.members.into_iter().map(|(contract, _)| contract).collect();
        let bystanders = suite.bystanders;
        let profile = self.profile.unwrap_or(match self.place {
            Place::Stub => Profile::Golden,
            Place::Service(_) => Profile::Service,
        });
        let concerned = Concerned::by(&self.rules, profile, suite.extent, &contracts, &bystanders);
        let run = match &self.place {
            Place::Service(url) => {
                let target = self.target_at(url.clone(), docs_origin);
                let bases = std::iter::once(&target.url).chain(target.map.values());
                let access = Access { secrets: self.secrets.clone(), ..self.access.clone() };
                let client = Client::new(bases, self.limits.clone(), &access)?;
                let client = client.with_credentials(self.credentials.clone(), self.trusted_by(url));
                let client = client.taking_refusals(profile == Profile::Golden);
                let variables = self.variables.clone();
                self.run(
                    target,
                    profile,
                    Wire::Service(client),
                    variables,
                    (contracts, bystanders),
                    interrupt,
                )
                .await
            }
            Place::Stub => {
                let stub = Stub::unrecorded().await.map_err(VerifyError::Stub)?;
                let target = Target::of_all(
                    TargetUrl::parse(&stub.url())
                        .map_err(|error| VerifyError::Stub(io::Error::other(error)))?,
                );
                let client = Client::new([&target.url], self.limits.clone(), &Access::default())?;
                let variables = self.variables.clone().with_unknown(Unknown::IsMadeUp);
                self.run(
                    target,
                    profile,
                    Wire::Stub(client, stub),
                    variables,
                    (contracts, bystanders),
                    interrupt,
                )
                .await
            }
        };
        let mut verdicts = run.verdicts;
        for verdict in &mut verdicts {
            locator.locate(verdict);
        }
        verdicts.extend(suite.broken.into_iter().map(|broken| {
            let message = format!("{}: {}", broken.location, broken.message);
            let outcome = Outcome::Errored(broken.trouble, message);
            Verdict { source: Some(broken.location), ..Verdict::unsent(broken.id, outcome) }
        }));
        verdicts.sort_unstable_by(|one, two| one.id.cmp(&two.id));
        let (target, answers) = match &self.place {
            Place::Stub => ("stub".to_owned(), Answers::Stub),
            Place::Service(url) => (url.as_str().to_owned(), Answers::Service),
        };
        let interrupted = run.interrupted.is_some() || run.stopped;
        let insecure = self.access.certificates == Certificates::Unchecked;
        let caveats = insecure.then_some(Caveat::Insecure).into_iter().collect();
        let unmatched = concerned.unmatched(&self.rules, &verdicts);
        let known = self.known.notes(&ids, suite.extent, answers, &verdicts);
        let mut report = Report {
            target,
            profile,
            interrupted,
            verdicts,
            unselected,
            findings,
            unmatched,
            known,
            missing: lacking::lacking(run.missing),
            left_behind: run.left_behind,
            warnings: self.warnings.clone(),
            caveats,
        };
        redact(&mut report, &self.secrets);
        Ok((report, run.interrupted))
    }

    async fn run<S>(
        &self,
        target: Target,
        profile: Profile,
        wire: Wire,
        variables: Variables,
        (contracts, bystanders): (Vec<Arc<Contract>>, Vec<Arc<Contract>>),
        interrupt: impl Future<Output = S>,
    ) -> Run<S> {
        let verification = Verification {
            target,
            profile,
            variables,
            gates: self.gates,
            wire,
            budget: Budget::default(),
            jobs: self.jobs,
            rules: self.rules.clone(),
            skip: self.skip.clone(),
            strictness: self.strictness.clone(),
            secrets: self.secrets.clone(),
            known: self.known.clone(),
            exchanges: self.exchanges,
            watcher: self.watcher.clone(),
            flows: self.flows.clone(),
            care: self.care.clone(),
        };
        verification.run(contracts, bystanders, interrupt).await
    }
}

/// The origin that most contracts of a suite name, selected or not: the docs' own, which lives at the target.
pub fn docs_origin(suite: &Suite) -> Option<String> {
    most_common_origin(
        suite
            .contracts()
            .chain(suite.bystanders.iter().map(Arc::as_ref))
            .map(|contract| contract.request.url.as_str()),
    )
}

/// The verdict that a judgement gives.
fn judged(contract: &Contract, judgement: Judgement, strictness: &Strictness, known: &Known) -> Verdict {
    // A bug that can be had on purpose, and tells all that it knows.
    #[cfg(test)]
    assert_ne!(contract.id.as_str(), "panics", "{judgement:?}");
    let verdict = |outcome| Verdict::unsent(contract.id.clone(), outcome);
    match judgement {
        Judgement::Unjudgeable(trouble, text) => verdict(Outcome::Errored(trouble, text)),
        Judgement::Judged { mut mismatches, more, checked, unchecked, matched } => {
            strictness.weigh(&mut mismatches);
            known.mark(&contract.id, &mut mismatches);
            let outcome = known::outcome(&mismatches, more);
            Verdict { mismatches, more, checked, unchecked, matched, ..verdict(outcome) }
        }
    }
}
