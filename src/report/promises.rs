//! What a contract promises, for people: each place, and below it what is promised beside what made it so.

mod words;

use super::prose::visible;
use crate::json::{Json, Kind};
use crate::secret::{MASK, is_credential_header, is_credential_name, mask};
use crate::source::Location;
use crate::verdict::explanation::{By, Clause, Explanation, Part, Says};
use crate::verdict::{Effect, RequestLine, Site};
use std::fmt::Write as _;
use std::io;
use words::{by, says};

/// Columns of what is promised, and of what made it so; together with the blanks around them 80.
const COLUMNS: (usize, usize) = (33, 43);

/// An explanation, and what it is of.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The contract's id.
    pub id: String,
    /// Its documented request.
    pub request: RequestLine,
    /// Where its pair is documented.
    pub source: Option<Location>,
    /// What it promises.
    pub explanation: Explanation,
    /// The lines of its parts, one for each, where they are known.
    pub lines: Vec<Option<u32>>,
}

/// Writes what a contract promises. What looks like a secret is masked.
///
/// ```text
/// $.renewals                                                              line 147
///   must come: a number                the docs show 2
///   a whole number (else a note)       the docs show no fraction
/// ```
pub fn render_explanation(mut explained: Explained, out: &mut dyn io::Write) -> io::Result<()> {
    explained.explanation.parts.iter_mut().for_each(conceal);
    let Explained { id, request, source, explanation, lines } = explained;
    let mut text =
        format!("{id}, profile {}\n{} {}\n", explanation.profile.name(), request.method, request.url);
    if let Some(source) = source {
        let _ = writeln!(text, "{source}");
    }
    text.push('\n');
    for (part, line) in explanation.parts.iter().zip(lines) {
        let _ = writeln!(text, "{}", heading(part, line));
        let mut clauses = part.clauses.iter().peekable();
        while let Some(Clause { says: said, breach, by: made }) = clauses.next() {
            let said = says(said, *breach);
            // That it must come and what it is have one reason mostly: the docs show it.
            match clauses.peek() {
                Some(Clause {
                    says: Says::Types(_),
                    breach,
                    by: By::Shown(_) | By::TypeWord(_) | By::Placeholder(_),
                }) if *made == By::Docs => {
                    let Some(what) = clauses.next() else { break };
                    let said = format!("{said}: {}", says(&what.says, *breach));
                    row(&said, &by(&what.by, explanation.profile), &mut text);
                }
                _ => row(&said, &by(made, explanation.profile), &mut text),
            }
        }
    }
    if !explanation.unmatched.is_empty() {
        text.push_str("\nrules by hand that match nothing which the docs show\n");
        for rule in &explanation.unmatched {
            row(&rule.at, &format!("{}: {}", rule.written, rule.effect), &mut text);
        }
    }
    // Line by line: what steers a terminal is shown, line ends aside.
    mask(&text).lines().try_for_each(|line| writeln!(out, "{}", visible(line).trim_end()))
}

/// A part's place, and at the right end its line.
fn heading(part: &Part, line: Option<u32>) -> String {
    let mut heading = match &part.site {
        Site::Status => "status".to_owned(),
        Site::Header(name) => format!("header {name}"),
        Site::Body(_) => part.at.clone(),
    };
    if let Some(tag) = &part.of {
        let _ = write!(heading, "  where {} is {}", tag.name, Json::string(&tag.value).text());
    }
    if let Some(line) = line {
        let line = format!("line {line}");
        let blanks = 80_usize.saturating_sub(heading.chars().count() + line.len()).max(2);
        let _ = write!(heading, "{}{line}", " ".repeat(blanks));
    }
    heading
}

/// Two columns, each in as many lines as it needs.
fn row(says: &str, by: &str, text: &mut String) {
    let (says, by) = (wrapped(says, COLUMNS.0), wrapped(by, COLUMNS.1));
    for at in 0..says.len().max(by.len()) {
        let left = says.get(at).map_or("", String::as_str);
        let right = by.get(at).map_or("", String::as_str);
        // What goes on in the next line is indented once more.
        let indent = if at == 0 { "" } else { "  " };
        let width = COLUMNS.0;
        let left = if left.is_empty() { String::new() } else { format!("{indent}{left}") };
        let right = if right.is_empty() { String::new() } else { format!("{indent}{right}") };
        let _ = writeln!(text, "  {left:width$}  {right}");
    }
}

/// A text in lines of at most this many characters, the second and later ones two shorter; words that are longer are
/// cut.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        loop {
            let room = if lines.is_empty() { width } else { width.saturating_sub(2) }.max(1);
            let used = line.chars().count();
            let blank = usize::from(used > 0);
            if used + blank + word.len() <= room {
                line.push_str(if used > 0 { " " } else { "" });
                line.extend(&word);
                break;
            }
            if used > 0 {
                lines.push(std::mem::take(&mut line));
                continue;
            }
            line.extend(word.drain(..room));
            lines.push(std::mem::take(&mut line));
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Takes away what is shown of a place whose name says that it holds a credential.
fn conceal(part: &mut Part) {
    let named = match &part.site {
        Site::Status => false,
        Site::Header(name) => is_credential_header(name),
        // What stands below a member that carries credentials is a part of them.
        Site::Body(_) => part.at.split(['.', '[', ']', '\'', '"']).any(is_credential_name),
    };
    if !named {
        return;
    }
    let hide = |json: &mut Json| {
        if !matches!(json.root().kind(), Kind::Null | Kind::Bool) {
            *json = Json::string(MASK);
        }
    };
    for Clause { says, by, .. } in &mut part.clauses {
        match says {
            Says::Exactly(json) | Says::ByHand(Effect::Equals(json)) => hide(json),
            Says::Begins(text) => MASK.clone_into(text),
            Says::OneOf(texts) => texts.iter_mut().for_each(|text| MASK.clone_into(text)),
            _ => {}
        }
        match by {
            By::Shown(json) | By::Merge(_, json) => hide(json),
            By::Abbreviated(text) | By::Enumeration(text) => MASK.clone_into(text),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{row, wrapped};
    use rstest::rstest;

    #[rstest]
    #[case("", &[""])]
    #[case("a bc def", &["a bc", "de", "f"])]
    #[case("abcdef gh", &["abcd", "ef", "gh"])]
    #[case("été été", &["été", "ét", "é"])]
    fn texts_are_wrapped_at_words_and_long_words_are_cut(#[case] text: &str, #[case] lines: &[&str]) {
        assert_eq!(wrapped(text, 4), lines);
    }

    #[test]
    fn columns_stay_beside_each_other_within_80() {
        let mut text = String::new();
        row(&"left ".repeat(20), &"r".repeat(120), &mut text);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(
            text.lines().take(3).all(|line| line.chars().nth(37) == Some('r') || line.starts_with("    ")),
            "{text}"
        );
    }
}
