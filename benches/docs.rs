//! What a page costs, against a parser that reads all of its Markdown; and that a hostile page costs what its length
//! costs, not the square of it.

#![expect(clippy::print_stdout, reason = "this is how a benchmark speaks")]

use criterion::{Criterion, Throughput, criterion_group};
use faithful::docs::{Annotations, read};
use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// A page of a reference: prose, tables, a template, and so many examples.
fn page(examples: usize) -> String {
    let mut page = String::from(
        "---\ntitle: Users\n---\n\n# Users\n\n## HTTP request\n\n<!-- { \"blockType\": \"ignored\" } -->\n```http\nGET /users/{id}\n```\n\n",
    );
    for number in 0..30 {
        let _ = writeln!(page, "|property {number}|string|What property number {number} of a user is for.|");
    }
    for number in 0..examples {
        let _ = write!(
            page,
            r#"
## Example {number}

This is how user {number} is asked for.

<!-- {{
  "blockType": "request",
  "name": "get_user_{number}"
}} -->
```http
GET https://api.example.com/v1.0/users/{number}
Accept: application/json
```

### Response

The response may be shortened.

<!-- {{ "blockType": "response", "truncated": true }} -->
```http
HTTP/1.1 200 OK
Content-Type: application/json

{{
  "id": "{number}",
  "displayName": "User {number}",
  "phones": ["+1 425 555 0100"]
}}
```
"#
        );
    }
    page
}

fn pages(criterion: &mut Criterion) {
    for (name, examples) in [("without a message", 0), ("with a pair", 1), ("with 20 pairs", 20)] {
        let page = if examples == 0 { page(0).replace("GET /", "see /") } else { page(examples) };
        let mut group = criterion.benchmark_group(format!("page {name}"));
        group.throughput(Throughput::Bytes(page.len() as u64));
        group.bench_function("faithful", |bencher| {
            bencher.iter(|| read("users.md", black_box(&page), Annotations::Optional));
        });
        group.bench_function("pulldown-cmark", |bencher| {
            bencher.iter(|| pulldown_cmark::Parser::new(black_box(&page)).count());
        });
        group.finish();
    }
}

/// What hostile pages consist of, in lines: behind a message, or inside of it.
const HOSTILE: [(&str, &str); 24] = [
    ("comments without end", "<!--\n"),
    ("comments", "<!-- --> <!-- --> <!-- --> `<!-- -->\n"),
    ("annotations", "<!-- {\"blockType\":\"request\"} -->\n"),
    ("annotations without end", "<!-- {\"blockType\":\"request\",\n"),
    (
        "pairs",
        "<!-- {\"blockType\":\"request\",\"name\":\"a\"} -->\n```\nGET /\n```\n<!-- {\"blockType\":\"response\"} -->\n```\nHTTP 200\n```\n",
    ),
    ("requests", "```\nGET /\n```\n"),
    ("responses", "<!-- {\"blockType\":\"response\",\"name\":[\"a\",\"b\"]} -->\n```\nHTTP 200\n```\n"),
    ("fences without end", "```http\n# h\n"),
    ("fences cut", "~~~~\n<!-- -->\n```\n<!-- -->\n"),
    ("fences in items", "- ```\n"),
    ("fences in quotes", "> ```\n"),
    ("items in items", "- - - - - - - - - - - - - - - -\n\n\n"),
    ("quotes in quotes", ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>\n"),
    ("figures", "1. 1. 1. 1. 1. 1. 1. 1. 1. 1. 1. 1.\n"),
    ("underlines", "a\n===\n"),
    ("elements", "<pre><xmp><code>\n# h\n"),
    ("elements of code", "<code></code><code><a\n"),
    ("requests in a fence", "GET /a\n"),
    ("queries", "&a=b\n"),
    ("brackets", "((((\n"),
    ("headers", "a: b\n"),
    ("arrays", "[[[[\n"),
    ("commas", "[,,\n"),
    ("quotes", "{'\"\n"),
];

/// The shortest of a few runs: what the work costs, and not what else the machine does.
fn time(text: &str) -> Duration {
    let run = || {
        let start = Instant::now();
        drop(black_box(read("page.md", black_box(text), Annotations::Optional)));
        start.elapsed()
    };
    (0..5).map(|_| run()).min().unwrap_or_default()
}

/// How the cost of a page grows with its length: a table of times for n and 2n bytes and their ratio, which is to be
/// 2.6 at most.
fn scaling() {
    for (name, unit) in HOSTILE {
        for (place, end) in [("behind", "```\n"), ("inside", "")] {
            let text = |bytes: usize| format!("```http\nGET /a\n\n{end}{}", unit.repeat(bytes / unit.len()));
            let (one, two) = (time(&text(2 * 1024 * 1024)), time(&text(4 * 1024 * 1024)));
            let ratio = two.as_secs_f64() / one.as_secs_f64();
            let verdict = if ratio > 2.6 { "grows too fast" } else { "" };
            println!("{place} {name:<25} {one:>12.3?} {two:>12.3?} {ratio:>6.2} {verdict}");
        }
    }
}

criterion_group!(benches, pages);

fn main() {
    scaling();
    benches();
}
