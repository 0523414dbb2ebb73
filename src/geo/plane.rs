//! A plane of metres east and north of a middle, for ways and turns over some tens of miles.

use super::{METRES_PER_DEG, Position};

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

    /// The true bearing of this direction, 0..360.
    pub fn bearing_deg(self) -> f64 {
        wrap_deg(libm::atan2(self.x, self.y).to_degrees())
    }
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
            (at.lon - self.middle.lon) * self.x_per_deg,
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
