//! Tokens by OAuth 2 client credentials (RFC 6749, 4.4): asked for once, kept until shortly before they end.
//!
//! The endpoint is never redirected, and nothing of what it answers is shown but the code of its error.

use super::Secret;
use crate::json::{Budget, Json, Value};
use crate::message::Received;
use crate::replay::Limits;
use crate::replay::connections::{Access, ClientError, Connections};
use crate::replay::fault::{Broken, Delivery};
use crate::replay::target::{TargetError, TargetUrl};
use crate::secret::Secrets;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

/// More than any token takes.
const MAX_ANSWER: usize = 64 * 1024;

/// A token is renewed so long before it ends; one that ends soon, after nine tenths of its time.
const MARGIN: Duration = Duration::from_secs(30);

/// Seconds that a token may be good for: ten years.
const LONGEST: f64 = 315_360_000.0;

/// A grant of tokens to a client.
pub struct Grant {
    endpoint: Connections,
    client_id: String,
    client_secret: Secret,
    scope: Option<String>,
    audience: Option<String>,
    placement: Placement,
    limit: Duration,
    secrets: Secrets,
    state: Mutex<State>,
    in_vain: AtomicBool,
}

/// Where the client's secret stands in the request for a token (RFC 6749, 2.3.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Placement {
    /// In `Authorization`, as all servers must understand it.
    #[default]
    Header,
    /// In the form.
    Body,
}

/// A token that was granted.
#[derive(Clone)]
pub struct Token {
    value: SecretString,
    /// From when on another is asked for.
    until: Option<Instant>,
}

enum State {
    Unasked,
    Granted(Token),
    /// Once is enough: what was refused to one contract would be refused to the next.
    Refused(String),
}

/// Why there can be no grant.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// The endpoint is no URL.
    #[error("token_url: {0}")]
    Endpoint(TargetError),
    /// The secret would be sent in the clear.
    #[error("token_url: it must be https, or on this machine")]
    Clear,
    /// No client for it.
    #[error(transparent)]
    Client(ClientError),
}

impl Grant {
    /// A grant by an endpoint.
    pub fn new(
        endpoint: &str,
        (client_id, client_secret): (String, Secret),
        placement: Placement,
        limits: &Limits,
        access: &Access,
    ) -> Result<Grant, GrantError> {
        let endpoint = TargetUrl::parse(endpoint).map_err(GrantError::Endpoint)?;
        if !endpoint.is_https() && !endpoint.is_loopback() {
            return Err(GrantError::Clear);
        }
        client_secret.tell(&access.secrets);
        Ok(Grant {
            endpoint: Connections::new(&endpoint, limits, access).map_err(GrantError::Client)?,
            client_id,
            client_secret,
            scope: None,
            audience: None,
            placement,
            limit: limits.max_time.min(Duration::from_secs(30)),
            secrets: access.secrets.clone(),
            state: Mutex::new(State::Unasked),
            in_vain: AtomicBool::new(false),
        })
    }

    /// What the tokens are to be good for.
    #[must_use]
    pub fn scope(self, scope: Option<String>, audience: Option<String>) -> Grant {
        Grant { scope, audience, ..self }
    }

    /// The token, asked for where there is none or it is about to end. Who comes meanwhile waits for the same.
    pub(super) async fn token(&self) -> Result<Token, String> {
        let mut state = self.state.lock().await;
        match &*state {
            State::Granted(token) if token.until.is_none_or(|until| Instant::now() < until) => {
                return Ok(token.clone());
            }
            State::Refused(why) => return Err(why.clone()),
            State::Granted(_) | State::Unasked => {}
        }
        let granted = self.ask().await;
        *state = match &granted {
            Ok(token) => State::Granted(token.clone()),
            Err(why) => State::Refused(why.clone()),
        };
        granted
    }

    /// Asks for another in place of one that was refused, unless somebody did meanwhile.
    pub(super) async fn renew(&self, refused: &Token) -> bool {
        let mut state = self.state.lock().await;
        match &*state {
            State::Granted(token) if token.expose() != refused.expose() => return true,
            State::Granted(_) if !self.in_vain.load(Ordering::Relaxed) => {}
            _ => return false,
        }
        match self.ask().await {
            Ok(token) => {
                *state = State::Granted(token);
                true
            }
            // The old one may be good for other requests.
            Err(_) => false,
        }
    }

    pub(super) fn renewed_in_vain(&self) {
        self.in_vain.store(true, Ordering::Relaxed);
    }

    /// Asks the endpoint; once more where it could not be reached.
    async fn ask(&self) -> Result<Token, String> {
        let start = Instant::now();
        let mut again = true;
        loop {
            let left = self.limit.saturating_sub(start.elapsed());
            let answer = self.endpoint.attempt(self.request()?, left, MAX_ANSWER).await;
            return match answer {
                Err(Broken { delivery: Delivery::NotSent, .. }) if again => {
                    again = false;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
                Err(broken) => Err(format!("no token from the token endpoint: {}", broken.message)),
                Ok(received) => read(&received)
                    // `token:` before what was answered would make a credential of it.
                    .map_err(|what| format!("no token from {} ({what})", self.endpoint.base.as_str()))
                    .inspect(|token| {
                        self.secrets.add("access_token", token.expose());
                    }),
            };
        }
    }

    fn request(&self) -> Result<reqwest::Request, String> {
        let wrong = |_| "the client's id or secret holds what no field may".to_owned();
        let url = Url::parse(self.endpoint.base.as_str()).map_err(|error| error.to_string())?;
        let mut request = reqwest::Request::new(reqwest::Method::POST, url);
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        for (name, value) in [("scope", &self.scope), ("audience", &self.audience)] {
            if let Some(value) = value {
                form.append_pair(name, value);
            }
        }
        let headers = request.headers_mut();
        match self.placement {
            Placement::Header => {
                let coded =
                    |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                let pair = format!("{}:{}", coded(&self.client_id), coded(self.client_secret.expose()));
                let pair = STANDARD.encode(pair);
                self.secrets.add(self.client_secret.name(), &pair);
                let mut value = HeaderValue::from_str(&format!("Basic {pair}")).map_err(wrong)?;
                value.set_sensitive(true);
                headers.insert(AUTHORIZATION, value);
            }
            Placement::Body => {
                form.append_pair("client_id", &self.client_id);
                form.append_pair("client_secret", self.client_secret.expose());
            }
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        *request.body_mut() = Some(form.finish().into());
        Ok(request)
    }
}

impl Token {
    pub(super) fn expose(&self) -> &str {
        self.value.expose_secret()
    }
}

/// A token out of an answer; what is wrong with it, in words of our own.
fn read(received: &Received) -> Result<Token, String> {
    let json = Json::parse_bytes(received.body.clone(), &Budget::default()).ok();
    let member = |name: &str| json.as_ref().and_then(|json| json.root().get(name));
    let text = |name: &str| member(name).and_then(|value| value.as_str().map(Cow::into_owned));
    if received.status != 200 {
        // No other text of the answer is shown: it may repeat what was sent.
        let lawful = |code: &String| {
            (1..=64).contains(&code.len())
                && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        };
        let code = text("error").filter(lawful).map(|code| format!(" with {code}")).unwrap_or_default();
        return Err(format!("it answered {}{code}", received.status));
    }
    if json.is_none() {
        return Err("what it answered is no JSON".into());
    }
    let token = text("access_token").filter(|token| !token.is_empty());
    let token = token.ok_or("its answer holds no access_token")?;
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("its access_token holds what no field may".into());
    }
    if text("token_type").is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err("its token_type is not Bearer".into());
    }
    let until = member("expires_in").filter(|value| !value.is_null()).map(lifetime).transpose()?;
    Ok(Token { value: token.into(), until: until.map(|time| Instant::now() + time) })
}

/// How long a token is used.
fn lifetime(expires_in: Value<'_>) -> Result<Duration, String> {
    let seconds = expires_in.as_number().and_then(|number| number.as_str().parse::<f64>().ok());
    let seconds = seconds.filter(|seconds| *seconds > 0.0 && *seconds <= LONGEST);
    let time = Duration::from_secs_f64(seconds.ok_or("its expires_in is no number of seconds to come")?);
    Ok(time.saturating_sub(MARGIN.min(time / 10)))
}

/// What was granted stays hidden.
impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = (self.endpoint.base.as_str(), &self.client_id, &self.client_secret);
        f.debug_tuple("Grant").field(&shown).finish()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn answer(status: u16, body: &str) -> Result<Token, String> {
        read(&Received { status, body: body.into(), ..Received::default() })
    }

    #[rstest]
    #[case(
        401,
        r#"{"error": "invalid_client", "error_description": "canary"}"#,
        "it answered 401 with invalid_client"
    )]
    #[case(400, r#"{"error": "canary SECRET"}"#, "it answered 400")]
    #[case(302, "", "it answered 302")]
    #[case(200, "<html>canary</html>", "no JSON")]
    #[case(200, r#"{"token": "canary"}"#, "no access_token")]
    #[case(200, r#"{"access_token": ""}"#, "no access_token")]
    #[case(200, r#"{"access_token": "canary\r\nX: 1"}"#, "what no field may")]
    #[case(200, r#"{"access_token": "canary", "token_type": "mac"}"#, "not Bearer")]
    #[case(200, r#"{"access_token": "canary", "expires_in": 0}"#, "expires_in")]
    #[case(200, r#"{"access_token": "canary", "expires_in": -1}"#, "expires_in")]
    #[case(200, r#"{"access_token": "canary", "expires_in": 1e30}"#, "expires_in")]
    #[case(200, r#"{"access_token": "canary", "expires_in": "3600"}"#, "expires_in")]
    fn what_is_no_token_is_told_without_a_word_of_it(
        #[case] status: u16,
        #[case] body: &str,
        #[case] said: &str,
    ) {
        let error = answer(status, body).unwrap_err();
        assert!(error.contains(said) && !error.to_lowercase().contains("canary"), "{error}");
    }

    #[rstest]
    #[case("3600", 3570)]
    #[case("60", 54)]
    #[case("20", 18)]
    #[case("1e3", 970)]
    fn a_token_is_renewed_before_it_ends(#[case] expires_in: &str, #[case] used: u64) {
        let body = format!(r#"{{"access_token": "t", "token_type": "bearer", "expires_in": {expires_in}}}"#);
        let token = answer(200, &body).unwrap();
        let left = token.until.unwrap().duration_since(Instant::now()).as_secs_f64();
        assert!((left - Duration::from_secs(used).as_secs_f64()).abs() < 1.0, "{left}");
        assert_eq!(format!("{token:?}"), "Token");
    }
}
