//! The picture: all tracks now, who is near whom, and who hears them. It knows no rule.
//!
//! Who asks for boxes and the nearest is a reader, and readers never touch the core: the view answers, whose own copy
//! stands in the R-tree of [`crate::index`] (last indexed place, ε, each place looked at anew). In which polygons a vessel
//! is a watch knows, for polygons are zones. Rules ask for neighbours alone, at every report, and those the vicinity
//! finds by a cell that is computed. So no tree is kept here, which would be written to at every report and read by
//! nobody.

mod coverage;
mod groups;
mod habit;
mod stations;
mod vicinity;

pub use coverage::{Coverage, SECTORS, Sector};
pub use habit::{Habit, LONGEST_WINDOW, next_hour};
pub use stations::{
    DEAF_AFTER, Datum, FeedRecord, Learned, Sender, StationKey, StationRecord, Stations, TIMES_TOLD, Weather,
};
pub use vicinity::{Mover, Reach, Vicinity};

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::ais::Mmsi;
use crate::register::{Class, Register, Registered};
use crate::report::{Content, HashKey, KeyedState, PositionReport, Report, Said};
use crate::time::{Span, Timestamp, Wheel};
use crate::track::{Fate, Hearing, Track, TrackChange, TrackLimits, Trails};

/// Most vessels kept at once. Beyond it a sender not yet known is not tracked; `refused` counts its messages.
pub const MAX_VESSELS: usize = 1_000_000;

/// A vessel's place in the picture while it is there; places are used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slot(pub u32);

/// All tracks, found by MMSI, by who is near, and by the second at which silence changes them.
#[derive(Clone, Debug)]
pub struct Picture {
    pub limits: TrackLimits,
    pub register: Register,
    pub stations: Stations,
    state: Tracks,
    by_mmsi: HashMap<Mmsi, Slot, KeyedState>,
    vicinity: Vicinity,
}

/// All that a picture remembers; plain data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Memory {
    register: Register,
    stations: Stations,
    tracks: Tracks,
}

/// The part of the picture that is written out: the rest is found again from it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Tracks {
    slots: Vec<Option<Entry>>,
    trails: Trails,
    free: Vec<Slot>,
    timers: Wheel<Slot>,
    refused: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[repr(C)]
struct Entry {
    due_s: i64,
    timer: crate::time::TimerId,
    track: Track,
}

/// What silence did to a vessel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Faded {
    Lost(Slot),
    /// Its time is over: whoever remembers it lets go, then calls [`Picture::remove`].
    Due(Slot),
}

impl Picture {
    /// An empty picture that begins at `start`.
    pub fn new(limits: TrackLimits, register: Register, feeds: usize, start: Timestamp, key: HashKey) -> Self {
        let timers = Wheel::new(start.floor_s());
        Self {
            limits,
            register,
            stations: Stations::new(feeds, start),
            state: Tracks {
                slots: Vec::new(),
                trails: Trails::default(),
                free: Vec::new(),
                timers,
                refused: 0,
            },
            by_mmsi: HashMap::with_hasher(KeyedState::new(key)),
            vicinity: Vicinity::default(),
        }
    }

    /// A picture that goes on from what was remembered under the same hash key.
    pub fn resume(limits: TrackLimits, memory: Memory, key: HashKey) -> Self {
        let Memory {
            register,
            stations,
            tracks: state,
        } = memory;
        let taken = || {
            (0u32..)
                .zip(&state.slots)
                .filter_map(|(n, entry)| Some((Slot(n), entry.as_ref()?)))
        };
        let mut by_mmsi = HashMap::with_hasher(KeyedState::new(key));
        by_mmsi.extend(taken().map(|(slot, entry)| (entry.track.mmsi, slot)));
        let mut vicinity = Vicinity::default();
        for (slot, fix) in taken().filter_map(|(slot, entry)| Some((slot, entry.track.fix.as_ref()?))) {
            vicinity.place(slot, fix);
        }
        Self {
            limits,
            register,
            stations,
            state,
            by_mmsi,
            vicinity,
        }
    }

    /// All that it remembers.
    pub fn memory(&self) -> Memory {
        Memory {
            register: self.register.clone(),
            stations: self.stations.clone(),
            tracks: self.state.clone(),
        }
    }

    /// The service was away between these times: downtime is deafness, not silence.
    pub fn miss(&mut self, from: Timestamp, to: Timestamp) {
        self.stations.miss(from, to);
    }

    /// Enters a vessel into the register; `changed` gets those whose class it changes.
    pub fn register(&mut self, vessel: Registered, changed: &mut Vec<Slot>) {
        self.register.enter(vessel);
        for (slot, entry) in (0u32..).map(Slot).zip(&mut self.state.slots) {
            let Some(entry) = entry else { continue };
            let class = class_of(&entry.track, &self.register);
            if std::mem::replace(&mut entry.track.class, class) != class {
                changed.push(slot);
            }
        }
    }

    /// The clock was set forward by so much: nothing was heard longer ago than before.
    pub fn shift(&mut self, by: Span) {
        self.stations.shift(by);
        self.state.trails.shift(by);
        for (slot, entry) in (0u32..).map(Slot).zip(&mut self.state.slots) {
            let Some(entry) = entry else { continue };
            entry.track.shift(by);
            if let Some(fix) = &entry.track.fix {
                self.vicinity.place(slot, fix);
            }
        }
    }

    /// All seconds up to this one have passed.
    pub fn pass(&mut self, second: i64) {
        self.stations.pass(second);
    }

    /// Finds the senders of reports to come, and touches what these will change: nearly all of the time goes to waiting
    /// for memory, and what is looked for together is waited for together.
    pub fn look_ahead<'r>(&self, reports: impl Iterator<Item = &'r Report>, senders: &mut Vec<Slot>) {
        senders.clear();
        senders.extend(reports.filter_map(|report| self.find(report.said.as_ref()?.mmsi)));
        let tracks = || senders.iter().map(|slot| self.track(*slot));
        let seen = tracks().fold(0, |seen, track| seen ^ track.glance());
        let trails = tracks().fold(0, |seen, track| seen ^ self.state.trails.glance(&track.trail));
        let around = senders.iter().fold(0, |seen, slot| seen ^ self.vicinity.glance(*slot));
        std::hint::black_box((seen, trails, around));
    }

    /// Takes a report, received then; tells which vessel's track it changed, and how.
    pub fn apply<'r>(&mut self, report: &'r Report, received: Timestamp) -> Option<(Slot, TrackChange<'r>)> {
        let deaf = self.stations.hear(report, received);
        let said = report.said.as_ref()?;
        if said.content == Content::Again {
            let slot = self.find(said.mmsi)?;
            let track = &mut self.state.entry_mut(slot).track;
            track.hearers.hear(report.station, report.time);
            return None;
        }
        let slot = self.slot_of(said, report)?;
        let hearing = Hearing {
            time: report.time,
            station: report.station,
            deaf,
            message_type: said.message_type,
        };
        let entry = self.state.entry_mut(slot);
        entry.track.last_heard = entry.track.last_heard.max(report.time);
        entry.track.last_station = report.station;
        entry.track.simulated = report.simulated;
        entry.track.hearers.hear(report.station, report.time);
        let change = self.apply_content(slot, &said.content, &hearing);
        if change.fate == Some(Fate::Accepted) {
            let fix = self.track(slot).fix.as_ref();
            let antenna = self
                .limits
                .antennas
                .get(usize::from(report.station.feed.0))
                .copied()
                .flatten();
            self.stations.accept(report, fix.map(|fix| fix.position), antenna);
        }
        Some((slot, change))
    }

    fn apply_content<'r>(&mut self, slot: Slot, content: &'r Content, hearing: &Hearing) -> TrackChange<'r> {
        let mut change = TrackChange::default();
        let entry = self.state.entry_mut(slot);
        if let Content::Static(statics) | Content::PositionAndStatic(_, statics) = content {
            change.statics = Some(entry.track.describe(statics, hearing, self.by_mmsi.hasher()));
            entry.track.class = class_of(&entry.track, &self.register);
        }
        match content {
            Content::Position(position) | Content::PositionAndStatic(position, _) => {
                let fate = self.move_vessel(slot, position, hearing);
                change.fate = Some(fate);
                let sends_status = matches!(hearing.message_type, 1..=3) && fate != Fate::Late;
                change.status_sent = position.nav_status.filter(|_| sends_status);
            }
            Content::Place(place) => self.state.entry_mut(slot).track.stand_at(*place),
            Content::SafetyText(text) => change.text = Some(text),
            Content::Static(_) | Content::Weather(_) | Content::Other | Content::Again => {}
        }
        change
    }

    fn move_vessel(&mut self, slot: Slot, report: &PositionReport, hearing: &Hearing) -> Fate {
        let Tracks { slots, trails, .. } = &mut self.state;
        let track = &mut taken(slots, slot).track;
        let fate = track.move_to(report, hearing, &self.limits, trails);
        if fate == Fate::Accepted {
            let fix = track.fix.as_ref().expect("an accepted report has a position");
            self.vicinity.place(slot, fix);
            self.state.wake_no_later(slot, &self.limits);
        }
        fate
    }

    /// The sender's slot, a new one if it is not yet known and there is room.
    fn slot_of(&mut self, said: &Said, report: &Report) -> Option<Slot> {
        if let Some(slot) = self.by_mmsi.get(&said.mmsi) {
            return Some(*slot);
        }
        if self.by_mmsi.len() >= MAX_VESSELS {
            self.state.refused += 1;
            return None;
        }
        let mut track = Track::new(said.mmsi, report.time, report.station);
        track.class = class_of(&track, &self.register);
        let slot = self.state.insert(track, &self.limits);
        self.by_mmsi.insert(said.mmsi, slot);
        Some(slot)
    }

    /// What silence changes at the first second up to `now_s` at which it may change anything: that second, with what
    /// happened in `faded`, in slot order.
    pub fn fade(&mut self, now_s: i64, due: &mut Vec<Slot>, faded: &mut Vec<Faded>) -> Option<i64> {
        faded.clear();
        let second = self.state.timers.pass(now_s, due)?;
        let now = Timestamp::from_s(second);
        for &slot in due.iter() {
            let entry = self.state.entry_mut(slot);
            if now >= entry.track.removed_at(&self.limits) {
                faded.push(Faded::Due(slot));
                continue;
            }
            if !entry.track.lost && entry.track.lost_at(&self.limits).is_some_and(|at| now >= at) {
                entry.track.lost = true;
                faded.push(Faded::Lost(slot));
            }
            self.state.rearm(slot, &self.limits);
        }
        Some(second)
    }

    /// A second before which silence changes nothing.
    pub fn quiet_until(&self) -> Option<i64> {
        self.state.timers.earliest()
    }

    /// Takes a vessel that is [`Faded::Due`] out of the picture.
    pub fn remove(&mut self, slot: Slot) -> Track {
        let mut entry = self.state.slots[slot.0 as usize]
            .take()
            .expect("a slot that is due is taken");
        self.state.trails.forget(&mut entry.track.trail);
        self.vicinity.remove(slot);
        self.by_mmsi.remove(&entry.track.mmsi);
        self.state.free.push(slot);
        entry.track
    }

    /// The track in a slot; the slot must be taken.
    pub fn track(&self, slot: Slot) -> &Track {
        &self.state.slots[slot.0 as usize]
            .as_ref()
            .expect("slots are asked for while they are taken")
            .track
    }

    /// The track in a slot, if it is taken.
    pub fn get(&self, slot: Slot) -> Option<&Track> {
        self.state
            .slots
            .get(slot.0 as usize)?
            .as_ref()
            .map(|entry| &entry.track)
    }

    /// Where a vessel's track is, by MMSI.
    pub fn find(&self, mmsi: Mmsi) -> Option<Slot> {
        self.by_mmsi.get(&mmsi).copied()
    }

    /// All taken slots, in slot order.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        (0u32..)
            .zip(&self.state.slots)
            .filter(|(_, entry)| entry.is_some())
            .map(|(n, _)| Slot(n))
    }

    /// How many vessels there are.
    pub fn len(&self) -> usize {
        self.by_mmsi.len()
    }

    /// Whether there is no vessel.
    pub fn is_empty(&self) -> bool {
        self.by_mmsi.is_empty()
    }

    /// Who is near whom.
    pub fn vicinity(&self) -> &Vicinity {
        &self.vicinity
    }

    /// Where the tracks' trails stand.
    pub fn trails(&self) -> &Trails {
        &self.state.trails
    }

    /// Messages of senders that found no room.
    pub fn refused(&self) -> u64 {
        self.state.refused
    }
}

impl Tracks {
    fn entry_mut(&mut self, slot: Slot) -> &mut Entry {
        taken(&mut self.slots, slot)
    }

    fn insert(&mut self, track: Track, limits: &TrackLimits) -> Slot {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            Slot(u32::try_from(self.slots.len() - 1).expect("vessels are bounded"))
        });
        let due_s = next_change(&track, limits).ceil_s();
        let timer = self.timers.set(due_s, slot);
        self.slots[slot.0 as usize] = Some(Entry { track, timer, due_s });
        slot
    }

    /// Sets the timer of a vessel whose timer has just passed.
    fn rearm(&mut self, slot: Slot, limits: &TrackLimits) {
        let due_s = next_change(&self.entry_mut(slot).track, limits).ceil_s();
        let timer = self.timers.set(due_s, slot);
        let entry = self.entry_mut(slot);
        entry.timer = timer;
        entry.due_s = due_s;
    }

    /// Brings a vessel's timer forward if silence would change it sooner than the timer says.
    fn wake_no_later(&mut self, slot: Slot, limits: &TrackLimits) {
        let entry = self.entry_mut(slot);
        if next_change(&entry.track, limits).ceil_s() < entry.due_s {
            let timer = entry.timer;
            self.timers.cancel(timer);
            self.rearm(slot, limits);
        }
    }
}

fn taken(slots: &mut [Option<Entry>], slot: Slot) -> &mut Entry {
    slots[slot.0 as usize]
        .as_mut()
        .expect("slots are asked for while they are taken")
}

/// The middle of numbers in order.
fn median(ordered: &[f64]) -> Option<f64> {
    let upper = ordered.get(ordered.len() / 2)?;
    Some(f64::midpoint(ordered[(ordered.len() - 1) / 2], *upper))
}

/// When silence next changes a vessel: lost, or gone.
fn next_change(track: &Track, limits: &TrackLimits) -> Timestamp {
    let removed = track.removed_at(limits);
    track
        .lost_at(limits)
        .filter(|_| !track.lost)
        .map_or(removed, |lost| lost.min(removed))
}

/// A vessel's class, by the first that knows it: the register, the identity's form, the ship type.
fn class_of(track: &Track, register: &Register) -> Class {
    register
        .class(track.mmsi, track.statics.imo.value)
        .or_else(|| track.mmsi.form().and_then(|(kind, _)| Class::of_kind(kind)))
        .unwrap_or_else(|| Class::of_ship_type(track.statics.ship_type.value))
}
