//! The shipped contracts, a test each: against the service that `FAITHFUL_TARGET` names, else against the stub.

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
