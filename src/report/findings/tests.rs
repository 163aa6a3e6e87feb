use super::*;
use crate::source::Location;
use rstest::rstest;

/// What pages may put into a report: a command of a runner, line ends, a bidirectional override, a colour, a token.
const HOSTILE: [&str; 6] = [
    "\n::set-env name=PATH::/evil",
    "\r\n  ::warning::x",
    "##[group]x",
    "\u{202e}txet",
    "\u{1b}[31mred 100%",
    "ghp_0123456789abcdefghijklmnopqrstuvwxyzAB",
];

fn findings() -> Vec<Finding> {
    let finding = |code, file: &str, line, column, detail: &str| Finding {
        code,
        location: Location { file: file.to_owned(), line, column },
        detail: detail.to_owned(),
    };
    let mut findings = vec![
        finding(Code::UnpairedRequest, "./docs/users.md", 12, 0, "GET /users"),
        finding(Code::BodyRepaired, "docs/users.md", 31, 7, "trailing-comma"),
        finding(Code::SecretLike, "docs/a,b:c%.md", 3, 1, ""),
    ];
    let hostile = |text| finding(Code::UnpairedRequest, &format!("docs/{text}.md"), 1, 2, text);
    findings.extend(HOSTILE.iter().copied().map(hostile));
    findings
}

fn rendered(format: FindingsFormat) -> String {
    let findings = findings();
    let mut tally = Tally { pages: 9, contracts: 4, denied: 1, allowed: 2, ..Tally::default() };
    for finding in &findings {
        *tally.findings.entry(finding.code).or_default() += 1;
    }
    let listed = findings.iter().map(|finding| Listed {
        finding,
        level: match finding.code {
            Code::SecretLike => Level::Denied,
            code => Level::Of(code.severity()),
        },
        excerpt: (finding.code == Code::BodyRepaired).then(|| Excerpt {
            location: finding.location.clone(),
            text: "  [1, 2,]".to_owned(),
            from: 1,
            length: 1,
        }),
    });
    let mut out = Vec::new();
    render_findings(listed, &tally, format, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

const COUNTS: &str = "9 pages, 4 contracts: 9 findings, 1 denied, 2 allowed: unpaired-request 7, body-repaired 1, secret-like 1";

#[test]
fn short_is_a_line_each_and_the_counts_last() {
    let text = rendered(FindingsFormat::Short);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "./docs/users.md:12: warning: unpaired-request: a request that no response answers: GET /users"
    );
    assert!(lines[1].starts_with("docs/users.md:31:7: note: body-repaired: "), "{}", lines[1]);
    assert!(lines[2].starts_with("docs/a,b:c%.md:3:1: error: secret-like: "), "{}", lines[2]);
    assert_eq!(lines.len(), findings().len() + 1);
    assert_eq!(lines.last(), Some(&COUNTS));
}

#[test]
fn github_annotations_are_commands_of_our_own_and_nothing_else_is() {
    let text = rendered(FindingsFormat::GitHub);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "::warning file=docs/users.md,line=12,title=unpaired-request::a request that no response answers: GET /users; \
         add the response behind it, or annotate the request as ignored"
    );
    assert!(lines[1].starts_with("::notice file=docs/users.md,line=31,col=7,title=body-repaired::"));
    assert!(lines[2].starts_with("::error file=docs/a%2Cb%3Ac%25.md,line=3,col=1,title=secret-like::"));
    assert_eq!(lines.len(), findings().len() + 1);
    for line in &lines[..findings().len()] {
        let (properties, _) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        assert!(properties.contains(",title="), "{line}");
        assert!(!line.contains("##["), "{line}");
    }
    assert_eq!(lines.last(), Some(&COUNTS));
}

#[test]
fn json_is_stable_and_leaves_out_what_says_nothing() {
    let document: serde_json::Value = serde_json::from_str(&rendered(FindingsFormat::Json)).unwrap();
    assert_eq!(document["faithful"], 1);
    let summary = serde_json::json!({
        "pages": 9, "contracts": 4, "unreadable": 0, "findings": 9, "denied": 1, "allowed": 2,
        "by_code": { "body-repaired": 1, "secret-like": 1, "unpaired-request": 7 }
    });
    assert_eq!(document["summary"], summary);
    let first = serde_json::json!({
        "code": "unpaired-request", "level": "warning", "file": "./docs/users.md", "line": 12,
        "description": Code::UnpairedRequest.description(), "detail": "GET /users",
        "remedy": Code::UnpairedRequest.remedy()
    });
    assert_eq!(document["findings"][0], first);
    assert_eq!(document["findings"][1]["column"], 7);
    assert_eq!(document["findings"][2]["level"], "error");
}

#[cfg(feature = "cli")]
#[test]
fn pretty_shows_the_line_that_it_is_about() {
    let text = rendered(FindingsFormat::Pretty { color: Color::Plain });
    let expected = "\
note[body-repaired]: a body is not strict JSON, and was read by a repair that cannot change its meaning
  --> docs/users.md:31:7
   |
31 |   [1, 2,]
   |       ^
   |
   = note: trailing-comma
   = help: correct the JSON
";
    assert!(text.contains(expected), "{text}");
    assert!(text.contains("--> ./docs/users.md:12\n"), "{text}");
    assert_eq!(text.lines().last(), Some(COUNTS));
}

#[cfg(feature = "cli")]
#[rstest]
#[case(FindingsFormat::Short)]
#[case(FindingsFormat::GitHub)]
#[case(FindingsFormat::Pretty { color: Color::Plain })]
fn what_comes_of_a_page_neither_steers_nor_leaks(#[case] format: FindingsFormat) {
    let text = rendered(format);
    assert!(!text.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{text:?}");
    assert!(!text.contains("0123456789abcdef"), "{text}");
    let commands = text.lines().filter(|line| line.trim_start().starts_with("::"));
    let own = if format == FindingsFormat::GitHub { findings().len() } else { 0 };
    assert_eq!(commands.count(), own, "{text}");
}

#[test]
fn a_secret_is_masked_before_it_is_cut_short() {
    let secret = HOSTILE[5];
    let detail_of = |before: usize| {
        let finding = Finding {
            code: Code::UnpairedRequest,
            location: Location { file: "a.md".to_owned(), line: 1, column: 0 },
            detail: format!("{} {secret}", "x".repeat(before)),
        };
        detail(&finding).into_owned()
    };
    for before in DETAIL - secret.len()..DETAIL {
        assert!(!detail_of(before).contains("ghp_"), "{}", detail_of(before));
    }
}

#[rstest]
#[case::of_a_secret("{\"token\": \"ghp_0123456789abcdefghijklmnopqrstuvwxyzAB\"}", 12, "page.md:3:12", 10)]
#[case::behind_another(
    "ghp_0123456789abcdefghijklmnopqrstuvwxyzAB, glpat-ABCDEFGHIJ0123456789",
    45,
    "page.md:3:13",
    10
)]
#[case::of_what_is_no_secret("  [1,] // ghp_0123456789abcdefghijklmnopqrstuvwxyzAB", 5, "page.md:3:3", 18)]
fn a_masked_line_shows_the_place(
    #[case] text: &str,
    #[case] column: u32,
    #[case] place: &str,
    #[case] marked: usize,
) {
    let location = Location { file: "page.md".to_owned(), line: 3, column };
    let finding = Finding { code: Code::SecretLike, location: location.clone(), detail: String::new() };
    let excerpt = Excerpt { location, text: text.to_owned(), from: 1, length: 1 };
    let level = Level::Of(Code::SecretLike.severity());
    let listed = [Listed { finding: &finding, level, excerpt: Some(excerpt) }];
    let mut out = Vec::new();
    render_findings(
        listed.into_iter(),
        &Tally::default(),
        FindingsFormat::Pretty { color: Color::Plain },
        &mut out,
    )
    .unwrap();
    let shown = String::from_utf8(out).unwrap();
    assert!(shown.contains(&format!("{place}\n")), "{shown}");
    assert_eq!(shown.matches('^').count(), marked, "{shown}");
}
