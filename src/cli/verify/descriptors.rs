//! Whether as many files can be opened as a run needs at the least: what runs below panics where it cannot.

use std::io;

/// The runtime's own, the listener of the embedded stub, a connection at both its ends, and a report.
pub(super) const NEEDED: usize = 40;

/// Fails where fewer are left.
#[cfg(unix)]
pub(super) fn spare() -> io::Result<()> {
    let opened: io::Result<Vec<std::fs::File>> =
        (0..NEEDED).map(|_| std::fs::File::open("/dev/null")).collect();
    opened.map(drop)
}

/// There is no limit to run into.
#[cfg(not(unix))]
pub(super) fn spare() -> io::Result<()> {
    Ok(())
}
