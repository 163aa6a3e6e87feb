//! Slips of the pen: what stands around a URL, and is no part of it.

use super::{is_absolute, is_whole};

/// A URL without the marks of a link, quotes, a comma, one mark of a span of code or a status in brackets.
pub(super) fn without(url: &str) -> &str {
    let url = url.trim_end();
    if url.ends_with('`') && url.matches('`').count() == 1 {
        return without(url.trim_end_matches('`'));
    }
    let url = without_status(url.trim_end_matches(',').trim_end());
    if let Some((text, target)) =
        url.strip_prefix('[').and_then(|url| url.strip_suffix(')')).and_then(|url| url.split_once("]("))
    {
        let shown = [text, target].into_iter().map(|url| url.trim_matches('`'));
        return shown.into_iter().find(|url| is_whole(url)).unwrap_or(url);
    }
    let inside = |open: char, close: char| {
        let inside = url.strip_prefix(open)?.strip_suffix(close)?;
        (is_whole(inside) && !inside.contains([open, close])).then_some(inside)
    };
    let quoted = ['"', '\'', '`'].into_iter().find_map(|mark| inside(mark, mark));
    quoted.or_else(|| inside('<', '>').filter(|url| is_absolute(url))).unwrap_or(url)
}

/// A URL without the status that its answer has, as in `/users (200)`.
fn without_status(url: &str) -> &str {
    let Some((before, status)) = url.strip_suffix(')').and_then(|url| url.rsplit_once('(')) else {
        return url;
    };
    let is_status = status.len() == 3 && status.parse().is_ok_and(|code| (100..600).contains(&code));
    if is_status && before.ends_with([' ', '\t']) { before.trim_end() } else { url }
}

#[cfg(test)]
mod tests {
    use super::without;
    use rstest::rstest;

    #[rstest]
    #[case("[https://h.example/x](https://h.example/x)", "https://h.example/x")]
    #[case("[the beds](https://h.example/x?a=(b))", "https://h.example/x?a=(b)")]
    #[case("[`/x`](#beds)", "/x")]
    #[case("[the beds](#beds)", "[the beds](#beds)")]
    #[case("\"/x\"", "/x")]
    #[case("'https://h.example/x'", "https://h.example/x")]
    #[case("<https://h.example/x>", "https://h.example/x")]
    #[case("<base>/x", "<base>/x")]
    #[case("/x (200)", "/x")]
    #[case("/x(200)", "/x(200)")]
    #[case("/x(key='y')", "/x(key='y')")]
    #[case("/x?q='y'", "/x?q='y'")]
    #[case("/x,", "/x")]
    fn what_is_around_an_url_is_no_part_of_it(#[case] url: &str, #[case] expected: &str) {
        assert_eq!(without(url), expected);
    }
}
