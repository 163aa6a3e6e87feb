//! The credentials that a target is shown: its own, and those of accounts that documented ones stand for. They are
//! put onto a request right before it is sent, and stand in nothing that is kept.

mod failure;
mod grant;

use crate::message::{Carried, Headers, Identity, Part, Sent};
use crate::secret::{MASK, Masked, Secrets, find, is_authentication, is_credential_header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

pub(super) use failure::Failure;
pub use grant::{Grant, GrantError, Placement, Token};

/// A credential: what it is called, and its value, which nothing prints.
#[derive(Clone)]
pub struct Secret {
    name: String,
    value: SecretString,
    parts: Vec<Part>,
}

/// How an account logs in.
#[derive(Debug, Clone)]
pub enum Login {
    /// With a bearer token (RFC 6750).
    Bearer(Secret),
    /// With `user:password` (RFC 7617).
    Basic(Secret),
    /// With tokens that its client is granted (RFC 6749, 4.4).
    ClientCredentials(Arc<Grant>),
}

/// A field that goes with every request.
#[derive(Debug, Clone)]
pub struct Field {
    name: HeaderName,
    value: Secret,
}

/// Who a request is sent as.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// How it logs in.
    pub login: Option<Login>,
    /// What else its requests carry.
    pub fields: Vec<Field>,
}

/// The accounts of a run.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// Whose requests carry no documented credential that stands for another.
    pub own: Account,
    /// The others, by name.
    pub accounts: BTreeMap<String, Account>,
}

/// What documented credentials stand for: the values of their fields, and the names of accounts. A value may end in an
/// ellipsis: then it is how they begin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Documented(pub BTreeMap<String, String>);

impl Secret {
    /// A secret under a name that may be shown.
    pub fn new(name: impl Into<String>, value: &str) -> Secret {
        let name = name.into();
        Secret::of_parts(name.clone(), value, vec![Part::Secret(name)])
    }

    /// One that is put together of others and of texts between them.
    pub fn of_parts(name: String, value: &str, parts: Vec<Part>) -> Secret {
        Secret { name, value: value.trim_end_matches(['\r', '\n']).into(), parts }
    }

    /// Has it masked.
    pub fn tell(&self, secrets: &Secrets) -> Masked {
        let value = self.value.expose_secret();
        // Where it is a pair after all.
        if let Some((_, password)) = value.split_once(':') {
            secrets.add(&self.name, &STANDARD.encode(value));
            secrets.add(&self.name, password);
        }
        secrets.add(&self.name, value)
    }

    /// Has `user:password` masked in all its parts; how the password is.
    pub fn tell_pair(&self, secrets: &Secrets) -> Masked {
        let whole = self.tell(secrets);
        match self.value.expose_secret().split_once(':') {
            // A key that is sent as a user without a password.
            Some((user, "")) => secrets.add(&self.name, user),
            Some((_, password)) => secrets.add(&self.name, password),
            None => whole,
        }
    }

    /// Whether it is `user:password`; one of both may be empty.
    pub fn is_pair(&self) -> bool {
        self.expose().contains(':')
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn expose(&self) -> &str {
        self.value.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${}", self.name)
    }
}

impl Field {
    /// A field; why it cannot be one, without its value.
    pub fn new(name: &str, value: Secret) -> Result<Field, String> {
        const OURS: [&str; 8] = [
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "accept-encoding",
            "te",
            "upgrade",
            "expect",
        ];
        let name =
            HeaderName::from_bytes(name.as_bytes()).map_err(|_| "this is no field's name".to_owned())?;
        if OURS.contains(&name.as_str()) || name.as_str().starts_with("proxy-") {
            return Err(format!(
                "{name} frames or routes the message, which is not to be chosen; leave it out"
            ));
        }
        HeaderValue::from_str(value.expose())
            .map_err(|_| format!("the value of {name} holds what no field may"))?;
        Ok(Field { name, value })
    }

    /// The field's name, in lower case.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Whether it lets somebody in: others go with whatever is sent.
    pub fn is_credential(&self) -> bool {
        let value = self.value.expose();
        is_credential_header(self.name()) || is_authentication(value) || !find(value).is_empty()
    }
}

impl Account {
    /// Whether it shows who it is.
    pub fn logs_in(&self) -> bool {
        self.login.is_some() || self.fields.iter().any(Field::is_credential)
    }
}

impl Documented {
    /// The account that a page's fields stand for.
    pub fn account(&self, fields: &Headers) -> Option<&str> {
        let stands_for = |value: &str| {
            let exact = self.0.get(value);
            let cut = |shown: &String| {
                let start = shown.strip_suffix('…').or_else(|| shown.strip_suffix("..."))?;
                (!start.is_empty() && value.starts_with(start)).then_some(start.len())
            };
            let beginnings = self.0.iter().filter_map(|(shown, account)| Some((cut(shown)?, account)));
            exact.or_else(|| Some(beginnings.max()?.1)).map(String::as_str)
        };
        fields.iter().find_map(|(_, value)| stands_for(value.trim()))
    }
}

impl Credentials {
    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        let empty = |account: &Account| account.login.is_none() && account.fields.is_empty();
        empty(&self.own) && self.accounts.values().all(empty)
    }

    fn account(&self, sent: &Sent) -> &Account {
        let Identity::Account(name) = &sent.identity else { return &self.own };
        self.accounts.get(name).unwrap_or(&self.own)
    }

    fn login(&self, sent: &Sent) -> Option<&Login> {
        self.account(sent).login.as_ref().filter(|_| sent.identity != Identity::Nobody)
    }

    fn fields(&self, sent: &Sent) -> impl Iterator<Item = &Field> {
        let nobody = sent.identity == Identity::Nobody;
        self.account(sent).fields.iter().filter(move |field| !nobody || !field.is_credential())
    }

    fn grant(&self, sent: &Sent) -> Option<&Grant> {
        match self.login(sent) {
            Some(Login::ClientCredentials(grant)) => Some(grant),
            _ => None,
        }
    }

    /// A token that is good for a while; why there is none.
    pub(super) async fn token(&self, sent: &Sent, cleans_up: bool) -> Result<Option<Token>, Failure> {
        match self.grant(sent) {
            Some(grant) => grant.token(cleans_up).await.map(Some),
            None => Ok(None),
        }
    }

    /// Asks for another token in place of one that was refused; whether there is one.
    pub(super) async fn renew(&self, sent: &Sent, refused: &Token) -> Result<bool, Failure> {
        match self.grant(sent) {
            Some(grant) => grant.renew(refused).await,
            None => Ok(false),
        }
    }

    /// Whether others were refused this token, or have another by now.
    pub(super) async fn is_outdated(&self, sent: &Sent, token: &Token) -> bool {
        match self.grant(sent) {
            Some(grant) => grant.is_outdated(token).await,
            None => false,
        }
    }

    /// A token was refused as soon as it was granted: others would be, too.
    pub(super) fn renewed_in_vain(&self, sent: &Sent) {
        if let Some(grant) = self.grant(sent) {
            grant.renewed_in_vain();
        }
    }

    /// What a request carries of its account, by name.
    pub(crate) fn carried(&self, sent: &Sent) -> Vec<Carried> {
        let carried = |field: &str, scheme, parts: &[Part]| Carried {
            field: field.to_owned(),
            scheme,
            parts: parts.to_vec(),
        };
        let granted = [Part::Secret("access_token".to_owned())];
        let login = self.login(sent).map(|login| match login {
            Login::Bearer(token) => carried(AUTHORIZATION.as_str(), "Bearer", &token.parts),
            Login::Basic(pair) => carried(AUTHORIZATION.as_str(), "Basic", &pair.parts),
            Login::ClientCredentials(_) => carried(AUTHORIZATION.as_str(), "Bearer", &granted),
        });
        let fields = self.fields(sent).map(|field| {
            let mut carried = carried(field.name(), "", &field.value.parts);
            if is_credential_header(&carried.field) {
                carried.parts.iter_mut().for_each(mask_literal);
            }
            carried
        });
        fields.chain(login).collect()
    }

    /// Puts an account's credentials onto a request, in the place of fields of the same name.
    pub(super) fn attach(
        &self,
        sent: &Sent,
        token: Option<&Token>,
        headers: &mut HeaderMap,
    ) -> Result<(), String> {
        for field in self.fields(sent) {
            put(headers, field.name.clone(), field.value.expose())?;
        }
        let authorization: SecretString = match (self.login(sent), token) {
            (Some(Login::Bearer(token)), _) => ["Bearer ", token.expose()].concat().into(),
            (Some(Login::Basic(pair)), _) => ["Basic ", &STANDARD.encode(pair.expose())].concat().into(),
            (Some(Login::ClientCredentials(_)), Some(token)) => ["Bearer ", token.expose()].concat().into(),
            _ => return Ok(()),
        };
        put(headers, AUTHORIZATION, authorization.expose_secret())
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) -> Result<(), String> {
    let mut value =
        HeaderValue::from_str(value).map_err(|_| format!("the value for {name} holds what no field may"))?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}

/// Remembers the cookies that an answer sets, so that they are masked from now on.
pub(super) fn learn(headers: &Headers, secrets: &Secrets) {
    /// A shorter one is a preference rather than a session.
    const SESSION: usize = 16;
    let set = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    for (_, cookie) in set {
        let value = cookie.split(';').next().and_then(|pair| pair.split_once('='));
        if let Some((_, value)) = value.filter(|(_, value)| value.len() >= SESSION) {
            secrets.add("cookie", value.trim_matches('"'));
        }
    }
}

/// A long word with figures that stands beside a credential's variable may be half of the credential.
fn mask_literal(part: &mut Part) {
    /// Characters of the shortest secret that is looked for.
    const LONG: usize = 8;
    let Part::Text(text) = part else { return };
    let words = text.split_inclusive([' ', ';', ',', '=']).map(|word| {
        let bare = word.trim_end_matches([' ', ';', ',', '=']);
        let is_long = bare.len() >= LONG && bare.bytes().any(|byte| byte.is_ascii_digit());
        if is_long { word.replacen(bare, MASK, 1) } else { word.to_owned() }
    });
    *text = words.collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Basic Ym9iOnB3", Some("bob"))]
    #[case("Bearer eyJhbGciOiJI.x.y", Some("ann"))]
    #[case("Bearer eyJhbGciOiJI.admin", Some("admin"))]
    #[case("Bearer other", None)]
    fn documented_credentials_stand_for_accounts(#[case] value: &str, #[case] account: Option<&str>) {
        let shown =
            [("Basic Ym9iOnB3", "bob"), ("Bearer eyJ…", "ann"), ("Bearer eyJhbGciOiJI.ad...", "admin")];
        let documented = Documented(shown.map(|(shown, name)| (shown.into(), name.into())).into());
        let fields = [("Accept", "a/b"), ("Authorization", value)].into_iter().collect();
        assert_eq!(documented.account(&fields), account);
    }

    #[rstest]
    #[case("Host", "x")]
    #[case("Content-Length", "7")]
    #[case("Proxy-Authorization", "x")]
    #[case("a b", "x")]
    #[case("X-A", "canary\r\nX-B: 1")]
    fn fields_that_are_not_to_be_chosen(#[case] name: &str, #[case] value: &str) {
        let error = Field::new(name, Secret::new("A", value)).unwrap_err();
        assert!(!error.contains("canary"), "{error}");
    }

    #[test]
    fn nothing_prints_a_value() {
        let secret = Secret::new("TOKEN", "canary-value\n");
        let account = Account {
            login: Some(Login::Bearer(secret.clone())),
            fields: vec![Field::new("X-Api-Key", secret).unwrap()],
        };
        let credentials = Credentials { own: account, accounts: BTreeMap::new() };
        let shown = format!("{credentials:?}");
        assert!(shown.contains("$TOKEN") && !shown.contains("canary"), "{shown}");
        let mut headers = HeaderMap::new();
        credentials.attach(&Sent::default(), None, &mut headers).unwrap();
        assert_eq!(headers.get("authorization").unwrap(), "Bearer canary-value");
        assert!(!format!("{headers:?}").contains("canary"), "{headers:?}");
    }
}
