//! The lines of pages that findings are about: pages are read again, one at a time, only where a line is shown.

use super::LARGEST;
use super::buffer::Buffer;
use crate::docs::with_lf;
use crate::source::Location;
use crate::verdict::Excerpt;
use std::path::Path;

/// Characters of a line that are shown.
const WIDTH: usize = 300;

/// Finds lines of pages. Asked page by page, it reads each page once.
#[derive(Debug, Default)]
pub struct Excerpts {
    file: String,
    /// Without an end that is not UTF-8.
    text: String,
}

impl Excerpts {
    /// The line of a place, or as much of it around the place as people can read; none where it is gone.
    pub fn of(&mut self, location: &Location) -> Option<Excerpt> {
        if self.file != location.file {
            self.read(&location.file);
        }
        let text = self.text.lines().nth(location.line.checked_sub(1)? as usize)?;
        let trimmed = text.trim();
        let indent = text.chars().count() - text.trim_start().chars().count();
        let (column, length) = match location.column as usize {
            0 => (indent, trimmed.chars().count()),
            column => (column - 1, 1),
        };
        let start = column.saturating_sub(WIDTH / 3);
        let shown: String = text.chars().skip(start).take(WIDTH).collect();
        let length = length.min(shown.chars().count().saturating_sub(column - start));
        let location = Location { column: u32::try_from(column - start + 1).ok()?, ..location.clone() };
        (!trimmed.is_empty()).then_some(Excerpt {
            location,
            text: shown,
            from: 1,
            length: u32::try_from(length.max(1)).ok()?,
        })
    }

    fn read(&mut self, file: &str) {
        file.clone_into(&mut self.file);
        self.text.clear();
        let mut buffer = Buffer::new();
        let Ok(bytes) = buffer.read(Path::new(file), LARGEST) else { return };
        if bytes.len() > LARGEST {
            return;
        }
        let valid = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                std::str::from_utf8(bytes.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default()
            }
        };
        let text = valid.strip_prefix('\u{feff}').unwrap_or(valid);
        self.text = with_lf(text).into_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::Excerpts;
    use crate::source::Location;

    #[test]
    fn shows_the_line_or_what_is_around_the_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("page.md");
        let long = format!("{}é!{}", "a".repeat(1000), "b".repeat(1000));
        std::fs::write(&file, format!("one\r\n  two\r\n{long}\r\n\r\n")).unwrap();
        let at = |line, column| Location { file: file.to_str().unwrap().to_owned(), line, column };
        let mut excerpts = Excerpts::default();
        let whole = excerpts.of(&at(2, 0)).unwrap();
        assert_eq!((whole.text.as_str(), whole.location.column, whole.length), ("  two", 3, 3));
        let part = excerpts.of(&at(3, 1002)).unwrap();
        assert_eq!(part.text.chars().count(), super::WIDTH);
        assert_eq!(part.text.chars().nth(part.location.column as usize - 1), Some('!'));
        assert_eq!(excerpts.of(&at(4, 0)), None, "there is nothing to show of a blank line");
        assert_eq!(excerpts.of(&at(7, 0)), None);
        assert_eq!(excerpts.of(&Location { file: "gone.md".to_owned(), line: 1, column: 0 }), None);
    }
}
