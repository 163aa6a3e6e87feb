//! How a verifier reaches its target, whom it is there, and how carefully it goes about.

use super::{Place, Verifier};
use crate::replay::auth::{Credentials, Documented};
use crate::replay::gate::Gates;
use crate::replay::target::{Target, TargetError, TargetUrl};
use crate::replay::{Access, Authorities, Limits};
use std::time::Duration;

impl Verifier {
    /// What may be sent to a target that is not this machine.
    #[must_use]
    pub fn gates(mut self, gates: Gates) -> Verifier {
        self.gates = gates;
        self
    }

    /// What an exchange may cost.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Verifier {
        self.limits = limits;
        self
    }

    /// How many requests are under way at a time.
    #[must_use]
    pub fn jobs(mut self, jobs: usize) -> Verifier {
        self.jobs = jobs;
        self
    }

    /// Checks the service's certificate against these authorities instead of the machine's.
    #[must_use]
    pub fn authorities(mut self, authorities: Authorities) -> Verifier {
        self.access.authorities = Some(authorities);
        self
    }

    /// How the targets are reached, and what is masked.
    #[must_use]
    pub fn access(mut self, access: Access) -> Verifier {
        self.access = access;
        self
    }

    /// Whom requests are sent as; and the account that stands for a documented credential, which is never sent itself.
    /// Credentials are shown to the target's own origin alone.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials, documented: Documented) -> Verifier {
        (self.credentials, self.documented) = (credentials, documented);
        self
    }

    /// Shows credentials to another origin as well, such as one that contracts are mapped to.
    pub fn trust(mut self, url: &str) -> Result<Verifier, TargetError> {
        self.trusted.push(TargetUrl::parse(url)?);
        Ok(self)
    }

    /// How long the target is given to answer at all, before anything is sent.
    #[must_use]
    pub fn wait(mut self, limit: Duration) -> Verifier {
        self.care.wait = Some(limit);
        self
    }

    /// After so many contracts that failed or could not be judged the rest is not sent.
    #[must_use]
    pub fn max_failures(mut self, count: usize) -> Verifier {
        self.care.max_failures = Some(count);
        self
    }

    /// Whether a request may go to the host and port of this URL, in whatever spelling: it is that of the target, or of
    /// one that contracts are mapped to.
    pub fn may_send_to(&self, url: &str) -> bool {
        let target = match &self.place {
            Place::Stub => None,
            Place::Service(url) => Some(url),
        };
        TargetUrl::parse(url)
            .is_ok_and(|url| target.into_iter().chain(self.map.values()).any(|own| own.leads_where(&url)))
    }

    /// The target, with what is said of it.
    pub(super) fn target_at(&self, url: TargetUrl, docs_origin: Option<String>) -> Target {
        let (strip_prefix, map) = (self.strip_prefix.clone(), self.map.clone());
        let documented = self.documented.clone();
        let logs_in = self.credentials.own.logs_in();
        let logged_in = if logs_in { self.trusted_by(&url) } else { Vec::new() };
        Target { url, strip_prefix, map, docs_origin, takes_all: false, documented, logged_in }
    }

    /// The bases that credentials are shown to.
    pub(super) fn trusted_by(&self, own: &TargetUrl) -> Vec<TargetUrl> {
        std::iter::once(own).chain(&self.trusted).cloned().collect()
    }
}
