//! faithful.toml: what a project says once, so that its people need not say it with every run.

mod auth;
mod duration;
mod flows;
mod known;
mod replace;
mod rules;
mod settings;
mod variables;
mod wrong;

use crate::contract::select::Selector;
use crate::replay::flow::Flow;
use crate::replay::replace::Replacement;
use crate::secret::mask;
use crate::source::line_column;
use crate::verdict::{KnownFailure, RuleByHand, Written};
use flows::FlowEntry;
use known::KnownEntry;
use replace::ReplaceEntry;
use rules::{RuleEntry, SkipEntry};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use toml::Spanned;

pub use auth::{AuthEntry, ClientAuth, LoginEntry, MapEntry, OauthEntry, SecretSource};
pub use duration::duration;
pub use settings::Setting;
pub use variables::{Made, Value};
pub use wrong::{ConfigError, Wrong};

/// The file's name.
pub const FILE: &str = "faithful.toml";

/// What a project's file says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// Where the pages are.
    pub docs: Docs,
    /// Services, by name.
    pub target: BTreeMap<String, NamedTarget>,
    /// Whom requests can be sent as, by name.
    pub account: BTreeMap<String, LoginEntry>,
    /// Values of placeholders.
    pub variables: BTreeMap<String, Value>,
    /// Rules by hand, in order.
    pub rules: Vec<RuleByHand>,
    /// Which contracts are not to be sent, and why.
    pub skip: Vec<Skip>,
    /// Failures that people know of.
    pub known: Vec<KnownFailure>,
    /// Literals of the docs that are replaced, in order.
    pub replace: Vec<Replacement>,
    /// What is sent in an order of its own.
    pub flows: Vec<Flow>,
    /// The values of the file as they are written, by the paths of their keys: `target.staging.url`.
    pub settings: BTreeMap<String, Setting>,
    /// The folder of the file, which its paths start from.
    pub folder: PathBuf,
    /// The way there from the folder that it was looked for in, which is the same wherever a project is checked out.
    pub way: PathBuf,
}

/// The file, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    docs: Docs,
    #[serde(default)]
    target: BTreeMap<String, NamedTarget>,
    #[serde(default)]
    account: BTreeMap<String, LoginEntry>,
    #[serde(default)]
    variables: BTreeMap<String, Value>,
    #[serde(default)]
    rules: Vec<Spanned<RuleEntry>>,
    #[serde(default)]
    skip: Vec<Spanned<SkipEntry>>,
    #[serde(default)]
    known: Vec<Spanned<KnownEntry>>,
    #[serde(default)]
    replace: Vec<Spanned<ReplaceEntry>>,
    #[serde(default)]
    flow: Vec<Spanned<FlowEntry>>,
}

/// `[docs]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Docs {
    /// A page or a folder of pages.
    pub path: Option<PathBuf>,
}

/// `[[skip]]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skip {
    /// The contracts that are not to be sent.
    pub these: Selector,
    /// Why they are not.
    pub reason: String,
    /// Its line in the file.
    pub line: u32,
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
    pub map: BTreeMap<String, MapEntry>,
    /// Whom requests are sent as.
    pub auth: Option<AuthEntry>,
    /// Further fields of its requests.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The accounts that documented credentials stand for.
    #[serde(default)]
    pub accounts: BTreeMap<String, String>,
    /// Its certificate authorities, in a PEM file.
    pub ca_cert: Option<PathBuf>,
    /// The proxy before it, or `none`.
    pub proxy: Option<String>,
    /// Whether requests that change its state may be sent.
    #[serde(default)]
    pub mutating: bool,
    /// Whether it is nobody's test bed: then nothing that changes its state is sent, whatever the flags say.
    #[serde(default)]
    pub production: bool,
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
        match inside.map(|folder| folder.join(FILE)).enumerate().find(|(_, file)| file.is_file()) {
            Some((up, file)) => {
                let config = Config::read(&file, environment)?;
                Ok(Some(Config { way: std::iter::repeat_n("..", up).collect(), ..config }))
            }
            None => Ok(None),
        }
    }

    /// Reads a file. `${NAME}` in its texts is an environment variable; nowhere else is one read.
    pub fn read(file: &Path, environment: &dyn Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
        let error = |wrong: Wrong| ConfigError { file: file.to_owned(), wrong };
        let text = fs::read_to_string(file).map_err(|wrong| error(wrong.to_string().into()))?;
        let config = Config::parse(&text, environment).map_err(error)?;
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Config { way: folder.clone(), folder, ..config })
    }

    /// Reads a file's text.
    pub fn parse(text: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Config, Wrong> {
        let document: Document = toml::from_str(text).map_err(|wrong| describe(text, &wrong))?;
        let mut config = document.config(text, environment)?;
        config.settings = settings::of(text);
        let known = &config.settings;
        let interpolate = |text: &mut String, path: &str| {
            fill(text, environment).map_err(|text| Wrong { place: settings::place_of(known, path), text })
        };
        for (name, target) in &mut config.target {
            interpolate(&mut target.url, &format!("target.{name}.url"))?;
            for (origin, entry) in &mut target.map {
                interpolate(&mut entry.url, &format!("target.{name}.map.{origin}"))?;
            }
        }
        for (name, value) in &mut config.variables {
            let path = format!("variables.{name}");
            value.texts().into_iter().try_for_each(|text| interpolate(text, &path))?;
            value.check(name).map_err(|text| Wrong { place: settings::place_of(known, &path), text })?;
        }
        Ok(config)
    }

    /// Where a key stands, `faithful.toml:7`; of a table its first key by name.
    pub fn place(&self, path: &str) -> String {
        let place = settings::place_of(&self.settings, path);
        place.map_or_else(|| FILE.to_owned(), |(line, _)| format!("{FILE}:{line}"))
    }

    /// Where the pages are, as a path from the current folder.
    pub fn docs_path(&self) -> Option<PathBuf> {
        self.docs.path.as_ref().map(|path| self.way.join(path))
    }
}

impl Document {
    /// What it says, in words that all wings speak.
    fn config(self, text: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Config, Wrong> {
        let place = |at: usize| line_column(text, at);
        let mut rules = Vec::with_capacity(self.rules.len());
        for entry in self.rules {
            let place = place(entry.span().start);
            let written = Written::File { file: FILE.to_owned(), line: place.0 };
            rules.push(entry.into_inner().rule(written).map_err(Wrong::at(place))?);
        }
        let mut skip = Vec::with_capacity(self.skip.len());
        for entry in self.skip {
            let place = place(entry.span().start);
            skip.push(entry.into_inner().skip(place.0).map_err(Wrong::at(place))?);
        }
        let mut known = Vec::with_capacity(self.known.len());
        for entry in self.known {
            let place = place(entry.span().start);
            let written = Written::File { file: FILE.to_owned(), line: place.0 };
            known.push(entry.into_inner().known(written).map_err(Wrong::at(place))?);
        }
        let mut replace = Vec::with_capacity(self.replace.len());
        for entry in self.replace {
            let place = place(entry.span().start);
            replace.push(entry.into_inner().replacement(place.0).map_err(Wrong::at(place))?);
        }
        let (mut flows, mut named) = (Vec::with_capacity(self.flow.len()), BTreeMap::new());
        for entry in self.flow {
            let at = place(entry.span().start);
            let is_account = |name: &str| self.account.contains_key(name);
            let flow = entry.into_inner().flow(at, &place, environment, &is_account)?;
            if let Some(first) = named.insert(flow.name.clone(), at.0) {
                return Err(Wrong::at(at)(flows::is_called_so_as_well(first, &flow.name)));
            }
            flows.push(flow);
        }
        let Document { docs, target, account, variables, .. } = self;
        let config = Config {
            docs,
            target,
            account,
            variables,
            rules,
            skip,
            known,
            replace,
            flows,
            ..Config::default()
        };
        Ok(config)
    }
}

/// `unknown field …; did you mean …?`: the error in one line, and of an unknown key the one that was meant. The line
/// itself is not repeated, for it may hold a secret.
fn describe(text: &str, error: &toml::de::Error) -> Wrong {
    let message = error.message().lines().collect::<Vec<_>>().join(", ");
    let place = error.span().map(|span| line_column(text, span.start));
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let meant = match quoted.split_first() {
        Some((unknown, known))
            if message.starts_with("unknown field") || message.starts_with("unknown variant") =>
        {
            nearest(unknown, known.iter().copied())
        }
        _ => None,
    };
    let meant = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
    Wrong { place, text: format!("{}{meant}", mask(&message)) }
}

/// Of what is known the one that somebody most likely meant.
pub fn nearest<'k>(unknown: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let likeness = known.map(|known| (strsim::normalized_damerau_levenshtein(unknown, known), known));
    let (likeness, name) = likeness.max_by(|(one, _), (two, _)| one.total_cmp(two))?;
    (likeness > 0.5).then_some(name)
}

/// Puts environment variables into a text; says so where one is not set.
fn fill(text: &mut String, environment: &dyn Fn(&str) -> Option<String>) -> Result<(), String> {
    let mut filled = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else { break };
        filled.push_str(before);
        let value = environment(name);
        filled.push_str(
            &value.ok_or_else(|| {
                format!("the environment variable {name} is not set; set it, or name another")
            })?,
        );
        rest = after;
    }
    filled.push_str(rest);
    *text = filled;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;
    use crate::verdict::{Effect, Level};
    use rstest::rstest;

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
        assert_eq!(config.variables["name"], Value::Text("$x".into()));
        assert!(config.docs_path().unwrap().ends_with("pages"));
    }

    #[test]
    fn mistakes_are_named_with_their_place_and_what_was_meant() {
        let error = read("[variables]\nid = \"7\"\n[target.staging]\nulr = \"x\"\n").unwrap_err();
        assert!(error.to_string().contains("faithful.toml:4:1: unknown"), "{error}");
        assert!(error.wrong.text.contains("did you mean `url`?"), "{error}");
        let error = read("[target.staging]\nurl = \"${NOBODY}\"\n").unwrap_err();
        assert!(
            error.to_string().contains("faithful.toml:2:1: the environment variable NOBODY is not set"),
            "{error}"
        );
    }

    #[test]
    fn rules_and_skips_come_with_their_lines() {
        let config = read(
            "[[rules]]\nat = \"$.a\"\nlevel = \"shape\"\n\n# later\n[[rules]]\ncontract = \"users/*\"\nat = \"$\"\n\
             equals = { a = [1, 2.50, \"x\"], b = 2021-07-01 }\n[[skip]]\nmethod = \"post\"\nreason = \"slow\"\n",
        )
        .unwrap();
        let file = |line| Written::File { file: FILE.to_owned(), line };
        let [one, two] = config.rules.as_slice() else { panic!("{config:?}") };
        assert_eq!((&one.written, &one.effect), (&file(1), &Effect::Level(Level::Shape)));
        let equals = Json::parse(r#"{"a": [1, 2.5, "x"], "b": "2021-07-01"}"#).unwrap();
        assert_eq!((&two.written, &two.effect), (&file(6), &Effect::Equals(equals)));
        assert_eq!(two.contract.as_deref(), Some("users/*"));
        let [Skip { these: selector, reason, .. }] = config.skip.as_slice() else { panic!("{config:?}") };
        assert!(selector.method.as_ref().unwrap().matches("POST"));
        assert_eq!(reason, "slow");
    }

    #[rstest]
    #[case("[[rules]]\nat = \"$\"\n", "1:1: this rule says nothing; give one of level, format")]
    #[case("\n[[rules]]\nat = \"$\"\nnull = \"ok\"\nextra = \"ok\"\n", "2:1: this rule says null and extra")]
    #[case("[[rules]]\nlevel = \"type\"\n", "missing field `at`")]
    #[case("[[rules]]\nat = \"$\"\nlevel = \"ignroe\"\n", "did you mean `ignore`?")]
    #[case("[[rules]]\nat = \"$\"\nlevle = \"type\"\n", "did you mean `level`?")]
    #[case("[[rules]]\nat = \"$\"\nabsent = \"yes\"\n", "3:10: ")]
    #[case("[[rules]]\nat = \"$\"\nequals = nan\n", "1:1: equals: JSON has no NaN")]
    #[case("[[skip]]\ncontract = \"a\"\n", "missing field `reason`")]
    #[case("[[skip]]\nreason = \"slow\"\n", "1:1: this entry skips everything")]
    #[case("[[skip]]\npath = \"/[\"\nreason = \"slow\"\n", "1:1: path: not a glob")]
    #[case("[[known]]\ncontract = \"a\"\n", "missing field `rule`")]
    #[case(
        "[[known]]\ncontract = \"a\"\nrule = \"tpye\"\nowner = \"a\"\nreason = \"b\"\nexpires = 2026-01-01\n",
        "1:1: rule: no rule is called tpye; did you mean type?"
    )]
    #[case(
        "[[known]]\ncontract = \"a\"\nrule = \"type\"\nowner = \"\"\nreason = \"b\"\nexpires = 2026-01-01\n",
        "1:1: owner: say who"
    )]
    #[case(
        "\n[[known]]\ncontract = \"a\"\nrule = \"type\"\nowner = \"a\"\nreason = \"b\"\nexpires = \"soon\"\n",
        "2:1: expires: give a day such as 2026-12-31"
    )]
    #[case("[[skip]]\npath = \"/\"\nreason = \" \"\n", "1:1: reason: say why")]
    fn entries_that_cannot_be_used_are_named(#[case] text: &str, #[case] problem: &str) {
        let error = read(text).unwrap_err();
        assert!(error.wrong.to_string().contains(problem), "{error}");
    }

    #[test]
    fn it_is_not_looked_for_beyond_the_repository() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join(FILE), "[docs]\n").unwrap();
        let inside = outside.path().join("repository/a/b");
        fs::create_dir_all(&inside).unwrap();
        fs::create_dir(outside.path().join("repository/.git")).unwrap();
        let none = |_: &str| None;
        assert!(Config::find(&inside, &none).unwrap().is_none());
        fs::write(outside.path().join("repository/faithful.toml"), "[docs]\n").unwrap();
        assert!(Config::find(&inside, &none).unwrap().is_some());
    }
}
