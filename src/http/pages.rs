//! The pages: files embedded in the binary, each with an ETag.

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::App;
use super::guard::method_not_allowed;
use super::problem::Problem;
use super::reply::{self, Wish};

#[derive(RustEmbed)]
#[folder = "src/http/web/"]
struct Web;

/// Stands in while the pages bring no icon of their own.
const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M16 3 27 29 16 23 5 29Z" fill="#0b5"/></svg>"##;
const SVG: &str = "image/svg+xml";

/// `/`, and whatever file a path names.
pub fn router() -> Router<App> {
    Router::new().fallback(file)
}

async fn file(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    match Web::get(path) {
        _ if !matches!(*request.method(), Method::GET | Method::HEAD) => {
            let known = Web::get(path).is_some();
            if known {
                method_not_allowed().await.into_response()
            } else {
                missing()
            }
        }
        Some(file) => embedded(path, file, request.headers()),
        None if matches!(path, "favicon.ico" | "favicon.svg") => {
            reply::encoded(&Wish::of(request.headers()), SVG, Bytes::from_static(ICON.as_bytes()))
        }
        None => missing(),
    }
}

fn embedded(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let Some(content_type) = content_type(path) else {
        return missing();
    };
    let hash = file.metadata.sha256_hash();
    let hex: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    let body = match file.data {
        std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => bytes.into(),
    };
    let mut response = reply::tagged(&Wish::of(headers), content_type, &format!("\"{hex}\""), None, body);
    if response.status() == StatusCode::OK {
        response.headers_mut().remove(header::VARY);
    }
    response
}

fn missing() -> Response {
    Problem::not_found("nothing is at this path").into_response()
}

/// By the file's ending; others are not served.
fn content_type(path: &str) -> Option<&'static str> {
    const TYPES: [(&str, &str); 9] = [
        ("html", "text/html; charset=utf-8"),
        ("js", "text/javascript; charset=utf-8"),
        ("css", "text/css; charset=utf-8"),
        ("json", "application/json"),
        ("webmanifest", "application/manifest+json"),
        ("svg", SVG),
        ("png", "image/png"),
        ("ico", "image/x-icon"),
        ("txt", "text/plain; charset=utf-8"),
    ];
    let (_, ending) = path.rsplit_once('.')?;
    TYPES
        .iter()
        .find(|(own, _)| *own == ending)
        .map(|(_, content_type)| *content_type)
}
