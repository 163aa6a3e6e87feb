//! Which credentials a run sends, in words that name their place and their variable, and never what they hold.

use super::AccessFlags;
use crate::config::{AuthEntry, FILE, LoginEntry, NamedTarget, SecretSource};

impl AccessFlags {
    /// `They are ${API_TOKEN}, of [target.staging] auth`
    pub(in crate::cli::verify) fn login(&self, named: Option<(&str, &NamedTarget)>) -> String {
        let flags = [("--bearer-env", &self.bearer_env), ("--user-env", &self.user_env)];
        let flag = flags.into_iter().find_map(|(flag, name)| Some(format!("${}, of {flag}", name.as_ref()?)));
        let filed = || {
            let (name, target) = named?;
            let place = format!("[target.{name}] auth in {FILE}");
            Some(match target.auth.as_ref()? {
                AuthEntry::Account(account) => format!("those of [account.{account}], by {place}"),
                AuthEntry::Login(login) => match sources(login) {
                    held if held.is_empty() => format!("those of {place}"),
                    held => format!("{}, of {place}", held.join(" and ")),
                },
            })
        };
        let fields = || {
            let place = named.filter(|(_, target)| !target.headers.is_empty());
            match place {
                _ if !self.header.is_empty() => Some("those of -H".to_owned()),
                Some((name, _)) => Some(format!("those of [target.{name}.headers] in {FILE}")),
                None => None,
            }
        };
        let none = || {
            let place =
                named.map_or("auth of a target".to_owned(), |(name, _)| format!("[target.{name}] auth"));
            format!("None are sent: give --bearer-env, --user-env, or {place} in {FILE}")
        };
        let sent = flag.or_else(filed).or_else(fields);
        sent.map_or_else(none, |said| format!("They are {said}"))
    }
}

/// The variables and files that hold a login.
fn sources(login: &LoginEntry) -> Vec<String> {
    let oauth = login.oauth.as_ref().map(|oauth| &oauth.client_secret);
    let all = [login.bearer.as_ref(), login.basic.as_ref(), oauth].into_iter().flatten();
    all.flat_map(|source| match source {
        SecretSource::Text(text) => variables(text),
        SecretSource::File(file) => vec![file.display().to_string()],
    })
    .collect()
}

/// The variables that a text names, without what else is in it.
fn variables(text: &str) -> Vec<String> {
    let names = text.split("${").skip(1).filter_map(|rest| rest.split_once('}'));
    names.map(|(name, _)| format!("${{{name}}}")).collect()
}

#[cfg(test)]
mod tests {
    use super::variables;

    #[test]
    fn variables_are_named_without_what_stands_around_them() {
        assert_eq!(variables("ann:${PASSWORD}x${MORE}"), ["${PASSWORD}", "${MORE}"]);
        assert!(variables("hunter2").is_empty());
    }
}
