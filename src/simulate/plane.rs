//! The plane the simulated ships sail on: metres east and north of a scenario's middle.

use crate::geo::{EARTH_RADIUS_M, Position, exact};

/// Metres east (`x`) and north (`y`); also a direction, of length 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Point {
    pub(super) const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// From here to `other`.
    pub(super) fn to(self, other: Self) -> Self {
        Self::new(other.x - self.x, other.y - self.y)
    }

    /// `metres` from here in `direction`.
    pub(super) fn along(self, direction: Self, metres: f64) -> Self {
        Self::new(self.x + direction.x * metres, self.y + direction.y * metres)
    }

    pub(super) fn length(self) -> f64 {
        exact::sqrt(self.x * self.x + self.y * self.y)
    }

    pub(super) fn distance(self, other: Self) -> f64 {
        self.to(other).length()
    }

    /// The direction of this; north if it is nothing.
    pub(super) fn direction(self) -> Self {
        let length = self.length();
        if length > 0.0 {
            Self::new(self.x / length, self.y / length)
        } else {
            Self::new(0.0, 1.0)
        }
    }

    /// A quarter turn to starboard.
    pub(super) fn starboard(self) -> Self {
        Self::new(self.y, -self.x)
    }

    /// The other way.
    pub(super) fn back(self) -> Self {
        Self::new(-self.x, -self.y)
    }

    pub(super) fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    /// The true bearing of this direction, 0..360.
    pub(super) fn bearing_deg(self) -> f64 {
        turn(exact::atan2(self.x, self.y).to_degrees())
    }
}

/// The direction of a true bearing in degrees.
pub(super) fn heading(degrees: f64) -> Point {
    let angle = degrees.to_radians();
    Point::new(exact::sin(angle), exact::cos(angle))
}

/// An angle brought into 0..360.
pub(super) fn turn(degrees: f64) -> f64 {
    let turned = degrees.rem_euclid(360.0);
    if turned < 360.0 { turned } else { 0.0 }
}

/// The plane: degrees of longitude are as long everywhere as in its middle, 0.2 % off at a scenario's edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    middle: Position,
    x_per_deg: f64,
    y_per_deg: f64,
}

impl Plane {
    pub(super) fn around(middle: Position) -> Self {
        let y_per_deg = EARTH_RADIUS_M.to_radians();
        Self {
            middle,
            x_per_deg: y_per_deg * exact::cos(middle.lat.to_radians()),
            y_per_deg,
        }
    }

    pub(super) fn point(&self, at: Position) -> Point {
        Point::new(
            (at.lon - self.middle.lon) * self.x_per_deg,
            (at.lat - self.middle.lat) * self.y_per_deg,
        )
    }

    pub(super) fn position(&self, at: Point) -> Position {
        Position {
            lon: self.middle.lon + at.x / self.x_per_deg,
            lat: self.middle.lat + at.y / self.y_per_deg,
        }
    }
}
