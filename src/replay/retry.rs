//! Whether a request is sent once more, and when. Pure: what was sent and what came decide, and a clock that is given.
//!
//! Nothing is sent again to turn a mismatch into a pass, and nothing that may have acted: of what is not safe
//! (RFC 9110, 9.2.1) only a request of which no byte left, or which HTTP/2 says was not processed.

use super::Limits;
use super::fault::{Broken, Delivery};
use crate::message::{Headers, Received};
use crate::verdict::Trouble;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime};

/// The longest that a service may ask to wait.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// What a service means that asks to wait in no way that can be read.
const SHORT_WAIT: Duration = Duration::from_secs(1);

/// The attempts at one request so far.
#[derive(Debug, Clone)]
pub(super) struct Course {
    method: String,
    retries: u32,
    total: Duration,
    /// How often it was sent, or was tried to be.
    pub(super) attempts: u32,
    /// How often that was for another token alone, which is no trouble of the service.
    pub(super) renewals: u32,
    /// What the attempts were answered that were repeated for it.
    statuses: Vec<u16>,
    /// What that took, and the waiting between.
    pub(super) spent: Duration,
    /// An attempt was not processed.
    refused: bool,
    /// An attempt failed in a way that says something of the service.
    pub(super) stumbled: bool,
}

/// What is done after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// The answer stands, or how it broke.
    Keep,
    /// The answer is none that could be judged.
    Unjudgeable(Broken),
    /// The same is sent again, so much later.
    Again(Duration, Because),
}

/// Why something is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Because {
    /// It never left.
    NotSent,
    /// It was not processed.
    NotProcessed,
    /// The service limits the rate.
    Throttled,
    /// Something broke on the way, or the service was not available.
    Stumbled,
}

impl Course {
    pub(super) fn new(method: &str, limits: &Limits) -> Course {
        Course {
            method: method.to_owned(),
            retries: limits.retries,
            total: limits.total_time,
            attempts: 0,
            renewals: 0,
            statuses: Vec::new(),
            spent: Duration::ZERO,
            refused: false,
            stumbled: false,
        }
    }

    /// The time that is left for all attempts.
    pub(super) fn left(&self) -> Duration {
        self.total.saturating_sub(self.spent)
    }

    /// Notes that it is sent again, for it was answered so if it was.
    pub(super) fn again(&mut self, after: Duration, because: Because, status: Option<u16>) {
        self.statuses.extend(status);
        self.spent += after;
        self.refused |= because == Because::NotProcessed;
        self.stumbled |= because == Because::Stumbled;
    }

    /// The attempts that count as such.
    fn tries(&self) -> u32 {
        self.attempts.saturating_sub(self.renewals)
    }

    /// How often the last attempt's status came, in so many words.
    fn times(&self, status: u16) -> String {
        let times = 1 + self.statuses.iter().filter(|earlier| **earlier == status).count();
        match (times, self.attempts) {
            (1, 1) => String::new(),
            (1, all) => format!(" in the last of {all} attempts"),
            (times, all) if usize::try_from(all) == Ok(times) => format!(" {times} times"),
            (times, all) => format!(" {times} times in {all} attempts"),
        }
    }

    /// What is done after the last attempt. A status that the contract documents is an answer like any other.
    pub(super) fn next(
        &self,
        answer: &Result<Received, Broken>,
        expected: impl Fn(u16) -> bool,
        now: SystemTime,
    ) -> Next {
        match answer {
            Ok(received) if expected(received.status) => Next::Keep,
            Ok(received) => self.after_answer(received, now),
            Err(broken) => match self.after_failure(broken) {
                Some((after, because)) if after < self.left() => Next::Again(after, because),
                _ => Next::Keep,
            },
        }
    }

    fn after_answer(&self, received: &Received, now: SystemTime) -> Next {
        let (trouble, because) = match received.status {
            429 => (Trouble::HttpThrottled, Because::Throttled),
            502..=504 => (Trouble::HttpUnavailable, Because::Stumbled),
            _ => return Next::Keep,
        };
        let asked = asked_to_wait(&received.headers, now);
        let wait = match (asked, because) {
            (Some(asked), _) => asked,
            (None, Because::Throttled) => SHORT_WAIT,
            (None, _) => Duration::from_millis(500) * (1 << self.tries().saturating_sub(1).min(8)),
        };
        let status = received.status;
        let no_more = |why: String| {
            let message = format!("answered {status}{why}");
            Next::Unjudgeable(Broken { trouble, message, delivery: Delivery::MaybeSent })
        };
        if !super::is_safe(&self.method) {
            return no_more(format!("; a {} is sent once", self.method));
        }
        if self.tries() > self.retries {
            return no_more(self.times(status));
        }
        if wait > LONGEST_WAIT || wait >= self.left() {
            return no_more(format!(" and asks to wait {} s, longer than is waited", wait.as_secs()));
        }
        Next::Again(wait, because)
    }

    fn after_failure(&self, broken: &Broken) -> Option<(Duration, Because)> {
        if broken.trouble == Trouble::H2Goaway && !self.refused {
            return Some((Duration::from_millis(50), Because::NotProcessed));
        }
        if self.tries() > self.retries {
            return None;
        }
        let factor = 1 << self.tries().min(8);
        match (broken.delivery, broken.trouble) {
            (
                Delivery::NotSent,
                Trouble::NetRefused | Trouble::NetDns | Trouble::NetProxy | Trouble::NetOther,
            ) => Some((Duration::from_millis(50) * factor, Because::NotSent)),
            // Not where its time was up or its answer was too much: the next would be no better.
            (Delivery::MaybeSent, Trouble::NetClosed | Trouble::NetReset | Trouble::HttpTruncated)
                if super::is_safe(&self.method) =>
            {
                Some((Duration::from_millis(100) * factor, Because::Stumbled))
            }
            _ => None,
        }
    }
}

/// How long the service asks to be left alone (RFC 9110, 10.2.3). A date is held against the service's own clock where
/// it tells that.
fn asked_to_wait(headers: &Headers, now: SystemTime) -> Option<Duration> {
    let asked = headers.get("retry-after")?.trim();
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(asked.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let Ok(until) = httpdate::parse_http_date(asked) else { return Some(SHORT_WAIT) };
    let now = headers.get("date").and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(now);
    Some(until.duration_since(now).unwrap_or_default())
}

/// The trouble of an answer that is not asked for again, since enough others were.
pub(super) fn spent(status: u16, because: Because) -> Broken {
    let trouble = match because {
        Because::Throttled => Trouble::HttpThrottled,
        _ => Trouble::HttpUnavailable,
    };
    Broken { trouble, message: format!("answered {status}"), delivery: Delivery::MaybeSent }
}

/// Up to a fifth longer, so that not all who were sent away come back at once.
pub(super) fn with_jitter(wait: Duration) -> Duration {
    let random = RandomState::new().hash_one(0_u8) % 1000;
    wait + wait.mul_f64(0.2) * u32::try_from(random).unwrap_or_default() / 1000
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn course(method: &str, attempts: u32) -> Course {
        Course { attempts, ..Course::new(method, &Limits::default()) }
    }

    fn answer(status: u16, fields: &[(&str, &str)]) -> Received {
        Received { status, headers: fields.iter().copied().collect(), ..Received::default() }
    }

    fn broken(trouble: Trouble, delivery: Delivery) -> Broken {
        Broken { trouble, message: String::new(), delivery }
    }

    /// `keep`, `http.throttled`, or after how many milliseconds it is sent again.
    fn next(course: &Course, answer: &Result<Received, Broken>) -> String {
        // Tue, 15 Nov 1994 08:12:31 GMT
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_887_151);
        match course.next(answer, |status| status == 200, now) {
            Next::Keep => "keep".into(),
            Next::Unjudgeable(broken) => broken.trouble.id().into(),
            Next::Again(after, _) => after.as_millis().to_string(),
        }
    }

    #[rstest]
    #[case::the_documented_one(200, &[("Retry-After", "1")], "keep")]
    #[case::an_error_of_the_service(500, &[("Retry-After", "1")], "keep")]
    #[case::seconds(429, &[("Retry-After", "7")], "7000")]
    #[case::now(429, &[("Retry-After", "0")], "0")]
    #[case::the_longest(429, &[("Retry-After", "60")], "60000")]
    #[case::too_long(429, &[("Retry-After", "61")], "http.throttled")]
    #[case::beyond_64_bits(429, &[("Retry-After", "99999999999999999999999")], "http.throttled")]
    #[case::unsaid(429, &[], "1000")]
    #[case::garbage(429, &[("Retry-After", "soon")], "1000")]
    #[case::negative(429, &[("Retry-After", "-5")], "1000")]
    #[case::a_float(429, &[("Retry-After", "1e30")], "1000")]
    #[case::empty(429, &[("Retry-After", "")], "1000")]
    #[case::a_date(429, &[("Retry-After", "Tue, 15 Nov 1994 08:12:36 GMT")], "5000")]
    #[case::a_date_that_is_past(429, &[("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT")], "0")]
    #[case::a_date_far_away(429, &[("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")], "http.throttled")]
    #[case::a_clock_that_is_wrong(
        429,
        &[("Retry-After", "Fri, 01 Jan 2100 00:00:03 GMT"), ("Date", "Fri, 01 Jan 2100 00:00:00 GMT")],
        "3000"
    )]
    #[case::unavailable(503, &[], "500")]
    #[case::unavailable_for_a_while(503, &[("Retry-After", "2")], "2000")]
    #[case::unavailable_for_long(503, &[("Retry-After", "3600")], "http.unavailable")]
    #[case::a_bad_gateway(502, &[], "500")]
    #[case::a_gateway_that_waits(504, &[], "500")]
    fn after_an_answer(#[case] status: u16, #[case] fields: &[(&str, &str)], #[case] expected: &str) {
        assert_eq!(next(&course("GET", 1), &Ok(answer(status, fields))), expected);
    }

    #[rstest]
    #[case(429, "http.throttled")]
    #[case(503, "http.unavailable")]
    #[case(500, "keep")]
    fn what_may_have_acted_is_not_sent_again(
        #[case] status: u16,
        #[case] expected: &str,
        #[values("POST", "PUT", "PATCH", "DELETE", "X")] method: &str,
    ) {
        assert_eq!(next(&course(method, 1), &Ok(answer(status, &[("Retry-After", "1")]))), expected);
        for trouble in [Trouble::NetClosed, Trouble::NetReset, Trouble::HttpTruncated] {
            assert_eq!(next(&course(method, 1), &Err(broken(trouble, Delivery::MaybeSent))), "keep");
        }
        assert_eq!(next(&course(method, 1), &Err(broken(Trouble::NetRefused, Delivery::NotSent))), "100");
        let refused = Err(broken(Trouble::H2Goaway, Delivery::NotSent));
        assert_eq!(next(&course(method, 1), &refused), "50");
        assert_eq!(next(&Course { refused: true, ..course(method, 2) }, &refused), "keep");
    }

    #[rstest]
    #[case::every_time(3, 0, &[503, 503], "answered 503 3 times")]
    #[case::but_for_a_token(4, 1, &[503, 503], "answered 503 3 times in 4 attempts")]
    #[case::but_for_another_trouble(3, 0, &[429, 503], "answered 503 2 times in 3 attempts")]
    #[case::at_the_end(3, 0, &[], "answered 503 in the last of 3 attempts")]
    fn how_often_it_came_is_told(
        #[case] attempts: u32,
        #[case] renewals: u32,
        #[case] earlier: &[u16],
        #[case] said: &str,
    ) {
        let course = Course { renewals, statuses: earlier.to_vec(), ..course("GET", attempts) };
        let next = course.next(&Ok(answer(503, &[])), |_| false, SystemTime::UNIX_EPOCH);
        let Next::Unjudgeable(broken) = next else { panic!("{next:?}") };
        assert_eq!(broken.message, said);
        // Another token costs no attempt.
        let fewer = Course { renewals: renewals + 1, ..course };
        assert!(matches!(
            fewer.next(&Ok(answer(503, &[])), |_| false, SystemTime::UNIX_EPOCH),
            Next::Again(..)
        ));
    }

    #[test]
    fn waits_grow_and_end() {
        let waits =
            |status| [1, 2, 3].map(|attempts| next(&course("GET", attempts), &Ok(answer(status, &[]))));
        assert_eq!(waits(503), ["500", "1000", "http.unavailable"]);
        assert_eq!(waits(429), ["1000", "1000", "http.throttled"]);
    }

    #[test]
    fn nothing_is_waited_for_beyond_the_time_of_all_attempts() {
        let late = Course { spent: Duration::from_mins(1), ..course("GET", 1) };
        assert_eq!(next(&late, &Ok(answer(429, &[("Retry-After", "29")]))), "29000");
        assert_eq!(next(&late, &Ok(answer(429, &[("Retry-After", "30")]))), "http.throttled");
    }

    #[test]
    fn jitter_adds_a_fifth_at_most() {
        let wait = Duration::from_secs(10);
        assert!((0..100).map(|_| with_jitter(wait)).all(|it| it >= wait && it <= wait.mul_f64(1.2)));
    }
}
