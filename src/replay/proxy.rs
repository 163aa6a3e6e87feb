//! Which proxy stands between here and a target, and what it is called where it fails.

use super::target::TargetUrl;
use crate::secret::Secrets;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// The way to targets that are not this machine; to this one no proxy is ever asked.
#[derive(Debug, Clone, Default)]
pub enum Proxy {
    /// What the environment or the system says.
    #[default]
    System,
    /// Straight.
    None,
    /// Through this one.
    At(ProxyUrl),
}

/// A proxy that somebody named.
#[derive(Debug, Clone)]
pub struct ProxyUrl {
    url: SecretString,
    /// `host:port`
    place: String,
    /// Who named it: a flag, a file, a variable.
    source: String,
    /// Its user's password, if it has one.
    password: Option<SecretString>,
}

/// The proxy before a target.
#[derive(Debug)]
pub(super) struct Via {
    url: ProxyUrl,
    /// As the environment has it, where that is not part of the URL.
    authorization: Option<HeaderValue>,
}

impl ProxyUrl {
    /// Reads a proxy's URL; the error does not repeat it.
    pub fn parse(text: &str, source: &str) -> Result<ProxyUrl, String> {
        let wrong = || format!("{source}: give a URL such as http://proxy.example.com:3128, or none");
        let url = Url::parse(text.trim()).map_err(|_| wrong())?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(wrong());
        }
        let password = url.password().map(|password| {
            SecretString::from(
                percent_encoding::percent_decode_str(password).decode_utf8_lossy().into_owned(),
            )
        });
        let place = super::fault::authority(&url);
        Ok(ProxyUrl { url: String::from(url).into(), place, source: source.to_owned(), password })
    }

    /// Whether a user or a password is part of it.
    pub fn holds_a_login(&self) -> bool {
        self.password.is_some() || self.url.expose_secret().contains('@')
    }
}

impl Proxy {
    /// The proxy before this base, if there is one.
    pub(super) fn via(&self, base: &TargetUrl) -> Result<Option<Via>, String> {
        if base.is_loopback() {
            return Ok(None);
        }
        match self {
            Proxy::None => Ok(None),
            Proxy::At(url) => Ok(Some(Via { url: url.clone(), authorization: None })),
            Proxy::System => {
                let Ok(uri) = base.as_str().parse::<http::Uri>() else { return Ok(None) };
                let Some(found) = Matcher::from_system().intercept(&uri) else { return Ok(None) };
                let scheme = if base.is_https() { "HTTPS_PROXY" } else { "HTTP_PROXY" };
                let set = |name: &str| {
                    [name.to_owned(), name.to_lowercase()].iter().any(|name| std::env::var_os(name).is_some())
                };
                let source = if set(scheme) { scheme } else { "ALL_PROXY" };
                let url = ProxyUrl::parse(&found.uri().to_string(), source)?;
                Ok(Some(Via { url, authorization: found.basic_auth().cloned() }))
            }
        }
    }
}

impl Via {
    /// `the proxy 10.0.0.1:3128 (HTTPS_PROXY)`
    pub(super) fn shown(&self) -> String {
        format!("the proxy {} ({})", self.url.place, self.url.source)
    }

    /// As reqwest takes it.
    pub(super) fn proxy(&self) -> Result<reqwest::Proxy, String> {
        let wrong = |_| format!("{}: it is no proxy's URL", self.url.source);
        let proxy = reqwest::Proxy::all(self.url.url.expose_secret()).map_err(wrong)?;
        Ok(match &self.authorization {
            Some(value) => proxy.custom_http_auth(value.clone()),
            None => proxy,
        })
    }

    /// Has its password masked.
    pub(super) fn tell(&self, secrets: &Secrets) {
        if let Some(password) = &self.url.password {
            secrets.add("proxy-password", password.expose_secret());
        }
        let pair = self.authorization.as_ref().and_then(|value| value.to_str().ok());
        let pair = pair.and_then(|value| STANDARD.decode(value.strip_prefix("Basic ")?).ok());
        if let Some(pair) = pair.and_then(|pair| String::from_utf8(pair).ok()) {
            secrets.add("proxy-password", pair.split_once(':').map_or(&pair, |(_, password)| password));
            secrets.add("proxy-password", &pair);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("http://proxy.example:3128", Some("the proxy proxy.example:3128 (--proxy)"))]
    #[case("http://ann:canary@proxy.example", Some("the proxy proxy.example:80 (--proxy)"))]
    #[case("socks5://canary.example:1", None)]
    #[case("canary", None)]
    fn a_proxy_is_named_without_its_password(#[case] url: &str, #[case] shown: Option<&str>) {
        let base = TargetUrl::parse("http://service.example").unwrap();
        let via = ProxyUrl::parse(url, "--proxy").map(|url| Proxy::At(url).via(&base).unwrap().unwrap());
        match (via, shown) {
            (Ok(via), Some(shown)) => {
                assert_eq!(via.shown(), shown);
                assert!(!format!("{via:?}").contains("canary"));
            }
            (Err(error), None) => assert!(!error.contains("canary"), "{error}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn no_proxy_is_asked_for_this_machine() {
        let proxy = Proxy::At(ProxyUrl::parse("http://proxy.example:3128", "--proxy").unwrap());
        assert!(proxy.via(&TargetUrl::parse("http://127.0.0.1:1").unwrap()).unwrap().is_none());
        assert!(proxy.via(&TargetUrl::parse("http://localhost:1").unwrap()).unwrap().is_none());
    }
}
