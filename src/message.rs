//! HTTP messages as documents show them: headers in the docs' order and spelling, a body that knows its kind.

mod normal;

use crate::json::Json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub use normal::{normal_body, normal_field, normal_url};

/// Header fields in order, repeated ones too, in the docs' spelling; names compare without letter case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// Adds a field at the end.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        // Most messages have one or two, and a run may hold a hundred thousand messages: no room for four is made.
        if self.0.len() < 4 {
            self.0.reserve_exact(1);
        }
        self.0.push((name.into(), value.into()));
    }

    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// All fields, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts fields of one name behind each other, in their order, as a contract file writes them: among fields of different
    /// names it means nothing (RFC 9110, 5.3). Where a spelling stands on both sides of another, all have that of the first.
    pub fn gather(&mut self) {
        // Few messages have many, and none of these is there twice.
        let is_said = |(at, (name, _)): (usize, &(String, String))| {
            self.0.iter().take(at).any(|(other, _)| other.eq_ignore_ascii_case(name))
        };
        if self.0.len() <= 16 && !self.0.iter().enumerate().any(is_said) {
            return;
        }
        let mut firsts: BTreeMap<String, usize> = BTreeMap::new();
        let mut groups: Vec<Vec<(String, String)>> = Vec::new();
        for field in std::mem::take(&mut self.0) {
            let group = *firsts.entry(field.0.to_ascii_lowercase()).or_insert(groups.len());
            match groups.get_mut(group) {
                Some(group) => group.push(field),
                None => groups.push(vec![field]),
            }
        }
        for mut group in groups {
            let spellings: BTreeSet<&str> = group.iter().map(|(name, _)| name.as_str()).collect();
            let changes =
                group.windows(2).filter(|pair| matches!(pair, [one, two] if one.0 != two.0)).count();
            if changes >= spellings.len() {
                let first = group.first().map(|(name, _)| name.clone()).unwrap_or_default();
                for (name, _) in &mut group {
                    name.clone_from(&first);
                }
            }
            self.0.extend(group);
        }
    }

    /// Keeps the fields that the predicate, given name and value, is true for.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &str) -> bool) {
        self.0.retain(|(name, value)| keep(name, value));
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Headers {
        let mut headers = Headers::default();
        fields.into_iter().for_each(|(name, value)| headers.push(name, value));
        headers
    }
}

/// The content of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Body {
    /// No content.
    #[default]
    None,
    /// A JSON text.
    Json(Json),
    /// Any other text.
    Text(String),
    /// Octets, in base64 (RFC 4648).
    Base64(String),
}

impl Body {
    /// The JSON, where it is JSON.
    pub fn json(&self) -> Option<&Json> {
        if let Body::Json(json) = self { Some(json) } else { None }
    }

    /// `<bytes>`, `{binary data}`, `... binary ...`, `[raw data goes here]`, `...`: no content, but a word for it.
    pub fn is_binary_marker(&self) -> bool {
        const WORDS: [&str; 11] =
            ["binary", "byte", "raw", "data", "content", "stream", "file", "image", "photo", "jpeg", "png"];
        let Body::Text(text) = self else { return false };
        let text = text.trim();
        let bracketed = [("<", ">"), ("{", "}"), ("[", "]"), ("...", "...")].iter().any(|(open, close)| {
            text.len() > open.len() + close.len() && text.starts_with(open) && text.ends_with(close)
        });
        let lower = text.to_ascii_lowercase();
        let is_left_out = matches!(text, "..." | "…" | "<...>");
        is_left_out
            || (bracketed
                && text.len() <= 80
                && !text.contains('\n')
                && WORDS.iter().any(|word| lower.contains(word)))
    }

    /// The marker of a body that is in a file which the page does not show.
    pub fn content_of(file: &str) -> String {
        format!("<content of {file}>")
    }

    /// The file of such a marker.
    pub fn file_of_content(&self) -> Option<&str> {
        let Body::Text(text) = self else { return None };
        text.trim().strip_prefix("<content of ")?.strip_suffix('>')
    }

    /// Whether there is no content.
    pub fn is_none(&self) -> bool {
        *self == Body::None
    }
}

/// A request as it went over the wire: what echoes are held against.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    /// The method.
    pub method: String,
    /// The absolute URL.
    pub url: String,
    /// The documented URL with its placeholders filled by percent-encoded values.
    pub documented_url: String,
    /// The fields that were given; what the client adds for framing is not among them.
    pub headers: Headers,
    /// The content.
    pub body: Body,
    /// Whom it is sent as.
    pub identity: Identity,
}

/// Whom a request is sent as.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Identity {
    /// The target's own account.
    #[default]
    Own,
    /// Another account, by its name.
    Account(String),
    /// Nobody: it carries no login, though the target's own requests do.
    Nobody,
}

/// A credential that a request carries beside its own fields, as it may be shown: by the name of what holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The field that it stands in.
    pub field: String,
    /// The scheme before it, such as `Bearer`; empty where there is none.
    pub scheme: &'static str,
    /// What is sent behind it.
    pub parts: Vec<Part>,
}

/// `authorization: Bearer $TOKEN`
impl fmt::Display for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let space = if self.scheme.is_empty() { "" } else { " " };
        write!(f, "{}: {}{space}", self.field, self.scheme)?;
        self.parts.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Secret(name) => write!(f, "${name}"),
        })
    }
}

/// A part of what a request carries, as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// As it is written.
    Text(String),
    /// What the secret is called that stands there.
    Secret(String),
}

/// An answer as it came over the wire, whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received {
    /// The status code.
    pub status: u16,
    /// All fields, in the order they came.
    pub headers: Headers,
    /// The content, its content codings undone.
    pub body: Vec<u8>,
    /// How the end of the content was marked.
    pub framing: Framing,
}

/// How the end of a message's content is marked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Framing {
    /// By a length, by chunks, by HTTP/2: the message is known to be whole.
    #[default]
    Delimited,
    /// By the end of the connection alone: it may have been cut.
    Close,
    /// By its content coding, behind whose end something else stood that was left out.
    Surplus,
}

/// `type/subtype` of a Content-Type, in lower case, its parameters left out.
pub fn media_type(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a media type carries JSON: `application/json`, `text/json` or any `+json` suffix (RFC 6839).
pub fn is_json(media_type: &str) -> bool {
    matches!(media_type, "application/json" | "text/json") || media_type.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_names_ignore_case_and_keep_their_spelling() {
        let headers: Headers = [("Content-type", "a"), ("ETag", "1"), ("etag", "2")].into_iter().collect();
        assert_eq!(headers.get("content-TYPE"), Some("a"));
        assert_eq!(
            headers.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            ["Content-type", "ETag", "etag"]
        );
    }

    #[test]
    fn fields_of_one_name_stand_behind_each_other() {
        for others in [0, 30] {
            let others = (0..others).map(|at| (format!("X-{at}"), ""));
            let fields = [("Prefer", "a"), ("ETag", "1"), ("prefer", "b"), ("etag", "2"), ("Prefer", "c")];
            let fields = fields.map(|(name, value)| (name.to_owned(), value)).into_iter().chain(others);
            let mut headers: Headers = fields.collect();
            headers.gather();
            let first: Vec<_> = headers.iter().take(5).collect();
            assert_eq!(
                first,
                [("Prefer", "a"), ("Prefer", "b"), ("Prefer", "c"), ("ETag", "1"), ("etag", "2")]
            );
        }
    }

    #[test]
    fn a_word_for_content_is_no_content() {
        let marker = |text: &str| Body::Text(text.into()).is_binary_marker();
        assert!(
            ["<bytes>", "{binary data}", "... binary ...", "[raw data goes here]\n", "..."]
                .into_iter()
                .all(marker)
        );
        assert!(!["data", "<p>data</p>\n<p>x</p>", "a,b,c", "[]"].into_iter().any(marker));
    }

    #[test]
    fn media_types_lose_parameters_and_case() {
        assert_eq!(media_type("Application/JSON; odata.metadata=minimal"), "application/json");
        assert!(is_json("application/problem+json"));
        assert!(!is_json("text/plain"));
    }
}
