//! The lenient reader: what the authors of documentation write for JSON, read as what they mean.
//!
//! A reader that is not strict notes edits that would make the text JSON (`reader`, with `string`, `bare`,
//! `blanks` and `closers`); they are made (`edits`), and the strict reader reads the outcome. So what is yielded is JSON by
//! construction, all of the text that needed no repair is kept to the byte, and places lead back through the
//! edits.

mod bare;
mod blanks;
mod closers;
mod edits;
mod elision;
#[cfg(test)]
mod linear;
mod literal;
mod reader;
mod rule;
mod string;

use super::{Budget, Json, JsonError, JsonErrorKind, Origin, strict};

pub use rule::RepairRule;

/// One thing that was wrong with a text, and was mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repair {
    /// What was wrong.
    pub rule: RepairRule,
    /// The byte at which it was wrong, in the text that was given.
    pub at: usize,
}

/// A text read leniently.
#[derive(Debug, Clone)]
pub struct Lenient {
    /// The values. Their [`text`](Json::text) is JSON, whatever was given.
    pub json: Json,
    /// What had to be mended, in the order of the text; nothing where the text was JSON.
    pub repairs: Vec<Repair>,
    /// What the text shows only a part of, as JSON Pointers: arrays and objects whose ellipsis was taken out, and
    /// strings that end in `...` or `…`, which keep their text.
    pub elided: Vec<String>,
}

impl Lenient {
    /// Whether the values are likely, not certain.
    pub fn is_guess(&self) -> bool {
        self.repairs.iter().any(|repair| repair.rule.is_guess())
    }
}

impl Json {
    /// Reads what is meant for JSON: strictly if it is, else an array or an object with all that [`RepairRule`]
    /// names. The error is that of the strict reader.
    ///
    /// ```
    /// use faithful::json::{Budget, Json, RepairRule};
    ///
    /// let read = Json::parse_lenient("{ id: 1, tags: ['a', ...], }", &Budget::default()).unwrap();
    /// assert_eq!(read.json.root().to_compact(), r#"{"id":1,"tags":["a"]}"#);
    /// assert_eq!(read.elided, ["/tags"]);
    /// assert_eq!(read.repairs[0].rule, RepairRule::UnquotedKey);
    /// assert!(!read.is_guess());
    /// ```
    pub fn parse_lenient(text: &str, budget: &Budget) -> Result<Lenient, JsonError> {
        let refused = match strict::read(text, budget) {
            Ok(nodes) => {
                let json =
                    Json { text: text.to_owned().into(), nodes: nodes.into(), origin: Origin::default() };
                let elided = elision::pointers(&json, &[], budget)?;
                return Ok(Lenient { json, repairs: Vec::new(), elided });
            }
            Err(error) => error,
        };
        if refused.kind.is_limit() {
            return Err(refused);
        }
        let Some(mended) = reader::mend(text, budget)? else { return Err(refused) };
        let (written, origin) = mended.edits.apply(text);
        match strict::read(&written, budget) {
            Ok(nodes) => {
                let json = Json { text: written.into(), nodes: nodes.into(), origin };
                let elided = elision::pointers(&json, &mended.elided, budget)?;
                Ok(Lenient { json, repairs: mended.repairs, elided })
            }
            Err(JsonError { kind, at }) if kind.is_limit() => {
                Err(JsonError { kind, at: origin.of_start(at) })
            }
            Err(_) => Err(refused),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, Json};

    #[test]
    fn values_lead_back_to_the_text_that_was_given() {
        let text = "{ /* a */ 'name': 'it\\'s', // b\n day: 2018-04-01, ids: [1, ...], open: {\"a\": .5 ";
        let read = Json::parse_lenient(text, &Budget::default()).unwrap();
        let root = read.json.root();
        let source = |pointer: &str| &text[root.pointer(pointer).unwrap().source()];
        assert_eq!(source("/name"), "'it\\'s'");
        assert_eq!(source("/day"), "2018-04-01");
        assert_eq!(source("/ids"), "[1, ...]");
        assert_eq!(source("/ids/0"), "1");
        assert_eq!(source("/open"), "{\"a\": .5 ");
        assert_eq!(source("/open/a"), ".5");
        let names: Vec<&str> = root.members().map(|member| &text[member.key.source()]).collect();
        assert_eq!(names, ["'name'", "day", "ids", "open"]);
        assert_eq!(&text[root.source()], text);
        let alone = root.get("open").unwrap().to_json();
        assert_eq!(alone.root().source(), 0..alone.text().len());
    }

    #[test]
    fn what_needs_no_repair_is_kept_to_the_byte() {
        let text = "{ \"a\" :\t[1.0 ,2 ,] }\n";
        let read = Json::parse_lenient(text, &Budget::default()).unwrap();
        assert_eq!(read.json.text(), "{ \"a\" :\t[1.0 ,2 ] }\n");
    }
}
