//! Pipelines: the commands of a line, what each is given to read, and where its output goes.

use super::environment::Environment;
use super::lexer::{Token, Word};

/// One command of a pipeline.
#[derive(Debug, Default)]
pub(super) struct Stage {
    /// Its words; assignments and what only runs it left out.
    pub(super) words: Vec<Word>,
    /// Variables that are set on the line.
    pub(super) assignments: Vec<(String, String)>,
    /// What it is given to read.
    pub(super) input: Input,
    /// The file that its output goes to.
    pub(super) output: Option<String>,
}

/// What a command is given to read.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::docs) enum Input {
    /// Nothing.
    #[default]
    None,
    /// This.
    Text(String),
    /// What another program would write, or what is in a file that the page does not show.
    Unknown,
}

impl Stage {
    /// The name of the command, without its folder.
    pub(super) fn name(&self) -> &str {
        let name = self.words.first().map_or("", |word| word.text.as_str());
        name.rsplit(['/', '\\']).next().unwrap_or(name).trim_end_matches(".exe")
    }

    /// How many words stand before the arguments of curl, where it is curl that runs, be it in a container.
    pub(super) fn behind_curl(&self) -> Option<usize> {
        const ELSEWHERE: [&str; 7] =
            ["docker", "docker-compose", "podman", "nerdctl", "kubectl", "oc", "microk8s.kubectl"];
        if self.name() == "curl" {
            return Some(1);
        }
        let runs = ELSEWHERE.contains(&self.name()).then_some(&self.words)?;
        let is_value = |pair: &[Word]| {
            pair.first().is_some_and(|option| option.text.starts_with("--") && option.text.len() > 2)
        };
        let curl = runs
            .windows(2)
            .position(|pair| pair.last().is_some_and(|word| word.text == "curl") && !is_value(pair));
        curl.map(|at| at + 2)
    }

    fn add(&mut self, word: Word) {
        // What runs a command says nothing of it.
        const RUNNERS: [&str; 11] =
            ["sudo", "time", "do", "then", "else", "exec", "command", "env", "watch", "{", "!"];
        if self.words.is_empty() {
            if RUNNERS.contains(&word.text.as_str()) {
                return;
            }
            if let Some((name, value)) = assignment(&word.text) {
                self.assignments.push((name.to_owned(), value.to_owned()));
                return;
            }
        }
        self.words.push(word);
    }
}

/// Name and value, as in `HOST=http://localhost:8080`.
pub(super) fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some((name, value))
}

/// The pipelines of a line, each with its commands in order.
pub(super) fn pipelines(tokens: Vec<Token>, environment: &Environment) -> Vec<Vec<Stage>> {
    let mut all: Vec<Vec<Stage>> = vec![Vec::new()];
    let mut stage = Stage::default();
    let mut tokens = tokens.into_iter().peekable();
    let mut documents = Vec::new();
    while let Some(token) = tokens.next() {
        let word = |next: Option<Token>| match next {
            Some(Token::Word(word)) => word.text,
            _ => String::new(),
        };
        match token {
            Token::Word(word) => stage.add(word),
            Token::Output => stage.output = Some(word(tokens.next())),
            Token::Input => {
                let file = word(tokens.next());
                stage.input =
                    environment.file(&file).map_or(Input::Unknown, |content| Input::Text(content.to_owned()));
            }
            Token::Document(text) => documents.push(text),
            Token::Operator("<<<") => stage.input = Input::Text(word(tokens.next()) + "\n"),
            Token::Operator("<<") => stage.input = Input::Unknown,
            Token::Operator(operator) => {
                if let Some(last) = all.last_mut() {
                    last.push(std::mem::take(&mut stage));
                }
                if operator != "|" {
                    all.push(Vec::new());
                }
            }
        }
    }
    if let Some(last) = all.last_mut() {
        last.push(stage);
    }
    // Documents stand behind the line; they are read in the order in which they were announced.
    let mut documents = documents.into_iter();
    for stage in all.iter_mut().flatten().filter(|stage| stage.input == Input::Unknown) {
        if let Some(document) = documents.next() {
            stage.input = Input::Text(document);
        }
    }
    for pipeline in &mut all {
        let mut written = Input::None;
        for stage in pipeline.iter_mut() {
            if written != Input::None && stage.input == Input::None {
                stage.input = written;
            }
            written = output(stage, environment);
        }
        pipeline.retain(|stage| !stage.words.is_empty() || !stage.assignments.is_empty());
    }
    all.retain(|pipeline| !pipeline.is_empty());
    all
}

/// What a command writes, where that can be known.
pub(super) fn output(stage: &Stage, environment: &Environment) -> Input {
    let mut arguments = stage.words.iter().skip(1).map(|word| word.text.as_str()).peekable();
    match stage.name() {
        "echo" => {
            let mut end = "\n";
            let mut escapes = false;
            while let Some(option) =
                arguments.next_if(|word| matches!(*word, "-n" | "-e" | "-E" | "-en" | "-ne"))
            {
                escapes |= option.contains('e');
                end = if option.contains('n') { "" } else { end };
            }
            let text = arguments.collect::<Vec<_>>().join(" ");
            // What a POSIX shell does; where it matters, people mean the new line.
            let text = if escapes || text.contains("\\n") { unescaped(&text) } else { text };
            Input::Text(text + end)
        }
        "printf" => match (arguments.next(), arguments.next(), arguments.next()) {
            (Some(text), None, _) if !text.contains('%') => Input::Text(unescaped(text)),
            (Some("%s"), Some(text), None) => Input::Text(text.to_owned()),
            (Some("%s\\n"), Some(text), None) => Input::Text(format!("{text}\n")),
            _ => Input::Unknown,
        },
        "cat" => match (arguments.next(), arguments.next()) {
            (None | Some("-"), _) => stage.input.clone(),
            (Some(file), None) => {
                environment.file(file).map_or(Input::Unknown, |content| Input::Text(content.to_owned()))
            }
            _ => Input::Unknown,
        },
        _ => Input::Unknown,
    }
}

fn unescaped(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\t", "\t")
}
