//! Test: whatever the text is, the work is in proportion to it.

use super::Budget;
use super::reader::Reader;
use proptest::prelude::*;

/// How often a reader looks at a byte of the text, or moves an edit.
fn steps(text: &str) -> usize {
    let mut reader = Reader::new(text, &Budget::UNLIMITED);
    reader.read().unwrap();
    reader.steps.get() + reader.edits.moves()
}

/// Twice the text may take twice the steps, and what its beginning and its end take.
fn assert_linear(before: &str, unit: &str, after: &str) {
    let text = |times: usize| format!("{before}{}{after}", unit.repeat(times));
    let (once, twice) = (steps(&text(200)), steps(&text(400)));
    let bound = 2 * once + 100 * (before.len() + unit.len() + after.len());
    assert!(twice <= bound, "{before:?} {unit:?} {after:?}: {once} steps, then {twice}");
}

#[test]
fn hostile_texts_take_steps_as_they_are_long() {
    let units = [
        "\"",
        "'",
        "“",
        "\"a:",
        "\"a\"b",
        "\"a\n",
        "\\\"\n",
        "\"\\",
        "\"/*",
        "/*",
        "//",
        "<!--",
        "# \n",
        "\" \"",
        "\"x\" '",
        "[",
        "{",
        "{{",
        "{a",
        "{a:",
        "[{",
        "]",
        "}",
        "[}",
        "{]",
        "}]",
        "\"]",
        "\"}}",
        ",",
        ", ",
        ";",
        ":",
        "a:",
        "a ",
        "a b:",
        "...",
        "... a",
        "...\"",
        "…:",
        "\"...",
        "a...",
        "..",
        "1 ",
        "01",
        "1 2",
        "\u{a0}",
        "\u{a0}x",
        "\n",
        "x\n",
        "2018-04-01 ",
        "{a}",
        "{\"a\"",
        "\"a\":",
        "\"a\",",
        "\"a\" {",
        "\"a\"=",
        "\"a\"\n",
        "'a\"",
        "\"a'",
        "“a\"",
        "\"a”",
        "\"a”,",
        "… a",
        "…\u{a0}",
        "\"\\ud800",
    ];
    for unit in units {
        for before in ["[", "{", "{\"a\":", "[\"", "{\"", "['", "{a", "[1", "[...", "{\"a\":{"] {
            for after in ["", "\"", "'", "]", "}", "\"}", ":1}"] {
                assert_linear(before, unit, after);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn repetitions_take_steps_as_they_are_long(
        before in "[\\[{][\"'“a:,{\\[]{0,3}",
        unit in "[\\[\\]{}:,;\"'“”a1 \\\\\n./*#<!….\u{a0}-]{1,7}",
        after in "[\"'”:,}\\]*/\n]{0,3}",
    ) {
        assert_linear(&before, &unit, &after);
    }
}
