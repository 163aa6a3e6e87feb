//! A path that leads nowhere: what was meant, or what to name.

use crate::config::nearest;
use crate::docs::pages::MissingPath;
use crate::suite::SuiteError;
use std::fs;
use std::path::Path;

/// What is said of paths of contracts or docs that cannot be read.
pub(super) fn of_suite(error: &SuiteError) -> String {
    match error {
        SuiteError::Missing(path) => neighbour(path).unwrap_or_else(|| error.to_string()),
        _ => error.to_string(),
    }
}

/// The same of docs.
pub(super) fn of_docs(error: &MissingPath) -> String {
    neighbour(&error.0).unwrap_or_else(|| error.to_string())
}

/// The same of the folder behind a flag.
pub(super) fn of_pages(flag: &str, folder: &Path) -> String {
    let said = neighbour(folder);
    let said = said.unwrap_or_else(|| {
        format!("{}: no such file or folder; name the folder of the pages", folder.display())
    });
    format!("{flag} {said}")
}

/// `dosc: no such file or folder; did you mean docs?`
fn neighbour(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let parent = path.parent()?;
    let folder = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let there = fs::read_dir(folder).ok()?.flatten();
    let mut there: Vec<String> = there.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    there.sort();
    let meant = parent.join(nearest(name, there.iter().map(String::as_str))?);
    Some(format!("{}: no such file or folder; did you mean {}?", path.display(), meant.display()))
}
