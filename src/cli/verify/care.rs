//! Flags that say how carefully a run goes about: how fast, how often, how long, how much may fail.

use crate::cli::values::{count, duration, spacing, times};
use crate::replay::Limits;
use crate::verify::Verifier;
use clap::Args;
use std::time::Duration;

/// How fast, and until when.
#[derive(Debug, Args)]
#[command(next_help_heading = "Speed")]
pub(super) struct Care {
    /// Requests under way at a time
    #[arg(short, long, value_name = "N", default_value = "8", value_parser = count)]
    pub(super) jobs: usize,
    /// The most requests in a time, evenly apart: 100/m, 5/s
    #[arg(long, value_name = "N/UNIT", value_parser = spacing)]
    rate_limit: Option<Duration>,
    /// Until a connection stands
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    connect_timeout: Duration,
    /// From the first look-up to the last byte of an answer
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    max_time: Duration,
    /// How often a request is sent again that cannot have acted, or that changes nothing and was answered 429, 502, 503
    /// or 504
    #[arg(long, value_name = "N", default_value = "2", value_parser = times)]
    retry: u32,
    /// Wait so long for the target to answer at all, before anything is sent
    #[arg(long, value_name = "TIME", value_parser = duration)]
    wait: Option<Duration>,
    /// Send nothing more once a contract failed or could not be judged
    #[arg(long, conflicts_with = "max_failures")]
    fail_fast: bool,
    /// Send nothing more once so many contracts failed or could not be judged
    #[arg(long, value_name = "N", value_parser = count)]
    max_failures: Option<usize>,
}

impl Care {
    /// What an exchange may cost.
    pub(super) fn limits(&self, max_body: usize) -> Limits {
        let limits = Limits::default();
        Limits {
            connect_timeout: self.connect_timeout,
            max_time: self.max_time,
            total_time: limits.total_time.max(self.max_time),
            max_body,
            retries: self.retry,
            spacing: self.rate_limit,
        }
    }

    /// Has a verifier go about so.
    pub(super) fn heed(&self, verifier: Verifier) -> Verifier {
        let verifier = verifier.jobs(self.jobs);
        let verifier = self.wait.into_iter().fold(verifier, Verifier::wait);
        let most = if self.fail_fast { Some(1) } else { self.max_failures };
        most.into_iter().fold(verifier, Verifier::max_failures)
    }
}
