//! The binary: reads arguments and terminal once, runs the command line, and says how it ended.

use faithful::cli::{self, Console, Shell};
use faithful::replay::made_up::Source;
use faithful::report::Color;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::tell_panics_by_place();
    let color = |choice| match choice {
        anstream::ColorChoice::Never => Color::Plain,
        _ => Color::Styled,
    };
    let (mut out, mut err) = (io::BufWriter::new(io::stdout()), io::stderr());
    let out_color = if io::stdout().is_terminal() {
        color(anstream::AutoStream::choice(&io::stdout()))
    } else {
        Color::Plain
    };
    let err_color = if err.is_terminal() { color(anstream::AutoStream::choice(&err)) } else { Color::Plain };
    let mut console = Console { out: &mut out, err: &mut err, out_color, err_color };
    let environment = |name: &str| std::env::var(name).ok();
    let all_of = |prefix: &str| {
        let named = |(name, value): (OsString, OsString)| {
            let name = name.to_str()?.strip_prefix(prefix)?.to_owned();
            Some((name, value.into_string().ok()?))
        };
        std::env::vars_os().filter_map(named).collect()
    };
    let source = source();
    let mut shell = Shell { console: &mut console, environment: &environment, all_of: &all_of, source };
    cli::run(std::env::args_os(), &mut shell).into()
}

/// The clock and chance, once for the run.
fn source() -> Source {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    let mut seed = [0; 16];
    // Where the system has no chance to give, the clock's finest digits are the next best.
    let seed = match getrandom::fill(&mut seed) {
        Ok(()) => u128::from_be_bytes(seed),
        Err(_) => now.as_nanos(),
    };
    Source { seed, now: i64::try_from(now.as_secs()).unwrap_or(i64::MAX) }
}
