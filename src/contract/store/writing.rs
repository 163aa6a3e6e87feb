//! Writing contract files: a reader finds the old file or the new one, whatever ends the writer, and when.
//!
//! Files are written in a folder of the run's own within the store and moved to their places once they are whole. None
//! is synced to the disk: after a loss of power the docs are still there to be extracted again, and a sync for each of
//! thousands of files would take minutes.

use super::lock::{Lock, LockError};
use super::path_of;
use crate::contract::{Contract, to_file};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// What the names of files that are not whole yet begin with.
const TEMPORARY: &str = ".tmp-";

/// Contracts that are worth a thread.
const BATCH: usize = 64;

/// What became of a contract's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// There was none.
    New,
    /// Its bytes differ.
    Changed,
    /// It is as it was, and was not touched.
    Same,
}

/// A folder of contracts that nobody else writes to while this is there.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    /// Without links.
    root: PathBuf,
    _lock: Lock,
}

/// Why a folder cannot be written to.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process writes to it, and did not end in time.
    #[error("{}: {} writes to it; try again when it is done", .0.display(), holder(*.1))]
    Held(
        /// The folder.
        PathBuf,
        /// The process.
        Option<u32>,
    ),
    /// It cannot be used.
    #[error("{}: {}; see to it that it is a folder that you may write to", .0.display(), .1)]
    Io(
        /// The folder.
        PathBuf,
        /// In which way.
        #[source]
        io::Error,
    ),
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
}

impl Store {
    /// Opens a folder for writing, and makes it if need be. Waits so long for whoever writes to it; what a run left
    /// behind that was killed is removed.
    pub fn open(folder: &Path, patience: Duration) -> Result<Store, OpenError> {
        let wrong = |error| OpenError::Io(folder.to_owned(), error);
        fs::create_dir_all(folder).map_err(wrong)?;
        let root = folder.canonicalize().map_err(wrong)?;
        let lock = match Lock::take(&root, patience) {
            Ok(lock) => lock,
            Err(LockError::Held(pid)) => return Err(OpenError::Held(folder.to_owned(), pid)),
            Err(LockError::Io(error)) => return Err(wrong(error)),
        };
        for path in remains(&root) {
            let is_folder = fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_dir());
            // What cannot be removed is in nobody's way: no name is used twice.
            let _ = if is_folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
        Ok(Store { folder: folder.to_owned(), root, _lock: lock })
    }

    /// Writes the files of contracts whose bytes change, and says of each, in the same order, what became of it.
    pub fn write(&self, contracts: &[&Contract]) -> Vec<io::Result<Change>> {
        let temporary = match tempfile::Builder::new().prefix(TEMPORARY).tempdir_in(&self.root) {
            Ok(temporary) => temporary,
            Err(error) => return contracts.iter().map(|_| Err(again(&error))).collect(),
        };
        in_parallel(contracts, |first| Writer {
            store: self,
            temporary: temporary.path(),
            next: first,
            checked: PathBuf::new(),
        })
    }

    /// Removes a contract's file, and the folders that hold nothing else.
    pub fn remove(&self, file: &Path) -> io::Result<()> {
        refuse_link(file)?;
        self.refuse_outside(file.parent().unwrap_or(&self.folder))?;
        fs::remove_file(file)?;
        for folder in file.ancestors().skip(1).take_while(|folder| *folder != self.folder) {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// A link below the folder could lead a write out of it.
    fn refuse_outside(&self, folder: &Path) -> io::Result<()> {
        if folder.canonicalize()?.starts_with(&self.root) { Ok(()) } else { Err(link()) }
    }
}

/// Whether a run that was killed left something behind.
pub fn has_remains(folder: &Path) -> bool {
    remains(folder).next().is_some()
}

fn remains(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_ours = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(TEMPORARY);
    entries.filter(is_ours).map(|entry| entry.path())
}

/// What writing contracts would change, in the same order. Needs no lock.
pub fn compare(folder: &Path, contracts: &[&Contract]) -> Vec<io::Result<Change>> {
    in_parallel(contracts, |_| Comparer { folder })
}

/// What is done with one contract after the other.
trait Work {
    fn on(&mut self, contract: &Contract) -> io::Result<Change>;
}

/// Has contracts worked on by as many threads as there are cores, each with a run of them, since neighbours share a
/// folder. A worker is made with the position of its first one.
fn in_parallel<W: Work>(
    contracts: &[&Contract],
    worker: impl Fn(usize) -> W + Sync,
) -> Vec<io::Result<Change>> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = contracts.len().div_ceil(threads).max(BATCH);
    let work = |(index, share_of_it): (usize, &[&Contract])| {
        let mut worker = worker(index * share);
        share_of_it.iter().map(|contract| worker.on(contract)).collect::<Vec<_>>()
    };
    thread::scope(|scope| {
        let mut shares = contracts.chunks(share).enumerate();
        let own = shares.next();
        let others: Vec<_> = shares.map(|part| scope.spawn(move || work(part))).collect();
        let mut done = own.map(work).unwrap_or_default();
        for other in others {
            match other.join() {
                Ok(part) => done.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    })
}

struct Comparer<'s> {
    folder: &'s Path,
}

impl Work for Comparer<'_> {
    fn on(&mut self, contract: &Contract) -> io::Result<Change> {
        change(&path_of(self.folder, &contract.id), &to_file(contract))
    }
}

struct Writer<'s> {
    store: &'s Store,
    temporary: &'s Path,
    /// The position of the next contract: no other is written under this name.
    next: usize,
    /// The last folder that was found to be within the store.
    checked: PathBuf,
}

impl Work for Writer<'_> {
    fn on(&mut self, contract: &Contract) -> io::Result<Change> {
        self.next += 1;
        let path = path_of(&self.store.folder, &contract.id);
        let text = to_file(contract);
        let change = change(&path, &text)?;
        if change == Change::Same {
            return Ok(change);
        }
        let folder = path.parent().unwrap_or(&self.store.folder);
        if folder != self.checked {
            fs::create_dir_all(folder)?;
            self.store.refuse_outside(folder)?;
            folder.clone_into(&mut self.checked);
        }
        let temporary = self.temporary.join(self.next.to_string());
        fs::File::create_new(&temporary)?.write_all(text.as_bytes())?;
        match fs::rename(&temporary, &path) {
            // Another file system is mounted below the folder.
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                write_whole(&path, |file| file.write_all(text.as_bytes()))?;
            }
            renamed => renamed?,
        }
        Ok(change)
    }
}

/// What this text would change of a file. Nothing but a regular file is opened.
fn change(path: &Path, text: &str) -> io::Result<Change> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Change::New),
        Err(error) => Err(error),
        Ok(meta) if meta.is_symlink() => Err(link()),
        Ok(meta) if !meta.is_file() => {
            let message = "something other than a file stands where the contract belongs; remove it";
            Err(io::Error::new(io::ErrorKind::InvalidInput, message))
        }
        Ok(meta) if meta.len() == text.len() as u64 && fs::read(path)? == text.as_bytes() => Ok(Change::Same),
        Ok(_) if is_contract(path)? => Ok(Change::Changed),
        Ok(_) => {
            let message = "a file that is no contract stands where the contract belongs; move it away";
            Err(io::Error::new(io::ErrorKind::InvalidInput, message))
        }
    }
}

/// Whether a file is a contract's, be it cut short, edited by hand or in the middle of a merge. It may be empty.
fn is_contract(path: &Path) -> io::Result<bool> {
    /// Bytes at a file's beginning in which it says what it is.
    const BEGINNING: u64 = 4096;
    let mut beginning = Vec::new();
    fs::File::open(path)?.take(BEGINNING).read_to_end(&mut beginning)?;
    Ok(beginning.trim_ascii().is_empty() || memchr::memmem::find(&beginning, b"\"faithful\"").is_some())
}

fn refuse_link(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_symlink() { Err(link()) } else { Ok(()) }
}

fn link() -> io::Error {
    let message = "a symbolic link stands where the contract belongs; remove it";
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

/// The same error once more: it is told of every file that it keeps from being written.
fn again(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), error.to_string())
}

/// Writes a file beside its place and moves it there once it is whole.
pub fn write_whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = beside(folder)?;
    let mut buffer = io::BufWriter::new(file.as_file_mut());
    write(&mut buffer)?;
    buffer.flush()?;
    drop(buffer);
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Whether a file can be written in a folder, and if not, why. Leaves nothing behind.
pub fn check_folder(folder: &Path) -> io::Result<()> {
    beside(folder).map(drop)
}

/// A file that is moved to its place once it is whole.
fn beside(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    // What others may read is the umask's business, as for any file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // The error's own text is of a file that nobody asked for.
    builder.tempfile_in(folder).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => io::Error::new(error.kind(), "there is no such folder"),
        kind => kind.into(),
    })
}

#[cfg(test)]
mod tests;
