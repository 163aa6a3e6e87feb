//! The walk through the docs: folders and pages are read as they are found, by as many threads as there are cores.

use super::buffer::Buffer;
use super::whole;
use crate::docs::{Page, form};
use crate::finding::Code;
use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Pages of the largest docs.
const MOST: usize = 200_000;

/// Pages that a thread takes at a time: a folder of thousands is everybody's work.
const BATCH: usize = 64;

const NOT_REGULAR: &str = "not a regular file";

/// A place in the docs. Ordered by its path below the docs root.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// Below the docs root, with `/`.
    pub(super) below: String,
    pub(super) path: PathBuf,
    pub(super) is_page: bool,
}

/// What is yet to be done.
enum Job {
    Folder(Entry),
    /// Of one folder.
    Pages(Vec<Entry>),
    /// A named pipe, say, which would be waited for without end.
    Unreadable(Entry),
}

/// What a walk came upon.
pub(super) enum Walked<T> {
    /// All there is.
    All(Found<T>),
    /// More pages than docs have.
    TooMany,
}

/// All pages with what `read` made of them, and what could not be walked.
pub(super) struct Found<T> {
    /// In the order of their paths, each once.
    pub(super) kept: Vec<(Entry, T)>,
    /// How many pages there are beside these, of which it kept nothing.
    pub(super) others: usize,
}

/// Walks the docs, and has each page read, by several threads at once. Where pages may be named twice, something must be
/// kept of each.
pub(super) fn pages<T: From<Page> + Send>(
    docs: &[PathBuf],
    read: impl Fn(&Entry, &mut Buffer) -> Option<T> + Sync,
) -> Walked<T> {
    let queue = Queue::new(docs.iter().map(|path| named(path)).collect());
    let work = || {
        let mut buffer = Buffer::new();
        let (mut done, mut others) = (Vec::new(), 0);
        while let Some((job, _busy)) = queue.take() {
            match job {
                Job::Folder(folder) => queue.add(open(&folder, &queue, &mut done)),
                Job::Pages(pages) => {
                    if let Some(folder) = pages.first().and_then(|page| page.path.parent()) {
                        buffer.enter(folder);
                    }
                    for page in pages {
                        match read(&page, &mut buffer) {
                            Some(read) => done.push((page, read)),
                            None => others += 1,
                        }
                    }
                }
                Job::Unreadable(page) => done.push(failed(page, &io::Error::other(NOT_REGULAR))),
            }
        }
        // What each has put in order need but be merged.
        done.sort_by(by_path);
        (done, others)
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (mut done, others) = thread::scope(|scope| {
        let threads: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let (mut done, mut others) = work();
        for thread in threads {
            match thread.join() {
                Ok((pages, more)) => {
                    done.extend(pages);
                    others += more;
                }
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        (done, others)
    });
    if queue.pages.into_inner() > MOST {
        return Walked::TooMany;
    }
    done.sort_by(by_path);
    done.dedup_by(|(one, _), (two, _)| one == two);
    Walked::All(Found { kept: done, others })
}

fn by_path<T>((one, _): &(Entry, T), (two, _): &(Entry, T)) -> std::cmp::Ordering {
    one.cmp(two)
}

/// A path that was named: a folder is a root of docs, a file has its own folder as root. Its links are followed.
fn named(path: &Path) -> Job {
    let entry = |below| Entry { below, path: path.to_owned(), is_page: true };
    if path.is_dir() {
        return Job::Folder(Entry { is_page: false, ..entry(String::new()) });
    }
    let name = path.file_name().unwrap_or(path.as_os_str());
    let page = entry(name.to_string_lossy().into_owned());
    if path.is_file() { Job::Pages(vec![page]) } else { Job::Unreadable(page) }
}

/// What is in a folder. What cannot be walked is done with.
fn open<T: From<Page>>(folder: &Entry, queue: &Queue, done: &mut Vec<(Entry, T)>) -> Vec<Job> {
    let mut jobs = Vec::new();
    let mut pages = Vec::new();
    let entries = match fs::read_dir(&folder.path) {
        Ok(entries) => entries,
        Err(error) => {
            done.push(failed(folder.clone(), &error));
            return jobs;
        }
    };
    for item in entries {
        let found = item.and_then(|item| Ok((item.file_name(), item.file_type()?)));
        let (name, file_type) = match found {
            Ok(found) => found,
            Err(error) => {
                done.push(failed(folder.clone(), &error));
                continue;
            }
        };
        // Behind a link to a folder there may be any number of pages.
        let is_linked = file_type.is_symlink() && folder.path.join(&name).is_dir();
        let is_page = form::is_page(Path::new(&name)) || is_linked;
        if !(is_page || file_type.is_dir()) || (file_type.is_dir() && name == ".git") {
            continue;
        }
        let slash = if folder.below.is_empty() { "" } else { "/" };
        let below = [folder.below.as_str(), slash, &shown(&name)].concat();
        let entry = Entry { below, path: within(&folder.path, &name), is_page: !file_type.is_dir() };
        if file_type.is_dir() {
            jobs.push(Job::Folder(entry));
        } else if file_type.is_symlink() {
            let page = whole(Code::LinkSkipped, &entry.path, "");
            done.push((entry, page.into()));
        } else if file_type.is_file() {
            pages.push(entry);
        } else {
            jobs.push(Job::Unreadable(entry));
        }
    }
    if queue.pages.fetch_add(pages.len(), Ordering::Relaxed) + pages.len() > MOST {
        return Vec::new();
    }
    while !pages.is_empty() {
        let rest = pages.split_off(pages.len().min(BATCH));
        jobs.push(Job::Pages(std::mem::replace(&mut pages, rest)));
    }
    jobs
}

/// As [`Path::join`], which takes room twice.
fn within(folder: &Path, name: &OsStr) -> PathBuf {
    let mut path = PathBuf::with_capacity(folder.as_os_str().len() + 1 + name.len());
    path.push(folder);
    path.push(name);
    path
}

/// A path as text; nearly all are UTF-8, which is looked at many bytes at a time.
pub(super) fn shown(path: &OsStr) -> Cow<'_, str> {
    path.to_str().map_or_else(|| path.to_string_lossy(), Cow::Borrowed)
}

fn failed<T: From<Page>>(entry: Entry, error: &io::Error) -> (Entry, T) {
    let page = whole(Code::UnreadableFile, &entry.path, error.to_string());
    (entry, page.into())
}

/// The jobs that are yet to be done, and whether those that are being done may bring more.
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    /// How many pages were found.
    pages: AtomicUsize,
}

struct State {
    jobs: Vec<Job>,
    busy: usize,
}

impl Queue {
    fn new(jobs: Vec<Job>) -> Queue {
        Queue {
            state: Mutex::new(State { jobs, busy: 0 }),
            changed: Condvar::new(),
            pages: AtomicUsize::new(0),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job; waits while there is none and others may bring some. `None` when all are done.
    fn take(&self) -> Option<(Job, Busy<'_>)> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.jobs.pop() {
                state.busy += 1;
                return Some((job, Busy(self)));
            }
            if state.busy == 0 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn add(&self, jobs: Vec<Job>) {
        if !jobs.is_empty() {
            self.lock().jobs.extend(jobs);
            self.changed.notify_all();
        }
    }
}

/// A job is being done, until this is dropped: by a panic too, or the others would wait for ever.
struct Busy<'a>(&'a Queue);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.busy -= 1;
        if state.busy == 0 && state.jobs.is_empty() {
            self.0.changed.notify_all();
        }
    }
}
