//! Text of pages and services inside commands for the runner of GitHub Actions.
//!
//! The runner takes a line for a command that begins with `::`, blanks before it or not, or that holds `##[`; so such
//! text never stands at the beginning of a line, never ends one, and is never one of these.

use super::visible;

/// Behind the last `::` of a command.
pub(super) fn data(text: &str) -> String {
    // What steers is shown first: no line end is left that a percent sign would have to keep.
    let shown = visible(text).replace("##[", "##\\u{5b}");
    shown.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// As the value of a property.
pub(super) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
