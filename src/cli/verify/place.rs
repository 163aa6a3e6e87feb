//! Where a report goes: a file that is moved to its place as a whole, or what is there already.

use crate::contract::store;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Whether a report's path means stdout: these are links, and what they lead to is no file to be replaced.
pub(super) fn is_stdout(file: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| file == Path::new(name))
}

/// Whether both are the same place, however they are spelled.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    // A file that is to come is where its folder is.
    let itself = |file: &Path| {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let whole = || Some(folder.canonicalize().ok()?.join(file.file_name()?));
        file.canonicalize().ok().or_else(whole).unwrap_or_else(|| file.to_owned())
    };
    one == other || is_stdout(one) && is_stdout(other) || itself(one) == itself(other)
}

/// Fails before anything is sent where a report could not be written afterwards.
pub(super) fn check_writable(file: &Path) -> Result<(), String> {
    let wrong = |error: &dyn std::fmt::Display| {
        format!("{}: a report cannot be written here: {error}; name another file", file.display())
    };
    match place(file).map_err(|error| wrong(&error))? {
        Place::Open => Ok(()),
        Place::File(file) => {
            let folder =
                file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            store::check_folder(folder).map_err(|error| wrong(&error))
        }
    }
}

/// How a report comes to its place.
enum Place {
    /// A whole file is moved there.
    File(PathBuf),
    /// What is there is written to as it is: nothing can be moved into its place.
    Open,
}

fn place(file: &Path) -> io::Result<Place> {
    let refused = |why: &str| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    let Ok(itself) = fs::symlink_metadata(file) else { return Ok(Place::File(file.to_owned())) };
    let Ok(meta) = fs::metadata(file) else { return refused("it is a link that leads nowhere") };
    if meta.is_dir() {
        return refused("it is a folder");
    }
    // `/dev/stderr` and a shell's `>(…)`: open already, a pipe with its reader.
    let open_already =
        ["/dev/fd", "/dev/stderr", "/proc/self/fd"].iter().any(|folder| file.starts_with(folder));
    match (meta.is_file(), itself.is_symlink()) {
        _ if open_already || is_device(&meta) => Ok(Place::Open),
        (true, true) => file.canonicalize().map(Place::File),
        (true, false) => Ok(Place::File(file.to_owned())),
        // A pipe without a reader would be waited for without end.
        (false, _) => refused("it is neither a file nor a device"),
    }
}

#[cfg(unix)]
fn is_device(meta: &fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_char_device(&meta.file_type())
}

#[cfg(not(unix))]
fn is_device(meta: &fs::Metadata) -> bool {
    !meta.is_file()
}

/// Writes a report to its place, whole or not at all.
pub(super) fn write_report(
    file: &Path,
    write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> io::Result<()> {
    match place(file)? {
        Place::Open => {
            let mut device = io::BufWriter::new(fs::OpenOptions::new().append(true).open(file)?);
            write(&mut device)?;
            io::Write::flush(&mut device)
        }
        Place::File(file) => store::write_whole(&file, write),
    }
}

/// Writes to the end of a file that others write to as well.
pub(super) fn append(
    file: &Path,
    write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut end = io::BufWriter::new(fs::OpenOptions::new().append(true).create(true).open(file)?);
    write(&mut end)?;
    io::Write::flush(&mut end)
}
