//! curl: the words of a command → the request that curl would send.

mod content;
mod options;
mod url;

use super::http_text::{BodyText, RequestText};
use super::shell::Input;
use crate::message::Headers;
use base64::Engine;
use content::{Content, Part};
use options::{Meaning, long, short};

pub(super) use url::looks_like_url;

/// The request of a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) headers: Headers,
    pub(super) body: String,
    /// How many words stand before the one that the body begins in.
    pub(super) body_word: Option<usize>,
    /// What it answers is not shown: it goes into a file.
    pub(super) saved: Saved,
}

/// Whether the answer is kept from the reader.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Saved {
    /// It is shown.
    #[default]
    No,
    /// It goes into a file.
    File,
}

impl Request {
    /// As a request that was written as HTTP.
    pub(super) fn text(&self, body_line: u32) -> RequestText<'_> {
        RequestText {
            method: self.method.clone(),
            url: self.url.clone(),
            headers: self.headers.clone(),
            body: BodyText { text: &self.body, line: body_line },
        }
    }
}

/// Where a command finds the content of files.
pub(super) trait Files {
    /// The content of a file that the page shows.
    fn content(&self, name: &str) -> Option<String>;
}

/// Reads the words behind `curl`. `Ok(None)` where they are no request, as in `curl --version`.
pub(super) fn read(words: &[&str], input: &Input, files: &dyn Files) -> Result<Option<Request>, String> {
    let mut said = Said::default();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let word = *word;
        at += 1;
        if let Some(name) = word.strip_prefix("--").filter(|name| !name.is_empty()) {
            let (name, given) = match name.split_once('=') {
                Some((name, value)) if long(name).is_some() => (name, Some(value)),
                _ => (name, None),
            };
            let meaning = long(name).ok_or_else(|| format!("curl has no option --{name}"))?;
            let value = match given {
                Some(value) => value,
                None if takes_value(meaning) => {
                    at += 1;
                    *words.get(at - 1).ok_or_else(|| format!("the option --{name} has no value"))?
                }
                None => "",
            };
            said.option(meaning, value, at - 1)?;
            continue;
        }
        let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
            said.urls.push(word.to_owned());
            continue;
        };
        for (offset, letter) in letters.char_indices() {
            let meaning = short(letter).ok_or_else(|| format!("curl has no option -{letter}"))?;
            if !takes_value(meaning) {
                said.option(meaning, "", at - 1)?;
                continue;
            }
            let behind = letters.get(offset + letter.len_utf8()..).unwrap_or_default();
            let value = if behind.is_empty() {
                at += 1;
                *words.get(at - 1).ok_or_else(|| format!("the option -{letter} has no value"))?
            } else {
                behind
            };
            said.option(meaning, value, at - 1)?;
            break;
        }
    }
    said.request(input, files)
}

fn takes_value(meaning: Meaning) -> bool {
    !matches!(
        meaning,
        Meaning::Get | Meaning::Head | Meaning::OutputRemote | Meaning::GlobOff | Meaning::Flag
    )
}

/// What ranges and lists in the URL are.
#[derive(Default, PartialEq, Eq)]
enum Globs {
    /// Several URLs.
    #[default]
    On,
    /// Text.
    Off,
}

/// What the options say.
#[derive(Default)]
struct Said {
    method: Option<String>,
    urls: Vec<String>,
    headers: Headers,
    data: Vec<Part>,
    fields: Vec<Part>,
    upload: Option<String>,
    body_word: Option<usize>,
    json: bool,
    get: bool,
    head: bool,
    globs: Globs,
    saved: Saved,
}

impl Said {
    fn option(&mut self, meaning: Meaning, value: &str, word: usize) -> Result<(), String> {
        let part = |meaning| Part { meaning, text: value.to_owned() };
        match meaning {
            Meaning::Request => self.method = Some(value.to_ascii_uppercase()),
            Meaning::Header => self.header(value)?,
            Meaning::Json => {
                self.json = true;
                self.data.push(part(Meaning::Data));
            }
            Meaning::Data | Meaning::DataRaw | Meaning::DataBinary | Meaning::DataUrlencode => {
                self.data.push(part(meaning));
            }
            Meaning::Form | Meaning::FormString => self.fields.push(part(meaning)),
            Meaning::Url => self.urls.push(value.to_owned()),
            Meaning::User => self.headers.push("Authorization", basic(value)),
            Meaning::Bearer => self.headers.push("Authorization", format!("Bearer {value}")),
            Meaning::Upload => self.upload = Some(value.to_owned()),
            // Without a `=` it is a file.
            Meaning::Cookie if value.contains('=') => self.headers.push("Cookie", value),
            Meaning::Cookie | Meaning::Value | Meaning::Flag => {}
            Meaning::Agent => self.headers.push("User-Agent", value),
            Meaning::Referer => self.headers.push("Referer", value),
            Meaning::Range => self.headers.push("Range", format!("bytes={value}")),
            Meaning::Get => self.get = true,
            Meaning::Head => self.head = true,
            Meaning::GlobOff => self.globs = Globs::Off,
            // What goes to `-` is shown.
            Meaning::Output if value == "-" => {}
            Meaning::Output | Meaning::OutputRemote => self.saved = Saved::File,
        }
        if !self.data.is_empty() || !self.fields.is_empty() {
            self.body_word.get_or_insert(word);
        }
        Ok(())
    }

    fn header(&mut self, value: &str) -> Result<(), String> {
        if value.starts_with('@') {
            return Err("its headers are in a file".to_owned());
        }
        if let Some((name, value)) = value.split_once(':') {
            // `Name:` takes a header away that curl would send by itself.
            if !value.trim().is_empty() && !name.eq_ignore_ascii_case("content-length") {
                self.headers.push(name.trim(), value.trim());
            }
            return Ok(());
        }
        match value.strip_suffix(';') {
            Some(name) => self.headers.push(name.trim(), ""),
            // The header itself may be a credential.
            None => return Err("a header has no colon".to_owned()),
        }
        Ok(())
    }

    fn request(mut self, input: &Input, files: &dyn Files) -> Result<Option<Request>, String> {
        self.urls.retain(|url| !url.is_empty());
        // An editor has made one of what was a hyphen, or two.
        let is_dash = |c: char| matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}');
        if let Some(dash) =
            self.urls.iter().filter_map(|url| url.chars().next()).find(|first| is_dash(*first))
        {
            return Err(format!(
                "an option begins with {dash}, a dash that curl does not know; write - or --"
            ));
        }
        if self.urls.len() > 1 && self.urls.iter().filter(|url| looks_like_url(url)).count() == 1 {
            return Err("a word of it is neither an option nor a URL".to_owned());
        }
        let mut urls = std::mem::take(&mut self.urls).into_iter();
        let Some(url) = urls.next() else {
            let says_more = self.method.is_some()
                || !self.data.is_empty()
                || !self.fields.is_empty()
                || !self.headers.is_empty();
            return if says_more { Err("it has no URL".to_owned()) } else { Ok(None) };
        };
        if urls.next().is_some() {
            return Err("it has more than one URL".to_owned());
        }
        if self.globs == Globs::On && url::is_of_several(&url) {
            return Err("curl sends several requests to its URL, which holds a range or a list".to_owned());
        }
        let (url, user) = url::without_user(&url);
        if let Some(user) = user.filter(|_| self.headers.get("authorization").is_none()) {
            self.headers.push("Authorization", basic(user));
        }
        let mut url = url::whole(&url);
        let source = content::Source { input, files };
        let mut body = Content::Text(String::new());
        let mut content_type = None;
        if let Some(file) = &self.upload {
            body = source.upload(file);
            if url.ends_with('/') && file != "-" {
                url += file.rsplit('/').next().unwrap_or(file);
            }
        } else if !self.fields.is_empty() {
            body = source.multipart(&self.fields);
            content_type = Some(format!("multipart/form-data; boundary={}", content::BOUNDARY));
        } else if !self.data.is_empty() {
            body = source.data(&self.data, if self.json { "" } else { "&" });
            if self.get {
                let Content::Text(query) = body else { return Err("its query is in a file".to_owned()) };
                url = url::with_query(&url, &query);
                body = Content::Text(String::new());
            } else if self.json {
                content_type = Some("application/json".to_owned());
            } else {
                content_type = Some("application/x-www-form-urlencoded".to_owned());
            }
        }
        let sends = self.upload.is_some() || !self.fields.is_empty() || (!self.data.is_empty() && !self.get);
        let method = match self.method {
            Some(method) => method,
            None if self.head => "HEAD".to_owned(),
            None if self.upload.is_some() => "PUT".to_owned(),
            None if sends => "POST".to_owned(),
            None => "GET".to_owned(),
        };
        if let Some(content_type) = content_type.filter(|_| self.headers.get("content-type").is_none()) {
            self.headers.push("Content-Type", content_type);
            if self.json && self.headers.get("accept").is_none() {
                self.headers.push("Accept", "application/json");
            }
        }
        let headers = self.headers.iter().map(|(name, value)| (name, url::shown(value))).collect();
        Ok(Some(Request {
            method,
            url: url::shown(&url),
            headers,
            body: url::shown(&body.text()),
            body_word: self.body_word.filter(|_| sends),
            saved: self.saved,
        }))
    }
}

/// What curl makes of `-u`. It stays on the page: nothing of it is ever sent.
fn basic(user: &str) -> String {
    if user.contains(super::shell::OPEN) {
        return format!("Basic {user}");
    }
    let pair = if user.contains(':') { user.to_owned() } else { format!("{user}:") };
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
}

#[cfg(test)]
mod tests;
