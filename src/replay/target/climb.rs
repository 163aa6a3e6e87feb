//! Segments of a path that lead upwards, however they are spelled.

use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// A segment that URL parsers resolve away, spelled in any of their ways.
pub(super) fn is_dot_segment(segment: &str) -> bool {
    let segment = segment.to_ascii_lowercase().replace("%2e", ".");
    segment == "." || segment == ".."
}

/// Whether a path comes to lie above where it begins as some server reads it: with the escapes of slashes and dots read,
/// once or several times over, and with the parameters of its segments left out.
pub(super) fn may_climb(path: &str) -> bool {
    let mut read = path.to_owned();
    loop {
        let mut depth = 0_usize;
        for segment in read.split(['/', '\\']) {
            match segment.split(';').next().unwrap_or_default() {
                "" | "." => {}
                ".." => match depth.checked_sub(1) {
                    Some(above) => depth = above,
                    None => return true,
                },
                _ => depth += 1,
            }
        }
        // Each turn is shorter than the one before.
        match percent_decode_str(&read).decode_utf8_lossy() {
            Cow::Owned(decoded) if decoded.len() < read.len() => read = decoded,
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::may_climb;
    use rstest::rstest;

    #[rstest]
    #[case("/..%2fx", true)]
    #[case("/..%2Fx", true)]
    #[case("/%2e%2e%2fx", true)]
    #[case("/..%5cx", true)]
    #[case("/%252e%252e%252fx", true)]
    #[case("/%25252e%25252e/x", true)]
    #[case("/..;/x", true)]
    #[case("/..;a=b/x", true)]
    #[case("/a/..%2f..%2fx", true)]
    #[case("/a%2f..%2f..%2fx", true)]
    #[case("/.%2f..%2fx", true)]
    #[case("/%2f..%2fx", true)]
    #[case("/a/..%2fx", false)]
    #[case("/a%2f..%2fx", false)]
    #[case("/..x/%2f...", false)]
    #[case("/100%/%zz..", false)]
    #[case("/a;../x", false)]
    #[case("/%ff/%ff", false)]
    #[case("", false)]
    fn paths_that_lie_above_where_they_begin(#[case] path: &str, #[case] climbs: bool) {
        assert_eq!(may_climb(path), climbs);
    }
}
