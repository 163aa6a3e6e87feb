//! What says by its name that it carries a credential: headers, members, parameters.

/// Tokens that lead to the next page, and keys that look something up: no credentials.
const HARMLESS: [&str; 18] = [
    "skiptoken",
    "deltatoken",
    "continuationtoken",
    "pagetoken",
    "pagingtoken",
    "nexttoken",
    "synctoken",
    "cursortoken",
    "changetoken",
    "publickey",
    "primarykey",
    "partitionkey",
    "sortkey",
    "rowkey",
    "foreignkey",
    "cachekey",
    "routingkey",
    "idempotencykey",
];

/// Letters and digits in lower case: what is left of `API-Key`, `api_key` and `apiKey` alike.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let kept = name.bytes().filter(u8::is_ascii_alphanumeric);
    plain.extend(kept.map(|byte| char::from(byte.to_ascii_lowercase())));
    plain
}

/// Whether a header carries credentials, by its name. They are never taken from a page.
pub fn is_credential_header(name: &str) -> bool {
    const WHOLE: [&str; 7] =
        ["cookie", "cookie2", "setcookie", "setcookie2", "dpop", "jsessionid", "phpsessid"];
    const WITHIN: [&str; 10] = [
        "authorization",
        "token",
        "secret",
        "password",
        "passphrase",
        "apikey",
        "signature",
        "csrf",
        "xsrf",
        "clientprincipal",
    ];
    let (lower, plain) = (name.to_ascii_lowercase(), plain(name));
    let begins = ["xauth", "xsession", "session", "xcsrf", "xxsrf", "saml", "xsaml"]
        .iter()
        .any(|word| plain.starts_with(word));
    // `Access-Control-Allow-Credentials` says whether there may be any.
    let allows = plain.starts_with("accesscontrol");
    WHOLE.contains(&plain.as_str())
        || WITHIN.iter().any(|word| plain.contains(word))
        || has_credential_word(&lower)
        || begins && plain != "xauthor"
        || plain.contains("credential") && !allows
        || (lower.ends_with("-key") || lower.ends_with("_key")) && plain != "idempotencykey"
}

/// `X-GitHub-OTP`, `OK-ACCESS-SIGN`: short words that stand within others (`X-Design`, `X-Opinion`) and count only
/// whole. Some of them say what the header is about unless they come last: `X-Ticket-Count`.
fn has_credential_word(lower: &str) -> bool {
    const ANYWHERE: [&str; 9] = ["bearer", "jwt", "otp", "totp", "mfa", "cred", "creds", "passwd", "pwd"];
    const LAST: [&str; 6] = ["auth", "authentication", "assertion", "sign", "pin", "ticket"];
    let mut words = lower.rsplit(['-', '_']);
    words.next().is_some_and(|last| LAST.contains(&last) || ANYWHERE.contains(&last))
        || words.any(|word| ANYWHERE.contains(&word))
}

/// Whether a member carries credentials, by its name.
pub fn is_credential_name(name: &str) -> bool {
    const WHOLE: [&str; 13] = [
        "pwd",
        "passwd",
        "passphrase",
        "sig",
        "auth",
        "jwt",
        "authorization",
        "proxyauthorization",
        "cookie",
        "setcookie",
        "sessionid",
        "credentials",
        "dpop",
    ];
    const ENDS: [&str; 13] = [
        "token",
        "secret",
        "password",
        "assertion",
        "signature",
        "credential",
        "apikey",
        "accesskey",
        "secretkey",
        "privatekey",
        "subscriptionkey",
        "sharedkey",
        "accountkey",
    ];
    // None of them ends in a digit, as most of what stands in a path does.
    if !name.bytes().rfind(u8::is_ascii_alphanumeric).is_some_and(|last| last.is_ascii_alphabetic()) {
        return false;
    }
    let plain = plain(name);
    !is_harmless(&plain) && (WHOLE.contains(&plain.as_str()) || ENDS.iter().any(|end| plain.ends_with(end)))
}

/// Whether an environment variable holds a credential, by its name.
pub fn is_credential_variable(name: &str) -> bool {
    const LAST: [&str; 8] = ["key", "pass", "passwd", "pwd", "passphrase", "auth", "jwt", "pat"];
    let lower = name.to_ascii_lowercase();
    let last = lower.rsplit('_').next().unwrap_or_default();
    // The working directory of a shell.
    lower != "pwd"
        && lower != "oldpwd"
        && (is_credential_name(name) || LAST.contains(&last) && !is_harmless(&plain(name)))
}

/// Whether a parameter of a query or a fragment carries a credential, by its name and what it is set to.
pub fn is_credential_parameter(name: &str, value: &str) -> bool {
    let plain = plain(name);
    if value.is_empty() || is_placeholder(value) {
        return false;
    }
    match plain.as_str() {
        // `token=latest`, `auth=basic`: a word that the service knows.
        "token" | "auth" | "session" | "sessionid" | "credentials" => !is_word(value),
        _ => is_credential_name(name) || is_key(name, &plain) && is_opaque(value),
    }
}

/// Whether a parameter of this name can carry a credential at all.
pub(super) fn may_be_parameter(name: &str) -> bool {
    is_credential_name(name) || name.eq_ignore_ascii_case("session") || is_key(name, &plain(name))
}

/// Whether a member or a form's field is set to a credential, by its name and its value. A password is not among
/// them: pages that create a user show one that was made up.
pub fn is_credential_member(name: &str, value: &str) -> bool {
    let plain = plain(name);
    let ends = ["token", "secret", "assertion"].iter().any(|end| plain.ends_with(end));
    let named = !is_harmless(&plain) && (ends || plain != "key" && plain != "code" && is_key(name, &plain));
    named && is_opaque(value)
}

fn is_harmless(plain: &str) -> bool {
    HARMLESS.iter().any(|word| plain.ends_with(word))
}

/// `key`, `code`, `api_key`, `Account-Key`, `accessKey`.
fn is_key(name: &str, plain: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    matches!(plain, "key" | "code")
        || !is_harmless(plain)
            && (lower.ends_with("_key")
                || lower.ends_with("-key")
                || name.ends_with("Key")
                || plain.ends_with("apikey"))
}

/// What stands where a value belongs: `{token}`, `<your token>`, `***`, `eyJ0eXAi…`.
pub(super) fn is_placeholder(value: &str) -> bool {
    let value = value.trim().trim_end_matches(['.', ',', ';', ')']);
    let bracketed = [("{", '}'), ("<", '>'), ("[", ']'), ("%7B", 'D'), ("%7b", 'd'), ("${", '}')];
    // A blank may have cut the closing bracket off.
    let structured = value.contains(['"', '\'', ':']);
    let bracketed = !structured
        && bracketed.iter().any(|(open, close)| {
            value.strip_prefix(open).is_some_and(|rest| match rest.find(*close) {
                Some(at) => rest.ends_with(*close) && (at + 1 == rest.len() || rest.contains('{')),
                None => !rest.contains(|c: char| c.is_ascii_digit()),
            })
        });
    let lower = value.to_ascii_lowercase();
    let yours = ["your-", "your_", "yourtoken", "yoursecret", "yourkey"];
    bracketed
        || value.is_empty()
        || value.bytes().all(|byte| matches!(byte, b'*' | b'x' | b'X' | b'.' | b'-' | b'_'))
        || yours.iter().any(|start| lower.starts_with(start))
}

/// A type's name, or a literal, where a value belongs.
pub(super) fn is_type_word(value: &str) -> bool {
    matches!(
        value.to_ascii_lowercase().as_str(),
        "string" | "null" | "true" | "false" | "boolean" | "bool" | "number" | "integer" | "int" | "guid"
    )
}

fn is_word(value: &str) -> bool {
    value.len() < 16 && value.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Long and without a blank, in none of its spellings; and neither cut short nor a stand-in.
fn is_opaque(value: &str) -> bool {
    let cut = value.ends_with("...") || value.ends_with('…');
    let blank = value.contains(|c: char| c.is_whitespace() || c == '+' && !value.contains('/'))
        || value.contains("%20");
    value.len() >= 16 && !blank && !cut && !is_placeholder(value) && !is_type_word(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Authorization", true)]
    #[case("X-Auth-Token", true)]
    #[case("X-Auth-Email", true)]
    #[case("Ocp-Apim-Subscription-Key", true)]
    #[case("ApiKey", true)]
    #[case("api_key", true)]
    #[case("X-Session-Id", true)]
    #[case("Session", true)]
    #[case("Cookie2", true)]
    #[case("X-Amz-Credential", true)]
    #[case("X-Hub-Signature-256", true)]
    #[case("DPoP", true)]
    #[case("X-CSRFToken", true)]
    #[case("anti-csrf-value", true)]
    #[case("X-Forwarded-Authorization", true)]
    #[case("CB-ACCESS-PASSPHRASE", true)]
    #[case("X-Passphrase", true)]
    #[case("Authentication", true)]
    #[case("Auth", true)]
    #[case("X-Bearer", true)]
    #[case("X-JWT-Assertion", true)]
    #[case("X-ZUMO-AUTH", true)]
    #[case("X-Registry-Auth", true)]
    #[case("JSESSIONID", true)]
    #[case("OK-ACCESS-SIGN", true)]
    #[case("X-OTP", true)]
    #[case("X-PIN", true)]
    #[case("X-MFA", true)]
    #[case("X-Cred", true)]
    #[case("X-SAML", true)]
    #[case("SAMLart", true)]
    #[case("X-Ticket", true)]
    #[case("Assertion", true)]
    #[case("X-MS-CLIENT-PRINCIPAL", true)]
    #[case("X-GitHub-OTP", true)]
    #[case("Idempotency-Key", false)]
    #[case("X-Design", false)]
    #[case("X-Signal", false)]
    #[case("X-Pinned", false)]
    #[case("X-Opinion", false)]
    #[case("X-Ms-Client-Request-Id", false)]
    #[case("Authority", false)]
    #[case("X-Ticket-Count", false)]
    #[case("Access-Control-Allow-Headers", false)]
    #[case("X-Credit", false)]
    #[case("X-Sample", false)]
    #[case("Public-Key-Pins", false)]
    #[case("Authentication-Info", false)]
    #[case("If-Match", false)]
    #[case("X-Author", false)]
    #[case("workbook-session-id", false)]
    #[case("Access-Control-Allow-Credentials", false)]
    fn credentials_by_header_name(#[case] name: &str, #[case] carries: bool) {
        assert_eq!(is_credential_header(name), carries);
    }

    #[rstest]
    #[case("LOGIN_SECRET", true)]
    #[case("GITHUB_TOKEN", true)]
    #[case("DB_PASSWORD", true)]
    #[case("DB_PASS", true)]
    #[case("ROOMS_KEY", true)]
    #[case("APIKEY", true)]
    #[case("PWD", false)]
    #[case("PARTITION_KEY", false)]
    #[case("MONKEY", false)]
    #[case("TENANT", false)]
    fn credentials_by_variable(#[case] name: &str, #[case] carries: bool) {
        assert_eq!(is_credential_variable(name), carries);
    }

    #[rstest]
    #[case("token", "canary-value", true)]
    #[case("secret", "canary", true)]
    #[case("apitoken", "canary", true)]
    #[case("pwd", "canary", true)]
    #[case("jwt", "canary", true)]
    #[case("X-Amz-Signature", "0a1b", true)]
    #[case("X-Amz-Security-Token", "0a1b", true)]
    #[case("private_token", "canary", true)]
    #[case("client_assertion", "canary", true)]
    #[case("sessionid", "0a1b2c", true)]
    #[case("code", "0.AXoA1b2c3d4e5f6g7", true)]
    #[case("account_key", "0AXoA1b2c3d4e5f6g7", true)]
    #[case("code", "de-DE", false)]
    #[case("key", "department", false)]
    #[case("key", "a name with several words", false)]
    #[case("partition_key", "0AXoA1b2c3d4e5f6g7", false)]
    #[case("$skiptoken", "X'4453707402000100000035'", false)]
    #[case("$deltatoken", "oEBwdSP6uehIAxQOWq_3Ksh", false)]
    #[case("continuationToken", "oEBwdSP6uehIAxQOWq_3Ksh", false)]
    #[case("token", "latest", false)]
    #[case("token", "{token}", false)]
    #[case("access_token", "<token>", false)]
    #[case("access_token", "{token}rest-of-a-secret", true)]
    fn credentials_by_parameter(#[case] name: &str, #[case] value: &str, #[case] carries: bool) {
        assert_eq!(is_credential_parameter(name, value), carries);
    }

    #[rstest]
    #[case("client_secret", "qWgdYAmab0YSkuL1qKv5", true)]
    #[case("refreshToken", "qWgdYAmab0YSkuL1qKv5", true)]
    #[case("assertion", "qWgdYAmab0YSkuL1qKv5", true)]
    #[case("apiKey", "qWgdYAmab0YSkuL1qKv5", true)]
    #[case("client_secret", "short", false)]
    #[case("client_secret", "{your client secret}", false)]
    #[case("client_secret", "your_client_secret_here", false)]
    #[case("password", "qWgdYAmab0YSkuL1qKv5", false)]
    #[case("key", "qWgdYAmab0YSkuL1qKv5", false)]
    #[case("skipToken", "qWgdYAmab0YSkuL1qKv5", false)]
    fn credentials_by_member(#[case] name: &str, #[case] value: &str, #[case] carries: bool) {
        assert_eq!(is_credential_member(name, value), carries);
    }
}
