//! How strictly answers are judged: profile, rules by hand, what is denied and what is allowed.

use crate::config::{Config, nearest};
use crate::judge::rules::Rules;
use crate::verdict::{Effect, Level, Profile, Report, Rule, RuleByHand, SkipReason, Written};
use crate::verify::{Deny, Verifier};
use clap::Args;

/// What is promised.
#[derive(Debug, Args)]
#[command(next_help_heading = "Strictness")]
pub(super) struct Promised {
    /// What the answers are held against: service (by type), mock (by type, nothing left out or made up) or golden
    /// (literally) [default: service with --target, else golden]
    #[arg(long, value_name = "PROFILE", value_parser = profile)]
    pub(super) profile: Option<Profile>,
    #[command(flatten)]
    pub(super) by_hand: ByHand,
}

/// What people say of places, beside what the docs say.
#[derive(Debug, Args)]
#[command(next_help_heading = "Strictness")]
pub(super) struct ByHand {
    /// How strictly the places of a path are judged: exact, type, shape or ignore; counts after all [[rules]] of
    /// faithful.toml
    #[arg(long, value_name = "JSONPATH=LEVEL", value_parser = rule)]
    rule: Vec<RuleByHand>,
}

/// What weighs more or less than usual.
#[derive(Debug, Args)]
#[command(next_help_heading = "Strictness")]
pub(super) struct Weights {
    /// Fail where there is a mismatch of this rule, even a note; a warning of any rule (warnings); or a contract that was
    /// skipped (skipped)
    #[arg(long, value_name = "RULE|warnings|skipped", value_parser = denied)]
    deny: Vec<Denied>,
    /// Take mismatches of this rule for notes: shown, and no failure
    #[arg(long, value_name = "RULE", value_parser = allowed)]
    allow: Vec<Rule>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Denied {
    Skipped,
    Mismatches(Deny),
}

impl ByHand {
    /// The rules of the file, then those of the command line.
    pub(super) fn rules(&self, config: &Config) -> Result<Rules, String> {
        let rules = config.rules.iter().chain(&self.rule).cloned();
        Rules::new(rules).map_err(|error| error.to_string())
    }
}

impl Weights {
    /// Has a verifier weigh mismatches so.
    pub(super) fn weigh(&self, verifier: Verifier) -> Result<Verifier, String> {
        let both = |rule: &&Rule| self.deny.contains(&Denied::Mismatches(Deny::Rule(**rule)));
        if let Some(rule) = self.allow.iter().find(both) {
            return Err(format!("{} is denied and allowed: leave one of the two out", rule.name()));
        }
        let verifier = self.deny.iter().fold(verifier, |verifier, denied| match denied {
            Denied::Skipped => verifier,
            Denied::Mismatches(deny) => verifier.deny(*deny),
        });
        Ok(self.allow.iter().fold(verifier, |verifier, rule| verifier.allow(*rule)))
    }

    /// What fails a run where so many contracts are skipped.
    pub(super) fn complaint(&self, skipped: usize, known: usize) -> Option<String> {
        let denied = skipped > 0 && self.deny.contains(&Denied::Skipped);
        let beside = match known {
            0 => String::new(),
            1 => ", beside 1 known failure, which was sent and does not count".to_owned(),
            known => format!(", beside {known} known failures, which were sent and do not count"),
        };
        denied.then(|| format!("--deny skipped: {skipped} skipped{beside}"))
    }

    /// What fails a run that was warned of so much beside its verdicts: of flags and faithful.toml before anything is
    /// sent, and since.
    pub(super) fn objection(&self, warnings: usize) -> Option<String> {
        let plural = if warnings == 1 { "" } else { "s" };
        let denied = warnings > 0 && self.deny.contains(&Denied::Mismatches(Deny::Warnings));
        denied.then(|| format!("--deny warnings: {warnings} warning{plural} about the run as a whole"))
    }

    /// What fails a run beside its verdicts.
    pub(super) fn complaints(&self, report: &Report) -> Vec<String> {
        let denies = |denied| self.deny.contains(&denied);
        let summary = report.summary();
        // A known failure was sent and judged.
        let known = summary.skipped_by_reason.get(SkipReason::Known.name()).copied().unwrap_or_default();
        let (skipped, unmatched) = (summary.skipped - known, report.unmatched.len());
        let mut complaints = Vec::from_iter(self.complaint(skipped, known));
        complaints.extend(self.objection(report.warnings.len()));
        if unmatched > 0 && denies(Denied::Mismatches(Deny::Warnings)) {
            complaints.push(format!("--deny warnings: {unmatched} of the rules by hand matched nothing"));
        }
        if !report.known.is_empty() && denies(Denied::Mismatches(Deny::Warnings)) {
            let known = report.known.len();
            complaints
                .push(format!("--deny warnings: {known} of the known failures expired, or fail no more"));
        }
        if !report.left_behind.is_empty() && denies(Denied::Mismatches(Deny::Warnings)) {
            let (left, plural) =
                (report.left_behind.len(), if report.left_behind.len() == 1 { "" } else { "s" });
            complaints.push(format!("--deny warnings: {left} clean-up{plural} failed"));
        }
        complaints
    }
}

pub(super) fn profile(name: &str) -> Result<Profile, String> {
    Profile::named(name).ok_or_else(|| unknown("profile", name, &Profile::ALL.map(Profile::name)))
}

/// `$.value[*].id=ignore`; a filter may hold further equals signs.
fn rule(text: &str) -> Result<RuleByHand, String> {
    let (at, level) = text.rsplit_once('=').ok_or("give JSONPATH=LEVEL, such as $.value[*].id=ignore")?;
    let names = Level::ALL.map(Level::name);
    let level = Level::named(level.trim()).ok_or_else(|| unknown("level", level.trim(), &names))?;
    let at = at.trim().to_owned();
    let rule = RuleByHand { contract: None, at, effect: Effect::Level(level), written: Written::Flag };
    Rules::new([rule.clone()]).map(|_| rule).map_err(|error| error.problem)
}

fn denied(name: &str) -> Result<Denied, String> {
    match name {
        "skipped" => Ok(Denied::Skipped),
        "warnings" => Ok(Denied::Mismatches(Deny::Warnings)),
        _ => named(name, &["warnings", "skipped"]).map(|rule| Denied::Mismatches(Deny::Rule(rule))),
    }
}

fn allowed(name: &str) -> Result<Rule, String> {
    named(name, &[])
}

fn named(name: &str, others: &[&'static str]) -> Result<Rule, String> {
    let known = || [&Rule::ALL.map(Rule::name), others].concat();
    Rule::named(name).ok_or_else(|| unknown("rule", name, &known()))
}

fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(meant) => format!("no {what} is called so; did you mean {meant}?"),
        None => format!("no {what} is called so; there are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("$.a=ignore", "$.a", Level::Ignore)]
    #[case("$[?@.a == 1].b = shape", "$[?@.a == 1].b", Level::Shape)]
    fn rules_on_the_command_line(#[case] text: &str, #[case] at: &str, #[case] level: Level) {
        let rule = rule(text).unwrap();
        assert_eq!((rule.at.as_str(), rule.effect), (at, Effect::Level(level)));
    }

    #[rstest]
    #[case("$.a", "give JSONPATH=LEVEL")]
    #[case("$.a=ignroe", "did you mean ignore?")]
    #[case("$.a==1", "there are exact, type, shape, ignore")]
    #[case("a=type", "not a JSONPath")]
    fn rules_that_cannot_be_used(#[case] text: &str, #[case] problem: &str) {
        let error = rule(text).unwrap_err();
        assert!(error.contains(problem), "{error}");
    }

    #[rstest]
    #[case("member-mising", "did you mean member-missing?")]
    #[case("warning", "did you mean warnings?")]
    fn an_unknown_rule_is_told_of_with_the_nearest(#[case] name: &str, #[case] hint: &str) {
        assert!(denied(name).unwrap_err().contains(hint));
    }
}
