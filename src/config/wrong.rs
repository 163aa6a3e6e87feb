//! What is wrong with faithful.toml, and where.

use std::path::PathBuf;

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}:{}{wrong}", .file.display(), if .wrong.place.is_some() { "" } else { " " })]
pub struct ConfigError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub wrong: Wrong,
}

/// What is wrong with a file's text: `3:1: unknown field …`
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{text}", .place.map(|(line, column)| format!("{line}:{column}: ")).unwrap_or_default())]
pub struct Wrong {
    /// Line and column, where it stands in one place.
    pub place: Option<(u32, u32)>,
    /// The same in words.
    pub text: String,
}

impl Wrong {
    /// The same at a place.
    pub(super) fn at(place: (u32, u32)) -> impl Fn(String) -> Wrong {
        move |text| Wrong { place: Some(place), text }
    }
}

impl From<String> for Wrong {
    fn from(text: String) -> Wrong {
        Wrong { place: None, text }
    }
}
