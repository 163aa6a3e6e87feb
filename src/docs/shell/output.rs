//! Output: what a terminal showed → the answer in it.

use super::caption::{is_caption, unmarked};
use super::label::{file_name, status};
use crate::docs::http_text::{Start, begins_with_status, start_of};

/// The answer that a text shows, and how many lines stand above it; nothing where it shows none.
///
/// Comment marks, captions, progress meters and the talk of `curl -v` are taken off. Of several answers, as a redirect
/// gives them, the last is meant.
pub(in crate::docs) fn as_answer(text: &str) -> Option<(String, u32)> {
    answer_in(text, false)
}

/// The same of what stands behind a command: a comment above it may name its status.
pub(in crate::docs) fn as_shown(text: &str) -> Option<(String, u32)> {
    answer_in(text, true)
}

fn answer_in(text: &str, is_shown: bool) -> Option<(String, u32)> {
    let bare = uncommented(text);
    let text = bare.as_deref().unwrap_or(text);
    if let Some(found) = verbose(text) {
        return Some(found);
    }
    let mut above = 0;
    let mut from = 0;
    // The status that is named above the answer, the lines above that, and where the next one begins.
    let mut named: Option<(u16, u32, usize)> = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        let is_arrow = matches!(bare, "=>" | "->" | "==>");
        // A comment above data says what it is.
        let is_comment = bare.starts_with("// ") || bare.starts_with("# ") || is_html_comment(bare);
        let is_comment = is_comment && data_follows(text, from);
        let behind = from + line.len();
        let is_caption = !bare.is_empty() && is_caption(bare, text.get(behind..).unwrap_or_default());
        if !(bare.is_empty() || is_meter(bare) || is_arrow || is_comment || is_caption) {
            break;
        }
        if (is_caption || (is_comment && is_shown))
            && let Some(code) = status(bare)
        {
            named = Some((code, above, behind));
        }
        above += 1;
        from = behind;
    }
    let rest = text.get(from..).unwrap_or_default();
    let unmarked = unmarked(rest);
    let rest = unmarked.as_deref().unwrap_or(rest);
    if let Some((code, above, behind)) = named.filter(|_| unmarked.is_none() && !begins_with_status(rest)) {
        let rest = text.get(behind..).unwrap_or_default().trim_end();
        return (!rest.trim().is_empty()).then(|| (format!("HTTP {code}\n{rest}"), above));
    }
    // Of `HTTP/1.1 302 …` and `HTTP/1.1 200 …` the second is the answer.
    let mut from = 0;
    if start_of(rest.lines().next().unwrap_or_default()) == Start::Status {
        let (mut at, mut line, mut in_head) = (0, 0, true);
        let mut last = (0, 0);
        let mut behind_head = false;
        for row in rest.split_inclusive('\n') {
            let bare = row.trim();
            if start_of(row) == Start::Status && (in_head || behind_head) {
                last = (at, line);
                in_head = true;
            } else if bare.is_empty() {
                behind_head = in_head;
                in_head = false;
            } else if behind_head {
                behind_head = false;
            }
            at += row.len();
            line += 1;
        }
        from = last.0;
        above += last.1;
    }
    let bare = rest.get(from..)?.trim_end();
    (!bare.trim().is_empty()).then(|| (bare.to_owned(), above))
}

/// Whether the first line behind a place that is no comment begins JSON.
fn data_follows(text: &str, from: usize) -> bool {
    let lines = text.get(from..).unwrap_or_default().lines().map(str::trim);
    let mut lines = lines.filter(|line| {
        !(line.is_empty() || line.starts_with("//") || line.starts_with('#') || is_html_comment(line))
    });
    lines.next().is_some_and(|line| line.starts_with(['{', '[']))
}

/// Whether a line is a comment of HTML.
fn is_html_comment(line: &str) -> bool {
    line.starts_with("<!--") && line.ends_with("-->")
}

/// The text without the comment marks before its lines, where all of them have one and the first shows an answer.
fn uncommented(text: &str) -> Option<String> {
    for mark in ["#", "//"] {
        let lines = || text.lines().filter(|line| !line.trim().is_empty());
        let bare = |line: &str| {
            line.trim_start()
                .strip_prefix(mark)
                .map(|said| said.trim_start_matches(['=', '-', '>', ' ']).to_owned())
        };
        let shows = lines()
            .next()
            .and_then(bare)
            .is_some_and(|first| first.starts_with(['{', '[', '<', '"']) || first.starts_with("HTTP/"));
        if !shows || !lines().all(|line| line.trim_start().starts_with(mark)) {
            continue;
        }
        let strip = |(index, line): (usize, &str)| {
            let said = line.trim_start().strip_prefix(mark).unwrap_or(line);
            let said = said.strip_prefix(' ').unwrap_or(said);
            if index == 0 {
                said.trim_start_matches(['=', '-', '>', ' ']).to_owned()
            } else {
                said.to_owned()
            }
        };
        return Some(text.lines().enumerate().map(strip).collect::<Vec<_>>().join("\n"));
    }
    None
}

/// The last answer in what `curl -v` shows.
fn verbose(text: &str) -> Option<(String, u32)> {
    let is_status =
        |line: &str| line.trim_start().strip_prefix("< ").is_some_and(|head| head.starts_with("HTTP/"));
    let start = text.lines().enumerate().filter(|(_, line)| is_status(line)).last()?.0;
    let mut shown = Vec::new();
    let mut in_head = true;
    for line in text.lines().skip(start) {
        let bare = line.trim_start();
        if in_head && let Some(head) = bare.strip_prefix('<') {
            let head = head.trim();
            in_head = !head.is_empty();
            shown.push(head);
            continue;
        }
        let is_talk =
            bare.starts_with("* ") || bare.starts_with("{ [") || bare.starts_with("} [") || is_meter(bare);
        if in_head && !is_talk {
            shown.push("");
            in_head = false;
        }
        shown.push(if is_talk { "" } else { line });
    }
    let above = u32::try_from(start).unwrap_or(u32::MAX);
    Some((shown.join("\n").trim_end().to_owned(), above))
}

/// Whether a line is one of those that curl shows while it waits.
fn is_meter(line: &str) -> bool {
    line.starts_with("% Total ") || line.starts_with("Dload ") || {
        let mut words = line.split_whitespace();
        let figures = words.clone().count() >= 10 && line.contains("--:--:--");
        figures && words.next().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

/// Whether a block may be what a command shows: it is data, or a text in no language.
pub(in crate::docs) fn may_answer(text: &str, language: &str) -> bool {
    const DATA: [&str; 22] = [
        "",
        "json",
        "json5",
        "jsonc",
        "text",
        "txt",
        "plaintext",
        "plain",
        "none",
        "output",
        "http",
        "xml",
        "html",
        "yaml",
        "yml",
        "csv",
        "log",
        "default",
        "response",
        "console",
        "console-result",
        "ndjson",
    ];
    let begins = text.trim_start();
    let is_data = begins.starts_with(['{', '[']) || begins.starts_with("HTTP/");
    let is_script =
        ["js", "javascript", "ts", "typescript"].iter().any(|name| name.eq_ignore_ascii_case(language));
    // As `json-doc` is.
    let is_json = language.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("json-"));
    is_json
        || DATA.iter().any(|name| name.eq_ignore_ascii_case(language))
        || (is_data && (is_script || crate::docs::shell::is_shell(language)))
}

/// Whether a heading says that an answer follows.
pub(in crate::docs) fn announces(heading: &str) -> bool {
    const WORDS: [&str; 31] = [
        "response",
        "responses",
        "antwort",
        "antworten",
        "réponse",
        "réponses",
        "respuesta",
        "risposta",
        "resposta",
        "antwoord",
        "svar",
        "odpowiedź",
        "yanıt",
        "ответ",
        "Ответ",
        "响应",
        "返回",
        "応答",
        "レスポンス",
        "응답",
        "回應",
        "answer",
        "answers",
        "output",
        "result",
        "results",
        "returns",
        "reply",
        "returned",
        "success",
        "error",
    ];
    has_word(heading, &WORDS)
}

/// Whether a heading speaks of what goes wrong, with whatever request it may.
pub(in crate::docs) fn speaks_of_errors(heading: &str) -> bool {
    has_word(heading, &["error", "errors", "failure", "failures", "fault", "faults"])
}

/// Whether a heading says that a request follows.
pub(in crate::docs) fn speaks_of_requests(heading: &str) -> bool {
    const WORDS: [&str; 22] = [
        "request",
        "requests",
        "call",
        "calls",
        "example",
        "query",
        "anfrage",
        "anfragen",
        "requête",
        "solicitud",
        "petición",
        "richiesta",
        "requisição",
        "verzoek",
        "żądanie",
        "istek",
        "запрос",
        "Запрос",
        "请求",
        "リクエスト",
        "요청",
        "請求",
    ];
    has_word(heading, &WORDS)
}

/// Whether a paragraph says that an answer follows.
pub(in crate::docs) fn announced(paragraph: &str) -> bool {
    const WORDS: [&str; 34] = [
        "response",
        "responses",
        "responds",
        "respond",
        "answer",
        "answers",
        "output",
        "outputs",
        "result",
        "results",
        "returns",
        "return",
        "returned",
        "reply",
        "replies",
        "shows",
        "prints",
        "receive",
        "received",
        "produces",
        "yields",
        "success",
        "successful",
        "error",
        "fails",
        "see",
        "get",
        "gives",
        "looks",
        "look",
        "follows",
        "following",
        "like",
        "example",
    ];
    has_word(paragraph, &WORDS)
}

/// Whether a paragraph speaks of something else than an answer.
pub(in crate::docs) fn announces_other(paragraph: &str) -> bool {
    const WORDS: [&str; 12] = [
        "payload",
        "configuration",
        "config",
        "schema",
        "file",
        "save",
        "saved",
        "format",
        "structure",
        "parameters",
        "body",
        "post",
    ];
    (has_word(paragraph, &WORDS) || file_name(paragraph).is_some()) && !announces(paragraph)
}

/// Whether a text has one of these words, in whatever case.
pub(in crate::docs) fn has_word(text: &str, words: &[&str]) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
}
