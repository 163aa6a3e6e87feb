//! `contracts/schema.json`, in the eyes of a validator that is not ours, and our reader take the same files for
//! contracts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use faithful::contract::{ContractId, parse, store};
use serde_json::{Map, Value, json};
use std::fs;
use std::path::{Path, PathBuf};

fn contracts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("contracts")
}

fn schema() -> jsonschema::Validator {
    let schema = fs::read_to_string(contracts().join("schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::draft202012::new(&schema).unwrap()
}

fn shipped() -> impl Iterator<Item = Value> {
    let files = store::load(&contracts()).contracts;
    assert!(!files.is_empty());
    files.into_iter().map(|(_, file)| serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap())
}

#[test]
fn shipped_contracts_are_what_the_schema_says() {
    let schema = schema();
    for file in shipped() {
        let wrong: Vec<_> = schema.iter_errors(&file).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

/// What else could stand in a member's place.
fn others() -> [Value; 14] {
    [
        json!(null),
        json!(true),
        json!(-1),
        json!(1),
        json!(404),
        json!(1.5),
        json!(""),
        json!("2xx"),
        json!([]),
        json!(["a", "b"]),
        json!([["a"], 7]),
        json!({}),
        json!({ "a": "b" }),
        json!({ "low": null }),
    ]
}

/// All that a hand could do to an object: leave a member out, misspell it, put something else in its place, add one.
fn damaged(object: &Map<String, Value>) -> Vec<Map<String, Value>> {
    let with = |name: &str, other: Value| {
        let mut object = object.clone();
        object.insert(name.to_owned(), other);
        object
    };
    let mut all = vec![with("x-note", json!("x"))];
    for body in ["json", "text", "base64"] {
        all.extend(others().map(|other| with(body, other)));
    }
    for (name, value) in object {
        let mut without = object.clone();
        without.remove(name);
        let mut misspelt = without.clone();
        misspelt.insert(format!("{name}s"), value.clone());
        all.extend([without, misspelt]);
        all.extend(others().map(|other| with(name, other)));
    }
    all
}

#[test]
fn the_schema_and_the_reader_refuse_the_same_files() {
    let schema = schema();
    let (mut lawful, mut refused) = (0, 0);
    for file in shipped() {
        for place in ["", "/source", "/request", "/response", "/request/headers", "/response/headers"] {
            let Some(Value::Object(object)) = file.pointer(place) else { continue };
            for object in damaged(object) {
                let mut file = file.clone();
                *file.pointer_mut(place).unwrap() = Value::Object(object);
                let text = file.to_string();
                let read = parse(ContractId::new("x"), &text);
                assert_eq!(schema.is_valid(&file), read.is_ok(), "{place}: {read:?}\n{text}");
                *if read.is_ok() { &mut lawful } else { &mut refused } += 1;
            }
        }
    }
    assert!(lawful > 100 && refused > 100, "{lawful} and {refused}");
}
