//! The engine of a run: what each contract sends is planned, sent and judged, many at a time.

use super::care::{Care, Failures};
use super::flow::Ended;
use super::flows::{Terms, plan_flows};
use super::judged;
use super::known::Known;
use super::refused::Refused;
use super::strictness::Strictness;
use super::watching::{Exchanges, Watcher};
use super::wire::Wire;
use super::work::{Job, Turn, Work, bug, given_up, held_back, jobs, stand_by};
use crate::contract::select::Selector;
use crate::contract::{Contract, ContractId};
use crate::json::Budget;
use crate::judge::rules::Rules;
use crate::judge::{compile_with_rules, judge};
use crate::message::{Received, Sent};
use crate::mock::route::CONTRACT_HEADER;
use crate::replay::flow::Flow;
use crate::replay::gate::Gates;
use crate::replay::target::Target;
use crate::replay::variables::{Missing, Variables};
use crate::replay::{Broken, Departure, Exchange};
use crate::secret::{Secrets, is_credential_header};
use crate::verdict::{LeftBehind, Outcome, Profile, Remark, SkipReason, Verdict};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;

/// How long flows have to clean up when a run ends early.
const GRACE: Duration = Duration::from_secs(5);

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
    pub(super) secrets: Secrets,
    /// Failures that people know of.
    pub(super) known: Known,
    pub(super) exchanges: Exchanges,
    /// Who is told how far the run is.
    pub(super) watcher: Option<Watcher>,
    /// What is sent in an order of its own.
    pub(super) flows: Vec<Flow>,
    /// How long the target is waited for, and how much may fail.
    pub(super) care: Care,
}

/// Work under way: for which contracts, and how it is called off; a flow ends by itself.
struct Waiting {
    contracts: Vec<Arc<Contract>>,
    departure: Arc<Departure>,
    abort: Option<AbortHandle>,
}

/// What came of a run.
#[derive(Debug)]
pub(super) struct Run<S> {
    /// Ordered by id, one for each contract.
    pub(super) verdicts: Vec<Verdict>,
    /// What ended the run early, if something did.
    pub(super) interrupted: Option<S>,
    /// What the contracts lack that were held back for a value.
    pub(super) missing: Vec<(ContractId, Vec<Missing>)>,
    /// What clean-ups could not undo.
    pub(super) left_behind: Vec<LeftBehind>,
    /// Whether so much failed that the rest was not sent.
    pub(super) stopped: bool,
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
        let mut ended = Run {
            verdicts: Vec::with_capacity(all),
            interrupted: None,
            missing: Vec::new(),
            left_behind: Vec::new(),
            stopped: false,
        };
        let work = self.work(contracts, bystanders, &mut ended);
        self.wire.client().for_requests(work.len());
        let mut work = work.into_iter();
        let run = Arc::new(self);
        let mut refused = Refused::default();
        let failures = Arc::new(Failures::of(&run.care));
        let mut running = JoinSet::new();
        let mut waiting: BTreeMap<tokio::task::Id, Waiting> = BTreeMap::new();
        let mut interrupt = std::pin::pin!(interrupt);
        if work.len() > 0 {
            tokio::select! {
                absent = run.care.wait(run.wire.client()) => refused.absent = absent,
                signal = &mut interrupt => ended.interrupted = Some(signal),
            }
        }
        while ended.interrupted.is_none() {
            run.watcher.iter().for_each(|watcher| watcher.tell(ended.verdicts.len(), all));
            // Until the first answer one request is under way at a time: a target that is down is noticed in order.
            let width = if refused.answered { run.jobs.max(1) } else { 1 };
            while running.len() < width && !failures.enough() {
                let Some(next) = work.next() else { break };
                let next = match next.turn(run.terms()) {
                    Ok(next) => next,
                    Err(bugs) => {
                        ended.verdicts.extend(bugs);
                        continue;
                    }
                };
                if let Some(why) = refused.down(&next.url(run.terms())) {
                    let outcome = Outcome::Errored(refused.trouble(), format!("not sent: {why}"));
                    ended.verdicts.extend(next.unsent(&outcome));
                    continue;
                }
                let (task, begun) = run.begin(next, &mut running, &failures);
                waiting.insert(task, begun);
            }
            let in_flow = waiting.values().any(|waiting| waiting.abort.is_none());
            let done = tokio::select! {
                done = running.join_next_with_id() => done,
                // A flow takes its time; the others need not wait for more than its first answer.
                () = run.wire.client().is_answered(), if in_flow && !refused.answered => {
                    refused.answered = true;
                    continue;
                }
                signal = &mut interrupt => {
                    ended.interrupted = Some(signal);
                    break;
                }
            };
            match done {
                None => break,
                Some(Ok((id, (url, done)))) => {
                    waiting.remove(&id);
                    refused.note(&url, &done);
                    failures.note(&done.verdicts);
                    ended.add(done);
                }
                Some(Err(error)) => {
                    let lost = waiting.remove(&error.id()).into_iter().flat_map(|waiting| waiting.contracts);
                    let bugs: Vec<Verdict> = lost.map(|contract| bug(contract.id.clone())).collect();
                    failures.note(&bugs);
                    ended.verdicts.extend(bugs);
                }
            }
        }
        // Flows clean up; everything else is called off.
        if ended.interrupted.is_some() {
            failures.interrupt();
        }
        waiting.values().filter_map(|waiting| waiting.abort.as_ref()).for_each(AbortHandle::abort);
        let clean_up = async {
            while let Some(done) = running.join_next_with_id().await {
                if let Ok((id, (_, done))) = done {
                    waiting.remove(&id);
                    ended.add(done);
                }
            }
        };
        let _ = timeout(GRACE, clean_up).await;
        running.abort_all();
        let stopped = Outcome::Skipped(SkipReason::Interrupted, failures.said());
        ended.stopped = failures.enough();
        ended.verdicts.extend(work.flat_map(|work| work.unsent(&stopped, run.terms())));
        ended.verdicts.extend(waiting.into_values().flat_map(|waiting| waiting.verdicts(&stopped)));
        ended.verdicts.sort_unstable_by(|one, two| one.id.cmp(&two.id));
        ended
    }

    /// Begins what comes next.
    fn begin(
        self: &Arc<Self>,
        next: Turn,
        running: &mut JoinSet<(String, Ended)>,
        failures: &Arc<Failures>,
    ) -> (tokio::task::Id, Waiting) {
        let (contracts, run) = (next.contracts(), Arc::clone(self));
        let url = next.url(self.terms());
        let departure = Arc::new(Departure::until(&failures.end()));
        let failures = Arc::clone(failures);
        let (task, abort) = match next {
            Turn::Job(job) => {
                let departure = Arc::clone(&departure);
                let task = running.spawn(async move {
                    let verdicts = run.job(job, &departure, &failures).await;
                    (url, Ended { verdicts, ..Ended::default() })
                });
                (task.id(), Some(task))
            }
            Turn::Flow(flow) => {
                (running.spawn(async move { (url, run.flow(flow, &failures).await) }).id(), None)
            }
        };
        (task, Waiting { contracts, departure, abort })
    }

    /// Plans every contract, takes those of flows together, and joins those that send an equal request to a service.
    fn work<S>(
        &self,
        contracts: Vec<Arc<Contract>>,
        bystanders: Vec<Arc<Contract>>,
        run: &mut Run<S>,
    ) -> Vec<Work> {
        let terms = self.terms();
        // The embedded stub knows the docs alone: nothing needs to be prepared in it, and nothing can be.
        let flows = if self.target.takes_all { &[] } else { self.flows.as_slice() };
        let planned = plan_flows(flows, contracts, &bystanders, terms);
        run.verdicts.extend(planned.held_back);
        run.missing.extend(planned.missing);
        // What takes longest begins first.
        let mut work: Vec<Work> = planned.flows.into_iter().map(Work::Flow).collect();
        let mut jobs = jobs(planned.outside, terms, &mut run.verdicts, &mut run.missing);
        stand_by(&mut jobs, bystanders, terms);
        work.extend(jobs.queued.into_iter().map(Work::Job));
        work
    }

    fn terms(&self) -> Terms<'_> {
        Terms { target: &self.target, variables: &self.variables, gates: self.gates, skip: &self.skip }
    }

    async fn job(&self, mut job: Job, departure: &Departure, failures: &Failures) -> Vec<Verdict> {
        self.hide_credentials(&job.sent);
        // The embedded stub is told whose answer is wanted.
        if self.target.takes_all
            && let Some(contract) = job.contracts.first()
        {
            // A header's value is ASCII; an id is whatever its file is called.
            let id = utf8_percent_encode(contract.id.as_str(), NON_ALPHANUMERIC);
            job.sent.headers.push(CONTRACT_HEADER, id.to_string());
        }
        let documented = |status| job.contracts.iter().any(|contract| contract.response.status.shows(status));
        let exchange = self.wire.exchange(&job.sent, job.contracts.first(), documented, departure).await;
        if exchange.called_off {
            let (has_left, why) = (departure.has_left(), failures.said());
            return job.contracts.iter().map(|contract| given_up(contract, has_left, &why)).collect();
        }
        self.learn_from(&exchange, &job.contracts);
        // Judging is work for a processor; other exchanges go on meanwhile on the other worker.
        self.judged(&job, exchange)
    }

    /// Whatever put a credential there: it is never shown.
    pub(super) fn hide_credentials(&self, sent: &Sent) {
        for (name, value) in sent.headers.iter().filter(|(name, _)| is_credential_header(name)) {
            self.secrets.add(name, value.split_once(' ').map_or(value, |(_, given)| given));
        }
    }

    /// Judges the contract that documents the status that came; the others of the same request are skipped.
    pub(super) fn judged(&self, job: &Job, exchange: Exchange) -> Vec<Verdict> {
        let Exchange { answer, attempts, stumbled, elapsed, outdated, .. } = exchange;
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
        let verdict_of = |contract: &Arc<Contract>, received: Received| {
            // What is read of its bodies is gone with the job, but where rules hold it to the end: there of a copy.
            let copy = (!self.rules.is_empty()).then(|| Contract::clone(contract));
            let contract = copy.as_ref().unwrap_or(contract);
            let promise = compile_with_rules(contract, self.profile, &self.rules);
            let remark = self.remark(contract, &job.sent, &received);
            let remark = remark.or_else(|| outdated.then_some(Remark::TokenRefused));
            let judgement = judge(&promise, &job.sent_of(contract), received, &self.budget);
            let request = job.verdict(contract, Outcome::Passed).request;
            Verdict {
                request,
                status: Some(status),
                attempts,
                elapsed,
                remark,
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
                let mut verdicts = several.iter().map(of);
                match verdicts.next() {
                    Some(first) if !is_kept(&first) => match verdicts.find(is_kept) {
                        Some(kept) => Some(kept),
                        None if others.iter().map(of).any(|verdict| is_kept(&verdict)) => None,
                        None => Some(first),
                    },
                    first => first,
                }
            }
        };
        let verdict = verdict.map(|it| Verdict { flaky: stumbled && it.outcome == Outcome::Passed, ..it });
        let verdict = verdict.map(|verdict| self.traced(job, verdict, kept_exchange));
        let others =
            job.contracts.iter().filter(|contract| verdict.as_ref().is_none_or(|it| it.id != contract.id));
        let other = |contract: &Contract| {
            // Two that document the status differ in something else.
            let text = match &verdict {
                Some(judged) if contract.response.status.admits(status) => {
                    format!("answered {status}, and {} documents it as well", judged.id)
                }
                _ => format!("answered {status}"),
            };
            job.verdict(contract, Outcome::Skipped(SkipReason::OtherAnswer, text))
        };
        let others: Vec<Verdict> = others.map(|contract| other(contract)).collect();
        verdict.into_iter().chain(others).collect()
    }
}

impl Waiting {
    /// What is said of it where it did not end by itself: a flow has sent, whatever it sent last.
    fn verdicts(self, stopped: &Outcome) -> Vec<Verdict> {
        let has_left = self.abort.is_none() || self.departure.has_left();
        let of = |contract: &Arc<Contract>| {
            if has_left { given_up(contract, true, "") } else { held_back(contract, stopped.clone()) }
        };
        self.contracts.iter().map(of).collect()
    }
}

impl<S> Run<S> {
    fn add(&mut self, ended: Ended) {
        self.verdicts.extend(ended.verdicts);
        self.left_behind.extend(ended.left_behind);
    }
}
