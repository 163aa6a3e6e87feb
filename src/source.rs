//! Where a thing was written: a file, a line, a column.

use std::fmt;

/// A place in a file, for messages that people follow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file, as the reader can open it from where the program was started.
    pub file: String,
    /// Counted from 1.
    pub line: u32,
    /// In characters, counted from 1; 0 where only the line is known.
    pub column: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)?;
        if self.column > 0 { write!(f, ":{}", self.column) } else { Ok(()) }
    }
}

/// The line and the column (in characters) of a byte of a text, both counted from 1.
pub fn line_column(text: &str, at: usize) -> (u32, u32) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// The lines of a text, each with its LF: as `split_inclusive`, for texts that are read as a whole.
pub(crate) fn rows(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |at| at + 1);
        let (row, behind) = rest.split_at_checked(end)?;
        rest = behind;
        (!row.is_empty()).then_some(row)
    })
}

/// What stands behind so many rows of a text.
pub(crate) fn behind_rows(text: &str, count: usize) -> &str {
    let Some(last) = count.checked_sub(1) else { return text };
    let end = memchr::memchr_iter(b'\n', text.as_bytes()).nth(last);
    end.and_then(|end| text.get(end + 1..)).unwrap_or_default()
}

/// How many rows a text has.
pub(crate) fn count_rows(text: &str) -> usize {
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    ends + usize::from(!text.is_empty() && !text.ends_with('\n'))
}

#[cfg(test)]
mod tests {
    use super::{behind_rows, count_rows, line_column, rows};

    #[test]
    fn rows_keep_their_ends() {
        for text in ["", "\n", "a", "a\n", "\n\na\né\r\n", "a\n\nb"] {
            assert!(rows(text).eq(text.split_inclusive('\n')), "{text:?}");
            assert_eq!(count_rows(text), rows(text).count(), "{text:?}");
            for count in 0..5 {
                let behind: String = rows(text).skip(count).collect();
                assert_eq!(behind_rows(text, count), behind, "{count} of {text:?}");
            }
        }
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        assert_eq!(line_column("a\né b", 5), (2, 3));
        assert_eq!(line_column("", 0), (1, 1));
        assert_eq!(line_column("ab", 99), (1, 3));
    }
}
