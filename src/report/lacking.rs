//! What a run lacked, and what it left behind, in words.

use super::visible;
use crate::verdict::{LeftBehind, MissingVariable};

/// The lines of faithful.toml that would supply what is missing, each with who needs it; nothing where nothing is.
pub fn missing(missing: &[MissingVariable]) -> Vec<String> {
    let Some(one) = missing.first() else { return Vec::new() };
    let values = match missing.len() {
        1 => format!("a value is missing for {}", visible(&one.placeholder)),
        count => format!("{count} values are missing"),
    };
    let mut lines =
        vec![format!("{values}: give --variable NAME=VALUE, or in faithful.toml"), "[variables]".to_owned()];
    lines.extend(missing.iter().map(|missing| {
        let others = match missing.contracts {
            0 | 1 => String::new(),
            2 => " and 1 more contract".to_owned(),
            contracts => format!(" and {} more contracts", contracts - 1),
        };
        let first = missing.first.as_str();
        visible(&format!("{}  # {} of {first}{others}", missing.line(), missing.placeholder)).into_owned()
    }));
    lines.push("`faithful plan` says which contracts could supply them, if any could".to_owned());
    lines
}

/// `cleanup 1 of flow users, DELETE /users/{id}, …`
pub(super) fn left_behind(left: &LeftBehind) -> String {
    format!("{}; what it was to clean up may still be there", visible(&left.problem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::ContractId;

    fn lacking(key: &str, contracts: usize) -> MissingVariable {
        let (placeholder, first) = ("{id | name}".to_owned(), ContractId::new("users/get"));
        MissingVariable { key: key.into(), placeholder, first, contracts }
    }

    #[test]
    fn lines_can_be_pasted() {
        assert_eq!(missing(&[]), Vec::<String>::new());
        let lines = missing(&[lacking("id", 1), lacking("users.\"x\"", 3)]);
        assert_eq!(
            lines,
            [
                "2 values are missing: give --variable NAME=VALUE, or in faithful.toml",
                "[variables]",
                "id = \"…\"  # {id | name} of users/get",
                "\"users.\\\"x\\\"\" = \"…\"  # {id | name} of users/get and 2 more contracts",
                "`faithful plan` says which contracts could supply them, if any could",
            ]
        );
    }
}
