//! What people give a verifier: values of placeholders, and flows.

use super::Verifier;
use crate::contract::select::Selector;
use crate::replay::flow::Flow;
use crate::replay::variables::Variables;
use crate::secret::{Secrets, is_credential_name};

impl Verifier {
    /// Fills the placeholder of this name; `segment.name` one behind that segment of a path. Where the name says that it
    /// carries a credential the value is masked in what is shown.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Verifier {
        let (name, value) = (name.into(), value.into());
        self.hide(&name, &value);
        self.variables.set(name, value);
        self
    }

    /// What fills placeholders and replaces literals, instead of what was given before.
    #[must_use]
    pub fn variables(mut self, variables: Variables) -> Verifier {
        for (name, value) in variables.given() {
            self.hide(name, value);
        }
        self.variables = variables;
        self
    }

    fn hide(&mut self, name: &str, value: &str) {
        if is_credential_name(name.rsplit('.').next().unwrap_or_default()) {
            self.secrets.add(name, value);
        }
    }

    /// What is sent in an order of its own, where a service is verified.
    #[must_use]
    pub fn flows(mut self, flows: Vec<Flow>) -> Verifier {
        self.flows = flows;
        self
    }

    /// Contracts that are not to be sent, and why.
    #[must_use]
    pub fn skip(mut self, contracts: Selector, reason: impl Into<String>) -> Verifier {
        self.skip.push((contracts, reason.into()));
        self
    }

    /// What is of no use of all that was given, as the caller found it: warnings of the report.
    #[must_use]
    pub fn warned(mut self, warnings: impl IntoIterator<Item = String>) -> Verifier {
        self.warnings.extend(warnings);
        self
    }

    /// Masks a value in everything that is shown, under this name.
    #[must_use]
    pub fn secret(self, name: &str, value: &str) -> Verifier {
        self.secrets.add(name, value);
        self
    }

    /// What is masked in everything that is shown. A token that is learned during a run is added here.
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }
}
