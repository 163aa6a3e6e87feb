//! The command line: reads flags, runs a verb, says how it ended.

mod exit;
mod extract;
mod inputs;
mod locate;
mod output;
mod values;
mod verify;

use clap::{Parser, Subcommand};
use std::ffi::OsString;

pub use exit::Exit;
pub use output::Console;

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
}

/// Runs the program with these arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>, console: &mut Console<'_>) -> Exit {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
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
        Verb::Verify(verify) => verify.run(console),
    }
}
