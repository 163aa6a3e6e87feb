//! One writer at a time: a lock on a file in the folder, which the system lets go of however its holder ends.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// Its name does not end in `.json`, so nobody takes it for a contract.
const NAME: &str = ".faithful.lock";

/// How long to wait before asking again.
const PAUSE: Duration = Duration::from_millis(20);

/// The right to write to a folder, until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    path: PathBuf,
}

/// Why there is no right to write.
#[derive(Debug)]
pub(super) enum LockError {
    /// Another process has it; its id, if it was read.
    Held(Option<u32>),
    /// The file cannot be used.
    Io(io::Error),
}

impl Lock {
    /// Waits for the lock of a folder, which must exist.
    pub(super) fn take(folder: &Path, patience: Duration) -> Result<Lock, LockError> {
        let path = folder.join(NAME);
        let start = Instant::now();
        loop {
            let mut file = open(&path).map_err(LockError::Io)?;
            match file.try_lock() {
                Ok(()) if is_there(&file, &path) => {
                    // The id helps people; the lock does not need it.
                    let _ = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
                    return Ok(Lock { file, path });
                }
                // Its last holder has just removed it.
                Ok(()) => {}
                Err(TryLockError::WouldBlock) if start.elapsed() < patience => thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => return Err(LockError::Held(holder(&mut file))),
                // A file system without locks: files are still replaced whole.
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(Lock { file, path });
                }
                Err(TryLockError::Error(error)) => return Err(LockError::Io(error)),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Removed while it is held: who waits for it finds that it is gone, and makes another.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
        let _ = self.file.unlock();
    }
}

fn open(path: &Path) -> io::Result<File> {
    let is_other = fs::symlink_metadata(path).is_ok_and(|meta| !meta.is_file());
    if is_other {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    File::options().read(true).write(true).create(true).truncate(false).open(path)
}

/// Whether the file that was locked is still the one that others find.
#[cfg(unix)]
fn is_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |meta: &fs::Metadata| (meta.dev(), meta.ino());
    matches!((file.metadata(), fs::metadata(path)), (Ok(ours), Ok(theirs)) if identity(&ours) == identity(&theirs))
}

/// Elsewhere it is never removed.
#[cfg(not(unix))]
fn is_there(_: &File, _: &Path) -> bool {
    true
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn who_comes_second_is_told_who_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path(), Duration::ZERO).unwrap();
        let second = Lock::take(folder.path(), Duration::ZERO);
        assert!(matches!(second, Err(LockError::Held(Some(pid))) if pid == std::process::id()));
        drop(first);
        drop(Lock::take(folder.path(), Duration::ZERO).unwrap());
        #[cfg(unix)]
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
    }

    #[test]
    fn of_many_that_wait_one_at_a_time_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let (inside, most) = (AtomicU32::new(0), AtomicU32::new(0));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..5 {
                        let lock = Lock::take(folder.path(), Duration::from_mins(1)).unwrap();
                        most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        thread::yield_now();
                        inside.fetch_sub(1, Ordering::SeqCst);
                        drop(lock);
                    }
                });
            }
        });
        assert_eq!(most.into_inner(), 1);
    }

    #[test]
    fn a_lock_file_that_was_left_behind_keeps_nobody_out() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(NAME), "4194304").unwrap();
        assert!(Lock::take(folder.path(), Duration::ZERO).is_ok());
    }
}
