//! The ways of changing an answer, and what the rules say of each.

use crate::exchange::Exchange;
use crate::tree::{Style, Tree};
use faithful::json::Kind;
use faithful::message::{Headers, Received};

/// What a change is to be taken for against a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// It must pass.
    Lawful,
    /// It must pass, with a warning or a note.
    Noticed,
    /// It must not pass.
    Breaking,
}

use Class::{Breaking, Lawful, Noticed};

/// A kind of change: what is changed, and the situation of the table that it is.
pub(crate) struct Way {
    pub(crate) class: Class,
    pub(crate) name: &'static str,
    pub(crate) row: &'static str,
}

const fn way(class: Class, name: &'static str, row: &'static str) -> Way {
    Way { class, name, row }
}

/// Every kind of change, as it is printed.
pub(crate) const WAYS: &[Way] = &[
    way(Lawful, "nothing", "none"),
    way(Lawful, "another text", "value differs, no echo"),
    way(Lawful, "no text: \"\"", "value differs, no echo"),
    way(Lawful, "another number", "value differs, no echo"),
    way(Lawful, "another boolean", "value differs, no echo"),
    way(Lawful, "another value of the same format", "value differs, no echo"),
    way(Lawful, "a date in another precision", "date-time with another precision or offset"),
    way(Lawful, "a date in another offset", "date-time with another precision or offset"),
    way(Lawful, "a guid in other letters", "value differs, no echo"),
    way(Lawful, "a value for a type word", "examples that are not values"),
    way(Lawful, "a value for a placeholder", "examples that are not values"),
    way(Lawful, "a whole text for an abbreviated one", "examples that are not values"),
    way(Lawful, "a value of a list", "examples that are not values"),
    way(Lawful, "another element's tag", "template merge: tags"),
    way(Lawful, "a type's name without #, in other letters", "`@odata.type` compared as text"),
    way(Lawful, "null filled", "example null, actual anything"),
    way(Lawful, "null where it is shown too or declared", "example a value, actual null: nullable"),
    way(Lawful, "every value that is free, at once", "value differs, no echo"),
    way(Lawful, "members in another order", "same members, order ignored"),
    way(Lawful, "a member more where truncated or elided", "member not shown, truncated"),
    way(Lawful, "an @odata member more", "control information"),
    way(Lawful, "an @odata member less", "shown member absent: `@odata.*`"),
    way(Lawful, "a member less that not all elements show", "template merge: optional"),
    way(Lawful, "more elements", "array longer or shorter"),
    way(Lawful, "fewer elements", "array longer or shorter"),
    way(Lawful, "elements in another order", "every element against the template"),
    way(Lawful, "elements where [] is shown", "example `[]`, actual has elements"),
    way(Lawful, "no elements where [] is shown too", "example `[]`"),
    way(Lawful, "blanks and line ends", "spelling"),
    way(Lawful, "escapes", "spelling"),
    way(Lawful, "numbers as 7.00", "spelling"),
    way(Lawful, "numbers as 70e-1", "spelling"),
    way(Lawful, "-0 for 0", "spelling"),
    way(Lawful, "other line ends of a text", "documented text body"),
    way(Lawful, "another text or octets as the body", "documented text body, binary marker"),
    way(Lawful, "more headers", "headers that are not documented"),
    way(Lawful, "header names in other letters", "letter case aside"),
    way(Lawful, "headers in another order", "order ignored"),
    way(Lawful, "a parameter of the media type", "parameters aside"),
    way(Lawful, "a media type with +json", "`+json` counts as JSON"),
    way(Lawful, "a volatile header lost", "volatile headers"),
    way(Lawful, "another value of a plain header", "value of a header"),
    way(Lawful, "another value of a contract header", "value of a documented contract header"),
    way(Noticed, "a member more where all are shown", "member not shown, not truncated: W"),
    way(Noticed, "a member less that is null or optional", "shown member absent, null or optional: W"),
    way(Noticed, "a plain header lost", "any other documented header absent: W"),
    way(Noticed, "a format lost", "format lost: W"),
    way(Noticed, "a fraction for a whole number", "integer shown, fraction returned: N"),
    way(Noticed, "a text outside a list", "string outside an enumeration: W"),
    way(Noticed, "the example itself that is no value", "examples that are not values: W"),
    way(Noticed, "no elements", "example has elements, actual `[]`: W"),
    way(Noticed, "an element of an @odata.type not shown", "an element whose tag is not shown: N"),
    way(Noticed, "a member twice, equal", "duplicate members, equal values: W"),
    way(Noticed, "a byte order mark", "encoding: W"),
    way(Noticed, "a charset that JSON has not", "encoding: W"),
    way(Noticed, "a body where none is shown", "no body documented, one comes: N"),
    way(Noticed, "a length at 204", "204 with a Content-Length above 0: W"),
    way(Breaking, "another status of the class", "other status code"),
    way(Breaking, "a status of another class", "other status code"),
    way(Breaking, "throttled or unavailable", "429, 502, 503, 504"),
    way(Breaking, "a member less", "shown member absent"),
    way(Breaking, "a member renamed", "shown member absent"),
    way(Breaking, "a member's name in other letters", "shown member absent"),
    way(Breaking, "a text for a number", "other JSON type"),
    way(Breaking, "a text for a boolean", "other JSON type"),
    way(Breaking, "a text for an array", "other JSON type"),
    way(Breaking, "a text for an object", "other JSON type"),
    way(Breaking, "a number for a text", "other JSON type"),
    way(Breaking, "a number for a boolean", "other JSON type"),
    way(Breaking, "a number for an array", "other JSON type"),
    way(Breaking, "a number for an object", "other JSON type"),
    way(Breaking, "a boolean for a text", "other JSON type"),
    way(Breaking, "a boolean for a number", "other JSON type"),
    way(Breaking, "a boolean for an array", "other JSON type"),
    way(Breaking, "a boolean for an object", "other JSON type"),
    way(Breaking, "an array for a text", "other JSON type"),
    way(Breaking, "an array for a number", "other JSON type"),
    way(Breaking, "an array for a boolean", "other JSON type"),
    way(Breaking, "an array for an object", "other JSON type"),
    way(Breaking, "an object for a text", "other JSON type"),
    way(Breaking, "an object for a number", "other JSON type"),
    way(Breaking, "an object for a boolean", "other JSON type"),
    way(Breaking, "an object for an array", "other JSON type"),
    way(Breaking, "null for a member's value", "example a value, actual null"),
    way(Breaking, "null for an element", "example a value, actual null"),
    way(Breaking, "another @odata.type", "`@odata.type` compared as text"),
    way(Breaking, "one bad element among many: a member less", "one element of many violates the template"),
    way(Breaking, "one bad element among many: another type", "one element of many violates the template"),
    way(Breaking, "one bad element among many: null", "one element of many violates the template"),
    way(
        Breaking,
        "one bad element among many: no element at all",
        "one element of many violates the template",
    ),
    way(Breaking, "a broken echo: another value", "value differs, echo"),
    way(Breaking, "a broken echo: nearly the value", "value differs, echo"),
    way(Breaking, "a broken echo: nothing", "value differs, echo"),
    way(Breaking, "a broken echo: an element of another type", "value differs, echo"),
    way(Breaking, "a broken echo: two values exchanged", "value differs, echo"),
    way(Breaking, "a broken echo: an element less", "echo inside arrays"),
    way(Breaking, "a broken echo: elements turned round", "echo inside arrays"),
    way(Breaking, "a broken echo: elements mixed, and one more", "echo inside arrays"),
    way(Breaking, "a broken path echo: another value", "path echo"),
    way(Breaking, "a broken path echo: nearly the value", "path echo"),
    way(Breaking, "a broken path echo: nothing", "path echo"),
    way(Breaking, "the placeholder itself for a path echo", "path echo"),
    way(Breaking, "a member twice, contradicting", "duplicate members, other values"),
    way(Breaking, "a body within an object", "shown member absent"),
    way(Breaking, "a body within an array", "other JSON type"),
    way(Breaking, "a body as a text", "other JSON type"),
    way(Breaking, "another contract's body", "shown member absent"),
    way(Breaking, "an error's body", "shown member absent"),
    way(
        Breaking,
        "null, a scalar or nothing in brackets as the body",
        "other JSON type, shown member absent",
    ),
    way(Breaking, "HTML", "other media type"),
    way(Breaking, "HTML that calls itself JSON", "body documented as JSON, actual is not"),
    way(Breaking, "another media type", "other media type"),
    way(Breaking, "a body cut", "body documented as JSON, actual is not"),
    way(Breaking, "no body", "body documented, none comes"),
    way(Breaking, "blanks as the body", "body documented, none comes"),
    way(Breaking, "JSON that is none", "body documented as JSON, actual is not"),
    way(Breaking, "another encoding", "body documented as JSON, actual is not"),
    way(Breaking, "a body where the page says none", "`isEmpty` or 205, and a body comes"),
    way(Breaking, "a contract header lost", "documented contract header absent"),
    way(Breaking, "a contract header broken", "value of a documented contract header"),
];

/// Where the changed answers of one exchange go: by their ways, each with its place.
pub(crate) struct Changes<'x> {
    pub(crate) exchange: &'x Exchange<'x>,
    pub(crate) each: &'x mut dyn FnMut(usize, &str, Received),
}

impl Changes<'_> {
    pub(crate) fn add(&mut self, name: &str, place: &str, served: Received) {
        let at = WAYS.iter().position(|way| way.name == name);
        (self.each)(at.unwrap_or_else(|| panic!("no such way: {name}")), place, served);
    }

    /// Another body, as it stands.
    pub(crate) fn octets(&mut self, name: &str, place: &str, body: impl Into<Vec<u8>>) {
        let served = Received { body: body.into(), ..self.exchange.kept.clone() };
        self.add(name, place, served);
    }

    pub(crate) fn body(&mut self, name: &str, place: &str, body: &Tree) {
        self.octets(name, place, body.write(Style::Plain));
    }

    pub(crate) fn headers(&mut self, name: &str, place: &str, headers: Headers) {
        self.add(name, place, Received { headers, ..self.exchange.kept.clone() });
    }
}

/// How a kind of value is called in the names of the ways.
pub(crate) fn called(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Bool => "a boolean",
        Kind::Number => "a number",
        Kind::String => "a text",
        Kind::Array => "an array",
        Kind::Object => "an object",
    }
}
