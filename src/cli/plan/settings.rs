//! Where each setting of a run comes from: a flag, the environment, faithful.toml with its line, or nobody.

use crate::cli::Shell;
use crate::cli::given::ENVIRONMENT;
use crate::config::{Config, FILE};
use crate::report::visible;
use crate::secret::{MASK, is_authentication, mask};
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command};
use std::borrow::Cow;

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
    lines.extend(config.settings.iter().map(|(name, setting)| {
        let from = format!("{FILE}:{}", setting.line);
        let account = setting.text.trim_matches(['"', '\'']);
        match of_account(name).filter(|_| config.account.contains_key(account)) {
            Some(name) => visible(&format!("  {name} = {}  # {from}", mask(&setting.text))).into_owned(),
            _ if name.contains(".accounts.") => {
                said(of_account(name).as_deref().unwrap_or(name), MASK, &from)
            }
            None => said(name, &written(name, &setting.text), &from),
        }
    }));
    lines.push(String::new());
    lines
}

/// A key whose value is the name of an account, as it may be shown: what a page's credential is stays hidden.
fn of_account(path: &str) -> Option<Cow<'_, str>> {
    let rest = path.strip_prefix("target.")?;
    if let Some((target, _)) = rest.split_once(".accounts.") {
        return Some(Cow::Owned(format!("target.{target}.accounts.{MASK}")));
    }
    let target = rest.strip_suffix(".auth")?;
    (!target.contains(".headers")).then_some(Cow::Borrowed(path))
}

/// A value of the file as it is written. What a request logs in with is no more than the names of its variables: where
/// it is written out, which is an error once its target is used, it stays where it is.
fn written<'t>(path: &str, text: &'t str) -> Cow<'t, str> {
    let key = path.rsplit('.').next().unwrap_or_default();
    let logs_in = path.starts_with("target.") || path.starts_with("account.");
    let hides = match key {
        "bearer" | "basic" | "client_secret" => logs_in,
        _ => logs_in && path.contains(".headers.") && is_authentication(text.trim_matches(['"', '\''])),
    };
    if !hides {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    let mut rest = text.trim_matches(['"', '\'']);
    while let Some((start, end)) =
        rest.find("${").and_then(|at| Some((at, at + rest.get(at..)?.find('}')? + 1)))
    {
        shown.push_str(if start > 0 { MASK } else { "" });
        shown.push_str(rest.get(start..end).unwrap_or_default());
        rest = rest.get(end..).unwrap_or_default();
    }
    shown.push_str(if rest.is_empty() { "" } else { MASK });
    Cow::Owned(format!("\"{shown}\""))
}

#[cfg(test)]
mod tests {
    use super::{of_account, written};
    use rstest::rstest;

    #[rstest]
    #[case("target.a.auth", Some("target.a.auth"))]
    #[case("target.a.accounts.Basic Ym9iOnNlY3JldA==", Some("target.a.accounts.[REDACTED]"))]
    #[case("target.a.auth.bearer", None)]
    #[case("target.a.headers.auth", None)]
    #[case("variables.auth", None)]
    fn an_account_is_shown_and_what_stands_for_it_is_not(#[case] path: &str, #[case] shown: Option<&str>) {
        assert_eq!(of_account(path).as_deref(), shown);
    }

    #[rstest]
    #[case("target.a.auth.bearer", "\"literal\"", "\"[REDACTED]\"")]
    #[case("target.a.auth.basic", "'ann:literal'", "\"[REDACTED]\"")]
    #[case("account.a.basic", "\"ann:${PASSWORD}\"", "\"[REDACTED]${PASSWORD}\"")]
    #[case("account.a.oauth.client_secret", "\"${SECRET}\"", "\"${SECRET}\"")]
    #[case("target.a.headers.X-Custom", "\"Bearer literal\"", "\"[REDACTED]\"")]
    #[case("target.a.headers.Accept", "\"text/plain\"", "\"text/plain\"")]
    #[case("target.a.auth.bearer.file", "\"token.txt\"", "\"token.txt\"")]
    #[case("variables.basic", "\"plan\"", "\"plan\"")]
    fn what_a_request_logs_in_with_is_told_by_its_variables(
        #[case] path: &str,
        #[case] text: &str,
        #[case] shown: &str,
    ) {
        assert_eq!(written(path, text), shown);
    }
}
