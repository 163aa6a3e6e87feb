//! The engine of a run: what each contract sends is planned, sent and judged, many at a time.

use super::exchange::conversation;
use super::judged;
use super::known::Known;
use super::strictness::Strictness;
use super::watching::{Exchanges, Watcher};
use super::wire::Wire;
use crate::contract::select::Selector;
use crate::contract::url::DocumentedUrl;
use crate::contract::{Contract, ContractId};
use crate::json::Budget;
use crate::judge::rules::Rules;
use crate::judge::{compile_with_rules, judge};
use crate::message::{Received, Sent};
use crate::mock::route::CONTRACT_HEADER;
use crate::replay::gate::{Gates, Plan, plan};
use crate::replay::target::Target;
use crate::replay::variables::Variables;
use crate::replay::{Broken, Exchange};
use crate::report::curl;
use crate::secret::{Secrets, is_credential_header, mask};
use crate::verdict::{Conversation, Outcome, Profile, RequestLine, SkipReason, Trouble, Verdict};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// After so many refusals in a row the target is taken to be down.
const DOWN_AFTER: usize = 5;

/// How contracts are verified.
#[derive(Debug)]
pub(super) struct Verification {
    /// Where requests go.
    pub(super) target: Target,
    /// How strictly answers are judged.
    pub(super) profile: Profile,
    /// What fills placeholders.
    pub(super) variables: Variables,
    /// What may be sent.
    pub(super) gates: Gates,
    /// Sends.
    pub(super) wire: Wire,
    /// How much JSON of an answer is read.
    pub(super) budget: Budget,
    /// How many requests are under way at a time; at least one is.
    pub(super) jobs: usize,
    /// What people say of places of answers.
    pub(super) rules: Rules,
    /// What is not sent, and why.
    pub(super) skip: Vec<(Selector, String)>,
    /// What weighs more or less than the profile has it.
    pub(super) strictness: Strictness,
    /// What is never shown.
    pub(super) secrets: Secrets,
    /// Failures that people know of.
    pub(super) known: Known,
    /// Whether exchanges are kept.
    pub(super) exchanges: Exchanges,
    /// Who is told how far the run is.
    pub(super) watcher: Option<Watcher>,
}

/// One request, and the contracts that document an answer to it.
struct Job {
    sent: Sent,
    contracts: Vec<Arc<Contract>>,
    /// Those that document an answer to it and are not selected: they are not judged, but an answer may be theirs.
    bystanders: Vec<Arc<Contract>>,
}

/// What came of a run.
#[derive(Debug)]
pub(super) struct Run<S> {
    /// Ordered by id, one for each contract.
    pub(super) verdicts: Vec<Verdict>,
    /// What ended the run early, if something did.
    pub(super) interrupted: Option<S>,
}

impl Verification {
    /// Verifies contracts, until all are or `interrupt` completes.
    pub(super) async fn run<S>(
        self,
        contracts: Vec<Arc<Contract>>,
        bystanders: Vec<Arc<Contract>>,
        interrupt: impl Future<Output = S>,
    ) -> Run<S> {
        let all = contracts.len();
        let mut verdicts = Vec::with_capacity(all);
        let mut jobs = self.jobs(contracts, &mut verdicts);
        self.stand_by(&mut jobs, bystanders);
        let mut jobs = jobs.into_iter();
        let run = Arc::new(self);
        let mut refused = Refused::default();
        let mut running = JoinSet::new();
        let mut waiting: BTreeMap<tokio::task::Id, Vec<ContractId>> = BTreeMap::new();
        let mut interrupt = std::pin::pin!(interrupt);
        let mut interrupted = None;
        loop {
            run.watcher.iter().for_each(|watcher| watcher.tell(verdicts.len(), all));
            // Until the first answer one request is under way at a time: a target that is down is noticed in order.
            let width = if refused.answered { run.jobs.max(1) } else { 1 };
            while running.len() < width {
                let Some(job) = jobs.next() else { break };
                if let Some(why) = refused.down(&job.sent.url) {
                    verdicts.extend(
                        job.unsent(&Outcome::Errored(Trouble::NetTargetDown, format!("not sent: {why}"))),
                    );
                    continue;
                }
                let ids = job.contracts.iter().map(|contract| contract.id.clone()).collect();
                let run = Arc::clone(&run);
                let task = running.spawn(async move { (job.sent.url.clone(), run.job(job).await) });
                waiting.insert(task.id(), ids);
            }
            let done = tokio::select! {
                done = running.join_next_with_id() => done,
                signal = &mut interrupt => {
                    interrupted = Some(signal);
                    break;
                }
            };
            match done {
                None => break,
                Some(Ok((id, (url, done)))) => {
                    waiting.remove(&id);
                    refused.note(&url, &done);
                    verdicts.extend(done);
                }
                Some(Err(error)) => {
                    let ids = waiting.remove(&error.id()).unwrap_or_default();
                    verdicts.extend(ids.into_iter().map(bug));
                }
            }
        }
        running.abort_all();
        let stopped = Outcome::Skipped(SkipReason::Interrupted, String::new());
        verdicts.extend(jobs.flat_map(|job| job.unsent(&stopped)));
        verdicts.extend(waiting.into_values().flatten().map(|id| Verdict::unsent(id, stopped.clone())));
        verdicts.sort_by(|one, two| one.id.cmp(&two.id));
        Run { verdicts, interrupted }
    }

    /// Plans every contract, and joins those that send an equal request to a service.
    fn jobs(&self, contracts: Vec<Arc<Contract>>, verdicts: &mut Vec<Verdict>) -> Vec<Job> {
        let mut jobs: Vec<Job> = Vec::with_capacity(contracts.len());
        let mut known: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for contract in contracts {
            if let Some((_, reason)) = self.skip.iter().find(|(these, _)| these.selects(&contract)) {
                let outcome = Outcome::Skipped(SkipReason::Config, reason.clone());
                verdicts.push(held_back(&contract, outcome));
                continue;
            }
            match plan(&contract, &self.target, &self.variables, self.gates) {
                Plan::Skip(reason, detail) => {
                    verdicts.push(held_back(&contract, Outcome::Skipped(reason, detail)));
                }
                Plan::Fault(trouble, text) => {
                    verdicts.push(held_back(&contract, Outcome::Errored(trouble, text)));
                }
                Plan::Send(sent) => {
                    let alike = known.entry((sent.method.clone(), sent.url.clone())).or_default();
                    let equal =
                        alike.iter().find(|at| jobs.get(**at).is_some_and(|job| job.sent == *sent)).copied();
                    let equal = equal.filter(|_| !self.target.takes_all);
                    if let Some(job) = equal.and_then(|at| jobs.get_mut(at)) {
                        job.contracts.push(contract);
                    } else {
                        alike.push(jobs.len());
                        jobs.push(Job { sent: *sent, contracts: vec![contract], bystanders: Vec::new() });
                    }
                }
            }
        }
        jobs
    }

    /// Joins what is not selected to the requests that it documents an answer to.
    fn stand_by(&self, jobs: &mut [Job], bystanders: Vec<Arc<Contract>>) {
        if self.target.takes_all || bystanders.is_empty() {
            return;
        }
        let mut known: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (at, job) in jobs.iter().enumerate() {
            known.entry((job.sent.method.clone(), job.sent.url.clone())).or_default().push(at);
        }
        for contract in bystanders {
            if self.skip.iter().any(|(these, _)| these.selects(&contract)) {
                continue;
            }
            let Plan::Send(sent) = plan(&contract, &self.target, &self.variables, self.gates) else {
                continue;
            };
            let alike = known.get(&(sent.method.clone(), sent.url.clone())).into_iter().flatten();
            let equal = alike.copied().find(|at| jobs.get(*at).is_some_and(|job| job.sent == *sent));
            if let Some(job) = equal.and_then(|at| jobs.get_mut(at)) {
                job.bystanders.push(contract);
            }
        }
    }

    async fn job(&self, mut job: Job) -> Vec<Verdict> {
        // Whatever put a credential there: it is never shown.
        for (name, value) in job.sent.headers.iter().filter(|(name, _)| is_credential_header(name)) {
            self.secrets.add(name, value.split_once(' ').map_or(value, |(_, given)| given));
        }
        // The embedded stub is told whose answer is wanted.
        if self.target.takes_all
            && let Some(contract) = job.contracts.first()
        {
            // A header's value is ASCII; an id is whatever its file is called.
            let id = utf8_percent_encode(contract.id.as_str(), NON_ALPHANUMERIC);
            job.sent.headers.push(CONTRACT_HEADER, id.to_string());
        }
        let exchange = self.wire.exchange(&job.sent).await;
        // Judging is work for a processor; other exchanges go on meanwhile on the other worker.
        self.judged(&job, exchange)
    }

    /// Judges the contract that documents the status that came; the others of the same request are skipped.
    fn judged(&self, job: &Job, exchange: Exchange) -> Vec<Verdict> {
        let Exchange { answer, attempts, elapsed } = exchange;
        let received = match answer {
            Ok(received) => received,
            Err(Broken { trouble, message, .. }) => {
                return job
                    .contracts
                    .iter()
                    .map(|contract| {
                        let outcome = Outcome::Errored(trouble, message.clone());
                        let verdict = Verdict { attempts, elapsed, ..job.verdict(contract, outcome) };
                        self.traced(job, verdict, self.kept(job, None))
                    })
                    .collect();
            }
        };
        let status = received.status;
        let kept_exchange = self.kept(job, Some(&received));
        // Of several that document the status the first that is kept is judged, else the first. An answer that is a
        // bystander's says nothing of the others.
        let admitting = |contract: &&Arc<Contract>| contract.response.status.admits(status);
        let candidates: Vec<&Arc<Contract>> = job.contracts.iter().filter(admitting).collect();
        let others: Vec<&Arc<Contract>> = job.bystanders.iter().filter(admitting).collect();
        let verdict_of = |contract: &Arc<Contract>, received| {
            // A copy: what is read of its bodies is gone with it, while the stub holds the contract to the end.
            let contract = &Contract::clone(contract);
            let promise = compile_with_rules(contract, self.profile, &self.rules);
            let judgement = judge(&promise, &job.sent, received, &self.budget);
            let request = job.verdict(contract, Outcome::Passed).request;
            Verdict {
                request,
                status: Some(status),
                attempts,
                elapsed,
                ..judged(contract, judgement, &self.strictness, &self.known)
            }
        };
        let is_kept = |verdict: &Verdict| verdict.outcome == Outcome::Passed;
        let verdict = match (candidates.as_slice(), others.as_slice()) {
            ([], []) => job.contracts.first().map(|first| verdict_of(first, received)),
            ([], _) => None,
            ([one], []) => Some(verdict_of(one, received)),
            (several, others) => {
                let of = |contract: &&Arc<Contract>| verdict_of(contract, received.clone());
                match several.iter().map(of).find(is_kept) {
                    Some(kept) => Some(kept),
                    None if others.iter().map(of).any(|verdict| is_kept(&verdict)) => None,
                    None => several.first().map(|first| verdict_of(first, received)),
                }
            }
        };
        let verdict = verdict.map(|verdict| self.traced(job, verdict, kept_exchange));
        let others =
            job.contracts.iter().filter(|contract| verdict.as_ref().is_none_or(|it| it.id != contract.id));
        let other = Outcome::Skipped(SkipReason::OtherAnswer, format!("answered {status}"));
        let others: Vec<Verdict> = others.map(|contract| job.verdict(contract, other.clone())).collect();
        verdict.into_iter().chain(others).collect()
    }

    fn kept(&self, job: &Job, received: Option<&Received>) -> Option<Box<Conversation>> {
        (self.exchanges == Exchanges::Kept).then(|| Box::new(conversation(&job.sent, received)))
    }

    /// The verdict, and what sends its request by hand where it did not pass.
    fn traced(&self, job: &Job, verdict: Verdict, exchange: Option<Box<Conversation>>) -> Verdict {
        // Where the embedded stub listened nobody does any more.
        let by_hand = verdict.outcome != Outcome::Passed && !self.target.takes_all;
        Verdict { curl: by_hand.then(|| curl(&job.sent, &self.secrets)), exchange, ..verdict }
    }
}

impl Job {
    fn verdict(&self, contract: &Contract, outcome: Outcome) -> Verdict {
        let url = mask(&self.sent.url).into_owned();
        let request = Some(RequestLine { method: self.sent.method.clone(), url });
        Verdict { request, ..Verdict::unsent(contract.id.clone(), outcome) }
    }

    fn unsent(&self, outcome: &Outcome) -> Vec<Verdict> {
        self.contracts.iter().map(|contract| self.verdict(contract, outcome.clone())).collect()
    }
}

/// A contract of which nothing was sent, with its documented request.
fn held_back(contract: &Contract, outcome: Outcome) -> Verdict {
    let url = mask(&contract.request.url).into_owned();
    let request = Some(RequestLine { method: contract.request.method.clone(), url });
    Verdict { request, ..Verdict::unsent(contract.id.clone(), outcome) }
}

fn bug(id: ContractId) -> Verdict {
    let text = "judging it panicked".to_owned();
    Verdict { elapsed: Duration::ZERO, ..Verdict::unsent(id, Outcome::Errored(Trouble::Bug, text)) }
}

/// Refusals in a row, by origin.
#[derive(Debug, Default)]
struct Refused {
    /// Whether anybody answered.
    answered: bool,
    origins: BTreeMap<String, (usize, String)>,
}

impl Refused {
    fn note(&mut self, url: &str, verdicts: &[Verdict]) {
        let refusal = verdicts.iter().find_map(|verdict| match &verdict.outcome {
            Outcome::Errored(Trouble::NetRefused, message) => Some(message),
            _ => None,
        });
        let (in_a_row, last) = self.origins.entry(origin(url)).or_default();
        if let Some(message) = refusal {
            *in_a_row += 1;
            last.clone_from(message);
        } else {
            *in_a_row = 0;
            self.answered = true;
        }
    }

    fn down(&self, url: &str) -> Option<&str> {
        let (in_a_row, last) = self.origins.get(&origin(url))?;
        (*in_a_row >= DOWN_AFTER).then_some(last.as_str())
    }
}

fn origin(url: &str) -> String {
    DocumentedUrl::new(url).origin.unwrap_or_default().to_owned()
}
