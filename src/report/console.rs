//! The report for people: every mismatch under the line that documents it.

use super::prose::{ending, exchange, headline, known, title, visible, why};
use super::{Color, Detail};
use crate::verdict::{Excerpt, Mismatch, Report, Severity};
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
pub(super) fn pretty(
    report: &Report,
    color: Color,
    detail: Detail,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let renderer = match color {
        Color::Styled => Renderer::styled(),
        Color::Plain => Renderer::plain(),
    }
    .decor_style(DecorStyle::Ascii);
    for verdict in report.verdicts.iter().filter(|verdict| detail.shows(verdict)) {
        writeln!(out, "{}", headline(verdict))?;
        exchange(verdict, out)?;
        // Where whole exchanges are shown, what would accept a mismatch is too.
        let accept = if verdict.exchange.is_some() { Accept::Shown } else { Accept::LeftOut };
        for mismatch in &verdict.mismatches {
            writeln!(out, "{}", renderer.render(&[group(mismatch, accept)]))?;
        }
        if verdict.more > 0 {
            writeln!(out, "and {} more", verdict.more)?;
        }
        if let Some(curl) = &verdict.curl {
            writeln!(out, "reproduce: {curl}")?;
        }
        if !verdict.mismatches.is_empty() {
            writeln!(out)?;
        }
    }
    ending(report, out)
}

/// Whether the lines of faithful.toml are shown that would accept a mismatch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Accept {
    Shown,
    LeftOut,
}

fn group(mismatch: &Mismatch, accept: Accept) -> Group<'_> {
    let level = match mismatch.severity {
        Severity::Fail => Level::ERROR,
        Severity::Warn => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let group = level.primary_title(title(mismatch));
    let mut group = match &mismatch.location {
        Some(excerpt) => group.element(snippet(excerpt)),
        None => Group::with_title(group),
    };
    group = group.element(Level::NOTE.message(why(mismatch)));
    if let Some(failure) = &mismatch.known {
        group = group.element(Level::NOTE.message(known(failure)));
    }
    match &mismatch.accept {
        Some(rule) if accept == Accept::Shown => {
            let lines = rule.to_toml();
            let lines: Vec<_> = lines.lines().map(visible).collect();
            group.element(Level::HELP.message(format!("accept it in faithful.toml:\n{}", lines.join("\n"))))
        }
        _ => group,
    }
}

/// The documented line, with what is meant underlined.
pub(super) fn snippet<'a>(excerpt: &Excerpt) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text = visible(&excerpt.text).into_owned();
    let column = excerpt.location.column.saturating_sub(excerpt.from) as usize;
    let byte = |characters: usize| text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    let (start, end) = (byte(column), byte(column + excerpt.length as usize));
    Snippet::source(text)
        .path(visible(&excerpt.location.file).into_owned())
        .line_start(excerpt.location.line as usize)
        .annotation(AnnotationKind::Primary.span(start..end.max(start)))
}
