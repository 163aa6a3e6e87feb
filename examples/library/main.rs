//! The services of the user guide, to follow it at a keyboard: the lending library at `127.0.0.1:8080`, and its staging
//! system at `127.0.0.1:8081`, which is at odds with the docs in two places.
//!
//! ```sh
//! cargo run --example library
//! ```

mod services;

use std::error::Error;
use std::net::TcpListener;
use std::path::Path;

#[tokio::main]
#[expect(clippy::print_stdout, reason = "it says where it listens")]
async fn main() -> Result<(), Box<dyn Error>> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/docs");
    let library = services::start(&docs, &[], TcpListener::bind("127.0.0.1:8080")?).await?;
    let staging = services::start(&docs, &services::AT_ODDS, TcpListener::bind("127.0.0.1:8081")?).await?;
    println!(
        "the library listens at {}, its staging system at {}; Ctrl-C ends both",
        library.url(),
        staging.url()
    );
    tokio::signal::ctrl_c().await?;
    Ok(())
}
