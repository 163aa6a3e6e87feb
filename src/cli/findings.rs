//! `--deny` and `--allow`: which findings make a run fail, and which are silenced.

use crate::config::nearest;
use crate::finding::{Code, Finding, Severity};
use crate::report::{Level, Tally};
use clap::Args;

/// What findings mean for the end of a run.
#[derive(Debug, Default, Args)]
pub(super) struct Policy {
    /// Fail where there is a finding of this kind, any warning (warnings), or any finding at all (all); `faithful lint
    /// --help` lists the kinds
    #[arg(long, value_name = "KIND", value_parser = deny)]
    deny: Vec<Deny>,
}

/// Findings that are not shown.
#[derive(Debug, Default, Args)]
pub(super) struct Silence {
    /// Leave out findings of this kind, even where others are denied
    #[arg(long, value_name = "KIND", value_parser = allow)]
    allow: Vec<Code>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deny {
    All,
    Warnings,
    Kind(Code),
}

impl Policy {
    /// How grave a finding is in this run.
    pub(super) fn level(&self, code: Code) -> Level {
        let denies = |deny: &Deny| match deny {
            Deny::All => true,
            Deny::Warnings => code.severity() == Severity::Warning,
            Deny::Kind(denied) => *denied == code,
        };
        if self.deny.iter().any(denies) { Level::Denied } else { Level::Of(code.severity()) }
    }

    /// A kind that is denied by name and allowed as well; one of the two flags is a mistake.
    pub(super) fn contradiction(&self, silence: &Silence) -> Option<Code> {
        silence.allow.iter().copied().find(|code| self.deny.contains(&Deny::Kind(*code)))
    }
}

impl Silence {
    pub(super) fn silences(&self, finding: &Finding) -> bool {
        self.allow.contains(&finding.code)
    }
}

/// Counts findings by kind, and those that make the run fail.
pub(super) fn count(tally: &mut Tally, findings: &[Finding], policy: &Policy) {
    for finding in findings {
        *tally.findings.entry(finding.code).or_default() += 1;
        tally.denied += usize::from(policy.level(finding.code) == Level::Denied);
    }
}

fn deny(name: &str) -> Result<Deny, String> {
    match name {
        "all" => Ok(Deny::All),
        "warnings" => Ok(Deny::Warnings),
        _ => code(name, &["all", "warnings"]).map(Deny::Kind),
    }
}

/// What hides a page may hide any number of pairs, so it is never silenced.
fn allow(name: &str) -> Result<Code, String> {
    let code = code(name, &[])?;
    if code.is_unread_page() {
        return Err("a page that was not read may hide any number of pairs; leave it out of DOCS".to_owned());
    }
    Ok(code)
}

fn code(name: &str, words: &[&'static str]) -> Result<Code, String> {
    Code::of_name(name).ok_or_else(|| {
        let known = || Code::ALL.iter().map(|code| code.as_str()).chain(words.iter().copied());
        let there_are = || format!("there are {}", known().collect::<Vec<_>>().join(", "));
        let meant = nearest(name, known()).map(|meant| format!("did you mean {meant}?"));
        format!("no finding is called so; {}", meant.unwrap_or_else(there_are))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(&["all"], Code::BodyRepaired, Level::Denied)]
    #[case(&["warnings"], Code::BodyRepaired, Level::Of(Severity::Note))]
    #[case(&["warnings"], Code::UnpairedRequest, Level::Denied)]
    #[case(&["secret-like", "body-repaired"], Code::BodyRepaired, Level::Denied)]
    #[case(&["secret-like"], Code::UnpairedRequest, Level::Of(Severity::Warning))]
    #[case(&[], Code::UnpairedRequest, Level::Of(Severity::Warning))]
    fn levels(#[case] denied: &[&str], #[case] code: Code, #[case] level: Level) {
        let policy = Policy { deny: denied.iter().map(|name| deny(name).unwrap()).collect() };
        assert_eq!(policy.level(code), level);
    }

    #[rstest]
    #[case("unpaired-requst", "did you mean unpaired-request?")]
    #[case("warning", "did you mean warnings?")]
    #[case("x", ", all, warnings")]
    fn an_unknown_kind_is_told_of_with_the_nearest(#[case] name: &str, #[case] hint: &str) {
        assert!(deny(name).unwrap_err().ends_with(hint));
    }

    #[test]
    fn what_hides_a_page_cannot_be_allowed() {
        for code in Code::ALL {
            assert_eq!(allow(code.as_str()).is_err(), code.is_unread_page(), "{code}");
        }
    }
}
