//! Which contracts could supply what others lack: a POST whose documented answer holds an id feeds the placeholder
//! below its collection, and so does a GET of the collection.

use crate::contract::url::{DocumentedUrl, placeholders, segment_before};
use crate::contract::{Contract, Status};
use crate::json::{Kind, Value};
use crate::replay::variables::Missing;
use std::fmt::Write as _;

/// A placeholder of a path that has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Need {
    /// The path up to it, every placeholder written `{}`: what it names.
    pub(super) thing: String,
    /// The path before it: where such things are kept.
    pub(super) collection: String,
    /// What it may be called.
    pub(super) names: Vec<String>,
    /// The segment that it stands behind.
    pub(super) segment: Option<String>,
}

/// A contract whose answer could fill a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Supply<'c> {
    /// The contract.
    pub(super) by: &'c Contract,
    /// Where its answer holds the value.
    pub(super) at: String,
}

/// What a contract lacks in its path; none where it lacks something anywhere else too.
pub(super) fn needs(contract: &Contract, missing: &[Missing]) -> Option<Vec<Need>> {
    let needs = path_needs(contract, missing);
    let is_known =
        |one: &Missing| needs.iter().any(|need| need.names == one.names && need.segment == one.segment);
    missing.iter().all(is_known).then_some(needs)
}

/// What a contract lacks in its path, the outermost first.
pub(super) fn path_needs(contract: &Contract, missing: &[Missing]) -> Vec<Need> {
    let path = DocumentedUrl::new(&contract.request.url).path;
    let needs = placeholders(path).into_iter().filter_map(|placeholder| {
        let before = path.get(..placeholder.span.start)?;
        let segment = segment_before(before).map(ToOwned::to_owned);
        let names: Vec<String> = placeholder.names.iter().map(|name| (*name).to_owned()).collect();
        if !missing.iter().any(|one| one.names == names && one.segment == segment) {
            return None;
        }
        let behind = path.get(placeholder.span.end..)?;
        let rest = behind.split('/').next().unwrap_or_default();
        let thing = template(path.get(..placeholder.span.end + rest.len())?);
        let collection = template(before.trim_end_matches(['\'', '(', '/']));
        Some(Need { thing, collection, names, segment })
    });
    needs.collect()
}

/// A documented path with every placeholder written `{}`.
pub(super) fn template(path: &str) -> String {
    let (mut text, mut copied) = (String::with_capacity(path.len()), 0);
    for placeholder in placeholders(path) {
        text.push_str(path.get(copied..placeholder.span.start).unwrap_or_default());
        text.push_str("{}");
        copied = placeholder.span.end;
    }
    text.push_str(path.get(copied..).unwrap_or_default());
    text.trim_end_matches('/').to_owned()
}

/// The contracts that could fill a placeholder: those that make such a thing before those that list them.
pub(super) fn supplies<'c>(
    need: &Need,
    contracts: impl Iterator<Item = &'c Contract> + Clone,
) -> Vec<Supply<'c>> {
    let at_collection =
        |contract: &&Contract| template(DocumentedUrl::new(&contract.request.url).path) == need.collection;
    let successful = |contract: &&Contract| match contract.response.status {
        Status::Code(code) => (200..300).contains(&code),
        Status::Success => true,
        Status::Error => false,
    };
    let here = contracts.filter(at_collection).filter(successful);
    let made = here.clone().filter(|contract| contract.request.method == "POST");
    let made = made.filter_map(|by| Some(Supply { by, at: member(by.response.body.json()?.root(), need)? }));
    let listed = here.filter(|contract| contract.request.method == "GET");
    let listed = listed.filter_map(|by| Some(Supply { by, at: element(by, need)? }));
    made.chain(listed).collect()
}

/// Where a documented answer holds the value: at its root, or in the one object that it wraps.
fn member(answer: Value<'_>, need: &Need) -> Option<String> {
    if let Some(name) = own(answer, need) {
        return Some(format!("${}", step(&name)));
    }
    let inside = answer.members().filter_map(|child| {
        let name = own(child.value, need)?;
        Some(format!("${}{}", step(&child.name()), step(&name)))
    });
    let inside: Vec<String> = inside.collect();
    if let [only] = inside.as_slice() { Some(only.clone()) } else { None }
}

/// Where a documented collection holds the value of its first element.
fn element(contract: &Contract, need: &Need) -> Option<String> {
    let answer = contract.response.body.json()?.root();
    let first = |list: Value<'_>| own(list.elements().next()?, need);
    if answer.kind() == Kind::Array {
        return first(answer).map(|name| format!("$[0]{}", step(&name)));
    }
    let property = contract.response.collection_property.as_deref();
    let lists = answer.members().filter(|member| match property {
        Some(property) => member.name() == property,
        None => member.value.kind() == Kind::Array,
    });
    let found: Vec<String> = lists
        .filter_map(|list| Some(format!("${}[0]{}", step(&list.name()), step(&first(list.value)?))))
        .collect();
    if let [only] = found.as_slice() { Some(only.clone()) } else { None }
}

/// The member of an object that is called as the placeholder is, or that is its id where the placeholder asks for one.
fn own(object: Value<'_>, need: &Need) -> Option<String> {
    let is_value = |value: Value<'_>| matches!(value.kind(), Kind::String | Kind::Number);
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let called = |wanted: &str| {
        let mut members = object.members().filter(|member| is_value(member.value));
        members.find(|member| plain(&member.name()) == wanted).map(|member| member.name().into_owned())
    };
    let by_name = need.names.iter().find_map(|name| called(&plain(name)));
    let asks_for_id = need.names.iter().any(|name| plain(name).ends_with("id"));
    by_name.or_else(|| if asks_for_id { called("id") } else { None })
}

fn step(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain {
        return format!(".{name}");
    }
    let mut text = String::from("['");
    for c in name.chars() {
        let _ = match c {
            '\'' | '\\' => write!(text, "\\{c}"),
            c => write!(text, "{c}"),
        };
    }
    text + "']"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docs::{Annotations, read};
    use crate::replay::gate::missing;
    use crate::replay::variables::Variables;
    use rstest::rstest;

    /// Contracts of lines `GET /users => {"id": 1}`.
    fn contracts(pairs: &[(&str, &str)]) -> Vec<Contract> {
        let pages = pairs.iter().map(|(request, body)| {
            format!("```http\n{request}\n```\n\n```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}\n```\n\n")
        });
        let page = read("page.md", &pages.collect::<String>(), Annotations::Optional);
        page.pairs.into_iter().map(|pair| pair.contract).collect()
    }

    #[rstest]
    #[case("/users/{id}", ("POST /users", r#"{"name": "x", "id": "7"}"#), Some("$.id"))]
    #[case("/users/{userId}", ("POST /users", r#"{"id": 7, "user_id": 8}"#), Some("$.user_id"))]
    #[case("/users/{userId}", ("POST /users/", r#"{"id": 7}"#), Some("$.id"))]
    #[case("/users/{id | name}/x", ("POST /users", r#"{"name": "x"}"#), Some("$.name"))]
    #[case("/users/{id}", ("POST /users", r#"{"data": {"id": "7"}, "n": 1}"#), Some("$.data.id"))]
    #[case("/users/{id}", ("POST /users", r#"{"a": {"id": "7"}, "b": {"id": 1}}"#), None)]
    #[case("/users/{id}", ("GET /users?$top=1", r#"{"value": [{"id": "7"}]}"#), Some("$.value[0].id"))]
    #[case("/users/{id}", ("GET /users", r#"[{"id": "7"}]"#), Some("$[0].id"))]
    #[case("/users('{id}')", ("POST /users", r#"{"it's-id": 1, "id": "7"}"#), Some("$.id"))]
    #[case("/a/{b-c}", ("POST /a", r#"{"b-c": "7"}"#), Some("$['b-c']"))]
    #[case("/teams/{x}/users/{id}", ("POST /teams/{team}/users", r#"{"id": "7"}"#), Some("$.id"))]
    #[case("/users/{id}", ("POST /teams", r#"{"id": "7"}"#), None)]
    #[case("/users/{id}", ("PUT /users", r#"{"id": "7"}"#), None)]
    #[case("/users/{name}", ("POST /users", r#"{"id": "7"}"#), None)]
    #[case("/users/{id}", ("POST /users", r#"{"id": {"a": 1}}"#), None)]
    fn who_could_supply(#[case] url: &str, #[case] other: (&str, &str), #[case] at: Option<&str>) {
        let contracts = contracts(&[(&format!("GET {url}"), "{}"), other]);
        let lacks = missing(&contracts[0], &Variables::default());
        let needs = needs(&contracts[0], &lacks).unwrap();
        let supplies = supplies(needs.last().unwrap(), contracts.iter());
        assert_eq!(supplies.first().map(|supply| supply.at.as_str()), at, "{needs:?}");
    }

    #[test]
    fn what_is_missing_outside_of_the_path_is_nobodys() {
        let contracts = contracts(&[("GET /users/{id}?top={top}", "{}")]);
        let lacks = missing(&contracts[0], &Variables::default());
        assert_eq!((lacks.len(), needs(&contracts[0], &lacks)), (2, None));
        assert_eq!(path_needs(&contracts[0], &lacks)[0].thing, "/users/{}");
    }
}
