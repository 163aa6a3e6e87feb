//! The connections to one base: whom they trust, which way they take, and how far they reach.

use super::Limits;
use super::keeping::Keeping;
use super::proxy::{Proxy, Via};
use super::resolver::{Resolver, UnderWay};
use super::target::TargetUrl;
use crate::secret::Secrets;
use std::time::Duration;
use url::Host;

/// Why no client can be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The machine has no certificate authorities of its own.
    #[error("no certificate authority to check {0} with: name a PEM file with --ca-cert ({1})")]
    NoAuthorities(String, String),
    /// The file that was named holds none.
    #[error("{0} holds no PEM certificate; one begins with -----BEGIN CERTIFICATE-----")]
    BadAuthority(String),
    /// Certificates go unchecked on this machine alone.
    #[error("--insecure is for this machine alone, and {0} is another: name its authority with --ca-cert")]
    Unchecked(String),
    /// The run must not leave this machine.
    #[error(
        "--untrusted sends to this machine alone, and {0} is another; serve what is to be verified here, as on \
         http://127.0.0.1:8080"
    )]
    NotThisMachine(String),
    /// The proxy's URL is none.
    #[error("the proxy cannot be used: {0}")]
    Proxy(String),
}

/// Certificate authorities that servers are checked against, instead of the machine's own.
#[derive(Debug, Clone)]
pub struct Authorities {
    /// Where they were read from.
    pub file: String,
    /// In PEM.
    pub pem: Vec<u8>,
}

/// Whether a server must prove who it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Certificates {
    /// It must.
    #[default]
    Checked,
    /// It need not. For this machine alone.
    Unchecked,
}

/// Which addresses are dialled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reach {
    /// Those of the target, whatever they are.
    #[default]
    Anywhere,
    /// Those of this machine alone, whatever a name resolves to.
    ThisMachine,
}

/// How the targets of a run are reached.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// Whom to trust instead of the machine's own authorities.
    pub authorities: Option<Authorities>,
    /// Whether certificates are checked.
    pub certificates: Certificates,
    /// The way to targets that are not this machine.
    pub proxy: Proxy,
    /// Which addresses are dialled.
    pub reach: Reach,
    /// What is masked wherever it turns up; what is learned on the way is added.
    pub secrets: Secrets,
}

/// The connections to one base.
#[derive(Debug)]
pub(super) struct Connections {
    pub(super) base: TargetUrl,
    /// Over connections that are used again: for requests that can be sent again, and for all others once the target
    /// was seen to keep its connections.
    pub(super) kept: reqwest::Client,
    /// Over a connection of its own.
    pub(super) fresh: reqwest::Client,
    /// What was seen.
    pub(super) keeping: Keeping,
    /// The proxy between here and there.
    pub(super) via: Option<Via>,
}

/// A connection that was idle for so long is not used again: services close theirs behind two seconds or more.
const IDLE: Duration = Duration::from_secs(1);

/// Whether a connection is used for more than one request.
#[derive(Clone, Copy)]
enum Reuse {
    Kept,
    Never,
}

impl Connections {
    pub(super) fn new(
        base: &TargetUrl,
        limits: &Limits,
        access: &Access,
    ) -> Result<Connections, ClientError> {
        // Another part of the program may have installed one: then that is used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        if access.certificates == Certificates::Unchecked && base.is_https() && !base.is_loopback() {
            return Err(ClientError::Unchecked(base.as_str().to_owned()));
        }
        let elsewhere = match base.host() {
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => !base.is_loopback(),
            // Known once it is resolved: see `Resolver`.
            Some(Host::Domain(_)) => false,
            None => true,
        };
        if access.reach == Reach::ThisMachine && elsewhere {
            return Err(ClientError::NotThisMachine(base.as_str().to_owned()));
        }
        let via = match access.reach {
            Reach::ThisMachine => None,
            Reach::Anywhere => access.proxy.via(base).map_err(ClientError::Proxy)?,
        };
        if let Some(via) = &via {
            via.tell(&access.secrets);
        }
        let under_way = UnderWay::default();
        let build = |reuse| build(base, limits, access, (via.as_ref(), &under_way), reuse);
        let (kept, fresh) = (build(Reuse::Kept)?, build(Reuse::Never)?);
        Ok(Connections { base: base.clone(), kept, fresh, keeping: Keeping::default(), via })
    }

    /// The client for a request that is safe to send again, or is not.
    pub(super) fn client(&self, safe: bool) -> &reqwest::Client {
        if safe || self.keeping.is_seen() { &self.kept } else { &self.fresh }
    }
}

fn build(
    base: &TargetUrl,
    limits: &Limits,
    access: &Access,
    (via, under_way): (Option<&Via>, &UnderWay),
    reuse: Reuse,
) -> Result<reqwest::Client, ClientError> {
    // Where connecting alone would use up the time, it is the connecting that is to blame.
    let connect_timeout = limits.connect_timeout.min(limits.max_time.mul_f32(0.9));
    let unchecked = access.certificates == Certificates::Unchecked && base.is_loopback();
    let reach = if unchecked { Reach::ThisMachine } else { access.reach };
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("faithful/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(connect_timeout)
        // And where the look-up alone would, that.
        .dns_resolver(Resolver { reach, within: connect_timeout.mul_f32(0.9), under_way: under_way.clone() })
        // The proxy is ours to choose, so that it can be named where it fails.
        .no_proxy();
    builder = match reuse {
        Reuse::Kept => builder.pool_idle_timeout(IDLE),
        Reuse::Never => builder.pool_max_idle_per_host(0),
    };
    if let Some(via) = via {
        builder = builder.proxy(via.proxy().map_err(ClientError::Proxy)?);
    }
    if !base.is_https() {
        // Without this no client can be built on a machine that has no certificate authorities, even for http.
        builder = builder.tls_certs_only([]);
    } else if unchecked {
        builder = builder.tls_certs_only([]).tls_danger_accept_invalid_certs(true);
    } else if let Some(authorities) = &access.authorities {
        let bad = || ClientError::BadAuthority(authorities.file.clone());
        let certificates = reqwest::Certificate::from_pem_bundle(&authorities.pem).map_err(|_| bad())?;
        if certificates.is_empty() {
            return Err(bad());
        }
        builder = builder.tls_certs_only(certificates);
    }
    builder.build().map_err(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        ClientError::NoAuthorities(base.as_str().to_owned(), cause)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("http://10.0.0.1", Reach::ThisMachine, Certificates::Checked, false)]
    #[case("http://127.0.0.1:1", Reach::ThisMachine, Certificates::Checked, true)]
    #[case("http://some.name.test", Reach::ThisMachine, Certificates::Checked, true)]
    #[case("https://10.0.0.1", Reach::Anywhere, Certificates::Unchecked, false)]
    #[case("https://name.test", Reach::Anywhere, Certificates::Unchecked, false)]
    #[case("https://127.0.0.1:1", Reach::Anywhere, Certificates::Unchecked, true)]
    #[case("https://localhost:1", Reach::Anywhere, Certificates::Unchecked, true)]
    fn what_is_for_this_machine_alone_is_refused_for_others(
        #[case] base: &str,
        #[case] reach: Reach,
        #[case] certificates: Certificates,
        #[case] fine: bool,
    ) {
        let access = Access { reach, certificates, proxy: Proxy::None, ..Access::default() };
        let made = Connections::new(&TargetUrl::parse(base).unwrap(), &Limits::default(), &access);
        assert_eq!(made.is_ok(), fine, "{made:?}");
    }
}
