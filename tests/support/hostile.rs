//! A server on a free port of loopback that answers each request with a script, however unlawful.
//!
//! It reads whole requests, keeps their bytes, and ends with its value: every socket is shut then, so that no thread
//! stays behind. A body without end is written in small pieces: what the test process holds itself would count
//! into the memory of the programs that it starts.

use socket2::{Domain, SockRef, Socket, Type};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

/// What the server does next on a connection.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Writes these bytes.
    Write(Vec<u8>),
    /// Writes the bytes again and again, with a pause behind each time, until the client has gone.
    Drip(Vec<u8>, Duration),
    /// Writes the bytes so many times.
    Repeat(Vec<u8>, usize),
    /// Writes the bytes again and again, until the client has gone.
    Flood(Vec<u8>),
    /// Keeps the connection and says nothing, until the client has gone.
    Hang,
    /// Ends the connection in good order.
    Close,
    /// Ends the connection with a reset.
    Reset,
}

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) raw: Vec<u8>,
    head: usize,
}

impl Delivery {
    /// `GET /x HTTP/1.1`
    pub(crate) fn line(&self) -> String {
        self.head().lines().next().unwrap_or_default().to_owned()
    }

    /// What stands between the method and the version.
    pub(crate) fn target(&self) -> String {
        self.line().split(' ').nth(1).unwrap_or_default().to_owned()
    }

    /// Every value of a field.
    pub(crate) fn values(&self, name: &str) -> Vec<String> {
        let fields = self.head();
        let fields = fields.lines().skip(1).filter_map(|line| line.split_once(':'));
        fields
            .filter(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().into())
            .collect()
    }

    /// The content.
    pub(crate) fn body(&self) -> &[u8] {
        &self.raw[self.head..]
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.raw).into_owned()
    }

    fn head(&self) -> String {
        String::from_utf8_lossy(&self.raw[..self.head]).into_owned()
    }
}

#[derive(Default)]
struct Shared {
    stopped: AtomicBool,
    /// Weak: a connection is reset by closing its only handle.
    connections: Mutex<Vec<Weak<TcpStream>>>,
    deliveries: Mutex<Vec<Delivery>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// The server.
pub(crate) struct Hostile {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

type Answer = dyn Fn(&Delivery) -> Vec<Step> + Send + Sync;

impl Hostile {
    /// Answers each request with what the closure says; then reads the next one of the same connection, unless the
    /// last step ended it.
    pub(crate) fn answering(answer: impl Fn(&Delivery) -> Vec<Step> + Send + Sync + 'static) -> Hostile {
        Hostile::start(Vec::new(), Arc::new(answer))
    }

    /// Answers every request with the same steps.
    pub(crate) fn playing(steps: Vec<Step>) -> Hostile {
        Hostile::answering(move |_| steps.clone())
    }

    /// Answers every request with the same bytes.
    pub(crate) fn saying(answer: Vec<u8>) -> Hostile {
        Hostile::playing(vec![Step::Write(answer)])
    }

    /// Plays the steps as soon as somebody connects.
    pub(crate) fn greeting(steps: Vec<Step>) -> Hostile {
        Hostile::start(steps, Arc::new(|_| vec![Step::Close]))
    }

    /// Counts who comes, and lets nobody in.
    pub(crate) fn canary() -> Hostile {
        Hostile::greeting(vec![Step::Close])
    }

    fn start(greeting: Vec<Step>, answer: Arc<Answer>) -> Hostile {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let mine = Arc::clone(&shared);
        let accepting = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if mine.stopped.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(stream) = stream else { continue };
                let stream = Arc::new(stream);
                held(&mine.connections).push(Arc::downgrade(&stream));
                let (shared, greeting, answer) = (Arc::clone(&mine), greeting.clone(), Arc::clone(&answer));
                let thread = std::thread::spawn(move || converse(&stream, &shared, &greeting, &*answer));
                held(&mine.threads).push(thread);
            }
        });
        Hostile { address, shared, accepting: Some(accepting) }
    }

    /// `http://127.0.0.1:PORT`
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// `127.0.0.1:PORT`
    pub(crate) fn authority(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The whole requests that came, in order.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        held(&self.shared.deliveries).clone()
    }

    /// How often somebody connected.
    pub(crate) fn connections(&self) -> usize {
        held(&self.shared.connections).len()
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
        let accepted = self.accepting.take().map(JoinHandle::join);
        for stream in held(&self.shared.connections).iter().filter_map(Weak::upgrade) {
            let _ = stream.shutdown(Shutdown::Both);
        }
        let threads = std::mem::take(&mut *held(&self.shared.threads));
        let failed = threads.into_iter().map(JoinHandle::join).chain(accepted).any(|ended| ended.is_err());
        assert!(!failed || std::thread::panicking(), "a thread of the server panicked");
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}

fn converse(stream: &TcpStream, shared: &Shared, greeting: &[Step], answer: &Answer) {
    // Small writes leave at once.
    let _ = stream.set_nodelay(true);
    if play(stream, greeting) == Next::Over {
        return;
    }
    let mut left = Vec::new();
    while let Some(delivery) = read_request(stream, &mut left) {
        held(&shared.deliveries).push(delivery.clone());
        if play(stream, &answer(&delivery)) == Next::Over {
            return;
        }
    }
}

/// One whole request; none once the client has gone.
fn read_request(mut stream: &TcpStream, left: &mut Vec<u8>) -> Option<Delivery> {
    let mut piece = [0; 4096];
    loop {
        if let Some(at) = left.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = at + 4;
            let delivery = Delivery { raw: left.clone(), head };
            assert!(delivery.values("transfer-encoding").is_empty(), "requests are sent with a length");
            let length =
                delivery.values("content-length").first().map_or(0, |length| length.parse().unwrap());
            if left.len() >= head + length {
                let raw = left.drain(..head + length).collect();
                return Some(Delivery { raw, head });
            }
        }
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return None,
            Ok(length) => left.extend_from_slice(&piece[..length]),
        }
    }
}

#[derive(PartialEq, Eq)]
enum Next {
    Request,
    Over,
}

fn play(mut stream: &TcpStream, steps: &[Step]) -> Next {
    for step in steps {
        let gone = match step {
            Step::Write(bytes) => stream.write_all(bytes).is_err(),
            Step::Drip(bytes, pause) => {
                while stream.write_all(bytes).is_ok() {
                    std::thread::sleep(*pause);
                }
                true
            }
            Step::Repeat(bytes, times) => (0..*times).any(|_| stream.write_all(bytes).is_err()),
            Step::Flood(bytes) => {
                while stream.write_all(bytes).is_ok() {}
                true
            }
            Step::Hang => {
                let mut ignored = [0; 64];
                while stream.read(&mut ignored).is_ok_and(|length| length > 0) {}
                true
            }
            Step::Close => {
                let _ = stream.shutdown(Shutdown::Both);
                true
            }
            Step::Reset => {
                // Its handle is dropped next.
                SockRef::from(stream).set_linger(Some(Duration::ZERO)).unwrap();
                true
            }
        };
        if gone {
            return Next::Over;
        }
    }
    Next::Request
}

/// A port of loopback that nobody listens at, and that nobody else can take meanwhile.
pub(crate) struct Refusing(Socket);

impl Refusing {
    pub(crate) fn new() -> Refusing {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        Refusing(socket)
    }

    pub(crate) fn authority(&self) -> String {
        self.0.local_addr().unwrap().as_socket().unwrap().to_string()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.authority())
    }
}

/// A port of loopback that takes no further connection: attempts at one are neither taken nor refused.
#[cfg(target_os = "linux")]
pub(crate) struct Silent {
    socket: Socket,
    _waiting: Vec<TcpStream>,
}

#[cfg(target_os = "linux")]
impl Silent {
    pub(crate) fn new() -> Silent {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        socket.listen(0).unwrap();
        let address = socket.local_addr().unwrap().as_socket().unwrap();
        let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(200)).ok();
        // Nobody takes them in, so the queue is full once one is left waiting.
        let waiting = std::iter::from_fn(connect).take(100).collect();
        Silent { socket, _waiting: waiting }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.socket.local_addr().unwrap().as_socket().unwrap())
    }
}

/// A well-formed answer; its length and its fields are set.
pub(crate) fn answer(status: &str, fields: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = head(status, fields);
    bytes.truncate(bytes.len() - 2);
    bytes.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
    bytes.extend_from_slice(body);
    bytes
}

/// A well-formed JSON answer.
pub(crate) fn json(status: &str, body: &str) -> Vec<u8> {
    answer(status, &[("Content-Type", "application/json")], body.as_bytes())
}

/// The head of an answer, with the empty line behind it, and no length.
pub(crate) fn head(status: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    let mut lines = vec![format!("HTTP/1.1 {status}")];
    lines.extend(fields.iter().map(|(name, value)| format!("{name}: {value}")));
    (lines.join("\r\n") + "\r\n\r\n").into_bytes()
}
