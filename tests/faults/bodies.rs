//! Bodies that are too much, wrongly coded, or not what JSON is.

use crate::hostile::{Hostile, Step, answer, head, json};
use crate::run::{Run, Workspace, get, sending};
use flate2::Compression;
use flate2::write::GzEncoder;
use rstest::rstest;
use serde_json::{Value, json};
use std::io::Write;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn coded(coding: &str, body: &[u8]) -> Vec<u8> {
    answer("200 OK", &[("Content-Type", "application/json"), ("Content-Encoding", coding)], body)
}

fn verify(answer: Vec<u8>) -> Run {
    Workspace::of(&get("/x")).verify(&Hostile::saying(answer), &[])
}

#[rstest]
fn what_a_gzip_bomb_becomes_is_capped_whatever_the_status(
    #[values("200 OK", "302 Found", "500 Internal Server Error")] status: &str,
) {
    // 64 MiB once they are decoded.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let piece = vec![b' '; 1 << 16];
    (0..1024).for_each(|_| encoder.write_all(&piece).unwrap());
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 1 << 20);
    let fields = [("Content-Type", "application/json"), ("Content-Encoding", "gzip"), ("Location", "/y")];
    let run = verify(answer(status, &fields, &bomb));
    run.ends(3, "errored body.too_large").within(2 * SECOND).holding_at_most(32);
}

#[test]
fn gzip_without_end_is_given_up() {
    // Empty blocks: much comes, nothing comes out.
    let start = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255].to_vec();
    let empty = [0, 0, 0, 255, 255].repeat(800);
    let server = Hostile::playing(vec![
        Step::Write(head("200 OK", &[("Content-Type", "application/json"), ("Content-Encoding", "gzip")])),
        Step::Write(start),
        Step::Flood(empty),
    ]);
    let run = Workspace::of(&get("/x")).verify(&server, &["--max-time", "20s"]);
    run.exits(3).within(20 * SECOND).holding_at_most(32);
    assert_eq!(run.outcome("it"), "errored body.too_large", "what comes in is capped too");
}

#[test]
fn gzip_is_undone() {
    verify(coded("gzip", &gzip(b"{\"a\": 1}"))).ends(0, "passed");
    verify(coded("X-GZIP", &gzip(b"{\"a\": \"1\"}"))).ends(1, "failed type");
}

#[rstest]
#[case::cut(|mut coded: Vec<u8>| { coded.truncate(coded.len() - 3); coded })]
#[case::another_checksum(|mut coded: Vec<u8>| { let at = coded.len() - 6; coded[at] ^= 1; coded })]
#[case::another_length(|mut coded: Vec<u8>| { let at = coded.len() - 1; coded[at] ^= 1; coded })]
#[case::no_gzip_at_all(|_| b"{\"a\": 1}".to_vec())]
fn broken_gzip_is_no_mismatch(#[case] damage: fn(Vec<u8>) -> Vec<u8>) {
    verify(coded("gzip", &damage(gzip(b"{\"a\": 1}")))).ends(3, "errored body.bad_gzip");
}

#[rstest]
#[case("br")]
#[case("deflate")]
#[case("zstd")]
#[case("gzip, gzip")]
#[case("gzip, br")]
#[case("mystery")]
fn a_coding_that_was_not_asked_for_is_never_compared(#[case] coding: &str) {
    verify(coded(coding, b"{\"a\": 1}")).ends(3, "errored body.unsupported_encoding");
}

#[test]
fn codings_on_several_lines_are_one_list() {
    let fields =
        [("Content-Type", "application/json"), ("Content-Encoding", "identity"), ("Content-Encoding", "br")];
    verify(answer("200 OK", &fields, b"{\"a\": 1}")).ends(3, "errored body.unsupported_encoding");
}

#[test]
fn nothing_coded_as_gzip_is_nothing() {
    verify(coded("gzip", b"")).ends(1, "failed body-missing");
    let mut contract = get("/x");
    contract["response"].as_object_mut().unwrap().remove("json");
    let run = Workspace::of(&contract).verify(&Hostile::saying(coded("gzip", b"")), &[]);
    run.ends(0, "passed");
    assert_eq!(run.verdict("it").get("mismatches"), None);
}

#[rstest]
#[case::as_documented(b"{\"a\": 1}", 0, "passed")]
#[case::broken(b"{\"a\": \"1\"}", 1, "failed type")]
fn bytes_behind_the_end_of_gzip_are_left_out_and_told(
    #[case] body: &[u8],
    #[case] code: i32,
    #[case] outcome: &str,
) {
    let run = verify(coded("gzip", &[gzip(body).as_slice(), b"\0\0 garbage"].concat()));
    run.exits(code);
    assert!(run.outcome("it").starts_with(outcome), "{}", run.outcome("it"));
    let told = &run.verdict("it")["mismatches"];
    let told = told.as_array().unwrap().iter().find(|mismatch| mismatch["rule"] == "encoding").unwrap();
    assert_eq!(told["severity"], "warn");
    assert!(told["why"].as_str().unwrap().starts_with("body.surplus"), "{told}");
}

#[test]
fn megabytes_of_tiny_objects_are_given_up() {
    // 12 MiB, less than the limit of an answer.
    let (piece, times) = ("{},".repeat(1024), 4096);
    let length = (piece.len() * times + 4).to_string();
    let fields = [("Content-Type", "application/json"), ("Content-Length", length.as_str())];
    let server = Hostile::playing(vec![
        Step::Write(head("200 OK", &fields)),
        Step::Write(b"[".to_vec()),
        Step::Repeat(piece.into_bytes(), times),
        Step::Write(b"{}]".to_vec()),
    ]);
    let run = Workspace::of(&get("/x")).verify(&server, &[]);
    run.ends(3, "errored json.too_many_nodes").within(2 * SECOND).holding_at_most(160);
}

#[test]
fn a_hundred_thousand_nested_arrays_are_given_up() {
    let run = verify(json("200 OK", &("[".repeat(100_000) + &"]".repeat(100_000))));
    run.ends(3, "errored body.too_deep").within(SECOND);
}

#[test]
fn a_string_that_is_too_long_is_given_up() {
    let (piece, times) = (vec![b'x'; 1 << 12], 9 << 8);
    let length = (piece.len() * times + 9).to_string();
    let fields = [("Content-Type", "application/json"), ("Content-Length", length.as_str())];
    let server = Hostile::playing(vec![
        Step::Write(head("200 OK", &fields)),
        Step::Write(b"{\"a\": \"".to_vec()),
        Step::Repeat(piece, times),
        Step::Write(b"\"}".to_vec()),
    ]);
    let run = Workspace::of(&get("/x")).verify(&server, &[]);
    run.ends(3, "errored body.too_large").within(2 * SECOND);
}

/// A body that is no JSON text is a mismatch that names the place.
#[rstest]
#[case::not_a_number("{\"a\": NaN}", 1, 7)]
#[case::infinity("{\"a\": Infinity}", 1, 7)]
#[case::less_than_infinity("{\"a\": -Infinity}", 1, 8)]
#[case::a_comment("{\"a\": 1} // one", 1, 10)]
#[case::a_comment_inside("{/* one */\"a\": 1}", 1, 2)]
#[case::a_trailing_comma("{\"a\": 1,}", 1, 9)]
#[case::a_trailing_comma_in_an_array("[1,\n2,]", 2, 3)]
#[case::two_documents("{\"a\": 1}\n{\"a\": 1}", 2, 1)]
#[case::single_quotes("{'a': 1}", 1, 2)]
#[case::a_name_without_quotes("{a: 1}", 1, 2)]
#[case::a_leading_zero("{\"a\": 01}", 1, 8)]
#[case::hexadecimal("{\"a\": 0x1}", 1, 8)]
#[case::a_bare_point("{\"a\": .5}", 1, 7)]
#[case::a_plus("{\"a\": +1}", 1, 7)]
#[case::a_lone_surrogate("{\"a\": \"\\ud800\"}", 1, 8)]
#[case::surrogates_the_wrong_way_round("{\"a\": \"\\udc00\\ud800\"}", 1, 8)]
#[case::a_control_character("{\"a\": \"\u{1}\"}", 1, 8)]
#[case::an_unknown_escape("{\"a\": \"\\x41\"}", 1, 8)]
#[case::python("{\"a\": True}", 1, 7)]
#[case::a_login_page("<!DOCTYPE html>", 1, 1)]
#[case::words("OK", 1, 1)]
fn a_body_that_is_not_json_is_a_mismatch_with_its_place(
    #[case] body: &str,
    #[case] line: u64,
    #[case] column: u64,
) {
    let run = verify(json("200 OK", body));
    run.ends(1, "failed body-not-json");
    let mismatch = &run.verdict("it")["mismatches"][0];
    let why = mismatch["why"].as_str().unwrap();
    assert!(why.contains(&format!("line {line}")) && why.contains(&format!("column {column}")), "{why}");
}

#[test]
fn a_body_that_is_not_json_is_shown_escaped() {
    let run = verify(json("200 OK", "\u{1b}[31mred\u{202e}\u{7}\n::error::x"));
    run.ends(1, "failed body-not-json");
    let printed = run.printed();
    assert!(!printed.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{printed:?}");
    assert!(!printed.lines().any(|line| line.trim_start().starts_with("::")), "{printed}");
}

/// Bytes that are no UTF-8 hide differences once they are replaced.
#[rstest]
#[case::latin_1(b"{\"a\": \"\xe9\"}", 7)]
#[case::cut_within_a_character(b"{\"a\": \"\xc3\"}", 7)]
#[case::overlong(b"{\"a\": \"\xc0\xaf\"}", 7)]
#[case::a_surrogate(b"{\"a\": \"\xed\xa0\x80\"}", 7)]
#[case::utf_16(b"\xff\xfe{\0}\0", 0)]
#[case::utf_16_big_endian(b"\xfe\xff\0{\0}", 0)]
#[case::utf_32(b"\xff\xfe\0\0{\0\0\0}\0\0\0", 0)]
#[case::utf_32_big_endian(b"\0\0\xfe\xff\0\0\0{\0\0\0}", 0)]
fn bytes_that_are_not_utf8_are_not_json(#[case] body: &[u8], #[case] offset: u64) {
    let run = verify(answer("200 OK", &[("Content-Type", "application/json; charset=utf-8")], body));
    run.ends(1, "failed body-not-json");
    let why = run.verdict("it")["mismatches"][0]["why"].as_str().unwrap();
    assert!(why.contains("UTF-8") && why.contains(&format!("column {}", offset + 1)), "{why}");
}

#[rstest]
#[case(b"\xff\xfe{\0}\0", "FF FE")]
#[case(b"\xfe\xff\0{\0}", "FE FF")]
#[case(b"\xff\xfe\0\0{\0\0\0}\0\0\0", "FF FE 00 00")]
#[case(b"\0\0\xfe\xff\0\0\0{\0\0\0}", "00 00 FE FF")]
fn the_mark_of_another_encoding_is_named(#[case] body: &[u8], #[case] mark: &str) {
    let run = verify(answer("200 OK", &[("Content-Type", "application/json")], body));
    run.ends(1, "failed body-not-json");
    let why = run.verdict("it")["mismatches"][0]["why"].as_str().unwrap();
    assert!(why.contains(&format!("byte order mark {mark} ")), "{why}");
}

#[test]
fn a_byte_order_mark_is_a_warning() {
    let run = verify(json("200 OK", "\u{feff}{\"a\": 1}"));
    run.ends(0, "passed");
    let mismatch = &run.verdict("it")["mismatches"][0];
    assert_eq!((mismatch["rule"].as_str(), mismatch["severity"].as_str()), (Some("encoding"), Some("warn")));
}

#[rstest]
#[case::other_values("{\"a\": 1, \"a\": 2}", 1, "failed duplicate-member")]
#[case::equal_values("{\"a\": 1, \"a\": 1}", 0, "passed")]
#[case::spelled_in_two_ways("{\"a\": 1, \"\\u0061\": 2}", 1, "failed duplicate-member")]
fn repeated_members_are_told(#[case] body: &str, #[case] code: i32, #[case] outcome: &str) {
    let run = verify(json("200 OK", body));
    run.ends(code, outcome);
    assert_eq!(run.verdict("it")["mismatches"][0]["rule"], "duplicate-member");
}

#[rstest]
#[case::nothing("")]
#[case::blanks(" \r\n\t ")]
fn no_body_is_a_missing_body(#[case] body: &str) {
    verify(json("200 OK", body)).ends(1, "failed body-missing");
}

#[test]
fn a_login_page_is_called_one() {
    let page = answer("200 OK", &[("Content-Type", "text/html")], b"<!DOCTYPE html><title>Sign in</title>");
    let run = verify(page);
    run.exits(1);
    let mismatches = run.verdict("it")["mismatches"].as_array().unwrap();
    let media = mismatches.iter().find(|mismatch| mismatch["rule"] == "content-type").unwrap();
    assert!(media["why"].as_str().unwrap().contains("login"), "{media}");
}

/// Answers with what was sent or not, compared by its digits.
#[rstest]
#[case::the_same("18446744073709551616", "18446744073709551616", None)]
#[case::one_more("18446744073709551616", "18446744073709551617", Some("precision"))]
#[case::beyond_53_bits("9007199254740993", "9007199254740992", Some("precision"))]
#[case::beyond_128_bits(
    "340282366920938463463374607431768211457",
    "340282366920938463463374607431768211456",
    Some("precision")
)]
#[case::a_fraction_of_nothing("18446744073709551616", "18446744073709551616.0", None)]
#[case::an_exponent("1000000000000000000000", "1e21", None)]
#[case::a_tenth("0.1", "0.10000000000000000555", Some("echo"))]
#[case::more_than_a_float_holds("1e400", "10e399", None)]
#[case::less_than_a_float_holds("1e-400", "0", Some("echo"))]
fn numbers_are_compared_by_their_digits(
    #[case] documented: &str,
    #[case] came: &str,
    #[case] broken: Option<&str>,
) {
    let number: &serde_json::value::RawValue = serde_json::from_str(documented).unwrap();
    // Written as text: a tree of serde_json would round the digits away.
    let contract = sending("POST", "/x").to_string();
    let contract = contract.replace(r#"{"name":"x"}"#, &format!(r#"{{"n":{number}}}"#));
    let contract = contract.replace(r#"{"a":1}"#, &format!(r#"{{"n":{number}}}"#));
    let workspace = Workspace::new();
    workspace.file("contracts/it.json", contract);
    let server = Hostile::saying(json("200 OK", &format!("{{\"n\": {came}}}")));
    let run = workspace.verify(&server, &[]);
    match broken {
        None => run.ends(0, "passed"),
        Some(rule) => run.ends(1, &format!("failed {rule}")),
    };
    let sent = server.deliveries()[0].text();
    assert!(sent.contains(documented), "{sent}");
}

#[test]
fn one_is_one_point_nothing_at_every_level() {
    let shape = |one: &str| format!(r#"{{"n": {one}, "o": {{"n": [{one}, {{"n": {one}}}]}}}}"#);
    let sent: Value = serde_json::from_str(&shape("1")).unwrap();
    let mut contract = sending("POST", "/x");
    contract["request"]["json"] = sent.clone();
    contract["response"]["json"] = sent;
    let workspace = Workspace::of(&contract);
    workspace.verify(&Hostile::saying(json("200 OK", &shape("1.0"))), &[]).ends(0, "passed");
    let run = workspace.verify(&Hostile::saying(json("200 OK", &shape("1.00000000000000000001"))), &[]);
    assert!(run.exits(1).outcome("it").starts_with("failed echo"), "{}", run.outcome("it"));
}

#[test]
fn a_number_beyond_any_float_is_lawful_json() {
    verify(json("200 OK", "{\"a\": 1e999}")).ends(0, "passed");
}

/// JSON is UTF-8 whatever its charset says; a text is what its charset says.
#[rstest]
#[case::json_in_utf_8("application/json; charset=iso-8859-1", "{\"a\": \"é\"}".as_bytes(), 0, "passed")]
#[case::json_in_latin_1(
    "application/json; charset=iso-8859-1",
    b"{\"a\": \"\xe9\"}",
    1,
    "failed body-not-json"
)]
fn of_json_the_charset_says_nothing(
    #[case] media: &str,
    #[case] body: &[u8],
    #[case] code: i32,
    #[case] outcome: &str,
) {
    let mut contract = get("/x");
    contract["response"]["json"] = json!({ "a": "x" });
    let run = Workspace::of(&contract)
        .verify(&Hostile::saying(answer("200 OK", &[("Content-Type", media)], body)), &[]);
    run.ends(code, outcome);
    let told = run.verdict("it")["mismatches"].as_array().unwrap();
    assert!(code == 1 || told.iter().any(|mismatch| mismatch["rule"] == "encoding"), "{told:?}");
}

#[rstest]
#[case::by_its_charset("text/plain; charset=iso-8859-1", b"caf\xe9", 0, "passed")]
#[case::not_by_another("text/plain; charset=iso-8859-1", "café".as_bytes(), 1, "failed value")]
#[case::as_utf_8_without_one("text/plain", "café".as_bytes(), 0, "passed")]
fn a_text_is_what_its_charset_makes_of_it(
    #[case] media: &str,
    #[case] body: &[u8],
    #[case] code: i32,
    #[case] outcome: &str,
) {
    let mut contract = get("/x");
    let response = contract["response"].as_object_mut().unwrap();
    response.remove("json");
    response.insert("text".into(), "café".into());
    response.insert("headers".into(), json!({ "Content-Type": "text/plain" }));
    let server = Hostile::saying(answer("200 OK", &[("Content-Type", media)], body));
    Workspace::of(&contract).verify(&server, &["--profile", "mock"]).ends(code, outcome);
}

/// What the page leaves out may be anything; what it only begins is a beginning at its end alone.
#[rstest]
#[case::as_it_is(r#"{"list": [1], "text": "so it be...", "dots": "a ... b"}"#, 0, "passed")]
#[case::more(r#"{"list": [1, 2, 3], "text": "so it begins", "dots": "a ... b"}"#, 0, "passed")]
#[case::another_beginning(r#"{"list": [1], "text": "thus", "dots": "a ... b"}"#, 1, "failed value")]
#[case::dots_inside(r#"{"list": [1], "text": "so it be", "dots": "a x b"}"#, 1, "failed value")]
#[case::less(r#"{"list": [], "text": "so it be", "dots": "a ... b"}"#, 1, "failed array-length")]
fn what_is_elided_is_not_held(#[case] body: &str, #[case] code: i32, #[case] outcome: &str) {
    let mut contract = get("/x");
    contract["response"]["json"] = json!({ "list": [1], "text": "so it be...", "dots": "a ... b" });
    contract["response"]["elided"] = json!(["/list", "/text"]);
    let server = Hostile::saying(json("200 OK", body));
    let run = Workspace::of(&contract).verify(&server, &["--profile", "golden"]);
    run.ends(code, outcome);
    assert!(code == 1 || run.verdict("it")["unchecked"].as_u64() >= Some(1), "{}", run.verdict("it"));
}

/// Both sides as long as the budget of values allows: no pairing of every element with every other.
#[rstest]
#[case::by_type("service", 0, "passed")]
#[case::literally("golden", 1, "failed value")]
fn a_hundred_thousand_elements_turned_round_are_compared_in_time(
    #[case] profile: &str,
    #[case] code: i32,
    #[case] outcome: &str,
) {
    let figures: Vec<String> = (0..100_000).map(|figure| figure.to_string()).collect();
    let array = |figures: &mut dyn Iterator<Item = &String>| {
        format!("[{}]", figures.cloned().collect::<Vec<_>>().join(",\n"))
    };
    let mut contract = get("/x");
    contract["response"]["json"] = json!([]);
    let shown = format!("\"json\":{}", array(&mut figures.iter()));
    let workspace = Workspace::new();
    workspace.file("contracts/it.json", contract.to_string().replace("\"json\":[]", &shown));
    let server = Hostile::saying(json("200 OK", &array(&mut figures.iter().rev())));
    let run = workspace.verify(&server, &["--profile", profile]);
    run.exits(code).within(2 * SECOND).holding_at_most(160);
    assert!(run.outcome("it").starts_with(outcome), "{}", run.outcome("it"));
    let told = run.verdict("it").get("mismatches").and_then(Value::as_array).map_or(0, Vec::len);
    assert!(told <= 50, "{told}");
}

/// A stream is an answer like any other: what has no end in time is given up, and never taken for whole.
#[rstest]
#[case::events("text/event-stream", b"data: {\"a\": 1}\n\n")]
#[case::octets("application/octet-stream", b"\0\x01\x02")]
#[case::parts("multipart/mixed; boundary=x", b"--x\r\nContent-Type: text/plain\r\n\r\na\r\n")]
fn a_body_that_never_ends_costs_one_deadline(#[case] media: &str, #[case] piece: &[u8]) {
    let server = Hostile::playing(vec![
        Step::Write(head("200 OK", &[("Content-Type", media)])),
        Step::Write(piece.to_vec()),
        Step::Hang,
    ]);
    let mut contract = get("/x");
    let response = contract["response"].as_object_mut().unwrap();
    response.remove("json");
    response.insert("text".into(), "<stream>".into());
    response.insert("headers".into(), json!({ "Content-Type": media }));
    let run = Workspace::of(&contract).verify(&server, &["--max-time", "1s"]);
    run.exits(3).within(2 * SECOND);
    assert!(run.outcome("it").starts_with("errored net."), "{}", run.outcome("it"));
}

/// Octets are held to their length and their bytes, where anything is said of them.
#[rstest]
#[case::the_same(b"\0\x01\x02", 0, "passed")]
#[case::longer(b"\0\x01\x02\x03", 1, "failed value")]
#[case::others(b"\0\x01\x03", 1, "failed value")]
#[case::none(b"", 1, "failed body-missing")]
fn octets_are_compared_as_such(#[case] body: &[u8], #[case] code: i32, #[case] outcome: &str) {
    let mut contract = get("/x");
    let response = contract["response"].as_object_mut().unwrap();
    response.remove("json");
    response.insert("base64".into(), "AAEC".into());
    response.insert("headers".into(), json!({ "Content-Type": "image/png" }));
    let server = Hostile::saying(answer("200 OK", &[("Content-Type", "image/png")], body));
    Workspace::of(&contract).verify(&server, &["--profile", "mock"]).ends(code, outcome);
}

#[test]
fn long_arrays_are_compared_in_time() {
    let elements: Vec<String> = (0..30_000).map(|index| format!("{{\"id\":{index}}}")).collect();
    let reversed: Vec<String> =
        elements.iter().rev().map(|element| element.replace("\"id\"", "\"ids\"")).collect();
    let mut contract = get("/x");
    contract["response"]["json"] = json!({ "value": [] });
    let contract = contract.to_string().replace("[]", &format!("[{}]", elements.join(",")));
    let workspace = Workspace::new();
    workspace.file("contracts/it.json", contract);
    let server = Hostile::saying(json("200 OK", &format!("{{\"value\": [{}]}}", reversed.join(","))));
    let run = workspace.verify(&server, &[]);
    run.ends(1, "failed member-missing").within(2 * SECOND).holding_at_most(160);
}
