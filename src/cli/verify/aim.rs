//! Where requests go, as people say it: a URL, or a name of faithful.toml.

use crate::config::{Config, FILE, NamedTarget, nearest};
use crate::contract::Contract;
use crate::contract::url::{DocumentedUrl, without_prefix};
use crate::replay::target::{TargetUrl, normal_origin};
use crate::suite::Suite;
use crate::verify::Verifier;
use std::collections::BTreeSet;

/// Whether a target is meant by its name: a URL has a scheme, and where the file names none at least a dot or a colon.
pub(super) fn is_name(target: &str, config: &Config) -> bool {
    !target.contains("://") && (!config.target.is_empty() || !target.contains(['.', ':', '/', '@']))
}

/// A target of faithful.toml by its name.
pub(super) fn known_target<'c>(name: &str, config: &'c Config) -> Result<&'c NamedTarget, String> {
    let known = || config.target.keys().map(String::as_str);
    config.target.get(name).ok_or_else(|| match nearest(name, known()) {
        Some(meant) => format!("no target is called {name}; did you mean {meant}?"),
        None if config.target.is_empty() => format!(
            "no target is called {name}, and there is no [target.{name}] in a {FILE} here; give a URL, such as \
             https://staging.example.com/api"
        ),
        None => format!(
            "no target is called {name} in {FILE}; there are {}",
            known().collect::<Vec<_>>().join(", ")
        ),
    })
}

/// A target of faithful.toml.
pub(super) fn named_target(name: &str, named: &NamedTarget) -> Result<Verifier, String> {
    let wrong = |error| format!("[target.{name}] cannot be used: {error}");
    let mut verifier = Verifier::target(&named.url).map_err(wrong)?;
    for (origin, entry) in &named.map {
        verifier = verifier.map(origin, &entry.url).map_err(wrong)?;
        if entry.auth {
            verifier = verifier.trust(&entry.url).map_err(wrong)?;
        }
    }
    Ok(match &named.strip_prefix {
        Some(prefix) => verifier.strip_prefix(prefix),
        None => verifier,
    })
}

/// What a target is told of that is given by its URL, while the file knows it by a name: what stands under the name is
/// used under the name alone, for a login goes where it was meant to go. None where flags say all of it.
pub(super) fn namesake(url: &str, config: &Config, is_said: &dyn Fn(&str) -> bool) -> Option<String> {
    let url = TargetUrl::parse(url).ok()?;
    let own = |named: &NamedTarget| TargetUrl::parse(&named.url).ok();
    let is_written_so = |named: &NamedTarget| own(named).is_some_and(|own| own.as_str() == url.as_str());
    let is_the_same = |named: &NamedTarget| own(named).is_some_and(|own| own.is_the_same_as(&url));
    let mut all = config.target.iter();
    let written_so = all.clone().find(|(_, named)| is_written_so(named));
    let (name, named) = written_so.or_else(|| all.find(|(_, named)| is_the_same(named)))?;
    let settings = [
        ("auth", named.auth.is_some()),
        ("headers", !named.headers.is_empty()),
        ("accounts", !named.accounts.is_empty()),
        ("strip_prefix", named.strip_prefix.is_some()),
        ("map", !named.map.is_empty()),
        ("ca_cert", named.ca_cert.is_some()),
        ("proxy", named.proxy.is_some()),
        ("mutating", named.mutating),
    ];
    let unused = settings.into_iter().filter(|(setting, is_there)| *is_there && !is_said(setting));
    let unused: Vec<&str> = unused.map(|(setting, _)| setting).collect();
    (!unused.is_empty()).then(|| {
        format!(
            "{} is the url of [target.{name}] of {FILE}; what that says besides ({}) is used with --target {name} alone",
            url.as_str(),
            unused.join(", ")
        )
    })
}

/// What is said of where documented URLs go.
pub(super) struct Aims<'a> {
    pub(super) map: &'a [(String, String)],
    pub(super) strip_prefix: Option<&'a str>,
}

impl Aims<'_> {
    /// What is of no use, mostly since it is misspelled.
    pub(super) fn useless(&self, suite: &Suite) -> Vec<String> {
        self.maps(suite).chain(self.prefix(suite)).collect()
    }

    /// A `--map` for whose origin no contract is documented.
    fn maps(&self, suite: &Suite) -> impl Iterator<Item = String> {
        let origin =
            |contract: &Contract| DocumentedUrl::new(&contract.request.url).origin.map(normal_origin);
        let known: BTreeSet<String> = suite.contracts().filter_map(origin).collect();
        let there: Vec<&str> = known.iter().map(String::as_str).collect();
        let there = match there.as_slice() {
            [] => "none has an origin".to_owned(),
            there => format!("there are {}", there.join(", ")),
        };
        let unknown = self.map.iter().filter(move |(origin, _)| !known.contains(&normal_origin(origin)));
        unknown.map(move |(origin, _)| {
            format!("--map {origin}: no contract is documented for this origin; {there}")
        })
    }

    /// A prefix that no documented path begins with. Of single files it need not be a matter.
    fn prefix(&self, suite: &Suite) -> Option<String> {
        if !suite.is_whole() {
            return None;
        }
        let prefix = self.strip_prefix.filter(|prefix| !prefix.trim_matches('/').is_empty())?;
        let path = |contract: &Contract| DocumentedUrl::new(&contract.request.url).path.to_owned();
        let paths: Vec<String> = suite.contracts().map(path).collect();
        let first = paths.first()?;
        let strips = |path: &String| without_prefix(path, prefix) != path;
        (!paths.iter().any(strips)).then(|| {
            format!("strip_prefix {prefix}: no documented path begins with it; the first is {first}")
        })
    }
}
