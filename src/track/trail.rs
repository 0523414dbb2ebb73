//! Vessels' trails in the core: accepted positions as far back as the longest window that a rule looks over.
//!
//! All trails share one pool of blocks of a cache line each. So a report writes to one line, a trail that grows or
//! shrinks asks the pool and not the system, and no trail keeps more room than part of a block at either end.

use arrayvec::ArrayVec;
use serde::{Deserialize, Serialize};

use crate::geo::{Knots, Position};
use crate::time::{Span, Timestamp};

/// Blocks kept of one vessel: the longest window of a rule, a day, of reports a second, twice as many as AIS sends. At the
/// bound the oldest goes.
const MAX_BLOCKS: u16 = 16_384;
/// A trail goes back no farther, however long it is to be: what the milliseconds between two points can tell, 49 days.
pub const MAX_LENGTH: Span = Span(u32::MAX as i64);

/// Steps of AIS positions in a degree (1/10 000 minute; type 27 sends every thousandth of these).
const STEPS: f64 = 600_000.0;
const LON_BITS: u32 = 28;
const LAT_BITS: u32 = 27;
/// Tenths of a knot up to those of aircraft, 1022 kn; all ones for an absent speed.
const SOG_BITS: u32 = 14;
/// Of milliseconds: 278 years are told apart.
const TIME_BITS: u32 = 43;
/// Bytes of a block's first point; those behind it tell how they differ from the one before.
const FIRST: usize = 14;
/// Bytes of a block.
const ROOM: usize = 60;
/// "No block".
const NONE: u32 = u32::MAX;
/// Stands for an absent speed.
const NO_SOG: u16 = (1 << SOG_BITS) - 1;

/// An accepted position, and the speed sent with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrailPoint {
    pub time: Timestamp,
    pub position: Position,
    pub sog: Option<Knots>,
}

/// One vessel's trail: where its blocks begin and end in the pool. As exact as AIS sends positions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trail {
    newest: Steps,
    first: u32,
    last: u32,
    blocks: u16,
    /// Bytes used of the last block.
    used: u8,
}

/// The points of all trails.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trails {
    blocks: Vec<Block>,
    /// How far the clock was set forward in all: the times of points are told from there.
    shifted: Span,
    /// First of the blocks that are not used.
    free: u32,
}

/// A cache line of points, oldest first, and the next block of the trail. Behind the last point stands a zero, or the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Block {
    bytes: [[u8; ROOM / 3]; 3],
    next: u32,
}

/// A point in whole steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Steps {
    time: Timestamp,
    lon: i32,
    lat: i32,
    /// Tenths of a knot; all ones if absent.
    tenths: u16,
}

/// The points of a trail, oldest first.
#[derive(Clone, Debug)]
pub struct Points<'a> {
    trails: &'a Trails,
    newest: Timestamp,
    /// The block read from, and from which byte on.
    block: u32,
    at: usize,
    before: Steps,
}

impl Default for Trail {
    fn default() -> Self {
        Self {
            newest: Steps::default(),
            first: NONE,
            last: NONE,
            blocks: 0,
            used: 0,
        }
    }
}

impl Default for Trails {
    fn default() -> Self {
        Self {
            blocks: Vec::new(),
            shifted: Span(0),
            free: NONE,
        }
    }
}

impl Trails {
    /// Adds a point newer than all others of a trail, and lets go of blocks that hold none but those more than `length`
    /// older.
    pub(super) fn add(&mut self, trail: &mut Trail, point: &TrailPoint, length: Span) {
        if length <= Span(0) {
            return;
        }
        let mut steps = Steps::of(point);
        steps.time = point.time.plus(Span(-self.shifted.0));
        let oldest = steps.time.plus(Span(-length.min(MAX_LENGTH).0));
        let before = std::mem::replace(&mut trail.newest, steps);
        while trail.first != NONE && self.is_past(trail, before.time, oldest) {
            self.drop_first(trail);
        }
        let mut room = Written::default();
        steps.write_after(&before, &mut room);
        if trail.last == NONE || usize::from(trail.used) + room.len() > ROOM {
            self.begin_block(trail);
            room.clear();
            room.extend(steps.packed());
        }
        let at = usize::from(trail.used);
        let bytes = self.blocks[trail.last as usize].bytes.as_flattened_mut();
        bytes[at..at + room.len()].copy_from_slice(&room);
        trail.used += room.len() as u8;
    }

    /// Touches what the next point is written to.
    pub fn glance(&self, trail: &Trail) -> u32 {
        self.blocks.get(trail.last as usize).map_or(0, |block| block.next)
    }

    /// The points of a trail at or after `from`.
    pub fn since(&self, trail: &Trail, from: Timestamp) -> Points<'_> {
        let (newest, from) = (trail.newest.time, from.plus(Span(-self.shifted.0)));
        let mut block = trail.first;
        while block != NONE
            && let next = self.blocks[block as usize].next
            && next != NONE
            && self.first_time(next, newest) <= from
        {
            block = next;
        }
        let mut points = Points {
            trails: self,
            newest,
            block,
            at: 0,
            before: Steps::default(),
        };
        let mut ahead = points.clone();
        while ahead.next_steps().is_some_and(|steps| steps.time < from) {
            points = ahead.clone();
        }
        points
    }

    /// The clock was set forward by so much.
    pub fn shift(&mut self, by: Span) {
        self.shifted.0 += by.0;
    }

    /// Lets go of a trail.
    pub fn forget(&mut self, trail: &mut Trail) {
        while trail.first != NONE {
            self.drop_first(trail);
        }
    }

    /// Whether the trail's first block holds nothing that is wanted, or one too many. `newest`: time of its last point.
    fn is_past(&self, trail: &Trail, newest: Timestamp, oldest: Timestamp) -> bool {
        let until = match self.blocks[trail.first as usize].next {
            // What comes is newer than all of it.
            NONE => newest.plus(Span(1)),
            next => self.first_time(next, newest),
        };
        until <= oldest || trail.blocks == MAX_BLOCKS
    }

    fn first_time(&self, block: u32, newest: Timestamp) -> Timestamp {
        Steps::unpacked(&self.blocks[block as usize].bytes.as_flattened()[..FIRST], newest).time
    }

    fn drop_first(&mut self, trail: &mut Trail) {
        let first = trail.first;
        let next = std::mem::replace(&mut self.blocks[first as usize].next, self.free);
        self.free = first;
        trail.first = next;
        trail.blocks -= 1;
        if next == NONE {
            trail.last = NONE;
        }
    }

    fn begin_block(&mut self, trail: &mut Trail) {
        let empty = Block {
            bytes: Default::default(),
            next: NONE,
        };
        let new = match self.free {
            NONE => {
                if self.blocks.len() == self.blocks.capacity() {
                    // An eighth more, not twice as much: few bytes stand empty.
                    self.blocks.reserve_exact(self.blocks.len() / 8 + 64);
                }
                self.blocks.push(empty);
                u32::try_from(self.blocks.len() - 1).expect("trails are bounded")
            }
            free => {
                let block = &mut self.blocks[free as usize];
                self.free = block.next;
                *block = empty;
                free
            }
        };
        match trail.last {
            NONE => trail.first = new,
            last => self.blocks[last as usize].next = new,
        }
        trail.last = new;
        trail.blocks += 1;
        trail.used = 0;
    }
}

impl Iterator for Points<'_> {
    type Item = TrailPoint;

    fn next(&mut self) -> Option<TrailPoint> {
        let mut point = self.next_steps()?.point();
        point.time = point.time.plus(self.trails.shifted);
        Some(point)
    }
}

impl Points<'_> {
    /// Time of the trail's last point.
    pub fn newest(&self) -> Timestamp {
        self.newest.plus(self.trails.shifted)
    }

    fn next_steps(&mut self) -> Option<Steps> {
        if self.block == NONE {
            return None;
        }
        let block = &self.trails.blocks[self.block as usize];
        let bytes = block.bytes.as_flattened();
        let steps = if self.at == 0 {
            self.at = FIRST;
            Steps::unpacked(&bytes[..FIRST], self.newest)
        } else {
            let mut rest = &bytes[self.at..];
            let steps = Steps::read_after(&self.before, &mut rest);
            self.at = ROOM - rest.len();
            steps
        };
        self.before = steps;
        if bytes.get(self.at).is_none_or(|byte| *byte == 0) {
            self.block = block.next;
            self.at = 0;
        }
        Some(steps)
    }
}

/// Room for what is written of a point: four numbers of at most 29 bits.
type Written = ArrayVec<u8, 20>;

impl Steps {
    fn of(point: &TrailPoint) -> Self {
        let steps = |degrees: f64, most: f64| ((degrees + most) * STEPS).round() as i32;
        let tenths = |sog: Knots| ((sog.0 * 10.0).round() as u16).min(NO_SOG - 1);
        Self {
            time: point.time,
            lon: steps(point.position.lon, 180.0),
            lat: steps(point.position.lat, 90.0),
            tenths: point.sog.map_or(NO_SOG, tenths),
        }
    }

    fn point(self) -> TrailPoint {
        let degrees = |steps: i32, most: f64| (f64::from(steps) - most * STEPS) / STEPS;
        TrailPoint {
            time: self.time,
            position: Position {
                lon: degrees(self.lon, 180.0),
                lat: degrees(self.lat, 90.0),
            },
            sog: (self.tenths != NO_SOG).then(|| Knots(f64::from(self.tenths) / 10.0)),
        }
    }

    /// Longitude, latitude, speed and time from the lowest bit up.
    fn packed(self) -> [u8; FIRST] {
        let lowest = |value: i64, bits: u32| (value & ((1 << bits) - 1)) as u128;
        let fields = [
            (i64::from(self.lon), LON_BITS),
            (i64::from(self.lat), LAT_BITS),
            (i64::from(self.tenths), SOG_BITS),
            (self.time.0, TIME_BITS),
        ];
        let pack = |packed: u128, (value, bits): &(i64, u32)| packed << bits | lowest(*value, *bits);
        let packed = fields.iter().rev().fold(0, pack);
        std::array::from_fn(|n| packed.to_le_bytes()[n])
    }

    /// What was packed; its time is no later than that of the trail's newest point.
    fn unpacked(bytes: &[u8], newest: Timestamp) -> Self {
        let mut bits = bytes
            .iter()
            .rev()
            .fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        let mut take = |count: u32| {
            let value = bits & ((1 << count) - 1);
            bits >>= count;
            value as i64
        };
        Self {
            lon: take(LON_BITS) as i32,
            lat: take(LAT_BITS) as i32,
            tenths: take(SOG_BITS) as u16,
            time: Timestamp(newest.0 - (newest.0 - take(TIME_BITS)).rem_euclid(1 << TIME_BITS)),
        }
    }

    /// Writes how it differs from the point before. It is newer, so no such text begins with a zero.
    fn write_after(self, before: &Self, out: &mut Written) {
        let ahead = |now: i32, before: i32| i64::from(now) - i64::from(before);
        write(self.time.since(before.time).0 as u32, out);
        for ahead in [
            ahead(self.lon, before.lon),
            ahead(self.lat, before.lat),
            ahead(i32::from(self.tenths), i32::from(before.tenths)),
        ] {
            // Small ones to either side are small numbers.
            write((ahead << 1 ^ ahead >> 63) as u32, out);
        }
    }

    fn read_after(before: &Self, bytes: &mut &[u8]) -> Self {
        let ms = read(bytes);
        let mut ahead = || {
            let value = read(bytes);
            (value >> 1) as i32 ^ -((value & 1) as i32)
        };
        Self {
            time: before.time.plus(Span(i64::from(ms))),
            lon: before.lon + ahead(),
            lat: before.lat + ahead(),
            tenths: (i32::from(before.tenths) + ahead()) as u16,
        }
    }
}

/// Writes a number, seven bits a byte from the lowest, the highest bit set where more follow.
fn write(mut value: u32, out: &mut Written) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Takes such a number off the front.
fn read(bytes: &mut &[u8]) -> u32 {
    let mut value = 0;
    for (n, &byte) in bytes.iter().enumerate() {
        value |= u32::from(byte & 0x7f) << (7 * n);
        if byte < 0x80 {
            *bytes = &bytes[n + 1..];
            return value;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point(ms: i64) -> TrailPoint {
        TrailPoint {
            time: Timestamp(ms),
            position: Position { lon: 118.4, lat: 24.4 },
            sog: None,
        }
    }

    proptest! {
        #[test]
        fn what_ais_sends_comes_back_as_it_was(
            places in prop::collection::vec(
                (-108_000_000..=108_000_000i32, -54_000_000..=54_000_000i32, any::<bool>(), any::<bool>(),
                 prop::option::of(0..=10_220u32), 1..=200_000i64, 0..100u8),
                1..200,
            ),
            start in -1_000_000_000_000..4_000_000_000_000i64, coarse in any::<bool>(),
            from in 0usize..200,
        ) {
            let scale = |steps: i32| if coarse { f64::from(steps / 1000) / 600.0 } else { f64::from(steps) / 600_000.0 };
            let (mut trails, mut trail, mut other) = (Trails::default(), Trail::default(), Trail::default());
            let mut wanted: Vec<TrailPoint> = Vec::new();
            let (mut lon, mut lat) = (0, 0);
            for (to_lon, to_lat, jump, back, tenths, age, _) in places {
                // Mostly a little way, now and then to the other end of the Earth.
                let way = |from: i32, to: i32| if jump { to } else { (from + to % 3000).clamp(-54_000_000, 54_000_000) };
                (lon, lat) = (way(lon, to_lon), way(lat, to_lat));
                let position = Position { lon: scale(lon), lat: scale(lat) };
                let time = wanted.last().map_or(Timestamp(start), |last| last.time.plus(Span(age)));
                wanted.push(TrailPoint { time, position, sog: tenths.map(|tenths| Knots(f64::from(tenths) / 10.0)) });
                trails.add(&mut trail, &wanted[wanted.len() - 1], MAX_LENGTH);
                if back {
                    trails.forget(&mut other);
                }
                trails.add(&mut other, &point(time.0), MAX_LENGTH);
            }
            prop_assert_eq!(trails.since(&trail, Timestamp::MIN).collect::<Vec<_>>(), wanted.clone());
            let from = wanted[from % wanted.len()].time;
            for from in [from, from.plus(Span(1))] {
                let told: Vec<_> = trails.since(&trail, from).collect();
                let since: Vec<_> = wanted.iter().copied().filter(|point| point.time >= from).collect();
                prop_assert_eq!(told, since);
            }
        }
    }

    #[test]
    fn it_is_as_long_as_it_is_to_be() {
        for (length_s, times_s, kept) in [
            (0, vec![0, 10], vec![]),
            (30, vec![0, 10, 30, 31], vec![10, 30, 31]),
            (30, vec![0, 10, 500_000], vec![500_000]),
            (1_000_000, vec![0, 134_217, 134_218], vec![0, 134_217, 134_218]),
            (10_000_000, vec![0, 4_294_967, 4_294_968], vec![4_294_967, 4_294_968]),
        ] {
            let (mut trails, mut trail) = (Trails::default(), Trail::default());
            for second in &times_s {
                trails.add(&mut trail, &point(second * 1000), Span::s(length_s));
            }
            let last = Timestamp::from_s(times_s[times_s.len() - 1]);
            let from = last.plus(Span(-Span::s(length_s).min(MAX_LENGTH).0));
            let times: Vec<i64> = trails.since(&trail, from).map(|point| point.time.floor_s()).collect();
            assert_eq!(times, kept, "{length_s} s of {times_s:?}");
        }
    }

    #[test]
    fn blocks_are_used_again() {
        let (mut trails, mut trail) = (Trails::default(), Trail::default());
        for n in 0..10_000 {
            trails.add(&mut trail, &point(n * 1000), Span::s(600));
        }
        let kept = trails.since(&trail, Timestamp::MIN).count();
        assert!((600..620).contains(&kept), "{kept} points");
        assert!(trails.blocks.len() * size_of::<Block>() < 12 * 600);
        for n in 10_000..1_000_000 {
            trails.add(&mut trail, &point(n * 1000), MAX_LENGTH);
        }
        assert!(trails.blocks.len() <= usize::from(MAX_BLOCKS));
        assert!(trails.since(&trail, Timestamp::MIN).count() > 86_400);
        trails.forget(&mut trail);
        assert_eq!(trails.since(&trail, Timestamp::MIN).count(), 0);
    }
}
