//! Where requests go: to the target, whatever a page calls a URL.

use crate::hostile::{Delivery, Hostile, json};
use crate::run::{Workspace, get};
use rstest::rstest;
use serde_json::Value;

const SENT: &str = "";
const BAD: &str = "errored request.bad_url";
const FOREIGN: &str = "skipped foreign-origin";

/// Documented URLs, and what is done with each. `EVIL` is host and port of somebody else's server, `OWN` those of the
/// target; `home.example` is the docs' own origin.
const FORMS: [(&str, &str); 84] = [
    // Relative, by one reading or another.
    ("/x", SENT),
    ("x", SENT),
    ("", SENT),
    ("/", SENT),
    ("?x=1", SENT),
    ("#x", SENT),
    ("*", SENT),
    ("//EVIL/x", SENT),
    ("///EVIL/x", SENT),
    ("////EVIL/x", SENT),
    ("\\\\EVIL\\x", SENT),
    ("/\\EVIL/x", SENT),
    ("\\/EVIL/x", SENT),
    ("/\\/EVIL/x", SENT),
    ("@EVIL/x", SENT),
    ("x@EVIL/x", SENT),
    (":x@EVIL/x", SENT),
    (":80@EVIL/", SENT),
    ("/@EVIL", SENT),
    (".EVIL/x", SENT),
    (".evil.test/x", SENT),
    ("-EVIL/x", SENT),
    (":EVIL/x", SENT),
    ("EVIL/x", SENT),
    ("[::1]/x", SENT),
    ("/[::1]/x", SENT),
    ("?@EVIL/x", SENT),
    ("/?//EVIL/x", SENT),
    ("/?u=http://EVIL/x", SENT),
    ("/x;@EVIL", SENT),
    ("/%2F%2FEVIL/x", SENT),
    ("%2F%2FEVIL/x", SENT),
    ("/%5C%5CEVIL/x", SENT),
    ("/%09/EVIL/x", SENT),
    ("/%0d%0aHost:%20EVIL", SENT),
    ("/%40EVIL", SENT),
    ("/%", SENT),
    ("/%zz%2", SENT),
    ("/%00", SENT),
    ("/x HTTP/1.1", SENT),
    ("/x y", SENT),
    ("/\u{ff0f}EVIL/x", SENT),
    ("\u{ff0f}\u{ff0f}EVIL/x", SENT),
    ("/\u{2215}EVIL", SENT),
    ("/x?y=\u{2028}", SENT),
    ("http:EVIL/x", SENT),
    ("http:/EVIL/x", SENT),
    ("http:\\\\EVIL\\x", SENT),
    ("javascript:alert(1)", SENT),
    ("data:,x", SENT),
    ("mailto:x@EVIL", SENT),
    // Of the docs' own origin.
    ("https://home.example", SENT),
    ("https://home.example/x", SENT),
    ("HTTPS://HOME.example:443/x", SENT),
    ("https://home.example\\@EVIL/x", SENT),
    ("https://home.example/@EVIL/x", SENT),
    ("https://home.example//EVIL/x", SENT),
    ("https://home.example#@EVIL/x", SENT),
    ("https://home.example?@EVIL/x", SENT),
    // Of other origins.
    ("http://EVIL/x", FOREIGN),
    ("HTTP://EVIL/x", FOREIGN),
    ("https://EVIL/x", FOREIGN),
    ("http://EVIL?x", FOREIGN),
    ("http://EVIL#home.example", FOREIGN),
    ("http://EVIL\\@home.example", FOREIGN),
    ("http://home.example/x", FOREIGN),
    ("https://home.example@EVIL/x", FOREIGN),
    ("https://home.example:443@EVIL/x", FOREIGN),
    ("https://home.example%2F@EVIL/x", FOREIGN),
    ("https://home.example.evil.test/x", FOREIGN),
    ("https://home.example./x", FOREIGN),
    ("http:///EVIL/x", FOREIGN),
    ("http://OWN/x", FOREIGN),
    ("ftp://EVIL/x", FOREIGN),
    ("file:///etc/passwd", FOREIGN),
    ("ws://EVIL/x", FOREIGN),
    // What no server could tell apart from another request.
    ("/\t/EVIL/x", BAD),
    ("/\n/EVIL/x", BAD),
    ("/x HTTP/1.1\r\nHost: EVIL\r\n\r\nGET /y", BAD),
    ("\t//EVIL/x", BAD),
    ("/x\0", BAD),
    ("/../../x", BAD),
    ("/..\\..\\x", BAD),
    ("/%2e%2E/x", BAD),
];

#[test]
fn no_form_of_a_documented_url_leads_away_from_the_target() {
    let (server, evil) = (Hostile::saying(json("200 OK", "{\"a\": 1}")), Hostile::canary());
    let form = |form: &str| form.replace("EVIL", &evil.authority()).replace("OWN", &server.authority());
    let mut contracts: Vec<(String, Value)> = Vec::new();
    for (index, (url, _)) in FORMS.iter().enumerate() {
        // One request each, also where two forms mean the same.
        let mut contract = get(&form(url));
        contract["request"]["headers"] = serde_json::json!({ "X-Form": index.to_string() });
        contracts.push((format!("form-{index:02}"), contract));
    }
    // They make it the docs' own origin.
    contracts.extend(
        (0..40).map(|index| (format!("home-{index}"), get(&format!("https://home.example/{index}")))),
    );
    let contracts: Vec<(&str, Value)> = contracts.iter().map(|(id, it)| (id.as_str(), it.clone())).collect();
    let run = Workspace::with(&contracts).verify_at(&format!("{}/api", server.url()), &[]);

    assert_eq!(evil.connections(), 0);
    let deliveries = server.deliveries();
    for (index, (url, expected)) in FORMS.iter().enumerate() {
        let index_text = index.to_string();
        let own = deliveries.iter().filter(|delivery| delivery.values("x-form") == [index_text.as_str()]);
        let own: Vec<_> = own.collect();
        let outcome = run.outcome(&format!("form-{index:02}"));
        if *expected == SENT {
            assert_eq!((outcome.as_str(), own.len()), ("passed", 1), "{url:?}");
        } else {
            assert_eq!((outcome.as_str(), own.len()), (*expected, 0), "{url:?}");
        }
    }
    for delivery in deliveries {
        assert_eq!(delivery.values("host"), [server.authority()], "{}", delivery.text());
        let target = delivery.target();
        assert!(
            target == "/api" || ["/api/", "/api?"].iter().any(|start| target.starts_with(start)),
            "{target}"
        );
        assert!(!target.contains(['\\', ' ', '#']) && target.is_ascii(), "{target}");
    }
    run.exits(3);
}

#[test]
fn a_run_whose_own_origin_is_somebody_elses_still_goes_to_the_target() {
    let (server, evil) = (Hostile::saying(json("200 OK", "{\"a\": 1}")), Hostile::canary());
    let run = Workspace::of(&get(&format!("{}/x", evil.url()))).verify(&server, &[]);
    run.ends(0, "passed");
    assert_eq!((server.deliveries().len(), evil.connections()), (1, 0));
}

#[test]
fn an_origin_that_was_mapped_goes_where_the_user_said() {
    let (server, other) =
        (Hostile::saying(json("200 OK", "{\"a\": 1}")), Hostile::saying(json("200 OK", "{\"a\": 1}")));
    let contracts = [
        ("a", get("https://home.example/a")),
        ("b", get("https://home.example/b")),
        ("c", get("https://other.example/v1/c")),
        ("d", get("https://third.example/d")),
    ];
    let map = format!("https://OTHER.example:443={}/base", other.url());
    let run = Workspace::with(&contracts).verify(&server, &["--map", &map]);
    assert_eq!(run.outcomes(), ["a: passed", "b: passed", "c: passed", "d: skipped foreign-origin"]);
    run.exits(0);
    assert_eq!(other.deliveries().iter().map(Delivery::target).collect::<Vec<_>>(), ["/base/v1/c"]);
    assert_eq!(server.deliveries().len(), 2);
}

#[test]
fn a_path_prefix_of_the_target_cannot_be_left() {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace =
        Workspace::with(&[("a", get("/v1.0/users")), ("b", get("/v1.0/../admin")), ("c", get("/other"))]);
    let target = format!("{}/api/", server.url());
    let run = workspace.verify_at(&target, &["--strip-prefix", "/v1.0", "-j", "1"]);
    run.exits(3);
    assert_eq!(run.outcome("b"), "errored request.bad_url");
    let targets: Vec<String> = server.deliveries().iter().map(Delivery::target).collect();
    assert_eq!(targets, ["/api/users", "/api/other"]);
}

#[test]
fn a_value_of_a_variable_stays_in_its_place() {
    let (server, evil) = (Hostile::saying(json("200 OK", "{\"a\": 1}")), Hostile::canary());
    let values = ["//EVIL/x", "../../x", "..", "a/b?c=d#e", "@EVIL", "\\\\EVIL", "x\r\nHost: EVIL"];
    for value in values {
        let value = format!("id={}", value.replace("EVIL", &evil.authority()));
        let run = Workspace::with(&[("path", get("/users/{id}/x")), ("query", get("/q?x={id}"))])
            .verify(&server, &["--variable", &value]);
        assert!(matches!(run.code, Some(0 | 3)), "{run:?}");
    }
    assert_eq!(evil.connections(), 0);
    for delivery in server.deliveries() {
        let target = delivery.target();
        assert!(
            target.starts_with("/users/") && target.ends_with("/x") || target.starts_with("/q?x="),
            "{target}"
        );
        assert_eq!(delivery.values("host"), [server.authority()]);
        assert!(delivery.values("x").is_empty());
    }
}

/// Below the path that a target has, others' paths are as far away as other hosts: a proxy or a server that decodes
/// `..%2f` would lead there.
#[rstest]
#[case::a_slash("/..%2fx", true)]
#[case::all_of_it("/%2e%2e%2fx", true)]
#[case::a_backslash("/..%5Cx", true)]
#[case::twice("/%252e%252e%252fx", true)]
#[case::a_parameter("/..;/x", true)]
#[case::dots_alone("/%2e%2e/x", true)]
#[case::below_it("/a/..%2fx", false)]
#[case::no_dots("/a%2fx", false)]
fn no_path_leaves_that_of_the_target_where_a_server_decodes_it(
    #[case] documented: &str,
    #[case] refused: bool,
) {
    let server = Hostile::saying(json("200 OK", "{\"a\": 1}"));
    let workspace = Workspace::of(&get(documented));
    let run = workspace.verify_at(&format!("{}/api", server.url()), &[]);
    run.ends(if refused { 3 } else { 0 }, if refused { BAD } else { "passed" });
    assert_eq!(server.deliveries().len(), usize::from(!refused));
    // A target without a path of its own has nothing beside it; URL parsers read away what is only dots.
    let anywhere = workspace.verify_at(&server.url(), &[]);
    anywhere.exits(if documented == "/%2e%2e/x" { 3 } else { 0 });
}
