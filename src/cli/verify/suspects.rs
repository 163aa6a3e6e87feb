//! Whether a run was kept out, or went to a place that is none.

use crate::verdict::{Outcome, Remark, Report, Rule, Verdict};

/// Whether three contracts in a row failed since they were not let in.
pub(super) fn suspects_credentials(report: &Report) -> bool {
    let shut_out =
        |verdict: &Verdict| verdict.outcome == Outcome::Failed && matches!(verdict.status, Some(401 | 403));
    let logged_in =
        |verdict: &&Verdict| verdict.status.is_some() && verdict.remark != Some(Remark::WithoutLogin);
    let sent: Vec<&Verdict> = report.verdicts.iter().filter(logged_in).collect();
    sent.windows(3).any(|three| three.iter().all(|verdict| shut_out(verdict)))
}

/// What is said where nothing was found, and the end of the target's path begins all that was sent behind it.
pub(super) fn suspects_prefix(report: &Report) -> Option<String> {
    let mut sent = report.verdicts.iter().filter(|verdict| verdict.status.is_some()).peekable();
    sent.peek()?;
    let base = report.target.trim_end_matches('/');
    let path = base.split_once("://").and_then(|(_, rest)| rest.get(rest.find('/')?..))?;
    let sent: Vec<&Verdict> = sent.collect();
    let is_lost = |verdict: &&Verdict| verdict.status == Some(404);
    // Where 404 is documented it is no sign, whatever else is wrong with the answer.
    let is_amiss = |verdict: &&Verdict| {
        verdict.mismatches.iter().any(|it| it.rule == Rule::Status && it.known.is_none())
    };
    if !sent.iter().all(is_lost) || !sent.iter().any(is_amiss) {
        return None;
    }
    let repeats = |verdict: &Verdict, end: &str| {
        let url = verdict.request.as_ref().map(|request| request.url.as_str());
        let behind = url.and_then(|url| url.strip_prefix(base)?.strip_prefix(end));
        behind.is_some_and(|behind| behind.is_empty() || behind.starts_with(['/', '?']))
    };
    let mut ends = path.match_indices('/').filter_map(|(at, _)| path.get(at..));
    let twice = ends.find(|end| sent.iter().all(|verdict| repeats(verdict, end)))?;
    Some(format!(
        "target.suspect: all was answered 404, and {twice} stands in the target's path and in the documented ones, so \
         that {path}{twice} was asked for: give --strip-prefix {twice}, or a target without it"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::ContractId;
    use crate::verdict::{Mismatch, Profile, RequestLine, Severity, Site, Why};
    use rstest::rstest;

    #[rstest]
    #[case::a_version("http://h/v1", &["http://h/v1/v1/a", "http://h/v1/v1"], 404, Some("/v1"))]
    #[case::the_longest("http://h/api/v1/", &["http://h/api/v1/api/v1/a?b"], 404, Some("/api/v1"))]
    #[case::its_end("http://h/api/v1", &["http://h/api/v1/v1/a"], 404, Some("/v1"))]
    #[case::not_all("http://h/v1", &["http://h/v1/v1/a", "http://h/v1/a"], 404, None)]
    #[case::no_segment("http://h/v1", &["http://h/v1/v12/a"], 404, None)]
    #[case::found("http://h/v1", &["http://h/v1/v1/a"], 500, None)]
    #[case::no_path("http://h", &["http://h/v1/a"], 404, None)]
    #[case::nothing_sent("http://h/v1", &[], 404, None)]
    fn a_prefix_that_stands_twice(
        #[case] target: &str,
        #[case] urls: &[&str],
        #[case] status: u16,
        #[case] twice: Option<&str>,
    ) {
        let mismatch = Mismatch {
            severity: Severity::Fail,
            rule: Rule::Status,
            at: String::new(),
            site: Site::Status,
            location: None,
            expected: None,
            actual: None,
            elements: None,
            why: Why::Shown,
            accept: None,
            known: None,
        };
        let verdict = |url: &&str| Verdict {
            status: Some(status),
            request: Some(RequestLine { method: "GET".into(), url: (*url).to_owned() }),
            mismatches: vec![mismatch.clone()],
            ..Verdict::unsent(ContractId::new("a"), Outcome::Failed)
        };
        let mut report = Report::of(target, Profile::Service, urls.iter().map(verdict).collect());
        let said = suspects_prefix(&report);
        assert_eq!(said.is_some(), twice.is_some(), "{said:?}");
        assert!(said.is_none_or(|said| said.contains(&format!("--strip-prefix {}, ", twice.unwrap()))));
        let mismatches = report.verdicts.iter_mut().flat_map(|verdict| &mut verdict.mismatches);
        mismatches.for_each(|mismatch| mismatch.rule = Rule::MemberMissing);
        assert_eq!(suspects_prefix(&report), None, "404 is documented");
    }
}
