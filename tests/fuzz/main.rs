//! The checks of the fuzz targets, on stable: over what fuzzing found, and over texts made at random.
//!
//! Each folder of `found/` is called as its check is; a file in it is an input that a check once failed on, named as
//! what it shows.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod checks;

use proptest::collection::vec;
use proptest::prelude::*;
use std::fs;
use std::path::Path;

type Check = fn(&[u8]);

const CHECKS: [(&str, Check); 5] = [
    ("page", checks::page),
    ("annotation", checks::annotation),
    ("http", checks::http),
    ("lenient", checks::lenient),
    ("strict", checks::strict),
];

#[test]
fn what_fuzzing_found_is_mended() {
    for (name, check) in CHECKS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/found").join(name);
        let Ok(files) = fs::read_dir(&folder) else { continue };
        for file in files {
            check(&fs::read(file.unwrap().path()).unwrap());
        }
    }
}

/// Pieces of which messages, annotations and JSON are made.
fn piece() -> impl Strategy<Value = String> {
    let marks = proptest::sample::select(vec![
        "GET /a",
        "POST https://h.example/b",
        "HTTP/1.1 200 OK",
        "HTTP/1.1",
        "Content-Type: application/json",
        "multipart/mixed; boundary=b",
        "--b",
        "--b--",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        ":",
        ",",
        ";",
        "...",
        "\n",
        "\n\n",
        "\r\n",
        " ",
        "\t",
        "```",
        "~~~",
        "<!--",
        "-->",
        "\"blockType\"",
        "\"request\"",
        "\"response\"",
        "\"name\"",
        "[\"a\",\"b\"]",
        "truncated",
        "true",
        "null",
        "1e999",
        "\\u",
        "d800",
        "?",
        "&",
        "# HTTP request",
        "# Response",
        "# Example",
        "> ",
        "- ",
        "\u{a0}",
        "\u{feff}",
        "\0",
    ]);
    prop_oneof![8 => marks.prop_map(str::to_owned), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn checks_hold_of_texts_made_of_pieces(pieces in vec(piece(), 0..40)) {
        let text = pieces.concat();
        for (_, check) in CHECKS {
            check(text.as_bytes());
        }
    }

    #[test]
    fn checks_hold_of_any_bytes(bytes in vec(any::<u8>(), 0..200)) {
        for (_, check) in CHECKS {
            check(&bytes);
        }
    }
}
