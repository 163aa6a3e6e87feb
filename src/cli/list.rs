//! `faithful list` and `faithful show`: what there is, for people.

use super::which::{Mistyped, Which};
use super::{Console, Exit, Shell, here};
use crate::config::{Config, nearest};
use crate::contract::store::Broken;
use crate::contract::{Contract, ContractId};
use crate::message::{Body, Headers};
use crate::report::visible;
use crate::secret::mask;
use crate::suite::Suite;
use clap::Args;
use std::fmt::Write as _;
use std::path::PathBuf;

/// List the contracts: id, request, documented status
#[derive(Debug, Args)]
pub(super) struct List {
    /// Contract files, folders or globs; or docs, which are read in memory [default: contracts/]
    #[arg(value_name = "CONTRACTS|DOCS")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    which: Which,
}

/// Show one contract as the HTTP messages that the page shows
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The contract's id, as `faithful list` prints it
    id: String,
    /// Contract files, folders or globs; or docs, which are read in memory [default: contracts/]
    #[arg(value_name = "CONTRACTS|DOCS")]
    paths: Vec<PathBuf>,
}

impl List {
    pub(super) fn run(self, shell: &mut Shell<'_, '_>) -> Exit {
        let suite = match super::suite(&self.paths, shell.console) {
            Ok(suite) => suite,
            Err(exit) => return exit,
        };
        // The parts are those of a run: flows are in one.
        let config = if self.which.is_a_part() { here::config(&here::unread) } else { Ok(Config::default()) };
        let config = match config {
            Ok(config) => config,
            Err(error) => {
                shell.console.error(visible(&error));
                return Exit::Usage;
            }
        };
        let suite = self.which.choose(suite, None, &config.flows, Mistyped::StopsAll, shell.console);
        // An empty list is no answer: it mostly is of another folder than the one that was meant.
        if suite.is_empty() {
            return if suite.unreadable() > 0 { Exit::Unjudged } else { Exit::Nothing };
        }
        let width =
            suite.contracts().map(|contract| contract.id.as_str().chars().count()).max().unwrap_or_default();
        let written = shell.console.result(|out| {
            suite.contracts().try_for_each(|contract| {
                let line = format!(
                    "{:width$}  {:6} {}  {}",
                    contract.id.as_str(),
                    contract.request.method,
                    contract.request.url,
                    contract.response.status
                );
                writeln!(out, "{}", visible(&mask(&line)))
            })
        });
        ended(&suite, written.is_ok(), shell.console)
    }
}

impl Show {
    pub(super) fn run(self, shell: &mut Shell<'_, '_>) -> Exit {
        let suite = match super::suite(&self.paths, shell.console) {
            Ok(suite) => suite,
            Err(exit) => return exit,
        };
        let Some(contract) = suite.get(&ContractId::new(&self.id)) else {
            return absent(&self.id, &suite, shell.console);
        };
        let text = message(contract);
        let written = shell.console.result(|out| out.write_all(text.as_bytes()));
        if written.is_ok() { Exit::Passed } else { Exit::Unwritten }
    }
}

/// Says why there is no such contract to look at: its file cannot be read, or nothing is called so.
pub(super) fn absent(id: &str, suite: &Suite, console: &mut Console<'_>) -> Exit {
    let is_called = |broken: &&Broken| broken.id.as_str() == id || broken.id.whole() == Some(id);
    let mut broken = suite.broken().iter().filter(is_called).peekable();
    if broken.peek().is_none() {
        console.error(visible(&unknown(id, suite)));
        return Exit::Usage;
    }
    broken.for_each(|broken| console.error(visible(&unreadable(broken))));
    Exit::Unjudged
}

/// `contracts/a.json:3:7: contract.invalid: …; …`
fn unreadable(broken: &Broken) -> String {
    let Broken { location, trouble, message, .. } = broken;
    format!("{location}: {}: {message}; {}", trouble.id(), trouble.remedy())
}

/// That there is no such contract, and which one may have been meant.
fn unknown(id: &str, suite: &Suite) -> String {
    let known = suite.contracts().map(|contract| contract.id.as_str());
    let hint = match nearest(id, known) {
        Some(meant) => format!("did you mean {meant}?"),
        None => "`faithful list` prints all ids".to_owned(),
    };
    format!("no contract is called {id}; {hint}")
}

/// Says how a listing ended: what could not be read was not listed.
fn ended(suite: &Suite, written: bool, console: &mut Console<'_>) -> Exit {
    for broken in suite.broken() {
        console.error(visible(&unreadable(broken)));
    }
    if !suite.broken().is_empty() || suite.unreadable() > 0 {
        Exit::Unjudged
    } else if !written {
        Exit::Unwritten
    } else {
        Exit::Passed
    }
}

/// The pair as it goes over the wire, with what the contract knows besides as comments.
fn message(contract: &Contract) -> String {
    let (request, response) = (&contract.request, &contract.response);
    let mut text = format!("# {} ({})\n", contract.id, contract.source.file);
    let mut facts: Vec<&str> = Vec::new();
    facts.extend(contract.source.inferred.then_some("inferred"));
    facts.extend(response.truncated.unwrap_or_default().then_some("truncated"));
    facts.extend(response.expect_error.unwrap_or_default().then_some("an error"));
    facts.extend(response.type_name.as_deref());
    if !facts.is_empty() {
        let _ = writeln!(text, "# {}", facts.join(", "));
    }
    let _ = writeln!(text, "{} {}", request.method, request.url);
    section(&request.headers, &request.body, &mut text);
    let reason = match response.status {
        crate::contract::Status::Code(code) => {
            http::StatusCode::from_u16(code).ok().and_then(|code| code.canonical_reason()).unwrap_or_default()
        }
        _ => "",
    };
    let _ = writeln!(text, "\nHTTP/1.1 {} {reason}", response.status);
    section(&response.headers, &response.body, &mut text);
    // Line by line: what steers a terminal is shown, line ends aside.
    let masked = mask(&text);
    masked.lines().map(|line| visible(line).trim_end().to_owned() + "\n").collect()
}

fn section(headers: &Headers, body: &Body, text: &mut String) {
    for (name, value) in headers.iter() {
        let _ = writeln!(text, "{name}: {value}");
    }
    match body {
        Body::None => {}
        Body::Json(json) => {
            text.push('\n');
            json.root().write_pretty(0, text);
            text.push('\n');
        }
        Body::Text(body) | Body::Base64(body) => {
            let _ = writeln!(text, "\n{body}");
        }
    }
}
