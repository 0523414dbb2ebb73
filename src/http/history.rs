//! History: ten minutes of tracks and alert transitions, told from the journal.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use flate2::Compression;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ask::Ask;
use super::problem::{Document, Problem, Wrong};
use super::reply::{self, Wish};
use super::shape::{Alert, Step, Time, Vessel};
use super::vessels::{GAP_S, Gap, Track};
use super::{App, Sentences, Setting, whole};
use crate::ais::Mmsi;
use crate::alerts::Priority;
use crate::report::FeedId;
use crate::time::Timestamp;
use crate::traffic::VesselRow;
use crate::view::{self, LENGTH, NoBlock, Point};

/// How long an answer waits for the journal to be played; then the client is asked to come again, and it goes on.
const PATIENCE: Duration = Duration::from_secs(8);
/// A block that is over never changes; histories are for those who may see them, so no cache between keeps one.
const FOR_EVER: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");
/// One that is not.
const SHORTLY: HeaderValue = HeaderValue::from_static("private, max-age=1");

/// These paths.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(index)).routes(routes!(block))
}

/// What there is to be replayed.
#[derive(Debug, Serialize, ToSchema)]
struct Index<'a> {
    #[schema(value_type = String)]
    now: Time,
    /// When the journal begins; null while there is none.
    #[schema(value_type = Option<String>)]
    from: Option<Time>,
    #[schema(value_type = String)]
    to: Time,
    /// How long a block is.
    block_s: i64,
    /// Silence after which a vessel is lost: between fixes farther apart nobody knows where it was.
    lost_after_s: f64,
    /// Alerts by the time they were raised, oldest first; the shadow rules' left out.
    alerts: Vec<Tick<'a>>,
}

/// An alert on a time bar.
#[derive(Debug, Serialize, ToSchema)]
struct Tick<'a> {
    alert: &'a str,
    #[schema(value_type = String)]
    raised: Time,
    #[schema(value_type = String)]
    priority: Priority,
    mmsi: Option<u32>,
    position: Option<[f64; 2]>,
}

/// From when to when there is history, and when in it alerts were raised.
#[utoipa::path(
    get, path = "/api/v1/history", tag = "history",
    params(
        ("from" = Option<String>, Query, description = "alerts raised at or after"),
        ("to" = Option<String>, Query, description = "alerts raised at or before"),
    ),
    responses((status = 200, body = Index), (status = 400, body = Document), (status = 503, body = Document)),
)]
async fn index(State(app): State<App>, headers: HeaderMap, mut ask: Ask) -> Result<Response, Problem> {
    let from = ask.moment("from");
    let to = ask.moment("to");
    ask.done()?;
    let history = app.history.clone();
    let begins = whole::on_the_side(move || history.begins()).await?;
    let begins = begins.map_err(|_| refused(NoBlock::Unreadable))?;
    let told = |alert: &&Arc<crate::alerts::Alert>| {
        !alert.shadow && from.is_none_or(|from| alert.raised >= from) && to.is_none_or(|to| alert.raised <= to)
    };
    let (now, mut alerts) = app.view.read(|picture| {
        let alerts: Vec<_> = picture.alerts().filter(told).cloned().collect();
        (picture.clock, alerts)
    });
    alerts.sort_by_key(|alert| alert.raised);
    let index = Index {
        now: Time(now),
        from: begins.map(Time),
        to: Time(now),
        block_s: LENGTH.0 / 1000,
        lost_after_s: app.setting().lost_after.as_s(),
        alerts: alerts.iter().map(|alert| Tick::of(alert)).collect(),
    };
    Ok(reply::json(&Wish::of(&headers), &index))
}

impl<'a> Tick<'a> {
    fn of(alert: &'a crate::alerts::Alert) -> Self {
        Self {
            alert: &alert.id,
            raised: Time(alert.raised),
            priority: alert.priority,
            mmsi: alert.mmsi.map(|mmsi| mmsi.0),
            position: alert.position.map(super::shape::lon_lat),
        }
    }
}

/// Ten minutes of the past, which stand alone: the picture as they begin, and what changed in them.
#[derive(Debug, Serialize, ToSchema)]
struct Block<'a> {
    #[schema(value_type = String)]
    start: Time,
    /// The first moment that is no longer of it.
    #[schema(value_type = String)]
    end: Time,
    /// It never changes again.
    closed: bool,
    /// Points of a track lie at least so far apart; 0: every accepted position is here.
    step_s: f64,
    /// The vessels as it begins, by MMSI.
    vessels: Vec<Vessel<'a>>,
    /// The alerts that are not closed as it begins.
    alerts: Vec<Alert<'a>>,
    /// Positions accepted in it, by MMSI.
    tracks: Vec<Track<'a>>,
    /// Vessels that came, or of which more changed than their movement: name, class, zones, lost, ….
    changed: Vec<Changed<'a>>,
    /// Vessels that left the picture.
    removed: Vec<Removed>,
    /// What became of alerts, as in `events`.
    transitions: Vec<Told<'a>>,
    /// When nothing was kept: the service, or its disk, was away.
    unrecorded: Vec<Gap>,
}

/// A vessel as it was from then on.
#[derive(Debug, Serialize, ToSchema)]
struct Changed<'a> {
    #[schema(value_type = String)]
    time: Time,
    vessel: Vessel<'a>,
}

/// A vessel that left.
#[derive(Debug, Serialize, ToSchema)]
struct Removed {
    #[schema(value_type = String)]
    time: Time,
    mmsi: u32,
}

/// A transition, and the alert after it.
#[derive(Debug, Serialize, ToSchema)]
struct Told<'a> {
    transition: Step<'a>,
    alert: Alert<'a>,
}

/// Ten minutes of the past, from the journal.
///
/// A block that is over never changes and may be kept for ever; the one that is not is short-lived.
#[utoipa::path(
    get, path = "/api/v1/history/blocks/{start}", tag = "history",
    params(("start" = String, Path, description = "RFC 3339, a whole ten minutes, as in 2026-03-01T00:10:00Z")),
    responses((status = 200, body = Block), (status = 304), (status = 400, body = Document),
        (status = 404, description = "before the journal begins, or after now", body = Document),
        (status = 503, description = "the disk is away, or the journal is still being played: ask again", body = Document)),
)]
async fn block(
    State(app): State<App>,
    Path(start): Path<String>,
    headers: HeaderMap,
    ask: Ask,
) -> Result<Response, Problem> {
    ask.done()?;
    let start = moment(&start)?;
    let block = match tokio::time::timeout(PATIENCE, app.history.block(start)).await {
        Ok(block) => block.map_err(refused)?,
        Err(_) => {
            return Err(Problem::unavailable(
                "the journal is still being played up to there; ask again",
            ));
        }
    };
    let wish = Wish::of(&headers);
    let (closed, gzip) = (block.closed, wish.gzip);
    let (etag, body) = whole::on_the_side(move || encoded(&block, gzip)).await?;
    let coding = gzip.then_some("gzip");
    let mut response = reply::tagged(&wish, "application/json", &etag, coding, Bytes::from_owner(body));
    let lasting = if closed { FOR_EVER } else { SHORTLY };
    response.headers_mut().insert(header::CACHE_CONTROL, lasting);
    Ok(response)
}

/// Where a block begins.
fn moment(text: &str) -> Result<Timestamp, Problem> {
    let whole = |start: &Timestamp| start.0 % LENGTH.0 == 0;
    Timestamp::parse(text).filter(whole).ok_or_else(|| {
        let want = "a time of whole ten minutes as in 2026-03-01T00:10:00Z";
        Problem::wrong(vec![Wrong::new("start", format!("is {text:?}"), want)])
    })
}

fn refused(none: NoBlock) -> Problem {
    match none {
        NoBlock::Before(_) | NoBlock::After(_) => Problem::not_found(none.to_string()),
        NoBlock::Busy | NoBlock::Unreadable | NoBlock::Stopped => Problem::unavailable(none.to_string()),
    }
}

/// The block's ETag and bytes, each made once however many ask for them.
fn encoded(block: &view::Block, gzip: bool) -> (String, Arc<[u8]>) {
    let plain = block
        .encoded
        .get_or_init(|| reply::to_json(&Block::of(block, &setting_of(block))).into());
    let body = if gzip {
        let squeeze = || {
            whole::gzip(Bytes::from_owner(plain.clone()), Compression::fast())
                .expect("memory can be compressed to memory")
        };
        block.squeezed.get_or_init(|| squeeze().into())
    } else {
        plain
    };
    (reply::etag(body), body.clone())
}

/// What stood in it: nothing of today's is told with it, so that it stays as it is.
fn setting_of(block: &view::Block) -> Setting {
    Setting {
        sentences: Sentences::of(&block.editions),
        register: block.register.clone(),
        ..Setting::default()
    }
}

impl<'a> Block<'a> {
    fn of(block: &'a view::Block, setting: &'a Setting) -> Self {
        let feed = |feed: FeedId| block.feeds.get(usize::from(feed.0)).map_or("", |name| &**name);
        let vessel = |row: &'a VesselRow| Vessel::of(row, setting).of_feed(feed(row.feed));
        let ends = (Some(block.start), Some(block.end()));
        let thinned = block.step.0 > 0;
        let track = |(mmsi, points): (&Mmsi, &'a Vec<Point>)| Track::of(*mmsi, ends, GAP_S, points, feed, thinned);
        let changed = block.changed.iter().map(|(time, row)| Changed {
            time: Time(*time),
            vessel: vessel(row),
        });
        let removed = block.removed.iter().map(|(time, mmsi)| Removed {
            time: Time(*time),
            mmsi: mmsi.0,
        });
        let transitions = block.transitions.iter().map(|change| Told {
            transition: Step::of(change),
            alert: Alert::of(&change.alert, setting),
        });
        let unrecorded = block.unrecorded.iter().map(|(from, to)| Gap {
            from: Time(*from),
            to: Time(*to),
        });
        Self {
            start: Time(block.start),
            end: Time(block.end()),
            closed: block.closed,
            step_s: block.step.as_s(),
            vessels: block.vessels.iter().map(vessel).collect(),
            alerts: block.alerts.iter().map(|alert| Alert::of(alert, setting)).collect(),
            tracks: block.tracks.iter().map(track).collect(),
            changed: changed.collect(),
            removed: removed.collect(),
            transitions: transitions.collect(),
            unrecorded: unrecorded.collect(),
        }
    }
}
