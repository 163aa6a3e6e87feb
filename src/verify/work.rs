//! What is sent by itself: a flow, or one request.

use super::equal::Equal;
use super::flows::{PlannedFlow, Terms};
use crate::contract::{Contract, ContractId};
use crate::message::{Identity, Sent};
use crate::replay::gate::{Plan, missing, plan};
use crate::replay::is_safe;
use crate::replay::variables::Missing;
use crate::secret::{is_credential_header, mask};
use crate::verdict::{Outcome, RequestLine, SkipReason, Trouble, Verdict};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A job that waits. A run may hold a hundred thousand: of most what is sent is not kept, but planned again at their turn.
pub(super) struct Queued {
    sent: Option<Box<Sent>>,
    /// What is sent is the first one's.
    pub(super) contracts: Vec<Arc<Contract>>,
    bystanders: Vec<Arc<Contract>>,
    spelled: BTreeMap<ContractId, String>,
    /// Whether it is sent without a login.
    is_of_nobody: bool,
}

/// One request, and the contracts that document an answer to it.
pub(super) struct Job {
    pub(super) sent: Sent,
    pub(super) contracts: Vec<Arc<Contract>>,
    /// Those that document an answer to it and are not selected: they are not judged, but an answer may be theirs.
    pub(super) bystanders: Vec<Arc<Contract>>,
    /// The URLs of those whose page spells it otherwise than what is sent does, filled.
    spelled: BTreeMap<ContractId, String>,
}

/// Of so many jobs what they send is kept: memory is no matter there, and planning costs a little time.
const KEPT: usize = 8_192;

/// What is sent by itself, beside whatever else is.
pub(super) enum Work {
    Flow(PlannedFlow),
    Job(Queued),
}

/// What is sent now.
pub(super) enum Turn {
    Flow(PlannedFlow),
    Job(Job),
}

impl Turn {
    pub(super) fn contracts(&self) -> Vec<Arc<Contract>> {
        match self {
            Turn::Flow(flow) => flow.judged().cloned().collect(),
            Turn::Job(job) => job.contracts.clone(),
        }
    }

    /// Where it is sent, or begins to be.
    pub(super) fn url(&self, terms: Terms<'_>) -> String {
        match self {
            Turn::Flow(flow) => match flow.plans(terms).into_iter().next() {
                Some(Plan::Send(sent)) => sent.url,
                _ => terms.target.url.as_str().to_owned(),
            },
            Turn::Job(job) => job.sent.url.clone(),
        }
    }

    pub(super) fn unsent(&self, outcome: &Outcome) -> Vec<Verdict> {
        let held_back = |contract: &Arc<Contract>| held_back(contract, outcome.clone());
        match self {
            Turn::Flow(flow) => flow.judged().map(held_back).collect(),
            Turn::Job(job) => job.contracts.iter().map(|one| job.verdict(one, outcome.clone())).collect(),
        }
    }
}

impl Work {
    /// Its turn has come. What cannot be sent any more, though it could when it was planned, is a bug of ours.
    pub(super) fn turn(self, terms: Terms<'_>) -> Result<Turn, Vec<Verdict>> {
        match self {
            Work::Flow(flow) => Ok(Turn::Flow(flow)),
            Work::Job(mut queued) => {
                let Some(sent) = queued.sent.take().or_else(|| queued.planned(terms)) else {
                    let outcome = Outcome::Errored(Trouble::Bug, "it cannot be planned again".to_owned());
                    return Err(queued.contracts.iter().map(|one| held_back(one, outcome.clone())).collect());
                };
                Ok(Turn::Job(queued.job(*sent)))
            }
        }
    }

    /// It is not sent at all.
    pub(super) fn unsent(&self, outcome: &Outcome, terms: Terms<'_>) -> Vec<Verdict> {
        match self {
            Work::Flow(flow) => flow.judged().map(|contract| held_back(contract, outcome.clone())).collect(),
            Work::Job(queued) => match queued.sent(terms) {
                Some(sent) => {
                    queued.contracts.iter().map(|one| unsent(one, &sent, outcome.clone())).collect()
                }
                None => queued.contracts.iter().map(|one| held_back(one, outcome.clone())).collect(),
            },
        }
    }
}

impl Queued {
    /// Behind so many others.
    fn new(contract: Arc<Contract>, sent: Box<Sent>, others: usize) -> Queued {
        let is_of_nobody = sent.identity == Identity::Nobody;
        let (contracts, bystanders) = (vec![contract], Vec::new());
        let sent = (others < KEPT).then_some(sent);
        Queued { sent, contracts, bystanders, spelled: BTreeMap::new(), is_of_nobody }
    }

    /// What it sends: the same as when it was planned first.
    pub(super) fn sent(&self, terms: Terms<'_>) -> Option<Cow<'_, Sent>> {
        match &self.sent {
            Some(sent) => Some(Cow::Borrowed(sent)),
            None => self.planned(terms).map(|sent| Cow::Owned(*sent)),
        }
    }

    fn planned(&self, terms: Terms<'_>) -> Option<Box<Sent>> {
        match plan(self.contracts.first()?, terms.target, terms.variables, terms.gates) {
            Plan::Send(sent) => Some(sent),
            Plan::Skip(..) | Plan::Fault(..) => None,
        }
    }

    fn job(self, sent: Sent) -> Job {
        let Queued { contracts, bystanders, spelled, .. } = self;
        Job { sent, contracts, bystanders, spelled }
    }

    /// Notes how a contract that sends the same spells its URL.
    fn spells(&mut self, contract: &Contract, sent: Sent, terms: Terms<'_>) {
        if self.sent(terms).is_none_or(|first| first.documented_url != sent.documented_url) {
            self.spelled.insert(contract.id.clone(), sent.documented_url);
        }
    }

    /// The equal request of who is let in, where this one is sent without the credential that its pages show.
    fn with_login(&self, terms: Terms<'_>) -> Option<Equal> {
        let shows = |contract: &Arc<Contract>| {
            contract.request.headers.iter().any(|(name, _)| is_credential_header(name))
        };
        let of_nobody = self.is_of_nobody && self.contracts.iter().all(shows);
        let sent = of_nobody.then(|| self.sent(terms)).flatten()?;
        Some(Equal::of(&Sent { identity: Identity::Own, ..sent.into_owned() }))
    }
}

impl Job {
    pub(super) fn new(sent: Sent, contract: Arc<Contract>) -> Job {
        Job { sent, contracts: vec![contract], bystanders: Vec::new(), spelled: BTreeMap::new() }
    }

    /// What was sent, as a contract's page has it.
    pub(super) fn sent_of(&self, contract: &Contract) -> Cow<'_, Sent> {
        match self.spelled.get(&contract.id) {
            Some(url) => Cow::Owned(Sent { documented_url: url.clone(), ..self.sent.clone() }),
            None => Cow::Borrowed(&self.sent),
        }
    }

    pub(super) fn verdict(&self, contract: &Contract, outcome: Outcome) -> Verdict {
        unsent(contract, &self.sent, outcome)
    }
}

/// What is said of a contract, with the request that is sent for it.
fn unsent(contract: &Contract, sent: &Sent, outcome: Outcome) -> Verdict {
    let request = Some(RequestLine { method: sent.method.clone(), url: mask(&sent.url).into_owned() });
    Verdict { request, ..Verdict::unsent(contract.id.clone(), outcome) }
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

/// A contract that is not sent, or not again, since the run is to end; why, where that was no signal.
pub(super) fn given_up(contract: &Contract, has_left: bool, why: &str) -> Verdict {
    let because = |text: String| held_back(contract, Outcome::Skipped(SkipReason::Interrupted, text));
    let instead = if is_safe(&contract.request.method) {
        "not sent again"
    } else {
        "its operation was not asked after any more"
    };
    match (has_left, why) {
        (true, "") => called_off(contract),
        (true, why) => because(why.replacen("not sent", instead, 1)),
        (false, why) => because(why.to_owned()),
    }
}

pub(super) fn bug(id: ContractId) -> Verdict {
    let text = "judging it panicked".to_owned();
    Verdict { elapsed: Duration::ZERO, ..Verdict::unsent(id, Outcome::Errored(Trouble::Bug, text)) }
}

/// Requests that wait, and which of them equals another.
pub(super) struct Jobs {
    pub(super) queued: Vec<Queued>,
    known: BTreeMap<Equal, usize>,
}

/// Plans every contract, and joins those that send an equal request to a service; what is not sent, and what it lacks,
/// is noted.
pub(super) fn jobs(
    contracts: Vec<Arc<Contract>>,
    terms: Terms<'_>,
    unsent: &mut Vec<Verdict>,
    lacking: &mut Vec<(ContractId, Vec<Missing>)>,
) -> Jobs {
    let mut jobs: Vec<Queued> = Vec::with_capacity(contracts.len());
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
                    job.spells(&contract, *sent, terms);
                    job.contracts.push(contract);
                } else {
                    jobs.push(Queued::new(contract, sent, new));
                }
            }
        }
    }
    // A page's wrong credential is not sent: without it the answer may be that to an equal request.
    for at in 0..jobs.len() {
        let with_login = jobs.get(at).and_then(|job| job.with_login(terms));
        let with_login = with_login.and_then(|equal| known.get(&equal));
        let let_in = with_login.and_then(|at| jobs.get(*at)).map(|job| job.contracts.clone());
        if let (Some(let_in), Some(job)) = (let_in, jobs.get_mut(at)) {
            job.bystanders.extend(let_in);
        }
    }
    Jobs { queued: jobs, known }
}

/// Joins what is not selected to the requests that it documents an answer to.
pub(super) fn stand_by(jobs: &mut Jobs, bystanders: Vec<Arc<Contract>>, terms: Terms<'_>) {
    if terms.target.takes_all || bystanders.is_empty() {
        return;
    }
    let Jobs { queued: jobs, known } = jobs;
    let without_login: BTreeMap<Equal, usize> =
        jobs.iter().enumerate().filter_map(|(at, job)| Some((job.with_login(terms)?, at))).collect();
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
                job.spells(&contract, Sent::clone(&sent), terms);
                job.bystanders.push(Arc::clone(&contract));
            }
        }
    }
}
