//! Findings for people: each under the line that it is about.

use super::{Level, Listed, Severity, Tally, detail, file};
use crate::report::console::snippet;
use crate::report::{Color, visible};
use crate::secret::{MASK, mask};
use crate::verdict::Excerpt;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Group, Level as Title, Origin, Renderer};
use std::io;

/// ```text
/// warning[unpaired-request]: a request that no response answers
///   --> docs/users.md:12:1
///    |
/// 12 | GET /users
///    | ^^^^^^^^^^
///    |
///    = note: GET /users
///    = help: add the response behind it, or annotate the request as ignored
///
/// 1 page, 0 contracts: 1 finding: unpaired-request 1
/// ```
pub(in crate::report) fn pretty<'f>(
    listed: impl Iterator<Item = Listed<'f>>,
    tally: &Tally,
    color: Color,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let renderer = match color {
        Color::Styled => Renderer::styled(),
        Color::Plain => Renderer::plain(),
    }
    .decor_style(DecorStyle::Ascii);
    for listed in listed {
        writeln!(out, "{}\n", renderer.render(&[group(&listed)]))?;
    }
    writeln!(out, "{}", tally.line())
}

fn group<'a>(Listed { finding, level, excerpt }: &'a Listed<'a>) -> Group<'a> {
    let title = match level {
        Level::Denied => Title::ERROR,
        Level::Of(Severity::Warning) => Title::WARNING,
        Level::Of(Severity::Note) => Title::NOTE,
    };
    let title = title.primary_title(finding.code.description()).id(finding.code.as_str());
    let mut group = if let Some(excerpt) = excerpt.as_ref().map(masked) {
        title.element(snippet(&excerpt))
    } else {
        let origin = Origin::path(visible(&file(finding)).into_owned()).line(finding.location.line as usize);
        title.element(match finding.location.column as usize {
            0 => origin,
            column => origin.char_column(column),
        })
    };
    // Mostly the line says it already.
    let said = excerpt.as_ref().is_some_and(|excerpt| excerpt.text.trim() == finding.detail);
    if !finding.detail.is_empty() && !said {
        group = group.element(Title::NOTE.message(visible(&detail(finding)).into_owned()));
    }
    group.element(Title::HELP.message(finding.code.remedy()))
}

/// The line without what looks like a secret. Where that is not what is meant, the line is shown as a whole, since its
/// columns meant another text.
fn masked(excerpt: &Excerpt) -> Excerpt {
    let mut excerpt = excerpt.clone();
    excerpt.location.file = mask(&excerpt.location.file).into_owned();
    let text = mask(&excerpt.text).into_owned();
    if text == excerpt.text {
        return excerpt;
    }
    let before = excerpt.location.column.saturating_sub(excerpt.from) as usize;
    let before: String = excerpt.text.chars().take(before).collect();
    let before = mask(&before);
    if text.strip_prefix(before.as_ref()).is_some_and(|behind| behind.starts_with(MASK)) {
        excerpt.location.column =
            excerpt.from.saturating_add(u32::try_from(before.chars().count()).unwrap_or(u32::MAX));
        excerpt.length = u32::try_from(MASK.len()).unwrap_or(1);
    } else {
        let indent = text.chars().count() - text.trim_start().chars().count();
        excerpt.location.column = u32::try_from(indent + 1).unwrap_or(1);
        excerpt.length = u32::try_from(text.trim().chars().count()).unwrap_or(1);
    }
    excerpt.text = text;
    excerpt
}
