//! faithful.toml: what a project says once, so that its people need not say it with every run.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The file's name.
pub const FILE: &str = "faithful.toml";

/// What a project's file says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the pages are.
    #[serde(default)]
    pub docs: Docs,
    /// Services, by name.
    #[serde(default)]
    pub target: BTreeMap<String, NamedTarget>,
    /// Values of placeholders.
    #[serde(default)]
    pub variables: BTreeMap<String, Value>,
    /// The folder of the file, which its paths start from.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// `[docs]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Docs {
    /// A page or a folder of pages.
    pub path: Option<PathBuf>,
}

/// `[target.NAME]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedTarget {
    /// Its base URL.
    pub url: String,
    /// Taken off documented paths.
    pub strip_prefix: Option<String>,
    /// Where other documented origins live.
    #[serde(default)]
    pub map: BTreeMap<String, String>,
    /// Whether requests that change its state may be sent.
    #[serde(default)]
    pub mutating: bool,
    /// Whether it is nobody's test bed: then nothing that changes its state is sent, whatever the flags say.
    #[serde(default)]
    pub production: bool,
}

/// A value: a text, or a number as people write it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "a text or a whole number")]
pub enum Value {
    /// As it is.
    Text(String),
    /// Without quotes.
    Number(i64),
}

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {problem}", .file.display())]
pub struct ConfigError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it, with line and column where it has one.
    pub problem: String,
}

impl Config {
    /// Looks for the file from a folder upwards, not beyond the root of its repository; outside a repository in the
    /// folder alone. None where there is none.
    pub fn find(
        start: &Path,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<Config>, ConfigError> {
        let root = start.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(start);
        let inside = start.ancestors().take_while(|folder| folder.starts_with(root));
        match inside.map(|folder| folder.join(FILE)).find(|file| file.is_file()) {
            Some(file) => Config::read(&file, environment).map(Some),
            None => Ok(None),
        }
    }

    /// Reads a file. `${NAME}` in its texts is an environment variable; nowhere else is one read.
    pub fn read(file: &Path, environment: &dyn Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
        let error = |problem: String| ConfigError { file: file.to_owned(), problem };
        let text = fs::read_to_string(file).map_err(|wrong| error(wrong.to_string()))?;
        let mut config: Config = toml::from_str(&text).map_err(|wrong| error(describe(&wrong)))?;
        file.parent().unwrap_or(Path::new("")).clone_into(&mut config.folder);
        let interpolate = |text: &mut String| {
            fill(text, environment)
                .map_err(|name| error(format!("the environment variable {name} is not set")))
        };
        for target in config.target.values_mut() {
            interpolate(&mut target.url)?;
            target.map.values_mut().try_for_each(interpolate)?;
        }
        for value in config.variables.values_mut() {
            if let Value::Text(text) = value {
                interpolate(text)?;
            }
        }
        Ok(config)
    }

    /// Where the pages are, as a path from the current folder.
    pub fn docs_path(&self) -> Option<PathBuf> {
        self.docs.path.as_ref().map(|path| self.folder.join(path))
    }
}

impl Value {
    /// The text that fills a placeholder.
    pub fn text(&self) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.to_string(),
        }
    }
}

/// The error with its place, and of an unknown key the one that was meant.
fn describe(error: &toml::de::Error) -> String {
    let text = error.to_string();
    let text = text.trim_end();
    let message = error.message();
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match quoted.split_first() {
        Some((unknown, known)) if message.starts_with("unknown field") => {
            match nearest(unknown, known.iter().copied()) {
                Some(meant) => format!("{text}\ndid you mean `{meant}`?"),
                None => text.to_owned(),
            }
        }
        _ => text.to_owned(),
    }
}

/// Of what is known the one that somebody most likely meant.
pub fn nearest<'k>(unknown: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let likeness = known.map(|known| (strsim::normalized_damerau_levenshtein(unknown, known), known));
    let (likeness, name) = likeness.max_by(|(one, _), (two, _)| one.total_cmp(two))?;
    (likeness > 0.5).then_some(name)
}

/// Puts environment variables into a text; the name of one that is not set.
fn fill(text: &mut String, environment: &dyn Fn(&str) -> Option<String>) -> Result<(), String> {
    let mut filled = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else { break };
        filled.push_str(before);
        filled.push_str(&environment(name).ok_or(name)?);
        rest = after;
    }
    filled.push_str(rest);
    *text = filled;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        fs::write(&file, text).unwrap();
        Config::read(&file, &|name| (name == "HOME_URL").then(|| "http://127.0.0.1".to_owned()))
    }

    #[test]
    fn a_whole_file() {
        let config = read(
            "[docs]\npath = \"pages\"\n[target.staging]\nurl = \"${HOME_URL}/api\"\nmutating = true\n\
             [target.staging.map]\n\"https://other.example\" = \"http://127.0.0.1:1\"\n[variables]\nid = 7\nname = \"$x\"\n",
        )
        .unwrap();
        assert_eq!(config.target["staging"].url, "http://127.0.0.1/api");
        assert_eq!(config.variables["id"].text(), "7");
        assert_eq!(config.variables["name"].text(), "$x");
        assert!(config.docs_path().unwrap().ends_with("pages"));
    }

    #[test]
    fn mistakes_are_named_with_their_place_and_what_was_meant() {
        let error = read("[variables]\nid = \"7\"\n[target.staging]\nulr = \"x\"\n").unwrap_err();
        assert!(error.problem.contains("line 4, column 1"), "{error}");
        assert!(error.problem.contains("did you mean `url`?"), "{error}");
        let error = read("[target.staging]\nurl = \"${NOBODY}\"\n").unwrap_err();
        assert!(error.problem.contains("NOBODY is not set"), "{error}");
    }

    #[test]
    fn it_is_not_looked_for_beyond_the_repository() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join(FILE), "[docs]\n").unwrap();
        let inside = outside.path().join("repository/a/b");
        fs::create_dir_all(&inside).unwrap();
        fs::create_dir(outside.path().join("repository/.git")).unwrap();
        let none = |_: &str| None;
        assert_eq!(Config::find(&inside, &none), Ok(None));
        fs::write(outside.path().join("repository/faithful.toml"), "[docs]\n").unwrap();
        assert!(Config::find(&inside, &none).unwrap().is_some());
    }
}
