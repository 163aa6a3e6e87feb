//! Chooses contracts: globs over ids, methods and documented paths.

use super::url::DocumentedUrl;
use super::{Contract, ContractId};
use globset::{GlobBuilder, GlobMatcher};
use std::fmt;

/// A glob: `*` and `?` stay within a segment, `**` goes beyond, `[ab]` and `{a,b}` are alternatives. Braces without a
/// comma are themselves, so that `/users/{id}` is the path that it looks like.
///
/// ```
/// use faithful::contract::select::Pattern;
///
/// assert!(Pattern::new("users/*")?.matches("users/get"));
/// assert!(!Pattern::new("users/*")?.matches("users/admins/get"));
/// assert!(Pattern::new("/users/{id}")?.matches("/users/{id}"));
/// # Ok::<(), faithful::contract::select::PatternError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Pattern(GlobMatcher);

/// Whether letter case counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterCase {
    /// It does.
    Counts,
    /// It does not.
    SaysNothing,
}

/// Why a text is no glob.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a glob: {0}; a backslash before a mark makes it a letter")]
pub struct PatternError(String);

impl Pattern {
    /// Reads a glob.
    pub fn new(glob: &str) -> Result<Pattern, PatternError> {
        Pattern::read(glob, LetterCase::Counts)
    }

    /// Reads a glob, with or without a difference between letter cases.
    pub fn read(glob: &str, case: LetterCase) -> Result<Pattern, PatternError> {
        let glob = braces_without_a_comma_are_themselves(glob);
        let built = GlobBuilder::new(&glob)
            .literal_separator(true)
            .backslash_escape(true)
            .case_insensitive(case == LetterCase::SaysNothing)
            .build();
        built
            .map(|glob| Pattern(glob.compile_matcher()))
            .map_err(|error| PatternError(error.kind().to_string()))
    }

    /// Whether a whole text is of this kind.
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// Whether it is for a contract: by its id, or by that which it has where everything is read.
    pub fn is_for(&self, id: &ContractId) -> bool {
        self.matches(id.as_str()) || id.whole().is_some_and(|whole| self.matches(whole))
    }

    /// The glob that this very text alone matches.
    pub fn literal(text: &str) -> String {
        text.chars().fold(String::with_capacity(text.len()), |mut glob, c| {
            if matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | '\\') {
                glob.push('\\');
            }
            glob.push(c);
            glob
        })
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.0.glob() == other.0.glob()
    }
}

impl Eq for Pattern {}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.glob().glob())
    }
}

/// Contracts of one kind: those that all the given globs match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selector {
    /// Over ids.
    pub contract: Option<Pattern>,
    /// Over methods.
    pub method: Option<Pattern>,
    /// Over documented paths: without origin and query.
    pub path: Option<Pattern>,
}

impl Selector {
    /// Whether a contract is of this kind.
    pub fn selects(&self, contract: &Contract) -> bool {
        let fits = |pattern: &Option<Pattern>, text: &str| {
            pattern.as_ref().is_none_or(|pattern| pattern.matches(text))
        };
        self.contract.as_ref().is_none_or(|pattern| pattern.is_for(&contract.id))
            && fits(&self.method, &contract.request.method)
            && fits(&self.path, DocumentedUrl::new(&contract.request.url).path)
    }

    /// Whether every contract is.
    pub fn is_open(&self) -> bool {
        self.contract.is_none() && self.method.is_none() && self.path.is_none()
    }
}

fn braces_without_a_comma_are_themselves(glob: &str) -> String {
    let mut text = String::with_capacity(glob.len());
    let mut rest = glob;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        match after.split_once('}') {
            Some((inside, after)) if !inside.contains([',', '{']) && !before.ends_with('\\') => {
                text.push_str("\\{");
                text.push_str(inside);
                text.push_str("\\}");
                rest = after;
            }
            _ => {
                text.push('{');
                rest = after;
            }
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("users/*", "users/get", true)]
    #[case("users/*", "users/a/get", false)]
    #[case("users/**", "users/a/get", true)]
    #[case("**/get*", "users/a/get-users", true)]
    #[case("**", "get", true)]
    #[case("{get,list}", "list", true)]
    #[case("/users/{id}", "/users/{id}", true)]
    #[case("/users/{id}", "/users/id", false)]
    #[case("/{users,teams}/{id}/*", "/teams/{id}/members", true)]
    #[case("/users(id='{id}')", "/users(id='{id}')", true)]
    #[case("GET", "get", false)]
    fn globs(#[case] glob: &str, #[case] text: &str, #[case] matches: bool) {
        assert_eq!(Pattern::new(glob).unwrap().matches(text), matches);
    }

    #[test]
    fn letter_case_of_a_method_says_nothing() {
        assert!(Pattern::read("p*", LetterCase::SaysNothing).unwrap().matches("PATCH"));
    }

    #[rstest]
    #[case("a/[b")]
    #[case("{a,b")]
    fn no_globs(#[case] glob: &str) {
        assert!(Pattern::new(glob).unwrap_err().to_string().starts_with("not a glob: "));
    }

    #[rstest]
    #[case("users/get")]
    #[case("a*b/[c]?{d,e}\\f/{g}")]
    fn a_literal_matches_itself_alone(#[case] text: &str) {
        let pattern = Pattern::new(&Pattern::literal(text)).unwrap();
        assert!(pattern.matches(text), "{pattern}");
        assert!(!pattern.matches("users/get2") && !pattern.matches("axb/c1d\\f/g"));
    }
}
