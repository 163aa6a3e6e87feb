//! The strict reader against `serde_json`: the same texts accepted, the same values, digits and places yielded.
//!
//! `serde_json::Value` says what is accepted; borrowed `RawValue`s say what was written where, member for member.

use faithful::json::{Budget, Json, Kind, Value};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// An object's members as written, repeated ones too.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(name) = map.next_key()? {
                    members.push((name, map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// Holds every value of ours against the raw text that `serde_json` finds at its place in `whole`.
fn same_as_raw(ours: Value<'_>, raw: &RawValue, whole: &str) {
    let text = raw.get();
    assert_eq!(ours.raw(), text);
    assert_eq!(ours.span().start, text.as_ptr() as usize - whole.as_ptr() as usize, "place of {text}");
    match text.as_bytes()[0] {
        b'[' => {
            let elements: Vec<&RawValue> = serde_json::from_str(text).unwrap();
            assert_eq!((ours.kind(), ours.len()), (Kind::Array, elements.len()));
            ours.elements().zip(elements).for_each(|(ours, raw)| same_as_raw(ours, raw, whole));
        }
        b'{' => {
            let Members(members) = serde_json::from_str(text).unwrap();
            assert_eq!((ours.kind(), ours.len()), (Kind::Object, members.len()));
            for (ours, (name, raw)) in ours.members().zip(members) {
                assert_eq!(ours.name(), name);
                same_as_raw(ours.value, raw, whole);
            }
        }
        b'"' => assert_eq!(ours.as_str().unwrap(), serde_json::from_str::<String>(text).unwrap()),
        b't' | b'f' => assert_eq!(ours.as_bool(), Some(text == "true")),
        b'n' => assert!(ours.is_null()),
        _ => assert_eq!(ours.as_number().unwrap().as_str(), text),
    }
}

/// Holds our tree against `serde_json`'s own: of repeated members the last.
pub(crate) fn same_as_value(ours: Value<'_>, theirs: &serde_json::Value) {
    match theirs {
        serde_json::Value::Null => assert!(ours.is_null()),
        serde_json::Value::Bool(theirs) => assert_eq!(ours.as_bool(), Some(*theirs)),
        serde_json::Value::Number(theirs) => {
            assert_eq!(serde_json::from_str::<serde_json::Number>(ours.raw()).unwrap(), *theirs);
        }
        serde_json::Value::String(theirs) => assert_eq!(ours.as_str().as_deref(), Some(theirs.as_str())),
        serde_json::Value::Array(theirs) => {
            assert_eq!((ours.kind(), ours.len()), (Kind::Array, theirs.len()));
            ours.elements().zip(theirs).for_each(|(ours, theirs)| same_as_value(ours, theirs));
        }
        serde_json::Value::Object(theirs) => {
            assert_eq!(ours.kind(), Kind::Object);
            assert!(ours.members().all(|member| theirs.contains_key(member.name().as_ref())));
            for (name, theirs) in theirs {
                same_as_value(ours.get(name).unwrap(), theirs);
            }
        }
    }
}

/// Both readers on the same bytes.
pub(crate) fn agree(bytes: &[u8]) {
    let theirs = serde_json::from_slice::<serde_json::Value>(bytes);
    let ours = Json::parse_bytes(bytes.to_vec(), &Budget::default());
    match (&ours, &theirs) {
        (Ok(json), Ok(value)) => {
            let raw: &RawValue = serde_json::from_slice(bytes).unwrap();
            same_as_raw(json.root(), raw, std::str::from_utf8(bytes).unwrap());
            same_as_value(json.root(), value);
        }
        // Lawful JSON that no float holds, such as 1e999, is ours alone.
        (Ok(json), Err(error)) => {
            assert!(error.to_string().starts_with("number out of range"), "{json:?}: {error}");
            let raw: &RawValue = serde_json::from_slice(bytes).unwrap();
            same_as_raw(json.root(), raw, std::str::from_utf8(bytes).unwrap());
        }
        (Err(error), Ok(value)) => panic!("{error} at {}, but serde_json reads {value}", error.at),
        (Err(error), Err(_)) => assert!(error.at <= bytes.len(), "{error} at {}", error.at),
    }
}
