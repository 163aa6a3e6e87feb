//! Whom a flow that broke blames, and of what its clean-up tells: nobody who did as documented, nothing that is gone.

use crate::hostile::{Hostile, Step, json};
use crate::run::{Run, Workspace, get, sending};
use rstest::rstest;
use serde_json::json as value;

/// A run of these steps against a service that answers each method so: make, see and drop an item.
fn verify(steps: &str, answers: &'static [(&'static str, &'static str, &'static str)]) -> (Run, String) {
    let server = Hostile::answering(move |delivery| {
        let line = delivery.line();
        let found = answers.iter().find(|(method, ..)| line.starts_with(method));
        let (_, status, body) = found.copied().unwrap_or(("", "404 Not Found", "{}"));
        vec![Step::Write(json(status, body))]
    });
    let mut made = sending("POST", "https://home.example/items");
    made["response"] = value!({ "status": 201, "json": { "id": "i-0" } });
    let mut seen = get("https://home.example/items/i-0");
    seen["response"] = value!({ "status": 200, "json": { "state": "done", "score": 87 } });
    let mut dropped = sending("DELETE", "https://home.example/items/i-0");
    dropped["response"] = value!({ "status": 204 });
    let workspace = Workspace::with(&[("make", made), ("see", seen), ("drop", dropped)]);
    let replace = "[[replace]]\nsegment = \"i-0\"\nwith = \"{id}\"\n";
    let begin = "[[flow.step]]\ncontract = \"make\"\ncapture = { id = \"$.id\" }\n";
    workspace.file("faithful.toml", format!("{replace}[[flow]]\nname = \"items\"\n{begin}{steps}"));
    let run = workspace.verify(&server, &["--retry", "0"]);
    (run, server.url())
}

fn left_behind(run: &Run) -> Vec<String> {
    let left = run.report.as_ref().unwrap().get("left_behind").and_then(|left| left.as_array().cloned());
    let shown = |left: &serde_json::Value| {
        assert!(left["message"].as_str().unwrap().contains(left["request"]["url"].as_str().unwrap()));
        left["message"].as_str().unwrap().to_owned()
    };
    left.unwrap_or_default().iter().map(shown).collect()
}

const MADE: (&str, &str, &str) = ("POST", "201 Created", "{\"id\": \"i-1\"}");
const SEE: &str = "[[flow.step]]\ncontract = \"see\"\n";
const CLEAN: &str = "[[flow.cleanup]]\ncontract = \"drop\"\n";

/// It failed itself, and it says so; what came before it did as documented.
#[rstest]
#[case::waited_for_in_vain(
    "until = { at = \"$.state\", equals = \"done\", every = \"10ms\", timeout = \"30ms\" }\n",
    "step 2 of flow items, GET SERVER/items/i-1, was not answered $.state = \"done\" within 30ms: the last answer was 200 \
     with $.state = \"running\""
)]
#[case::captured_in_vain(
    "capture = { x = \"$.nope\" }\n",
    "step 2 of flow items, GET SERVER/items/i-1, {x} cannot be captured: nothing is at $.nope"
)]
#[case::followed_by_what_is_not_judged(
    "[[flow.step]]\nmethod = \"GET\"\npath = \"/items/{id}\"\nstatus = 404\n",
    "step 3 of flow items, GET SERVER/items/i-1, answered 200, not 404"
)]
fn a_contract_that_failed_says_what_ended_its_flow_and_no_other_is_blamed(
    #[case] more: &str,
    #[case] said: &str,
    #[values("", CLEAN)] clean: &str,
) {
    let seen = ("GET", "200 OK", "{\"state\": \"running\", \"score\": null}");
    let answers: &[_] = Box::leak(Box::new([MADE, seen, ("DELETE", "204 No Content", "")]));
    let (run, server) = verify(&format!("{SEE}{more}{clean}"), answers);
    run.exits(1);
    assert_eq!(run.outcome("make"), "passed", "{}", run.printed());
    assert_eq!(run.outcome("see"), "failed null", "{}", run.printed());
    assert_eq!(run.message("see"), said.replace("SERVER", &server));
    assert!(run.stdout.contains(&said.replace("SERVER", &server)), "{}", run.stdout);
}

/// What a refused request did not make needs no clean-up; of what else nobody knows, and it is shown as it would be sent.
#[rstest]
#[case("429 Too Many Requests", false)]
#[case("409 Conflict", false)]
#[case("503 Service Unavailable", true)]
#[case("500 Internal Server Error", true)]
fn what_may_have_been_made_is_told_of(#[case] status: &'static str, #[case] is_told: bool) {
    let answers: &[_] = Box::leak(Box::new([("POST", status, "{}")]));
    let (run, server) = verify(&format!("{SEE}{CLEAN}"), answers);
    let said = format!(
        "cleanup 1 of flow items, DELETE {server}/items/{{id}}, was left out: {{id}} was not captured"
    );
    assert_eq!(
        left_behind(&run),
        is_told.then_some(said).into_iter().collect::<Vec<_>>(),
        "{}",
        run.printed()
    );
}

/// Any success of a deletion has cleaned up, whichever of them is documented; what is no success has not.
#[rstest]
#[case("200 OK", "", "failed status", false)]
#[case("202 Accepted", "", "failed status", false)]
#[case("302 Found", "", "failed status", true)]
#[case("500 Internal Server Error", "", "failed status", true)]
#[case::where_it_is_more_to_do("202 Accepted", "until = { status = 404 }\n", "failed status", true)]
fn what_was_cleaned_up_is_not_told_of(
    #[case] status: &'static str,
    #[case] more: &str,
    #[case] outcome: &str,
    #[case] is_told: bool,
) {
    let seen = ("GET", "200 OK", "{\"state\": \"done\", \"score\": 1}");
    let answers: &[_] = Box::leak(Box::new([MADE, seen, ("DELETE", status, "{}")]));
    let (run, _) = verify(&format!("{SEE}{CLEAN}{more}"), answers);
    assert_eq!(run.exits(1).outcome("drop"), outcome, "{}", run.printed());
    assert_eq!(left_behind(&run).len(), usize::from(is_told), "{}", run.printed());
}
