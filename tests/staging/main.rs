//! A service with a memory, verified through the binary with a faithful.toml as its people would write it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod blame;
mod broken;
mod cause;
mod flows;
mod guarded;
mod known;
mod made;
mod plan;
mod variables;

#[allow(dead_code, reason = "each kind of test uses its own of it")]
#[path = "../support/hostile.rs"]
mod hostile;
#[allow(dead_code, reason = "each kind of test uses its own of it")]
#[path = "../support/run.rs"]
mod run;
#[path = "../support/service.rs"]
mod service;

use run::{Run, Workspace};
use service::{PAGE, Service};

/// A project with the service's page, and what it says in faithful.toml.
fn project(config: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.file("docs/service.md", PAGE);
    workspace.file(".git/HEAD", "");
    workspace.file("faithful.toml", config);
    workspace
}

/// `faithful verify docs --target URL --report-json report.json …`
fn verify(workspace: &Workspace, service: &Service, arguments: &[&str]) -> Run {
    let url = service.url();
    let mut command = workspace.command(["verify", "docs", "--target", &url]);
    command.args(["--report-json", "report.json"]).args(arguments);
    workspace.run(command)
}
