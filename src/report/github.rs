//! The report as annotations of a run of GitHub Actions, at the lines that document what is broken.
//!
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>

use super::escape::{data, property};
use super::prose::{counts, title, warnings, why, with_remedy};
use crate::source::Location;
use crate::verdict::{Mismatch, Outcome, Remark, Report, Rule, Severity, Verdict};
use std::io;

/// Where a run is, for paths are looked for from the root of the repository.
#[derive(Debug, Clone, Default)]
pub struct Whereabouts {
    /// The way from the root of the repository to the current folder.
    pub folder: String,
    /// The way from the current folder to the file of settings, where there is one.
    pub settings: Option<String>,
}

/// Writes an annotation for each mismatch that fails or warns and for each contract that could not be judged, then all
/// counts.
///
/// ```text
/// ::error file=docs/members.md,line=147,col=19,title=members/list::type: $.loans[*].renewals is "2" (string), …
/// 1 contract: 0 passed, 1 failed, …
/// ```
pub fn annotate(report: &Report, here: &Whereabouts, out: &mut dyn io::Write) -> io::Result<()> {
    annotations(report, here, out)?;
    writeln!(out, "{}", counts(report))
}

/// The same without the counts, where these stand elsewhere.
pub fn annotations(report: &Report, here: &Whereabouts, out: &mut dyn io::Write) -> io::Result<()> {
    let folder = here.folder.as_str();
    for verdict in &report.verdicts {
        let place = |location: Option<&Location>| place(location, folder);
        for mismatch in &verdict.mismatches {
            let command = match (mismatch.severity, &mismatch.known) {
                (Severity::Fail, None) => "error",
                (Severity::Fail, Some(_)) | (Severity::Warn, _) => "warning",
                (Severity::Note, _) => continue,
            };
            let location = mismatch.location.as_ref().map(|excerpt| &excerpt.location);
            let text = said(mismatch, verdict);
            write(command, &place(location.or(verdict.source.as_ref())), verdict, &text, out)?;
        }
        if verdict.more > 0 {
            let text = format!("and {} more", verdict.more);
            write("warning", &place(verdict.source.as_ref()), verdict, &text, out)?;
        }
        if let Outcome::Errored(trouble, text) = &verdict.outcome {
            let text = format!("{}: {}", trouble.id(), with_remedy(text, trouble.remedy()));
            write("error", &place(verdict.source.as_ref()), verdict, &text, out)?;
        }
    }
    for warning in warnings(report) {
        let place = place(of_settings(&warning, here.settings.as_deref()).as_ref(), folder);
        writeln!(out, "::warning {place}title=faithful::{}", data(&warning))?;
    }
    Ok(())
}

/// Where a warning about the file of settings says that it stands: `faithful.toml:12: …`
fn of_settings(warning: &str, settings: Option<&str>) -> Option<Location> {
    let file = settings?;
    let name = file.rsplit(['/', '\\']).next()?;
    let mut figures = warning.strip_prefix(name)?.strip_prefix(':')?.split(':');
    let line = figures.next()?.parse().ok()?;
    let column = figures.next().and_then(|column| column.parse().ok()).unwrap_or_default();
    Some(Location { file: file.to_owned(), line, column })
}

fn said(mismatch: &Mismatch, verdict: &Verdict) -> String {
    let known = mismatch.known.as_ref().map(|known| super::prose::known(known));
    // How it was sent is mostly why another status came.
    let is_why = |remark: &&Remark| mismatch.rule == Rule::Status || matches!(remark, Remark::EndsItsFlow(_));
    let remark = verdict.remark.as_ref().filter(is_why).map(super::prose::remark);
    let pieces = [Some(title(mismatch)), Some(why(mismatch)), known, remark];
    pieces.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn write(
    command: &str,
    place: &str,
    verdict: &Verdict,
    text: &str,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    writeln!(out, "::{command} {place}title={}::{}", property(verdict.id.as_str()), data(text))
}

/// `file=docs/users.md,line=12,col=3,`
fn place(location: Option<&Location>, folder: &str) -> String {
    let Some(location) = location else { return String::new() };
    // A file is found in the repository by its path as Git has it.
    let mut file = location.file.strip_prefix("./").unwrap_or(&location.file);
    let mut folder = folder.trim_end_matches('/');
    while let Some(rest) = file.strip_prefix("../").filter(|_| !folder.is_empty()) {
        (file, folder) = (rest, folder.rsplit_once('/').map_or("", |(above, _)| above));
    }
    let file =
        if folder.is_empty() || file.starts_with('/') { file.to_owned() } else { format!("{folder}/{file}") };
    let column = if location.column > 0 { format!("col={},", location.column) } else { String::new() };
    format!("file={},line={},{column}", property(&file), location.line)
}

#[cfg(test)]
mod tests {
    use super::{of_settings, place};
    use crate::source::Location;
    use rstest::rstest;

    #[rstest]
    #[case("./docs/a.md", "", "file=docs/a.md,line=2,col=3,")]
    #[case("docs/a.md", "api", "file=api/docs/a.md,line=2,col=3,")]
    #[case("../docs/a.md", "api/v1/", "file=api/docs/a.md,line=2,col=3,")]
    #[case("../../docs/a.md", "api/v1", "file=docs/a.md,line=2,col=3,")]
    #[case("/elsewhere/a.md", "api", "file=/elsewhere/a.md,line=2,col=3,")]
    #[case("a,b:c\n::error::.md", "", "file=a%2Cb%3Ac\\u{a}%3A%3Aerror%3A%3A.md,line=2,col=3,")]
    fn places_of_pages(#[case] file: &str, #[case] folder: &str, #[case] shown: &str) {
        assert_eq!(place(Some(&Location { file: file.into(), line: 2, column: 3 }), folder), shown);
    }

    #[rstest]
    #[case("faithful.toml:7: of no use", "faithful.toml", "file=api/faithful.toml,line=7,")]
    #[case("faithful.toml:7:2: of no use", "../faithful.toml", "file=faithful.toml,line=7,col=2,")]
    #[case("faithful.toml: of no use", "faithful.toml", "")]
    #[case("--variable faithful.toml:7: of no use", "faithful.toml", "")]
    fn places_of_settings(#[case] warning: &str, #[case] settings: &str, #[case] shown: &str) {
        assert_eq!(place(of_settings(warning, Some(settings)).as_ref(), "api"), shown);
        assert_eq!(of_settings(warning, None), None);
    }
}
