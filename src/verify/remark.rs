//! What is odd about how a judged request was sent.

use crate::contract::Contract;
use crate::message::{Carried, Identity, Sent};
use crate::secret::is_credential_header;
use crate::verdict::Remark;

/// Whom it was sent as, and whether what the page shows in the place of a login may be why it was shut out.
pub(super) fn remark(
    contract: &Contract,
    sent: &Sent,
    status: u16,
    carried: impl Fn(&Sent) -> Vec<Carried>,
) -> Option<Remark> {
    if sent.identity == Identity::Nobody {
        return Some(Remark::WithoutLogin);
    }
    if !matches!(status, 401 | 403) || contract.response.status.admits(status) {
        return None;
    }
    let shown = contract.request.headers.iter().map(|(name, _)| name);
    let carried = carried(sent);
    let is_carried = |name: &str| carried.iter().any(|carried| carried.field.eq_ignore_ascii_case(name));
    let field = shown.into_iter().find(|name| is_credential_header(name) && !is_carried(name))?;
    Some(Remark::CredentialOfThePage(field.to_owned()))
}
