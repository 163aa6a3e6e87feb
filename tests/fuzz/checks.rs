//! What holds of any input, for the fuzz targets of `fuzz/` and for the tests on stable: each panics where it does not.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "each target takes one of the checks, and a check fails by panicking"
)]

#[path = "../texts/oracle.rs"]
mod oracle;
#[path = "../texts/sound.rs"]
mod sound;

use faithful::contract::{parse, to_file};
use faithful::docs::{Annotations, Page, lint, read};
use faithful::json::{Budget, Json};
use std::collections::BTreeSet;

/// A page: its contracts are lawful, everything that is told of it has a place on it, and line ends change nothing.
pub(crate) fn page(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let page = read("folder/page.md", &text, Annotations::Optional);
    lawful(&page, &text);
    let annotated = read("folder/page.md", &text, Annotations::Required);
    assert!(annotated.pairs.iter().all(|pair| !pair.contract.source.inferred));
    let checked = lint("folder/page.md", &text, Annotations::Optional);
    assert_eq!(checked.pairs, page.pairs, "what is checked is read alike");
    lawful(&checked, &text);
    let with_lf = text.replace("\r\n", "\n").replace('\r', "\n");
    assert_eq!(read("folder/page.md", &with_lf.replace('\n', "\r\n"), Annotations::Optional), page);
}

/// A page on which any text is the annotation of a request: the answer behind it is in a contract or in a finding.
pub(crate) fn annotation(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let text = text.replace('>', "").replace('\r', "\n");
    for open in ["{ \"blockType\": \"request\", ", "{", ""] {
        let request = format!("<!-- {open}{text} -->\n```http\nGET /a\n```\n\n```http\n");
        let answer = request.lines().count() + 1;
        let page = format!(
            "{request}HTTP/1.1 200 OK\n```\n\n<!-- {open}{text} -->\n```http\nHTTP/1.1 404 Not Found\n```\n"
        );
        let read = read("page.md", &page, Annotations::Optional);
        lawful(&read, &page);
        let told = accounted(&read);
        assert!(told.contains(&answer), "line {answer} of\n{page}");
    }
}

/// Fences of any text, one annotated as a request and one as a response: each is in a contract or in a finding.
pub(crate) fn http(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let fence = "~".repeat(64);
    let text = text.replace('~', "-").replace('\r', "\n");
    for (first, second) in [("request", "response"), ("response", "request"), ("request", "request")] {
        let page = format!(
            "<!-- {{ \"blockType\": \"{first}\" }} -->\n{fence}\n{text}\n{fence}\n\n<!-- {{ \"blockType\": \"{second}\" }} -->\n{fence}\n{text}\n{fence}\n"
        );
        let read = read("page.md", &page, Annotations::Optional);
        lawful(&read, &page);
        let told = accounted(&read);
        let second = page.lines().count() / 2;
        let lines = page.lines().count();
        for fence in [1..=second, second + 1..=lines] {
            assert!(told.range(fence.clone()).next().is_some(), "nothing in lines {fence:?} of\n{page}");
        }
    }
}

/// JSON read leniently: what is read is JSON, and leads back to the text.
pub(crate) fn lenient(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let strict = Json::parse(text.as_ref());
    match Json::parse_lenient(&text, &Budget::default()) {
        Ok(read) => {
            sound::sound(&text, &read);
            if let Ok(strict) = strict {
                assert_eq!(strict.text(), read.json.text(), "JSON is kept to the byte");
            }
            let again = Json::parse_lenient(read.json.text(), &Budget::default()).unwrap();
            assert!(again.repairs.is_empty());
        }
        Err(error) => {
            assert!(strict.is_err());
            assert!(error.at <= text.len());
        }
    }
}

/// JSON read strictly, as `serde_json` reads it.
pub(crate) fn strict(bytes: &[u8]) {
    oracle::agree(bytes);
}

/// The lines of the messages that are in a contract, or that a finding is about.
fn accounted(page: &Page) -> BTreeSet<usize> {
    let pairs = page.pairs.iter().flat_map(|pair| [pair.written.request_line, pair.written.status_line]);
    let lines = pairs.chain(page.findings.iter().map(|finding| finding.location.line));
    lines.map(|line| usize::try_from(line).unwrap()).collect()
}

/// What holds of whatever is read of a page.
pub(crate) fn lawful(page: &Page, text: &str) {
    let lines = text.replace("\r\n", "\n").split(['\n', '\r']).count();
    let ids: BTreeSet<&str> = page.pairs.iter().map(|pair| pair.contract.id.as_str()).collect();
    assert_eq!(ids.len(), page.pairs.len(), "ids are unique");
    for line in accounted(page) {
        assert!((1..=lines).contains(&line), "line {line} of {lines}");
    }
    for pair in &page.pairs {
        let contract = &pair.contract;
        assert_eq!(contract.request.method.to_ascii_uppercase(), contract.request.method);
        for headers in [&contract.request.headers, &contract.response.headers] {
            assert!(headers.get("content-length").is_none());
        }
        let file = to_file(contract);
        let again = parse(contract.id.clone(), &file);
        assert_eq!(again.as_ref(), Ok(contract), "{file}");
        assert_eq!(to_file(&again.unwrap()), file);
    }
}
