//! Errors: whether a body is what services answer with when something went wrong. Asked only where no status is stated.

use crate::json::{Json, Value};
use crate::message::Body;

/// Members that only an error has, unless their value says that there is none.
const MEMBERS: [&str; 10] = [
    "error",
    "errors",
    "errorcode",
    "error_code",
    "errormessage",
    "error_message",
    "errortype",
    "error_type",
    "errcode",
    "exception",
];

/// Members that give the status of the answer, where another one says in words what is wrong.
const STATUS: [&str; 5] = ["status", "statuscode", "status_code", "code", "httpstatus"];
const WORDS: [&str; 6] = ["message", "title", "detail", "details", "reason", "description"];

/// Whether a body shows an error.
pub(super) fn shows_error(body: &Body) -> bool {
    body.json().map(Json::root).is_some_and(|root| says_error(&root))
}

fn says_error(root: &Value) -> bool {
    let named = |names: &[&str], name: &str| names.contains(&name.to_ascii_lowercase().as_str());
    let explains = root.members().any(|member| named(&WORDS, &member.name()));
    root.members().any(|member| {
        let name = member.name();
        if named(&MEMBERS, &name) {
            return says_something(&member.value);
        }
        if !named(&STATUS, &name) {
            return false;
        }
        let text = member.value.raw().trim_matches('"').to_ascii_lowercase();
        let is_code = text.len() == 3 && text.parse::<u16>().is_ok_and(|code| (400..600).contains(&code));
        (is_code && explains)
            || (name.eq_ignore_ascii_case("status")
                && matches!(text.as_str(), "error" | "fail" | "failed" | "failure"))
    })
}

/// Whether a value is more than a word for nothing.
fn says_something(value: &Value) -> bool {
    !matches!(value.raw(), "null" | "false" | "0" | "\"\"" | "[]" | "{}" | "\"null\"" | "\"none\"")
}

#[cfg(test)]
mod tests {
    use super::shows_error;
    use crate::json::Json;
    use crate::message::Body;
    use rstest::rstest;

    #[rstest]
    #[case(r#"{"error": {"code": "NotFound"}}"#, true)]
    #[case(r#"{"errorCode": 100, "message": "Key not found"}"#, true)]
    #[case(r#"{"status": "error", "errorType": "bad_data"}"#, true)]
    #[case(r#"{"type": "about:blank", "title": "Gone", "status": 410}"#, true)]
    #[case(r#"{"code": 404, "message": "no such page"}"#, true)]
    #[case(r#"{"code": 200, "message": "fine"}"#, false)]
    #[case(r#"{"error": null, "errors": false}"#, false)]
    #[case(r#"{"errors": [], "lastError": ""}"#, false)]
    #[case(r#"{"status": "success", "data": {"error": "x"}}"#, false)]
    #[case(r#"{"code": 404, "name": "room"}"#, false)]
    #[case(r#"[{"error": 1}]"#, false)]
    fn errors_are_told_by_their_members(#[case] body: &str, #[case] expected: bool) {
        assert_eq!(shows_error(&Body::Json(Json::parse(body).unwrap())), expected);
    }
}
