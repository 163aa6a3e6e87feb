//! How far a run is, on a terminal; in a pipe nothing of it is seen.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Whether people watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Watched {
    Yes,
    No,
}

/// A bar on stderr, if that is a terminal.
pub(super) fn bar(watched: Watched) -> ProgressBar {
    let target = match watched {
        // Draws nothing where stderr is no terminal.
        Watched::Yes => ProgressDrawTarget::stderr_with_hz(10),
        Watched::No => ProgressDrawTarget::hidden(),
    };
    let bar = ProgressBar::with_draw_target(Some(0), target);
    let style = ProgressStyle::with_template("{pos}/{len} contracts [{bar:30}] {elapsed}");
    match style {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}
