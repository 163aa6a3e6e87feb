//! Sends a flow: step by step, each with what the ones before it captured, and its clean-up at the end.

use super::care::Failures;
use super::flows::{PlannedFlow, PlannedStep, Role};
use super::held::Held;
use super::run::Verification;
use super::step::{Broke, Done};
use super::telling::tell;
use super::work::{given_up, held_back};
use crate::contract::ContractId;
use crate::replay::gate::{Author, Plan, missing};
use crate::replay::variables::Missing;
use crate::replay::{Departure, Ending};
use crate::secret::mask;
use crate::verdict::{LeftBehind, Outcome, RequestLine, SkipReason, Verdict};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

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
    /// How a step did not reach the target, where that is what ended the flow.
    pub(super) unreached: Option<String>,
}

/// Why nothing more of a flow is sent.
enum Stopped {
    /// A step did not do what it was for.
    Broken(Broke),
    /// The run ended early, for enough had failed where this says so.
    Interrupted(String),
}

impl Verification {
    /// What a step would send, as a plan shows it: `{name}` is what was not captured.
    fn shown(&self, step: &PlannedStep, held: &Held) -> RequestLine {
        let Plan::Send(sent) = step.plan(&self.target, &held.named(&self.variables), self.gates) else {
            return step.written();
        };
        let url = mask(&sent.url).replace("%7B", "{").replace("%7D", "}");
        RequestLine { method: sent.method, url }
    }

    /// Sends a flow until it is through, or the run is to end.
    pub(super) async fn flow(&self, flow: PlannedFlow, failures: &Failures) -> Ended {
        let mut end = failures.end();
        let (mut ended, mut held, mut stopped) = (Ended::default(), Held::default(), None);
        let mut has_begun = false;
        for step in &flow.steps {
            if stopped.is_none() && failures.is_to_end() {
                stopped = Some(Stopped::Interrupted(failures.said()));
            }
            if let Some(stopped) = &stopped {
                ended.verdicts.extend(step.unsent(stopped));
                held.passes(step, &Departure::default(), None);
                continue;
            }
            let departure = Departure::until(&end);
            let done = {
                let mut done = std::pin::pin!(self.step(step, &mut held, &departure));
                tokio::select! {
                    done = &mut done => Some(done),
                    () = is_interrupted(&mut end) => match flow.clean_up.as_slice() {
                        [] => None,
                        _ => timeout(MOMENT, done).await.ok(),
                    },
                }
            };
            held.passes(step, &departure, done.as_ref().and_then(Done::status));
            has_begun |= departure.has_left();
            match done {
                Some(done) if !done.called_off => {
                    has_begun = true;
                    ended.verdicts.extend(done.verdict.filter(|_| step.role == Role::Judged));
                    let unreached = done.broken.as_ref().filter(|broke| broke.is_unreached);
                    ended.unreached = unreached.map(|broke| broke.text.clone());
                    stopped = done.broken.map(Stopped::Broken);
                    // Others need not wait until the whole flow is through.
                    failures.note(ended.verdicts.last());
                }
                done => {
                    let why = failures.said();
                    // It may have failed before it was to be waited for.
                    let failed =
                        done.and_then(|done| done.verdict).filter(|it| it.outcome == Outcome::Failed);
                    let given_up = || given_up(&step.contract, departure.has_left(), &why);
                    ended
                        .verdicts
                        .extend((step.role == Role::Judged).then(|| failed.unwrap_or_else(given_up)));
                    stopped = Some(Stopped::Interrupted(why));
                }
            }
        }
        let (steps, mut cleaned) = (ended.verdicts.len(), 0);
        // What only waited for its turn has made nothing.
        let is_idle = matches!(stopped, Some(Stopped::Interrupted(_))) && !has_begun;
        let clean_up = if is_idle { &[] } else { flow.clean_up.as_slice() };
        let in_time = {
            let departure = Departure::of_clean_up(&end);
            let cleaning = async {
                for step in clean_up {
                    self.clean_up(step, &mut held, (stopped.as_ref(), &departure), &mut ended).await;
                    cleaned += 1;
                }
            };
            tokio::select! {
                () = cleaning => true,
                () = ends_soon(&mut end) => false,
            }
        };
        if !in_time {
            ended.left_behind.extend(clean_up.iter().skip(cleaned).map(|step| {
                let request = match self.planned(step, &held) {
                    Plan::Send(sent) => {
                        RequestLine { method: sent.method, url: mask(&sent.url).into_owned() }
                    }
                    _ => self.shown(step, &held),
                };
                step.left_behind(
                    request,
                    &format!("may not have been sent: it took longer than {CLEANING:?}"),
                )
            }));
        }
        let known: BTreeSet<ContractId> = ended.verdicts.iter().map(|verdict| verdict.id.clone()).collect();
        let lost = flow.clean_up.iter().filter(|step| !known.contains(&step.contract.id));
        let since = Stopped::Interrupted(failures.said());
        ended.verdicts.extend(lost.filter_map(|step| step.unsent(&since)));
        if let Some(Stopped::Broken(broke)) = &stopped {
            tell(broke, &mut ended.verdicts, steps);
        }
        ended
    }

    /// A step of the clean-up. What was not made needs none.
    async fn clean_up(
        &self,
        step: &PlannedStep,
        held: &mut Held,
        (stopped, departure): (Option<&Stopped>, &Departure),
        ended: &mut Ended,
    ) {
        let plan = self.planned(step, held);
        if let (Plan::Skip(SkipReason::NeedsVariable, _), Some(stopped)) = (&plan, stopped) {
            let lacking = missing(&step.contract, &held.variables(&self.variables));
            let lacking: Vec<String> = lacking.iter().map(Missing::shown).collect();
            let were = if lacking.len() == 1 { "was" } else { "were" };
            let why = format!("left out: {} {were} not captured", lacking.join(", "));
            // Where it may have been made all the same, somebody must look.
            let supposed = step.plan(&self.target, &held.supposed(&self.variables), self.gates);
            if !matches!(supposed, Plan::Skip(SkipReason::NeedsVariable, _)) {
                ended.left_behind.push(step.left_behind(self.shown(step, held), &format!("was {why}")));
            }
            ended.verdicts.extend(step.unsent_since(stopped, &why));
            held.passes(step, &Departure::default(), None);
            return;
        }
        if let Some((name, of)) = held.outdated_of(step, &self.variables) {
            let what = format!("knows an earlier {name} alone: that of {of} was not captured");
            ended.left_behind.push(step.left_behind(self.shown(step, held), &what));
        }
        let departure = departure.another();
        let done = self.step(step, held, &departure).await;
        let status = done.status();
        held.passes(step, &departure, status);
        let broken = done.broken.map(|broke| broke.text);
        if let Some(problem) = broken.filter(|_| !step.has_cleaned_up(status)) {
            let request = done.verdict.as_ref().and_then(|verdict| verdict.request.clone());
            let request = request.filter(|_| departure.has_left());
            let request = request.unwrap_or_else(|| self.shown(step, held));
            ended.left_behind.push(LeftBehind { label: step.label.clone(), request, problem });
        }
        ended.verdicts.extend(match (stopped, done.verdict) {
            // In the middle of a flow it may be answered otherwise than at its end: that is no mismatch.
            (Some(stopped), Some(verdict)) if verdict.outcome != Outcome::Passed => {
                let answered = status.map_or_else(String::new, |status| format!(", and answered {status}"));
                let left = if departure.has_left() { "sent" } else { "not sent" };
                step.unsent_since(stopped, &format!("{left} to clean up{answered}"))
            }
            (_, verdict) => verdict.filter(|_| step.role == Role::Judged),
        });
    }
}

/// Completes when a signal has come.
async fn is_interrupted(end: &mut watch::Receiver<Ending>) {
    let ends = end.wait_for(|end| *end == Ending::Now).await.is_ok();
    if !ends {
        std::future::pending::<()>().await;
    }
}

/// Completes a while after a signal has come.
async fn ends_soon(end: &mut watch::Receiver<Ending>) {
    is_interrupted(end).await;
    sleep(CLEANING).await;
}

impl Stopped {
    /// What is said of a contract that was not judged since, with what else became of it.
    fn outcome(&self, what: &str) -> Outcome {
        match self {
            Stopped::Broken(broke) if what.is_empty() => {
                Outcome::Errored(broke.for_others(), broke.text.clone())
            }
            Stopped::Broken(broke) => Outcome::Errored(broke.for_others(), format!("{}; {what}", broke.text)),
            Stopped::Interrupted(why) => {
                let what = if what.is_empty() { why } else { what };
                Outcome::Skipped(SkipReason::Interrupted, what.to_owned())
            }
        }
    }
}

impl PlannedStep {
    /// Its request, as the docs have it.
    pub(super) fn written(&self) -> RequestLine {
        let request = &self.contract.request;
        RequestLine { method: request.method.clone(), url: mask(&request.url).into_owned() }
    }

    /// Whether what it is to clean up is gone, by what it was answered. What is gone already is clean: a step before may
    /// have been its deletion. Any success of a page's deletion is one, where nothing more is waited for; of the user's own
    /// request it is what the user says.
    fn has_cleaned_up(&self, status: Option<u16>) -> bool {
        let any_success = self.author == Author::Page && self.step.until.is_none();
        match status {
            Some(404 | 410) => true,
            Some(200..300) => any_success,
            _ => false,
        }
    }

    /// What was not cleaned up since this step did not, in so many words.
    fn left_behind(&self, request: RequestLine, what: &str) -> LeftBehind {
        let problem = format!("{}, {} {}, {what}", self.label, request.method, request.url);
        LeftBehind { label: self.label.clone(), request, problem }
    }

    /// The verdict of a step that was not sent since the flow had stopped.
    fn unsent(&self, stopped: &Stopped) -> Option<Verdict> {
        self.unsent_since(stopped, "")
    }

    /// The same, with what else became of it.
    fn unsent_since(&self, stopped: &Stopped, what: &str) -> Option<Verdict> {
        (self.role == Role::Judged).then(|| held_back(&self.contract, stopped.outcome(what)))
    }
}
