//! Values that people give: by flags, by a file, by the environment, by faithful.toml; and whether flows have their contracts.

use super::useless::{About, may_name_a_host};
use super::values::pair;
use crate::config::{Config, FILE, Value, nearest};
use crate::contract::ContractId;
use crate::replay::flow::{Action, Flow};
use crate::replay::made_up::Source;
use crate::replay::variables::{Named, Spelling, Variables, loose};
use crate::suite::Suite;
use clap::Args;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

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
    /// The names in that file. It is read once: a pipe has nothing for a second reader.
    #[arg(skip)]
    filed: OnceLock<Vec<String>>,
}

impl Given {
    /// Flags before the file that they name, before the environment, before faithful.toml.
    pub(super) fn variables(
        &self,
        config: &Config,
        environment: &dyn Fn(&str) -> Vec<(String, String)>,
        source: &Source,
    ) -> Result<Variables, String> {
        let filed = self.variables_file.as_deref().map_or_else(|| Ok(Named::new()), read)?;
        self.filed.get_or_init(|| filed.keys().cloned().collect());
        let given = Variables::default()
            .or(Spelling::Exact, self.variable.iter().cloned().collect())
            .or(Spelling::Exact, filed)
            .or(Spelling::Environment, environment(ENVIRONMENT).into_iter().collect());
        Ok(config.values(source, given))
    }
}

/// A name that is given a value: where, and how the name is spelled there.
pub(super) struct Valued {
    pub(super) said: String,
    pub(super) name: String,
    pub(super) spelling: Spelling,
}

impl Given {
    /// All names that are given a value, by whoever gives them: where the run is about a part of the pages by flags
    /// alone, since whatever stays from run to run may be for the others.
    pub(super) fn names(
        &self,
        environment: Vec<(String, String)>,
        config: &Config,
        about: About,
    ) -> Vec<Valued> {
        let exact =
            |said: String, name: &str| Valued { said, name: name.to_owned(), spelling: Spelling::Exact };
        let flags = self.variable.iter().map(|(name, _)| exact(format!("--variable {name}"), name));
        if about == About::Some {
            return flags.collect();
        }
        let filed = self.variables_file.iter().flat_map(|file| {
            let names = self.filed.get().into_iter().flatten();
            names.map(|name| exact(format!("{name} of --variables-file {}", file.display()), name))
        });
        let spelled = environment.into_iter().map(|(name, _)| {
            let said = format!("{ENVIRONMENT}{name} of the environment");
            Valued { said, name, spelling: Spelling::Environment }
        });
        // A value may be there for its host alone.
        let settings = config.variables.iter().filter(|(_, value)| !may_name_a_host(value));
        let settings = settings.filter(|(_, value)| !matches!(value, Value::Scope(_)));
        let settings = settings.map(|(name, _)| {
            exact(format!("{}: [variables] {name}", config.place(&format!("variables.{name}"))), name)
        });
        flags.chain(filed).chain(spelled).chain(settings).collect()
    }
}

impl Valued {
    /// Whether it is that of a placeholder.
    pub(super) fn is_of(&self, placeholder: &str) -> bool {
        match self.spelling {
            Spelling::Exact => self.name == placeholder,
            Spelling::Environment => loose(&self.name) == loose(placeholder),
        }
    }
}

/// What is wrong with flows whose contracts are not all there: nothing where none of them is, since other folders have
/// contracts too; that is only told.
pub(super) fn check_flows(flows: &[Flow], suite: &Suite) -> Result<Vec<String>, String> {
    let known: BTreeSet<&str> = suite.ids().collect();
    let (mut warnings, mut judged) = (Vec::new(), BTreeMap::new());
    if !suite.is_whole() {
        return Ok(warnings);
    }
    for flow in flows {
        let is_known = |id: &ContractId| known.contains(id.as_str());
        let unknown = flow.all_steps().find_map(|step| match &step.action {
            Action::Contract(id) if !is_known(id) => Some((step.line, id)),
            Action::Contract(_) | Action::Request(_) => None,
        });
        let Some((line, id)) = unknown else {
            warnings.extend(idle(flow, &mut judged));
            continue;
        };
        let hint = match nearest(id.as_str(), known.iter().copied()) {
            Some(meant) => format!("did you mean {meant}?"),
            None => "`faithful list` prints all ids".to_owned(),
        };
        let text = format!("{FILE}:{line}: no contract is called {id}; {hint}");
        if flow.contracts().any(is_known) {
            return Err(text);
        }
        warnings.push(text);
    }
    Ok(warnings)
}

/// What is said of a flow that is not sent, for it has nothing to judge: a contract is judged in the first flow that has
/// it, and only prepares the others, which is what people mean by it where these judge something as well.
fn idle<'f>(flow: &'f Flow, judged: &mut BTreeMap<&'f ContractId, &'f str>) -> Option<String> {
    let own: Vec<&ContractId> = flow.contracts().filter(|id| !judged.contains_key(id)).collect();
    let earlier: BTreeSet<&str> = flow.contracts().filter_map(|id| judged.get(id).copied()).collect();
    let earlier: Vec<&str> = earlier.into_iter().collect();
    let is_idle = own.is_empty();
    judged.extend(own.into_iter().map(|id| (id, flow.name.as_str())));
    let why = match earlier.as_slice() {
        [] => "it has no contract to judge; give it one, or take it out".to_owned(),
        [one] => format!(
            "the flow before it, {one}, judges all its contracts; take it out, or give it one of its own"
        ),
        more => format!(
            "the flows before it, {}, judge all its contracts; take it out, or give it one of its own",
            more.join(" and ")
        ),
    };
    let line = flow.all_steps().next()?.line;
    is_idle.then(|| format!("{FILE}:{line}: flow {} is not sent: {why}", flow.name))
}

/// A file of lines NAME=VALUE, without the blanks around both; empty lines, and those that begin with #, say nothing. A
/// # further on is a part of the value.
fn read(file: &Path) -> Result<Named, String> {
    let file_name = file.display();
    let wrong = |what: &dyn std::fmt::Display| format!("--variables-file {file_name}: {what}");
    let text = fs::read_to_string(file)
        .map_err(|error| wrong(&format_args!("{error}; name a file of lines NAME=VALUE")))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines = text
        .lines()
        .map(str::trim)
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let pair = |line: &str| pair(line).map(|(name, value)| (name, value.trim_start().to_owned()));
    let pairs = lines.map(|(index, line)| {
        pair(line).map_err(|error| format!("--variables-file {file_name}:{}: {error}", index + 1))
    });
    pairs.collect()
}
