//! The report for people: every mismatch under the line that documents it.

use super::Color;
use super::prose::{counts, headline, title, visible, why};
use crate::verdict::{Excerpt, Mismatch, Outcome, Report, Severity};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::io;

/// ```text
/// failed add-operations/create: POST http://127.0.0.1:8080/calls/7/operations answered 201
/// error: type: $.resultInfo.code is "4" (string), documented 4 (number)
///   --> docs/add-operations.md:104:13
///     |
/// 104 |     "code": 4,
///     |             ^
///     = note: the docs show it
/// 1 contract: 0 passed, 1 failed, …
/// ```
pub(super) fn pretty(report: &Report, color: Color, out: &mut dyn io::Write) -> io::Result<()> {
    let renderer = match color {
        Color::Styled => Renderer::styled(),
        Color::Plain => Renderer::plain(),
    }
    .decor_style(DecorStyle::Ascii);
    for verdict in &report.verdicts {
        if verdict.outcome == Outcome::Passed && verdict.mismatches.is_empty() {
            continue;
        }
        writeln!(out, "{}", headline(verdict))?;
        for mismatch in &verdict.mismatches {
            writeln!(out, "{}", renderer.render(&[group(mismatch)]))?;
        }
        if verdict.more > 0 {
            writeln!(out, "and {} more", verdict.more)?;
        }
        if !verdict.mismatches.is_empty() {
            writeln!(out)?;
        }
    }
    writeln!(out, "{}", counts(report))
}

fn group(mismatch: &Mismatch) -> Group<'_> {
    let level = match mismatch.severity {
        Severity::Fail => Level::ERROR,
        Severity::Warn => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let group = level.primary_title(title(mismatch));
    match &mismatch.location {
        Some(excerpt) => group.element(snippet(excerpt)).element(Level::NOTE.message(why(mismatch))),
        None => Group::with_title(group).element(Level::NOTE.message(why(mismatch))),
    }
}

/// The documented line, with what is meant underlined.
pub(super) fn snippet<'a>(excerpt: &Excerpt) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text = visible(&excerpt.text).into_owned();
    let column = excerpt.location.column.saturating_sub(1) as usize;
    let byte = |characters: usize| text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    let (start, end) = (byte(column), byte(column + excerpt.length as usize));
    Snippet::source(text)
        .path(visible(&excerpt.location.file).into_owned())
        .line_start(excerpt.location.line as usize)
        .annotation(AnnotationKind::Primary.span(start..end.max(start)))
}
