//! The lenient reader on the bodies of published documentation that are not strict JSON.
//!
//! The pages' bodies are not part of this project: without them the test says so and proves nothing.

use faithful::json::{Budget, Json, Kind};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The repairs, as the reference names them, whose meaning is certain.
const SAFE: [&str; 10] = [
    "trailing-comma",
    "odd-whitespace",
    "missing-comma",
    "raw-newline-in-string",
    "single-quotes",
    "unquoted-key",
    "comment",
    "ellipsis-element",
    "unquoted-number-like",
    "odd-number",
];

fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let named = std::env::var_os("FAITHFUL_SHARED").map(PathBuf::from);
    named.into_iter().chain([beside]).find(|folder| folder.is_dir())
}

/// Whether ours says what the reference says: its marks for ellipses and bare words read as what they mark.
fn same(ours: faithful::json::Value<'_>, reference: &Value) -> bool {
    let ellipsis = |value: &Value| value.get("$ellipsis").is_some();
    match reference {
        Value::Array(elements) => {
            let elements: Vec<&Value> = elements.iter().filter(|element| !ellipsis(element)).collect();
            ours.kind() == Kind::Array
                && ours.len() == elements.len()
                && ours.elements().zip(elements).all(|(ours, reference)| same(ours, reference))
        }
        Value::Object(members) => {
            if let Some(bare) = members.get("$bare").and_then(Value::as_str) {
                return ours.raw() == bare || ours.as_str().is_some_and(|text| text == bare);
            }
            ours.kind() == Kind::Object
                && ours.members().all(|member| members.contains_key(member.name().as_ref()))
                && members.iter().all(|(name, reference)| {
                    name == "$ellipsis" || ours.get(name).is_some_and(|ours| same(ours, reference))
                })
        }
        Value::String(text) => ours.as_str().is_some_and(|ours| ours == *text),
        Value::Number(number) => {
            serde_json::from_str::<serde_json::Number>(ours.raw()).is_ok_and(|n| n == *number)
        }
        Value::Bool(flag) => ours.as_bool() == Some(*flag),
        Value::Null => ours.is_null(),
    }
}

#[test]
fn published_bodies_are_read_as_they_are_meant() {
    let Some(shared) = shared() else {
        println!("skipped: no folder ../shared, and FAITHFUL_SHARED names none");
        return;
    };
    let file = std::fs::read_to_string(shared.join("corpus/nonstrict-bodies.json")).unwrap();
    let bodies: Vec<Value> = serde_json::from_str(&file).unwrap();
    assert!(!bodies.is_empty());
    let mut wrong = Vec::new();
    for body in &bodies {
        let text = body.get("text").and_then(Value::as_str).unwrap();
        let place = format!("{}:{}", body.get("file").unwrap(), body.get("line").unwrap());
        let rules = body.get("rules").and_then(Value::as_array).unwrap();
        let certain = !rules.is_empty() && rules.iter().all(|rule| SAFE.iter().any(|safe| rule == safe));
        match Json::parse_lenient(text, &Budget::default()) {
            Err(error) => wrong.push(format!("{place}: {error} at {}", error.at)),
            Ok(read) => {
                let names: Vec<&str> = read.repairs.iter().map(|repair| repair.rule.name()).collect();
                if read.is_guess() == certain {
                    wrong.push(format!("{place}: {names:?}, where the reference has {rules:?}"));
                }
                // Where the reference could not say what is meant, nothing is compared.
                let meant = body.get("value").filter(|value| !value.is_null());
                if meant.is_some_and(|meant| !same(read.json.root(), meant)) {
                    wrong.push(format!("{place}: {names:?} reads {}", read.json.root().to_compact()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), bodies.len(), wrong.join("\n"));
}
