//! What a reader must know of a verdict beside its mismatches.

/// What is odd about how a judged request was sent, or about where its answer leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// Without the target's login, since its contract documents 401.
    WithoutLogin,
    /// Without the credentials that its page shows in these fields, nor one of the run in their place: it was shut out.
    CredentialOfThePage(String),
    /// The service took the token of its account no longer, as others were told then; and it is sent once.
    TokenRefused,
    /// Its answer leads to this host, which is neither the target's nor one that the docs name.
    LeadsElsewhere(String),
    /// It is the last that its flow judges, and this ended the flow.
    EndsItsFlow(String),
}
