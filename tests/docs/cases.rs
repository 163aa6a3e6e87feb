//! Each page of `cases/` is named as what it shows; the text of the same name says what is to be read of it.
//!
//! The folder is read as the tests run: a list made when they are built would miss a new page.

use crate::outcome::outcome;
use faithful::docs::{Annotations, Page, read};
use std::fs;
use std::path::{Path, PathBuf};

/// All pages, by name.
fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/docs/cases");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension != "txt")).collect();
    pages.sort();
    assert!(!pages.is_empty());
    pages
}

/// Whatever a page's file is called, it is read as `page.md`, or as a page of another form by its extension.
fn page(path: &Path, text: &str) -> Page {
    let extension = path.extension().unwrap().to_str().unwrap();
    read(&format!("page.{extension}"), text, Annotations::Optional)
}

/// Where a case is new, or to be read otherwise, `FAITHFUL_BLESS=1` writes what is read; then check it by eye.
#[test]
fn pages_are_read_as_the_texts_beside_them_say() {
    let mut wrong = Vec::new();
    for path in cases() {
        let outcome = outcome(&page(&path, &fs::read_to_string(&path).unwrap()));
        let beside = path.with_extension("txt");
        if std::env::var_os("FAITHFUL_BLESS").is_some() {
            fs::write(&beside, &outcome).unwrap();
        }
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        if outcome != expected {
            wrong.push(format!("{}\n{outcome}instead of\n{expected}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where annotations are required, of a page without any nothing is said but what is wrong with the page itself.
#[test]
fn of_pages_without_annotations_nothing_is_said_where_they_are_required() {
    use faithful::finding::Code;
    let of_the_page = [
        Code::BlockElsewhere,
        Code::ControlCharacter,
        Code::SecretLike,
        Code::UnclosedComment,
        Code::UnclosedFence,
    ];
    for path in cases() {
        let text = fs::read_to_string(&path).unwrap();
        if text.to_ascii_lowercase().contains("blocktype") {
            continue;
        }
        let extension = path.extension().unwrap().to_str().unwrap();
        let page = read(&format!("page.{extension}"), &text, Annotations::Required);
        let said: Vec<_> =
            page.findings.iter().filter(|finding| !of_the_page.contains(&finding.code)).collect();
        assert!(said.is_empty() && page.pairs.is_empty(), "{}: {said:?}", path.display());
    }
}

/// Line ends and a byte order mark are no part of what a page says.
#[test]
fn pages_are_read_alike_with_other_line_ends() {
    for path in cases() {
        let text = fs::read_to_string(&path).unwrap();
        let expected = page(&path, &text);
        let mixed: String = text
            .split_inclusive('\n')
            .enumerate()
            .map(|(index, line)| if index % 2 == 0 { line.replace('\n', "\r\n") } else { line.to_owned() })
            .collect();
        for other in [text.replace('\n', "\r\n"), text.replace('\n', "\r"), mixed, format!("\u{feff}{text}")]
        {
            assert_eq!(page(&path, &other), expected, "{}", path.display());
        }
    }
}

/// Neither ids nor hashes hang on what stands above a page's messages.
#[test]
fn a_paragraph_on_top_touches_no_contract() {
    let contracts = |path: &Path, text: &str| {
        page(path, text).pairs.into_iter().map(|pair| pair.contract).collect::<Vec<_>>()
    };
    for path in cases() {
        let text = fs::read_to_string(&path).unwrap();
        if !text.starts_with("---") {
            let expected = contracts(&path, &text);
            assert_eq!(contracts(&path, &format!("More text.\n\n{text}")), expected, "{}", path.display());
        }
    }
}
