//! The bytes of a page, in memory that is used again for the next one.

use super::opener::Opener;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Bytes that are kept from one page to the next: more than nearly all pages have.
const KEPT: usize = 1024 * 1024;

/// Bytes of a page of memory on most machines. Files are kept in such pages, from which they are copied.
const PAGE: usize = 4096;

/// Where in a page of memory the bytes begin: next to where a file's begin, a copy takes twice as long, since each load
/// has to wait for a store that looks like one to its own address.
const BEGIN: usize = PAGE / 2;

/// Memory for the bytes of a file.
pub(super) struct Buffer {
    memory: Vec<u8>,
    opener: Opener,
}

impl Buffer {
    pub(super) fn new() -> Buffer {
        Buffer { memory: vec![0; 64 * 1024], opener: Opener::default() }
    }

    /// All files that are read from here on are in this folder, until the next one is entered.
    pub(super) fn enter(&mut self, folder: &Path) {
        self.opener = Opener::of(folder);
    }

    /// The bytes of a file; of one that has more than `most`, one more than these.
    pub(super) fn read(&mut self, path: &Path, most: usize) -> io::Result<&[u8]> {
        if self.memory.len() > KEPT {
            self.memory = vec![0; KEPT];
        }
        let mut file = self.opener.open(path)?;
        let (mut begin, mut length) = (self.begin(), 0);
        loop {
            let room = self.memory.get_mut(begin + length..).unwrap_or_default();
            if room.is_empty() {
                begin = self.grow(begin, length);
                continue;
            }
            let wanted = room.len().min((most + 1).saturating_sub(length));
            match file.read(room.get_mut(..wanted).unwrap_or_default()) {
                Ok(0) => break,
                Ok(read) => length += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.memory.get(begin..begin + length).unwrap_or_default())
    }

    fn begin(&self) -> usize {
        let aligned = self.memory.as_ptr().align_offset(PAGE);
        if aligned < PAGE { aligned + BEGIN } else { 0 }
    }

    /// Makes twice the room. Where the bytes begin then.
    fn grow(&mut self, begin: usize, length: usize) -> usize {
        let old = std::mem::replace(&mut self.memory, vec![0; (begin + length) * 2 + PAGE + BEGIN]);
        let new_begin = self.begin();
        if let Some(room) = self.memory.get_mut(new_begin..new_begin + length) {
            room.copy_from_slice(old.get(begin..begin + length).unwrap_or_default());
        }
        new_begin
    }
}

#[cfg(test)]
mod tests {
    use super::{Buffer, KEPT};
    use std::fs;

    #[test]
    fn a_file_is_read_as_it_is_whatever_was_read_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.md");
        let mut buffer = Buffer::new();
        for length in [10, 70_000, 0, 3 * KEPT, 4096, 200_000, 2048] {
            let bytes: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            fs::write(&path, &bytes).unwrap();
            assert!(buffer.read(&path, 4 * KEPT).unwrap() == bytes, "{length}");
        }
        assert!(buffer.memory.len() <= KEPT, "what one long page took is given back");
    }

    #[test]
    fn of_a_file_that_is_too_long_one_byte_too_many_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.md");
        fs::write(&path, "abcdef").unwrap();
        for (most, expected) in [(4, "abcde"), (5, "abcdef"), (6, "abcdef"), (0, "a")] {
            assert_eq!(Buffer::new().read(&path, most).unwrap(), expected.as_bytes());
        }
        assert!(Buffer::new().read(&folder.path().join("none.md"), 4).is_err());
        assert!(Buffer::new().read(folder.path(), 4).is_err(), "a folder is no file");
    }
}
