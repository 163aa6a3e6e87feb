//! Where a request goes: scheme, host and port from the target alone, whatever a page says.
//!
//! Resolving text of a page against a base changes the host for `//evil`, `\\evil` or `/<TAB>/evil`; so the path
//! and the query are set one by one on a copy of the target, and its origin is asserted before anything is sent.

mod climb;
mod spelling;

use super::auth::Documented;
use crate::contract::url::{DocumentedUrl, without_prefix};
use crate::verdict::Trouble;
use climb::{is_dot_segment, may_climb};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::collections::BTreeMap;
use std::net::IpAddr;
use url::{Host, Url};

/// What a path must not hold as it is. `%` stays: the page may be encoded already.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
const QUERY: &AsciiSet = &PATH.remove(b'?').remove(b'[').remove(b']');

/// A base URL that requests may go to: no credentials, no query, no fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetUrl(Url);

/// Why a text is no target. Its text never holds what could be a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Not an absolute URL.
    #[error("not an absolute URL, such as https://staging.example.com/api")]
    NotAUrl,
    /// Another scheme.
    #[error("its scheme must be http or https, as in http://127.0.0.1:8080")]
    Scheme,
    /// User information would be a secret on the command line.
    #[error(
        "it must not hold a user name or a password; log in with --user-env VAR, or with auth in faithful.toml"
    )]
    UserInformation,
    /// A query cannot be a base.
    #[error("it must not hold a query; leave it out")]
    Query,
    /// Nor can a fragment.
    #[error("it must not hold a fragment; leave it out")]
    Fragment,
}

impl TargetUrl {
    /// Reads a base URL.
    pub fn parse(text: &str) -> Result<TargetUrl, TargetError> {
        let url = Url::parse(text.trim()).map_err(|_| TargetError::NotAUrl)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(TargetError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetError::UserInformation);
        }
        if url.query().is_some() {
            return Err(TargetError::Query);
        }
        if url.fragment().is_some() {
            return Err(TargetError::Fragment);
        }
        if url.host().is_none() {
            return Err(TargetError::NotAUrl);
        }
        Ok(TargetUrl(url))
    }

    /// The URL, without a final slash.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// Whether requests to it are encrypted.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Its host.
    pub(super) fn host(&self) -> Option<Host<&str>> {
        self.0.host()
    }

    /// Whether a URL names the same scheme, host and port.
    pub fn has_origin_of(&self, url: &Url) -> bool {
        self.0.origin() == url.origin()
    }

    /// Whether both name the same scheme, host and port.
    pub fn shares_origin_with(&self, other: &TargetUrl) -> bool {
        self.has_origin_of(&other.0)
    }

    /// Whether it is this machine: `localhost`, `127.0.0.0/8`, `::1`.
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => is_loopback(IpAddr::V6(address)),
            Some(Host::Domain(name)) => is_localhost(name),
            None => false,
        }
    }
}

/// `localhost` and what is below it (RFC 6761).
pub(super) fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Loopback, written as IPv4 inside IPv6 too.
pub(super) fn is_loopback(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback(),
        IpAddr::V6(address) => {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|address| address.is_loopback())
        }
    }
}

/// Where the requests of a run go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where the docs' own origin lives, and every relative URL.
    pub url: TargetUrl,
    /// Taken off documented paths.
    pub strip_prefix: Option<String>,
    /// Where other documented origins live.
    pub map: BTreeMap<String, TargetUrl>,
    /// The origin that most contracts name; none where all are relative.
    pub docs_origin: Option<String>,
    /// Every origin lives at the target: the embedded stub answers for all.
    pub takes_all: bool,
    /// The accounts that documented credentials stand for.
    pub documented: Documented,
    /// The bases where the target's own requests show who sends them; none where they do so nowhere.
    pub logged_in: Vec<TargetUrl>,
}

impl Target {
    /// A target for everything, such as the embedded stub.
    pub fn of_all(url: TargetUrl) -> Target {
        Target {
            url,
            strip_prefix: None,
            map: BTreeMap::new(),
            docs_origin: None,
            takes_all: true,
            documented: Documented::default(),
            logged_in: Vec::new(),
        }
    }

    /// Where a documented origin lives; none where nobody said.
    pub fn base(&self, documented: &DocumentedUrl<'_>) -> Option<&TargetUrl> {
        let Some(origin) = documented.origin.map(normal_origin) else { return Some(&self.url) };
        if let Some(mapped) = self.map.get(&origin) {
            return Some(mapped);
        }
        // Where the docs speak of a server of the reader's own, all that stands for such a one is it.
        let is_docs_own = match self.docs_origin.as_deref() {
            Some(own) => own == origin || (is_readers_own(own) && is_readers_own(&origin)),
            None => is_readers_own(&origin),
        };
        (self.takes_all || is_docs_own).then_some(&self.url)
    }

    /// The URL to send: the base's origin and path, then the documented path and query, filled.
    pub fn build(&self, base: &TargetUrl, filled: &DocumentedUrl<'_>) -> Result<Url, (Trouble, String)> {
        let wrong = |what: &str| (Trouble::RequestBadUrl, what.to_owned());
        let text = [filled.path, filled.query.unwrap_or_default()].concat();
        if text.chars().any(char::is_control) {
            return Err(wrong("the documented URL holds a control character"));
        }
        let path = self.strip(filled.path);
        if path.split(['/', '\\']).any(is_dot_segment) {
            return Err(wrong("the documented path holds `.` or `..` as a segment"));
        }
        let root = base.0.path().trim_end_matches('/');
        if !root.is_empty() && may_climb(path) {
            return Err(wrong("the path leaves that of the target where a server decodes it"));
        }
        let slash = if path.starts_with('/') || path.is_empty() && !root.is_empty() { "" } else { "/" };
        let mut url = base.0.clone();
        url.set_path(&format!("{root}{slash}{}", encode(path, PATH)));
        let query = filled.query.map(|query| query.trim_matches('&')).filter(|query| !query.is_empty());
        url.set_query(query.map(|query| encode(query, QUERY)).as_deref());
        assert_origin(&url, base)?;
        Ok(url)
    }

    fn strip<'a>(&self, path: &'a str) -> &'a str {
        self.strip_prefix.as_deref().map_or(path, |prefix| without_prefix(path, prefix))
    }
}

/// The last gate before the wire: whatever happened before, a request goes to its target or nowhere.
pub fn assert_origin(url: &Url, base: &TargetUrl) -> Result<(), (Trouble, String)> {
    let same = url.origin() == base.0.origin()
        && url.username().is_empty()
        && url.password().is_none()
        && url.path().starts_with(base.0.path().trim_end_matches('/'));
    if same {
        Ok(())
    } else {
        Err((Trouble::RequestBadUrl, "the documented URL would leave the target".into()))
    }
}

/// Encodes what must not stand in the piece, and a `%` that begins no escape.
fn encode(text: &str, set: &'static AsciiSet) -> String {
    let mut encoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        encoded.extend(utf8_percent_encode(before, set));
        let escape = after.as_bytes().get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        encoded.push_str(if escape { "%" } else { "%25" });
        rest = after;
    }
    encoded.extend(utf8_percent_encode(rest, set));
    encoded
}

/// An origin as it is compared: scheme and host in lower case, the scheme's own port left out, no user.
pub fn normal_origin(origin: &str) -> String {
    let lower = origin.to_ascii_lowercase();
    let (scheme, authority) = lower.split_once("://").unwrap_or(("", &lower));
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let port = if scheme == "http" { ":80" } else { ":443" };
    format!("{scheme}://{}", host.strip_suffix(port).unwrap_or(host))
}

/// Whether an origin stands for a server of the reader's own: this machine, a host of a private network, a name without
/// a domain, a placeholder.
fn is_readers_own(origin: &str) -> bool {
    let authority = origin.split_once("://").map_or(origin, |(_, authority)| authority);
    if authority.contains(['{', '<', '$', '[']) && !authority.starts_with('[') {
        return true;
    }
    match Url::parse(&format!("http://{authority}")).ok().as_ref().and_then(Url::host) {
        Some(Host::Ipv4(address)) => {
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || address.is_unspecified()
        }
        Some(Host::Ipv6(address)) => address.is_unspecified() || is_loopback(IpAddr::V6(address)),
        Some(Host::Domain(name)) => is_localhost(name) || !name.contains('.'),
        None => false,
    }
}

/// The origin that most of the URLs name; of equally common ones the first by name. Servers of the reader's own count
/// together, since they are one: of them the most common is named.
pub fn most_common_origin<'a>(urls: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for origin in urls.filter_map(|url| DocumentedUrl::new(url).origin) {
        *counts.entry(normal_origin(origin)).or_default() += 1;
    }
    let own: usize = counts.iter().filter(|(origin, _)| is_readers_own(origin)).map(|(_, count)| count).sum();
    let weight =
        |origin: &str, count: usize| if is_readers_own(origin) { (own, count) } else { (count, count) };
    let most = counts.iter().map(|(origin, count)| weight(origin, *count)).max()?;
    counts.into_iter().find(|(origin, count)| weight(origin, *count) == most).map(|(origin, _)| origin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn target(url: &str, prefix: Option<&str>) -> Target {
        Target { strip_prefix: prefix.map(Into::into), ..Target::of_all(TargetUrl::parse(url).unwrap()) }
    }

    fn build(target: &Target, url: &str) -> Result<String, (Trouble, String)> {
        let documented = DocumentedUrl::new(url);
        target.build(target.base(&documented).unwrap(), &documented).map(String::from)
    }

    #[rstest]
    #[case("https://graph.example/v1.0/users/7", "http://127.0.0.1:8080/v1.0/users/7")]
    #[case("/users?$filter=a eq 'b'&", "http://127.0.0.1:8080/users?$filter=a%20eq%20%27b%27")]
    #[case("users/a b#c", "http://127.0.0.1:8080/users/a%20b%23c")]
    #[case("//evil.example/x", "http://127.0.0.1:8080//evil.example/x")]
    #[case("@evil.example/x", "http://127.0.0.1:8080/@evil.example/x")]
    #[case(".evil.example/x", "http://127.0.0.1:8080/.evil.example/x")]
    #[case(":80@evil.example/", "http://127.0.0.1:8080/:80@evil.example/")]
    #[case("\\\\evil.example\\x", "http://127.0.0.1:8080/%5C%5Cevil.example%5Cx")]
    #[case("/100%/%41", "http://127.0.0.1:8080/100%25/%41")]
    #[case("https://graph.example", "http://127.0.0.1:8080/")]
    fn documented_urls_go_to_the_target(#[case] documented: &str, #[case] sent: &str) {
        assert_eq!(build(&target("http://127.0.0.1:8080", None), documented), Ok(sent.to_owned()));
    }

    #[rstest]
    #[case("/a/../../admin")]
    #[case("/a/%2E%2e/x")]
    #[case("/a/\t/evil.example")]
    #[case("/a/..\\x")]
    fn what_would_leave_the_path_is_refused(#[case] documented: &str) {
        assert!(build(&target("http://127.0.0.1:8080/api", None), documented).is_err());
    }

    #[rstest]
    #[case("http://h:1/api/", Some("/v1.0"), "/v1.0/users", "http://h:1/api/users")]
    #[case("http://h:1", Some("v1.0/"), "/v1.0", "http://h:1/")]
    #[case("http://h:1/api", Some("/v1.0"), "/v1.0", "http://h:1/api")]
    #[case("http://h:1", Some("/v1"), "/v1.0/users", "http://h:1/v1.0/users")]
    fn prefixes_are_taken_off_by_whole_segments(
        #[case] base: &str,
        #[case] prefix: Option<&str>,
        #[case] documented: &str,
        #[case] sent: &str,
    ) {
        assert_eq!(build(&target(base, prefix), documented), Ok(sent.to_owned()));
    }

    #[rstest]
    #[case("staging.example.com", TargetError::NotAUrl)]
    #[case("ftp://h", TargetError::Scheme)]
    #[case("http://ann:pw@h", TargetError::UserInformation)]
    #[case("http://h?x", TargetError::Query)]
    #[case("http://h#x", TargetError::Fragment)]
    fn what_is_no_target_is_refused(#[case] text: &str, #[case] error: TargetError) {
        assert_eq!(TargetUrl::parse(text), Err(error));
    }

    #[rstest]
    #[case("http://localhost:1", true)]
    #[case("http://127.9.9.9", true)]
    #[case("http://[::1]:1", true)]
    #[case("http://[::ffff:127.0.0.1]", true)]
    #[case("http://0x7f.1", true)]
    #[case("http://localhost.evil.example", false)]
    #[case("http://10.0.0.1", false)]
    fn loopback_is_this_machine_alone(#[case] url: &str, #[case] loopback: bool) {
        assert_eq!(TargetUrl::parse(url).unwrap().is_loopback(), loopback);
    }

    #[test]
    fn the_most_common_origin_is_the_docs_own() {
        let urls = ["https://A.example/x", "/y", "https://b.example/", "https://a.example:443/z"];
        assert_eq!(most_common_origin(urls.into_iter()), Some("https://a.example".into()));
        assert_eq!(most_common_origin(["/x"].into_iter()), None);
    }

    #[rstest]
    #[case("http://localhost:9090", &["http://127.0.0.1:9091/x", "http://10.0.0.10:2379/x", "http://prometheus/x", "https://{host}/x", "/x"])]
    #[case("https://api.example.com", &["https://API.example.com:443/x", "/x"])]
    fn servers_of_the_readers_own_are_one(#[case] own: &str, #[case] documented: &[&str]) {
        let target =
            Target { docs_origin: Some(own.to_owned()), takes_all: false, ..target("http://h:1", None) };
        for url in documented {
            assert!(target.base(&DocumentedUrl::new(url)).is_some(), "{url}");
        }
        for url in ["https://other.example.com/x", "http://8.8.8.8/x"] {
            assert_eq!(target.base(&DocumentedUrl::new(url)), None, "{url}");
        }
    }

    #[test]
    fn no_server_of_the_readers_own_is_taken_for_a_service_with_a_name() {
        let target = Target {
            docs_origin: Some("https://api.example.com".to_owned()),
            takes_all: false,
            ..target("http://h:1", None)
        };
        assert_eq!(target.base(&DocumentedUrl::new("http://localhost:7071/x")), None);
    }

    proptest! {
        #[test]
        fn no_text_of_a_page_changes_the_origin(url in "\\PC*", tail in "[/\\\\@:.?#%a-z0-9\\t\\n]{0,24}") {
            let target = target("http://127.0.0.1:8080/api", None);
            for text in [url.clone(), tail.clone(), format!("/{tail}"), format!("https://x{tail}"), format!("{url}{tail}")] {
                let documented = DocumentedUrl::new(&text);
                if let Ok(url) = target.build(target.base(&documented).unwrap(), &documented) {
                    prop_assert!(url.as_str().starts_with("http://127.0.0.1:8080/api"), "{text:?} became {url}");
                }
            }
        }
    }
}
