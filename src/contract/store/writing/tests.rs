use super::*;
use crate::contract::store::load;
use crate::contract::{ContractId, DocumentedRequest, DocumentedResponse, Provenance, Status};
use rstest::rstest;

fn contract(id: &str, name: &str) -> Contract {
    Contract {
        id: ContractId::new(id),
        name: name.into(),
        source: Provenance::default(),
        request: DocumentedRequest { method: "GET".into(), url: "/".into(), ..Default::default() },
        response: DocumentedResponse::of_status(Status::Code(200)),
    }
}

fn write(folder: &Path, contract: &Contract) -> io::Result<Change> {
    Store::open(folder, Duration::ZERO).unwrap().write(&[contract]).remove(0)
}

/// The names of all that is below a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name();
    let below = |entry: walkdir::DirEntry| entry.path().strip_prefix(folder).unwrap().display().to_string();
    entries.into_iter().map(|entry| below(entry.unwrap())).collect()
}

#[test]
fn only_a_changed_contract_is_written() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(write(folder.path(), &contract("a/b", "x")).unwrap(), Change::New);
    assert_eq!(write(folder.path(), &contract("a/b", "x")).unwrap(), Change::Same);
    assert_eq!(compare(folder.path(), &[&contract("a/b", "y")])[0].as_ref().unwrap(), &Change::Changed);
    assert_eq!(write(folder.path(), &contract("a/b", "y")).unwrap(), Change::Changed);
    assert_eq!(write(folder.path(), &contract("a/b", "longer")).unwrap(), Change::Changed);
    let loaded = load(folder.path());
    assert_eq!(loaded.contracts.len(), 1);
    assert_eq!(*loaded.contracts[0].0, contract("a/b", "longer"));
    if cfg!(unix) {
        assert_eq!(names(folder.path()), ["a", "a/b.json"], "nothing else is left");
    }
}

#[rstest]
#[case("my own notes", false)]
#[case("{\"name\": \"of something else\"}\n", false)]
#[case("", true)]
#[case("{\n  \"faithful\": 1,\n  \"na", true)]
#[case("<<<<<<< ours\n{\n  \"faithful\": 1\n", true)]
fn only_a_contract_is_overwritten_be_it_broken(#[case] found: &str, #[case] is_contract: bool) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b.json");
    fs::create_dir(folder.path().join("a")).unwrap();
    fs::write(&path, found).unwrap();
    let compared = compare(folder.path(), &[&contract("a/b", "x")]).remove(0);
    let written = write(folder.path(), &contract("a/b", "x"));
    assert_eq!((compared.is_ok(), written.is_ok()), (is_contract, is_contract));
    assert_eq!(fs::read_to_string(&path).unwrap() == found, !is_contract);
}

#[test]
fn many_contracts_are_written_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let ids: Vec<String> = (0..5 * BATCH).map(|number| format!("page-{}/{number}", number / 7)).collect();
    let contracts: Vec<Contract> = ids.iter().map(|id| contract(id, id)).collect();
    let contracts: Vec<&Contract> = contracts.iter().collect();
    write(folder.path(), contracts[70]).unwrap();
    let changes = Store::open(folder.path(), Duration::ZERO).unwrap().write(&contracts);
    let changes: Vec<Change> = changes.into_iter().map(Result::unwrap).collect();
    assert_eq!(changes.iter().position(|change| *change == Change::Same), Some(70));
    assert_eq!(changes.iter().filter(|change| **change == Change::New).count(), contracts.len() - 1);
    assert_eq!(load(folder.path()).contracts.len(), contracts.len());
    assert!(compare(folder.path(), &contracts).iter().all(|change| matches!(change, Ok(Change::Same))));
}

#[test]
fn what_a_killed_run_left_behind_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".tmp-abc")).unwrap();
    fs::write(folder.path().join(".tmp-abc/1"), "{\"faithful\":").unwrap();
    fs::write(folder.path().join(".tmp-def"), "").unwrap();
    fs::write(folder.path().join("mine.txt"), "").unwrap();
    assert!(has_remains(folder.path()));
    assert_eq!(load(folder.path()).broken, []);
    drop(Store::open(folder.path(), Duration::ZERO).unwrap());
    assert!(!has_remains(folder.path()) && folder.path().join("mine.txt").exists());
}

#[test]
fn a_contract_that_cannot_be_written_costs_the_others_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a"), "a file where a folder belongs").unwrap();
    fs::create_dir_all(folder.path().join("b/c.json")).unwrap();
    let contracts = [contract("a/b", "x"), contract("b/c", "x"), contract("d/e", "x")];
    let store = Store::open(folder.path(), Duration::ZERO).unwrap();
    let changes = store.write(&contracts.iter().collect::<Vec<_>>());
    assert_eq!(changes.iter().map(Result::is_ok).collect::<Vec<_>>(), [false, false, true]);
}

#[test]
fn removing_a_contract_removes_the_folders_that_it_leaves_empty() {
    let folder = tempfile::tempdir().unwrap();
    for id in ["a/b/c", "a/d"] {
        write(folder.path(), &contract(id, "x")).unwrap();
    }
    let store = Store::open(folder.path(), Duration::ZERO).unwrap();
    store.remove(&folder.path().join("a/b/c.json")).unwrap();
    drop(store);
    if cfg!(unix) {
        assert_eq!(names(folder.path()), ["a", "a/d.json"]);
    }
    let store = Store::open(folder.path(), Duration::ZERO).unwrap();
    store.remove(&folder.path().join("a/d.json")).unwrap();
    assert!(folder.path().exists(), "the store itself stays");
}

#[cfg(unix)]
#[test]
fn a_link_leads_no_write_out_of_the_folder() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let link = |to: &Path, name: &str| std::os::unix::fs::symlink(to, folder.path().join(name)).unwrap();
    link(outside.path(), "a");
    link(&outside.path().join("c.json"), "c.json");
    fs::write(outside.path().join("kept.json"), "").unwrap();
    assert!(write(folder.path(), &contract("a/b", "x")).is_err());
    assert!(write(folder.path(), &contract("c", "x")).is_err());
    let store = Store::open(folder.path(), Duration::ZERO).unwrap();
    assert!(store.remove(&folder.path().join("a/kept.json")).is_err());
    assert_eq!(names(outside.path()), ["kept.json"]);
}
