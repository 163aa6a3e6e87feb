//! Real pages against what an independent reader found in them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it counted"
)]

use faithful::contract::{Contract, Status, parse, to_file};
use faithful::docs::pages::{Extraction, extract};
use faithful::docs::{Annotations, Documented};
use faithful::finding::Code;
use faithful::message::Body;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The folder of shared test data, where it is at hand.
fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("FAITHFUL_SHARED").map_or(beside, PathBuf::from);
    let corpus = shared.join("corpus");
    if corpus.is_dir() {
        return Some(corpus);
    }
    println!("skipped: no folder {}; FAITHFUL_SHARED says where it is", corpus.display());
    None
}

fn json(path: &Path) -> Vec<Value> {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The reference has one request per fence there, and no answer in it; the rules say more.
const MORE_THAN_THE_REFERENCE: [(&str, u64); 3] = [
    ("api-reference/beta/api/intune-shared-devicecategory-get.md", 81),
    ("api-reference/beta/api/intune-shared-devicecategory-update.md", 85),
    ("api-reference/beta/resources/synchronization-configure-with-directory-extension-attributes.md", 285),
];

/// The reference takes the headers behind the body for a part of it.
const HEADERS_IN_BODY: (&str, u64) = ("api-reference/v1.0/api/workforceintegration-post.md", 138);

/// The reference cuts the URL that is wrapped over three lines after the second.
const URL_CUT: (&str, u64) =
    ("api-reference/beta/api/intune-shared-devicemanagement-getrolescopetagsbyids.md", 61);

struct Pages {
    root: PathBuf,
    extraction: Extraction,
    lines: BTreeMap<String, Vec<String>>,
}

impl Pages {
    fn of(corpus: &Path, repo: &str) -> Pages {
        let root = corpus.join("pages").join(repo);
        let extraction = extract(std::slice::from_ref(&root), Annotations::Optional).unwrap();
        Pages { root, extraction, lines: BTreeMap::new() }
    }

    /// The line of the HTTP text in a fence, given that of the fence's opening.
    fn first_line(&mut self, file: &str, fence: u64) -> u32 {
        let root = &self.root;
        let lines = self.lines.entry(file.to_owned()).or_insert_with(|| {
            std::fs::read_to_string(root.join(file)).unwrap().lines().map(str::to_owned).collect()
        });
        let fence = usize::try_from(fence).unwrap();
        let blank = lines[fence..].iter().take_while(|line| line.trim().is_empty()).count();
        u32::try_from(fence + blank + 1).unwrap()
    }

    fn has_finding(&self, code: Code, file: &str, line: u32) -> bool {
        let file = self.root.join(file).to_string_lossy().into_owned();
        let found = |location: &faithful::source::Location| location.file == file && location.line == line;
        self.extraction.findings.iter().any(|finding| finding.code == code && found(&finding.location))
    }
}

fn text<'a>(record: &'a Value, key: &str) -> &'a str {
    record[key].as_str().unwrap_or_default()
}

fn figure(record: &Value, key: &str) -> u64 {
    record[key].as_u64().unwrap()
}

fn headers(record: &Value) -> Vec<(String, String)> {
    let pair = |pair: &Value| {
        (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap_or_default().to_owned())
    };
    let all = record.as_array().unwrap().iter().map(pair);
    all.filter(|(name, _)| !name.eq_ignore_ascii_case("content-length")).collect()
}

fn headers_of(headers: &faithful::message::Headers) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn kind_and_size(body: &Body) -> (&'static str, usize) {
    match body {
        Body::None => ("empty", 0),
        Body::Json(json) => ("json", json.text().len()),
        Body::Text(text) => ("text", text.len()),
        Body::Base64(text) => ("base64", text.len()),
    }
}

/// What differs between a contract and the record of its request and response.
fn differences(
    contract: &Contract,
    request: &Value,
    response: &Value,
    broken: &BTreeSet<(String, u64)>,
) -> Vec<String> {
    let mut differences = Vec::new();
    let mut check = |what: &str, ours: String, theirs: String| {
        if ours != theirs {
            differences.push(format!("{what}: {ours} instead of {theirs}"));
        }
    };
    let file = text(request, "file");
    let here = (file, figure(request, "request_line"));
    check("method", contract.request.method.clone(), text(request, "method").to_ascii_uppercase());
    if here != URL_CUT {
        check("url", contract.request.url.clone(), text(request, "url_raw").to_owned());
    }
    if here != URL_CUT && here != HEADERS_IN_BODY {
        let theirs = headers(&request["request_headers"]);
        check(
            "request headers",
            format!("{:?}", headers_of(&contract.request.headers)),
            format!("{theirs:?}"),
        );
        check_body(
            "request",
            &contract.request.body,
            here,
            text(request, "request_body_kind"),
            figure(request, "request_n_body_bytes"),
            broken,
            &mut check,
        );
    }
    let theirs = figure(response, "status").to_string();
    check("status", contract.response.status.to_string(), theirs);
    let theirs = headers(&response["headers"]);
    check("response headers", format!("{:?}", headers_of(&contract.response.headers)), format!("{theirs:?}"));
    if let Some(truncated) = response["truncated"].as_bool() {
        check("truncated", format!("{:?}", contract.response.truncated), format!("{:?}", Some(truncated)));
    }
    check(
        "type",
        contract.response.type_name.clone().unwrap_or_default(),
        text(response, "odata_type").to_owned(),
    );
    check_body(
        "response",
        &contract.response.body,
        (file, figure(response, "line")),
        text(response, "body_kind"),
        figure(response, "n_body_bytes"),
        broken,
        &mut check,
    );
    let theirs = text(request, "origin") == "inferred" || text(response, "origin") == "inferred";
    check("inferred", contract.source.inferred.to_string(), theirs.to_string());
    if let Some(name) = request["name"].as_str() {
        check("name", contract.name.clone(), name.to_owned());
    }
    differences
}

fn check_body(
    side: &str,
    body: &Body,
    at: (&str, u64),
    kind: &str,
    bytes: u64,
    broken: &BTreeSet<(String, u64)>,
    check: &mut impl FnMut(&str, String, String),
) {
    let (ours, length) = kind_and_size(body);
    let bytes = usize::try_from(bytes).unwrap();
    let broken = broken.contains(&(at.0.to_owned(), at.1));
    // A body that is not strict JSON may be kept as text, or repaired to another length.
    if broken {
        return check(&format!("{side} body"), (ours == "empty").to_string(), false.to_string());
    }
    let kind = if matches!(kind, "json" | "empty") { kind } else { "text" };
    check(&format!("{side} body"), format!("{ours} of {length}"), format!("{kind} of {bytes}"));
}

#[test]
fn all_pairs_of_real_pages_are_contracts_and_nothing_else_is() {
    let Some(corpus) = corpus() else { return };
    let records = json(&corpus.join("pairs.json"));
    let broken: BTreeSet<(String, u64)> = json(&corpus.join("nonstrict-bodies.json"))
        .iter()
        .map(|record| (text(record, "file").to_owned(), figure(record, "line")))
        .collect();
    let (mut found, mut expected, mut extra, mut wrong) = (0, 0, 0, Vec::new());
    for repo in ["graph", "onedrive"] {
        let mut pages = Pages::of(&corpus, repo);
        let mut contracts: BTreeMap<(String, u32, u32), Contract> = BTreeMap::new();
        for Documented { contract, written } in pages.extraction.pairs.clone() {
            let key = (contract.source.file.clone(), written.request_line, written.status_line);
            assert!(contracts.insert(key, contract).is_none());
        }
        for request in records.iter().filter(|record| text(record, "repo") == repo) {
            let file = text(request, "file");
            let request_line = pages.first_line(file, figure(request, "request_line"));
            for response in request["responses"].as_array().unwrap() {
                expected += 1;
                let status_line = pages.first_line(file, figure(response, "line"));
                let Some(contract) = contracts.remove(&(file.to_owned(), request_line, status_line)) else {
                    wrong.push(format!(
                        "{file}:{request_line}: no contract with the answer of line {status_line}"
                    ));
                    continue;
                };
                found += 1;
                let differences = differences(&contract, request, response, &broken);
                wrong.extend(
                    differences.iter().map(|difference| format!("{file}:{request_line}: {difference}")),
                );
            }
        }
        for ((file, request, response), contract) in contracts {
            let fence = |line: u64| line < u64::from(request) && u64::from(request) < line + 20;
            if !MORE_THAN_THE_REFERENCE.iter().any(|(name, line)| *name == file && fence(*line)) {
                extra += 1;
                wrong.push(format!("{file}:{request}: {} answers line {response}, unexpected", contract.id));
            }
        }
    }
    println!("{found} of {expected} pairs found, {extra} others");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_has_no_other_half_is_a_finding() {
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    let orphans = json(&corpus.join("orphans.json"));
    let records = json(&corpus.join("pairs.json"));
    for repo in ["graph", "onedrive"] {
        let mut pages = Pages::of(&corpus, repo);
        let lonely = records.iter().filter(|record| record["responses"].as_array().unwrap().is_empty());
        let lonely = lonely.map(|record| (record, "request_line", Code::UnpairedRequest));
        for (record, key, code) in
            orphans.iter().map(|record| (record, "line", Code::UnpairedResponse)).chain(lonely)
        {
            let (file, fence) = (text(record, "file"), figure(record, key));
            if !pages.root.join(file).exists() || MORE_THAN_THE_REFERENCE.contains(&(file, fence)) {
                continue;
            }
            let line = pages.first_line(file, fence);
            if !pages.has_finding(code, file, line) {
                wrong.push(format!("{file}:{line}: no finding {code}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn strict_bodies_are_the_text_of_their_page() {
    let Some(corpus) = corpus() else { return };
    let mut strict = 0;
    for repo in ["graph", "onedrive"] {
        let pages = Pages::of(&corpus, repo);
        for pair in &pages.extraction.pairs {
            let file = &pair.contract.source.file;
            let page = std::fs::read_to_string(pages.root.join(file)).unwrap().replace("\r\n", "\n");
            let halves = [
                (&pair.contract.request.body, pair.written.request_body_line),
                (&pair.contract.response.body, pair.written.response_body_line),
            ];
            for (body, line) in halves {
                let (Body::Json(json), Some(line)) = (body, line) else { continue };
                let fence =
                    page.lines().skip(line as usize - 1).take_while(|line| !line.trim().starts_with("```"));
                let written = fence.collect::<Vec<_>>().join("\n");
                if serde_json::from_str::<Value>(&written).is_ok() {
                    strict += 1;
                    assert_eq!(json.text(), written.trim(), "{file}:{line}");
                }
            }
        }
    }
    println!("{strict} strict bodies are as their page has them");
    assert!(strict > 0);
}

#[test]
fn contracts_are_what_their_files_say() {
    let Some(corpus) = corpus() else { return };
    let extraction = extract(&[corpus.join("pages")], Annotations::Optional).unwrap();
    for Documented { contract, .. } in extraction.pairs {
        assert_eq!(parse(contract.id.clone(), &to_file(&contract)), Ok(contract));
    }
}

#[test]
fn the_seed_page_is_one_contract() {
    let Some(corpus) = corpus() else { return };
    let extraction = extract(&[corpus.join("pages/seed/add-operations.md")], Annotations::Required).unwrap();
    assert_eq!(extraction.findings, []);
    let [Documented { contract, written }] = extraction.pairs.as_slice() else { panic!("{extraction:?}") };
    assert_eq!(contract.id.as_str(), "add-operations/create_commsoperation_from_");
    assert_eq!(contract.name, "create_commsoperation_from_");
    assert_eq!(contract.source.file, "add-operations.md");
    assert_eq!(contract.request.method, "POST");
    let url = "https://graph.microsoft.com/localtest/communications/calls/{callId}/operations";
    assert_eq!(contract.request.url, url);
    assert_eq!(
        headers_of(&contract.request.headers),
        [("Content-type".to_owned(), "application/json".to_owned())]
    );
    assert_eq!(contract.response.status, Status::Code(201));
    assert_eq!(contract.response.type_name.as_deref(), Some("microsoft.graph.commsoperation"));
    assert_eq!(contract.response.truncated, Some(true));
    let code = contract.response.body.json().unwrap().root().pointer("/resultInfo/code").unwrap();
    assert_eq!(code.raw(), "4");
    let page = std::fs::read_to_string(corpus.join("pages/seed/add-operations.md")).unwrap();
    let line = |number: u32| page.lines().nth(number as usize - 1).unwrap();
    assert!(line(written.request_line).starts_with("POST "));
    assert!(line(written.status_line).starts_with("HTTP/1.1 201"));
    for body_line in [written.request_body_line, written.response_body_line] {
        assert_eq!(line(body_line.unwrap()), "{");
        assert_eq!(line(body_line.unwrap() - 1), "");
    }
}
