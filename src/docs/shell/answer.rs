//! What becomes of the answer to a command: it is shown, or goes elsewhere.

use super::Answer;
use super::pipeline::Stage;
use crate::docs::curl;

/// What becomes of the answer behind the command.
pub(super) fn answer(behind: &[Stage], stage: &Stage, request: &curl::Request) -> Answer {
    // These show what they are given, laid out for people.
    const FORMATTERS: [&str; 14] = [
        "json_pp",
        "pp",
        "json",
        "jsonpp",
        "prettyjson",
        "cat",
        "less",
        "more",
        "tee",
        "bat",
        "fx",
        "xmllint",
        "json_reformat",
        "aeson-pretty",
    ];
    const FILTERS: [&str; 17] = [
        "jq", "grep", "egrep", "head", "tail", "cut", "awk", "sed", "wc", "python", "python3", "sort",
        "uniq", "yq", "column", "tr", "xargs",
    ];
    if request.saved == curl::Saved::File || stage.output.is_some() {
        return Answer::Elsewhere;
    }
    let mut answer = Answer::Whole;
    for program in behind {
        let arguments: Vec<&str> = program.words.iter().skip(1).map(|word| word.text.as_str()).collect();
        let name = program.name();
        let shows_all = match name {
            "jq" => {
                let filter = arguments.iter().find(|word| !word.starts_with('-'));
                filter.is_none_or(|filter| *filter == ".")
            }
            "python" | "python2" | "python3" => {
                arguments.join(" ").replace(' ', "").starts_with("-mjson.tool")
            }
            _ => FORMATTERS.contains(&name),
        };
        if program.output.is_some() || !(shows_all || FILTERS.contains(&name)) {
            return Answer::Elsewhere;
        }
        if !shows_all {
            answer = Answer::Filtered;
        }
    }
    answer
}
