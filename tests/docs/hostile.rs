//! Pages that are made to be expensive: nothing in them overflows a stack, hides a pair, or is copied without end. That
//! their cost grows with their length and not with its square is for `benches/docs.rs` to say.

use faithful::docs::{Annotations, Page, lint, read};
use faithful::finding::Code;
use faithful::message::Body;
use rstest::rstest;

/// Bytes of a hostile text.
const LONG: usize = 128 * 1024;

fn page(text: &str) -> Page {
    read("page.md", text, Annotations::Optional)
}

fn pair(request: &str, response: &str) -> String {
    format!("```http\n{request}\n```\n\n```http\n{response}\n```\n\n")
}

fn fill(unit: &str) -> String {
    unit.repeat(LONG / unit.len())
}

fn count(page: &Page, code: Code) -> usize {
    page.findings.iter().filter(|finding| finding.code == code).count()
}

/// What a page's text may consist of, over and over, so that a pair before it is still read.
#[rstest]
#[case::comments_without_end("<!--")]
#[case::comments_without_end_by_lines("<!--\n")]
#[case::comments("<!-- -->")]
#[case::comments_in_code("`<!-- -->")]
#[case::escaped_comments("\\<!--`")]
#[case::annotations("<!-- {\"blockType\":\"request\"} -->\n")]
#[case::annotations_without_end("<!-- {\"blockType\":\"request\",\n")]
#[case::fences_without_end("```http\n")]
#[case::fences_without_end_cut_by_headings("```http\n# h\n")]
#[case::fences_cut_by_comments("~~~~\n<!-- -->\n```\n<!-- -->\n")]
#[case::tildes("~~~ x\n")]
#[case::fences_in_items("- ```\n")]
#[case::fences_in_quotes("> ```\n")]
#[case::items_in_items("- ")]
#[case::items_in_items_by_lines("- - - - - - - -\n")]
#[case::figures("1. ")]
#[case::long_figures("1")]
#[case::quotes_in_quotes(">")]
#[case::quotes_of_items("> - ")]
#[case::stars("* ")]
#[case::underscores("_ \n")]
#[case::underlines("a\n===\n")]
#[case::headings("#")]
#[case::tabs("\t")]
#[case::blank_lines("\n")]
#[case::carriage_returns("\r")]
#[case::nul("\0")]
#[case::elements("<pre>")]
#[case::elements_in_lines("<pre>\n# h\n")]
#[case::elements_of_each_name("<xmp><code></code>")]
#[case::beginnings_of_tags("<pre><a")]
#[case::code("<code>\n")]
#[case::code_without_a_text("<code></code>")]
fn a_page_of_nothing_else_is_read(#[case] unit: &str) {
    let text = pair("GET /a", "HTTP/1.1 200 OK") + &fill(unit);
    assert!(page(&text).pairs.iter().any(|pair| pair.contract.request.url == "/a"));
}

/// What costs its square, or thousands of times what other text does, takes many times as long as this even for so little.
#[rstest]
#[case::elements_in_one_line(&(("<pre><br>".repeat(450) + "</xmp></code></pre>\n").repeat(64)))]
#[case::answers_behind_a_long_url(
    &(pair("GET /a", "HTTP/1.1 200 OK") + "GET /" + &fill("z") + "\n\n" + &fill("```http\nHTTP/1.1 200\n```\n"))
)]
#[case::answers_to_many_requests_behind_another(
    &(pair(&"GET /a\n".repeat(9_000), "HTTP/1.1 200 OK") + &fill("`PUT /b`\n\n```http\nHTTP/1.1 200\n```\n"))
)]
#[case::remarks_between_requests(&pair(&("GET /a\n".to_owned() + &fill("# a\n") + "GET /b"), "HTTP/1.1 200 OK"))]
#[case::remarks_before_an_answer(&pair("GET /a", &("HTTP/1.1 200 OK\n".to_owned() + &fill("---\n") + "HTTP/1.1 201")))]
#[case::comments_among_headers(&pair(&("GET /a\n".to_owned() + &fill("<!-- a -->\n")), "HTTP/1.1 200 OK"))]
#[case::commands_of_one_block(&format!("```\n{}```\n\n```json\n{{}}\n```\n", fill("curl http://127.0.0.1/a\n")))]
#[case::sections_of_answers(&(pair("GET /a", "HTTP/1.1 200 OK") + &fill("## Response\n").repeat(8)))]
#[case::sections_of_requests(&fill(&format!("# HTTP request\n```\nGET /a\n```\n## Example\n{}", pair("GET /a", "HTTP/1.1 200 OK"))))]
#[case::members_of_one_name(&pair("GET /a", &("HTTP/1.1 200 OK\n\n{".to_owned() + &fill("\"a\":1,") + "\"a\":1}")))]
fn a_page_of_this_costs_no_more_than_others(#[case] text: &str) {
    let start = std::time::Instant::now();
    lint("page.md", text, Annotations::Optional);
    assert!(start.elapsed() < std::time::Duration::from_secs(8), "{:?}", start.elapsed());
}

/// What the text of a request and of a response may consist of.
#[rstest]
#[case::continued_queries("&a=b\n")]
#[case::open_brackets("(\n")]
#[case::headers("a: b\n")]
#[case::lines_that_are_no_headers("text\n")]
#[case::blank_lines("\n")]
#[case::arrays("[")]
#[case::objects("{\"a\":")]
#[case::commas("[,")]
#[case::quotes("{'\"")]
#[case::words("{a ")]
#[case::ellipses("[...,")]
#[case::colons(": ")]
#[case::tokens("eyJhbGciOi.")]
#[case::passwords("://a:b@")]
fn a_message_of_nothing_else_is_read(#[case] unit: &str) {
    let text = fill(unit);
    for messages in [
        pair(&format!("GET /a\n{text}"), "HTTP/1.1 200 OK"),
        pair("GET /a", &format!("HTTP/1.1 200 OK\n\n{text}")),
        pair(&format!("POST /a\n\n{{\"a\": [\n{text}"), "HTTP/1.1 200 OK"),
    ] {
        assert_eq!(page(&messages).pairs.len(), 1);
    }
}

#[test]
fn ever_shorter_fences_without_end_are_read() {
    let text: String =
        (3..1024).rev().flat_map(|length| ["`".repeat(length), "\n# h\n".to_owned()]).collect();
    assert!(page(&(pair("GET /a", "HTTP/1.1 200 OK") + &text)).pairs.len() == 1);
}

#[test]
fn tens_of_thousands_of_annotations_are_read() {
    let pairs = 10_000;
    let text = "<!-- {\"blockType\":\"request\",\"name\":\"a\"} -->\n```\nGET /\n```\n<!-- {\"blockType\":\"response\"} -->\n```\nHTTP 200\n```\n";
    let page = page(&text.repeat(pairs));
    assert_eq!(page.pairs.len(), pairs);
    assert_eq!(count(&page, Code::DuplicateName), pairs - 1);
}

/// As many as the largest page that is read can hold, pairs among them.
#[test]
fn two_hundred_thousand_annotations_are_read() {
    let pair = "<!--{\"blockType\":\"request\"}-->\n```\nGET /\n```\n<!--{\"blockType\":\"response\"}-->\n```\nHTTP 200\n```\n";
    let text = pair.repeat(20_000) + &"<!--{\"blockType\":\"ignored\"}-->\n".repeat(160_000);
    assert!((6..8).contains(&(text.len() / 1024 / 1024)));
    let page = page(&text);
    assert_eq!((page.pairs.len(), page.findings.len()), (20_000, 0));
}

#[test]
fn names_that_are_borne_by_thousands_are_found() {
    let requests = "<!-- {\"blockType\":\"request\",\"name\":\"a\"} -->\n```\nGET /\n```\n".repeat(3_000);
    let responses =
        "<!-- {\"blockType\":\"response\",\"name\":\"a\"} -->\n```\nHTTP 200\n```\n".repeat(6_000);
    assert_eq!(page(&(requests + &responses)).pairs.len(), 6_000);
}

#[test]
fn an_answer_that_thousands_share_is_not_copied_without_end() {
    let requests = "GET /a\n".repeat(50_000);
    let response = format!("HTTP/1.1 200 OK\n\n{}", fill("text\n"));
    let page = page(&pair(&requests, &response));
    assert_eq!(count(&page, Code::TooManyPairs), 1);
    let size = |body: &Body| if let Body::Text(text) = body { text.len() } else { 0 };
    let kept: usize = page.pairs.iter().map(|pair| size(&pair.contract.response.body)).sum();
    assert!((1024 * 1024..=16 * 1024 * 1024).contains(&kept), "{kept}");
}

#[test]
fn an_annotation_with_thousands_of_names_is_read() {
    let names = fill("\"a name\",");
    let text = format!(
        "<!-- {{\"blockType\":\"response\",\"name\":[{names}\"b\"]}} -->\n```http\nHTTP/1.1 200 OK\n```\n"
    );
    assert_eq!(page(&(pair("GET /a", "HTTP/1.1 200 OK") + &text)).pairs.len(), 2);
}

#[rstest]
#[case::keys("\"a\":1,")]
#[case::depth("\"a\":[")]
#[case::repairs("a:'b',,")]
fn a_huge_annotation_is_read_or_left_out(#[case] unit: &str) {
    let text = format!("<!-- {{\"blockType\":\"request\",{}}} -->\n```http\nGET /b\n```\n", fill(unit));
    let page = page(&(pair("GET /a", "HTTP/1.1 200 OK") + &text));
    assert_eq!(page.pairs.len(), 1);
    assert!(count(&page, Code::MalformedAnnotation) + count(&page, Code::RepeatedKey) > 0);
}

#[test]
fn findings_beyond_all_reason_are_counted() {
    let requests = 12_000;
    let page = page(&"```\nGET /\n```\n".repeat(requests));
    assert_eq!(count(&page, Code::UnpairedRequest), 10_000);
    let rest = page.findings.iter().find(|finding| finding.code == Code::TooManyFindings).unwrap();
    assert_eq!(rest.detail, (requests - 10_000).to_string());
}
