//! What curl sends for a command.

use super::{Files, Request, read};
use crate::docs::shell::Input;
use rstest::rstest;

struct Shown;

impl Files for Shown {
    fn content(&self, name: &str) -> Option<String> {
        (name == "a.txt").then(|| "one\ntwo\n".to_owned())
    }
}

fn request(words: &[&str]) -> Request {
    read(words, &Input::Text("given\n".to_owned()), &Shown).unwrap().unwrap()
}

/// As HTTP, but for the URL.
fn sent(words: &[&str]) -> String {
    let Request { method, url, headers, body, .. } = request(words);
    let headers: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    [vec![format!("{method} {url}")], headers, vec![body]].concat().join("|")
}

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

#[rstest]
#[case(&["http://h/x"], "GET http://h/x|".to_owned())]
#[case(&["h:1/x#y"], "GET http://h:1/x|".to_owned())]
#[case(&["-XPUT", "http://h/x", "-dvalue=a b"], format!("PUT http://h/x|{FORM}|value=a b"))]
#[case(&["http://h/x", "-d", "a=1", "--data", "b=2"], format!("POST http://h/x|{FORM}|a=1&b=2"))]
#[case(&["http://h/x", "-d", "@a.txt"], format!("POST http://h/x|{FORM}|onetwo"))]
#[case(&["http://h/x", "--data-binary", "@a.txt"], format!("POST http://h/x|{FORM}|one\ntwo\n"))]
#[case(&["http://h/x", "--data-raw", "@a.txt"], format!("POST http://h/x|{FORM}|@a.txt"))]
#[case(&["http://h/x", "-d", "@b.txt"], format!("POST http://h/x|{FORM}|<content of b.txt>"))]
#[case(&["http://h/x", "-d", "@-"], format!("POST http://h/x|{FORM}|given"))]
#[case(&["http://h/x", "--data-urlencode", "m[]=a {b}"], format!("POST http://h/x|{FORM}|m[]=a%20%7Bb%7D"))]
#[case(&["http://h/x", "--data-urlencode", "v@a.txt"], format!("POST http://h/x|{FORM}|v=one%0Atwo%0A"))]
#[case(&["-G", "http://h/x?c=3", "-d", "a=1"], "GET http://h/x?c=3&a=1|".to_owned())]
#[case(&["-sSLI", "--url", "http://h/x"], "HEAD http://h/x|".to_owned())]
#[case(&["-u", "ann:pw", "http://h/x"], "GET http://h/x|Authorization: Basic YW5uOnB3|".to_owned())]
#[case(&["http://ann:pw@h/x"], "GET http://h/x|Authorization: Basic YW5uOnB3|".to_owned())]
#[case(&["-H", "A: b", "-H", "C;", "-H", "D:", "h/x"], "GET http://h/x|A: b|C: |".to_owned())]
#[case(&["--json", "{}", "h/x"], "POST http://h/x|Content-Type: application/json|Accept: application/json|{}".to_owned())]
#[case(&["-d", "{}", "-H", "content-type: a/b", "h/x"], "POST http://h/x|content-type: a/b|{}".to_owned())]
#[case(&["-T", "a.txt", "h/x/"], "PUT http://h/x/a.txt|one\ntwo\n".to_owned())]
#[case(&["--max-time=3", "-o", "-", "-w", "%{http_code}", "h/x"], "GET http://h/x|".to_owned())]
#[case(&["{BASE_URL}/x"], "GET /x|".to_owned())]
#[case(&["$HOST/x"], "GET /x|".to_owned())]
fn curl_sends(#[case] words: &[&str], #[case] expected: String) {
    assert_eq!(sent(words), expected);
}

#[test]
fn a_form_with_a_file_is_multipart() {
    let request = request(&["-F", "a=1;type=text/x", "-F", "f=@a.txt", "--form-string", "s=@;x", "h/x"]);
    assert_eq!(request.method, "POST");
    let content_type = request.headers.get("content-type").unwrap();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let part = |rest: &str| format!("--{boundary}\r\nContent-Disposition: form-data; name={rest}\r\n");
    let expected = part("\"a\"\r\nContent-Type: text/x\r\n\r\n1")
        + &part("\"f\"; filename=\"a.txt\"\r\nContent-Type: application/octet-stream\r\n\r\none\ntwo\n")
        + &part("\"s\"\r\n\r\n@;x")
        + &format!("--{boundary}--\r\n");
    assert_eq!(request.body, expected);
}

#[rstest]
#[case(&["-X", "POST"], "it has no URL")]
#[case(&["http://a/", "http://b/"], "it has more than one URL")]
#[case(&["http://a/", "--frobnicate"], "curl has no option --frobnicate")]
#[case(&["http://a/", "-H", "x"], "a header has no colon")]
#[case(&["http://a/", "-d"], "the option -d has no value")]
fn what_curl_would_not_read_is_told_of(#[case] words: &[&str], #[case] why: &str) {
    assert_eq!(read(words, &Input::None, &Shown), Err(why.to_owned()));
}

#[test]
fn a_question_to_curl_itself_is_no_request() {
    assert_eq!(read(&["--version"], &Input::None, &Shown), Ok(None));
}
