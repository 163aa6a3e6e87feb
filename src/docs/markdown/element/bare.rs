//! The lines of an element, without the tags in them.

/// Tags that part lines.
const BREAKS: [&str; 7] = ["br", "div", "li", "p", "td", "th", "tr"];

/// Tags that but colour or bear the words in them. What else stands in such brackets may be a placeholder.
const OTHERS: [&str; 27] = [
    "a", "b", "code", "del", "em", "font", "i", "ins", "kbd", "listing", "mark", "ol", "pre", "q", "s",
    "samp", "small", "span", "strong", "sub", "sup", "table", "tbody", "tt", "u", "ul", "xmp",
];

/// Bytes of a tag beyond which it is none: a line of nothing else must not cost its square.
const LONGEST_TAG: usize = 1024;

/// The lines of an element that begins with its own tag, and how many lines of the page stand above each. A tag that parts
/// lines makes several of one.
pub(in crate::docs) fn lines(element: &str) -> impl Iterator<Item = (String, u32)> {
    let (tag, text) = element.split_once('>').unwrap_or((element, ""));
    let above = tag.matches('\n').count();
    text.lines().zip(above..).flat_map(|(line, above)| {
        let above = u32::try_from(above).unwrap_or(u32::MAX);
        pieces(line).into_iter().map(move |piece| (piece, above))
    })
}

/// What a line says between tags that part lines.
pub(in crate::docs) fn pieces(line: &str) -> Vec<String> {
    let (mut pieces, mut piece, mut rest) = (Vec::new(), String::new(), line);
    while let Some((before, tag)) = rest.split_once('<') {
        piece.push_str(before);
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .take(8)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let parts = BREAKS.contains(&name.as_str());
        let is_tag = parts || OTHERS.contains(&name.as_str());
        let near = tag.get(..tag.floor_char_boundary(LONGEST_TAG)).filter(|_| is_tag);
        let Some(end) = near.and_then(|tag| tag.find('>')) else {
            piece.push('<');
            rest = tag;
            continue;
        };
        if parts {
            pieces.push(bare(&std::mem::take(&mut piece)));
        }
        rest = tag.get(end + 1..).unwrap_or_default();
    }
    piece.push_str(rest);
    pieces.push(bare(&piece));
    pieces
}

/// A line without the marks of a text in JSX, as in ``{`GET /users`}``.
fn bare(line: &str) -> String {
    let line = line.trim();
    let line = line.strip_prefix("{`").unwrap_or(line);
    line.strip_suffix("`}").unwrap_or(line).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::lines;
    use rstest::rstest;

    #[rstest]
    #[case("<pre>GET /a", &[("GET /a", 0)])]
    #[case("<pre\n class='x'>\n<code>GET /a\nA: b", &[("", 1), ("GET /a", 2), ("A: b", 3)])]
    #[case("<pre><span class=\"m\">GET</span> /b HTTP/1.1", &[("GET /b HTTP/1.1", 0)])]
    #[case("<PRE>GET /a HTTP/1.1<BR/>Host: h", &[("GET /a HTTP/1.1", 0), ("Host: h", 0)])]
    #[case("<pre>GET /a/<id>?x < y", &[("GET /a/<id>?x < y", 0)])]
    #[case("<pre>{`GET /a", &[("GET /a", 0)])]
    #[case("<pre", &[])]
    fn tags_are_no_part_of_a_line(#[case] element: &str, #[case] expected: &[(&str, u32)]) {
        let found: Vec<_> = lines(element).collect();
        let found: Vec<_> = found.iter().map(|(line, above)| (line.as_str(), *above)).collect();
        assert_eq!(found, expected);
    }
}
