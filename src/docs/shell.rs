//! Terminals: the text of a block → the requests that its commands send, and what the terminal showed.

mod answer;
mod answered;
mod caption;
mod environment;
mod failure;
mod foreign;
mod label;
mod lexer;
mod ordinal;
mod output;
mod part;
mod pipeline;
mod prompt;
mod subject;

use super::curl::{self, Files};
use answer::answer;
use environment::Environment as Variables;
use pipeline::{Stage, assignment, pipelines};
use prompt::Style;

pub(super) use environment::Environment;
pub(super) use failure::{says_failed, says_it_failed};
pub(super) use foreign::{Foreign, Kind as ForeignKind, in_program};
pub(super) use label::{
    names_file, says_answer, says_case, says_class, says_error, says_further, says_sent, status,
    status_of_reason,
};
pub(super) use lexer::{CLOSE, OPEN, variable};
pub(super) use ordinal::ordinal;
pub(super) use output::{
    announced, announces, announces_other, as_answer, as_shown, has_word, may_answer, speaks_of_errors,
    speaks_of_requests,
};
pub(super) use part::{is_body, names_body, names_status, says_body};
pub(super) use pipeline::Input;
pub(super) use subject::speaks_of_other;

/// Bytes of the longest command.
const LONGEST: usize = 256 * 1024;

/// Commands of a page that cannot be read: behind so many the rest is not tried.
pub(super) const MOST_UNREADABLE: usize = 50;

/// A command that sends a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) request: curl::Request,
    /// The command as it is written.
    pub(super) text: String,
    /// The page's line that it begins in.
    pub(super) line: u32,
    /// The page's line that its body begins in.
    pub(super) body_line: u32,
    pub(super) answer: Answer,
    pub(super) written: Writing,
}

impl Command {
    /// What it sends, for messages: the command itself may hold a password.
    pub(super) fn title(&self) -> String {
        format!("{} {}", self.request.method, self.request.url)
    }
}

/// What of the answer to a command is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// All of it.
    Whole,
    /// What another program makes of it.
    Filtered,
    /// Nothing: it goes into a file or another program, as a download does.
    Elsewhere,
}

/// How a command is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    /// As a shell reads it.
    Plain,
    /// As no shell would read it, though it is plain what is meant.
    Repaired,
}

/// What a block shows, in its order.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Command(Box<Command>),
    /// A command that cannot be read, and why. What it says is not repeated: it may hold a password.
    Unreadable {
        line: u32,
        why: String,
    },
    /// A request of another client.
    Foreign(Foreign),
    /// What the terminal showed behind a command.
    Output {
        text: String,
        line: u32,
    },
}

/// What a block is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Session {
    /// It has no command.
    None,
    /// It has commands that send no request that we could read.
    Other,
    /// It has commands that send requests.
    Requests(Vec<Shown>),
}

/// Whether code of this language is a script or what a terminal shows.
pub(super) fn is_shell(language: &str) -> bool {
    let names = [
        "bash",
        "sh",
        "shell",
        "zsh",
        "fish",
        "console",
        "terminal",
        "shell-session",
        "shellsession",
        "sh-session",
        "bash-session",
        "curl",
        "cmd",
        "bat",
        "powershell",
        "ps1",
        "cli",
        "command-line",
        "commandline",
    ];
    names.iter().any(|name| name.eq_ignore_ascii_case(language))
}

/// Whether code of this language may hold commands.
fn may_hold_commands(language: &str) -> bool {
    let names = [
        "",
        "json",
        "json5",
        "jsonc",
        "http",
        "text",
        "txt",
        "plaintext",
        "plain",
        "none",
        "default",
        "output",
    ];
    is_shell(language) || names.iter().any(|name| name.eq_ignore_ascii_case(language))
}

/// Whether the first line of code of this language is a command that sends a request.
pub(super) fn begins_request(first: &str, language: &str) -> bool {
    may_hold_commands(language) && prompt::sends_request(first)
}

impl Files for Variables {
    fn content(&self, name: &str) -> Option<String> {
        self.sent(name).map(str::to_owned)
    }
}

/// Reads a block whose first line is this one of its page.
pub(super) fn read(
    text: &str,
    language: &str,
    first_line: u32,
    environment: &mut Environment,
    unreadable: &mut usize,
) -> Session {
    if !may_hold_commands(language) {
        return Session::None;
    }
    let style = Style::of(text, language);
    let mut reader = Reader {
        text,
        at: 0,
        line: first_line,
        style,
        environment,
        unreadable,
        shown: Vec::new(),
        kind: Session::None,
        last: Last::Other,
    };
    reader.run();
    let has_requests = reader.shown.iter().any(|shown| !matches!(shown, Shown::Output { .. }));
    if !has_requests {
        return reader.kind;
    }
    let shown = reader.shown;
    environment.forget_payload();
    Session::Requests(shown)
}

struct Reader<'t, 'e> {
    text: &'t str,
    at: usize,
    line: u32,
    style: Style,
    environment: &'e mut Environment,
    unreadable: &'e mut usize,
    shown: Vec<Shown>,
    /// What it is where it sends no request.
    kind: Session,
    /// Whose output comes next.
    last: Last,
}

/// The command before a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Request,
    Other,
}

impl Reader<'_, '_> {
    fn run(&mut self) {
        let mut output: Option<(usize, u32)> = None;
        while self.at < self.text.len() {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let line = rest.split('\n').next().unwrap_or_default();
            let is_output = output.is_some();
            match self.style.command(rest, is_output) {
                prompt::Line::Command { skipped } => {
                    self.end_output(output.take());
                    self.command(skipped, line);
                    continue;
                }
                prompt::Line::Comment => self.end_output(output.take()),
                prompt::Line::Output if self.last == Last::Request => {
                    output.get_or_insert((self.at, self.line));
                }
                prompt::Line::Output => {}
            }
            self.pass(line.len() + 1);
        }
        self.end_output(output);
    }

    /// Goes on so many bytes.
    fn pass(&mut self, length: usize) {
        let end = (self.at + length).min(self.text.len());
        let passed = self.text.get(self.at..end).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', passed.as_bytes()).count();
        self.line += u32::try_from(lines).unwrap_or(u32::MAX);
        self.at = end;
    }

    fn end_output(&mut self, output: Option<(usize, u32)>) {
        let Some((start, line)) = output else { return };
        let text = self.text.get(start..self.at).unwrap_or_default();
        if text.trim().is_empty() {
            return;
        }
        let skipped = text.len() - text.trim_start_matches('\n').len();
        let line = line + u32::try_from(skipped).unwrap_or(u32::MAX);
        let text = text.trim_matches('\n').to_owned();
        self.shown.push(Shown::Output { text, line });
    }

    /// A line that begins with a command, so many bytes of it a prompt.
    fn command(&mut self, skipped: usize, line: &str) {
        let start = self.at + skipped;
        let mut limit = self.text.len().min(start + LONGEST);
        while !self.text.is_char_boundary(limit) {
            limit -= 1;
        }
        let text = self.text.get(..limit).unwrap_or_default();
        if *self.unreadable >= MOST_UNREADABLE {
            self.fail("too many commands of the page cannot be read");
            return self.pass(line.len() + 1);
        }
        let read = match lexer::line(text, start, self.environment) {
            Ok(read) => read,
            Err(why) => {
                if prompt::names(line.get(skipped..).unwrap_or_default(), "curl") {
                    self.fail(why);
                }
                return self.pass(line.len() + 1);
            }
        };
        let written = self.text.get(start..read.end).unwrap_or_default();
        let writing = if read.repaired { Writing::Repaired } else { Writing::Plain };
        let shown = self.shown.len();
        for pipeline in pipelines(read.tokens, self.environment) {
            self.pipeline(&pipeline, written, writing, start);
        }
        self.last = if self.shown.len() > shown { Last::Request } else { Last::Other };
        self.pass((read.end - self.at).max(1));
    }

    fn fail(&mut self, why: &str) {
        *self.unreadable += 1;
        self.last = Last::Request;
        self.shown.push(Shown::Unreadable { line: self.line, why: why.to_owned() });
    }

    fn pipeline(&mut self, stages: &[Stage], written: &str, writing: Writing, start: usize) {
        let mut sends = stages.iter().enumerate();
        let Some((index, stage, passed)) =
            sends.find_map(|(index, stage)| Some((index, stage, stage.behind_curl()?)))
        else {
            return self.other(stages, written);
        };
        let words: Vec<&str> = stage.words.iter().skip(passed).map(|word| word.text.as_str()).collect();
        // Prose may begin with the word, too.
        if !words.iter().any(|word| word.starts_with('-') || curl::looks_like_url(word)) {
            return;
        }
        let request = match curl::read(&words, &stage.input, &*self.environment) {
            Ok(Some(request)) => request,
            // A comment has cut off what stands in the next line.
            Ok(None) if written.trim_end().contains('\n') => return self.fail("it has no URL"),
            Ok(None) => return,
            Err(why) => return self.fail(&why),
        };
        let answer = answer(stages.get(index + 1..).unwrap_or_default(), stage, &request);
        let line_of = |word: usize| {
            let at = stage.words.get(word).map_or(start, |word| word.at);
            let lines = self.text.get(start..at).map_or(0, |text| text.matches('\n').count());
            self.line + u32::try_from(lines).unwrap_or(u32::MAX)
        };
        let line = line_of(0);
        let body_line = request.body_word.map_or(line, |word| line_of(word + passed));
        let text = written.trim_end().to_owned();
        self.shown.push(Shown::Command(Box::new(Command {
            request,
            text,
            line,
            body_line,
            answer,
            written: writing,
        })));
    }

    /// Commands that send no request may say what is in a file or a variable.
    fn other(&mut self, stages: &[Stage], written: &str) {
        let foreign = stages.iter().find_map(|stage| foreign::of(stage, self.line));
        if let Some(foreign) = foreign.or_else(|| foreign::in_substitution(written, self.line)) {
            self.shown.push(Shown::Foreign(foreign));
        } else if self.kind == Session::None {
            self.kind = Session::Other;
        }
        let exported = stages.iter().filter(|stage| matches!(stage.name(), "export" | "set" | "declare"));
        let exported = exported.flat_map(|stage| stage.words.iter().skip(1));
        let exported: Vec<_> = exported.filter_map(|word| assignment(&word.text)).collect();
        let lone = stages.iter().filter(|stage| stage.words.is_empty()).flat_map(|stage| &stage.assignments);
        for (name, value) in lone.map(|(name, value)| (name.as_str(), value.as_str())).chain(exported) {
            self.environment.set(name, value);
        }
        let Some(last) = stages.last() else { return };
        let file = match (&last.output, last.name()) {
            (Some(file), _) => file,
            (None, "tee") => match last.words.iter().skip(1).find(|word| !word.text.starts_with('-')) {
                Some(word) => &word.text,
                None => return,
            },
            _ => return,
        };
        let content =
            if last.name() == "tee" { last.input.clone() } else { pipeline::output(last, self.environment) };
        if let Input::Text(text) = content {
            self.environment.write(file, text);
        }
    }
}

#[cfg(test)]
mod tests;
