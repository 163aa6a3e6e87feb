//! Looks names up, in bounded time, and for runs that must not leave this machine as far as that alone.

use super::connections::Reach;
use super::target::is_loopback;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::lookup_host;
use tokio::time::timeout;

/// Resolves names. What is checked is what is dialled: nobody is asked twice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resolver {
    /// Which addresses are dialled.
    pub(super) reach: Reach,
    /// How long the machine's own resolver is waited for. Its thread cannot be called off, and is left behind.
    pub(super) within: Duration,
}

/// A name led to another machine.
#[derive(Debug, thiserror::Error)]
#[error("{0} is another machine")]
pub(super) struct AnotherMachine(SocketAddr);

/// No resolver said anything of a name.
#[derive(Debug, thiserror::Error)]
#[error("no answer to the look-up of its address within {:.1} s", .0.as_secs_f64())]
pub(super) struct NoResolver(Duration);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let Resolver { reach, within } = *self;
        Box::pin(async move {
            let looked_up = timeout(within, lookup_host((name.as_str(), 0))).await;
            let addresses: Vec<SocketAddr> = looked_up.map_err(|_| NoResolver(within))??.collect();
            let addresses = match reach {
                Reach::Anywhere => addresses,
                Reach::ThisMachine => of_this_machine(addresses)?,
            };
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// The addresses, where all are this machine's: one of another says that the name is not to be trusted.
fn of_this_machine(addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, AnotherMachine> {
    match addresses.iter().find(|address| !is_loopback(address.ip())) {
        Some(other) => Err(AnotherMachine(*other)),
        None => Ok(addresses),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("127.0.0.1:0", true)]
    #[case("127.0.0.1:0 [::1]:0", true)]
    #[case("127.0.0.1:0 169.254.169.254:0", false)]
    #[case("[::ffff:10.0.0.1]:0", false)]
    #[case("0.0.0.0:0", false)]
    fn one_address_of_another_machine_is_one_too_many(#[case] addresses: &str, #[case] fine: bool) {
        let addresses = addresses.split(' ').map(|address| address.parse().unwrap()).collect();
        assert_eq!(of_this_machine(addresses).is_ok(), fine);
    }
}
