//! Slugs: names of pages and requests made fit to be names of files, on every system and in every shell.

/// Bytes of the longest slug: room for a suffix and an extension below the 143 of an encrypted file system.
const LONGEST: usize = 80;

/// A name as a file name: `[a-z0-9._-]`, at most 80 bytes, never empty, hidden or a device of Windows.
///
/// What is no such character becomes a hyphen, several in a row one. Of a name that has none of them
/// nothing is left: `unnamed`.
///
/// ```
/// assert_eq!(faithful::contract::slug("Create user (v2)"), "create-user-v2");
/// ```
pub fn slug(name: &str) -> String {
    numbered(name, "")
}

/// The slug of a name with a suffix (itself a slug), which is never what the length costs.
pub(crate) fn numbered(name: &str, suffix: &str) -> String {
    let room = LONGEST.saturating_sub(suffix.len());
    if name.len() <= room && is_slug(name) {
        return [name, suffix].concat();
    }
    let mut slug = String::with_capacity(name.len().min(room));
    // By bytes: a character of several of them becomes one hyphen as each of them would.
    for byte in name.bytes() {
        if slug.len() >= room {
            break;
        }
        match byte.to_ascii_lowercase() {
            kept @ (b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.') => slug.push(char::from(kept)),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    let trimmed = slug.trim_start_matches(['.', '-']).trim_end_matches(['.', '-']);
    let stem = trimmed.split('.').next().unwrap_or_default();
    let mut slug = match trimmed {
        "" => "unnamed".to_owned(),
        _ if is_device(stem) => format!("_{trimmed}"),
        _ => trimmed.to_owned(),
    };
    slug.truncate(room);
    slug.truncate(slug.trim_end_matches(['.', '-']).len());
    slug.push_str(suffix);
    slug
}

/// The path of a page, with `/`, as the path of its folder of contracts: part by part a slug, without `.md` or `.rst`.
///
/// ```
/// assert_eq!(faithful::contract::path_slug("API/User Post.md"), "api/user-post");
/// ```
pub fn path_slug(path: &str) -> String {
    let lower = path.to_ascii_lowercase();
    let bare = [".md", ".markdown", ".mdx", ".rst", ".rest"]
        .iter()
        .find_map(|extension| lower.strip_suffix(extension))
        .unwrap_or(&lower);
    // The pages of most references are called as their folders are.
    if bare
        .split('/')
        .all(|part| part.len() <= LONGEST && is_slug(part) && part.strip_suffix(".json").is_none())
    {
        return bare.to_owned();
    }
    let parts = bare.split('/').filter(|part| !matches!(*part, "" | "." | ".."));
    let folders: Vec<String> = parts.map(folder).collect();
    if folders.is_empty() { slug("") } else { folders.join("/") }
}

/// Whether a name is fit as it stands: most of a reference's are.
fn is_slug(name: &str) -> bool {
    let is_kept = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-');
    let mark = |byte: Option<&u8>| matches!(byte, None | Some(b'.' | b'-'));
    let bytes = name.as_bytes();
    bytes.iter().all(is_kept)
        && !mark(bytes.first())
        && !mark(bytes.last())
        && !bytes.windows(2).any(|pair| pair == b"--")
        && !is_device(name.split('.').next().unwrap_or_default())
}

/// As [`slug`], and never what a contract's file may be called.
fn folder(part: &str) -> String {
    let slug = slug(part);
    slug.strip_suffix(".json").map(|stem| format!("{stem}-json")).unwrap_or(slug)
}

/// `CON`, `PRN`, `AUX`, `NUL`, `COM0` to `COM9`, `LPT0` to `LPT9`, in lower case.
fn is_device(stem: &str) -> bool {
    let numbered = |device: &str| {
        stem.strip_prefix(device).is_some_and(|figure| matches!(figure.as_bytes(), [b'0'..=b'9']))
    };
    matches!(stem, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("create_user_from_", "create_user_from_")]
    #[case("Get /users/{id}", "get-users-id")]
    #[case("../../etc/passwd", "etc-passwd")]
    #[case("..", "unnamed")]
    #[case(".hidden", "hidden")]
    #[case("ends. ", "ends")]
    #[case("CON", "_con")]
    #[case("com7.tar.gz", "_com7.tar.gz")]
    #[case("console", "console")]
    #[case("\u{202e}gpj.exe", "gpj.exe")]
    #[case("🦀", "unnamed")]
    #[case("a\0b", "a-b")]
    #[case("naïve", "na-ve")]
    fn slugs_are_harmless(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(slug(name), expected);
    }

    #[rstest]
    #[case("a/b.md", "a/b")]
    #[case("A B/../C.markdown", "a-b/c")]
    #[case("api/1.x/users.rst", "api/1.x/users")]
    #[case("x.json.md", "x-json")]
    #[case("nul.md", "_nul")]
    #[case(".md", "unnamed")]
    fn paths_are_slugged_part_by_part(#[case] path: &str, #[case] expected: &str) {
        assert_eq!(path_slug(path), expected);
    }

    proptest! {
        #[test]
        fn any_name_gives_a_slug_that_is_its_own_slug(
            name in prop_oneof![any::<String>(), "[a-c.-]{0,6}", "(con|a|nul)[.-]?[a1-]{0,3}", "[a-z]{78,82}"],
            figure in 0..1000u32,
        ) {
            let parts = name.split('/').filter(|part| !matches!(*part, "" | "." | ".."));
            let folders: Vec<String> = parts.map(folder).collect();
            let path = path_slug(&format!("{name}.md"));
            prop_assert!(path == folders.join("/") || name.ends_with('/') || folders.is_empty(), "{path}");
            let suffix = format!("-{figure}");
            for slugged in [slug(&name), numbered(&name, &suffix)] {
                prop_assert!(!slugged.is_empty() && slugged.len() <= LONGEST);
                prop_assert!(slugged.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-')));
                prop_assert!(!slugged.starts_with('.') && !slugged.ends_with('.'));
                prop_assert_eq!(slug(&slugged), slugged);
            }
        }
    }
}
