//! The lines of a text, found without reading it from its beginning each time.

use crate::secret::beginning;
use crate::source::Location;
use crate::verdict::Excerpt;
use std::path::{Path, PathBuf};

/// A longer line is shown in part: a minified body is one, and each mismatch shows of it what it is about.
const LONGEST: usize = 1000;

/// How much is shown of it.
const SHOWN: usize = 200;

/// A text, and where it was read.
pub(super) struct Lines {
    pub(super) path: PathBuf,
    pub(super) text: String,
    starts: Vec<usize>,
}

impl Lines {
    pub(super) fn new(path: &Path, text: String) -> Lines {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Lines { path: path.to_owned(), starts: std::iter::once(0).chain(ends).collect(), text }
    }

    /// Where a line begins; lines are counted from 1.
    pub(super) fn start(&self, line: u32) -> usize {
        let before = (line as usize).saturating_sub(1);
        self.starts.get(before).copied().unwrap_or(self.text.len())
    }

    /// How many lines there are.
    pub(super) fn count(&self) -> u32 {
        narrow(self.starts.len())
    }

    /// A line without its end.
    pub(super) fn line(&self, line: u32) -> &str {
        let line = self.text.get(self.start(line)..self.start(line + 1)).unwrap_or_default();
        let line = line.strip_suffix('\n').unwrap_or(line);
        line.strip_suffix('\r').unwrap_or(line)
    }

    /// The line and the column (in characters) of a byte, both counted from 1.
    pub(super) fn place(&self, at: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        (narrow(line), narrow(characters(self.text.get(start..at).unwrap_or_default()) + 1))
    }

    /// A line as a whole.
    pub(super) fn whole(&self, line: u32) -> Excerpt {
        let shown = self.line(line);
        let indent = characters(shown) - characters(shown.trim_start());
        self.excerpt(line, narrow(indent + 1), shown.trim())
    }

    /// What is meant begins at a column and ends with its value, or with the line.
    pub(super) fn excerpt(&self, line: u32, column: u32, meant: &str) -> Excerpt {
        let shown = self.line(line);
        let before = column.saturating_sub(1) as usize;
        let meant = meant.lines().next().unwrap_or_default();
        let (text, from) =
            if shown.len() <= LONGEST { (shown.to_owned(), 1) } else { part(shown, before, meant) };
        let left = characters(&text).saturating_sub(column.saturating_sub(from) as usize);
        let length = characters(meant).min(left).max(1);
        let location = Location { file: self.path.display().to_string(), line, column };
        Excerpt { location, text, from, length: narrow(length) }
    }
}

/// What is meant behind so many characters of a long line, behind the name of the member that it is, and the column
/// where that begins. It begins with a whole name or value, so that no end of a secret is shown.
fn part(line: &str, before: usize, meant: &str) -> (String, u32) {
    let at = line.char_indices().nth(before).map_or(line.len(), |(at, _)| at);
    let (left, right) = line.split_at(at);
    if meant.is_empty() || !right.starts_with(meant) {
        return (beginning(line, SHOWN).into_owned(), 1);
    }
    let name = name(left).and_then(|start| left.get(start..)).unwrap_or_default();
    (format!("{name}{}", beginning(right, SHOWN)), narrow(before + 1 - characters(name)))
}

/// Where the name begins that a text ends with, and a colon.
fn name(text: &str) -> Option<usize> {
    let inside = text.trim_end().strip_suffix(':')?.trim_end().strip_suffix('"')?;
    let escaped = |at: usize| {
        let before = inside.get(..at).unwrap_or_default();
        (before.len() - before.trim_end_matches('\\').len()) % 2 == 1
    };
    let start = inside.rmatch_indices('"').map(|(at, _)| at).find(|at| !escaped(*at))?;
    (text.len() - start <= SHOWN).then_some(start)
}

fn characters(text: &str) -> usize {
    text.chars().count()
}

fn narrow(figure: usize) -> u32 {
    u32::try_from(figure).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::line_column;
    use rstest::rstest;

    #[test]
    fn lines_and_columns_are_those_of_a_reading_from_the_beginning() {
        for text in ["", "a\né b\r\n\n  \"c\"", "\n", "a\r\n"] {
            let lines = Lines::new(Path::new("page.md"), text.to_owned());
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                assert_eq!(lines.place(at), line_column(text, at), "{text:?} {at}");
            }
            for (index, line) in text.lines().enumerate() {
                assert_eq!(lines.line(narrow(index + 1)), line);
            }
            assert_eq!(lines.line(9), "");
        }
    }

    #[rstest]
    #[case(r#""a\"b" : [1]"#, "[1]", r#""a\"b" : [1]"#)]
    #[case("[1]", "[1]", "[1]")]
    // Nothing else stands there: then nothing is known of where a value begins.
    #[case("[1]", "[2]", "{")]
    fn of_a_long_line_is_shown_what_is_meant(#[case] member: &str, #[case] meant: &str, #[case] shown: &str) {
        let line = format!("{{é{}, {member}, {}", "x".repeat(2000), "y".repeat(2000));
        let lines = Lines::new(Path::new("it.json"), format!("\n{line}\n"));
        let column = line.find("[1]").unwrap();
        let excerpt = lines.excerpt(2, narrow(column), meant);
        assert!(excerpt.text.starts_with(shown) && excerpt.text.ends_with('…'), "{excerpt:?}");
        assert!(excerpt.text.chars().count() <= 2 * SHOWN);
        let behind: String =
            excerpt.text.chars().skip((excerpt.location.column - excerpt.from) as usize).collect();
        let known = excerpt.from > 1;
        assert!(behind.starts_with(if known { "[1], yyy" } else { "" }), "{excerpt:?}");
        assert_eq!(excerpt.length, if known { 3 } else { 1 });
    }
}
