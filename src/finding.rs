//! Findings: what is wrong with the docs, where, and what to do about it.

use crate::source::Location;
use std::fmt;

/// One thing wrong with a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which kind of thing.
    pub code: Code,
    /// Where it stands.
    pub location: Location,
    /// What distinguishes this one from others of its kind: a name, a text, a reason; may be empty.
    pub detail: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.location, self.code)?;
        if self.detail.is_empty() { Ok(()) } else { write!(f, ": {}", self.detail) }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The enum and all that is said of its variants, in one table.
macro_rules! codes {
    ($($variant:ident = $name:literal: $description:literal; $remedy:literal.)*) => {
        /// What can be wrong with a page.
        ///
        /// The names serve `--deny` and `--allow`, reports and the user guide: they are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $description] $variant,)*
        }

        impl Code {
            /// All of them, in the order of their declaration.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// The name: kebab-case, stable.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// What is wrong, in one line.
            pub fn description(self) -> &'static str {
                match self { $(Code::$variant => $description,)* }
            }

            /// What the author of the page can do about it.
            pub fn remedy(self) -> &'static str {
                match self { $(Code::$variant => $remedy,)* }
            }
        }
    };
}

codes! {
    UnpairedRequest = "unpaired-request":
        "a request that no response answers";
        "add the response behind it, or annotate the request as ignored".
    UnpairedResponse = "unpaired-response":
        "a response that answers no request";
        "put it behind its request, or give both the same name".
    UnknownName = "unknown-name":
        "a response names a request that does not stand before it on its page";
        "correct the name, or give it to the request".
    DuplicateName = "duplicate-name":
        "two requests of a page bear one name";
        "give each request a name of its own: contracts are called after it".
    UnclosedFence = "unclosed-fence":
        "a code fence is never closed";
        "close it with a line of as many backticks or tildes, indented as its opening".
    IndentedFence = "indented-fence":
        "code with a message is indented so that it is plain text, and was left out";
        "put a blank line before code that is told by its indentation; indent a fence by three blanks at most, or as the text of its list item is".
    HtmlBlock = "html-block":
        "a message stands in an element of HTML (`pre`, `code`, `samp` and their kind), and was left out";
        "put it into a code fence".
    UnclosedComment = "unclosed-comment":
        "a comment is never closed, and was read as text";
        "close it with -->".
    NestedComment = "nested-comment":
        "a comment holds the opening of another one: all up to the first --> is hidden";
        "close the outer comment where it should end".
    MalformedAnnotation = "malformed-annotation":
        "an annotation is not JSON, and its block was left out";
        "correct the JSON".
    RepairedAnnotation = "repaired-annotation":
        "an annotation is not written as the guide has it, and was read as it is meant";
        "correct it: strict JSON, keys in the letters of the guide, flags without quotes".
    RepeatedKey = "repeated-key":
        "a key stands twice in an annotation; the later one counts";
        "remove one of them".
    AnnotationValue = "annotation-value":
        "a key of an annotation has a value of the wrong kind, and was passed over";
        "give a flag true or false, and a name or a type a text".
    UnknownBlockType = "unknown-block-type":
        "an annotation has a blockType that means nothing, and its block was left out";
        "use request, response, ignored, example, samples, simulatedResponse, resource or permissions".
    StrayAnnotation = "stray-annotation":
        "an annotation belongs to no code fence";
        "put it right above the fence that it describes".
    DistantAnnotation = "distant-annotation":
        "something stands between an annotation and its code fence";
        "put the annotation right above the fence".
    MislabelledBlock = "mislabelled-block":
        "a block annotated as a response is a request, or the other way round";
        "correct the blockType".
    UnreadableRequest = "unreadable-request":
        "a block that should be a request does not begin with a known method and a URL";
        "begin it with a request line, as in: GET /users".
    UnknownMethod = "unknown-method":
        "a request has a method that HTTP does not know, and was read as it stands";
        "correct it, if it is a slip of the pen".
    WrappedUrl = "wrapped-url":
        "a URL goes on in the next line, with nothing but its look to say so, and was joined";
        "write it in one line, or break it before ? or &".
    BuriedMessage = "buried-message":
        "a request line or a status line is not the first one of its code fence, and the block was left out";
        "begin the fence with it, as in: GET /users or HTTP/1.1 200 OK".
    UnreadableCommand = "unreadable-command":
        "a command that sends a request cannot be read, and was left out";
        "correct it: it should run as it stands, quotes closed, with one URL".
    RepairedCommand = "repaired-command":
        "a command is not written as a shell reads it, and was read as it is meant";
        "quote what holds blanks or marks, and end each line that goes on with a backslash".
    DiscardedOutput = "discarded-output":
        "a command sends its answer into a file or another program, as a download does, and was left out";
        "show the answer, if it is an example of the API".
    FilteredOutput = "filtered-output":
        "a page shows only what another program makes of an answer: of the answer nothing but its status is checked";
        "show the whole answer, as jq does without a filter".
    ForeignClient = "foreign-client":
        "a request is shown as code of another client than curl, and was left out with its answer";
        "show it as HTTP, or as a curl command".
    BlockElsewhere = "block-elsewhere":
        "an exchange is included from another file, and was left out";
        "show the request and its answer on the page itself, or name the built page".
    InlineRequest = "inline-request":
        "a request line stands in the text, and was left out with the JSON behind it";
        "put it into a code fence, as in: GET /users".
    FurtherAnswer = "further-answer":
        "a second answer to a request has no status line, and was left out";
        "put it into a fence of its own that begins with a status line, as in: HTTP/1.1 404 Not Found".
    DetachedBody = "detached-body":
        "what may be the body of a message stands apart from it, and was left out";
        "put it into the fence of its message, behind a blank line".
    RepeatedStatus = "repeated-status":
        "two answers to one request have one status: one of them may be that of another request";
        "put each answer right behind its request, or show one of them".
    LeadingComment = "leading-comment":
        "a comment stands in a code fence before its message, and was passed over";
        "put the comment above the fence".
    StatusMissing = "status-missing":
        "a response has no status line with a number";
        "begin it with a status line, as in: HTTP/1.1 200 OK".
    HeaderWithoutColon = "header-without-colon":
        "a line among the headers has no colon, and was passed over";
        "write it as a header, or put a blank line before the body".
    MisplacedHeaders = "misplaced-headers":
        "headers stand behind a blank line or behind the body";
        "put them right behind the first line".
    BodyRepaired = "body-repaired":
        "a body is not strict JSON, and was read by a repair that cannot change its meaning";
        "correct the JSON".
    BodyGuessed = "body-guessed":
        "a body is not JSON, and was read by a guess: only its presence and media type are checked";
        "correct the JSON".
    BodyNotJson = "body-not-json":
        "a body looks like JSON, cannot be read as such, and was kept as text";
        "correct the JSON".
    RepeatedMember = "repeated-member":
        "an object of a body has a member twice, and readers differ in which of them counts";
        "remove one of them".
    SecretLike = "secret-like":
        "an example holds what looks like a live secret";
        "revoke it, and put a placeholder in its place".
    ControlCharacter = "control-character":
        "a page holds control characters that no text has";
        "remove them; the page may be binary, or in another encoding than UTF-8".
    LineTooLong = "line-too-long":
        "a line is longer than 1 MiB, and its page was skipped";
        "break the line".
    FileTooLarge = "file-too-large":
        "a page is larger than 8 MiB, and was skipped";
        "split the page".
    TooManyFiles = "too-many-files":
        "the docs hold more than 200,000 pages, and none was read";
        "name its parts one by one".
    TooManyPairs = "too-many-pairs":
        "the pairs of a page would hold more than 16 MiB of text, and the rest was left out";
        "split the page".
    TooManyFindings = "too-many-findings":
        "a page has more than 10,000 findings, and the rest was left out";
        "correct those that are listed first".
    NotUtf8 = "not-utf8":
        "a page is not UTF-8, and was skipped";
        "save it as UTF-8".
    UnreadableFile = "unreadable-file":
        "a page or a folder cannot be read";
        "see to it that it exists and that you may read it".
    UnknownForm = "unknown-form":
        "a file is neither Markdown nor reStructuredText by its name, and was read as Markdown";
        "call it *.md or *.rst, or leave it out".
    LinkSkipped = "link-skipped":
        "a page or a folder is a symbolic link, and links are not followed";
        "name its target instead".
    ContentLength = "content-length":
        "a Content-Length is not the length of its body";
        "correct it, or leave it out: clients and servers compute it".
    UndocumentedMethod = "undocumented-method":
        "an example request has another method than its page documents for the URL";
        "correct the example, or the section HTTP request".
    UndocumentedPath = "undocumented-path":
        "the URL of an example request is none of those that its page documents";
        "correct the example, or the section HTTP request".
    UndocumentedStatus = "undocumented-status":
        "an example is answered by a status that its page's section Response does not name";
        "correct the example, or the section".
    VersionMismatch = "version-mismatch":
        "the URL of an example request is of another version of the API than its page";
        "correct the example, or move the page".
    UnexpectedBody = "unexpected-body":
        "a body is shown where none can come: with such a status or isEmpty, or as the answer to a HEAD request";
        "remove the body, or correct the status, the annotation or the method".
    ClashingName = "clashing-name":
        "two requests of a page have names that differ in blanks, marks or letter case alone";
        "give each request a name of its own: contracts are called after it".
    ClashingPage = "clashing-page":
        "two pages have paths that differ in letter case, marks, extension or docs root alone, so their contracts share a folder";
        "rename one of them, or read them into folders of their own".
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The page is read as it was meant, without a doubt; it should still be corrected.
    Note,
    /// Something is left out, or the page does not mean what it says.
    Warning,
}

impl Code {
    /// How grave it is.
    pub fn severity(self) -> Severity {
        match self {
            Self::RepairedAnnotation
            | Self::DistantAnnotation
            | Self::LeadingComment
            | Self::RepairedCommand
            | Self::DiscardedOutput
            | Self::FilteredOutput
            | Self::MisplacedHeaders
            | Self::WrappedUrl
            | Self::BodyRepaired => Severity::Note,
            _ => Severity::Warning,
        }
    }

    /// The code of a name.
    pub fn of_name(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str() == name)
    }

    /// Whether it means that a whole page was not read.
    pub fn is_unread_page(self) -> bool {
        matches!(
            self,
            Self::LineTooLong
                | Self::FileTooLarge
                | Self::TooManyFiles
                | Self::NotUtf8
                | Self::UnreadableFile
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn names_are_kebab_case_and_unique() {
        let mut names: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert!(
            names
                .iter()
                .all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'))
        );
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }

    #[test]
    fn texts_read_on_after_a_colon() {
        for code in Code::ALL {
            for text in [code.description(), code.remedy()] {
                assert!(
                    text.starts_with(|c: char| c.is_lowercase()) && !text.ends_with('.'),
                    "{code}: {text}"
                );
            }
        }
    }
}
