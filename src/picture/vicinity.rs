//! Who is near whom: every vessel's last motion, packed, and found by place and speed.
//!
//! An R-tree finds the few in a box among all; here every accepted report asks for its neighbours, so a vessel's cell of
//! a tenth of a degree is computed, not searched, and what a first look needs stands in the cell. All of it follows from
//! the tracks, and is not written out.

use super::Slot;
use crate::geo::{Approach, Knots, METRES_PER_DEG, MS_PER_KN, Metres, Motion, Plane, Position, box_around, velocity};
use crate::track::Fix;

/// Cells a degree, each way, and so of a tile.
const SIDE: usize = 10;
/// Tiles around the Earth, and from pole to pole.
const TILES: (usize, usize) = (360, 180);
/// "No cells yet" in the directory of tiles.
const NONE: u32 = u32::MAX;
/// Vessels stand in layers by speed, up to so many knots, so that a few fast ones do not widen the search among many
/// slow ones: ships, fast craft, aircraft (1022 knots at most, ITU-R M.1371-5, table 48).
const LAYERS_KN: [f32; 3] = [20.0, 103.0, 1023.0];
/// Metres by which a distance may seem too long that is reckoned from places rounded to 32 bits.
const SLACK_M: f32 = 20.0;

/// A vessel's last accepted report, as far as coming near another depends on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mover {
    /// Without a velocity, where it was and no more.
    pub motion: Motion,
    /// Metres in a degree of longitude there.
    east_m_per_deg: f64,
    sog: Knots,
    has_sog: bool,
    /// It can be carried on: SOG, and COG if it moves, were sent.
    pub carries_on: bool,
    /// At anchor (1) or moored (5).
    pub moored: bool,
}

/// Which pairs a search is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// Pairs that may come within so many metres of each other by carrying on, ...
    pub range: Metres,
    /// ... each for so many seconds from its report at most, ...
    pub ahead_s: f64,
    /// ... if at least one makes this speed.
    pub min_sog: Knots,
    /// All others within so many metres.
    pub close: Metres,
}

/// All vessels by place and speed.
#[derive(Clone, Debug)]
pub struct Vicinity {
    movers: Vec<Option<Mover>>,
    spots: Vec<Spot>,
    layers: [Layer; LAYERS_KN.len()],
}

/// Where a vessel stands.
#[derive(Clone, Copy, Debug, Default)]
struct Spot {
    layer: u8,
    cell: Cell,
    /// Its place in the cell.
    at: u32,
}

/// A cell's column and row, from 180° W and 90° S.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Cell {
    x: u16,
    y: u16,
}

/// The cells of vessels of like speed. Cells of a tile are made when its first vessel comes, 2.4 kB for each square
/// degree that any was ever in.
#[derive(Clone, Debug)]
struct Layer {
    directory: Vec<u32>,
    cells: Vec<Vec<Entry>>,
    vessels: usize,
}

/// What a first look needs.
#[derive(Clone, Copy, Debug)]
struct Entry {
    lon: f32,
    lat: f32,
    sog_kn: f32,
    slot: Slot,
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
        let at_once = |mover: &Self| Motion {
            time: self.motion.time,
            ..mover.motion
        };
        let east = (self.east_m_per_deg + other.east_m_per_deg) / 2.0;
        Approach::scaled(&self.motion, &at_once(other), [east, METRES_PER_DEG]).distance_after(0.0)
    }

    fn sog_kn(&self) -> f32 {
        self.sog.0 as f32
    }
}

impl Reach {
    /// What finds the pairs of both.
    pub fn or(self, other: Self) -> Self {
        Self {
            range: Metres(self.range.0.max(other.range.0)),
            ahead_s: self.ahead_s.max(other.ahead_s),
            min_sog: Knots(self.min_sog.0.min(other.min_sog.0)),
            close: Metres(self.close.0.max(other.close.0)),
        }
    }
}

impl Default for Vicinity {
    fn default() -> Self {
        let layer = |_| Layer {
            directory: vec![NONE; TILES.0 * TILES.1],
            cells: Vec::new(),
            vessels: 0,
        };
        Self {
            movers: Vec::new(),
            spots: Vec::new(),
            layers: std::array::from_fn(layer),
        }
    }
}

impl Vicinity {
    /// The last motion of a vessel that has a position.
    pub fn mover(&self, slot: Slot) -> Option<&Mover> {
        self.movers.get(slot.0 as usize)?.as_ref()
    }

    /// A vessel's report was accepted.
    pub fn place(&mut self, slot: Slot, fix: &Fix) {
        let at = slot.0 as usize;
        if self.movers.len() <= at {
            self.movers.resize(at + 1, None);
            self.spots.resize(at + 1, Spot::default());
        }
        let mover = Mover::of(fix);
        let (layer, cell) = (layer_of(mover.sog_kn()), Cell::of(fix.position));
        let entry = Entry {
            lon: fix.position.lon as f32,
            lat: fix.position.lat as f32,
            sog_kn: mover.sog_kn(),
            slot,
        };
        let spot = self.spots[at];
        if self.movers[at].is_some() && (spot.layer, spot.cell) == (layer, cell) {
            self.layers[usize::from(layer)].cell_mut(cell)[spot.at as usize] = entry;
        } else {
            self.remove(slot);
            let into = &mut self.layers[usize::from(layer)];
            into.vessels += 1;
            let entries = into.cell_mut(cell);
            let at_end = u32::try_from(entries.len()).expect("vessels are bounded");
            entries.push(entry);
            self.spots[at] = Spot {
                layer,
                cell,
                at: at_end,
            };
        }
        self.movers[at] = Some(mover);
    }

    /// A vessel has left the picture.
    pub fn remove(&mut self, slot: Slot) {
        if self.movers.get_mut(slot.0 as usize).and_then(Option::take).is_none() {
            return;
        }
        let spot = self.spots[slot.0 as usize];
        let layer = &mut self.layers[usize::from(spot.layer)];
        layer.vessels -= 1;
        let entries = layer.cell_mut(spot.cell);
        entries.swap_remove(spot.at as usize);
        if let Some(moved) = entries.get(spot.at as usize) {
            self.spots[moved.slot.0 as usize].at = spot.at;
        }
    }

    /// All vessels that may make a pair within reach with this one, in no order; some do not.
    pub fn near(&self, slot: Slot, reach: &Reach, found: &mut Vec<Slot>) {
        found.clear();
        let Some(own) = self.mover(slot) else { return };
        let here = own.motion.position;
        let ahead_m = MS_PER_KN * reach.ahead_s;
        let own_m = reach.range.0 + f64::from(own.sog_kn()) * ahead_m;
        for (layer, fastest) in self.layers.iter().zip(LAYERS_KN) {
            if layer.vessels == 0 {
                continue;
            }
            let farthest = (own_m + f64::from(fastest) * ahead_m).max(reach.close.0);
            let (south_west, north_east) = box_around(here, Metres(farthest));
            let narrowest = Position {
                lat: south_west.lat.abs().max(north_east.lat.abs()),
                ..here
            };
            let look = Look {
                slot,
                lon: here.lon as f32,
                lat: here.lat as f32,
                sog_kn: own.sog_kn(),
                own_m: own_m as f32 + SLACK_M,
                ahead_m: ahead_m as f32,
                close_m: reach.close.0 as f32 + SLACK_M,
                min_sog_kn: reach.min_sog.0 as f32,
                m_per_deg: Plane::around(narrowest).metres_per_deg().map(|metres| metres as f32),
            };
            if south_west.lon <= north_east.lon {
                layer.look(south_west, north_east, &look, found);
            } else {
                layer.look(
                    south_west,
                    Position {
                        lon: 180.0,
                        ..north_east
                    },
                    &look,
                    found,
                );
                layer.look(
                    Position {
                        lon: -180.0,
                        ..south_west
                    },
                    north_east,
                    &look,
                    found,
                );
            }
        }
    }
}

/// What a search looks for around a vessel.
struct Look {
    slot: Slot,
    lon: f32,
    lat: f32,
    sog_kn: f32,
    /// Within so many metres, and the way that the other can make.
    own_m: f32,
    /// That way, for each knot.
    ahead_m: f32,
    close_m: f32,
    min_sog_kn: f32,
    /// East and north; east as short as anywhere in the search.
    m_per_deg: [f32; 2],
}

impl Look {
    fn sees(&self, other: &Entry) -> bool {
        let lon = (other.lon - self.lon).abs();
        let east = lon.min(360.0 - lon) * self.m_per_deg[0];
        let north = (other.lat - self.lat) * self.m_per_deg[1];
        let reach = if self.sog_kn.max(other.sog_kn) >= self.min_sog_kn {
            (self.own_m + self.ahead_m * other.sog_kn).max(self.close_m)
        } else {
            self.close_m
        };
        east * east + north * north <= reach * reach && other.slot != self.slot
    }
}

impl Layer {
    fn look(&self, south_west: Position, north_east: Position, look: &Look, found: &mut Vec<Slot>) {
        let (first, last) = (Cell::of(south_west), Cell::of(north_east));
        for y in first.y..=last.y {
            for x in first.x..=last.x {
                let entries = self.cell(Cell { x, y });
                found.extend(entries.iter().filter(|other| look.sees(other)).map(|other| other.slot));
            }
        }
    }

    fn cell(&self, cell: Cell) -> &[Entry] {
        match self.directory[cell.tile()] {
            NONE => &[],
            tile => &self.cells[tile as usize * SIDE * SIDE + cell.within()],
        }
    }

    fn cell_mut(&mut self, cell: Cell) -> &mut Vec<Entry> {
        let tile = &mut self.directory[cell.tile()];
        if *tile == NONE {
            *tile = u32::try_from(self.cells.len() / (SIDE * SIDE)).expect("tiles are bounded");
            self.cells.resize(self.cells.len() + SIDE * SIDE, Vec::new());
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

fn layer_of(sog_kn: f32) -> u8 {
    let layer = LAYERS_KN.iter().position(|fastest| sog_kn <= *fastest);
    layer.unwrap_or(LAYERS_KN.len() - 1) as u8
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::geo::{Degrees, distance, wrap_lon};
    use crate::report::Station;
    use crate::time::{Span, Timestamp};

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
        range: Metres(6.0 * 1852.0),
        ahead_s: 180.0,
        min_sog: Knots(1.0),
        close: Metres(150.0),
    };

    /// Whether two are close, or come within range, looked at second by second, while both can be carried on.
    fn may_meet(one: &Fix, other: &Fix) -> bool {
        if distance(one.position, other.position).0 <= REACH.close.0 {
            return true;
        }
        if [one, other].iter().all(|fix| fix.sog < Some(REACH.min_sog)) {
            return false;
        }
        let approach = Approach::of(&Mover::of(one).motion, &Mover::of(other).motion);
        let until = one.time.min(other.time).plus(Span::from_s(REACH.ahead_s));
        (0..=until.since(approach.time).0 / 1000).any(|second| approach.distance_after(second as f64) <= REACH.range)
    }

    proptest! {
        #[test]
        fn finds_all_that_may_meet(
            reports in prop::collection::vec(
                (0u32..30, -0.3..0.3f64, -0.25..0.25f64,
                 prop_oneof![Just(0.0), 0.0..2.0f64, 5.0..30.0f64, 30.0..1000.0f64], 0.0..360.0f64, 0i64..300),
                1..80,
            ),
            middle in prop_oneof![Just((118.0, 24.0)), Just((180.0, -60.0)), Just((0.0, 89.9))],
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
