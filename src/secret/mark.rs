//! Marks: what every secret that is told by its look has in it. Next to no text has one, and all of them are looked for
//! at once, many bytes at a time; each kind of secret is looked for only where a mark was found.

use aho_corasick::packed::Searcher;
use std::sync::LazyLock;

/// Four bytes at least: shorter ones would be found everywhere.
const MARKS: [&str; 21] = [
    // What the second part of a JSON web token begins with.
    ".eyJ",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "AKIA",
    "ASIA",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xoxr-",
    "sk_live_",
    "rk_live_",
    "AIza",
    "glpat-",
    "npm_",
    "sig=",
    "AccountKey=",
    "PRIVATE KEY-----",
];

static SEARCHER: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(MARKS));

/// Whether a text has a mark; true where this machine cannot tell at once.
pub(super) fn is_in(text: &str) -> bool {
    SEARCHER.as_ref().is_none_or(|searcher| searcher.find(text).is_some())
}

#[cfg(test)]
mod tests {
    use super::is_in;
    use crate::secret::{key, token};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_token_and_every_key_has_a_mark(
            before in "[a-z. ]{0,3}",
            mark in proptest::sample::select(vec![
                "eyJhbGciOiJIUzI1NiJ9.eyJ", "eyJhbGciOiJIUzI1NiJ9.ey", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_",
                "AKIA", "ASIA", "xoxb-", "xoxp-", "xoxa-", "xoxr-", "sk_live_", "rk_live_", "AIza", "glpat-", "npm_", "&sig=",
                "AccountKey=", "-----BEGIN PRIVATE KEY-----",
            ]),
            behind in "[A-Z0-9]{16}|[a-zA-Z0-9]{12,90}(\\.[a-z0-9]{20,25})?|[a-zA-Z0-9]{36}|[a-zA-Z0-9]{35}|[a-zA-Z0-9]{43}|[a-zA-Z0-9]{86}",
        ) {
            let text = format!("{before}{mark}{behind}");
            let found = !token::find(&text).is_empty() || !key::find(&text).is_empty();
            prop_assert!(!found || is_in(&text), "{text}");
        }
    }

    #[test]
    fn most_texts_have_none() {
        assert!(!is_in(
            "## Example\n\nGET https://h.example/sign?access=1\nAuthorization: Bearer eyJ0eXAi...\n"
        ));
        assert!(is_in("AccountName=a;AccountKey="));
    }
}
