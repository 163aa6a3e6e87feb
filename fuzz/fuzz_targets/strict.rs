//! Any bytes as JSON, by our reader and by `serde_json`.

#![no_main]

#[path = "../../tests/fuzz/checks.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::strict(bytes));
