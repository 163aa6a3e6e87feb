//! Words: a command as a shell takes it apart, and as people write it who never ran it.

mod expansion;
mod operator;

use super::environment::Environment;

pub(in crate::docs) use expansion::variable;

/// Stands before the name of a variable that has no value on the page.
pub(in crate::docs) const OPEN: char = '\u{f8f0}';
/// Stands behind it.
pub(in crate::docs) const CLOSE: char = '\u{f8f1}';

/// A part of a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Word(Word),
    /// `|`, `;`, `&&`, `||`, `&`, `(`, `)`.
    Operator(&'static str),
    /// `>` and `>>`: the next word is a file.
    Output,
    /// `<`: the next word is a file.
    Input,
    /// What `<<END` and `<<<` give to read.
    Document(String),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// The byte that it begins at.
    pub(super) at: usize,
}

/// The words of one line, with the lines that continue it.
pub(super) struct Line {
    pub(super) tokens: Vec<Token>,
    /// The byte behind it.
    pub(super) end: usize,
    /// No shell would read it so.
    pub(super) repaired: bool,
}

/// Why a line cannot be read.
pub(super) const UNCLOSED: &str = "a quote is never closed";

/// Takes the line apart that begins at a byte of the text.
pub(super) fn line(text: &str, at: usize, environment: &Environment) -> Result<Line, &'static str> {
    let mut lexer = Lexer {
        text,
        at,
        environment,
        tokens: Vec::new(),
        word: None,
        documents: Vec::new(),
        repaired: false,
    };
    lexer.run()?;
    Ok(Line { tokens: lexer.tokens, end: lexer.at, repaired: lexer.repaired })
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    environment: &'t Environment,
    tokens: Vec<Token>,
    word: Option<Word>,
    /// The words that end the documents of this line.
    documents: Vec<String>,
    repaired: bool,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn pass(&mut self, character: char) {
        self.at += character.len_utf8();
    }

    fn push(&mut self, character: char) {
        let at = self.at;
        self.word.get_or_insert_with(|| Word { at, ..Word::default() }).text.push(character);
    }

    fn push_text(&mut self, text: &str) {
        let at = self.at;
        self.word.get_or_insert_with(|| Word { at, ..Word::default() }).text.push_str(text);
    }

    fn end_word(&mut self) {
        self.tokens.extend(self.word.take().map(Token::Word));
    }

    fn run(&mut self) -> Result<(), &'static str> {
        while let Some(character) = self.peek() {
            match character {
                '\n' => {
                    if self.goes_on() {
                        continue;
                    }
                    self.end_word();
                    self.pass('\n');
                    self.read_documents();
                    return Ok(());
                }
                ' ' | '\t' | '\u{a0}' => {
                    self.end_word();
                    self.pass(character);
                }
                '\\' | '^' if self.continues() => {}
                '\\' => {
                    self.pass('\\');
                    if let Some(escaped) = self.peek() {
                        self.push(escaped);
                        self.pass(escaped);
                    }
                }
                '\'' => self.quoted('\'')?,
                '\u{2018}' => self.quoted('\u{2019}')?,
                '"' => self.double('"')?,
                '\u{201c}' | '\u{201d}' => self.double('\u{201d}')?,
                '$' | '`' => self.expansion()?,
                '#' if self.word.is_none() => {
                    self.at += self.rest().find('\n').unwrap_or(self.rest().len());
                }
                '<' if self.placeholder() => {}
                '|' | ';' | '&' | '(' | ')' | '<' | '>' => self.operator(character),
                _ => {
                    self.push(character);
                    self.pass(character);
                }
            }
        }
        self.end_word();
        self.read_documents();
        Ok(())
    }

    /// Passes a backslash (`^` on Windows) at the end of a line, with the blanks that people leave behind it.
    fn continues(&mut self) -> bool {
        let rest = self.rest();
        let behind = rest.get(1..).unwrap_or_default();
        let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
        let is_escape = rest.starts_with('\\');
        let ends = behind.get(blanks..).unwrap_or_default();
        if !(ends.starts_with('\n') || (ends.is_empty() && is_escape)) {
            return false;
        }
        self.repaired |= blanks > 0;
        if !is_escape || blanks > 0 || rest.starts_with('^') {
            self.end_word();
        }
        self.at += 1 + blanks + usize::from(ends.starts_with('\n'));
        // The second prompt of a shell.
        let next = self.rest();
        let indent = next.len() - next.trim_start_matches([' ', '\t']).len();
        if next.get(indent..).is_some_and(|line| line.starts_with("> ")) {
            self.end_word();
            self.at += indent + 2;
        }
        true
    }

    /// Whether the next line is more of this one although no backslash says so: it begins with an option.
    fn goes_on(&mut self) -> bool {
        let next = self.rest().get(1..).unwrap_or_default();
        let indent = next.len() - next.trim_start_matches([' ', '\t']).len();
        let line = next.get(indent..).unwrap_or_default();
        let option = line.strip_prefix("--").or_else(|| line.strip_prefix('-')).unwrap_or_default();
        let is_option = option.starts_with(|c: char| c.is_ascii_alphabetic());
        let hangs = matches!(self.tokens.last(), Some(Token::Operator("|" | "&&"))) && self.word.is_none();
        if !self.documents.is_empty() || !(is_option || hangs) {
            return false;
        }
        self.repaired |= is_option;
        self.end_word();
        self.at += 1 + indent;
        true
    }

    fn quoted(&mut self, close: char) -> Result<(), &'static str> {
        self.repaired |= close != '\'';
        let open = self.peek().unwrap_or(close);
        self.push_text("");
        self.pass(open);
        let length = self.rest().find(close).ok_or(UNCLOSED)?;
        let inside = self.rest().get(..length).unwrap_or_default();
        self.push_text(inside);
        self.at += length + close.len_utf8();
        Ok(())
    }

    fn double(&mut self, close: char) -> Result<(), &'static str> {
        self.repaired |= close != '"';
        let open = self.peek().unwrap_or(close);
        self.push_text("");
        self.pass(open);
        while let Some(character) = self.peek() {
            match character {
                _ if character == close || (close != '"' && character == '\u{201c}') => {
                    self.pass(character);
                    return Ok(());
                }
                '\\' => {
                    self.pass('\\');
                    let Some(escaped) = self.peek() else { break };
                    if !matches!(escaped, '"' | '\\' | '$' | '`' | '\n') {
                        self.push('\\');
                    }
                    if escaped != '\n' {
                        self.push(escaped);
                    }
                    self.pass(escaped);
                }
                '$' | '`' => self.expansion()?,
                _ => {
                    self.push(character);
                    self.pass(character);
                }
            }
        }
        Err(UNCLOSED)
    }

    /// The documents that the line announces stand behind it.
    fn read_documents(&mut self) {
        for end in std::mem::take(&mut self.documents) {
            let mut document = String::new();
            for line in self.rest().split_inclusive('\n') {
                self.at += line.len();
                if line.trim() == end {
                    break;
                }
                document.push_str(line);
            }
            self.tokens.push(Token::Document(document));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn words(text: &str) -> Vec<String> {
        let line = line(text, 0, &Environment::default()).unwrap();
        let shown = |token| match token {
            Token::Word(word) => word.text.replace(OPEN, "{").replace(CLOSE, "}"),
            Token::Operator(operator) => operator.to_owned(),
            Token::Output => ">".to_owned(),
            Token::Input => "<".to_owned(),
            Token::Document(text) => format!("<<{text}"),
        };
        line.tokens.into_iter().map(shown).collect()
    }

    #[rstest]
    #[case("curl -d 'a b'\"c\"\\ d x", &["curl", "-d", "a bc d", "x"])]
    #[case("curl \\\n  -X PUT \\ \n  http://h/x\nnext", &["curl", "-X", "PUT", "http://h/x"])]
    #[case("curl http://h/x\n  -X PUT\nnext", &["curl", "http://h/x", "-X", "PUT"])]
    #[case("curl ^\n  http://h/x", &["curl", "http://h/x"])]
    #[case("curl http://h/x?a=1&b=2", &["curl", "http://h/x?a=1&b=2"])]
    #[case("curl http://h/x & sleep 1", &["curl", "http://h/x", "&", "sleep", "1"])]
    #[case("curl http://h/users/<user id>/x", &["curl", "http://h/users/<user id>/x"])]
    #[case("curl \"$HOST/a/${ID:-7}\" '$x'", &["curl", "{HOST}/a/{ID}", "$x"])]
    #[case("curl -H \"A: $(cat t)\" `date`", &["curl", "-H", "A: {cat t}", "{date}"])]
    #[case("curl x 2>/dev/null | jq . > out", &["curl", "x", "|", "jq", ".", ">", "out"])]
    #[case("curl -d @- x <<EOF\na\n b\nEOF\nnext", &["curl", "-d", "@-", "x", "<<", "<<a\n b\n"])]
    #[case("curl “http://h/x” # why", &["curl", "http://h/x"])]
    #[case("curl -d '{\n  \"a\": 1\n}' x", &["curl", "-d", "{\n  \"a\": 1\n}", "x"])]
    #[case("curl \"a \\\"b\\\" \\n\"", &["curl", "a \"b\" \\n"])]
    fn words_are_those_of_a_shell(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(words(text), expected);
    }

    #[test]
    fn a_quote_without_end_is_no_word() {
        assert_eq!(line("curl -d 'it is\nmore", 0, &Environment::default()).err(), Some(UNCLOSED));
    }
}
