//! How near two come to each other that hold their course and speed.

use super::{Degrees, Knots, METRES_PER_NM, Metres, Plane, Point, Position, wrap_lon};
use crate::time::Timestamp;

/// Metres a second in one knot.
pub const MS_PER_KN: f64 = METRES_PER_NM / 3600.0;

/// A place at a moment, and the velocity it is carried on with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Motion {
    pub time: Timestamp,
    pub position: Position,
    /// Metres a second east and north.
    pub velocity: Point,
}

/// The way of one as seen from another, on the plane tangent at the middle of their two positions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Approach {
    /// The newer of their two times.
    pub time: Timestamp,
    /// Metres from the one to the other at that time.
    at: Point,
    /// Metres a second.
    velocity: Point,
}

/// Metres a second east and north; a speed of 0 needs no course.
pub fn velocity(sog: Option<Knots>, cog: Option<Degrees>) -> Option<Point> {
    let sog = sog?;
    if sog.0 == 0.0 {
        return Some(Point::default());
    }
    Some(Point::default().along(Point::heading(cog?.0), sog.0 * MS_PER_KN))
}

impl Approach {
    /// How `other` moves as seen from `one`.
    pub fn of(one: &Motion, other: &Motion) -> Self {
        let middle = Position {
            lat: (one.position.lat + other.position.lat) / 2.0,
            ..one.position
        };
        Self::scaled(one, other, Plane::around(middle).metres_per_deg())
    }

    /// The same where degrees of longitude and of latitude have so many metres.
    pub fn scaled(one: &Motion, other: &Motion, m_per_deg: [f64; 2]) -> Self {
        let time = one.time.max(other.time);
        let reported = Point::new(
            wrap_lon(other.position.lon - one.position.lon) * m_per_deg[0],
            (other.position.lat - one.position.lat) * m_per_deg[1],
        );
        let carried = |motion: &Motion| time.since(motion.time).as_s();
        Self {
            time,
            at: reported
                .along(other.velocity, carried(other))
                .along(one.velocity, -carried(one)),
            velocity: one.velocity.to(other.velocity),
        }
    }

    /// Their speed towards, past or away from each other, in metres a second.
    pub fn speed_ms(&self) -> f64 {
        self.velocity.length()
    }

    /// The same in knots.
    pub fn speed(&self) -> Knots {
        Knots(self.speed_ms() / MS_PER_KN)
    }

    /// The distance at the closest point of approach; only of two that move against each other.
    pub fn cpa(&self) -> Metres {
        Metres(self.across() / self.speed_ms())
    }

    /// That distance times their speed.
    pub fn across(&self) -> f64 {
        (self.at.x * self.velocity.y - self.at.y * self.velocity.x).abs()
    }

    /// Seconds from [`Self::time`] to the closest point of approach; negative once past.
    pub fn tcpa_s(&self) -> f64 {
        -self.at.dot(self.velocity) / self.velocity.dot(self.velocity)
    }

    /// How far they are from each other so many seconds after [`Self::time`].
    pub fn distance_after(&self, seconds: f64) -> Metres {
        Metres(self.at.along(self.velocity, seconds).length())
    }

    /// Seconds before the closest point of approach from which on they are within `range`; `None` if they never are.
    pub fn within_s(&self, range: Metres) -> Option<f64> {
        let (cpa, range) = (self.cpa().0, range.0);
        (cpa <= range).then(|| libm::sqrt(range * range - cpa * cpa) / self.speed_ms())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn motion(ms: i64, lon: f64, lat: f64, sog_kn: f64, cog_deg: f64) -> Motion {
        Motion {
            time: Timestamp(ms),
            position: Position { lon, lat },
            velocity: velocity(Some(Knots(sog_kn)), Some(Degrees(cog_deg))).unwrap(),
        }
    }

    #[test]
    fn a_speed_needs_a_course_unless_it_is_nothing() {
        let north = velocity(Some(Knots(3600.0 / 1852.0)), Some(Degrees(0.0))).unwrap();
        assert!(north.distance(Point::new(0.0, 1.0)) < 1e-12);
        assert_eq!(velocity(Some(Knots(0.0)), None), Some(Point::default()));
        assert_eq!(velocity(Some(Knots(0.1)), None), None);
        assert_eq!(velocity(None, Some(Degrees(0.0))), None);
    }

    /// Two on a meridian: 6 NM apart, at 10 knots each towards each other, and what comes of it.
    #[test]
    fn two_head_on_meet_half_way() {
        for (lon, there) in [(118.0, 118.0), (180.0, -180.0)] {
            let one = motion(0, lon, 24.0, 10.0, 0.0);
            let six_nm = (6.0 * METRES_PER_NM / super::super::EARTH_RADIUS_M).to_degrees();
            let other = motion(0, there, 24.0 + six_nm, 10.0, 180.0);
            let approach = Approach::of(&one, &other);
            assert!((approach.speed().0 - 20.0).abs() < 1e-9);
            assert!((approach.tcpa_s() - 1080.0).abs() < 1e-6);
            assert!(approach.cpa().0 < 1e-6);
            assert!((approach.within_s(Metres::from_nm(6.0)).unwrap() - 1080.0).abs() < 1e-6);
            let away = Approach::of(&other, &one);
            assert_eq!((away.tcpa_s(), away.cpa()), (approach.tcpa_s(), approach.cpa()));
        }
    }

    proptest! {
        #[test]
        fn is_what_carrying_both_on_second_by_second_finds(
            east in -0.1..0.1f64, north in -0.1..0.1f64, lat in -70.0..70.0f64, late_ms in 0i64..180_000,
            sog in 1.0..30.0f64, cog in 0.0..360.0f64, other_sog in 0.0..30.0f64, other_cog in 0.0..360.0f64,
        ) {
            let one = motion(late_ms, 118.0, lat, sog, cog);
            let other = motion(0, 118.0 + east, lat + north, other_sog, other_cog);
            let approach = Approach::of(&one, &other);
            prop_assume!(approach.speed().0 > 0.5);
            let plane = Plane::around(Position { lon: 118.0 + east / 2.0, lat: lat + north / 2.0 });
            let range = |s: f64| {
                let at = |motion: &Motion| {
                    let after = s + (late_ms - motion.time.0) as f64 / 1000.0;
                    plane.point(motion.position).along(motion.velocity, after)
                };
                at(&one).distance(at(&other))
            };
            let tcpa = approach.tcpa_s();
            prop_assert!((range(tcpa) - approach.cpa().0).abs() < 1e-3);
            prop_assert!((range(60.0) - approach.distance_after(60.0).0).abs() < 1e-3);
            prop_assert!(range(tcpa) <= range(tcpa - 1.0) + 1e-3 && range(tcpa) <= range(tcpa + 1.0) + 1e-3);
            if let Some(before) = approach.within_s(Metres(3000.0)) {
                prop_assert!((range(tcpa - before) - 3000.0).abs() < 1e-3);
            }
        }
    }
}
