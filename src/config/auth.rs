//! Who requests are sent as: `auth` and `headers` of a target, `[account.NAME]`, and where a map entry leads.
//!
//! The file says where secrets are, and holds none: what carries one names an environment variable or a file.

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// A text with `${NAME}` in it.
    Text(String),
    /// A file that holds it.
    File(PathBuf),
}

/// `[target.NAME.auth]`, and what an account has: at most one of the three.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginEntry {
    /// A bearer token.
    pub bearer: Option<SecretSource>,
    /// `user:password`
    pub basic: Option<SecretSource>,
    /// OAuth 2 client credentials.
    pub oauth: Option<OauthEntry>,
    /// Further fields of its requests.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// OAuth 2 client credentials (RFC 6749, 4.4).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OauthEntry {
    /// The token endpoint.
    pub token_url: String,
    /// The client's name.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretSource,
    /// What the token is to be good for.
    pub scope: Option<String>,
    /// For whom it is to be good.
    pub audience: Option<String>,
    /// Where the client's secret stands.
    #[serde(default)]
    pub client_auth: ClientAuth,
}

/// Where a client's secret stands in its request for a token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientAuth {
    /// In the field `Authorization`.
    #[default]
    Header,
    /// In the form.
    Body,
}

/// `auth` of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthEntry {
    /// An account by its name.
    Account(String),
    /// Its own.
    Login(Box<LoginEntry>),
}

/// Where a documented origin lives: a URL, or one that is shown the target's credentials as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapEntry {
    /// Its base URL.
    pub url: String,
    /// Whether it is shown the target's credentials.
    pub auth: bool,
}

/// `{ url = "…", auth = true }`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WholeMapEntry {
    url: String,
    #[serde(default)]
    auth: bool,
}

/// `{ file = "…" }`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InFile {
    file: PathBuf,
}

/// Reads what may be a text or a table. serde's own `untagged` would say of each mistake that nothing fits.
struct Either<T, U> {
    expected: &'static str,
    text: fn(String) -> T,
    table: fn(U) -> T,
}

impl<'de, T, U: Deserialize<'de>> Visitor<'de> for Either<T, U> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok((self.text)(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        U::deserialize(MapAccessDeserializer::new(map)).map(self.table)
    }
}

fn either<'de, D: Deserializer<'de>, T, U: Deserialize<'de>>(
    deserializer: D,
    expected: &'static str,
    text: fn(String) -> T,
    table: fn(U) -> T,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(Either { expected, text, table })
}

impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SecretSource, D::Error> {
        let expected = "a text with ${NAME} in it, or { file = \"…\" }";
        either(deserializer, expected, SecretSource::Text, |InFile { file }| SecretSource::File(file))
    }
}

impl<'de> Deserialize<'de> for AuthEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<AuthEntry, D::Error> {
        let expected = "the name of an account, or a table with bearer, basic or oauth";
        either(deserializer, expected, AuthEntry::Account, |login| AuthEntry::Login(Box::new(login)))
    }
}

impl<'de> Deserialize<'de> for MapEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<MapEntry, D::Error> {
        let expected = "a URL, or { url = \"…\", auth = true }";
        let plain = |url| MapEntry { url, auth: false };
        either(deserializer, expected, plain, |WholeMapEntry { url, auth }| MapEntry { url, auth })
    }
}

impl LoginEntry {
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), String> {
        let ways = [
            ("bearer", self.bearer.is_some()),
            ("basic", self.basic.is_some()),
            ("oauth", self.oauth.is_some()),
        ];
        let said: Vec<&str> = ways.iter().filter(|(_, said)| *said).map(|(name, _)| *name).collect();
        if said.len() > 1 {
            return Err(format!("it says {}: one is enough", said.join(" and ")));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use rstest::rstest;

    fn read(text: &str) -> Result<Config, String> {
        Config::parse(text, &|_| None).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn a_target_with_all_that_it_may_have() {
        let config = read(
            "[target.staging]\nurl = \"http://127.0.0.1\"\nca_cert = \"ca.pem\"\nproxy = \"none\"\n\
             auth = { basic = \"ann:${PASSWORD}\" }\n[target.staging.headers]\nX-Tenant = \"acme\"\n\
             [target.staging.map]\n\"https://a.test\" = \"http://127.0.0.1:1\"\n\
             \"https://b.test\" = { url = \"http://127.0.0.1:2\", auth = true }\n\
             [target.staging.accounts]\n\"Basic Ym9i…\" = \"bob\"\n\
             [account.bob]\nbearer = { file = \"bob.token\" }\n[target.live]\nurl = \"http://127.0.0.1\"\nauth = \"bob\"\n",
        )
        .unwrap();
        let (staging, live) = (&config.target["staging"], &config.target["live"]);
        let Some(AuthEntry::Login(login)) = &staging.auth else { panic!("{staging:?}") };
        assert_eq!(login.basic, Some(SecretSource::Text("ann:${PASSWORD}".into())), "read when it is used");
        assert_eq!(staging.map.values().map(|entry| entry.auth).collect::<Vec<_>>(), [false, true]);
        assert_eq!(staging.accounts["Basic Ym9i…"], "bob");
        assert_eq!(live.auth, Some(AuthEntry::Account("bob".into())));
        assert_eq!(config.account["bob"].bearer, Some(SecretSource::File("bob.token".into())));
    }

    #[rstest]
    #[case("[account.a]\nbaerer = \"x\"\n", "did you mean `bearer`?")]
    #[case("[account.a]\nbearer = 7\n", "expected a text with ${NAME} in it, or { file")]
    #[case("[account.a]\nbearer = { flie = \"x\" }\n", "did you mean `file`?")]
    #[case("[account.a.oauth]\ntoken_url = \"x\"\n", "missing field `client_id`")]
    #[case("[target.a]\nurl = \"x\"\nauth = { baerer = \"x\" }\n", "did you mean `bearer`?")]
    #[case("[target.a]\nurl = \"x\"\n[target.a.map]\nb = { auth = true }\n", "missing field `url`")]
    fn mistakes_are_named(#[case] text: &str, #[case] problem: &str) {
        let error = read(text).unwrap_err();
        assert!(error.contains(problem), "{error}");
    }
}
