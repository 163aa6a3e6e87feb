//! Sends one step of a flow: planned with what the ones before it captured, and waited for where it is to be.

use super::flows::{PlannedStep, Role};
use super::held::Held;
use super::polled;
use super::refused::is_unreached;
use super::run::Verification;
use super::work::{Job, held_back};
use crate::message::{Received, Sent};
use crate::replay::flow::{Capture, Until};
use crate::replay::gate::{Plan, plan_of};
use crate::replay::{Delivery, Departure, Exchange, is_safe};
use crate::secret::mask;
use crate::verdict::{Mismatch, Outcome, Remark, Rule, SkipReason, Trouble, Verdict};
use std::sync::Arc;
use tokio::time::{Instant, sleep};

/// What came of a step.
pub(super) struct Done {
    pub(super) verdict: Option<Verdict>,
    /// Why the flow cannot go on.
    pub(super) broken: Option<Broke>,
    /// An attempt before the last one may have arrived, and got no answer.
    stumbled: bool,
    /// It was not sent, or not waited for to its end, since the run is to end.
    pub(super) called_off: bool,
}

impl Done {
    fn called_off(verdict: Option<Verdict>) -> Done {
        Done { verdict, broken: None, stumbled: false, called_off: true }
    }

    /// The status that it was answered, also where that is no answer that counts: what is throttled is refused, unless it
    /// was sent before and nobody knows what came of that.
    pub(super) fn status(&self) -> Option<u16> {
        let verdict = self.verdict.as_ref()?;
        let throttled =
            matches!(verdict.outcome, Outcome::Errored(Trouble::HttpThrottled, _)) && !self.stumbled;
        verdict.status.or(throttled.then_some(429))
    }
}

/// Why a flow cannot go on.
#[derive(Debug, Clone)]
pub(super) struct Broke {
    pub(super) trouble: Trouble,
    pub(super) text: String,
    /// The step's own verdict says it.
    pub(super) is_told: bool,
    /// The target was not there.
    pub(super) is_unreached: bool,
}

impl Broke {
    /// What it is to the contracts that were to come behind it: they waited for nothing themselves.
    pub(super) fn for_others(&self) -> Trouble {
        match self.trouble {
            Trouble::FlowStepUnanswered | Trouble::FlowStepShutOut | Trouble::FlowOperation => self.trouble,
            _ => Trouble::FlowSetupFailed,
        }
    }
}

impl Verification {
    /// What a step sends, with what its flow holds.
    pub(super) fn planned(&self, step: &PlannedStep, held: &Held) -> Plan {
        step.plan(&self.target, &held.variables(&self.variables), self.gates)
    }

    /// Sends a step, judges its answer where it is to be judged, and takes from it what later steps need.
    pub(super) async fn step(&self, step: &PlannedStep, held: &mut Held, departure: &Departure) -> Done {
        let sent = match self.planned(step, held) {
            Plan::Send(sent) => *sent,
            Plan::Skip(reason, why) => return step.not_sent(Outcome::Skipped(reason, why.clone()), &why),
            Plan::Fault(trouble, why) => return step.not_sent(Outcome::Errored(trouble, why.clone()), &why),
        };
        self.hide_credentials(&sent);
        if departure.waits(sleep(step.step.wait)).await.is_none() {
            return Done::called_off(None);
        }
        let until = step.step.until.as_ref();
        let again = until.filter(|_| is_safe(&sent.method));
        let (exchange, waited) = if let Some(until) = again {
            let holds = |answer: &Received| until.holds(answer, &self.budget);
            self.poll(&sent, step, (until, &holds), departure).await
        } else {
            let documented = |status| step.contract.response.status.shows(status);
            let exchange = self.wire.exchange(&sent, None, documented, departure).await;
            self.learn_from(&exchange, std::slice::from_ref(&step.contract));
            (exchange, Ok(()))
        };
        if exchange.called_off {
            return Done::called_off(None);
        }
        let shown = |what: &str| format!("{}, {} {}, {what}", step.label, sent.method, mask(&sent.url));
        let stumbled = exchange.stumbled;
        let answer = match &exchange.answer {
            Ok(answer) => answer.clone(),
            Err(broken) => {
                let how = match broken.delivery {
                    Delivery::NotSent => "could not be sent",
                    Delivery::MaybeSent => "was sent, and got no answer that counts",
                };
                let (id, remedy) = (broken.trouble.id(), broken.trouble.remedy());
                // In brackets: behind `token:` the next word would look like a credential.
                let why = broken.message.strip_prefix("not sent: ").unwrap_or(&broken.message);
                let text = shown(&format!("{how} ({id}): {why}; {remedy}"));
                let broke = Broke {
                    trouble: Trouble::FlowStepUnanswered,
                    is_unreached: is_unreached(broken.trouble),
                    ..step.broke(text, true)
                };
                let verdict = Some(self.verdict(step, &sent, exchange));
                return Done { verdict, broken: Some(broke), stumbled, called_off: false };
            }
        };
        let status = answer.status;
        let mut verdict = self.verdict(step, &sent, exchange);
        let documented = step.contract.response.status;
        // Another success than documented, of which people know, has done what the step is for.
        let is_known = |mismatch: &Mismatch| mismatch.rule == Rule::Status && mismatch.known.is_some();
        let done = documented.admits(status)
            || (200..300).contains(&status) && verdict.mismatches.iter().any(is_known);
        // Where people had the status weigh nothing its own verdict does not say it.
        let says = verdict.outcome != Outcome::Passed || !verdict.mismatches.is_empty();
        // What was made the clean-up must know, whatever else is wrong with the answer. Another success than these may
        // name what was there before, as where a service answers 200 instead of 201: that is nobody's to delete.
        let taken = if done || matches!(status, 201 | 202) {
            self.take(&step.step.capture, &answer, held)
        } else {
            Ok(())
        };
        let broken = (!done).then(|| {
            let broke = step.broke(shown(&format!("answered {status}, not {documented}")), says);
            let shut_out = matches!(status, 401 | 403);
            let trouble = if shut_out { Trouble::FlowStepShutOut } else { broke.trouble };
            Broke { trouble, ..broke }
        });
        let mut broken = broken.or_else(|| taken.err().map(|why| step.broke(shown(&why), false)));
        let ready = match (until, again, waited) {
            (Some(until), None, _) if broken.is_none() => {
                let asked = self.operation(step, until, (&sent, &answer), (held, departure)).await;
                let Some(asked) = asked.transpose() else { return Done::called_off(Some(verdict)) };
                asked
            }
            (Some(until), Some(_), Ok(())) => self.take(&until.capture, &answer, held).map_err(setup_failed),
            (_, _, waited) => waited.map_err(timed_out),
        };
        if let (Err((trouble, why)), None) = (ready, &broken) {
            let text = shown(&why);
            // The answer alone is no success where more was asked for, nor is a known failure of it all that broke.
            let is_told = matches!(verdict.outcome, Outcome::Passed | Outcome::Skipped(SkipReason::Known, _));
            if is_told {
                verdict.outcome = Outcome::Errored(trouble, text.clone());
            }
            broken = Some(Broke { trouble, ..step.broke(text, is_told) });
        }
        // What failed itself says it beside its mismatches: nobody else is to be blamed for it.
        if let Some(broke) = broken.as_mut().filter(|broke| !broke.is_told)
            && verdict.outcome == Outcome::Failed
            && step.role == Role::Judged
        {
            verdict.remark = Some(Remark::EndsItsFlow(broke.text.clone()));
            broke.is_told = true;
        }
        Done { verdict: Some(verdict), broken, stumbled, called_off: false }
    }

    /// The verdict of a step, judged or not.
    fn verdict(&self, step: &PlannedStep, sent: &Sent, exchange: Exchange) -> Verdict {
        let job = Job::new(sent.clone(), Arc::clone(&step.contract));
        let verdict = self.judged(&job, exchange).pop();
        verdict.unwrap_or_else(|| job.verdict(&step.contract, Outcome::Passed))
    }

    fn take(&self, wanted: &[Capture], answer: &Received, held: &mut Held) -> Result<(), String> {
        let mut missing = None;
        for capture in wanted {
            match capture.take(answer, &self.budget) {
                Ok(value) => {
                    if capture.is_credential() {
                        self.secrets.add(&capture.name, &value);
                    }
                    held.takes(&capture.name, value);
                }
                Err(why) => {
                    missing.get_or_insert(why);
                }
            }
        }
        missing.map_or(Ok(()), Err)
    }

    /// Sends a safe request again and again, until its answer is what is waited for or the time is up.
    async fn poll(
        &self,
        sent: &Sent,
        step: &PlannedStep,
        (until, holds): (&Until, &(dyn Fn(&Received) -> bool + Sync)),
        departure: &Departure,
    ) -> (Exchange, Result<(), String>) {
        let start = Instant::now();
        loop {
            let exchange = self.wire.exchange(sent, None, |_| false, departure).await;
            self.learn_from(&exchange, std::slice::from_ref(&step.contract));
            let Ok(answer) = &exchange.answer else { return (exchange, Ok(())) };
            if holds(answer) {
                return (exchange, Ok(()));
            }
            let left = until.timeout.saturating_sub(start.elapsed());
            if left.is_zero() {
                let last = until.instead(answer, &self.budget);
                let (shown, timeout) = (until.shown(), until.timeout);
                let why = format!("was not answered {shown} within {timeout:?}: the last answer was {last}");
                return (exchange, Err(why));
            }
            if departure.waits(sleep(until.every.min(left))).await.is_none() {
                return (Exchange { called_off: true, ..exchange }, Ok(()));
            }
        }
    }

    /// Asks after the operation that an answer with 202 names, until it is where it is waited for; none where the run
    /// ends before.
    async fn operation(
        &self,
        step: &PlannedStep,
        until: &Until,
        (sent, answer): (&Sent, &Received),
        (held, departure): (&mut Held, &Departure),
    ) -> Result<Option<()>, (Trouble, String)> {
        let not_asked = |why: String| (Trouble::FlowOperation, why);
        let location = ["operation-location", "location"].iter().find_map(|name| answer.headers.get(name));
        let (202, Some(location)) = (answer.status, location) else {
            // It cannot be sent again: then it is as it was answered.
            if until.holds(answer, &self.budget) {
                return self.take(&until.capture, answer, held).map(Some).map_err(setup_failed);
            }
            return Err(setup_failed(format!(
                "was not answered {}, but {}, and names no operation to ask after (202 with Location)",
                until.shown(),
                until.instead(answer, &self.budget)
            )));
        };
        let variables = held.variables(&self.variables);
        let asked = polled::request(&self.target, &step.contract, location).map_err(not_asked)?;
        let asked = match plan_of(step.author, &asked, &self.target, &variables, self.gates) {
            // Whoever began it may know of it, and perhaps nobody else.
            Plan::Send(asked) => Sent { identity: sent.identity.clone(), ..*asked },
            Plan::Skip(_, why) | Plan::Fault(_, why) => {
                return Err(not_asked(format!("names an operation that is not asked after: {why}")));
            }
        };
        let holds = |answer: &Received| until.holds_of_operation(answer, &self.budget);
        let (exchange, waited) = self.poll(&asked, step, (until, &holds), &departure.another()).await;
        if exchange.called_off {
            return Ok(None);
        }
        let whose = |why: &str| format!("names the operation {}, which {why}", mask(&asked.url));
        waited.map_err(|why| {
            // It did answer otherwise than 202, and that is not what was waited for.
            let broke = |answer: &&Received| answer.status >= 400 && until.status.is_none();
            let instead = exchange.answer.as_ref().ok().filter(broke);
            let instead = instead.map(|answer| until.instead(answer, &self.budget));
            let still = |instead| format!("still answered {instead} after {:?}", until.timeout);
            timed_out(whose(&instead.map_or(why, still)))
        })?;
        match &exchange.answer {
            Ok(answer) => {
                let taken = self.take(&until.capture, answer, held);
                taken.map(Some).map_err(|why| setup_failed(whose(&why)))
            }
            Err(broken) => {
                let (id, remedy) = (broken.trouble.id(), broken.trouble.remedy());
                let message = broken.message.strip_prefix("not sent: ").unwrap_or(&broken.message);
                let why = whose(&format!("could not be asked ({id}): {message}; {remedy}"));
                Err((Trouble::FlowStepUnanswered, why))
            }
        }
    }
}

/// It did not come in time.
fn timed_out(why: String) -> (Trouble, String) {
    (Trouble::FlowTimeout, why)
}

/// It cannot come.
fn setup_failed(why: String) -> (Trouble, String) {
    (Trouble::FlowSetupFailed, why)
}

impl PlannedStep {
    /// It did not do what it was for. Only of what is judged there is a verdict to say so.
    fn broke(&self, text: String, is_told: bool) -> Broke {
        let is_told = is_told && self.role == Role::Judged;
        Broke { trouble: Trouble::FlowSetupFailed, text, is_told, is_unreached: false }
    }

    fn not_sent(&self, outcome: Outcome, why: &str) -> Done {
        let request = &self.contract.request;
        let text = format!("{}, {} {}, was not sent: {why}", self.label, request.method, mask(&request.url));
        let broken = self.broke(text, true);
        let verdict = (self.role == Role::Judged).then(|| held_back(&self.contract, outcome));
        Done { verdict, broken: Some(broken), stumbled: false, called_off: false }
    }
}
