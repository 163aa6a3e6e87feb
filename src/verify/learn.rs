//! Learns the credentials that answers give away, so that they are masked whatever name they stand under later.

use super::run::Verification;
use crate::contract::Contract;
use crate::message::{Body, Headers, Received};
use crate::replay::Exchange;
use crate::secret::given_away;
use std::sync::Arc;

impl Verification {
    /// Remembers what is a credential in an answer and none of the docs' examples.
    pub(super) fn learn_from(&self, exchange: &Exchange, contracts: &[Arc<Contract>]) {
        // The embedded stub knows the docs alone.
        if let Ok(answer) = &exchange.answer
            && !self.target.takes_all
        {
            self.learn(answer, contracts);
        }
    }

    fn learn(&self, answer: &Received, contracts: &[Arc<Contract>]) {
        for (name, value) in given_away(answer, &self.budget) {
            if !contracts.iter().any(|contract| documents(contract, &value)) {
                self.secrets.learn(&name, &value);
            }
        }
    }
}

/// Whether a page shows it.
fn documents(contract: &Contract, value: &str) -> bool {
    let mut quoted = String::new();
    crate::json::quote(value, &mut quoted);
    let quoted = quoted.trim_matches('"');
    let in_fields = |headers: &Headers| headers.iter().any(|(_, shown)| shown.contains(value));
    let in_body = |body: &Body| match body {
        Body::Json(json) => json.text().contains(value) || json.text().contains(quoted),
        Body::Text(text) => text.contains(value),
        Body::None | Body::Base64(_) => false,
    };
    in_fields(&contract.response.headers)
        || in_body(&contract.response.body)
        || in_fields(&contract.request.headers)
        || in_body(&contract.request.body)
        || contract.request.url.contains(value)
}
