//! Stand-ins for the library's services, made of its docs.

use faithful::contract::{parse, to_file};
use faithful::{Contract, Stub, Suite};
use std::error::Error;
use std::net::TcpListener;
use std::path::Path;

/// What the library's service answers where its docs show a placeholder or a choice.
const AS_IT_RUNS: [(&str, &str); 5] = [
    ("onShelf | lent | inRepair", "onShelf"),
    ("active | suspended", "active"),
    ("waiting | writing | done", "waiting"),
    ("{memberId}", "c9d0416b-2a7e-4e85-b3f6-5810d7a9e24c"),
    ("{bookId}", "b8402d6e-51f7-4c39-8a0d-97c3e1f6a2d4"),
];

/// What a service answers otherwise that is at odds with its docs.
pub(crate) const AT_ODDS: [(&str, &str); 2] =
    [("\"renewals\": 2", "\"renewals\": \"2\""), ("\"newsletter\": false", "\"newsletter\": true")];

/// Starts a service whose answers differ from the documented ones in this.
pub(crate) async fn start(
    docs: &Path,
    differences: &[(&str, &str)],
    listener: TcpListener,
) -> Result<Stub, Box<dyn Error>> {
    let suite = Suite::load([docs])?;
    let contracts =
        suite.contracts().map(|contract| running(contract, differences)).collect::<Result<Vec<_>, _>>()?;
    Ok(Stub::listening(listener, contracts).await)
}

/// A contract with what the service really answers.
fn running(contract: &Contract, differences: &[(&str, &str)]) -> Result<Contract, Box<dyn Error>> {
    let replaced = |text: &str, by: &[(&str, &str)]| {
        by.iter().fold(text.to_owned(), |text, (shown, other)| text.replace(shown, other))
    };
    let text = replaced(&to_file(contract), &AS_IT_RUNS);
    let (request, response) = text.split_once("\n  \"response\"").ok_or("a contract without a response")?;
    let text = format!("{request}\n  \"response\"{}", replaced(response, differences));
    Ok(parse(contract.id.clone(), &text)?)
}
