//! Forms: what a page is written in, and who reads it. All forms say what a page consists of in the same events, so what
//! is in a code block is read by the same eyes whatever stands around it.

use super::markdown::{self, Event, IndentedCode};
use super::probe::Seen;
use super::{probe, rst};
use std::path::Path;

/// A form that pages are written in.
trait Form: Sync {
    /// Which words a page has that tell of requests. What is asked of the page then begins with these.
    fn seen(&self, text: &str) -> Seen;

    /// Whether a page may hold a message: false only where a thorough look would find none. Most pages have none, and
    /// to find that out must cost next to nothing.
    fn may_hold_messages(&self, text: &str, seen: Seen) -> bool;

    /// What the examples of a page may look like.
    fn examples(&self, text: &str, seen: Seen) -> Examples;

    /// Tells the sink what a page consists of. Line ends must be LF.
    fn scan<'a>(&self, text: &'a str, seen: Seen, sink: &mut dyn FnMut(Event<'a>));
}

/// A page that is yet to be read.
#[derive(Clone, Copy)]
pub(super) struct Sheet<'t> {
    /// Its path below the docs root, with `/`.
    pub(super) file: &'t str,
    /// Its text. Line ends must be LF.
    pub(super) text: &'t str,
    form: &'static dyn Form,
    seen: Seen,
}

impl<'t> Sheet<'t> {
    /// A page, and which words it has.
    pub(super) fn new(file: &'t str, text: &'t str) -> Sheet<'t> {
        let form = of(file);
        Sheet { file, text, form, seen: form.seen(text) }
    }

    /// The same page, of whose words nothing is known.
    #[cfg(test)]
    pub(super) fn unseen(self) -> Sheet<'t> {
        Sheet { seen: Seen::ANY, ..self }
    }

    /// Whether it may hold a message, by a first look.
    pub(super) fn may_hold_messages(&self) -> bool {
        self.form.may_hold_messages(self.text, self.seen)
    }

    /// What its examples may look like.
    pub(super) fn examples(&self) -> Examples {
        self.form.examples(self.text, self.seen)
    }

    /// Tells the sink what it consists of.
    pub(super) fn scan(&self, sink: &mut dyn FnMut(Event<'t>)) {
        self.form.scan(self.text, self.seen, sink);
    }
}

/// What the examples of a page may look like, beyond messages that begin with their first lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Examples {
    /// Nothing else: annotations say what is an example.
    Annotated,
    /// An answer may be shown without its status line.
    Plain,
    /// A request may be shown as the command that sends it, too.
    Commands,
}

/// The form of a page, by its path.
fn of(file: &str) -> &'static dyn Form {
    let path = Path::new(file);
    if has_extension(path, &["rst", "rest"]) {
        &Rst
    } else if has_extension(path, &["mdx"]) {
        &Markdown { indented_code: Some(IndentedCode::Absent) }
    } else {
        &Markdown { indented_code: None }
    }
}

/// Whether a file is a page, by its name.
pub(super) fn is_page(path: &Path) -> bool {
    has_extension(path, &["md", "markdown", "mdx", "rst", "rest"])
}

/// Whether a path ends in one of these, whatever the case; a hidden file's name is no extension.
///
/// By the bytes of its end: to take a path apart costs more than to read most pages.
fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let bytes = path.as_os_str().as_encoded_bytes();
    extensions.iter().any(|extension| {
        let Some(dot) = bytes.len().checked_sub(extension.len() + 1) else { return false };
        let (stem, own) = bytes.split_at_checked(dot).unwrap_or_default();
        let is_named = stem.last().is_some_and(|last| !std::path::is_separator(char::from(*last)));
        is_named
            && own
                .split_first()
                .is_some_and(|(mark, own)| *mark == b'.' && own.eq_ignore_ascii_case(extension.as_bytes()))
    })
}

struct Markdown {
    /// What becomes of it, where that does not hang on the page.
    indented_code: Option<IndentedCode>,
}

impl Form for Markdown {
    fn seen(&self, text: &str) -> Seen {
        Seen::of(text)
    }

    fn may_hold_messages(&self, text: &str, seen: Seen) -> bool {
        probe::may_hold_messages(text, seen)
    }

    fn examples(&self, text: &str, seen: Seen) -> Examples {
        if probe::has_commands(text, seen) {
            Examples::Commands
        } else if probe::is_laid_out(text, seen) && !self.has_but_samples(text, seen) {
            Examples::Annotated
        } else if probe::has_clients(text, seen) {
            Examples::Commands
        } else {
            Examples::Plain
        }
    }

    fn scan<'a>(&self, text: &'a str, seen: Seen, sink: &mut dyn FnMut(Event<'a>)) {
        let indented_code = self.indented_code.unwrap_or_else(|| probe::indented_code(text, seen));
        markdown::scan(text, indented_code, sink);
    }
}

impl Markdown {
    /// Whether all annotations of a page that is laid out by these alone stand in code: samples of how to annotate.
    fn has_but_samples(&self, text: &str, seen: Seen) -> bool {
        if !probe::may_be_in_code(text, seen) {
            return false;
        }
        let mut is_annotated = false;
        self.scan(text, seen, &mut |event| {
            is_annotated |= matches!(event, Event::Comment { text, .. } if probe::is_annotation(text));
        });
        !is_annotated
    }
}

struct Rst;

impl Form for Rst {
    fn seen(&self, _: &str) -> Seen {
        Seen::ANY
    }

    fn may_hold_messages(&self, text: &str, _: Seen) -> bool {
        text.contains("::")
    }

    fn examples(&self, _: &str, _: Seen) -> Examples {
        Examples::Commands
    }

    fn scan<'a>(&self, text: &'a str, _: Seen, sink: &mut dyn FnMut(Event<'a>)) {
        rst::scan(text, sink);
    }
}

#[cfg(test)]
mod tests {
    use super::{has_extension, is_page};
    use proptest::prelude::*;
    use std::path::Path;

    proptest! {
        #[test]
        fn an_extension_is_what_a_path_takes_for_one(path in "[a./é]{0,4}(\\.?(md|MD|rst|m))?") {
            prop_assume!(!path.ends_with('/') && !path.ends_with("/.") && path != ".");
            let own = Path::new(&path).extension().unwrap_or_default().to_ascii_lowercase();
            prop_assert_eq!(has_extension(Path::new(&path), &["rst", "md"]), own == "md" || own == "rst", "{}", path);
        }
    }

    #[test]
    fn pages_are_told_by_their_names() {
        assert!(["a.md", "x/b.MDX", "c.x.rst", "é.rest"].iter().all(|name| is_page(Path::new(name))));
        assert!(![".md", "x/.md", "md", "a.md.txt", ""].iter().any(|name| is_page(Path::new(name))));
    }
}
