//! The shipped contracts, a test each: against the service that `FAITHFUL_TARGET` names, else against the embedded stub.

use faithful::{Suite, Verifier};
use std::path::PathBuf;

#[rstest::rstest]
#[tokio::test]
async fn is_kept(
    #[files("contracts/**/*.json")]
    #[exclude("schema.json")]
    file: PathBuf,
) {
    let report = Verifier::from_env().unwrap().verify(Suite::load([file]).unwrap()).await.unwrap();
    report.assert_passed();
}

/// Tests are made of the files that were there when they were built: see build.rs.
#[test]
fn no_file_is_without_its_test() {
    let itself = std::env::current_exe().unwrap();
    let list = std::process::Command::new(itself).args(["--list", "is_kept::"]).output().unwrap();
    let tests =
        String::from_utf8(list.stdout).unwrap().lines().filter(|line| line.ends_with(": test")).count();
    assert_eq!(tests, Suite::load(["contracts"]).unwrap().contracts().count());
}
