//! Where each setting of a run comes from: a flag, the environment, faithful.toml with its line, or nobody.

use crate::cli::Shell;
use crate::cli::given::ENVIRONMENT;
use crate::config::{Config, FILE};
use crate::report::visible;
use crate::secret::mask;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command};

/// A line for each setting, flags first.
pub(super) fn settings(flags: &ArgMatches, config: &Config, shell: &Shell<'_, '_>) -> Vec<String> {
    let mut lines = vec!["settings".to_owned()];
    let said = |name: &str, value: &str, from: &str| {
        // As one text, so that a name that speaks of a secret hides its value.
        let text = mask(&format!("{name} = {value}")).into_owned();
        visible(&format!("  {text}  # {from}")).into_owned()
    };
    let command = super::Plan::augment_args(Command::new("plan"));
    for argument in command.get_arguments() {
        let id = argument.get_id().as_str();
        let values: Vec<String> =
            flags.get_raw(id).into_iter().flatten().map(|raw| raw.to_string_lossy().into_owned()).collect();
        let name = argument.get_long().unwrap_or(id);
        let from = match flags.value_source(id) {
            Some(ValueSource::CommandLine) if argument.get_long().is_some() => format!("--{name}"),
            Some(ValueSource::CommandLine) => "the command line".to_owned(),
            Some(ValueSource::EnvVariable) => {
                let variable = argument.get_env().map(|name| name.to_string_lossy().into_owned());
                format!("the environment: {}", variable.unwrap_or_default())
            }
            Some(ValueSource::DefaultValue) if values != ["false"] => "default".to_owned(),
            _ => continue,
        };
        lines.extend(values.iter().map(|value| said(name, value, &from)));
    }
    let mut environment = (shell.all_of)(ENVIRONMENT);
    environment.sort();
    lines.extend(environment.iter().map(|(name, value)| {
        said(&format!("variable {name}"), value, &format!("the environment: {ENVIRONMENT}{name}"))
    }));
    lines.extend(
        config
            .settings
            .iter()
            .map(|(name, setting)| said(name, &setting.text, &format!("{FILE}:{}", setting.line))),
    );
    lines.push(String::new());
    lines
}
