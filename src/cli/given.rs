//! Values that people give: by flags, by a file, by the environment, by faithful.toml; and which of them are of no use.

use super::values::pair;
use crate::config::{Config, FILE, nearest};
use crate::contract::url::{placeholders, segment_before};
use crate::contract::{Contract, ContractId};
use crate::message::{Body, Headers};
use crate::replay::flow::{Action, Flow};
use crate::replay::made_up::Source;
use crate::replay::variables::{Named, Spelling, Variables};
use crate::suite::Suite;
use clap::Args;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What the names of variables begin with in the environment.
pub(super) const ENVIRONMENT: &str = "FAITHFUL_VARIABLE_";

/// Values of placeholders.
#[derive(Debug, Args)]
#[command(next_help_heading = "Values")]
pub(super) struct Given {
    /// A value for a placeholder; SEGMENT.NAME for one behind that segment of a path. Also read from the environment:
    /// FAITHFUL_VARIABLE_NAME
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub(super) variable: Vec<(String, String)>,
    /// A file of such values, a line NAME=VALUE each
    #[arg(long, value_name = "FILE")]
    pub(super) variables_file: Option<PathBuf>,
}

impl Given {
    /// Flags before the file that they name, before the environment, before faithful.toml.
    pub(super) fn variables(
        &self,
        config: &Config,
        environment: &dyn Fn(&str) -> Vec<(String, String)>,
        source: &Source,
    ) -> Result<Variables, String> {
        let given = Variables::default()
            .or(Spelling::Exact, self.variable.iter().cloned().collect())
            .or(Spelling::Exact, self.variables_file.as_deref().map_or_else(|| Ok(Named::new()), read)?)
            .or(Spelling::Environment, environment(ENVIRONMENT).into_iter().collect());
        Ok(config.values(source, given))
    }

    /// What is of no use in a run, mostly since it is misspelled.
    pub(super) fn useless(&self, config: &Config, suite: &Suite) -> Vec<String> {
        let known = names(config, suite);
        let useless = self.variable.iter().filter(|(name, _)| !known.contains(name.as_str()));
        let variables = useless.map(|(name, _)| match nearest(name, known.iter().map(String::as_str)) {
            Some(meant) => format!("--variable {name} fills no placeholder; did you mean {meant}?"),
            None if known.is_empty() => format!("--variable {name} fills no placeholder; there is none"),
            None => format!("--variable {name} fills no placeholder"),
        });
        let replaces = |contract: &Contract| config.replace.iter().map(|one| one.applies(contract)).collect();
        let mut used = vec![false; config.replace.len()];
        for contract in suite.contracts() {
            let applies: Vec<bool> = replaces(contract);
            used.iter_mut().zip(applies).for_each(|(used, applies)| *used |= applies);
        }
        let unused = config.replace.iter().zip(used).filter(|(_, used)| !used);
        let replacements = unused
            .map(|(replacement, _)| format!("{}: nothing is there to be replaced", replacement.written));
        variables.chain(replacements.filter(|_| suite.is_whole())).collect()
    }
}

/// What is wrong with flows whose contracts are not all there: nothing where none of them is, since other folders have
/// contracts too; that is only told.
pub(super) fn check_flows(flows: &[Flow], suite: &Suite) -> Result<Vec<String>, String> {
    let known: BTreeSet<&str> = suite.ids().collect();
    let mut warnings = Vec::new();
    if !suite.is_whole() {
        return Ok(warnings);
    }
    for flow in flows {
        let is_known = |id: &ContractId| known.contains(id.as_str());
        let unknown = flow.all_steps().find_map(|step| match &step.action {
            Action::Contract(id) if !is_known(id) => Some((step.line, id)),
            Action::Contract(_) | Action::Request(_) => None,
        });
        let Some((line, id)) = unknown else { continue };
        let hint = match nearest(id.as_str(), known.iter().copied()) {
            Some(meant) => format!("did you mean {meant}?"),
            None => "`faithful list` prints all ids".to_owned(),
        };
        let text = format!("{FILE}: line {line}: no contract is called {id}; {hint}");
        if flow.contracts().any(is_known) {
            return Err(text);
        }
        warnings.push(text);
    }
    Ok(warnings)
}

/// A file of lines NAME=VALUE; empty ones, and those that begin with #, say nothing.
fn read(file: &Path) -> Result<Named, String> {
    let wrong = |what: &dyn std::fmt::Display| format!("--variables-file {}: {what}", file.display());
    let text = fs::read_to_string(file).map_err(|error| wrong(&error))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines =
        text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let pairs = lines
        .map(|(index, line)| pair(line).map_err(|error| wrong(&format_args!("line {}: {error}", index + 1))));
    pairs.collect()
}

/// All that a placeholder of the contracts, of flows and of replacements may be called.
fn names(config: &Config, suite: &Suite) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    suite.contracts().for_each(|contract| of_request(contract, &mut names));
    for step in config.flows.iter().flat_map(Flow::all_steps) {
        if let Action::Request(contract) = &step.action {
            of_request(contract, &mut names);
        }
    }
    config.replace.iter().for_each(|replacement| of_text(replacement.with.text(), &mut names));
    names
}

fn of_request(contract: &Contract, names: &mut BTreeSet<String>) {
    let request = &contract.request;
    for placeholder in placeholders(&request.url) {
        let segment = segment_before(request.url.get(..placeholder.span.start).unwrap_or_default());
        for name in placeholder.names {
            names.extend(segment.map(|segment| format!("{segment}.{name}")));
            names.insert(name.to_owned());
        }
    }
    let fields: &Headers = &request.headers;
    fields.iter().for_each(|(_, value)| of_text(value, names));
    match &request.body {
        Body::Json(json) => of_text(json.text(), names),
        Body::Text(text) => of_text(text, names),
        Body::None | Body::Base64(_) => {}
    }
}

fn of_text(text: &str, names: &mut BTreeSet<String>) {
    let found = placeholders(text).into_iter().flat_map(|placeholder| placeholder.names);
    names.extend(found.map(ToOwned::to_owned));
}
