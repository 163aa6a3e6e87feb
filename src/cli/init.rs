//! `faithful init`: a first faithful.toml.

use super::{Exit, Shell};
use crate::config::FILE;
use crate::contract::store::write_whole;
use crate::docs::Annotations;
use crate::docs::pages;
use crate::report::visible;
use clap::Args;
use std::path::{Path, PathBuf};

/// Write a first faithful.toml for this project
#[derive(Debug, Args)]
pub(super) struct Init {}

/// Folders that docs are mostly in, the likeliest first.
const USUAL: [&str; 7] = ["docs", "doc", "documentation", "api-reference", "content", "examples/docs", "."];

impl Init {
    #[expect(clippy::unused_self, reason = "as every verb is run")]
    pub(super) fn run(self, shell: &mut Shell<'_, '_>) -> Exit {
        let file = Path::new(FILE);
        if file.exists() {
            shell.console.error(format_args!("{FILE} is there already; it was left alone"));
            return Exit::Usage;
        }
        let found =
            USUAL.iter().map(|folder| (*folder, pairs(Path::new(folder)))).find(|(_, pairs)| *pairs > 0);
        let text = text(found.map(|(folder, _)| folder));
        if let Err(error) = write_whole(file, |out| out.write_all(text.as_bytes())) {
            shell.console.error(format_args!("out.write: {FILE}: {error}"));
            return Exit::Unwritten;
        }
        let said = match found {
            Some((folder, pairs)) => format!(
                "{FILE} written: the docs are in {folder}, with {pairs} request/response pair{}\nnext: faithful extract {folder}",
                if pairs == 1 { "" } else { "s" }
            ),
            None => format!(
                "{FILE} written: no docs with request/response pairs were found; say in it where they are"
            ),
        };
        let written = shell.console.result(|out| writeln!(out, "{}", visible_lines(&said)));
        if written.is_ok() { Exit::Passed } else { Exit::Unwritten }
    }
}

fn visible_lines(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

fn pairs(folder: &Path) -> usize {
    let docs = [PathBuf::from(folder)];
    if folder.is_dir() {
        pages::extract(&docs, Annotations::Optional).map_or(0, |extraction| extraction.pairs.len())
    } else {
        0
    }
}

fn text(docs: Option<&str>) -> String {
    let docs = match docs {
        Some(folder) => format!("[docs]\npath = \"{folder}\"\n"),
        None => "# [docs]\n# path = \"docs\"\n".to_owned(),
    };
    format!(
        r#"# What faithful knows of this project. Flags and environment variables come before this file.

# Where the pages are: a mismatch points at their lines.
{docs}
# Services to verify: `faithful verify --target staging`. ${{NAME}} is an environment variable.
# [target.staging]
# url = "https://staging.example.com/api"
# strip_prefix = "/v1.0"          # taken off documented paths first
# mutating = true                 # requests that change state may be sent
# production = true               # nothing that changes state is ever sent

# Values of the placeholders in documented URLs, headers and bodies: {{callId}}, or {{id}} behind the segment `users`.
# [variables]
# callId = "7"
# "users.id" = "ann"

# Literals of the docs that a target does not know, and what is sent instead.
# [[replace]]
# segment = "c9d0416b-2a7e-4e85-b3f6-5810d7a9e24c"   # or: path, query, header, at (a JSONPath in the body)
# with = "{{memberId}}"

# What is sent in an order of its own, with values out of answers. `faithful plan` suggests some.
# [[flow]]
# name = "users"
# [[flow.step]]
# contract = "users/create"
# capture = {{ "users.id" = "$.id" }}
# [[flow.step]]
# contract = "users/get"
# [[flow.cleanup]]
# contract = "users/delete"

# What a mismatch may be, place by place; of several rules that match a place the last one counts.
# [[rules]]
# contract = "users/*"            # a glob over ids; without it, all contracts
# at = "$.value[*].lastLogin"     # a JSONPath (RFC 9535)
# level = "ignore"                # or: format = "guid", null = "ok", absent = "ok", extra = "ok", keys = "any", equals = 3, matches = "^a"

# What is not to be sent, and why.
# [[skip]]
# path = "/users/{{id}}/photo"
# reason = "the test system has no photos"

# A failure that people know of: it fails no run up to its day, and hides nothing else.
# [[known]]
# contract = "users/get"
# rule = "type"                   # as the report names it
# at = "$.value[*].age"           # as the report names it
# actual = "40"                   # nothing else than this; rule = "status" needs it: actual = 500
# owner = "ann"
# reason = "waits for the new directory"
# expires = 2026-12-31
"#
    )
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::config::Config;

    #[test]
    fn what_is_written_is_read_even_with_its_comments_taken_off() {
        let uncommented: String = text(None)
            .lines()
            .map(|line| {
                line.strip_prefix("# ")
                    .filter(|line| line.contains(" = ") || line.starts_with('['))
                    .unwrap_or(line)
            })
            .map(|line| {
                if line.starts_with('#') || line.contains('`') { String::new() } else { format!("{line}\n") }
            })
            .collect();
        let config = Config::parse(&uncommented, &|_| Some("http://127.0.0.1".to_owned())).unwrap();
        assert!(config.target["staging"].production && config.variables.contains_key("users.id"));
        assert_eq!((config.replace.len(), config.flows.len()), (1, 1));
        assert_eq!((config.rules.len(), config.skip.len()), (1, 1));
        assert!(Config::parse(&text(Some("docs")), &|_| None).unwrap().docs.path.is_some());
    }
}
