//! A server behind TLS, with a certificate of an authority that nobody knows.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

/// The server; it answers one connection after the other, each once.
pub(crate) struct Secure {
    address: SocketAddr,
    /// The authority's certificate, in PEM.
    pub(crate) authority: String,
    shared: Arc<(AtomicBool, AtomicUsize)>,
    thread: Option<JoinHandle<()>>,
}

impl Secure {
    /// Its certificate is valid for this name or address.
    pub(crate) fn named(name: &str, answer: Vec<u8>) -> Secure {
        Secure::with(identity(name), answer)
    }

    /// Its certificate was valid for this name or address, long ago.
    pub(crate) fn expired(name: &str, answer: Vec<u8>) -> Secure {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
        Secure::with(identity_of(&params), answer)
    }

    /// Its certificate is its own authority, and is (`CA:TRUE`) or is not the certificate of one.
    pub(crate) fn itself(name: &str, is_ca: IsCa, answer: Vec<u8>) -> Secure {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.is_ca = is_ca;
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Secure::with((certificate.pem(), config(certificate.der().clone(), &key)), answer)
    }

    fn with((authority, config): (String, ServerConfig), answer: Vec<u8>) -> Secure {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new((AtomicBool::new(false), AtomicUsize::new(0)));
        let (mine, config) = (Arc::clone(&shared), Arc::new(config));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if mine.0.load(Ordering::SeqCst) {
                    break;
                }
                if converse(stream, &config, &answer).is_some() {
                    mine.1.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        Secure { address, authority, shared, thread: Some(thread) }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// How many requests came through.
    pub(crate) fn deliveries(&self) -> usize {
        self.shared.1.load(Ordering::SeqCst)
    }
}

/// An authority's certificate in PEM, and a server that it vouches for under this name or address.
pub(crate) fn identity(name: &str) -> (String, ServerConfig) {
    identity_of(&CertificateParams::new(vec![name.to_owned()]).unwrap())
}

fn identity_of(server: &CertificateParams) -> (String, ServerConfig) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let certificate = server.signed_by(&key, &issuer).unwrap();
    (authority, config(certificate.der().clone(), &key))
}

fn config(certificate: CertificateDer<'static>, key: &KeyPair) -> ServerConfig {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap()
}

impl Drop for Secure {
    fn drop(&mut self) {
        self.shared.0.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// None where no request came through.
fn converse(stream: TcpStream, config: &Arc<ServerConfig>, answer: &[u8]) -> Option<()> {
    let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(config)).unwrap(), stream);
    let mut request = Vec::new();
    let mut piece = [0; 1024];
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return None,
            Ok(length) => request.extend_from_slice(&piece[..length]),
        }
    }
    stream.write_all(answer).ok()?;
    stream.conn.send_close_notify();
    stream.flush().ok()
}
