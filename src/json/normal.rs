//! One spelling for each value: what two texts have in common that say the same.

use super::{Kind, Number, Value, quote};

impl Value<'_> {
    /// The value without what a reader does not see: members in the order of their names, numbers as the decimals
    /// they mean, no blanks, the one shortest escaping. Members that repeat a name keep their order.
    pub fn to_normal(self) -> String {
        // What a value holds stands behind it in the list: from the end on its parts are there before it is.
        let mut done: Vec<String> = vec![String::new(); self.list().len()];
        for index in (0..done.len()).rev() {
            let value = Value::new(self.json, self.at + index);
            let text = value
                .normal(&mut |part| done.get_mut(part.at - self.at).map(std::mem::take).unwrap_or_default());
            if let Some(place) = done.get_mut(index) {
                *place = text;
            }
        }
        done.into_iter().next().unwrap_or_else(|| self.raw().to_owned())
    }

    fn normal(self, part: &mut impl FnMut(Value<'_>) -> String) -> String {
        match self.kind() {
            Kind::Null | Kind::Bool => self.raw().to_owned(),
            Kind::Number => self.as_number().map(Number::to_normal).unwrap_or_default(),
            Kind::String => {
                let mut text = String::new();
                quote(&self.as_str().unwrap_or_default(), &mut text);
                text
            }
            Kind::Array => {
                let elements: Vec<String> = self.elements().map(part).collect();
                format!("[{}]", elements.join(","))
            }
            Kind::Object => {
                let mut members: Vec<(String, String)> =
                    self.members().map(|member| (part(member.key), part(member.value))).collect();
                members.sort_by(|one, two| one.0.cmp(&two.0));
                let members: Vec<String> =
                    members.into_iter().map(|(name, value)| format!("{name}:{value}")).collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::json::Json;
    use rstest::rstest;

    #[rstest]
    #[case(r#"{"b": [1, {}], "a": null}"#, r#"{"a":null,"b":[1,{}]}"#)]
    #[case(r#"{"a": 1, "b": 2, "\u0061": 0}"#, r#"{"a":1,"a":0,"b":2}"#)]
    #[case(r#"{"b": {"d": true, "c": "\u0078\/"}}"#, r#"{"b":{"c":"x/","d":true}}"#)]
    #[case("[1.0, 10e-1, 0.1E+1, -1]", "[1,1,1,-1]")]
    #[case("[120, 1.2, 0.012, -0.0, 0e9]", "[12e1,12e-1,12e-3,0,0]")]
    #[case("[9007199254740993]", "[9007199254740993]")]
    #[case("[1e99999999999999999999999999999999999999]", "[1e99999999999999999999999999999999999999]")]
    fn values_have_one_spelling(#[case] text: &str, #[case] normal: &str) {
        let json = Json::parse(text).unwrap();
        assert_eq!(json.root().to_normal(), normal);
        assert_eq!(Json::parse(normal).unwrap().root().to_normal(), normal);
        // As a part of something longer as well.
        let json = Json::parse(format!("[0, [{text}]]")).unwrap();
        assert_eq!(json.root().elements().last().unwrap().elements().next().unwrap().to_normal(), normal);
    }

    #[test]
    fn depth_costs_no_stack() {
        let text = format!("{}{}", "[".repeat(100), "]".repeat(100));
        assert_eq!(Json::parse(text.as_str()).unwrap().root().to_normal(), text);
    }
}
