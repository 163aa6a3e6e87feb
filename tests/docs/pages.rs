//! Folders of pages: what is walked, what is skipped, and what a page's contracts are called among all others.

use faithful::docs::pages::{Extraction, extract};
use faithful::docs::{Annotations, read};
use faithful::finding::Code;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const PAIR: &str = "```http\nGET /a\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n";

fn folder(pages: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, content) in pages {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn extract_all(docs: &[&Path]) -> Extraction {
    let docs: Vec<PathBuf> = docs.iter().map(|path| path.to_path_buf()).collect();
    extract(&docs, Annotations::Optional).unwrap()
}

fn ids(extraction: &Extraction) -> Vec<&str> {
    extraction.pairs.iter().map(|pair| pair.contract.id.as_str()).collect()
}

/// Code and path below the folder of each finding.
fn findings(extraction: &Extraction, folder: &TempDir) -> Vec<(Code, String)> {
    let below =
        |file: &str| Path::new(file).strip_prefix(folder.path()).unwrap().to_string_lossy().into_owned();
    extraction.findings.iter().map(|finding| (finding.code, below(&finding.location.file))).collect()
}

#[test]
fn pages_are_walked_in_the_order_of_their_paths() {
    let folder = folder(&[
        ("b.md", PAIR.as_bytes()),
        ("a/z.markdown", PAIR.as_bytes()),
        ("a/B.MD", PAIR.as_bytes()),
        ("a/notes.txt", PAIR.as_bytes()),
        (".git/a.md", PAIR.as_bytes()),
        (".github/a.md", PAIR.as_bytes()),
    ]);
    let extraction = extract_all(&[folder.path()]);
    assert_eq!(
        ids(&extraction),
        [".github/a", "a/b", "a/z", "b"].map(|page| format!("{}/get-a", page.trim_start_matches('.')))
    );
    assert_eq!((extraction.pages, extraction.unreadable), (4, 0));
    assert_eq!(extraction.pairs[1].contract.source.file, "a/B.MD");
}

#[test]
fn a_file_that_is_named_has_its_own_folder_as_root() {
    let folder =
        folder(&[("deep/down/page.md", b"```http\nGET /a\n```\n"), ("deep/down/plain.txt", PAIR.as_bytes())]);
    let page = folder.path().join("deep/down/page.md");
    let text = folder.path().join("deep/down/plain.txt");
    let extraction = extract_all(&[&page, &text]);
    assert_eq!(ids(&extraction), ["plain.txt/get-a"]);
    let expected = [
        (Code::UnpairedRequest, "deep/down/page.md".to_owned()),
        (Code::UnknownForm, "deep/down/plain.txt".to_owned()),
    ];
    assert_eq!(findings(&extraction, &folder), expected);
}

#[test]
fn a_path_that_is_missing_is_an_error() {
    let folder = folder(&[("a.md", PAIR.as_bytes())]);
    let missing = folder.path().join("b.md");
    let error = extract(&[folder.path().to_owned(), missing.clone()], Annotations::Optional).unwrap_err();
    assert_eq!(error.0, missing);
}

#[test]
fn an_empty_folder_holds_nothing() {
    let nothing = extract_all(&[folder(&[]).path()]);
    assert_eq!((nothing.pages, nothing.unreadable), (0, 0));
    assert!(nothing.pairs.is_empty() && nothing.findings.is_empty());
}

#[test]
fn contracts_of_equal_names_get_numbers_over_all_pages() {
    let folder = folder(&[
        ("a b.md", PAIR.as_bytes()),
        ("a-b.md", PAIR.as_bytes()),
        ("A_B.md", PAIR.as_bytes()),
        ("a-b.markdown", PAIR.as_bytes()),
    ]);
    let extraction = extract_all(&[folder.path()]);
    assert_eq!(ids(&extraction), ["a_b/get-a", "a-b/get-a", "a-b/get-a-2", "a-b/get-a-3"]);
}

#[test]
fn a_page_alone_has_the_ids_that_it_has_among_others() {
    let folder = folder(&[("a.md", PAIR.as_bytes()), ("b.md", PAIR.repeat(3).as_bytes())]);
    let extraction = extract_all(&[folder.path()]);
    let alone = read("b.md", &PAIR.repeat(3), Annotations::Optional);
    assert_eq!(extraction.pairs[1..], alone.pairs[..]);
}

/// Request fence, NUL, response fence, line ends as LF, without annotations.
#[test]
fn a_hash_is_that_of_the_two_fences_alone() {
    use sha2::{Digest, Sha256};
    let request = "GET /a\nAccept: a/b\n";
    let response = "HTTP/1.1 200 OK\n\n{\"a\": 1}\n";
    let page = |above: &str, name: &str| {
        format!(
            "{above}<!-- {{ \"blockType\": \"request\", \"name\": \"{name}\" }} -->\n```http\n{request}```\n\n```\n{response}```\n"
        )
    };
    let expected = Sha256::digest(format!("{request}\0{response}"));
    let expected = expected.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    for text in [page("", "a"), page("Text.\n\n", "b"), page("", "a").replace('\n', "\r\n")] {
        let read = read("a.md", &text, Annotations::Optional);
        assert_eq!(read.pairs[0].contract.source.sha256, expected);
    }
}

#[test]
fn a_page_that_cannot_be_read_hides_no_other() {
    let line = vec![b'x'; 50 * 1024 * 1024];
    let lines = "text\n".repeat(2 * 1024 * 1024);
    let short = [PAIR.as_bytes(), &vec![b'x'; 2 * 1024 * 1024], b"\n"].concat();
    let folder = folder(&[
        ("binary.md", b"```http\nGET /a\xff\n```\n"),
        ("good.md", PAIR.as_bytes()),
        ("large.md", lines.as_bytes()),
        ("line-of-2-mib.md", &short),
        ("line-of-50-mib.md", &line),
        ("utf-16.md", b"\xff\xfe#\0"),
    ]);
    let extraction = extract_all(&[folder.path()]);
    assert_eq!(ids(&extraction), ["good/get-a"]);
    let expected = [
        (Code::NotUtf8, "binary.md"),
        (Code::FileTooLarge, "large.md"),
        (Code::LineTooLong, "line-of-2-mib.md"),
        (Code::LineTooLong, "line-of-50-mib.md"),
        (Code::NotUtf8, "utf-16.md"),
    ];
    assert_eq!(findings(&extraction, &folder), expected.map(|(code, file)| (code, file.to_owned())));
    assert_eq!((extraction.pages, extraction.unreadable), (6, 5));
    let place = &extraction.findings[0];
    assert_eq!((place.location.line, place.location.column, place.detail.as_str()), (2, 7, "byte 14"));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_and_pipes_are_not_waited_for() {
    let outside = folder(&[("secret.md", PAIR.as_bytes())]);
    let folder = folder(&[("a.md", PAIR.as_bytes())]);
    let below = |name: &str| folder.path().join(name);
    std::os::unix::fs::symlink(outside.path().join("secret.md"), below("link.md")).unwrap();
    std::os::unix::fs::symlink(folder.path(), below("loop")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(below("pipe.md")).status().unwrap().success());
    let extraction = extract_all(&[folder.path()]);
    assert_eq!(ids(&extraction), ["a/get-a"]);
    let expected =
        [(Code::LinkSkipped, "link.md"), (Code::LinkSkipped, "loop"), (Code::UnreadableFile, "pipe.md")];
    assert_eq!(findings(&extraction, &folder), expected.map(|(code, file)| (code, file.to_owned())));
    let named = extract_all(&[&below("pipe.md")]);
    assert_eq!(findings(&named, &folder), [(Code::UnreadableFile, "pipe.md".to_owned())]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_read_is_a_finding() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("closed/a.md", PAIR.as_bytes()), ("open/a.md", PAIR.as_bytes())]);
    let closed = folder.path().join("closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o0)).unwrap();
    let extraction = extract_all(&[folder.path()]);
    let may_read_anything = fs::read_dir(&closed).is_ok();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    if may_read_anything {
        return;
    }
    assert_eq!(ids(&extraction), ["open/a/get-a"]);
    assert_eq!(findings(&extraction, &folder), [(Code::UnreadableFile, "closed".to_owned())]);
    assert_eq!(extraction.unreadable, 1);
}

#[cfg(unix)]
#[test]
fn names_that_are_not_unicode_are_pages_too() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder(&[]);
    fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9.md")), PAIR).unwrap();
    assert_eq!(ids(&extract_all(&[folder.path()])), ["caf/get-a"]);
}

/// Where annotations are required, a page of pairs without them is a page of none, whatever is wrong with them.
#[test]
fn of_pairs_without_annotations_nothing_is_said_where_they_are_required() {
    let pair = "```http\n<!-- by hand -->\nGET https://h.example/beds\n```\n\n```http\nHTTP/1.1 OK\n\n\
                {\"a\": 1, /* c */ \"b\": “x”,}\n```\n\n```http\nGET /alone\n```\n\nWith `DELETE /beds/7`:\n\n\
                ```json\n{}\n```\n";
    let annotated = "<!-- {\"blockType\": \"request\", \"name\": \"get\"} -->\n```http\nGET /x\n```\n\
                     <!-- {\"blockType\": \"response\"} -->\n```http\nHTTP/1.1 200 OK\n\n{\"a\": 1,}\n```\n";
    let said = |text: &str, annotations| {
        let codes: Vec<_> =
            read("a.md", text, annotations).findings.iter().map(|finding| finding.code).collect();
        codes
    };
    for pair in [pair.to_owned(), format!("{annotated}{pair}")] {
        assert!(said(&pair, Annotations::Optional).len() > 4);
        let own: &[Code] = if pair.starts_with('<') { &[Code::BodyRepaired] } else { &[] };
        assert_eq!(said(&pair, Annotations::Required), own, "{pair}");
    }
    let command = "# A\n\n```sh\n$ curl -s https://h.example/beds | jq -r .id\nx\n```\n\n```sh\nwget https://h.example/b\n```\n";
    assert!(said(command, Annotations::Optional).len() > 1);
    assert_eq!(said(command, Annotations::Required), []);
}
