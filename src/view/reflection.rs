//! The copy itself: rows, places, trails, alerts and feeds as of the last batch.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, OnceLock};

use arrayvec::ArrayString;

use super::told::Told;
use super::trail::{self, Point, Trail};
use crate::ais::Mmsi;
use crate::alerts::{Alert, AlertChange, Shelf, State, Transition};
use crate::clock;
use crate::engine::{Batch, FeedRow, StationRow};
use crate::geo::{self, Degrees, Metres, Position};
use crate::index::Index;
use crate::picture::StationKey;
use crate::report::{FeedId, Station};
use crate::time::Timestamp;
use crate::traffic::{Event, Particulars, VesselRow};
use crate::watch::Editions;

/// Closed alerts kept; the one closed longest ago goes.
pub const CLOSED_ALERTS: usize = 10_000;

/// A vessel's row as it was at some moment. A change makes another.
#[derive(Debug)]
pub struct Shown {
    pub row: VesselRow,
    /// Unlike that of any other row shown by this view.
    pub version: u64,
    /// Where whoever serves it keeps its encoding, made once for all readers.
    pub encoded: OnceLock<Box<[u8]>>,
}

/// Everything readers are shown.
#[derive(Debug, Default)]
pub struct Reflection {
    /// Number of the last batch applied.
    pub number: u64,
    pub clock: Timestamp,
    pub ready: bool,
    /// When the last batch came.
    pub heard: Option<Timestamp>,
    /// Changes whenever [`Self::all`] or the clock's second does.
    pub change: u64,
    /// Counts the transitions that people decided: whoever decided one must see it in what is read next.
    pub decisions: u64,
    pub told: Told,
    /// In the order of their ids.
    pub shelves: Arc<[Shelf]>,
    /// The versions of rules and zones.
    pub editions: Arc<Editions>,
    /// Number under which they were told.
    editions_told: u64,
    /// Rows shown so far.
    rows: u64,
    vessels: BTreeMap<Mmsi, Ship>,
    /// How many vessels each station heard last.
    heard_by: BTreeMap<Placer, u32>,
    index: Index<Mmsi>,
    alerts: BTreeMap<Arc<str>, Arc<Alert>>,
    closed: VecDeque<Arc<str>>,
    transitions: BTreeMap<(Arc<str>, Transition), u64>,
    feeds: BTreeMap<FeedId, Feed>,
    stations: BTreeMap<StationKey, StationRow>,
    /// Vessels that changed since the last batch was told.
    untold: Vec<Mmsi>,
    untold_removed: Vec<Mmsi>,
}

/// The feed and the source that brought a vessel's position.
type Placer = (FeedId, Option<ArrayString<32>>);

#[derive(Debug)]
struct Ship {
    shown: Arc<Shown>,
    /// Number of the batch that told its row.
    told: u64,
    /// Stands in `untold`.
    untold: bool,
    indexed: Option<Position>,
    trail: Trail,
    particulars: Option<Arc<Particulars>>,
}

#[derive(Debug)]
struct Feed {
    row: FeedRow,
    told: u64,
    /// Its counters changed since it was told.
    untold: bool,
}

/// A vessel near a place.
#[derive(Clone, Debug)]
pub struct Near {
    pub shown: Arc<Shown>,
    pub distance: Metres,
    /// True bearing from the place.
    pub bearing: Degrees,
}

/// An area of the chart; one whose west is east of its east goes over the antimeridian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
}

impl Area {
    /// Its south-west and north-east corners.
    fn corners(&self) -> (Position, Position) {
        let corner = |lon, lat| Position { lon, lat };
        (corner(self.west, self.south), corner(self.east, self.north))
    }

    /// Whether the place is inside or on the edge.
    pub fn contains(&self, place: Position) -> bool {
        let between = if self.west <= self.east {
            place.lon >= self.west && place.lon <= self.east
        } else {
            place.lon >= self.west || place.lon <= self.east
        };
        between && place.lat >= self.south && place.lat <= self.north
    }
}

impl Reflection {
    /// All vessels by MMSI.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Shown>> {
        self.vessels.values().map(|ship| &ship.shown)
    }

    /// How many vessels there are.
    pub fn vessels(&self) -> usize {
        self.vessels.len()
    }

    /// One vessel.
    pub fn vessel(&self, mmsi: Mmsi) -> Option<&Arc<Shown>> {
        self.vessels.get(&mmsi).map(|ship| &ship.shown)
    }

    /// One vessel's static data and earlier identities, if it sent any.
    pub fn particulars(&self, mmsi: Mmsi) -> Option<&Arc<Particulars>> {
        self.vessels.get(&mmsi)?.particulars.as_ref()
    }

    /// The name of a station in tag blocks, if it has one and has been told of: at most a second after it is first heard.
    pub fn source(&self, station: Station) -> Option<&str> {
        self.stations
            .get(&StationKey::Receiver(station))?
            .record
            .source
            .as_deref()
    }

    /// How many vessels there are whose position came last from this feed and source.
    pub fn placed_by(&self, feed: FeedId, source: Option<ArrayString<32>>) -> u32 {
        self.heard_by.get(&(feed, source)).copied().unwrap_or(0)
    }

    /// A vessel's trail within the times, oldest first.
    pub fn trail(&self, mmsi: Mmsi, from: Timestamp, to: Timestamp) -> Option<Vec<Point>> {
        let ship = self.vessels.get(&mmsi)?;
        Some(ship.trail.between(from, to).collect())
    }

    /// The vessels in the box, by MMSI.
    pub fn in_box(&self, area: Area) -> Vec<Arc<Shown>> {
        let inside = |mmsi| {
            let shown = self.vessel(mmsi)?;
            area.contains(shown.row.position?).then(|| shown.clone())
        };
        let mut found: Vec<_> = self.candidates(area.corners()).filter_map(inside).collect();
        found.sort_unstable_by_key(|shown| shown.row.mmsi);
        found.dedup_by_key(|shown| shown.row.mmsi);
        found
    }

    /// The vessels within the distance, or however far, nearest first, at most `most`, and how many there are.
    pub fn near(&self, place: Position, within: Option<Metres>, most: usize) -> (Vec<Near>, usize) {
        let position = |mmsi| self.vessel(mmsi)?.row.position;
        let (found, total) = match within {
            Some(within) => {
                let mut found: Vec<_> = self
                    .candidates(geo::box_around(place, within))
                    .filter_map(|mmsi| Some((geo::distance(place, position(mmsi)?), mmsi)))
                    .filter(|(distance, _)| *distance <= within)
                    .collect();
                found.sort_unstable_by(|a, b| a.0.0.total_cmp(&b.0.0).then(a.1.cmp(&b.1)));
                found.dedup_by_key(|(_, mmsi)| *mmsi);
                let total = found.len();
                found.truncate(most);
                (found, total)
            }
            None => (self.index.nearest(place, most, position), self.index.len()),
        };
        let near = |(distance, mmsi)| {
            let shown = self.vessel(mmsi)?.clone();
            let bearing = geo::bearing(place, shown.row.position?);
            Some(Near {
                shown,
                distance,
                bearing,
            })
        };
        (found.into_iter().filter_map(near).collect(), total)
    }

    /// Vessels that may be between the corners.
    fn candidates(&self, (south_west, north_east): (Position, Position)) -> impl Iterator<Item = Mmsi> + '_ {
        self.index.in_box(south_west, north_east)
    }

    /// Vessels whose last change was told after `number`, from `from` on by MMSI.
    pub fn told_after(&self, number: u64, from: Mmsi) -> impl Iterator<Item = &Arc<Shown>> {
        self.vessels
            .range(from..)
            .filter(move |(_, ship)| ship.told > number)
            .map(|(_, ship)| &ship.shown)
    }

    /// Every alert that is known, by id.
    pub fn alerts(&self) -> impl Iterator<Item = &Arc<Alert>> {
        self.alerts.values()
    }

    /// One alert.
    pub fn alert(&self, id: &str) -> Option<&Arc<Alert>> {
        self.alerts.get(id)
    }

    /// How often each rule's alerts made each transition.
    pub fn transitions(&self) -> &BTreeMap<(Arc<str>, Transition), u64> {
        &self.transitions
    }

    /// The feeds in the order of the configuration.
    pub fn feeds(&self) -> impl Iterator<Item = &FeedRow> {
        self.feeds.values().map(|feed| &feed.row)
    }

    /// The receivers by feed and source, then weather stations by MMSI.
    pub fn stations(&self) -> impl Iterator<Item = &StationRow> {
        self.stations.values()
    }

    /// The versions of rules and zones, if they were told after `number`.
    pub fn editions_told_after(&self, number: u64) -> Option<Arc<Editions>> {
        (self.editions_told > number).then(|| self.editions.clone())
    }

    /// Feeds told after `number`.
    pub fn feeds_told_after(&self, number: u64) -> impl Iterator<Item = &FeedRow> {
        self.feeds
            .values()
            .filter(move |feed| feed.told > number)
            .map(|feed| &feed.row)
    }

    pub(super) fn apply(&mut self, batch: Batch) {
        let second_passed = batch.clock.floor_s() != self.clock.floor_s();
        self.number = batch.number;
        self.clock = batch.clock;
        self.ready = batch.ready;
        self.heard = Some(clock::now());
        let mut vessels_changed = false;
        for event in batch.events {
            match event {
                Event::Vessel(row) => {
                    vessels_changed = true;
                    self.show(row);
                }
                Event::Particulars(particulars) => {
                    if let Some(ship) = self.vessels.get_mut(&particulars.mmsi) {
                        ship.particulars = Some(Arc::from(particulars));
                    }
                }
                Event::Removed(mmsi) => {
                    vessels_changed = true;
                    self.remove(mmsi);
                }
                Event::Alert(change) => self.settle(change),
                Event::Forgotten(id) => self.forget(&id),
            }
        }
        for alert in batch.known {
            if alert.state == State::Closed && !self.alerts.contains_key(&alert.id) {
                self.closed.push_back(alert.id.clone());
            }
            self.alerts.insert(alert.id.clone(), alert);
        }
        self.shelves = batch.shelves;
        if let Some(editions) = batch.editions {
            self.editions = editions;
            self.editions_told = self.told.other();
        }
        for row in batch.feeds {
            self.hear(row);
        }
        self.stations
            .extend(batch.stations.into_iter().map(|row| (row.key, row)));
        for key in batch.stations_gone {
            self.stations.remove(&key);
        }
        if vessels_changed || second_passed {
            self.change += 1;
        }
    }

    /// Whether something waits to be told.
    pub(super) fn waits(&self) -> bool {
        !self.untold.is_empty() || !self.untold_removed.is_empty() || self.feeds.values().any(|feed| feed.untold)
    }

    /// Tells the vessels that changed since the last time, and with `counters` the feeds' counters.
    pub(super) fn tell(&mut self, counters: bool) {
        let untold = std::mem::take(&mut self.untold);
        let removed = std::mem::take(&mut self.untold_removed);
        let changed: Vec<_> = untold
            .iter()
            .filter_map(|mmsi| Some(self.vessels.get(mmsi)?.shown.clone()))
            .collect();
        if !changed.is_empty() || !removed.is_empty() {
            let number = self.told.batch(self.clock, changed, removed);
            for mmsi in untold {
                if let Some(ship) = self.vessels.get_mut(&mmsi) {
                    ship.untold = false;
                    ship.told = number;
                }
            }
        }
        for feed in self.feeds.values_mut().filter(|feed| counters && feed.untold) {
            feed.told = self.told.other();
            feed.untold = false;
        }
    }

    fn show(&mut self, row: VesselRow) {
        let mmsi = row.mmsi;
        let most = trail::share(self.vessels.len());
        self.rows += 1;
        let shown = Arc::new(Shown {
            row,
            version: self.rows,
            encoded: OnceLock::new(),
        });
        let known = self.vessels.get(&mmsi).map(|ship| &ship.shown.row);
        count_anew(&mut self.heard_by, known, Some(&shown.row));
        let ship = self.vessels.entry(mmsi).or_insert_with(|| Ship {
            shown: shown.clone(),
            told: 0,
            untold: false,
            indexed: None,
            trail: Trail::default(),
            particulars: None,
        });
        match (ship.indexed, shown.row.position) {
            (indexed, Some(position)) => ship.indexed = Some(self.index.place(mmsi, indexed, position)),
            (Some(indexed), None) => {
                self.index.remove(mmsi, indexed);
                ship.indexed = None;
            }
            (None, None) => {}
        }
        ship.trail.follow(&shown.row, most);
        ship.shown = shown;
        if !ship.untold {
            ship.untold = true;
            self.untold.push(mmsi);
        }
        self.untold_removed.retain(|removed| *removed != mmsi);
    }

    /// Has a vessel's trail go on where an older one ends, if the vessel is still there.
    pub(super) fn recall(&mut self, mmsi: Mmsi, older: Trail) {
        let most = trail::share(self.vessels.len());
        if let Some(ship) = self.vessels.get_mut(&mmsi) {
            ship.trail.go_on_from(older, most);
        }
    }

    fn remove(&mut self, mmsi: Mmsi) {
        let Some(ship) = self.vessels.remove(&mmsi) else { return };
        count_anew(&mut self.heard_by, Some(&ship.shown.row), None);
        if let Some(indexed) = ship.indexed {
            self.index.remove(mmsi, indexed);
        }
        if ship.untold {
            self.untold.retain(|untold| *untold != mmsi);
        }
        self.untold_removed.push(mmsi);
    }

    fn settle(&mut self, change: AlertChange) {
        let alert = change.alert.clone();
        *self
            .transitions
            .entry((alert.rule.clone(), change.transition))
            .or_default() += 1;
        let decided = [Transition::Acknowledged, Transition::Shelved, Transition::Unshelved];
        self.decisions += u64::from(decided.contains(&change.transition));
        let closed = alert.state == State::Closed;
        let before = self.alerts.insert(alert.id.clone(), alert.clone());
        if closed && before.is_none_or(|before| before.state != State::Closed) {
            self.closed.push_back(alert.id.clone());
        }
        if self.closed.len() > CLOSED_ALERTS
            && let Some(oldest) = self.closed.pop_front()
        {
            self.alerts.remove(&oldest);
        }
        self.told.alert(change);
    }

    /// A closed alert is no longer known; most often it is the one closed longest ago.
    fn forget(&mut self, id: &str) {
        self.alerts.remove(id);
        if let Some(at) = self.closed.iter().position(|closed| **closed == *id) {
            self.closed.remove(at);
        }
    }

    /// A change of state is told at once, counters once a second.
    fn hear(&mut self, row: FeedRow) {
        let feed = self.feeds.entry(row.feed).or_insert_with(|| Feed {
            row: row.clone(),
            told: 0,
            untold: false,
        });
        let same = feed.told > 0
            && (feed.row.state, &feed.row.error, feed.row.reconnects) == (row.state, &row.error, row.reconnects);
        if same {
            feed.untold = true;
        } else {
            feed.told = self.told.other();
            feed.untold = false;
        }
        feed.row = row;
    }
}

/// Counts a vessel with the station that brought its position, and no longer with the one that did before.
fn count_anew(counts: &mut BTreeMap<Placer, u32>, before: Option<&VesselRow>, now: Option<&VesselRow>) {
    let placer = |row: &VesselRow| row.position_time.map(|_| (row.feed, row.source));
    let (before, now) = (before.and_then(placer), now.and_then(placer));
    if before == now {
        return;
    }
    if let Some(before) = before
        && let Some(count) = counts.get_mut(&before)
    {
        *count -= 1;
        if *count == 0 {
            counts.remove(&before);
        }
    }
    if let Some(now) = now {
        *counts.entry(now).or_default() += 1;
    }
}
