//! A vessel's trail in the core: its accepted positions as far back as the longest window that a rule looks over.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::geo::{Knots, Position};
use crate::time::{Span, Timestamp};

/// Points kept of one vessel: an hour of reports at 2 s, the shortest interval of AIS. At the bound the oldest goes.
pub const MAX_POINTS: usize = 2_048;
/// A trail goes back no farther, however long it is to be: what the milliseconds of a point can tell, 37 hours.
pub const MAX_LENGTH: Span = Span((1 << TIME_BITS) - 1);

/// Steps of AIS positions in a degree (1/10 000 minute; type 27 sends every thousandth of these).
const STEPS: f64 = 600_000.0;
const LON_BITS: u32 = 28;
const LAT_BITS: u32 = 27;
/// Tenths of a knot up to those of aircraft, 1022 kn; all ones for an absent speed.
const SOG_BITS: u32 = 14;
const TIME_BITS: u32 = 27;

/// An accepted position, and the speed sent with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrailPoint {
    pub time: Timestamp,
    pub position: Position,
    pub sog: Option<Knots>,
}

/// Accepted positions, oldest first, at twelve bytes each; as exact as AIS sends them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trail {
    newest: Timestamp,
    points: VecDeque<Packed>,
}

/// Longitude, latitude, speed and time from the lowest bit up; of the time only what [`MAX_LENGTH`] needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct Packed([u8; 12]);

impl Trail {
    /// Adds a point newer than all others, and lets go of those more than `length` older.
    pub(super) fn add(&mut self, point: &TrailPoint, length: Span) {
        if length <= Span(0) {
            return;
        }
        let oldest = point.time.plus(Span(-length.min(MAX_LENGTH).0));
        while self.front().is_some_and(|front| front.time < oldest) || self.points.len() == MAX_POINTS {
            self.points.pop_front();
        }
        if self.points.len() == self.points.capacity() {
            // An eighth more, not twice as much: few bytes stand empty, and a trail of steady length never grows.
            self.points.reserve_exact(self.points.len() / 8 + 4);
        }
        self.newest = point.time;
        self.points.push_back(Packed::of(point));
    }

    /// The clock was set forward by so much.
    pub(super) fn shift(&mut self, by: Span) {
        let before = self.newest;
        self.newest = before.plus(by);
        for packed in &mut self.points {
            let point = packed.point(before);
            *packed = Packed::of(&TrailPoint {
                time: point.time.plus(by),
                ..point
            });
        }
    }

    /// The points at or after `from`, oldest first.
    pub fn since(&self, from: Timestamp) -> impl DoubleEndedIterator<Item = TrailPoint> + ExactSizeIterator + '_ {
        let first = self.points.partition_point(|packed| packed.time(self.newest) < from);
        self.points.range(first..).map(|packed| packed.point(self.newest))
    }

    fn front(&self) -> Option<TrailPoint> {
        self.points.front().map(|packed| packed.point(self.newest))
    }
}

impl Packed {
    fn of(point: &TrailPoint) -> Self {
        let steps = |degrees: f64, most: f64| ((degrees + most) * STEPS).round() as u128;
        let lowest = |value: u128, bits: u32| value & ((1 << bits) - 1);
        let absent = (1 << SOG_BITS) - 1;
        let sog = point
            .sog
            .map_or(absent, |sog| ((sog.0 * 10.0).round() as u128).min(absent - 1));
        let fields = [
            (lowest(steps(point.position.lon, 180.0), LON_BITS), LON_BITS),
            (lowest(steps(point.position.lat, 90.0), LAT_BITS), LAT_BITS),
            (sog, SOG_BITS),
            (lowest(point.time.0 as u128, TIME_BITS), TIME_BITS),
        ];
        let packed = fields
            .iter()
            .rev()
            .fold(0_u128, |packed, (value, bits)| packed << bits | value);
        let mut bytes = [0; 12];
        bytes.copy_from_slice(&packed.to_le_bytes()[..12]);
        Self(bytes)
    }

    fn bits(self) -> u128 {
        let mut bytes = [0; 16];
        bytes[..12].copy_from_slice(&self.0);
        u128::from_le_bytes(bytes)
    }

    /// Its time, no later than that of the trail's newest point.
    fn time(self, newest: Timestamp) -> Timestamp {
        let low = (self.bits() >> (LON_BITS + LAT_BITS + SOG_BITS)) as i64;
        Timestamp(newest.0 - (newest.0 - low).rem_euclid(1 << TIME_BITS))
    }

    fn point(self, newest: Timestamp) -> TrailPoint {
        let mut bits = self.bits();
        let mut take = |count: u32| {
            let value = bits & ((1 << count) - 1);
            bits >>= count;
            value as u32
        };
        let degrees = |steps: u32, most: f64| (f64::from(steps) - most * STEPS) / STEPS;
        let position = Position {
            lon: degrees(take(LON_BITS), 180.0),
            lat: degrees(take(LAT_BITS), 90.0),
        };
        let tenths = take(SOG_BITS);
        TrailPoint {
            time: self.time(newest),
            position,
            sog: (tenths < (1 << SOG_BITS) - 1).then(|| Knots(f64::from(tenths) / 10.0)),
        }
    }
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
            lon in -108_000_000..=108_000_000i32, lat in -54_000_000..=54_000_000i32, coarse in any::<bool>(),
            tenths in prop::option::of(0..=10_220u32), ms in -1_000_000_000_000..4_000_000_000_000i64,
            ages in prop::collection::vec(1..=MAX_LENGTH.0 / 8, 1..8),
        ) {
            let scale = |steps: i32| if coarse { f64::from(steps / 1000) / 600.0 } else { f64::from(steps) / 600_000.0 };
            let position = Position { lon: scale(lon), lat: scale(lat) };
            let sog = tenths.map(|tenths| Knots(f64::from(tenths) / 10.0));
            let mut trail = Trail::default();
            let mut wanted = Vec::new();
            for age in std::iter::once(0).chain(ages) {
                let time = wanted.last().map_or(Timestamp(ms), |last: &TrailPoint| last.time.plus(Span(age)));
                wanted.push(TrailPoint { time, position, sog });
                trail.add(&wanted[wanted.len() - 1], MAX_LENGTH);
            }
            prop_assert_eq!(trail.since(Timestamp::MIN).collect::<Vec<_>>(), wanted);
        }
    }

    #[test]
    fn it_is_as_long_as_it_is_to_be() {
        for (length_s, times_s, kept) in [
            (0, vec![0, 10], vec![]),
            (30, vec![0, 10, 30, 31], vec![10, 30, 31]),
            (30, vec![0, 10, 500_000], vec![500_000]),
            (1_000_000, vec![0, 134_217, 134_218], vec![134_217, 134_218]),
        ] {
            let mut trail = Trail::default();
            for second in &times_s {
                trail.add(&point(second * 1000), Span::s(length_s));
            }
            let times: Vec<i64> = trail.since(Timestamp::MIN).map(|point| point.time.floor_s()).collect();
            assert_eq!(times, kept, "{length_s} s of {times_s:?}");
        }
        let mut trail = Trail::default();
        for n in 0..3000 {
            trail.add(&point(n), MAX_LENGTH);
        }
        assert_eq!(trail.since(Timestamp(2_999)).len(), 1);
        assert_eq!(trail.since(Timestamp::MIN).len(), MAX_POINTS);
        assert!(trail.points.capacity() < MAX_POINTS + MAX_POINTS / 4);
    }
}
