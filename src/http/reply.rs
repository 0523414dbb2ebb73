//! Answers: JSON bodies with their ETags, lists, and lists as GeoJSON.

use std::borrow::Cow;
use std::hash::Hasher;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use siphasher::sip128::{Hasher128, SipHasher13};
use utoipa::ToSchema;

use super::accept::quality;
use crate::geo::Position;
use crate::time::Timestamp;

/// `application/geo+json` (RFC 7946).
pub const GEO_JSON: &str = "application/geo+json";
const JSON: &str = "application/json";
/// Bytes that a list's frame, and that each of its items, mostly has at most.
const FRAME: usize = 256;
const ITEM: usize = 768;

/// What a client takes.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// It prefers GeoJSON.
    pub geo: bool,
    /// The ETags it has, in lists.
    have: Vec<String>,
    pub zstd: bool,
    pub gzip: bool,
}

/// A list as documented.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The core's clock.
    pub now: String,
    pub items: Vec<T>,
    /// How many there are in all.
    pub total: u64,
    /// Gives the next items as `cursor`; null at the end.
    pub next_cursor: Option<String>,
}

/// One item, encoded.
pub struct Item<'a> {
    pub place: Option<Position>,
    pub json: Cow<'a, [u8]>,
}

/// A list's frame.
pub struct Frame {
    pub now: Timestamp,
    pub total: usize,
    pub next_cursor: Option<String>,
}

impl Wish {
    /// Reads `Accept`, `If-None-Match` and `Accept-Encoding`.
    pub fn of(headers: &HeaderMap) -> Self {
        let geo = quality(headers, header::ACCEPT, &[GEO_JSON]);
        let json = quality(headers, header::ACCEPT, &[JSON, "application/*", "*/*"]);
        let takes = |names: &[&str]| quality(headers, header::ACCEPT_ENCODING, names) > 0.0;
        let have = headers.get_all(header::IF_NONE_MATCH).iter();
        Self {
            geo: geo > 0.0 && geo >= json,
            have: have.filter_map(|line| line.to_str().ok()).map(str::to_owned).collect(),
            zstd: takes(&["zstd"]),
            gzip: takes(&["gzip", "*"]),
        }
    }

    /// Whether the client has this very answer.
    pub fn has(&self, etag: &str) -> bool {
        let tags = self.have.iter().flat_map(|line| line.split(','));
        tags.map(|tag| tag.trim().trim_start_matches("W/"))
            .any(|tag| tag == "*" || tag == etag)
    }
}

/// A JSON answer with the ETag of its bytes.
pub fn json(wish: &Wish, value: &impl Serialize) -> Response {
    encoded(wish, JSON, to_json(value).into())
}

/// A value's JSON.
pub fn to_json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("strings, numbers and lists of them")
}

/// Encoded bytes with their ETag.
pub fn encoded(wish: &Wish, content_type: &'static str, body: Bytes) -> Response {
    let etag = etag(&body);
    tagged(wish, content_type, &etag, None, body)
}

/// Encoded bytes under an ETag and, if they are compressed, the name of the coding.
pub fn tagged(
    wish: &Wish,
    content_type: &'static str,
    etag: &str,
    coding: Option<&'static str>,
    body: Bytes,
) -> Response {
    let mut response = if wish.has(etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(Body::from(body));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    };
    let headers = response.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding"));
    response
}

/// A strong ETag of the bytes.
pub fn etag(body: &[u8]) -> String {
    let mut hasher = SipHasher13::new();
    hasher.write(body);
    quoted(&hasher)
}

fn quoted(hasher: &SipHasher13) -> String {
    format!("\"{:032x}\"", hasher.finish128().as_u128())
}

/// A list as the client wishes it.
pub fn list<'a>(wish: &Wish, frame: &Frame, items: impl Iterator<Item = Item<'a>>) -> Response {
    let (content_type, body) = list_body(wish.geo, frame, items);
    encoded(wish, content_type, body.into())
}

/// A list of rows whose versions tell whether it is what the client has: then none of it is encoded. Versions are
/// those of one run of the service, its epoch.
pub fn versioned<'a>(
    wish: &Wish,
    frame: &Frame,
    epoch: &str,
    versions: impl Iterator<Item = u64>,
    items: impl Iterator<Item = Item<'a>>,
) -> Response {
    let mut hasher = SipHasher13::new();
    hasher.write(epoch.as_bytes());
    hasher.write_u8(u8::from(wish.geo));
    hasher.write_i64(frame.now.0);
    hasher.write_usize(frame.total);
    hasher.write(frame.next_cursor.as_deref().unwrap_or("").as_bytes());
    versions.for_each(|version| hasher.write_u64(version));
    let etag = quoted(&hasher);
    if wish.has(&etag) {
        return tagged(wish, JSON, &etag, None, Bytes::new());
    }
    let (content_type, body) = list_body(wish.geo, frame, items);
    tagged(wish, content_type, &etag, None, body.into())
}

/// A list's bytes and their type.
pub fn list_body<'a>(geo: bool, frame: &Frame, items: impl Iterator<Item = Item<'a>>) -> (&'static str, Vec<u8>) {
    let mut body = Vec::with_capacity(FRAME + ITEM * items.size_hint().0);
    let now = frame.now;
    let next = serde_json::to_string(&frame.next_cursor).expect("a string or null");
    let total = frame.total;
    if geo {
        body.extend_from_slice(
            format!(r#"{{"type":"FeatureCollection","now":"{now}","total":{total},"next_cursor":{next},"features":["#)
                .as_bytes(),
        );
        separated(&mut body, items, |body, item| {
            body.extend_from_slice(br#"{"type":"Feature","geometry":"#);
            body.extend_from_slice(&point(item.place));
            body.extend_from_slice(br#","properties":"#);
            body.extend_from_slice(&item.json);
            body.push(b'}');
        });
        body.extend_from_slice(b"]}");
        (GEO_JSON, body)
    } else {
        body.extend_from_slice(format!(r#"{{"now":"{now}","items":["#).as_bytes());
        separated(&mut body, items, |body, item| body.extend_from_slice(&item.json));
        body.extend_from_slice(format!(r#"],"total":{total},"next_cursor":{next}}}"#).as_bytes());
        (JSON, body)
    }
}

/// An encoded object with further members, given as the JSON of an object.
pub fn with_members(object: &[u8], more: &[u8]) -> Vec<u8> {
    let mut joined = object.strip_suffix(b"}").unwrap_or(object).to_vec();
    joined.push(b',');
    joined.extend_from_slice(more.strip_prefix(b"{").unwrap_or(more));
    joined
}

/// Writes items with commas between.
pub fn separated<T>(body: &mut Vec<u8>, items: impl Iterator<Item = T>, mut write: impl FnMut(&mut Vec<u8>, T)) {
    for (n, item) in items.enumerate() {
        if n > 0 {
            body.push(b',');
        }
        write(body, item);
    }
}

fn point(place: Option<Position>) -> Vec<u8> {
    match place.map(Position::rounded) {
        Some(place) => to_json(&serde_json::json!({"type": "Point", "coordinates": [place.lon, place.lat]})),
        None => b"null".to_vec(),
    }
}
