//! Who may come near whom: every vessel's last motion, packed, and found by place and speed.
//!
//! An R-tree finds the few in a box among all; here every accepted report asks for its neighbours, so a vessel's cell of
//! a tenth of a degree is computed, not searched, and a first look needs no more than what stands in the cell. All of it
//! follows from the tracks, and is not written out.

use arrayvec::ArrayVec;

use super::Slot;
use super::groups::{At, Entry, GROUP, Group, Groups, NO_GROUP};
use crate::geo::{Approach, Knots, METRES_PER_DEG, MS_PER_KN, Metres, Motion, Plane, Position, box_around, velocity};
use crate::time::Timestamp;
use crate::track::Fix;

/// Cells a degree, each way, and so of a tile.
const SIDE: usize = 10;
/// Tiles around the Earth, and from pole to pole.
const TILES: (usize, usize) = (360, 180);
/// "No cells yet" in the directory of tiles.
const NO_CELLS: u32 = u32::MAX;
/// Vessels stand in layers by speed, up to so many knots, so that those who lie still need not be looked at by each
/// other, and a few fast ones do not widen the search among many slow ones: at rest, ships, fast craft, aircraft (1022
/// knots at most, ITU-R M.1371-5, table 48).
const LAYERS_KN: [f32; 4] = [0.95, 20.0, 103.0, 1023.0];
/// Metres by which a first look may be wrong: places and times are rounded, to 1 m and a sixteenth of a second.
const SLACK_M: f32 = 60.0;
/// Groups touched at once.
const AT_ONCE: usize = 32;
/// Ticks of the first look's clock in a second.
const TICKS: i64 = 16;
/// Degrees of latitude over which the length of a degree of longitude is taken to change evenly.
const EVEN_DEG: f64 = 0.5;

/// A vessel's last accepted report, as far as coming near another depends on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mover {
    /// Without a velocity, where it was and no more.
    pub motion: Motion,
    /// Metres in a degree of longitude there.
    east_m_per_deg: f64,
    sog: Knots,
    /// Its place among the groups.
    at: At,
    has_sog: bool,
    /// It can be carried on: SOG, and COG if it moves, were sent.
    pub carries_on: bool,
    /// At anchor (1) or moored (5).
    pub moored: bool,
}

/// Which pairs a search is for: those that carried on from their reports ...
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// ... will pass each other at this distance or nearer, ...
    pub passing: Metres,
    /// ... within so many seconds, ...
    pub within_s: f64,
    /// ... and come within so many metres of each other ...
    pub range: Metres,
    /// ... no more than so many seconds after the older report, ...
    pub ahead_s: f64,
    /// ... if at least one makes this speed.
    pub min_sog: Knots,
    /// And those that reported within so many metres of each other.
    pub close: Metres,
}

/// All vessels by place and speed.
#[derive(Clone, Debug)]
pub struct Vicinity {
    movers: Vec<Option<Mover>>,
    layers: [Layer; LAYERS_KN.len()],
    groups: Groups,
    vessels: usize,
}

/// A cell's column and row, from 180° W and 90° S.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Cell {
    x: u16,
    y: u16,
}

/// The cells of vessels of like speed. Cells of a tile are made when its first vessel comes, 400 bytes for each square
/// degree that any was ever in.
#[derive(Clone, Debug)]
struct Layer {
    directory: Vec<u32>,
    /// The first group of each cell; all behind it are full.
    cells: Vec<u32>,
    vessels: usize,
}

impl Mover {
    /// What an accepted report tells.
    pub fn of(fix: &Fix) -> Self {
        let carried = velocity(fix.sog, fix.cog);
        Self {
            motion: Motion {
                time: fix.time,
                position: fix.position,
                velocity: carried.unwrap_or_default(),
            },
            east_m_per_deg: Plane::around(fix.position).metres_per_deg()[0],
            sog: fix.sog.unwrap_or_default(),
            at: At::default(),
            has_sog: fix.sog.is_some(),
            carries_on: carried.is_some(),
            moored: matches!(fix.nav_status, Some(1 | 5)),
        }
    }

    /// Its SOG, if it sent one.
    pub fn sog(&self) -> Option<Knots> {
        self.has_sog.then_some(self.sog)
    }

    /// How another moves as seen from this one, with the mean of two cosines of latitude for the cosine of the middle
    /// one: over 200 km that is no more than 30 m off.
    pub fn approach_at_a_glance(&self, other: &Self) -> Approach {
        let east = (self.east_m_per_deg + other.east_m_per_deg) / 2.0;
        Approach::scaled(&self.motion, &other.motion, [east, METRES_PER_DEG])
    }

    /// How far another's last place is from this one's, by the same means: over 10 km no more than 20 m off.
    pub fn apart_at_a_glance(&self, other: &Self) -> Metres {
        let at_once = Motion {
            time: self.motion.time,
            ..other.motion
        };
        let east = (self.east_m_per_deg + other.east_m_per_deg) / 2.0;
        Approach::scaled(&self.motion, &at_once, [east, METRES_PER_DEG]).distance_after(0.0)
    }

    fn entry(&self, slot: Slot) -> Entry {
        let Motion {
            time,
            position,
            velocity,
        } = self.motion;
        Entry {
            lon: position.lon as f32,
            lat: position.lat as f32,
            east_ms: velocity.x as f32,
            north_ms: velocity.y as f32,
            sog_kn: self.sog.0 as f32,
            heard: ticks(time),
            slot,
            carries_on: self.carries_on,
            moored: self.moored,
        }
    }

    /// The layer and the cell it stands in.
    fn stands(&self) -> (usize, Cell) {
        let layer = LAYERS_KN.iter().position(|fastest| self.sog.0 as f32 <= *fastest);
        (layer.unwrap_or(LAYERS_KN.len() - 1), Cell::of(self.motion.position))
    }
}

impl Reach {
    /// What finds the pairs of both.
    pub fn or(self, other: Self) -> Self {
        let farther = |a: Metres, b: Metres| Metres(a.0.max(b.0));
        Self {
            passing: farther(self.passing, other.passing),
            within_s: self.within_s.max(other.within_s),
            range: farther(self.range, other.range),
            ahead_s: self.ahead_s.max(other.ahead_s),
            min_sog: Knots(self.min_sog.0.min(other.min_sog.0)),
            close: farther(self.close, other.close),
        }
    }
}

impl Default for Vicinity {
    fn default() -> Self {
        let layer = |_| Layer {
            directory: vec![NO_CELLS; TILES.0 * TILES.1],
            cells: Vec::new(),
            vessels: 0,
        };
        Self {
            movers: Vec::new(),
            layers: std::array::from_fn(layer),
            groups: Groups::default(),
            vessels: 0,
        }
    }
}

impl Vicinity {
    /// The last motion of a vessel that has a position.
    pub fn mover(&self, slot: Slot) -> Option<&Mover> {
        self.movers.get(slot.0 as usize)?.as_ref()
    }

    /// Touches what a report of the vessel will change.
    pub(super) fn glance(&self, slot: Slot) -> u32 {
        self.mover(slot).map_or(0, |mover| self.groups.glance(mover.at))
    }

    /// How many vessels have a position.
    pub fn len(&self) -> usize {
        self.vessels
    }

    /// Whether none has.
    pub fn is_empty(&self) -> bool {
        self.vessels == 0
    }

    /// How far apart the last places of any pair within reach may be that this one makes.
    pub fn farthest(&self, mover: &Mover, reach: &Reach) -> Metres {
        let peopled = self
            .layers
            .iter()
            .zip(LAYERS_KN)
            .rev()
            .find(|(layer, _)| layer.vessels > 0);
        let fastest = peopled.map_or(0.0, |(_, fastest)| f64::from(fastest));
        farthest(mover.sog.0, fastest, reach)
    }

    /// A vessel's report was accepted.
    pub fn place(&mut self, slot: Slot, fix: &Fix) {
        let n = slot.0 as usize;
        if self.movers.len() <= n {
            self.movers.resize(n + 1, None);
        }
        let mut mover = Mover::of(fix);
        let (layer, cell) = mover.stands();
        let before = self.movers[n].filter(|before| before.stands() == (layer, cell));
        if let Some(before) = before {
            mover.at = before.at;
            self.groups.set(before.at, &mover.entry(slot));
        } else {
            self.remove(slot);
            self.vessels += 1;
            self.layers[layer].vessels += 1;
            let first = self.layers[layer].first_mut(cell);
            mover.at = self.groups.push(first, &mover.entry(slot));
        }
        self.movers[n] = Some(mover);
    }

    /// A vessel has left the picture.
    pub fn remove(&mut self, slot: Slot) {
        let Some(mover) = self.movers.get_mut(slot.0 as usize).and_then(Option::take) else {
            return;
        };
        let (layer, cell) = mover.stands();
        self.vessels -= 1;
        let layer = &mut self.layers[layer];
        layer.vessels -= 1;
        let moved = self.groups.remove(layer.first_mut(cell), mover.at);
        if let Some(other) = &mut self.movers[moved.0 as usize] {
            other.at = mover.at;
        }
    }

    /// All vessels that make a pair within reach with this one, in no order, and some that do not.
    pub fn near(&self, slot: Slot, reach: &Reach, found: &mut Vec<Slot>) {
        found.clear();
        let Some(own) = self.mover(slot) else { return };
        let look = Look::around(own, slot, reach);
        for (layer, fastest) in self.layers.iter().zip(LAYERS_KN) {
            let farthest = farthest(own.sog.0, f64::from(fastest), reach);
            if layer.vessels == 0 || farthest.0 <= 0.0 {
                continue;
            }
            let (south_west, north_east) = box_around(own.motion.position, farthest);
            let (west, east) = (Cell::of(south_west), Cell::of(north_east));
            if south_west.lon <= north_east.lon {
                layer.look(&self.groups, west, east, &look, found);
            } else {
                let x = (TILES.0 * SIDE - 1) as u16;
                layer.look(&self.groups, west, Cell { x, ..east }, &look, found);
                layer.look(&self.groups, Cell { x: 0, ..west }, east, &look, found);
            }
        }
    }
}

/// What a search looks for around a vessel.
struct Look {
    own: Entry,
    /// Metres in a degree of longitude half way to another, and how much more for each degree that it is farther north.
    east_m_per_deg: [f32; 2],
    passing_m: f32,
    within_s: f32,
    range_m: f32,
    ahead_s: f32,
    min_sog_kn: f32,
    close_m: f32,
}

impl Look {
    fn around(own: &Mover, slot: Slot, reach: &Reach) -> Self {
        let east_m_per_deg = |north: f64| {
            let at = Position {
                lat: own.motion.position.lat + north,
                ..own.motion.position
            };
            Plane::around(at).metres_per_deg()[0]
        };
        let change = (east_m_per_deg(EVEN_DEG) - east_m_per_deg(-EVEN_DEG)) / (2.0 * EVEN_DEG);
        Self {
            own: own.entry(slot),
            east_m_per_deg: [own.east_m_per_deg as f32, (change / 2.0) as f32],
            passing_m: reach.passing.0 as f32 + SLACK_M,
            within_s: reach.within_s as f32,
            range_m: reach.range.0 as f32 + SLACK_M,
            ahead_s: reach.ahead_s as f32 + 1.0,
            min_sog_kn: reach.min_sog.0 as f32,
            close_m: if reach.close.0 > 0.0 {
                reach.close.0 as f32 + SLACK_M
            } else {
                0.0
            },
        }
    }

    fn through(&self, groups: &mut ArrayVec<&Group, AT_ONCE>, found: &mut Vec<Slot>) {
        for group in groups.drain(..) {
            let seen: [bool; GROUP] = std::array::from_fn(|place| self.sees(group, place));
            if seen != [false; GROUP] {
                let slots = group.slots.iter().zip(seen).filter(|(_, is_seen)| *is_seen);
                found.extend(slots.map(|(slot, _)| *slot).filter(|slot| *slot != self.own.slot));
            }
        }
    }

    /// Whether a vessel of a group is close, or will pass within reach. Nothing here is left out early: so all of a
    /// group are computed at once.
    #[inline]
    fn sees(&self, group: &Group, place: usize) -> bool {
        let own = &self.own;
        let lon = match group.lon[place] - own.lon {
            lon if lon > 180.0 => lon - 360.0,
            lon if lon < -180.0 => lon + 360.0,
            lon => lon,
        };
        let lat = group.lat[place] - own.lat;
        let east = lon * (self.east_m_per_deg[0] + self.east_m_per_deg[1] * lat);
        let north = lat * METRES_PER_DEG as f32;
        let is_close = east * east + north * north <= self.close_m * self.close_m;
        let is_pair = (greater(own.sog_kn, group.sog_kn[place]) >= self.min_sog_kn)
            & (own.carries_on & group.carries_on[place])
            & !(own.moored & group.moored[place]);
        // As seen from here at the time of the own report; it may be the older one.
        let age_s = own.heard.wrapping_sub(group.heard[place]) as i32 as f32 / TICKS as f32;
        let (east_ms, north_ms) = (group.east_ms[place], group.north_ms[place]);
        let (east, north) = (east + east_ms * age_s, north + north_ms * age_s);
        let (east_ms, north_ms) = (east_ms - own.east_ms, north_ms - own.north_ms);
        let until_s = self.ahead_s - greater(age_s, 0.0);
        let speed = (east_ms * east_ms + north_ms * north_ms).sqrt();
        let nearing = -(east * east_ms + north * north_ms);
        let across = (east * north_ms - north * east_ms).abs();
        let within_m = self.range_m + speed * until_s;
        let will_pass = (until_s >= 0.0)
            & (across <= self.passing_m * speed)
            & (nearing >= (greater(-age_s, 0.0) * speed - SLACK_M) * speed)
            & (nearing <= ((self.within_s + until_s) * speed + SLACK_M) * speed)
            & (east * east + north * north <= within_m * within_m);
        is_close | (is_pair & will_pass)
    }
}

/// The greater of two numbers, without a look at whether they are any.
fn greater(one: f32, other: f32) -> f32 {
    if one > other { one } else { other }
}

/// How far apart a pair within reach may be that makes no more than these speeds.
fn farthest(own_kn: f64, fastest_kn: f64, reach: &Reach) -> Metres {
    let reached = if own_kn.max(fastest_kn) < reach.min_sog.0 {
        0.0
    } else {
        reach.range.0 + (own_kn + fastest_kn) * MS_PER_KN * reach.ahead_s
    };
    Metres(reached.max(reach.close.0))
}

impl Layer {
    /// Looks through the cells of a box. Nearly all of the time goes to waiting for memory, so the groups are first
    /// touched, many at once, and then looked through.
    fn look(&self, groups: &Groups, south_west: Cell, north_east: Cell, look: &Look, found: &mut Vec<Slot>) {
        let mut touched = ArrayVec::<&Group, AT_ONCE>::new();
        for y in south_west.y..=north_east.y {
            for x in south_west.x..=north_east.x {
                for group in groups.from(self.first(Cell { x, y })) {
                    touched.push(group);
                    if touched.is_full() {
                        look.through(&mut touched, found);
                    }
                }
            }
        }
        look.through(&mut touched, found);
    }

    fn first(&self, cell: Cell) -> u32 {
        match self.directory[cell.tile()] {
            NO_CELLS => NO_GROUP,
            tile => self.cells[tile as usize * SIDE * SIDE + cell.within()],
        }
    }

    fn first_mut(&mut self, cell: Cell) -> &mut u32 {
        let tile = &mut self.directory[cell.tile()];
        if *tile == NO_CELLS {
            *tile = u32::try_from(self.cells.len() / (SIDE * SIDE)).expect("tiles are bounded");
            self.cells.resize(self.cells.len() + SIDE * SIDE, NO_GROUP);
        }
        &mut self.cells[*tile as usize * SIDE * SIDE + cell.within()]
    }
}

impl Cell {
    fn of(position: Position) -> Self {
        let number = |degrees: f64, tiles: usize| ((degrees * SIDE as f64) as usize).min(tiles * SIDE - 1) as u16;
        Self {
            x: number(position.lon + 180.0, TILES.0),
            y: number(position.lat + 90.0, TILES.1),
        }
    }

    fn tile(self) -> usize {
        usize::from(self.y) / SIDE * TILES.0 + usize::from(self.x) / SIDE
    }

    fn within(self) -> usize {
        usize::from(self.y) % SIDE * SIDE + usize::from(self.x) % SIDE
    }
}

/// A moment on the first look's clock.
fn ticks(time: Timestamp) -> u32 {
    (time.0 * TICKS / 1000) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::geo::{Degrees, distance, wrap_lon};
    use crate::report::Station;
    use crate::time::Span;

    fn fix(lon: f64, lat: f64, sog_kn: f64, cog_deg: f64, second: i64) -> Fix {
        Fix {
            time: Timestamp::from_s(second),
            position: Position { lon, lat },
            sog: Some(Knots(sog_kn)),
            cog: Some(Degrees(cog_deg)),
            heading: None,
            rot_deg_min: None,
            nav_status: None,
            station: Station::default(),
            deaf: Span(0),
        }
    }

    const REACH: Reach = Reach {
        passing: Metres(1500.0),
        within_s: 600.0,
        range: Metres(6.0 * 1852.0),
        ahead_s: 180.0,
        min_sog: Knots(1.0),
        close: Metres(150.0),
    };

    /// Whether two are close, or pass within reach, looked at second by second while both can be carried on.
    fn may_meet(one: &Fix, other: &Fix) -> bool {
        if distance(one.position, other.position).0 <= REACH.close.0 {
            return true;
        }
        if [one, other].iter().all(|fix| fix.sog < Some(REACH.min_sog)) {
            return false;
        }
        let approach = Approach::of(&Mover::of(one).motion, &Mover::of(other).motion);
        let until = one.time.min(other.time).plus(Span::from_s(REACH.ahead_s));
        let passes = approach.cpa() <= REACH.passing;
        (0..=until.since(approach.time).0 / 1000)
            .map(|second| second as f64)
            .any(|second| {
                let in_range = approach.distance_after(second) <= REACH.range;
                passes && in_range && (0.0..=REACH.within_s).contains(&(approach.tcpa_s() - second))
            })
    }

    proptest! {
        #[test]
        fn finds_all_that_may_meet(
            reports in prop::collection::vec(
                (0u32..30, -0.3..0.3f64, -0.25..0.25f64,
                 prop_oneof![Just(0.0), 0.0..2.0f64, 5.0..30.0f64, 30.0..1000.0f64], 0.0..360.0f64, 0i64..300),
                1..80,
            ),
            middle in prop_oneof![Just((118.0, 24.0)), Just((180.0, -60.0)), Just((0.0, 75.0))],
            gone in prop::collection::vec(0u32..30, 0..5),
        ) {
            let mut vicinity = Vicinity::default();
            let mut fixes = std::collections::BTreeMap::new();
            for (slot, east, north, sog, cog, second) in reports {
                let lat = (middle.1 + north).min(90.0);
                let fix = fix(wrap_lon(middle.0 + east), lat, sog, cog, second);
                vicinity.place(Slot(slot), &fix);
                fixes.insert(slot, fix);
            }
            for slot in gone {
                vicinity.remove(Slot(slot));
                fixes.remove(&slot);
            }
            let mut found = Vec::new();
            for (slot, fix) in &fixes {
                vicinity.near(Slot(*slot), &REACH, &mut found);
                found.sort_unstable();
                prop_assert!(found.windows(2).all(|two| two[0] < two[1]) && !found.contains(&Slot(*slot)));
                for (other, its) in fixes.iter().filter(|(other, _)| *other != slot) {
                    if may_meet(fix, its) {
                        prop_assert!(found.contains(&Slot(*other)), "{fix:?} {its:?}");
                    }
                }
                prop_assert!(found.iter().all(|other| fixes.contains_key(&other.0)));
            }
        }
    }
}
