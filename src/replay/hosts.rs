//! Hosts that a request names: an example that is replayed can make the service itself dial out: a webhook
//! address, a mirror to fetch from, a cluster peer. Such a request is held back unless somebody allows it.

mod spelling;

use super::target::{is_localhost, is_loopback};
use crate::contract::url::DocumentedUrl;
use crate::json::{Json, Kind, Value};
use crate::message::{Body, Sent, media_type};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The first host that query, form, body or a header name and that is neither this machine nor `home`, the host of
/// the docs' own origin, nor trusted. An e-mail address and an `@odata.type` are no hosts.
pub(super) fn foreign_host(
    sent: &Sent,
    home: Option<&str>,
    is_trusted: &dyn Fn(&str) -> bool,
) -> Option<String> {
    let finder = Finder { home, is_trusted };
    let query = DocumentedUrl::new(&sent.documented_url).query.unwrap_or_default();
    let content_type = sent.headers.get("content-type").map(media_type);
    let content_type = content_type.as_deref();
    finder.form(query).or_else(|| sent.headers.iter().find_map(|(_, value)| finder.urls(value))).or_else(
        || match &sent.body {
            Body::Json(json) => finder.json(json.root(), ""),
            Body::Text(text) => finder.body(text, content_type),
            Body::Base64(octets) => finder.octets(&STANDARD.decode(octets).ok()?, content_type),
            Body::None => None,
        },
    )
}

struct Finder<'h> {
    home: Option<&'h str>,
    is_trusted: &'h dyn Fn(&str) -> bool,
}

impl Finder<'_> {
    fn octets(&self, octets: &[u8], content_type: Option<&str>) -> Option<String> {
        match std::str::from_utf8(octets) {
            Ok(text) => match Json::parse(text) {
                Ok(json) => self.json(json.root(), ""),
                Err(_) => self.body(text, content_type),
            },
            // Pictures and archives hold every short sequence somewhere.
            Err(_) => self.urls(&String::from_utf8_lossy(octets)),
        }
    }

    /// A body as its type says, and as it reads where a page does not say the type.
    fn body(&self, text: &str, content_type: Option<&str>) -> Option<String> {
        if content_type == Some("application/x-www-form-urlencoded") {
            return self.form(text);
        }
        let multipart = text.trim_start().starts_with("--");
        let mut parts = multipart.then(|| spelling::parts(text)).into_iter().flatten();
        let form = || if spelling::is_form(text) { self.form(text.trim()) } else { None };
        self.text(text, "")
            .or_else(form)
            .or_else(|| parts.find_map(|(name, content)| self.text(content, name)))
    }

    fn json(&self, value: Value<'_>, member: &str) -> Option<String> {
        match value.kind() {
            Kind::Object => value.members().find_map(|child| {
                let name = child.name();
                let named_type = name.ends_with("@odata.type") && child.value.as_str().is_some();
                let below = || if named_type { None } else { self.json(child.value, &name) };
                self.urls(&name).or_else(below)
            }),
            Kind::Array => value.elements().find_map(|element| self.json(element, member)),
            _ => self.text(&value.as_str()?, member),
        }
    }

    fn form(&self, text: &str) -> Option<String> {
        if text.is_empty() {
            return None;
        }
        // Some servers part at a semicolon too, which may stand within a value as well.
        let parted = text.contains(';').then(|| text.split(['&', ';']));
        let mut pairs = text.split('&').chain(parted.into_iter().flatten());
        pairs.find_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or(("", pair));
            let name = percent_decode_str(name).decode_utf8_lossy();
            let mut value = value.replace('+', " ");
            // What the service hands on may be decoded again on its way.
            self.urls(&name).or_else(|| {
                (0..3).find_map(|_| {
                    value = percent_decode_str(&value).decode_utf8_lossy().into_owned();
                    self.text(&value, &name)
                })
            })
        })
    }

    fn text(&self, text: &str, member: &str) -> Option<String> {
        self.urls(text)
            .or_else(|| self.escaped(text))
            .or_else(|| spelling::remotes(text).find_map(|host| self.foreign(host)))
            .or_else(|| if is_version(member) { None } else { self.addresses(text) })
            .or_else(|| {
                if is_address_like(member) || spelling::is_ip_like(member) {
                    self.bare(text.trim(), member)
                } else {
                    None
                }
            })
            .or_else(|| if is_place_like(member) { self.domain(text.trim()) } else { None })
    }

    /// A URL within a text that is percent-encoded, perhaps more than once.
    fn escaped(&self, text: &str) -> Option<String> {
        if !text.contains('%') {
            return None;
        }
        let mut read = text.to_owned();
        (0..3).find_map(|_| {
            let decoded = percent_decode_str(&read).decode_utf8_lossy().into_owned();
            let more = decoded != read;
            read = decoded;
            if more { self.urls(&read) } else { None }
        })
    }

    /// `scheme://host` anywhere, `//host` at the start. Browsers and many clients take a backslash for a slash, and
    /// any number of them behind `http:`, or none before what can only be a host; they drop tabs and line breaks.
    fn urls<'t>(&self, text: &'t str) -> Option<String> {
        let is_gap = |c: char| matches!(c, '/' | '\\' | '\t' | '\n' | '\r');
        let split = |text: &'t str| {
            let behind = text.trim_start_matches(is_gap);
            let gap = text.get(..text.len() - behind.len()).unwrap_or_default();
            (gap.chars().filter(|c| !c.is_whitespace()).collect::<String>(), behind)
        };
        let (slashes, behind) = split(text.trim_start());
        let share = slashes.len() >= 2 && (slashes.contains('/') || is_name(authority(behind)));
        let relative = share.then_some(behind).into_iter();
        let absolute = text.match_indices(':').filter_map(|(at, _)| {
            let (before, rest) = (text.get(..at)?, text.get(at + 1..)?);
            let (slashes, behind) = split(rest);
            let web = ["http", "https", "ws", "wss", "ftp"].iter().any(|scheme| ends_with(before, scheme));
            let bare = || spelling::is_domain(host_of(authority(behind)));
            let named = if slashes.is_empty() { web && rest == behind && bare() } else { web };
            (named || slashes.starts_with("//")).then_some(behind)
        });
        relative.chain(absolute).find_map(|rest| {
            let authority = authority(rest);
            self.foreign(host_of(authority.rsplit('@').next().unwrap_or(authority)))
        })
    }

    /// IP addresses that stand as a word.
    fn addresses(&self, text: &str) -> Option<String> {
        let words = text.split(|c: char| c.is_whitespace() || "/,;\"'()<>=@".contains(c));
        // Without one of these it is a word, and most are.
        let words = words.filter(|word| word.contains(['.', ':']));
        words.map(host_of).filter(|word| ip(word).is_some()).find_map(|word| self.foreign(word))
    }

    /// A host name without a scheme, where the member says that it is one.
    fn bare(&self, text: &str, member: &str) -> Option<String> {
        let host = host_of(text.split(['/', '?']).next().unwrap_or(text));
        if !is_version(member)
            && let Some(address) = spelling::numeric(host, member)
        {
            return self.foreign(&address.to_string());
        }
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

    /// A host name with a domain, where the member may mean something else as well.
    fn domain(&self, text: &str) -> Option<String> {
        let host = host_of(text.split(['/', '?']).next().unwrap_or(text));
        let (_, top) = host.trim_end_matches('.').rsplit_once('.')?;
        let letters = top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic());
        if letters && is_name(host) { self.foreign(host) } else { None }
    }

    fn foreign(&self, host: &str) -> Option<String> {
        let local = is_localhost(host) || ip(host).is_some_and(is_loopback);
        let home = self.home.is_some_and(|home| home.eq_ignore_ascii_case(host));
        (!host.is_empty() && !local && !home && !(self.is_trusted)(host)).then(|| host.to_owned())
    }
}

/// What stands before the path.
fn authority(rest: &str) -> &str {
    let end = rest.find(|c: char| c.is_whitespace() || "/?#\\\"'<>,;)".contains(c)).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

/// Whether every label is one of a host's name.
fn is_name(host: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    host.trim_end_matches('.').split('.').all(|label| !label.is_empty() && label.bytes().all(is_part))
}

fn ends_with(text: &str, end: &str) -> bool {
    let tail = text.len().checked_sub(end.len()).and_then(|at| text.get(at..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
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

/// Members whose value may be dialled: `redirect`, `forwardTo`. `domain` is data.
fn is_place_like(member: &str) -> bool {
    let member: String = member.chars().filter(char::is_ascii_alphabetic).collect();
    ["redirect", "redirectTo", "forward", "forwardTo", "site", "target"]
        .iter()
        .any(|word| member.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;
    use rstest::rstest;

    fn found(query: &str, content_type: &str, body: Body) -> Option<String> {
        let headers = [("Content-Type", content_type)].into_iter().collect();
        let documented_url = format!("/x?{query}");
        let sent = Sent { headers, documented_url, body, ..Sent::default() };
        foreign_host(&sent, Some("graph.example"), &|host| host == "trusted.example")
    }

    #[rstest]
    #[case(r#"{"notificationUrl": "https://hook.example/x"}"#, Some("hook.example"))]
    #[case(r#"{"url": "https://trusted.example/x"}"#, None)]
    #[case(r#"{"urls": ["https://trusted.example", "https://hook.example"]}"#, Some("hook.example"))]
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
    #[case(r#"{"u": "http:\\\\hook.example/x"}"#, Some("hook.example"))]
    #[case(r#"{"u": "HTTPS:/hook.example"}"#, Some("hook.example"))]
    #[case(r#"{"u": "see https:////hook.example"}"#, Some("hook.example"))]
    #[case(r#"{"u": "/\\hook.example"}"#, Some("hook.example"))]
    #[case(r#"{"https://hook.example/x": 1}"#, Some("hook.example"))]
    #[case(r#"{"a@odata.type": {"b": "https://hook.example"}}"#, Some("hook.example"))]
    #[case(r#"{"forwardTo": "hook.example"}"#, Some("hook.example"))]
    #[case(r#"{"redirect": "hook.example/x", "b": 1}"#, Some("hook.example"))]
    #[case(r#"{"site": "Rome", "target": "group", "domain": "hook.example", "time": "http: 12.5"}"#, None)]
    #[case(r#"{"pattern": "\\\\d+", "path": "C:\\\\temp\\\\x", "target": "ann@mail.example"}"#, None)]
    #[case(r#"{"name": "file.txt", "type": "graph.user"}"#, None)]
    #[case(r#"{"u": "https:hook.example"}"#, Some("hook.example"))]
    #[case(r#"{"u": "see HTTPS:ann@hook.example:8443/x"}"#, Some("hook.example"))]
    #[case(r#"{"u": "http:\t//hook.example"}"#, Some("hook.example"))]
    #[case(r#"{"u": "http:/\n/hook.example"}"#, Some("hook.example"))]
    #[case(r#"{"u": "ldap:/\r\n/hook.example"}"#, Some("hook.example"))]
    #[case(r#"{"u": "/\t/hook.example"}"#, Some("hook.example"))]
    #[case(r#"{"u": "https%3A%2F%2Fhook.example"}"#, Some("hook.example"))]
    #[case(r#"{"u": "go?to=https%253A%252F%252Fhook.example"}"#, Some("hook.example"))]
    #[case(r#"{"ip": "0x08080808"}"#, Some("8.8.8.8"))]
    #[case(r#"{"host": "134744072"}"#, Some("8.8.8.8"))]
    #[case(r#"{"serverAddress": "010.8.8.8:80"}"#, Some("8.8.8.8"))]
    #[case(r#"{"repo": "git@host.example:path"}"#, Some("host.example"))]
    #[case(r#"{"repo": "clone ann@host.example:team/path.git"}"#, Some("host.example"))]
    #[case(r#"{"repo": "git@graph.example:path", "ip": "0x7f000001", "zip": "134744072"}"#, None)]
    #[case(r#"{"address": "0x52908400098527886E0F7030069857D2E4169EE7", "hostId": "134744072"}"#, None)]
    #[case(
        r#"{"note": "note: see you", "a": "http: a protocol", "at": "12:30", "b": "https:", "c": "http:80"}"#,
        None
    )]
    #[case(
        r#"{"a": "over http:\nfast", "b": "100%25 // done", "c": "ann@mail.example: hi", "d": "a=b;c"}"#,
        None
    )]
    fn in_json(#[case] body: &str, #[case] host: Option<&str>) {
        let body = Body::Json(Json::parse(body).unwrap());
        assert_eq!(found("", "application/json", body).as_deref(), host);
    }

    #[rstest]
    #[case("target=https%3A%2F%2Fhook.example", Some("hook.example"))]
    #[case("target=https%253A%252F%252Fhook.example", Some("hook.example"))]
    #[case("u=https%25253A%25252F%25252Fhook.example", Some("hook.example"))]
    #[case("host=db.internal%3A5432", Some("db.internal"))]
    #[case("a=1;host=hook.example", Some("hook.example"))]
    #[case("a=1&amp;host=hook.example", Some("hook.example"))]
    #[case("$expand=hosts($select=name;$filter=address eq 'a.bc')", None)]
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
    #[rstest]
    #[case("host=db.internal&a=b", Some("db.internal"))]
    #[case("a=b&url=http%3A%2F%2Fhook.example\n", Some("hook.example"))]
    #[case("--b\r\nContent-Disposition: form-data; name=\"host\"\r\n\r\ndb1\r\n--b--\r\n", Some("db1"))]
    #[case("--b\nContent-Disposition: form-data; name=host; x=y\n\ndb1\n--b--", Some("db1"))]
    #[case("--b\nContent-Disposition: form-data; name=\"name\"\n\ndb1\n--b--", None)]
    #[case("the host = db.internal", None)]
    fn in_a_body_of_no_type(#[case] text: &str, #[case] host: Option<&str>) {
        let type_of =
            |text: &str| if text.starts_with("--") { "multipart/form-data; boundary=b" } else { "" };
        assert_eq!(found("", type_of(text), Body::Text(text.into())).as_deref(), host, "as text");
        let octets = Body::Base64(STANDARD.encode(text));
        assert_eq!(found("", type_of(text), octets).as_deref(), host, "as octets");
    }

    #[rstest]
    #[case(br#"{"host": "db1"}"#, Some("db1"))]
    #[case(b"see https://hook.example/x", Some("hook.example"))]
    #[case(b"\xff\xfehttps://hook.example/x", Some("hook.example"))]
    #[case(b"\xff\xfe 10.0.0.10 ::", None)]
    fn in_octets(#[case] octets: &[u8], #[case] host: Option<&str>) {
        let body = Body::Base64(STANDARD.encode(octets));
        assert_eq!(found("", "application/octet-stream", body).as_deref(), host);
    }
}
