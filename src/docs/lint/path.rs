//! Paths of templates and examples, as far as they can be told apart: names count, values do not.

use super::version::is_version;
use crate::contract::url::{DocumentedUrl, placeholders};

/// A path, without its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path<'u> {
    segments: Vec<Segment<'u>>,
    /// It begins with `me`, which stands for more than a user: `/me/drive` is one of `/drives`.
    is_of_me: bool,
    /// Where an address by path ends (`root:/folder/file.txt:`), which stands for any number of segments.
    addressed: Option<usize>,
}

/// A segment of a path, or a key behind one.
#[derive(Debug, Clone, Copy, Eq)]
enum Segment<'u> {
    /// A value, whatever it is.
    Any,
    /// A name without namespace and parameters, in whatever case.
    Name(&'u str),
}

impl PartialEq for Segment<'_> {
    fn eq(&self, other: &Segment<'_>) -> bool {
        match (self, other) {
            (Segment::Any, Segment::Any) => true,
            (Segment::Name(one), Segment::Name(other)) => one.eq_ignore_ascii_case(other),
            _ => false,
        }
    }
}

/// How like an example's path is to a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// It is one of those that the template stands for.
    Same,
    /// It may be.
    Unsure,
    /// It differs in one segment.
    Near,
}

impl<'u> Path<'u> {
    pub(super) fn of(url: &'u str) -> Path<'u> {
        let path = DocumentedUrl::new(url.trim_start_matches('~')).path;
        let raw = split(path);
        let mut segments = Vec::with_capacity(raw.len() + 1);
        let mut addressed = None;
        let raw = raw.iter().map(|segment| segment.trim()).filter(|segment| !segment.is_empty());
        let mut raw = raw.skip_while(|segment| is_version(segment)).peekable();
        let is_of_me = raw.peek().is_some_and(|first| first.eq_ignore_ascii_case("me"));
        for segment in raw {
            push(segment, &mut segments);
            if segment.starts_with(':') || segment.ends_with(':') {
                addressed = Some(segments.len());
            }
        }
        Path { segments, is_of_me, addressed }
    }

    /// How like an example's path is to this template; `None` where they have little in common.
    pub(super) fn likeness(&self, example: &Path<'_>) -> Option<Likeness> {
        let (template, path) = (self.segments.as_slice(), example.segments.as_slice());
        if template.is_empty() || path.is_empty() {
            return None;
        }
        let tails = template.iter().rev().zip(path.iter().rev());
        let is_same = match template.len().abs_diff(path.len()) {
            0 => tails.clone().all(|(one, other)| one.fits(other)),
            // The base of the URL may stand in one of them alone; a value is then no name.
            _ => {
                template.len().min(path.len()) > 1 && tails.clone().all(|(one, other)| one.stands_for(other))
            }
        };
        if is_same {
            return Some(Likeness::Same);
        }
        let tail = |path: &Path<'_>| {
            path.segments.get(path.addressed.unwrap_or_default()..).map(<[Segment<'_>]>::len)
        };
        if self.addressed.is_some() || example.addressed.is_some() {
            let tail = tail(self).unwrap_or_default().min(tail(example).unwrap_or_default());
            return tails.take(tail).all(|(one, other)| one.fits(other)).then_some(Likeness::Unsure);
        }
        // What OData appends to any path: a count, or a cast to a type.
        if let [before @ .., Segment::Name(last)] = path
            && (last.eq_ignore_ascii_case("$count") || last.contains('.'))
            && before.len() == template.len()
            && before.iter().zip(template).all(|(one, other)| one.fits(other))
        {
            return Some(Likeness::Unsure);
        }
        // What is of everybody is not of the one who is signed in; where it may be the base that differs, it is the same.
        if let ([Segment::Name(name)], [_, Segment::Any, Segment::Name(last)]) = (template, path)
            && example.is_of_me
            && name.eq_ignore_ascii_case(last)
            && !is_short_for_mine(name)
        {
            return Some(Likeness::Near);
        }
        let is_near = differ_in_one(template, path) && have_a_name_in_common(template, path);
        let speaks_of_a_user = template.first() == path.first();
        let likeness = if example.is_of_me && !speaks_of_a_user { Likeness::Unsure } else { Likeness::Near };
        is_near.then_some(likeness)
    }
}

/// Whether the path of a URL is plainly one that a template stands for: [`Likeness::Same`], told by the letters of both,
/// segment by segment. Both must be of such letters as have no further meaning.
pub(super) fn is_plainly(template: &str, path: &str) -> bool {
    let is_bare = template.starts_with('/');
    let bare = || DocumentedUrl { origin: None, path: template, query: None };
    let template = if is_bare { bare() } else { DocumentedUrl::new(template) };
    let (own, other) = (template.path, path);
    let is_plain = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'{' | b'}' | b'$')
    };
    let (mut own_names, mut other_names) = (names(own), names(other));
    let mut count = 0;
    loop {
        let both = match (own_names.next(), other_names.next()) {
            (Some(own), Some(other)) => (own, other),
            (None, None) => {
                return count > 0
                    && template.query.is_none()
                    && [own, other].iter().all(|path| path.bytes().all(is_plain));
            }
            _ => return false,
        };
        let is_whole = |segment: &str| !segment.contains(['{', '}']) || is_plain_gap(segment);
        let stands_for = match both {
            (own, other) if own == other => is_whole(own),
            (own, other) => is_plain_gap(own) && is_whole(other) && !other.eq_ignore_ascii_case("me"),
        };
        if !stands_for {
            return false;
        }
        count += 1;
    }
}

/// The segments of a path, without its version.
fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty()).skip_while(|segment| is_version(segment))
}

/// Whether a name may stand for what belongs to the one who is signed in, as `/drive` for `/me/drive`.
fn is_short_for_mine(name: &str) -> bool {
    ["drive", "users", "user", "me", "profile"].iter().any(|short| name.eq_ignore_ascii_case(short))
}

impl Segment<'_> {
    /// Whether either may be the other.
    fn fits(&self, other: &Segment<'_>) -> bool {
        self.stands_for(other) || *other == Segment::Any
    }

    /// Whether this one of a template may be that one of an example.
    fn stands_for(&self, other: &Segment<'_>) -> bool {
        *self == Segment::Any || self == other
    }
}

/// Adds a segment of a path: its name, and the key in brackets behind it.
fn push<'u>(text: &'u str, segments: &mut Vec<Segment<'u>>) {
    let (name, key) = match memchr::memchr(b'(', text.as_bytes()) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
        None => (text, None),
    };
    // A segment has no slash, and what begins with a colon needs one before it.
    let has_gap = || {
        name.bytes().any(|byte| matches!(byte, b'{' | b'<'))
            && (is_plain_gap(name) || !placeholders(name).is_empty())
    };
    if is_value(text) || (key.is_none() && has_gap()) {
        return segments.push(Segment::Any);
    }
    if name.eq_ignore_ascii_case("me") {
        // Whoever is signed in is a user.
        segments.extend([Segment::Name("users"), Segment::Any]);
    } else if !name.is_empty() {
        segments.push(Segment::Name(without_namespace(name)));
    }
    // `items('7')` is `items/7`; what has a name is a parameter.
    let key = key.map(|key| key.trim_end_matches(')').trim()).filter(|key| !key.is_empty());
    if key.is_some_and(|key| key.starts_with(['\'', '"']) || !key.contains('=')) {
        segments.push(Segment::Any);
    }
}

/// Whether a segment is a placeholder as most are, `{id}`: told at once.
fn is_plain_gap(segment: &str) -> bool {
    let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    name.is_some_and(|name| {
        name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

fn without_namespace(name: &str) -> &str {
    const NAMESPACE: &str = "microsoft.graph.";
    let is_in = name.get(..NAMESPACE.len()).is_some_and(|start| start.eq_ignore_ascii_case(NAMESPACE));
    if is_in { name.get(NAMESPACE.len()..).unwrap_or_default() } else { name }
}

/// What stands for a value without saying so: a long one with figures in it, or a word that ends in "id".
fn is_value(text: &str) -> bool {
    let plain = || !text.contains(['(', '{', ':', '$']);
    let figures = text.len() >= 8 && text.bytes().any(|byte| byte.is_ascii_digit());
    let word = text == "id" || ["-id", "_id", "Id"].iter().any(|end| text.ends_with(end));
    (figures || word) && plain()
}

/// The segments of a path; a slash in brackets is part of one.
fn split(path: &str) -> Vec<&str> {
    let (mut depth, mut start, mut segments) = (0_usize, 0, Vec::with_capacity(8));
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'(' | b'{' => depth += 1,
            b')' | b'}' => depth = depth.saturating_sub(1),
            b'/' if depth == 0 => {
                segments.extend(path.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    segments.extend(path.get(start..));
    segments
}

/// Whether the one becomes the other where one segment is put, taken out, or replaced.
fn differ_in_one(one: &[Segment<'_>], other: &[Segment<'_>]) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let fit = |(one, other): &(&Segment<'_>, &Segment<'_>)| one.fits(other);
    let before = short.iter().zip(long).take_while(fit).count();
    let behind = short.iter().rev().zip(long.iter().rev()).take_while(fit).count();
    long.len() - short.len() <= 1 && before + behind + 1 >= long.len()
}

fn have_a_name_in_common(one: &[Segment<'_>], other: &[Segment<'_>]) -> bool {
    one.iter().any(|segment| *segment != Segment::Any && other.contains(segment))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("/users/{id}/messages", "https://h.example/v1.0/me/messages?$top=1", Some(Likeness::Same))]
    #[case("/users/{id}", "/Users('7')", Some(Likeness::Same))]
    #[case("/users/{id | name}", "/beta/users/{ann}", Some(Likeness::Same))]
    #[case("/users/{id}/calendar", "https://h.example/api/users/7/calendar", Some(Likeness::Same))]
    #[case("/me/drive/items/{id}/children", "/drive/items/{id}/children", Some(Likeness::Same))]
    #[case("/reports/get(period='{period}')", "/reports/get(period='D7')", Some(Likeness::Same))]
    #[case("/users/delta", "/users/microsoft.graph.delta()", Some(Likeness::Same))]
    #[case("/x/acdefc6b-2dc6-4e71/y", "/x/c42f493f-42b4-4e7d/y", Some(Likeness::Same))]
    #[case("/users/user-id/x", "/users/7/x", Some(Likeness::Same))]
    #[case("~/a/{b}/c", "/a/d/c", Some(Likeness::Same))]
    #[case("/groups/{id}/members", "/groups/7/members/$count", Some(Likeness::Unsure))]
    #[case("/groups/{id}/members", "/groups/7/members/microsoft.graph.user.special", Some(Likeness::Unsure))]
    #[case("/me/drive/root:/{path}:/children", "/me/drive/items/7/children", Some(Likeness::Unsure))]
    #[case("/groups/{id}/members/{id}/$ref", "/groups/7/members/8", Some(Likeness::Near))]
    #[case("/org/{id}/branding/localization", "/org/{id}/branding/localizations", Some(Likeness::Near))]
    #[case("/drives/{id}/activities", "/me/drive/activities", Some(Likeness::Unsure))]
    #[case("/access/{id}/x", "/accesses/{id}/x", Some(Likeness::Near))]
    #[case("/rooms", "/me/rooms", Some(Likeness::Near))]
    #[case("/rooms", "/v1.0/me/rooms", Some(Likeness::Near))]
    #[case("/drive", "/me/drive", None)]
    #[case("/rooms", "/users/7/rooms", None)]
    #[case("/users", "/groups", None)]
    #[case("/teams/{id}/channels", "/chats/{id}/messages/{id}", None)]
    #[case("/users/{id}", "/users/{id}/a/b", None)]
    #[case("", "/users", None)]
    fn an_example_is_like_its_template(
        #[case] template: &str,
        #[case] example: &str,
        #[case] expected: Option<Likeness>,
    ) {
        assert_eq!(Path::of(template).likeness(&Path::of(example)), expected);
        assert!(!is_plainly(template, DocumentedUrl::new(example).path) || expected == Some(Likeness::Same));
    }

    #[rstest]
    #[case("/users/{id}/messages", "https://h.example/v1.0/users/7/messages?$top=1", true)]
    #[case("https://h.example/beta/me", "/me", true)]
    #[case("/rooms/{room-id}", "/rooms/{id}", true)]
    #[case("/rooms/{id}", "/rooms/me", false)]
    #[case("/rooms/{id}", "/rooms/7/beds", false)]
    #[case("/rooms", "/Rooms", false)]
    #[case("/rooms/{id}?all", "/rooms/7", false)]
    #[case("", "", false)]
    fn most_examples_are_plainly_what_the_template_says(
        #[case] template: &str,
        #[case] example: &str,
        #[case] expected: bool,
    ) {
        assert_eq!(is_plainly(template, DocumentedUrl::new(example).path), expected);
    }

    proptest! {
        #[test]
        fn what_is_plain_is_the_same(
            own in "(https://h)?(/(v1|me|Me|users|id|a1234567|\\{id\\}|\\{|x\\}|\\$count|a\\.b|\\(|:|~| )){0,4}",
            other in "(https://h)?(/(v1|me|Me|users|id|a1234567|\\{id\\}|\\{|x\\}|\\$count|a\\.b|\\(|:|~|7)){0,4}(\\?q)?",
        ) {
            let likeness = Path::of(&own).likeness(&Path::of(&other));
            let path = DocumentedUrl::new(&other).path;
            prop_assert!(!is_plainly(&own, path) || likeness == Some(Likeness::Same), "{own} {other}");
            let likeness = Path::of(&own).likeness(&Path::of(&own));
            let path = DocumentedUrl::new(&own).path;
            prop_assert!(!is_plainly(&own, path) || likeness == Some(Likeness::Same), "{own}");
        }
    }
}
