//! How a status and headers are written in a contract file.

use crate::contract::Status;
use crate::message::Headers;
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::fmt;

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Status::Code(code) => serializer.serialize_u16(*code),
            class => serializer.collect_str(class),
        }
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Status, D::Error> {
        struct StatusVisitor;
        impl Visitor<'_> for StatusVisitor {
            type Value = Status;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a status code from 100 to 999, \"2xx\" or \"error\"")
            }

            fn visit_u64<E: de::Error>(self, code: u64) -> Result<Status, E> {
                match u16::try_from(code) {
                    Ok(code @ 100..=999) => Ok(Status::Code(code)),
                    _ => Err(E::invalid_value(de::Unexpected::Unsigned(code), &self)),
                }
            }

            fn visit_str<E: de::Error>(self, class: &str) -> Result<Status, E> {
                match class {
                    "2xx" => Ok(Status::Success),
                    "error" => Ok(Status::Error),
                    other => Err(E::invalid_value(de::Unexpected::Str(other), &self)),
                }
            }
        }
        deserializer.deserialize_any(StatusVisitor)
    }
}

/// A member per field name, an array of values for a repeated field.
impl Serialize for Headers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut written: Vec<&str> = Vec::new();
        for (name, first) in self.iter() {
            if written.contains(&name) {
                continue;
            }
            written.push(name);
            let values: Vec<&str> = self.iter().filter(|(other, _)| *other == name).map(|(_, v)| v).collect();
            if values.len() == 1 {
                map.serialize_entry(name, first)?;
            } else {
                map.serialize_entry(name, &values)?;
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Headers, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a header's value: a string, or an array of strings")]
        enum Values {
            One(String),
            Many(Vec<String>),
        }
        struct HeadersVisitor;
        impl<'de> Visitor<'de> for HeadersVisitor {
            type Value = Headers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of header names and values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Headers, A::Error> {
                let mut headers = Headers::default();
                while let Some((name, values)) = map.next_entry::<String, Values>()? {
                    if headers.iter().any(|(other, _)| other == name) {
                        return Err(de::Error::custom(format_args!(
                            "header `{name}` stands twice: give its values as one array"
                        )));
                    }
                    match values {
                        Values::One(value) => headers.push(name, value),
                        Values::Many(values) => {
                            for value in values {
                                headers.push(&name, value);
                            }
                        }
                    }
                }
                Ok(headers)
            }
        }
        deserializer.deserialize_map(HeadersVisitor)
    }
}
