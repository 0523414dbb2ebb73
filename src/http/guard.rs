//! The guard in front of every handler: who asks, under which name, how many at once, for how long; and what every
//! answer carries.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::App;
use super::problem::Problem;

/// How long an answer may take; then the client is told so.
const PATIENCE: Duration = Duration::from_secs(10);
/// The same of what is put: rules and zones, which are tried on hours of traffic first.
const PATIENCE_PUT: Duration = Duration::from_secs(300);

const SECURITY: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'self'; frame-ancestors 'none'; base-uri 'none'");
/// The documentation's pictures are `data:` addresses in its style sheet.
const DOCS_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'");

/// Makes requests' ids: a number drawn at the start, and a count.
pub struct Ids {
    start: u64,
    count: AtomicU64,
}

impl Ids {
    /// Ids unlike those of another run.
    pub fn new() -> Self {
        Self {
            start: RandomState::new().build_hasher().finish() >> 16,
            count: AtomicU64::new(0),
        }
    }

    fn next(&self) -> String {
        format!("{:012x}-{}", self.start, self.count.fetch_add(1, Ordering::Relaxed))
    }
}

/// The names under which a service at `address` may be called.
pub fn hosts(address: SocketAddr, more: &[String]) -> Vec<String> {
    let port = address.port();
    let own = match address.ip() {
        IpAddr::V6(ip) => format!("[{ip}]"),
        IpAddr::V4(ip) => ip.to_string(),
    };
    let mut hosts: Vec<String> = [&*own, "localhost", "127.0.0.1", "[::1]"]
        .iter()
        .flat_map(|name| {
            let bare = (port == 80).then(|| (*name).to_owned());
            bare.into_iter().chain([format!("{name}:{port}")])
        })
        .collect();
    hosts.extend(more.iter().map(|host| host.to_ascii_lowercase()));
    hosts
}

/// Lets a request through to its handler and finishes what comes back.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = app.request_ids.next();
    let method = known(request.method());
    let docs = request.uri().path().starts_with("/docs");
    let patience = if method == "PUT" { PATIENCE_PUT } else { PATIENCE };
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let timer = app
        .metrics
        .http_request
        .with_label_values(&[route.as_str()])
        .start_timer();
    let mut response = match admit(&app, request.headers()) {
        Ok(_room) => match tokio::time::timeout(patience, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Problem::unavailable("the answer took too long").into_response(),
        },
        Err(problem) => problem.into_response(),
    };
    response = documented(response, &id);
    finish(response.headers_mut(), &id, docs);
    let status = response.status();
    app.metrics
        .http_requests
        .with_label_values(&[route.as_str(), method, status.as_str()])
        .inc();
    timer.observe_duration();
    tracing::debug!(id, method, route, status = status.as_u16(), "answered");
    response
}

/// The answer to a method that the path does not know.
pub async fn method_not_allowed() -> Problem {
    Problem::method("see the Allow header")
}

/// The answer when a handler fails by a bug.
pub fn panicked(cause: Box<dyn std::any::Any + Send>) -> Response {
    let text = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(text, "a handler panicked");
    Problem::internal("the request could not be answered").into_response()
}

fn admit<'a>(app: &'a App, headers: &HeaderMap) -> Result<tokio::sync::SemaphorePermit<'a>, Problem> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts
        .next()
        .and_then(|host| host.to_str().ok())
        .ok_or_else(|| Problem::bad_request("the Host header is missing or unreadable"))?;
    let ours = |host: &str| app.hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
    if hosts.next().is_some() || !ours(host) {
        return Err(Problem::forbidden(format!(
            "Host must be one of {}",
            app.hosts.join(", ")
        )));
    }
    for origin in headers.get_all(header::ORIGIN) {
        let own = origin
            .to_str()
            .ok()
            .and_then(|origin| origin.split_once("://"))
            .is_some_and(|(scheme, host)| matches!(scheme, "http" | "https") && ours(host));
        if !own {
            return Err(Problem::forbidden("requests of other pages are not answered"));
        }
    }
    app.room
        .try_acquire()
        .map_err(|_| Problem::unavailable("too many requests at once"))
}

/// Writes the problem's document where there is a problem, also one of a library's making.
fn documented(response: Response, id: &str) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = response
        .extensions()
        .get::<Problem>()
        .cloned()
        .unwrap_or_else(|| Problem::of_status(status));
    let mut document = problem.respond(id);
    if let Some(allow) = response.headers().get(header::ALLOW) {
        document.headers_mut().insert(header::ALLOW, allow.clone());
    }
    document
}

fn finish(headers: &mut HeaderMap, id: &str, docs: bool) {
    for (name, value) in SECURITY {
        headers.insert(name, value);
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, if docs { DOCS_POLICY } else { POLICY });
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert("x-request-id", id);
    }
}

/// The method's name, or `other`: a sender may choose any word.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];
    KNOWN
        .into_iter()
        .find(|known| method.as_str() == *known)
        .unwrap_or("other")
}
