//! Spellings of a host that are none of a URL's, and of a body that holds several texts.

use std::net::{IpAddr, Ipv4Addr};

/// The host of `git@host:path`, as ssh and git write it.
pub(super) fn remotes(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| c.is_whitespace() || "\"'<>(),;=".contains(c));
    words.filter_map(|word| {
        let (user, rest) = word.split_once('@')?;
        let (host, path) = rest.split_once(':')?;
        // `ann@mail.example:secret` is a login.
        let is_remote = user == "git" || path.contains('/') || path.rsplit('.').next() == Some("git");
        let is_host =
            !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
        (is_remote && is_host && !path.is_empty()).then_some(host)
    })
}

/// An IPv4 address in another spelling than four decimal numbers, as URL parsers and `inet_aton` read it:
/// `0x08080808`, `134744072`, `010.8.8.8`.
pub(super) fn numeric(text: &str, member: &str) -> Option<Ipv4Addr> {
    let hex = text.to_ascii_lowercase().contains("0x");
    let is_quad = text.split('.').count() == 4;
    let is_number = text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_digit()) && is_ip_like(member);
    let plain = text.parse::<Ipv4Addr>().is_ok();
    if plain || !text.starts_with(|c: char| c.is_ascii_digit()) || !(hex || is_quad || is_number) {
        return None;
    }
    match url::Host::parse(text).ok()? {
        url::Host::Ipv4(address) => Some(address),
        _ => None,
    }
}

/// Members whose value is an address of a machine and nothing else: `ip`, `clientIp`, `db_host`.
pub(super) fn is_ip_like(member: &str) -> bool {
    let lower = member.to_ascii_lowercase();
    let is_ip = ["Ip", "IP", "_ip", "-ip"].iter().any(|end| member.ends_with(end));
    lower == "ip" || is_ip || lower.ends_with("host") || lower.ends_with("ipaddress")
}

/// The named parts of a multipart body, each with its content.
pub(super) fn parts(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("--").filter_map(|part| {
        let (head, content) = part.split_once("\r\n\r\n").or_else(|| part.split_once("\n\n"))?;
        let (_, rest) = head.split_once("name=")?;
        let name = rest.split([';', '\r', '\n']).next().unwrap_or_default().trim().trim_matches('"');
        Some((name, content.trim()))
    })
}

/// Whether a text reads as a form: `host=a&url=b`.
pub(super) fn is_form(text: &str) -> bool {
    let text = text.trim();
    let name = text.split('=').next().unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.[]%".contains(c);
    name.len() < text.len()
        && !name.is_empty()
        && name.chars().all(is_name)
        && !text.contains(char::is_whitespace)
}

/// Whether a text is a host by itself: one with a domain, or an address.
pub(super) fn is_domain(host: &str) -> bool {
    let top = host.trim_end_matches('.').rsplit_once('.').map(|(_, top)| top);
    let letters = top.is_some_and(|top| top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic()));
    letters || host.parse::<IpAddr>().is_ok()
}
