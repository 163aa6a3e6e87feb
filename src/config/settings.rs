//! What faithful.toml says, key by key as it is written: people are told where a setting comes from.

use crate::source::line_column;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value of faithful.toml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The line of its key.
    pub line: u32,
    /// And the column, in characters.
    pub column: u32,
    /// As it is written: environment variables are not put in.
    pub text: String,
}

/// The values by the paths of their keys: `target.staging.url`. Of lists of entries it is told how many there are.
pub(super) fn of(text: &str) -> BTreeMap<String, Setting> {
    let mut settings = BTreeMap::new();
    if let Ok(table) = DeTable::parse(text) {
        add(table.get_ref(), "", text, &mut settings);
    }
    settings
}

fn add(table: &DeTable<'_>, above: &str, text: &str, settings: &mut BTreeMap<String, Setting>) {
    for (key, value) in table {
        let path = format!("{above}{}", key.get_ref());
        let value: &Spanned<DeValue<'_>> = value;
        let written = match value.get_ref() {
            DeValue::Table(table) => {
                add(table, &format!("{path}."), text, settings);
                continue;
            }
            DeValue::Array(entries)
                if entries.iter().any(|entry| matches!(entry.get_ref(), DeValue::Table(_))) =>
            {
                format!("{} entr{}", entries.len(), if entries.len() == 1 { "y" } else { "ies" })
            }
            _ => text.get(value.span()).unwrap_or_default().to_owned(),
        };
        let (line, column) = line_column(text, key.span().start);
        settings.insert(path, Setting { line, column, text: written });
    }
}

/// Line and column of a key; of a table those of its first key by name.
pub(super) fn place_of(settings: &BTreeMap<String, Setting>, path: &str) -> Option<(u32, u32)> {
    let below = format!("{path}.");
    let inside = || settings.range(below.clone()..).next().filter(|(key, _)| key.starts_with(&below));
    let setting = settings.get(path).or_else(|| inside().map(|(_, setting)| setting))?;
    Some((setting.line, setting.column))
}

#[cfg(test)]
mod tests {
    #[test]
    fn values_are_found_by_the_paths_of_their_keys() {
        let settings = super::of(
            "[target.staging]\n# here\nurl = \"${URL}\"\n\n[variables]\n\"users.id\" = 7\na = { make = \"uuid\" }\n\n\
             [[skip]]\npath = \"/\"\n[[skip]]\npath = \"/x\"\n",
        );
        let shown: Vec<String> = settings
            .iter()
            .map(|(path, setting)| format!("{path} = {} ({})", setting.text, setting.line))
            .collect();
        assert_eq!(
            shown,
            [
                "skip = 2 entries (9)",
                "target.staging.url = \"${URL}\" (3)",
                "variables.a.make = \"uuid\" (7)",
                "variables.users.id = 7 (6)",
            ]
        );
    }
}
