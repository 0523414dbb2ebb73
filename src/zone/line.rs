//! Lines: gates, routes, quays, breakwaters, bridges.

use geo::{Kernel, Orientation, kernels::RobustKernel};
use rstar::{AABB, primitives};

use super::ON_EDGE_DEG;
use crate::geo::{Metres, Plane, Point, Position, segment_distance};

/// A line of at least two vertices.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    vertices: Vec<Position>,
}

/// Which ways a line was crossed by one way between two positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crossing {
    /// From left to right, looking from the first to the last vertex.
    pub inwards: bool,
    pub outwards: bool,
}

impl Line {
    pub(super) fn new(vertices: Vec<Position>) -> Self {
        Self { vertices }
    }

    /// Its vertices, in order.
    pub fn vertices(&self) -> &[Position] {
        &self.vertices
    }

    /// Its parts, in degrees.
    pub(super) fn edges(&self) -> impl Iterator<Item = primitives::Line<[f64; 2]>> {
        let parts = self.vertices.windows(2).filter(|pair| pair[0] != pair[1]);
        parts.map(|pair| {
            let [from, to] = [pair[0], pair[1]].map(|at| [at.lon, at.lat]);
            primitives::Line::new(from, to)
        })
    }

    pub(super) fn extent(&self) -> AABB<[f64; 2]> {
        AABB::from_points(
            self.vertices
                .iter()
                .map(|at| [at.lon, at.lat])
                .collect::<Vec<_>>()
                .iter(),
        )
    }

    /// How far a position is from its nearest point, on the plane tangent at the position.
    pub fn distance(&self, from: Position) -> Metres {
        let plane = Plane::around(from);
        let metres = self.on(&plane).map(|[a, b]| Point::default().distance_to_segment(a, b));
        Metres(metres.fold(f64::INFINITY, f64::min))
    }

    /// How far the outline between these points of a plane is from it.
    pub fn distance_to_outline(&self, plane: &Plane, corners: &[Point]) -> Metres {
        let sides = || {
            corners
                .iter()
                .zip(corners.iter().cycle().skip(1))
                .map(|(a, b)| [*a, *b])
        };
        let metres = self
            .on(plane)
            .flat_map(|part| sides().map(move |side| segment_distance(part, side)));
        Metres(metres.fold(f64::INFINITY, f64::min))
    }

    /// Its parts on a plane.
    fn on(&self, plane: &Plane) -> impl Iterator<Item = [Point; 2]> {
        self.vertices
            .windows(2)
            .map(|pair| [plane.point(pair[0]), plane.point(pair[1])])
    }

    /// How the way from one position to another crosses it, if it does: the ends belong to both, and a position on the
    /// line is on its left.
    pub fn crossed_by(&self, from: Position, to: Position) -> Option<Crossing> {
        let mut crossing = Crossing::default();
        for pair in self.vertices.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let was_right = is_right(a, b, from);
            let is_now_right = is_right(a, b, to);
            if was_right == is_now_right || !reaches(from, to, a, b) {
                continue;
            }
            crossing.inwards |= is_now_right;
            crossing.outwards |= was_right;
        }
        (crossing.inwards || crossing.outwards).then_some(crossing)
    }
}

fn side(a: Position, b: Position, p: Position) -> Orientation {
    let coord = |at: Position| geo::Coord { x: at.lon, y: at.lat };
    let (a, b, p) = (coord(a), coord(b), coord(p));
    let (way, off) = (b - a, p - a);
    let across = off.y * way.x - off.x * way.y;
    if across * across <= ON_EDGE_DEG * ON_EDGE_DEG * (way.x * way.x + way.y * way.y) {
        return Orientation::Collinear;
    }
    RobustKernel::orient2d(a, b, p)
}

fn is_right(a: Position, b: Position, p: Position) -> bool {
    side(a, b, p) == Orientation::Clockwise
}

/// Whether the segment `a`–`b` touches or lies on both sides of the line through `from` and `to`. With `from` and `to`
/// on different sides of `a`–`b` that makes the segments meet.
fn reaches(from: Position, to: Position, a: Position, b: Position) -> bool {
    let (at_a, at_b) = (side(from, to, a), side(from, to, b));
    at_a != at_b || at_a == Orientation::Collinear
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A way, and whether the line is crossed inwards and outwards.
    fn check(line: &[(f64, f64)], from: (f64, f64), to: (f64, f64), inwards: bool, outwards: bool) {
        let at = |(lon, lat): (f64, f64)| Position { lon, lat };
        let line = Line::new(line.iter().copied().map(at).collect());
        let crossing = line.crossed_by(at(from), at(to)).unwrap_or_default();
        assert_eq!(
            (crossing.inwards, crossing.outwards),
            (inwards, outwards),
            "{from:?} {to:?}"
        );
    }

    #[test]
    fn crosses_from_left_to_right_inwards() {
        let north = [(0.0, 0.0), (0.0, 1.0)];
        check(&north, (-1.0, 0.5), (1.0, 0.5), true, false);
        check(&north, (1.0, 0.5), (-1.0, 0.5), false, true);
        check(&north, (-1.0, 1.0), (1.0, 1.0), true, false);
        check(&north, (-1.0, 0.0), (1.0, 0.0), true, false);
        check(&north, (-1.0, 1.1), (1.0, 1.1), false, false);
        check(&north, (-1.0, 0.5), (0.0, 0.5), false, false);
        check(&north, (0.0, 0.5), (1.0, 0.5), true, false);
        check(&north, (0.0, 0.5), (-1.0, 0.5), false, false);
        check(&north, (1.0, 0.5), (0.0, 0.5), false, true);
        check(&north, (0.0, 0.2), (0.0, 0.8), false, false);
        check(&north, (-1.0, 0.5), (-0.1, 0.5), false, false);
        check(&north, (1.0, 2.0), (-1.0, 0.0), false, true);
        check(&north, (1.0, 0.5), (1.0, 0.5), false, false);
    }

    #[test]
    fn decimals_on_a_slanting_line_are_on_its_left() {
        let slanting = [(118.40, 24.40), (118.42, 24.41)];
        for step in 1..20 {
            let on = (f64::from(118_400 + step) / 1000.0, f64::from(48_800 + step) / 2000.0);
            check(&slanting, (on.0, on.1 + 0.001), on, false, false);
            check(&slanting, (on.0, on.1 - 0.001), on, false, true);
            check(&slanting, on, (on.0, on.1 - 0.001), true, false);
            check(&slanting, on, (on.0, on.1 + 0.001), false, false);
        }
    }

    #[test]
    fn a_bent_line_is_crossed_where_it_is() {
        let bent = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)];
        check(&bent, (-1.0, 0.5), (0.5, 0.5), true, false);
        check(&bent, (0.5, 0.5), (0.5, 2.0), false, true);
        check(&bent, (-1.0, 0.5), (0.5, 2.0), false, false);
        check(&bent, (-1.0, 0.0), (2.0, 2.0), true, true);
    }
}
