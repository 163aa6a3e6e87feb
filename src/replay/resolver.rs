//! Looks names up, in bounded time, and for runs that must not leave this machine as far as that alone.

use super::connections::Reach;
use super::target::is_loopback;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::lookup_host;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

/// Resolves names. What is checked is what is dialled: nobody is asked twice.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    /// Which addresses are dialled.
    pub(super) reach: Reach,
    /// How long the machine's own resolver is waited for. Its thread cannot be called off, and is left behind.
    pub(super) within: Duration,
    pub(super) under_way: UnderWay,
}

/// The look-ups that have not ended, by name. Whoever asks for the name meanwhile waits for the same one, and no longer
/// than the first who did: where the machine's resolver hangs, a run of many contracts waits for it once, and leaves one
/// thread behind. A name that had an address before is worth a wait to each.
#[derive(Debug, Clone, Default)]
pub(super) struct UnderWay(Arc<Mutex<LookUps>>);

#[derive(Debug, Default)]
struct LookUps {
    under_way: BTreeMap<String, LookUp>,
    /// Names that had an address.
    found: BTreeSet<String>,
}

#[derive(Debug, Clone)]
struct LookUp {
    until: Instant,
    found: watch::Receiver<Option<Found>>,
}

type Found = Result<Vec<SocketAddr>, Arc<io::Error>>;

impl UnderWay {
    /// The addresses of a name; none where nothing was said in time.
    async fn look_up(&self, name: &str, within: Duration) -> Option<Found> {
        let mut look_up = self.begun(name, within);
        let found = timeout_at(look_up.until, look_up.found.wait_for(Option::is_some)).await;
        found.ok()?.ok()?.clone()
    }

    fn begun(&self, name: &str, within: Duration) -> LookUp {
        let mut look_ups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = Instant::now() + within;
        // One whose runtime is gone says nothing any more.
        if let Some(look_up) = look_ups.under_way.get(name)
            && look_up.found.has_changed().is_ok()
        {
            let until = if look_ups.found.contains(name) { until } else { look_up.until };
            return LookUp { until, ..look_up.clone() };
        }
        let (tell, found) = watch::channel(None);
        let look_up = LookUp { until, found };
        look_ups.under_way.insert(name.to_owned(), look_up.clone());
        let (own, name) = (self.clone(), name.to_owned());
        tokio::spawn(async move {
            let found = lookup_host((name.as_str(), 0)).await.map(Iterator::collect).map_err(Arc::new);
            let mut look_ups = own.0.lock().unwrap_or_else(PoisonError::into_inner);
            look_ups.under_way.remove(&name);
            if found.is_ok() {
                look_ups.found.insert(name);
            }
            drop(look_ups);
            let _ = tell.send(Some(found));
        });
        look_up
    }
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
        let Resolver { reach, within, under_way } = self.clone();
        Box::pin(async move {
            let found = under_way.look_up(name.as_str(), within).await.ok_or(NoResolver(within))?;
            let addresses = found.map_err(|error| io::Error::new(error.kind(), error.to_string()))?;
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
