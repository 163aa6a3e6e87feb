//! The folder that the program runs in, and what its faithful.toml says: for every verb the same.

use crate::config::Config;
use std::cell::RefCell;
use std::path::PathBuf;

/// The folder that the program runs in.
pub(super) fn folder() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

/// What faithful.toml says, with the values of variables that it names; nothing where there is none.
pub(super) fn config(environment: &dyn Fn(&str) -> Option<String>) -> Result<Config, String> {
    Ok(Config::find(&folder(), environment).map_err(|error| error.to_string())?.unwrap_or_default())
}

/// Environment variables that faithful.toml names, and what they hold.
pub(super) type Read = Vec<(String, String)>;

/// What faithful.toml says, and all that was read for it from the environment.
pub(super) fn config_and_read(
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<(Config, Read), String> {
    let read = RefCell::new(Read::new());
    let config = config(&|name| {
        let value = environment(name)?;
        read.borrow_mut().push((name.to_owned(), value.clone()));
        Some(value)
    })?;
    Ok((config, read.into_inner()))
}

/// What a stranger's faithful.toml says: it asks for no variable of ours. What would come from one is a placeholder, and
/// a value with such a part is none.
pub(super) fn untrusted_config() -> Result<Config, String> {
    let (mut config, read) = config_and_read(&|name| Some(format!("{{{name}}}")))?;
    config.drop_variables(&|text| read.iter().any(|(_, part)| text.contains(part.as_str())));
    Ok(config)
}

/// A variable as it is written: for who needs none of the secrets that the file names, or must not have them.
#[expect(clippy::unnecessary_wraps, reason = "it stands for an environment, which may not have a variable")]
pub(super) fn unread(name: &str) -> Option<String> {
    Some(format!("${{{name}}}"))
}
