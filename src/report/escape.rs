//! Text of pages and services inside commands for the runner of GitHub Actions, and where no command is meant.
//!
//! The runner takes a line for a command that begins with `::`, blanks before it or not, or that holds `##[`; so such
//! text never stands at the beginning of a line, never ends one, and is never one of these.

use super::prose::COMMAND;
use super::visible;
use serde::Serialize;
use std::io::{self, BufWriter, Write};

/// Behind the last `::` of a command.
pub(super) fn data(text: &str) -> String {
    // What steers is shown first: no line end is left that a percent sign would have to keep.
    let shown = visible(text).replace("##[", "##\\u{5b}");
    shown.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// As the value of a property.
pub(super) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Writes a document for machines, as JSON that commands nothing.
pub fn write_json(document: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    // Piece by piece: a report of a hundred thousand contracts is not held as a text beside itself.
    let mut out = Spelt { out: BufWriter::new(out), marks: 0 };
    serde_json::to_writer_pretty(&mut out, document)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Spells [`COMMAND`] in another way, which in a string of JSON says the same; it stands in strings alone.
struct Spelt<W> {
    out: W,
    /// How many `#` came last.
    marks: usize,
}

impl<W: Write> Write for Spelt<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let mut written = 0;
        for (at, byte) in text.iter().enumerate() {
            match byte {
                b'#' => self.marks += 1,
                b'[' if self.marks >= COMMAND.len() - 1 => {
                    self.out.write_all(text.get(written..at).unwrap_or_default())?;
                    self.out.write_all(b"\\u005b")?;
                    (written, self.marks) = (at + 1, 0);
                }
                _ => self.marks = 0,
            }
        }
        self.out.write_all(text.get(written..).unwrap_or_default())?;
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A stream none of whose lines is taken for a command, whatever stands in them: what would begin with `::` begins with
/// a mark instead.
pub struct Inert<W> {
    out: W,
    /// The blanks and the colon that a line begins with, so far; none in the midst of a line.
    start: Option<Vec<u8>>,
}

impl<W: Write> Inert<W> {
    /// Around a stream that is at the start of a line.
    pub fn new(out: W) -> Inert<W> {
        Inert { out, start: Some(Vec::new()) }
    }

    fn line(&mut self, line: &[u8]) -> io::Result<()> {
        if let Some(mut start) = self.start.take() {
            // Most lines begin with what can be no command.
            if start.is_empty()
                && !line.first().is_none_or(|first| *first == b':' || first.is_ascii_whitespace())
            {
                return self.out.write_all(line);
            }
            start.extend_from_slice(line);
            let text = start.trim_ascii_start();
            if matches!(text, b"" | b":") && !start.ends_with(b"\n") {
                self.start = Some(start);
                return Ok(());
            }
            self.out.write_all(if text.starts_with(b"::") { b"| " } else { b"" })?;
            self.out.write_all(&start)
        } else {
            self.out.write_all(line)
        }
    }
}

impl<W: Write> Write for Inert<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            self.line(line)?;
            if line.ends_with(b"\n") {
                self.start = Some(Vec::new());
            }
        }
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Some(start) = self.start.as_mut() {
            self.out.write_all(&std::mem::take(start))?;
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(&["a\n::error::x\nb"], "a\n| ::error::x\nb")]
    #[case(&["  \t::error::x\n"], "|   \t::error::x\n")]
    #[case(&[" ", ":", ":set-env\n:", "a\n"], "|  ::set-env\n:a\n")]
    #[case(&["a::b\n", "\n", ":\n", ":"], "a::b\n\n:\n:")]
    #[case(&["a", "::b"], "a::b")]
    fn a_line_that_begins_as_a_command_is_marked(#[case] pieces: &[&str], #[case] shown: &str) {
        let mut out = Vec::new();
        let mut inert = Inert::new(&mut out);
        for piece in pieces {
            inert.write_all(piece.as_bytes()).unwrap();
        }
        inert.flush().unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), shown);
    }
}
