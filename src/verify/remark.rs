//! What is odd about how a judged request was sent, or about where its answer leads.

use super::run::Verification;
use crate::contract::Contract;
use crate::contract::url::DocumentedUrl;
use crate::message::{Identity, Received, Sent};
use crate::replay::target::TargetUrl;
use crate::secret::{beginning, is_credential_header};
use crate::verdict::Remark;
use url::Url;

/// Fields that say where the result of a request is.
const LEADING: [&str; 2] = ["location", "operation-location"];

impl Verification {
    pub(super) fn remark(&self, contract: &Contract, sent: &Sent, received: &Received) -> Option<Remark> {
        if sent.identity == Identity::Nobody {
            return Some(Remark::WithoutLogin);
        }
        if contract.response.status.admits(received.status) {
            return self.elsewhere(contract, sent, received).map(Remark::LeadsElsewhere);
        }
        let shut_out = matches!(received.status, 401 | 403);
        shut_out.then(|| self.withheld(contract, sent)).flatten().map(Remark::CredentialOfThePage)
    }

    /// The fields in which the page shows a credential, where the run has none to put in its place.
    fn withheld(&self, contract: &Contract, sent: &Sent) -> Option<String> {
        let carried = self.wire.client().carried(sent);
        let is_carried = |name: &str| carried.iter().any(|carried| carried.field.eq_ignore_ascii_case(name));
        let shown = contract.request.headers.iter().map(|(name, _)| name);
        let shown: Vec<&str> = shown.filter(|name| is_credential_header(name) && !is_carried(name)).collect();
        (!shown.is_empty()).then(|| shown.join(" and "))
    }

    /// A host that nobody named: mostly one that the service knows itself by, inside of a proxy.
    fn elsewhere(&self, contract: &Contract, sent: &Sent, received: &Received) -> Option<String> {
        let location = LEADING.iter().find_map(|name| received.headers.get(name))?;
        let own = Url::parse(&sent.url).ok()?;
        #[expect(clippy::disallowed_methods, reason = "it is looked at, and nothing is sent there")]
        let to = own.join(location).ok()?;
        let host = to.host_str().filter(|host| own.host_str() != Some(host))?;
        let is_this_machine = |url: &Url| {
            TargetUrl::parse(url.origin().ascii_serialization().as_str()).is_ok_and(|url| url.is_loopback())
        };
        if is_this_machine(&own) && is_this_machine(&to) {
            return None;
        }
        let shown = LEADING.iter().filter_map(|name| contract.response.headers.get(name));
        let of_docs =
            shown.chain([contract.request.url.as_str()]).filter_map(|url| DocumentedUrl::new(url).origin);
        let target = &self.target;
        let of_run = target.docs_origin.iter().chain(target.map.keys()).map(String::as_str);
        let mapped = target.map.values().map(TargetUrl::as_str);
        let known = of_docs.chain(of_run).chain(mapped).filter_map(|origin| Url::parse(origin).ok());
        let is_known = known.into_iter().any(|known| known.host_str() == Some(host));
        (!is_known).then(|| beginning(host, 100).into_owned())
    }
}
