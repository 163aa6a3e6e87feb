//! `faithful explain`, through the binary: what is promised of each place, and what made it so.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use assert_cmd::Command;
use rstest::rstest;
use std::fs;
use std::process::Output;
use tempfile::TempDir;

/// A pair with one of everything that an example can promise.
const PAGE: &str = r##"# Things

```http
POST https://docs.example/boxes/{box-id}/things
Content-Type: application/json

{ "name": "lamp", "tags": ["a", "b"] }
```

```http
HTTP/1.1 201 Created
Content-Type: application/json
Location: https://docs.example/boxes/{box-id}/things/7
Date: Wed, 11 Mar 2026 10:00:00 GMT
X-Color: red
Cache-Control: no-store

{
  "@odata.context": "https://docs.example/$metadata#things",
  "id": "5c571b0f-1b0f-5c57-0f1b-575c0f1b575c",
  "box": "{box-id}",
  "name": "lamp",
  "tags": ["a", "b"],
  "state": "on | off",
  "kindOf": "String",
  "count": "Int32",
  "about": "A lamp that…",
  "weight": 1.5,
  "pieces": 3,
  "owner": null,
  "parts": [
    { "id": 1, "color": "red", "note": null },
    { "id": 2, "note": "x" }
  ],
  "empty": [],
  "apiKey": "hunter2hunter2",
  "places": [
    { "@odata.type": "#docs.room", "floor": 1 },
    { "@odata.type": "#docs.yard" }
  ]
}
```
"##;

fn project(config: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("docs")).unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    fs::write(folder.path().join("docs/things.md"), PAGE).unwrap();
    fs::write(folder.path().join("faithful.toml"), config).unwrap();
    folder
}

fn explain(config: &str, arguments: &[&str]) -> Output {
    let folder = project(config);
    let mut command = Command::cargo_bin("faithful").unwrap();
    command.current_dir(folder.path()).env_remove("FAITHFUL_TARGET").args(["explain"]).args(arguments);
    command.output().unwrap()
}

const ID: [&str; 2] = ["things/post-boxes-box-id-things", "docs"];

fn explained(config: &str, arguments: &[&str]) -> String {
    let output = explain(config, &[&ID, arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What is said of a place, row by row; columns that are wrapped are joined.
fn rows(text: &str, place: &str) -> Vec<String> {
    let heading = |line: &&str| line.split("  ").next() == Some(place);
    let lines = text.lines().skip_while(|line| !heading(line)).skip(1);
    let mut rows: Vec<(String, String)> = Vec::new();
    for line in lines.take_while(|line| line.starts_with("  ")) {
        let cut = line.char_indices().nth(37).map_or(line.len(), |(at, _)| at);
        let (says, by) = line.split_at(cut);
        match rows.last_mut() {
            Some((last, made)) if line.starts_with("    ") => {
                format!("{last} {}", says.trim()).trim().clone_into(last);
                format!("{made} {}", by.trim()).trim().clone_into(made);
            }
            _ => rows.push((says.trim().to_owned(), by.trim().to_owned())),
        }
    }
    assert!(!rows.is_empty(), "nothing of {place} in\n{text}");
    rows.into_iter().map(|(says, by)| format!("{says} | {by}")).collect()
}

#[rstest]
#[case::status("status", &["201 | the docs show it"])]
#[case::a_contract_header("header Location", &[
    "must come | the header is part of the contract",
    r#"a URL like /boxes/*/things/* | the docs show "https://docs.example/boxes/…"#,
])]
#[case::a_volatile_header("header X-Color", &["anything | the header changes with every answer"])]
#[case::another_header("header Cache-Control", &[
    "should come (else a warning) | the docs show it; its value is not compared",
])]
#[case::an_object("$", &[
    "must come: an object | the docs show it",
    "other members may come | nobody annotated the pair as whole",
])]
#[case::control("$['@odata.context']", &[
    "may be missing | @odata members are control information",
    r#"a string | the docs show "https://docs.example/$metad…"#,
    "format url (else a warning) | what the docs show has this format",
])]
#[case::a_format("$.id", &[
    r#"must come: a string | the docs show "5c571b0f-1b0f-5c57-0f1b-575…"#,
    "format guid (else a warning) | what the docs show has this format",
])]
#[case::a_path_echo("$.box", &[
    r#"must come: a string | the docs show a placeholder: "{box-id}""#,
    r#"what is sent | path echo of "{box-id}""#,
])]
#[case::an_echo("$.name", &[
    r#"must come: a string | the docs show "lamp""#,
    "what is sent | echo of the request's /name",
])]
#[case::echoes_of_elements("$.tags[*]", &[
    r#"a string | of 2 examples: "a", …"#,
    "what is sent | echo of the request's /tags/0, /tags/1",
])]
#[case::an_enumeration("$.state", &[
    r#"must come: a string | the docs show "on | off""#,
    r#"one of "on", "off" (else a warning) | the docs list them: "on | off""#,
    "not the shown text (else a warning) | it stands for a value",
])]
#[case::a_type_word("$.count", &[
    r#"must come: a number | the docs name a type: "Int32""#,
    "a whole number (else a note) | the docs show no fraction",
    "not the shown text (else a warning) | it stands for a value",
])]
#[case::an_abbreviation("$.about", &[
    "must come | the docs show it",
    r#"a string | the docs cut it short: "A lamp that…"; counted as unchecked"#,
])]
#[case::a_fraction("$.weight", &["must come: a number | the docs show 1.5"])]
#[case::null("$.owner", &[
    "should come (else a warning) | the docs show it as null",
    "anything | the docs show only null; counted as unchecked",
])]
#[case::an_array("$.parts", &[
    "must come: an array | the docs show it",
    "each element as below | what 2 examples have in common",
    "not empty (else a warning) | the docs show it",
])]
#[case::what_every_element_has("$.parts[*].id", &[
    "must come | all 2 shown objects have it",
    "a number | of 2 examples: 1, …",
    "a whole number (else a note) | the docs show no fraction",
])]
#[case::what_some_elements_have("$.parts[*].color", &[
    "may be missing | 1 of 2 shown objects have it",
    r#"a string | the docs show "red""#,
])]
#[case::null_among_the_examples("$.parts[*].note", &[
    "must come | all 2 shown objects have it",
    r#"a string or null | of 2 examples: "x", …"#,
])]
#[case::an_empty_array("$.empty", &[
    "must come: an array | the docs show it",
    "anything | the docs show no element",
])]
#[case::elements_by_type("$.places", &[
    "must come: an array | the docs show it",
    "each element by its @odata.type | what 2 examples have in common",
    "no element of another @odata.type (else a note) | @odata.type names the type of its object",
    "not empty (else a warning) | the docs show it",
])]
#[case::of_one_type("$.places[*].floor", &[
    "must come: a number | the docs show 1",
    "a whole number (else a note) | the docs show no fraction",
])]
#[case::a_type_name("$.places[*]['@odata.type']", &[
    r##"must come: a string | the docs show "#docs.room""##,
    r##"names the type "#docs.room" | @odata.type names the type of its object"##,
])]
fn each_place_says_what_it_promises_and_why(#[case] place: &str, #[case] expected: &[&str]) {
    assert_eq!(rows(&explained("", &[]), place), expected);
}

#[test]
fn it_fits_into_80_columns_and_tells_lines_of_the_page_in_its_order() {
    let text = explained("", &[]);
    assert!(text.starts_with(
        "things/post-boxes-box-id-things, profile service\nPOST https://docs.example/boxes/{box-id}/things\n\
         docs/things.md:4\n"
    ));
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let told = text.lines().filter_map(|line| line.rsplit_once("  line ")?.1.parse::<u32>().ok());
    let told: Vec<u32> = told.collect();
    assert!(told.is_sorted(), "{told:?}");
    let documented = PAGE.lines().position(|line| line.contains("\"weight\"")).unwrap() + 1;
    assert!(
        text.contains(&format!("line {documented}\n  must come: a number                the docs show 1.5")),
        "{text}"
    );
}

#[test]
fn what_looks_like_a_credential_is_masked() {
    let text = explained("", &[]);
    assert!(!text.contains("hunter2"), "{text}");
    assert_eq!(rows(&text, "$.apiKey"), [r#"must come: a string | the docs show "[REDACTED]""#]);
}

#[test]
fn other_profiles_promise_more() {
    let mock = explained("", &["--profile", "mock"]);
    assert_eq!(rows(&mock, "$")[1], "no other members (else a warning) | nobody annotated the pair as whole");
    let golden = explained("", &["--profile", "golden"]);
    let literally = "profile golden takes the docs literally";
    assert_eq!(
        rows(&golden, "$.weight"),
        ["must come | the docs show it", &format!("exactly 1.5 | {literally}")]
    );
    assert_eq!(rows(&golden, "$.parts[1].note")[1], format!("exactly \"x\" | {literally}"));
    assert_eq!(rows(&golden, "$.parts")[1], format!("2 elements, in this order | {literally}"));
    assert_eq!(
        rows(&golden, "$.about")[1],
        "begins with \"A lamp that\" | the page leaves a part of it out: ..."
    );
}

#[test]
fn rules_by_hand_are_told_with_their_lines_and_the_last_one_counts() {
    let config = "[[rules]]\nat = \"$.id\"\nformat = \"date\"\n\n[[rules]]\ncontract = \"things/*\"\nat = \"$.parts[*]\"\n\
                  level = \"shape\"\n\n[[rules]]\nat = \"$.weight\"\nequals = 2\n\n[[rules]]\nat = \"$.parts[0].id\"\n\
                  null = \"ok\"\n\n[[rules]]\nat = \"$.more\"\nextra = \"ok\"\n\n[[rules]]\ncontract = \"other\"\nat = \"$\"\n\
                  level = \"ignore\"\n";
    let text = explained(config, &["--rule", "$.name=ignore"]);
    assert_eq!(rows(&text, "$.id")[0], "a text of the format date | faithful.toml:1: $.id");
    assert!(!rows(&text, "$.id").iter().any(|row| row.contains("guid")), "{text}");
    let shape = "by shape: any scalar or null | faithful.toml:5: $.parts[*]";
    assert_eq!(rows(&text, "$.parts[*].color"), [shape, "may be missing | 1 of 2 shown objects have it"]);
    assert_eq!(
        rows(&text, "$.weight"),
        ["exactly 2 | faithful.toml:10: $.weight", "must come | the docs show it"]
    );
    let null = "null may come | faithful.toml:14: $.parts[0].id, of 1 of the 2 that are shown";
    assert!(rows(&text, "$.parts[*].id").contains(&null.to_owned()), "{text}");
    assert_eq!(rows(&text, "$.name"), ["anything, or nothing | --rule: $.name"]);
    assert_eq!(
        rows(&text, "rules by hand that match nothing which the docs show"),
        ["$.more | faithful.toml:18: extra = \"ok\""]
    );
}

#[test]
fn a_rule_by_hand_takes_a_place_literally_or_by_type() {
    let text = explained("[[rules]]\nat = \"$.parts\"\nlevel = \"exact\"\n", &[]);
    assert_eq!(rows(&text, "$.parts[1].note")[2], "exactly \"x\" | faithful.toml:1: $.parts");
    let text = explained("[[rules]]\nat = \"$.parts\"\nlevel = \"type\"\n", &["--profile", "golden"]);
    assert_eq!(rows(&text, "$.parts[*].id")[2], "a number | of 2 examples: 1, …");
}

#[rstest]
#[case::a_place("$.weight", &["$.weight"])]
#[case::and_what_it_holds("$.parts", &["$.parts", "$.parts[*]", "$.parts[*].id", "$.parts[*].color", "$.parts[*].note"])]
#[case::of_an_element_that_is_not_shown("$.parts[12].id", &["$.parts[*].id"])]
#[case::at_every_depth("$..id", &["$.id", "$.parts[*].id"])]
fn at_chooses_places(#[case] at: &str, #[case] places: &[&str]) {
    let text = explained("", &["--at", at]);
    let headings: Vec<&str> = text
        .lines()
        .skip(4)
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split("  ").next())
        .collect();
    assert_eq!(headings, places);
}

#[rstest]
#[case::an_id(&["things/post-boxes-box-id-thing", "docs"], "did you mean things/post-boxes-box-id-things?")]
#[case::a_place(&["things/post-boxes-box-id-things", "docs", "--at", "$.wieght"], "did you mean '$.weight'?")]
#[case::no_path(&["things/post-boxes-box-id-things", "docs", "--at", "weight"], "--at: \"weight\" is not a JSONPath")]
#[case::a_profile(&["things/post-boxes-box-id-things", "docs", "--profile", "moc"], "did you mean mock?")]
#[case::a_rule(&["things/post-boxes-box-id-things", "docs", "--rule", "$.a=x"], "there are exact, type, shape, ignore")]
fn a_mistake_costs_exit_code_2_and_names_what_was_meant(#[case] arguments: &[&str], #[case] hint: &str) {
    let output = explain("", arguments);
    assert_eq!(output.status.code(), Some(2));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains(hint), "{err}");
    assert!(output.stdout.is_empty(), "stdout is for the result");
}
