//! `faithful explain`: what a contract promises, and which rule or inference made it so.

use super::judging::{ByHand, profile};
use super::list::absent;
use super::missing::of_pages;
use super::{Exit, Shell, here};
use crate::config::nearest;
use crate::contract::{Contract, ContractId};
use crate::judge::explain::{Choice, explain};
use crate::judge::rules::Rules;
use crate::report::{Explained, render_explanation, visible};
use crate::suite::Suite;
use crate::verdict::explanation::Explanation;
use crate::verdict::{Profile, RequestLine};
use crate::verify::documented;
use clap::Args;
use std::path::{Path, PathBuf};

/// Say what a contract promises, place by place, and which rule or inference made it so
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The contract's id, as `faithful list` prints it
    id: String,
    /// Contract files, folders or globs; or docs, which are read in memory [default: contracts/]
    #[arg(value_name = "CONTRACTS|DOCS")]
    paths: Vec<PathBuf>,
    /// Only the places of this path, and what they hold
    #[arg(long, value_name = "JSONPATH")]
    at: Option<String>,
    /// Where the pages are, to tell the lines that document a place
    #[arg(long, value_name = "DIR")]
    docs: Option<PathBuf>,
    /// What an answer is held against: service (by type), mock (by type, nothing left out or made up) or golden
    /// (literally)
    #[arg(long, value_name = "PROFILE", default_value = "service", value_parser = profile, help_heading = "Strictness")]
    profile: Profile,
    #[command(flatten)]
    by_hand: ByHand,
}

impl Explain {
    pub(super) fn run(self, shell: &mut Shell<'_, '_>) -> Exit {
        let asked = match self.asked(shell.environment) {
            Ok(asked) => asked,
            Err(error) => {
                shell.console.error(visible(&error));
                return Exit::Usage;
            }
        };
        let suite = match super::suite(&self.paths, shell.console) {
            Ok(suite) => suite,
            Err(exit) => return exit,
        };
        let Some(contract) = suite.get(&ContractId::new(&self.id)) else {
            return absent(&self.id, &suite, shell.console);
        };
        let explanation = explain(contract, self.profile, &asked.rules, asked.choice.as_ref());
        let explanation = match (&self.at, explanation.parts.is_empty()) {
            (Some(at), true) => match self.nearby(at, contract, &asked) {
                Ok(explanation) => explanation,
                Err(error) => {
                    shell.console.error(visible(&error));
                    return Exit::Usage;
                }
            },
            _ => explanation,
        };
        let explained = located(explanation, contract, &suite, asked.docs.as_deref());
        let written = shell.console.result(|out| render_explanation(explained, out));
        if written.is_ok() { Exit::Passed } else { Exit::Unwritten }
    }

    /// What flags and faithful.toml say.
    fn asked(&self, environment: &dyn Fn(&str) -> Option<String>) -> Result<Asked, String> {
        let config = here::config(environment)?;
        if let Some(docs) = self.docs.as_ref().filter(|docs| !docs.exists()) {
            return Err(of_pages("--docs", docs));
        }
        Ok(Asked {
            rules: self.by_hand.rules(&config)?,
            choice: self.at.as_deref().map(choice).transpose()?,
            docs: self.docs.clone().or_else(|| config.docs_path()),
        })
    }

    /// The places of a path that is of elements which the docs do not show; else which place may have been meant.
    fn nearby(&self, at: &str, contract: &Contract, asked: &Asked) -> Result<Explanation, String> {
        let every = of_every_element(at);
        if every != at {
            let explanation = explain(contract, self.profile, &asked.rules, Some(&choice(&every)?));
            if !explanation.parts.is_empty() {
                return Ok(explanation);
            }
        }
        let all = explain(contract, self.profile, &asked.rules, None);
        let known = all.parts.iter().map(|part| part.at.as_str()).filter(|known| known.starts_with('$'));
        let hint = match nearest(&every, known) {
            Some(meant) => format!("did you mean '{meant}'?"),
            None => format!("`faithful explain {}` tells all of them", self.id),
        };
        Err(format!("--at {at}: {} documents no such place; {hint}", self.id))
    }
}

/// With the places where it is documented.
fn located(explanation: Explanation, contract: &Contract, suite: &Suite, docs: Option<&Path>) -> Explained {
    let sites = explanation.parts.iter().map(|part| &part.site);
    let (source, lines) = documented(suite, docs, &contract.id, sites);
    let request = RequestLine { method: contract.request.method.clone(), url: contract.request.url.clone() };
    Explained { id: contract.id.to_string(), request, source, explanation, lines }
}

struct Asked {
    rules: Rules,
    choice: Option<Choice>,
    docs: Option<PathBuf>,
}

fn choice(path: &str) -> Result<Choice, String> {
    Choice::new(path).map_err(|error| format!("--{}", error.problem))
}

/// `$.value[3].id` as `$.value[*].id`: a service may answer more elements than the docs show.
fn of_every_element(path: &str) -> String {
    let mut every = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, inside)) = rest.split_once('[') {
        every.push_str(before);
        every.push('[');
        rest = inside;
        if let Some((index, _)) = inside.split_once(']')
            && !index.is_empty()
            && index.bytes().all(|byte| byte.is_ascii_digit())
        {
            every.push('*');
            rest = inside.get(index.len()..).unwrap_or_default();
        }
    }
    every + rest
}

#[cfg(test)]
mod tests {
    use super::of_every_element;
    use rstest::rstest;

    #[rstest]
    #[case("$.value[3].id", "$.value[*].id")]
    #[case("$['a'][0][12]", "$['a'][*][*]")]
    #[case("$.value[?@.a == 1]", "$.value[?@.a == 1]")]
    #[case("$.a", "$.a")]
    fn an_index_stands_for_every_element(#[case] path: &str, #[case] every: &str) {
        assert_eq!(of_every_element(path), every);
    }
}
