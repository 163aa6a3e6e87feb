//! Opens the pages of a folder: where the system can, by their names alone. To find a page anew from the root of its path
//! costs as much as to read it.

use std::fs::File;
use std::io;
use std::path::Path;

/// A folder whose pages are opened; any, where it is of none.
#[derive(Default)]
pub(super) struct Opener {
    #[cfg(unix)]
    folder: Option<std::os::fd::OwnedFd>,
}

impl Opener {
    /// For the pages of a folder; each is opened by its whole path where that cannot be opened.
    #[cfg(unix)]
    pub(super) fn of(folder: &Path) -> Opener {
        use rustix::fs::{Mode, OFlags};
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Opener { folder: rustix::fs::open(folder, flags, Mode::empty()).ok() }
    }

    /// Opens a page of the folder.
    #[cfg(unix)]
    pub(super) fn open(&self, page: &Path) -> io::Result<File> {
        use rustix::fs::{Mode, OFlags, openat};
        let (Some(folder), Some(name)) = (&self.folder, page.file_name()) else { return File::open(page) };
        Ok(openat(folder, name, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?.into())
    }

    /// For the pages of a folder.
    #[cfg(not(unix))]
    pub(super) fn of(_: &Path) -> Opener {
        Opener {}
    }

    /// Opens a page of the folder.
    #[cfg(not(unix))]
    pub(super) fn open(&self, page: &Path) -> io::Result<File> {
        File::open(page)
    }
}

#[cfg(test)]
mod tests {
    use super::Opener;
    use std::io::Read;
    use std::path::Path;

    #[test]
    fn a_page_is_opened_wherever_its_folder_is() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("page.md");
        std::fs::write(&page, "text").unwrap();
        let read = |opener: &Opener| {
            let mut text = String::new();
            opener.open(&page).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        assert_eq!(read(&Opener::of(folder.path())), "text");
        assert_eq!(read(&Opener::of(Path::new("no such folder"))), "text");
        assert!(Opener::of(folder.path()).open(&folder.path().join("gone.md")).is_err());
    }
}
