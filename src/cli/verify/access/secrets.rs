//! Where secrets come in: from environment variables and files that are named, and told to whatever shows something.

use crate::config::SecretSource;
use crate::message::Part;
use crate::replay::auth::{Field, Secret};
use crate::secret::{MASK, Masked, SHORTEST, Secrets, find, is_authentication, is_credential_header};
use std::cell::RefCell;
use std::fs;
use std::path::Path;

/// What secrets are read from, and told to.
pub(super) struct Rim<'r> {
    environment: &'r dyn Fn(&str) -> Option<String>,
    /// Where the paths of the file start.
    folder: &'r Path,
    secrets: &'r Secrets,
    warnings: RefCell<Vec<String>>,
}

/// What is said of a login without a password.
const NO_PAIR: &str = "does not hold user:password, with a colon between the two";

/// A text with its variables filled in, and the names of these.
#[derive(Default)]
struct Filled {
    text: String,
    variables: Vec<String>,
    parts: Vec<Part>,
}

impl Filled {
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
        match self.parts.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Text(last)) => last.push_str(text),
            _ => self.parts.push(Part::Text(text.to_owned())),
        }
    }
}

/// How variables are written.
#[derive(Clone, Copy)]
enum Syntax {
    /// `${NAME}`, as in faithful.toml.
    Braces,
    /// `$NAME` as well, as a shell has it.
    Shell,
}

impl<'r> Rim<'r> {
    pub(super) fn new(
        environment: &'r dyn Fn(&str) -> Option<String>,
        folder: &'r Path,
        secrets: &'r Secrets,
    ) -> Rim<'r> {
        Rim { environment, folder, secrets, warnings: RefCell::default() }
    }

    /// What the user should know.
    pub(super) fn warnings(&self) -> Vec<String> {
        self.warnings.borrow().clone()
    }

    /// The secret in a variable that a flag names.
    pub(super) fn variable(&self, flag: &str, name: &str) -> Result<Secret, String> {
        let value = self.read(name).map_err(|error| format!("{flag}: {error}"))?;
        Ok(self.told(Secret::new(name, &value)))
    }

    /// The `user:password` in a variable that a flag names.
    pub(super) fn pair(&self, flag: &str, name: &str) -> Result<Secret, String> {
        let value = self.read(name).map_err(|error| format!("{flag}: {error}"))?;
        let pair = self.told_pair(Secret::new(name, &value));
        if pair.is_pair() {
            return Ok(pair);
        }
        Err(format!("{flag}: the environment variable {name} {NO_PAIR}"))
    }

    /// A secret that the file names.
    pub(super) fn secret(&self, place: &str, source: &SecretSource) -> Result<Secret, String> {
        self.unweighed(place, source).map(|secret| self.told(secret))
    }

    fn unweighed(&self, place: &str, source: &SecretSource) -> Result<Secret, String> {
        match source {
            SecretSource::Text(text) => {
                let filled = self.fill(text, Syntax::Braces).map_err(|error| format!("{place}: {error}"))?;
                if filled.variables.is_empty() {
                    return Err(format!(
                        "{place}: the file is no place for a secret: name an environment variable, \"${{NAME}}\", or \
                         {{ file = \"…\" }}"
                    ));
                }
                let called = filled.variables.join("_");
                Ok(Secret::of_parts(called, &filled.text, shown(filled.parts)))
            }
            SecretSource::File(path) => {
                let file = self.folder.join(path);
                let text = fs::read_to_string(&file)
                    .map_err(|error| format!("{place}: {}: {error}", file.display()))?;
                if text.trim().is_empty() {
                    return Err(format!("{place}: {} is empty", file.display()));
                }
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
                Ok(Secret::new(name.unwrap_or_default(), text.trim()))
            }
        }
    }

    /// A `user:password` that the file names.
    pub(super) fn filed_pair(&self, place: &str, source: &SecretSource) -> Result<Secret, String> {
        let pair = self.told_pair(self.unweighed(place, source)?);
        if pair.is_pair() { Ok(pair) } else { Err(format!("{place}: {} {NO_PAIR}", pair.name())) }
    }

    /// A text of the file that is no secret, but may hold one.
    pub(super) fn filled(&self, text: &str) -> Result<String, String> {
        self.fill(text, Syntax::Braces).map(|filled| filled.text)
    }

    /// `-H 'Name: value'`
    pub(super) fn field(&self, header: &str) -> Result<Field, String> {
        let (name, value) = header.split_once(':').ok_or("-H: give 'NAME: VALUE', such as 'X-Tenant: t1'")?;
        let (name, value) = (name.trim(), value.trim());
        let filled = self.fill(value, Syntax::Shell).map_err(|error| format!("-H {name}: {error}"))?;
        self.checked("-H", "$NAME", name, filled)
    }

    /// A field of the file.
    pub(super) fn filed_field(&self, place: &str, name: &str, value: &str) -> Result<Field, String> {
        let filled = self.fill(value, Syntax::Braces).map_err(|error| format!("{place} {name}: {error}"))?;
        self.checked(place, "${NAME}", name, filled)
    }

    fn checked(&self, place: &str, how: &str, name: &str, filled: Filled) -> Result<Field, String> {
        let Filled { text, variables, parts } = filled;
        let carries = is_credential_header(name) || is_authentication(&text) || !find(&text).is_empty();
        if carries && variables.is_empty() {
            return Err(format!(
                "{place} {name}: a credential that is written out is seen by others: name an environment variable, \
                 as in \"{name}: {how}\""
            ));
        }
        for variable in &variables {
            if let Some(value) = (self.environment)(variable) {
                self.told(Secret::new(variable, &value));
            }
        }
        let called = if variables.is_empty() { name.to_owned() } else { variables.join("_") };
        let parts = if carries { shown(parts) } else { parts };
        Field::new(name, Secret::of_parts(called, &text, parts)).map_err(|error| format!("{place}: {error}"))
    }

    fn told(&self, secret: Secret) -> Secret {
        let masked = secret.tell(self.secrets);
        self.weighed(masked, "", secret)
    }

    fn told_pair(&self, secret: Secret) -> Secret {
        let masked = secret.tell_pair(self.secrets);
        self.weighed(masked, "the password in ", secret)
    }

    fn weighed(&self, masked: Masked, what: &str, secret: Secret) -> Secret {
        if masked == Masked::ByPlace {
            self.warnings.borrow_mut().push(format!(
                "{what}{} is shorter than {SHORTEST} characters: it cannot be told from other text, and is not \
                 masked where a service repeats it",
                secret.name()
            ));
        }
        secret
    }

    fn read(&self, name: &str) -> Result<String, String> {
        let value = (self.environment)(name);
        let value = value
            .ok_or_else(|| format!("the environment variable {name} is not set; set it, or name another"))?;
        if value.trim().is_empty() {
            return Err(format!("the environment variable {name} is empty; set it, or name another"));
        }
        Ok(value.trim_end_matches(['\r', '\n']).to_owned())
    }

    fn fill(&self, text: &str, syntax: Syntax) -> Result<Filled, String> {
        let mut filled = Filled::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            filled.put(before);
            let (name, after) =
                match (after.strip_prefix('{').and_then(|braced| braced.split_once('}')), syntax) {
                    (Some((name, after)), _) => (name, after),
                    (None, Syntax::Shell) => {
                        let lawful = |c: char| c.is_ascii_alphanumeric() || c == '_';
                        after.split_at(after.find(|c| !lawful(c)).unwrap_or(after.len()))
                    }
                    (None, Syntax::Braces) => ("", after),
                };
            if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
                filled.put("$");
                rest = rest.get(before.len() + 1..).unwrap_or_default();
                continue;
            }
            filled.text.push_str(&self.read(name)?);
            filled.variables.push(name.to_owned());
            filled.parts.push(Part::Secret(name.to_owned()));
            rest = after;
        }
        filled.put(rest);
        Ok(filled)
    }
}

/// The parts of a credential as they may be shown: a text between variables that looks like a value of its own is none
/// that people need to see.
fn shown(parts: Vec<Part>) -> Vec<Part> {
    let is_end = |c: char| matches!(c, ' ' | ';' | ',' | '=' | ':' | '"');
    let one = |word: &str| {
        let (value, end) = word.split_at(word.trim_end_matches(is_end).len());
        let opaque = value.len() >= 16 && value.contains(|c: char| c.is_ascii_digit());
        if opaque { format!("{MASK}{end}") } else { word.to_owned() }
    };
    let text = |text: String| {
        let words = text.split_inclusive(is_end).map(one);
        Part::Text(words.collect())
    };
    parts
        .into_iter()
        .map(|part| match part {
            Part::Text(written) => text(written),
            secret @ Part::Secret(_) => secret,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn environment(name: &str) -> Option<String> {
        match name {
            "TOKEN" => Some("canary-value\n".into()),
            "EMPTY" => Some(" ".into()),
            _ => None,
        }
    }

    #[rstest]
    #[case("X-Api-Key: $TOKEN", Ok("x-api-key"))]
    #[case("Authorization:Token ${TOKEN}", Ok("authorization"))]
    #[case("X-Tenant: acme", Ok("x-tenant"))]
    #[case("X-Price: $5", Ok("x-price"))]
    #[case("X-Api-Key: canary", Err("as in \"X-Api-Key: $NAME\""))]
    #[case("X-Upstream: Bearer canary", Err("name an environment variable"))]
    #[case("X-Api-Key: $NOBODY", Err("the environment variable NOBODY is not set"))]
    #[case("X-Api-Key: $EMPTY", Err("the environment variable EMPTY is empty"))]
    #[case("canary", Err("give 'NAME: VALUE'"))]
    #[case("Host: canary", Err("host frames or routes the message"))]
    fn fields_of_the_command_line(#[case] header: &str, #[case] expected: Result<&str, &str>) {
        let secrets = Secrets::default();
        let rim = Rim::new(&environment, Path::new(""), &secrets);
        match (rim.field(header), expected) {
            (Ok(field), Ok(name)) => assert_eq!(field.name(), name),
            (Err(error), Err(said)) => {
                assert!(error.contains(said) && !error.contains("canary"), "{error}");
            }
            other => panic!("{other:?}"),
        }
        if header.contains("TOKEN") {
            assert_eq!(secrets.mask("it is canary-value"), "it is [REDACTED:TOKEN]");
        }
    }

    #[test]
    fn a_secret_in_the_file_is_refused_and_not_repeated() {
        let secrets = Secrets::default();
        let rim = Rim::new(&environment, Path::new(""), &secrets);
        let error = rim.secret("[account.bob] bearer", &SecretSource::Text("canary".into())).unwrap_err();
        assert!(error.contains("[account.bob] bearer") && !error.contains("canary"), "{error}");
        let error = rim.secret("x", &SecretSource::File("nowhere/at-all".into())).unwrap_err();
        assert!(error.contains("nowhere"), "{error}");
        assert!(rim.secret("x", &SecretSource::Text("ann:${TOKEN}".into())).is_ok());
    }
}
