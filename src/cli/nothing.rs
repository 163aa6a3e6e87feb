//! What is said where no contract was found: where it was looked for, and where there may be some.

use super::here;
use crate::contract::store::holds_contracts;
use crate::suite::{DEFAULT_FOLDER, Suite};
use std::path::{Path, PathBuf};

/// `nothing.to_run: no contract in /a/b/contracts; `faithful extract DOCS` writes contracts there, …`
pub(super) fn nothing(paths: &[PathBuf], suite: &Suite) -> String {
    // Who named no folder may not know which one they are in.
    let usual = [std::path::absolute(DEFAULT_FOLDER).unwrap_or_else(|_| DEFAULT_FOLDER.into())];
    let looked = if paths.is_empty() { usual.as_slice() } else { paths };
    let shown: Vec<String> = looked.iter().map(|path| path.display().to_string()).collect();
    let shown = shown.join(", ");
    if suite.pages() > 0 {
        return format!(
            "nothing.to_run: no request/response pair in {shown}; `faithful lint` says what is wrong with the docs"
        );
    }
    // Who has docs and no contracts verifies the docs, or has yet to extract them.
    let docs = here::config(&here::unread).ok().and_then(|config| config.docs_path());
    let docs = docs.filter(|docs| paths.is_empty() && docs.exists()).map(|docs| {
        let docs = docs.display();
        format!(
            "name the docs of faithful.toml, as in `faithful verify {docs}`, or write contracts with \
             `faithful extract {docs}`"
        )
    });
    let is_missing = paths.is_empty() && !usual.iter().all(|path| path.is_dir());
    let what = if is_missing { "there is no folder" } else { "no contract in" };
    let remedy = match usual.first().and_then(|folder| above(folder.parent()?)).filter(|_| paths.is_empty()) {
        Some(folder) if docs.is_none() => {
            format!("run it in {}, whose contracts folder has some", folder.display())
        }
        _ => docs.unwrap_or_else(|| {
            "`faithful extract DOCS` writes contracts into a folder; or name one, or the docs themselves"
                .to_owned()
        }),
    };
    format!("nothing.to_run: {what} {shown}; {remedy}")
}

/// The nearest folder above whose contracts somebody may have meant, not beyond the root of the repository.
fn above(here: &Path) -> Option<&Path> {
    let root = here.ancestors().find(|folder| folder.join(".git").exists())?;
    let above = here.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
    above.into_iter().find(|folder| holds_contracts(&folder.join(DEFAULT_FOLDER)))
}
