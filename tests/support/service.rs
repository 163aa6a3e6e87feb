//! A small service with a memory, and the page that documents it: ids of its own making, collections below each other,
//! work that takes a while, and one answer that has drifted away from its page.
//!
//! What a test needs besides (logins, limits of a rate) it lays around the routes: [`Service::wrapped`].

use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::runtime::Runtime;

/// What the service is documented to do. Its ids are the page's own; the service makes others.
pub(crate) const PAGE: &str = include_str!("service.md");

/// The one place where the service is not what its page says: `size` of an export is a text.
pub(crate) const DRIFT: &str = "service/get-exports-exportid";

/// A running service; it ends when this is dropped.
pub(crate) struct Service {
    address: SocketAddr,
    memory: Memory,
    runtime: Option<Runtime>,
}

/// What it remembers.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    made: u32,
    users: BTreeMap<String, Value>,
    notes: BTreeMap<String, Value>,
    /// How often each operation has yet to say that it is running, and what it makes.
    operations: BTreeMap<String, (u32, String)>,
    exports: BTreeMap<String, Value>,
    taken: Vec<Taken>,
}

/// A request as it came.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "each test looks at what it is about")]
pub(crate) struct Taken {
    pub(crate) method: String,
    /// With its query.
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

#[allow(dead_code, reason = "each test uses what it needs")]
impl Service {
    /// The service as it is.
    pub(crate) fn start() -> Service {
        Service::wrapped(|routes, _| routes)
    }

    /// The service with something around its routes.
    pub(crate) fn wrapped(wrap: impl FnOnce(Router, Memory) -> Router) -> Service {
        let memory = Memory::default();
        let routes = wrap(routes().with_state(memory.clone()), memory.clone());
        let routes = routes.layer(from_fn_with_state(memory.clone(), note));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, routes).await });
        Service { address, memory, runtime: Some(runtime) }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything that came, in order.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.memory.kept().taken.clone()
    }

    /// Everything that came, as `POST /users`.
    pub(crate) fn log(&self) -> Vec<String> {
        self.taken().iter().map(|taken| format!("{} {}", taken.method, taken.path)).collect()
    }

    /// How many users there are.
    pub(crate) fn users(&self) -> usize {
        self.memory.kept().users.len()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Memory {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap()
    }
}

impl Kept {
    /// An id that nobody could have guessed from a page.
    fn id(&mut self, of: &str) -> String {
        self.made += 1;
        format!("{of}-{:04}", 4700 + self.made)
    }
}

fn routes() -> Router<Memory> {
    Router::new()
        .route("/users", get(users).post(create_user))
        .route("/users/{id}", get(user).patch(rename_user).delete(delete_user))
        .route("/users/{id}/notes", post(create_note))
        .route("/users/{id}/notes/{note}", get(note_of_user))
        .route("/exports", post(start_export))
        .route("/exports/{id}", get(export))
        .route("/operations/{id}", get(operation))
}

/// Writes down what comes, before anything else happens to it.
async fn note(State(memory): State<Memory>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    memory.kept().taken.push(Taken {
        method: head.method.to_string(),
        path: head.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        headers: head.headers.clone(),
        body: String::from_utf8_lossy(&body).into_owned(),
    });
    next.run(Request::from_parts(head, body.into())).await
}

fn problem(status: StatusCode, code: &str) -> Response {
    (status, Json(json!({ "error": { "code": code } }))).into_response()
}

fn read(body: &Bytes, member: &str) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    Some(body[member].as_str()?.to_owned())
}

async fn users(State(memory): State<Memory>) -> Json<Value> {
    Json(json!({ "value": memory.kept().users.values().collect::<Vec<_>>() }))
}

async fn create_user(State(memory): State<Memory>, body: Bytes) -> Response {
    let Some(name) = read(&body, "name") else { return problem(StatusCode::BAD_REQUEST, "noName") };
    let mut kept = memory.kept();
    let id = kept.id("u");
    let user = json!({ "id": id, "name": name, "createdDateTime": "2026-04-05T06:07:08Z" });
    kept.users.insert(id.clone(), user.clone());
    (StatusCode::CREATED, [("location", format!("/users/{id}"))], Json(user)).into_response()
}

async fn user(State(memory): State<Memory>, Path(id): Path<String>) -> Response {
    match memory.kept().users.get(&id) {
        Some(user) => Json(user.clone()).into_response(),
        None => problem(StatusCode::NOT_FOUND, "noUser"),
    }
}

async fn rename_user(State(memory): State<Memory>, Path(id): Path<String>, body: Bytes) -> Response {
    let mut kept = memory.kept();
    match (kept.users.get_mut(&id), read(&body, "name")) {
        (Some(user), Some(name)) => {
            user["name"] = name.into();
            Json(user.clone()).into_response()
        }
        _ => problem(StatusCode::NOT_FOUND, "noUser"),
    }
}

async fn delete_user(State(memory): State<Memory>, Path(id): Path<String>) -> Response {
    match memory.kept().users.remove(&id) {
        Some(_) => StatusCode::NO_CONTENT.into_response(),
        None => problem(StatusCode::NOT_FOUND, "noUser"),
    }
}

async fn create_note(State(memory): State<Memory>, Path(user): Path<String>, body: Bytes) -> Response {
    let mut kept = memory.kept();
    let (true, Some(text)) = (kept.users.contains_key(&user), read(&body, "text")) else {
        return problem(StatusCode::NOT_FOUND, "noUser");
    };
    let id = kept.id("n");
    let note = json!({ "id": id, "userId": user, "text": text });
    kept.notes.insert(format!("{user}/{id}"), note.clone());
    (StatusCode::CREATED, Json(note)).into_response()
}

async fn note_of_user(State(memory): State<Memory>, Path((user, note)): Path<(String, String)>) -> Response {
    match memory.kept().notes.get(&format!("{user}/{note}")) {
        Some(note) => Json(note.clone()).into_response(),
        None => problem(StatusCode::NOT_FOUND, "noNote"),
    }
}

async fn start_export(State(memory): State<Memory>, body: Bytes) -> Response {
    let mut kept = memory.kept();
    let Some(user) = read(&body, "userId").filter(|user| kept.users.contains_key(user)) else {
        return problem(StatusCode::BAD_REQUEST, "noUser");
    };
    let (operation, export) = (kept.id("o"), kept.id("e"));
    kept.exports.insert(export.clone(), json!({ "id": export, "userId": user, "size": "12" }));
    kept.operations.insert(operation.clone(), (2, export));
    let location = [("operation-location", format!("/operations/{operation}"))];
    (StatusCode::ACCEPTED, location, Json(json!({ "operationId": operation }))).into_response()
}

async fn operation(State(memory): State<Memory>, Path(id): Path<String>) -> Response {
    match memory.kept().operations.get_mut(&id) {
        None => problem(StatusCode::NOT_FOUND, "noOperation"),
        Some((0, export)) => Json(json!({ "status": "succeeded", "exportId": export })).into_response(),
        Some((left, _)) => {
            *left -= 1;
            (StatusCode::OK, Json(json!({ "status": "running", "exportId": null }))).into_response()
        }
    }
}

async fn export(State(memory): State<Memory>, Path(id): Path<String>) -> Response {
    match memory.kept().exports.get(&id) {
        Some(export) => Json(export.clone()).into_response(),
        None => problem(StatusCode::NOT_FOUND, "noExport"),
    }
}
