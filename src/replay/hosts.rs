//! Hosts that a request names: an example that is replayed can make the service itself dial out: a webhook
//! address, a mirror to fetch from, a cluster peer. Such a request is held back unless somebody allows it.

use super::target::{is_localhost, is_loopback};
use crate::contract::url::DocumentedUrl;
use crate::json::{Kind, Value};
use crate::message::{Body, Sent, media_type};
use percent_encoding::percent_decode_str;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The first host that query, form, body or a header name and that is neither this machine nor `home`, the host of
/// the docs' own origin. An e-mail address and an `@odata.type` are no hosts.
pub(super) fn foreign_host(sent: &Sent, home: Option<&str>) -> Option<String> {
    let finder = Finder { home };
    let query = DocumentedUrl::new(&sent.documented_url).query.unwrap_or_default();
    finder.form(query).or_else(|| sent.headers.iter().find_map(|(_, value)| finder.urls(value))).or_else(
        || match &sent.body {
            Body::Json(json) => finder.json(json.root(), ""),
            Body::Text(text) => {
                let form = sent.headers.get("content-type").map(media_type);
                match form.as_deref() {
                    Some("application/x-www-form-urlencoded") => finder.form(text),
                    _ => finder.text(text, ""),
                }
            }
            Body::None | Body::Base64(_) => None,
        },
    )
}

struct Finder<'h> {
    home: Option<&'h str>,
}

impl Finder<'_> {
    fn json(&self, value: Value<'_>, member: &str) -> Option<String> {
        match value.kind() {
            Kind::Object => value.members().find_map(|child| {
                let name = child.name();
                if name.ends_with("@odata.type") { None } else { self.json(child.value, &name) }
            }),
            Kind::Array => value.elements().find_map(|element| self.json(element, member)),
            _ => self.text(&value.as_str()?, member),
        }
    }

    fn form(&self, text: &str) -> Option<String> {
        text.split('&').find_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or(("", pair));
            let value = value.replace('+', " ");
            let value = percent_decode_str(&value).decode_utf8_lossy();
            self.text(&value, &percent_decode_str(name).decode_utf8_lossy())
        })
    }

    fn text(&self, text: &str, member: &str) -> Option<String> {
        self.urls(text)
            .or_else(|| if is_version(member) { None } else { self.addresses(text) })
            .or_else(|| if is_address_like(member) { self.bare(text.trim(), member) } else { None })
    }

    /// `scheme://host` anywhere, `//host` at the start.
    fn urls(&self, text: &str) -> Option<String> {
        let relative = text.trim_start().strip_prefix("//").into_iter();
        let absolute = text.match_indices("://").map(|(at, _)| text.get(at + 3..).unwrap_or_default());
        relative.chain(absolute).find_map(|rest| {
            let end =
                rest.find(|c: char| c.is_whitespace() || "/?#\\\"'<>,;)".contains(c)).unwrap_or(rest.len());
            let authority = rest.get(..end).unwrap_or_default();
            self.foreign(host_of(authority.rsplit('@').next().unwrap_or(authority)))
        })
    }

    /// IP addresses that stand as a word.
    fn addresses(&self, text: &str) -> Option<String> {
        let words = text.split(|c: char| c.is_whitespace() || "/,;\"'()<>=@".contains(c));
        words.map(host_of).filter(|word| ip(word).is_some()).find_map(|word| self.foreign(word))
    }

    /// A host name without a scheme, where the member says that it is one.
    fn bare(&self, text: &str, member: &str) -> Option<String> {
        let host = host_of(text.split(['/', '?']).next().unwrap_or(text));
        let labels: Vec<&str> = host.trim_end_matches('.').split('.').collect();
        let is_label = |label: &&str| {
            !label.is_empty()
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        let with_port = host.len() < text.len() && text.get(host.len()..).is_some_and(is_port);
        let dotted =
            labels.len() > 1 && labels.last().is_some_and(|top| top.bytes().any(|b| b.is_ascii_alphabetic()));
        let single = with_port || member.to_ascii_lowercase().ends_with("host") || is_localhost(host);
        if labels.iter().all(is_label) && (dotted || single) { self.foreign(host) } else { None }
    }

    fn foreign(&self, host: &str) -> Option<String> {
        let local = is_localhost(host) || ip(host).is_some_and(is_loopback);
        let home = self.home.is_some_and(|home| home.eq_ignore_ascii_case(host));
        (!host.is_empty() && !local && !home).then(|| host.to_owned())
    }
}

/// An authority without its port, an IPv6 address without its brackets.
fn host_of(authority: &str) -> &str {
    if let Some(rest) = authority.strip_prefix('[') {
        return rest.split(']').next().unwrap_or(rest);
    }
    match authority.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

fn is_port(text: &str) -> bool {
    text.strip_prefix(':').is_some_and(|port| {
        let port = port.split(['/', '?']).next().unwrap_or(port);
        !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn ip(text: &str) -> Option<IpAddr> {
    let v4 = text.parse::<Ipv4Addr>().map(IpAddr::V4);
    v4.or_else(|_| text.parse::<Ipv6Addr>().map(IpAddr::V6)).ok()
}

/// `10.0.0.1` is a version too.
fn is_version(member: &str) -> bool {
    member.to_ascii_lowercase().contains("version")
}

/// Members whose value is dialled: `serverAddress`, `callback_url`, `peer`.
fn is_address_like(member: &str) -> bool {
    const WORDS: [&str; 12] = [
        "host", "address", "url", "uri", "server", "endpoint", "callback", "webhook", "peer", "mirror",
        "proxy", "remote",
    ];
    let member = member.to_ascii_lowercase();
    WORDS.iter().any(|word| member.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;
    use rstest::rstest;

    fn found(query: &str, content_type: &str, body: Body) -> Option<String> {
        let headers = [("Content-Type", content_type)].into_iter().collect();
        let documented_url = format!("/x?{query}");
        foreign_host(&Sent { headers, documented_url, body, ..Sent::default() }, Some("graph.example"))
    }

    #[rstest]
    #[case(r#"{"notificationUrl": "https://hook.example/x"}"#, Some("hook.example"))]
    #[case(r#"{"text": "see https://ann@hook.example:8443/x."}"#, Some("hook.example"))]
    #[case(r#"{"u": "//hook.example/x"}"#, Some("hook.example"))]
    #[case(r#"{"peers": ["http://10.0.0.10:2380"]}"#, Some("10.0.0.10"))]
    #[case(r#"{"a": {"b": ["169.254.169.254"]}}"#, Some("169.254.169.254"))]
    #[case(r#"{"ip": "2001:db8::1"}"#, Some("2001:db8::1"))]
    #[case(r#"{"serverAddress": "db.internal"}"#, Some("db.internal"))]
    #[case(r#"{"host": "db1"}"#, Some("db1"))]
    #[case(r#"{"peer": "db1:5432"}"#, Some("db1"))]
    #[case(r#"{"self": "https://Graph.example/v1.0/users/7"}"#, None)]
    #[case(r#"{"callbackUrl": "http://localhost:9/x", "ip": "127.0.0.1", "six": "[::1]:80"}"#, None)]
    #[case(r##"{"@odata.type": "#microsoft.graph.user", "emailAddress": "ann@mail.example"}"##, None)]
    #[case(
        r#"{"address": {"street": "12 Main St.", "city": "Rome"}, "version": "1.0.0.1", "time": "12:30:00"}"#,
        None
    )]
    #[case(r#"{"name": "file.txt", "type": "graph.user"}"#, None)]
    fn in_json(#[case] body: &str, #[case] host: Option<&str>) {
        let body = Body::Json(Json::parse(body).unwrap());
        assert_eq!(found("", "application/json", body).as_deref(), host);
    }

    #[rstest]
    #[case("target=https%3A%2F%2Fhook.example", Some("hook.example"))]
    #[case("host=db.internal%3A5432", Some("db.internal"))]
    #[case("$filter=startswith(name,'a.b')", None)]
    #[case("startTime=2021-07-01T12:30:00Z", None)]
    fn in_a_query(#[case] query: &str, #[case] host: Option<&str>) {
        assert_eq!(found(query, "text/plain", Body::None).as_deref(), host);
    }

    #[test]
    fn in_forms_and_texts() {
        let form = Body::Text("name=x&peerURLs=http%3A%2F%2F10.0.0.10%3A2380".into());
        assert_eq!(found("", "application/x-www-form-urlencoded", form).as_deref(), Some("10.0.0.10"));
        let xml = Body::Text("<a href=\"https://hook.example/\"/>".into());
        assert_eq!(found("", "text/xml", xml).as_deref(), Some("hook.example"));
    }
}
