//! Block quotes and list items: the marks and blanks that stand before a line's own text.

/// Deeper nesting is text: following it would cost its square, and no one writes it.
const DEEPEST: usize = 64;

/// A block quote or a list item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Quote,
    /// How many columns its text is indented by.
    Item(usize),
}

/// The containers that are open, from the outermost inwards.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Containers(Vec<Container>);

impl Containers {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }

    pub(super) fn extend(&mut self, opened: Vec<Container>) {
        self.0.extend(opened);
    }

    /// Moves the cursor behind the marks of the containers that the line continues, and tells how many they are.
    pub(super) fn matching(&self, cursor: &mut Cursor) -> usize {
        for (index, container) in self.0.iter().enumerate() {
            let goes_on = match container {
                Container::Quote => cursor.quote(),
                Container::Item(width) => cursor.item(*width),
            };
            if !goes_on {
                return index;
            }
        }
        self.0.len()
    }

    /// Moves the cursor behind the marks of the containers that begin in the line. A list that begins within a
    /// paragraph must begin with 1 and have text.
    pub(super) fn opening(cursor: &mut Cursor, depth: usize, mut in_paragraph: bool) -> Vec<Container> {
        let mut opened = Vec::new();
        while depth + opened.len() < DEEPEST && cursor.indent() < 4 {
            if cursor.quote() {
                opened.push(Container::Quote);
            } else if let Some(width) = cursor.marker(in_paragraph) {
                opened.push(Container::Item(width));
            } else {
                break;
            }
            in_paragraph = false;
        }
        opened
    }
}

/// A place in a line, in columns: a tab reaches to the next multiple of four.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
    column: usize,
    /// Columns of a tab that are yet to be passed.
    pending: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(line: &'a str) -> Cursor<'a> {
        Cursor { rest: line, column: 0, pending: 0 }
    }

    /// What is left of the line; of a tab in part passed nothing is left.
    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    /// How many columns of blanks come next.
    pub(super) fn indent(&self) -> usize {
        let mut column = self.column + self.pending;
        for byte in self.rest.bytes() {
            match byte {
                b' ' => column += 1,
                b'\t' => column += 4 - column % 4,
                _ => break,
            }
        }
        column - self.column
    }

    /// Passes at most so many columns of blanks.
    pub(super) fn skip(&mut self, mut columns: usize) {
        while columns > 0 {
            if self.pending > 0 {
                self.pending -= 1;
            } else if let Some(rest) = self.rest.strip_prefix(' ') {
                self.rest = rest;
            } else if let Some(rest) = self.rest.strip_prefix('\t') {
                self.rest = rest;
                self.pending = 3 - self.column % 4;
            } else {
                return;
            }
            self.column += 1;
            columns -= 1;
        }
    }

    /// How many columns of a tab are yet to be passed: they count as blanks of the text.
    pub(super) fn pending(&self) -> usize {
        self.pending
    }

    fn is_blank(&self) -> bool {
        self.rest.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
    }

    /// Passes the mark of a block quote and the blank behind it.
    fn quote(&mut self) -> bool {
        let indent = self.indent();
        if indent > 3 || !unindented(self.rest).starts_with('>') {
            return false;
        }
        self.skip(indent);
        self.pass(1);
        self.skip(1);
        true
    }

    /// Passes the indentation of a list item's text; a blank line needs none.
    fn item(&mut self, width: usize) -> bool {
        if self.indent() < width && !self.is_blank() {
            return false;
        }
        self.skip(width);
        true
    }

    /// Passes the mark of a list item and the blanks behind it, and tells how far its text is indented.
    fn marker(&mut self, in_paragraph: bool) -> Option<usize> {
        let indent = self.indent();
        let body = unindented(self.rest);
        let mark = match body.as_bytes() {
            [b'-' | b'*' | b'+', ..] if !is_break(body) => 1,
            [b'0'..=b'9', ..] => {
                let digits = body.bytes().take_while(u8::is_ascii_digit).count();
                let ends = matches!(body.as_bytes().get(digits), Some(b'.' | b')'));
                let begins_at_one =
                    body.get(..digits).is_some_and(|figure| figure.trim_start_matches('0') == "1");
                (ends && digits <= 9 && (begins_at_one || !in_paragraph)).then_some(digits + 1)?
            }
            _ => return None,
        };
        let behind = body.get(mark..).unwrap_or_default();
        let has_text = !unindented(behind).is_empty();
        if !(behind.is_empty() || behind.starts_with([' ', '\t'])) || (in_paragraph && !has_text) {
            return None;
        }
        self.skip(indent);
        self.pass(mark);
        let blanks = self.indent();
        let blanks = if has_text && blanks <= 4 { blanks } else { 1 };
        self.skip(blanks);
        Some(indent + mark + blanks)
    }

    /// Passes so many characters, each one column wide.
    fn pass(&mut self, length: usize) {
        self.rest = self.rest.get(length..).unwrap_or_default();
        self.column += length;
    }
}

/// Whether what is indented by four columns below a line belongs to it, as a tab or an admonition of `MkDocs`.
pub(super) fn holds_indented(body: &str) -> bool {
    let behind =
        ["===+ ", "===! ", "=== ", "!!! ", "???+ ", "??? "].iter().find_map(|mark| body.strip_prefix(mark));
    behind.is_some_and(|title| {
        if body.starts_with('=') {
            title.starts_with('"')
        } else {
            title.starts_with(|c: char| c.is_ascii_lowercase())
        }
    })
}

/// A line without the blanks before its text.
pub(super) fn unindented(line: &str) -> &str {
    let text = line.bytes().position(|byte| !matches!(byte, b' ' | b'\t'));
    text.and_then(|text| line.get(text..)).unwrap_or_default()
}

/// Whether a line is a thematic break: three or more of one mark, blanks between them.
pub(super) fn is_break(body: &str) -> bool {
    let mut marks = body.bytes().filter(|byte| !matches!(byte, b' ' | b'\t'));
    let Some(first) = marks.next() else { return false };
    let mut count = 1;
    for mark in marks {
        if mark != first {
            return false;
        }
        count += 1;
    }
    count >= 3 && matches!(first, b'-' | b'*' | b'_')
}
