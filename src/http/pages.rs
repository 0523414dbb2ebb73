//! The pages: files embedded in the binary, each with an ETag, text compressed once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::App;
use super::guard::method_not_allowed;
use super::problem::Problem;
use super::reply::{self, Wish};
use super::whole::gzip;

#[derive(RustEmbed)]
#[folder = "src/http/web/"]
struct Web;

/// The views, and the file of each.
const VIEWS: [(&str, &str); 2] = [("", "index.html"), ("rules", "rules.html")];

/// A file as it is sent.
struct Page {
    content_type: &'static str,
    /// Of its bytes, without quotes.
    tag: String,
    plain: Bytes,
    /// Where it is worth it.
    gzip: Option<Bytes>,
}

/// The views, and whatever file a path names.
pub fn router() -> Router<App> {
    let pages: Arc<HashMap<_, _>> = Arc::new(
        Web::iter()
            .filter_map(|path| Some((path.clone(), page(&path, Web::get(&path)?)?)))
            .collect(),
    );
    Router::new().fallback(move |request| file(pages, request))
}

/// None for a file of a kind that is not served, as a folder's notes.
fn page(path: &str, file: EmbeddedFile) -> Option<Page> {
    let content_type = content_type(path)?;
    let plain = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    };
    let hash = file.metadata.sha256_hash();
    let gzip = gzip(plain.clone(), Compression::best()).ok().map(Bytes::from);
    Some(Page {
        content_type,
        tag: hash[..16].iter().map(|byte| format!("{byte:02x}")).collect(),
        gzip: gzip.filter(|packed| packed.len() < plain.len()),
        plain,
    })
}

async fn file(pages: Arc<HashMap<Cow<'static, str>, Page>>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let view = VIEWS.iter().find(|(view, _)| *view == path);
    match pages.get(view.map_or(path, |(_, file)| file)) {
        Some(page) if matches!(*request.method(), Method::GET | Method::HEAD) => page.answer(request.headers()),
        Some(_) => method_not_allowed().await.into_response(),
        None => Problem::not_found("nothing is at this path").into_response(),
    }
}

impl Page {
    fn answer(&self, headers: &HeaderMap) -> Response {
        let wish = Wish::of(headers);
        let Self { content_type, tag, .. } = self;
        let mut response = match &self.gzip {
            Some(gzip) if wish.gzip => {
                reply::tagged(&wish, content_type, &format!("\"{tag}-g\""), Some("gzip"), gzip.clone())
            }
            _ => reply::tagged(&wish, content_type, &format!("\"{tag}\""), None, self.plain.clone()),
        };
        let varies = HeaderValue::from_static("accept-encoding");
        response.headers_mut().insert(header::VARY, varies);
        response
    }
}

/// By the file's ending; others are not served.
fn content_type(path: &str) -> Option<&'static str> {
    const TYPES: [(&str, &str); 9] = [
        ("html", "text/html; charset=utf-8"),
        ("js", "text/javascript; charset=utf-8"),
        ("css", "text/css; charset=utf-8"),
        ("json", "application/json"),
        ("webmanifest", "application/manifest+json"),
        ("svg", "image/svg+xml"),
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
