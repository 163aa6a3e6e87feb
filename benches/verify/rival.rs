//! What anybody would write first: read a contract file, send its request, parse the answer, compare with `==`. And a
//! server that answers from the same files, on hyper alone.

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;

type Failure = Box<dyn Error + Send + Sync>;

/// Replays every file below a folder, so many at a time; how many came back as documented.
pub(crate) async fn replay(folder: &Path, target: &str, jobs: usize) -> Result<usize, Failure> {
    let files: Arc<Vec<PathBuf>> = Arc::new(files(folder));
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?;
    let next = Arc::new(AtomicUsize::new(0));
    let workers: Vec<_> = (0..jobs)
        .map(|_| {
            let (files, client, next) = (Arc::clone(&files), client.clone(), Arc::clone(&next));
            let target = target.to_owned();
            tokio::spawn(async move {
                let mut equal = 0;
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    equal += usize::from(is_equal(file, &target, &client).await?);
                }
                Ok::<usize, Failure>(equal)
            })
        })
        .collect();
    let mut equal = 0;
    for worker in workers {
        equal += worker.await??;
    }
    Ok(equal)
}

async fn is_equal(file: &Path, target: &str, client: &reqwest::Client) -> Result<bool, Failure> {
    let contract: Value = serde_json::from_slice(&fs::read(file)?)?;
    let (request, documented) = (&contract["request"], &contract["response"]);
    let method = request["method"].as_str().unwrap_or_default().parse::<reqwest::Method>()?;
    let mut sending = client.request(method, format!("{target}{}", path(&contract)));
    for (name, value) in request["headers"].as_object().into_iter().flatten() {
        sending = sending.header(name, value.as_str().unwrap_or_default());
    }
    if let Some(body) = request.get("json") {
        sending = sending.body(serde_json::to_vec(body)?);
    }
    let mut response = sending.send().await?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        bytes.extend_from_slice(&chunk);
    }
    let body = if bytes.is_empty() { None } else { Some(serde_json::from_slice::<Value>(&bytes)?) };
    Ok(documented["status"] == response.status().as_u16() && documented.get("json") == body.as_ref())
}

/// Path and query, as documented.
fn path(contract: &Value) -> &str {
    let url = contract["request"]["url"].as_str().unwrap_or_default();
    url.strip_prefix("https://api.example.com").unwrap_or(url)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// By method, a blank, and path: the status, and the content.
type Answers = BTreeMap<String, (u16, Bytes)>;

/// Serves what the files below a folder document; where it listens.
pub(crate) async fn serve(folder: &Path) -> Result<String, Failure> {
    let mut answers = Answers::new();
    for file in files(folder) {
        let contract: Value = serde_json::from_slice(&fs::read(file)?)?;
        let (request, response) = (&contract["request"], &contract["response"]);
        let key = format!("{} {}", request["method"].as_str().unwrap_or_default(), path(&contract));
        let content = response.get("json").map(serde_json::to_vec).transpose()?.unwrap_or_default();
        let status = u16::try_from(response["status"].as_u64().unwrap_or_default())?;
        answers.insert(key, (status, content.into()));
    }
    let answers = Arc::new(answers);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let answers = Arc::clone(&answers);
            let _ = stream.set_nodelay(true);
            tokio::spawn(async move {
                let service = service_fn(|request| answer(request, &answers));
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    Ok(url)
}

async fn answer(request: Request<Incoming>, answers: &Answers) -> Result<Response<Full<Bytes>>, Infallible> {
    let key = format!("{} {}", request.method(), request.uri().path());
    // What is sent is read before it is answered, as any service does.
    let _ = request.into_body().collect().await;
    let (status, content) = answers.get(&key).cloned().unwrap_or((501, Bytes::new()));
    let mut response = Response::new(Full::new(content.clone()));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    if !content.is_empty() {
        let json = hyper::header::HeaderValue::from_static("application/json");
        response.headers_mut().insert(hyper::header::CONTENT_TYPE, json);
    }
    Ok(response)
}
