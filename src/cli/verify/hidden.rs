//! Variables of the environment that hold credentials, by their own name or by that of the value that they are for.

use crate::config::Config;
use crate::secret::{is_credential_name, is_credential_variable};
use crate::verify::Verifier;

/// Has all masked that was read for faithful.toml, and all that was `given` in variables of our own, where a name says
/// that it is a credential. It is called as the variable is: that is what people can put into a command.
pub(super) fn credentials(
    verifier: Verifier,
    config: &Config,
    read: &[(String, String)],
    (prefix, given): (&str, Vec<(String, String)>),
) -> Verifier {
    let read =
        read.iter().filter(|(name, value)| is_credential_variable(name) || config.calls_a_credential(value));
    let verifier = read.fold(verifier, |verifier, (name, value)| verifier.secret(name, value));
    let given = given
        .into_iter()
        .filter(|(name, _)| is_credential_name(name.rsplit("__").next().unwrap_or_default()));
    given.fold(verifier, |verifier, (name, value)| verifier.secret(&format!("{prefix}{name}"), &value))
}
