//! Content: what the options of a command say that is sent, put together as curl does.

use super::Files;
use super::options::Meaning;
use crate::docs::shell::{CLOSE, Input, OPEN};
use crate::message::Body;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::borrow::Cow;
use std::fmt::Write;

/// What stands between the parts of a multipart body: curl makes a new one each time, a contract has to stay the same.
pub(super) const BOUNDARY: &str = "------------------------faithful";

/// What curl leaves as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// An option that says something of the content, with its value.
pub(super) struct Part {
    pub(super) meaning: Meaning,
    pub(super) text: String,
}

/// What is sent.
pub(super) enum Content {
    Text(String),
    /// What is in a file that the page does not show.
    File(String),
}

impl Content {
    /// The text, or a marker that stands for it.
    pub(super) fn text(self) -> String {
        match self {
            Content::Text(text) => text,
            Content::File(name) => {
                let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
                let name: String = name.chars().filter(|c| plain(*c)).take(60).collect();
                Body::content_of(&name)
            }
        }
    }
}

/// Where content comes from that is not written in the options.
pub(super) struct Source<'s> {
    pub(super) input: &'s Input,
    pub(super) files: &'s dyn Files,
}

impl Source<'_> {
    fn file(&self, name: &str) -> Content {
        if matches!(name, "-" | ".") {
            return match self.input {
                Input::Text(text) => Content::Text(text.clone()),
                _ => Content::File("standard-input".to_owned()),
            };
        }
        self.files.content(name).map_or_else(|| Content::File(name.to_owned()), Content::Text)
    }

    pub(super) fn upload(&self, file: &str) -> Content {
        self.file(file)
    }

    /// What `-d` and its like say, joined.
    pub(super) fn data(&self, parts: &[Part], between: &str) -> Content {
        let mut joined = String::new();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                joined.push_str(between);
            }
            let file = part.text.strip_prefix('@');
            let content = match (part.meaning, file) {
                (Meaning::DataUrlencode, _) => self.encoded(&part.text),
                (Meaning::DataBinary, Some(file)) => self.file(file),
                (Meaning::Data, Some(file)) => match self.file(file) {
                    Content::Text(text) => Content::Text(text.replace(['\r', '\n'], "")),
                    unknown @ Content::File(_) => unknown,
                },
                _ => Content::Text(part.text.clone()),
            };
            match content {
                Content::Text(text) => joined.push_str(&text),
                unknown @ Content::File(_) => return unknown,
            }
        }
        Content::Text(joined)
    }

    /// `content`, `=content`, `name=content`, `@file`, `name@file`.
    fn encoded(&self, text: &str) -> Content {
        let Some(at) = text.find(['=', '@']) else { return Content::Text(encode(text)) };
        let (name, behind) = text.split_at(at);
        let name = if name.is_empty() { String::new() } else { format!("{name}=") };
        let value = behind.get(1..).unwrap_or_default();
        if behind.starts_with('=') {
            return Content::Text(name + &encode(value));
        }
        match self.file(value) {
            Content::Text(text) => Content::Text(name + &encode(&text)),
            unknown @ Content::File(_) => unknown,
        }
    }

    /// What `-F` and its like say, as the parts of a body (RFC 7578).
    pub(super) fn multipart(&self, fields: &[Part]) -> Content {
        let mut body = String::new();
        for field in fields {
            let (name, value) = field.text.split_once('=').unwrap_or((&field.text, ""));
            let mut disposition = format!("form-data; name=\"{name}\"");
            let mut content_type = None;
            let mut content = Content::Text(value.to_owned());
            if field.meaning == Meaning::Form {
                let mut options = value.split(';');
                let first = options.next().unwrap_or_default();
                let known = |option: &str| {
                    ["type=", "filename=", "headers=", "encoder="]
                        .iter()
                        .any(|name| option.trim_start().starts_with(name))
                };
                // A `;` of the value itself is no option.
                if value.split(';').skip(1).all(known) {
                    content = Content::Text(first.trim_matches('"').to_owned());
                    let mut filename = None;
                    if let Some(file) = first.strip_prefix(['@', '<']) {
                        content = self.file(file);
                        if first.starts_with('@') {
                            filename = Some(file.rsplit('/').next().unwrap_or(file));
                            content_type = Some("application/octet-stream");
                        }
                    }
                    for option in options {
                        match option.trim().split_once('=') {
                            Some(("type", value)) => content_type = Some(value),
                            Some(("filename", value)) => filename = Some(value.trim_matches('"')),
                            _ => {}
                        }
                    }
                    if let Some(filename) = filename {
                        let _ = write!(disposition, "; filename=\"{filename}\"");
                    }
                }
            }
            let content = match content {
                Content::Text(text) => text,
                unknown @ Content::File(_) => return unknown,
            };
            let _ = write!(body, "--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n");
            if let Some(content_type) = content_type {
                let _ = write!(body, "Content-Type: {content_type}\r\n");
            }
            let _ = write!(body, "\r\n{content}\r\n");
        }
        let _ = write!(body, "--{BOUNDARY}--\r\n");
        Content::Text(body)
    }
}

/// Percent-encoded, but for the variables in it: their values are encoded where they are filled in.
fn encode(text: &str) -> String {
    let mut encoded = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(OPEN) {
        let (name, after) = behind.split_once(CLOSE).unwrap_or((behind, ""));
        encoded += &Cow::from(utf8_percent_encode(before, UNRESERVED));
        encoded.push(OPEN);
        encoded += name;
        encoded.push(CLOSE);
        rest = after;
    }
    encoded + &Cow::from(utf8_percent_encode(rest, UNRESERVED))
}
