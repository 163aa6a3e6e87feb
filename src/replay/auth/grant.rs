//! Tokens by OAuth 2 client credentials (RFC 6749, 4.4): asked for once, kept until shortly before they end.
//!
//! The endpoint is never redirected, and nothing of what it answers is shown but the code of its error.

use super::Secret;
use super::failure::{Failure, Kind};
use crate::json::{Budget, Json, Value};
use crate::message::Received;
use crate::replay::Limits;
use crate::replay::connections::{Access, ClientError, Connections};
use crate::replay::fault::{Broken, Delivery};
use crate::replay::target::{TargetError, TargetUrl};
use crate::secret::Secrets;
use crate::verdict::Trouble;
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

/// For what cleans up another is waited for no longer than this where one is at hand that has not ended.
const MOMENT: Duration = Duration::from_secs(1);

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
    /// When it ends.
    end: Option<Instant>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// The service refused the token, and there was no other.
    is_refused: bool,
    /// How the endpoint failed when it was asked last, if it did.
    failure: Option<Failure>,
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
            state: Mutex::default(),
            in_vain: AtomicBool::new(false),
        })
    }

    /// What the tokens are to be good for.
    #[must_use]
    pub fn scope(self, scope: Option<String>, audience: Option<String>) -> Grant {
        Grant { scope, audience, ..self }
    }

    /// The token, asked for where there is none or it is about to end. Who comes meanwhile waits for the same. Where
    /// none is granted, one that has not ended is as good as it was.
    pub(super) async fn token(&self, cleans_up: bool) -> Result<Token, Failure> {
        let mut state = self.state.lock().await;
        let now = Instant::now();
        let fresh = |token: &&Token| token.until.is_none_or(|until| now < until);
        if let Some(token) = state.token.as_ref().filter(fresh).filter(|_| !state.is_refused) {
            return Ok(token.clone());
        }
        let failure = match self.ask_into(&mut state, cleans_up).await {
            Ok(token) => return Ok(token),
            Err(failure) => failure,
        };
        let now = Instant::now();
        let token = state.token.clone().filter(|token| token.end.is_none_or(|end| now < end));
        token.ok_or(failure)
    }

    /// Asks for another in place of one that was refused, unless somebody did meanwhile; whether there is one.
    pub(super) async fn renew(&self, refused: &Token) -> Result<bool, Failure> {
        let mut state = self.state.lock().await;
        match &state.token {
            Some(token) if token.expose() != refused.expose() => return Ok(true),
            Some(_) if !self.in_vain.load(Ordering::Relaxed) => {}
            _ => return Ok(false),
        }
        // The old one may be good for other requests, but another is asked for before the next.
        state.is_refused = true;
        self.ask_into(&mut state, false).await.map(|_| true)
    }

    /// Asks for a token unless that failed a moment ago, or for good.
    async fn ask_into(&self, state: &mut State, cleans_up: bool) -> Result<Token, Failure> {
        if let Some(failure) = state.failure.as_ref().filter(|failure| failure.stands(cleans_up)) {
            return Err(failure.clone());
        }
        let asked = std::time::Instant::now();
        let now = Instant::now();
        let limit = match &state.token {
            // What cleans up behind a signal has no time for an endpoint that hangs, and needs none.
            Some(token) if cleans_up && !state.is_refused && token.end.is_none_or(|end| now < end) => {
                self.limit.min(MOMENT)
            }
            _ => self.limit,
        };
        match self.ask(limit).await {
            Ok(token) => {
                *state = State { token: Some(token.clone()), ..State::default() };
                Ok(token)
            }
            Err((kind, why)) => {
                let at = std::time::Instant::now();
                let failure = Failure { why, kind, asked, at, for_clean_up: cleans_up };
                state.failure = Some(failure.clone());
                Err(failure)
            }
        }
    }

    /// Whether this token was refused to others, or is not the one that they have by now.
    pub(super) async fn is_outdated(&self, token: &Token) -> bool {
        let state = self.state.lock().await;
        let is_other = state.token.as_ref().is_some_and(|other| other.expose() != token.expose());
        !self.in_vain.load(Ordering::Relaxed) && (is_other || state.is_refused)
    }

    pub(super) fn renewed_in_vain(&self) {
        self.in_vain.store(true, Ordering::Relaxed);
    }

    /// Asks the endpoint; once more where it could not be reached.
    async fn ask(&self, limit: Duration) -> Result<Token, (Kind, String)> {
        let start = Instant::now();
        let mut again = true;
        loop {
            let left = limit.saturating_sub(start.elapsed());
            let request =
                self.request().map_err(|why| (Kind::Refusal, format!("can be asked for: {why}")))?;
            let answer = self.endpoint.attempt(request, left, MAX_ANSWER).await;
            return match answer {
                Err(Broken { delivery: Delivery::NotSent, .. }) if again => {
                    again = false;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
                Err(broken) => {
                    let passes = broken.delivery == Delivery::NotSent
                        || limit < self.limit
                        || matches!(broken.trouble, Trouble::NetClosed | Trouble::NetReset);
                    let kind = if passes { Kind::Away } else { Kind::Refusal };
                    Err((kind, format!("from the token endpoint: {}", broken.message)))
                }
                Ok(received) => match read(&received) {
                    Ok(token) => {
                        self.secrets.add("access_token", token.expose());
                        Ok(token)
                    }
                    Err(what) => {
                        let is_busy = matches!(received.status, 429 | 500..=599);
                        let kind = if is_busy { Kind::Busy } else { Kind::Refusal };
                        // `token:` before what was answered would make a credential of it.
                        Err((kind, format!("from {} ({what})", self.endpoint.base.as_str())))
                    }
                },
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
    let time = member("expires_in").filter(|value| !value.is_null()).map(lifetime).transpose()?;
    let (now, used) = (Instant::now(), |time: Duration| time.saturating_sub(MARGIN.min(time / 10)));
    Ok(Token {
        value: token.into(),
        until: time.map(|time| now + used(time)),
        end: time.map(|time| now + time),
    })
}

/// How long a token is good.
fn lifetime(expires_in: Value<'_>) -> Result<Duration, String> {
    let seconds = expires_in.as_number().and_then(|number| number.as_str().parse::<f64>().ok());
    let seconds = seconds.filter(|seconds| *seconds > 0.0 && *seconds <= LONGEST);
    Ok(Duration::from_secs_f64(seconds.ok_or("its expires_in is no number of seconds to come")?))
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

    /// Of two that clean up the second does not wait for what did not come.
    #[tokio::test]
    async fn what_cleans_up_takes_a_token_that_has_not_ended_where_the_endpoint_hangs() {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/token", silent.local_addr().unwrap());
        let client = ("me".to_owned(), Secret::new("S", "a-secret-of-ours"));
        let access = Access::default();
        let grant = Grant::new(&url, client, Placement::Body, &Limits::default(), &access).unwrap();
        let (start, mut token) =
            (Instant::now(), answer(200, r#"{"access_token": "t", "expires_in": 60}"#).unwrap());
        token.until = Some(start);
        grant.state.lock().await.token = Some(token);
        for _ in 0..2 {
            assert_eq!(grant.token(true).await.unwrap().expose(), "t");
        }
        assert!(start.elapsed() < MOMENT * 2, "{:?}", start.elapsed());
        assert!(grant.state.lock().await.failure.as_ref().is_some_and(|failure| failure.kind == Kind::Away));
    }
}
