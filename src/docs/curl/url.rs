//! URLs as they stand behind `curl`.

use crate::docs::shell::{CLOSE, OPEN, variable};

/// Whether a word may be a URL: it has a path, a port, a scheme or a placeholder, or is this machine.
pub(in crate::docs) fn looks_like_url(word: &str) -> bool {
    word.starts_with(OPEN)
        || word.contains("://")
        || word.contains('/')
        || word.starts_with("localhost")
        || (word.contains(['.', ':']) && !word.ends_with(['.', ':', ',']))
}

/// Whether curl makes several URLs of one: it holds a range, as in `[1-3]`, or a list, as in `{one,two}`.
pub(super) fn is_of_several(url: &str) -> bool {
    let any = |open: char, close: char, is_it: fn(&str) -> bool| {
        url.split(open)
            .skip(1)
            .any(|behind| behind.split_once(close).is_some_and(|(inside, _)| is_it(inside)))
    };
    any('[', ']', is_range) || any('{', '}', is_list)
}

fn is_range(inside: &str) -> bool {
    let (range, step) = inside.split_once(':').unwrap_or((inside, "1"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter = |text: &str| text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_number(step)
        && range.split_once('-').is_some_and(|(from, to)| {
            (is_number(from) && is_number(to)) || (is_letter(from) && is_letter(to))
        })
}

/// What holds other marks may be an expression that the URL carries.
fn is_list(inside: &str) -> bool {
    let is_item = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    inside.contains(',') && inside.split(',').all(|item| !item.is_empty() && item.chars().all(is_item))
}

/// The URL without a user's name and password before its host, and these.
pub(super) fn without_user(url: &str) -> (String, Option<&str>) {
    let start = url.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = url.split_at(start);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    match authority.rsplit_once('@') {
        Some((user, _)) => {
            (format!("{scheme}{}", rest.get(user.len() + 1..).unwrap_or_default()), Some(user))
        }
        None => (url.to_owned(), None),
    }
}

/// The URL with its scheme, without its fragment. A variable that holds all that stands before the path is taken off:
/// what is left belongs to the docs' own origin.
pub(super) fn whole(url: &str) -> String {
    let url = url.split('#').next().unwrap_or(url);
    if let Some((_, behind)) = url.strip_prefix(OPEN).and_then(|rest| rest.split_once(CLOSE))
        && (behind.is_empty() || behind.starts_with(['/', '?']))
    {
        return if behind.is_empty() { "/".to_owned() } else { behind.to_owned() };
    }
    // `{BASE_URL}/users`, `<host>/users`, and what was put in quotes that keep variables from being filled in.
    for (open, close) in [('{', '}'), ('<', '>'), ('[', ']')] {
        let Some(inside) = url.strip_prefix(open) else { continue };
        let inside = inside.trim_start_matches(open);
        if let Some((_, behind)) = inside.split_once(close) {
            let behind = behind.trim_start_matches(close);
            if behind.starts_with('/') {
                return behind.to_owned();
            }
        }
    }
    if let Some((_, length)) = variable(url)
        && let Some(behind) = url.get(length..).filter(|behind| behind.starts_with('/'))
    {
        return behind.to_owned();
    }
    if url.contains("://") || url.starts_with('/') { url.to_owned() } else { format!("http://{url}") }
}

/// The URL with more parameters behind those that it has.
pub(super) fn with_query(url: &str, query: &str) -> String {
    let mark = if !url.contains('?') {
        "?"
    } else if url.ends_with(['?', '&']) {
        ""
    } else {
        "&"
    };
    format!("{url}{mark}{query}")
}

/// A text with `{name}` for variables without a value.
pub(super) fn shown(text: &str) -> String {
    text.replace(OPEN, "{").replace(CLOSE, "}")
}

#[cfg(test)]
mod tests {
    use super::is_of_several;
    use rstest::rstest;

    #[rstest]
    #[case("http://h/x/[1-3]", true)]
    #[case("http://h/x/[001-100:2].json", true)]
    #[case("http://h/[a-c]", true)]
    #[case("http://h/{one,two}/x", true)]
    #[case("http://[::1]:80/x", false)]
    #[case("http://h/{id}", false)]
    #[case("http://h/x?match[]=up", false)]
    #[case("http://h/x?query=rate(up[5m])", false)]
    #[case("http://h/x?query=up{job=\"a\",at=\"b\"}", false)]
    fn curl_makes_several_of_one(#[case] url: &str, #[case] expected: bool) {
        assert_eq!(is_of_several(url), expected);
    }
}
