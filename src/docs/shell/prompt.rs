//! Prompts: which lines of a block are commands, and which are what a terminal showed.

use super::pipeline::assignment;
use crate::docs::http_text::begins_with_status;

/// How commands are told from what they show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Commands stand behind a prompt.
    Prompted,
    /// A script: commands, comments, and perhaps what a command shows.
    Script,
    /// Any text that has a command in it.
    Plain,
}

/// What a line is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A command, behind so many bytes of prompt.
    Command {
        skipped: usize,
    },
    Comment,
    Output,
}

impl Style {
    pub(super) fn of(text: &str, language: &str) -> Style {
        let is_prompted = |line: &str| {
            prompt(line).is_some_and(|skipped| {
                let command = line.get(skipped..).unwrap_or_default();
                is_command(command) || begins_with_program(command)
            })
        };
        if text.lines().any(is_prompted) || begins_as_root(text) {
            Style::Prompted
        } else if super::is_shell(language) {
            Style::Script
        } else {
            Style::Plain
        }
    }

    /// What the first line of a text is, behind output or not.
    pub(super) fn command(self, text: &str, is_output: bool) -> Line {
        let (line, below) = text.split_once('\n').unwrap_or((text, ""));
        if self.is_remark(line, below, is_output) {
            return Line::Comment;
        }
        self.alone(line, is_output)
    }

    /// Whether a line is a comment on the command below it, and no more of what the one above it showed.
    fn is_remark(self, line: &str, below: &str, is_output: bool) -> bool {
        let bare = line.trim_start();
        let said = bare.strip_prefix("# ").or_else(|| bare.strip_prefix("// ")).map(str::trim_start);
        let Some(said) = said.filter(|said| self != Style::Plain && says_words(said)) else { return false };
        if self == Style::Prompted && names(said, "curl") {
            return false;
        }
        if self == Style::Prompted && !is_output {
            return true;
        }
        let next = below.lines().find(|line| !line.trim().is_empty());
        next.is_some_and(|next| matches!(self.alone(next, true), Line::Command { .. }))
    }

    /// What a line is, whatever stands below it.
    fn alone(self, line: &str, is_output: bool) -> Line {
        let bare = line.trim_start();
        let indent = line.len() - bare.len();
        let is_rem = bare.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("rem "));
        let comment = bare.strip_prefix('#').or_else(|| bare.strip_prefix("//")).map(str::trim_start);
        match self {
            Style::Prompted => {
                let root = bare.strip_prefix("# ").filter(|command| names(command, "curl"));
                if let Some(skipped) = prompt(line) {
                    return Line::Command { skipped };
                }
                if root.is_some() {
                    return Line::Command { skipped: indent + 2 };
                }
                if names(bare, "curl") { Line::Command { skipped: indent } } else { Line::Output }
            }
            Style::Script | Style::Plain if is_command(bare) => Line::Command { skipped: indent },
            Style::Script if begins_with_program(bare) => Line::Command { skipped: indent },
            Style::Script => match comment {
                Some(said) if begins_output(said) || (is_output && !said.is_empty()) => Line::Output,
                None if !is_rem && (is_output || begins_output(bare)) => Line::Output,
                Some(_) | None => Line::Comment,
            },
            Style::Plain => match comment {
                Some(said)
                    if begins_output(said) || said.starts_with("HELP ") || said.starts_with("TYPE ") =>
                {
                    Line::Output
                }
                Some(_) if bare.starts_with("# ") && !is_output => Line::Comment,
                _ => Line::Output,
            },
        }
    }
}

/// Whether a line is curl with a URL or options, behind a prompt or not.
pub(super) fn sends_request(line: &str) -> bool {
    let command = line.get(prompt(line).unwrap_or_default()..).unwrap_or_default();
    names(command, "curl")
        && (command.contains(" -") || command.contains(['/', ':', '$']) || command.ends_with('\\'))
}

/// Whether a line begins with this command, whatever runs it.
pub(super) fn names(line: &str, command: &str) -> bool {
    let mut words = line.split([' ', '\t']).filter(|word| !word.is_empty());
    let first = words.find(|word| {
        !matches!(*word, "sudo" | "time" | "do" | "then" | "!" | "(" | "{" | "env" | "watch" | "exec")
            && assignment(word).is_none()
    });
    first.is_some_and(|word| {
        let word = word.trim_start_matches('(');
        let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
        name.trim_end_matches(".exe") == command || (word == format!("{command}\\"))
    })
}

/// Whether a line is a command whatever the block is: it sends a request, says what one is made of, or sets a variable.
fn is_command(line: &str) -> bool {
    if names(line, "curl") || names(line, "wget") {
        return true;
    }
    let first = line.split([' ', '\t']).next().unwrap_or_default();
    let pipes = || {
        ["| curl ", "|curl ", "&& curl ", "; curl ", "do curl ", " > ", " >> "]
            .iter()
            .any(|sign| line.contains(sign))
    };
    match first {
        "echo" | "cat" | "printf" | "for" | "while" | "if" | "cd" | "jq" => pipes(),
        "export" => true,
        "docker" | "docker-compose" | "podman" | "nerdctl" | "kubectl" | "oc" => line.contains(" curl "),
        "Invoke-RestMethod" | "Invoke-WebRequest" | "irm" | "iwr" => line.contains(' '),
        "http" | "https" | "xh" => line.split([' ', '\t']).nth(1).is_some_and(|word| {
            word.chars().all(|c| c.is_ascii_alphabetic()) || word.contains(['/', ':', '-'])
        }),
        _ => assignment(first).is_some_and(|(name, _)| name.chars().all(|c| !c.is_lowercase())),
    }
}

/// Whether a line of a script begins with a program that people name in docs.
fn begins_with_program(line: &str) -> bool {
    const PROGRAMS: [&str; 66] = [
        "apt",
        "apt-get",
        "aws",
        "az",
        "bash",
        "brew",
        "cargo",
        "cat",
        "cd",
        "chmod",
        "chown",
        "cp",
        "declare",
        "docker",
        "docker-compose",
        "done",
        "echo",
        "else",
        "esac",
        "export",
        "fi",
        "for",
        "gcloud",
        "git",
        "go",
        "gunzip",
        "helm",
        "if",
        "java",
        "jq",
        "kill",
        "kubectl",
        "ln",
        "ls",
        "make",
        "mkdir",
        "mv",
        "node",
        "npm",
        "npx",
        "openssl",
        "pip",
        "pip3",
        "podman",
        "printf",
        "ps",
        "python",
        "python3",
        "rm",
        "sed",
        "service",
        "set",
        "sh",
        "sleep",
        "source",
        "ssh",
        "sudo",
        "systemctl",
        "tail",
        "tar",
        "tee",
        "touch",
        "unset",
        "unzip",
        "while",
        "yarn",
    ];
    let first = line.split([' ', '\t']).next().unwrap_or_default();
    let first = first.trim_end_matches(';');
    PROGRAMS.contains(&first)
        || ((first.starts_with("./") || first.starts_with("bin/")) && first.len() > 2)
        || assignment(first).is_some()
        || line.contains(" | ")
        || line.contains(" --")
}

/// Whether what a terminal shows may begin so.
fn begins_output(line: &str) -> bool {
    let arrow = line.trim_start_matches(['=', '-', '>', ' ']);
    let line = if line.starts_with(['=', '-', '>']) { arrow } else { line };
    line.starts_with(['{', '[', '<', '"'])
        || begins_with_status(line)
        || line.starts_with("* ")
        || line.starts_with("> ")
}

/// Whether what is said behind a comment mark is words: it may be a sample of Prometheus' text format, too.
fn says_words(said: &str) -> bool {
    said.starts_with(char::is_alphabetic)
        && !["HELP ", "TYPE ", "UNIT ", "EOF"].iter().any(|word| said.starts_with(word))
}

/// Whether the first line is a command behind the prompt of root, which is the mark of a comment too: data stands behind
/// it that has no such mark.
fn begins_as_root(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().and_then(|line| line.trim_start().strip_prefix("# "));
    first.is_some_and(|command| names(command, "curl"))
        && lines.next().is_some_and(|line| line.starts_with(['{', '[']) || line.starts_with("HTTP/"))
}

/// How many bytes of a line are a prompt: `$ `, `% `, `> `, `user@host:~$ `, `[root@host ~]# `, `PS C:\> `, `❯ `.
fn prompt(line: &str) -> Option<usize> {
    usual_prompt(line).or_else(|| odd_prompt(line))
}

/// The prompt of a shell that somebody has set up, as `➜  ~ ` and `bash-4.4$ `, by the command behind it.
fn odd_prompt(line: &str) -> Option<usize> {
    const ARROWS: [char; 6] = ['❯', '➜', 'λ', '›', '»', '▶'];
    let bare = line.trim_start();
    let indent = line.len() - bare.len();
    let at = bare.find("curl ").filter(|at| bare.get(..*at).is_some_and(|before| before.ends_with(' ')));
    let Some(at) = at else {
        // Of other commands only prompts are known that can be nothing else.
        let behind = bare.strip_prefix(ARROWS)?;
        return behind.starts_with(' ').then(|| indent + bare.len() - behind.len() + 1);
    };
    let before = bare.get(..at)?.trim_end();
    let is_home = before == "~" || before.ends_with(" ~") || before.ends_with(":~");
    let is_plain = !before.contains(['<', '=', '|', '"', '\'', '`', ',', ';']);
    let is_marked = before.ends_with(['$', '%', '>', '#']) && !before.trim_matches(['#', ' ']).is_empty();
    (before.chars().count() <= 60 && is_plain && (is_home || is_marked || before.starts_with(ARROWS)))
        .then_some(indent + at)
}

fn usual_prompt(line: &str) -> Option<usize> {
    let bare = line.trim_start();
    let indent = line.len() - bare.len();
    for mark in ["$ ", "% "] {
        if bare.starts_with(mark) {
            return Some(indent + mark.len());
        }
    }
    if bare == "$" {
        return Some(indent + 1);
    }
    // `$curl`: the blank is forgotten.
    if bare.starts_with("$curl ") {
        return Some(indent + 1);
    }
    if let Some(command) = bare.strip_prefix("> ") {
        return names(command, "curl").then_some(indent + 2);
    }
    let end = bare.find(['$', '#', '%', '>'])?;
    let (before, behind) = bare.split_at(end);
    let names_host = before.contains('@') || before.starts_with("PS ") || before.ends_with(":\\");
    let plain = |c: char| c.is_alphanumeric() || "@.:~/\\-_[]() ".contains(c);
    (end <= 60
        && names_host
        && before.chars().all(plain)
        && behind.get(1..).is_some_and(|rest| rest.starts_with(' ')))
    .then_some(indent + end + 2)
}
