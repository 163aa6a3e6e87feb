//! Tags of templates that document an operation, as `GitBook` has them: `{% swagger method="get" path="/beds" %}`.

/// The method and the path of the operation that a line documents, if it is such a tag.
pub(super) fn operation(line: &str) -> Option<(&str, &str)> {
    let tag = line.strip_prefix("{%")?.trim_start();
    let is_known = ["swagger ", "api-method ", "openapi "].iter().any(|name| tag.starts_with(name));
    let value = |key: &str| {
        let (before, behind) = tag.split_once(key)?;
        before.ends_with(' ').then(|| behind.split('"').next()).flatten()
    };
    let (method, path) = (value("method=\"")?, value("path=\"")?);
    (is_known && !method.is_empty() && !path.is_empty()).then_some((method, path))
}

#[cfg(test)]
mod tests {
    use super::operation;
    use rstest::rstest;

    #[rstest]
    #[case(r#"{% swagger method="get" path="/beds" baseUrl="https://h.example" %}"#, Some(("get", "/beds")))]
    #[case(r#"{% api-method method="post" host="https://h.example" path="/beds/:id" %}"#, Some(("post", "/beds/:id")))]
    #[case(r#"{% swagger-response status="200: OK" %}"#, None)]
    #[case(r#"{% tab method="get" path="/beds" %}"#, None)]
    #[case("{% endswagger %}", None)]
    #[case("{ bed", None)]
    fn tags_document_operations(#[case] line: &str, #[case] expected: Option<(&str, &str)>) {
        assert_eq!(operation(line), expected);
    }
}
