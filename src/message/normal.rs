//! Spellings that mean the same request: which of them a page has is nothing that a service could tell.

use super::Body;
use std::fmt::Write;

/// A URL in its one spelling: escapes of what needs none are read (RFC 3986, 6.2.2.2), the digits of the others are in
/// upper case, and between the parameters of its query nothing is left empty.
///
/// ```
/// assert_eq!(faithful::message::normal_url("/%78%2f?a=1&"), "/x%2F?a=1");
/// ```
pub fn normal_url(url: &str) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let parameters: Vec<&str> = query.split('&').filter(|parameter| !parameter.is_empty()).collect();
    let mut normal = String::with_capacity(url.len());
    unescape(path, &mut normal);
    if !parameters.is_empty() {
        normal.push('?');
        unescape(&parameters.join("&"), &mut normal);
    }
    normal
}

fn unescape(text: &str, normal: &mut String) {
    let mut pieces = text.split('%');
    normal.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let digits = piece.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let octet = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let rest = octet.and_then(|_| piece.get(2..)).unwrap_or(piece);
        match octet {
            Some(octet) if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) => {
                normal.push(char::from(octet));
            }
            Some(octet) => {
                let _ = write!(normal, "%{octet:02X}");
            }
            None => normal.push('%'),
        }
        normal.push_str(rest);
    }
}

/// A field in its one spelling: the name in lower case, and of what names media types all that has no letter case.
pub fn normal_field(name: &str, value: &str) -> (String, String) {
    let name = name.to_ascii_lowercase();
    let value = value.trim();
    let media = matches!(name.as_str(), "content-type" | "accept") && !value.contains('"');
    let value = if media {
        value.split(',').map(media_range).collect::<Vec<_>>().join(",")
    } else {
        value.to_owned()
    };
    (name, value)
}

/// `Type/Subtype; Charset=UTF-8`; the values of other parameters, such as a boundary, tell letter case.
fn media_range(range: &str) -> String {
    let pieces = range.split(';').map(|piece| match piece.trim().split_once('=') {
        Some((name, value)) if !name.eq_ignore_ascii_case("charset") => {
            format!("{}={value}", name.to_ascii_lowercase())
        }
        _ => piece.trim().to_ascii_lowercase(),
    });
    pieces.collect::<Vec<_>>().join(";")
}

/// A body in its one spelling: JSON by what it says, anything else octet for octet; its first octet is its kind.
pub fn normal_body(body: &Body) -> Vec<u8> {
    let of = |kind: u8, content: &[u8]| [&[kind], content].concat();
    match body {
        Body::None => Vec::new(),
        // A copy: what is read of it is gone with it.
        Body::Json(json) => of(b'j', json.clone().root().to_normal().as_bytes()),
        Body::Text(text) => of(b't', text.as_bytes()),
        Body::Base64(octets) => of(b'b', octets.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/x", "/x")]
    #[case("/%41%2d%7E", "/A-~")]
    #[case("/a%2fb%c3%a9?q=%2f", "/a%2Fb%C3%A9?q=%2F")]
    #[case("/100%?a=%4", "/100%?a=%4")]
    #[case("/%é%%41", "/%é%A")]
    #[case("/x?&a=1&&b=2&", "/x?a=1&b=2")]
    #[case("/x?&", "/x")]
    #[case("/x?b=2&a=1", "/x?b=2&a=1")]
    #[case("/%2541", "/%2541")]
    fn urls_have_one_spelling(#[case] url: &str, #[case] normal: &str) {
        assert_eq!(normal_url(url), normal);
        assert_eq!(normal_url(normal), normal);
    }

    #[rstest]
    #[case(
        "Content-type",
        "Application/JSON;Charset=UTF-8",
        "content-type",
        "application/json;charset=utf-8"
    )]
    #[case("Accept", "Text/HTML , */*; Q=0.5", "accept", "text/html,*/*;q=0.5")]
    #[case(
        "content-type",
        "multipart/form-data; boundary=Ab",
        "content-type",
        "multipart/form-data;boundary=Ab"
    )]
    #[case("Content-Type", "a/B; c=\"D, E\"", "content-type", "a/B; c=\"D, E\"")]
    #[case("X-Name", "Ann ", "x-name", "Ann")]
    fn fields_have_one_spelling(
        #[case] name: &str,
        #[case] value: &str,
        #[case] normal_name: &str,
        #[case] normal: &str,
    ) {
        assert_eq!(normal_field(name, value), (normal_name.to_owned(), normal.to_owned()));
    }
}
