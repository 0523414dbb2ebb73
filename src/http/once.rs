//! Posts that are retried with their `Idempotency-Key` happen once; and bodies are read within their limit.

use std::collections::{HashMap, VecDeque};
use std::hash::Hasher;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use siphasher::sip128::{Hasher128, SipHasher13};
use tokio::sync::OnceCell;

use super::App;
use super::problem::{Problem, Wrong};
use crate::traffic::Key;

/// Bytes of a request's body; a longer one is refused.
const BODY: usize = 64 * 1024;
/// Bytes of one that is put, as all zones are; a longer one is refused.
const BODY_PUT: usize = 8 << 20;
/// Keys kept; the oldest goes when another comes, and its request would then happen again.
const KEYS: usize = 1_000;
/// Letters of a key; a longer one is refused.
const KEY: usize = 255;
/// Bytes of a stored answer; none of ours is near it.
const ANSWER: usize = 256 * 1024;

/// The answers to posts that had a key.
#[derive(Default)]
pub struct Once(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    answers: HashMap<String, Arc<Entry>>,
    order: VecDeque<String>,
}

/// A key's request, by its fingerprint, and the answer once there is one.
struct Entry {
    request: u128,
    answer: OnceCell<Stored>,
}

#[derive(Clone)]
struct Stored {
    status: StatusCode,
    headers: HeaderMap,
    problem: Option<Problem>,
    body: Bytes,
}

/// Reads bodies, checks their type, and answers a repeated post with the answer it had.
pub async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    match bounded(&app, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn bounded(app: &App, request: Request, next: Next) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let most = if parts.method == Method::PUT { BODY_PUT } else { BODY };
    let too_large = |_| Problem::too_large(format!("a body has at most {most} bytes"));
    let body = to_bytes(body, most).await.map_err(too_large)?;
    if !body.is_empty() && !is_json(&parts.headers) {
        return Err(Problem::media_type("a body needs Content-Type: application/json"));
    }
    let Some(key) = key(&parts.headers)? else {
        return Ok(next.run(Request::from_parts(parts, Body::from(body))).await);
    };
    let mut fingerprint = SipHasher13::new();
    for part in [parts.method.as_str().as_bytes(), parts.uri.path().as_bytes(), &body] {
        fingerprint.write(part);
        fingerprint.write_usize(part.len());
    }
    let hash = fingerprint.finish128();
    parts.extensions.insert(Key {
        name: key.as_str().into(),
        request: [hash.h1, hash.h2],
    });
    let entry = app.once.entry(key, hash.as_u128());
    if entry.request != hash.as_u128() {
        return Err(Problem::key_reused("use a new Idempotency-Key for a new request"));
    }
    let run = || async {
        let response = next.run(Request::from_parts(parts, Body::from(body))).await;
        // Nothing has happened, and may yet when it is tried again.
        if response.status().is_server_error() || response.status() == StatusCode::TOO_MANY_REQUESTS {
            return Err(response);
        }
        Stored::of(response).await.map_err(IntoResponse::into_response)
    };
    Ok(match entry.answer.get_or_try_init(run).await {
        Ok(stored) => stored.again(),
        Err(response) => response,
    })
}

impl Once {
    fn entry(&self, key: String, request: u128) -> Arc<Entry> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = kept.answers.get(&key) {
            return entry.clone();
        }
        if kept.order.len() >= KEYS
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.answers.remove(&oldest);
        }
        let entry = Arc::new(Entry {
            request,
            answer: OnceCell::new(),
        });
        kept.order.push_back(key.clone());
        kept.answers.insert(key, entry.clone());
        entry
    }
}

impl Stored {
    async fn of(response: Response) -> Result<Self, Problem> {
        let (parts, body) = response.into_parts();
        let problem = parts.extensions.get::<Problem>().cloned();
        let body = to_bytes(body, ANSWER)
            .await
            .map_err(|_| Problem::internal("the answer could not be kept"))?;
        Ok(Self {
            status: parts.status,
            headers: parts.headers,
            problem,
            body,
        })
    }

    fn again(&self) -> Response {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        if let Some(problem) = &self.problem {
            response.extensions_mut().insert(problem.clone());
        }
        response
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(key) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = key.to_str().ok().filter(|key| (1..=KEY).contains(&key.len()));
    let wrong = || {
        Wrong::new(
            "Idempotency-Key",
            "cannot be used",
            format!("1 to {KEY} visible letters"),
        )
    };
    key.map(|key| Some(key.to_owned()))
        .ok_or_else(|| Problem::wrong(vec![wrong()]))
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|text| {
        let media = text.split(';').next().unwrap_or("").trim();
        media.eq_ignore_ascii_case("application/json")
    })
}
