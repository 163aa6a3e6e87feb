//! Pages that contradict themselves: each of `lint/` is named as what it shows; the text of the same name lists what is
//! found in it. A page whose text is empty is one that must not be told that it is wrong.

use faithful::docs::{Annotations, lint};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/docs/lint");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    pages.sort();
    assert!(!pages.is_empty());
    pages
}

/// Where a case is new, or to be told of otherwise, `FAITHFUL_BLESS=1` writes what is found; then check it by eye.
#[test]
fn pages_are_told_of_what_the_texts_beside_them_say() {
    let mut wrong = Vec::new();
    for path in cases() {
        let page = lint("docs/v1.0/page.md", &fs::read_to_string(&path).unwrap(), Annotations::Optional);
        let mut outcome = String::new();
        for finding in &page.findings {
            let (line, detail) = (finding.location.line, &finding.detail);
            writeln!(outcome, "{}", format!("{line} {} {detail}", finding.code).trim_end()).unwrap();
        }
        let beside = path.with_extension("txt");
        if std::env::var_os("FAITHFUL_BLESS").is_some() {
            fs::write(&beside, &outcome).unwrap();
        }
        let expected = fs::read_to_string(&beside).unwrap_or_else(|_| "a text beside it".to_owned());
        if outcome != expected {
            wrong.push(format!("{}\n{outcome}instead of\n{expected}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
