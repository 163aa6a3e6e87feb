//! Request lines and status lines, in all the forms that they are written in.

mod slips;

/// What a line of a fence starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::docs) enum Start {
    /// A method and what may well be a URL.
    Request,
    /// `HTTP`, with or without a version, and a number.
    Status,
    /// Neither.
    Other,
}

const METHODS: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "MERGE"];

/// Registered methods that are words of prose and of programs too: read only in upper case, before a whole URL or path.
const RARE_METHODS: [&str; 17] = [
    "ACL",
    "BIND",
    "COPY",
    "LINK",
    "LOCK",
    "MKCALENDAR",
    "MKCOL",
    "MOVE",
    "PROPFIND",
    "PROPPATCH",
    "QUERY",
    "REBIND",
    "REPORT",
    "SEARCH",
    "UNBIND",
    "UNLINK",
    "UNLOCK",
];

/// Lines that a URL may be wrapped over.
const LONGEST_URL: usize = 100;

/// Whether a line begins as headers, request lines and status lines do. Most lines of a body do not.
pub(super) fn may_start(line: &str) -> bool {
    let first = line.bytes().find(|byte| !matches!(byte, b' ' | b'\t'));
    first.is_some_and(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii())
}

/// What a line starts, whatever stands around it.
pub(in crate::docs) fn start_of(line: &str) -> Start {
    let line = trim(line);
    if !begins_with_word(line) {
        return Start::Other;
    }
    if line.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("HTTP")) {
        if status_line(line).is_some() {
            return Start::Status;
        }
        return if behind_protocol(line).is_some() { Start::Request } else { Start::Other };
    }
    let is_request = request_line(line).is_some_and(|(method, target)| {
        if is_known(method) {
            return looks_like_url(method, target);
        }
        RARE_METHODS.contains(&method) && is_whole(target)
    });
    if is_request { Start::Request } else { Start::Other }
}

/// Whether a line, blanks before it left out, begins with what may be a method, or with `HTTP`. Most lines of code do
/// not, and this is the cheapest thing to know of them.
pub(super) fn begins_with_word(line: &str) -> bool {
    let letters = line.bytes().take_while(u8::is_ascii_alphabetic).count();
    let is_word = match line.as_bytes().get(letters) {
        Some(b'/' | b':') => letters == 4,
        Some(b'[') => true,
        Some(byte) => !byte.is_ascii_graphic(),
        None => false,
    };
    is_word
        && line
            .get(..letters)
            .is_some_and(|word| is_shouted(word) || is_known(word) || word.eq_ignore_ascii_case("HTTP"))
}

/// The line without blanks around it, those without a width too.
pub(super) fn trim(line: &str) -> &str {
    let line = line.trim_ascii();
    if let [first, .., last] = line.as_bytes()
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return line;
    }
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}'))
}

/// Whether what stands behind a method is a URL and not prose, as in "Get the user's messages".
fn looks_like_url(method: &str, target: &str) -> bool {
    let first = target.split(char::is_whitespace).next().unwrap_or_default();
    let is_shouted = method.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_whole = first.len() == target.len();
    let starts = first.starts_with(['/', '{', '<', '~', '$', '?', '*']);
    starts
        || first.contains("://")
        || (is_shouted && named_base(target).is_some())
        || (first.contains('/') && (is_shouted || is_whole))
        || (is_shouted && is_whole)
}

/// Method and target of a request line. Behind a method that is known the target may be anything; what else stands in
/// upper case before an absolute URL or a path is a method too. `curl -X POST …` has none.
pub(super) fn request_line(line: &str) -> Option<(&str, &str)> {
    let line = trim(line);
    let (method, target) = glued(line).or_else(|| split_word(behind_protocol(line).unwrap_or(line)))?;
    let is_method = is_known(method) || (is_shouted(method) && points(target));
    (is_method && !target.is_empty()).then_some((method, target))
}

/// What stands behind the name of the protocol where a method and a whole URL do, as in `HTTP PUT https://h/x`.
fn behind_protocol(line: &str) -> Option<&str> {
    // Most lines have none.
    line.starts_with("HTTP").then_some(())?;
    let (protocol, behind) = split_word(line)?;
    let (method, target) = split_word(behind)?;
    (matches!(protocol, "HTTP" | "HTTPS") && METHODS.contains(&method) && is_whole(target)).then_some(behind)
}

/// The name that stands for the address of a service at the beginning of a URL, as in `[Organization URI]/api`, and what
/// is behind it.
fn named_base(url: &str) -> Option<(&str, &str)> {
    let (name, behind) = url.strip_prefix('[')?.split_once(']')?;
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.'));
    (is_name && behind.starts_with('/')).then_some((name, behind))
}

/// Method and URL of a line that lacks the blank between them, as `POST[Organization URI]/api`.
fn glued(line: &str) -> Option<(&str, &str)> {
    let (method, target) = line.split_at_checked(line.bytes().take_while(u8::is_ascii_uppercase).count())?;
    (target.starts_with('[') && METHODS.contains(&method) && named_base(target).is_some())
        .then_some((method, target))
}

/// The first word of a line and what stands behind it.
fn split_word(line: &str) -> Option<(&str, &str)> {
    let end = line.bytes().position(|byte| !byte.is_ascii_graphic())?;
    let (word, rest) = line.split_at_checked(end)?;
    if rest.starts_with([' ', '\t', '\n']) {
        return Some((word, rest.trim_start()));
    }
    let (word, rest) = line.split_once(char::is_whitespace)?;
    Some((word, rest.trim_start()))
}

/// Whether a method is registered, or one that services are known to have.
pub(in crate::docs) fn is_method(method: &str) -> bool {
    is_known(method) || RARE_METHODS.contains(&method) || ["CONNECT", "PURGE"].contains(&method)
}

/// Whether a method is one of the usual ones, in upper case.
pub(in crate::docs) fn is_usual_method(method: &str) -> bool {
    METHODS.contains(&method)
}

fn is_known(method: &str) -> bool {
    METHODS.iter().any(|known| known.eq_ignore_ascii_case(method))
}

/// Whether a word is in upper case and no longer than methods are.
fn is_shouted(word: &str) -> bool {
    (1..=20).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether a line is a request line, whatever text it stands in: a known method, a URL, and nothing else but a version.
/// Where a query or a placeholder begins, blanks may follow.
pub(super) fn is_plain_request(line: &str) -> bool {
    start_of(line) == Start::Request
        && request_line(line).is_some_and(|(_, target)| {
            let target = without_version(target).trim_end();
            let (first, others) = target.split_once(char::is_whitespace).unwrap_or((target, ""));
            let is_url = points(first) || first.starts_with(['{', '<']) || first.contains('/');
            is_url && (others.is_empty() || first.contains(['?', '(', '{', '<']))
        })
}

/// Whether a line is a word in upper case, an absolute URL or a path, and nothing else but a version.
pub(super) fn is_shouted_request(line: &str) -> bool {
    request_line(line).is_some_and(|(method, target)| {
        is_shouted(method)
            && method.len() >= 3
            && (is_whole(target) || (is_known(method) && is_plain_request(line)))
    })
}

/// Whether a target is an absolute URL or a path, whatever stands behind it.
fn points(target: &str) -> bool {
    target.starts_with('/') || is_absolute(target)
}

/// Whether a target is an absolute URL or a path, and nothing else but a version stands behind it.
pub(in crate::docs) fn is_whole(target: &str) -> bool {
    points(target) && !without_version(target).trim_end().contains(char::is_whitespace)
}

/// A status line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StatusLine {
    /// With its number.
    Code(u16),
    /// With a version, but without a number.
    NoCode,
}

/// Reads a status line: `HTTP/1.1 200 OK`, `HTTP 201 Created`, `HTTP/2 204`, `http/1.1 200 anything`, `HTTP/1.1 OK`.
pub(super) fn status_line(line: &str) -> Option<StatusLine> {
    let line = trim(line);
    let name = line.get(..4).filter(|name| name.eq_ignore_ascii_case("HTTP"))?;
    let behind = line.get(name.len()..).unwrap_or_default();
    let (behind, versioned) = match behind.strip_prefix('/') {
        Some(version) => (version.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.'), true),
        None => (behind, false),
    };
    let is_between = |c: char| c.is_whitespace() || c == ':';
    if !behind.is_empty() && !behind.starts_with(is_between) {
        return None;
    }
    let status = status(behind.trim_start_matches(is_between)).map(StatusLine::Code);
    status.or(versioned.then_some(StatusLine::NoCode))
}

/// Three digits and no fourth.
fn status(text: &str) -> Option<u16> {
    let digits = text.get(..3).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    if text.as_bytes().get(3).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    digits.parse().ok().filter(|status| (100..1000).contains(status))
}

/// A status line that has lost its version, as in `200 OK`: read so where something else calls it a response.
pub(super) fn bare_status(line: &str) -> Option<StatusLine> {
    status(trim(line)).map(StatusLine::Code)
}

/// Whether a line is a number and the reason that is registered for it, as in `404 Not Found`, and nothing else.
pub(super) fn is_bare_status(line: &str) -> bool {
    let line = trim(line);
    if !line.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let Some((code, reason)) = line.split_once(' ') else { return false };
    let registered = status(code).and_then(|code| http::StatusCode::from_u16(code).ok()?.canonical_reason());
    registered.is_some_and(|registered| registered.eq_ignore_ascii_case(reason.trim_start()))
}

/// Whether a URL names its origin.
pub(in crate::docs) fn is_absolute(url: &str) -> bool {
    url.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"))
        || url.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://"))
}

/// What a body may hold that looks like the start of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Nothing.
    NoHttp,
    /// Any text: a line may begin with a method, by chance.
    Lines,
    /// Parts that are messages.
    Http,
}

/// What a header says that the body may hold; `None` where it is not the one that says so.
pub(super) fn body_holds(line: &str) -> Option<Holds> {
    const NAME: &str = "content-type";
    let line = line.trim_start();
    let name = line.get(..NAME.len()).filter(|name| name.eq_ignore_ascii_case(NAME))?;
    let value = line.get(name.len()..).unwrap_or_default().trim_start().strip_prefix(':')?.trim_start();
    let starts = |kind: &str| value.get(..kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(kind));
    if ["multipart/", "message/", "application/http"].into_iter().any(starts) {
        return Some(Holds::Http);
    }
    // A part of a batch says what that part is.
    starts("text/").then_some(Holds::Lines)
}

/// Whether a line ends a multipart body: `--boundary--`.
pub(super) fn is_last_boundary(line: &str) -> bool {
    let line = line.trim();
    line.len() > 4 && line.starts_with("--") && line.ends_with("--")
}

/// A URL with the lines that continue it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WholeUrl {
    pub(super) url: String,
    /// How many lines continue it.
    pub(super) taken: usize,
    /// The first of them that nothing but its look says so of.
    pub(super) guessed: Option<usize>,
}

/// Joins a URL that is wrapped over lines.
///
/// A line continues the URL that starts with `?` or `&`, that stands behind one that ends in these, with which a
/// bracket is closed that is open, or that is a piece of a path and can be nothing else.
pub(super) fn whole_url(target: &str, rest: &str) -> WholeUrl {
    let mut url = ended(target).to_owned();
    let (mut taken, mut guessed) = (0, None);
    let mut lines = rest.lines().peekable();
    while taken < LONGEST_URL
        && let Some(line) = lines.peek().map(|line| line.trim()).filter(|line| !line.is_empty())
    {
        let goes_on = line.starts_with(['?', '&'])
            || (url.ends_with(['?', '&']) && !ends_url(line))
            || (open_brackets(&url) > 0 && !super::headers::is_header(line) && closes(&url, &lines));
        if !goes_on {
            if !is_path_on(&url, line) && !is_list_on(&url, line) {
                break;
            }
            guessed.get_or_insert(taken);
        }
        url.push_str(ended(line));
        taken += 1;
        lines.next();
    }
    let url = slips::without(without_version(&url));
    // A name in brackets is a placeholder, written as others are.
    let named = named_base(url).map(|(name, behind)| format!("{{{name}}}{behind}"));
    WholeUrl { url: named.unwrap_or_else(|| url.to_owned()), taken, guessed }
}

/// A line of a request without the backslash with which a shell would go on.
fn ended(line: &str) -> &str {
    let line = line.trim_end();
    line.strip_suffix('\\').map_or(line, str::trim_end)
}

/// Whether a line goes on with a list in a query that stops at a comma, and is nothing else.
fn is_list_on(url: &str, line: &str) -> bool {
    let piece = without_version(line).trim_end_matches(',');
    let is_piece = |c: char| c.is_alphanumeric() || "/-._~%$'():@".contains(c);
    url.ends_with(',')
        && url.contains('?')
        && piece.split(['&', ',', '=']).all(|part| !part.is_empty() && part.chars().all(is_piece))
        && !super::headers::is_header(line)
}

/// Whether a line is a piece of a path behind a URL that stops before or after a slash, and nothing else but a version.
fn is_path_on(url: &str, line: &str) -> bool {
    let ends = without_version(url).len() < url.len();
    let piece = without_version(line).trim_end();
    let is_piece = |c: char| c.is_alphanumeric() || "/-._~%!$&'()*+,;=:@?{}|".contains(c);
    (piece.starts_with('/') || (url.ends_with('/') && piece.starts_with(|c: char| c.is_alphanumeric())))
        && points(url)
        && !ends
        && piece.chars().all(is_piece)
        && !super::headers::is_header(line)
}

/// Whether a line is not what a query could go on with.
fn ends_url(line: &str) -> bool {
    line.starts_with(['{', '[', '<']) || super::headers::is_header(line) || start_of(line) != Start::Other
}

/// How many more brackets are opened than closed.
fn open_brackets(text: &str) -> i64 {
    text.bytes()
        .map(|byte| match byte {
            b'(' | b'[' => 1,
            b')' | b']' => -1,
            _ => 0,
        })
        .sum()
}

/// Whether the next few lines close the brackets that the URL leaves open.
fn closes<'a>(url: &str, lines: &(impl Iterator<Item = &'a str> + Clone)) -> bool {
    let mut open = open_brackets(url);
    for line in lines.clone().take(8) {
        if line.trim().is_empty() || line.trim_start().starts_with('{') {
            return false;
        }
        open += open_brackets(line);
        if open <= 0 {
            return true;
        }
    }
    false
}

/// The URL without the `HTTP/1.1` behind it.
fn without_version(url: &str) -> &str {
    let Some((before, version)) = url.rsplit_once(char::is_whitespace) else { return url };
    let is_version = version.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("HTTP/"))
        && version.bytes().skip(5).all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_version { before } else { url }
}
