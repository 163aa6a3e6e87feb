//! One host has many spellings, this machine above all.

use super::TargetUrl;
use std::net::IpAddr;
use url::Host;

impl TargetUrl {
    /// Whether both lead to the same port of the same host, however it is spelled: this machine has many names.
    pub fn leads_where(&self, other: &TargetUrl) -> bool {
        self.place() == other.place()
    }

    /// Whether both are one base: the same scheme and path there.
    pub fn is_the_same_as(&self, other: &TargetUrl) -> bool {
        let path = |url: &TargetUrl| url.0.path().trim_end_matches('/').to_owned();
        self.leads_where(other) && self.0.scheme() == other.0.scheme() && path(self) == path(other)
    }

    fn place(&self) -> (String, Option<u16>) {
        let is_any = |address: IpAddr| address.to_canonical().is_unspecified();
        let host = match self.0.host() {
            _ if self.is_loopback() => "localhost".to_owned(),
            Some(Host::Ipv4(address)) if is_any(address.into()) => "localhost".to_owned(),
            Some(Host::Ipv6(address)) if is_any(address.into()) => "localhost".to_owned(),
            Some(Host::Ipv6(address)) => address.to_canonical().to_string(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Domain(name)) => name.trim_end_matches('.').to_ascii_lowercase(),
            None => String::new(),
        };
        (host, self.0.port_or_known_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("http://127.0.0.1:81", "http://localhost:81/x", true)]
    #[case("http://127.0.0.1:81", "http://[::ffff:127.0.0.1]:81", true)]
    #[case("http://127.0.0.1:81", "http://[::1]:81", true)]
    #[case("http://127.0.0.1:81", "http://LOCALHOST.:81", true)]
    #[case("http://127.0.0.1:81", "http://0.0.0.0:81", true)]
    #[case("http://127.0.0.1:81", "https://127.9.9.9:81", true)]
    #[case("http://127.0.0.1:81", "http://localhost:82", false)]
    #[case("https://api.example.com", "https://API.example.com.:443/x", true)]
    #[case("http://10.0.0.1", "http://[::ffff:10.0.0.1]", true)]
    #[case("http://10.0.0.1", "http://10.0.0.2", false)]
    #[case("https://api.example.com", "https://www.example.com", false)]
    fn one_host_in_several_spellings(#[case] one: &str, #[case] other: &str, #[case] same: bool) {
        let url = |text: &str| TargetUrl::parse(text).unwrap();
        assert_eq!(url(one).leads_where(&url(other)), same);
    }

    #[rstest]
    #[case("http://127.0.0.1:81/api/", "http://localhost:81/api", true)]
    #[case("http://127.0.0.1:81/api", "http://localhost:81/", false)]
    #[case("http://127.0.0.1:81/api", "https://localhost:81/api", false)]
    #[case("http://127.0.0.1:81/api", "http://localhost:82/api", false)]
    fn one_base_in_several_spellings(#[case] one: &str, #[case] other: &str, #[case] same: bool) {
        let url = |text: &str| TargetUrl::parse(text).unwrap();
        assert_eq!(url(one).is_the_same_as(&url(other)), same);
    }
}
