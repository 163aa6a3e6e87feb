//! Contract tests from API docs.
//!
//! API docs show request/response pairs. faithful makes those pairs *the contract*: [`docs`] reads them out of the
//! pages, [`contract`] keeps each as a file, [`replay`] sends it to a target or to the embedded stub of [`mock`],
//! and [`judge`] holds the answer against what the page promises, tolerating what the page shortened or only
//! illustrates. [`verify`] runs all of that over many contracts, and [`report`] says what came of it.
//!
//! ```
//! use faithful::docs::{Annotations, read};
//! use faithful::json::Budget;
//! use faithful::judge::{compile, judge};
//! use faithful::message::{Received, Sent};
//! use faithful::verdict::Profile;
//!
//! let page = "```http\nGET /users/7\n```\n\n```http\nHTTP/1.1 200 OK\n\n{\"id\": \"7\", \"age\": 40}\n```\n";
//! let page = read("users.md", page, Annotations::Optional);
//! let contract = &page.pairs[0].contract;
//!
//! let promise = compile(contract, Profile::Service);
//! let sent = Sent { method: "GET".into(), documented_url: "/users/7".into(), ..Sent::default() };
//! let answer = |body: &str| Received { status: 200, body: body.into(), ..Received::default() };
//! let passes = |body: &str| judge(&promise, &sent, answer(body), &Budget::default()).passes();
//!
//! assert!(passes(r#"{"id": "7", "age": 41}"#));
//! assert!(!passes(r#"{"id": "7", "age": "41"}"#), "another type");
//! assert!(!passes(r#"{"id": "8", "age": 41}"#), "not the user that was asked for");
//! ```

// The case files of the judge are run from outside and, beside the table, from inside.
#[cfg(test)]
extern crate self as faithful;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod config;
pub mod contract;
pub mod docs;
pub mod finding;
pub mod json;
pub mod judge;
pub mod message;
pub mod mock;
pub mod replay;
pub mod report;
pub mod secret;
pub mod source;
pub mod suite;
pub mod verdict;
pub mod verify;

pub use contract::Contract;
pub use mock::stub::Stub;
pub use suite::Suite;
pub use verify::Verifier;
