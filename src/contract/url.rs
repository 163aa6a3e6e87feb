//! The URL as a page writes it: taken apart as text, placeholders and all, and never resolved.
//!
//! Text of a page is no URL yet (`{id | name}`, blanks, `//evil`), so no URL parser sees it before its parts are
//! filled and encoded; and where a request goes is never its business.

use memchr::memchr;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::ops::Range;

/// The three pieces of a documented URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentedUrl<'a> {
    /// `scheme://authority`; none where the URL is relative.
    pub origin: Option<&'a str>,
    /// What stands before the query, the origin left out; may be empty.
    pub path: &'a str,
    /// What stands behind the first `?` outside a placeholder.
    pub query: Option<&'a str>,
}

impl<'a> DocumentedUrl<'a> {
    /// Takes a URL apart.
    pub fn new(url: &'a str) -> DocumentedUrl<'a> {
        // No scheme has a colon in it.
        let split = memchr(b':', url.as_bytes())
            .and_then(|at| Some((url.get(..at)?, url.get(at + 1..)?.strip_prefix("//")?)));
        let (origin, rest) = match split {
            Some((scheme, rest)) if is_scheme(scheme) => {
                let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
                let origin = url.get(..scheme.len() + 3 + end).unwrap_or(url);
                (Some(origin), rest.get(end..).unwrap_or_default())
            }
            _ => (None, url),
        };
        if memchr(b'?', rest.as_bytes()).is_none() {
            return DocumentedUrl { origin, path: rest, query: None };
        }
        let inside = |at: usize| placeholders(rest).iter().any(|placeholder| placeholder.span.contains(&at));
        match rest.match_indices('?').find(|(at, _)| !inside(*at)) {
            Some((at, _)) => {
                let (path, query) = rest.split_at(at);
                DocumentedUrl { origin, path, query: query.get(1..) }
            }
            None => DocumentedUrl { origin, path: rest, query: None },
        }
    }
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// `{id}`, `{id | userPrincipalName}`, `<id>`, `/:id`: a place that needs a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder<'a> {
    /// The place in the text, brackets or colon included.
    pub span: Range<usize>,
    /// What it may be called: one name, or alternatives.
    pub names: Vec<&'a str>,
}

/// The placeholders of a text, in order.
pub fn placeholders(text: &str) -> Vec<Placeholder<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    let opening = |at| memchr::memchr2(b'{', b'<', text.as_bytes().get(at..)?).map(|offset| at + offset);
    while let Some(open) = opening(at) {
        let closer = if text.get(open..).is_some_and(|rest| rest.starts_with('{')) { '}' } else { '>' };
        let inside = text.get(open + 1..).unwrap_or_default();
        // The innermost brackets count: `{{id}}` has the placeholder `{id}` in it.
        let is_end = |byte: u8| matches!(byte, b'{' | b'<' | b'}' | b'>' | b'"' | b'/' | b'\n');
        match inside.bytes().position(is_end) {
            Some(length) if inside.get(length..).is_some_and(|rest| rest.starts_with(closer)) => {
                let names = placeholder_names(inside.get(..length).unwrap_or_default(), closer);
                if !names.is_empty() {
                    found.push(Placeholder { span: open..open + length + 2, names });
                }
                at = open + length + 2;
            }
            Some(length) => at = open + 1 + length.min(inside.len()),
            None => break,
        }
    }
    if found.is_empty() { behind_colons(text) } else { found }
}

/// The placeholders of `/users/:id/posts/:post`. Text that has colons otherwise, as `root:/a/b:` has, has none of them.
fn behind_colons(text: &str) -> Vec<Placeholder<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    // Nearly no text has a colon behind a slash, so nothing else is looked at in most.
    if !text.contains("/:") {
        return found;
    }
    let path = text.split(['?', '#']).next().unwrap_or(text);
    let start = path
        .split_once("://")
        .map_or(0, |(scheme, rest)| scheme.len() + 3 + rest.find('/').unwrap_or(rest.len()));
    for segment in path.get(start..).unwrap_or_default().split_inclusive('/') {
        let name = segment.strip_suffix('/').unwrap_or(segment);
        let is_name = |name: &str| {
            name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        };
        match name.strip_prefix(':') {
            Some(name) if is_name(name) => {
                let begin = start + at;
                found.push(Placeholder { span: begin..begin + 1 + name.len(), names: vec![name] });
            }
            _ if name.contains(':') => return Vec::new(),
            _ => {}
        }
        at += segment.len();
    }
    found
}

/// The names between the brackets; none where that is no name: markup, JSON, an expression.
fn placeholder_names(inside: &str, closer: char) -> Vec<&str> {
    if closer == '>' && inside != inside.trim() {
        return Vec::new();
    }
    let names: Vec<&str> = inside.split('|').map(str::trim).collect();
    let is_name = |name: &&str| {
        name.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | '$' | '@'))
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '$' | '@' | '#' | '\''))
    };
    if names.iter().all(is_name) { names } else { Vec::new() }
}

/// A text that is one placeholder as a whole.
pub fn whole_placeholder(text: &str) -> Option<Placeholder<'_>> {
    if !text.starts_with(['{', '<']) {
        return None;
    }
    placeholders(text).into_iter().next().filter(|placeholder| placeholder.span == (0..text.len()))
}

/// The last whole segment before a place in a path: `users` before the placeholder of `/users/{id}` and `/users('{id}')`.
pub fn segment_before(before: &str) -> Option<&str> {
    let path = before.split('?').next().unwrap_or(before);
    let last = path.trim_end_matches(['\'', '(', '=']).trim_end_matches('/').rsplit('/').next()?;
    let name = last.split('(').next().unwrap_or(last);
    // What stands for any segment names none.
    (!name.is_empty() && !name.contains(['{', '<'])).then_some(name)
}

/// What a part of a URL is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// Between two slashes of the path.
    Segment,
    /// An `OData` key in quotes: `('x')`, `(name='x')`.
    QuotedKey,
    /// An `OData` key without quotes.
    Key,
    /// Behind the `=` of a query parameter.
    QueryValue,
}

/// A part of a URL that names something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    /// What it is.
    pub kind: PartKind,
    /// Its text, percent-decoded.
    pub text: Cow<'a, str>,
    /// Of a query value with a `+`: its text as forms are read, where that is a blank.
    pub form: Option<String>,
    /// Of a query value: its parameter, as it is written; else nothing.
    pub parameter: &'a str,
}

/// The parts of path and query, in order. Filling placeholders with encoded values keeps their number and order.
pub fn parts<'a>(url: &DocumentedUrl<'a>) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    let decoded = |text: &'a str| percent_decode_str(text).decode_utf8_lossy();
    let part = |kind, text: &'a str| Part { kind, text: decoded(text), form: None, parameter: "" };
    // A slash in a key in quotes, as in `getByPath(path='/a/b')`, is the key's.
    let (mut in_keys, mut in_quotes) = (false, false);
    let between = |c: char| {
        match c {
            '\'' if in_keys => in_quotes = !in_quotes,
            '(' if !in_quotes => in_keys = true,
            ')' if !in_quotes => in_keys = false,
            _ => {}
        }
        c == '/' && !in_quotes
    };
    for segment in url.path.split(between).filter(|segment| !segment.is_empty()) {
        parts.push(part(PartKind::Segment, segment));
        let Some((_, keys)) = segment.split_once('(') else { continue };
        let Some(keys) = keys.strip_suffix(')') else { continue };
        let mut quoted = false;
        let comma = |c: char| {
            quoted ^= c == '\'';
            c == ',' && !quoted
        };
        for key in keys.split(comma).filter(|key| !key.is_empty()) {
            let value = key.split_once('=').map_or(key, |(_, value)| value).trim();
            match value.strip_prefix('\'').and_then(|value| value.strip_suffix('\'')) {
                // Inside the quotes a quote is written twice.
                Some(quoted) if quoted.contains("''") => {
                    let text =
                        percent_decode_str(&quoted.replace("''", "'")).decode_utf8_lossy().into_owned();
                    parts.push(Part { text: Cow::Owned(text), ..part(PartKind::QuotedKey, "") });
                }
                Some(quoted) => parts.push(part(PartKind::QuotedKey, quoted)),
                None => parts.push(part(PartKind::Key, value)),
            }
        }
    }
    for parameter in url.query.unwrap_or_default().split('&') {
        if let Some((parameter, value)) = parameter.split_once('=') {
            let value = value.trim();
            let blanks = |_| percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned();
            let form = memchr(b'+', value.as_bytes()).map(blanks);
            parts.push(Part { parameter, form, ..part(PartKind::QueryValue, value) });
        }
    }
    parts
}

/// A documented path without a prefix; as it is where it does not begin with it.
pub fn without_prefix<'a>(path: &'a str, prefix: &str) -> &'a str {
    let Some(rest) = path.trim_start_matches('/').strip_prefix(prefix.trim_matches('/')) else { return path };
    if rest.is_empty() || rest.starts_with('/') { rest } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("https://h.example/a/{b}?c=d", Some("https://h.example"), "/a/{b}", Some("c=d"))]
    #[case("/a?b?c", None, "/a", Some("b?c"))]
    #[case("a/b", None, "a/b", None)]
    #[case("https://h.example?x=1", Some("https://h.example"), "", Some("x=1"))]
    #[case("//evil/x", None, "//evil/x", None)]
    #[case("/a?u=https://other.example/", None, "/a", Some("u=https://other.example/"))]
    fn pieces(
        #[case] url: &str,
        #[case] origin: Option<&str>,
        #[case] path: &str,
        #[case] query: Option<&str>,
    ) {
        assert_eq!(DocumentedUrl::new(url), DocumentedUrl { origin, path, query });
    }

    #[rstest]
    #[case("/users/{id | userPrincipalName}/x", &["id", "userPrincipalName"])]
    #[case("/users/<user id>", &["user id"])]
    #[case("/a/{{id}}", &["id"])]
    #[case("/a/{}/b", &[])]
    #[case("x < y and y > z", &[])]
    #[case("<b>bold</b>", &["b"])]
    #[case("{\"a\": 1}", &[])]
    #[case("https://h.example:81/users/:id/posts/:post_id?at=:x", &["id", "post_id"])]
    #[case("/users/:id", &["id"])]
    #[case("/users/:", &[])]
    #[case("/users/:10", &[])]
    #[case("/drive/root:/a b/:children", &[])]
    #[case("/things:search/:id", &[])]
    #[case("see https://h.example/:id", &["id"])]
    #[case("1/:2 /: x", &[])]
    fn placeholder_names_in(#[case] text: &str, #[case] names: &[&str]) {
        let found: Vec<&str> =
            placeholders(text).into_iter().flat_map(|placeholder| placeholder.names).collect();
        assert_eq!(found, names);
    }

    #[test]
    fn a_slash_in_quotes_is_the_keys() {
        let url = DocumentedUrl::new("/sites/byPath(path='/a/it''s (b)/c.txt')/O'Neil/x");
        let parts = parts(&url);
        let shown: Vec<_> = parts.iter().map(|part| (part.kind, part.text.as_ref())).collect();
        assert_eq!(
            shown,
            [
                (PartKind::Segment, "sites"),
                (PartKind::Segment, "byPath(path='/a/it''s (b)/c.txt')"),
                (PartKind::QuotedKey, "/a/it's (b)/c.txt"),
                (PartKind::Segment, "O'Neil"),
                (PartKind::Segment, "x"),
            ]
        );
    }

    #[test]
    fn parts_of_path_keys_and_query() {
        let url = DocumentedUrl::new("/drives/a%20b/items('{id}')/f(x='1,2',n=3,y='it''s')?$top=5&flag");
        let parts = parts(&url);
        let shown: Vec<_> = parts.iter().map(|part| (part.kind, part.text.as_ref())).collect();
        assert_eq!(
            shown,
            [
                (PartKind::Segment, "drives"),
                (PartKind::Segment, "a b"),
                (PartKind::Segment, "items('{id}')"),
                (PartKind::QuotedKey, "{id}"),
                (PartKind::Segment, "f(x='1,2',n=3,y='it''s')"),
                (PartKind::QuotedKey, "1,2"),
                (PartKind::Key, "3"),
                (PartKind::QuotedKey, "it's"),
                (PartKind::QueryValue, "5"),
            ]
        );
    }

    #[test]
    fn a_plus_in_a_query_may_be_a_blank() {
        let parts = parts(&DocumentedUrl::new("/a+b?q=a+b%2Bc&r=a%20b"));
        let shown: Vec<_> = parts.iter().map(|part| (part.text.as_ref(), part.form.as_deref())).collect();
        assert_eq!(shown, [("a+b", None), ("a+b+c", Some("a b+c")), ("a b", None)]);
    }
}
