//! The folder that the program runs in, and what its faithful.toml says: for every verb the same.

use crate::config::Config;
use std::path::PathBuf;

/// The folder that the program runs in.
pub(super) fn folder() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

/// What faithful.toml says, with the values of variables that it names; nothing where there is none.
pub(super) fn config(environment: &dyn Fn(&str) -> Option<String>) -> Result<Config, String> {
    Ok(Config::find(&folder(), environment).map_err(|error| error.to_string())?.unwrap_or_default())
}

/// A variable as it is written: for who needs none of the secrets that the file names, or must not have them.
#[expect(clippy::unnecessary_wraps, reason = "it stands for an environment, which may not have a variable")]
pub(super) fn unread(name: &str) -> Option<String> {
    Some(format!("${{{name}}}"))
}
