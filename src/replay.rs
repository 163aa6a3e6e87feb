//! Replays a planned request against its target and reads the answer, whole or not at all.
//!
//! No redirect is followed, no Referer or cookie is sent, nothing is sent twice that may have acted, and neither
//! time nor memory is the target's to spend: one deadline over the whole exchange, one cap on decoded bytes.

pub mod auth;
mod connections;
mod conversation;
mod decode;
mod departure;
mod fault;
pub mod flow;
pub mod gate;
mod hosts;
pub mod jsonpath;
mod keeping;
pub mod made_up;
mod pace;
mod proxy;
pub mod replace;
mod resolver;
mod retry;
pub mod target;
pub mod variables;

use crate::message::{Body, Carried, Received, Sent};
use crate::verdict::Trouble;
use auth::Credentials;
use base64::Engine;
use connections::Connections;
use pace::Pace;
use reqwest::header::{ACCEPT_ENCODING, HeaderName, HeaderValue};
use retry::{Course, Next, with_jitter};
use std::time::{Duration, SystemTime};
use target::{TargetUrl, assert_origin};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use url::Url;

pub use connections::{Access, Authorities, Certificates, ClientError, Reach};
pub use departure::{Departure, Ending};
pub use fault::{Broken, Delivery};
pub use proxy::{Proxy, ProxyUrl};

/// What an exchange may cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Until the connection stands.
    pub connect_timeout: Duration,
    /// From the first look-up to the last byte, for each attempt.
    pub max_time: Duration,
    /// For all attempts together, and the waiting between.
    pub total_time: Duration,
    /// Decoded bytes of content.
    pub max_body: usize,
    /// How often a request is sent again that cannot have acted.
    pub retries: u32,
    /// The least time from one request to the next.
    pub spacing: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connect_timeout: Duration::from_secs(10),
            max_time: Duration::from_secs(30),
            total_time: Duration::from_secs(90),
            max_body: 16 * 1024 * 1024,
            retries: 2,
            spacing: None,
        }
    }
}

/// Sends requests to the bases it was made for, and to nothing else.
#[derive(Debug)]
pub struct Client {
    connections: Vec<Connections>,
    /// The bases that credentials are shown to.
    trusted: Vec<TargetUrl>,
    credentials: Credentials,
    access: Access,
    limits: Limits,
    pace: Pace,
    /// Whether the refusal of a gateway or a rate limit is an answer, where it is the last.
    takes_refusals: bool,
    /// Whether anything was answered.
    answered: watch::Sender<bool>,
}

/// One whole exchange, or how the last attempt at it broke.
#[derive(Debug)]
pub struct Exchange {
    /// The whole answer.
    pub answer: Result<Received, Broken>,
    /// How often the request was sent, or was tried to be.
    pub attempts: u32,
    /// Whether an attempt before the last one failed in a way that says something of the service.
    pub stumbled: bool,
    /// Over all attempts.
    pub elapsed: Duration,
    /// It was not sent, or not again, since the run is to end: the answer is none.
    pub called_off: bool,
    /// It was answered 401 and is sent once, and its token was refused to others then, or was another by then.
    pub outdated: bool,
}

impl Client {
    /// A client for these bases.
    pub fn new<'t>(
        bases: impl IntoIterator<Item = &'t TargetUrl>,
        limits: Limits,
        access: &Access,
    ) -> Result<Client, ClientError> {
        let bases = bases.into_iter();
        let connections: Result<_, _> = bases.map(|base| Connections::new(base, &limits, access)).collect();
        let pace = Pace::new(limits.spacing);
        let (trusted, credentials) = (Vec::new(), Credentials::default());
        Ok(Client {
            connections: connections?,
            trusted,
            credentials,
            access: access.clone(),
            limits,
            pace,
            takes_refusals: false,
            answered: watch::Sender::new(false),
        })
    }

    /// Has it show credentials to these bases, and to no other.
    #[must_use]
    pub fn with_credentials(self, credentials: Credentials, trusted: Vec<TargetUrl>) -> Client {
        Client { credentials, trusted, ..self }
    }

    /// Has it take what a gateway or a rate limit answers for an answer like any other, once it is not sent again.
    #[must_use]
    pub fn taking_refusals(self, takes_refusals: bool) -> Client {
        Client { takes_refusals, ..self }
    }

    /// Completes once anything that was sent is answered.
    pub(crate) async fn is_answered(&self) {
        // The sender lives as long as this borrow.
        let _ = self.answered.subscribe().wait_for(|answered| *answered).await;
    }

    /// Of so many requests a tenth may be sent again, and ten.
    pub fn for_requests(&self, count: usize) {
        self.pace.for_requests(count);
    }

    /// Sends a request, again where that is safe and of use, and reads the answer. A status that is expected is an
    /// answer, whatever else it would be taken for.
    pub async fn exchange(&self, sent: &Sent, expected: impl Fn(u16) -> bool) -> Exchange {
        self.noted_exchange(sent, expected, &Departure::default()).await
    }

    /// The same; meanwhile it is noted whether the request has left.
    pub(crate) async fn noted_exchange(
        &self,
        sent: &Sent,
        expected: impl Fn(u16) -> bool,
        departure: &Departure,
    ) -> Exchange {
        let start = Instant::now();
        let mut course = Course::new(&sent.method, &self.limits);
        let mut outdated = false;
        let done = |course: &Course, outdated, answer| {
            let Course { attempts, stumbled, .. } = *course;
            Exchange { answer, attempts, stumbled, elapsed: start.elapsed(), called_off: false, outdated }
        };
        let called_off = |course: &Course| {
            let delivery = if departure.has_left() { Delivery::MaybeSent } else { Delivery::NotSent };
            let message = "the run ended".to_owned();
            let answer = Err(Broken { trouble: Trouble::NetOther, message, delivery });
            Exchange { called_off: true, ..done(course, false, answer) }
        };
        loop {
            let Some(()) = departure.waits_for_its_turn(self.pace.turn()).await else {
                return called_off(&course);
            };
            let sending = Instant::now();
            let token = match departure.waits(self.token(sent, departure.cleans_up())).await {
                Some(Ok(token)) => token,
                Some(Err(broken)) => return done(&course, false, Err(broken)),
                None => return called_off(&course),
            };
            course.attempts += 1;
            let has_left = departure.has_left();
            departure.leaves();
            let answer = self.attempt(sent, token.as_ref(), course.left().min(self.limits.max_time)).await;
            // Where an attempt before it left, that is as it was.
            if matches!(&answer, Err(Broken { delivery: Delivery::NotSent, .. })) && !has_left {
                departure.stayed();
            }
            course.spent += sending.elapsed();
            if let (Ok(Received { status: 401, .. }), Some(token)) = (&answer, &token)
                && !expected(401)
            {
                if is_safe(&sent.method) {
                    let Some(renewed) = departure.waits(self.renewed(sent, token, &course)).await else {
                        return called_off(&course);
                    };
                    match renewed {
                        Ok(true) => {
                            course.renewals += 1;
                            continue;
                        }
                        Ok(false) => {}
                        Err(broken) => return done(&course, false, Err(broken)),
                    }
                } else {
                    outdated = self.credentials.is_outdated(sent, token).await;
                }
            }
            match course.next(&answer, &expected, SystemTime::now()) {
                Next::Again(after, because) if self.pace.repeat() => {
                    let after = with_jitter(after);
                    if because == retry::Because::Throttled {
                        self.pace.hold(after);
                    }
                    course.again(after, because, answer.ok().map(|received| received.status));
                    if departure.waits(sleep(after)).await.is_none() {
                        return called_off(&course);
                    }
                }
                Next::Keep => return done(&course, outdated, answer),
                _ if self.takes_refusals && answer.is_ok() => return done(&course, outdated, answer),
                Next::Unjudgeable(broken) => return done(&course, outdated, Err(broken)),
                Next::Again(_, because) => {
                    let answer = answer.and_then(|received| Err(retry::spent(received.status, because)));
                    return done(&course, outdated, answer);
                }
            }
        }
    }

    /// Waits until something answers at the first base: any answer but that of a gateway that has nobody behind it.
    /// Carries no credentials.
    pub async fn wait(&self, limit: Duration) -> Result<(), Broken> {
        let start = Instant::now();
        let Some(connections) = self.connections.first() else { return Ok(()) };
        let mut pause = Duration::from_millis(100);
        loop {
            let Ok(url) = Url::parse(connections.base.as_str()) else { return Ok(()) };
            let request = reqwest::Request::new(reqwest::Method::GET, url);
            let left = limit.saturating_sub(start.elapsed()).max(Duration::from_millis(100));
            let broken = match connections.attempt(request, left.min(self.limits.max_time), 1 << 20).await {
                Ok(received) if !matches!(received.status, 502..=504) => return Ok(()),
                // What answers is there, though it answers too much or in codes.
                Err(broken) if !broken.trouble.is_silence() => return Ok(()),
                Ok(received) => retry::spent(received.status, retry::Because::Stumbled),
                Err(broken) => broken,
            };
            if start.elapsed() + pause >= limit {
                let message = format!("{}, within {} s", broken.message, limit.as_secs_f64());
                return Err(Broken { message, ..broken });
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }

    async fn attempt(
        &self,
        sent: &Sent,
        token: Option<&auth::Token>,
        limit: Duration,
    ) -> Result<Received, Broken> {
        let (connections, request) =
            self.request(sent, token).map_err(|(trouble, message)| unsent(trouble, message))?;
        let answer = connections.attempt(request, limit, self.limits.max_body).await;
        if let Ok(received) = &answer {
            self.answered.send_replace(true);
            auth::learn(&received.headers, &self.access.secrets);
        }
        answer
    }

    /// The token that a request carries, if its account needs one.
    async fn token(&self, sent: &Sent, cleans_up: bool) -> Result<Option<auth::Token>, Broken> {
        if self.credentials.is_empty() || !Url::parse(&sent.url).is_ok_and(|url| self.trusts(&url)) {
            return Ok(None);
        }
        let token = self.credentials.token(sent, cleans_up).await;
        token.map_err(|failure| unsent(failure.trouble(), format!("not sent: {failure}")))
    }

    /// Whether there is another token in place of one that the service takes no longer, though its time is not up; how
    /// asking for it failed.
    async fn renewed(&self, sent: &Sent, refused: &auth::Token, course: &Course) -> Result<bool, Broken> {
        if course.renewals > 0 {
            self.credentials.renewed_in_vain(sent);
            return Ok(false);
        }
        self.credentials.renew(sent, refused).await.map_err(|failure| Broken {
            trouble: failure.trouble(),
            message: format!("answered 401, and its token could not be renewed: {failure}"),
            delivery: Delivery::MaybeSent,
        })
    }

    /// The credentials that a request is sent with.
    pub fn carried(&self, sent: &Sent) -> Vec<Carried> {
        let trusted = Url::parse(&sent.url).is_ok_and(|url| self.trusts(&url));
        if trusted { self.credentials.carried(sent) } else { Vec::new() }
    }

    fn trusts(&self, url: &Url) -> bool {
        self.trusted.iter().any(|base| base.has_origin_of(url))
    }

    /// The request as it goes out, and the connections of its origin.
    fn request(
        &self,
        sent: &Sent,
        token: Option<&auth::Token>,
    ) -> Result<(&Connections, reqwest::Request), (Trouble, String)> {
        let unsendable = |what: &str| (Trouble::RequestUnsendable, what.to_owned());
        let url =
            Url::parse(&sent.url).map_err(|_| (Trouble::RequestBadUrl, "the URL is none".to_owned()))?;
        let own = self.connections.iter().find(|own| assert_origin(&url, &own.base).is_ok());
        let Some(own) = own else {
            return Err((Trouble::RequestBadUrl, "the URL leads away from the target".into()));
        };
        let trusted = !self.credentials.is_empty() && self.trusts(&url);
        let method = reqwest::Method::from_bytes(sent.method.as_bytes())
            .map_err(|_| unsendable("the method is none"))?;
        let mut request = reqwest::Request::new(method, url);
        let headers = request.headers_mut();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(decode::ACCEPTED));
        for (name, value) in sent.headers.iter() {
            let name =
                HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable("a header's name is none"))?;
            let value = HeaderValue::from_bytes(value.as_bytes())
                .map_err(|_| unsendable("a header's value is none"))?;
            headers.append(name, value);
        }
        if trusted {
            self.credentials.attach(sent, token, headers).map_err(|what| unsendable(&what))?;
        }
        if !sent.body.is_none() {
            let bytes =
                body_bytes(&sent.body).ok_or_else(|| unsendable("the documented body is not base64"))?;
            *request.body_mut() = Some(bytes.into());
        }
        Ok((own, request))
    }
}

/// The content as it goes over the wire; none where base64 is none.
pub(crate) fn body_bytes(body: &Body) -> Option<Vec<u8>> {
    match body {
        Body::None => Some(Vec::new()),
        Body::Json(json) => Some(json.text().as_bytes().to_vec()),
        Body::Text(text) => Some(text.as_bytes().to_vec()),
        Body::Base64(octets) => base64::engine::general_purpose::STANDARD.decode(octets).ok(),
    }
}

/// Methods that change nothing (RFC 9110, 9.2.1).
pub(crate) fn is_safe(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS")
}

fn unsent(trouble: Trouble, message: String) -> Broken {
    Broken { trouble, message, delivery: Delivery::NotSent }
}
