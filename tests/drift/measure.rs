//! Judges every changed answer, and counts.

use crate::change::{Changes, Class, WAYS, Way};
use crate::exchange::Exchange;
use crate::tree::Tree;
use crate::{echoes, structure, values, wire};
use faithful::contract::Contract;
use faithful::json::Budget;
use faithful::judge::Judgement;
use faithful::message::{Received, Sent};
use faithful::verdict::Profile;
use std::fmt::Write;

/// What is said of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    Nothing,
    /// It passes, and something is told.
    Remark,
    Failure,
}

const CLASSES: [Class; 3] = [Class::Lawful, Class::Noticed, Class::Breaking];

/// The greatest part of the breaking changes that may be missed, and of the others that may be taken for something else.
const MISSED: f64 = 0.005;
const ALARMS: f64 = 0.005;
/// The greatest part of the lawful or noticeable changes of one kind.
const ALARMS_OF_ONE: f64 = 0.1;
/// So many misses and alarms are listed of each way.
const LISTED: usize = 20;

/// One way of changing, counted.
#[derive(Debug, Clone, Default)]
struct Count {
    changes: usize,
    /// Answers that were taken for what they are not, against a service.
    wrong: usize,
    /// How many fail in each profile.
    failures: [usize; 3],
    listed: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Measure {
    counts: Vec<Count>,
}

/// What the judge says.
pub(crate) fn judge(promise: &faithful::judge::Promise<'_>, sent: &Sent, received: Received) -> Said {
    match faithful::judge::judge(promise, sent, received, &Budget::default()) {
        judgement if !judgement.passes() => Said::Failure,
        Judgement::Judged { mismatches, .. } if mismatches.is_empty() => Said::Nothing,
        _ => Said::Remark,
    }
}

impl Measure {
    pub(crate) fn of(
        contracts: &[Contract],
        judge: impl Fn(&faithful::judge::Promise<'_>, &Sent, Received) -> Said + Sync,
    ) -> Measure {
        let exchanges: Vec<Exchange<'_>> = contracts.iter().map(Exchange::of).collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let one = |at: usize| -> Vec<Count> {
            let mut counts = vec![Count::default(); WAYS.len()];
            let others: Vec<&Tree> = exchanges
                .iter()
                .cycle()
                .skip(at + 1)
                .take(40)
                .filter_map(|other| other.body.as_ref())
                .collect();
            measure(&exchanges[at], &others, &judge, &mut counts);
            counts
        };
        let mut all: Vec<(usize, Vec<Count>)> = std::thread::scope(|scope| {
            let share = |thread: usize| {
                let (one, exchanges) = (&one, &exchanges);
                scope.spawn(move || {
                    (thread..exchanges.len()).step_by(threads).map(|at| (at, one(at))).collect::<Vec<_>>()
                })
            };
            let running: Vec<_> = (0..threads).map(share).collect();
            running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        all.sort_by_key(|(at, _)| *at);
        let mut counts = vec![Count::default(); WAYS.len()];
        for (_, of_one) in all {
            for (count, more) in counts.iter_mut().zip(of_one) {
                count.changes += more.changes;
                count.wrong += more.wrong;
                count.failures.iter_mut().zip(more.failures).for_each(|(sum, more)| *sum += more);
                let room = LISTED.saturating_sub(count.listed.len());
                count.listed.extend(more.listed.into_iter().take(room));
            }
        }
        Measure { counts }
    }

    fn of_class(&self, class: Class) -> impl Iterator<Item = (&'static Way, &Count)> {
        WAYS.iter().zip(&self.counts).filter(move |(way, _)| way.class == class)
    }

    pub(crate) fn changes(&self, class: Class) -> usize {
        self.of_class(class).map(|(_, count)| count.changes).sum()
    }

    /// How many of them are taken for what they are not.
    pub(crate) fn wrong(&self, class: Class) -> usize {
        self.of_class(class).map(|(_, count)| count.wrong).sum()
    }

    fn part(&self, class: Class) -> f64 {
        ratio(self.wrong(class), self.changes(class))
    }

    /// What falls short.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (class, most) in [(Class::Breaking, MISSED), (Class::Lawful, ALARMS), (Class::Noticed, ALARMS)] {
            if self.part(class) > most {
                faults.push(format!("{}, and at most {} % may be", self.sum(class), most * 100.0));
            }
        }
        // What is seldom must not go under in what is frequent.
        for (way, Count { changes, wrong, .. }) in WAYS.iter().zip(&self.counts) {
            let most = if way.class == Class::Breaking { MISSED } else { ALARMS_OF_ONE };
            if ratio(*wrong, *changes) > most {
                let name = way.name;
                faults.push(format!(
                    "{wrong} of {changes} are judged wrongly, and at most {} % may be: {name}",
                    most * 100.0
                ));
            }
        }
        // What never occurs is never measured.
        let idle = WAYS.iter().zip(&self.counts).filter(|(_, count)| count.changes == 0);
        faults.extend(idle.map(|(way, _)| format!("no answer can be changed so: {}", way.name)));
        faults
    }

    fn sum(&self, class: Class) -> String {
        let (wrong, changes, part) = (self.wrong(class), self.changes(class), self.part(class) * 100.0);
        let (what, how) = match class {
            Class::Breaking => ("breaking", "not seen"),
            Class::Lawful => ("lawful", "failed"),
            Class::Noticed => ("noticeable", "failed, or passed in silence"),
        };
        format!("{wrong} of {changes} {what} changes are {how}: {part:.3} %")
    }

    pub(crate) fn sums(&self) -> String {
        CLASSES.map(|class| self.sum(class) + "\n").concat()
    }

    /// All ways: how many changes there are, how many are taken wrongly against a service, and how many fail in each
    /// profile.
    pub(crate) fn table(&self) -> String {
        let mut text = String::new();
        for class in CLASSES {
            let title = format!("{class:?}");
            let _ = writeln!(text, "\n{title:<50} changes   wrong | fail: service    mock  golden");
            for (way, Count { changes, wrong, failures: [service, mock, golden], .. }) in self.of_class(class)
            {
                let name = way.name;
                let _ = writeln!(
                    text,
                    "{name:<50} {changes:>7} {wrong:>7} | {service:>13} {mock:>7} {golden:>7}"
                );
            }
        }
        text + "\n" + &self.sums()
    }

    /// Misses and alarms, each with its contract and its place, by the row of the rules' table that they are of.
    pub(crate) fn list(&self) -> String {
        let mut text = String::new();
        for (way, count) in WAYS.iter().zip(&self.counts).filter(|(_, count)| count.wrong > 0) {
            let Way { class, name, row } = way;
            let what = if *class == Class::Breaking { "missed" } else { "alarm or silence" };
            let _ = writeln!(text, "\n{what}: {name}: {} of {}; row: {row}", count.wrong, count.changes);
            count.listed.iter().for_each(|place| text.extend(["  ", place, "\n"]));
            let more = count.wrong - count.listed.len();
            if more > 0 {
                let _ = writeln!(text, "  and {more} more");
            }
        }
        text
    }
}

fn ratio(part: usize, all: usize) -> f64 {
    let float = |figure: usize| f64::from(u32::try_from(figure).unwrap());
    float(part) / float(all.max(1))
}

/// Counts what becomes of one documented answer.
fn measure(
    exchange: &Exchange<'_>,
    others: &[&Tree],
    judge: &(impl Fn(&faithful::judge::Promise<'_>, &Sent, Received) -> Said + Sync),
    counts: &mut [Count],
) {
    let promises = Profile::ALL.map(|profile| faithful::judge::compile(exchange.contract, profile));
    let mut each = |way: usize, place: &str, served: Received| {
        let said = promises.each_ref().map(|promise| judge(promise, &exchange.sent, served.clone()));
        let count = &mut counts[way];
        count.changes += 1;
        for (sum, said) in count.failures.iter_mut().zip(said) {
            *sum += usize::from(said == Said::Failure);
        }
        let right = match WAYS[way].class {
            Class::Lawful => said[0] != Said::Failure,
            Class::Noticed => said[0] == Said::Remark,
            Class::Breaking => said[0] == Said::Failure,
        };
        if !right {
            count.wrong += 1;
            if count.listed.len() < LISTED {
                count.listed.push(format!("{} at {place:?}", exchange.contract.id));
            }
        }
    };
    let mut changes = Changes { exchange, each: &mut each };
    wire::changes(&mut changes, others);
    if let Some(body) = &exchange.body {
        values::changes(&mut changes, body);
        structure::changes(&mut changes, body);
        structure::types(&mut changes, body);
        echoes::changes(&mut changes, body);
    }
}
