//! What the commands of a page said so far: values of variables, contents of files.

use super::label::file_name;
use super::output::has_word;
use crate::json::Json;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of a value or a file that is kept.
const LONGEST: usize = 64 * 1024;

/// Bytes that the values and files of one page may come to where they are used: a page that doubles a variable with
/// each line would not end.
const MOST: usize = 1024 * 1024;

/// Variables and files of a page.
#[derive(Default)]
pub(in crate::docs) struct Environment {
    variables: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
    /// What the page says that the next command sends, and the level of the heading above it.
    payload: Option<(u8, String)>,
    /// The level of the last heading.
    level: u8,
    /// Files that commands sent before the page had shown them.
    missed: RefCell<BTreeSet<String>>,
    given: Cell<usize>,
}

impl Environment {
    /// The value of a variable, as in `HOST=http://localhost:8080`.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        self.give(self.variables.get(name)?)
    }

    /// The content of a file, as in `echo hello > a.txt`.
    pub(in crate::docs) fn file(&self, name: &str) -> Option<&str> {
        self.give(self.files.get(name.trim_start_matches("./"))?)
    }

    /// The content of a file that a command sends: that of the file, or what was said to be sent.
    pub(super) fn sent(&self, name: &str) -> Option<&str> {
        self.file(name).or_else(|| {
            let lower = name.to_ascii_lowercase();
            let may_be_it = ["json", "payload", "body", "data"].iter().any(|word| lower.contains(word));
            let payload = self.payload.as_ref().filter(|_| may_be_it);
            if payload.is_none() {
                self.missed.borrow_mut().insert(name.trim_start_matches("./").to_owned());
            }
            self.give(&payload?.1)
        })
    }

    /// Keeps data that its label says to be the content of a file, or what the next command sends.
    /// What needs a repair is left: a finding would point at the command.
    pub(in crate::docs) fn keep(&mut self, label: &str, data: &str) {
        if data.starts_with(['{', '[']) && Json::parse(data).is_err() {
            return;
        }
        if let Some(name) = file_name(label) {
            // Below the command that sends it, it is not what the next one sends from a file of that name.
            if !self.missed.borrow().contains(name.trim_start_matches("./")) {
                self.write(name, data.to_owned());
            }
            return;
        }
        let says = |word| has_word(label, &[word]);
        if (says("payload") || (says("request") && says("body"))) && data.len() <= LONGEST {
            self.payload = Some((self.level, data.to_owned()));
        }
    }

    /// Takes notice of a heading: what is sent is that of its own section.
    pub(in crate::docs) fn heading(&mut self, level: u8) {
        self.level = level;
        self.payload = self.payload.take().filter(|(above, _)| *above <= level);
    }

    /// What was said to be sent is sent.
    pub(super) fn forget_payload(&mut self) {
        self.payload = None;
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        // A value that hangs on others that nobody knows is none.
        if value.contains(super::lexer::OPEN) || value.is_empty() || value.len() > LONGEST {
            self.variables.remove(name);
        } else {
            self.variables.insert(name.to_owned(), value.to_owned());
        }
    }

    pub(super) fn write(&mut self, name: &str, content: String) {
        let name = name.trim_start_matches("./").to_owned();
        if content.len() > LONGEST {
            self.files.remove(&name);
        } else {
            self.files.insert(name, content);
        }
    }

    fn give<'e>(&self, text: &'e str) -> Option<&'e str> {
        let given = self.given.get() + text.len();
        (given <= MOST).then(|| {
            self.given.set(given);
            text
        })
    }
}
