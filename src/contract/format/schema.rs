//! The JSON Schema of the contract file, made of the structs that read it: what editors and other tools check against.

use super::{File, Raw, VERSION};
use crate::contract::Status;
use crate::message::Headers;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;
use std::borrow::Cow;

/// The text of `contracts/schema.json`.
fn schema() -> String {
    let settings = SchemaSettings::draft2020_12().with_transform(NotNull);
    let schema = settings.into_generator().into_root_schema_for::<File<'_>>();
    let mut text = serde_json::to_string_pretty(&schema).unwrap();
    text.push('\n');
    text
}

pub(super) fn version(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "const": VERSION })
}

pub(super) fn at_most_one_body(schema: &mut Schema) {
    let two = |one, other| json_schema!({ "required": [one, other] });
    let pairs = [two("json", "text"), two("json", "base64"), two("text", "base64")];
    schema.insert("not".into(), serde_json::json!({ "anyOf": pairs }));
}

/// An `Option` is a member that may be absent, not one that may be null: see [`super::strict`].
#[derive(Debug, Clone)]
struct NotNull;

impl Transform for NotNull {
    fn transform(&mut self, schema: &mut Schema) {
        let null = Value::from("null");
        if let Some(Value::Array(types)) = schema.get_mut("type") {
            types.retain(|name| *name != null);
            if let [name] = types.as_slice() {
                let name = name.clone();
                schema.insert("type".into(), name);
            }
        }
        if let Some(Value::Array(mut choices)) = schema.remove("anyOf") {
            choices.retain(|choice| choice.get("type") != Some(&null));
            match choices.as_slice() {
                [Value::Object(only)] => only.iter().for_each(|(keyword, value)| {
                    schema.insert(keyword.clone(), value.clone());
                }),
                _ => drop(schema.insert("anyOf".into(), choices.into())),
            }
        }
        transform_subschemas(self, schema);
    }
}

impl JsonSchema for Raw<'_> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Json".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        true.into()
    }
}

impl JsonSchema for Status {
    fn schema_name() -> Cow<'static, str> {
        "Status".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "oneOf": [
                { "type": "integer", "minimum": 100, "maximum": 999 },
                { "enum": ["2xx", "error"] }
            ]
        })
    }
}

impl JsonSchema for Headers {
    fn schema_name() -> Cow<'static, str> {
        "Headers".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Values by field name; an array of values where the field is repeated.",
            "type": "object",
            "additionalProperties": {
                "oneOf": [
                    { "type": "string" },
                    { "type": "array", "items": { "type": "string" } }
                ]
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::schema;
    use std::fs;
    use std::path::Path;

    #[test]
    fn the_shipped_schema_is_what_the_types_say() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("contracts/schema.json");
        let schema = schema();
        if std::env::var_os("FAITHFUL_BLESS").is_some() {
            fs::write(&path, &schema).unwrap();
        }
        assert_eq!(
            fs::read_to_string(&path).unwrap_or_default(),
            schema,
            "FAITHFUL_BLESS=1 writes the schema anew"
        );
    }
}
