//! What the commands of a page said so far: values of variables, contents of files.

use std::cell::Cell;
use std::collections::BTreeMap;

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
