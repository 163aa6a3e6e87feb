//! A server that speaks HTTP/2 frame by frame (RFC 9113) behind TLS, however unlawfully.

use crate::secure::identity;
use rustls::{ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ACK: u8 = 1;

/// What is done with a request: the frames that are written, and whether the connection ends with them.
pub(crate) enum Reply {
    Frames(Vec<u8>),
    FramesAndClose(Vec<u8>),
    /// The frames, then these again and again until the client has gone.
    Flood(Vec<u8>, Vec<u8>),
}

/// The server.
pub(crate) struct Frames {
    address: SocketAddr,
    /// The authority's certificate, in PEM.
    pub(crate) authority: String,
    requests: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
    threads: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

type Answer = dyn Fn(usize, u32) -> Reply + Send + Sync;

impl Frames {
    /// Answers the request of this number, from 0, on this stream.
    pub(crate) fn answering(answer: impl Fn(usize, u32) -> Reply + Send + Sync + 'static) -> Frames {
        let (authority, mut config) = identity("127.0.0.1");
        config.alpn_protocols = vec![b"h2".to_vec()];
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (requests, stopped) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let threads = Arc::new(Mutex::new(Vec::new()));
        let (count, stop, mine, config) =
            (Arc::clone(&requests), Arc::clone(&stopped), Arc::clone(&threads), Arc::new(config));
        let answer: Arc<Answer> = Arc::new(answer);
        let accepting = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                let stream = StreamOwned::new(connection, stream);
                let (count, answer) = (Arc::clone(&count), Arc::clone(&answer));
                let thread = std::thread::spawn(move || {
                    let _ = converse(stream, &count, &*answer);
                });
                mine.lock().unwrap().push(thread);
            }
        });
        Frames { address, authority, requests, stopped, accepting: Some(accepting), threads }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// How many requests came.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        let _ = self.accepting.take().map(JoinHandle::join);
        for thread in std::mem::take(&mut *self.threads.lock().unwrap()) {
            let _ = thread.join();
        }
    }
}

fn converse(
    mut stream: StreamOwned<ServerConnection, TcpStream>,
    count: &AtomicUsize,
    answer: &Answer,
) -> std::io::Result<()> {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface)?;
    stream.write_all(&frame(SETTINGS, 0, 0, b""))?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head)?;
        let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
        let id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        stream.read_exact(&mut vec![0; length])?;
        match (head[3], head[4]) {
            (SETTINGS, flags) if flags & ACK == 0 => stream.write_all(&frame(SETTINGS, ACK, 0, b""))?,
            (HEADERS, _) => match answer(count.fetch_add(1, Ordering::SeqCst), id) {
                Reply::Frames(bytes) => stream.write_all(&bytes)?,
                Reply::FramesAndClose(bytes) => {
                    stream.write_all(&bytes)?;
                    stream.conn.send_close_notify();
                    stream.flush()?;
                    return stream.sock.shutdown(std::net::Shutdown::Both);
                }
                Reply::Flood(first, then) => {
                    stream.write_all(&first)?;
                    loop {
                        stream.write_all(&then)?;
                    }
                }
            },
            _ => {}
        }
        stream.flush()?;
    }
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut bytes = vec![length[1], length[2], length[3], kind, flags];
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// `:status: 200`, `content-type: application/json` (RFC 7541).
fn ok() -> Vec<u8> {
    [b"\x88\x5f\x10".as_slice(), b"application/json"].concat()
}

/// A whole answer with `{"a": 1}`.
pub(crate) fn answer(stream: u32) -> Vec<u8> {
    [frame(HEADERS, END_HEADERS, stream, &ok()), frame(DATA, END_STREAM, stream, b"{\"a\": 1}")].concat()
}

/// An answer that has begun.
pub(crate) fn begun(stream: u32) -> Vec<u8> {
    [frame(HEADERS, END_HEADERS, stream, &ok()), frame(DATA, 0, stream, b"{\"a\"")].concat()
}

/// The stream is reset.
pub(crate) fn reset(stream: u32, code: u32) -> Vec<u8> {
    frame(RST_STREAM, 0, stream, &code.to_be_bytes())
}

/// The connection ends; streams up to this one were processed.
pub(crate) fn go_away(last: u32) -> Vec<u8> {
    frame(GOAWAY, 0, 0, &[last.to_be_bytes(), 0_u32.to_be_bytes()].concat())
}

/// A head that goes on.
pub(crate) fn head_without_end(stream: u32) -> (Vec<u8>, Vec<u8>) {
    let field = [b"\x00\x03x-a\x64".as_slice(), &[b'a'; 100]].concat();
    (frame(HEADERS, 0, stream, &ok()), frame(CONTINUATION, 0, stream, &field.repeat(10)))
}
