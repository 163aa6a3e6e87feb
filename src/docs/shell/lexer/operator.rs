//! Operators: what stands between the words of a command line, and what only looks so.

use super::{Lexer, Token};

impl Lexer<'_> {
    /// `<id>`, which to a shell would be a file.
    pub(super) fn placeholder(&mut self) -> bool {
        let inside = self.rest().get(1..).unwrap_or_default();
        let Some(length) = inside.find(['>', '\n', '<', '|', ';', '\'', '"']) else { return false };
        let name = inside.get(..length).unwrap_or_default();
        let is_name = name.starts_with(|c: char| c.is_alphabetic())
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '));
        if !is_name || name.ends_with(' ') || !inside.get(length..).is_some_and(|rest| rest.starts_with('>'))
        {
            return false;
        }
        self.push_text(self.rest().get(..length + 2).unwrap_or_default());
        self.at += length + 2;
        self.repaired = true;
        true
    }

    pub(super) fn operator(&mut self, character: char) {
        let rest = self.rest();
        // `?a=1&b=2` without quotes is more than one command to a shell, and never meant so.
        let in_url = self.word.as_ref().is_some_and(|word| word.text.contains(['/', '?', '=']));
        let behind = rest.get(1..).and_then(|rest| rest.chars().next());
        let goes_on =
            behind.is_some_and(|next| next.is_alphanumeric() || matches!(next, '_' | '$' | '{' | '<'));
        if in_url && ((character == '&' && goes_on) || matches!(character, '(' | ')')) {
            self.repaired = true;
            self.push(character);
            self.pass(character);
            return;
        }
        // A figure before a redirection says which stream it is.
        let stream = match (&self.word, character) {
            (Some(word), '<' | '>') if matches!(word.text.as_str(), "0" | "1" | "2" | "&") => {
                self.word.take()
            }
            _ => None,
        };
        self.end_word();
        for (operator, token) in [
            ("&&", Token::Operator("&&")),
            ("||", Token::Operator("||")),
            ("|&", Token::Operator("|")),
            ("|", Token::Operator("|")),
            (";", Token::Operator(";")),
            ("(", Token::Operator("(")),
            (")", Token::Operator(")")),
        ] {
            if rest.starts_with(operator) {
                self.at += operator.len();
                self.tokens.push(token);
                return;
            }
        }
        if let Some(behind) = rest.strip_prefix("<<<") {
            self.at += rest.len() - behind.trim_start_matches([' ', '\t']).len();
            self.tokens.push(Token::Operator("<<<"));
        } else if let Some(behind) = rest.strip_prefix("<<") {
            let behind = behind.trim_start_matches('-').trim_start_matches([' ', '\t']);
            let length = behind.find([' ', '\t', '\n', '|', ';', '>']).unwrap_or(behind.len());
            let word = behind.get(..length).unwrap_or_default();
            self.documents.push(word.trim_matches(['\'', '"', '\\']).to_owned());
            self.tokens.push(Token::Operator("<<"));
            self.at += rest.len() - behind.len() + length;
        } else if rest.starts_with('<') {
            self.at += 1;
            self.tokens.push(Token::Input);
        } else if let Some(behind) = rest.strip_prefix("&>").or_else(|| rest.strip_prefix('>')) {
            let behind = behind.trim_start_matches('>');
            self.at += rest.len() - behind.len();
            // `2>&1`, and complaints that go elsewhere.
            if behind.starts_with('&') {
                self.at += behind.find([' ', '\t', '\n', '|', ';']).unwrap_or(behind.len());
            } else if stream.is_some_and(|stream| stream.text == "2") {
                let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
                let word = behind.trim_start_matches([' ', '\t']);
                self.at += blanks + word.find([' ', '\t', '\n', '|', ';']).unwrap_or(word.len());
            } else {
                self.tokens.push(Token::Output);
            }
        } else {
            self.at += 1;
            self.tokens.push(Token::Operator("&"));
        }
    }
}
