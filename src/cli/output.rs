//! Where output goes: the result to stdout, the rest to stderr. A reader that went away is no error.

use crate::report::{Color, Inert};
use clap::ValueEnum;
use clap::builder::StyledStr;
use std::io::{self, Write};

/// The two streams of the program, and whether each shows colours.
pub struct Console<'c> {
    /// The result.
    pub out: &'c mut dyn Write,
    /// Everything else.
    pub err: &'c mut dyn Write,
    /// Whether `out` is a terminal that shows colours.
    pub out_color: Color,
    /// Whether `err` is.
    pub err_color: Color,
}

/// Whether the result is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

impl When {
    /// What that means on a stream of which this is known.
    pub(super) fn on(self, stream: Color) -> Color {
        match self {
            When::Auto => stream,
            When::Always => Color::Styled,
            When::Never => Color::Plain,
        }
    }
}

impl Console<'_> {
    /// Tells the reader something that is no result.
    pub fn note(&mut self, text: impl std::fmt::Display) {
        let _ = writeln!(Inert::new(&mut *self.err), "{text}");
    }

    /// Tells the reader what is wrong with what was asked for.
    pub fn error(&mut self, text: impl std::fmt::Display) {
        let _ = writeln!(self.err, "error: {text}");
    }

    pub(super) fn error_text(&mut self, text: &StyledStr) {
        let mut err = Inert::new(&mut *self.err);
        let _ = match self.err_color {
            Color::Styled => write!(err, "{}", text.ansi()),
            Color::Plain => write!(err, "{text}"),
        };
        let _ = err.flush();
    }

    pub(super) fn result_text(&mut self, text: &StyledStr) {
        let _ = match self.out_color {
            Color::Styled => write!(self.out, "{}", text.ansi()),
            Color::Plain => write!(self.out, "{text}"),
        };
    }

    /// Writes a result that commands nothing. A closed pipe is the reader's choice and hides nothing: the exit code says
    /// how it ended.
    pub fn result(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        self.commands(|out| {
            let mut inert = Inert::new(out);
            write(&mut inert)?;
            inert.flush()
        })
    }

    /// Writes a result that is commands for the runner of GitHub Actions.
    pub fn commands(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let written = write(self.out).and_then(|()| self.out.flush());
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}
