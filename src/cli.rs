//! The command line: reads flags, runs a verb, says how it ended.

mod exit;
mod explain;
mod extract;
mod findings;
mod given;
mod help;
mod here;
mod init;
mod judging;
mod lint;
mod list;
mod missing;
mod nothing;
mod output;
mod panics;
mod plan;
mod shadowed;
mod useless;
mod values;
mod verify;
mod which;

use crate::replay::made_up::Source;
use crate::report::visible;
use crate::suite::Suite;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

pub use exit::Exit;
pub use output::Console;
pub use panics::tell_panics_by_place;

/// Contract tests from API docs.
#[derive(Debug, Parser)]
#[command(
    name = "faithful",
    version,
    about = "Contract tests from API docs: reads the request/response pairs that the docs show, replays them, and \
             judges the answers",
    subcommand_required = true,
    arg_required_else_help = true,
    max_term_width = 100
)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Extract(extract::Extract),
    Verify(Box<verify::Verify>),
    Plan(Box<plan::Plan>),
    Lint(lint::Lint),
    List(list::List),
    Show(list::Show),
    Explain(Box<explain::Explain>),
    Init(init::Init),
}

/// What the program is run in.
pub struct Shell<'s, 'c> {
    /// Its streams.
    pub console: &'s mut Console<'c>,
    /// Its environment variables.
    pub environment: &'s dyn Fn(&str) -> Option<String>,
    /// All environment variables whose names begin so, without this beginning.
    pub all_of: &'s dyn Fn(&str) -> Vec<(String, String)>,
    /// Its clock and chance, for values that are made up.
    pub source: Source,
}

/// Runs the program with these arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>, shell: &mut Shell<'_, '_>) -> Exit {
    let console = &mut *shell.console;
    let parsed = Arguments::command()
        .try_get_matches_from(arguments)
        .and_then(|matches| Ok((Arguments::from_arg_matches(&matches)?, matches)));
    let (arguments, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            let text = error.render();
            if error.use_stderr() {
                console.error_text(&text);
                return Exit::Usage;
            }
            console.result_text(&text);
            return Exit::Passed;
        }
    };
    match arguments.verb {
        Verb::Extract(extract) => extract.run(console),
        Verb::Verify(verify) => verify.run(shell),
        Verb::Plan(plan) => plan.run(shell, matches.subcommand_matches("plan")),
        Verb::Lint(lint) => lint.run(console),
        Verb::List(list) => list.run(shell),
        Verb::Show(show) => show.run(shell),
        Verb::Explain(explain) => explain.run(shell),
        Verb::Init(init) => init.run(shell),
    }
}

/// Reads what a verb was given, and tells what was passed over on the way.
fn suite(paths: &[PathBuf], console: &mut Console<'_>) -> Result<Suite, Exit> {
    let suite = match paths {
        [] => Suite::load_default(),
        paths => Suite::load(paths).map_err(|error| {
            console.error(visible(&missing::of_suite(&error)));
            Exit::Usage
        })?,
    };
    if suite.is_empty() && suite.unreadable() == 0 {
        console.note(visible(&nothing::nothing(paths, &suite)));
    }
    for note in suite.notes() {
        console.note(visible(note));
    }
    for finding in suite.findings().iter().filter(|finding| finding.code.is_unread_page()) {
        console.note(format_args!("{}; {}", visible(&finding.to_string()), finding.code.remedy()));
    }
    Ok(suite)
}
