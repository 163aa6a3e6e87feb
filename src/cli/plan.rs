//! `faithful plan`: what verify would send, in which order, and what is missing. Sends nothing.

mod settings;

use super::useless::meant;
use super::verify::{Verify, mean};
use super::{Exit, Shell};
use crate::report::{WITHOUT_LOGIN, known_note, visible, write_json};
use crate::suite::Suite;
use crate::verify::{FlowPlan, MissingPlan, Planning, RequestPlan};
use clap::{ArgMatches, Args};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Say what verify would send, in which order, what it would hold back, and what is missing; sends nothing
#[derive(Debug, Args)]
pub(super) struct Plan {
    #[command(flatten)]
    verify: Verify,
}

impl Plan {
    pub(super) fn run(self, shell: &mut Shell<'_, '_>, flags: Option<&ArgMatches>) -> Exit {
        let prepared = match self.verify.prepared(shell) {
            Ok(prepared) => prepared,
            Err(exit) => return exit,
        };
        let (planning, suite) = (prepared.verifier.plan(&prepared.suite), &prepared.suite);
        let settings = match (self.verify.reports().verbose, flags) {
            (true, Some(flags)) => settings::settings(flags, &prepared.config, shell),
            _ => Vec::new(),
        };
        for broken in suite.broken() {
            let text = format!("{}: {}: {}", broken.location, broken.trouble.id(), broken.message);
            shell.console.error(visible(&text));
        }
        let mut known = prepared.verifier.known_before(suite);
        mean(&meant(&prepared.config.known, suite), &mut known);
        for note in &known {
            shell.console.note(format_args!("warning: {}", known_note(note)));
        }
        let json = self.verify.reports().are_for_machines();
        let written = shell.console.result(|out| {
            if json {
                return write_json(&planning, out);
            }
            settings.iter().try_for_each(|line| writeln!(out, "{line}"))?;
            let detail = if self.verify.reports().verbose { Detail::All } else { Detail::Usual };
            text(&planning, (self.verify.jobs(), detail), out)?;
            writeln!(out, "{}", counts(&planning, suite))
        });
        let ended = self.exit(&planning, suite, written.is_ok());
        let skipped = planning.held_back.iter().filter(|held_back| held_back.outcome == "skipped").count();
        let weights = self.verify.weights();
        let complaints = weights
            .complaint(skipped, 0)
            .into_iter()
            .chain(weights.objection(prepared.warnings.len() + known.len()));
        complaints.fold(ended, |ended, complaint| {
            shell.console.error(complaint);
            ended.min(Exit::Mismatch)
        })
    }

    /// As verify would end where all that is sent is answered as documented.
    fn exit(&self, planning: &Planning, suite: &Suite, written: bool) -> Exit {
        let faults = planning.held_back.iter().any(|held_back| held_back.outcome == "errored");
        if faults || !suite.broken().is_empty() || suite.unreadable() > 0 {
            Exit::Unjudged
        } else if !written {
            Exit::Unwritten
        } else if planning.judged() == 0 && !self.verify.allows_nothing() {
            Exit::Nothing
        } else {
            Exit::Passed
        }
    }
}

/// How much is told of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// What is odd about whom it is sent as.
    Usual,
    /// All that it carries to be let in as well.
    All,
}

fn text(planning: &Planning, (jobs, detail): (usize, Detail), out: &mut dyn Write) -> io::Result<()> {
    let origin = planning.docs_origin.as_deref().map(|origin| format!(", for {}", visible(origin)));
    writeln!(out, "target {}{}", visible(&planning.target), origin.unwrap_or_default())?;
    planning.flows.iter().try_for_each(|plan| flow(plan, detail, out))?;
    if !planning.requests.is_empty() {
        writeln!(out, "\nby themselves, {jobs} at a time")?;
        planning.requests.iter().try_for_each(|plan| request(plan, detail, out))?;
    }
    if !planning.held_back.is_empty() {
        writeln!(out, "\nheld back")?;
    }
    for held_back in &planning.held_back {
        let about = format!("{} {}", held_back.method, held_back.url);
        let why = format!("{}: {}; {}", held_back.reason, held_back.message, held_back.remedy);
        writeln!(out, "  {}: {}: {}", visible(&held_back.id), visible(&about), visible(&why))?;
    }
    missing(&planning.missing, out)?;
    if !planning.suggested_flows.is_empty() {
        writeln!(out, "\nthese lines in faithful.toml would supply values")?;
    }
    for suggested in &planning.suggested_flows {
        writeln!(out)?;
        suggested.lines().try_for_each(|line| writeln!(out, "{}", visible(line)))?;
    }
    writeln!(out)
}

fn flow(plan: &FlowPlan, detail: Detail, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nflow {}", visible(&plan.name))?;
    plan.steps.iter().try_for_each(|step| request(step, detail, out))?;
    if !plan.clean_up.is_empty() {
        writeln!(out, "  in the end, whatever came before")?;
    }
    plan.clean_up.iter().try_for_each(|step| request(step, detail, out))
}

fn request(plan: &RequestPlan, detail: Detail, out: &mut dyn Write) -> io::Result<()> {
    let mut about: Vec<String> = Vec::new();
    about.extend((!plan.contracts.is_empty()).then(|| plan.contracts.join(", ")));
    about.extend(plan.prepares.as_ref().map(|id| format!("as {id}, not judged")));
    about.extend(plan.captures.iter().map(|(name, at)| format!("{name} = {at}")));
    about.extend(plan.until.as_ref().map(|until| format!("until {until}")));
    about.extend(plan.account.as_ref().map(|account| format!("as {account}")));
    about.extend(plan.without_login.then(|| WITHOUT_LOGIN.to_owned()));
    about.extend(plan.carries.iter().filter(|_| detail == Detail::All).cloned());
    let about = if about.is_empty() { String::new() } else { format!("  # {}", about.join("; ")) };
    writeln!(out, "  {:6} {}{}", visible(&plan.method), visible(&plan.url), visible(&about))
}

fn missing(missing: &[MissingPlan], out: &mut dyn Write) -> io::Result<()> {
    if !missing.is_empty() {
        writeln!(out, "\nmissing, as [variables] of faithful.toml or as --variable NAME=VALUE")?;
    }
    for one in missing {
        let of = format!("{}  # {} of {}", one.line, one.placeholder, one.contracts.join(", "));
        writeln!(out, "  {}", visible(&of))?;
        for supplier in &one.suppliers {
            let text = format!(
                "{} {} answers one at {}: {}",
                supplier.method, supplier.url, supplier.at, supplier.id
            );
            writeln!(out, "    {}", visible(&text))?;
        }
    }
    Ok(())
}

/// `9 contracts: 2 would be judged, 7 held back (needs-variable 7); 2 requests; nothing was sent`
fn counts(planning: &Planning, suite: &Suite) -> String {
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let (judged, held_back) = (planning.judged(), planning.held_back.len());
    let (contracts, requests) = (judged + held_back + suite.broken().len(), planning.requests());
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for held_back in &planning.held_back {
        *reasons.entry(held_back.reason).or_default() += 1;
    }
    let reasons: Vec<String> = reasons.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
    let reasons = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
    let broken = match suite.broken().len() {
        0 => String::new(),
        count => format!(", {count} unreadable"),
    };
    format!(
        "{contracts} contract{}: {judged} would be judged, {held_back} held back{reasons}{broken}; \
         {requests} request{}; nothing was sent",
        plural(contracts),
        plural(requests)
    )
}
