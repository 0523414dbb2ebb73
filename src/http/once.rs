//! Posts that are retried with their `Idempotency-Key` happen once.

use std::collections::{HashMap, VecDeque};
use std::hash::Hasher;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use siphasher::sip128::{Hash128, Hasher128, SipHasher13};
use tokio::sync::OnceCell;

use super::problem::{Problem, Wrong};
use super::{App, body};
use crate::traffic::Key;

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
    let body = body::read(&parts, body).await?;
    if !body.is_empty() && !is_json(&parts.headers) {
        return Err(Problem::media_type("a body needs Content-Type: application/json"));
    }
    let Some(key) = key(&parts.headers)? else {
        return Ok(next.run(Request::from_parts(parts, Body::from(body))).await);
    };
    let hash = fingerprint(&parts, &body);
    parts.extensions.insert(Key {
        name: key.as_str().into(),
        request: [hash.h1, hash.h2],
    });
    let entry = app.once.entry(&key, hash.as_u128());
    if entry.request != hash.as_u128() {
        return Err(Problem::key_reused("use a new Idempotency-Key for a new request"));
    }
    let run = || async {
        let response = next.run(Request::from_parts(parts, Body::from(body))).await;
        // Nothing has happened, and may yet when it is tried again, or asked for otherwise.
        if !response.status().is_success() {
            return Err(response);
        }
        Stored::of(response).await.map_err(IntoResponse::into_response)
    };
    Ok(match entry.answer.get_or_try_init(run).await {
        Ok(stored) => stored.again(),
        Err(response) => {
            app.once.forget(&key, &entry);
            response
        }
    })
}

/// What a request is known by: everything that says what is asked for, and on what condition.
fn fingerprint(parts: &Parts, body: &Bytes) -> Hash128 {
    let mut fingerprint = SipHasher13::new();
    let asked = [parts.method.as_str().as_bytes(), parts.uri.path().as_bytes(), body];
    let query = parts.uri.query().map(str::as_bytes);
    let conditions = parts.headers.get_all(header::IF_MATCH).iter();
    let further = query.into_iter().chain(conditions.map(HeaderValue::as_bytes));
    for part in asked.into_iter().chain(further) {
        fingerprint.write(part);
        fingerprint.write_usize(part.len());
    }
    fingerprint.finish128()
}

impl Once {
    fn entry(&self, key: &str, request: u128) -> Arc<Entry> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = kept.answers.get(key) {
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
        kept.order.push_back(key.to_owned());
        kept.answers.insert(key.to_owned(), entry.clone());
        entry
    }

    /// Frees the key of a request that came to nothing, unless the same is at work once more.
    fn forget(&self, key: &str, entry: &Arc<Entry>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = kept.answers.get(key).is_some_and(|kept| Arc::ptr_eq(kept, entry));
        // One holder is the table, the other whoever frees it.
        if own && Arc::strong_count(entry) == 2 {
            kept.answers.remove(key);
            kept.order.retain(|kept| kept != key);
        }
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
