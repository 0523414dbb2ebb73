//! A plane of metres east and north of a middle, for ways and turns over some tens of miles.

use super::{METRES_PER_DEG, Position, wrap_lon};

/// Metres east (`x`) and north (`y`); also a direction, of length 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The direction of a true bearing in degrees.
    pub fn heading(bearing_deg: f64) -> Self {
        let angle = bearing_deg.to_radians();
        Self::new(libm::sin(angle), libm::cos(angle))
    }

    /// From here to `other`.
    pub fn to(self, other: Self) -> Self {
        Self::new(other.x - self.x, other.y - self.y)
    }

    /// `metres` from here in `direction`.
    pub fn along(self, direction: Self, metres: f64) -> Self {
        Self::new(self.x + direction.x * metres, self.y + direction.y * metres)
    }

    /// Distance from the middle, or of a step.
    pub fn length(self) -> f64 {
        libm::sqrt(self.x * self.x + self.y * self.y)
    }

    /// Metres to `other`.
    pub fn distance(self, other: Self) -> f64 {
        self.to(other).length()
    }

    /// The direction of this; north if it is nothing.
    pub fn direction(self) -> Self {
        let length = self.length();
        if length > 0.0 {
            Self::new(self.x / length, self.y / length)
        } else {
            Self::new(0.0, 1.0)
        }
    }

    /// A quarter turn to starboard.
    pub fn starboard(self) -> Self {
        Self::new(self.y, -self.x)
    }

    /// The other way.
    pub fn back(self) -> Self {
        Self::new(-self.x, -self.y)
    }

    /// The scalar product: how much of `other` goes this way.
    pub fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    /// Metres to the nearest point of the segment from `a` to `b`.
    pub fn distance_to_segment(self, a: Self, b: Self) -> f64 {
        let (way, here) = (a.to(b), a.to(self));
        let square = way.dot(way);
        if square > 0.0 {
            let share = (way.dot(here) / square).clamp(0.0, 1.0);
            return self.distance(Self::new(a.x + way.x * share, a.y + way.y * share));
        }
        self.distance(a)
    }

    /// The true bearing of this direction, 0..360.
    pub fn bearing_deg(self) -> f64 {
        wrap_deg(libm::atan2(self.x, self.y).to_degrees())
    }
}

/// Metres between the nearest points of two segments; 0 where they meet.
pub fn segment_distance([a, b]: [Point; 2], [c, d]: [Point; 2]) -> f64 {
    let side = |from: Point, to: Point, at: Point| from.to(to).starboard().dot(from.to(at));
    let parts = |from: Point, to: Point, p: Point, q: Point| side(from, to, p) * side(from, to, q) < 0.0;
    if parts(a, b, c, d) && parts(c, d, a, b) {
        return 0.0;
    }
    let ends = [
        a.distance_to_segment(c, d),
        b.distance_to_segment(c, d),
        c.distance_to_segment(a, b),
        d.distance_to_segment(a, b),
    ];
    ends.into_iter().fold(f64::INFINITY, f64::min)
}

/// An angle brought into 0..360.
pub fn wrap_deg(degrees: f64) -> f64 {
    let turned = degrees.rem_euclid(360.0);
    if turned < 360.0 { turned } else { 0.0 }
}

/// How far, in radians, an arc sweeps that joins two lines, by the tangent of half the angle between them.
pub fn sweep(half_tangent: f64) -> f64 {
    2.0 * libm::atan(half_tangent)
}

/// The plane: degrees of longitude are as long everywhere as in its middle: 15 NM to the north they are 0.2 % shorter at 24° N.
#[derive(Clone, Copy, Debug)]
pub struct Plane {
    middle: Position,
    x_per_deg: f64,
    y_per_deg: f64,
}

impl Plane {
    /// The plane around a middle.
    pub fn around(middle: Position) -> Self {
        let y_per_deg = METRES_PER_DEG;
        Self {
            middle,
            x_per_deg: y_per_deg * libm::cos(middle.lat.to_radians()),
            y_per_deg,
        }
    }

    /// Metres in a degree of longitude and of latitude.
    pub fn metres_per_deg(&self) -> [f64; 2] {
        [self.x_per_deg, self.y_per_deg]
    }

    /// Where a position is on the plane.
    pub fn point(&self, at: Position) -> Point {
        Point::new(
            wrap_lon(at.lon - self.middle.lon) * self.x_per_deg,
            (at.lat - self.middle.lat) * self.y_per_deg,
        )
    }

    /// The position of a point of the plane.
    pub fn position(&self, at: Point) -> Position {
        Position {
            lon: self.middle.lon + at.x / self.x_per_deg,
            lat: self.middle.lat + at.y / self.y_per_deg,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_as_far_apart_as_their_nearest_points() {
        let at = |(x, y): (f64, f64)| Point::new(x, y);
        for (one, other, metres) in [
            ([(0.0, 0.0), (10.0, 0.0)], [(5.0, -1.0), (5.0, 1.0)], 0.0),
            ([(0.0, 0.0), (10.0, 0.0)], [(5.0, 3.0), (5.0, 9.0)], 3.0),
            ([(0.0, 0.0), (10.0, 0.0)], [(13.0, 4.0), (20.0, 4.0)], 5.0),
            ([(0.0, 0.0), (10.0, 0.0)], [(2.0, 2.0), (8.0, 2.0)], 2.0),
            ([(0.0, 0.0), (0.0, 0.0)], [(3.0, 4.0), (3.0, 4.0)], 5.0),
            ([(0.0, 0.0), (10.0, 0.0)], [(10.0, 0.0), (20.0, 5.0)], 0.0),
        ] {
            assert_eq!(
                segment_distance(one.map(at), other.map(at)),
                metres,
                "{one:?} {other:?}"
            );
        }
    }

    #[test]
    fn a_plane_is_true_near_its_middle() {
        let middle = Position { lon: 118.4, lat: 24.4 };
        let plane = Plane::around(middle);
        for bearing in (0..360).step_by(30) {
            let point = Point::default().along(Point::heading(f64::from(bearing)), 20_000.0);
            let there = plane.position(point);
            assert!(
                (super::super::distance(middle, there).0 - 20_000.0).abs() < 40.0,
                "{there:?}"
            );
            let back = plane.point(there);
            assert!(back.distance(point) < 1e-6);
            assert!((wrap_deg(back.bearing_deg() - f64::from(bearing) + 180.0) - 180.0).abs() < 1e-9);
        }
        assert_eq!((wrap_deg(-10.0), wrap_deg(370.0), wrap_deg(-1e-20)), (350.0, 10.0, 0.0));
    }
}
