//! A vessel's trail: its last accepted positions, twenty bytes each.

use std::collections::{BTreeMap, VecDeque};

use crate::ais::Mmsi;
use crate::geo::{Degrees, Knots, Position};
use crate::report::FeedId;
use crate::time::{Span, Timestamp};
use crate::traffic::VesselRow;

/// Points kept of one vessel; the oldest goes when another comes.
pub const POINTS: usize = 2_048;
/// Points kept of all vessels together: a vessel's share shrinks, to [`FEWEST`] at least, when vessels are many.
pub const POINTS_OF_ALL: usize = 16_000_000;
/// The share that a vessel keeps however many there are.
pub const FEWEST: usize = 16;
/// How far back a trail goes; older points go when a newer one comes.
pub const LENGTH: Span = Span::s(86_400);

/// One accepted position and what was said with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub time: Timestamp,
    pub position: Position,
    pub sog: Option<Knots>,
    pub cog: Option<Degrees>,
    pub heading: Option<u16>,
    pub nav_status: Option<u8>,
    pub feed: FeedId,
}

/// The last accepted positions, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    /// What the points' times count from.
    start: Timestamp,
    points: VecDeque<Packed>,
}

/// Seven decimals of a degree; milliseconds since the trail's start (49 days suffice: points leave after one); tenths.
#[derive(Clone, Copy, Debug)]
struct Packed {
    lon: i32,
    lat: i32,
    ms: u32,
    sog: u16,
    cog: u16,
    heading: u16,
    /// Five bits of status, eleven of feed: a configuration has far fewer than 2048 feeds.
    status_and_feed: u16,
}

/// Stands for an absent speed, course or heading.
const NONE: u16 = u16::MAX;
/// Stands for an absent status, as class B sends none; 15, "not defined" (ITU-R M.1371-5), is one that was sent.
const NO_STATUS: u8 = 31;
/// Bits of the feed, below those of the status.
const FEED_BITS: u32 = 11;
const FEED_MASK: u16 = (1 << FEED_BITS) - 1;

/// Points that one of so many vessels has.
pub fn share(vessels: usize) -> usize {
    (POINTS_OF_ALL / vessels.max(1)).clamp(FEWEST, POINTS)
}

/// Trails as they were in the past, for a view that began in their midst.
#[derive(Debug, Default)]
pub struct Recalled(pub(super) BTreeMap<Mmsi, Trail>);

impl Recalled {
    /// Notes where the row says the vessel was.
    pub fn follow(&mut self, row: &VesselRow) {
        let most = share(self.0.len());
        self.0.entry(row.mmsi).or_default().follow(row, most);
    }

    /// The vessel left the picture.
    pub fn forget(&mut self, mmsi: Mmsi) {
        self.0.remove(&mmsi);
    }

    /// How many vessels there are.
    pub fn vessels(&self) -> usize {
        self.0.len()
    }
}

impl Point {
    /// Where the row says the vessel is.
    pub fn of(row: &VesselRow) -> Option<Self> {
        Some(Self {
            time: row.position_time?,
            position: row.position?,
            sog: row.sog,
            cog: row.cog,
            heading: row.heading,
            nav_status: row.nav_status,
            feed: row.feed,
        })
    }
}

impl Trail {
    /// Notes where the row says the vessel is, if that is news; keeps `most` points.
    pub fn follow(&mut self, row: &VesselRow, most: usize) {
        if let Some(point) = Point::of(row) {
            self.push(&point, most);
        }
    }

    /// Has it go on where an older one ends; keeps `most` points.
    pub fn go_on_from(&mut self, older: Self, most: usize) {
        let newer = std::mem::replace(self, older);
        for point in newer.between(Timestamp::MIN, Timestamp::MAX) {
            self.push(&point, most);
        }
    }

    fn push(&mut self, point: &Point, most: usize) {
        let time = point.time;
        if self.last().is_some_and(|last| time <= last) {
            return;
        }
        if u32::try_from(time.since(self.start).0).is_err() {
            self.points.clear();
        }
        if self.points.is_empty() {
            self.start = time;
        }
        let oldest = time.since(self.start).0 - LENGTH.0;
        while self.points.front().is_some_and(|point| i64::from(point.ms) < oldest) || self.points.len() >= most {
            self.points.pop_front();
        }
        self.rebase(time);
        self.points.push_back(Packed::of(point, time.since(self.start)));
    }

    /// The points within the times, oldest first.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = Point> + '_ {
        self.points
            .iter()
            .map(|packed| packed.point(self.start))
            .filter(move |point| from <= point.time && point.time <= to)
    }

    fn last(&self) -> Option<Timestamp> {
        self.points
            .back()
            .map(|point| self.start.plus(Span(i64::from(point.ms))))
    }

    /// Moves the start up before the 32 bits of milliseconds run out.
    fn rebase(&mut self, now: Timestamp) {
        if now.since(self.start).0 < i64::from(u32::MAX) / 2 {
            return;
        }
        let first = self.points.front().map_or(0, |point| point.ms);
        for point in &mut self.points {
            point.ms -= first;
        }
        self.start = if self.points.is_empty() {
            now
        } else {
            self.start.plus(Span(i64::from(first)))
        };
    }
}

impl Packed {
    fn of(point: &Point, since_start: Span) -> Self {
        let tenths = |value: f64| (value * 10.0).round().clamp(0.0, f64::from(NONE - 1)) as u16;
        let degrees = |value: f64| (value * 1e7).round() as i32;
        Self {
            lon: degrees(point.position.lon),
            lat: degrees(point.position.lat),
            ms: u32::try_from(since_start.0).unwrap_or(u32::MAX),
            sog: point.sog.map_or(NONE, |sog| tenths(sog.0)),
            cog: point.cog.map_or(NONE, |cog| tenths(cog.0)),
            heading: point.heading.unwrap_or(NONE),
            status_and_feed: u16::from(point.nav_status.unwrap_or(NO_STATUS)) << FEED_BITS | point.feed.0 & FEED_MASK,
        }
    }

    fn point(self, start: Timestamp) -> Point {
        let tenths = |value: u16| (value != NONE).then(|| f64::from(value) / 10.0);
        let status = (self.status_and_feed >> FEED_BITS) as u8;
        Point {
            time: start.plus(Span(i64::from(self.ms))),
            position: Position {
                lon: f64::from(self.lon) / 1e7,
                lat: f64::from(self.lat) / 1e7,
            },
            sog: tenths(self.sog).map(Knots),
            cog: tenths(self.cog).map(Degrees),
            heading: (self.heading != NONE).then_some(self.heading),
            nav_status: (status != NO_STATUS).then_some(status),
            feed: FeedId(self.status_and_feed & FEED_MASK),
        }
    }
}
