//! reStructuredText, as far as documented exchanges need it: the code blocks, headings and paragraphs of a page.

use super::markdown::{Event, Fault, Fence};
use std::ops::Range;

/// Tells `sink` what the text consists of. Line ends must be LF.
pub(super) fn scan<'a>(text: &'a str, sink: &mut dyn FnMut(Event<'a>)) {
    let mut scanner = Scanner {
        text,
        at: 0,
        number: 0,
        styles: Vec::new(),
        paragraph: 0..0,
        in_paragraph: false,
        language: "",
        sink,
    };
    scanner.run();
}

struct Scanner<'a, 's> {
    text: &'a str,
    at: usize,
    /// The line last read, counted from 1.
    number: u32,
    /// How headings are marked, from the highest level down.
    styles: Vec<(char, bool)>,
    /// The last paragraph since a heading or a code block.
    paragraph: Range<usize>,
    in_paragraph: bool,
    /// What `highlight` says that literal blocks are written in.
    language: &'a str,
    sink: &'s mut dyn FnMut(Event<'a>),
}

/// A line without its end, and where it begins.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    start: usize,
}

impl<'a> Line<'a> {
    fn is_blank(self) -> bool {
        self.text.trim().is_empty()
    }

    fn bare(self) -> &'a str {
        self.text.trim()
    }

    fn end(self) -> usize {
        self.start + self.text.len()
    }
}

impl<'a> Scanner<'a, '_> {
    fn peek(&self) -> Option<Line<'a>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        Some(Line { text: rest.get(..length)?, start: self.at })
    }

    fn next(&mut self) -> Option<Line<'a>> {
        let line = self.peek()?;
        self.at = line.end() + 1;
        self.number += 1;
        Some(line)
    }

    fn run(&mut self) {
        let mut above: Option<Line<'a>> = None;
        while let Some(line) = self.next() {
            if line.is_blank() {
                self.in_paragraph = false;
                above = None;
                continue;
            }
            if let Some(markup) =
                line.bare().strip_prefix("..").filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
            {
                self.in_paragraph = false;
                above = None;
                self.markup(line, markup.trim());
                continue;
            }
            if let Some(mark) = rule(line.text) {
                let title = above.filter(|title| !title.is_blank() && rule(title.text).is_none());
                if let Some(title) = title {
                    self.heading(title.bare(), (mark, false));
                    above = None;
                    continue;
                }
                // A line above the title, and one below it.
                let mut ahead = self.clone_position();
                let title = ahead.next();
                let below = ahead.next();
                if let (Some(title), Some(below)) = (title, below)
                    && !title.is_blank()
                    && rule(below.text) == Some(mark)
                {
                    self.next();
                    self.next();
                    self.heading(title.bare(), (mark, true));
                    above = None;
                    continue;
                }
            }
            if self.in_paragraph {
                self.paragraph.end = line.end();
            } else {
                self.paragraph = line.start..line.end();
                self.in_paragraph = true;
                (self.sink)(Event::Text);
            }
            above = Some(line);
            if line.bare().ends_with("::") {
                self.literal(line);
            }
        }
    }

    /// A look ahead that tells nobody.
    fn clone_position(&self) -> Ahead<'a> {
        Ahead { text: self.text, at: self.at }
    }

    fn heading(&mut self, title: &'a str, style: (char, bool)) {
        let known = self.styles.iter().position(|known| *known == style);
        let level = known.unwrap_or_else(|| {
            self.styles.push(style);
            self.styles.len() - 1
        });
        self.paragraph = 0..0;
        self.in_paragraph = false;
        let level = u8::try_from(level + 1).unwrap_or(u8::MAX);
        (self.sink)(Event::Heading { level, text: title, line: self.number });
    }

    /// What begins with two dots: a directive, a target, or a comment.
    fn markup(&mut self, line: Line<'a>, markup: &'a str) {
        let depth = indent(line.text);
        let directive = markup.split_once("::").filter(|(name, _)| {
            !name.is_empty()
                && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.' | '+'))
        });
        let Some((name, arguments)) = directive else {
            let is_target = markup.starts_with(['_', '[', '|']);
            if !is_target {
                self.pass_below(depth);
            }
            return;
        };
        let first = arguments.split_whitespace().next().unwrap_or_default();
        match name {
            "code-block" | "sourcecode" | "code" | "code-tab" | "prompt" => self.code(depth, first),
            "parsed-literal" => self.code(depth, ""),
            "http:example" => self.code(depth, "http"),
            "literalinclude" => self.elsewhere(depth, first),
            "highlight" => self.language = first,
            "raw" | "math" | "graphviz" | "uml" | "comment" => self.pass_below(depth),
            _ => self.operation(name, arguments),
        }
    }

    /// What documents an operation: `http:get:: /users`, or `rest_method:: GET /users` as `OpenStack` has it.
    fn operation(&mut self, name: &'a str, arguments: &'a str) {
        let arguments = arguments.trim();
        let (method, url) = match name.strip_prefix("http:") {
            Some(method) => (method, arguments),
            None if name == "rest_method" => arguments.split_once(' ').unwrap_or_default(),
            None => return,
        };
        let url = url.split_whitespace().next().unwrap_or_default();
        if url.starts_with('/') && !matches!(method, "any" | "statuscode") {
            self.paragraph = 0..0;
            (self.sink)(Event::Operation { method, url, line: self.number });
        }
    }

    fn pass_below(&mut self, depth: usize) {
        while let Some(line) = self.peek() {
            if !line.is_blank() && indent(line.text) <= depth {
                return;
            }
            self.next();
        }
    }

    /// A file whose content is shown: told of where it holds an exchange.
    fn elsewhere(&mut self, depth: usize, file: &str) {
        let line = self.number;
        let mut is_http =
            std::path::Path::new(file).extension().is_some_and(|it| it.eq_ignore_ascii_case("http"));
        while let Some((name, value)) = self.option(depth) {
            is_http |= name == "language" && value.eq_ignore_ascii_case("http");
        }
        if is_http {
            (self.sink)(Event::Fault { fault: Fault::Elsewhere, line });
        }
    }

    /// The option of a directive that stands here, as `:language: http`.
    fn option(&mut self, depth: usize) -> Option<(&'a str, &'a str)> {
        let line = self.peek().filter(|line| !line.is_blank() && indent(line.text) > depth)?;
        let (name, value) = line.bare().strip_prefix(':')?.split_once(':')?;
        if name.is_empty() || name.contains([' ', '/']) {
            return None;
        }
        self.next();
        Some((name, value.trim()))
    }

    /// A directive's code: its options, and what is indented below it.
    fn code(&mut self, depth: usize, language: &'a str) {
        while self.option(depth).is_some() {}
        self.block(depth, language);
    }

    /// A paragraph that ends in two colons announces a block.
    fn literal(&mut self, line: Line<'a>) {
        let ahead = self.peek();
        if ahead.is_some_and(Line::is_blank) {
            self.block(indent(line.text), self.language);
        }
    }

    /// All lines that are indented by more.
    fn block(&mut self, depth: usize, language: &'a str) {
        while self.peek().is_some_and(Line::is_blank) {
            self.next();
        }
        let (start, line) = (self.at, self.number);
        let mut end = start;
        let mut least = usize::MAX;
        while let Some(line) = self.peek() {
            if !line.is_blank() {
                let columns = indent(line.text);
                if columns <= depth {
                    break;
                }
                least = least.min(columns);
                end = line.end() + 1;
            }
            self.next();
        }
        if end == start {
            return;
        }
        let raw = self.text.get(start..end.min(self.text.len())).unwrap_or_default();
        let paragraph = self.text.get(std::mem::take(&mut self.paragraph)).unwrap_or_default();
        self.in_paragraph = false;
        (self.sink)(Event::Fence { fence: Fence::indented(line, language, raw, least), paragraph });
    }
}

struct Ahead<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Ahead<'a> {
    fn next(&mut self) -> Option<Line<'a>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let line = Line { text: rest.get(..length)?, start: self.at };
        self.at = line.end() + 1;
        Some(line)
    }
}

/// The mark that a line consists of, as under a heading.
fn rule(line: &str) -> Option<char> {
    let line = line.trim_end();
    let mark = line.chars().next().filter(char::is_ascii_punctuation)?;
    (line.len() >= 3 && line.chars().all(|c| c == mark)).then_some(mark)
}

/// The columns of blanks before a line's text.
fn indent(line: &str) -> usize {
    let mut columns = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => columns += 1,
            b'\t' => columns += 4 - columns % 4,
            _ => break,
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::scan;
    use crate::docs::markdown::Event;

    fn events(text: &str) -> Vec<String> {
        let mut events = Vec::new();
        scan(text, &mut |event| match event {
            Event::Heading { level, text, line } => {
                events.push(format!("{line} {} {text}", "#".repeat(level.into())));
            }
            Event::Operation { method, url, line } => events.push(format!("{line} {method} {url}")),
            Event::Fence { fence, paragraph } => {
                events.push(format!("{} {:?} {:?} {paragraph:?}", fence.line, fence.language, fence.text()));
            }
            _ => {}
        });
        events
    }

    #[test]
    fn code_is_what_is_indented_below_a_directive() {
        let text = "Top\n===\n\nSay:\n\n  .. code-block:: http\n     :emphasize-lines: 2\n\n       GET /x\n         a: b\n\n       {}\n\nBelow\n-----\n";
        assert_eq!(
            events(text),
            ["2 # Top", "8 \"http\" \"GET /x\\n  a: b\\n\\n{}\\n\" \"Say:\"", "15 ## Below"]
        );
    }

    #[test]
    fn operations_are_what_directives_say() {
        let text = "Top\n===\n\n.. http:get:: /x/(id)\n\n   .. tabs::\n\n      .. code-tab:: bash\n\n         curl h/x/7\n\n.. rest_method:: PUT /y\n\n.. http:any:: /\n\n:http:get:`/z`\n";
        assert_eq!(
            events(text),
            ["2 # Top", "4 get /x/(id)", "9 \"bash\" \"curl h/x/7\\n\" \"\"", "12 PUT /y"]
        );
    }

    #[test]
    fn two_colons_announce_a_literal_block() {
        let text = "See this::\n\n    curl h\n\n    {}\nThen\n\n::\n\n  x\n";
        assert_eq!(events(text), ["2 \"\" \"curl h\\n\\n{}\\n\" \"See this::\"", "9 \"\" \"x\\n\" \"::\""]);
    }

    #[test]
    fn what_is_commented_out_is_not_there() {
        let text = "..\n   .. code-block:: http\n\n      GET /x\n\n.. hidden\n   .. code:: http\n\n      GET /y\n\n.. _here:\n\n====\nTop\n====\n";
        assert_eq!(events(text), ["15 # Top"]);
    }
}
