//! Credentials whose value looks like a live one, behind a name that says that it is one: nothing that people make up
//! for an example.

use super::name::is_credential_header;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Characters of the shortest key, and of the shortest password.
const SHORTEST_KEY: usize = 32;
const SHORTEST_PASSWORD: usize = 12;

/// Whether a field of a message carries one: a key in hex, or a name and a password that was drawn by lot.
pub(crate) fn is_in_field(name: &str, value: &str) -> bool {
    if let Some(encoded) = value.strip_prefix("Basic ") {
        let given = STANDARD.decode(encoded.trim()).ok().and_then(|given| String::from_utf8(given).ok());
        let password = given.as_deref().and_then(|given| given.split_once(':'));
        return name.eq_ignore_ascii_case("authorization")
            && password.is_some_and(|(_, given)| is_password(given));
    }
    // What names a key, and neither a session nor a signature, which documentation shows as they come.
    let names_key =
        name.len() >= 3 && name.get(name.len() - 3..).is_some_and(|end| end.eq_ignore_ascii_case("key"));
    is_key(value) && names_key && is_credential_header(name)
}

/// Hex digits that no hand has typed in their order.
fn is_key(value: &str) -> bool {
    value.len() >= SHORTEST_KEY
        && value.bytes().all(|byte| byte.is_ascii_hexdigit())
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && is_drawn(value)
}

/// Letters of both cases and figures, in none of which people make an example.
fn is_password(value: &str) -> bool {
    let has = |is: fn(&u8) -> bool| value.as_bytes().iter().filter(|byte| is(byte)).count() >= 2;
    value.len() >= SHORTEST_PASSWORD
        && value.bytes().all(|byte| byte.is_ascii_graphic() && !b"{}<>$*[]".contains(&byte))
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && is_drawn(value)
        && !has_word(value)
}

/// Whether next to nothing in it follows what is before it in the order of keys or letters, or repeats it.
fn is_drawn(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    let steps = bytes.windows(2).filter(|pair| matches!(pair, [one, two] if one.abs_diff(*two) <= 1)).count();
    let mut kinds = bytes.to_vec();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.len() * 2 > bytes.len().min(20) && steps * 3 < bytes.len()
}

/// Whether it has a word of four letters in it, or what is written for one.
fn has_word(value: &str) -> bool {
    const LONGEST: usize = 3;
    let read = value.bytes().map(|byte| match byte {
        b'0' => b'o',
        b'1' | b'!' => b'i',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' => b's',
        b'7' => b't',
        other => other,
    });
    let mut run = 0;
    let words: Vec<u8> = read.collect();
    words.windows(2).any(|pair| {
        // A capital begins a word; what is in one case goes on with it.
        run = match pair {
            [one, two] if one.is_ascii_alphabetic() && two.is_ascii_lowercase() => run + 1,
            [one, two] if one.is_ascii_uppercase() && two.is_ascii_uppercase() => run + 1,
            _ => 0,
        };
        run >= LONGEST
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("X-Api-Key", "9f8e7d6c5b4a39281706f5e4d3c2b1a0", true)]
    #[case("x-api-key", "c7d2a09be14f8365d0b97a2ce85f1634", true)]
    #[case("X-Api-Key", "0123456789abcdef0123456789abcdef", false)]
    #[case("X-Api-Key", "00000000000000000000000000000000", false)]
    #[case("X-Api-Key", "12345678901234567890123456789012", false)]
    #[case("X-Api-Key", "deadbeefdeadbeefdeadbeefdeadbeef", false)]
    #[case("X-Api-Key", "your-32-character-key-stands-here", false)]
    #[case("ETag", "c7d2a09be14f8365d0b97a2ce85f1634", false)]
    #[case("Idempotency-Key", "c7d2a09be14f8365d0b97a2ce85f1634", false)]
    #[case("Cookie", "c7d2a09be14f8365d0b97a2ce85f1634", false)]
    fn keys_by_their_look(#[case] name: &str, #[case] value: &str, #[case] is_live: bool) {
        assert_eq!(is_in_field(name, value), is_live);
    }

    #[rstest]
    #[case("u7Kq2vXw9ZpL4m", true)]
    #[case("Wm8-rT3qX!zK5vNd", true)]
    #[case("password", false)]
    #[case("Password1234", false)]
    #[case("P@ssw0rd1234X", false)]
    #[case("MyS3cr3tPassw0rd", false)]
    #[case("CorrectHorse77Battery", false)]
    #[case("Abcdefgh12345", false)]
    #[case("xxxxXXXX1234xxxx", false)]
    #[case("YOUR_API_KEY_12ab", false)]
    #[case("short7Kq", false)]
    #[case("{u7Kq2vXw9ZpL4m}", false)]
    fn passwords_by_their_look(#[case] password: &str, #[case] is_live: bool) {
        let value = format!("Basic {}", STANDARD.encode(format!("ann:{password}")));
        assert_eq!(is_in_field("Authorization", &value), is_live);
    }
}
