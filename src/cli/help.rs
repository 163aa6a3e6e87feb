//! Lists at the end of `--help`, for terminals of 80 columns.

use std::fmt::Write as _;

/// The width that help is made for: a terminal's 80 columns.
const WIDTH: usize = 80;

/// `KIND: what it is` for each, under a heading; what is longer than a line goes on behind an indentation.
pub(super) fn described<'a>(heading: &str, items: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = format!("{heading}:\n");
    for (name, description) in items {
        let _ = writeln!(text, "{}", wrapped(&format!("{name}: {description}"), "  ", "      "));
    }
    text
}

/// Names under a heading, in as few lines as they need.
pub(super) fn named<'a>(heading: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.into_iter().collect();
    format!("{heading}:\n{}\n", wrapped(&names.join(", "), "  ", "  "))
}

fn wrapped(text: &str, first: &str, next: &str) -> String {
    let mut lines = String::from(first);
    let mut column = first.len();
    for (number, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        if number > 0 && column + 1 + length > WIDTH {
            lines.push('\n');
            lines.push_str(next);
            column = next.len();
        } else if number > 0 {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += length;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_than_a_line_goes_on_behind_an_indentation() {
        let long = "words ".repeat(20);
        let text = described("Kinds", [("short", "of one line"), ("long", long.trim())]);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[..2], ["Kinds:", "  short: of one line"]);
        assert!(lines[2].starts_with("  long: words") && lines[3].starts_with("      words"), "{text}");
        assert!(lines.iter().all(|line| line.len() <= WIDTH), "{text}");
    }
}
