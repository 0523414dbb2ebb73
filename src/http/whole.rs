//! The whole picture, encoded and compressed once per change, however many ask for it; a large one that changes all the
//! time only so often.

use std::borrow::Cow;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::sync::OnceCell;

use super::App;
use super::problem::Problem;
use super::reply::{self, Frame, GEO_JSON, Item, Wish};
use super::vessels::fragment;
use crate::clock;

/// A picture of fewer vessels is always the newest.
const SMALL: usize = 1_000;
/// A larger one is served so long for each of its vessels: ten times what encoding and compressing take, so that they
/// take at most a tenth of a core. With 10 000 vessels that is 0.2 s.
const SERVED: Duration = Duration::from_micros(20);
/// The longest that one is served.
const LONGEST: Duration = Duration::from_secs(1);

/// The newest encodings, JSON and GeoJSON.
#[derive(Default)]
pub struct Whole([Mutex<Arc<Encodings>>; 2]);

/// One change's encodings, each made when it is first asked for.
struct Encodings {
    change: u64,
    decisions: u64,
    since: Instant,
    plain: OnceCell<Bytes>,
    zstd: OnceCell<Bytes>,
    gzip: OnceCell<Bytes>,
}

impl Encodings {
    fn of(change: u64, decisions: u64) -> Self {
        Self {
            change,
            decisions,
            since: clock::stopwatch(),
            plain: OnceCell::new(),
            zstd: OnceCell::new(),
            gzip: OnceCell::new(),
        }
    }
}

impl Default for Encodings {
    /// Older than any change.
    fn default() -> Self {
        Self::of(0, 0)
    }
}

/// All vessels, as the client wishes them.
pub async fn picture(app: &App, wish: &Wish) -> Result<Response, Problem> {
    let encodings = newest(app, wish.geo);
    let (coding, suffix) = match (wish.zstd, wish.gzip) {
        (true, _) => (Some("zstd"), "-z"),
        (_, true) => (Some("gzip"), "-g"),
        _ => (None, ""),
    };
    let form = if wish.geo { "geo" } else { "json" };
    let etag = format!("\"{}-{}-{form}{suffix}\"", app.view.epoch(), encodings.change);
    let content_type = if wish.geo { GEO_JSON } else { "application/json" };
    if wish.has(&etag) {
        return Ok(reply::tagged(wish, content_type, &etag, coding, Bytes::new()));
    }
    let plain = encodings
        .plain
        .get_or_try_init(|| aside(app.clone(), wish.geo))
        .await?
        .clone();
    let body = match coding {
        Some("zstd") => {
            let squeeze = |plain: Bytes| zstd::bulk::compress(&plain, 1);
            encodings
                .zstd
                .get_or_try_init(|| compressed(plain, squeeze))
                .await?
                .clone()
        }
        Some(_) => encodings
            .gzip
            .get_or_try_init(|| compressed(plain, |plain| gzip(plain, Compression::fast())))
            .await?
            .clone(),
        None => plain,
    };
    Ok(reply::tagged(wish, content_type, &etag, coding, body))
}

/// The encodings of the newest change, or of one lately. They may hold a still newer picture, never an older one.
fn newest(app: &App, geo: bool) -> Arc<Encodings> {
    let (change, decisions, vessels) = app
        .view
        .read(|picture| (picture.change, picture.decisions, picture.vessels()));
    let mut kept = app.whole.0[usize::from(geo)]
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let served = (SERVED * u32::try_from(vessels).unwrap_or(u32::MAX)).min(LONGEST);
    let is_new_enough = vessels >= SMALL && kept.decisions == decisions && kept.since.elapsed() < served;
    if kept.change < change && (kept.change == 0 || !is_new_enough) {
        *kept = Arc::new(Encodings::of(change, decisions));
    }
    kept.clone()
}

/// Encodes the picture on a thread where that may take its time.
async fn aside(app: App, geo: bool) -> Result<Bytes, Problem> {
    let encode = move || {
        let (now, all) = app
            .view
            .read(|picture| (picture.clock, picture.all().cloned().collect::<Vec<_>>()));
        let frame = Frame {
            now,
            total: all.len(),
            next_cursor: None,
        };
        let setting = app.setting();
        let items = all.iter().map(|shown| Item {
            place: shown.row.position,
            json: Cow::Borrowed(fragment(shown, &setting)),
        });
        reply::list_body(geo, &frame, items).1.into()
    };
    on_the_side(encode).await
}

async fn compressed(plain: Bytes, squeeze: fn(Bytes) -> std::io::Result<Vec<u8>>) -> Result<Bytes, Problem> {
    let squeezed = on_the_side(move || squeeze(plain)).await?;
    squeezed.map(Bytes::from).map_err(|_| unable())
}

/// Does what takes its time where no other request waits for it.
pub async fn on_the_side<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|_| unable())
}

/// Compresses as `Content-Encoding: gzip`.
pub fn gzip(plain: Bytes, effort: Compression) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), effort);
    encoder.write_all(&plain)?;
    encoder.finish()
}

fn unable() -> Problem {
    Problem::internal("the answer could not be encoded")
}
