//! Sends a flow: step by step, each with what the ones before it captured, and its clean-up at the end.

use super::flows::{PlannedFlow, PlannedStep, Role};
use super::polled;
use super::run::Verification;
use super::work::{Job, called_off, held_back};
use crate::contract::ContractId;
use crate::message::{Received, Sent};
use crate::replay::flow::{Capture, Until};
use crate::replay::gate::{Plan, plan_of};
use crate::replay::variables::Named;
use crate::replay::{Exchange, is_safe};
use crate::secret::{is_credential_name, mask};
use crate::verdict::{LeftBehind, Mismatch, Outcome, RequestLine, Rule, SkipReason, Trouble, Verdict};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

/// How long the step that is under way is waited for when a run ends early: its answer says what is to be cleaned up.
const MOMENT: Duration = Duration::from_secs(1);

/// How long a clean-up may take when a run ends early.
const CLEANING: Duration = Duration::from_millis(3500);

/// What came of a flow.
#[derive(Debug, Default)]
pub(super) struct Ended {
    /// One for each contract that it judges.
    pub(super) verdicts: Vec<Verdict>,
    /// What its clean-up could not undo.
    pub(super) left_behind: Vec<LeftBehind>,
}

/// Why nothing more of a flow is sent.
enum Stopped {
    /// A step did not do what it was for.
    Broken(String),
    /// The run ended early.
    Interrupted,
}

/// What came of a step.
struct Done {
    verdict: Option<Verdict>,
    /// Why the flow cannot go on.
    broken: Option<String>,
}

impl Verification {
    /// Sends a flow until it is through, or the run is to end.
    pub(super) async fn flow(&self, flow: PlannedFlow, mut stop: watch::Receiver<bool>) -> Ended {
        let (mut ended, mut captured, mut stopped) = (Ended::default(), Named::new(), None);
        for step in &flow.steps {
            if stopped.is_none() && *stop.borrow() {
                stopped = Some(Stopped::Interrupted);
            }
            if let Some(stopped) = &stopped {
                ended.verdicts.extend(step.unsent(stopped));
                continue;
            }
            let done = {
                let mut done = std::pin::pin!(self.step(step, &mut captured));
                tokio::select! {
                    done = &mut done => Some(done),
                    () = is_to_end(&mut stop) => match flow.clean_up.as_slice() {
                        [] => None,
                        _ => timeout(MOMENT, done).await.ok(),
                    },
                }
            };
            if let Some(done) = done {
                ended.verdicts.extend(done.verdict.filter(|_| step.role == Role::Judged));
                stopped = done.broken.map(Stopped::Broken);
            } else {
                ended.verdicts.extend((step.role == Role::Judged).then(|| called_off(&step.contract)));
                stopped = Some(Stopped::Interrupted);
            }
        }
        let cleaned = {
            let cleaning = async {
                for step in &flow.clean_up {
                    self.clean_up(step, &mut captured, stopped.as_ref(), &mut ended).await;
                }
            };
            tokio::select! {
                () = cleaning => true,
                () = ends_soon(&mut stop) => false,
            }
        };
        if !cleaned {
            ended.left_behind.extend(flow.clean_up.iter().map(|step| {
                step.left_behind(format!("may not have been sent: it took longer than {CLEANING:?}"))
            }));
        }
        let known: BTreeSet<ContractId> = ended.verdicts.iter().map(|verdict| verdict.id.clone()).collect();
        let lost = flow.clean_up.iter().filter(|step| !known.contains(&step.contract.id));
        ended.verdicts.extend(lost.filter_map(|step| step.unsent(&Stopped::Interrupted)));
        ended
    }

    /// A step of the clean-up. What was not made needs none.
    async fn clean_up(
        &self,
        step: &PlannedStep,
        captured: &mut Named,
        stopped: Option<&Stopped>,
        ended: &mut Ended,
    ) {
        if let (Plan::Skip(SkipReason::NeedsVariable, _), Some(stopped)) =
            (self.planned(step, captured), stopped)
        {
            ended.verdicts.extend(step.unsent(stopped));
            return;
        }
        let done = self.step(step, captured).await;
        // What is gone already is clean: a step before may have been its deletion.
        let gone = done.verdict.as_ref().and_then(|verdict| verdict.status);
        if let Some(problem) = done.broken.filter(|_| !matches!(gone, Some(404 | 410))) {
            ended.left_behind.push(step.left_behind(problem));
        }
        match stopped {
            Some(stopped) => ended.verdicts.extend(step.unsent(stopped)),
            None if step.role == Role::Judged => ended.verdicts.extend(done.verdict),
            None => {}
        }
    }

    fn planned(&self, step: &PlannedStep, captured: &Named) -> Plan {
        let variables = self.variables.with_captured(captured);
        step.plan(&self.target, &variables, self.gates)
    }

    /// Sends a step, judges its answer where it is to be judged, and takes from it what later steps need.
    async fn step(&self, step: &PlannedStep, captured: &mut Named) -> Done {
        let sent = match self.planned(step, captured) {
            Plan::Send(sent) => *sent,
            Plan::Skip(reason, why) => return step.not_sent(Outcome::Skipped(reason, why.clone()), &why),
            Plan::Fault(trouble, why) => return step.not_sent(Outcome::Errored(trouble, why.clone()), &why),
        };
        self.hide_credentials(&sent);
        sleep(step.step.wait).await;
        let until = step.step.until.as_ref();
        let again = until.filter(|_| is_safe(&sent.method));
        let (exchange, waited) = if let Some(until) = again {
            self.poll(&sent, until).await
        } else {
            let documented = |status| step.contract.response.status.shows(status);
            (self.wire.exchange(&sent, documented).await, Ok(()))
        };
        let shown = |what: &str| format!("{}, {} {}, {what}", step.label, sent.method, mask(&sent.url));
        let answer = match &exchange.answer {
            Ok(answer) => answer.clone(),
            Err(broken) => {
                let text = shown(&format!("could not be sent: {}: {}", broken.trouble.id(), broken.message));
                return Done { verdict: Some(self.verdict(step, &sent, exchange)), broken: Some(text) };
            }
        };
        let status = answer.status;
        let mut verdict = self.verdict(step, &sent, exchange);
        let documented = step.contract.response.status;
        // Another success than documented, of which people know, has done what the step is for.
        let is_known = |mismatch: &Mismatch| mismatch.rule == Rule::Status && mismatch.known.is_some();
        let done = documented.admits(status)
            || (200..300).contains(&status) && verdict.mismatches.iter().any(is_known);
        let mut broken = (!done).then(|| shown(&format!("answered {status}, not {documented}")));
        if broken.is_none() {
            broken = self.take(&step.step.capture, &answer, captured).err().map(|why| shown(&why));
        }
        let ready = match (until, again, waited) {
            (Some(until), None, _) if broken.is_none() => {
                self.operation(step, until, (&sent, &answer), captured).await
            }
            (Some(until), Some(_), Ok(())) => self.take(&until.capture, &answer, captured),
            (_, _, waited) => waited,
        };
        if let (Err(why), None) = (ready, &broken) {
            let text = shown(&why);
            // The answer alone is no success where more was asked for, nor is a known failure of it all that broke.
            if matches!(verdict.outcome, Outcome::Passed | Outcome::Skipped(SkipReason::Known, _)) {
                verdict.outcome = Outcome::Errored(Trouble::FlowTimeout, text.clone());
            }
            broken = Some(text);
        }
        Done { verdict: Some(verdict), broken }
    }

    /// The verdict of a step, judged or not.
    fn verdict(&self, step: &PlannedStep, sent: &Sent, exchange: Exchange) -> Verdict {
        let job = Job::new(sent.clone(), Arc::clone(&step.contract));
        let verdict = self.judged(&job, exchange).pop();
        verdict.unwrap_or_else(|| job.verdict(&step.contract, Outcome::Passed))
    }

    fn take(&self, wanted: &[Capture], answer: &Received, captured: &mut Named) -> Result<(), String> {
        let mut missing = None;
        for capture in wanted {
            match capture.take(answer, &self.budget) {
                Ok(value) => {
                    if is_credential_name(&capture.name) {
                        self.secrets.add(&capture.name, &value);
                    }
                    captured.insert(capture.name.clone(), value);
                }
                Err(why) => {
                    missing.get_or_insert(why);
                }
            }
        }
        missing.map_or(Ok(()), Err)
    }

    /// Sends a safe request again and again, until its answer is what is waited for or the time is up.
    async fn poll(&self, sent: &Sent, until: &Until) -> (Exchange, Result<(), String>) {
        let start = Instant::now();
        loop {
            let exchange = self.wire.exchange(sent, |_| false).await;
            let Ok(answer) = &exchange.answer else { return (exchange, Ok(())) };
            if until.holds(answer, &self.budget) {
                return (exchange, Ok(()));
            }
            if start.elapsed() + until.every > until.timeout {
                let last = until.instead(answer, &self.budget);
                let (shown, timeout) = (until.shown(), until.timeout);
                let why = format!("was not answered {shown} within {timeout:?}: the last answer was {last}");
                return (exchange, Err(why));
            }
            sleep(until.every).await;
        }
    }

    /// Asks after the operation that an answer with 202 names, until it is where it is waited for.
    async fn operation(
        &self,
        step: &PlannedStep,
        until: &Until,
        (sent, answer): (&Sent, &Received),
        captured: &mut Named,
    ) -> Result<(), String> {
        let location = ["operation-location", "location"].iter().find_map(|name| answer.headers.get(name));
        let (202, Some(location)) = (answer.status, location) else {
            // It cannot be sent again: then it is as it was answered.
            if until.holds(answer, &self.budget) {
                return self.take(&until.capture, answer, captured);
            }
            return Err(format!(
                "was not answered {}, but {}, and names no operation to ask after (202 with Location)",
                until.shown(),
                until.instead(answer, &self.budget)
            ));
        };
        let asked = polled::request(&self.target, &step.contract, location)?;
        let asked = match plan_of(step.author, &asked, &self.target, &self.variables, self.gates) {
            // Whoever began it may know of it, and perhaps nobody else.
            Plan::Send(asked) => Sent { identity: sent.identity.clone(), ..*asked },
            Plan::Skip(_, why) | Plan::Fault(_, why) => {
                return Err(format!("names an operation that is not asked after: {why}"));
            }
        };
        let (exchange, waited) = self.poll(&asked, until).await;
        let whose = |why: &str| format!("names the operation {}, which {why}", mask(&asked.url));
        waited.map_err(|why| whose(&why))?;
        match &exchange.answer {
            Ok(answer) => self.take(&until.capture, answer, captured).map_err(|why| whose(&why)),
            Err(broken) => {
                Err(whose(&format!("could not be asked: {}: {}", broken.trouble.id(), broken.message)))
            }
        }
    }
}

/// Completes when a run is to end.
async fn is_to_end(stop: &mut watch::Receiver<bool>) {
    let ends = stop.wait_for(|stop| *stop).await.is_ok();
    if !ends {
        std::future::pending::<()>().await;
    }
}

/// Completes a while after a run is to end.
async fn ends_soon(stop: &mut watch::Receiver<bool>) {
    is_to_end(stop).await;
    sleep(CLEANING).await;
}

impl PlannedStep {
    fn left_behind(&self, problem: String) -> LeftBehind {
        let method = self.contract.request.method.clone();
        let request = RequestLine { method, url: mask(&self.contract.request.url).into_owned() };
        LeftBehind { label: self.label.clone(), request, problem }
    }

    /// The verdict of a step that was not sent since the flow had stopped.
    fn unsent(&self, stopped: &Stopped) -> Option<Verdict> {
        let outcome = match stopped {
            Stopped::Broken(why) => Outcome::Errored(Trouble::FlowSetupFailed, why.clone()),
            Stopped::Interrupted => Outcome::Skipped(SkipReason::Interrupted, String::new()),
        };
        (self.role == Role::Judged).then(|| held_back(&self.contract, outcome))
    }

    fn not_sent(&self, outcome: Outcome, why: &str) -> Done {
        let request = &self.contract.request;
        let broken =
            format!("{}, {} {}, was not sent: {why}", self.label, request.method, mask(&request.url));
        let verdict = (self.role == Role::Judged).then(|| held_back(&self.contract, outcome));
        Done { verdict, broken: Some(broken) }
    }
}
