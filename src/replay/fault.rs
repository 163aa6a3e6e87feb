//! How an exchange broke: reqwest's own kinds say "decode" for a reset and for a timeout alike, so the chain of
//! sources is walked. No text of an error holds the URL's query.

use super::proxy::Via;
use super::resolver::{AnotherMachine, NoResolver};
use crate::verdict::Trouble;
use std::error::Error;
use std::io;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use url::Url;

/// An exchange that gave no whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// In which way.
    pub trouble: Trouble,
    /// The same in words.
    pub message: String,
    /// Whether the target may have acted.
    pub delivery: Delivery,
}

/// How far a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// No byte of it left.
    NotSent,
    /// It may have arrived.
    MaybeSent,
}

/// How far an exchange is; read when its time is up.
#[derive(Debug, Default)]
pub(super) struct Progress {
    phase: AtomicUsize,
    got: AtomicUsize,
    announced: AtomicU64,
}

const HEADERS_CAME: usize = 1;
/// A Content-Length that nobody announced.
const UNKNOWN: u64 = u64::MAX;

impl Progress {
    /// The status and the headers came, with this Content-Length.
    pub(super) fn answered(&self, length: Option<u64>) {
        self.announced.store(length.unwrap_or(UNKNOWN), Ordering::Relaxed);
        self.phase.store(HEADERS_CAME, Ordering::Relaxed);
    }

    /// So many more bytes of content came, before any coding was undone; so many came in all.
    pub(super) fn add(&self, bytes: usize) -> usize {
        self.got.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes)
    }

    fn in_body(&self) -> bool {
        self.phase.load(Ordering::Relaxed) == HEADERS_CAME
    }

    /// `7 of 100 bytes`
    fn amount(&self) -> String {
        let got = self.got.load(Ordering::Relaxed);
        match self.announced.load(Ordering::Relaxed) {
            UNKNOWN => format!("{got} bytes"),
            announced => format!("{got} of {announced} bytes"),
        }
    }

    /// The time is up.
    pub(super) fn timed_out(&self, after: Duration) -> Broken {
        let seconds = after.as_secs_f64();
        if !self.in_body() {
            let message = format!("no answer within {seconds} s");
            return Broken { trouble: Trouble::NetTimeoutHeaders, message, delivery: Delivery::MaybeSent };
        }
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = self.got.load(Ordering::Relaxed) as f64 / seconds.max(0.001);
        let message = format!("got {} within {seconds} s, {rate:.1} bytes/s", self.amount());
        Broken { trouble: Trouble::NetTimeoutBody, message, delivery: Delivery::MaybeSent }
    }

    /// The connection failed.
    pub(super) fn failed(&self, error: reqwest::Error, url: &Url, via: Option<&Via>) -> Broken {
        let error = error.without_url();
        let trouble = match (self.trouble(&error), via) {
            // What failed to connect is the proxy, or failed to be connected by it.
            (Trouble::NetTls, Some(_)) if !chain(&error).any(is_tunnel) => Trouble::NetTls,
            (_, Some(_)) if error.is_connect() => Trouble::NetProxy,
            (trouble, _) => trouble,
        };
        let place = authority(url);
        let cause = deepest(&error);
        let message = match trouble {
            Trouble::NetRefused => format!("{place} refused the connection"),
            Trouble::NetProxy => {
                format!("{} gave no connection to {place}: {cause}", via.map(Via::shown).unwrap_or_default())
            }
            Trouble::NetDns => format!("{} has no address", url.host_str().unwrap_or_default()),
            Trouble::NetDnsTimeout => format!("{}: {cause}", url.host_str().unwrap_or_default()),
            Trouble::H2Goaway => format!("{place} refused the request unprocessed: {cause}"),
            Trouble::NetConnectTimeout => format!("{place} did not take the connection in time"),
            Trouble::NetTls if chain(&error).any(speaks_no_tls) => {
                format!("{place} does not speak TLS; is it http?")
            }
            Trouble::NetTls if chain(&error).any(shows_an_authority) => {
                format!("no secure connection to {place}: {AUTHORITY_ITSELF}")
            }
            Trouble::NetTls => format!("no secure connection to {place}: {cause}"),
            Trouble::NetClosed => format!("{place} closed the connection before it answered"),
            Trouble::NetReset if self.in_body() => {
                format!("{place} reset the connection in the body, after {}", self.amount())
            }
            Trouble::NetReset => format!("{place} reset the connection before it answered"),
            Trouble::HttpTruncated => format!("{place} ended the answer early, got {}", self.amount()),
            _ => format!("{place}: {cause}"),
        };
        let unprocessed = error.is_connect() || trouble == Trouble::H2Goaway;
        let delivery = if unprocessed { Delivery::NotSent } else { Delivery::MaybeSent };
        Broken { trouble, message, delivery }
    }

    fn trouble(&self, error: &reqwest::Error) -> Trouble {
        if error.is_connect() {
            return connect_trouble(error);
        }
        for cause in chain(error) {
            if let Some(error) = cause.downcast_ref::<h2::Error>()
                && let Some(trouble) = self.h2_trouble(error)
            {
                return trouble;
            }
            if let Some(error) = cause.downcast_ref::<hyper::Error>() {
                if error.is_parse() {
                    return Trouble::HttpMalformed;
                }
                if error.is_incomplete_message() {
                    return if self.in_body() { Trouble::HttpTruncated } else { Trouble::NetClosed };
                }
            }
            if let Some(error) = cause.downcast_ref::<io::Error>() {
                match error.kind() {
                    io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::BrokenPipe => {
                        return Trouble::NetReset;
                    }
                    io::ErrorKind::UnexpectedEof => {
                        return if self.in_body() { Trouble::HttpTruncated } else { Trouble::NetClosed };
                    }
                    io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                        return Trouble::HttpMalformed;
                    }
                    _ => {}
                }
            }
        }
        Trouble::NetOther
    }

    /// What HTTP/2 says of a request; none where it was the connection that failed.
    fn h2_trouble(&self, error: &h2::Error) -> Option<Trouble> {
        if error.is_io() {
            return None;
        }
        let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
        let gone = error.is_go_away() && error.is_remote();
        Some(if refused || gone && !self.in_body() { Trouble::H2Goaway } else { Trouble::HttpMalformed })
    }
}

/// What a proxy did not do. The type is not public.
fn is_tunnel(error: &(dyn Error + 'static)) -> bool {
    error.to_string().starts_with("tunnel error")
}

fn connect_trouble(error: &reqwest::Error) -> Trouble {
    if chain(error).any(<dyn Error>::is::<AnotherMachine>) {
        return Trouble::NetForbiddenAddress;
    }
    if chain(error).any(<dyn Error>::is::<NoResolver>) {
        return Trouble::NetDnsTimeout;
    }
    if error.is_timeout() {
        return Trouble::NetConnectTimeout;
    }
    if error.is_dns() {
        return Trouble::NetDns;
    }
    for cause in chain(error) {
        if cause.is::<rustls::Error>() {
            return Trouble::NetTls;
        }
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            match error.kind() {
                io::ErrorKind::ConnectionRefused => return Trouble::NetRefused,
                io::ErrorKind::TimedOut => return Trouble::NetConnectTimeout,
                io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => return Trouble::NetTls,
                _ => {}
            }
        }
    }
    Trouble::NetOther
}

fn speaks_no_tls(error: &(dyn Error + 'static)) -> bool {
    matches!(error.downcast_ref::<rustls::Error>(), Some(rustls::Error::InvalidMessage(_)))
}

/// What to do about a certificate that `openssl req -x509` makes unless it is told otherwise.
const AUTHORITY_ITSELF: &str = "it shows the certificate of an authority (CA:TRUE) as its own, which proves no server; \
                                give it one that is none, as of openssl req -addext basicConstraints=CA:FALSE";

/// rustls has no word of its own for it, and webpki's type is not public here.
fn shows_an_authority(error: &(dyn Error + 'static)) -> bool {
    matches!(error.downcast_ref::<rustls::Error>(), Some(rustls::Error::InvalidCertificate(_)))
        && error.to_string().contains("CaUsedAsEndEntity")
}

/// An error and what it comes from. What an `io::Error` holds is the error itself, not its source: rustls' own stands
/// two of them deep.
fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    let next = |error: &&'e (dyn Error + 'static)| -> Option<&'e (dyn Error + 'static)> {
        match (*error).downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => (*error).source(),
        }
    };
    std::iter::successors(Some(error), next)
}

fn deepest(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

/// `host:port`, the port always named.
pub(super) fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port_or_known_default().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
