//! Areas: polygons with holes, one or several.

use geo::coordinate_position::{CoordPos, CoordinatePosition};
use geo::{BoundingRect, Intersects, LineString, MultiPolygon};
use rstar::{AABB, RTree, RTreeObject, primitives};

use crate::geo::Position;

/// An area; a position on its boundary, or on a hole's edge, is inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    polygons: MultiPolygon<f64>,
}

impl Area {
    pub(super) fn new(polygons: MultiPolygon<f64>) -> Self {
        Self { polygons }
    }

    /// Whether the position is inside.
    pub fn contains(&self, position: Position) -> bool {
        let coord = geo::Coord {
            x: position.lon,
            y: position.lat,
        };
        self.polygons.coordinate_position(&coord) != CoordPos::Outside
    }

    /// Whether the way between two positions touches it or lies in it.
    pub fn touches(&self, from: Position, to: Position) -> bool {
        let coord = |at: Position| geo::Coord { x: at.lon, y: at.lat };
        self.polygons.intersects(&geo::Line::new(coord(from), coord(to)))
    }

    /// The edges of its rings.
    pub(super) fn edges(&self) -> impl Iterator<Item = primitives::Line<[f64; 2]>> {
        let rings = self.polygons.iter().flat_map(|polygon| {
            let holes = polygon.interiors().iter();
            std::iter::once(polygon.exterior()).chain(holes)
        });
        let lines = rings.flat_map(|ring| ring.lines());
        lines
            .filter(|line| line.start != line.end)
            .map(|line| primitives::Line::new(line.start.into(), line.end.into()))
    }

    pub(super) fn extent(&self) -> AABB<[f64; 2]> {
        match self.polygons.bounding_rect() {
            Some(rect) => AABB::from_corners([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]),
            None => AABB::from_point([f64::MAX, f64::MAX]),
        }
    }
}

/// An edge of a ring, for finding those that meet.
struct Edge {
    number: usize,
    line: geo::Line<f64>,
}

impl RTreeObject for Edge {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(
            [self.line.start.x, self.line.start.y],
            [self.line.end.x, self.line.end.y],
        )
    }
}

/// A place where a closed ring crosses or touches itself, if there is one.
pub(super) fn self_crossing(ring: &LineString<f64>) -> Option<Position> {
    let lines: Vec<geo::Line<f64>> = ring.lines().filter(|line| line.start != line.end).collect();
    let count = lines.len();
    let edges = lines
        .iter()
        .enumerate()
        .map(|(number, line)| Edge { number, line: *line });
    let tree = RTree::bulk_load(edges.collect());
    lines.iter().enumerate().find_map(|(number, line)| {
        let envelope = AABB::from_corners([line.start.x, line.start.y], [line.end.x, line.end.y]);
        tree.locate_in_envelope_intersecting(envelope)
            .filter(|other| other.number > number)
            .find_map(|other| meeting(line, &other.line, other.number - number, count))
    })
}

/// Where two edges of a ring meet, but for the vertex that neighbours share.
fn meeting(a: &geo::Line<f64>, b: &geo::Line<f64>, apart: usize, count: usize) -> Option<Position> {
    use geo::line_intersection::{LineIntersection, line_intersection};
    let at = |coord: geo::Coord<f64>| {
        Some(Position {
            lon: coord.x,
            lat: coord.y,
        })
    };
    match line_intersection(*a, *b)? {
        LineIntersection::Collinear { intersection } => {
            let shared = intersection.start == intersection.end && (apart == 1 || apart == count - 1);
            if shared { None } else { at(intersection.start) }
        }
        LineIntersection::SinglePoint { intersection, .. } => {
            if apart == 1 || apart == count - 1 {
                None
            } else {
                at(intersection)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[(f64, f64)]) -> LineString<f64> {
        points.iter().copied().collect()
    }

    #[test]
    fn boundary_and_holes_edge_are_inside() {
        let outer = ring(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]);
        let hole = ring(&[(4.0, 4.0), (6.0, 4.0), (6.0, 6.0), (4.0, 6.0), (4.0, 4.0)]);
        let area = Area::new(MultiPolygon(vec![geo::Polygon::new(outer, vec![hole])]));
        for (lon, lat, inside) in [
            (1.0, 1.0, true),
            (0.0, 0.0, true),
            (10.0, 5.0, true),
            (10.000_001, 5.0, false),
            (5.0, 5.0, false),
            (4.0, 5.0, true),
            (6.0, 6.0, true),
            (4.000_001, 5.0, false),
        ] {
            assert_eq!(area.contains(Position { lon, lat }), inside, "{lon} {lat}");
        }
    }

    #[test]
    fn a_way_touches_by_a_corner_and_not_within_a_hole() {
        let outer = ring(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]);
        let hole = ring(&[(4.0, 4.0), (6.0, 4.0), (6.0, 6.0), (4.0, 6.0), (4.0, 4.0)]);
        let area = Area::new(MultiPolygon(vec![geo::Polygon::new(outer, vec![hole])]));
        let at = |(lon, lat): (f64, f64)| Position { lon, lat };
        for (from, to, touches) in [
            ((-1.0, 5.0), (11.0, 5.0), true),
            ((-1.0, 9.0), (1.0, 11.0), true),
            ((-1.0, 9.1), (1.0, 11.1), false),
            ((-2.0, 8.0), (0.0, 10.0), true),
            ((4.5, 5.0), (5.5, 5.0), false),
            ((4.0, 5.0), (5.5, 5.0), true),
            ((5.0, 5.0), (5.0, 5.0), false),
            ((1.0, 1.0), (2.0, 2.0), true),
        ] {
            assert_eq!(area.touches(at(from), at(to)), touches, "{from:?} {to:?}");
        }
    }

    #[test]
    fn finds_rings_that_cross_or_touch_themselves() {
        for (points, crosses) in [
            (&[(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)][..], false),
            (&[(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0), (0.0, 0.0)][..], true),
            (
                &[(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (1.0, 0.0), (0.0, 2.0), (0.0, 0.0)][..],
                true,
            ),
            (&[(0.0, 0.0), (2.0, 0.0), (1.0, 0.0), (1.0, 2.0), (0.0, 0.0)][..], true),
            (&[(0.0, 0.0), (2.0, 0.0), (2.0, 0.0), (1.0, 2.0), (0.0, 0.0)][..], false),
            (&[(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (1.0, 2.0), (0.0, 0.0)][..], false),
        ] {
            assert_eq!(self_crossing(&ring(points)).is_some(), crosses, "{points:?}");
        }
    }
}
