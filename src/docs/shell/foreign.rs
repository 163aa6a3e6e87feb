//! Requests of other clients than curl: told of, and not read.

use super::pipeline::Stage;
use super::{CLOSE, OPEN};
use crate::docs::curl::looks_like_url;

/// A request of another client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::docs) struct Foreign {
    /// The page's line that it stands in.
    pub(in crate::docs) line: u32,
    /// Its client, and the URL where it can be told.
    pub(in crate::docs) client: String,
    pub(in crate::docs) url: String,
    pub(in crate::docs) kind: Kind,
}

/// What shows a request of another client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::docs) enum Kind {
    /// A command.
    Command,
    /// A command that saves the answer, as a download does.
    Download,
    /// A program in some language.
    Program,
}

impl Foreign {
    /// What it sends, for messages.
    pub(in crate::docs) fn title(&self) -> String {
        format!("{} {}", self.client, self.url).trim_end().to_owned()
    }
}

/// The request of a command, if it is one of another client.
pub(super) fn of(stage: &Stage, line: u32) -> Option<Foreign> {
    let name = stage.name();
    let client = match name {
        "http" | "https" | "httpie" | "xh" | "xhs" | "wget" => name,
        _ if ["Invoke-RestMethod", "Invoke-WebRequest", "irm", "iwr"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name)) =>
        {
            name
        }
        _ => return None,
    };
    let words = || stage.words.iter().skip(1).map(|word| word.text.as_str());
    // HTTPie takes `:8080/path` for this machine, and members of the body as `name=value`.
    let is_url = |word: &&str| {
        !word.starts_with(['-', '{', '@'])
            && !word.split(['/', '?']).next().unwrap_or_default().contains('=')
            && (looks_like_url(word) || word.starts_with(':'))
    };
    // What stands behind an option that logs in is no host with a port.
    let options = stage.words.iter().map(|word| word.text.as_str());
    let given = options.zip(words()).filter(|(option, word)| word.contains("://") || !logs_in(option));
    let url = given.map(|(_, word)| word).find(is_url)?.replace(OPEN, "{").replace(CLOSE, "}");
    let shows = |word: &str| {
        let options = word.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
        word.starts_with("--output-document=-")
            || options.is_some_and(|options| options.ends_with("O-") || options.ends_with('O'))
            || ["--method", "--post-", "--body-"].iter().any(|option| word.starts_with(option))
    };
    let kind = if client == "wget" && !words().any(shows) { Kind::Download } else { Kind::Command };
    Some(Foreign { line, client: client.to_owned(), url, kind })
}

/// Whether what stands behind an option is a login: shown, it would give that away.
fn logs_in(option: &str) -> bool {
    const LONG: [&str; 8] = [
        "--auth",
        "--auth-type",
        "--session",
        "--user",
        "--password",
        "--http-user",
        "--http-password",
        "--cert",
    ];
    let is_short = |rest: &str| !rest.starts_with('-') && rest.ends_with(['a', 'A']) && rest.len() < 4;
    LONG.contains(&option) || option.strip_prefix('-').is_some_and(is_short)
}

/// The request of a command whose answer is put into a variable, as in `ID=$(curl …)`.
pub(super) fn in_substitution(written: &str, line: u32) -> Option<Foreign> {
    let at = ["$(curl ", "`curl "].iter().find_map(|sign| written.find(sign).map(|at| at + sign.len()))?;
    let mut words =
        written.get(at..)?.split_whitespace().map(|word| word.trim_matches(['"', '\'', ')', '`', ';']));
    let url = words.find(|word| !word.starts_with('-') && (word.contains("://") || word.starts_with('$')))?;
    let url = url.split([')', '"', '\'']).next().unwrap_or(url);
    Some(Foreign { line, client: "curl".to_owned(), url: url.to_owned(), kind: Kind::Download })
}

/// The calls that programs send requests with, each before the URL.
const CALLS: [&str; 9] = [
    "requests.get(",
    "requests.post(",
    "requests.put(",
    "requests.patch(",
    "requests.delete(",
    "requests.request(",
    "axios.",
    "httpx.",
    "fetch(",
];

/// The first request that a program sends, of a block whose first line is this one of its page. A call without an
/// absolute URL behind it may be any other.
pub(in crate::docs) fn in_program(text: &str, first_line: u32) -> Option<Foreign> {
    if text.trim_start().starts_with(['{', '[', '<']) {
        return None;
    }
    let at = CALLS.iter().filter_map(|call| text.find(call).map(|at| (at, *call))).min()?;
    let (at, call) = at;
    let starts = text.get(..at)?.chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_');
    let behind = text.get(at + call.len()..)?;
    let url = text
        .split(['"', '\'', '`'])
        .find(|word| word.starts_with("http://") || word.starts_with("https://"))?;
    let above = text.get(..at)?.matches('\n').count();
    let line = first_line.saturating_add(u32::try_from(above).ok()?);
    let is_call = call.ends_with('(') || behind.chars().take_while(char::is_ascii_alphabetic).count() > 2;
    (starts && is_call && url.len() < 2_000).then(|| Foreign {
        line,
        client: call.trim_end_matches(['(', '.']).to_owned(),
        url: url.trim().to_owned(),
        kind: Kind::Program,
    })
}

#[cfg(test)]
mod tests {
    use super::in_program;
    use rstest::rstest;

    #[rstest]
    #[case(
        "import requests\nr = requests.get(\"https://h/x\", timeout=1)\n",
        Some("2 requests.get https://h/x")
    )]
    #[case("const r = await fetch('http://h/x');\n", Some("1 fetch http://h/x"))]
    #[case("axios.post(`https://h/x`, {})\n", Some("1 axios https://h/x"))]
    #[case("prefetch('https://h/x')\n", None)]
    #[case("fetch(url)\n", None)]
    #[case("see https://h/x\n", None)]
    fn programs_are_told_by_their_calls(#[case] text: &str, #[case] expected: Option<&str>) {
        let found = in_program(text, 1).map(|found| format!("{} {}", found.line, found.title()));
        assert_eq!(found.as_deref(), expected);
    }
}
