//! Whether two values say the same, told by one run along both lists of values: no recursion, whatever the depth.

use super::{Json, Node, Number, Tag, Value};

impl Value<'_> {
    /// Whether both are strings that say the same, however it is spelled.
    #[inline]
    pub fn says_the_same(self, other: Value<'_>) -> bool {
        // Most are names, without escapes.
        if self.tag() == Tag::Plain && other.tag() == Tag::Plain {
            return self.is_written_as(other);
        }
        self.reads_the_same(other)
    }

    /// Apart, for the look at plain texts to be short wherever it is taken.
    #[inline(never)]
    fn reads_the_same(self, other: Value<'_>) -> bool {
        let text = |tag| matches!(tag, Tag::Plain | Tag::Escaped);
        text(self.tag())
            && text(other.tag())
            && (self.is_written_as(other) || self.as_str() == other.as_str())
    }

    /// Whether as many values stand in both, those in others and names counted.
    pub(crate) fn is_as_large_as(self, other: Value<'_>) -> bool {
        self.list().len() == other.list().len()
    }

    /// Whether both are the same values in the same order, member for member: numbers compared as decimals,
    /// whitespace and the spelling of escapes aside.
    pub fn is_alike(self, other: Value<'_>) -> bool {
        self.is_written_as(other) || alike(self, other, |one, two| Number::new(one) == Number::new(two))
    }
}

/// Whether both are the same values in the same order, their numbers compared as `numbers` has it.
pub(super) fn alike(one: Value<'_>, two: Value<'_>, numbers: impl Fn(&str, &str) -> bool) -> bool {
    let (ones, twos) = (one.list(), two.list());
    if ones.len() != twos.len() {
        return false;
    }
    // A value ends as far behind the first as its counterpart does; names stand where names stand then.
    let ends = |node: &Node, root: Value<'_>| node.after as usize - root.at;
    ones.iter().zip(twos).enumerate().all(|(index, (ours, theirs))| match (ours.tag, theirs.tag) {
        (Tag::Array | Tag::Object, _) => ours.tag == theirs.tag && ends(ours, one) == ends(theirs, two),
        (Tag::Integer | Tag::Number, Tag::Integer | Tag::Number) => {
            numbers(written(one.json, ours), written(two.json, theirs))
        }
        (Tag::Plain, Tag::Plain) => bytes(one.json, ours) == bytes(two.json, theirs),
        (Tag::Plain | Tag::Escaped, Tag::Plain | Tag::Escaped) => {
            Value::new(one.json, one.at + index).says_the_same(Value::new(two.json, two.at + index))
        }
        _ => ours.tag == theirs.tag,
    })
}

fn bytes<'a>(json: &'a Json, node: &Node) -> &'a [u8] {
    json.text().as_bytes().get(node.start as usize..node.end as usize).unwrap_or_default()
}

fn written<'a>(json: &'a Json, node: &Node) -> &'a str {
    json.text().get(node.start as usize..node.end as usize).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::json::Json;
    use rstest::rstest;

    #[rstest]
    #[case("[1, 2.50]", " [ 1.0,25e-1 ]\n", true)]
    #[case(r#"["\u0061\/"]"#, r#"["a/"]"#, true)]
    #[case(r#"{"\u0061": {}}"#, r#"{"a": {}}"#, true)]
    #[case("[1]", "[2]", false)]
    #[case("[[], 1]", "[[1]]", false)]
    #[case("[[1], []]", "[[], [1]]", false)]
    #[case("[]", "{}", false)]
    #[case(r#"{"a": 1, "b": 2}"#, r#"{"b": 2, "a": 1}"#, false)]
    #[case(r#"{"a": 1}"#, r#"["a", 1]"#, false)]
    #[case("\"1\"", "1", false)]
    #[case("true", "false", false)]
    #[case("null", "false", false)]
    #[case("18446744073709551616", "18446744073709551617", false)]
    fn alike_is_what_says_the_same_in_the_same_order(
        #[case] one: &str,
        #[case] two: &str,
        #[case] alike: bool,
    ) {
        // As a whole, and as a part of something longer.
        for around in ["", "[0, 0, [0]], "] {
            let read = |text: &str| Json::parse(format!("[{around}{text}]")).unwrap();
            let (one, two) = (Json::parse(one).unwrap(), read(two));
            let other = two.root().elements().last().unwrap();
            assert_eq!(one.root().is_alike(other), alike);
            assert_eq!(other.is_alike(one.root()), alike);
        }
    }
}
