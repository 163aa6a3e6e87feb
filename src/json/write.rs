//! Writes JSON: numbers as they were read, strings in the one shortest escaping, non-ASCII as it is.

use super::{Elements, Json, Kind, Members, Value};
use serde::ser::{Error, Serialize, Serializer};
use std::fmt::Write;

/// Appends `text` as a JSON string.
pub fn quote(text: &str, out: &mut String) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let short = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x08 => "\\b",
            0x0C => "\\f",
            0..=0x1F => "",
            _ => continue,
        };
        out.push_str(text.get(plain..at).unwrap_or_default());
        out.push_str(short);
        if short.is_empty() {
            let _ = write!(out, "\\u{byte:04x}");
        }
        plain = at + 1;
    }
    out.push_str(text.get(plain..).unwrap_or_default());
    out.push('"');
}

/// How the values are laid out.
#[derive(Clone, Copy)]
enum Layout {
    /// On one line, without blanks.
    Compact,
    /// A line each, two spaces per level, as if the first stood this deep.
    Pretty(usize),
}

impl Layout {
    fn line(self, depth: usize, out: &mut String) {
        if let Layout::Pretty(level) = self {
            out.push('\n');
            (0..level + depth).for_each(|_| out.push_str("  "));
        }
    }
}

/// A container that is being written: what is left of it.
enum Open<'a> {
    Array(Elements<'a>),
    Object(Members<'a>),
}

impl Value<'_> {
    /// On one line, without blanks.
    pub fn to_compact(self) -> String {
        let mut out = String::with_capacity(self.raw().len());
        self.write(Layout::Compact, &mut out);
        out
    }

    /// A member a line, two spaces a level. The first line is not indented, the others as if the value stood
    /// `level` deep.
    pub fn write_pretty(self, level: usize, out: &mut String) {
        self.write(Layout::Pretty(level), out);
    }

    fn write(self, layout: Layout, out: &mut String) {
        let mut open = Vec::new();
        self.begin(&mut open, out);
        while let Some((container, first)) = open.last_mut() {
            let (name, next) = match container {
                Open::Array(elements) => (None, elements.next()),
                Open::Object(members) => {
                    members.next().map_or((None, None), |m| (Some(m.key), Some(m.value)))
                }
            };
            let Some(value) = next else {
                let close = if matches!(container, Open::Array(_)) { ']' } else { '}' };
                let empty = *first;
                open.pop();
                if !empty {
                    layout.line(open.len(), out);
                }
                out.push(close);
                continue;
            };
            if !std::mem::take(first) {
                out.push(',');
            }
            layout.line(open.len(), out);
            if let Some(name) = name {
                quote(&name.as_str().unwrap_or_default(), out);
                out.push_str(if matches!(layout, Layout::Compact) { ":" } else { ": " });
            }
            value.begin(&mut open, out);
        }
    }

    /// A scalar as a whole, of a container its opening.
    fn begin<'a>(self, open: &mut Vec<(Open<'a>, bool)>, out: &mut String)
    where
        Self: 'a,
    {
        match self.kind() {
            Kind::Array => {
                out.push('[');
                open.push((Open::Array(self.elements()), true));
            }
            Kind::Object => {
                out.push('{');
                open.push((Open::Object(self.members()), true));
            }
            Kind::String => quote(&self.as_str().unwrap_or_default(), out),
            _ => out.push_str(self.raw()),
        }
    }
}

/// As the JSON it is, digit by digit: for `serde_json` alone, like the `RawValue` it goes through.
impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = serde_json::value::RawValue::from_string(self.root().to_compact());
        raw.map_err(S::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use crate::json::Json;

    const TEXT: &str = r#"{"a":[],"b":{},"c":[1.0,{"d":"\u00e9\n\u0001\/"}],"e":null}"#;

    #[test]
    fn pretty_has_a_line_per_member_and_unescaped_text() {
        let mut out = String::new();
        Json::parse(TEXT).unwrap().root().write_pretty(1, &mut out);
        let lines = [
            "{",
            "    \"a\": [],",
            "    \"b\": {},",
            "    \"c\": [",
            "      1.0,",
            "      {",
            "        \"d\": \"é\\n\\u0001/\"",
            "      }",
            "    ],",
            "    \"e\": null",
            "  }",
        ];
        assert_eq!(out, lines.join("\n"));
    }

    #[test]
    fn compact_keeps_every_digit() {
        let json = Json::parse(" [ 1.00 , 1e999, 18446744073709551617 ] ").unwrap();
        assert_eq!(json.root().to_compact(), "[1.00,1e999,18446744073709551617]");
        assert_eq!(serde_json::to_string(&json).unwrap(), "[1.00,1e999,18446744073709551617]");
    }
}
