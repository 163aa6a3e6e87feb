//! The judge, case by case: each file of `tests/judge/cases` is named as what it shows.
//!
//! A case holds a documented pair (members as in a contract file), what was sent where that is not what is documented
//! (`url`: the documented one, filled; `target`: the one that was sent), the answer, and what each profile says of
//! it: a list of mismatches, each by its severity with its rule, `at` where, and what else is telling; or
//! `errored` with why. Nothing else may be said. `"service mock": []` is silence in both. `rules` are rules by hand,
//! as faithful.toml has them; `unmatched` are those of them, by their positions, that match no place.
//!
//! A rule means the same at every depth. So a case whose bodies are JSON is judged three times: as it stands, three
//! objects deep, and as an element of an array; `wrap` says `depth` or `none` where that is another case.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "judge/case.rs"]
mod case;

use case::{Case, Trial};
use faithful::config::Config;
use faithful::judge::Judgement;
use faithful::verdict::{Mismatch, Rule, RuleByHand};
use rstest::rstest;
use std::path::PathBuf;

#[rstest]
fn holds(
    #[base_dir = "tests/judge/cases"]
    #[files("*.json")]
    file: PathBuf,
) {
    for trial in Case::read(&file).trials() {
        trial.check().unwrap_or_else(|wrong| panic!("{wrong}"));
    }
}

#[test]
fn every_case_file_is_run() {
    let files = std::fs::read_dir("tests/judge/cases").unwrap().count();
    assert_eq!(env!("FAITHFUL_JUDGE_CASES"), files.to_string());
}

/// Each rule that a mismatch of a case names, as `faithful.toml` would have it, accepts this mismatch, and no other but
/// those of the same place and below it.
#[rstest]
fn what_a_mismatch_names_accepts_it_and_nothing_else(
    #[base_dir = "tests/judge/cases"]
    #[files("*.json")]
    file: PathBuf,
) {
    for trial in Case::read(&file).trials() {
        let context = format!("{:?} {:?}", trial.profile(), trial.wrap());
        let (mismatches, more) = said(&trial, &[]);
        if more > 0 {
            continue;
        }
        let mut all = Vec::new();
        for mismatch in &mismatches {
            let Some(accept) = &mismatch.accept else {
                assert!(!has_rule(mismatch.rule), "{context}: nothing accepts {mismatch:#?}");
                continue;
            };
            let rules = as_written(&accept.to_toml());
            all.extend(rules.clone());
            let (left, _) = said(&trial, &rules);
            let same = |one: &Mismatch, two: &Mismatch| {
                (one.rule, &one.at, one.severity) == (two.rule, &two.at, two.severity)
            };
            assert!(
                !left.iter().any(|it| same(it, mismatch)),
                "{context}: {rules:?} does not accept {mismatch:#?}"
            );
            for other in mismatches.iter().filter(|other| !other.at.starts_with(&mismatch.at)) {
                assert!(
                    left.iter().any(|it| same(it, other)),
                    "{context}: {rules:?} also accepts {other:#?}"
                );
            }
        }
        // What one rule uncovers below a place that was passed over is accepted in turn.
        for _ in 0..4 {
            all.extend(
                said(&trial, &all)
                    .0
                    .iter()
                    .filter_map(|left| left.accept.as_ref())
                    .flat_map(|rule| as_written(&rule.to_toml())),
            );
        }
        let left = said(&trial, &all).0;
        assert!(left.iter().all(|mismatch| !has_rule(mismatch.rule)), "{context}: {all:#?} leaves {left:#?}");
    }
}

fn said(trial: &Trial, rules: &[RuleByHand]) -> (Vec<Mismatch>, usize) {
    match trial.judge(rules) {
        Judgement::Judged { mismatches, more, .. } => (mismatches, more),
        Judgement::Unjudgeable(..) => (Vec::new(), 0),
    }
}

fn as_written(toml: &str) -> Vec<RuleByHand> {
    Config::parse(toml, &|_| None).unwrap_or_else(|wrong| panic!("{wrong}\n{toml}")).rules
}

/// Whether rules by hand, which are of places of the body, can accept it.
fn has_rule(rule: Rule) -> bool {
    use Rule::{ContentType, Encoding, Framing, HeaderMissing, HeaderValue, Status};
    !matches!(rule, Status | ContentType | HeaderMissing | HeaderValue | Encoding | Framing)
}
