//! What is sent by itself: a flow, or one request.

use super::equal::Equal;
use super::flows::{PlannedFlow, Terms};
use crate::contract::{Contract, ContractId};
use crate::message::{Identity, Sent};
use crate::replay::gate::{Plan, missing, plan};
use crate::replay::is_safe;
use crate::replay::target::Target;
use crate::replay::variables::Missing;
use crate::secret::{is_credential_header, mask};
use crate::verdict::{Outcome, RequestLine, SkipReason, Trouble, Verdict};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// One request, and the contracts that document an answer to it.
pub(super) struct Job {
    pub(super) sent: Sent,
    pub(super) contracts: Vec<Arc<Contract>>,
    /// Those that document an answer to it and are not selected: they are not judged, but an answer may be theirs.
    pub(super) bystanders: Vec<Arc<Contract>>,
    /// The URLs of those whose page spells it otherwise than what is sent does, filled.
    spelled: BTreeMap<ContractId, String>,
}

/// What is sent by itself, beside whatever else is.
pub(super) enum Work {
    Flow(PlannedFlow),
    Job(Job),
}

impl Work {
    pub(super) fn contracts(&self) -> Vec<Arc<Contract>> {
        match self {
            Work::Flow(flow) => flow.judged().cloned().collect(),
            Work::Job(job) => job.contracts.clone(),
        }
    }

    /// Where it is sent, or begins to be.
    pub(super) fn url<'w>(&'w self, target: &'w Target) -> &'w str {
        match self {
            Work::Flow(_) => target.url.as_str(),
            Work::Job(job) => &job.sent.url,
        }
    }

    pub(super) fn unsent(&self, outcome: &Outcome) -> Vec<Verdict> {
        match self {
            Work::Flow(flow) => flow.judged().map(|contract| held_back(contract, outcome.clone())).collect(),
            Work::Job(job) => job.unsent(outcome),
        }
    }
}

impl Job {
    pub(super) fn new(sent: Sent, contract: Arc<Contract>) -> Job {
        Job { sent, contracts: vec![contract], bystanders: Vec::new(), spelled: BTreeMap::new() }
    }

    /// Notes how a contract that sends the same spells its URL.
    fn spells(&mut self, contract: &Contract, sent: Sent) {
        if sent.documented_url != self.sent.documented_url {
            self.spelled.insert(contract.id.clone(), sent.documented_url);
        }
    }

    /// The equal request of who is let in, where this one is sent without the credential that its pages show.
    fn with_login(&self) -> Option<Equal> {
        let shows = |contract: &Arc<Contract>| {
            contract.request.headers.iter().any(|(name, _)| is_credential_header(name))
        };
        let of_nobody = self.sent.identity == Identity::Nobody && self.contracts.iter().all(shows);
        of_nobody.then(|| Equal::of(&Sent { identity: Identity::Own, ..self.sent.clone() }))
    }

    /// What was sent, as a contract's page has it.
    pub(super) fn sent_of(&self, contract: &Contract) -> Cow<'_, Sent> {
        match self.spelled.get(&contract.id) {
            Some(url) => Cow::Owned(Sent { documented_url: url.clone(), ..self.sent.clone() }),
            None => Cow::Borrowed(&self.sent),
        }
    }

    pub(super) fn verdict(&self, contract: &Contract, outcome: Outcome) -> Verdict {
        let url = mask(&self.sent.url).into_owned();
        let request = Some(RequestLine { method: self.sent.method.clone(), url });
        Verdict { request, ..Verdict::unsent(contract.id.clone(), outcome) }
    }

    pub(super) fn unsent(&self, outcome: &Outcome) -> Vec<Verdict> {
        self.contracts.iter().map(|contract| self.verdict(contract, outcome.clone())).collect()
    }
}

/// A contract of which nothing was sent, with its documented request.
pub(super) fn held_back(contract: &Contract, outcome: Outcome) -> Verdict {
    let url = mask(&contract.request.url).into_owned();
    let request = Some(RequestLine { method: contract.request.method.clone(), url });
    Verdict { request, ..Verdict::unsent(contract.id.clone(), outcome) }
}

/// A contract whose request was under way when the run ended: whether it arrived nobody knows.
pub(super) fn called_off(contract: &Contract) -> Verdict {
    let acts = !is_safe(&contract.request.method);
    let said =
        if acts { "its request was under way: the service may have acted" } else { "it was under way" };
    held_back(contract, Outcome::Skipped(SkipReason::Interrupted, said.to_owned()))
}

pub(super) fn bug(id: ContractId) -> Verdict {
    let text = "judging it panicked".to_owned();
    Verdict { elapsed: Duration::ZERO, ..Verdict::unsent(id, Outcome::Errored(Trouble::Bug, text)) }
}

/// Plans every contract, and joins those that send an equal request to a service; what is not sent, and what it lacks,
/// is noted.
pub(super) fn jobs(
    contracts: Vec<Arc<Contract>>,
    terms: Terms<'_>,
    unsent: &mut Vec<Verdict>,
    lacking: &mut Vec<(ContractId, Vec<Missing>)>,
) -> Vec<Job> {
    let mut jobs: Vec<Job> = Vec::with_capacity(contracts.len());
    let mut known: BTreeMap<Equal, usize> = BTreeMap::new();
    for contract in contracts {
        if let Some((_, reason)) = terms.skip.iter().find(|(these, _)| these.selects(&contract)) {
            let outcome = Outcome::Skipped(SkipReason::Config, reason.clone());
            unsent.push(held_back(&contract, outcome));
            continue;
        }
        match plan(&contract, terms.target, terms.variables, terms.gates) {
            Plan::Skip(reason, detail) => {
                if reason == SkipReason::NeedsVariable {
                    lacking.push((contract.id.clone(), missing(&contract, terms.variables)));
                }
                unsent.push(held_back(&contract, Outcome::Skipped(reason, detail)));
            }
            Plan::Fault(trouble, text) => {
                unsent.push(held_back(&contract, Outcome::Errored(trouble, text)));
            }
            Plan::Send(sent) => {
                // The embedded stub is told whose answer is wanted: it is asked for each.
                let new = jobs.len();
                let at =
                    if terms.target.takes_all { new } else { *known.entry(Equal::of(&sent)).or_insert(new) };
                if let Some(job) = jobs.get_mut(at) {
                    job.spells(&contract, *sent);
                    job.contracts.push(contract);
                } else {
                    jobs.push(Job::new(*sent, contract));
                }
            }
        }
    }
    // A page's wrong credential is not sent: without it the answer may be that to an equal request.
    for at in 0..jobs.len() {
        let with_login = jobs.get(at).and_then(Job::with_login).and_then(|equal| known.get(&equal));
        let let_in = with_login.and_then(|at| jobs.get(*at)).map(|job| job.contracts.clone());
        if let (Some(let_in), Some(job)) = (let_in, jobs.get_mut(at)) {
            job.bystanders.extend(let_in);
        }
    }
    jobs
}

/// Joins what is not selected to the requests that it documents an answer to.
pub(super) fn stand_by(jobs: &mut [Job], bystanders: Vec<Arc<Contract>>, terms: Terms<'_>) {
    if terms.target.takes_all || bystanders.is_empty() {
        return;
    }
    let known: BTreeMap<Equal, usize> =
        jobs.iter().enumerate().map(|(at, job)| (Equal::of(&job.sent), at)).collect();
    let without_login: BTreeMap<Equal, usize> =
        jobs.iter().enumerate().filter_map(|(at, job)| Some((job.with_login()?, at))).collect();
    for contract in bystanders {
        if terms.skip.iter().any(|(these, _)| these.selects(&contract)) {
            continue;
        }
        let Plan::Send(sent) = plan(&contract, terms.target, terms.variables, terms.gates) else {
            continue;
        };
        let equal = Equal::of(&sent);
        for at in [known.get(&equal), without_login.get(&equal)].into_iter().flatten() {
            if let Some(job) = jobs.get_mut(*at) {
                job.spells(&contract, Sent::clone(&sent));
                job.bystanders.push(Arc::clone(&contract));
            }
        }
    }
}
