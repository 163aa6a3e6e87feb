//! The embedded stub: wiremock around the router.

use super::route::{Answer, CONTRACT_HEADER, Incoming, Router};
use crate::contract::{Contract, ContractId};
use http::{HeaderName, HeaderValue};
use std::collections::BTreeSet;
use std::io;
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard};
use tokio::sync::{RwLock as Gate, RwLockReadGuard as Pass};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// The most requests that are remembered; the oldest give way.
const REMEMBERED: usize = 10_000;

/// A stub of a run mounts its mock anew after so many turns.
const KEPT: usize = 2_048;

/// Mocks that somebody mounts besides come first; wiremock's own default is 5.
const LAST: u8 = u8::MAX;

/// A server on loopback that answers every contract with its documented answer, and 501 with the nearest contracts
/// where none documents what it is sent. It ends when it is dropped.
///
/// ```
/// use faithful::{Stub, Suite};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let suite = Suite::load(["contracts"])?;
/// let stub = Stub::start(suite.contracts().cloned()).await?;
/// // … call the stub at stub.url() from the code under test …
/// assert_eq!(stub.received(), []);
/// assert_eq!(stub.unused().len(), suite.contracts().count());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Stub {
    server: MockServer,
    responder: Responder,
    turns: AtomicUsize,
    gate: Gate<()>,
}

/// A request that the stub took in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The method.
    pub method: String,
    /// Path and query, percent-encoded.
    pub path_and_query: String,
    /// The contract that answered it; none where none does.
    pub contract: Option<ContractId>,
}

#[derive(Debug)]
struct Record {
    recording: Recording,
    taken: std::collections::VecDeque<Taken>,
    unused: BTreeSet<ContractId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recording {
    On,
    Off,
}

fn free_port() -> io::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", 0))
}

impl Stub {
    /// Starts a stub on a free port of loopback.
    pub async fn start(contracts: impl IntoIterator<Item = Contract>) -> io::Result<Stub> {
        Ok(Stub::listening(free_port()?, contracts).await)
    }

    /// Starts a stub that listens where the caller says.
    pub async fn listening(listener: TcpListener, contracts: impl IntoIterator<Item = Contract>) -> Stub {
        Stub::recording(listener, contracts, Recording::On).await
    }

    /// A stub for runs of any length: it remembers nothing, and knows the contracts alone whose turn it is.
    pub(crate) async fn unrecorded() -> io::Result<Stub> {
        Ok(Stub::recording(free_port()?, Vec::<Contract>::new(), Recording::Off).await)
    }

    /// One mock holds the router: wiremock sorts and scans all that are mounted for every request. Its own recording
    /// is off, since it keeps every request whole and for ever.
    async fn recording(
        listener: TcpListener,
        contracts: impl IntoIterator<Item = impl Into<Arc<Contract>>>,
        recording: Recording,
    ) -> Stub {
        let server = MockServer::builder().listener(listener).disable_request_recording().start().await;
        let router = Router::new(contracts);
        let unused =
            if recording == Recording::On { router.ids().cloned().collect() } else { BTreeSet::new() };
        let record =
            Arc::new(Mutex::new(Record { recording, taken: std::collections::VecDeque::new(), unused }));
        let responder = Responder { router: Arc::new(RwLock::new(router)), record };
        let stub = Stub { server, responder, turns: AtomicUsize::new(0), gate: Gate::new(()) };
        stub.mount().await;
        stub
    }

    async fn mount(&self) {
        let mock = Mock::given(any()).respond_with(self.responder.clone()).with_priority(LAST);
        mock.mount(&self.server).await;
    }

    /// Lets a run send its next request, and answers from this contract meanwhile; the turn ends when what is returned is
    /// dropped.
    ///
    /// wiremock keeps all requests that a mock matched, and with each the buffer that it was read from, for as long as
    /// the mock is mounted. So from time to time, while no other turn lasts, the mock is mounted anew.
    pub(crate) async fn turn(&self, contract: Option<Arc<Contract>>) -> Turn<'_> {
        if self.turns.fetch_add(1, Ordering::Relaxed) % KEPT == KEPT - 1 {
            let _alone = self.gate.write().await;
            self.server.reset().await;
            self.mount().await;
        }
        let gate = self.gate.read().await;
        let lent = contract.as_ref().map(|contract| contract.id.clone());
        if let Some(contract) = contract {
            self.responder.router_mut().put(contract);
        }
        Turn { stub: self, lent, _gate: gate }
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        self.server.uri()
    }

    /// The server underneath, for mocks of your own: those that match come before the contracts.
    pub fn server(&self) -> &MockServer {
        &self.server
    }

    /// The requests that came, in order; the last 10,000 of them.
    pub fn received(&self) -> Vec<Taken> {
        self.record().taken.iter().cloned().collect()
    }

    /// The contracts that answered no request yet, in order.
    pub fn unused(&self) -> Vec<ContractId> {
        self.record().unused.iter().cloned().collect()
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.responder.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A run's turn to send a request.
pub(crate) struct Turn<'s> {
    stub: &'s Stub,
    lent: Option<ContractId>,
    _gate: Pass<'s, ()>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(id) = &self.lent {
            self.stub.responder.router_mut().take(id);
        }
    }
}

#[derive(Debug, Clone)]
struct Responder {
    router: Arc<RwLock<Router>>,
    record: Arc<Mutex<Record>>,
}

impl Responder {
    fn router_mut(&self) -> RwLockWriteGuard<'_, Router> {
        self.router.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Respond for Responder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path_and_query = match request.url.query() {
            Some(query) => format!("{}?{query}", request.url.path()),
            None => request.url.path().to_owned(),
        };
        let contract = request.headers.get(CONTRACT_HEADER).and_then(|id| id.to_str().ok());
        let incoming = Incoming {
            method: request.method.as_str(),
            path_and_query: &path_and_query,
            body: &request.body,
            contract,
        };
        let (contract, answer) = self.router.read().unwrap_or_else(PoisonError::into_inner).answer(&incoming);
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        if record.recording == Recording::On {
            if let Some(id) = &contract {
                record.unused.remove(id);
            }
            if record.taken.len() == REMEMBERED {
                record.taken.pop_front();
            }
            let method = request.method.to_string();
            record.taken.push_back(Taken { method, path_and_query, contract });
        }
        drop(record);
        template(answer)
    }
}

fn template(answer: Answer) -> ResponseTemplate {
    let mut template = ResponseTemplate::new(answer.status);
    for (name, value) in answer.headers.iter() {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_bytes(value.as_bytes());
        // What cannot stand in a header was documented by mistake; the rest of the answer is worth having.
        if let (Ok(name), Ok(value)) = (name, value) {
            template = template.append_header(name, value);
        }
    }
    if answer.body.is_empty() { template } else { template.set_body_bytes(answer.body) }
}

#[cfg(test)]
mod tests {
    use super::Stub;
    use crate::contract::{Contract, ContractId, parse};
    use std::sync::Arc;

    fn contract(id: &str) -> Arc<Contract> {
        let file = r#"{"faithful": 1, "name": "x", "source": {"file": "x.md", "sha256": "0"},
            "request": {"method": "GET", "url": "/x"}, "response": {"status": 200}}"#;
        Arc::new(parse(ContractId::new(id), file).unwrap())
    }

    #[tokio::test]
    async fn a_run_lends_a_contract_for_its_turn_alone() {
        let stub = Stub::unrecorded().await.unwrap();
        let known =
            || stub.responder.router.read().unwrap().ids().map(ToString::to_string).collect::<Vec<_>>();
        let (one, two) = (contract("one"), contract("two"));
        let turn = stub.turn(Some(Arc::clone(&one))).await;
        let other = stub.turn(Some(two)).await;
        assert_eq!(known(), ["one", "two"]);
        drop(other);
        assert_eq!(known(), ["one"]);
        drop(turn);
        assert!(known().is_empty());
        assert_eq!(Arc::strong_count(&one), 1, "nobody holds it any more");
    }
}
