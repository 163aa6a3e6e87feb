//! The docs wing: text of a page → its contracts, and what is wrong with it.
//!
//! Pure but for [`pages`], which walks folders and reads files. A page flows through the reader of its `form`, `markdown`
//! or `rst` (code, comments, headings), `annotation` (what a comment says of the fence behind it), `http_text` (the
//! messages of a block) or `shell` and `curl` (the requests of its commands, and what a terminal showed), and `pairing`
//! (which response answers which request).

pub mod pages;

mod annotation;
mod body;
mod curl;
mod documents;
mod form;
mod http_text;
mod ids;
mod inline;
mod lint;
mod markdown;
mod notes;
mod pairing;
mod probe;
mod rst;
mod secrets;
mod shell;

use crate::contract::Contract;
use crate::finding::{Code, Finding};
use crate::source::line_column;
use form::Sheet;
use notes::Notes;
use std::borrow::Cow;

/// Bytes of the longest line that is read: a page with a longer one is no page. The longest real one has 16,760.
const LONGEST_LINE: usize = 1024 * 1024;

/// A contract, and where on its page it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Documented {
    /// What the page promises.
    pub contract: Contract,
    /// The lines of the page that say so.
    pub written: Written,
}

/// Where a contract is written: lines of its page, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The first line of the request's HTTP text.
    pub request_line: u32,
    /// The first line of the request's body, if it has one.
    pub request_body_line: Option<u32>,
    /// The status line, or the first line of the response's text where it has none.
    pub status_line: u32,
    /// The first line of the response's body, if it has one.
    pub response_body_line: Option<u32>,
}

/// What was read on a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// In the order of their requests.
    pub pairs: Vec<Documented>,
    /// In the order of their lines.
    pub findings: Vec<Finding>,
}

/// Whether pairs need an annotation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Annotations {
    /// Pairs without annotation are left out.
    Required,
    /// A fence that begins with a request line or a status line needs none.
    #[default]
    Optional,
}

/// How thoroughly a page is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth<'d> {
    /// For its contracts, with what is noticed on the way.
    Reading,
    /// For all that is wrong with it: what it says in one place is held against what it says in another.
    Checking {
        /// The folder's name that the docs are in: it may say of which version they are.
        root: &'d str,
        keys: Keys,
    },
}

/// Whether contracts carry their ids and the hashes of their texts: where they are but counted, these are made for
/// nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keys {
    Made,
    Empty,
}

/// Reads a page. `file` is its path below the docs root, with `/`.
///
/// Ids are unique within the page; [`pages::extract`] makes them so over all pages.
///
/// ````
/// use faithful::docs::{read, Annotations};
///
/// let page = "```http\nGET /users/7\n```\n\n```http\nHTTP/1.1 404 Not Found\n```\n";
/// let page = read("users.md", page, Annotations::Optional);
/// assert_eq!(page.pairs[0].contract.id.as_str(), "users/get-users-7");
/// assert!(page.findings.is_empty());
/// ````
pub fn read(file: &str, text: &str, annotations: Annotations) -> Page {
    let mut page = read_unnumbered(file, text, annotations, Depth::Reading);
    ids::number(page.pairs.iter_mut().collect());
    page
}

/// Reads a page, and tells all that is wrong with it: what [`read`] finds, and what the page contradicts itself in.
///
/// ````
/// use faithful::docs::{Annotations, lint};
/// use faithful::finding::Code;
///
/// let page = "```http\nDELETE /users/7\n```\n\n```http\nHTTP/1.1 204 No Content\n\n{\"id\": 7}\n```\n";
/// let page = lint("users.md", page, Annotations::Optional);
/// assert_eq!(page.findings[0].code, Code::UnexpectedBody);
/// ````
pub fn lint(file: &str, text: &str, annotations: Annotations) -> Page {
    let mut page = read_unnumbered(file, text, annotations, Depth::Checking { root: "", keys: Keys::Made });
    ids::number(page.pairs.iter_mut().collect());
    page
}

/// A page whose contracts are called as their requests are, two of them by one id if need be.
fn read_unnumbered(file: &str, text: &str, annotations: Annotations, depth: Depth<'_>) -> Page {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut notes = Notes::new(file);
    let text = with_lf(text);
    let sheet = Sheet::new(file, &text);
    if !sheet.may_hold_messages() {
        secrets::check(&text, &mut notes);
        return Page { pairs: Vec::new(), findings: notes.into_findings() };
    }
    look_through(sheet, annotations, depth, notes)
}

/// What is read of a page, whatever a first look at it says.
fn look_through(sheet: Sheet<'_>, annotations: Annotations, depth: Depth<'_>, mut notes: Notes) -> Page {
    let text = sheet.text;
    if let Some(line) = too_long_line(text) {
        notes.add(Code::LineTooLong, line, "");
        return Page { pairs: Vec::new(), findings: notes.into_findings() };
    }
    if let Some(at) = odd_character(text) {
        let (line, column) = line_column(text, at);
        notes.add_at(Code::ControlCharacter, line, column, "");
    }
    secrets::check(text, &mut notes);
    let Depth::Checking { root, keys } = depth else {
        let pairs = pairing::pairs(&sheet, annotations, Keys::Made, None, &mut notes);
        return Page { pairs, findings: notes.into_findings() };
    };
    // Room for those of most pages.
    let mut landmarks = Vec::with_capacity(64);
    let pairs = pairing::pairs(&sheet, annotations, keys, Some(&mut landmarks), &mut notes);
    lint::check(root, sheet.file, text, landmarks, &pairs, &mut notes);
    Page { pairs, findings: notes.into_findings() }
}

/// The first control character other than the blanks that texts are made with. Next to no page has one, so a look at
/// many bytes at once goes before the search.
fn odd_character(text: &str) -> Option<usize> {
    const MANY: usize = 1024;
    let is_odd = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | 0x0C);
    // All but the blanks that nearly every page has.
    let may_be_odd = |byte: u8| u8::from(byte < b' ') & u8::from(byte.wrapping_sub(b'\t') > 1);
    let chunks = text.as_bytes().chunks(MANY).enumerate();
    let mut odd = chunks.filter(|(_, bytes)| bytes.iter().fold(0, |odd, byte| odd | may_be_odd(*byte)) != 0);
    odd.find_map(|(chunk, bytes)| bytes.iter().position(|byte| is_odd(*byte)).map(|at| chunk * MANY + at))
}

/// The text with LF for CR LF and CR.
fn with_lf(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let (mut lines, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((line, behind)) =
        memchr::memchr(b'\r', rest.as_bytes()).and_then(|end| rest.split_at_checked(end))
    {
        lines.push_str(line);
        lines.push('\n');
        rest = behind.strip_prefix("\r\n").or_else(|| behind.strip_prefix('\r')).unwrap_or_default();
    }
    lines.push_str(rest);
    Cow::Owned(lines)
}

/// The first line that is longer than any page's, counted from 1.
fn too_long_line(text: &str) -> Option<u32> {
    if text.len() <= LONGEST_LINE {
        return None;
    }
    let line = text.split('\n').position(|line| line.len() > LONGEST_LINE)?;
    u32::try_from(line + 1).ok()
}
