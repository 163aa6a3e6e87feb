//! The measure of the judge: every documented answer is served changed in one way, and what the judge says of it is held
//! against what the rules say of such a change. `make drift` prints it.
//!
//! It is a test with a `main` of its own, not a verb of the command line: it measures this project, not a service, and
//! has no place in what people install. And it is no benchmark: it runs with the other tests, over a sample of the real
//! pages, so that a change that makes the judge blind or shrill fails them. `make drift` takes all of them (`--all`).
//! What it says is the same for the same input.
//!
//! What is expected of a change is worked out in `page` and `example` by the letter of the rules and with nothing of the
//! judge's: a measure that asks the judge what to expect could not fail.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::struct_excessive_bools,
    reason = "a test may panic, and this one prints; what a page says of a place are many things at once"
)]

mod change;
mod echoes;
mod example;
mod exchange;
mod measure;
mod page;
mod structure;
mod tree;
mod values;
mod wire;

use change::Class;
use faithful::Suite;
use faithful::contract::Contract;
use faithful::docs::Annotations;
use faithful::docs::pages::extract;
use measure::{Measure, Said};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Without `--all`, of real pages every one of so many.
const SAMPLE: usize = 16;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    // What runs tests one by one asks for their names, and may ask for others.
    if has("--list") {
        if !has("--ignored") {
            println!("drift: test");
        }
        return ExitCode::SUCCESS;
    }
    if !is_asked_for(&arguments) {
        println!("drift: other tests were asked for");
        return ExitCode::SUCCESS;
    }
    let all = has("--all");
    let own = own_contracts();
    let real = real_contracts(if all { 1 } else { SAMPLE });
    let mut faults = controls(&own);
    let is_whole = all && !real.is_empty();
    let contracts: Vec<Contract> = own.into_iter().chain(real).collect();
    let measure = Measure::of(&contracts, measure::judge);
    println!("{} documented answers, each changed in one way", contracts.len());
    print!("{}", if all { measure.table() } else { measure.sums() });
    print!("{}", measure.list());
    if is_whole {
        show(&measure.table());
    }
    faults.extend(measure.faults());
    for fault in &faults {
        println!("fails: {fault}");
    }
    if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether the names of tests among the arguments, if there are any, mean this one.
fn is_asked_for(arguments: &[String]) -> bool {
    const WITH_VALUE: [&str; 6] = ["--test-threads", "--skip", "--format", "--color", "--logfile", "-Z"];
    let mut names = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if WITH_VALUE.contains(&argument.as_str()) {
            arguments.next();
        } else if !argument.starts_with('-') {
            names.push(argument);
        }
    }
    names.is_empty() || names.iter().any(|name| "drift".contains(name.as_str()))
}

/// Holds the figures of the user guide against these, which need real pages: `FAITHFUL_BLESS=1` writes them.
fn show(table: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/drift.md");
    let page = std::fs::read_to_string(&file).unwrap();
    let (text, _) = page.split_once("```text\n").unwrap();
    let written = format!("{text}```text\n{}\n```\n", table.trim());
    if written != page {
        match std::env::var_os("FAITHFUL_BLESS") {
            Some(_) => std::fs::write(file, written).unwrap(),
            None => println!("the user guide shows other figures: FAITHFUL_BLESS=1 make drift writes these"),
        }
    }
}

/// The shipped contracts, and a page of what real pages seldom show.
fn own_contracts() -> Vec<Contract> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shipped = Suite::load([root.join("contracts")]).unwrap();
    let odd = extract(&[root.join("tests/drift/odd.md")], Annotations::Optional).unwrap();
    assert_eq!(odd.findings, [], "the page says what cannot be read");
    let odd = odd.pairs.into_iter().map(|pair| pair.contract);
    shipped.contracts().cloned().chain(odd).collect()
}

/// Those of real pages, where they are at hand.
fn real_contracts(step: usize) -> Vec<Contract> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let pages = std::env::var_os("FAITHFUL_SHARED").map_or(beside, PathBuf::from).join("corpus/pages");
    if !pages.is_dir() {
        println!("no folder {}; FAITHFUL_SHARED says where real pages are", pages.display());
        return Vec::new();
    }
    let extraction = extract(&[pages], Annotations::Optional).unwrap();
    extraction.pairs.into_iter().map(|pair| pair.contract).step_by(step).collect()
}

/// A measure that praises a judge who says nothing, or one who fails everything, measures nothing.
fn controls(contracts: &[Contract]) -> Vec<String> {
    let mut faults = Vec::new();
    let blind = Measure::of(contracts, |_, _, _| Said::Nothing);
    if blind.wrong(Class::Breaking) != blind.changes(Class::Breaking) || blind.faults().is_empty() {
        faults.push("a judge who says nothing is not found out".to_owned());
    }
    let shrill = Measure::of(contracts, |_, _, _| Said::Failure);
    if shrill.wrong(Class::Lawful) != shrill.changes(Class::Lawful) || shrill.faults().is_empty() {
        faults.push("a judge who fails everything is not found out".to_owned());
    }
    // Where no real pages are at hand, every kind of change is measured all the same.
    faults.extend(Measure::of(contracts, measure::judge).faults());
    faults
}
