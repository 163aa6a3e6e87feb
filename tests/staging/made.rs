//! What a flow made is cleaned up or told of, however the step that made it ended.

use crate::hostile::{Delivery, Hostile, Step, json};
use crate::run::{Run, Workspace, get, sending};
use rstest::rstest;

/// A service that makes items: `i-1`, `i-2` and so on, with this status, and of every item from the third on without
/// its name.
struct Items {
    server: Hostile,
}

impl Items {
    fn making(status: &'static str) -> Items {
        let made = std::sync::atomic::AtomicUsize::new(0);
        let server = Hostile::answering(move |delivery| {
            if !delivery.line().starts_with("POST") {
                return vec![Step::Write(json("200 OK", "{\"a\": 1}"))];
            }
            let number = 1 + made.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let body = match number {
                1 | 2 => format!("{{\"id\": \"i-{number}\", \"name\": \"n-{number}\"}}"),
                _ => String::from("{\"a\": 1}"),
            };
            vec![Step::Write(json(status, &body))]
        });
        Items { server }
    }

    /// A run of this flow.
    fn verify(&self, flow: &str) -> Run {
        let mut made = sending("POST", "/items");
        made["response"]["status"] = 201.into();
        made["response"]["json"] = serde_json::json!({ "id": "i-0" });
        let mut gone = sending("DELETE", "/items/{id}");
        gone["response"] = serde_json::json!({ "status": 200, "json": { "a": 1 } });
        let workspace = Workspace::with(&[("make", made), ("see", get("/items/{id}")), ("drop", gone)]);
        workspace.file("faithful.toml", flow);
        let only = if flow.contains("\"make\"") { "{make,see}" } else { "see" };
        workspace.verify(&self.server, &["--only", only])
    }

    fn deleted(&self) -> Vec<String> {
        let deliveries = self.server.deliveries();
        let lines = deliveries.iter().map(Delivery::line);
        lines.filter(|line| line.starts_with("DELETE")).collect()
    }
}

fn left_behind(run: &Run) -> Vec<String> {
    let left = run.report.as_ref().unwrap().get("left_behind").and_then(|left| left.as_array().cloned());
    left.unwrap_or_default().iter().map(|left| left["message"].as_str().unwrap().to_owned()).collect()
}

const MAKE: &str = "[[flow.step]]\nmethod = \"POST\"\npath = \"/items\"\n";
const SEE: &str = "[[flow.step]]\ncontract = \"see\"\n";
const CLEAN: &str = "[[flow.cleanup]]\nmethod = \"DELETE\"\npath = \"/items/{id}\"\n";

/// The contract fails, and what it made is gone all the same. Of what may have been there before it is told.
#[rstest]
#[case::later("202 Accepted", &["DELETE /items/i-1 HTTP/1.1"], 0)]
#[case::perhaps_not_made("200 OK", &[], 1)]
#[case::several("207 Multi-Status", &[], 1)]
fn what_another_success_made_is_cleaned_up(
    #[case] status: &'static str,
    #[case] deleted: &[&str],
    #[case] left: usize,
) {
    let flow =
        format!("[[flow]]\n[[flow.step]]\ncontract = \"make\"\ncapture = {{ id = \"$.id\" }}\n{SEE}{CLEAN}");
    let items = Items::making(status);
    let run = items.verify(&flow);
    assert_eq!(run.exits(1).outcome("make"), "failed status", "{}", run.printed());
    assert_eq!(run.outcome("see"), "errored flow.setup_failed", "the flow ends there");
    assert_eq!(items.deleted(), deleted, "{}", run.printed());
    assert_eq!(left_behind(&run).len(), left, "{}", run.printed());
}

#[test]
fn so_is_what_a_set_up_made() {
    let flow = format!("[[flow]]\n{MAKE}status = 200\ncapture = {{ id = \"$.id\" }}\n{SEE}{CLEAN}");
    let items = Items::making("201 Created");
    let run = items.verify(&flow);
    assert_eq!(run.outcome("see"), "errored flow.setup_failed", "{}", run.printed());
    assert!(run.message("see").contains("answered 201, not 200"), "{}", run.message("see"));
    assert_eq!(items.deleted(), ["DELETE /items/i-1 HTTP/1.1"], "{}", run.printed());
}

/// A redirect or a refusal is no success: what stands in it was not made by it.
#[rstest]
#[case("302 Found", 1)]
#[case("409 Conflict", 0)]
#[case("500 Internal Server Error", 1)]
fn what_is_no_success_gives_nothing_to_delete(#[case] status: &'static str, #[case] left: usize) {
    let flow =
        format!("[[flow]]\n[[flow.step]]\ncontract = \"make\"\ncapture = {{ id = \"$.id\" }}\n{SEE}{CLEAN}");
    let items = Items::making(status);
    let run = items.verify(&flow);
    assert_eq!(run.exits(1).outcome("make"), "failed status", "{}", run.printed());
    assert_eq!((items.deleted(), left_behind(&run).len()), (vec![], left), "{}", run.printed());
}

/// Of two names of one answer the second is not there: the first is enough to clean up, or the second is told of.
#[rstest]
#[case::that_needs_the_first("/items/{id}", &[], 1)]
#[case::that_needs_the_second(
    "/items/{key}",
    &["cleanup 1 of flow items, DELETE SERVICE/items/{key}, was left out: {key} was not captured"],
    0
)]
#[case::that_needs_both(
    "/items/{id}?key={key}",
    &["cleanup 1 of flow items, DELETE SERVICE/items/i-1?key={key}, was left out: {key} was not captured"],
    0
)]
fn a_second_name_that_is_not_there(#[case] path: &str, #[case] left: &[&str], #[case] deleted: usize) {
    let flow = format!(
        "[[flow]]\nname = \"items\"\n{MAKE}capture = {{ id = \"$.id\", key = \"$.key\" }}\n{SEE}\
         [[flow.cleanup]]\nmethod = \"DELETE\"\npath = \"{path}\"\n"
    );
    let items = Items::making("201 Created");
    let run = items.verify(&flow);
    assert_eq!(run.outcome("see"), "errored flow.setup_failed", "{}", run.printed());
    assert_eq!(
        (left_behind(&run), items.deleted().len()),
        (left.iter().map(|left| left.replace("SERVICE", &items.server.url())).collect(), deleted)
    );
}

/// The clean-up knows the item before by the same name, and cleans up that one; of the other it is told.
#[test]
fn a_name_that_is_captured_again_in_vain_is_told_of() {
    let make = format!("{MAKE}capture = {{ id = \"$.id\" }}\n");
    let flow = format!("[[flow]]\nname = \"items\"\n{make}{make}{make}{SEE}{CLEAN}");
    let items = Items::making("201 Created");
    let run = items.verify(&flow);
    assert_eq!(items.deleted(), ["DELETE /items/i-2 HTTP/1.1"], "{}", run.printed());
    let said = "cleanup 1 of flow items, DELETE SERVICE/items/{id}, knows an earlier {id} alone: that of step 3 of flow items was \
                not captured";
    assert_eq!(left_behind(&run), [said.replace("SERVICE", &items.server.url())], "{}", run.printed());
}

/// What only the step knows that could not capture it, no step cleans up.
#[test]
fn a_name_that_no_clean_up_asks_for_is_nothing_to_tell_of() {
    let flow = format!("[[flow]]\n{MAKE}capture = {{ id = \"$.id\", tag = \"$.tag\" }}\n{SEE}{CLEAN}");
    let items = Items::making("201 Created");
    let run = items.verify(&flow);
    assert_eq!((left_behind(&run).len(), items.deleted().len()), (0, 1), "{}", run.printed());
}
