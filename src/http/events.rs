//! Server-sent events: what changes, pushed; resumed without a gap, and without a double for alerts.
//!
//! A listener has two numbers: up to which it has been told of alerts, and of all else. It takes what came after them
//! when it can send, so one that reads slowly costs no memory and finds the newest of each vessel when it comes back.
//! `id: EPOCH-N` on an event says that everything numbered up to N has been sent.
//!
//! What all are told is encoded once, and for those that take gzip compressed once; what one alone is told goes into
//! its stream as it is.

use std::collections::HashSet;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use hyper::body::Frame;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::MissedTickBehavior;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::ask::Ask;
use super::problem::{Document, Problem};
use super::reply::{self, Wish, separated};
use super::shape::{Alert, Feed, Step};
use super::vessels::fragment;
use super::{deflate, editions};
use crate::ais::Mmsi;
use crate::engine::FeedRow;
use crate::time::Timestamp;
use crate::view::{Area, Shown, ToldAlert, ToldBatch};
use crate::watch::Editions;

/// Listeners at once; the next is refused.
pub const LISTENERS: usize = 4_096;
/// Transitions a listener may be behind, not counting those it missed before it came; then it is let go.
const BEHIND: usize = 1_000;
/// Transitions taken at a time.
const TAKEN: usize = 64;
/// Vessels in one event when a listener catches up.
const SWEPT: usize = 500;
/// Pieces that may wait for a slow reader; its task waits then.
const PIECES: usize = 4;
/// The time between pings.
const PING: Duration = Duration::from_secs(15);

const TOPICS: [&str; 3] = ["alerts", "vessels", "feeds"];

/// These paths.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(listen))
}

/// What changes: `hello`, `alert`, `vessels`, `feed`, `rules`, `reset`, a ping every 15 s.
#[utoipa::path(
    get, path = "/api/v1/events", tag = "events",
    params(
        ("topics" = Option<String>, Query, description = "some of alerts,vessels,feeds; all without it"),
        ("bbox" = Option<String>, Query, description = "west,south,east,north: vessels inside, and those that leave"),
        ("Last-Event-ID" = Option<String>, Header, description = "resumes after this event"),
    ),
    responses((status = 200, content_type = "text/event-stream", body = String), (status = 400, body = Document),
        (status = 503, body = Document)),
)]
async fn listen(State(app): State<App>, headers: HeaderMap, mut ask: Ask) -> Result<Response, Problem> {
    let topics = ask.list("topics", &TOPICS);
    let area = ask.area("bbox");
    ask.done()?;
    let place = app
        .listeners
        .clone()
        .try_acquire_owned()
        .map_err(|_| Problem::unavailable("too many listen already"))?;
    let wants = |topic: &str| {
        topics
            .as_ref()
            .is_none_or(|topics| topics.iter().any(|own| own == topic))
    };
    let last_id = headers.get("last-event-id").map(|id| id.to_str().unwrap_or(""));
    let (sender, pieces) = mpsc::channel(PIECES);
    let outlet = Outlet {
        sender,
        gzip: Wish::of(&headers).gzip,
    };
    let gzip = outlet.gzip;
    let topics = [wants("alerts"), wants("vessels"), wants("feeds")];
    let listener = Listener::new(&app, outlet, topics, area, last_id);
    tokio::spawn(listener.run(last_id.map(str::to_owned), place));
    let tail = Bytes::new();
    let mut response = Response::new(Body::new(Pieces { pieces, tail }));
    let headers = response.headers_mut();
    if gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// What is sent at once: an event and its end.
type Piece = [Bytes; 2];

/// A body made of what a listener's task sends.
struct Pieces {
    pieces: mpsc::Receiver<Piece>,
    tail: Bytes,
}

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if !self.tail.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.tail)))));
        }
        let Some([head, tail]) = ready!(self.pieces.poll_recv(cx)) else {
            return Poll::Ready(None);
        };
        self.tail = tail;
        Poll::Ready(Some(Ok(Frame::data(head))))
    }
}

/// Where a listener's task sends.
struct Outlet {
    sender: mpsc::Sender<Piece>,
    /// The client takes gzip.
    gzip: bool,
}

impl Outlet {
    /// What this client alone is told, as it goes into its stream.
    fn own(&self, plain: Bytes) -> Bytes {
        if self.gzip {
            deflate::stored(&plain).into()
        } else {
            plain
        }
    }

    /// What all are told, by its two forms, each made once.
    fn shared(&self, plain: &Arc<[u8]>, squeezed: &OnceLock<Arc<[u8]>>) -> Bytes {
        Bytes::from_owner(if self.gzip {
            squeezed.get_or_init(|| deflate::squeezed(plain).into()).clone()
        } else {
            plain.clone()
        })
    }

    async fn send(&self, head: Bytes, tail: Bytes) -> Result<(), Gone> {
        self.sender.send([head, tail]).await.map_err(|_| Gone)
    }
}

/// The listener has gone, or is let go.
struct Gone;

struct Listener {
    app: App,
    outlet: Outlet,
    alerts: bool,
    vessels: bool,
    feeds: bool,
    area: Option<Area>,
    /// The vessels it knows to be in its area.
    inside: HashSet<Mmsi>,
    /// Number up to which it has been told of alerts.
    alerts_told: u64,
    /// Number up to which it has been told of all else.
    others_told: u64,
    /// The newest number when it came.
    came_at: u64,
    /// What it knew of its area before it came is not known.
    resumed: bool,
}

/// What a listener is to be told, taken in one reading.
struct News {
    head: u64,
    clock: Timestamp,
    /// Whether nothing it needs has been forgotten.
    whole: bool,
    alerts: Vec<Arc<ToldAlert>>,
    /// `None`: the newest rows are swept together instead.
    batches: Option<Vec<Arc<ToldBatch>>>,
    feeds: Vec<FeedRow>,
    /// If others stand than before.
    editions: Option<Arc<Editions>>,
}

impl Listener {
    fn new(
        app: &App,
        outlet: Outlet,
        [alerts, vessels, feeds]: [bool; 3],
        area: Option<Area>,
        last_id: Option<&str>,
    ) -> Self {
        let (head, resumed, inside) = app.view.read(|picture| {
            let head = picture.told.head();
            let number = last_id.and_then(|id| number(id, app.view.epoch()));
            let inside = area.map(|area| picture.in_box(area)).unwrap_or_default();
            (head, number.filter(|number| picture.told.reaches(*number)), inside)
        });
        Self {
            app: app.clone(),
            outlet,
            alerts,
            vessels,
            feeds,
            area,
            inside: inside.iter().map(|shown| shown.row.mmsi).collect(),
            alerts_told: resumed.unwrap_or(head),
            others_told: resumed.unwrap_or(head),
            came_at: head,
            resumed: resumed.is_some(),
        }
    }

    async fn run(mut self, last_id: Option<String>, _place: OwnedSemaphorePermit) {
        self.app.metrics.subscribers.inc();
        let mut ending = self.app.ending.clone();
        let gone = self.outlet.sender.clone();
        tokio::select! {
            _ = self.tell(last_id) => {}
            () = gone.closed() => {}
            _ = ending.wait_for(|ending| *ending) => {}
        }
        self.app.metrics.subscribers.dec();
    }

    async fn tell(&mut self, last_id: Option<String>) -> Result<(), Gone> {
        self.hello().await?;
        if let Some(id) = last_id.filter(|_| !self.resumed) {
            let known = number(&id, self.app.view.epoch()).is_some();
            self.reset(if known { "too_old" } else { "other_epoch" }).await?;
        }
        let mut follow = self.app.view.follow();
        let mut ping = tokio::time::interval(PING);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first is due at once.
        ping.tick().await;
        loop {
            follow.mark_unchanged();
            while self.catch_up().await? {}
            tokio::select! {
                changed = follow.changed() => changed.map_err(|_| Gone)?,
                _ = ping.tick() => self.send(": ping\n\n").await?,
            }
        }
    }

    async fn hello(&self) -> Result<(), Gone> {
        let now = self.app.view.read(|picture| picture.clock);
        let epoch = self.app.view.epoch();
        let hello = serde_json::json!({
            "now": now.to_string(), "epoch": epoch, "build": self.app.setting().commit,
        });
        let id = self.others_told;
        let head = if self.outlet.gzip { deflate::HEAD } else { &[] };
        let hello = format!("event: hello\ndata: {hello}\nid: {epoch}-{id}\n\n");
        let hello = self.outlet.own(hello.into());
        self.give([head, &hello].concat().into(), Bytes::new()).await
    }

    async fn reset(&self, reason: &str) -> Result<(), Gone> {
        let (epoch, id) = (self.app.view.epoch(), self.others_told);
        self.send(format!(
            "event: reset\ndata: {{\"reason\":\"{reason}\"}}\nid: {epoch}-{id}\n\n"
        ))
        .await
    }

    /// Sends what is new; true if there is more.
    async fn catch_up(&mut self) -> Result<bool, Gone> {
        let news = self.news();
        if !news.whole {
            (self.alerts_told, self.others_told) = (news.head, news.head);
            self.inside.clear();
            self.resumed = true;
            self.reset("too_slow").await?;
            return Ok(true);
        }
        if self.is_too_far_behind() {
            return Err(Gone);
        }
        // Everything but alerts goes first: an alert's id says that all before it has been sent.
        let safe = news.alerts.first().map_or(news.head, |alert| alert.number - 1);
        self.tell_others(&news, safe).await?;
        self.others_told = news.head;
        self.resumed = false;
        for told in &news.alerts {
            self.give(self.alert_event(told), Bytes::new()).await?;
            self.alerts_told = told.number;
        }
        if news.alerts.len() < TAKEN {
            self.alerts_told = news.head;
        }
        Ok(self.alerts_told < news.head)
    }

    fn news(&self) -> News {
        self.app.view.read(|picture| {
            let told = &picture.told;
            let batches = if self.vessels {
                told.batches(self.others_told)
            } else {
                Some(Vec::new())
            };
            let feeds = picture.feeds_told_after(self.others_told).filter(|_| self.feeds);
            News {
                head: told.head(),
                clock: picture.clock,
                whole: told.reaches(self.alerts_told.min(self.others_told)),
                alerts: if self.alerts {
                    told.alerts(self.alerts_told, TAKEN)
                } else {
                    Vec::new()
                },
                feeds: feeds.cloned().collect(),
                editions: picture.editions_told_after(self.others_told),
                batches,
            }
        })
    }

    /// Sends vessels and feeds; the last event has the id.
    async fn tell_others(&mut self, news: &News, safe: u64) -> Result<(), Gone> {
        let mut last: Option<Bytes> = None;
        match &news.batches {
            Some(batches) if batches.is_empty() => {}
            Some(batches) if !self.resumed && self.area.is_none() => {
                for batch in batches {
                    self.follow_with(&mut last, self.shared_event(batch)).await?;
                }
            }
            Some(batches) if !self.resumed => {
                for batch in batches {
                    let changed: Vec<_> = batch.changed.iter().collect();
                    let event = self.own_event(batch.clock, &changed, batch.removed.clone());
                    if let Some(event) = event {
                        self.follow_with(&mut last, event).await?;
                    }
                }
            }
            // Of what it missed it is told the newest only.
            _ => self.sweep(news.clock, &mut last).await?,
        }
        for row in &news.feeds {
            let feed = reply::to_json(&Feed::of(row, &self.app.setting()));
            let event = [b"event: feed\ndata: ", feed.as_slice(), b"\n"].concat();
            self.follow_with(&mut last, self.outlet.own(event.into())).await?;
        }
        if let Some(edition) = news.editions.as_ref().and_then(|editions| editions.newest()) {
            let rules = reply::to_json(&editions::heading(edition));
            let event = [b"event: rules\ndata: ", rules.as_slice(), b"\n"].concat();
            self.follow_with(&mut last, self.outlet.own(event.into())).await?;
        }
        let Some(event) = last else { return Ok(()) };
        let id = format!("id: {}-{safe}\n\n", self.app.view.epoch());
        self.give(event, self.outlet.own(id.into())).await
    }

    /// Sends the event before, and keeps this one until it is known whether it is the last.
    async fn follow_with(&self, last: &mut Option<Bytes>, event: Bytes) -> Result<(), Gone> {
        if let Some(before) = last.replace(event) {
            self.give(before, self.outlet.own(Bytes::from_static(b"\n"))).await?;
        }
        Ok(())
    }

    /// Sends the newest row of every vessel told since, a part at a time, so that no listener holds the picture.
    async fn sweep(&mut self, clock: Timestamp, last: &mut Option<Bytes>) -> Result<(), Gone> {
        let after = self.others_told;
        let mut removed: Vec<Mmsi> = self.app.view.read(|picture| {
            let gone = picture.told.removals(after);
            gone.filter(|mmsi| picture.vessel(*mmsi).is_none()).collect()
        });
        removed.sort_unstable();
        removed.dedup();
        let mut from = Some(Mmsi(0));
        while let Some(start) = from {
            let part: Vec<Arc<Shown>> = self
                .app
                .view
                .read(|picture| picture.told_after(after, start).take(SWEPT).cloned().collect());
            from = part
                .last()
                .filter(|_| part.len() == SWEPT)
                .map(|shown| Mmsi(shown.row.mmsi.0 + 1));
            let changed: Vec<_> = part.iter().collect();
            if let Some(event) = self.own_event(clock, &changed, std::mem::take(&mut removed)) {
                self.follow_with(last, event).await?;
            }
        }
        Ok(())
    }

    /// A batch as all listeners without an area are told it, encoded once.
    fn shared_event(&self, batch: &ToldBatch) -> Bytes {
        let encode = || {
            let changed: Vec<_> = batch.changed.iter().collect();
            vessels_event(&self.app, batch.clock, &changed, &[], &batch.removed).into()
        };
        self.outlet.shared(batch.encoded.get_or_init(encode), &batch.squeezed)
    }

    /// What a listener of an area is told: changed inside, left, and removed of those it knows.
    fn own_event(&mut self, clock: Timestamp, rows: &[&Arc<Shown>], mut removed: Vec<Mmsi>) -> Option<Bytes> {
        let mut left = Vec::new();
        let mut changed = Vec::new();
        for shown in rows {
            let mmsi = shown.row.mmsi;
            let Some(area) = self.area else {
                changed.push(*shown);
                continue;
            };
            if shown.row.position.is_some_and(|place| area.contains(place)) {
                self.inside.insert(mmsi);
                changed.push(*shown);
            } else if self.inside.remove(&mmsi) || self.resumed {
                left.push(mmsi);
            }
        }
        if self.area.is_some() {
            removed.retain(|mmsi| self.inside.remove(mmsi) || self.resumed);
        }
        if changed.is_empty() && left.is_empty() && removed.is_empty() {
            return None;
        }
        let event = vessels_event(&self.app, clock, &changed, &left, &removed);
        Some(self.outlet.own(event.into()))
    }

    /// A transition as all listeners are told it, encoded once.
    fn alert_event(&self, told: &ToldAlert) -> Bytes {
        let encode = || {
            let step = reply::to_json(&Step::of(&told.change));
            let alert = reply::to_json(&Alert::of(&told.change.alert, &self.app.setting()));
            let id = format!("}}\nid: {}-{}\n\n", self.app.view.epoch(), told.number);
            [
                b"event: alert\ndata: {\"transition\":",
                step.as_slice(),
                b",\"alert\":",
                &alert,
                id.as_bytes(),
            ]
            .concat()
            .into()
        };
        self.outlet.shared(told.encoded.get_or_init(encode), &told.squeezed)
    }

    async fn send(&self, text: impl Into<Bytes>) -> Result<(), Gone> {
        self.give(self.outlet.own(text.into()), Bytes::new()).await
    }

    /// Sends, unless the listener falls too far behind meanwhile because it does not read.
    async fn give(&self, head: Bytes, tail: Bytes) -> Result<(), Gone> {
        tokio::select! {
            biased;
            sent = self.outlet.send(head, tail) => sent,
            () = self.falls_too_far_behind() => Err(Gone),
        }
    }

    async fn falls_too_far_behind(&self) {
        let mut follow = self.app.view.follow();
        while !self.is_too_far_behind() && follow.changed().await.is_ok() {}
    }

    fn is_too_far_behind(&self) -> bool {
        let came_after = self.alerts_told.max(self.came_at);
        self.alerts && self.app.view.read(|picture| picture.told.alerts_after(came_after)) > BEHIND
    }
}

/// An event without its id and end.
fn vessels_event(app: &App, clock: Timestamp, changed: &[&Arc<Shown>], left: &[Mmsi], removed: &[Mmsi]) -> Vec<u8> {
    let mut event = format!("event: vessels\ndata: {{\"now\":\"{clock}\",\"changed\":[").into_bytes();
    let setting = app.setting();
    separated(&mut event, changed.iter(), |event, shown| {
        event.extend_from_slice(fragment(shown, &setting));
    });
    event.extend_from_slice(b"],\"left\":");
    event.extend_from_slice(&reply::to_json(&left));
    event.extend_from_slice(b",\"removed\":");
    event.extend_from_slice(&reply::to_json(&removed));
    event.extend_from_slice(b"}\n");
    event
}

/// The number in `EPOCH-N`, if the epoch is this one.
fn number(id: &str, epoch: &str) -> Option<u64> {
    id.strip_prefix(epoch)?.strip_prefix('-')?.parse().ok()
}
