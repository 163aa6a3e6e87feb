//! Docs of three services, in forms that the rest of the world writes, against what an independent reader found in them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it compared"
)]

use faithful::contract::Status;
use faithful::contract::url::DocumentedUrl;
use faithful::docs::pages::{Extraction, extract};
use faithful::docs::{Annotations, Documented};
use faithful::message::{Body, Headers};
use faithful::source::Location;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What differs, and why we are right: file, the reference's line, what of the pair, the reason.
const DIFFERENCES: &str = include_str!("realworld/differences.txt");

/// The folder of shared test data, where it is at hand.
fn realworld() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("FAITHFUL_SHARED").map_or(beside, PathBuf::from);
    let folder = shared.join("realworld");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no folder {}; FAITHFUL_SHARED says where it is", folder.display());
    None
}

/// A pair of the reference.
struct Theirs(Value);

impl Theirs {
    fn text(&self, key: &str) -> &str {
        self.0[key].as_str().unwrap_or_default()
    }

    fn file(&self) -> &str {
        self.text("source_file")
    }

    /// The first line of the block that the request stands in.
    fn line(&self) -> u32 {
        u32::try_from(self.0["line"].as_u64().unwrap()).unwrap()
    }
}

fn path(url: &str) -> String {
    let url = DocumentedUrl::new(url);
    let query = url.query.filter(|query| !query.is_empty());
    query.map_or_else(|| url.path.to_owned(), |query| format!("{}?{query}", url.path))
}

/// All that is in a body, with neither the blanks of JSON nor those around a text.
fn body(text: &str) -> String {
    let text = text.trim();
    serde_json::from_str::<Value>(text).map_or_else(|_| text.to_owned(), |json| json.to_string())
}

fn our_body(ours: &Body) -> String {
    match ours {
        Body::None => String::new(),
        Body::Json(json) => body(json.text()),
        Body::Text(text) | Body::Base64(text) => body(text),
    }
}

/// Those that say something of the message: what curl adds by itself is not written on a page.
fn our_headers(headers: &Headers) -> BTreeMap<String, String> {
    headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect()
}

fn their_headers(headers: &Value) -> BTreeMap<String, String> {
    let all = headers.as_object().into_iter().flatten();
    let all = all.map(|(name, value)| (name.to_ascii_lowercase(), value.as_str().unwrap().to_owned()));
    all.filter(|(name, _)| name != "content-length").collect()
}

/// What differs between a pair of the reference and ours.
fn differences(theirs: &Theirs, ours: Option<&Documented>) -> Vec<(&'static str, String)> {
    let Some(Documented { contract, .. }) = ours else {
        return vec![("pair", format!("{} {}", theirs.text("method"), theirs.text("path")))];
    };
    let mut differences = Vec::new();
    let mut check = |what, ours: String, theirs: String| {
        if ours != theirs {
            differences.push((what, format!("{ours} instead of {theirs}")));
        }
    };
    let (request, response) = (&contract.request, &contract.response);
    check("path", path(&request.url), theirs.text("path").to_owned());
    check(
        "request-headers",
        format!("{:?}", our_headers(&request.headers)),
        format!("{:?}", their_headers(&theirs.0["request_headers"])),
    );
    check("request-body", our_body(&request.body), body(theirs.text("request_body")));
    if theirs.0["status"].is_u64() || matches!(response.status, Status::Code(_)) {
        check("status", response.status.to_string(), theirs.0["status"].to_string());
    }
    check(
        "response-headers",
        format!("{:?}", our_headers(&response.headers)),
        format!("{:?}", their_headers(&theirs.0["response_headers"])),
    );
    check("response-body", our_body(&response.body), body(theirs.text("response_body")));
    differences
}

/// What is read of one service's docs.
fn read(folder: &Path, docs: &str) -> Extraction {
    extract(&[folder.join("docs").join(docs)], Annotations::Optional).unwrap()
}

/// The differences of one service's docs, as lines `file:line what: how`.
fn compare(folder: &Path, name: &str, docs: &str, count: usize) -> Vec<String> {
    let Extraction { pairs, .. } = read(folder, docs);
    let text = std::fs::read_to_string(folder.join(format!("{name}.pairs.json"))).unwrap();
    let reference: Vec<Theirs> =
        serde_json::from_str::<Vec<Value>>(&text).unwrap().into_iter().map(Theirs).collect();
    assert_eq!(reference.len(), count, "{name}");
    let mut found = Vec::new();
    let mut taken = vec![false; pairs.len()];
    for theirs in &reference {
        let fits = |index: usize, ours: &Documented| {
            let line = ours.written.request_line;
            !taken[index]
                && ours.contract.source.file == theirs.file()
                && ours.contract.request.method == theirs.text("method")
                && path(&ours.contract.request.url).split('?').next() == theirs.text("path").split('?').next()
                && (theirs.line()..theirs.line() + 3).contains(&line)
        };
        let ours = pairs.iter().enumerate().find(|(index, ours)| fits(*index, ours));
        if let Some((index, _)) = ours {
            taken[index] = true;
        }
        for (what, how) in differences(theirs, ours.map(|(_, ours)| ours)) {
            found.push(format!("{name} {}:{} {what}: {how}", theirs.file(), theirs.line()));
        }
    }
    for (ours, _) in pairs.iter().zip(taken).filter(|(_, taken)| !taken) {
        let (contract, line) = (&ours.contract, ours.written.request_line);
        found.push(format!(
            "{name} {}:{line} more: {} {}",
            contract.source.file, contract.request.method, contract.request.url
        ));
    }
    println!("{name}: {} pairs, {} of the reference, {} differences", pairs.len(), count, found.len());
    found
}

/// The differences that are argued: each begins a line, and its reason stands behind it.
fn argued(name: &str) -> Vec<&'static str> {
    let lines = DIFFERENCES.lines().filter(|line| line.starts_with(&format!("{name} ")));
    lines.map(|line| line.split(" -- ").next().unwrap().trim_end()).collect()
}

#[rstest::rstest]
#[case("prometheus", "prometheus-v2.42.0", 48)]
#[case("etcd", "etcd", 54)]
#[case("kinto", "kinto", 50)]
fn every_pair_is_read_but_where_the_reference_errs(
    #[case] name: &str,
    #[case] docs: &str,
    #[case] count: usize,
) {
    let Some(folder) = realworld() else { return };
    let found = compare(&folder, name, docs, count);
    let argued = argued(name);
    let is = |difference: &str, argued: &str| {
        difference.strip_prefix(argued).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    };
    let new: Vec<_> = found.iter().filter(|found| !argued.iter().any(|argued| is(found, argued))).collect();
    let gone: Vec<_> = argued.iter().filter(|argued| !found.iter().any(|found| is(found, argued))).collect();
    assert!(
        new.is_empty(),
        "not argued:\n{}",
        new.iter().map(|line| line.as_str()).collect::<Vec<_>>().join("\n")
    );
    assert!(gone.is_empty(), "no longer there:\n{gone:#?}");
}

/// A pair of the reference that is no contract is not lost: what stands there is told of, at its line.
#[rstest::rstest]
#[case("prometheus", "prometheus-v2.42.0")]
#[case("etcd", "etcd")]
#[case("kinto", "kinto")]
fn each_pair_that_is_argued_away_is_a_finding(#[case] name: &str, #[case] docs: &str) {
    let Some(folder) = realworld() else { return };
    let findings = read(&folder, docs).findings;
    let prefix = format!("{name} ");
    let away = argued(name).into_iter().filter_map(|line| line.strip_prefix(&prefix)?.strip_suffix(" pair"));
    let away: Vec<(&str, u32)> = away
        .map(|place| place.rsplit_once(':').unwrap())
        .map(|(file, line)| (file, line.parse().unwrap()))
        .collect();
    assert!(!away.is_empty(), "{name}: nothing is argued away");
    // The reference names the first line of a block, or the opening fence before it.
    let is_told = |file: &str, line: u32| {
        let at = |it: &Location| Path::new(&it.file).ends_with(file) && (line..line + 3).contains(&it.line);
        findings.iter().any(|finding| at(&finding.location))
    };
    let silent: Vec<_> = away.into_iter().filter(|(file, line)| !is_told(file, *line)).collect();
    assert!(silent.is_empty(), "{name}: no finding at {silent:?}");
}
