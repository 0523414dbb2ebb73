//! Ten minutes of the past: the picture as they begin, and everything that changes in them.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::trail::Point;
use crate::ais::Mmsi;
use crate::alerts::{Alert, AlertChange};
use crate::engine::Core;
use crate::register::Register;
use crate::report::FeedId;
use crate::time::{Span, Timestamp};
use crate::traffic::{Changes, VesselRow};
use crate::watch::Editions;

/// How long a block is; they begin at whole multiples of it since 1970.
pub const LENGTH: Span = Span::s(600);
/// Points of a block. At the bound all its tracks are thinned, see [`Block::step`].
const POINTS: usize = 100_000;
/// Rows told because more changed than movement; at the bound further ones are left out, as only garbage brings so many.
const CHANGED: usize = 20_000;
/// The least step once tracks are thinned; it doubles.
const LEAST_STEP: Span = Span::s(2);

/// What the core was told from a block's first second until the first second of the next.
#[derive(Clone, Debug)]
pub struct Block {
    pub start: Timestamp,
    /// All of it has been told: it never changes again.
    pub closed: bool,
    /// Names of the feeds, by the `FeedId`s in its rows and points.
    pub feeds: Vec<Arc<str>>,
    /// The vessels as it begins, by MMSI.
    pub vessels: Vec<VesselRow>,
    /// The alerts that are not closed as it begins.
    pub alerts: Vec<Arc<Alert>>,
    /// Accepted positions, oldest first.
    pub tracks: BTreeMap<Mmsi, Vec<Point>>,
    /// Points of a track lie at least so far apart; zero: every accepted position is here.
    pub step: Span,
    /// Vessels that came, or of which more changed than their movement, and when.
    pub changed: Vec<(Timestamp, VesselRow)>,
    /// Vessels that left the picture, and when.
    pub removed: Vec<(Timestamp, Mmsi)>,
    pub transitions: Vec<AlertChange>,
    /// From when to when nothing was kept.
    pub unrecorded: Vec<(Timestamp, Timestamp)>,
    /// The versions of rules and zones that were known at its end, or now.
    pub editions: Editions,
    /// The register as it was then.
    pub register: Arc<Register>,
    /// Where whoever serves it keeps its encoding, made once for all readers.
    pub encoded: OnceLock<Arc<[u8]>>,
    /// The same compressed.
    pub squeezed: OnceLock<Arc<[u8]>>,
}

/// A block that is being told.
#[derive(Debug)]
pub struct Unfinished {
    pub block: Block,
    points: usize,
    /// The rows told last.
    last: BTreeMap<Mmsi, VesselRow>,
    /// Where in the block's feeds those of the core begin.
    feeds_from: usize,
}

impl Block {
    /// When it ends: the first second that is no longer of it.
    pub fn end(&self) -> Timestamp {
        self.start.plus(LENGTH)
    }
}

impl Unfinished {
    /// The block that begins at `start`, with the core as it is then.
    pub fn begin(start: Timestamp, core: &Core) -> Self {
        let (traffic, sources) = (core.traffic(), core.reception().sources());
        let rows = traffic.picture().slots().filter_map(|slot| traffic.row(slot, sources));
        let last: BTreeMap<_, _> = rows.map(|row| (row.mmsi, row)).collect();
        let standing = traffic.watches().iter().flat_map(|watch| watch.ledger().standing());
        let block = Block {
            start,
            closed: false,
            feeds: feeds(core).to_vec(),
            vessels: last.values().cloned().collect(),
            alerts: standing.cloned().map(Arc::new).collect(),
            tracks: BTreeMap::new(),
            step: Span(0),
            changed: Vec::new(),
            removed: Vec::new(),
            transitions: Vec::new(),
            unrecorded: Vec::new(),
            editions: Editions::default(),
            register: Arc::default(),
            encoded: OnceLock::new(),
            squeezed: OnceLock::new(),
        };
        Self {
            block,
            points: 0,
            last,
            feeds_from: 0,
        }
    }

    /// Notes what a record changed in the core.
    pub fn note(&mut self, core: &Core, changes: &Changes) {
        let now = core.traffic().now();
        for mmsi in &changes.removed {
            self.block.removed.push((now, *mmsi));
            self.last.remove(mmsi);
        }
        for slot in &changes.vessels {
            if let Some(row) = core.traffic().row(*slot, core.reception().sources()) {
                self.show(now, row);
            }
        }
        let told = changes.alerts.iter().map(|(_, change)| change.clone());
        self.block.transitions.extend(told);
    }

    /// Notes that nothing was kept between these times.
    pub fn miss(&mut self, from: Timestamp, to: Timestamp) {
        self.block.unrecorded.push((from.max(self.block.start), to));
    }

    /// Notes the core's feeds, which may be others than before.
    pub fn turn_to(&mut self, core: &Core) {
        if self.block.feeds[self.feeds_from..] != *feeds(core) {
            self.feeds_from = self.block.feeds.len();
            self.block.feeds.extend_from_slice(feeds(core));
        }
    }

    /// It as the core has come to tell it.
    pub fn so_far(&self, core: &Core) -> Block {
        read_beside(self.block.clone(), core)
    }

    /// All of it has been told by the core, which stands at its end.
    pub fn close(mut self, core: &Core) -> Block {
        self.block.closed = true;
        read_beside(self.block, core)
    }

    fn show(&mut self, now: Timestamp, mut row: VesselRow) {
        let feed = self.feeds_from + usize::from(row.feed.0);
        row.feed = FeedId(u16::try_from(feed).unwrap_or(u16::MAX));
        let before = self.last.get(&row.mmsi);
        let moved = before.and_then(|before| before.position_time) < row.position_time;
        let changed = before.is_none_or(|before| described_otherwise(before, &row));
        if moved {
            self.point(&row);
        }
        if changed && self.block.changed.len() < CHANGED {
            self.block.changed.push((now, row.clone()));
        }
        self.last.insert(row.mmsi, row);
    }

    fn point(&mut self, row: &VesselRow) {
        let Some(point) = Point::of(row) else { return };
        let track = self.block.tracks.entry(row.mmsi).or_default();
        if track
            .last()
            .is_some_and(|last| point.time.since(last.time) < self.block.step)
        {
            return;
        }
        track.push(point);
        self.points += 1;
        if self.points == POINTS {
            self.thin();
        }
    }

    /// Doubles the step until half of the room is free.
    fn thin(&mut self) {
        let Block { step, tracks, .. } = &mut self.block;
        while self.points > POINTS / 2 && *step < LENGTH {
            *step = Span((step.0 * 2).max(LEAST_STEP.0));
            for track in tracks.values_mut() {
                let mut last: Option<Timestamp> = None;
                track.retain(|point| {
                    let stays = last.is_none_or(|last| point.time.since(last) >= *step);
                    if stays {
                        last = Some(point.time);
                    }
                    stays
                });
            }
            self.points = tracks.values().map(Vec::len).sum();
        }
    }
}

/// A block with what its rows and alerts are read beside, as it stands in the core: what stands today may be otherwise.
fn read_beside(block: Block, core: &Core) -> Block {
    Block {
        editions: core.traffic().editions().clone(),
        register: Arc::new(core.traffic().picture().register.clone()),
        ..block
    }
}

fn feeds(core: &Core) -> &[Arc<str>] {
    let watch = core.traffic().watches().first();
    watch.map_or(&[], |watch| &watch.orders().feeds)
}

/// Whether more changed of a vessel than where it is, how it moves and who heard it.
fn described_otherwise(before: &VesselRow, row: &VesselRow) -> bool {
    let moved = VesselRow {
        position: row.position,
        sog: row.sog,
        cog: row.cog,
        heading: row.heading,
        rot_deg_min: row.rot_deg_min,
        nav_status: row.nav_status,
        status_since: row.status_since,
        position_time: row.position_time,
        static_time: row.static_time,
        feed: row.feed,
        source: row.source,
        heard_by: row.heard_by.clone(),
        alerts: row.alerts.clone(),
        ..before.clone()
    };
    moved != *row
}
