//! Expansions: variables and commands in a word. What has a value on the page gets it; what has none is a placeholder.

use super::{CLOSE, Lexer, OPEN};

impl Lexer<'_> {
    /// `$NAME`, `${NAME}`, `$(command)`, `` `command` ``, `$'text'`.
    pub(super) fn expansion(&mut self) -> Result<(), &'static str> {
        let rest = self.rest();
        if let Some(inside) = rest.strip_prefix("$(").or_else(|| rest.strip_prefix('`')) {
            let (mut depth, mut length) = (1_usize, None);
            for (at, character) in inside.char_indices() {
                match character {
                    '(' => depth += 1,
                    ')' | '`' if rest.starts_with('`') == (character == '`') => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    length = Some(at);
                    break;
                }
            }
            let length = length.ok_or("a command inside it is never closed")?;
            let command = inside.get(..length).unwrap_or_default().trim();
            let file = command.strip_prefix("cat ").or_else(|| command.strip_prefix('<')).map(str::trim);
            match file.and_then(|file| self.environment.file(file)) {
                Some(content) => self.push_text(content.trim_end_matches('\n')),
                None => self.push_variable(command),
            }
            self.at += rest.len() - inside.len() + length + 1;
            return Ok(());
        }
        if rest.starts_with("$'") {
            self.pass('$');
            return self.quoted('\'');
        }
        let Some((name, length)) = variable(rest) else {
            self.push('$');
            self.pass('$');
            return Ok(());
        };
        match self.environment.variable(name) {
            Some(value) => self.push_text(value),
            None => self.push_variable(name),
        }
        self.at += length;
        Ok(())
    }

    fn push_variable(&mut self, name: &str) {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let name: String = name.chars().map(|c| if is_name(c) { c } else { ' ' }).collect();
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_figure = !name.starts_with(|c: char| c.is_alphabetic() || c == '_');
        self.push(OPEN);
        self.push_text(if is_figure { "argument " } else { "" });
        self.push_text(&name);
        self.push(CLOSE);
    }
}

/// The name of a variable at the start of a text, and how long what names it is.
pub(in crate::docs) fn variable(text: &str) -> Option<(&str, usize)> {
    let behind = text.strip_prefix('$')?;
    if let Some(inside) = behind.strip_prefix('{') {
        let length = inside.find('}')?;
        let name = inside.get(..length)?.split([':', '-', '=', '?', '%', '#', '/']).next()?;
        return (!name.is_empty()).then_some((name, length + 3));
    }
    let length = behind.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(behind.len());
    let name = behind.get(..length).filter(|name| !name.is_empty())?;
    Some((name, length + 1))
}
