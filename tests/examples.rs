//! Example pages and contract files hold together, and a contract file keeps all that its page says.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says why it skips"
)]

use faithful::contract::{Contract, ContractId, parse, store, to_file};
use faithful::docs::Annotations;
use faithful::docs::pages::extract;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The contract whose page is not ours to ship: see NOTICE.
const SEED: &str = "add-operations/create_commsoperation_from_";

fn below_the_package(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The folder of shared test data, where it is at hand.
fn corpus() -> Option<PathBuf> {
    let shared = std::env::var_os("FAITHFUL_SHARED").map_or(below_the_package("../shared"), PathBuf::from);
    let corpus = shared.join("corpus/pages");
    if corpus.is_dir() {
        return Some(corpus);
    }
    println!("skipped: no folder {}; FAITHFUL_SHARED says where it is", corpus.display());
    None
}

/// The contracts of these pages, with what is wrong with the pages.
fn documented(docs: PathBuf) -> (Vec<Contract>, usize) {
    let extraction = extract(&[docs], Annotations::Optional).unwrap();
    let contracts = extraction.pairs.into_iter().map(|pair| pair.contract);
    (contracts.collect(), extraction.findings.len())
}

/// The text of every shipped contract file, by its path below `contracts/` without `.json`.
fn shipped() -> BTreeMap<String, String> {
    let folder = below_the_package("contracts");
    let loaded = store::load(&folder);
    assert!(loaded.broken.is_empty() && loaded.notes.is_empty(), "{loaded:?}");
    let file = |(_, path): (_, Arc<Path>)| {
        let below = path.strip_prefix(&folder).unwrap().with_extension("");
        (below.to_str().unwrap().replace('\\', "/"), fs::read_to_string(&path).unwrap())
    };
    loaded.contracts.into_iter().map(file).collect()
}

#[test]
fn every_contract_file_is_what_its_page_says_and_every_page_has_its_files() {
    let (contracts, findings) = documented(below_the_package("examples/docs"));
    assert_eq!(findings, 0, "the example pages are flawless");
    let extracted: BTreeMap<String, String> =
        contracts.iter().map(|contract| (contract.id.to_string(), to_file(contract))).collect();
    let mut shipped = shipped();
    assert!(shipped.remove(SEED).is_some());
    assert_eq!(
        shipped.keys().collect::<Vec<_>>(),
        extracted.keys().collect::<Vec<_>>(),
        "run: cargo run -- extract examples/docs"
    );
    for (id, text) in shipped {
        assert_eq!(extracted.get(&id), Some(&text), "{id}; run: cargo run -- extract examples/docs");
    }
}

#[test]
fn the_seeds_contract_is_what_its_page_says() {
    let Some(corpus) = corpus() else { return };
    let (contracts, findings) = documented(corpus.join("seed/add-operations.md"));
    assert_eq!(findings, 0);
    let extracted: Vec<(String, String)> =
        contracts.iter().map(|contract| (contract.id.to_string(), to_file(contract))).collect();
    assert_eq!(extracted, [(SEED.to_owned(), shipped().remove(SEED).unwrap())]);
}

/// The file of a contract gives the contract, and the contract that a file gives has that file.
fn survives_its_file(contract: &Contract) {
    let text = to_file(contract);
    let read = parse(contract.id.clone(), &text).unwrap_or_else(|error| panic!("{}: {error}", contract.id));
    assert!(read == *contract, "{}: read back as {read:#?}", contract.id);
    assert_eq!(to_file(&read), text, "{}", contract.id);
}

#[test]
fn shipped_files_are_read_and_written_back_byte_for_byte() {
    for (id, text) in shipped() {
        let contract = parse(ContractId::new(&id), &text).unwrap();
        assert_eq!(to_file(&contract), text, "{id}");
        survives_its_file(&contract);
    }
}

#[test]
fn documented_contracts_survive_their_files() {
    let mut docs = vec![below_the_package("examples/docs")];
    docs.extend(corpus());
    for docs in docs {
        let (contracts, _) = documented(docs.clone());
        assert!(!contracts.is_empty(), "{}", docs.display());
        contracts.iter().for_each(survives_its_file);
        println!("{}: {} contracts survive their files", docs.display(), contracts.len());
    }
}
