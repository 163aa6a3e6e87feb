//! Finds places of a JSON text by a `JSONPath` (RFC 9535).

use crate::json::{Json, Kind, Value};
use jsonpath_rust::parser::model::JpQuery;
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;
use std::collections::BTreeMap;
use std::fmt;

/// A `JSONPath`.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonPath {
    text: String,
    query: JpQuery,
}

impl JsonPath {
    /// Reads a path.
    pub fn new(text: &str) -> Result<JsonPath, String> {
        let query = parse_json_path(text).map_err(|_| format!("{text:?} is not a JSONPath, such as $.id"))?;
        Ok(JsonPath { text: text.to_owned(), query })
    }

    /// The values that it leads to, in its order.
    pub fn find<'j>(&self, json: &'j Json) -> Vec<Value<'j>> {
        // The text was read within a budget for depth: the other reader's is the same.
        let Ok(tree) = serde_json::from_str::<serde_json::Value>(json.text()) else { return Vec::new() };
        let found = js_path_process(&self.query, &tree).unwrap_or_default();
        let wanted: Vec<usize> = found.iter().map(|found| address(found.val)).collect();
        let mut places = wanted.iter().map(|address| (*address, None)).collect();
        walk(&tree, json.root(), &mut places);
        wanted.iter().filter_map(|address| places.get(address).copied().flatten()).collect()
    }

    /// The first value that it leads to.
    pub fn first<'j>(&self, json: &'j Json) -> Option<Value<'j>> {
        self.find(json).into_iter().next()
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn address(tree: &serde_json::Value) -> usize {
    std::ptr::from_ref(tree).addr()
}

/// Goes through both trees side by side, and notes the values whose likes are wanted.
fn walk<'j>(tree: &serde_json::Value, value: Value<'j>, wanted: &mut BTreeMap<usize, Option<Value<'j>>>) {
    if let Some(place) = wanted.get_mut(&address(tree)) {
        *place = Some(value);
    }
    match value.kind() {
        Kind::Object => {
            // Of members of one name the other tree has the last: it is noted last.
            for member in value.members() {
                if let Some(tree) = tree.get(member.name().as_ref()) {
                    walk(tree, member.value, wanted);
                }
            }
        }
        Kind::Array => {
            let elements = tree.as_array().into_iter().flatten();
            value.elements().zip(elements).for_each(|(value, tree)| walk(tree, value, wanted));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const TEXT: &str = r#"{"a": 1, "it's": [{"id": 18446744073709551617}, {"id": "x", "n": 1.50}], "a": 2, "": {"é\"": null}}"#;

    #[rstest]
    #[case("$.a", &["2"])]
    #[case("$[\"it's\"][*].id", &["18446744073709551617", "\"x\""])]
    #[case("$['it\\'s'][?@.id == 'x'].n", &["1.50"])]
    #[case("$..n", &["1.50"])]
    #[case("$['']['é\"']", &["null"])]
    #[case("$.nobody", &[])]
    fn values_are_found_as_they_are_written(#[case] path: &str, #[case] found: &[&str]) {
        let json = Json::parse(TEXT).unwrap();
        let values = JsonPath::new(path).unwrap().find(&json);
        assert_eq!(values.iter().map(|value| value.raw()).collect::<Vec<_>>(), found);
    }

    #[test]
    fn what_is_no_path_is_named() {
        assert_eq!(JsonPath::new("id").unwrap_err(), "\"id\" is not a JSONPath, such as $.id");
    }
}
