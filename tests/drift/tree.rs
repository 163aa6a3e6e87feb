//! A body that can be changed: members in the page's order, a member twice where it stands twice, numbers by their
//! digits. `serde_json` keeps none of the three.

use faithful::json::{Kind, Value, quote};
use std::fmt::Write;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

/// The way to a value: of each array or object the position of what is inside.
pub(crate) type Path = Vec<usize>;

/// How a body is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    /// Blanks and line ends wherever they may stand.
    Airy,
    /// Every character of every text as `\u….`
    Escaped,
    /// `/` as `\/`.
    Solidus,
    /// Whole numbers with a point.
    Pointed,
    /// Whole numbers with an exponent.
    Powered,
}

impl Tree {
    pub(crate) fn of(value: Value<'_>) -> Tree {
        match value.kind() {
            Kind::Null => Tree::Null,
            Kind::Bool => Tree::Bool(value.as_bool().unwrap_or_default()),
            Kind::Number => Tree::Number(value.raw().to_owned()),
            Kind::String => Tree::text(&value.as_str().unwrap_or_default()),
            Kind::Array => Tree::Array(value.elements().map(Tree::of).collect()),
            Kind::Object => Tree::Object(
                value.members().map(|member| (member.name().into_owned(), Tree::of(member.value))).collect(),
            ),
        }
    }

    pub(crate) fn text(text: &str) -> Tree {
        Tree::Text(text.to_owned())
    }

    pub(crate) fn number(figure: &str) -> Tree {
        Tree::Number(figure.to_owned())
    }

    /// An object of one member.
    pub(crate) fn object(name: &str, value: Tree) -> Tree {
        Tree::Object(vec![(name.to_owned(), value)])
    }

    pub(crate) fn kind(&self) -> Kind {
        match self {
            Tree::Null => Kind::Null,
            Tree::Bool(_) => Kind::Bool,
            Tree::Number(_) => Kind::Number,
            Tree::Text(_) => Kind::String,
            Tree::Array(_) => Kind::Array,
            Tree::Object(_) => Kind::Object,
        }
    }

    pub(crate) fn is_container(&self) -> bool {
        matches!(self, Tree::Array(_) | Tree::Object(_))
    }

    pub(crate) fn at(&self, path: &[usize]) -> Option<&Tree> {
        path.iter().try_fold(self, |tree, at| match tree {
            Tree::Array(elements) => elements.get(*at),
            Tree::Object(members) => members.get(*at).map(|(_, value)| value),
            _ => None,
        })
    }

    fn at_mut(&mut self, path: &[usize]) -> Option<&mut Tree> {
        path.iter().try_fold(self, |tree, at| match tree {
            Tree::Array(elements) => elements.get_mut(*at),
            Tree::Object(members) => members.get_mut(*at).map(|(_, value)| value),
            _ => None,
        })
    }

    /// The value at a JSON Pointer; of repeated members the first.
    pub(crate) fn pointer(&self, pointer: &str) -> Option<&Tree> {
        pointer.split('/').skip(1).try_fold(self, |tree, token| match tree {
            Tree::Array(elements) => elements.get(token.parse::<usize>().ok()?),
            Tree::Object(members) => {
                let name = token.replace("~1", "/").replace("~0", "~");
                members.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
            }
            _ => None,
        })
    }

    /// The same, but for what `change` makes of one value.
    pub(crate) fn with(&self, path: &[usize], change: impl FnOnce(&mut Tree)) -> Tree {
        let mut tree = self.clone();
        if let Some(value) = tree.at_mut(path) {
            change(value);
        }
        tree
    }

    /// The same with another value in a place.
    pub(crate) fn replaced(&self, path: &[usize], value: Tree) -> Tree {
        self.with(path, |place| *place = value)
    }

    /// The same without a member or an element.
    pub(crate) fn without(&self, path: &[usize]) -> Tree {
        self.inside(path, |holder, at| match holder {
            Tree::Array(elements) => drop(elements.remove(at)),
            Tree::Object(members) => drop(members.remove(at)),
            _ => {}
        })
    }

    /// The same with another name for a member.
    pub(crate) fn renamed(&self, path: &[usize], name: &str) -> Tree {
        self.inside(path, |holder, at| {
            if let Tree::Object(members) = holder {
                name.clone_into(&mut members[at].0);
            }
        })
    }

    /// The same after a change of what holds the value.
    pub(crate) fn inside(&self, path: &[usize], change: impl FnOnce(&mut Tree, usize)) -> Tree {
        match path.split_last() {
            Some((at, holder)) => self.with(holder, |holder| change(holder, *at)),
            None => self.clone(),
        }
    }

    /// The same with every object's members turned round.
    pub(crate) fn reversed(&self) -> Tree {
        match self {
            Tree::Object(members) => Tree::Object(
                members.iter().rev().map(|(name, value)| (name.clone(), value.reversed())).collect(),
            ),
            Tree::Array(elements) => Tree::Array(elements.iter().map(Tree::reversed).collect()),
            other => other.clone(),
        }
    }

    /// Whether a value stands anywhere in it.
    pub(crate) fn holds(&self, value: &Tree) -> bool {
        self == value
            || match self {
                Tree::Array(elements) => elements.iter().any(|element| element.holds(value)),
                Tree::Object(members) => members.iter().any(|(_, member)| member.holds(value)),
                _ => false,
            }
    }

    /// Whether two scalars are one: of numbers the spelling aside.
    pub(crate) fn equals(&self, other: &Tree) -> bool {
        match (self, other) {
            (Tree::Number(one), Tree::Number(two)) => {
                let float = |figure: &str| figure.parse::<f64>().ok();
                let digits = |figure: &str| figure.bytes().filter(u8::is_ascii_digit).count();
                one == two || digits(one).max(digits(two)) <= 15 && float(one) == float(two)
            }
            _ => self == other,
        }
    }

    pub(crate) fn write(&self, style: Style) -> String {
        let mut text = String::new();
        self.write_to(style, &mut text);
        text
    }

    fn write_to(&self, style: Style, out: &mut String) {
        let air = if style == Style::Airy { "\r\n\t " } else { "" };
        out.push_str(air);
        match self {
            Tree::Null => out.push_str("null"),
            Tree::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Tree::Number(figure) => write_number(figure, style, out),
            Tree::Text(text) => write_text(text, style, out),
            Tree::Array(elements) => {
                out.push('[');
                for (at, element) in elements.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { "," });
                    element.write_to(style, out);
                }
                out.push(']');
            }
            Tree::Object(members) => {
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { "," });
                    out.push_str(air);
                    write_text(name, style, out);
                    out.push_str(air);
                    out.push(':');
                    value.write_to(style, out);
                }
                out.push('}');
            }
        }
        out.push_str(air);
    }
}

fn write_number(figure: &str, style: Style, out: &mut String) {
    out.push_str(figure);
    if !figure.contains(['.', 'e', 'E']) {
        out.push_str(match style {
            Style::Pointed => ".00",
            Style::Powered if figure.trim_start_matches('-') == "0" => "e7",
            Style::Powered => "0e-1",
            _ => "",
        });
    }
}

fn write_text(text: &str, style: Style, out: &mut String) {
    match style {
        Style::Escaped => {
            out.push('"');
            text.encode_utf16().for_each(|unit| write!(out, "\\u{unit:04X}").unwrap());
            out.push('"');
        }
        Style::Solidus => {
            let mut quoted = String::new();
            quote(text, &mut quoted);
            out.push_str(&quoted.replace('/', "\\/"));
        }
        _ => quote(text, out),
    }
}
